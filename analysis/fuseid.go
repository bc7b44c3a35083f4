package analysis

import (
	"cmp"
	"math"
	"slices"

	"github.com/errscope/errscope/queries"
)

// idEdges finds the units that an id makes one.
func (f *fuser) idEdges(key FuseKey) (edges []fuseEdge) {
	type carrier struct {
		value uint64
		unit  int32
	}
	var all []carrier
	for i := range f.units {
		if u := &f.units[i]; len(u.sides) > 0 {
			if key == FuseClientRequestID && u.client != 0 {
				all = append(all, carrier{u.client, int32(i)})
			}
			if value := u.value(key); value != 0 {
				all = append(all, carrier{value, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b carrier) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.unit, b.unit)) })
	var group []int32
	for len(all) > 0 {
		n, sides := 0, 0
		group = group[:0]
		for n < len(all) && all[n].value == all[0].value {
			group = append(group, all[n].unit)
			sides += len(f.units[all[n].unit].sides)
			n++
		}
		all = all[n:]
		if sides > FuseSidesMax {
			edges = f.manyEdges(key, group, edges)
			continue
		}
		for i, a := range group {
			for _, b := range group[i+1:] {
				edges = f.idEdge(key, a, b, edges)
			}
		}
	}
	return edges
}

func (f *fuser) idEdge(key FuseKey, a, b int32, edges []fuseEdge) []fuseEdge {
	if u, v := &f.units[a], &f.units[b]; a != b && f.possible(u, v, key) && f.meets(u, v, key) {
		return append(edges, fuseEdge{u: min(a, b), v: max(a, b)})
	}
	return edges
}

// possible says that nothing keeps two units from being joined by a key.
func (f *fuser) possible(u, v *fuseUnit, key FuseKey) bool {
	return !u.forbids(v) && !u.decided(v, key) && !f.shareOrigin(u, v) && !f.anyPair(u, v, farApart)
}

// farApart says that two sides lie so far apart that no id makes them one.
func farApart(a, b *queries.FuseSide) bool {
	return a.Timed && b.Timed && max(a.TSUS-b.TSUS, b.TSUS-a.TSUS) > FuseIDSpreadMaxUS
}

// fuseReach is a unit that shares an id with many, and the time of its sides.
type fuseReach struct {
	unit        int32
	first, last int64
}

// manyEdges is for an id that many share: those of which too many lie so near
// that each may be meant are left apart, if these are of several origins.
func (f *fuser) manyEdges(key FuseKey, group []int32, edges []fuseEdge) []fuseEdge {
	crowded := f.tooMany(key, group)
	var rest []fuseReach
	for _, u := range slices.Compact(group) {
		if crowded[u] {
			continue
		}
		reach := fuseReach{u, math.MaxInt64, math.MinInt64}
		for _, s := range f.units[u].sides {
			reach.first, reach.last = min(reach.first, f.sides[s].TSUS), max(reach.last, f.sides[s].TSUS)
		}
		rest = append(rest, reach)
	}
	slices.SortFunc(rest, func(a, b fuseReach) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.unit, b.unit)) })
	for i, a := range rest {
		for _, b := range rest[i+1:] {
			if b.first-a.last > FuseIDSpreadMaxUS {
				break
			}
			edges = f.idEdge(key, a.unit, b.unit, edges)
		}
	}
	return edges
}

// tooMany tells which units share an id with too many sides that are not far
// apart. One without a time is far from none.
func (f *fuser) tooMany(key FuseKey, group []int32) map[int32]bool {
	var timed, timeless []int32
	for _, u := range group {
		for _, s := range f.units[u].sides {
			if f.sides[s].Timed {
				timed = append(timed, s)
			} else {
				timeless = append(timeless, s)
			}
		}
	}
	slices.SortFunc(timed, func(a, b int32) int { return cmp.Or(cmp.Compare(f.sides[a].TSUS, f.sides[b].TSUS), cmp.Compare(a, b)) })
	crowded := map[int32]bool{}
	near := map[int64]int{} // by origin
	note := func(s int32, sides int) {
		if sides <= FuseSidesMax {
			return
		}
		u := f.of[s]
		crowded[u] = true
		if len(near) > 1 && len(f.units[u].sides) == 1 {
			f.leave(u, key, sides-1)
		}
	}
	for _, s := range timeless {
		near[f.sides[s].Origin]++
	}
	from, to := 0, 0
	for _, s := range timed {
		for to < len(timed) && f.sides[timed[to]].TSUS-f.sides[s].TSUS <= FuseIDSpreadMaxUS {
			near[f.sides[timed[to]].Origin]++
			to++
		}
		for f.sides[s].TSUS-f.sides[timed[from]].TSUS > FuseIDSpreadMaxUS {
			if origin := f.sides[timed[from]].Origin; near[origin] == 1 {
				delete(near, origin)
			} else {
				near[origin]--
			}
			from++
		}
		note(s, to-from+len(timeless))
	}
	for _, s := range timed {
		near[f.sides[s].Origin]++ // all of them: only the origins count by now
	}
	for _, s := range timeless {
		note(s, len(timed)+len(timeless))
	}
	return crowded
}
