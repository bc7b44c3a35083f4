package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/errscope/errscope/queries"
)

// Look is shown what a Parquet file holds before it may take its place; an error
// refuses the file.
type Look interface {
	// See is given each text, once per column, column by column. What is nested comes
	// as one text.
	See(column, text string) error
	// Done comes after the last one.
	Done() error
}

// lookThrough shows look the texts of the Parquet files at pattern, which the
// database must be allowed to read. A nil look sees nothing. Texts come in no order.
func (db *DB) lookThrough(ctx context.Context, pattern string, look Look) error {
	if look == nil {
		return nil
	}
	from := "FROM read_parquet(" + queries.QuoteText(pattern) + ", hive_partitioning = false)"
	rows, err := db.sql.QueryContext(ctx, "SELECT * "+from+" LIMIT 0")
	if err != nil {
		return translate(db.path, "looking through the export of", err)
	}
	types, err := rows.ColumnTypes()
	if err = errors.Join(err, rows.Close()); err != nil {
		return translate(db.path, "looking through the export of", err)
	}
	for _, c := range types {
		if !strings.Contains(c.DatabaseTypeName(), "VARCHAR") && !strings.Contains(c.DatabaseTypeName(), "BLOB") {
			continue
		}
		if err := db.lookThroughColumn(ctx, c.Name(), from, look); err != nil {
			return err
		}
	}
	return look.Done()
}

func (db *DB) lookThroughColumn(ctx context.Context, column, from string, look Look) error {
	name := `"` + strings.ReplaceAll(column, `"`, `""`) + `"`
	if err := look.See(column, column); err != nil { // a name may come from a value
		return err
	}
	rows, err := db.sql.QueryContext(ctx, "SELECT DISTINCT CAST("+name+" AS VARCHAR) "+from+" WHERE "+name+" IS NOT NULL")
	if err != nil {
		return translate(db.path, "looking through the export of", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return fmt.Errorf("looking through column %s: %w", column, err)
		}
		if err := look.See(column, text); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return translate(db.path, "looking through the export of", err)
	}
	return nil
}
