package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// keptDB is a closed database with two sources of 2,000 rows each, one of them
// with rejects, and its salt.
func keptDB(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.duckdb")
	if _, err := LoadOrCreateSalt(path); err != nil {
		t.Fatal(err)
	}
	db := openDB(t, path, Options{})
	for _, name := range []string{"a.log", "b.log"} {
		seg := genSegment(0, keptRows, 1)
		if name == "b.log" {
			seg.Finish = func() (SegmentEnd, error) {
				end := genEnd(0, keptRows)
				end.Lines, end.Rejected = keptRows+1, 1
				end.Bytes += genLineBytes
				end.Rejects = []Reject{{Offset: keptRows * genLineBytes, Line: keptRows + 1, Reason: "shape", Sample: "?"}}
				return end, nil
			}
		}
		if err := db.LoadSegment(t.Context(), &Source{Path: name, Format: "combined"}, seg, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

const keptRows = 2000

// verified opens a database as it is and verifies it.
func verified(t *testing.T, path string) []string {
	t.Helper()
	db, err := Open(t.Context(), path, Options{ReadOnly: true, AsIs: true})
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return []string{"damaged: " + damaged.Reason}
	}
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.Verify(t.Context())
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range v.Differences {
		list = append(list, d.Place+": want "+d.Want+", have "+d.Have)
	}
	return list
}

// TestPrune takes rows away by age: what is left, the ledger and the checks
// agree, twice is once, and failures stay where that is wished.
func TestPrune(t *testing.T) {
	cutoff := genStart.Add(keptRows / 2 * genStep)
	for _, keep := range []bool{false, true} {
		path := keptDB(t)
		db := openDB(t, path, Options{})
		if err := db.Tally(t.Context()); err != nil {
			t.Fatal(err)
		}
		const failing = "category IS NOT NULL AND NOT benign"
		old := table(t, db, fmt.Sprintf("SELECT count(*) FILTER (WHERE ts < TIMESTAMP '%s' AND NOT (%v AND coalesce(%s, false))), count(*) FILTER (WHERE ts >= TIMESTAMP '%[1]s') FROM requests",
			cutoff.Format("2006-01-02 15:04:05"), keep, failing))
		failures := table(t, db, "SELECT count(*) FROM failures")[0]
		p := Pruning{Before: cutoff, KeepFailures: keep, DryRun: true}
		dry, err := db.Prune(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if n := table(t, db, "SELECT count(*) FROM requests")[0]; n != fmt.Sprint(2*keptRows) {
			t.Errorf("a dry run left %s rows", n)
		}
		p.DryRun = false
		done, err := db.Prune(t.Context(), p)
		if err != nil || done != dry {
			t.Errorf("pruned %+v, said before %+v, error %v", done, dry, err)
		}
		if want := strings.Split(old[0], "|")[0]; fmt.Sprint(done.Rows) != want || done.Sources != 2 || done.Rejects != 0 {
			t.Errorf("keep %v: pruned %+v, want %s rows of 2 sources", keep, done, want)
		}
		if left := table(t, db, "SELECT (SELECT sum(calls) FROM calls_by_minute) - (SELECT count(*) FROM requests_brief), (SELECT count(*) FROM calls_untallied)")[0]; left != "0|0" {
			t.Errorf("keep %v: counted too many, and not counted: %s", keep, left)
		}
		if keep && table(t, db, "SELECT count(*) FROM failures")[0] != failures {
			t.Error("failures went")
		}
		if again, err := db.Prune(t.Context(), p); err != nil || again.Rows != 0 || again.Sources != 0 {
			t.Errorf("pruned again: %+v, error %v", again, err)
		}
		if n := table(t, db, "SELECT count(*) FROM retention")[0]; n != "1" {
			t.Errorf("%s notes of pruning, want 1", n)
		}
		// The next segment goes on behind, and reading anew brings all back.
		sources, err := db.Sources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.LoadSegment(t.Context(), &sources[0], genSegment(keptRows, keptRows+10, 1), false); err != nil {
			t.Fatal(err)
		}
		if err := db.LoadSegment(t.Context(), &sources[1], genSegment(0, keptRows, 1), false); err != nil {
			t.Fatal(err)
		}
		if sources[1].Pruned != 0 || sources[0].Records != keptRows+10 {
			t.Errorf("the ledger says %+v", sources)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if found := verified(t, path); len(found) > 0 && !strings.Contains(found[0], "at most 0 rejects") {
			t.Errorf("keep %v: it differs: %q", keep, found)
		}
	}
}

// TestPruneAll: a database of which every row went is sound and takes new ones.
func TestPruneAll(t *testing.T) {
	path := keptDB(t)
	db := openDB(t, path, Options{})
	done, err := db.Prune(t.Context(), Pruning{Before: time.Now().Add(time.Hour)})
	if err != nil || done.Rows != 2*keptRows || done.Rejects != 1 {
		t.Errorf("pruned %+v, error %v", done, err)
	}
	if n := table(t, db, "SELECT count(*) FROM endpoints")[0]; n != "0" {
		t.Errorf("%s endpoints are left", n)
	}
	if err := db.LoadSegment(t.Context(), &Source{Path: "c.log"}, genSegment(0, keptRows, 2), false); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	done2, err := Compact(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if found := verified(t, path); len(found) > 0 {
		t.Errorf("it differs: %q after %+v", found, done2)
	}
}

// contents sums up every table without an order.
func contents(t *testing.T, path string) []string {
	t.Helper()
	db := openDB(t, path, Options{ReadOnly: true})
	names, err := ask[queries.TableName](t.Context(), db, queries.TableNames, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, n := range names {
		rows, sum, err := db.readTable(t.Context(), n.Name, everyValue)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(n.Name, rows, sum))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestCompact: the same rows in a smaller file of the same mode, by whatever
// name it is called, and what a killed run left is swept away.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	db := openDB(t, path, Options{})
	const rows = 300_000
	if err := db.LoadSegment(t.Context(), &Source{Path: "a.log"}, genSegment(0, rows, 2), false); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Prune(t.Context(), Pruning{Before: genStart.Add(rows / 2 * genStep)}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, path)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+compactEnding, []byte("left by a kill"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.duckdb")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	done, err := Compact(t.Context(), link, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if done.AfterBytes*3 > done.BeforeBytes*2 {
		t.Errorf("half of the rows went, and %+v", done)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o640 || info.Size() != done.AfterBytes {
		t.Errorf("the file is %v, %v", info, err)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", st, err)
	}
	if after := contents(t, path); !slices.Equal(before, after) {
		t.Errorf("before %q\nafter %q", before, after)
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 1 {
		t.Errorf("left beside it: %q %v", left, err)
	}
	// It takes loads as before.
	db = openDB(t, path, Options{})
	if err := db.LoadSegment(t.Context(), &Source{Path: "b.log"}, genSegment(0, keptRows, 2), false); err != nil {
		t.Fatal(err)
	}
}

// TestExportTree reads an export with another DuckDB, by its folders.
func TestExportTree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	db := openDB(t, path, Options{})
	if err := db.LoadSegment(t.Context(), &Source{Path: "a.log"}, genSegment(0, keptRows, 2), false); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"UPDATE requests_full SET ts = ts + INTERVAL 1 DAY WHERE source_offset % 512 = 0", "UPDATE requests_full SET ts = NULL WHERE source_offset = 0",
		"UPDATE requests_full SET vendor = NULL, direction = 'inbound' WHERE source_offset = 3072", "UPDATE endpoints SET vendor = 'a b/c=d%' WHERE endpoint_id = 1"} {
		if _, err := db.sql.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	summary := "SELECT count(*), bit_xor(hash(host, method, route, status, category, code, message, request_id, request_key, duration_ms, headers, body, source_offset, vendor, ts)) FROM "
	want := table(t, db, summary+"requests")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openDB(t, path, Options{ReadOnly: true, Files: true})
	dir := filepath.Join(t.TempDir(), "calls")
	if n, err := db.ExportTree(t.Context(), queries.Scope{}, dir, false, nil); err != nil || n != keptRows {
		t.Fatalf("%d rows, error %v", n, err)
	}
	pool, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	other := &DB{sql: pool, ctx: t.Context(), rows: map[*Rows]struct{}{}}
	defer pool.Close()
	tree := "read_parquet('" + dir + "/**/*.parquet', hive_partitioning = true, union_by_name = true)"
	if got := table(t, other, summary+tree); !slices.Equal(got, want) {
		t.Errorf("exported %q, stored %q", got, want)
	}
	if got := table(t, other, "SELECT DISTINCT typeof(dt), typeof(vendor), typeof(ts), typeof(status), typeof(benign), typeof(request_key) FROM "+tree); len(got) != 1 || got[0] != "DATE|VARCHAR|TIMESTAMP|SMALLINT|BOOLEAN|UBIGINT" {
		t.Errorf("the types are %q", got)
	}
	if got := table(t, other, "SELECT count(*) FILTER (WHERE dt IS DISTINCT FROM ts::DATE), count(*) FILTER (WHERE dt IS NULL), count(*) FILTER (WHERE vendor IS NULL), "+
		"count(DISTINCT dt) FROM "+tree); got[0] != "0|1|1|2" {
		t.Errorf("days and vendors: %q", got)
	}
	if got := table(t, other, "SELECT DISTINCT compression FROM parquet_metadata('"+dir+"/**/*.parquet')"); len(got) != 1 || got[0] != "ZSTD" {
		t.Errorf("compressed by %q", got)
	}
	exportsAgain(t, db, dir)
}

// exportsAgain exports where something is already.
func exportsAgain(t *testing.T, db *DB, dir string) {
	var exists *ExistsError
	if _, err := db.ExportTree(t.Context(), queries.Scope{}, dir, false, nil); !errors.As(err, &exists) || exists.Foreign {
		t.Errorf("exported over an export: %v", err)
	}
	scope := queries.Scope{Vendor: "smartcar", Since: genStart.Add(time.Second), Until: genStart.Add(24 * time.Hour)}
	n, err := db.ExportTree(t.Context(), scope, dir, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	days, err := filepath.Glob(dir + "/*/*")
	if err != nil || len(days) != 1 || !strings.HasSuffix(days[0], "dt=2026-06-01/vendor=smartcar") {
		t.Errorf("%d rows of one day and vendor are in %q (%v)", n, days, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExportTree(t.Context(), queries.Scope{}, dir, true, nil); !errors.As(err, &exists) || !exists.Foreign {
		t.Errorf("exported over what is no export: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), ".errscope-*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %q %v", left, err)
	}
}

// copyDB copies a database and what lies beside it.
func copyDB(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	for _, ending := range []string{"", ".wal", ".salt"} {
		text, err := os.ReadFile(path + ending)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(to+ending, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// TestMigrationKilled cuts the log of a migration at many places: what is left
// is the old schema or the new one, with every row, and goes on to the new one.
func TestMigrationKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	if _, err := LoadOrCreateSalt(path); err != nil {
		t.Fatal(err)
	}
	first(t, path)
	cmd, lines, stdin := second(t, "hold", path)
	defer stdin.Close()
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the second process says %q", lines.Text())
	}
	killed := copyDB(t, path)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Fatal(err)
	}
	log, err := os.ReadFile(killed + ".wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("a log of %d bytes, %v; the test proves nothing", len(log), err)
	}
	versions := map[int]bool{}
	const cuts = 12
	for i := range cuts + 1 {
		path := copyDB(t, killed)
		if err := os.Truncate(path+".wal", int64(len(log)*i/cuts)); err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), path, Options{ReadOnly: true, AsIs: true})
		if err != nil {
			t.Fatalf("cut %d: %v", i, err)
		}
		have, _ := db.Schema()
		versions[have] = true
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Migrate(t.Context(), path, Options{}); err != nil {
			t.Fatalf("cut %d: %v", i, err)
		}
		if found := verified(t, path); len(found) > 0 {
			t.Errorf("cut %d, schema %d: it differs: %q", i, have, found)
		}
		db = openDB(t, path, Options{ReadOnly: true})
		if got := table(t, db, "SELECT vendor, status FROM requests ORDER BY status"); len(got) != 2 {
			t.Errorf("cut %d: the rows are %q", i, got)
		}
	}
	steps, err := queries.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) != 2 || !versions[1] || !versions[len(steps)] {
		t.Errorf("the cuts left the schemas %v, want the first and the last", versions)
	}
}
