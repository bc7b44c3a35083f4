package analysis

import (
	"github.com/errscope/errscope/queries"
)

// fusePair is two origins that call one host, by number.
type fusePair struct {
	a, b int64
	host uint64
}

// fuseShareMin: of two logs of the same calls most lines of the one with fewer
// have their counterpart. Of logs of different calls one in six has one by chance
// at most: with more traffic there are several to choose from, and none is chosen.
const fuseShareMin = 1.0 / 3

// fuseBelief tells of which origins the time can be believed.
type fuseBelief struct {
	pairs   []fusePair
	traffic []queries.FuseTraffic
}

// fuseHour is an origin's traffic with a host by the hour.
type fuseHour struct {
	origin, hour int64
	host         uint64
}

// of says for each pair whether so many of their lines were chosen for each other
// that this is no chance.
func (b *fuseBelief) of(f *fuser, kept []fuseEdge) []bool {
	believed := make([]bool, len(b.pairs))
	chosen := make([]int64, len(b.pairs))
	for _, e := range kept {
		chosen[e.pair]++
	}
	if b.traffic == nil {
		for i := range believed {
			believed[i] = true
		}
		return believed
	}
	calls := map[fuseHour]int64{}
	hours := map[fusePair][]int64{} // of each origin and host: a alone
	for _, t := range b.traffic {
		calls[fuseHour{t.Origin, t.Hour, t.Host}] += t.Calls
		own := fusePair{a: t.Origin, host: t.Host}
		hours[own] = append(hours[own], t.Hour)
	}
	joined := f.joinedPairs()
	for i, p := range b.pairs {
		var of, with int64 // the calls of each in the hours of both
		for _, hour := range hours[fusePair{a: p.a, host: p.host}] {
			if n := calls[fuseHour{p.b, hour, p.host}]; n > 0 {
				of, with = of+calls[fuseHour{p.a, hour, p.host}], with+n
			}
		}
		open := min(of, with) - joined[p]
		believed[i] = float64(chosen[i]) >= fuseShareMin*float64(open)
	}
	return believed
}

// joinedPairs counts the exchanges that ids have joined, by origins and host.
func (f *fuser) joinedPairs() map[fusePair]int64 {
	counts := map[fusePair]int64{}
	for i := range f.units {
		sides := f.units[i].sides
		for n, s := range sides {
			for _, o := range sides[n+1:] {
				x, y := &f.sides[s], &f.sides[o]
				counts[fusePair{min(x.Origin, y.Origin), max(x.Origin, y.Origin), x.Host}]++
			}
		}
	}
	return counts
}
