package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestCompactKilled kills a compaction with SIGKILL at several sizes of the new
// file: the old one is whole and sound, and the next one finishes and sweeps up.
func TestCompactKilled(t *testing.T) {
	dir := t.TempDir()
	generated(t, dir, 48<<20)
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "access.log")
	runs(t, dir, 0, "db", "compact", "--db", "t.duckdb")
	whole := totals(t, dir, "t.duckdb")
	st, err := os.Stat(filepath.Join(dir, "t.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "t.duckdb.compact")
	killed := 0
	for tenth := int64(0); tenth < 10; tenth += 3 {
		victim := command(t, dir, "db", "compact", "--db", "t.duckdb")
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- victim.Wait() }()
		done := false
		until(t, "a fresh file of the wanted size", func() bool {
			select {
			case <-ended:
				done = true
				return true
			default:
			}
			now, err := os.Stat(fresh)
			return err == nil && now.Size() >= st.Size()*tenth/10
		})
		if done {
			continue
		}
		if err := victim.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		if <-ended != nil {
			killed++
		}
		runs(t, dir, 0, "db", "verify", "--db", "t.duckdb")
		if after := totals(t, dir, "t.duckdb"); after != whole {
			t.Errorf("killed at %d tenths:\n%s\nwant\n%s", tenth, after, whole)
		}
	}
	if killed == 0 {
		t.Error("no kill came in time; the test proves nothing")
	}
	runs(t, dir, 0, "db", "compact", "--db", "t.duckdb")
	runs(t, dir, 0, "db", "verify", "--db", "t.duckdb")
	if after := totals(t, dir, "t.duckdb"); after != whole {
		t.Errorf("compacted:\n%s\nwant\n%s", after, whole)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "t.duckdb*")); err != nil || len(left) != 2 {
		t.Errorf("beside the database and its salt something is left: %q %v", left, err)
	}
}

// TestEveryVerbLocked lets one process hold the database: every verb that opens
// it names the holder and the way out, and with --wait it gets its turn.
func TestEveryVerbLocked(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "empty.log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "empty.log")
	verbs := [][]string{{"report"}, {"sql", "SELECT 1"}, {"ingest", "empty.log"}, {"db", "info"}, {"db", "verify"}, {"db", "compact"},
		{"db", "export", "-o", "calls"}, {"db", "migrate"}, {"db", "prune", "--before", "1d"}, {"db", "reclassify"}}
	// The probe below takes the lock for moments, too: the holder bides its time.
	holder := command(t, dir, "ingest", "--db", "t.duckdb", "--wait", "1m", "-")
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the lock", func() bool {
		cmd := command(t, dir, "sql", "SELECT 1", "--db", "t.duckdb", "--wait=-1s")
		return cmd.Run() != nil
	})
	type patient struct {
		out *bytes.Buffer
		end func() error
	}
	var waiting []patient
	for _, verb := range verbs {
		_, stderr := runs(t, dir, exitFailed, append(verb, "--db", "t.duckdb", "--wait=-1s")...)
		if want := fmt.Sprintf("(PID %d)", holder.Process.Pid); !strings.Contains(stderr, want) || !strings.Contains(stderr, "--wait") {
			t.Errorf("errscope %s names neither the holder %s nor the way out:\n%s", strings.Join(verb, " "), want, stderr)
		}
		cmd := command(t, dir, append(verb, "--db", "t.duckdb", "--wait", "1m")...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, patient{&out, cmd.Wait})
	}
	if said, _ := runs(t, dir, exitFailed, "db", "info", "--db", "t.duckdb", "--wait=-1s", "--format", "json"); !strings.Contains(said, fmt.Sprintf(`"pid": %d`, holder.Process.Pid)) {
		t.Errorf("info does not name the holder:\n%s", said)
	}
	if err := errors.Join(in.Close(), holder.Wait()); err != nil {
		t.Fatal(err)
	}
	for i, p := range waiting {
		if err := p.end(); err != nil {
			t.Errorf("errscope %s waited, and then: %v\n%s", strings.Join(verbs[i], " "), err, p.out)
		}
	}
	runs(t, dir, 0, "db", "verify", "--db", "t.duckdb")
}

// TestReadersTogether: many processes read at once, whatever the verb.
func TestReadersTogether(t *testing.T) {
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	// The probe below takes the lock for moments, too: the reader bides its time.
	slow := command(t, dir, "sql", "--db", "t.duckdb", "--wait", "1m", "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")
	if err := slow.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = slow.Process.Kill() // it would never end
		_ = slow.Wait()
	}()
	until(t, "the reader's lock", func() bool {
		_, stderr := runsAny(t, dir, "db", "migrate", "--db", "t.duckdb", "--wait=-1s")
		return strings.Contains(stderr, fmt.Sprintf("(PID %d)", slow.Process.Pid))
	})
	for _, verb := range [][]string{{"report"}, {"sql", "SELECT 1"}, {"db", "info"}, {"db", "verify"}, {"db", "export", "-o", "calls"}} {
		runs(t, dir, 0, append(verb, "--db", "t.duckdb", "--wait=-1s")...)
	}
}

// runsAny runs errscope whatever its exit code.
func runsAny(t *testing.T, dir string, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := command(t, dir, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit interface{ ExitCode() int }
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String()
}

// TestPrunedOverlap: a copy of a log whose rows were pruned in part is still
// known for one, line by line, and brings nothing back.
func TestPrunedOverlap(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(demoLogs(t), "egress", "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	for name, part := range map[string][][]byte{"a.log": lines, "tail.log": lines[100:], "head.log": lines[:400]} {
		if err := os.WriteFile(filepath.Join(dir, name), bytes.Join(part, nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "a.log")
	runs(t, dir, 0, "db", "prune", "--db", "t.duckdb", "--before", "2026-11-15")
	const rows = "SELECT count(*) AS n, min(ts) AS first FROM requests"
	before, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", rows)
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "tail.log", "head.log")
	if after, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", rows); after != before {
		t.Errorf("before its copies came\n%s\nafter\n%s", before, after)
	}
	runs(t, dir, 0, "db", "verify", "--db", "t.duckdb")
}
