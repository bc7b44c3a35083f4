package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/store"
)

// overlapLog is a log of successes, failures, broken and blank lines.
func overlapLog(lines int) []string {
	list := make([]string, lines)
	for i := range list {
		status := 200
		if i%13 == 5 {
			status = 503
		}
		list[i] = fmt.Sprintf("203.0.113.%d - - [13/Nov/2026:%02d:%02d:%02d +0000] \"GET https://api.example.com/things/%d HTTP/1.1\" %d %d \"-\" \"svc/2.4\"\n",
			i%7, 8+i/3600, i/60%60, i%60, i*i, status, 100+i)
		switch i % 50 {
		case 17:
			list[i] = fmt.Sprintf("line %d is broken\n", i)
		case 34:
			list[i] = "\n"
		}
	}
	return list
}

// runHere runs a command line in this process and wants it to succeed.
func runHere(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, terminal{out: &out, err: &errs, environ: []string{"HOME=" + t.TempDir()}}); code != 0 {
		t.Fatalf("errscope %s: exit code %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}

// countsOf sums up rows and ledger of a database, without what depends on how
// the lines came into it.
func countsOf(t *testing.T, db string) string {
	t.Helper()
	return runHere(t, "sql", "--db", db, "--format", "csv", `
		SELECT count(*) AS n, sum(hash(ts, status, bytes, path)) AS content,
		       (SELECT sum(lines - duplicates) FROM sources) AS lines,
		       (SELECT sum(records) FROM sources) AS records,
		       (SELECT sum(rejected) FROM sources) AS rejected,
		       (SELECT sum(ignored) FROM sources) AS ignored,
		       (SELECT count(*) FROM rejects) AS rejects,
		       (SELECT count(*) FROM sources WHERE lines <> records + rejected + ignored + duplicates) AS wrong
		FROM requests`)
}

// overlapBytesMin is about what makes six lines.
const overlapBytesMin = 800

// TestOverlapsInAnyOrder cuts pieces out of a log, at any byte, and loads them
// in any order, in one run or several: together they are the log.
func TestOverlapsInAnyOrder(t *testing.T) {
	dir := t.TempDir()
	list := overlapLog(700)
	whole := strings.Join(list, "")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	runHere(t, "ingest", "--db", filepath.Join(dir, "whole.duckdb"), write("whole.log", whole))
	salt := filepath.Join(dir, "whole.duckdb.salt")
	want := countsOf(t, filepath.Join(dir, "whole.duckdb"))
	random := rand.New(rand.NewPCG(7, 11))
	for trial := range 10 {
		db := filepath.Join(dir, fmt.Sprintf("%d.duckdb", trial))
		text, err := os.ReadFile(salt)
		if err != nil {
			t.Fatal(err)
		}
		write(filepath.Base(db)+".salt", string(text))
		// Pieces that reach into each other by some lines, then any others, of
		// which none shares one or two lines only with another.
		var paths []string
		var ends [][2]int
		piece := func(from, to int) {
			ends = append(ends, [2]int{from, to})
			paths = append(paths, write(fmt.Sprintf("%d-%d.log", trial, len(paths)), whole[from:to]))
		}
		for from := 0; from < len(whole); {
			to := min(len(whole), from+5_000+random.IntN(40_000))
			piece(from, to)
			if to == len(whole) {
				break
			}
			from = max(0, to-overlapBytesMin-random.IntN(4_000))
		}
		for range random.IntN(12) {
			from := random.IntN(len(whole) - 2_000)
			to := from + overlapBytesMin + random.IntN(len(whole)-from-overlapBytesMin)
			if !slices.ContainsFunc(ends, func(e [2]int) bool {
				shared := min(to, e[1]) - max(from, e[0])
				return shared > -overlapBytesMin && shared < overlapBytesMin
			}) {
				piece(from, to)
			}
		}
		random.Shuffle(len(paths), func(i, k int) { paths[i], paths[k] = paths[k], paths[i] })
		for batch := range slices.Chunk(paths, 1+random.IntN(len(paths))) {
			runHere(t, append([]string{"ingest", "--db", db}, batch...)...)
		}
		if got := countsOf(t, db); got != want {
			t.Errorf("trial %d: %d pieces give\n%s, the whole\n%s", trial, len(paths), got, want)
		}
		again := countsOf(t, db)
		runHere(t, append([]string{"ingest", "--db", db}, paths...)...)
		if got := countsOf(t, db); got != again {
			t.Errorf("trial %d: once more\n%s, before\n%s", trial, got, again)
		}
	}
}

// TestComparedLater loads two snapshots as a run does that dies before it
// compares them: the next run does so, whatever it reads.
func TestComparedLater(t *testing.T) {
	dir := t.TempDir()
	list := overlapLog(300)
	var inputs []ingest.Input
	for name, part := range map[string][]string{"a.log": list[:200], "b.log": list[150:], "other.log": {"nothing\n"}} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(part, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		if name != "other.log" {
			inputs = append(inputs, ingest.Input{Path: path})
		}
	}
	db := filepath.Join(dir, "t.duckdb")
	loadUncompared(t, db, inputs)
	if got := runHere(t, "sql", "--db", db, "--format", "csv", "SELECT count(*) AS n FROM requests"); got != "n\n336\n" {
		t.Fatalf("before the comparison: %s", got)
	}
	runHere(t, "ingest", "--db", db, filepath.Join(dir, "other.log"))
	if got := runHere(t, "sql", "--db", db, "--format", "csv", "SELECT count(*) AS n, (SELECT sum(duplicates) FROM sources) AS twice FROM requests"); got != "n,twice\n288,50\n" {
		t.Errorf("after the comparison: %s", got)
	}
}

// loadUncompared loads inputs and stops before the sources are compared.
func loadUncompared(t *testing.T, path string, inputs []ingest.Input) {
	t.Helper()
	a := &app{terminal: terminal{out: io.Discard, err: io.Discard}, out: &pipeWriter{w: io.Discard}}
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	a.settings.bindGlobal(flags)
	a.settings.bindIngest(flags)
	rules, err := a.loadRules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	l, err := a.newLoader(t.Context(), rules, db, newProgress(inputs))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		if _, err := l.input(t.Context(), in, func(path string, err error) { t.Errorf("%s: %v", path, err) }); err != nil {
			t.Fatal(err)
		}
	}
}
