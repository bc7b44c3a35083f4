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
	for _, ending := range []string{".csv", ".json", ".jsonl", ".md"} {
		out := filepath.Join(t.TempDir(), "answer"+ending)
		err := l.use(t.Context(), func(src source) error {
			return (&app{}).exportView(context.Background(), src, tui.Export{SQL: "SELECT 1 AS n", Path: out})
		})
		if text, _ := os.ReadFile(out); err != nil || len(text) == 0 {
			t.Errorf("%s holds %q, error %v", ending, text, err)
		}
	}
}
