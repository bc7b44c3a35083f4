package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/errscope/errscope/queries"
)

// errCopy says in the words of DuckDB's own lock what that leaves open.
var errCopy = errors.New("a COPY could write over the database, it is disabled by configuration")

// keepsOut refuses what DuckDB's lock does not. Without external access SQL may
// still reach the files of the database itself, and a COPY writes over them
// although they are open for reading only. (Taking the file system away from SQL
// would also take the engine's temporary files.) Text that holds the word must be
// questions only, as DuckDB's own parser sees them; then it stands in a text or a
// name. There is no other way to spell a keyword.
func (db *DB) keepsOut(ctx context.Context, text string) error {
	if !db.guarded || !strings.Contains(strings.ToLower(text), "copy") {
		return nil
	}
	said, err := askIn[struct {
		Refused bool `sql:"refused"`
	}](ctx, db.sql, queries.GuardRefused, args{"text": text})
	if err == nil && said[0].Refused {
		err = errCopy
	}
	if err != nil {
		return fmt.Errorf("querying database %s: %w", db.path, err)
	}
	return nil
}

// oneStatement refuses what is more or less than one statement: between the
// parentheses of a COPY it could close them and begin another, with the right
// to write.
func (db *DB) oneStatement(ctx context.Context, query string) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return translate(db.path, "exporting from", err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		statement, err := c.(driver.Conn).Prepare(query) // which takes one only
		if err != nil {
			return err
		}
		return statement.Close()
	})
	if err != nil {
		return translate(db.path, "exporting one statement from", err)
	}
	return nil
}
