package jsonscan

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// TestSkipString holds the eight bytes at a time against one at a time, on texts
// that are mostly quotes and backslashes.
func TestSkipString(t *testing.T) {
	plain := func(b []byte) (int, error) {
		for i := 1; i < len(b); i++ {
			switch b[i] {
			case '"':
				return i + 1, nil
			case '\\':
				i++
			}
		}
		return len(b), ErrTruncated
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := []byte{'"'}
		for range random.IntN(40) {
			text = append(text, `\\\"#]![aaaa`[random.IntN(12)]+byte(random.IntN(2)*0x80)*byte(random.IntN(2)))
		}
		end, err := skipString(text, 0)
		if want, failure := plain(text); end != want || !errors.Is(err, failure) {
			t.Fatalf("%q ends at %d (%v), want %d (%v)", text, end, err, want, failure)
		}
	}
}
