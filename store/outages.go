package store

import (
	"context"
)

// outagesStep is the name of the step in analysed.
const outagesStep = "outages"

// FindOutages brings outage_windows up to date with the rows.
func (db *DB) FindOutages(ctx context.Context) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	return inTx(ctx, db, "looking for outages in", func(tx transaction) error {
		list, _, err := tx.pending(ctx, outagesStep)
		if err != nil {
			return err
		}
		return tx.markAnalysed(ctx, outagesStep, list)
	})
}
