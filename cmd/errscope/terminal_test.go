package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// screen is errscope in a terminal of its own: a private tmux server.
type screen struct {
	t      *testing.T
	socket string
}

// openScreen starts errscope on the arguments in a terminal of width × height.
// Without tmux there is no terminal to be had: CI sets ERRSCOPE_TMUX=required
// and installs it.
func openScreen(t *testing.T, width, height int, env []string, args ...string) *screen {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("ERRSCOPE_TMUX") == "required" {
			t.Fatal(err)
		}
		t.Skip("tmux is not installed; the true binary was not tried in a true terminal")
	}
	dir := t.TempDir()
	s := &screen{t: t, socket: filepath.Join(dir, "tmux")}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", s.socket, "kill-server").Run() })
	cmd := command(t, dir, args...)
	// The shell stays when errscope has left, so that what is left on the
	// terminal can be looked at.
	line := quoted(cmd.Path) + " " + strings.Join(mapped(args, quoted), " ") + `; echo "left with $?"; exec cat`
	start := exec.Command("tmux", "-S", s.socket, "-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), line)
	start.Env = append(append(cmd.Env, "TERM=screen-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TMUX="), env...)
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("starting tmux: %v\n%s", err, out)
	}
	return s
}

func mapped(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func (s *screen) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *screen) text() string { return s.tmux("capture-pane", "-p") }

// shows waits until all the texts are on the screen.
func (s *screen) shows(texts ...string) {
	s.t.Helper()
	var last string
	defer func() {
		if s.t.Failed() {
			s.t.Logf("the screen shows\n%s", last)
		}
	}()
	until(s.t, fmt.Sprintf("%q on the screen", texts), func() bool {
		last = s.text()
		for _, want := range texts {
			if !strings.Contains(last, want) {
				return false
			}
		}
		return true
	})
}

func (s *screen) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

// demoLogs is the committed demonstration.
func demoLogs(t *testing.T) string {
	t.Helper()
	logs, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	return logs
}

// TestTriageInTerminal goes the way of somebody who is on call: what fails,
// which group, what is the advice, what is the id for support, and out.
func TestTriageInTerminal(t *testing.T) {
	s := openScreen(t, 120, 36, nil, demoLogs(t))
	s.shows("Overview", "carsxe")
	s.keys("3")
	s.shows("[3 Failures]", "groups")
	s.keys("/")
	s.keys("-l", "api_limit q")
	s.shows("api_limit q") // a letter, not the way out
	s.keys("BSpace", "BSpace")
	s.shows("api_limit_exceeded", "next period")
	s.keys("Enter")
	s.keys("Enter")
	s.shows("sample 1 of", "The vendor says", "API limit exceeded", "key=[redacted]")
	s.keys("y")
	s.shows("no request_id")
	s.keys("?")
	s.shows("Keys on", "copy as curl")
	s.keys("?")
	s.shows("The vendor says")
	s.keys("Escape")
	s.shows("[3 Failures]", "filter: api_limit")
	s.keys("C-c")
	s.shows("left with 0")
}

// TestQuitAndResize leaves by q from the top and survives a tiny window.
func TestQuitAndResize(t *testing.T) {
	s := openScreen(t, 80, 24, []string{"NO_COLOR=yes"}, demoLogs(t))
	s.shows("Overview", "carsxe")
	s.tmux("resize-window", "-x", "30", "-y", "5")
	s.shows("60")
	s.tmux("resize-window", "-x", "80", "-y", "24")
	s.shows("Overview")
	s.keys("q")
	s.shows("left with 0")
	if text := s.text(); strings.Contains(text, "Overview") {
		t.Errorf("the screens are still there:\n%s", text)
	}
}

// TestTerminated gives the terminal back when the process is asked to end.
func TestTerminated(t *testing.T) {
	s := openScreen(t, 100, 30, nil, demoLogs(t))
	s.shows("Overview", "carsxe")
	pid := strings.TrimSpace(s.tmux("display-message", "-p", "#{pane_pid}"))
	if out, err := exec.Command("pkill", "-TERM", "-P", pid).CombinedOutput(); err != nil {
		t.Fatalf("pkill: %v %s", err, out)
	}
	s.shows("left with ")
	if state := s.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}"); strings.TrimSpace(state) != "0 1" {
		t.Errorf("alternate screen and cursor are %q, want the plain screen and a cursor", state)
	}
}

// TestScreensLeaveTheFile: screens that stay open keep nobody from writing.
func TestScreensLeaveTheFile(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "t.duckdb")
	runs(t, dir, 0, "ingest", "--db", db, demoLogs(t))
	s := openScreen(t, 100, 30, nil, "tui", "--db", db)
	s.shows("Overview", "carsxe")
	if err := os.WriteFile(filepath.Join(dir, "more.log"), []byte(`10.0.0.7 - - [13/Nov/2026:09:12:42 +0000] "GET https://api.carsxe.com/specs HTTP/1.1" 502 212 "-" "svc/2.4"`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, 0, "ingest", "--db", db, "more.log")
	s.keys("r")
	s.keys("q")
	s.shows("left with 0")
}
