package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// How much the durations of one call may differ between two logs, in
// microseconds, besides a hundredth or a tenth of them.
const (
	fuseCloseUS = 10_000
	fuseLooseUS = 250_000
)

// timeEdges finds the units that may be one because of the time: the same
// request with the same status, in logs of different kinds.
func (f *fuser) timeEdges() ([]fuseEdge, []fusePair) {
	found := fuseTimes{f: f, numbers: map[fusePair]int32{}}
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
			found.request(all[:n])
		}
		all = all[n:]
	}
	return found.edges, found.pairs
}

// fuseTimes gathers what may be one because of the time.
type fuseTimes struct {
	f       *fuser
	edges   []fuseEdge
	pairs   []fusePair
	numbers map[fusePair]int32
}

// add notes that two units may be one, because of two of their sides.
func (t *fuseTimes) add(u, v int32, a, b *queries.FuseSide) {
	pair := pairOf(a, b)
	n, ok := t.numbers[pair]
	if !ok {
		n = int32(len(t.pairs))
		t.numbers[pair] = n
		t.pairs = append(t.pairs, pair)
	}
	t.edges = append(t.edges, fuseEdge{min(u, v), max(u, v), n})
}

// fuseSlot is a span of time in which one origin sends a request.
type fuseSlot struct {
	number int64
	status int64
	origin int64
}

func slotOf(s *queries.FuseSide) int64 {
	n := s.TSUS / FuseSlotUS
	if s.TSUS%FuseSlotUS < 0 {
		n--
	}
	return n
}

// fuseShade is what two lines of one request must roughly agree in for the time to
// make them one: the status and, but for two, the slot.
type fuseShade struct{ status, slot int64 }

func shadeOf(s *queries.FuseSide) fuseShade {
	if s.Status == 0 || fromGateway(s.Status) {
		return fuseShade{0, slotOf(s)}
	}
	return fuseShade{s.Status, slotOf(s)}
}

// fuseTeller is which log a line is of, and which kinds of ids it tells.
type fuseTeller struct {
	origin, format int64
	ids            int64
}

func tellerOf(s *queries.FuseSide) fuseTeller {
	return fuseTeller{s.Origin, s.Format, s.IDKinds()}
}

// apt says that the time may decide of lines of two tellers: not where both tell
// an id of one kind, and not in logs of one kind.
func (t fuseTeller) apt(o fuseTeller) bool {
	return t.origin != o.origin && t.format != o.format && t.ids&o.ids == 0
}

// withOthers leaves those sides of one request that another may stand near to.
func (f *fuser) withOthers(sides []int32) (list []int32) {
	tellers := map[fuseShade][]fuseTeller{}
	for _, i := range sides {
		shade, t := shadeOf(&f.sides[i]), tellerOf(&f.sides[i])
		if !slices.Contains(tellers[shade], t) {
			tellers[shade] = append(tellers[shade], t)
		}
	}
	for _, i := range sides {
		shade, t := shadeOf(&f.sides[i]), tellerOf(&f.sides[i])
		for slot := shade.slot - 2; slot <= shade.slot+2; slot++ {
			if slices.ContainsFunc(tellers[fuseShade{shade.status, slot}], t.apt) {
				list = append(list, i)
				break
			}
		}
	}
	return list
}

// request looks at the sides of one request, which are in the order
// of time.
func (t *fuseTimes) request(sides []int32) {
	f := t.f
	sides = f.withOthers(sides)
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
	t.near(plain, plain)
	t.near(plain, crowded)
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
		if tellerOf(o).apt(tellerOf(s)) && statusFits(o.Status, s.Status) {
			f.leave(f.of[i], FuseTime, n)
			return
		}
	}
}

// near pairs the sides of two lists in the order of time.
func (t *fuseTimes) near(some, others []int32) {
	f, from := t.f, 0
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
			if !tellerOf(a).apt(tellerOf(b)) || !statusFits(a.Status, b.Status) || !near(a, b) || tookOtherwise(a, b) {
				continue
			}
			u, v := f.of[i], f.of[j]
			if u != v && f.possible(&f.units[u], &f.units[v], FuseTime) {
				t.add(u, v, a, b)
			}
		}
	}
}

// tookOtherwise says that the durations of two sides speak against one exchange:
// the same call seen at two places takes nearly as long. Where the sizes differ
// too, which compression may cause, they must agree closely.
func tookOtherwise(a, b *queries.FuseSide) bool {
	if a.DurationUS < 0 || b.DurationUS < 0 {
		return false
	}
	longer, shorter := max(a.DurationUS, b.DurationUS), min(a.DurationUS, b.DurationUS)
	if a.Bytes >= 0 && b.Bytes >= 0 && a.Bytes != b.Bytes {
		return longer-shorter > fuseCloseUS+longer/100
	}
	return longer-shorter > fuseLooseUS+longer/10
}

// statusFits says that two statuses can be of one exchange: where one side got no
// response another may have been told so by a gateway.
func statusFits(a, b int64) bool {
	return a == b || a == 0 && fromGateway(b) || b == 0 && fromGateway(a)
}

func fromGateway(status int64) bool { return status >= 502 && status <= 504 }
