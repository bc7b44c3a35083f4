package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// ErrNoBaseline says that no baseline is stored under a name.
var ErrNoBaseline = errors.New("no such baseline")

// ErrEmptyBaseline says that a span holds no call; what stood under the name stays.
var ErrEmptyBaseline = errors.New("the span holds no call")

// SaveBaseline keeps how often each code failed in the span, under a name that
// may not be empty; one of that name makes way in the
// same transaction. A span without a call gives [ErrEmptyBaseline].
func (db *DB) SaveBaseline(ctx context.Context, name string, since, until, at time.Time) error {
	if name == "" {
		return errors.New("saving a baseline: it has no name")
	}
	return db.changeBaselines(ctx, "saving a baseline in", func(tx transaction) error {
		if _, err := tx.exec(ctx, queries.BaselineDrop, args{"name": name}); err != nil {
			return err
		}
		rows, err := tx.exec(ctx, queries.BaselineSave, args{"name": name, "saved_at": at.UTC(), "since": nullTime(since), "until": nullTime(until)})
		if err == nil && rows == 0 {
			return ErrEmptyBaseline
		}
		return err
	})
}

// DropBaseline takes a baseline away; none of that name gives [ErrNoBaseline].
func (db *DB) DropBaseline(ctx context.Context, name string) error {
	return db.changeBaselines(ctx, "dropping a baseline of", func(tx transaction) error {
		rows, err := tx.exec(ctx, queries.BaselineDrop, args{"name": name})
		if err == nil && rows == 0 {
			return fmt.Errorf("%w: %q", ErrNoBaseline, name)
		}
		return err
	})
}

func (db *DB) changeBaselines(ctx context.Context, doing string, do func(tx transaction) error) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	return inTx(ctx, db, doing, do)
}

// Baselines lists the stored baselines by name.
func (db *DB) Baselines(ctx context.Context) ([]queries.Baseline, error) {
	return ask[queries.Baseline](ctx, db, queries.Baselines, nil)
}

// Baseline gives the baseline of a name, or [ErrNoBaseline].
func (db *DB) Baseline(ctx context.Context, name string) (queries.Baseline, error) {
	list, err := db.Baselines(ctx)
	if err != nil {
		return queries.Baseline{}, err
	}
	i := slices.IndexFunc(list, func(b queries.Baseline) bool { return b.Name == name })
	if i < 0 {
		return queries.Baseline{}, fmt.Errorf("%w: %q", ErrNoBaseline, name)
	}
	return list[i], nil
}

// BaselineChanges counts each code in the scope and in a baseline. A baseline
// knows no accounts: that part of the scope is passed over.
func (db *DB) BaselineChanges(ctx context.Context, s queries.Scope, name string) ([]queries.CodeChange, error) {
	a := scopeArgs(s)
	a["name"], a["limit"] = name, queries.CodeChangesMax
	return ask[queries.CodeChange](ctx, db, queries.CodeChangesSinceBaseline, a)
}
