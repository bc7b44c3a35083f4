package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
)

// TestFuseLater: what a later run finds out of the fresh sides and those around
// them is what is found out of all, or it says that it cannot tell. What it does
// not touch stays as it was.
func TestFuseLater(t *testing.T) {
	settled, turned, joined := 0, 0, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		all, reachS := laterSides(r)
		calls := []queries.FusePair{}
		for a := int64(1); a <= 4; a++ {
			for b := a + 1; b <= 4; b++ {
				n := int64(r.IntN(60))
				calls = append(calls, queries.FusePair{A: a, B: b, Host: 1, CallsA: n, CallsB: n})
			}
		}
		old := withoutFresh(all)
		was, want := Fuse(queries.FuseCase{Sides: old, Pairs: calls}), Fuse(queries.FuseCase{Sides: all, Pairs: calls})
		some := around(all, reachS)
		got := Fuse(queries.FuseCase{Sides: some, Pairs: was.Pairs, Later: true})
		if got.Wider || got.Anew {
			turned++
			continue
		}
		settled++
		joined += len(got.Clusters)
		if g, w := fmt.Sprint(got.Pairs), fmt.Sprint(want.Pairs); g != w {
			t.Fatalf("seed %d: counts\ngot  %s\nwant %s", seed, g, w)
		}
		touched := map[int64]bool{}
		for i, s := range some {
			if got.Touched[i] {
				touched[s.Offset] = true
			}
		}
		now := answers(some, got, func(offset int64) bool { return touched[offset] })
		now = append(now, answers(old, was, func(offset int64) bool { return !touched[offset] })...)
		slices.Sort(now)
		whole := answers(all, want, func(int64) bool { return true })
		slices.Sort(whole)
		if !slices.Equal(now, whole) {
			t.Fatalf("seed %d, %d sides of %d:\ngot  %s\nwant %s", seed, len(some), len(all), now, whole)
		}
	}
	if settled < 1000 || joined < 500 || turned < 100 {
		t.Errorf("%d cases are settled with %d exchanges, %d are not: this shows nothing", settled, joined, turned)
	}
}

// laterSides are calls of one host over a while; some of the lines are fresh.
func laterSides(r *rand.Rand) (sides []queries.FuseSide, reachS int64) {
	spreadS := []int{60, 600, 4000, 400_000}[r.IntN(4)]
	maybe := func(odds int, n uint64) uint64 {
		if r.IntN(odds) > 0 {
			return 0
		}
		return 1 + r.Uint64N(n)
	}
	freshFrom := r.IntN(spreadS)
	odds := 1 + r.IntN(5)
	for i := range 10 + r.IntN(60) {
		at := r.IntN(spreadS)
		s := side(1+r.IntN(4), at, request(maybe(odds, 40)), client(maybe(odds+1, 40)), trace(maybe(odds+2, 20), maybe(3, 3)),
			status([]int64{503, 503, 200, 0}[r.IntN(4)]), answered(int64(r.IntN(3))-1), called(1, 1+maybe(2, 3)))
		s.Format = s.Origin % 3
		s.Timed = r.IntN(40) > 0
		s.Offset = int64(i) // a place is one side's
		if r.IntN(3) > 0 || at < freshFrom || at >= freshFrom+spreadS/10 {
			s.Round = 1
		}
		sides = append(sides, s)
	}
	return sides, int64(spreadS) * int64(1+r.IntN(10)) / 10
}

// around gives the fresh sides and others within reach of them, and says of which
// not all that may have a say are there.
func around(all []queries.FuseSide, reachS int64) (some []queries.FuseSide) {
	in := make([]bool, len(all))
	for i, s := range all {
		in[i] = s.Round == 0 || slices.ContainsFunc(all, func(o queries.FuseSide) bool {
			return o.Round == 0 && (!o.Timed || !s.Timed || max(o.TSUS-s.TSUS, s.TSUS-o.TSUS) <= reachS*1e6)
		})
	}
	for i, s := range all {
		if !in[i] {
			continue
		}
		for j, o := range all {
			apart := max(o.TSUS-s.TSUS, s.TSUS-o.TSUS)
			shared := func(a, b uint64) bool { return a != 0 && a == b }
			ids := shared(s.Request, o.Request) || shared(s.Client, o.Client) || shared(s.Request, o.Client) || shared(s.Client, o.Request) || shared(s.Trace, o.Trace)
			near := ids && (!s.Timed || !o.Timed || apart <= FuseIDSpreadMaxUS) || s.RequestKey == o.RequestKey && s.Timed && o.Timed && apart <= fuseSpreadUS
			s.Rim = s.Rim || !in[j] && near
		}
		some = append(some, s)
	}
	return some
}

// answers lists what is said of the sides that are chosen, by their offsets.
func answers(sides []queries.FuseSide, a queries.FuseAnswer, of func(offset int64) bool) (list []string) {
	for _, c := range a.Clusters {
		var parts []string
		chosen := false
		for i, s := range c.Sides {
			chosen = chosen || of(sides[s].Offset)
			parts = append(parts, fmt.Sprint(sides[s].Offset, " ", c.Keys[i]))
		}
		if chosen {
			list = append(list, strings.Join(parts, " + "))
		}
	}
	for _, open := range a.Apart {
		if at := sides[open.Side].Offset; of(at) {
			list = append(list, fmt.Sprint(at, "? ", open.Key, " ", open.Candidates))
		}
	}
	return list
}
