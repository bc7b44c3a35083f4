package record

import "encoding/binary"

// needKinds are textKinds in which a space counts as a sign, for it stands in
// "Bearer x".
var needKinds = func() [256]byte {
	t := textKinds
	t[' '] = signByte
	return t
}()

// needsText reports whether a short field can hold a credential at all: it has
// a sign around which they stand, or a run of bytes as long as a token.
func needsText(b []byte) bool {
	return !isQuiet(b) && hasSign(b) || hasRun(b, shapeBytesMin+1)
}

func hasSign(b []byte) bool {
	var seen byte
	for _, c := range b {
		seen |= needKinds[c]
	}
	return seen&signByte != 0
}

// hasRun reports whether n token bytes stand in a row. It looks at each n-th
// byte and goes back only from those that may be inside a run.
func hasRun(b []byte, n int) bool {
	for i := n - 1; i < len(b); {
		from := i
		for from > i-n && textKinds[b[from]]&wordByte != 0 {
			from--
		}
		if from == i-n {
			return true
		}
		i = from + n
	}
	return false
}

// Eight bytes in one word: the sum of a byte and 0x80-c has its highest bit set
// where the byte is at least c. Bytes from 0x80 on would carry over, so they
// are kept out first.
const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// isQuiet reports whether b surely has no sign: all its bytes are letters,
// digits or of "-_./,@`" and DEL. It looks at eight bytes at a time and says
// false for what is shorter.
func isQuiet(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	bad := loudBytes(load64(b[len(b)-8:]))
	for ; len(b) > 8; b = b[8:] {
		bad |= loudBytes(load64(b))
	}
	return bad&highBits == 0
}

// loudBytes sets the highest bit of the bytes for which isQuiet is false.
func loudBytes(x uint64) uint64 {
	low := x &^ highBits
	folded := low | 0x20*eachByte
	letter := (folded + (0x80-0x60)*eachByte) &^ (folded + (0x80-0x7b)*eachByte)
	digit := (low + (0x80-',')*eachByte) &^ (low + (0x80-':')*eachByte)
	return ^(letter | digit | (folded + (0x80-0x7f)*eachByte)) | x
}

// isHexID reports whether b is an id of 32 hex digits, or of 36 as a UUID is
// written, in lower case. No credential that is known by its shape looks so.
func isHexID(b []byte) bool {
	switch len(b) {
	case 32:
		return (notHex(load64(b))|notHex(load64(b[8:]))|notHex(load64(b[16:]))|notHex(load64(b[24:])))&highBits == 0
	case 36:
		if b[8] != '-' || b[13] != '-' || b[18] != '-' || b[23] != '-' {
			return false
		}
		second := load32(b[9:]) | load32(b[14:])<<32
		third := load32(b[19:]) | load32(b[24:])<<32
		return (notHex(load64(b))|notHex(second)|notHex(third)|notHex(load64(b[28:])))&highBits == 0
	}
	return false
}

// isNamedID reports whether b is an id of 32 hex digits behind two capitals that say
// of what, as calls and messages have them: "CA…" under "sid".
func isNamedID(b []byte) bool {
	return len(b) == 34 && isUpper(b[0]) && isUpper(b[1]) && isHexID(b[2:])
}

// notHex sets the highest bit of the bytes that are no hex digit in lower case.
func notHex(x uint64) uint64 {
	low := x &^ highBits
	digit := (low + (0x80-'0')*eachByte) &^ (low + (0x80-':')*eachByte)
	letter := (low + (0x80-'a')*eachByte) &^ (low + (0x80-'g')*eachByte)
	return ^(digit | letter) | x
}

func load32(b []byte) uint64 { return uint64(binary.LittleEndian.Uint32(b)) }
