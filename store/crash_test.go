package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFullDisk loads into a file system that is too small.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("cannot make a small file system here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	ctx := context.Background()
	path := filepath.Join(dir, "t.duckdb")
	db, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src := &Source{Path: "a"}
	if err := db.LoadSegment(ctx, src, genSegment(0, 10_000, 2), false); err != nil {
		t.Fatal(err)
	}
	before := table(t, db, everything)
	err = db.LoadSegment(ctx, src, genSegment(10_000, 2_000_000, 2), false)
	var full *FullError
	if !errors.As(err, &full) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk gives %v", err)
	}
	if src.Records != 10_000 {
		t.Errorf("the source was changed: %+v", src)
	}
	_ = db.Close() // with the disk still full it may say so
	db, err = Open(ctx, path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if after := table(t, db, everything); after[0] != before[0] {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

const (
	crashRows    = 400_000
	crashSegment = 50_000
	crashTell    = 5_000
)

// crashLoad loads the generated source in segments, from where the ledger says
// it stopped.
func crashLoad(ctx context.Context, db *DB, tell func(row int64)) error {
	src := &Source{Path: "crash.log"}
	all, err := db.Sources(ctx)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		src = &all[0]
	}
	for from := src.Bytes / genLineBytes; from < crashRows; from += crashSegment {
		seg := genSegment(from, from+crashSegment, 1)
		seg.Readers[0].(*generated).after = func(row int64) error {
			if row%crashTell == 0 {
				tell(row)
			}
			return nil
		}
		if err := db.LoadSegment(ctx, src, seg, false); err != nil {
			return err
		}
	}
	return db.Close()
}

// TestKilled kills a loading process at different places, again and again,
// until one gets through: after each, what is stored is exact.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.duckdb")
	kills := 0
	for _, at := range []string{"5000", "75000", "100000", "225000", "395000", "never"} {
		cmd, lines, _ := second(t, "load", path)
		for lines.Scan() {
			if lines.Text() == at {
				if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				kills++
				break
			}
			if strings.HasPrefix(lines.Text(), "child:") {
				t.Fatal(lines.Text())
			}
		}
		err := cmd.Wait()
		if at == "never" && err != nil {
			t.Fatalf("the last run ended with %v", err)
		}
		db, err := Open(context.Background(), path, Options{ReadOnly: at != "100000", Wait: time.Minute})
		if err != nil {
			var nothing *NotDatabaseError
			if errors.As(err, &nothing) && at == "5000" {
				continue
			}
			t.Fatal(err)
		}
		got := table(t, db, "SELECT (SELECT coalesce(sum(records), 0) FROM sources) - (SELECT count(*) FROM requests), "+
			"(SELECT count(*) FROM requests r JOIN sources s USING (source_id) WHERE r.source_offset >= s.bytes), "+
			"(SELECT count(*) - count(DISTINCT source_offset) FROM requests)")
		if got[0] != "0|0|0" {
			t.Errorf("killed at row %s: records - rows | rows behind the offset | doubles = %s", at, got)
		}
		if at == "never" {
			whole := testDB(t)
			if err := whole.LoadSegment(context.Background(), &Source{Path: "crash.log"}, genSegment(0, crashRows, 2), false); err != nil {
				t.Fatal(err)
			}
			if a, b := table(t, whole, everything), table(t, db, everything); a[0] != b[0] {
				t.Errorf("undisturbed %s\nkilled      %s", a, b)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if kills != 5 {
		t.Errorf("killed %d times", kills)
	}
}
