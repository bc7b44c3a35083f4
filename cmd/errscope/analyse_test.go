package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// outageColumns are all of outage_windows but the ids, which tell of the runs.
const outageColumns = `SELECT * EXCLUDE (window_id) FROM outage_windows ORDER BY started_at, vendor, route`

// trafficLog is a combined log of three days: CarsXE is down for half an hour on
// the second day, one route of Smartcar until the logs end.
func trafficLog() []string {
	r := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	var lines []string
	for s := 0; s < 3*24*3600; s += 10 + r.IntN(40) {
		at := start.Add(time.Duration(s) * time.Second)
		host, path, share := "api.carsxe.com", []string{"/specs", "/history"}[r.IntN(2)], 0.004
		if r.IntN(2) == 0 {
			host, path = "api.smartcar.com", fmt.Sprintf("/v2.0/vehicles/%08d-0000-4000-8000-000000000000/%s", r.IntN(1e8), []string{"odometer", "location"}[r.IntN(2)])
		}
		down := at.Sub(start.Add(34 * time.Hour))
		if host == "api.carsxe.com" && down >= 0 && down < 30*time.Minute || strings.HasSuffix(path, "/location") && s > 70*3600 {
			share = 0.97
		}
		status := 200
		if r.Float64() < share {
			status = 503
		}
		lines = append(lines, fmt.Sprintf("10.0.0.7 - - [%s] \"GET https://%s%s HTTP/1.1\" %d 212 \"-\" \"svc/2.4\"\n",
			at.Format("02/Jan/2006:15:04:05 -0700"), host, path, status))
	}
	return lines
}

func writeLines(t *testing.T, path string, lines []string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOutagesInPieces: the windows are the same whether the logs come at once, as
// a file that grows, or as files in any order; and a window that grows keeps its id.
func TestOutagesInPieces(t *testing.T) {
	lines := trafficLog()
	dir := t.TempDir()
	at := func(share float64) int { return int(share * float64(len(lines))) }
	db := func(name string) string { return filepath.Join(dir, name+".duckdb") }

	whole := filepath.Join(dir, "whole.log")
	writeLines(t, whole, lines)
	runHere(t, "ingest", "--db", db("whole"), whole)
	want := runHere(t, "sql", "--db", db("whole"), "--format", "csv", outageColumns)
	if strings.Count(want, "\n") != 3 || !strings.Contains(want, "carsxe,,,2026-11-11T10:0") || !strings.Contains(want, "smartcar,,/v2.0/vehicles/{id}/location,2026-11-12T22:0") {
		t.Fatalf("the windows are\n%s", want)
	}

	grown, id := filepath.Join(dir, "grown.log"), ""
	for _, share := range []float64{0.2, 0.475, 0.5, 0.98, 0.99, 1} {
		writeLines(t, grown, lines[:at(share)])
		runHere(t, "ingest", "--db", db("grown"), grown)
		now := runHere(t, "sql", "--db", db("grown"), "--format", "csv", "SELECT window_id FROM outage_windows WHERE route IS NOT NULL")
		if id != "" && now != id {
			t.Errorf("the window has id %s after id %s", now, id)
		}
		if strings.Count(now, "\n") > 1 {
			id = now
		}
	}
	if got := runHere(t, "sql", "--db", db("grown"), "--format", "csv", outageColumns); got != want {
		t.Errorf("from a file that grew:\n%s\nwant\n%s", got, want)
	}

	for _, order := range [][]int{{2, 0, 1}, {1, 2, 0}} {
		name := fmt.Sprint("order", order[0])
		for _, i := range order {
			part := filepath.Join(dir, fmt.Sprint("part", i, ".log"))
			writeLines(t, part, lines[at(float64(i)/3):at(float64(i+1)/3)])
			runHere(t, "ingest", "--db", db(name), part)
		}
		if got := runHere(t, "sql", "--db", db(name), "--format", "csv", outageColumns); got != want {
			t.Errorf("in order %v:\n%s\nwant\n%s", order, got, want)
		}
	}

	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 7 { // all in one run, after one that has grown since
		writeLines(t, filepath.Join(folder, fmt.Sprint("part", i, ".log")), lines[at(float64(i)/7):at(float64(i+1)/7)])
	}
	first := filepath.Join(folder, "part0.log")
	writeLines(t, first, lines[:at(1.0/14)])
	runHere(t, "ingest", "--db", db("folder"), first)
	writeLines(t, first, lines[:at(1.0/7)])
	runHere(t, "ingest", "--db", db("folder"), folder)
	if got := runHere(t, "sql", "--db", db("folder"), "--format", "csv", outageColumns); got != want {
		t.Errorf("from a folder:\n%s\nwant\n%s", got, want)
	}
}
