package ingest

import (
	"encoding/binary"

	"github.com/errscope/errscope/record"
)

// shape is what a nameless column looks like. A value that fits a shape has one
// meaning only, the one that [extras.shaped] finds out the long way.
type shape uint8

const (
	shapeNone    shape = iota // of no fixed shape
	shapeSeconds              // 0.250
	shapeNumber               // a status or a length
	shapeAddr                 // 203.0.113.7:443
	shapeHost                 // api.example.com
	shapeHex                  // 32 hex digits
	shapeUUID                 // 8-4-4-4-12 hex digits
	shapeNamed                // key=value
)

// habit is what a column was in the line before. A log has the same columns
// line after line, so to check it costs less than to find it out again.
type habit struct {
	shape  shape
	quoted bool
	key    []byte    // of shapeNamed, with its "="
	column columnSet // of shapeNamed
}

// habitKeyMax bounds the names that are remembered.
const habitKeyMax = 32

// expected reads the column that b begins with if it is what it was in the line
// before, or a dash. Otherwise it changes nothing.
func (e *extras) expected(p *combined, d *record.Draft, b []byte) (rest []byte, ok bool) {
	h := &e.habits[e.n]
	x := &e.list[e.n]
	switch h.shape {
	case shapeNone:
		return b, false
	case shapeNamed:
		if len(b) <= len(h.key) || string(b[:len(h.key)]) != string(h.key) {
			return b, false
		}
		x.key, x.square = b[:len(h.key)-1], false
		if b = b[len(h.key):]; b[0] == '"' {
			b = x.cutQuoted(b)
		} else {
			b = x.cutBare(b)
		}
		e.assign(p, d, x, h.column)
		return b, true
	}
	start := 0
	if h.quoted {
		if b[0] != '"' {
			return b, false
		}
		start = 1
	}
	n, ns := measure(h.shape, b[start:])
	end := start + n
	switch {
	case n == 0:
		return b, false
	case h.quoted:
		if end == len(b) || b[end] != '"' {
			return b, false
		}
		rest = trimSpace(b[end+1:])
	case end == len(b):
	case b[end] != ' ' || end+1 < len(b) && b[end+1] == ':': // a word goes on, or a list
		return b, false
	default:
		rest = trimSpace(b[end:])
	}
	x.value = b[start:end]
	if b[start] != '-' {
		e.take(p, d, h.shape, ns)
	}
	return rest, true
}

// take puts the last column, which has this shape, into d; ns is its duration.
func (e *extras) take(p *combined, d *record.Draft, s shape, ns int64) {
	v := e.list[e.n].value
	switch s {
	case shapeSeconds:
		if d.DurationNS < 0 {
			d.DurationNS = ns
			p.seen |= columnRequestTime
		} else {
			p.seen |= columnUpstreamTime
		}
	case shapeNumber:
		if len(v) == 3 && v[0] >= '1' && v[0] <= '5' && len(d.UpstreamStatus) == 0 && e.figureBefore() {
			d.UpstreamStatus = v
			p.seen |= columnUpstreamStatus
		}
	case shapeAddr:
		if len(d.UpstreamHost) == 0 {
			d.UpstreamHost = v
			p.seen |= columnUpstreamAddr
		}
	case shapeHost:
		e.host(p, d, p.arena.lower(v))
	default:
		e.id(p, v)
	}
}

// figureBefore is statusMayFollow for a column that was expected: what stands
// before it has been read or learnt in the same pass.
func (e *extras) figureBefore() bool {
	if e.n == 0 {
		return false
	}
	v := e.list[e.n-1].value
	if s := e.habits[e.n-1].shape; (s == shapeSeconds || s == shapeAddr) && len(v) > 0 && v[0] != '-' {
		return true
	}
	return e.statusMayFollow(e.n, false)
}

// learn remembers what the last column is.
func (e *extras) learn() {
	h, x := &e.habits[e.n], &e.list[e.n]
	if len(x.key) > 0 {
		h.shape = shapeNone
		if len(x.key) < habitKeyMax {
			h.shape, h.key = shapeNamed, append(append(h.key[:0], x.key...), '=')
			var store [habitKeyMax]byte
			h.column = extraNames[string(plainKey(store[:0], x.key))]
		}
		return
	}
	if x.square || len(x.value) == 0 || x.value[0] == '-' {
		return // a dash says nothing about the other lines
	}
	h.shape, h.quoted = shapeNone, x.quoted
	for s := shapeSeconds; s < shapeNamed; s++ {
		if n, _ := measure(s, x.value); n == len(x.value) {
			h.shape = s
			return
		}
	}
}

// measure is the length of the value of this shape that b begins with, and its
// duration where it is one. A lone dash fits every shape; 0 is no fit.
func measure(s shape, b []byte) (n int, ns int64) {
	if len(b) > 0 && b[0] == '-' {
		return 1, 0
	}
	switch s {
	case shapeSeconds:
		return measureSeconds(b)
	case shapeNumber:
		n = digits(b)
		if n > 18 {
			return 0, 0
		}
		return n, 0
	case shapeAddr:
		return measureAddr(b), 0
	case shapeHost:
		return measureHost(b), 0
	case shapeHex:
		if len(b) >= 32 && hex8(b) && hex8(b[8:]) && hex8(b[16:]) && hex8(b[24:]) {
			return 32, 0
		}
	case shapeUUID:
		if len(b) >= 36 && hex8(b) && b[8] == '-' && isHex(b[9:13], 4) && b[13] == '-' && isHex(b[14:18], 4) && b[18] == '-' &&
			isHex(b[19:23], 4) && b[23] == '-' && hex8(b[24:]) && isHex(b[32:36], 4) {
			return 36, 0
		}
	}
	return 0, 0
}

// digits is how many digits b begins with.
func digits(b []byte) int {
	for i, c := range b {
		if c-'0' > 9 {
			return i
		}
	}
	return len(b)
}

// measureSeconds reads a time of nginx, see isSeconds.
func measureSeconds(b []byte) (n int, ns int64) {
	var whole int64
	for n < len(b) && n < 9 && b[n]-'0' <= 9 {
		whole = whole*10 + int64(b[n]-'0')
		n++
	}
	if n == 0 || len(b) < n+4 || b[n] != '.' {
		return 0, 0
	}
	x, y, z := b[n+1]-'0', b[n+2]-'0', b[n+3]-'0'
	if x > 9 || y > 9 || z > 9 {
		return 0, 0
	}
	return n + 4, whole*secondNS + (int64(x)*100+int64(y)*10+int64(z))*(secondNS/1000)
}

// measureAddr reads an IPv4 address with a port.
func measureAddr(b []byte) int {
	dots := 0
	for i, c := range b {
		switch {
		case c-'0' <= 9:
		case c == '.' && i > 0:
			dots++
		case c == ':' && dots == 3:
			if port := digits(b[i+1:]); port > 0 && port < 6 {
				return i + 1 + port
			}
			return 0
		default:
			return 0
		}
	}
	return 0
}

// hostBytes are the letters, digits and signs of a host name.
var hostBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80 || c >= '0' && c <= '9' || c == '-' || c == '_'
	}
	return t
}()

// measureHost reads a host name without a port, see isHostName.
func measureHost(b []byte) int {
	dot := -1
	i := 0
	for ; i < len(b); i++ {
		if hostBytes[b[i]] {
			continue
		}
		if b[i] != '.' {
			break
		}
		if i == 0 || dot == i-1 {
			return 0
		}
		dot = i
	}
	// Of 36 bytes, it could pass for an id too.
	if dot < 0 || i-dot < 3 || b[dot+1]|0x20 < 'a' || b[dot+1]|0x20 > 'z' || i == 36 {
		return 0
	}
	return i
}

// hex8 reports whether the first eight bytes are hex digits, all at once: each
// test leaves its answer in the highest bit of the byte (no byte of ASCII
// carries into its neighbour).
func hex8(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	if w&high != 0 {
		return false
	}
	low := w | 0x20*ones
	digit := (w + (0x80-'0')*ones) &^ (w + (0x80-'9'-1)*ones)
	letter := (low + (0x80-'a')*ones) &^ (low + (0x80-'f'-1)*ones)
	return (digit|letter)&high == high
}
