package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// knownSteps are the names of the steps of the analysis, in analysed.
func knownSteps() []string { return []string{stepFuse, stepTally, outagesStep, stepQuota} }

// Pending is a stretch of a source that a step of the analysis has not seen.
type Pending struct {
	SourceID   int64 `sql:"source_id"`
	FromOffset int64 `sql:"from_offset"` // where the stretch begins
	ToOffset   int64 `sql:"to_offset"`   // and where it ends
	// Anew says that what the step made of this source no longer holds: the
	// source was read anew, rows of it changed, or it is gone.
	Anew bool `sql:"anew"`
	Gone bool `sql:"gone"`
	// First and Last are the times of the whole source, UTC, zero where it has none.
	First time.Time `sql:"first_ts"`
	Last  time.Time `sql:"last_ts"`
}

// Pending lists, by source, what a step has not seen. anew says that something
// that the step has seen no longer holds, so that a step that cannot take back
// what it made of one source has to start over.
func (db *DB) Pending(ctx context.Context, step string) (list []Pending, anew bool, err error) {
	list, err = ask[Pending](ctx, db, queries.AnalysedPending, args{"step": step})
	return list, startsOver(list), err
}

// pending is [DB.Pending] within the transaction that will mark it.
func (tx transaction) pending(ctx context.Context, step string) (list []Pending, anew bool, err error) {
	list, err = askIn[Pending](ctx, tx, queries.AnalysedPending, args{"step": step})
	return list, startsOver(list), err
}

func startsOver(list []Pending) bool {
	return slices.ContainsFunc(list, func(p Pending) bool { return p.Anew })
}

// markAnalysed notes that a step has seen what was pending. It belongs into the
// transaction that stores the results of the step.
func (tx transaction) markAnalysed(ctx context.Context, step string, list []Pending) error {
	if len(list) == 0 {
		return nil
	}
	ids, bytes := make([]string, len(list)), make([]string, len(list))
	for i, p := range list {
		ids[i], bytes[i] = strconv.FormatInt(p.SourceID, 10), strconv.FormatInt(p.ToOffset, 10)
		if p.Gone {
			bytes[i] = "-1"
		}
	}
	return tx.execFilled(ctx, queries.AnalysedMark, args{"step": step, "source_ids": strings.Join(ids, ","), "bytes": strings.Join(bytes, ",")})
}

// forgetAnalysed has every step of the analysis take a source anew. Whoever
// changes rows that are stored calls it in the same transaction.
func (tx transaction) forgetAnalysed(ctx context.Context, sourceID int64) error {
	_, err := tx.exec(ctx, queries.AnalysedForget, args{"source_id": sourceID})
	return err
}
