package analysis

import (
	"cmp"
	"slices"
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
	// FuseSidesMax is how many sides one id may have. One of more names no
	// exchange.
	FuseSidesMax = 1000
	// FuseSlotUS and FuseSlotSidesMax: where one origin sends one request more
	// often in this span with one status, time tells nothing.
	FuseSlotUS       = 16_000_000
	FuseSlotSidesMax = 256
)

// FuseSide is one view of an exchange: what one line of one source tells of it.
// Hashes and numbers are 0 where the line does not tell.
type FuseSide struct {
	SourceID, Offset int64
	Origin           int32 // sources that are pieces of one log have one; see [FuseOrigin]
	Format           int32
	Direction        int32
	// Body says that headers or a body were seen, as captures see them.
	Body       bool
	Timed      bool
	Status     int16 // record.Absent where not told
	TSUS       int64 // microseconds since 1970, where Timed
	DurationUS int64 // record.Absent where not told
	Bytes      int64 // likewise

	Request, Client, Trace, Span uint64 // of the ids
	RequestKey                   uint64 // of method, host, path and query
	Method, Host, Route          uint64
}

// FusedCluster is one exchange that several sides tell of.
type FusedCluster struct {
	// Sides are numbers of sides, the one whose place the exchange gets first: it
	// is of a log rather than of a capture.
	Sides []int32
	// Keys are what each of them was joined by.
	Keys []FuseKey
}

// FuseApart is a side that others may tell of, too, but which is not certain.
type FuseApart struct {
	Side       int32
	Key        FuseKey // the strongest that leaves it open
	Candidates int32
}

// Fuse finds which sides tell of one exchange. Sides of one origin never do. For
// two sides the first key decides that both carry, and ids that differ forbid a
// join by any. It joins what is certain: where two of one origin come into
// question none is joined. The answer depends on the set of sides only; its
// order is that of origin and offset.
func Fuse(sides []FuseSide) ([]FusedCluster, []FuseApart) {
	f := newFuser(sides)
	for key := FuseRequestID; key <= FuseTime; key++ {
		edges := f.idEdges
		if key == FuseTime {
			edges = f.timeEdges
		}
		f.join(key, edges(key))
	}
	return f.clusters(), f.left()
}

// fuser does the work of one [Fuse].
type fuser struct {
	sides []FuseSide
	order []int32    // numbers of sides by origin, source and offset
	units []fuseUnit // what belongs together so far; a joined one has no sides
	of    []int32    // the unit of each side
	keys  []FuseKey  // by which each side was joined first
	apart []FuseApart
}

// fuseUnit is what the sides of one unit tell together: no two of them differ.
type fuseUnit struct {
	sides                        []int32
	request, client, trace, span uint64
	method                       uint64
	direction                    int32
	crowded                      bool
}

func newFuser(sides []FuseSide) *fuser {
	f := &fuser{sides: sides, order: make([]int32, len(sides)), units: make([]fuseUnit, len(sides)), of: make([]int32, len(sides)),
		keys: make([]FuseKey, len(sides)), apart: make([]FuseApart, len(sides))}
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
	}
	return f
}

// decided says that a stronger key than this one decides of two units.
func (u *fuseUnit) decided(v *fuseUnit, key FuseKey) bool {
	switch {
	case key > FuseRequestID && u.request != 0 && v.request != 0,
		key > FuseClientRequestID && u.client != 0 && v.client != 0,
		key > FuseTraceSpan && u.trace != 0 && v.trace != 0 && u.span != 0 && v.span != 0:
		return true
	}
	return key > FuseTrace && u.trace != 0 && v.trace != 0
}

// forbids says that two units cannot be of one exchange, whatever else they share.
func (u *fuseUnit) forbids(v *fuseUnit) bool {
	return differ(u.request, v.request) || differ(u.client, v.client) || differ(u.trace, v.trace) || differ(u.span, v.span) ||
		differ(u.method, v.method) || u.direction != v.direction
}

func differ(a, b uint64) bool { return a != 0 && b != 0 && a != b }

// shareOrigin says that two units hold sides of one origin.
func (f *fuser) shareOrigin(u, v *fuseUnit) bool {
	return f.anyPair(u, v, func(a, b *FuseSide) bool { return a.Origin == b.Origin })
}

func (f *fuser) anyPair(u, v *fuseUnit, holds func(a, b *FuseSide) bool) bool {
	for _, a := range u.sides {
		for _, b := range v.sides {
			if holds(&f.sides[a], &f.sides[b]) {
				return true
			}
		}
	}
	return false
}

// value is what a unit is looked up by, 0 where it does not carry the key.
func (u *fuseUnit) value(key FuseKey) uint64 {
	switch {
	case key == FuseRequestID:
		return u.request
	case key == FuseClientRequestID:
		return u.client
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
		return f.anyPair(u, v, func(a, b *FuseSide) bool { return a.Host == b.Host })
	case FuseTraceSpan:
		return u.trace == v.trace && u.span == v.span
	case FuseTrace:
		return f.anyPair(u, v, func(a, b *FuseSide) bool { return a.Host == b.Host && a.Route == b.Route && near(a, b) })
	}
	return true
}

// near says that two sides lie within the window of time.
func near(a, b *FuseSide) bool {
	window := min(FuseWindowUS+max(a.DurationUS, b.DurationUS, 0), FuseWindowMaxUS)
	return a.Timed && b.Timed && max(a.TSUS-b.TSUS, b.TSUS-a.TSUS) <= window
}

// fuseEdge says that two units may be one, the one with the lower number first.
type fuseEdge struct{ u, v int32 }

// idEdges finds the units that an id makes one.
func (f *fuser) idEdges(key FuseKey) (edges []fuseEdge) {
	type carrier struct {
		value uint64
		unit  int32
	}
	var all []carrier
	for i := range f.units {
		if u := &f.units[i]; len(u.sides) > 0 {
			if value := u.value(key); value != 0 {
				all = append(all, carrier{value, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b carrier) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.unit, b.unit)) })
	for len(all) > 0 {
		n, sides := 0, 0
		for n < len(all) && all[n].value == all[0].value {
			sides += len(f.units[all[n].unit].sides)
			n++
		}
		group := make([]int32, n)
		for i := range group {
			group[i] = all[i].unit
		}
		all = all[n:]
		if sides > FuseSidesMax {
			f.tooMany(key, group, sides)
			continue
		}
		for i, a := range group {
			for _, b := range group[i+1:] {
				if u, v := &f.units[a], &f.units[b]; f.possible(u, v, key) && f.meets(u, v, key) {
					edges = append(edges, fuseEdge{a, b})
				}
			}
		}
	}
	return edges
}

// possible says that nothing keeps two units from being joined by a key.
func (f *fuser) possible(u, v *fuseUnit, key FuseKey) bool {
	return !u.forbids(v) && !u.decided(v, key) && !f.shareOrigin(u, v)
}

// tooMany leaves the sides apart that share an id with too many others, if
// these are of several origins.
func (f *fuser) tooMany(key FuseKey, group []int32, sides int) {
	first := f.sides[f.units[group[0]].sides[0]].Origin
	several := slices.ContainsFunc(group, func(u int32) bool {
		return slices.ContainsFunc(f.units[u].sides, func(s int32) bool { return f.sides[s].Origin != first })
	})
	if !several {
		return
	}
	for _, u := range group {
		if len(f.units[u].sides) == 1 {
			f.leave(u, key, sides-1)
		}
	}
}

// leave notes that a unit may belong to others by a key, for the strongest key.
func (f *fuser) leave(u int32, key FuseKey, candidates int) {
	for _, s := range f.units[u].sides {
		if f.apart[s].Key == 0 {
			f.apart[s] = FuseApart{s, key, int32(candidates)}
		}
	}
}

// clusters are the units of several sides.
func (f *fuser) clusters() (list []FusedCluster) {
	for _, s := range f.order {
		u := &f.units[f.of[s]]
		if len(u.sides) < 2 || s != slices.MinFunc(u.sides, f.byOrigin) {
			continue
		}
		c := FusedCluster{Sides: slices.SortedFunc(slices.Values(u.sides), f.byLead)}
		for _, side := range c.Sides {
			c.Keys = append(c.Keys, f.keys[side])
		}
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

func (f *fuser) left() (list []FuseApart) {
	for _, s := range f.order {
		if f.apart[s].Key != 0 {
			list = append(list, f.apart[s])
		}
	}
	return list
}
