package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/errscope/errscope/queries"
)

// Column is a column of an answer to free SQL.
type Column struct {
	Name string
	Type string // DuckDB's name for it, such as "DECIMAL(18,3)"
}

// Rows is the answer to free SQL. It must be closed.
type Rows struct {
	Columns []Column

	rows  *sql.Rows
	path  string
	cells []any
	into  []any
	once  sync.Once
	close func() error
}

// Query runs free SQL; of several statements the last one answers. What it may
// do was decided by [Open]: with ReadOnly it changes nothing and reaches no
// file.
func (db *DB) Query(ctx context.Context, text string) (*Rows, error) { return db.query(ctx, text) }

// QueryScope is [DB.Query] with the parameters $since, $until, $vendor and
// $account, of which it binds those that are named; an open bound is NULL.
func (db *DB) QueryScope(ctx context.Context, text string, parameters []string, s queries.Scope) (*Rows, error) {
	bound, err := scopeArgs(s).bound(queries.Text{Parameters: parameters})
	if err != nil {
		return nil, fmt.Errorf("querying database %s: %w", db.path, err)
	}
	return db.query(ctx, text, bound...)
}

func (db *DB) query(ctx context.Context, text string, bound ...any) (*Rows, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := db.keepsOut(ctx, text); err != nil {
		end()
		return nil, err
	}
	rows, err := db.sql.QueryContext(ctx, text, bound...)
	if err != nil {
		end()
		return nil, translate(db.path, "querying", err)
	}
	r := &Rows{rows: rows, path: db.path}
	r.close = func() error {
		db.mu.Lock()
		delete(db.rows, r)
		db.mu.Unlock()
		err := rows.Close()
		end()
		return err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		_ = r.Close() // the first error is the one that tells
		return nil, translate(db.path, "querying", err)
	}
	for _, t := range types {
		r.Columns = append(r.Columns, Column{t.Name(), t.DatabaseTypeName()})
	}
	r.cells = make([]any, len(types))
	r.into = make([]any, len(types))
	for i := range r.cells {
		r.into[i] = &r.cells[i]
	}
	db.mu.Lock()
	db.rows[r] = struct{}{}
	db.mu.Unlock()
	return r, nil
}

// Next gives the next row, one value per column, which the caller may keep;
// io.EOF ends. Values are nil, bool, int64, uint64, float64, string,
// [encoding/json.Number] (HUGEINT and DECIMAL, exact), []any (lists) or
// [Object] (structs and maps); all of them marshal to JSON. Times are text:
// RFC 3339 in UTC, or only the date or the time of day; intervals are ISO 8601
// durations, UUIDs their usual text, BLOBs hex, floats that are no number the
// texts "NaN", "Infinity" and "-Infinity".
func (r *Rows) Next() ([]any, error) {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return nil, translate(r.path, "querying", err)
		}
		return nil, io.EOF
	}
	if err := r.rows.Scan(r.into...); err != nil {
		return nil, translate(r.path, "querying", err)
	}
	row := make([]any, len(r.cells))
	for i, v := range r.cells {
		row[i] = plain(v, r.Columns[i].Type)
	}
	return row, nil
}

// Close ends the query. It may be called more than once.
func (r *Rows) Close() error {
	var err error
	r.once.Do(func() { err = r.close() })
	return err
}

// ExportParquet writes the answer of a query, of one statement, to a Parquet file
// and tells the number of rows. The file must be Options.Output, or Options.Files
// be set. look is shown what it holds; where that is an error the file must not be
// kept.
func (db *DB) ExportParquet(ctx context.Context, query, file string, look Look) (rows int64, err error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	absolute, err := filepath.Abs(file)
	if err != nil {
		return 0, fmt.Errorf("exporting to %s: %w", file, err)
	}
	query = strings.TrimRight(query, "; \t\r\n")
	if err := db.keepsOut(ctx, query); err != nil {
		return 0, err
	}
	if err := db.oneStatement(ctx, query); err != nil {
		return 0, err
	}
	// The newline ends a trailing comment of the query.
	done, err := db.sql.ExecContext(ctx, "COPY (\n"+query+"\n) TO "+queries.QuoteText(absolute)+" (FORMAT parquet, USE_TMP_FILE false)")
	if err != nil {
		return 0, translate(db.path, "exporting from", err)
	}
	if err := db.lookThrough(ctx, absolute, look); err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
