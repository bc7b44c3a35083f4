package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// Errors of a document's scanner besides those of package jsonscan.
var (
	errNoEntries  = errors.New("the document has no list of entries")
	errLargeEntry = errors.New("the entry is larger than the limit")
)

// scanBytes is the window that a document is read through.
const scanBytes = 256 << 10

// documentScanner finds a list inside a JSON document and hands out its
// elements one by one. Only one element is in memory, at most entryMax bytes
// of it.
type documentScanner struct {
	r        io.Reader
	entryMax int

	window   []byte
	pos, end int
	offset   int64 // of window[0]
	counted  int   // bytes of the window whose line breaks are in lines
	lines    int64
	err      error // what r ended with

	entry                  []byte
	keep                   bool // what is passed goes into entry
	large                  bool // entry is full
	depth                  int  // objects that open went into
	first                  bool // no element has been read
	startLine, startOffset int64
}

// fill makes the next byte available; false at the end of the document.
func (s *documentScanner) fill() bool {
	for s.pos == s.end {
		if s.err != nil {
			return false
		}
		if s.window == nil {
			s.window = make([]byte, scanBytes)
		}
		s.count()
		s.offset += int64(s.end)
		s.pos, s.end, s.counted = 0, 0, 0
		s.end, s.err = s.r.Read(s.window)
	}
	return true
}

// count brings lines up to the present place.
func (s *documentScanner) count() {
	s.lines += int64(bytes.Count(s.window[s.counted:s.pos], lineBreak))
	s.counted = s.pos
}

// fault says why reading ended: with a reject of the place, or with an error
// that is not the document's fault.
func (s *documentScanner) fault(err error, d *record.Draft) (record.Reason, error) {
	d.Line, d.Offset = s.here()
	switch {
	case errors.Is(err, jsonscan.ErrTruncated):
		d.Raw = []byte("the document ends too early")
		return record.RejectTruncated, nil
	case errors.Is(err, jsonscan.ErrSyntax):
		d.Raw = []byte("the document is no JSON from here on")
		return record.RejectJSON, nil
	case errors.Is(err, errNoEntries):
		d.Raw = []byte(err.Error())
		return record.RejectDocument, nil
	case errors.Is(err, errLargeEntry): // the key of a member, as no document has it
		d.Raw = []byte(err.Error())
		return record.RejectTooLong, nil
	}
	return "", fmt.Errorf("reading a document: %w", err)
}

// here is the line and offset of the next byte.
func (s *documentScanner) here() (line, offset int64) {
	s.count()
	return s.lines + 1, s.offset + int64(s.pos)
}

// cutOff is the error for a document that ends where it should go on.
func (s *documentScanner) cutOff() error {
	if s.err != io.EOF {
		return s.err
	}
	return jsonscan.ErrTruncated
}

// peek skips white space and returns the next byte without passing it.
func (s *documentScanner) peek() (byte, error) {
	for s.fill() {
		switch c := s.window[s.pos]; c {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return c, nil
		}
	}
	return 0, s.cutOff()
}

// expect passes one byte.
func (s *documentScanner) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return jsonscan.ErrSyntax
	}
	s.pos++
	return nil
}

// open goes into the objects that the keys name, the last of which is a list.
// "a|b" names whichever of the two comes first; without a key the list is the
// root.
func (s *documentScanner) open(keys ...string) error {
	if c, err := s.peek(); err == nil && c == 0xef { // a byte order mark
		for _, want := range byteOrderMark {
			if err := s.expect(want); err != nil {
				return err
			}
		}
	}
	for _, key := range keys {
		if err := s.expect('{'); err != nil {
			return orNoEntries(err)
		}
		s.depth++
		if err := s.find(key); err != nil {
			return err
		}
	}
	s.first = true
	return orNoEntries(s.expect('['))
}

// orNoEntries turns a value of another kind into the lack of entries.
func orNoEntries(err error) error {
	if err == jsonscan.ErrSyntax {
		return errNoEntries
	}
	return err
}

// find passes members of the object until it stands before key's value.
func (s *documentScanner) find(key string) error {
	for {
		c, err := s.peek()
		if err != nil {
			return err
		}
		if c == '}' {
			return errNoEntries
		}
		name, err := s.capture(headBytes)
		if err != nil {
			return err
		}
		found := isOneOf(string(jsonscan.Unquote(nil, name)), key)
		if err := s.expect(':'); err != nil || found {
			return err
		}
		if _, err := s.peek(); err != nil {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
		if c, err = s.peek(); err != nil {
			return err
		}
		if c == ',' {
			s.pos++
		} else if c != '}' {
			return jsonscan.ErrSyntax
		}
	}
}

// isOneOf reports whether name is one of the names that "|" stands between.
func isOneOf(name, names string) bool {
	for first, more := "", true; more; {
		if first, names, more = strings.Cut(names, "|"); first == name {
			return true
		}
	}
	return false
}

// element returns the next element of the list, io.EOF behind the last. Its
// bytes live until the next call.
func (s *documentScanner) element() ([]byte, error) {
	c, err := s.peek()
	s.startLine, s.startOffset = s.here()
	if err != nil {
		return nil, err
	}
	switch {
	case c == ']':
		s.pos++
		return nil, io.EOF
	case s.first:
		s.first = false
	case c != ',':
		return nil, jsonscan.ErrSyntax
	default:
		s.pos++
		if _, err = s.peek(); err != nil {
			return nil, err
		}
		s.startLine, s.startOffset = s.here()
	}
	return s.capture(s.entryMax)
}

// closing passes what follows the list, so that a cut is noticed there too.
func (s *documentScanner) closing() error {
	for ; s.depth > 0; s.depth-- {
		for {
			c, err := s.peek()
			if err != nil {
				return err
			}
			s.pos++
			if c == '}' {
				break
			}
			if c != ',' && c != ':' {
				s.pos--
				if err := s.skip(); err != nil {
					return err
				}
			}
		}
	}
	if _, err := s.peek(); err != jsonscan.ErrTruncated {
		if err == nil {
			err = jsonscan.ErrSyntax
		}
		return err
	}
	return nil
}

// capture passes a value and keeps up to max bytes of it; with more it passes
// the value to its end and returns errLargeEntry. What it returns lives until
// the scanner goes on.
func (s *documentScanner) capture(max int) ([]byte, error) {
	if v := s.inWindow(); len(v) > 0 && len(v) <= max {
		s.pos += len(v)
		return v, nil
	}
	s.entry, s.keep, s.large = s.entry[:0], true, false
	saved := s.entryMax
	s.entryMax = max
	err := s.skip()
	s.keep, s.entryMax = false, saved
	if err == nil && s.large {
		err = errLargeEntry
	}
	return s.entry, err
}

// inWindow is the value that begins at the next byte, if all of it is in the
// window, as most are.
func (s *documentScanner) inWindow() []byte {
	part := s.window[s.pos:s.end]
	if len(part) == 0 || part[0] != '{' && part[0] != '[' && part[0] != '"' {
		return nil
	}
	v, _, err := jsonscan.Skip(part)
	if err != nil {
		return nil
	}
	return v
}

// pass moves over the next n bytes of the window.
func (s *documentScanner) pass(n int) {
	if s.keep {
		room := min(n, s.entryMax-len(s.entry))
		s.entry = append(s.entry, s.window[s.pos:s.pos+room]...)
		s.large = s.large || room < n
	}
	s.pos += n
}

// skip passes the value that begins at the next byte.
func (s *documentScanner) skip() error {
	if !s.fill() {
		return s.cutOff()
	}
	switch c := s.window[s.pos]; {
	case c == '"':
		s.pass(1)
		return s.skipString()
	case c == '{' || c == '[':
		return s.skipNested()
	case c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		for s.fill() {
			c := s.window[s.pos]
			if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '+' && c != '-' && c != '.' && c != 'E' {
				return nil
			}
			s.pass(1)
		}
		return s.cutOff()
	}
	return jsonscan.ErrSyntax
}

// structural are the bytes that begin or end strings, objects and lists.
var structural = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}

// skipNested passes an object or list, brackets counted together.
func (s *documentScanner) skipNested() error {
	depth := 0
	for s.fill() {
		part := s.window[s.pos:s.end]
		i := 0
		for i < len(part) && !structural[part[i]] {
			i++
		}
		if i == len(part) {
			s.pass(i)
			continue
		}
		c := part[i]
		s.pass(i + 1)
		switch c {
		case '"':
			if err := s.skipString(); err != nil {
				return err
			}
		case '{', '[':
			depth++
		default:
			if depth--; depth == 0 {
				return nil
			}
		}
	}
	return s.cutOff()
}

// skipString passes the rest of a string behind its opening quote.
func (s *documentScanner) skipString() error {
	escaped := false // the next byte is
	for s.fill() {
		part := s.window[s.pos:s.end]
		i := bytes.IndexByte(part, '"')
		before := part
		if i >= 0 {
			before = part[:i]
		}
		slashes := 0
		for slashes < len(before) && before[len(before)-1-slashes] == '\\' {
			slashes++
		}
		if escaped && slashes == len(before) {
			slashes++ // the one that the window before ended with
		}
		escaped = slashes%2 == 1
		if i < 0 {
			s.pass(len(part))
			continue
		}
		s.pass(i + 1)
		if !escaped {
			return nil
		}
		escaped = false
	}
	return s.cutOff()
}
