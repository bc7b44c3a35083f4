// Package jsonscan reads JSON in place, without building a tree: bodies and log
// lines are looked at once, by whoever knows which members matter.
//
// Start with [Object]; a nested value is handed out raw and is read by calling
// Object or [Array] on it. The package promises to take any bytes: nothing
// panics, nesting costs no stack, and a document that is cut off gives all
// members before the cut and [ErrTruncated]. Values are syntax-checked only as
// far as finding their end needs.
package jsonscan

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the JSON type of a raw value.
type Kind byte

// The kinds. Invalid is anything that begins no JSON value.
const (
	Invalid Kind = iota
	String
	Number
	ObjectKind
	ArrayKind
	Bool
	Null
)

// Errors of a scan. A truncated document ends where a value should go on; any
// other fault is ErrSyntax.
var (
	ErrTruncated = errors.New("JSON ends too early")
	ErrSyntax    = errors.New("not JSON")
)

// KindOf tells the kind of the value that begins at b, leading space skipped.
func KindOf(b []byte) Kind {
	i := space(b, 0)
	if i >= len(b) {
		return Invalid
	}
	switch c := b[i]; {
	case c == '"':
		return String
	case c == '{':
		return ObjectKind
	case c == '[':
		return ArrayKind
	case c == '-' || c >= '0' && c <= '9':
		return Number
	case c == 't' || c == 'f':
		return Bool
	case c == 'n':
		return Null
	}
	return Invalid
}

// Object calls member for every member of the object that b begins with, in
// order and duplicates included, until it returns false. The key is unquoted
// where it has escapes; value is raw, with its quotes, and may be cut short
// when the error is [ErrTruncated]. rest is what follows the object.
func Object(b []byte, member func(key, value []byte, kind Kind) bool) (rest []byte, err error) {
	i := space(b, 0)
	if i >= len(b) {
		return nil, ErrTruncated
	}
	if b[i] != '{' {
		return b, ErrSyntax
	}
	i = space(b, i+1)
	if i < len(b) && b[i] == '}' {
		return b[i+1:], nil
	}
	for {
		if i >= len(b) {
			return nil, ErrTruncated
		}
		if b[i] != '"' {
			return b[i:], ErrSyntax
		}
		end, err := skip(b, i)
		if err != nil {
			return nil, err
		}
		key := Unquote(nil, b[i:end])
		i = space(b, end)
		if i >= len(b) {
			return nil, ErrTruncated
		}
		if b[i] != ':' {
			return b[i:], ErrSyntax
		}
		i = space(b, i+1)
		end, err = skip(b, i)
		if i < end && !member(key, b[i:end], KindOf(b[i:end])) {
			return b[end:], err
		}
		if err != nil {
			return b[end:], err
		}
		var done bool
		if i, done, err = next(b, end, '}'); done || err != nil {
			return b[i:], err
		}
	}
}

// Array calls element for every element of the array that b begins with, until
// it returns false; the rest is as for [Object].
func Array(b []byte, element func(index int, value []byte, kind Kind) bool) (rest []byte, err error) {
	i := space(b, 0)
	if i >= len(b) {
		return nil, ErrTruncated
	}
	if b[i] != '[' {
		return b, ErrSyntax
	}
	i = space(b, i+1)
	if i < len(b) && b[i] == ']' {
		return b[i+1:], nil
	}
	for n := 0; ; n++ {
		if i >= len(b) {
			return nil, ErrTruncated
		}
		end, err := skip(b, i)
		if i < end && !element(n, b[i:end], KindOf(b[i:end])) {
			return b[end:], err
		}
		if err != nil {
			return b[end:], err
		}
		var done bool
		if i, done, err = next(b, end, ']'); done || err != nil {
			return b[i:], err
		}
	}
}

// next moves past the comma after a value, or past the closing byte.
func next(b []byte, i int, closing byte) (at int, done bool, err error) {
	i = space(b, i)
	if i >= len(b) {
		return len(b), false, ErrTruncated
	}
	switch b[i] {
	case closing:
		return i + 1, true, nil
	case ',':
		return space(b, i+1), false, nil
	}
	return i, false, ErrSyntax
}

// Skip returns the value that b begins with, leading space skipped, and what
// follows it.
func Skip(b []byte) (value, rest []byte, err error) {
	i := space(b, 0)
	end, err := skip(b, i)
	return b[i:end], b[end:], err
}

// Valid reports whether b is one JSON value and nothing else, as far as this
// package looks.
func Valid(b []byte) bool {
	v, rest, err := Skip(b)
	return err == nil && len(v) > 0 && space(rest, 0) == len(rest)
}

// skip returns the index after the value that begins at i.
func skip(b []byte, i int) (int, error) {
	if i >= len(b) {
		return len(b), ErrTruncated
	}
	switch c := b[i]; {
	case c == '"':
		return skipString(b, i)
	case c == '{' || c == '[':
		return skipNested(b, i)
	case c == '-' || c == 't' || c == 'f' || c == 'n' || c >= '0' && c <= '9':
		j := i + 1
		for j < len(b) && isScalar(b[j]) {
			j++
		}
		return j, nil
	}
	return i, ErrSyntax
}

func isScalar(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '+' || c == '-' || c == '.' || c == 'E'
}

// skipString looks at eight bytes at once for the next quote or backslash. A
// text that was quoted twice has one every few bytes, so all those of the eight
// are looked at before the next eight are.
func skipString(b []byte, i int) (int, error) {
	for i++; i+8 <= len(b); {
		match := specials(binary.LittleEndian.Uint64(b[i:]))
		next := i + 8
		for match != 0 {
			at := i + bits.TrailingZeros64(match)/8
			if b[at] == '"' {
				return at + 1, nil
			}
			next = max(next, at+2)
			match &= match - 1
			match &^= 0x80 << (8 * (at + 1 - i)) // what is escaped says nothing
		}
		i = next
	}
	for ; i < len(b); i++ {
		if b[i] == '"' {
			return i + 1, nil
		}
		if b[i] == '\\' {
			i++
		}
	}
	return len(b), ErrTruncated
}

// specials sets the highest bit of each of eight bytes that is a quote or a
// backslash, and no other bit: no sum carries into the next byte.
func specials(w uint64) uint64 {
	const ones, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	quote, slash := w^('"'*ones), w^('\\'*ones)
	return ^((quote&low+low|quote)&(slash&low+low|slash) | low)
}

// special is the index of the first quote or backslash in eight bytes, 8 where
// there is none. x-ones carries into the next byte only behind a match, so the
// first match is always a true one.
func special(w uint64) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	quote, slash := w^('"'*ones), w^('\\'*ones)
	match := ((quote-ones)&^quote | (slash-ones)&^slash) & high
	return bits.TrailingZeros64(match) / 8
}

// skipNested counts braces and brackets together: a document that mixes them
// up is found out by whoever reads its members.
func skipNested(b []byte, i int) (int, error) {
	depth := 0
	for j := i; j < len(b); j++ {
		if !structural[b[j]] {
			continue
		}
		switch b[j] {
		case '"':
			end, err := skipString(b, j)
			if err != nil {
				return end, err
			}
			j = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return j + 1, nil
			}
		}
	}
	return len(b), ErrTruncated
}

// structural are the bytes that begin or end strings, objects and lists.
var structural = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// Unquote returns the text of a raw string value. Without escapes it is a view
// into raw; with escapes it is appended to dst. A cut-off string gives what is
// there; a broken escape is kept as it stands; a lone surrogate becomes U+FFFD.
// A value that is no string is returned unchanged.
func Unquote(dst, raw []byte) []byte {
	if len(raw) == 0 || raw[0] != '"' {
		return raw
	}
	raw = raw[1:]
	plain := 0
	for plain+8 <= len(raw) && special(binary.LittleEndian.Uint64(raw[plain:])) == 8 {
		plain += 8
	}
	for plain < len(raw) && raw[plain] != '"' && raw[plain] != '\\' {
		plain++
	}
	if plain == len(raw) || raw[plain] == '"' {
		return raw[:plain]
	}
	start := len(dst)
	dst = append(dst, raw[:plain]...)
	for i := plain; i < len(raw) && raw[i] != '"'; {
		if i+8 <= len(raw) {
			n := special(binary.LittleEndian.Uint64(raw[i:]))
			dst = append(dst, raw[i:i+n]...)
			if i += n; n == 8 || raw[i] == '"' {
				continue
			}
		} else if raw[i] != '\\' {
			dst = append(dst, raw[i])
			i++
			continue
		}
		var n int
		dst, n = Unescape(dst, raw[i:])
		i += n
	}
	return dst[start:]
}

// Unescape appends what the escape at the head of raw means and says how many
// bytes it took.
func Unescape(dst, raw []byte) ([]byte, int) {
	if len(raw) < 2 {
		return append(dst, raw...), len(raw)
	}
	switch c := raw[1]; c {
	case 'n':
		return append(dst, '\n'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case '"', '\\', '/':
		return append(dst, c), 2
	case 'u':
		r, ok := hex4(raw[2:])
		if !ok {
			break
		}
		if utf16.IsSurrogate(r) && len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
			if low, ok := hex4(raw[8:]); ok {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					return utf8.AppendRune(dst, pair), 12
				}
			}
		}
		return utf8.AppendRune(dst, r), 6 // a lone surrogate is written as U+FFFD
	}
	return append(dst, raw[:2]...), 2
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
