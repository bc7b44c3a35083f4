package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/errscope/errscope/queries"
)

// transaction is a transaction and the connection it runs on.
type transaction struct {
	*sql.Tx
	conn *sql.Conn
}

// inTx runs do in one transaction: all of it or nothing. doing is a gerund for
// the message, such as "writing packs to".
func inTx(ctx context.Context, db *DB, doing string, do func(tx transaction) error) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return translate(db.path, doing, err)
	}
	defer conn.Close()
	// The transaction itself must not end with ctx: database/sql would roll
	// back behind our back while a statement still runs.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return translate(db.path, doing, err)
	}
	if err := do(transaction{tx, conn}); err != nil {
		// After a fatal error there is nothing to roll back and Rollback says
		// so; the first error is the one that tells.
		_ = tx.Rollback()
		if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
			err = errors.Join(cause, err)
		}
		return translate(db.path, doing, err)
	}
	return translate(db.path, doing, tx.Commit())
}

// exec runs a step of the store and says how many rows it changed.
func (tx transaction) exec(ctx context.Context, name queries.Name, a args) (int64, error) {
	text, err := queries.Load(name)
	if err != nil {
		return 0, err
	}
	bound, err := a.bound(text)
	if err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, text.SQL, bound...)
	if err != nil {
		return 0, fmt.Errorf("running %s: %w", name, err)
	}
	return done.RowsAffected()
}

// execFilled runs a step with its parameters written as literals, which DuckDB
// plans better for.
func (tx transaction) execFilled(ctx context.Context, name queries.Name, a args) error {
	text, err := queries.Load(name)
	if err != nil {
		return err
	}
	filled, err := queries.Fill(text, a)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, filled); err != nil {
		return fmt.Errorf("running %s: %w", name, err)
	}
	return nil
}

// fill appends n rows to a table by way of DuckDB's appender, which is what
// many small rows need. The values must be in the order of its columns.
func (tx transaction) fill(ctx context.Context, table string, n int, row func(i int) []driver.Value) error {
	if n == 0 {
		return nil
	}
	return tx.conn.Raw(func(c any) (err error) {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", table)
		if err != nil {
			return fmt.Errorf("filling %s: %w", table, err)
		}
		defer func() {
			if e := appender.Close(); e != nil {
				err = errors.Join(err, fmt.Errorf("filling %s: %w", table, e))
			}
		}()
		for i := range n {
			if i%appendCheck == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := appender.AppendRow(row(i)...); err != nil {
				return fmt.Errorf("filling %s: %w", table, err)
			}
		}
		return nil
	})
}

// appendCheck is the number of rows between two looks at the context.
const appendCheck = 1024
