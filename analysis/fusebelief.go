package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// fusePair is two origins that call one host, by number.
type fusePair struct {
	a, b int64
	host uint64
}

func pairOf(a, b *queries.FuseSide) fusePair {
	return fusePair{min(a.Origin, b.Origin), max(a.Origin, b.Origin), a.Host}
}

// fuseShareMin: of two logs of the same calls most lines of the one with fewer
// have their counterpart. Of logs of different calls one in six has one by chance
// at most: with more traffic there are several to choose from, and none is chosen.
const fuseShareMin = 1.0 / 3

// fuseTally counts what two origins tell of one host, like [queries.FusePair].
type fuseTally struct{ joined, near, chosen int64 }

// tally counts the exchanges that ids have joined, and what the time may join.
func (f *fuser) tally(both, kept []fuseEdge) map[fusePair]fuseTally {
	counts := map[fusePair]fuseTally{}
	for i := range f.units {
		sides := f.units[i].sides
		for n, s := range sides {
			for _, o := range sides[n+1:] {
				pair := pairOf(&f.sides[s], &f.sides[o])
				t := counts[pair]
				t.joined++
				counts[pair] = t
			}
		}
	}
	for _, e := range both {
		t := counts[f.pairs[e.pair]]
		t.near++
		counts[f.pairs[e.pair]] = t
	}
	for _, e := range kept {
		t := counts[f.pairs[e.pair]]
		t.chosen++
		counts[f.pairs[e.pair]] = t
	}
	return counts
}

// fuseBelief tells of which origins the time can be believed.
type fuseBelief struct {
	before map[fusePair]queries.FusePair
	counts map[fusePair]fuseTally
}

func newFuseBelief(pairs []queries.FusePair) *fuseBelief {
	b := &fuseBelief{before: map[fusePair]queries.FusePair{}, counts: map[fusePair]fuseTally{}}
	for _, p := range pairs {
		pair := fusePair{p.A, p.B, p.Host}
		b.before[pair] = p
		b.counts[pair] = fuseTally{p.Joined, p.Near, p.Chosen}
	}
	return b
}

// add counts some more, or takes them away.
func (b *fuseBelief) add(tally map[fusePair]fuseTally, sign int64) {
	for pair, t := range tally {
		all := b.counts[pair]
		b.counts[pair] = fuseTally{all.joined + sign*t.joined, all.near + sign*t.near, all.chosen + sign*t.chosen}
	}
}

// believes says whether so many lines of two origins were chosen for each other
// that this is no chance.
func (b *fuseBelief) believes(pair fusePair) bool {
	p, t := b.before[pair], b.counts[pair]
	return float64(t.chosen) >= fuseShareMin*float64(min(p.CallsA, p.CallsB)-t.joined)
}

// pairs gives the counts in order, and says whether the time is believed of two
// origins that was not before, or the reverse, while it could join something.
func (b *fuseBelief) pairs(later bool) (list []queries.FusePair, turned bool) {
	for pair, t := range b.counts {
		p := b.before[pair]
		believed := b.believes(pair)
		turned = turned || later && p.Near > 0 && p.Believed != believed
		list = append(list, queries.FusePair{A: pair.a, B: pair.b, Host: pair.host, CallsA: p.CallsA, CallsB: p.CallsB,
			Joined: t.joined, Near: t.near, Chosen: t.chosen, Believed: believed})
	}
	slices.SortFunc(list, func(x, y queries.FusePair) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Host, y.Host))
	})
	return list, turned
}
