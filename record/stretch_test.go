package record

import (
	"slices"
	"testing"
)

func TestStretchWithout(t *testing.T) {
	s := func(from, to int64) Stretch { return Stretch{10 * from, 10 * to, from, to} }
	for name, c := range map[string]struct{ taken, want []Stretch }{
		"nothing":          {nil, []Stretch{s(5, 9)}},
		"beside it":        {[]Stretch{s(0, 5), s(9, 12)}, []Stretch{s(5, 9)}},
		"its beginning":    {[]Stretch{s(0, 6)}, []Stretch{s(6, 9)}},
		"its end":          {[]Stretch{s(8, 9)}, []Stretch{s(5, 8)}},
		"its middle twice": {[]Stretch{s(8, 9), s(6, 7)}, []Stretch{s(5, 6), s(7, 8)}},
		"all of it":        {[]Stretch{s(5, 7), s(6, 9)}, nil},
	} {
		if got := s(5, 9).Without(c.taken); !slices.Equal(got, c.want) {
			t.Errorf("without %s: %v, want %v", name, got, c.want)
		}
	}
	if got := s(5, 9).Shift(-50, -5); got != s(0, 4) {
		t.Errorf("shifted to %v", got)
	}
}
