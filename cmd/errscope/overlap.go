package main

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// compareRoundsMax bounds how often the sources are compared in one run: a
// source that lost lines to one may still share others with another.
const compareRoundsMax = 8

// compare takes out what the database has twice because sources overlap. A
// run that dies before its end leaves it to the next one.
func (l *loader) compare(ctx context.Context, done []outcome) error {
	if l.db == nil {
		return nil
	}
	for range compareRoundsMax {
		hits, err := l.db.Hits(ctx)
		if err != nil {
			return &storeError{err}
		}
		found, err := l.settle(ctx, hits, done)
		if err != nil {
			return err
		}
		if !found {
			break
		}
	}
	if err := l.db.Compared(ctx); err != nil {
		return &storeError{err}
	}
	return nil
}

// settle goes through the hits, pair by pair, and says whether lines were
// taken out.
func (l *loader) settle(ctx context.Context, hits []store.Hit, done []outcome) (found bool, err error) {
	if len(hits) == 0 {
		return false, nil
	}
	all, err := l.db.Sources(ctx)
	if err != nil {
		return false, &storeError{err}
	}
	ledger := make(map[int64]store.Source, len(all))
	for _, s := range all {
		ledger[s.ID] = s
	}
	sides := map[int64]*side{}
	for _, c := range pairsOf(hits) {
		p := &pair{loader: l, a: ledger[c.a], b: ledger[c.b], timed: c.timed, sides: sides}
		took, err := p.settle(ctx, c.votes, done)
		if err != nil {
			return found, err
		}
		found = found || took
	}
	return found, nil
}

// partnersMax bounds with how many others a source is compared in one round. A
// source that shares lines has most of its hits in the other; one that only has
// lines like everybody's, such as health checks, has a few in each.
const partnersMax = 32

// candidate is a pair of sources and how far a may be ahead of b, by the number
// of hits that say so.
type candidate struct {
	a, b  int64
	votes map[int64]int
	timed bool
	best  int // votes
}

// pairsOf gathers the hits of each pair, the most promising pairs first.
func pairsOf(hits []store.Hit) []*candidate {
	byPair := map[[2]int64]*candidate{}
	var all []*candidate
	for _, h := range hits {
		a, b := order(h)
		c := byPair[[2]int64{a, b}]
		if c == nil {
			c = &candidate{a: a, b: b, votes: map[int64]int{}, timed: true}
			byPair[[2]int64{a, b}] = c
			all = append(all, c)
		}
		ahead := h.AOffset - h.BOffset
		if h.A != a {
			ahead = -ahead
		}
		c.votes[ahead]++
		c.best = max(c.best, c.votes[ahead])
		c.timed = c.timed && h.Timed
	}
	slices.SortStableFunc(all, func(x, y *candidate) int { return cmp.Compare(y.best, x.best) })
	partners := map[int64]int{}
	return slices.DeleteFunc(all, func(c *candidate) bool {
		partners[c.a]++
		partners[c.b]++
		return partners[c.a] > partnersMax && partners[c.b] > partnersMax
	})
}

// order gives the pair of a hit, the older source first.
func order(h store.Hit) (a, b int64) { return min(h.A, h.B), max(h.A, h.B) }

// pair is two sources that may have lines in common; a is the older one.
type pair struct {
	*loader
	a, b  store.Source
	timed bool
	sides map[int64]*side // what was read of sources in this round
	both  [2]*side
	// covered says whether the reading of the other source would read all that
	// was read of this one.
	covered [2]bool
}

// settle tries how far a may be ahead of b, and takes out what is doubled.
func (p *pair) settle(ctx context.Context, votes map[int64]int, done []outcome) (bool, error) {
	// Of two sources that were read differently, that which was read with more
	// keeps the lines; where neither covers the other, each has its own.
	older, newer := parseReading(p.a.Notes), parseReading(p.b.Notes)
	p.covered = [2]bool{newer.covers(older), older.covers(newer)}
	if !p.covered[0] && !p.covered[1] {
		return false, nil
	}
	if err := p.read(ctx); err != nil {
		return false, err
	}
	if p.both[0].prints == nil || p.both[1].prints == nil {
		return false, nil
	}
	tries := make([]int64, 0, len(votes))
	for ahead := range votes {
		tries = append(tries, ahead)
	}
	slices.SortFunc(tries, func(x, y int64) int {
		return cmp.Or(cmp.Compare(votes[y], votes[x]), cmp.Compare(x, y))
	})
	for _, ahead := range tries {
		o, ok := ingest.FindOverlap(p.both[0].prints, p.both[1].prints, ahead, p.timed)
		if !ok {
			continue
		}
		if list := p.doubled(o); len(list) > 0 {
			return true, p.drop(ctx, list, done)
		}
	}
	return false, nil
}

// side is what is known of one source of a pair.
type side struct {
	prints *ingest.Prints   // nil where it has none that can be used
	taken  []record.Stretch // doubled before
}

// read gets what is known of both sources. Prints that cannot be used leave
// them as they are.
func (p *pair) read(ctx context.Context) error {
	for i, s := range []store.Source{p.a, p.b} {
		known := p.sides[s.ID]
		if known == nil {
			var err error
			if known, err = p.readSide(ctx, s); err != nil {
				return err
			}
			if s.Bytes <= sideBytesMax { // large ones are few, and would fill the memory
				p.sides[s.ID] = known
			}
		}
		p.both[i] = known
	}
	return nil
}

// sideBytesMax bounds the sources whose prints are kept for another pair.
const sideBytesMax = 1 << 20

func (p *pair) readSide(ctx context.Context, s store.Source) (*side, error) {
	segments, err := p.db.LinePrints(ctx, s.ID)
	if err != nil {
		return nil, &storeError{err}
	}
	if len(segments) == 0 {
		return &side{}, nil
	}
	taken, err := p.db.Doubled(ctx, s.ID)
	if err != nil {
		return nil, &storeError{err}
	}
	prints, err := ingest.NewPrints(s.Bytes, segments)
	if err != nil && !errors.Is(err, ingest.ErrManyLines) {
		return nil, &storeError{err}
	}
	if err != nil {
		prints = nil
	}
	return &side{prints: prints, taken: taken}, nil
}

// doubled lists what is to be taken out: of the run, what both sources still
// have, from the newer one where that was read with no more than the other, and
// pieces of lines of which the other has the whole.
func (p *pair) doubled(o ingest.Overlap) []store.DoubledLines {
	bytes, lines := o.A.FromOffset-o.B.FromOffset, o.A.FromLine-o.B.FromLine
	taken := slices.Clone(p.both[0].taken)
	for _, s := range p.both[1].taken {
		taken = append(taken, s.Shift(bytes, lines))
	}
	var list []store.DoubledLines
	add := func(i int, s record.Stretch) {
		id := []int64{p.a.ID, p.b.ID}[i]
		d := store.DoubledLines{SourceID: id, Stretch: s}
		d.Rejected, d.Ignored = p.both[i].prints.Count(s)
		list = append(list, d)
	}
	for _, s := range o.A.Without(taken) {
		if p.covered[1] {
			add(1, s.Shift(-bytes, -lines))
		} else {
			add(0, s)
		}
	}
	for i, pieces := range [][]record.Stretch{o.CutA, o.CutB} {
		for _, c := range pieces {
			if !p.covered[i] {
				continue // the whole line may be out of the range of the other
			}
			for _, s := range c.Without(p.both[i].taken) {
				add(i, s)
			}
		}
	}
	return list
}

// drop takes the lines out, and out of the counts of this run.
func (p *pair) drop(ctx context.Context, list []store.DoubledLines, done []outcome) error {
	rows, err := p.db.DropDoubled(ctx, list)
	if err != nil {
		return &storeError{err}
	}
	for _, d := range list {
		delete(p.sides, d.SourceID)
	}
	for i, d := range list {
		k := slices.IndexFunc(done, func(o outcome) bool {
			return o.source != nil && o.source.ID == d.SourceID && d.FromOffset >= o.from
		})
		if k < 0 {
			continue // it was loaded by a run before this one
		}
		c := &done[k].counts
		c.records -= rows[i]
		c.rejected -= d.Rejected
		c.ignored -= d.Ignored
		c.duplicates += rows[i] + d.Rejected + d.Ignored
	}
	return nil
}
