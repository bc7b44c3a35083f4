package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record/jsonscan"
)

// peelDocker reads {"log":"text\n","stream":"stdout","time":"…"}. Docker cuts
// long lines; all parts but the last lack the line break.
func (u *unwrapper) peelDocker(line []byte) (p peeled, ok bool) {
	if !bytes.HasPrefix(line, []byte(`{"`)) {
		return p, false
	}
	var text, stream []byte
	c := jsonscan.NewCursor(line)
	for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
		if kind != jsonscan.String {
			continue
		}
		switch string(key) {
		case "log":
			text = c.Value()
		case "stream":
			stream = c.Value()
		case "time":
			p.time = scalar(c.Value(), kind)
		}
	}
	if c.Err() != nil || len(text) == 0 || len(p.time) == 0 || !hasZone(p.time) {
		return p, false
	}
	switch string(stream) {
	case `"stdout"`:
	case `"stderr"`:
		p.stream = 1
	default:
		return p, false
	}
	if u.textless {
		p.partial = !u.endsLine(text)
		return p, true
	}
	text, whole := bytes.CutSuffix(u.unquote(text), lineBreak)
	p.text, p.partial = text, !whole
	p.text = bytes.TrimSuffix(p.text, []byte{'\r'})
	return p, true
}

// endsLine reports whether a quoted text ends with a line break.
func (u *unwrapper) endsLine(raw []byte) bool {
	text, found := bytes.CutSuffix(raw, []byte(`\n"`))
	if !found {
		return len(raw) > 2 && raw[len(raw)-2]|0x20 == 'a' && bytes.HasSuffix(u.unquote(raw), lineBreak) // written as \u000a
	}
	return (len(text)-len(bytes.TrimRight(text, `\`)))%2 == 0
}

// scalar is a number, or what stands between the quotes of a string without
// escapes.
func scalar(raw []byte, kind jsonscan.Kind) []byte {
	switch {
	case kind == jsonscan.Number:
		return raw
	case kind != jsonscan.String || len(raw) < 2 || bytes.IndexByte(raw, '\\') >= 0:
		return nil
	}
	return raw[1 : len(raw)-1]
}

// unquote is a string without quotes and escapes. A zero byte, which no text of
// a database holds, becomes a blank.
func (u *unwrapper) unquote(raw []byte) []byte {
	a := &u.arena
	start := len(a.buf)
	out := jsonscan.Unquote(a.buf[start:], raw)
	if bytes.IndexByte(raw, '\\') < 0 {
		return out // a view into the line
	}
	a.buf = append(a.buf[:start], out...)
	return withoutZeros(a.buf[start:len(a.buf):len(a.buf)])
}

func withoutZeros(b []byte) []byte {
	for i := bytes.IndexByte(b, 0); i >= 0; i = bytes.IndexByte(b, 0) {
		b[i] = ' '
	}
	return b
}

// peelJournald reads an entry of journalctl -o json. MESSAGE is a list of
// numbers where its bytes are no printable text.
func (u *unwrapper) peelJournald(line []byte) (p peeled, ok bool) {
	if len(line) == 0 || line[0] != '{' {
		return p, false
	}
	var message []byte
	var kind jsonscan.Kind
	journal := false
	c := jsonscan.NewCursor(line)
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch string(key) {
		case "MESSAGE":
			message, kind = c.Value(), k
		case "__REALTIME_TIMESTAMP":
			p.time, journal = scalar(c.Value(), k), true
		case "__CURSOR":
			journal = true
		case "_SOURCE_REALTIME_TIMESTAMP":
			if len(p.time) == 0 {
				p.time = scalar(c.Value(), k)
			}
		}
	}
	if c.Err() != nil || !journal || len(p.time) > 0 && !hasZone(p.time) {
		return p, false
	}
	switch kind {
	case jsonscan.String:
		p.text = u.unquote(message)
	case jsonscan.ArrayKind:
		p.text = u.byteList(message)
	}
	p.text = bytes.TrimRight(p.text, "\r\n")
	return p, true
}

// byteList reads [72,84,84,80].
func (u *unwrapper) byteList(raw []byte) []byte {
	a := &u.arena
	start := len(a.buf)
	_, _ = jsonscan.Array(raw, func(_ int, v []byte, _ jsonscan.Kind) bool {
		n, ok := number(v)
		if ok && n <= 255 {
			a.buf = append(a.buf, byte(n))
		}
		return ok && n <= 255
	})
	out := a.buf[start:len(a.buf):len(a.buf)]
	if !utf8.Valid(out) {
		out = bytes.ToValidUTF8(out, []byte("\uFFFD"))
	}
	return withoutZeros(out)
}
