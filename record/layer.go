package record

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/errscope/errscope/record/jsonscan"
)

// layersMax bounds how many encodings inside each other are undone.
const layersMax = 5

// coding is a way of writing in which each escape can be undone by itself.
type coding struct {
	// lead begins every escape.
	lead byte
	// step appends what the escape at the head of raw means, and says how long
	// it is.
	step func(dst, raw []byte) ([]byte, int)
}

// undo appends raw without its escapes.
func (c *coding) undo(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		if raw[i] == c.lead {
			var n int
			dst, n = c.step(dst, raw[i:])
			i += n
			continue
		}
		n := bytes.IndexByte(raw[i:], c.lead)
		if n < 0 {
			n = len(raw) - i
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
	}
	return dst
}

// The codings that are undone.
var (
	jsonCoding    = coding{'\\', jsonscan.Unescape}
	percentCoding = coding{'%', percentStep}
	entityCoding  = coding{'&', entityStep}
	stringCoding  = coding{'\\', stringStep}
)

// percentStep undoes one layer: "%2541" gives "%41".
func percentStep(dst, raw []byte) ([]byte, int) {
	if !isPercent(raw) {
		return append(dst, raw[0]), 1
	}
	return append(dst, unhex[raw[1]]<<4|unhex[raw[2]]), 3
}

func isPercent(b []byte) bool { return len(b) >= 3 && unhex[b[1]] <= 15 && unhex[b[2]] <= 15 }

// stringStep undoes the escapes of JSON and "\x22", as nginx writes a quote.
func stringStep(dst, raw []byte) ([]byte, int) {
	if len(raw) >= 4 && raw[1] == 'x' && unhex[raw[2]] <= 15 && unhex[raw[3]] <= 15 {
		return append(dst, unhex[raw[2]]<<4|unhex[raw[3]]), 4
	}
	return jsonscan.Unescape(dst, raw)
}

// entityBytesMax bounds a character reference of HTML or XML.
const entityBytesMax = 10

func entityStep(dst, raw []byte) ([]byte, int) {
	r, n := entity(raw)
	if n == 0 {
		return append(dst, raw[0]), 1
	}
	return utf8.AppendRune(dst, r), n
}

// entity reads the reference at the head of b; n is 0 where none stands.
func entity(b []byte) (r rune, n int) {
	end := bytes.IndexByte(b[:min(len(b), entityBytesMax)], ';')
	if end < 3 {
		return 0, 0
	}
	switch name := b[1:end]; string(name) {
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "nbsp":
		return ' ', end + 1
	default:
		if name[0] != '#' {
			return 0, 0
		}
		digits, base := name[1:], 10
		if digits[0]|0x20 == 'x' {
			digits, base = digits[1:], 16
		}
		v, err := strconv.ParseUint(string(digits), base, 21)
		if err != nil || v > utf8.MaxRune {
			return 0, 0
		}
		return rune(v), end + 1
	}
}

// anything reads b as what it seems to be: a document of JSON or free text.
func (s *scanner) anything(b []byte) {
	mark := len(s.spans)
	s.plainly(b)
	s.unmask(b, mark)
}

// plainly is anything but for disguises.
func (s *scanner) plainly(b []byte) {
	if i := jsonStart(b); i >= 0 {
		s.document(b, i, s.level)
		return
	}
	s.text(b, 0, len(b))
}

// Bounds of the work on one stretch and what is inside it: so many times its
// length, and a little more, for the short ones.
const (
	workTimes    = 16
	workBytesMin = 64 << 10
)

// layer takes a buffer for one more layer of so many bytes, nil where there are
// too many.
func (s *scanner) layer(bytes int) *[]byte {
	if s.depth == 0 {
		s.work = workTimes*bytes + workBytesMin
	}
	if s.depth >= layersMax || s.work < bytes {
		return nil
	}
	s.work -= bytes
	s.depth++
	return &s.layers[s.depth-1]
}

// endLayer gives the buffer back.
func (s *scanner) endLayer(buf *[]byte, text []byte) {
	s.depth--
	if cap(text) <= scratchBytesMax {
		*buf = text[:0]
	}
}

// unwrap undoes one layer of the coding in b[lo:hi], looks for credentials in
// what comes out, and carries them back to their raw bytes. It is false where
// there are too many layers.
func (s *scanner) unwrap(b []byte, lo, hi int, c *coding) bool {
	buf := s.layer(hi - lo)
	if buf == nil {
		return false
	}
	mark := len(s.spans)
	text := c.undo((*buf)[:0], b[lo:hi])
	s.anything(text)
	s.endLayer(buf, text)
	found := s.spans[mark:]
	for i := range found {
		found[i].quotes, found[i].rule = 0, ByEncoding
	}
	if len(found) > 0 {
		carryBack(found, b[lo:hi], lo, c)
	}
	return true
}

// carryBack turns places in the undone text into places in b, where raw begins
// at lo.
func carryBack(spans []span, raw []byte, lo int, c *coding) {
	i, done := 0, 0 // raw[:i] gave done bytes
	var buf [8]byte
	move := func(to int) int {
		for i < len(raw) && done < to {
			if raw[i] != c.lead {
				n := bytes.IndexByte(raw[i:], c.lead)
				if n < 0 {
					n = len(raw) - i
				}
				n = min(n, to-done)
				i, done = i+n, done+n
				continue
			}
			out, n := c.step(buf[:0], raw[i:])
			i, done = i+n, done+len(out)
		}
		return lo + i
	}
	for k := range spans {
		spans[k].lo = move(spans[k].lo)
		spans[k].hi = move(spans[k].hi)
	}
}

// stretchStart goes back from i to where what an escape is part of begins.
func stretchStart(b []byte, lo, i int) int {
	k := i
	for k > lo && i-k < judgedBytesMax && isNameByte(b[k-1]) {
		k--
	}
	return k
}

// percentStretch undoes the percent-encoding around the escape at i, and gives
// the index to go on from; 0 where it cannot.
func (s *scanner) percentStretch(b []byte, i, lo, hi int) int {
	if !isPercent(b[i:hi]) {
		return 0
	}
	end := i
	for end < hi && textEnds[b[end]]&endsURL == 0 {
		end++
	}
	if !s.unwrap(b, stretchStart(b, lo, i), end, &percentCoding) {
		return 0
	}
	return end
}

// entityStretch is as percentStretch for the references of HTML and XML.
func (s *scanner) entityStretch(b []byte, i, lo, hi int) int {
	if _, n := entity(b[i:hi]); n == 0 {
		return i + 1
	}
	end := hi
	if n := bytes.IndexAny(b[i:hi], "<>\"`"); n >= 0 {
		end = i + n
	}
	if !s.unwrap(b, stretchStart(b, lo, i), end, &entityCoding) {
		return i + 1
	}
	return end
}

// escapeStretch is as percentStretch for "\u0022" and "\x22" in text that is no
// JSON by itself.
func (s *scanner) escapeStretch(b []byte, i, lo, hi int) int {
	if !isEscape(b[i:hi]) {
		return i + 1
	}
	end := hi
	if n := bytes.IndexByte(b[i:hi], '\n'); n >= 0 {
		end = i + n
	}
	if !s.unwrap(b, stretchStart(b, lo, i), end, &stringCoding) {
		return i + 1
	}
	return end
}

func isEscape(b []byte) bool {
	digits := 0
	switch {
	case len(b) < 4:
		return false
	case b[1] == 'x':
		digits = 2
	case b[1] == 'u':
		digits = 4
	}
	if digits == 0 || len(b) < 2+digits {
		return false
	}
	for _, c := range b[2 : 2+digits] {
		if unhex[c] > 15 {
			return false
		}
	}
	return true
}
