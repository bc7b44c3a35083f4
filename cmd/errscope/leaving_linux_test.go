package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/ptytest"
)

// inTerminal runs errscope in a pseudo terminal. env comes last, so it counts.
func inTerminal(t *testing.T, dir string, env []string, args ...string) *ptytest.Terminal {
	t.Helper()
	cmd := command(t, dir, args...)
	cmd.Env = append(append(cmd.Env, plainTerminal(dir)...), env...)
	return terminalOf(t, cmd, 120, 36)
}

// plainTerminal is the environment of a terminal as most people have it.
func plainTerminal(dir string) []string {
	return []string{"TERM=xterm-256color", "COLORTERM=", "NO_COLOR=", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TMUX=", "SSH_TTY=", "XDG_STATE_HOME=" + filepath.Join(dir, "state")}
}

func terminalOf(t *testing.T, cmd *exec.Cmd, width, height int) *ptytest.Terminal {
	t.Helper()
	term, err := ptytest.Start(cmd, width, height)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Errorf("closing the terminal: %v", err)
		}
	})
	return term
}

func shows(t *testing.T, term *ptytest.Terminal, texts ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := term.Shows(ctx, texts...); err != nil {
		t.Fatal(err)
	}
}

func types(t *testing.T, term *ptytest.Terminal, keys string) {
	t.Helper()
	if err := term.Type(keys); err != nil {
		t.Fatal(err)
	}
}

// leavesClean waits for the end, and wants this exit code and the terminal as it was.
func leavesClean(t *testing.T, term *ptytest.Terminal, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got, err := term.Exited(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got != code {
		t.Errorf("exit code %d, want %d; the screen shows\n%s", got, code, term.Text())
	}
	if !term.UsedScreen() {
		t.Error("the screens were never there; the test proves nothing")
	}
	faults, err := term.Left()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func signals(t *testing.T, term *ptytest.Terminal, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(term.PID(), signal); err != nil {
		t.Fatal(err)
	}
}

// TestEveryWayOut leaves in every way that there is, while data is being read,
// on a database, in a text field and with the help open: the terminal is as it
// was before.
func TestEveryWayOut(t *testing.T) {
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	for name, c := range map[string]struct {
		args []string
		keys string
		do   func(*testing.T, *ptytest.Terminal)
		code int
	}{
		"q":                       {keys: "q"},
		"ctrl+c":                  {keys: "\x03"},
		"ctrl+c in a text field":  {keys: "3/q\x03"},
		"ctrl+c in the help":      {keys: "?\x03"},
		"ctrl+c in the palette":   {keys: ":q\x03"},
		"q, a database":           {args: []string{"tui", "--db", "t.duckdb"}, keys: "q"},
		"terminated":              {do: func(t *testing.T, term *ptytest.Terminal) { signals(t, term, syscall.SIGTERM) }, code: exitFailed},
		"terminated, a database":  {args: []string{"tui", "--db", "t.duckdb"}, do: func(t *testing.T, term *ptytest.Terminal) { signals(t, term, syscall.SIGTERM) }, code: exitFailed},
		"interrupted from beside": {do: func(t *testing.T, term *ptytest.Terminal) { signals(t, term, syscall.SIGINT) }, code: exitFailed},
		"hung up by signal":       {do: func(t *testing.T, term *ptytest.Terminal) { signals(t, term, syscall.SIGHUP) }, code: exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args
			if args == nil {
				args = []string{demoLogs(t)}
			}
			term := inTerminal(t, dir, nil, args...)
			shows(t, term, "[1 Overview]")
			if c.do != nil {
				c.do(t, term)
			}
			types(t, term, c.keys)
			leavesClean(t, term, c.code)
		})
	}
}

// TestLeavesWhileAsking leaves while the database works at a question that would
// take hours, on files and on a database: no part of either stays behind.
func TestLeavesWhileAsking(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	for name, args := range map[string][]string{"files": {demoLogs(t)}, "database": {"tui", "--db", "t.duckdb"}} {
		t.Run(name, func(t *testing.T) {
			term := inTerminal(t, dir, []string{"TMPDIR=" + temp}, args...)
			shows(t, term, "[1 Overview]", "carsxe")
			types(t, term, "7")
			shows(t, term, "[7 SQL]")
			types(t, term, "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE hash(a.range, b.range) = 1")
			types(t, term, "\x1b\r")
			shows(t, term, "querying")
			types(t, term, "\x03")
			leavesClean(t, term, 0)
			left, err := os.ReadDir(temp)
			must(t, err)
			if _, err := os.Stat(filepath.Join(dir, "t.duckdb.tmp")); err == nil || len(left) > 0 {
				t.Errorf("left behind: %v, and what questions put aside: %v", left, err == nil)
			}
		})
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t)) // nobody holds it
}

// TestTerminalGoesAway closes the terminal under the screens: the process ends
// by itself and leaves no temporary database.
func TestTerminalGoesAway(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	for name, args := range map[string][]string{"files": {demoLogs(t)}, "database": {"tui", "--db", "t.duckdb"}} {
		t.Run(name, func(t *testing.T) {
			term := inTerminal(t, dir, []string{"TMPDIR=" + temp}, args...)
			shows(t, term, "[1 Overview]", "carsxe")
			if err := term.HangUp(); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if _, err := term.Exited(ctx); err != nil {
				t.Fatal(err)
			}
			left, err := os.ReadDir(temp)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range left {
				t.Errorf("%s is left behind", e.Name())
			}
		})
	}
}

// TestPipedIn reads a pipe that stays open while keys come from the terminal,
// shows rows as they come, and leaves when asked although the pipe is open.
func TestPipedIn(t *testing.T) {
	dir := t.TempDir()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	cmd := command(t, dir)
	cmd.Env, cmd.Stdin = append(cmd.Env, plainTerminal(dir)...), read
	term := terminalOf(t, cmd, 120, 36)
	read.Close()
	shows(t, term, "standard input", "No requests yet")
	line := `10.0.0.7 - - [13/Nov/2026:09:12:42 +0000] "GET https://api.carsxe.com/specs HTTP/1.1" 502 212 "-" "svc/2.4"` + "\n"
	if _, err := write.WriteString(line); err != nil {
		t.Fatal(err)
	}
	shows(t, term, "1 request", "live")
	if _, err := write.WriteString(strings.Repeat(line, 9)); err != nil {
		t.Fatal(err)
	}
	shows(t, term, "10 requests")
	types(t, term, "L")
	shows(t, term, "paused")
	if _, err := write.WriteString(strings.Repeat(line, 5)); err != nil {
		t.Fatal(err)
	}
	shows(t, term, "paused +1", "10 requests")
	types(t, term, "L")
	shows(t, term, "15 requests")
	types(t, term, "q")
	leavesClean(t, term, 0)
}

// TestSuspend goes to the shell with ctrl+z and comes back with fg, twice.
func TestSuspend(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed; nobody has tried ctrl+z")
	}
	dir := t.TempDir()
	probe := command(t, dir)
	shell := exec.Command(bash, "--norc", "--noprofile", "-i")
	shell.Dir, shell.Env = dir, append(append(probe.Env, plainTerminal(dir)...), "PS1=ready> ", "BASH_SILENCE_DEPRECATION_WARNING=1")
	term := terminalOf(t, shell, 120, 36)
	shows(t, term, "ready>")
	types(t, term, quoted(probe.Path)+" "+quoted(demoLogs(t))+"\r")
	shows(t, term, "[1 Overview]", "carsxe")
	for range 2 {
		types(t, term, "\x1a")
		shows(t, term, "Stopped", "ready>")
		types(t, term, "fg\r")
		shows(t, term, "[1 Overview]", "carsxe")
		types(t, term, "3")
		shows(t, term, "[3 Failures]")
		types(t, term, "1")
		shows(t, term, "[1 Overview]")
	}
	types(t, term, "q")
	shows(t, term, "ready>")
	types(t, term, "echo left with $?\r")
	shows(t, term, "left with 0")
	types(t, term, "exit\r")
	leavesClean(t, term, 0)
}

// TestUnreadableDatabase tells what is wrong with a database, with the way out
// and the exit code that every verb gives, after the screens have gone.
func TestUnreadableDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "no.duckdb"), []byte(strings.Repeat("this is no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "ingest", "--db", "later.duckdb", demoLogs(t))
	runs(t, dir, 0, "sql", "--db", "later.duckdb", "--unsafe", "INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'later', now()::TIMESTAMP)")
	for db, want := range map[string]string{"no.duckdb": "errscope: error: ", "later.duckdb": "newer version", "absent.duckdb": "errscope: error: "} {
		t.Run(db, func(t *testing.T) {
			term := inTerminal(t, dir, nil, "tui", "--db", db)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			code, err := term.Exited(ctx)
			if err != nil || code != exitFailed {
				t.Errorf("exit code %d, %v", code, err)
			}
			if text := term.Text(); !strings.Contains(text, want) || !strings.Contains(text, "errscope: hint: ") {
				t.Errorf("%q and a hint are not told:\n%s", want, text)
			}
			if faults, err := term.Left(); err != nil || len(faults) > 0 {
				t.Errorf("left behind: %q, %v", faults, err)
			}
		})
	}
}
