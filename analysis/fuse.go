package analysis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/errscope/errscope/queries"
)

// FuseKey is what two views of one exchange are joined by, the strongest first.
type FuseKey uint8

// The keys of the contract's fusion, in the order in which they are tried.
const (
	FuseRequestID       FuseKey = iota + 1 // the vendor's request id
	FuseClientRequestID                    // ours, or an idempotency key, at the same host
	FuseTraceSpan                          // trace and span
	FuseTrace                              // trace, at the same host and route and near in time
	FuseTime                               // the same request and status, near in time
)

// String is the key as the database names it.
func (k FuseKey) String() string {
	return [...]string{"", "request_id", "client_request_id", "trace_span", "trace", "time"}[k]
}

// Limits of the search for views of one exchange.
const (
	// FuseWindowUS is how far two views may lie apart in time, in microseconds,
	// besides the longer of their durations.
	FuseWindowUS = 2_000_000
	// FuseWindowMaxUS bounds that with the duration.
	FuseWindowMaxUS = 30_000_000
	// FuseIDSpreadMaxUS is how far apart two lines may lie that share an id.
	FuseIDSpreadMaxUS = queries.FuseReachUS
	// FuseSidesMax is how many sides one id may have. One of more names no
	// exchange.
	FuseSidesMax = 1000
	// FuseSlotUS and FuseSlotSidesMax: where one origin sends one request more
	// often in this span with one status, time tells nothing.
	FuseSlotUS       = 16_000_000
	FuseSlotSidesMax = 256
)

// Fuse finds which sides tell of one exchange. Sides of one origin never do. For
// two sides the first key decides that both carry, and ids that differ forbid a
// join by any. It joins what is certain: where two of one origin come into
// question none is joined. The answer depends on the set of sides only; its
// order is that of origin and offset. By the pairs of c time is believed of two
// origins, or not.
//
// Where c.Later is set it finds out which sides the fresh ones may have changed:
// the answer is what it would be with all lines there are, as long as it says
// neither Wider nor Anew.
func Fuse(c queries.FuseCase) queries.FuseAnswer {
	f := newFuser(c.Sides, c.Later)
	both, kept, tally := f.untilTime()
	answer := queries.FuseAnswer{}
	belief := newFuseBelief(c.Pairs)
	belief.add(tally, 1)
	if !c.Later {
		answer.Pairs, _ = belief.pairs(false)
		f.settleTime(belief, both, kept)
	} else {
		before := newFuser(withoutFresh(c.Sides), true)
		both0, kept0, without := before.untilTime()
		belief.add(without, -1)
		answer.Pairs, answer.Anew = belief.pairs(true)
		f.settleTime(belief, both, kept)
		before.settleTime(belief, both0, kept0)
		answer.Touched, answer.Wider = f.touched(before)
	}
	answer.Clusters, answer.Apart = f.clusters(), f.left()
	return answer
}

// settleTime is settle for what the time may make one of logs of which it is
// believed.
func (f *fuser) settleTime(belief *fuseBelief, both, kept []fuseEdge) {
	doubted := func(e fuseEdge) bool { return !belief.believes(f.pairs[e.pair]) }
	f.settle(FuseTime, slices.DeleteFunc(both, doubted), slices.DeleteFunc(kept, doubted))
}

// withoutFresh gives the sides that were there before, in their order.
func withoutFresh(sides []queries.FuseSide) []queries.FuseSide {
	return slices.DeleteFunc(slices.Clone(sides), func(s queries.FuseSide) bool { return s.Round == 0 })
}

// fuser does the work of one [Fuse].
type fuser struct {
	sides []queries.FuseSide
	order []int32    // numbers of sides by origin, source and offset
	units []fuseUnit // what belongs together so far; a joined one has no sides
	of    []int32    // the unit of each side
	keys  []FuseKey  // by which each side was joined first
	apart []openSide
	pairs []fusePair // by the numbers in edges
	marks *fuseMarks // nil where it does not matter what depends on what
}

// untilTime joins by ids, and finds what the time may make one: both directions,
// and those that have no other choice.
func (f *fuser) untilTime() (both, kept []fuseEdge, tally map[fusePair]fuseTally) {
	for key := FuseRequestID; key < FuseTime; key++ {
		both, kept := f.choose(key, f.idEdges(key))
		f.settle(key, both, kept)
	}
	edges, pairs := f.timeEdges()
	f.pairs = pairs
	both, kept = f.choose(FuseTime, edges)
	return both, kept, f.tally(both, kept)
}

// openSide is a side that is left apart, by number; its key is 0 for all others.
type openSide struct {
	key        FuseKey
	candidates int
}

// fuseUnit is what the sides of one unit tell together: no two of them differ.
type fuseUnit struct {
	sides                        []int32
	request, client, trace, span uint64
	method                       uint64
	direction                    int64
	crowded                      bool
}

func newFuser(sides []queries.FuseSide, later bool) *fuser {
	f := &fuser{sides: sides, order: make([]int32, len(sides)), units: make([]fuseUnit, len(sides)), of: make([]int32, len(sides)),
		keys: make([]FuseKey, len(sides)), apart: make([]openSide, len(sides))}
	for i := range sides {
		f.order[i] = int32(i)
	}
	slices.SortFunc(f.order, func(a, b int32) int {
		x, y := &sides[a], &sides[b]
		return cmp.Or(cmp.Compare(x.Origin, y.Origin), cmp.Compare(x.SourceID, y.SourceID), cmp.Compare(x.Offset, y.Offset))
	})
	for i := range sides {
		s := &sides[i]
		f.of[i] = int32(i)
		f.units[i] = fuseUnit{sides: []int32{int32(i)}, request: s.Request, client: s.Client, trace: s.Trace, span: s.Span,
			method: s.Method, direction: s.Direction}
		if s.Request == s.Client {
			f.units[i].request = 0
		}
	}
	if later {
		f.marks = newFuseMarks(f)
	}
	return f
}

// decided says that a stronger key than this one decides of two units.
func (u *fuseUnit) decided(v *fuseUnit, key FuseKey) bool {
	switch {
	case key > FuseRequestID && u.request != 0 && v.request != 0 && !u.crosses(v),
		key > FuseClientRequestID && (u.client != 0 && v.client != 0 || u.crosses(v)),
		key > FuseTraceSpan && u.trace != 0 && v.trace != 0 && u.span != 0 && v.span != 0:
		return true
	}
	return key > FuseTrace && u.trace != 0 && v.trace != 0
}

// forbids says that two units cannot be of one exchange, whatever else they share.
func (u *fuseUnit) forbids(v *fuseUnit) bool {
	return differ(u.request, v.request) && !u.crosses(v) || differ(u.client, v.client) || differ(u.trace, v.trace) || differ(u.span, v.span) ||
		differ(u.method, v.method) || u.direction != v.direction
}

// crosses says that what one side calls a request id is ours by the other: the
// last column of a proxy's log does not tell whose id it is.
func (u *fuseUnit) crosses(v *fuseUnit) bool {
	return u.request != 0 && u.request == v.client || v.request != 0 && v.request == u.client
}

func differ(a, b uint64) bool { return a != 0 && b != 0 && a != b }

// shareOrigin says that two units hold sides of one origin.
func (f *fuser) shareOrigin(u, v *fuseUnit) bool {
	return f.anyPair(u, v, func(a, b *queries.FuseSide) bool { return a.Origin == b.Origin })
}

func (f *fuser) anyPair(u, v *fuseUnit, holds func(a, b *queries.FuseSide) bool) bool {
	for _, a := range u.sides {
		for _, b := range v.sides {
			if holds(&f.sides[a], &f.sides[b]) {
				return true
			}
		}
	}
	return false
}

// value is what a unit is looked up by, 0 where it does not carry the key; by an
// id of ours it is looked up besides.
func (u *fuseUnit) value(key FuseKey) uint64 {
	switch {
	case key == FuseRequestID, key == FuseClientRequestID:
		return u.request
	case key == FuseTrace:
		return u.trace
	case u.trace != 0 && u.span != 0:
		return u.trace*31 + u.span | 1 // told apart below
	}
	return 0
}

// meets says that two units with the same value of a key agree in it.
func (f *fuser) meets(u, v *fuseUnit, key FuseKey) bool {
	switch key {
	case FuseClientRequestID:
		return (u.client != 0 && u.client == v.client || u.crosses(v)) && f.anyPair(u, v, func(a, b *queries.FuseSide) bool { return a.Host == b.Host })
	case FuseTraceSpan:
		return u.trace == v.trace && u.span == v.span
	case FuseTrace:
		return f.anyPair(u, v, func(a, b *queries.FuseSide) bool { return a.Host == b.Host && a.Route == b.Route && near(a, b) })
	}
	return true
}

// near says that two sides lie within the window of time.
func near(a, b *queries.FuseSide) bool {
	window := min(FuseWindowUS+max(a.DurationUS, b.DurationUS, 0), FuseWindowMaxUS)
	return a.Timed && b.Timed && max(a.TSUS-b.TSUS, b.TSUS-a.TSUS) <= window
}

// fuseEdge says that two units may be one, the one with the lower number first,
// and where the time says so of which origins.
type fuseEdge struct {
	u, v int32
	pair int32 // in a list of fusePair
}

// leave notes that a unit may belong to others by a key, for the strongest key.
func (f *fuser) leave(u int32, key FuseKey, candidates int) {
	for _, s := range f.units[u].sides {
		if f.apart[s].key == 0 {
			f.apart[s] = openSide{key, candidates}
		}
	}
}

// clusters are the units of several sides.
func (f *fuser) clusters() (list []queries.FusedCluster) {
	for _, s := range f.order {
		u := &f.units[f.of[s]]
		if len(u.sides) < 2 || s != slices.MinFunc(u.sides, f.byOrigin) {
			continue
		}
		c := queries.FusedCluster{Sides: slices.SortedFunc(slices.Values(u.sides), f.byLead)}
		var keys []FuseKey
		for _, side := range c.Sides {
			c.Keys = append(c.Keys, f.keys[side].String())
			keys = append(keys, f.keys[side])
		}
		slices.Sort(keys)
		var names []string
		for _, k := range slices.Compact(keys) {
			names = append(names, k.String())
		}
		c.By = strings.Join(names, ",")
		list = append(list, c)
	}
	return list
}

func (f *fuser) byOrigin(a, b int32) int {
	return cmp.Compare(f.sides[a].Origin, f.sides[b].Origin) // no two of a unit have one
}

// byLead puts logs before captures, and those that tell the duration first.
func (f *fuser) byLead(a, b int32) int {
	x, y := &f.sides[a], &f.sides[b]
	return cmp.Or(compareBool(x.Body, y.Body), compareBool(x.DurationUS < 0, y.DurationUS < 0), f.byOrigin(a, b))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (f *fuser) left() (list []queries.FuseApart) {
	for _, s := range f.order {
		if a := f.apart[s]; a.key != 0 {
			list = append(list, queries.FuseApart{Side: s, Key: a.key.String(), Candidates: int64(a.candidates)})
		}
	}
	return list
}
