package ingest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// raw is an input as it lies there, compressed or not, that can be read again
// from its beginning. A file seeks. A pipe keeps what it gave: in memory up to
// spoolBytes, beyond that in a temporary file, until forget is called.
type raw struct {
	r      io.Reader
	file   *os.File // nil for a foreign reader; closed by Close
	seeker io.Seeker
	size   int64
	read   atomic.Int64

	replay     io.Reader // what is read again, before r goes on
	keeping    bool
	kept       bytes.Buffer
	spool      *os.File
	spoolBytes int
}

func openRaw(path string, stdin io.Reader, spoolBytes int) (*raw, error) {
	if path == "-" {
		if stdin == nil {
			stdin = bytes.NewReader(nil)
		}
		return &raw{r: stdin, keeping: true, spoolBytes: spoolBytes}, nil
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
	r := &raw{r: f, file: f, spoolBytes: spoolBytes}
	if info.Mode().IsRegular() {
		r.seeker, r.size = f, info.Size()
	} else {
		r.keeping = true
	}
	return r, nil
}

func (r *raw) Read(p []byte) (int, error) {
	if r.replay != nil {
		n, err := r.replay.Read(p)
		if err != io.EOF {
			return n, err
		}
		r.replay = nil
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

func (r *raw) keep(p []byte) error {
	if r.spool == nil && r.kept.Len()+len(p) <= r.spoolBytes {
		r.kept.Write(p)
		return nil
	}
	if r.spool == nil {
		f, err := os.CreateTemp("", "errscope-stdin-*")
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

// rewind goes back to the first byte.
func (r *raw) rewind() error {
	if r.seeker != nil {
		r.read.Store(0)
		_, err := r.seeker.Seek(0, io.SeekStart)
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
func (r *raw) forget() { r.keeping = false }

// Close closes the file and removes what was spooled.
func (r *raw) Close() error {
	if r.spool != nil {
		r.spool.Close()
		os.Remove(r.spool.Name())
		r.spool = nil
	}
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}
