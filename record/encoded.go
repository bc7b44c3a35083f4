package record

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// Bounds of what is decoded to be looked at, in bytes.
const (
	encodedBytesMin  = 12      // as written
	encodedHeadBytes = 8       // as written: what is tried before all of it is decoded
	inflatedBytesMax = 1 << 20 // of one piece
	inflatedSumMax   = 8 << 20 // of all pieces of one record
	userBytesMax     = 64
	passwordBytesMin = 4
	overlapsMax      = 8 // how often one stretch is tried from different places
)

// sextets gives the value of a byte of base64 or base64url, 0xff for any other.
var sextets = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range 26 {
		t['A'+i], t['a'+i] = byte(i), byte(26+i)
	}
	for i := range 10 {
		t['0'+i] = byte(52 + i)
	}
	t['+'], t['-'], t['/'], t['_'] = 62, 62, 63, 63
	return t
}()

// isProse marks the bytes of printed text.
var isProse = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= ' ' && c != 0x7f || c == '\t' || c == '\n' || c == '\r'
	}
	return t
}()

// mayBeBase64 tries the head of a run of at least encodedHeadBytes: whether it
// decodes to ASCII text or to the head of gzip or zlib. Ids and words do not.
func mayBeBase64(b []byte) bool {
	v0, v1 := sextets[b[0]], sextets[b[1]]
	first := v0<<2 | v1>>4&3
	if (v0|v1)&0xc0 != 0 || first >= 0x80 || !isProse[first] && first != 0x1f {
		return false
	}
	var head [6]byte
	if len(appendBase64(head[:0], b[:encodedHeadBytes])) < len(head) {
		return false
	}
	decoded := appendBase64(head[:0], b[:encodedHeadBytes])
	if isDeflated(decoded) {
		return true
	}
	isObject := decoded[0] == '{' && decoded[1] == '"' // its first name may be of any script
	for _, c := range decoded {
		if c >= 0x80 && !isObject || !isProse[c] {
			return false
		}
	}
	return true
}

// isDeflated knows the heads of gzip (RFC 1952) and zlib (RFC 1950).
func isDeflated(b []byte) bool {
	return b[0] == 0x1f && b[1] == 0x8b || b[0] == 0x78 && (b[1] == 0x01 || b[1] == 0x5e || b[1] == 0x9c || b[1] == 0xda)
}

// appendBase64 decodes either alphabet up to the first byte that is of none.
func appendBase64(dst, b []byte) []byte {
	var acc uint32
	bits := 0
	for _, c := range b {
		v := sextets[c]
		if v > 63 {
			break
		}
		acc, bits = acc<<6|uint32(v), bits+6
		if bits >= 8 {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
		}
	}
	return dst
}

// mayBeHex is as mayBeBase64 for pairs of hex digits: four bytes of ASCII.
func mayBeHex(b []byte) bool {
	for i := 0; i < encodedHeadBytes; i += 2 {
		if c := b[i] - '2'; c > '7'-'2' || unhex[b[i+1]] > 15 {
			return false
		}
	}
	return true
}

func appendHex(dst, b []byte) []byte {
	for i := 0; i+1 < len(b); i += 2 {
		hi, lo := unhex[b[i]], unhex[b[i+1]]
		if hi > 15 || lo > 15 {
			break
		}
		dst = append(dst, hi<<4|lo)
	}
	return dst
}

// encoded looks into a run of token bytes that may be base64 or hex. Where a
// credential is inside, all of it goes: what is left of an encoding cannot be
// read anyway. It gives the index behind what was masked, 0 where nothing was.
func (s *scanner) encoded(b []byte, start, end, hi int) int {
	if isDigit(b[start]) && mayBeHex(b[start:]) {
		if stop := hexStop(b, start, hi); stop-start >= 2*encodedBytesMin && (stop-start)%2 == 0 && s.inside(b, start, stop, appendHex) {
			return stop
		}
	}
	if !mayBeBase64(b[start:]) {
		return 0
	}
	if start < s.triedTo {
		if s.overlaps++; s.overlaps > overlapsMax || s.depth > 0 {
			return 0
		}
	}
	stop := end
	for stop < hi && sextets[b[stop]] <= 63 {
		stop++
	}
	for pads := 0; stop < hi && b[stop] == '=' && pads < 2; pads++ {
		stop++
	}
	if stop-start < encodedBytesMin {
		return 0
	}
	if s.inside(b, start, stop, appendBase64) {
		return stop
	}
	s.triedTo = stop
	return 0
}

func hexStop(b []byte, i, hi int) int {
	for i < hi && unhex[b[i]] <= 15 {
		i++
	}
	return i
}

// inside decodes b[lo:hi] and masks all of it where it holds a credential.
func (s *scanner) inside(b []byte, lo, hi int, decode func(dst, b []byte) []byte) bool {
	buf := s.layer(hi - lo)
	if buf == nil {
		return false
	}
	mark, tried, overlaps := len(s.spans), s.triedTo, s.overlaps
	text := decode((*buf)[:0], b[lo:hi])
	var found bool
	if len(text) > 2 && isDeflated(text) {
		found = s.inflated(text)
	} else {
		s.anything(text)
		found = len(s.spans) > mark || isUserPassword(text)
	}
	s.endLayer(buf, text)
	s.spans, s.triedTo, s.overlaps = s.spans[:mark], tried, overlaps
	if found {
		s.spans = append(s.spans, span{lo: lo, hi: hi, rule: ByEncoding})
	}
	return found
}

// inflated reports whether packed bytes hold a credential. What is too long to
// be read to its end counts as if it did.
func (s *scanner) inflated(packed []byte) bool {
	buf := s.layer(len(packed))
	if buf == nil {
		return false
	}
	if s.inflatedBytes > inflatedSumMax {
		s.endLayer(buf, nil)
		return true
	}
	var in io.Reader
	var err error
	if packed[0] == 0x1f {
		in, err = gzip.NewReader(bytes.NewReader(packed))
	} else {
		in, err = zlib.NewReader(bytes.NewReader(packed))
	}
	if err != nil {
		in = flate.NewReader(bytes.NewReader(packed[2:]))
	}
	out := bytes.NewBuffer((*buf)[:0])
	// A cut end is no fault: what was read before it counts.
	_, _ = io.Copy(out, io.LimitReader(in, inflatedBytesMax+1))
	mark := len(s.spans)
	text := out.Bytes()
	s.inflatedBytes += len(text)
	s.anything(text)
	found := len(s.spans) > mark || len(text) > inflatedBytesMax
	s.spans = s.spans[:mark]
	s.endLayer(buf, text)
	return found
}

// isUserPassword reports whether decoded text is "user:password" (RFC 7617). Ids
// such as "Vehicle:12345" and "urn:x:y" are encoded as well, and stay.
func isUserPassword(b []byte) bool {
	at := bytes.IndexByte(b, ':')
	if at < 1 || at > userBytesMax || len(b)-at-1 < passwordBytesMin || b[at+1] == '/' {
		return false
	}
	user, secret := b[:at], b[at+1:]
	letters, isType := 0, isUpper(user[0])
	for _, c := range user {
		switch {
		case isLetter(c):
			letters++
		case isDigit(c), c == '@', c == '.', c == '-', c == '_', c == '+':
			isType = false
		default:
			return false
		}
	}
	if letters == 0 || isType || equalFold(user, "urn") || equalFold(user, "cursor") || equalFold(user, "arrayconnection") {
		return false
	}
	digits := 0
	for _, c := range secret {
		if c <= ' ' || c >= 0x7f || c == '{' || c == '"' {
			return false
		}
		if isDigit(c) || c == '-' || c == ':' {
			digits++
		}
	}
	return digits < len(secret) && !isHexID(secret)
}
