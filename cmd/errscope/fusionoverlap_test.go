package main

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// TestOverlapAfterFusion: lines of fused rows that a second snapshot of the log
// holds as well are found to be doubled, and the rows are those of a load at once.
func TestOverlapAfterFusion(t *testing.T) {
	dir := t.TempDir()
	logs := fusedLogs(rand.New(rand.NewPCG(3, 11)))
	lines := append(logs["egress.log.1"], logs["egress.log"]...)
	for name, part := range map[string][]string{"monday.log": lines[:60], "tuesday.log": lines[30:], "captured.jsonl": logs["captured.jsonl"], "whole.log": lines} {
		writeLines(t, filepath.Join(dir, name), part)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	whole, pieces := path("whole.duckdb"), path("pieces.duckdb")
	runHere(t, "ingest", "--db", whole, path("whole.log"), path("captured.jsonl"))
	sameSalt(t, whole, pieces)
	runHere(t, "ingest", "--db", pieces, path("monday.log"), path("captured.jsonl"))
	runHere(t, "ingest", "--db", pieces, path("tuesday.log"))
	query := "SELECT ts, status, code, message, duration_ms, fused_by, other_status FROM requests ORDER BY ALL"
	if got, want := runHere(t, "sql", "--db", pieces, "--format", "csv", query), runHere(t, "sql", "--db", whole, "--format", "csv", query); got != want {
		t.Error(firstDifference(got, want))
	}
	if got := runHere(t, "sql", "--db", pieces, "--format", "csv", "SELECT sum(duplicates) AS n FROM sources"); got != "n\n30\n" {
		t.Errorf("lines found twice: %s", got)
	}
	runHere(t, "db", "verify", "--db", pieces)
}
