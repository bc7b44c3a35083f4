package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/errscope/errscope/store"
)

// logLine is a line that no other number gives.
func logLine(i int) string {
	return fmt.Sprintf("203.0.113.9 - - [13/Nov/2026:%02d:%02d:%02d +0000] \"GET https://api.example.com/n/%d HTTP/1.1\" 200 12 \"-\" \"svc/1.0\"\n", i/3600%24, i/60%60, i%60, i)
}

func logLines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(logLine(i))
	}
	return b.String()
}

// following is an ingest --follow that runs beside the test.
type following struct {
	t      *testing.T
	dir    string
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func follow(t *testing.T, dir string, paths ...string) *following {
	t.Helper()
	f := &following{t: t, dir: dir}
	f.cmd = command(t, dir, append([]string{"ingest", "--follow", "--keep", "full", "--db", "t.duckdb"}, paths...)...)
	f.cmd.Stdout, f.cmd.Stderr = &f.stdout, &f.stderr
	return f
}

func (f *following) start() *following {
	f.t.Helper()
	if err := f.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if f.cmd.ProcessState == nil {
			f.kill()
		}
	})
	return f
}

func (f *following) kill() {
	_ = f.cmd.Process.Kill() // it may have ended by itself
	_ = f.cmd.Wait()         // with the signal as its error
}

// stop ends it as a service manager does, and wants exit code 0.
func (f *following) stop() {
	f.t.Helper()
	if err := f.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		f.t.Fatal(err)
	}
	if err := f.cmd.Wait(); err != nil {
		f.t.Fatalf("stopped: %v\n%s%s", err, f.stdout.String(), f.stderr.String())
	}
	if !strings.Contains(f.stdout.String(), "records") {
		f.t.Errorf("no summary:\n%s", f.stdout.String())
	}
}

// wants waits until the database has the rows of the lines 0 to n-1, each once.
func (f *following) wants(n int) {
	f.t.Helper()
	var rows, different int
	var ask *exec.Cmd
	defer func() {
		if f.t.Failed() {
			f.t.Logf("%d rows, %d different, want %d\n%s%s", rows, different, n, f.stdout.String(), f.stderr.String())
		}
	}()
	until(f.t, fmt.Sprintf("%d rows", n), func() bool {
		var answer []struct{ Rows, Different int }
		ask = command(f.t, f.dir, "sql", "--db", "t.duckdb", "--wait", "10s", "--format", "json",
			"SELECT count(*) AS rows, count(DISTINCT path) AS different FROM requests")
		out, err := ask.Output()
		if err != nil || json.Unmarshal(out, &answer) != nil {
			return false // not there yet
		}
		rows, different = answer[0].Rows, answer[0].Different
		if rows > n {
			f.t.Fatal("lines were doubled")
		}
		return rows == n && different == n
	})
	f.ledger(n)
}

// ledger wants the counts of all sources to add up to the lines.
func (f *following) ledger(n int) {
	f.t.Helper()
	out, _ := runs(f.t, f.dir, 0, "sql", "--db", "t.duckdb", "--wait", "10s", "--format", "csv",
		"SELECT sum(records) = "+fmt.Sprint(n)+" AND bool_and(lines = records + rejected + ignored + duplicates) FROM sources")
	if !strings.HasSuffix(out, "true\n") {
		f.t.Errorf("the ledger does not add up to %d", n)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFollow takes one file through everything that happens to a log.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "access.log")
	write(t, log, logLines(0, 100))
	f := follow(t, dir, "access.log").start()
	f.wants(100)

	half := len(logLine(150)) / 2
	write(t, log, logLines(100, 150)+logLine(150)[:half])
	f.wants(150)
	write(t, log, logLine(150)[half:])
	f.wants(151)

	// Renamed, written to under its new name, and made again.
	must(t, os.Rename(log, log+".1"))
	write(t, log+".1", logLines(151, 160))
	write(t, log, logLines(160, 200))
	f.wants(200)

	must(t, os.Truncate(log, 0))
	write(t, log, logLines(200, 210))
	f.wants(210)

	// Written anew in its place, longer than before.
	must(t, os.WriteFile(log, []byte(logLines(210, 250)), 0o644))
	f.wants(250)

	must(t, os.Remove(log))
	write(t, log, logLines(250, 260))
	f.wants(260)

	// Copied away and truncated before anybody has seen the last lines.
	write(t, log, logLines(260, 270))
	content, err := os.ReadFile(log)
	must(t, err)
	must(t, os.WriteFile(log+".2", content, 0o644))
	must(t, os.Truncate(log, 0))
	write(t, log, logLines(270, 280))
	f.wants(280)

	write(t, log, "a last line without an e")
	f.stop()
	f.ledger(280)
}

// TestFollowManyPlaces follows folders, patterns, links and what comes into them.
func TestFollowManyPlaces(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "logs/deep"), 0o755))
	must(t, os.Mkdir(filepath.Join(dir, "days"), 0o755))
	at := func(name string) string { return filepath.Join(dir, name) }
	write(t, at("logs/a.log"), logLines(0, 10))
	write(t, at("days/1"), logLines(10, 20))
	must(t, os.Symlink("days/1", at("current")))
	f := follow(t, dir, "logs", "svc-*.log", "current", "later.log").start()
	f.wants(20)
	write(t, at("logs/deep/b.log"), logLines(20, 30))
	write(t, at("svc-1.log"), logLines(30, 40))
	write(t, at("later.log"), logLines(40, 50))
	f.wants(50)
	write(t, at("days/2"), logLines(50, 60))
	must(t, os.Symlink("days/2", at("next")))
	must(t, os.Rename(at("next"), at("current")))
	f.wants(60)
	write(t, at("days/2"), logLines(60, 70))
	must(t, os.Rename(at("logs/a.log"), at("logs/a.log.1")))
	write(t, at("logs/a.log.1"), logLines(70, 80))
	write(t, at("logs/a.log"), logLines(80, 90))
	f.wants(90)
	// Compressed as it is, its content is known.
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err := w.Write([]byte(logLines(0, 10) + logLines(70, 80)))
	must(t, errors.Join(err, w.Close(), os.WriteFile(at("logs/a.log.2.gz"), z.Bytes(), 0o644), os.Remove(at("logs/a.log.1"))))
	write(t, at("svc-2.log"), logLines(90, 100))
	f.wants(100)
	f.stop()
	f.ledger(100)
}

// TestFollowKilled kills the follower again and again while a log grows and is
// rotated; what a last one finds is what an undisturbed one would have.
func TestFollowKilled(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "access.log")
	written := 0
	grow := func(n int) {
		write(t, log, logLines(written, written+n))
		written += n
	}
	grow(5000)
	for round := range 4 {
		f := follow(t, dir, "access.log").start()
		if round%2 == 0 {
			f.wants(written)
		}
		grow(1000)
		f.kill() // at some point of what it does
		grow(100)
		if round < 3 { // rotated twice while nobody looks
			must(t, os.Rename(log, fmt.Sprintf("%s.%d", log, 8-2*round)))
			grow(70)
			must(t, os.Rename(log, fmt.Sprintf("%s.%d", log, 7-2*round)))
			grow(30)
		}
	}
	f := follow(t, dir, "access.log").start()
	f.wants(written)
	f.stop()
}

// TestFollowPipe wants rows while the pipe is open, and the end of it to be the end.
func TestFollowPipe(t *testing.T) {
	for _, flags := range [][]string{{"--follow"}, nil} {
		dir := t.TempDir()
		f := &following{t: t, dir: dir, cmd: command(t, dir, append([]string{"ingest", "--keep", "full", "--db", "t.duckdb", "-"}, flags...)...)}
		f.cmd.Stdout, f.cmd.Stderr = &f.stdout, &f.stderr
		in, err := f.cmd.StdinPipe()
		must(t, err)
		f.start()
		_, err = in.Write([]byte(logLines(0, 10) + "half"))
		must(t, err)
		if flags != nil { // without --follow the database is not let go of
			f.wants(10)
		}
		_, err = in.Write([]byte(" a line\n" + logLines(10, 20)))
		must(t, errors.Join(err, in.Close(), f.cmd.Wait()))
		f.wants(20)
	}
}

// TestFollowStopsPipe keeps what a silent pipe has said when it is stopped.
func TestFollowStopsPipe(t *testing.T) {
	dir := t.TempDir()
	f := follow(t, dir, "-")
	in, err := f.cmd.StdinPipe()
	must(t, err)
	defer in.Close()
	f.start()
	_, err = in.Write([]byte(logLines(0, 10)))
	must(t, err)
	f.wants(10)
	f.stop()
}

func TestFollowWrongUse(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"--follow"}, {"--follow", "--dry-run", "x"}} {
		runs(t, dir, exitUsage, append([]string{"ingest", "--db", "t.duckdb"}, args...)...)
	}
	if _, err := os.Stat(filepath.Join(dir, "t.duckdb")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a wrong use left a database")
	}
}

// TestFollowLetsOthersIn asks the database while lines keep coming, and loads
// another file into it.
func TestFollowLetsOthersIn(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "access.log")
	write(t, log, logLines(0, 10))
	f := follow(t, dir, "access.log").start()
	f.wants(10)
	for i := 10; i < 60; i += 10 {
		write(t, log, logLines(i, i+10))
		db, err := store.Open(t.Context(), filepath.Join(dir, "t.duckdb"), store.Options{ReadOnly: true, Wait: holdMax})
		if err != nil {
			t.Fatalf("an asker was kept out: %v", err)
		}
		must(t, db.Close())
		f.wants(i + 10)
	}
	// Somebody else loads what is followed.
	write(t, log, logLines(60, 70))
	runs(t, dir, 0, "ingest", "--keep", "full", "--db", "t.duckdb", "--wait", "10s", "access.log")
	write(t, log, logLines(70, 80))
	f.wants(80)
	f.stop()
}
