package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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

// TestFusionByOurID: calls that two logs know by our own id only are found in the
// larger of them, and among the smaller ones, at once and later.
func TestFusionByOurID(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
	logs := map[string][]string{}
	for i := range 60 {
		for _, log := range []struct {
			name     string
			of, late int
		}{{"large.jsonl", 1, 0}, {"small.jsonl", 3, 400}, {"smaller.jsonl", 6, 900}} {
			if i%log.of == 0 {
				logs[log.name] = append(logs[log.name], jsonLine(map[string]any{"time": start.Add(time.Duration(10*i+log.late) * time.Second).Format(time.RFC3339),
					"method": "GET", "url": fmt.Sprint("https://api.carsxe.com/specs?vin=", i), "status": 503, "request_headers": map[string]string{"X-Request-Id": fmt.Sprint("ours-", i)}}))
			}
		}
	}
	db := filepath.Join(dir, "calls.duckdb")
	var paths []string
	for _, name := range []string{"large.jsonl", "small.jsonl", "smaller.jsonl"} {
		paths = append(paths, filepath.Join(dir, name))
	}
	for _, step := range []struct {
		percent int
		want    string
	}{{90, "18,9"}, {100, "20,10"}} {
		for name, lines := range logs {
			writeLines(t, filepath.Join(dir, name), lines[:len(lines)*step.percent/100])
		}
		runHere(t, append([]string{"ingest", "--db", db}, paths...)...)
		got := runHere(t, "sql", "--db", db, "--format", "csv", `SELECT count(*) AS rows, count(*) FILTER (n = 3) AS of_three
			FROM (SELECT count(*) AS n FROM fused WHERE key = 'client_request_id' GROUP BY into_source_id, into_offset)`)
		if got != "rows,of_three\n"+step.want+"\n" {
			t.Errorf("at %d %%: %s, want %s", step.percent, got, step.want)
		}
	}
}
