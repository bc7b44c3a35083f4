package ingest

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// closingSingle returns the index of the quote that ends the single-quoted text
// which b begins with, or -1. A doubled quote is inside it.
func closingSingle(b []byte) int {
	for i := 1; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '\'')
		if n < 0 {
			return -1
		}
		if i += n; i+1 == len(b) || b[i+1] != '\'' {
			return i
		}
		i++
	}
	return -1
}

// quoted reads a quoted text; false where it does not end.
func (y *yamlReader) quoted() ([]byte, bool) {
	b := y.b[y.at:]
	double := b[0] == '"'
	end := 0
	if double {
		end = closingQuote(b)
	} else {
		end = closingSingle(b)
	}
	if end < 0 {
		return nil, false
	}
	y.at += end + 1
	b = b[1:end]
	marker := byte('\'')
	if double {
		marker = '\\'
	}
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, marker) < 0 {
		return b, true
	}
	return y.fold(b, double), true
}

// fold joins the lines of a quoted text: a line break is a blank, each blank
// line a line break.
func (y *yamlReader) fold(b []byte, double bool) []byte {
	a := y.arena
	start := len(a.buf)
	breaks, first, joined := 0, true, false
	for more := true; more; {
		var line []byte
		line, b, more = bytes.Cut(b, lineBreak)
		if !first {
			line = bytes.TrimLeft(line, " \t")
		}
		glue := false
		if more {
			line = bytes.TrimSuffix(line, []byte{'\r'})
			if glue = double && endsEscaped(line); glue {
				line = line[:len(line)-1]
			} else {
				line = bytes.TrimRight(line, " \t")
			}
		}
		switch {
		case first || joined:
		case len(line) == 0 && more && !glue:
			breaks++
			continue
		case breaks == 0:
			a.buf = append(a.buf, ' ')
		}
		for ; breaks > 0; breaks-- {
			a.buf = append(a.buf, '\n')
		}
		if double {
			a.buf = appendYAMLUnescaped(a.buf, line)
		} else {
			a.buf = appendUndoubled(a.buf, line)
		}
		first, joined = false, glue
	}
	return a.buf[start:len(a.buf):len(a.buf)]
}

// endsEscaped reports whether the line break behind the line is escaped.
func endsEscaped(line []byte) bool {
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func appendUndoubled(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\'')
		if i < 0 || i+1 >= len(b) {
			return append(dst, b...)
		}
		dst = append(dst, b[:i+1]...)
		b = b[i+2:]
	}
}

// yamlEscapes are those of one letter.
var yamlEscapes = map[byte]string{'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r",
	'e': "\x1b", ' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029"}

func appendYAMLUnescaped(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 || i+1 == len(b) {
			return append(dst, b...)
		}
		dst = append(dst, b[:i]...)
		b = b[i:]
		if text, ok := yamlEscapes[b[1]]; ok {
			dst, b = append(dst, text...), b[2:]
			continue
		}
		r, n := yamlRune(b)
		if n == 0 { // no escape: it stays as it stands
			dst, b = append(dst, b[:2]...), b[2:]
			continue
		}
		b = b[n:]
		if utf16.IsSurrogate(r) {
			if low, n := yamlRune(b); n > 0 {
				r, b = utf16.DecodeRune(r, low), b[n:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
}

// yamlRune reads \xHH, \uHHHH or \UHHHHHHHH and says how long it is.
func yamlRune(b []byte) (rune, int) {
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	n := 0
	switch b[1] {
	case 'x':
		n = 4
	case 'u':
		n = 6
	case 'U':
		n = 10
	}
	if n == 0 || len(b) < n {
		return 0, 0
	}
	v, err := strconv.ParseUint(string(b[2:n]), 16, 31)
	if err != nil {
		return 0, 0
	}
	return rune(v), n
}

// plain reads a text without quotes, over as many lines as are indented more
// than its parent.
func (y *yamlReader) plain(parent int) []byte {
	first := y.plainLine()
	var folded []byte
	for {
		next, breaks := y.continuation(parent)
		if next < 0 {
			break
		}
		if folded == nil {
			folded = bytes.Clone(first)
		}
		if breaks == 0 {
			folded = append(folded, ' ')
		}
		for ; breaks > 0; breaks-- {
			folded = append(folded, '\n')
		}
		y.at = next
		folded = append(folded, y.plainLine()...)
	}
	if folded != nil {
		return folded
	}
	return first
}

// plainLine reads what the line has of a plain text.
func (y *yamlReader) plainLine() []byte {
	line := y.b[y.at:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	y.at += len(line)
	if i := bytes.Index(line, []byte(" #")); i >= 0 {
		line = line[:i]
	}
	return bytes.TrimRight(line, " \t\r")
}

// continuation looks for a further line of a plain text: the index of its first
// byte, or -1, and the blank lines before it.
func (y *yamlReader) continuation(parent int) (next, breaks int) {
	for at := y.at; at < len(y.b) && y.b[at] == '\n'; {
		at++
		start := at
		for at < len(y.b) && y.b[at] == ' ' {
			at++
		}
		end := at
		for end < len(y.b) && (y.b[end] == '\t' || y.b[end] == '\r') {
			end++
		}
		switch {
		case end == len(y.b):
			return -1, 0
		case y.b[end] == '\n':
			at = end
			breaks++
		case at-start <= parent || y.b[at] == '#':
			return -1, 0
		default:
			return end, breaks
		}
	}
	return -1, 0
}

// blockScalar reads a literal or folded text.
func (y *yamlReader) blockScalar(parent int) []byte {
	folded, chomp, indent := y.b[y.at] == '>', byte(0), 0
	for y.at++; y.at < len(y.b) && !y.atEnd() && y.b[y.at] != ' '; y.at++ {
		switch c := y.b[y.at]; {
		case c == '-' || c == '+':
			chomp = c
		case c >= '1' && c <= '9':
			indent = max(parent, 0) + int(c-'0')
		default:
			y.broken()
			return nil
		}
	}
	if i := bytes.IndexByte(y.b[y.at:], '\n'); i >= 0 {
		y.at += i
	} else {
		y.at = len(y.b)
	}
	a := y.arena
	start := len(a.buf)
	y.blockLines(parent, indent, folded)
	text := a.buf[start:]
	switch body := bytes.TrimRight(text, "\n"); {
	case chomp == '-' || len(body) == 0 && chomp != '+':
		text = body
	case chomp == 0:
		text = text[:len(body)+1]
	}
	a.buf = a.buf[:start+len(text)]
	return text[:len(text):len(text)]
}

// blockLines appends the lines that are indented, each with a line break, and
// leaves y at the end of the last one.
func (y *yamlReader) blockLines(parent, indent int, folded bool) {
	a := y.arena
	begin, flow := len(a.buf), false // flow: the line before may be joined to
	for y.at < len(y.b) {
		start := y.at + 1
		line := y.b[start:]
		end := len(y.b)
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line, end = line[:i], start+i
		}
		line = bytes.TrimSuffix(line, []byte{'\r'})
		col := 0
		for col < len(line) && line[col] == ' ' {
			col++
		}
		if col == len(line) && (indent == 0 || col <= indent) {
			if start == len(y.b) {
				y.at = end
				return
			}
			a.buf, y.at = append(a.buf, '\n'), end
			continue
		}
		if indent == 0 && col > parent {
			indent = col
		}
		if indent == 0 || col < indent {
			return
		}
		line = line[indent:]
		more := line[0] == ' ' || line[0] == '\t'
		if folded && flow && !more {
			a.buf = joinFolded(a.buf, begin)
		}
		a.buf = append(append(a.buf, line...), '\n')
		flow, y.at = !more, end
	}
}

// joinFolded turns the line break at the end of a folded text into a blank, or
// takes it away before blank lines.
func joinFolded(b []byte, begin int) []byte {
	n := len(bytes.TrimRight(b[begin:], "\n")) + begin
	if len(b)-n == 1 {
		b[n] = ' '
		return b
	}
	return b[:len(b)-1]
}
