package ingest

import (
	"bytes"
	"unicode/utf8"
)

// reprDepthMax bounds the brackets inside brackets of a Python value.
const reprDepthMax = 64

// pythonJSON turns a dict or list, as Python prints it, into the JSON that it
// was made from: error bodies in logs of Python programs have this form. What
// follows the value is left out; cut says that its end is missing.
func (a *arena) pythonJSON(b []byte) (out []byte, cut bool) {
	start := len(a.buf)
	depth := 0
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case '\'', '"':
			n, ended := a.pythonText(b[i:])
			i += n
			if !ended {
				return a.buf[start:len(a.buf):len(a.buf)], true
			}
			continue
		case '{', '[', '(':
			if depth++; depth > reprDepthMax {
				return a.buf[start:len(a.buf):len(a.buf)], true
			}
			a.buf = append(a.buf, openingOf(c))
		case '}', ']', ')':
			depth--
			a.buf = append(a.buf, closingOf(c))
			if depth <= 0 {
				return a.buf[start:len(a.buf):len(a.buf)], false
			}
		default:
			word, n := pythonWord(b[i:])
			a.buf = append(a.buf, word...)
			i += n
			continue
		}
		i++
	}
	return a.buf[start:len(a.buf):len(a.buf)], true
}

func openingOf(c byte) byte {
	if c == '(' {
		return '['
	}
	return c
}

func closingOf(c byte) byte {
	if c == ')' {
		return ']'
	}
	return c
}

// pythonWord translates the names of constants and leaves all else.
func pythonWord(b []byte) (word string, n int) {
	for _, w := range [...]struct{ python, json string }{{"None", "null"}, {"True", "true"}, {"False", "false"}} {
		if bytes.HasPrefix(b, []byte(w.python)) {
			return w.json, len(w.python)
		}
	}
	_, n = utf8.DecodeRune(b)
	return string(b[:n]), n
}

// pythonText appends the text that b begins with, in its JSON form.
func (a *arena) pythonText(b []byte) (n int, ended bool) {
	quote := b[0]
	a.buf = append(a.buf, '"')
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == quote:
			a.buf = append(a.buf, '"')
			return i + 1, true
		case c == '"':
			a.buf = append(a.buf, '\\', '"')
		case c == '\\' && i+1 < len(b):
			i++
			i += a.pythonEscape(b[i:])
		case c < 0x20:
			a.buf = append(a.buf, ' ')
		default:
			a.buf = append(a.buf, c)
		}
	}
	return len(b), false
}

// pythonEscape appends the escape whose letter b begins with and says how many
// more bytes belong to it.
func (a *arena) pythonEscape(b []byte) int {
	switch c := b[0]; c {
	case 'n', 't', 'r', 'b', 'f', '\\', '"', 'u':
		a.buf = append(a.buf, '\\', c)
	case '\'':
		a.buf = append(a.buf, c)
	case 'x':
		if len(b) >= 3 {
			_, ok1 := hexDigit(b[1])
			_, ok2 := hexDigit(b[2])
			if ok1 && ok2 {
				a.buf = append(a.buf, '\\', 'u', '0', '0', b[1], b[2])
				return 2
			}
		}
		fallthrough
	default:
		a.buf = append(a.buf, '\\', '\\')
		a.buf = append(a.buf, c)
	}
	return 0
}
