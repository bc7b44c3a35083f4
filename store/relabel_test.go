package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// anew is a judge that gives every call to another vendor, calls all but those
// to api.carsxe.com failures, and leaves what it does not say.
func anew(s *Stored, out *record.Label) {
	*out = s.Label
	out.Candidates = nil
	out.Vendor = "anew"
	if string(s.Draft.Host) != "api.carsxe.com" {
		out.Failure, out.Category, out.Rule = true, record.Server, "anew/broken"
	}
}

func relabel(t *testing.T, db *DB, r Relabelling) Relabelled {
	t.Helper()
	if r.Versions == nil {
		r.Versions = func(string) string { return "anew@1" }
	}
	done, err := db.Relabel(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// untouched is what no label tells: it must be the same before and after.
const untouched = "SELECT ts, host, method, route, path, query, status, trace_id, request_key, duration_ms, bytes, client, user_agent, " +
	"account, body, source_id, source_offset, headers, request_headers, client_request_id FROM requests ORDER BY source_offset"

func TestRelabel(t *testing.T) {
	db := testDB(t)
	src := &Source{Path: "a.log", PackVersions: "old@1"}
	if err := db.LoadSegment(t.Context(), src, genSegment(0, 30_000, 2), false); err != nil {
		t.Fatal(err)
	}
	rows, labels := table(t, db, untouched), table(t, db, "SELECT vendor, rule, count(*) FROM requests GROUP BY ALL ORDER BY ALL")
	dry := relabel(t, db, Relabelling{Judge: anew, DryRun: true})
	if got := table(t, db, "SELECT vendor, rule, count(*) FROM requests GROUP BY ALL ORDER BY ALL"); !slices.Equal(got, labels) {
		t.Errorf("a dry run changed %v to %v", labels, got)
	}
	one := relabel(t, db, Relabelling{Judge: anew, DryRun: true, Vendor: "carsxe"})
	done := relabel(t, db, Relabelling{Judge: anew, Rules: []RuleInfo{{Rule: "anew/broken", Pack: "anew"}}})
	if fmt.Sprint(dry) != fmt.Sprint(done) || done.Rows != 30_000 || done.Changed != 30_000 || done.Sources != 1 {
		t.Errorf("dry %+v\ndone %+v", dry, done)
	}
	for _, c := range one.Changes {
		if c.OldVendor != "carsxe" {
			t.Errorf("of carsxe alone: %+v", c)
		}
	}
	if got := table(t, db, untouched); !slices.Equal(got, rows) {
		t.Error("more than labels changed")
	}
	got := table(t, db, "SELECT vendor, rule, count(*) FROM requests GROUP BY ALL ORDER BY ALL")
	broken := table(t, db, "SELECT count(*) FROM requests WHERE host <> 'api.carsxe.com'")[0]
	if len(got) != 3 || !slices.Contains(got, "anew|anew/broken|"+broken) {
		t.Errorf("labelled %v, %s calls to broken hosts", got, broken)
	}
	if got := table(t, db, "SELECT pack_versions FROM sources"); got[0] != "anew@1" {
		t.Errorf("the ledger says %v", got)
	}
	if got := table(t, db, "SELECT rule FROM rules"); fmt.Sprint(got) != "[anew/broken]" {
		t.Errorf("the rules are %v", got)
	}
	again := relabel(t, db, Relabelling{Judge: anew})
	if again.Changed != 0 || again.Sources != 0 || again.Rows != 30_000 {
		t.Errorf("again: %+v", again)
	}
	// A load goes on where it was.
	if err := db.LoadSegment(t.Context(), src, genSegment(30_000, 40_000, 2), false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT count(*), count(DISTINCT source_offset) FROM requests"); got[0] != "40000|40000" {
		t.Errorf("after another load there are %v rows and places", got)
	}
}

// TestRelabelKeeps: what a row does not hold stays as it is.
func TestRelabelKeeps(t *testing.T) {
	db := testDB(t)
	var r given
	reset := time.Date(2026, 6, 18, 11, 0, 0, 0, time.UTC)
	for i, status := range []int{200, 503} {
		r.add(func(d *record.Draft) {
			d.Offset, d.Status, d.Direction, d.Path, d.Host = int64(i), status, record.Outbound, []byte("/a/1"), []byte("h.example")
			d.Headers = []record.Header{{Name: []byte("X-A"), Value: []byte("é \"1\"")}}
			d.UpstreamStatus, d.Failure = []byte("502"), []byte("reset")
		}, func(l *record.Label) {
			l.Vendor, l.RetryAfterS, l.RetrySource = "old", 5, "header:retry-after"
			l.Quota = record.Quota{Name: "calls", Limit: 10, Used: 4, Remaining: 6, ResetAt: reset}
			if status == 503 {
				l.Category, l.Retry, l.RequestID = record.Server, record.RetryBackoff, "r-1"
			}
		})
	}
	load(t, db, false, &r)
	var seen []string
	relabel(t, db, Relabelling{Judge: func(s *Stored, out *record.Label) {
		d := &s.Draft
		seen = append(seen, fmt.Sprintf("%d %s %s %s %s %v %v %s", d.Status, d.Path, d.UpstreamStatus, d.Failure, d.RequestID, s.Whole, s.Answered, s.Format))
		for _, h := range d.Headers {
			seen = append(seen, string(h.Name)+"="+string(h.Value))
		}
		out.Reset()
		out.Vendor = "new"
		if d.Status == 503 {
			out.Category, out.Retry = record.Unavailable, record.RetryWhenAvailable
		}
	}})
	want := []string{"200 /a/{id}    false true json", "503 /a/1 502 reset r-1 true true json", `X-A=é "1"`}
	slices.Sort(seen)
	if !slices.Equal(seen, want) {
		t.Errorf("judged %q\nwant   %q", seen, want)
	}
	got := table(t, db, "SELECT vendor, category, retry, request_id, retry_after_s, retry_source, quota_name, quota_limit, quota_used, quota_remaining, quota_reset_at FROM requests ORDER BY status")
	want = []string{"new|<nil>|<nil>|<nil>|5|header:retry-after|calls|10|4|6|2026-06-18T11:00:00Z",
		"new|unavailable|when_available|r-1|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestRelabelStops: an ended context and a database read only leave all as it was.
func TestRelabelStops(t *testing.T) {
	db := testDB(t)
	if err := db.LoadSegment(t.Context(), &Source{Path: "a.log"}, genSegment(0, 10_000, 1), false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	judged := 0
	_, err := db.Relabel(ctx, Relabelling{Versions: func(s string) string { return s }, Judge: func(s *Stored, out *record.Label) {
		if judged++; judged == 500 {
			cancel()
		}
		anew(s, out)
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped in the middle: %v", err)
	}
	if got := table(t, db, "SELECT count(*), count(*) FILTER (vendor = 'anew') FROM requests"); got[0] != "10000|0" {
		t.Errorf("rows and labels of a run that was stopped: %v", got)
	}
}

// tornRelabel loads, waits for stdin, labels anew and waits to be killed.
func tornRelabel(ctx context.Context, db *DB) error {
	if _, err := db.sql.ExecContext(ctx, "SET GLOBAL checkpoint_threshold = '1TB'"); err != nil {
		return err
	}
	if err := db.LoadSegment(ctx, &Source{Path: "torn.log"}, genSegment(0, 2*tornRows, 1), false); err != nil {
		return err
	}
	if _, err := db.sql.ExecContext(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	fmt.Println("loaded")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	_, err := db.Relabel(ctx, Relabelling{Judge: anew, Versions: func(string) string { return "anew@1" }})
	if err != nil {
		return err
	}
	fmt.Println("anew")
	select {}
}

// TestRelabelTorn kills a process that labels anew, in the middle and behind the
// commit, and cuts the log that it left at many places: all labels are the old
// ones or all are the new ones, as the ledger says, and no row is lost or doubled.
func TestRelabelTorn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.duckdb")
	cmd, lines, stdin := second(t, "relabel", path)
	if !lines.Scan() || lines.Text() != "loaded" {
		t.Fatalf("the second process says %q", lines.Text())
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if !lines.Scan() || lines.Text() != "anew" {
		t.Fatalf("the second process says %q", lines.Text())
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + ".wal")
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]int{}
	for _, left := range []int{len(log), len(log) - 1, len(log) - 12, len(log) - 40, len(log) - 1000, len(log) / 2, len(log) / 4, 100} {
		copied := filepath.Join(t.TempDir(), "t.duckdb")
		if err := errors.Join(os.WriteFile(copied, file, 0o644), os.WriteFile(copied+".wal", log[:left], 0o644)); err != nil {
			t.Fatal(err)
		}
		db := openDB(t, copied, Options{ReadOnly: left%2 == 0})
		got := table(t, db, "SELECT count(*), count(DISTINCT source_offset), count(*) FILTER (vendor = 'anew'), "+
			"count(*) FILTER (rule = 'anew/broken'), (SELECT any_value(pack_versions) FROM sources) FROM requests")[0]
		outcomes[got]++
		if !strings.HasPrefix(got, fmt.Sprintf("%d|%[1]d|", 2*tornRows)) {
			t.Errorf("%d of %d bytes of the log left: rows, places, labels, failures, packs: %s", left, len(log), got)
		}
		if readOnly := left%2 == 0; !readOnly {
			relabel(t, db, Relabelling{Judge: anew})
			if got := table(t, db, "SELECT count(*), count(*) FILTER (vendor = 'anew') FROM requests")[0]; got != fmt.Sprintf("%d|%[1]d", 2*tornRows) {
				t.Errorf("labelled after it: rows and labels %s", got)
			}
		}
	}
	old, new := fmt.Sprintf("%d|%[1]d|0|0|<nil>", 2*tornRows), fmt.Sprintf("%d|%[1]d|%[1]d|%d|anew@1", 2*tornRows, tornRows*3/2)
	if outcomes[old] == 0 || outcomes[new] == 0 || len(outcomes) != 2 {
		t.Errorf("the outcomes are %v", outcomes)
	}
}
