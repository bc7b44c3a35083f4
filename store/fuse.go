package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// stepFuse is the name of the step in analysed.
const stepFuse = "fuse"

// fuseTextBytes is how much text DuckDB should have room for; more it moves to
// its temporary folder.
const fuseTextBytes = 16 << 20

const (
	// fuseMergeRows is how many fused rows are made at a time.
	fuseMergeRows = 16 << 10
	// fusePageRows is how many of them are labelled at a time.
	fusePageRows = 2048
)

// Fusing says how lines that tell of one exchange are found and labelled.
type Fusing struct {
	// Origin names what a source is a piece of; own tells sources apart that have
	// no file.
	Origin func(path, format, own string) string
	// Find groups the sides of one exchange. Its answer must depend on the set of
	// sides only.
	Find func(c queries.FuseCase) queries.FuseAnswer
	// Judge labels what all sides together tell.
	Judge Judge
}

// Fuse brings fused rows up to date with the lines: each exchange that several
// sources tell of is one row of requests, at the place of its log line, and what
// each line said is kept aside. What did not change is not written again. It is
// one transaction, and nothing where nothing is new or all is of one origin.
func (db *DB) Fuse(ctx context.Context, f Fusing) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	pending, _, err := db.Pending(ctx, stepFuse)
	if err != nil || len(pending) == 0 {
		return err
	}
	if err := db.makeRoom(ctx, fuseTextBytes); err != nil {
		return err
	}
	return inTx(ctx, db, "fusing the lines of", func(tx transaction) error {
		s := fuseStep{Fusing: f, tx: tx, pending: pending}
		if err := s.run(ctx); err != nil {
			return err
		}
		return tx.markAnalysed(ctx, stepFuse, pending)
	})
}

// fuseStep does the work of one [DB.Fuse].
type fuseStep struct {
	Fusing
	tx      transaction
	pending []Pending
	origins fuseOrigins
	sides   []queries.FuseSide
	answer  queries.FuseAnswer
	undo    []place
	apply   []queries.FusedCluster
	changed map[int64]bool // sources with rows that were stored before and are others now
}

// place is where a line stands.
type place struct{ source, offset int64 }

func (s *fuseStep) run(ctx context.Context) error {
	if startsOver(s.pending) {
		if _, err := s.tx.exec(ctx, queries.FuseForget, nil); err != nil {
			return err
		}
	}
	sources, err := askIn[queries.FuseSource](ctx, s.tx, queries.FuseOriginRows, nil)
	if err != nil {
		return err
	}
	var many bool
	if s.origins, many = newFuseOrigins(sources, s.Origin); !many {
		return nil
	}
	if err := s.find(ctx); err != nil {
		return err
	}
	if err := s.compare(ctx); err != nil {
		return err
	}
	for _, step := range [...]func(context.Context) error{s.write, s.leaveApart, s.noteSeen} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	_, err = s.tx.exec(ctx, queries.FuseEnd, nil)
	return err
}

// find finds the exchanges that several lines tell of: near the new lines, where
// that says enough, and else in all of them.
func (s *fuseStep) find(ctx context.Context) error {
	if s.origins.knows(s.pending) {
		settled, err := s.findLater(ctx)
		if err != nil || settled {
			return err
		}
		if _, err := s.tx.exec(ctx, queries.FuseEnd, nil); err != nil {
			return err
		}
	}
	return s.findAll(ctx)
}

// findAll looks at all lines.
func (s *fuseStep) findAll(ctx context.Context) error {
	if err := s.begin(ctx, nil); err != nil {
		return err
	}
	ids, err := askIn[queries.FuseIDKinds](ctx, s.tx, queries.FuseIDsAll, nil)
	if err != nil {
		return err
	}
	s.origins.setIDs(ids)
	for _, step := range [...]queries.Name{queries.FuseCallsClear, queries.FusePairsClear, queries.FuseCallsAll} {
		if _, err := s.tx.exec(ctx, step, nil); err != nil {
			return err
		}
	}
	steps := []queries.Name{queries.FuseFind}
	if len(s.origins.aptKinds()) > 0 {
		steps = append(steps, queries.FuseFindNear)
	}
	for _, step := range steps {
		if err := s.tx.execFilled(ctx, step, args{"large_origin": s.origins.large}); err != nil {
			return err
		}
	}
	if s.sides, err = askIn[queries.FuseSide](ctx, s.tx, queries.FuseSides, args{"since": time.Time{}, "until": endOfTime}); err != nil {
		return err
	}
	pairs, err := askIn[queries.FusePair](ctx, s.tx, queries.FusePairs, nil)
	if err != nil {
		return err
	}
	s.answer = s.Find(queries.FuseCase{Sides: s.sides, Pairs: pairs})
	return nil
}

// compare finds what of the clusters is not stored so yet.
func (s *fuseStep) compare(ctx context.Context) error {
	ask := queries.FuseStored
	if s.answer.Touched != nil {
		ask = queries.FuseStoredNear
	}
	stored, err := askIn[queries.FusedLine](ctx, s.tx, ask, nil)
	if err != nil {
		return err
	}
	clusters, stored := s.touched(stored)
	byPlace := make(map[place]int, len(clusters))
	for i, c := range clusters {
		byPlace[s.at(c.Sides[0])] = i
	}
	s.changed = map[int64]bool{}
	seen := map[int64]int64{} // up to which byte of a source rows were there before
	for _, p := range s.pending {
		seen[p.SourceID] = p.FromOffset
	}
	touch := func(p place) {
		if upTo, ok := seen[p.source]; !ok || p.offset < upTo {
			s.changed[p.source] = true
		}
	}
	same := make([]bool, len(clusters))
	for len(stored) > 0 {
		into := place{stored[0].IntoSourceID, stored[0].IntoOffset}
		n := 1
		for n < len(stored) && (place{stored[n].IntoSourceID, stored[n].IntoOffset}) == into {
			n++
		}
		if i, ok := byPlace[into]; ok && s.equal(clusters[i], stored[:n]) {
			same[i] = true
		} else {
			s.undo = append(s.undo, into)
			for _, line := range stored[:n] {
				touch(place{line.SourceID, line.Offset})
			}
		}
		stored = stored[n:]
	}
	for i, c := range clusters {
		if same[i] {
			continue
		}
		s.apply = append(s.apply, c)
		for _, side := range c.Sides {
			touch(s.at(side))
		}
	}
	return nil
}

func (s *fuseStep) at(side int32) place { return place{s.sides[side].SourceID, s.sides[side].Offset} }

// equal says that a cluster is stored as it is. The lines are by source and offset.
func (s *fuseStep) equal(c queries.FusedCluster, lines []queries.FusedLine) bool {
	if len(c.Sides) != len(lines) {
		return false
	}
	for i, side := range c.Sides {
		at := s.at(side)
		if !slices.ContainsFunc(lines, func(l queries.FusedLine) bool {
			return l.SourceID == at.source && l.Offset == at.offset && l.Key == c.Keys[i]
		}) {
			return false
		}
	}
	return true
}

// write parts what is not one exchange any more, and fuses what is now.
func (s *fuseStep) write(ctx context.Context) error {
	if len(s.undo)+len(s.apply) == 0 {
		return nil
	}
	if _, err := s.tx.exec(ctx, queries.FuseBegin, nil); err != nil {
		return err
	}
	err := s.tx.fill(ctx, "fuse_undo", len(s.undo), func(i int) []driver.Value { return []driver.Value{s.undo[i].source, s.undo[i].offset} })
	if err != nil {
		return err
	}
	if len(s.undo) > 0 {
		if _, err := s.tx.exec(ctx, queries.FuseUndo, nil); err != nil {
			return err
		}
	}
	if len(s.apply) > 0 {
		if err := s.merge(ctx); err != nil {
			return err
		}
	}
	for id := range s.changed {
		if _, err := s.tx.exec(ctx, queries.AnalysedForgetLater, args{"source_id": id}); err != nil {
			return err
		}
	}
	return nil
}

// leaveApart notes the lines of which it is not certain where they belong.
func (s *fuseStep) leaveApart(ctx context.Context) error {
	apart := s.answer.Apart
	if s.answer.Touched == nil {
		if _, err := s.tx.exec(ctx, queries.FuseApartClear, nil); err != nil {
			return err
		}
	} else {
		apart = slices.DeleteFunc(apart, func(a queries.FuseApart) bool { return !s.answer.Touched[a.Side] })
		if err := s.clearTouched(ctx); err != nil {
			return err
		}
	}
	slices.SortFunc(apart, func(a, b queries.FuseApart) int { return cmp.Compare(a.Side, b.Side) })
	return s.tx.fill(ctx, "left_apart", len(apart), func(i int) []driver.Value {
		at := s.at(apart[i].Side)
		return []driver.Value{at.source, at.offset, apart[i].Key, apart[i].Candidates}
	})
}
