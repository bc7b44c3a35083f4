package ingest

import "bytes"

const escapeByte = 0x1b

// plain returns a text without the control sequences of terminals (ECMA-48
// §5.4 and §5.6): colours, cursor moves, titles and links.
func (a *arena) plain(b []byte) []byte {
	i := bytes.IndexByte(b, escapeByte)
	if i < 0 {
		return b
	}
	start := len(a.buf)
	for i >= 0 {
		a.buf = append(a.buf, b[:i]...)
		b = b[i+sequenceLength(b[i:]):]
		i = bytes.IndexByte(b, escapeByte)
	}
	a.buf = append(a.buf, b...)
	return a.buf[start:len(a.buf):len(a.buf)]
}

// sequenceLength is how many bytes belong to the sequence that b begins with,
// at least 1.
func sequenceLength(b []byte) int {
	if len(b) < 2 {
		return 1
	}
	switch c := b[1]; {
	case c == '[': // control sequence: parameters, intermediates, one final byte
		i := 2
		for i < len(b) && b[i] >= 0x20 && b[i] <= 0x3f {
			i++
		}
		if i < len(b) && b[i] >= 0x40 && b[i] <= 0x7e {
			i++
		}
		return i
	case c == ']': // operating system command: up to BEL or ESC \
		for i := 2; i < len(b); i++ {
			if b[i] == 0x07 {
				return i + 1
			}
			if b[i] == escapeByte {
				if i+1 < len(b) && b[i+1] == '\\' {
					i++
				}
				return i + 1
			}
		}
		return 2 // without an end: the text stays
	case c >= 0x20 && c <= 0x2f: // a character set
		return min(3, len(b))
	case c >= 0x30 && c <= 0x7e:
		return 2
	}
	return 1
}

// coloured reports whether a line has a control sequence.
func coloured(line []byte) bool {
	i := bytes.IndexByte(line, escapeByte)
	return i >= 0 && i+1 < len(line) && (line[i+1] == '[' || line[i+1] == ']')
}
