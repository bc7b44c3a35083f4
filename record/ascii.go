package record

import (
	"bytes"
	"encoding/binary"
)

// unhex gives the value of a hex digit, 0xff for any other byte.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = byte(10+i), byte(10+i)
	}
	return t
}()

func isDigit(c byte) bool  { return c-'0' < 10 }
func isUpper(c byte) bool  { return c-'A' < 26 }
func isLower(c byte) bool  { return c-'a' < 26 }
func isLetter(c byte) bool { return c|0x20-'a' < 26 }
func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// equalFold compares without regard to the case of ASCII letters.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		x, y := b[i], s[i]
		if x != y && (x|0x20 != y|0x20 || !isLetter(x)) {
			return false
		}
	}
	return true
}

func trimSpace(b []byte) []byte { return bytes.Trim(b, " \t\r\n") }

// cutByte is bytes.Cut for one byte.
func cutByte(b []byte, sep byte) (before, after []byte) {
	if i := bytes.IndexByte(b, sep); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}

// schemes are the authentication schemes (IANA registry and common others)
// whose name may stay when the credentials go.
var schemes = [...]string{"bearer", "basic", "digest", "token", "apikey", "api-key", "dpop", "hawk", "oauth", "mac",
	"negotiate", "ntlm", "aws4-hmac-sha256", "hoba", "mutual", "privatetoken", "gnap", "scram-sha-256", "key", "sharedaccesssignature"}

// cutScheme splits "Bearer xxx". It is false where no known scheme stands.
func cutScheme(v []byte) (scheme, credentials []byte, ok bool) {
	i := bytes.IndexByte(v, ' ')
	if i <= 0 {
		return nil, nil, false
	}
	for _, s := range schemes {
		if equalFold(v[:i], s) {
			return v[:i], trimSpace(v[i:]), true
		}
	}
	return nil, nil, false
}

// load64 reads 8 bytes, little-endian on any machine.
func load64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
