package analysis

import (
	"cmp"
	"maps"
	"slices"

	"github.com/errscope/errscope/queries"
)

// fusePick is whom a unit would be joined with of one origin.
type fusePick struct {
	origin int64
	n      int32 // how many come into question
	last   int32
	same   int32 // how many of these have as many bytes
	winner int32 // the last of them
}

// certain gives the only one, noUnit where there is none.
func (p *fusePick) certain() int32 {
	switch {
	case p.n == 1:
		return p.last
	case p.same == 1:
		return p.winner
	}
	return noUnit
}

const noUnit = -1

// settle makes units one where each is the only one that the other can be.
func (f *fuser) settle(key FuseKey, both, kept []fuseEdge) {
	groups := map[int32][]int32{} // by the number that stands for each
	root := map[int32]int32{}
	for _, e := range kept {
		unite(groups, root, e.u, e.v)
	}
	if f.marks != nil {
		f.marks.settle(f, key, groups)
	}
	if len(both) == 0 {
		return
	}
	merged := map[int32]bool{}
	for _, first := range slices.Sorted(maps.Keys(groups)) {
		group := groups[first]
		if !f.consistent(group) {
			for _, u := range group {
				f.leave(u, key, len(group)-1)
			}
			continue
		}
		for _, u := range group {
			merged[u] = true
		}
	}
	f.leaveOpen(key, both, merged)
	for _, first := range slices.Sorted(maps.Keys(groups)) {
		if merged[first] {
			f.merge(key, groups[first])
		}
	}
}

// choose gives the edges in both directions, in order, and those that are the
// only choice at both of their ends.
func (f *fuser) choose(key FuseKey, edges []fuseEdge) (both, kept []fuseEdge) {
	both = make([]fuseEdge, 0, 2*len(edges))
	for _, e := range edges {
		both = append(both, e, fuseEdge{e.v, e.u, e.pair})
	}
	slices.SortFunc(both, func(a, b fuseEdge) int {
		return cmp.Or(cmp.Compare(a.u, b.u), cmp.Compare(a.v, b.v), cmp.Compare(a.pair, b.pair))
	})
	both = slices.Compact(both)
	picks := f.picks(key, both)
	for _, e := range both {
		if e.u < e.v && f.picked(picks[e.u], e.v) && f.picked(picks[e.v], e.u) {
			kept = append(kept, e)
		}
	}
	return both, kept
}

// unite puts two units and all that belong to them into one group.
func unite(groups map[int32][]int32, root map[int32]int32, u, v int32) {
	for _, x := range [...]int32{u, v} {
		if _, ok := root[x]; !ok {
			root[x], groups[x] = x, []int32{x}
		}
	}
	to, from := root[u], root[v]
	if to == from {
		return
	}
	if len(groups[to]) < len(groups[from]) {
		to, from = from, to
	}
	for _, x := range groups[from] {
		root[x] = to
	}
	groups[to] = append(groups[to], groups[from]...)
	delete(groups, from)
}

// picks finds for each unit whom it would be joined with, by origin.
func (f *fuser) picks(key FuseKey, both []fuseEdge) map[int32][]fusePick {
	all := map[int32][]fusePick{}
	for i, e := range both {
		if i > 0 && both[i-1].u == e.u && both[i-1].v == e.v {
			continue // of another pair of origins
		}
		u, v := &f.units[e.u], &f.units[e.v]
		equal := key == FuseTime && f.anyPair(u, v, func(a, b *queries.FuseSide) bool { return a.Bytes >= 0 && a.Bytes == b.Bytes })
		list := all[e.u]
		for _, s := range f.units[e.v].sides {
			origin := f.sides[s].Origin
			i := slices.IndexFunc(list, func(p fusePick) bool { return p.origin == origin })
			if i < 0 {
				i, list = len(list), append(list, fusePick{origin: origin, last: noUnit, winner: noUnit})
			}
			p := &list[i]
			p.n, p.last = p.n+1, e.v
			if equal {
				p.same, p.winner = p.same+1, e.v
			}
		}
		all[e.u] = list
	}
	return all
}

// picked says that a unit is the only choice for all of its origins.
func (f *fuser) picked(list []fusePick, v int32) bool {
	if f.units[v].crowded {
		return false
	}
	for _, s := range f.units[v].sides {
		origin := f.sides[s].Origin
		for i := range list {
			if list[i].origin == origin && list[i].certain() != v {
				return false
			}
		}
	}
	return true
}

// consistent says that no two of the units contradict each other.
func (f *fuser) consistent(group []int32) bool {
	for i, a := range group {
		for _, b := range group[i+1:] {
			if u, v := &f.units[a], &f.units[b]; u.forbids(v) || f.shareOrigin(u, v) {
				return false
			}
		}
	}
	return true
}

// leaveOpen notes the units that have a choice, and made none, among those that
// made none either.
func (f *fuser) leaveOpen(key FuseKey, both []fuseEdge, merged map[int32]bool) {
	for len(both) > 0 {
		u, n, candidates, open := both[0].u, 0, 0, false
		for n < len(both) && both[n].u == u {
			open = open || !merged[both[n].v]
			if n == 0 || both[n].v != both[n-1].v {
				candidates++
			}
			n++
		}
		if !merged[u] && open {
			f.leave(u, key, candidates)
		}
		both = both[n:]
	}
}

// merge makes a new unit of several.
func (f *fuser) merge(key FuseKey, group []int32) {
	slices.Sort(group)
	number := int32(len(f.units))
	var made fuseUnit
	for _, g := range group {
		u := &f.units[g]
		made.client = max(made.client, u.client)
		made.trace, made.span, made.method = max(made.trace, u.trace), max(made.span, u.span), max(made.method, u.method)
		made.direction = u.direction
		for _, s := range u.sides {
			f.of[s] = number
			if f.keys[s] == 0 {
				f.keys[s] = key
			}
		}
		made.sides = append(made.sides, u.sides...)
		u.sides = nil
	}
	for _, g := range group {
		if id := f.units[g].request; id != made.client { // that was ours
			made.request = max(made.request, id)
		}
	}
	f.units = append(f.units, made)
}
