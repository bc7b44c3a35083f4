package ingest

import (
	"bytes"
	"io"
)

// textStream is a document read through a window that grows with the entry
// that is looked at, up to max bytes. Nothing leaves the window before it is
// passed, so an entry whose end was guessed wrongly can be looked at again.
type textStream struct {
	r   io.Reader
	max int

	window     []byte
	start, end int
	offset     int64 // of window[start]
	lines      int64 // line breaks before it
	err        error // what r ended with
	failed     bool  // err is not the document's end
}

// view is what is in the window and has not been passed. It lives until more
// is called.
func (s *textStream) view() []byte { return s.window[s.start:s.end] }

// more reads on; false at the end of the document and where the window is full.
func (s *textStream) more() bool {
	if s.err != nil || s.end-s.start >= s.max {
		return false
	}
	if s.end == len(s.window) {
		if s.start > len(s.window)/2 {
			s.end = copy(s.window, s.window[s.start:s.end])
			s.start = 0
		} else {
			grown := make([]byte, max(2*len(s.window), scanBytes))
			s.end = copy(grown, s.window[s.start:s.end])
			s.window, s.start = grown, 0
		}
	}
	n, err := s.r.Read(s.window[s.end:])
	s.end += n
	if err != nil {
		s.err, s.failed = err, err != io.EOF
	}
	return n > 0 || err == nil
}

// need reads until n bytes are in the window; false where there are fewer.
func (s *textStream) need(n int) bool {
	for s.end-s.start < n {
		if !s.more() {
			return s.end-s.start >= n
		}
	}
	return true
}

// full says that the window holds as much as it may.
func (s *textStream) full() bool { return s.end-s.start >= s.max }

// pass moves over the next n bytes.
func (s *textStream) pass(n int) {
	s.lines += int64(bytes.Count(s.window[s.start:s.start+n], lineBreak))
	s.start += n
	s.offset += int64(n)
}

// line returns the line that begins at index at of the view, its line break
// included. At the end of the document, or where the window is full, it may
// lack it.
func (s *textStream) line(at int) []byte {
	seen := at
	for {
		v := s.view()
		if i := bytes.IndexByte(v[seen:], '\n'); i >= 0 {
			return v[at : seen+i+1]
		}
		seen = len(v)
		if !s.more() {
			return s.view()[at:]
		}
	}
}

// skipMark passes a byte order mark at the beginning.
func (s *textStream) skipMark() {
	if s.offset == 0 && s.need(len(byteOrderMark)) && bytes.HasPrefix(s.view(), byteOrderMark) {
		s.pass(len(byteOrderMark))
	}
}

// chomp cuts the line break off a line.
func chomp(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}
