package store

import (
	"fmt"
	"testing"
)

// TestIDHash: the hashes are stored, so that they must never change; and ids that
// differ a little must not meet.
func TestIDHash(t *testing.T) {
	for id, want := range map[string]uint64{"": 0, "a": 10544185977939594041, "0123456789abcdef": 5865419694818915887, "req-7f3a91c2": 11703324447645294212} {
		if got := idHash([]byte(id)); got != want {
			t.Errorf("%q: %d, want %d", id, got, want)
		}
	}
	seen := map[uint64]string{}
	for i := range 200_000 {
		for _, id := range [...]string{fmt.Sprint(i), fmt.Sprintf("req-%08d", i), fmt.Sprintf("%032x", i), fmt.Sprintf("%x0000000000000000", i)} {
			h := idHash([]byte(id))
			if other, ok := seen[h]; ok && other != id {
				t.Fatalf("%s and %s have one hash", id, other)
			}
			seen[h] = id
		}
	}
}
