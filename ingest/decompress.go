package ingest

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// zstdWindowMax bounds the memory that a zstd frame may ask for.
const zstdWindowMax = 128 << 20

// xzDictMax bounds the memory that an xz stream may ask for: four times what the
// highest level of the usual tool takes.
const xzDictMax = 256 << 20

// compressions are told by their first bytes, never by a file's name.
var compressions = []struct {
	name  string
	magic []byte
	open  func(io.Reader) (io.Reader, io.Closer, error)
}{
	{"gzip", []byte{0x1f, 0x8b}, openGzip},
	{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
	{"bzip2", []byte("BZh"), openBzip2},
	{"xz", []byte{0xfd, '7', 'z', 'X', 'Z', 0}, openXZ},
}

// containers are recognised only to be refused with their name.
var containers = []struct {
	name  string
	magic []byte
}{
	{"lz4", []byte{0x04, 0x22, 0x4d, 0x18}},
	{"zip", []byte("PK\x03\x04")},
	{"zip", []byte("PK\x05\x06")}, // an empty one
	{"DuckDB", []byte("\x00\x00\x00\x00\x00\x00\x00\x00DUCK")},
	{"SQLite", []byte("SQLite format 3\x00")},
	{"Parquet", []byte("PAR1")},
}

// decompress returns the content of r. The closer is nil where nothing needs
// closing, the compression's name is empty where there is none.
func decompress(r io.Reader) (io.Reader, io.Closer, string, error) {
	br := bufio.NewReaderSize(r, 128<<10)
	magic, err := peekMagic(br)
	if err != nil {
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

// peekMagic looks at no more bytes than it takes to tell a compression from
// everything else: a pipe may not give more for a long time.
func peekMagic(br *bufio.Reader) ([]byte, error) {
	for n := 1; ; n++ {
		head, err := br.Peek(n)
		if err != nil && (err != io.EOF || len(head) < n) {
			if err == io.EOF {
				err = nil
			}
			return head, err
		}
		open := len(head) == 1 && (head[0] == 0xff || head[0] == 0xfe)
		for _, c := range compressions {
			open = open || n < len(c.magic) && bytes.HasPrefix(c.magic, head)
		}
		if !open {
			return head, nil
		}
	}
}

// openXZ refuses a stream whose first block asks for too much memory.
func openXZ(r io.Reader) (io.Reader, io.Closer, error) {
	br := bufio.NewReaderSize(r, 128<<10)
	head, err := br.Peek(xzHeadBytes)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	if size := xzDict(head); size > xzDictMax {
		return nil, nil, fmt.Errorf("it asks for %d MiB of memory", size>>20)
	}
	z, err := xz.NewReader(br)
	return z, nil, err
}

// Places in the beginning of an xz stream.
const (
	xzStreamHeader = 12 // bytes before the first block
	xzHeadBytes    = 64
	xzFilterLZMA2  = 0x21
)

// xzDict is the size of the dictionary that the first block names, 0 where
// none is found: a block without one, or with other filters first.
func xzDict(head []byte) int64 {
	if len(head) < xzHeadBytes {
		return 0
	}
	flags, at := head[xzStreamHeader+1], xzStreamHeader+2
	for bit := byte(0x40); bit != 0; bit <<= 1 { // sizes, each a number of 7 bits a byte
		if flags&bit == 0 {
			continue
		}
		for at < len(head) && head[at]&0x80 != 0 {
			at++
		}
		at++
	}
	if at+2 >= len(head) || head[at] != xzFilterLZMA2 || head[at+1] != 1 {
		return 0
	}
	bits := head[at+2] & 0x3f
	return int64(2|bits&1) << (bits/2 + 11)
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
	if isTar(head) {
		return "tar"
	}
	if len(head) > 12 && string(head[8:12]) == "DUCK" {
		return "DuckDB"
	}
	return ""
}
