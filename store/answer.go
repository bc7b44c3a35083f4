package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/errscope/errscope/queries"
)

// Answer runs one statement of free SQL and gives at most limit rows of its
// answer, and of long texts at most [queries.AnswerBytesMax] bytes. The
// parameters $since, $until, $vendor and $account are the scope's. A statement
// that would write, or reach a file, wraps [queries.ErrRefused].
func (db *DB) Answer(ctx context.Context, text string, s queries.Scope, limit int) (queries.Answer, error) {
	if err := queries.CheckParameters(text); err != nil {
		return queries.Answer{}, err
	}
	used := queries.ParametersIn(text)
	whole := queries.OneQuestion(text)
	switch {
	case db.readOnly:
	case queries.Writes(text): // nothing else keeps it out
		return queries.Answer{}, fmt.Errorf("%w: only what asks can be run here", queries.ErrRefused)
	case !whole:
		return queries.Answer{}, fmt.Errorf("querying database %s: only one statement can be run here, with all its parentheses closed", db.path)
	}
	var rows *Rows
	var err error
	if whole {
		rows, err = db.QueryScope(ctx, queries.Limited(text, limit+1), used, s)
	}
	// What cannot stand in parentheses, such as EXPLAIN, runs as it is, and what
	// is wrong is told in its own words: the database itself is locked.
	if db.readOnly && (!whole || err != nil && notPlanned.MatchString(err.Error())) {
		rows, err = db.QueryScope(ctx, text, used, s)
	}
	if err != nil {
		return queries.Answer{}, keptOut(err)
	}
	a, err := collect(rows, limit)
	return a, keptOut(errors.Join(err, rows.Close()))
}

var (
	notPlanned = regexp.MustCompile(`(?:Parser|Binder|Catalog|Permission|Invalid Input|Not implemented) Error`)
	refusal    = regexp.MustCompile(`disabled by configuration|read-only mode|Permission Error|configuration has been locked`)
)

// keptOut marks what the lock of the database has kept out.
func keptOut(err error) error {
	if err != nil && refusal.MatchString(err.Error()) {
		return fmt.Errorf("%w: %w", queries.ErrRefused, err)
	}
	return err
}

func collect(rows *Rows, limit int) (queries.Answer, error) {
	var a queries.Answer
	for _, c := range rows.Columns {
		a.Columns = append(a.Columns, queries.AnswerColumn{Name: c.Name, Type: c.Type})
	}
	bytes := 0
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return a, err
		}
		if len(a.Rows) == limit || bytes > queries.AnswerBytesMax {
			a.More = true
			return a, nil
		}
		for i, v := range row {
			switch x := v.(type) {
			case string:
				row[i] = strings.ToValidUTF8(x, "\ufffd")
				bytes += len(x)
			case nil, bool, int64, uint64, float64, json.Number:
				bytes += 8
			default:
				raw, err := json.Marshal(x)
				if err != nil {
					return a, fmt.Errorf("reading column %s: %w", a.Columns[i].Name, err)
				}
				row[i] = json.RawMessage(raw)
				bytes += len(raw)
			}
		}
		a.Rows = append(a.Rows, row)
	}
}

// Tables lists what free SQL can ask: each column of each table and view.
func (db *DB) Tables(ctx context.Context) ([]queries.TableColumn, error) {
	return ask[queries.TableColumn](ctx, db, queries.TableColumns, nil)
}
