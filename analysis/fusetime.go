package analysis

import (
	"cmp"
	"slices"
)

// timeEdges finds the units that may be one because of the time: the same
// request with the same status, in logs of different kinds.
func (f *fuser) timeEdges(FuseKey) (edges []fuseEdge) {
	var all []int32
	for i := range f.sides {
		if s := &f.sides[i]; s.Timed && s.RequestKey != 0 && s.Status >= 0 {
			all = append(all, int32(i))
		}
	}
	slices.SortFunc(all, func(a, b int32) int {
		x, y := &f.sides[a], &f.sides[b]
		return cmp.Or(cmp.Compare(x.RequestKey, y.RequestKey), cmp.Compare(x.TSUS, y.TSUS), cmp.Compare(a, b))
	})
	for len(all) > 0 {
		n, kinds := 0, false
		for n < len(all) && f.sides[all[n]].RequestKey == f.sides[all[0]].RequestKey {
			kinds = kinds || f.sides[all[n]].Format != f.sides[all[0]].Format
			n++
		}
		if kinds {
			edges = f.requestEdges(all[:n], edges)
		}
		all = all[n:]
	}
	return edges
}

// fuseSlot is a span of time in which one origin sends a request.
type fuseSlot struct {
	number int64
	status int16
	origin int32
}

func slotOf(s *FuseSide) int64 {
	n := s.TSUS / FuseSlotUS
	if s.TSUS%FuseSlotUS < 0 {
		n--
	}
	return n
}

// requestEdges finds those of the sides of one request, which are in the order
// of time.
func (f *fuser) requestEdges(sides []int32, edges []fuseEdge) []fuseEdge {
	counts := map[fuseSlot]int{}
	for _, i := range sides {
		s := &f.sides[i]
		counts[fuseSlot{slotOf(s), s.Status, s.Origin}]++
	}
	var plain, crowded []int32
	for _, i := range sides {
		s := &f.sides[i]
		if n := counts[fuseSlot{slotOf(s), s.Status, s.Origin}]; n > FuseSlotSidesMax {
			crowded = append(crowded, i)
			f.units[f.of[i]].crowded = true
			f.crowd(i, sides, n)
			continue
		}
		plain = append(plain, i)
	}
	edges = f.nearEdges(plain, plain, edges)
	return f.nearEdges(plain, crowded, edges)
}

// crowd leaves a crowded side apart if another kind of log has the request near.
func (f *fuser) crowd(i int32, sides []int32, n int) {
	s := &f.sides[i]
	from, _ := slices.BinarySearchFunc(sides, s.TSUS-FuseWindowMaxUS, func(x int32, us int64) int { return cmp.Compare(f.sides[x].TSUS, us) })
	for _, j := range sides[from:] {
		o := &f.sides[j]
		if o.TSUS > s.TSUS+FuseWindowMaxUS {
			return
		}
		if o.Format != s.Format && o.Origin != s.Origin && statusFits(o.Status, s.Status) {
			f.leave(f.of[i], FuseTime, n)
			return
		}
	}
}

// nearEdges pairs the sides of two lists in the order of time.
func (f *fuser) nearEdges(some, others []int32, edges []fuseEdge) []fuseEdge {
	from := 0
	for _, i := range some {
		a := &f.sides[i]
		for from < len(others) && f.sides[others[from]].TSUS < a.TSUS-FuseWindowMaxUS {
			from++
		}
		for _, j := range others[from:] {
			b := &f.sides[j]
			if b.TSUS > a.TSUS+FuseWindowMaxUS {
				break
			}
			if a.Format == b.Format || !statusFits(a.Status, b.Status) || !near(a, b) {
				continue
			}
			u, v := f.of[i], f.of[j]
			if u != v && f.possible(&f.units[u], &f.units[v], FuseTime) {
				edges = append(edges, fuseEdge{min(u, v), max(u, v)})
			}
		}
	}
	return edges
}

// statusFits says that two statuses can be of one exchange: where one side got no
// response another may have been told so by a gateway.
func statusFits(a, b int16) bool {
	return a == b || a == 0 && fromGateway(b) || b == 0 && fromGateway(a)
}

func fromGateway(status int16) bool { return status >= 502 && status <= 504 }
