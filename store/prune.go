package store

import (
	"context"
	"errors"
	"time"

	"github.com/errscope/errscope/queries"
)

// Pruning says which rows are old enough to go.
type Pruning struct {
	// Before is the time before which rows go. A row without a time stays.
	Before time.Time
	// KeepFailures keeps what the view failures shows.
	KeepFailures bool
	// DryRun counts only.
	DryRun bool
}

// Pruned is what went, or would.
type Pruned struct {
	Rows     int64 // exchanges
	Rejects  int64 // of sources that end before the time
	Sources  int64 // that lost rows
	Timeless int64 // rows that stay because they have no time
}

// errDryRun ends a transaction that was for counting only.
var errDryRun = errors.New("nothing is to change")

// Prune takes rows away because of their age, in one transaction. The ledger
// counts them as pruned records of their source, so that the same bytes are
// known when they come again, and not loaded twice. What was computed from the
// rows, outage windows and quota periods, stays as history.
func (db *DB) Prune(ctx context.Context, p Pruning) (Pruned, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return Pruned{}, err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	db.known = known{}
	var done Pruned
	err = inTx(ctx, db, "pruning", func(tx transaction) error {
		if done, err = tx.prune(ctx, p); err != nil {
			return err
		}
		if p.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Pruned{}, err
	}
	return done, nil
}

func (tx transaction) prune(ctx context.Context, p Pruning) (done Pruned, err error) {
	timeless, err := askIn[queries.RowCount](ctx, tx, queries.PruneTimeless, nil)
	if err != nil {
		return done, err
	}
	done.Timeless = timeless[0].Rows
	values := args{"cutoff": p.Before.UTC(), "keep_failures": p.KeepFailures}
	var brief, full int64
	for _, step := range []struct {
		name  queries.Name
		count *int64
	}{{queries.PruneSources, &done.Sources}, {queries.TallyAgain, new(int64)}, {queries.PruneBrief, &brief}, {queries.PruneFull, &full},
		{queries.PruneFused, new(int64)}, {queries.FuseForget, new(int64)}, {queries.PruneRejects, &done.Rejects}, {queries.PruneEndpoints, new(int64)}} {
		if *step.count, err = tx.exec(ctx, step.name, values); err != nil {
			return done, err
		}
	}
	done.Rows = brief + full
	if done.Rows == 0 && done.Rejects == 0 {
		return done, nil
	}
	values["rows_pruned"], values["pruned_at"] = done.Rows, time.Now().UTC().Truncate(time.Microsecond)
	if _, err = tx.exec(ctx, queries.PruneNote, values); err != nil {
		return done, err
	}
	return done, tx.tally(ctx) // reports would read the rows of these sources until the next load
}
