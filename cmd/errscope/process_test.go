package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// command is errscope as a process of its own, in dir.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	binary := os.Getenv("ERRSCOPE_BINARY")
	env := append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir)
	if binary == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		binary, env = self, append(env, asErrscope+"=1")
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = dir, env
	return cmd
}

// runs runs errscope, wants the exit code and gives stdout and stderr.
func runs(t *testing.T, dir string, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := command(t, dir, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("errscope %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// until calls ready every few milliseconds until it says yes.
func until(t *testing.T, what string, ready func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s did not come about in a minute", what)
		}
	}
}

// generated writes a combined log of about sizeBytes.
func generated(t *testing.T, dir string, sizeBytes int64) string {
	t.Helper()
	name := filepath.Join(dir, "access.log")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(demo.WriteCombined(t.Context(), f, sizeBytes, 7), f.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}

// totals sums up a database so that two can be compared: every count and an
// order-free hash over the rows.
func totals(t *testing.T, dir, db string) string {
	t.Helper()
	out, _ := runs(t, dir, 0, "sql", "--db", db, "--format", "json", `
		SELECT (SELECT count(*) FROM requests) AS requests,
		       (SELECT sum(hash(ts, host, method, route, status, category, source_offset)) FROM requests) AS content,
		       (SELECT count(DISTINCT source_offset) FROM requests) AS offsets,
		       lines, records, rejected, ignored, duplicates, bytes, sha256
		FROM sources`)
	return out
}

// TestKilled kills an ingest with SIGKILL again and again, each time a little
// later. After each kill the rows are as the ledger says; run to its end, the
// counts are those of a run that nobody disturbed.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	generated(t, dir, segmentBytes+segmentBytes/4)
	runs(t, dir, 0, "ingest", "--db", "whole.duckdb", "access.log")
	whole := totals(t, dir, "whole.duckdb")
	st, err := os.Stat(filepath.Join(dir, "whole.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	halfway := false
	for tenth := int64(1); tenth < 10; tenth += 2 {
		if !kill(t, dir, "killed.duckdb", st.Size()*tenth/10) {
			break
		}
		rows, records := totalsOf(t, dir, "killed.duckdb")
		if rows != records {
			t.Errorf("killed at %d tenths: %d rows, the ledger says %d", tenth, rows, records)
		}
		halfway = halfway || records > 0
	}
	if !halfway {
		t.Error("no kill came between the first segment and the end; the test proves nothing")
	}
	runs(t, dir, 0, "ingest", "--db", "killed.duckdb", "access.log")
	if again := totals(t, dir, "killed.duckdb"); whole != again {
		t.Errorf("undisturbed:\n%s\nkilled and run again:\n%s", whole, again)
	}
}

// kill ends an ingest once its database has grown to sizeBytes; false says
// that it came to its end before.
func kill(t *testing.T, dir, db string, sizeBytes int64) bool {
	t.Helper()
	victim := command(t, dir, "ingest", "--db", db, "access.log")
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- victim.Wait() }()
	done := false
	until(t, "a database of the wanted size", func() bool {
		select {
		case <-ended:
			done = true
			return true
		default:
		}
		st, err := os.Stat(filepath.Join(dir, db))
		return err == nil && st.Size() >= sizeBytes
	})
	if done {
		return false
	}
	if err := victim.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	return <-ended != nil
}

// totalsOf counts rows and what the ledger says of them.
func totalsOf(t *testing.T, dir, db string) (rows, records int64) {
	t.Helper()
	out, _ := runs(t, dir, 0, "sql", "--db", db, "--format", "json",
		"SELECT (SELECT count(*) FROM requests) AS rows, (SELECT coalesce(sum(records), 0) FROM sources) AS records")
	var answer []struct{ Rows, Records int64 }
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	return answer[0].Rows, answer[0].Records
}

// TestLocked lets one process hold the database: another one names it, and
// with --wait it gets its turn.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	holder := command(t, dir, "ingest", "--db", "t.duckdb", "-")
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the lock", func() bool {
		_, err := os.Stat(filepath.Join(dir, "t.duckdb"))
		return err == nil
	})
	var stderr string
	for _, verb := range [][]string{{"report"}, {"db", "reclassify"}} {
		until(t, "the refusal", func() bool {
			cmd := command(t, dir, append(verb, "--db", "t.duckdb", "--wait", "0s")...)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			_ = cmd.Run() // its exit code is looked at below
			stderr = errs.String()
			return cmd.ProcessState.ExitCode() == exitFailed && strings.Contains(stderr, "in use")
		})
		if want := fmt.Sprintf("(PID %d)", holder.Process.Pid); !strings.Contains(stderr, want) {
			t.Errorf("%q does not name the holder, %s", stderr, want)
		}
		if !strings.Contains(stderr, "errscope: hint: ") || !strings.Contains(stderr, "--wait") {
			t.Errorf("%q shows no way out", stderr)
		}
	}
	patient := command(t, dir, "report", "--db", "t.duckdb", "--wait", "1m")
	var out bytes.Buffer
	patient.Stdout = &out
	if err := patient.Start(); err != nil {
		t.Fatal(err)
	}
	line := `10.0.0.7 - - [13/Nov/2026:09:12:42 +0000] "GET https://api.carsxe.com/specs HTTP/1.1" 502 212 "-" "svc/2.4"` + "\n"
	if _, err := in.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(in.Close(), holder.Wait(), patient.Wait()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "carsxe") {
		t.Errorf("the patient report says\n%s", out.String())
	}
}

// TestNewerDatabase refuses a file of a later version and leaves it alone.
func TestNewerDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "empty.log"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "empty.log")
	runs(t, dir, 0, "sql", "--db", "t.duckdb", "--unsafe", "INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'later', now()::TIMESTAMP)")
	for _, verb := range [][]string{{"report", "--db", "t.duckdb"}, {"ingest", "--db", "t.duckdb", "empty.log"}} {
		_, stderr := runs(t, dir, exitFailed, verb...)
		if !strings.Contains(stderr, "newer version") || !strings.Contains(stderr, "errscope: hint: ") {
			t.Errorf("errscope %s: stderr is\n%s", strings.Join(verb, " "), stderr)
		}
	}
}
