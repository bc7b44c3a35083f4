package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk fills a small file system: one message, exit code 3, and what
// was loaded before is still exact.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	small := filepath.Join(dir, "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	line := `10.0.0.7 - - [13/Nov/2026:09:12:42 +0000] "GET https://api.carsxe.com/specs HTTP/1.1" 502 212 "-" "svc/2.4"` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "first.log"), []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "ingest", "--db", "small/t.duckdb", "first.log")
	before := totals(t, dir, "small/t.duckdb")
	generated(t, dir, 200<<20)
	_, stderr := runs(t, dir, exitFailed, "ingest", "--db", "small/t.duckdb", "--keep", "full", "access.log")
	if strings.Count(stderr, "errscope: error: ") != 1 || !strings.Contains(stderr, "no space left") || !strings.Contains(stderr, "errscope: hint: ") {
		t.Errorf("stderr is\n%s", stderr)
	}
	if after := totals(t, dir, "small/t.duckdb"); after != before {
		t.Errorf("before the disk was full:\n%s\nafter:\n%s", before, after)
	}
}

// mounted is a small file system of its own.
func mounted(t *testing.T, size string) string {
	t.Helper()
	small := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	return small
}

// TestCompactFullDisk: no room for a second file leaves the first as it was.
func TestCompactFullDisk(t *testing.T) {
	dir := t.TempDir()
	small := mounted(t, "64m")
	generated(t, dir, 48<<20)
	db := filepath.Join(small, "t.duckdb")
	runs(t, dir, 0, "ingest", "--db", db, "access.log")
	before := totals(t, dir, db)
	fillUp(t, filepath.Join(small, "filler"), 1<<20)
	for _, verb := range [][]string{{"db", "compact"}, {"db", "export", "-o", filepath.Join(small, "calls")}} {
		_, stderr := runs(t, dir, exitFailed, append(verb, "--db", db)...)
		if strings.Count(stderr, "errscope: error: ") != 1 || !strings.Contains(stderr, "no space left") || !strings.Contains(stderr, "errscope: hint: ") {
			t.Errorf("%s: stderr is\n%s", strings.Join(verb, " "), stderr)
		}
		if after := totals(t, dir, db); after != before {
			t.Errorf("before the disk was full:\n%s\nafter:\n%s", before, after)
		}
		if left, err := os.ReadDir(small); err != nil || len(left) != 3 {
			t.Errorf("%s left %v %v", strings.Join(verb, " "), left, err)
		}
		runs(t, dir, 0, "db", "verify", "--db", db)
	}
}

// fillUp writes a file that leaves no more than freeBytes of its file system.
func fillUp(t *testing.T, name string, freeBytes int64) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(name), &st); err != nil {
		t.Fatal(err)
	}
	if n := int64(st.Bavail)*st.Bsize - freeBytes; n > 0 {
		if err := os.WriteFile(name, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadOnlyMedia: what reads works on a medium that cannot be written, what
// died there is read as it is, and what writes says why it cannot.
func TestReadOnlyMedia(t *testing.T) {
	dir := t.TempDir()
	media := mounted(t, "64m")
	db := filepath.Join(media, "t.duckdb")
	runs(t, dir, 0, "ingest", "--db", db, demoLogs(t))
	unpack(t, filepath.Join(schemasFolder, "0001.duckdb.gz"), filepath.Join(media, "old.duckdb"))
	if err := syscall.Mount("", media, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, verb := range [][]string{{"report"}, {"sql", "SELECT 1"}, {"db", "info"}, {"db", "verify"}, {"db", "export", "-o", "calls"}} {
		runs(t, dir, 0, append(verb, "--db", db)...)
	}
	for _, verb := range [][]string{{"ingest", demoLogs(t)}, {"db", "compact"}, {"db", "prune", "--before", "1d"}, {"db", "migrate"}, {"db", "reclassify"}} {
		_, stderr := runs(t, dir, exitFailed, append(verb, "--db", db)...)
		if !strings.Contains(stderr, "Read-only file system") || !strings.Contains(stderr, "errscope: hint: ") {
			t.Errorf("errscope %s: stderr is\n%s", strings.Join(verb, " "), stderr)
		}
	}
	old := filepath.Join(media, "old.duckdb")
	runs(t, dir, 0, "db", "info", "--db", old)
	if _, stderr := runs(t, dir, exitFailed, "report", "--db", old); !strings.Contains(stderr, "older version") || !strings.Contains(stderr, "errscope db migrate") {
		t.Errorf("of an old database that cannot be written, stderr is\n%s", stderr)
	}
}
