package main

import (
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
)

// storeSchema writes the database of the schema of now, for those to come:
// go test ./cmd/errscope -run TestStoredSchemas -store-schema
var storeSchema = flag.Bool("store-schema", false, "store a small database of the schema of now in store/testdata/schemas")

// schemasFolder holds one small database for each schema that there was, all of
// them ingested from the files beside, with the salt that is there.
const schemasFolder = "../../store/testdata/schemas"

// storedInputs are what the stored database of a schema was made of.
func storedInputs(version int) []string {
	if version < 3 {
		return []string{"access.log", "calls.jsonl"}
	}
	return []string{"access.log", "calls.jsonl", "outage.log"}
}

// neverAlone are schemas that no program had as its own: they came with the next.
// It is never written.
var neverAlone = [...]int{5, 8}

// TestStoredSchemas opens a database of every schema that there was: brought up
// to date and labelled by the packs of now it holds what a fresh ingest of the
// same files gives, in all columns that it had.
func TestStoredSchemas(t *testing.T) {
	if *storeSchema {
		storeCurrent(t)
	}
	stored, err := filepath.Glob(filepath.Join(schemasFolder, "*.duckdb.gz"))
	if err != nil || len(stored) < 2 {
		t.Fatalf("%d stored databases, %v", len(stored), err)
	}
	version := 0
	for _, name := range stored {
		for version++; slices.Contains(neverAlone[:], version); version++ {
		}
		if want := fmt.Sprintf("%04d.duckdb.gz", version); filepath.Base(name) != want {
			t.Fatalf("%s stands where %s should", name, want)
		}
		t.Run(filepath.Base(name), func(t *testing.T) { migrates(t, name, version) })
	}
}

func migrates(t *testing.T, stored string, version int) {
	dir := schemaFolder(t)
	unpack(t, stored, filepath.Join(dir, "old.duckdb"))
	before, err := os.ReadFile(filepath.Join(dir, "old.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := queries.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	said, _ := runs(t, dir, 0, "db", "info", "--db", "old.duckdb", "--format", "json")
	if want := fmt.Sprintf(`"schema": %d,`, version); !strings.Contains(said, want) {
		t.Errorf("info says\n%s\nwithout %s", said, want)
	}
	if version < len(steps) {
		runs(t, dir, exitGate, "db", "verify", "--db", "old.duckdb")
		if after, err := os.ReadFile(filepath.Join(dir, "old.duckdb")); err != nil || string(after) != string(before) {
			t.Errorf("info or verify changed the file (%v)", err)
		}
		said, _ = runs(t, dir, 0, "db", "migrate", "--db", "old.duckdb")
		if want := fmt.Sprintf("schema version %d → %d\n", version, len(steps)); said != want {
			t.Errorf("migrate says %q, want %q", said, want)
		}
	}
	runs(t, dir, 0, "db", "verify", "--db", "old.duckdb")
	runs(t, dir, 0, "db", "reclassify", "--db", "old.duckdb")
	runs(t, dir, 0, "db", "verify", "--db", "old.duckdb")
	runs(t, dir, 0, append([]string{"ingest", "--db", "fresh.duckdb"}, storedInputs(version)...)...)
	same(t, dir, comparedRows(t, stored))
	files, err := filepath.Glob(filepath.Join(dir, "old.duckdb*"))
	if err != nil || len(files) != 2 {
		t.Errorf("beside the database and its salt something is left: %v %v", files, err)
	}
	// The same files again are known, and what is computed of them is there.
	again, _ := runs(t, dir, 0, append([]string{"ingest", "--db", "old.duckdb"}, storedInputs(version)...)...)
	if strings.Count(again, "known, nothing new") != len(storedInputs(version)) {
		t.Errorf("ingested again:\n%s", again)
	}
	runs(t, dir, 0, "db", "verify", "--db", "old.duckdb")
	same(t, dir, computedRows)
}

// computedRows ask for what the analysis makes of the rows.
var computedRows = []string{
	"SELECT vendor, host, route, started_at, ended_at, requests, failures, top_code, accounts FROM outage_windows ORDER BY ALL",
	"SELECT vendor, host, account, name, period_start, period_end, quota_limit, used, remaining, exhausted_at, basis FROM quota_status ORDER BY ALL",
}

// same asks both databases.
func same(t *testing.T, dir string, questions []string) {
	t.Helper()
	for _, question := range questions {
		want, _ := runs(t, dir, 0, "sql", "--db", "fresh.duckdb", "--format", "csv", question)
		got, _ := runs(t, dir, 0, "sql", "--db", "old.duckdb", "--format", "csv", question)
		if got != want {
			t.Errorf("%s\nfresh:\n%s\nmigrated:\n%s", question, want, got)
		}
	}
}

// columnsQuestion asks for the columns of requests, which are stored beside.
const columnsQuestion = "SELECT column_name FROM information_schema.columns WHERE table_name = 'requests' ORDER BY ordinal_position"

// comparedRows asks for everything that both databases must agree on: of the
// rows, the columns that the stored one had.
func comparedRows(t *testing.T, stored string) []string {
	t.Helper()
	text, err := os.ReadFile(strings.TrimSuffix(stored, ".duckdb.gz") + ".columns")
	if err != nil {
		t.Fatal(err)
	}
	columns := strings.Join(strings.Fields(string(text)), ", ")
	return []string{
		"SELECT " + columns + " FROM requests ORDER BY source_id, source_offset, request_id",
		"SELECT count(*) FROM failures",
		"SELECT source_id, path, format, bytes, sha256, lines, records, rejected, ignored, duplicates, first_ts, last_ts, complete, head FROM sources ORDER BY source_id",
		"SELECT * FROM rejects ORDER BY source_id, source_offset",
	}
}

// schemaFolder is a folder with the inputs and the salt, for both databases.
func schemaFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string][]string{"access.log": {"access.log"}, "calls.jsonl": {"calls.jsonl"}, "outage.log": {"outage.log"}, "salt": {"old.duckdb.salt", "fresh.duckdb.salt"}} {
		text, err := os.ReadFile(filepath.Join(schemasFolder, from))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range to {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, r)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
}

// storeCurrent makes the database of the schema of now. The advice of the packs
// stays out: it is large, and written anew by the next ingest.
func storeCurrent(t *testing.T) {
	steps, err := queries.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	dir := schemaFolder(t)
	runs(t, dir, 0, append([]string{"ingest", "--db", "old.duckdb"}, storedInputs(len(steps))...)...)
	base := filepath.Join(schemasFolder, fmt.Sprintf("%04d", len(steps)))
	columns, _ := runs(t, dir, 0, "sql", "--db", "old.duckdb", "--format", "csv", columnsQuestion)
	_, columns, _ = strings.Cut(columns, "\n") // the header
	if err := os.WriteFile(base+".columns", []byte(columns), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "sql", "--db", "old.duckdb", "--unsafe", "DELETE FROM rules; DELETE FROM vendors; SELECT 1")
	runs(t, dir, 0, "db", "compact", "--db", "old.duckdb")
	text, err := os.ReadFile(filepath.Join(dir, "old.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(base + ".duckdb.gz")
	if err != nil {
		t.Fatal(err)
	}
	w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write(text)
	if err := errors.Join(err, w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
}
