package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// overlapTries is how many of its first rows a source is looked for by, and
// how many places in another source are tried for each.
const overlapTries = 4

// Hit is a place where two sources may hold the same lines: the row at AOffset
// of source A says what that at BOffset of source B says.
type Hit struct {
	A       int64 `sql:"a"`
	B       int64 `sql:"b"`
	AOffset int64 `sql:"a_offset"`
	BOffset int64 `sql:"b_offset"`
	Timed   bool  `sql:"timed"` // the rows have a time
}

// Hits looks for the first rows of each source in those others that may hold
// the same lines, unless both were compared before. It costs nothing unless
// the times of two sources overlap.
func (db *DB) Hits(ctx context.Context) ([]Hit, error) {
	near, err := ask[struct {
		ID      int64 `sql:"source_id"`
		Pending bool  `sql:"pending"`
	}](ctx, db, queries.OverlapNear, nil)
	if err != nil || len(near) < 2 {
		return nil, err
	}
	numbers := make([]string, len(near))
	for i, n := range near {
		numbers[i] = strconv.FormatInt(n.ID, 10)
	}
	return ask[Hit](ctx, db, queries.OverlapHits, args{"near": strings.Join(numbers, ","), "tries": overlapTries})
}

// LinePrints gives what the segments of a source came with as
// [SegmentEnd].Prints, in their order.
func (db *DB) LinePrints(ctx context.Context, sourceID int64) ([][]byte, error) {
	rows, err := ask[struct {
		Offset int64  `sql:"source_offset"`
		Prints []byte `sql:"prints"`
	}](ctx, db, queries.OverlapPrints, args{"source_id": sourceID})
	list := make([][]byte, len(rows))
	for i, r := range rows {
		list[i] = r.Prints
	}
	return list, err
}

// Doubled gives the stretches of a source that were taken away as doubled.
func (db *DB) Doubled(ctx context.Context, sourceID int64) ([]record.Stretch, error) {
	rows, err := ask[struct {
		FromOffset int64 `sql:"from_offset"`
		ToOffset   int64 `sql:"to_offset"`
		FromLine   int64 `sql:"from_line"`
		ToLine     int64 `sql:"to_line"`
	}](ctx, db, queries.OverlapDoubled, args{"source_id": sourceID})
	list := make([]record.Stretch, len(rows))
	for i, r := range rows {
		list[i] = record.Stretch(r)
	}
	return list, err
}

// DoubledLines are lines of a source that another source has, and how many of
// them were rejected and ignored.
type DoubledLines struct {
	SourceID int64
	record.Stretch
	Rejected, Ignored int64
}

// DropDoubled takes the rows and rejects of doubled lines away and counts them
// as duplicates of their source, all in one transaction. It gives for each how
// many rows that were.
func (db *DB) DropDoubled(ctx context.Context, list []DoubledLines) (rows []int64, err error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	var changed []Source
	err = inTx(ctx, db, "taking doubled lines out of", func(tx transaction) error {
		if err := db.known.read(ctx, tx); err != nil {
			return err
		}
		now := map[int64]Source{}
		for _, d := range list {
			s, ok := now[d.SourceID]
			if !ok {
				s = db.known.sources[d.SourceID]
			}
			n, err := tx.dropDoubled(ctx, d)
			if err != nil {
				return err
			}
			rows = append(rows, n)
			s.Records -= n
			s.Rejected -= d.Rejected
			s.Ignored -= d.Ignored
			s.Duplicates += n + d.Rejected + d.Ignored
			now[d.SourceID] = s
		}
		for _, s := range now {
			if _, err := tx.exec(ctx, queries.LoadSourceAgain, s.args()); err != nil {
				return err
			}
			if err := tx.forgetAnalysed(ctx, s.ID); err != nil {
				return err
			}
			changed = append(changed, s)
		}
		return nil
	})
	if err != nil {
		db.known = known{}
		return nil, err
	}
	for _, s := range changed {
		db.known.note(s)
	}
	return rows, nil
}

func (tx transaction) dropDoubled(ctx context.Context, d DoubledLines) (rows int64, err error) {
	if d.SourceID == 0 {
		return 0, fmt.Errorf("dropping lines of source %d: there is none", d.SourceID)
	}
	if err := tx.partStretch(ctx, d.SourceID, d.FromOffset, d.ToOffset); err != nil {
		return 0, err
	}
	where := args{"source_id": d.SourceID, "from_offset": d.FromOffset, "to_offset": d.ToOffset, "from_line": d.FromLine, "to_line": d.ToLine}
	for _, step := range []queries.Name{queries.OverlapDropBrief, queries.OverlapDropFull, queries.OverlapDropRejects, queries.OverlapNote} {
		n, err := tx.exec(ctx, step, where)
		if err != nil {
			return 0, err
		}
		if step == queries.OverlapDropBrief || step == queries.OverlapDropFull {
			rows += n
		}
	}
	return rows, nil
}

// Compared notes that all sources were held against each other.
func (db *DB) Compared(ctx context.Context) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	db.known = known{}
	return inTx(ctx, db, "comparing the sources of", func(tx transaction) error {
		_, err := tx.exec(ctx, queries.OverlapDone, nil)
		return err
	})
}
