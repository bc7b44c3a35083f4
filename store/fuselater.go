package store

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/errscope/errscope/queries"
)

const (
	// fuseRoundsMax is how often it is looked further around before all lines are
	// looked at.
	fuseRoundsMax = 4
	// fuseLaterSides is how many lines that may do.
	fuseLaterSides = 1 << 18
	// fuseStretches is how many stretches of sources are looked at one by one, so
	// that DuckDB skips the rest of each.
	fuseStretches = 16
)

// fuseSpan is from when to when lines are looked up by their ids.
type fuseSpan struct{ since, until time.Time }

// findLater looks at the lines that are pending, at those that have to do with
// them, and at what stands around these: round by round, until the answer for all
// that the new lines may have changed depends on nothing further. It says whether
// that came to an end.
func (s *fuseStep) findLater(ctx context.Context) (settled bool, err error) {
	if err := s.beginLater(ctx); err != nil {
		return false, err
	}
	bounds, err := s.bounds(ctx)
	if err != nil {
		return false, err
	}
	if bounds.Lines == 0 {
		pairs, err := askIn[queries.FusePair](ctx, s.tx, queries.FusePairs, nil)
		s.answer = s.Find(queries.FuseCase{Pairs: pairs, Later: true})
		return err == nil, err
	}
	const reach = 2 * queries.FuseReachUS * time.Microsecond
	ids := fuseSpan{bounds.First.Add(-reach), bounds.Last.Add(reach)}
	if bounds.Timeless > 0 {
		ids = fuseSpan{time.Time{}, endOfTime}
	}
	pairs, err := askIn[queries.FusePair](ctx, s.tx, queries.FusePairs, nil)
	if err != nil {
		return false, err
	}
	for round := int64(0); round < fuseRoundsMax; round++ {
		if err := s.extend(ctx, round, bounds, ids); err != nil {
			return false, err
		}
		if enough, err := s.look(ctx, round, ids, pairs); err != nil || !enough {
			return false, err
		}
		if !s.answer.Wider {
			return true, nil
		}
		span, err := s.span(ctx, round+1)
		if err != nil {
			return false, err
		}
		front := span.args()
		front["round"] = round + 1
		if err := s.tx.execFilled(ctx, queries.FuseFront, front); err != nil {
			return false, err
		}
		if bounds, err = s.bounds(ctx); err != nil || bounds.Lines == 0 {
			return false, err
		}
	}
	return false, nil
}

// look asks of the lines that were found which are views of one exchange. It says
// whether that may be enough.
func (s *fuseStep) look(ctx context.Context, round int64, ids fuseSpan, pairs []queries.FusePair) (enough bool, err error) {
	span, err := s.span(ctx, 0)
	if err != nil {
		return false, err
	}
	if s.sides, err = askIn[queries.FuseSide](ctx, s.tx, queries.FuseSides, span.args()); err != nil {
		return false, err
	}
	if len(s.sides) > fuseLaterSides {
		return false, nil
	}
	s.setRim(round, ids)
	s.answer = s.Find(queries.FuseCase{Sides: s.sides, Pairs: pairs, Later: true})
	return !s.answer.Anew, nil
}

// span tells from when to when the lines are that were found from a round on.
func (s *fuseStep) span(ctx context.Context, round int64) (fuseSpan, error) {
	list, err := askIn[queries.FuseSpan](ctx, s.tx, queries.FuseSpanOf, args{"round": round})
	if err != nil {
		return fuseSpan{}, err
	}
	return fuseSpan{list[0].First, list[0].Last}, nil
}

// around is the time in which lines may stand around those that were found last.
func around(b queries.FuseBounds) fuseSpan {
	return fuseSpan{b.First.Add(-2 * fuseBlock), b.Last.Add(2 * fuseBlock)}
}

const fuseBlock = queries.FuseBlockUS * time.Microsecond

func (a fuseSpan) args() args { return args{"since": a.since, "until": a.until} }

// beginLater reads the pending lines and counts them.
func (s *fuseStep) beginLater(ctx context.Context) error {
	if err := s.begin(ctx, s.pending); err != nil {
		return err
	}
	stretches := []args{wholeSources}
	if len(s.pending) <= fuseStretches {
		stretches = stretches[:0]
		for _, p := range s.pending {
			stretches = append(stretches, args{"first_source": p.SourceID, "last_source": p.SourceID, "from_offset": p.FromOffset})
		}
	}
	for _, stretch := range stretches {
		for _, step := range [...]queries.Name{queries.FuseLines, queries.FuseCalls} {
			if err := s.tx.execFilled(ctx, step, stretch); err != nil {
				return err
			}
		}
	}
	ids, err := askIn[queries.FuseIDKinds](ctx, s.tx, queries.FuseIDs, nil)
	if err != nil {
		return err
	}
	o := &s.origins
	for i, k := range ids {
		if at := o.at[k.SourceID]; o.sources[at].Seen && o.sources[at].Records > 0 {
			ids[i].IDs &= o.ids[at]
		}
	}
	o.setIDs(ids)
	apt := o.aptKinds()
	return s.tx.fill(ctx, "fuse_apt", len(apt), func(i int) []driver.Value { return []driver.Value{apt[i].SourceID, int32(apt[i].IDs)} })
}

func (s *fuseStep) bounds(ctx context.Context) (queries.FuseBounds, error) {
	list, err := askIn[queries.FuseBounds](ctx, s.tx, queries.FuseBoundsOf, nil)
	if err != nil {
		return queries.FuseBounds{}, err
	}
	return list[0], nil
}

// extend finds the lines that share an id with those that were found last, and
// those that the time may join with them, or with each other near them.
func (s *fuseStep) extend(ctx context.Context, round int64, bounds queries.FuseBounds, ids fuseSpan) error {
	span := ids.args()
	span["round"], span["large_origin"] = round, s.origins.large
	if err := s.tx.execFilled(ctx, queries.FuseSameIDs, span); err != nil {
		return err
	}
	if bounds.Apt == 0 {
		return nil
	}
	near := around(bounds).args()
	near["round"] = round
	return s.tx.execFilled(ctx, queries.FuseSameTime, near)
}

// fusePiece is a piece of time in which the lines of one request were looked up.
type fusePiece struct {
	request uint64
	block   int64
}

// setRim marks the sides of which not all lines were looked up that share an id
// with them or stand near them.
func (s *fuseStep) setRim(round int64, ids fuseSpan) {
	asked, pieces := map[uint64]bool{0: true}, map[fusePiece]bool{}
	o := &s.origins
	for i := range s.sides {
		side := &s.sides[i]
		if side.Round > round {
			continue
		}
		asked[side.Request], asked[side.Client], asked[side.Trace] = true, true, true
		if s.timed(side) {
			for shift := int64(-1); shift <= 1; shift++ {
				pieces[fusePiece{side.RequestKey, blockOf(side.TSUS) + shift}] = true
			}
		}
	}
	since, until := ids.since.UnixMicro()+queries.FuseReachUS, ids.until.UnixMicro()-queries.FuseReachUS
	for i := range s.sides {
		side := &s.sides[i]
		if side.IDKinds() != 0 {
			side.Rim = !(asked[side.Request] && asked[side.Client] && asked[side.Trace]) ||
				side.Timed && (side.TSUS < since || side.TSUS > until) || !side.Timed && !ids.until.Equal(endOfTime)
		}
		if s.timed(side) && o.apt(o.at[side.SourceID], side.IDKinds()) {
			side.Rim = side.Rim || !pieces[fusePiece{side.RequestKey, blockOf(side.TSUS - queries.FuseNearUS)}] ||
				!pieces[fusePiece{side.RequestKey, blockOf(side.TSUS + queries.FuseNearUS)}]
		}
	}
}

// timed says that the time may say something of a side.
func (s *fuseStep) timed(side *queries.FuseSide) bool {
	return side.Timed && side.RequestKey != 0 && side.Status >= 0
}

func blockOf(us int64) int64 { return us / queries.FuseBlockUS }

// touched leaves of the answer, and of the exchanges that are stored, those that
// the new lines may have changed: all of them where all lines were looked at.
func (s *fuseStep) touched(stored []queries.FusedLine) ([]queries.FusedCluster, []queries.FusedLine) {
	if s.answer.Touched == nil {
		return s.answer.Clusters, stored
	}
	touched := map[place]bool{}
	for i, is := range s.answer.Touched {
		if is {
			touched[s.at(int32(i))] = true
		}
	}
	var clusters []queries.FusedCluster
	for _, c := range s.answer.Clusters {
		for _, side := range c.Sides {
			if touched[s.at(side)] {
				clusters = append(clusters, c)
				break
			}
		}
	}
	rows := map[place]bool{}
	for _, l := range stored {
		if touched[place{l.SourceID, l.Offset}] {
			rows[place{l.IntoSourceID, l.IntoOffset}] = true
		}
	}
	var lines []queries.FusedLine
	for _, l := range stored {
		if rows[place{l.IntoSourceID, l.IntoOffset}] {
			lines = append(lines, l)
		}
	}
	return clusters, lines
}

// clearTouched forgets which of the lines that the new ones may have changed were
// left apart.
func (s *fuseStep) clearTouched(ctx context.Context) error {
	if _, err := s.tx.exec(ctx, queries.FuseTouched, nil); err != nil {
		return err
	}
	var places []place
	for i, is := range s.answer.Touched {
		if is {
			places = append(places, s.at(int32(i)))
		}
	}
	err := s.tx.fill(ctx, "fuse_touched", len(places), func(i int) []driver.Value { return []driver.Value{places[i].source, places[i].offset} })
	if err != nil {
		return err
	}
	_, err = s.tx.exec(ctx, queries.FuseApartSome, nil)
	return err
}
