package store

import (
	"context"
	"database/sql/driver"

	"github.com/errscope/errscope/queries"
)

// stepTally is the name of the step in analysed; the view tallied has it, too.
const stepTally = "tally"

// tallyTextBytes is what counting may need beside what DuckDB holds: numbers only.
const tallyTextBytes = 24 << 20

// Tally counts the plain calls that were not counted yet, by minute and by
// duration, so that reports need not. What is not counted reports read from the
// rows, so it may be left out or die without making an answer wrong.
func (db *DB) Tally(ctx context.Context) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	if err := db.makeRoom(ctx, tallyTextBytes); err != nil {
		return err
	}
	return inTx(ctx, db, "counting the calls of", func(tx transaction) error { return tx.tally(ctx) })
}

// tally brings tally_minutes and tally_durations up to date with the rows.
func (tx transaction) tally(ctx context.Context) error {
	list, _, err := tx.pending(ctx, stepTally)
	if err != nil || len(list) == 0 {
		return err
	}
	if _, err := tx.exec(ctx, queries.TallyBegin, nil); err != nil {
		return err
	}
	err = tx.fill(ctx, "tally_pending", len(list), func(i int) []driver.Value {
		p := list[i]
		if p.Gone { // nothing of it is counted, but what was goes
			return []driver.Value{p.SourceID, int64(0), int64(0)}
		}
		return []driver.Value{p.SourceID, p.FromOffset, p.ToOffset}
	})
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, queries.TallyDrop, nil); err != nil {
		return err
	}
	first, last, from, to := list[0].SourceID, list[0].SourceID, list[0].FromOffset, list[0].ToOffset
	for _, p := range list[1:] {
		first, last = min(first, p.SourceID), max(last, p.SourceID)
		from, to = min(from, p.FromOffset), max(to, p.ToOffset)
	}
	all := args{"first_source": first, "last_source": last, "from_offset": from, "to_offset": to}
	count := queries.TallyCountOne
	if len(list) > 1 {
		count = queries.TallyCountMany
	}
	if err := tx.execFilled(ctx, count, all); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, queries.TallyAdd, nil); err != nil {
		return err
	}
	return tx.markAnalysed(ctx, stepTally, list)
}
