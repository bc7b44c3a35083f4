package store

import (
	"context"
	"errors"

	"github.com/errscope/errscope/queries"
)

// Info is what a database says of itself.
type Info struct {
	Schema, SchemaKnown int // the version of the file, and that of this program
	Engine              queries.Engine
	Tables              []TableInfo
	Span                queries.Span
	Sources             []Source // none where the schema is older than this program's
}

// TableInfo is a table and the number of its rows.
type TableInfo struct {
	Name string
	Rows int64
}

// Schema is the version of the schema that the file had when it was opened,
// and the one that this program knows.
func (db *DB) Schema() (have, known int) { return db.schema, db.schemaKnown }

// Info tells what is in the database. Of one with an older schema, opened with
// Options.AsIs, it tells what every schema has.
func (db *DB) Info(ctx context.Context) (Info, error) {
	info := Info{Schema: db.schema, SchemaKnown: db.schemaKnown}
	engine, err := ask[queries.Engine](ctx, db, queries.InfoEngine, nil)
	if err != nil {
		return info, err
	}
	info.Engine = engine[0]
	names, err := ask[queries.TableName](ctx, db, queries.TableNames, nil)
	if err != nil {
		return info, err
	}
	for _, t := range names {
		rows, _, err := db.readTable(ctx, t.Name, "0")
		if err != nil {
			return info, err
		}
		info.Tables = append(info.Tables, TableInfo{t.Name, rows})
	}
	if info.Schema < info.SchemaKnown {
		return info, nil
	}
	span, err := ask[queries.Span](ctx, db, queries.InfoSpan, nil)
	if err != nil {
		return info, err
	}
	info.Span = span[0]
	info.Sources, err = db.Sources(ctx)
	return info, err
}

// everyValue is a digest of all values of a table, in whatever order: to tell
// it each of them must be read.
const everyValue = "coalesce(bit_xor(hash(t)), 0)"

// readTable counts the rows of a table, whatever its name, and tells the digest.
func (db *DB) readTable(ctx context.Context, table, digest string) (rows int64, sum uint64, err error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer end()
	query := "SELECT count(*), " + digest + "::UBIGINT FROM main." + queries.QuoteName(table) + " AS t"
	if err := db.sql.QueryRowContext(ctx, query).Scan(&rows, &sum); err != nil {
		return 0, 0, translate(db.path, "reading "+table+" of", err)
	}
	return rows, sum, nil
}

// Migrate brings a database up to date and tells the version of its schema
// before and after. The functions of the prelude are written anew in any case.
func Migrate(ctx context.Context, path string, o Options) (from, to int, err error) {
	o.ReadOnly, o.AsIs = false, false
	db, err := Open(ctx, path, o)
	if err != nil {
		return 0, 0, err
	}
	from, to = db.Schema()
	err = inTx(ctx, db, "migrating", func(tx transaction) error {
		_, err := tx.exec(ctx, queries.Prelude, nil)
		return err
	})
	return from, to, errors.Join(err, db.Close())
}
