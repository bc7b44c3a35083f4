package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/duckdb/duckdb-go/v2"
)

// The table functions that queries.LoadBrief and queries.LoadFull call. They
// stay with the instance for good, so they are registered once; the pass that
// they serve comes with the context of the INSERT.
const (
	briefFunction = "errscope_brief"
	fullFunction  = "errscope_full"
)

// passKey finds the pass in a context.
type passKey struct{}

// register makes the table functions known to DuckDB.
func (db *DB) register(ctx context.Context) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return translate(db.path, "opening", err)
	}
	defer conn.Close()
	var taken bool
	if err := conn.QueryRowContext(ctx, "SELECT count(*) > 0 FROM duckdb_functions() WHERE function_name = '"+fullFunction+"'").Scan(&taken); err != nil {
		return translate(db.path, "opening", err)
	}
	if taken { // DuckDB shares one instance per file and process
		return &LockedError{Path: db.path, PID: os.Getpid(), Program: os.Args[0]}
	}
	for _, f := range []struct {
		name    string
		columns []column
		full    bool
	}{{briefFunction, briefColumns, false}, {fullFunction, fullColumns, true}} {
		columns, err := columnInfos(f.columns)
		if err != nil {
			return fmt.Errorf("describing the rows: %w", err)
		}
		function := duckdb.ParallelChunkTableFunction{
			// No arguments: the driver ends the process on a NULL.
			BindArgumentsContext: func(ctx context.Context, _ map[string]any, _ ...any) (duckdb.ParallelChunkTableSource, error) {
				p, ok := ctx.Value(passKey{}).(*pass)
				if !ok || p.full != f.full {
					return nil, errors.New(f.name + " is for loading only")
				}
				p.columns = columns
				return p, nil
			},
		}
		if err := duckdb.RegisterTableUDF(conn, f.name, function); err != nil {
			return translate(db.path, "preparing", err)
		}
	}
	return nil
}
