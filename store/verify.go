package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/errscope/errscope/queries"
)

// differencesMax bounds how many differences one check lists, since one cause
// may show in every source.
const differencesMax = 100

// Verified is what [DB.Verify] found.
type Verified struct {
	Checks, Tables, Rows int64 // what was looked at; Rows over all tables
	Differences          []queries.Difference
	// Unlisted is how many differences there are beyond those listed.
	Unlisted int64
}

func (v *Verified) add(list []queries.Difference) {
	v.Checks++
	v.Unlisted += int64(max(len(list)-differencesMax, 0))
	v.Differences = append(v.Differences, list[:min(len(list), differencesMax)]...)
}

// unreadable notes a check that the database itself does not let run.
func (v *Verified) unreadable(place string, err error) {
	v.add([]queries.Difference{{Place: place, Want: "readable", Have: firstLine(err.Error())}})
}

// Verify looks for every difference between what the database says and what
// it holds: its schema against the one of this program, every value of every
// table (each block has a checksum), the ledger against the rows, what belongs
// to nothing, labels outside their sets, what the analysis has seen against the
// sources, and the salt beside the file. It
// changes nothing. Its error is one of asking only; a difference is none.
func (db *DB) Verify(ctx context.Context) (Verified, error) {
	var v Verified
	v.add(saltDifferences(db.path))
	if db.schema != db.schemaKnown {
		v.add([]queries.Difference{{Place: "schema", Want: fmt.Sprintf("version %d", db.schemaKnown), Have: fmt.Sprintf("version %d", db.schema)}})
		return v, nil
	}
	if err := db.verifySchema(ctx, &v); err != nil {
		return v, err
	}
	if err := db.verifyTables(ctx, &v); err != nil {
		return v, err
	}
	for _, check := range []queries.Name{queries.VerifyLedger, queries.VerifyOrphans, queries.VerifyDoubled, queries.VerifyLabels,
		queries.VerifyViews, queries.VerifyAnswers, queries.VerifyAnalysed, queries.VerifyTally} {
		list, err := ask[queries.Difference](ctx, db, check, args{"steps": strings.Join(knownSteps(), ",")})
		if ctx.Err() != nil {
			return v, ctx.Err()
		}
		if err != nil {
			v.unreadable("check "+string(check), err)
			continue
		}
		v.add(list)
	}
	return v, nil
}

// verifyTables reads every value of every table.
func (db *DB) verifyTables(ctx context.Context, v *Verified) error {
	names, err := ask[queries.TableName](ctx, db, queries.TableNames, nil)
	if err != nil {
		v.unreadable("table list", err)
		return ctx.Err()
	}
	for _, t := range names {
		rows, _, err := db.readTable(ctx, t.Name, everyValue)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			v.unreadable("table "+t.Name, err)
			continue
		}
		v.Tables++
		v.Rows += rows
	}
	v.Checks++
	return nil
}

// verifySchema holds the schema against that of a new database. Tables, columns
// and views of the user's own are no difference.
func (db *DB) verifySchema(ctx context.Context, v *Verified) error {
	want, err := shippedSchema(ctx)
	if err != nil {
		return fmt.Errorf("making a schema to compare with: %w", err)
	}
	have, err := ask[queries.SchemaPart](ctx, db, queries.VerifyShape, nil)
	if err != nil {
		v.unreadable("schema", err)
		return ctx.Err()
	}
	v.add(schemaDifferences(want, have))
	return nil
}

// schemaDifferences lists what is wanted and not there, or otherwise. Of a table
// or view that is not there at all the columns are not listed.
func schemaDifferences(want, have []queries.SchemaPart) (list []queries.Difference) {
	type part struct{ kind, name string }
	there := map[part]string{}
	for _, p := range have {
		there[part{p.Kind, p.Name}] = p.Detail
	}
	for _, p := range want {
		detail, ok := there[part{p.Kind, p.Name}]
		if ok && sameText(detail, p.Detail) {
			continue
		}
		if p.Kind == "column" {
			of, _, _ := strings.Cut(p.Name, ".")
			_, isTable := there[part{"table", of}]
			_, isView := there[part{"view", of}]
			if !isTable && !isView {
				continue
			}
		}
		d := queries.Difference{Place: p.Kind + " " + p.Name, Want: firstLine(p.Detail), Have: "nothing"}
		if ok {
			d.Have = firstLine(detail)
		}
		if ok && d.Want == d.Have {
			d.Have = "another text"
		}
		list = append(list, d)
	}
	return list
}

// sameText compares texts but for quotes: DuckDB writes its own words for a
// view, and whether names have quotes depends on how often it was stored.
func sameText(a, b string) bool {
	return strings.ReplaceAll(a, `"`, "") == strings.ReplaceAll(b, `"`, "")
}

// shippedSchema is the schema of a new database, stored and read again, since
// DuckDB shows a view otherwise before that.
func shippedSchema(ctx context.Context) (parts []queries.SchemaPart, err error) {
	dir, err := os.MkdirTemp("", "errscope-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "errscope.duckdb")
	for _, readOnly := range []bool{false, true} {
		db, err := Open(ctx, path, Options{ReadOnly: readOnly})
		if err != nil {
			return nil, err
		}
		if readOnly {
			parts, err = ask[queries.SchemaPart](ctx, db, queries.VerifyShape, nil)
		}
		if err = errors.Join(err, db.Close()); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// firstLineBytes bounds what is shown of the text of a view.
const firstLineBytes = 160

func firstLine(s string) string {
	line, _, cut := strings.Cut(s, "\n")
	if len(line) > firstLineBytes {
		line, cut = strings.ToValidUTF8(line[:firstLineBytes], ""), true
	}
	if cut {
		line += " …"
	}
	return line
}

// saltDifferences looks at the salt: without it new calls get fingerprints that
// match no stored one, and who can read it can try out keys.
func saltDifferences(path string) []queries.Difference {
	d := queries.Difference{Place: path + ".salt", Want: "32 bytes in hex, mode 0600"}
	info, err := os.Stat(path + ".salt")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Have = "no such file"
	case err != nil:
		d.Have = err.Error()
	case info.Mode().Perm() != saltFileMode:
		d.Have = fmt.Sprintf("mode %04o", info.Mode().Perm())
	default:
		if _, err := Salt(path); err == nil {
			return nil
		}
		d.Have = "something else"
	}
	return []queries.Difference{d}
}
