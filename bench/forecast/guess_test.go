package main

import (
	"testing"
	"time"
)

// TestReached: the end is where the demand comes to what is left, within the hour
// too, and sum is its inverse.
func TestReached(t *testing.T) {
	hours := []int64{10, 0, 0, 20}
	for _, c := range []struct {
		want float64
		at   time.Duration
	}{{5, 30 * time.Minute}, {10, time.Hour}, {20, 3*time.Hour + 30*time.Minute}, {30, 4 * time.Hour}, {31, 4 * time.Hour}} {
		at := reached(hours, c.want)
		if at != c.at || c.want <= 30 && sum(hours, at) != c.want {
			t.Errorf("%v is reached at %v, want %v; the sum there is %v", c.want, at, c.at, sum(hours, at))
		}
	}
}

// TestGuessEven: of demand that is as even as the rhythm says, the oracle knows the end,
// and the projection is near it.
func TestGuessEven(t *testing.T) {
	s := series{Quota: "even", Start: time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)}
	for range 14 * 24 {
		s.Wanted, s.Expected = append(s.Wanted, 60), append(s.Expected, 60)
	}
	all := s.guesses()
	if len(all) == 0 {
		t.Fatal("nothing was asked")
	}
	for _, g := range all {
		if !g.said || !g.inside || g.best > 0.02 || g.off > 0.02 {
			t.Errorf("%+v", g)
		}
	}
}
