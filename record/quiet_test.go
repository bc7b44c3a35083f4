package record

import (
	"bytes"
	"testing"
)

// TestIsQuiet puts each byte at each place: what is quiet has no sign, and the
// bytes of plain paths are quiet.
func TestIsQuiet(t *testing.T) {
	const plain = "abcXYZ019-_./,@"
	for n := 8; n <= 25; n++ {
		b := bytes.Repeat([]byte{'a'}, n)
		for at := range b {
			for c := range 256 {
				b[at] = byte(c)
				quiet := isQuiet(b)
				if quiet && hasSign(b) {
					t.Fatalf("%q has a sign and is quiet", b)
				}
				if !quiet && bytes.IndexByte([]byte(plain), byte(c)) >= 0 {
					t.Fatalf("%q is not quiet", b)
				}
			}
			b[at] = 'a'
		}
	}
}

// TestIsHexID puts each byte at each place of both forms.
func TestIsHexID(t *testing.T) {
	for _, id := range []string{"5f54cdb34f0c90887e4328bc0f7dfb8a", "36ab27d0-fd9d-4455-823a-ce30af709ffc"} {
		for at := range id {
			for c := range 256 {
				b := []byte(id)
				b[at] = byte(c)
				want := isDigit(byte(c)) || c >= 'a' && c <= 'f'
				if id[at] == '-' {
					want = c == '-'
				}
				if isHexID(b) != want {
					t.Fatalf("%q: %v", b, !want)
				}
			}
		}
		if isHexID([]byte(id[1:])) || isHexID([]byte(id+"0")) {
			t.Errorf("%s is an id with a digit more or less", id)
		}
	}
}

// TestHexIDIsNoToken holds what lets ids pass unseen: each known prefix has a
// byte that is no hex digit in lower case.
func TestHexIDIsNoToken(t *testing.T) {
	n := 0
	for _, prefixes := range tokenPrefixes {
		for _, p := range prefixes {
			n++
			if len(bytes.Trim([]byte(p.text), "0123456789abcdef-")) == 0 {
				t.Errorf("%q begins ids, too", p.text)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d prefixes", n)
	}
}
