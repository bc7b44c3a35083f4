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
	for len(hits) > 0 {
		a, b := order(hits[0])
		// All hits of the pair, those with the most ahead of others.
		votes := map[int64]int{}
		timed := true
		hits = slices.DeleteFunc(hits, func(h store.Hit) bool {
			if x, y := order(h); x != a || y != b {
				return false
			}
			ahead := h.AOffset - h.BOffset
			if h.A != a {
				ahead = -ahead
			}
			votes[ahead]++
			timed = timed && h.Timed
			return true
		})
		p := &pair{loader: l, a: ledger[a], b: ledger[b], timed: timed}
		took, err := p.settle(ctx, votes, done)
		if err != nil {
			return found, err
		}
		found = found || took
	}
	return found, nil
}

// order gives the pair of a hit, the older source first.
func order(h store.Hit) (a, b int64) { return min(h.A, h.B), max(h.A, h.B) }

// pair is two sources that may have lines in common; a is the older one.
type pair struct {
	*loader
	a, b   store.Source
	timed  bool
	prints [2]*ingest.Prints
	taken  [2][]record.Stretch // doubled before
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
	if p.prints[0] == nil || p.prints[1] == nil {
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
		o, ok := ingest.FindOverlap(p.prints[0], p.prints[1], ahead, p.timed)
		if !ok {
			continue
		}
		if list := p.doubled(o); len(list) > 0 {
			return true, p.drop(ctx, list, done)
		}
	}
	return false, nil
}

// read gets the prints and what was doubled before of both sources. Prints
// that cannot be used leave the source as it is.
func (p *pair) read(ctx context.Context) error {
	for i, s := range []store.Source{p.a, p.b} {
		segments, err := p.db.LinePrints(ctx, s.ID)
		if err != nil {
			return &storeError{err}
		}
		if len(segments) == 0 {
			return nil
		}
		if p.taken[i], err = p.db.Doubled(ctx, s.ID); err != nil {
			return &storeError{err}
		}
		prints, err := ingest.NewPrints(s.Bytes, segments)
		if errors.Is(err, ingest.ErrManyLines) {
			return nil
		}
		if err != nil {
			return &storeError{err}
		}
		p.prints[i] = prints
	}
	return nil
}

// doubled lists what is to be taken out: of the run, what both sources still
// have, from the newer one where that was read with no more than the other, and
// pieces of lines of which the other has the whole.
func (p *pair) doubled(o ingest.Overlap) []store.DoubledLines {
	bytes, lines := o.A.FromOffset-o.B.FromOffset, o.A.FromLine-o.B.FromLine
	taken := slices.Clone(p.taken[0])
	for _, s := range p.taken[1] {
		taken = append(taken, s.Shift(bytes, lines))
	}
	var list []store.DoubledLines
	add := func(i int, s record.Stretch) {
		id := []int64{p.a.ID, p.b.ID}[i]
		d := store.DoubledLines{SourceID: id, Stretch: s}
		d.Rejected, d.Ignored = p.prints[i].Count(s)
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
			for _, s := range c.Without(p.taken[i]) {
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
