package record

import (
	"bytes"
	"unicode/utf8"
)

// A disguise is a character that a reader takes for another one, or does not see
// at all: "pass\u00adword", "ｔｏｋｅｎ", a Cyrillic "а". Credentials and their names are
// looked for with disguises taken off, too.

// wearsDisguise reports whether b may hold a disguise that matters. Text of ASCII
// alone is told at eight bytes a step.
func wearsDisguise(b []byte) bool {
	i := firstOdd(b)
	for i < len(b) {
		if b[i] != 0 && b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if b[i] == 0 {
			return true
		}
		_, n, how := undisguise(b[i:])
		switch how {
		case alwaysDisguise:
			return true
		case lookAlike:
			// A word of another script is honest; one of two scripts is not.
			if i > 0 && isLetter(b[i-1]) || i+n < len(b) && isLetter(b[i+n]) {
				return true
			}
		}
		i += n
	}
	return false
}

// firstOdd gives the index of a byte near the first that is NUL or not ASCII.
func firstOdd(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		x := load64(b[i:])
		if (x|(x-eachByte)&^x)&highBits != 0 {
			break
		}
	}
	return i
}

// What a character that is not ASCII is.
type disguise uint8

const (
	honest         disguise = iota
	alwaysDisguise          // not seen, or a form of an ASCII character
	lookAlike               // a letter of another script with the looks of an ASCII one
)

// undisguise gives what a reader sees in the character at the head of b, 0 for
// nothing, and how many bytes it takes.
func undisguise(b []byte) (seen byte, n int, how disguise) {
	if b[0] == 0 {
		return 0, 1, alwaysDisguise
	}
	r, n := utf8.DecodeRune(b)
	switch {
	case r < 0xad:
		if r == 0xa0 {
			return ' ', n, alwaysDisguise
		}
		return 0, n, honest
	case r >= 0x370 && r < 0x530:
		if c := looksLike(r); c != 0 {
			return c, n, lookAlike
		}
		return 0, n, honest
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x180e, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r == 0x3164, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff, r == 0xffa0, r >= 0xe0000 && r <= 0xe0fff:
		return 0, n, alwaysDisguise
	case r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f, r == 0x3000:
		return ' ', n, alwaysDisguise
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xfe63:
		return '-', n, alwaysDisguise
	case r >= 0xff01 && r <= 0xff5e:
		c := byte(r - 0xff01 + '!')
		if isLetter(c) || isDigit(c) || bytes.IndexByte([]byte("-_.:=@/"), c) >= 0 {
			return c, n, alwaysDisguise
		}
	}
	return 0, n, honest
}

// looksLike gives the ASCII letter that a Greek or Cyrillic one is taken for.
func looksLike(r rune) byte {
	const (
		cyrillic = "АаВЕеЅѕІіЈјКкМНОоРрСсТтУуХхҺһԁӀӏԚԛԜԝ"
		latin    = "AaBEeSsIiJjKkMHOoPpCcTtYyXxHhdIlQqWw"
		greek    = "ΑαΒΕεΖΗΙιΚκΜΝνΟοΡρΤτΥυΧχ"
		latin2   = "AaBEeZHIiKkMNvOoPpTtYuXx"
	)
	from, to := cyrillic, latin
	if r < 0x400 {
		from, to = greek, latin2
	}
	at := 0
	for _, c := range from {
		if c == r {
			return to[at]
		}
		at++
	}
	return 0
}

// appendUndisguised appends b as a reader sees it.
func appendUndisguised(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		if b[i] != 0 && b[i] < utf8.RuneSelf {
			dst = append(dst, b[i])
			i++
			continue
		}
		seen, n, how := undisguise(b[i:])
		switch {
		case how == honest:
			dst = append(dst, b[i:i+n]...)
		case seen != 0:
			dst = append(dst, seen)
		}
		i += n
	}
	return dst
}

// unmask reads b once more with its disguises taken off, and adds what is found
// to the spans from mark on.
func (s *scanner) unmask(b []byte, mark int) {
	if !wearsDisguise(b) {
		return
	}
	buf := s.layer(len(b))
	if buf == nil {
		return
	}
	first := len(s.spans)
	text := appendUndisguised((*buf)[:0], b)
	s.plainly(text)
	s.endLayer(buf, text)
	if len(s.spans) == first {
		return
	}
	carryDisguises(s.spans[first:], b)
	s.mergeSpans(mark)
}

// carryDisguises turns places in the text without disguises into places in raw.
// What is not seen behind a value goes with it.
func carryDisguises(spans []span, raw []byte) {
	i, done := 0, 0 // raw[:i] gave done bytes
	move := func(to int, behind bool) int {
		for i < len(raw) && (done < to || behind) {
			n, gave := 1, 1
			if raw[i] == 0 || raw[i] >= utf8.RuneSelf {
				seen, size, how := undisguise(raw[i:])
				if n, gave = size, size; how != honest {
					gave = 1
					if seen == 0 {
						gave = 0
					}
				}
			}
			if done+gave > to {
				break
			}
			i, done = i+n, done+gave
		}
		return i
	}
	for k := range spans {
		spans[k].lo = move(spans[k].lo, false)
		spans[k].hi = move(spans[k].hi, true)
		spans[k].quotes, spans[k].rule = 0, ByEncoding
	}
}

// mergeSpans brings what two passes found from mark on into one order, without
// overlaps.
func (s *scanner) mergeSpans(mark int) {
	found := s.spans[mark:]
	if len(found) < 2 {
		return
	}
	(&scanner{spans: found}).sortSpans()
	kept := found[:0]
	for _, sp := range found {
		if n := len(kept); n > 0 && sp.lo < kept[n-1].hi {
			kept[n-1].hi = max(kept[n-1].hi, sp.hi)
			continue
		}
		kept = append(kept, sp)
	}
	s.spans = s.spans[:mark+len(kept)]
}
