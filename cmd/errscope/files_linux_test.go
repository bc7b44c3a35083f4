package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// modes are the permissions of the files of a folder and of what is below.
func modes(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	all := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if name, _ := filepath.Rel(dir, path); !d.IsDir() {
			all[name] = info.Mode()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const oneFailure = `10.0.0.7 - - [13/Nov/2026:09:12:42 +0000] "GET https://api.carsxe.com/specs HTTP/1.1" 502 212 "-" "svc/2.4"` + "\n"

// TestPrivateFiles holds that what holds the contents of logs stays with its
// owner, whatever the umask, and that reports go by the umask.
func TestPrivateFiles(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "access.log"), []byte(oneFailure), 0o644))
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "access.log")
	runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "csv", "-o", "rows.csv", "SELECT * FROM requests")
	runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "parquet", "-o", "rows.parquet", "SELECT * FROM requests")
	runs(t, dir, 0, "report", "--db", "t.duckdb", "--format", "html", "-o", "report.html")
	runs(t, dir, 0, "db", "export", "--db", "t.duckdb", "-o", "export")
	runs(t, dir, 0, "db", "compact", "--db", "t.duckdb")
	seen := 0
	for name, mode := range modes(t, dir) {
		switch {
		case name == "access.log":
		case name == "report.html":
			seen++
			if mode.Perm()&0o600 != 0o600 {
				t.Errorf("%s is %v", name, mode)
			}
		default:
			seen++
			if mode.Perm()&0o077 != 0 {
				t.Errorf("others may read %s: %v", name, mode)
			}
		}
	}
	if seen < 6 {
		t.Errorf("only %d files were made: %v", seen, modes(t, dir))
	}
}

// TestLogIsPrivate looks at the log of the database while it is written.
func TestLogIsPrivate(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "access.log")
	must(t, os.WriteFile(log, []byte(oneFailure), 0o644))
	cmd := command(t, dir, "ingest", "--db", "t.duckdb", "--follow", log)
	must(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	}()
	until(t, "the database", func() bool {
		_, err := os.Stat(filepath.Join(dir, "t.duckdb.salt"))
		return err == nil
	})
	for name, mode := range modes(t, dir) {
		if name != "access.log" && mode.Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v", name, mode)
		}
	}
}

// TestOutputPlaces writes to places that others have prepared.
func TestOutputPlaces(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("access.log"), []byte(oneFailure), 0o644))
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "access.log")
	for _, args := range [][]string{
		{"report", "--db", "t.duckdb", "-o"}, {"sql", "--db", "t.duckdb", "--format", "csv", "SELECT 1 AS one", "-o"},
		{"sql", "--db", "t.duckdb", "--format", "parquet", "SELECT 1 AS one", "-o"},
	} {
		// A link is replaced; what it leads to stays.
		must(t, os.WriteFile(at("victim"), []byte("mine"), 0o644))
		must(t, os.RemoveAll(at("link")))
		must(t, os.Symlink("victim", at("link")))
		runs(t, dir, 0, append(args, "link")...)
		if b, err := os.ReadFile(at("victim")); err != nil || string(b) != "mine" {
			t.Errorf("%v wrote through a link: %q %v", args, b, err)
		}
		if st, err := os.Lstat(at("link")); err != nil || !st.Mode().IsRegular() {
			t.Errorf("%v left the link: %v %v", args, st, err)
		}
		// A file that is replaced leaves its mode.
		must(t, os.WriteFile(at("old"), []byte("old"), 0o640))
		runs(t, dir, 0, append(args, "old")...)
		if st, err := os.Stat(at("old")); err != nil || st.Mode().Perm() != 0o640 || st.Size() < 4 {
			t.Errorf("%v: %v %v", args, st, err)
		}
		// The database is not an output.
		_, errs := runs(t, dir, 2, append(args, "t.duckdb")...)
		if !strings.Contains(errs, "the database itself") {
			t.Errorf("%v: %s", args, errs)
		}
		runs(t, dir, 3, append(args, "nowhere/out")...)
	}
	// A device stays a device.
	runs(t, dir, 0, "report", "--db", "t.duckdb", "-o", "/dev/null")
	if st, err := os.Stat("/dev/null"); err != nil || st.Mode()&fs.ModeDevice == 0 {
		t.Fatalf("/dev/null is now %v %v", st, err)
	}
	for name := range modes(t, dir) {
		if strings.HasPrefix(name, ".errscope-") {
			t.Errorf("%s was left behind", name)
		}
	}
}
