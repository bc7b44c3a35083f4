package store

import (
	"context"
	"math"

	"github.com/errscope/errscope/queries"
)

// part gives the lines of all fused rows their own rows back.
func (tx transaction) part(ctx context.Context) (parted bool, err error) {
	return tx.partChosen(ctx, queries.FuseUndoAll, nil)
}

// partStretch does so for the rows that have a line in a stretch of a source, and
// has every step of the analysis take the sources of these lines anew.
func (tx transaction) partStretch(ctx context.Context, sourceID, from, to int64) error {
	_, err := tx.partChosen(ctx, queries.FuseUndoStretch, args{"source_id": sourceID, "from_offset": from, "to_offset": to})
	return err
}

// sourceEnd is behind the last byte of any source.
const sourceEnd = math.MaxInt64

func (tx transaction) partChosen(ctx context.Context, choose queries.Name, a args) (parted bool, err error) {
	if _, err := tx.exec(ctx, queries.FuseBegin, nil); err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, choose, a)
	if err != nil {
		return false, err
	}
	if n > 0 {
		sources, err := askIn[struct {
			ID int64 `sql:"source_id"`
		}](ctx, tx, queries.FuseUndoSources, nil)
		if err != nil {
			return false, err
		}
		if _, err := tx.exec(ctx, queries.FuseUndo, nil); err != nil {
			return false, err
		}
		for _, s := range sources {
			if err := tx.forgetAnalysed(ctx, s.ID); err != nil {
				return false, err
			}
		}
	}
	_, err = tx.exec(ctx, queries.FuseEnd, nil)
	return n > 0, err
}
