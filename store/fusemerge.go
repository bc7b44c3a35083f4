package store

import (
	"context"
	"database/sql/driver"
	"maps"
	"math"
	"slices"

	"github.com/errscope/errscope/queries"
)

// merge makes one row of each new cluster, labelled by all that its lines tell.
func (s *fuseStep) merge(ctx context.Context) error {
	type line struct {
		cluster, number int
	}
	var lines []line
	for i, c := range s.apply {
		for n := range c.Sides {
			lines = append(lines, line{i, n})
		}
	}
	err := s.tx.fill(ctx, "fuse_changes", len(lines), func(i int) []driver.Value {
		number := lines[i].cluster
		c := &s.apply[number]
		at, into := s.at(c.Sides[lines[i].number]), s.at(c.Sides[0])
		return []driver.Value{int64(number), int32(len(c.Sides)), at.source, at.offset, into.source, into.offset,
			c.Keys[lines[i].number], int32(lines[i].number), c.By}
	})
	if err != nil {
		return err
	}
	for _, stretch := range s.stretches() {
		if err := s.tx.execFilled(ctx, queries.FuseAside, stretch); err != nil {
			return err
		}
	}
	for from := 0; from < len(s.apply); from += fuseMergeRows {
		if err := s.mergeSome(ctx, from, min(from+fuseMergeRows, len(s.apply))); err != nil {
			return err
		}
	}
	return nil
}

// stretches are where the lines are that are fused now: one of each source, so that
// DuckDB skips the rest, or of all.
func (s *fuseStep) stretches() (list []args) {
	type stretch struct{ from, to int64 }
	of := map[int64]stretch{}
	for _, c := range s.apply {
		for _, side := range c.Sides {
			p := s.at(side)
			if have, ok := of[p.source]; ok {
				of[p.source] = stretch{min(have.from, p.offset), max(have.to, p.offset)}
			} else {
				of[p.source] = stretch{p.offset, p.offset}
			}
		}
	}
	if len(of) > fuseStretches {
		return []args{{"first_source": int64(0), "last_source": int64(math.MaxInt64), "from_offset": int64(0), "to_offset": int64(sourceEnd)}}
	}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		list = append(list, args{"first_source": id, "last_source": id, "from_offset": of[id].from, "to_offset": of[id].to})
	}
	return list
}

// mergeSome is merge for some of the clusters, so that bodies are held of these
// only.
func (s *fuseStep) mergeSome(ctx context.Context, from, to int) error {
	if _, err := s.tx.exec(ctx, queries.RelabelBegin, nil); err != nil {
		return err
	}
	some := args{"from_cluster": int64(from), "to_cluster": int64(to)}
	if err := s.tx.execFilled(ctx, queries.FuseMerge, some); err != nil {
		return err
	}
	if slices.ContainsFunc(s.apply[from:to], func(c queries.FusedCluster) bool { return len(c.Sides) > 2 }) {
		if err := s.tx.execFilled(ctx, queries.FuseMergeMany, some); err != nil {
			return err
		}
	}
	for ; from < to; from += fusePageRows {
		if err := s.label(ctx, int64(from), int64(min(from+fusePageRows, to))); err != nil {
			return err
		}
	}
	_, err := s.tx.exec(ctx, queries.FuseWrite, nil)
	return err
}

// label labels the fused rows of a page that are no plain success.
func (s *fuseStep) label(ctx context.Context, from, to int64) error {
	rows, err := askIn[storedRow](ctx, s.tx, queries.FuseRows, args{"from_row": from, "to_row": to})
	if err != nil {
		return err
	}
	w := relabeller{tx: s.tx}
	for i := range rows {
		rows[i].fill(&w.stored)
		s.Judge(&w.stored, &w.label)
		w.stored.keep(&w.label)
		w.batch = append(w.batch, newRelabelled(rows[i].Row, &w.stored, &w.label))
	}
	return w.flush(ctx)
}
