package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/errscope/errscope/classify"
)

// labelColumns is all that a label puts into a row.
const labelColumns = `vendor, direction, body_status, category, code, error_type, message, retry, retry_at, fault, benign, contact_support,
	outage, confidence, rule, candidates, retry_after_s, retry_source, request_id, quota_name, quota_limit, quota_used, quota_remaining, quota_reset_at, quota_basis, quota_period, quota_cost`

// labelsOf writes the labels of a database in the order of their lines.
func labelsOf(t *testing.T, db string) string {
	t.Helper()
	return runHere(t, "sql", "--db", db, "--format", "csv", "SELECT parse_filename(s.path) AS file, source_offset, status, host, "+labelColumns+
		" FROM requests JOIN sources s USING (source_id) ORDER BY ALL")
}

// packsOf unpacks the packs and logs of the tests: DIR/old and DIR/new are
// packs, DIR/logs is what to read.
func packsOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	archive, err := txtar.ParseFile("testdata/reclassify/packs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestReclassify: what was ingested with old packs and labelled anew with new
// ones is labelled as if it had been ingested with the new ones, and a second
// run changes nothing; the other way round, too.
func TestReclassify(t *testing.T) {
	dir := packsOf(t)
	for _, c := range []struct {
		name, logs string
		keep       string
	}{
		{"demonstration", demoLogs(t), "failures"},
		{"demonstration kept whole", demoLogs(t), "full"},
		{"mixed", filepath.Join(dir, "logs"), "failures"},
		{"mixed kept whole", filepath.Join(dir, "logs"), "full"},
	} {
		t.Run(c.name, func(t *testing.T) {
			work := t.TempDir()
			dbs := map[string]string{}
			for _, age := range []string{"old", "new"} {
				dbs[age] = filepath.Join(work, age+".duckdb")
				runHere(t, "ingest", "--db", dbs[age], "--keep", c.keep, "--packs", filepath.Join(dir, age), c.logs)
			}
			fresh := labelsOf(t, dbs["new"])
			if fresh == labelsOf(t, dbs["old"]) {
				t.Fatal("the packs say the same, so nothing is tested")
			}
			again := func() string {
				return runHere(t, "db", "reclassify", "--db", dbs["old"], "--packs", filepath.Join(dir, "new"))
			}
			said := again()
			if got := labelsOf(t, dbs["old"]); got != fresh {
				t.Errorf("labelled anew is not labelled freshly:\n%s", difference(got, fresh))
			}
			if !strings.Contains(said, " change label") {
				t.Errorf("it says\n%s", said)
			}
			if said := again(); !strings.HasPrefix(said, "nothing to do") {
				t.Errorf("the second run says\n%s", said)
			}
			for _, table := range []string{"rules", "vendors"} {
				query := "FROM " + table + " ORDER BY ALL"
				if runHere(t, "sql", "--db", dbs["old"], "--format", "csv", query) != runHere(t, "sql", "--db", dbs["new"], "--format", "csv", query) {
					t.Errorf("%s are not those of a fresh load", table)
				}
			}
			versions := "SELECT parse_filename(path), pack_versions, records FROM sources ORDER BY ALL"
			if got, want := runHere(t, "sql", "--db", dbs["old"], "--format", "csv", versions), runHere(t, "sql", "--db", dbs["new"], "--format", "csv", versions); got != want {
				t.Errorf("the ledger says\n%s, fresh it says\n%s", got, want)
			}
		})
	}
}

// TestReclassifyCorpus does the same with real logs and captures: they are
// ingested with packs that say nothing and labelled anew with ours.
func TestReclassifyCorpus(t *testing.T) {
	corpus := os.Getenv("ERRSCOPE_CORPUS")
	if corpus == "" {
		t.Skip("ERRSCOPE_CORPUS names no folder with real logs")
	}
	set, err := classify.Load(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	mute := t.TempDir()
	for _, p := range set.Packs() {
		if p.Name() == classify.GlobalPack {
			continue
		}
		text := "pack: " + p.Name() + "\nversion: \"0\"\ntitle: says nothing\n"
		if err := os.WriteFile(filepath.Join(mute, p.Name()+".yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for keep, where := range map[string]string{"full": "true", "failures": "category IS NOT NULL"} {
		dir := t.TempDir()
		old, fresh := filepath.Join(dir, "old.duckdb"), filepath.Join(dir, "new.duckdb")
		ingestAll := func(args ...string) {
			// Some of it is broken, which is told and does not stop the rest.
			run(t.Context(), append([]string{"ingest", "--keep", keep}, args...), terminal{out: io.Discard, err: io.Discard})
		}
		ingestAll("--db", old, "--packs", mute, corpus)
		ingestAll("--db", fresh, corpus)
		runHere(t, "db", "reclassify", "--db", old)
		query := "SELECT s.path, source_offset, status, host, " + labelColumns + " FROM requests JOIN sources s USING (source_id) WHERE " + where + " ORDER BY ALL"
		got, want := runHere(t, "sql", "--db", old, "--format", "csv", query), runHere(t, "sql", "--db", fresh, "--format", "csv", query)
		if rows := strings.Count(want, "\n"); rows < 100 {
			t.Errorf("keep %s: %d rows are too few to tell", keep, rows)
		}
		if got != want {
			t.Errorf("keep %s: labelled anew is not labelled freshly:\n%.4000s", keep, difference(got, want))
		}
	}
}

// difference lists the lines in which two texts differ.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		x, y := "", ""
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			out.WriteString("got  " + x + "\nwant " + y + "\n")
		}
	}
	return out.String()
}
