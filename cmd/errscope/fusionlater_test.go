package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFusionLater: logs that grow by a few lines at a time, of which some come
// late, give the rows that they give at once.
func TestFusionLater(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 21))
		logs := fusedLogs(r)
		if seed == 1 { // the time alone, of two logs
			delete(logs, "mesh.jsonl")
			for i, line := range logs["captured.jsonl"] {
				logs["captured.jsonl"][i] = strings.NewReplacer("X-Request-Id", "X-Other").Replace(line)
			}
		}
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, "logs", name) }
		if err := os.Mkdir(filepath.Join(dir, "logs"), 0o700); err != nil {
			t.Fatal(err)
		}
		var names []string
		for name, lines := range logs {
			writeLines(t, path(name), lines)
			names = append(names, name)
		}
		slices.Sort(names)
		whole, grown := filepath.Join(dir, "whole.duckdb"), filepath.Join(dir, "grown.duckdb")
		runHere(t, "ingest", "--db", whole, filepath.Join(dir, "logs"))
		sameSalt(t, whole, grown)
		given := map[string]int{}
		give := func(name string, lines int) {
			given[name] = min(given[name]+lines, len(logs[name]))
			writeLines(t, path(name), logs[name][:given[name]])
		}
		for _, name := range names {
			give(name, len(logs[name])*4/5)
		}
		runHere(t, "ingest", "--db", grown, filepath.Join(dir, "logs"))
		for range 4 {
			for range 2 {
				give(names[r.IntN(len(names))], 1+r.IntN(6))
			}
			runHere(t, "ingest", "--db", grown, filepath.Join(dir, "logs"))
		}
		for _, name := range names {
			give(name, len(logs[name]))
		}
		runHere(t, "ingest", "--db", grown, filepath.Join(dir, "logs"))
		if got, want := fusedState(t, grown), fusedState(t, whole); got != want {
			t.Fatalf("seed %d:\n%s", seed, firstDifference(got, want))
		}
	}
}
