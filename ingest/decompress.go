package ingest

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// zstdWindowMax bounds the memory that a zstd frame may ask for.
const zstdWindowMax = 128 << 20

// compressions are told by their first bytes, never by a file's name.
var compressions = []struct {
	name  string
	magic []byte
	open  func(io.Reader) (io.Reader, io.Closer, error)
}{
	{"gzip", []byte{0x1f, 0x8b}, openGzip},
	{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
	{"bzip2", []byte("BZh"), openBzip2},
}

// containers are recognised only to be refused with their name.
var containers = []struct {
	name  string
	magic []byte
}{
	{"xz", []byte{0xfd, '7', 'z', 'X', 'Z', 0}},
	{"lz4", []byte{0x04, 0x22, 0x4d, 0x18}},
	{"zip", []byte("PK\x03\x04")},
	{"DuckDB", []byte("\x00\x00\x00\x00\x00\x00\x00\x00DUCK")},
	{"SQLite", []byte("SQLite format 3\x00")},
	{"Parquet", []byte("PAR1")},
}

// decompress returns the content of r. The closer is nil where nothing needs
// closing, the compression's name is empty where there is none.
func decompress(r io.Reader) (io.Reader, io.Closer, string, error) {
	br := bufio.NewReaderSize(r, 128<<10)
	magic, err := br.Peek(16)
	if err != nil && err != io.EOF {
		return nil, nil, "", err
	}
	for _, c := range compressions {
		if bytes.HasPrefix(magic, c.magic) {
			content, closer, err := c.open(br)
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return failing{io.ErrUnexpectedEOF}, nil, c.name, nil
			}
			if err != nil {
				return nil, nil, "", fmt.Errorf("decompressing %s: %w", c.name, err)
			}
			return content, closer, c.name, nil
		}
	}
	if bytes.HasPrefix(magic, []byte{0xff, 0xfe}) || bytes.HasPrefix(magic, []byte{0xfe, 0xff}) {
		return newUTF16(br), nil, "utf-16", nil
	}
	return br, nil, "", nil
}

func openGzip(r io.Reader) (io.Reader, io.Closer, error) {
	z, err := gzip.NewReader(r)
	return z, z, err
}

func openZstd(r io.Reader) (io.Reader, io.Closer, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindowMax))
	if err != nil {
		return nil, nil, err
	}
	c := z.IOReadCloser()
	return c, c, nil
}

func openBzip2(r io.Reader) (io.Reader, io.Closer, error) {
	return bzip2.NewReader(r), nil, nil
}

// containerOf names the kind of binary file, or nothing.
func containerOf(head []byte) string {
	for _, c := range containers {
		if bytes.HasPrefix(head, c.magic) {
			return c.name
		}
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "tar"
	}
	if len(head) > 12 && string(head[8:12]) == "DUCK" {
		return "DuckDB"
	}
	return ""
}
