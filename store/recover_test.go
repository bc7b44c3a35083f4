package store

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// tornRows is a segment that DuckDB writes to the file before the commit, so
// that its log holds no rows but only where they are.
const tornRows = 160_000

// tornLoad loads two segments, and then a third anew from the beginning, and
// waits to be killed after each.
func tornLoad(ctx context.Context, db *DB) error {
	// Without this DuckDB writes so much at once into the file, not the log.
	if _, err := db.sql.ExecContext(ctx, "SET GLOBAL checkpoint_threshold = '1TB'"); err != nil {
		return err
	}
	src := &Source{Path: "torn.log"}
	for i := range int64(2) {
		if err := db.LoadSegment(ctx, src, genSegment(i*tornRows, (i+1)*tornRows, 1), false); err != nil {
			return err
		}
	}
	fmt.Println("loaded")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	// All of it again, as a run with other settings does.
	if err := db.LoadSegment(ctx, src, genSegment(0, tornRows, 1), false); err != nil {
		return err
	}
	fmt.Println("anew")
	select {}
}

// TestTornLog cuts the write-ahead log that a killed process left at many
// places, as a kill in the middle of the commit does: whatever is left, rows
// and ledger agree, opened for reading as well as for writing, and the rest
// can be loaded.
func TestTornLog(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.duckdb")
	cmd, lines, stdin := second(t, "torn", path)
	for _, stage := range []string{"loaded", "anew"} {
		if !lines.Scan() || lines.Text() != stage {
			t.Fatalf("the second process says %q, want %q", lines.Text(), stage)
		}
		kept := filepath.Join(dir, stage)
		for _, ending := range []string{"", ".wal"} {
			text, err := os.ReadFile(path + ending)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(kept+ending, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if stage == "loaded" {
			if err := stdin.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for _, cut := range []int64{0, 1, 12, 40, 1000} {
			for _, readOnly := range []bool{true, false} {
				tornCase(t, kept, cut, readOnly)
			}
		}
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func tornCase(t *testing.T, kept string, cut int64, readOnly bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.duckdb")
	for _, ending := range []string{"", ".wal"} {
		text, err := os.ReadFile(kept + ending)
		if err != nil {
			t.Fatal(err)
		}
		if ending == ".wal" {
			text = text[:max(0, int64(len(text))-cut)]
		}
		if err := os.WriteFile(path+ending, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	name := fmt.Sprintf("%s cut by %d, read only %v", filepath.Base(kept), cut, readOnly)
	db := openDB(t, path, Options{ReadOnly: readOnly})
	got := table(t, db, "SELECT (SELECT coalesce(sum(records), 0) FROM sources) - (SELECT count(*) FROM requests), "+
		"(SELECT count(*) FROM requests r LEFT JOIN sources s USING (source_id) WHERE s.bytes IS NULL OR r.source_offset >= s.bytes), "+
		"(SELECT count(*) - count(DISTINCT source_offset) FROM requests)")
	if got[0] != "0|0|0" {
		t.Errorf("%s: records - rows | rows of nobody | doubles = %s", name, got)
	}
	if readOnly {
		return
	}
	src := &Source{Path: "torn.log"}
	all, err := db.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 0 {
		src = &all[0]
	}
	for from := src.Bytes / genLineBytes; from < 2*tornRows; from += tornRows {
		if err := db.LoadSegment(t.Context(), src, genSegment(from, from+tornRows, 1), false); err != nil {
			t.Fatal(err)
		}
	}
	if got := table(t, db, "SELECT count(*), count(DISTINCT source_offset) FROM requests")[0]; got != fmt.Sprintf("%d|%d", 2*tornRows, 2*tornRows) {
		t.Errorf("%s: loaded to its end there are %s rows and places", name, got)
	}
}
