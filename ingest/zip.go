package ingest

import (
	"archive/zip"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// Methods of members that the standard library does not know.
const (
	zipBzip2 = 12
	zipZstd  = 93
	zipXZ    = 95

	zipEncrypted = 0x1 // flag
)

// openZip reads the directory of a zip archive.
func (b *Bundle) openZip(content io.Reader) error {
	at, size := io.ReaderAt(b.whole.raw.file), b.whole.raw.size
	if b.whole.raw.pipe != nil || b.whole.detection.Compression != "" {
		if err := b.spoolArchive(content); err != nil {
			return fmt.Errorf("reading %s: %w", b.path, err)
		}
		info, err := b.spool.Stat()
		if err != nil {
			return fmt.Errorf("reading %s: %w", b.path, err)
		}
		at, size = b.spool, info.Size()
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return fmt.Errorf("reading %s: %w", b.path, err)
	}
	z.RegisterDecompressor(zipZstd, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindowMax)))
	z.RegisterDecompressor(zipBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	z.RegisterDecompressor(zipXZ, func(r io.Reader) io.ReadCloser {
		x, _, err := openXZ(r)
		if err != nil {
			x = failing{err}
		}
		return io.NopCloser(x)
	})
	// Members may overlap, so that each alone looks harmless: what counts is all
	// that comes out against all that lies there.
	b.budget.in = func() int64 { return size }
	b.next = b.walkZip(z.File)
	return nil
}

func (b *Bundle) walkZip(files []*zip.File) func() (member, error) {
	var open io.Closer
	return func() (member, error) {
		if err := b.ctx.Err(); err != nil {
			return member{}, err
		}
		if open != nil {
			open.Close()
			open = nil
		}
		for len(files) > 0 && files[0].FileInfo().IsDir() {
			files = files[1:]
		}
		if len(files) == 0 {
			return member{}, io.EOF
		}
		f := files[0]
		files = files[1:]
		m := member{name: f.Name, size: int64(min(f.UncompressedSize64, documentTextBytes))}
		mode := f.Mode()
		switch {
		case f.Flags&zipEncrypted != 0:
			m.refused = ErrEncrypted
			return m, nil
		case !mode.IsRegular():
			m.refused = fmt.Errorf("%w (%s)", ErrNotFile, kindOf(mode, false))
			return m, nil
		}
		m.again = func() (io.Reader, error) {
			if open != nil {
				open.Close()
				open = nil
			}
			r, err := f.Open()
			if err != nil {
				return failing{err}, err
			}
			open = r
			return r, nil
		}
		first, err := m.again()
		m.refused, m.content = err, first
		m.read = func() (int64, int64) { return int64(f.CompressedSize64), int64(f.CompressedSize64) }
		return m, nil
	}
}

// spoolArchive writes the archive into a temporary file.
func (b *Bundle) spoolArchive(content io.Reader) (err error) {
	if b.spool, err = os.CreateTemp("", spoolPattern); err != nil {
		return err
	}
	n, err := io.Copy(b.spool, io.LimitReader(content, archiveSpoolMax+1))
	if err != nil {
		return err
	}
	if n > archiveSpoolMax {
		return errors.New("the archive is too large for a pipe")
	}
	b.whole.raw.forget()
	return nil
}
