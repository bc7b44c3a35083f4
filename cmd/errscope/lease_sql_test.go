package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
	"github.com/errscope/errscope/tui"
)

// TestLeaseAnswersSQL: the SQL screen has its answer, and the file is free for
// an ingest right after it.
func TestLeaseAnswersSQL(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	l := &lease{path: path}
	answer, err := l.Answer(t.Context(), "SELECT count(*) AS n FROM failures WHERE vendor = $vendor", queries.Scope{Vendor: "x"}, 10)
	if err != nil || len(answer.Rows) != 1 || answer.Rows[0][0] != int64(0) {
		t.Fatalf("answered %v, error %v", answer, err)
	}
	if columns, err := l.Tables(t.Context()); err != nil || len(columns) == 0 {
		t.Errorf("%d columns, error %v", len(columns), err)
	}
	again, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatalf("the file is still held: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	l.parquet = parquetAside()
	for _, ending := range []string{".csv", ".json", ".jsonl", ".md", ".parquet"} {
		out := filepath.Join(t.TempDir(), "answer"+ending)
		err := l.use(t.Context(), func(src source) error {
			return (&app{}).exportView(context.Background(), src, tui.Export{SQL: "SELECT 1 AS n", Path: out}, l.parquet)
		})
		if text, _ := os.ReadFile(out); err != nil || len(text) == 0 {
			t.Errorf("%s holds %q, error %v", ending, text, err)
		}
	}
}

// TestTemporaryExportsParquet: what a triage has read leaves as Parquet, which
// only the database itself can write, and nothing stays behind.
func TestTemporaryExportsParquet(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	tmp := &temporary{app: &app{}, parquet: parquetAside()}
	db, err := store.Open(t.Context(), "", store.Options{Temp: true, Output: tmp.parquet})
	if err != nil {
		t.Fatal(err)
	}
	tmp.opened.Store(db)
	out := filepath.Join(t.TempDir(), "answer.parquet")
	for range 2 {
		view := tui.Export{SQL: "SELECT range AS n FROM range(7) -- seven", Path: out, Replace: true}
		if err := tmp.export(t.Context(), view); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	if n, _ := runs(t, dir, 0, "sql", "--unsafe", "--db", "t.duckdb", "--format", "csv", "SELECT count(*) FROM '"+out+"'"); n != "count_star()\n7\n" {
		t.Errorf("it holds %q", n)
	}
}
