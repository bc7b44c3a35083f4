package ingest

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/errscope/errscope/record"
)

// bodyBytesMax bounds a body, also one that is unpacked from a content coding.
const bodyBytesMax = 16 << 20

// capturedBody is a captured body as text: content codings that are still on it
// are taken off, and what is no text then (a picture, a font, a coding that
// nobody told us how to read) is no body that could hold an error, and is left
// out. cut says that the capture or our limit took its end away.
func capturedBody(headers []record.Header, body []byte) (text []byte, cut bool) {
	if len(body) == 0 {
		return nil, false
	}
	body, cut = unpacked(headers, body)
	if len(body) > bodyBytesMax {
		body, cut = body[:bodyBytesMax], true
	}
	if bytes.IndexByte(body, 0) >= 0 {
		return nil, cut
	}
	if utf8.Valid(body) {
		return body, cut
	}
	media := mediaType(headers)
	switch {
	case cut && utf8.Valid(withoutHalfRune(body)):
		return withoutHalfRune(body), cut
	case isLatin(media):
		return fromLatin(body), cut
	case isTextMedia(media):
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), cut
	}
	return nil, cut
}

// unpacked takes off gzip and zstd, which show themselves, and deflate, which
// the header field has to name. Recorders that unpack bodies often leave the
// header field as it was, so a field alone proves nothing.
func unpacked(headers []record.Header, body []byte) (out []byte, cut bool) {
	switch {
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, errors.Is(err, io.ErrUnexpectedEOF)
		}
		defer z.Close()
		return readBody(z)
	case bytes.HasPrefix(body, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(bodyBytesMax))
		if err != nil {
			return body, false
		}
		defer z.Close()
		return readBody(z)
	}
	if bytes.Contains(bytes.ToLower(headerValue(headers, "content-encoding")), []byte("deflate")) && !utf8.Valid(body) {
		if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			defer z.Close()
			return readBody(z)
		}
		z := flate.NewReader(bytes.NewReader(body)) // some servers leave the zlib wrapper out
		defer z.Close()
		if out, cut := readBody(z); len(out) > 0 {
			return out, cut
		}
	}
	return body, false
}

func readBody(r io.Reader) (out []byte, cut bool) {
	out, err := io.ReadAll(io.LimitReader(r, bodyBytesMax+1))
	return out, err != nil
}

// mediaType is the value of Content-Type in lower case.
func mediaType(headers []record.Header) []byte {
	return bytes.ToLower(headerValue(headers, "content-type"))
}

func isTextMedia(media []byte) bool {
	for _, part := range []string{"text/", "json", "xml", "javascript", "x-www-form-urlencoded"} {
		if bytes.Contains(media, []byte(part)) {
			return true
		}
	}
	return false
}

func isLatin(media []byte) bool {
	for _, name := range []string{"8859-1", "windows-1252", "latin1"} {
		if bytes.Contains(media, []byte(name)) {
			return true
		}
	}
	return false
}

func fromLatin(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

// withoutHalfRune cuts the character that a cut has halved.
func withoutHalfRune(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			return b[:len(b)-i]
		}
	}
	return b
}

// storable is a text that every database takes: valid UTF-8 without zero bytes.
func storable(b []byte) []byte {
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, []byte("\uFFFD"))
	}
	return b
}

// statedBytes is the length that the response's header field states, where the
// response has a body at all.
func statedBytes(d *record.Draft) int64 {
	if string(d.Method) == "HEAD" || d.Status == 204 || d.Status == 304 || d.Status < 200 {
		return record.Absent
	}
	if n, ok := number(headerValue(d.Headers, "content-length")); ok {
		return n
	}
	return record.Absent
}

// capturedTime takes the time of the response's Date field, which is when the
// answering side wrote its head: recordings mostly have no better one.
func (c *clock) capturedTime(d *record.Draft) {
	date := headerValue(d.Headers, "date")
	if len(date) == 0 {
		return
	}
	if ns, digits, ok := c.any(date); ok {
		d.TimeNS, d.TimeDigits = ns, digits
	}
}
