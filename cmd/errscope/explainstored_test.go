package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
)

// TestExplainStored: a stored exchange is labelled again by the rule that it was
// stored under, and the evidence is told, through the lease that screens use.
func TestExplainStored(t *testing.T) {
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	l := &lease{path: filepath.Join(dir, "t.duckdb"), like: source{explain: (&app{}).explainStored}}
	groups, err := l.Failures(t.Context(), queries.Scope{})
	if err != nil || len(groups) == 0 {
		t.Fatalf("%d groups, error %v", len(groups), err)
	}
	same := 0
	for _, g := range groups {
		lines, err := l.Exchanges(t.Context(), queries.Scope{}, g.GroupKey)
		if err != nil || int64(len(lines)) != g.Failures {
			t.Fatalf("%d exchanges of %d, error %v", len(lines), g.Failures, err)
		}
		x, err := l.Exchange(t.Context(), lines[0].Place)
		if err != nil || len(x) != 1 {
			t.Fatalf("%d exchanges, error %v", len(x), err)
		}
		near, err := l.Neighbours(t.Context(), x[0])
		if err != nil || len(near) == 0 {
			t.Errorf("%d neighbours of %+v, error %v", len(near), x[0], err)
		}
		said, err := l.Explain(t.Context(), lines[0].Place)
		if err != nil || !strings.Contains(said, "why ") {
			t.Errorf("%s is explained as\n%s error %v", g.Rule, said, err)
		}
		if strings.Contains(said, "rule "+g.Rule+" ") {
			same++
		}
	}
	if same != len(groups) {
		t.Errorf("%d of %d groups are labelled as they were", same, len(groups))
	}
	if said, err := l.Explain(t.Context(), queries.Place{SourceID: 99}); said != "" || err != nil {
		t.Errorf("an exchange that is not there is explained as %q, error %v", said, err)
	}
}

// TestLeaseOfTheScreens asks what the overview and the vendors ask.
func TestLeaseOfTheScreens(t *testing.T) {
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	l := &lease{path: filepath.Join(dir, "t.duckdb")}
	now, err := l.RightNow(t.Context(), queries.Scope{})
	if err != nil || len(now.Trends) == 0 {
		t.Errorf("%d trends, error %v", len(now.Trends), err)
	}
	board, err := l.VendorBoard(t.Context(), queries.Scope{})
	if err != nil || len(board.Slots) == 0 || len(board.Packs) == 0 {
		t.Errorf("%d slots, %d packs, error %v", len(board.Slots), len(board.Packs), err)
	}
	rejects, err := l.Rejects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rejects {
		if r.Path == "" || r.Line < 1 || r.Reason == "" {
			t.Errorf("a reject without a place: %+v", r)
		}
	}
}
