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
