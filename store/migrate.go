package store

import (
	"context"
	"fmt"
	"time"

	"github.com/errscope/errscope/queries"
)

// migrate brings the schema up to what this program knows, in one transaction.
// A database that is only read must be there already; see [Open].
func migrate(ctx context.Context, db *DB) error {
	steps, err := queries.Migrations()
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	known := len(steps)
	db.schema, db.schemaKnown = have, known
	switch {
	case have > known:
		return &NewerError{Path: db.path, Have: have, Known: known}
	case have == known:
		return nil
	case have > 0 && db.asIs:
		return nil
	case have == 0 && db.readOnly:
		return &NotDatabaseError{Path: db.path, Reason: "nothing was ever loaded into it"}
	case db.readOnly:
		return &OlderError{Path: db.path, Have: have, Known: known}
	}
	return inTx(ctx, db, "migrating", func(tx transaction) error { return applySteps(ctx, tx, steps[have:]) })
}

func applySteps(ctx context.Context, tx transaction, steps []queries.Migration) error {
	if _, err := tx.exec(ctx, queries.SchemaBegin, nil); err != nil {
		return err
	}
	for _, m := range steps {
		if _, err := tx.ExecContext(ctx, m.SQL); err != nil {
			return fmt.Errorf("applying %s: %w", m.Name, err)
		}
		done := args{"version": m.Version, "name": m.Name, "applied_at": time.Now().UTC()}
		if _, err := tx.exec(ctx, queries.SchemaApplied, done); err != nil {
			return err
		}
	}
	_, err := tx.exec(ctx, queries.Prelude, nil)
	return err
}

// schemaVersion tells the version of the database, 0 for an empty one.
func schemaVersion(ctx context.Context, db *DB) (int, error) {
	found, err := ask[struct {
		Tables int64 `sql:"tables"`
		Ours   int64 `sql:"ours"`
	}](ctx, db, queries.SchemaTables, nil)
	if err != nil {
		return 0, err
	}
	switch {
	case found[0].Tables == 0:
		return 0, nil
	case found[0].Ours == 0:
		return 0, &NotDatabaseError{Path: db.path, Reason: "it is a DuckDB database with other tables"}
	}
	version, err := ask[struct {
		Version int64 `sql:"version"`
	}](ctx, db, queries.SchemaVersion, nil)
	if err != nil {
		return 0, err
	}
	return int(version[0].Version), nil
}
