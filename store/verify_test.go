package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// seen marks all sources as seen by the analysis.
const seen = "INSERT INTO analysed SELECT step, source_id, bytes FROM sources, (SELECT unnest(['fuse', 'outages', 'quota']) AS step); "

// TestVerifyFinds spoils a sound database in many ways; each is found, with its
// place, and nothing else is.
func TestVerifyFinds(t *testing.T) {
	sound := keptDB(t)
	if found := verified(t, sound); len(found) > 0 {
		t.Fatalf("a sound database differs: %q", found)
	}
	for _, c := range []struct{ spoil, want string }{
		{"DELETE FROM requests_brief WHERE source_id = 1 AND source_offset < 1024", "source 1 (a.log): want 2000 rows: 2000 records, 0 of them pruned, have 1996 rows|1997 rows"},
		{"DELETE FROM requests_full WHERE source_id = 2", "source 2 (b.log): want 2000 rows"},
		{"UPDATE sources SET records = records + 1 WHERE source_id = 2", "source 2 (b.log): want 2001 lines|2001 rows"},
		{"UPDATE sources SET pruned = 3 WHERE source_id = 1", "source 1 (a.log): want 1997 rows: 2000 records, 3 of them pruned, have 2000 rows"},
		{"UPDATE sources SET lines = 7 WHERE source_id = 1", "source 1 (a.log): want 7 lines, have 2000: 2000 records"},
		{"UPDATE sources SET bytes = 1000 WHERE source_id = 1", "source 1 (a.log): want rows between bytes 0 and 1000, have rows from byte 0"},
		{"UPDATE sources SET last_ts = first_ts WHERE source_id = 1", "source 1 (a.log): want rows from 2026-06-01"},
		{"UPDATE sources SET sha256 = 'x' WHERE source_id = 1", "source 1 (a.log): want two hashes of 64 digits"},
		{"INSERT INTO sources FROM sources WHERE source_id = 1", "source 1: want one ledger row, have 2 ledger rows"},
		{"INSERT INTO rejects FROM rejects", "source 2 (b.log): want at most 1 rejects, have 2 rejects"},
		{"DELETE FROM sources WHERE source_id = 1", "requests_brief: want a source for every row, have 1833 rows of source 1|requests_full"},
		{"DELETE FROM endpoints WHERE endpoint_id = 1", "requests_brief: want an endpoint for every row, have |requests: want 4000 rows"},
		{"INSERT INTO endpoints FROM endpoints WHERE endpoint_id = 2", "endpoints: want one endpoint 2, have 2 of this number"},
		{"INSERT INTO doubled_lines VALUES (1, 0, 512, 0, 2)", "source 1: want no row from byte 0 to 512, which another source has, have 2 rows"},
		{"INSERT INTO doubled_lines VALUES (1, 900000, 999999, 0, 2)", "source 1: want doubled lines within its 512000 bytes"},
		{"UPDATE sources SET duplicates = 5, lines = lines + 5 WHERE source_id = 1", "source 1: want 5 duplicates, have no doubled lines are noted"},
		{"UPDATE requests_full SET category = 'nonsense' WHERE source_offset = 0", "requests.category: want a word of its closed set, have 2 rows say nonsense"},
		{"UPDATE requests_full SET retry = NULL WHERE source_offset = 0", "requests: want all of a label, have 2 rows"},
		{"INSERT INTO outage_windows (window_id, started_at, requests, failures) VALUES (1, now()::TIMESTAMP, 1, 2)", "outage_windows 1: want a start before the end"},
		{"INSERT INTO analysed VALUES ('outages', 99, 512)", "analysed outages of source 99: want a source of this number, have none"},
		{"INSERT INTO analysed VALUES ('outages', 1, 9999999)", "analysed outages of source 1: want bytes seen between -1 and 512000, which it has, have 9999999"},
		{"INSERT INTO analysed VALUES ('guessing', 1, 512)", "analysed guessing of source 1: want a step of fuse, tally, outages, quota, have step guessing"},
		{"INSERT INTO analysed VALUES ('quota', 1, 0), ('quota', 1, 512)", "analysed quota of source 1: want one mark, have 2 marks"},
		{"INSERT INTO traffic_minutes (source_id, scope_id, calls) VALUES (99, 1, 1)", "traffic_minutes: want a source for every row, have 1 rows of source 99"},
		{"INSERT INTO analysed VALUES ('tally', 1, 512000)", "tally_minutes of source 1: want the calls of its rows in every minute, have others in"},
		{"INSERT INTO tally_durations (source_id, calls) VALUES (99, 1)", "tally_durations: want a source for every row, have 1 rows of source 99"},
		{seen + "INSERT INTO outage_windows (window_id, vendor, started_at, ended_at, requests, failures) VALUES (7, 'gone', TIMESTAMP '2020-01-01', TIMESTAMP '2020-01-02', 3, 3)",
			"outage_windows 7: want failures of gone in its time, have no source has any"},
		{seen + "INSERT INTO local_outages (window_id, started_at, requests, failures) VALUES (7, TIMESTAMP '2040-01-01', 3, 3)", "local_outages 7: want failures in its time"},
		{seen + "INSERT INTO quota_hours (vendor, hour) VALUES ('gone', TIMESTAMP '2020-01-01')", "quota_hours of gone: want a source that has calls from every hour, have 1 hours from 2020-01-01"},
		{seen + "INSERT INTO fuse_seen VALUES (1, 1, 0), (2, 2, 0); INSERT INTO fuse_calls VALUES (1, 'h', 0, 2000), (2, 'h', 0, 1999)",
			"fuse_calls of source 2: want 2000 lines with a time, have 1999 counted"},
		{"INSERT INTO quota_status (vendor, name) VALUES ('x', 'calls')", "quota_status calls of x: want one row per account and period"},
		{"DROP VIEW failures", "view failures: want CREATE VIEW failures"},
		{"CREATE OR REPLACE VIEW failures AS SELECT * FROM requests_full", "failures: want 334 rows, have|view failures|column failures"},
		{"DROP VIEW requests; CREATE VIEW requests AS SELECT 1 AS ts", "column requests.vendor: want VARCHAR, have nothing"},
		{"ALTER TABLE rejects DROP COLUMN sample", "column rejects.sample: want VARCHAR, have nothing"},
		{"ALTER TABLE requests_full ALTER COLUMN duration_ms TYPE VARCHAR", "column requests_full.duration_ms: want DOUBLE, have VARCHAR"},
		{"DROP TABLE rejects", "table rejects: want a table, have nothing"},
		{"DROP MACRO es_pack", "function es_pack: want vendor"},
		{"DELETE FROM schema_version WHERE version > 1", "schema: want version"},
	} {
		path := copyDB(t, sound)
		pool, err := sql.Open("duckdb", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = pool.Exec(c.spoil)
		if err := errors.Join(err, pool.Close()); err != nil {
			t.Errorf("%s: %v", c.spoil, err)
			continue
		}
		found := verified(t, path)
		matches := func(d string) bool {
			return slices.ContainsFunc(strings.Split(c.want, "|"), func(w string) bool { return strings.Contains(d, w) })
		}
		if !slices.ContainsFunc(found, matches) {
			t.Errorf("%s: found %q", c.spoil, found)
		}
	}
}

// TestVerifyUserTables: what users put beside is theirs.
func TestVerifyUserTables(t *testing.T) {
	path := keptDB(t)
	db := openDB(t, path, Options{})
	for _, text := range []string{`CREATE TABLE "my ""notes" AS SELECT 1 AS n`, "CREATE VIEW mine AS SELECT 1 AS one"} {
		if _, err := db.sql.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Compact(t.Context(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	if found := verified(t, path); len(found) > 0 {
		t.Errorf("it differs: %q", found)
	}
	db = openDB(t, path, Options{ReadOnly: true})
	if got := table(t, db, `SELECT (SELECT n FROM "my ""notes"), (SELECT one FROM mine)`); got[0] != "1|1" {
		t.Errorf("the tables of the user hold %q", got)
	}
}

// TestVerifyDamage cuts the file and turns single bytes of it over: wherever
// that is, it is found.
func TestVerifyDamage(t *testing.T) {
	path := keptDB(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := func(what string, text []byte) {
		t.Helper()
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if found := verified(t, path); len(found) == 0 {
			t.Errorf("%s: nothing found", what)
		}
	}
	const pieces = 4
	for i := range pieces {
		n := 100 + len(whole)*i/pieces
		spoiled(fmt.Sprintf("cut after %d of %d bytes", n, len(whole)), whole[:n])
	}
	const blockBytes = 256 << 10 // of DuckDB; what lies behind the data in a block is in its checksum too
	for at := 3*4096 + 1000; at < len(whole); at += 2 * blockBytes {
		text := slices.Clone(whole)
		text[at] ^= 0x40
		spoiled(fmt.Sprintf("byte %d of %d turned over", at, len(whole)), text)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := verified(t, path); len(found) > 0 {
		t.Errorf("the whole file differs: %q", found)
	}
}

// TestVerifySalt: the salt must be there, whole, and nobody else's to read.
func TestVerifySalt(t *testing.T) {
	path := keptDB(t)
	for _, c := range []struct {
		spoil func() error
		want  string
	}{
		{func() error { return os.Chmod(path+".salt", 0o644) }, "have mode 0644"},
		{func() error {
			return errors.Join(os.WriteFile(path+".salt", []byte("short"), 0o600), os.Chmod(path+".salt", 0o600))
		}, "have something else"},
		{func() error { return os.Remove(path + ".salt") }, "have no such file"},
	} {
		if err := c.spoil(); err != nil {
			t.Fatal(err)
		}
		if found := verified(t, path); len(found) != 1 || !strings.Contains(found[0], c.want) {
			t.Errorf("found %q, want %s", found, c.want)
		}
	}
}

// TestVerifyWaits: what the analysis has still to take back is no difference.
func TestVerifyWaits(t *testing.T) {
	path := keptDB(t)
	db := openDB(t, path, Options{})
	if _, err := db.sql.Exec(`INSERT INTO analysed VALUES ('outages', 99, -1), ('outages', 1, 512), ('quota', 2, -1);
		INSERT INTO traffic_minutes (source_id, scope_id, calls) VALUES (99, 1, 1);
		INSERT INTO outage_windows (window_id, vendor, started_at, requests, failures) VALUES (7, 'gone', TIMESTAMP '2020-01-01', 3, 3);
		INSERT INTO quota_hours (vendor, hour) VALUES ('gone', TIMESTAMP '2020-01-01')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if found := verified(t, path); len(found) > 0 {
		t.Errorf("it differs: %q", found)
	}
}
