package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// readingDB is a database with n rows, opened for reading as the screens do.
func readingDB(t *testing.T, n int64) *DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.duckdb")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.LoadSegment(t.Context(), &Source{Path: "a"}, genSegment(0, n, 1), false); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return openDB(t, path, Options{ReadOnly: true})
}

// TestAnswer gives rows, columns and values of free SQL, as many as asked for.
func TestAnswer(t *testing.T) {
	db := readingDB(t, 3000)
	for _, c := range []struct {
		sql  string
		want string
		more bool
	}{
		{"SELECT 1 AS a, 'x' AS b, NULL AS c", `[[1,"x",null]]`, false},
		{"SELECT 2 -- a comment; with a semicolon\n ; ", `[[2]]`, false},
		{"FROM range(9) SELECT range AS n ORDER BY n DESC", `[[8],[7],[6],[5],[4]]`, true},
		{"VALUES ([1,2]), (NULL)", `[[[1,2]],[null]]`, false},
		{"WITH x AS (SELECT 1 AS n) SELECT n, {'a': n} AS s FROM x", `[[1,{"a":1}]]`, false},
		{"SELECT 'a;b(' AS t, $$;)$$ AS u", `[["a;b(",";)"]]`, false},
		{"SELECT count(*) AS n FROM requests WHERE ts >= $since", `[[0]]`, false},
		{"SELECT $vendor AS v, $account IS NULL AS open", `[["acme",true]]`, false},
		{"SELECT name FROM (DESCRIBE requests) t(name, a, b, c, d, e) LIMIT 1", `[["ts"]]`, false},
		{"SELECT 1; SELECT 2", `[[2]]`, false},
	} {
		s := queries.Scope{Vendor: "acme", Since: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)}
		a, err := db.Answer(t.Context(), c.sql, s, 5)
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		got, _ := json.Marshal(a.Rows)
		if string(got) != c.want || a.More != c.more {
			t.Errorf("%s gives %s, more %v; want %s, %v", c.sql, got, a.More, c.want, c.more)
		}
	}
	if a, err := db.Answer(t.Context(), "EXPLAIN SELECT 1", queries.Scope{}, 5); err != nil || len(a.Rows) == 0 {
		t.Errorf("EXPLAIN gives %v, error %v", a, err)
	}
	// The limit keeps the order that was asked for, whatever the threads do.
	a, err := db.Answer(t.Context(), "SELECT source_offset FROM requests ORDER BY source_offset DESC", queries.Scope{}, 2000)
	if err != nil || len(a.Rows) != 2000 || !a.More ||
		!slices.IsSortedFunc(a.Rows, func(x, y []any) int { return int(y[0].(int64) - x[0].(int64)) }) {
		t.Errorf("%d rows, more %v, error %v", len(a.Rows), a.More, err)
	}
	if a, err := db.Answer(t.Context(), "SELECT repeat('x', 1000000) FROM range(1000)", queries.Scope{}, 900); err != nil || !a.More || len(a.Rows) > 40 {
		t.Errorf("%d rows of a megabyte, more %v, error %v", len(a.Rows), a.More, err)
	}
}

// TestAnswerRefuses lets nothing be written and no file be read.
func TestAnswerRefuses(t *testing.T) {
	db := readingDB(t, 10)
	dir := t.TempDir()
	for _, s := range []string{
		"DROP TABLE requests_full", "CREATE TABLE x (a INTEGER)", "INSERT INTO rejects (line) VALUES (1)", "DELETE FROM sources",
		"FROM read_csv('" + dir + "/a.csv')", "COPY requests TO '" + dir + "/out.csv'", "ATTACH '" + dir + "/other.duckdb'",
		"SET enable_external_access = true", "SELECT 1; DROP VIEW requests", "FROM read_text('/etc/hostname')", "INSTALL httpfs",
	} {
		if _, err := db.Answer(t.Context(), s, queries.Scope{}, 5); !errors.Is(err, queries.ErrRefused) {
			t.Errorf("%s gives the error %v", s, err)
		}
	}
	// A temporary database can be written to, but not from here.
	temp := openDB(t, "", Options{Temp: true})
	for _, s := range []string{"DROP VIEW requests", "SELECT 1; DROP VIEW requests", "SELECT 1) LIMIT 1; DROP VIEW requests; FROM (SELECT 1", "CREATE TABLE x (a INTEGER)"} {
		if _, err := temp.Answer(t.Context(), s, queries.Scope{}, 5); err == nil {
			t.Errorf("allowed on a temporary database: %s", s)
		}
	}
	if _, err := temp.Answer(t.Context(), "/* x */ drop VIEW requests", queries.Scope{}, 5); !errors.Is(err, queries.ErrRefused) {
		t.Errorf("a temporary database gives the error %v", err)
	}
	if a, err := temp.Answer(t.Context(), "SELECT count(*) FROM requests", queries.Scope{}, 5); err != nil || fmt.Sprint(a.Rows) != "[[0]]" {
		t.Errorf("the temporary database answers %v, error %v", a.Rows, err)
	}
}

// TestAnswerErrors names the place of an error within the text as it was typed.
func TestAnswerErrors(t *testing.T) {
	db := readingDB(t, 10)
	for _, c := range []struct{ sql, want string }{
		{"SELEC 1", "LINE 1: SELEC 1\n        ^"},
		{"SELECT vendor,\n  nonsense\nFROM failures", "LINE 2:   nonsense\n          ^"},
		{"SELECT 1 FROM nowhere", "LINE 1: SELECT 1 FROM nowhere\n                      ^"},
		{"SELECT $nobody", "there is no parameter $nobody: there are $since $until $vendor $account"},
	} {
		if _, err := db.Answer(t.Context(), c.sql, queries.Scope{}, 5); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gives\n%v\nwant\n%s", c.sql, err, c.want)
		}
	}
}

// TestAnswerIsInterrupted ends a statement that would run for hours, and the
// database answers the next one.
func TestAnswerIsInterrupted(t *testing.T) {
	db := readingDB(t, 10)
	for _, sql := range []string{
		"SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3",
		"EXPLAIN ANALYZE SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := db.Answer(ctx, sql, queries.Scope{}, 5)
			ended <- err
		}()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s ended with %v", sql, err)
		}
		if a, err := db.Answer(t.Context(), "SELECT 1", queries.Scope{}, 5); err != nil || len(a.Rows) != 1 {
			t.Errorf("afterwards: %v, error %v", a, err)
		}
	}
	// One that is under way: the deadline strikes while it counts.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := db.Answer(ctx, "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3", queries.Scope{}, 5)
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// TestTables lists the contract's views with their columns.
func TestTables(t *testing.T) {
	columns, err := readingDB(t, 10).Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	has := func(table, column, kind string) {
		t.Helper()
		if !slices.ContainsFunc(columns, func(c queries.TableColumn) bool { return c.Table == table && c.Column == column && c.Type == kind }) {
			t.Errorf("there is no %s.%s %s", table, column, kind)
		}
	}
	has("requests", "duration_ms", "DOUBLE")
	has("failures", "ts", "TIMESTAMP")
	has("outage_windows", "started_at", "TIMESTAMP")
	has("quota_status", "used", "BIGINT")
	if !slices.ContainsFunc(columns, func(c queries.TableColumn) bool { return c.Table == "failures" && c.IsView }) {
		t.Error("failures is no view")
	}
}
