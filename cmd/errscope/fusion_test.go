package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// fusedLogs are logs of calls that are seen by a proxy, a sidecar and a capture,
// or by some of them, with ids that all, some or none of them tell.
func fusedLogs(r *rand.Rand) map[string][]string {
	logs := map[string][]string{}
	start := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
	maybe := func(text string) string {
		if r.IntN(3) > 0 {
			return text
		}
		return ""
	}
	at := start
	for i := range 150 {
		at = at.Add(time.Duration(r.IntN(4000)) * time.Millisecond)
		status := []int{200, 200, 503, 429, 404}[r.IntN(5)]
		path := []string{"/specs?vin=A1", "/history?vin=B2", fmt.Sprintf("/v1/vehicles/%d/odometer", 1000+i)}[r.IntN(3)]
		took := time.Duration(50+r.IntN(900)) * time.Millisecond
		bytes := 100 + r.IntN(50)
		vendors, ours := fmt.Sprintf("rq-%08d", i), fmt.Sprintf("cl-%08d", i-r.IntN(2)) // an id of ours may be of two attempts
		trace, span := fmt.Sprintf("%032x", 77+i-r.IntN(3)), fmt.Sprintf("%016x", 99+i)
		if r.IntN(3) > 0 {
			id := maybe(vendors)
			if r.IntN(4) == 0 {
				id = ours
			}
			if id == "" {
				id = "-"
			}
			name := "egress.log.1"
			if i > 70 {
				name = "egress.log"
			}
			logs[name] = append(logs[name], fmt.Sprintf("10.0.0.7 - - [%s] \"GET %s HTTP/1.1\" %d %d \"-\" \"svc\" \"api.carsxe.com\" %.3f 203.0.113.10:443 %d %.3f %s\n",
				at.Format("02/Jan/2006:15:04:05 -0700"), path, status, bytes, took.Seconds(), status, took.Seconds(), id))
		}
		if r.IntN(2) == 0 {
			one := map[string]any{"time": at.Format(time.RFC3339Nano), "method": "GET", "url": "https://api.carsxe.com" + path, "status": status,
				"duration_ms": took.Milliseconds(), "body": fmt.Sprintf(`{"success":%v,"message":"%d"}`, status == 200, status)}
			if id := maybe(vendors); id != "" {
				one["headers"] = map[string]string{"X-Request-Id": id, "Retry-After": "7"}
			}
			if id := maybe(ours); id != "" {
				one["request_headers"] = map[string]string{"X-Request-Id": id}
			}
			logs["captured.jsonl"] = append(logs["captured.jsonl"], jsonLine(one))
		}
		if r.IntN(2) == 0 {
			logs["mesh.jsonl"] = append(logs["mesh.jsonl"], jsonLine(map[string]any{"@timestamp": at.Format(time.RFC3339Nano), "event": map[string]any{"duration": took.Nanoseconds()},
				"http":  map[string]any{"request": map[string]any{"method": "GET"}, "response": map[string]any{"status_code": status}},
				"url":   map[string]any{"full": "https://api.carsxe.com" + path, "domain": "api.carsxe.com"},
				"trace": map[string]any{"id": trace}, "span": map[string]any{"id": span}}))
		}
	}
	return logs
}

func jsonLine(v any) string {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts and numbers
	}
	return string(line) + "\n"
}

// fusedState is all that must not depend on how the lines came into a database.
func fusedState(t *testing.T, db string) string {
	t.Helper()
	var all strings.Builder
	for _, query := range []string{
		"SELECT s.path, r.* EXCLUDE (source_id) FROM requests r JOIN sources s ON s.source_id = r.source_id ORDER BY s.path, r.source_offset",
		`SELECT a.path, f.source_offset, b.path AS into_path, f.into_offset, f.key FROM fused f JOIN sources a ON a.source_id = f.source_id
		 JOIN sources b ON b.source_id = f.into_source_id ORDER BY ALL`,
		"SELECT s.path, l.* EXCLUDE (source_id) FROM left_apart l JOIN sources s ON s.source_id = l.source_id ORDER BY ALL",
		"SELECT path, lines, records, rejected, ignored, duplicates FROM sources ORDER BY path",
		outageColumns,
		"SELECT * FROM quota_status ORDER BY ALL",
		"SELECT t.vendor, t.host, t.route, m.minute, sum(m.calls), sum(m.failed) FROM traffic_minutes m JOIN traffic_scopes t ON t.scope_id = m.scope_id GROUP BY ALL ORDER BY ALL",
	} {
		all.WriteString(runHere(t, "sql", "--db", db, "--format", "csv", query))
	}
	runHere(t, "db", "verify", "--db", db)
	return all.String()
}

// sameSalt gives a database the salt of another, so that their hashes agree.
func sameSalt(t *testing.T, from, to string) {
	t.Helper()
	salt, err := os.ReadFile(from + ".salt")
	if err == nil {
		err = os.WriteFile(to+".salt", salt, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestFusionInPieces: rows, places and what is computed of them are the same
// whether the logs come at once, or file by file in any order, or as files that
// grow between runs, in the middle of a line too.
func TestFusionInPieces(t *testing.T) {
	joined, apart := 0, 0
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 5))
		logs := fusedLogs(r)
		var names []string
		for name := range logs {
			names = append(names, name)
		}
		slices.Sort(names)
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, "logs", name) }
		if err := os.Mkdir(filepath.Join(dir, "logs"), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			writeLines(t, path(name), logs[name])
		}
		whole := filepath.Join(dir, "whole.duckdb")
		runHere(t, "ingest", "--db", whole, filepath.Join(dir, "logs"))
		want := fusedState(t, whole)
		joined += strings.Count(want, ",request_id\n") + strings.Count(want, ",time\n")
		apart += strings.Count(want, ",time,")
		for trial := range 2 {
			db := filepath.Join(dir, fmt.Sprint("trial", trial, ".duckdb"))
			sameSalt(t, whole, db)
			given := map[string]int{}
			for _, name := range names {
				if err := os.Remove(path(name)); err != nil {
					t.Fatal(err)
				}
			}
			for open := slices.Clone(names); len(open) > 0; {
				i := r.IntN(len(open))
				text := strings.Join(logs[open[i]], "")
				given[open[i]] = min(given[open[i]]+len(text)/2+r.IntN(len(text)), len(text))
				if err := os.WriteFile(path(open[i]), []byte(text[:given[open[i]]]), 0o600); err != nil {
					t.Fatal(err)
				}
				runHere(t, "ingest", "--db", db, path(open[i]))
				if given[open[i]] == len(text) {
					open = slices.Delete(open, i, i+1)
				}
			}
			if got := fusedState(t, db); got != want {
				t.Fatalf("seed %d, trial %d:\n%s", seed, trial, firstDifference(got, want))
			}
			runHere(t, "db", "reclassify", "--db", db)
			if got := fusedState(t, db); got != want {
				t.Fatalf("seed %d, trial %d, after labelling anew:\n%s", seed, trial, firstDifference(got, want))
			}
		}
	}
	if joined < 50 || apart < 5 {
		t.Errorf("only %d lines were fused and %d left apart: this shows nothing", joined, apart)
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "got  " + a[i] + "\nwant " + b[i]
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

// TestFusionStopped: a step that is stopped changes nothing, and the next run
// does it.
func TestFusionStopped(t *testing.T) {
	dir := t.TempDir()
	whole, db := filepath.Join(dir, "whole.duckdb"), filepath.Join(dir, "stopped.duckdb")
	logs := fusedLogs(rand.New(rand.NewPCG(1, 9)))
	for name, lines := range logs {
		writeLines(t, filepath.Join(dir, name), lines)
	}
	paths := []string{filepath.Join(dir, "captured.jsonl"), filepath.Join(dir, "mesh.jsonl"), filepath.Join(dir, "egress.log.1"), filepath.Join(dir, "egress.log")}
	runHere(t, append([]string{"ingest", "--db", whole}, paths...)...)
	sameSalt(t, whole, db)
	runHere(t, append([]string{"ingest", "--db", db}, paths[:2]...)...)
	runHere(t, append([]string{"ingest", "--db", db}, paths...)...)

	open, err := store.Open(t.Context(), db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.Relabel(t.Context(), store.Relabelling{Judge: func(s *store.Stored, out *record.Label) { *out = s.Label },
		Versions: func(before string) string { return before }}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = open.Fuse(ctx, store.Fusing{Origin: analysis.FuseOrigin, Find: analysis.Fuse, Judge: func(*store.Stored, *record.Label) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	if err := open.Close(); err != nil {
		t.Fatal(err)
	}
	if got := runHere(t, "sql", "--db", db, "--format", "csv", "SELECT count(*), count(fused_by) FROM requests"); !strings.HasSuffix(got, ",0\n") {
		t.Errorf("after a step that was stopped: %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "more.log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	runHere(t, "ingest", "--db", db, filepath.Join(dir, "more.log"))
	query := "SELECT ts, status, code, message, fused_by, other_status FROM requests ORDER BY ALL"
	if got, want := runHere(t, "sql", "--db", db, "--format", "csv", query), runHere(t, "sql", "--db", whole, "--format", "csv", query); got != want {
		t.Error(firstDifference(got, want))
	}
}
