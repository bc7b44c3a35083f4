package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// What the answer for a side may depend on: a fresh side, or what lies behind the
// rim of the sides that are there.
const (
	markFresh = 1 << iota
	markRim
)

// fuseSpreadUS is how far apart two sides of one request may lie of which one has
// a say in the other's answer at once: less than four slices.
const fuseSpreadUS = queries.FuseNearUS

// fuseMarks follows what the answers depend on. It is careful: sides that share an
// id or lie near in time may have a say, whatever else keeps them apart.
type fuseMarks struct {
	of []uint8 // by side
	// Sides that share an id of either kind, a trace, or a request, one list each:
	// those without a time first, then by time.
	ids, traces, requests [][]int32
	was                   []uint8
}

func newFuseMarks(f *fuser) *fuseMarks {
	m := &fuseMarks{of: make([]uint8, len(f.sides))}
	var ids, traces, requests []fuseShared
	for i := range f.sides {
		s := &f.sides[i]
		if s.Round == 0 {
			m.of[i] |= markFresh
		}
		if s.Rim {
			m.of[i] |= markRim
		}
		for _, id := range [...]uint64{s.Request, s.Client} {
			if id != 0 {
				ids = append(ids, fuseShared{id, int32(i)})
			}
		}
		if s.Trace != 0 {
			traces = append(traces, fuseShared{s.Trace, int32(i)})
		}
		if s.Timed && s.RequestKey != 0 {
			requests = append(requests, fuseShared{s.RequestKey, int32(i)})
		}
	}
	m.ids, m.traces, m.requests = f.shared(ids), f.shared(traces), f.shared(requests)
	return m
}

// fuseShared is a value that a side has.
type fuseShared struct {
	value uint64
	side  int32
}

// shared lists the sides that have a value in common.
func (f *fuser) shared(all []fuseShared) (lists [][]int32) {
	slices.SortFunc(all, func(a, b fuseShared) int {
		x, y := &f.sides[a.side], &f.sides[b.side]
		return cmp.Or(cmp.Compare(a.value, b.value), compareBool(x.Timed, y.Timed), cmp.Compare(x.TSUS, y.TSUS), cmp.Compare(a.side, b.side))
	})
	for len(all) > 0 {
		n := 0
		for n < len(all) && all[n].value == all[0].value {
			n++
		}
		if n > 1 {
			list := make([]int32, n)
			for i := range list {
				list[i] = all[i].side
			}
			lists = append(lists, list)
		}
		all = all[n:]
	}
	return lists
}

// settle follows one step of [fuser.settle]: whom a unit chooses depends on all
// that come into question, whether both chose each other on those of the other,
// and a group on all that are in it; and what is left open on what became of the
// others.
func (m *fuseMarks) settle(f *fuser, key FuseKey, groups map[int32][]int32) {
	m.spread(f, key)
	m.spread(f, key)
	for _, group := range groups {
		all := uint8(0)
		for _, u := range group {
			for _, s := range f.units[u].sides {
				all |= m.of[s]
			}
		}
		for _, u := range group {
			for _, s := range f.units[u].sides {
				m.of[s] |= all
			}
		}
	}
	m.spread(f, key)
}

// spread marks what one that is marked has a say in.
func (m *fuseMarks) spread(f *fuser, key FuseKey) {
	lists, reachUS := m.ids, int64(FuseIDSpreadMaxUS)
	switch key {
	case FuseTraceSpan, FuseTrace:
		lists = m.traces
	case FuseTime:
		lists, reachUS = m.requests, fuseSpreadUS
	}
	m.was = append(m.was[:0], m.of...)
	for _, list := range lists {
		m.within(f, list, reachUS)
	}
	for i := range f.units {
		all := uint8(0)
		for _, s := range f.units[i].sides {
			all |= m.of[s]
		}
		for _, s := range f.units[i].sides {
			m.of[s] |= all
		}
	}
}

// within marks the sides of a list that are near to one that was marked.
func (m *fuseMarks) within(f *fuser, list []int32, reachUS int64) {
	timeless := 0
	for timeless < len(list) && !f.sides[list[timeless]].Timed {
		timeless++
	}
	var of, ofTimeless uint8
	for i, s := range list {
		of |= m.was[s]
		if i < timeless {
			ofTimeless |= m.was[s]
		}
	}
	for i, s := range list {
		if i < timeless {
			m.of[s] |= of
		} else {
			m.of[s] |= ofTimeless
		}
	}
	timed := list[timeless:]
	for _, bit := range [...]uint8{markFresh, markRim} {
		if of&bit == 0 {
			continue
		}
		m.near(f, timed, bit, reachUS)
		slices.Reverse(timed)
		m.near(f, timed, bit, reachUS)
		slices.Reverse(timed)
	}
}

// near marks those of a list that come not too far behind one that was marked.
func (m *fuseMarks) near(f *fuser, timed []int32, bit uint8, reachUS int64) {
	last, any := int64(0), false
	for _, s := range timed {
		at := f.sides[s].TSUS
		if m.was[s]&bit != 0 {
			last, any = at, true
		}
		if any && max(at-last, last-at) <= reachUS {
			m.of[s] |= bit
		}
	}
}

// touched says of which sides the answer may be another because of the fresh ones,
// and whether one of them depends on what lies behind the rim, now or before.
func (f *fuser) touched(before *fuser) (list []bool, wider bool) {
	list = make([]bool, len(f.sides))
	old := 0
	for i := range f.sides {
		mark := f.marks.of[i]
		if f.sides[i].Round > 0 {
			mark |= before.marks.of[old] & markRim
			old++
		}
		list[i] = mark&markFresh != 0
		wider = wider || list[i] && mark&markRim != 0
	}
	return list, wider
}
