package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// pairByID joins two sides that carry one request id.
func pairByID(c queries.FuseCase) (answer queries.FuseAnswer) {
	first := map[uint64]int32{}
	if c.Later {
		answer.Touched = slices.Repeat([]bool{true}, len(c.Sides))
	}
	for i, s := range c.Sides {
		if s.Request == 0 {
			continue
		}
		if other, ok := first[s.Request]; ok {
			answer.Clusters = append(answer.Clusters, queries.FusedCluster{Sides: []int32{other, int32(i)}, Keys: []string{"request_id", "request_id"}, By: "request_id"})
			continue
		}
		first[s.Request] = int32(i)
	}
	return answer
}

func fuseByID(ctx context.Context, db *DB) error {
	return db.Fuse(ctx, Fusing{Origin: func(path, _, _ string) string { return path }, Find: pairByID,
		Judge: func(s *Stored, out *record.Label) { *out = s.Label }})
}

// TestTornFusion cuts the write-ahead log of a fusion, as a kill in the middle of
// its commit does: opened again each line stands once, and the next fusion makes
// the same rows.
func TestTornFusion(t *testing.T) {
	const rows, fusedRows = 3000, 252 // about one in twelve carries an id
	dir := t.TempDir()
	kept := filepath.Join(dir, "kept.duckdb")
	db := openDB(t, kept, Options{})
	for _, path := range []string{"a.log", "b.log"} {
		if err := db.LoadSegment(t.Context(), &Source{Path: path}, genSegment(0, rows, 1), false); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.sql.ExecContext(t.Context(), "CHECKPOINT; SET GLOBAL checkpoint_threshold = '1TB'"); err != nil {
		t.Fatal(err)
	}
	if err := fuseByID(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(kept + ".wal")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	const counts = "SELECT count(*), count(DISTINCT (source_id, source_offset)), count(fused_by), (SELECT count(*) FROM fused) FROM requests"
	whole := fmt.Sprintf("%d|%d|%d|%d", 2*rows-fusedRows, 2*rows-fusedRows, fusedRows, 2*fusedRows)
	if got := table(t, db, counts)[0]; got != whole {
		t.Fatalf("fused: rows | places | fused rows | lines of these = %s, want %s", got, whole)
	}
	for _, cut := range []int{0, 1, 40, 1000, len(log) / 2, len(log) - 100} {
		path := filepath.Join(dir, fmt.Sprint(cut, ".duckdb"))
		for ending, text := range map[string][]byte{"": file, ".wal": log[:len(log)-cut]} {
			if err := os.WriteFile(path+ending, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		torn := openDB(t, path, Options{})
		if got, want := table(t, torn, counts)[0], fmt.Sprintf("%d|%d|0|0", 2*rows, 2*rows); got != want {
			t.Errorf("cut by %d of %d bytes: rows | places | fused rows | lines of these = %s, want %s", cut, len(log), got, want)
		}
		if err := fuseByID(t.Context(), torn); err != nil {
			t.Fatal(err)
		}
		if got := table(t, torn, counts)[0]; got != whole {
			t.Errorf("cut by %d, fused again: %s, want %s", cut, got, whole)
		}
	}
}

// TestFuseLater: where few lines are new only these are looked at and those that
// share an id with them, and after rows went all of them.
func TestFuseLater(t *testing.T) {
	const rows, later, fusedRows = 3000, 2900, 252
	db := testDB(t)
	var asked []queries.FuseCase
	fuse := func() {
		t.Helper()
		err := db.Fuse(t.Context(), Fusing{Origin: func(path, _, _ string) string { return path }, Judge: func(s *Stored, out *record.Label) { *out = s.Label },
			Find: func(c queries.FuseCase) queries.FuseAnswer {
				asked = append(asked, c)
				return pairByID(c)
			}})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := &Source{Path: "b.log"}
	for _, load := range []struct {
		source   *Source
		from, to int64
	}{{&Source{Path: "a.log"}, 0, rows}, {b, 0, later}, {b, later, rows}} {
		if err := db.LoadSegment(t.Context(), load.source, genSegment(load.from, load.to, 1), false); err != nil {
			t.Fatal(err)
		}
		fuse()
	}
	if len(asked) != 2 || asked[0].Later || !asked[1].Later {
		t.Fatalf("of one log nothing is asked, of two all, and then what is new: asked %d times", len(asked))
	}
	if n := len(asked[1].Sides); n > 2*(rows-later)/12+2 {
		t.Errorf("%d lines were looked at", n)
	}
	if got, want := table(t, db, "SELECT count(*), count(fused_by) FROM requests")[0], fmt.Sprintf("%d|%d", 2*rows-fusedRows, fusedRows); got != want {
		t.Errorf("rows | fused rows = %s, want %s", got, want)
	}
	if _, err := db.Prune(t.Context(), Pruning{Before: genStart.Add(time.Second)}); err != nil {
		t.Fatal(err)
	}
	if err := db.LoadSegment(t.Context(), b, genSegment(rows, rows+10, 1), false); err != nil {
		t.Fatal(err)
	}
	fuse()
	if len(asked) != 3 || asked[2].Later {
		t.Errorf("after rows went all lines are to be looked at: asked %d times", len(asked))
	}
}
