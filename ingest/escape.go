package ingest

import (
	"bytes"
	"unicode/utf8"
)

// closingQuote returns the index of the quote that ends the text which b begins
// with, or -1. A quote behind an odd number of backslashes is inside it.
func closingQuote(b []byte) int {
	for i := 1; i < len(b); {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for i-1-slashes > 0 && b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		i++
	}
	return -1
}

// closingQuote is the function of that name, short where the line has no
// backslash at all.
func (p *combined) closingQuote(b []byte) int {
	if p.escaped || len(b) == 0 {
		return closingQuote(b)
	}
	if i := bytes.IndexByte(b[1:], '"'); i >= 0 {
		return i + 1
	}
	return -1
}

// unescape undoes what nginx (\x22) and Apache (\", \\, \n, \xhh) write for
// bytes that a log may not hold. A text whose bytes are then no UTF-8 stays
// escaped: it is readable, and nothing is lost.
func (p *combined) unescape(b []byte) []byte {
	if !p.escaped || bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	a := &p.arena
	start := len(a.buf)
	for i := 0; i < len(b); {
		if b[i] != '\\' || i+1 == len(b) {
			a.buf = append(a.buf, b[i])
			i++
			continue
		}
		c, n := escaped(b[i:])
		if n == 0 {
			a.buf = append(a.buf, b[i])
			i++
			continue
		}
		a.buf = append(a.buf, c)
		i += n
	}
	out := a.buf[start:len(a.buf):len(a.buf)]
	if !utf8.Valid(out) || bytes.IndexByte(out, 0) >= 0 {
		return b
	}
	return out
}

// escaped reads the escape that b begins with and says how long it is, 0 where
// it is none.
func escaped(b []byte) (c byte, n int) {
	switch b[1] {
	case '"', '\\':
		return b[1], 2
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'x':
		if len(b) >= 4 {
			hi, ok1 := hexDigit(b[2])
			lo, ok2 := hexDigit(b[3])
			if ok1 && ok2 {
				return hi<<4 | lo, 4
			}
		}
	}
	return 0, 0
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}
