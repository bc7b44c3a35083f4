package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// raw is an input as it lies there, compressed or not, that can be read again
// from its beginning. A file seeks, a member of a zip archive is opened again.
// A pipe keeps what it gave: in memory up to spoolBytes, beyond that in a
// temporary file, until forget is called.
type raw struct {
	r      io.Reader
	file   *os.File // nil for a foreign reader; closed by Close
	seeker io.Seeker
	again  func() (io.Reader, error) // opens r anew; nil where that is not possible
	pipe   *feed                     // r, where it may come bit by bit
	size   int64
	read   atomic.Int64

	replay     io.Reader // what is read again, before r goes on
	keeping    bool
	kept       bytes.Buffer
	spool      *os.File
	spoolBytes int
}

// openRaw opens a path; the reads of a pipe end with ctx.
func openRaw(ctx context.Context, path string, stdin io.Reader, spoolBytes int) (*raw, error) {
	if path == "-" {
		if stdin == nil {
			stdin = bytes.NewReader(nil)
		}
		return newPipe(ctx, stdin, nil, spoolBytes), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &os.PathError{Op: "read", Path: path, Err: ErrNoFiles}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return newPipe(ctx, f, f, spoolBytes), nil
	}
	return &raw{r: f, file: f, seeker: f, size: info.Size(), spoolBytes: spoolBytes}, nil
}

func newPipe(ctx context.Context, from io.Reader, file *os.File, spoolBytes int) *raw {
	pipe := newFeed(ctx, from)
	return &raw{r: pipe, pipe: pipe, file: file, keeping: true, spoolBytes: spoolBytes}
}

func (r *raw) Read(p []byte) (int, error) {
	if r.replay != nil {
		n, err := r.replay.Read(p)
		if err != io.EOF {
			return n, err
		}
		if r.replay = nil; !r.keeping {
			r.drop()
		}
		if n > 0 {
			return n, nil
		}
	}
	n, err := r.r.Read(p)
	r.read.Add(int64(n))
	if r.keeping && n > 0 {
		if kerr := r.keep(p[:n]); kerr != nil {
			return n, kerr
		}
	}
	return n, err
}

// await reports whether Read would give bytes, or the end, within a time. Only
// pipes are ever waited for.
func (r *raw) await(patience time.Duration) bool {
	return r.pipe == nil || r.replay != nil || r.pipe.await(patience)
}

func (r *raw) keep(p []byte) error {
	if r.spool == nil && r.kept.Len()+len(p) <= r.spoolBytes {
		r.kept.Write(p)
		return nil
	}
	if r.spool == nil {
		f, err := os.CreateTemp("", spoolPattern)
		if err != nil {
			return fmt.Errorf("keeping what a pipe gave: %w", err)
		}
		r.spool = f
	}
	if _, err := r.spool.Write(p); err != nil {
		return fmt.Errorf("keeping what a pipe gave: %w", err)
	}
	return nil
}

// spoolPattern names the temporary files of this package.
const spoolPattern = "errscope-stdin-*"

// rewind goes back to the first byte.
func (r *raw) rewind() error {
	if r.seeker != nil {
		r.read.Store(0)
		_, err := r.seeker.Seek(0, io.SeekStart)
		return err
	}
	if r.again != nil {
		from, err := r.again()
		r.read.Store(0)
		r.r = from
		return err
	}
	r.replay = bytes.NewReader(r.kept.Bytes())
	if r.spool != nil {
		end, err := r.spool.Seek(0, io.SeekCurrent)
		if err != nil {
			return fmt.Errorf("reading again what a pipe gave: %w", err)
		}
		r.replay = io.MultiReader(r.replay, io.NewSectionReader(r.spool, 0, end))
	}
	return nil
}

// forget ends the keeping: there is no way back any more. What was kept stays
// only as long as it is still being read again.
func (r *raw) forget() {
	r.keeping = false
	if r.replay == nil {
		r.drop()
	}
}

// drop gives back what was kept.
func (r *raw) drop() {
	r.kept = bytes.Buffer{}
	if r.spool != nil {
		r.spool.Close()
		os.Remove(r.spool.Name())
		r.spool = nil
	}
}

// stop ends a read that waits for a pipe.
func (r *raw) stop() {
	if r.pipe != nil {
		r.pipe.cancel()
	}
}

// Close closes the file and removes what was spooled. Whoever reads a pipe may
// be waiting for bytes that never come, so nobody waits for that.
func (r *raw) Close() error {
	r.stop()
	r.drop()
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}
