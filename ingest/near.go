package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Columns of a log are short, so what ends them is near. The functions of this
// file look at eight bytes at a time: for a few bytes that costs less than the
// call of the vector code that [bytes.IndexByte] is.

const (
	bytesOfOne  = 0x0101010101010101 // a byte times this is eight of it
	bytesOfHigh = 0x8080808080808080
)

// zeroBytes sets the highest bit of the first byte of w that is zero. Bits
// above it may be set by mistake, for the borrow travels upwards.
func zeroBytes(w uint64) uint64 { return (w - bytesOfOne) &^ w & bytesOfHigh }

// near is where the first c in b stands, or the length of b.
func near(b []byte, c byte) int {
	want := uint64(c) * bytesOfOne
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if m := zeroBytes(binary.LittleEndian.Uint64(b[i:]) ^ want); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for ; i < len(b); i++ {
		if b[i] == c {
			return i
		}
	}
	return i
}

// nearText is where the first text in b stands, or -1.
func nearText(b, text []byte) int {
	for from := 0; ; from++ {
		from += near(b[from:], text[0])
		if len(b)-from < len(text) {
			return -1
		}
		if begins(b[from:], text) {
			return from
		}
	}
}

// begins is [bytes.HasPrefix] for a short text.
func begins(b, text []byte) bool {
	if len(b) < len(text) {
		return false
	}
	for i, c := range text {
		if b[i] != c {
			return false
		}
	}
	return true
}

// lastText is where the last text in b stands, or -1. It looks for the first
// byte of the text, which should be rare.
func lastText(b, text []byte) int {
	for end := len(b) - len(text) + 1; end > 0; {
		i := bytes.LastIndexByte(b[:end], text[0])
		if i < 0 || string(b[i:i+len(text)]) == string(text) {
			return i
		}
		end = i
	}
	return -1
}

// nearBlank is where the first blank or tab in b stands, or the length of b.
func nearBlank(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if m := zeroBytes(w^' '*bytesOfOne) | zeroBytes(w^'\t'*bytesOfOne); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for ; i < len(b); i++ {
		if b[i] == ' ' || b[i] == '\t' {
			return i
		}
	}
	return i
}

// nearKeyEnd is where the first '=', blank or tab in b stands, or the length of
// b.
func nearKeyEnd(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if m := zeroBytes(w^'='*bytesOfOne) | zeroBytes(w^' '*bytesOfOne) | zeroBytes(w^'\t'*bytesOfOne); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(b) && b[i] != '=' && b[i] != ' ' && b[i] != '\t' {
		i++
	}
	return i
}

// hasUpper reports whether b has a letter from A to Z, or, for the few texts
// that have any, a byte beyond ASCII before the first of them.
func hasUpper(b []byte) bool {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if w&bytesOfHigh != 0 || (w+(0x80-'A')*bytesOfOne)&^(w+(0x80-'Z'-1)*bytesOfOne)&bytesOfHigh != 0 {
			return true
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c >= 'A' && c <= 'Z' {
			return true
		}
	}
	return false
}
