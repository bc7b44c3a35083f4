package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reached are the calls to the kernel by which a program talks to others; pipes
// within a machine (AF_UNIX) are not among them.
var reached = regexp.MustCompile(`(?m)^.*(?:AF_INET6?|AF_PACKET|sa_family=AF_(?:INET|NETLINK)).*$`)

// traced runs a command under strace and gives what it asked of the network.
func traced(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	wrapped := exec.Command(strace, slices.Concat([]string{"-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", log, "--", cmd.Path}, cmd.Args[1:])...)
	wrapped.Dir, wrapped.Env, wrapped.Stdin = cmd.Dir, cmd.Env, cmd.Stdin
	out, err := wrapped.CombinedOutput()
	if wrapped.ProcessState == nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	calls, err := os.ReadFile(log)
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return reached.FindAllString(string(calls), -1)
}

// TestNoNetwork runs the verbs and watches what they ask of the kernel.
func TestNoNetwork(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("ERRSCOPE_STRACE") != "" {
			t.Fatal(err)
		}
		t.Skip("needs strace")
	}
	// The watch must be able to see.
	if calls := traced(t, exec.Command("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9")); len(calls) == 0 {
		if os.Getenv("ERRSCOPE_STRACE") != "" {
			t.Fatal("strace sees nothing")
		}
		t.Skip("strace may not watch here")
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "access.log"), []byte(strings.Repeat(oneFailure, 20)), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "one.jsonl"), []byte(`{"status":429,"url":"https://api.carsxe.com/specs"}`+"\n"), 0o644))
	for _, args := range [][]string{
		{"ingest", "--db", "t.duckdb", "access.log"}, {"parse", "access.log"}, {"classify", "one.jsonl"}, {"access.log"},
		{"explain", "--status", "429", "--url", "https://api.carsxe.com/specs"}, {"report", "--db", "t.duckdb", "--format", "html", "-o", "o.html"},
		{"report", "nightly", "--db", "t.duckdb"}, {"sql", "--db", "t.duckdb", "--format", "csv", "-o", "o.csv", "SELECT * FROM requests"},
		{"sql", "--db", "t.duckdb", "INSTALL httpfs"}, {"sql", "--db", "t.duckdb", "FROM 'https://example.com/x.parquet'"},
		{"sql", "--db", "t.duckdb", "LOAD icu"}, {"sql", "--db", "t.duckdb", "FROM read_csv('s3://bucket/x.csv')"},
		{"check", "--db", "t.duckdb"}, {"packs", "check"}, {"formats"}, {"db", "verify", "--db", "t.duckdb"}, {"version"},
	} {
		if calls := traced(t, command(t, dir, args...)); len(calls) > 0 {
			t.Errorf("errscope %s asked for the network:\n%s", strings.Join(args, " "), strings.Join(calls, "\n"))
		}
	}
}
