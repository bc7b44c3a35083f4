package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/ptytest"
	"github.com/errscope/errscope/tui"
)

// twoDatabases makes a.duckdb and b.duckdb of the demonstration.
func twoDatabases(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"a.duckdb", "b.duckdb"} {
		runs(t, dir, 0, "ingest", "--db", name, demoLogs(t))
	}
	return dir
}

// openDatabase shows a database once its rows are there.
func openDatabase(t *testing.T, dir, db string, env ...string) *ptytest.Terminal {
	t.Helper()
	term := inTerminal(t, dir, env, "tui", "--db", db)
	shows(t, term, db, "[")
	return term
}

// TestScreensRemember: range, filter, basket, queries and screen are there
// again after a restart, each of its own database, and in a file that only its
// owner reads.
func TestScreensRemember(t *testing.T) {
	dir := twoDatabases(t)
	path := filepath.Join(dir, "state", "errscope", "screens.json")
	storeFile(t, path, `{"version":1,"history":["SELECT 41"],"saved":[{"name":"mine","sql":"SELECT 42"}],"subjects":null,"order":null}`)
	term := openDatabase(t, dir, "a.duckdb")
	types(t, term, "3")
	shows(t, term, "groups")
	types(t, term, "/carsxe\r")
	shows(t, term, "filter: carsxe")
	types(t, term, "t2026-11-10..2026-11-20\r")
	shows(t, term, "2026-11-10 00:00 to 2026-11-20 00:00")
	types(t, term, " ")
	shows(t, term, "basket 1")
	types(t, term, "7")
	shows(t, term, "[7 SQL]")
	types(t, term, "\x1b[200~SELECT 43 AS answer\x1b[201~\x1b\r")
	shows(t, term, "answer", "1 row")
	types(t, term, "\x1b")
	shows(t, term, "q quit")
	types(t, term, "3")
	shows(t, term, "filter: carsxe")
	types(t, term, "q") // at once: nothing waits to be written
	leavesClean(t, term, 0)

	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != stateMode {
		t.Errorf("%s has mode %o", path, mode)
	}
	var kept stateFile
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	if len(kept.History) != 2 || kept.History[0] != "SELECT 41" || !strings.Contains(kept.History[1], "SELECT 43 AS answer") || len(kept.Saved) != 1 || kept.Saved[0] != (tui.SavedQuery{Name: "mine", SQL: "SELECT 42"}) {
		t.Errorf("the queries are now %q and %v", kept.History, kept.Saved)
	}

	term = openDatabase(t, dir, "a.duckdb")
	shows(t, term, "[3 Failures]", "filter: carsxe", "basket 1", "2026-11-10 00:00 to 2026-11-20 00:00")
	types(t, term, "q")
	leavesClean(t, term, 0)

	term = openDatabase(t, dir, "b.duckdb")
	shows(t, term, "[1 Overview]", "carsxe", "2026-11-13")
	types(t, term, "3")
	shows(t, term, "[3 Failures]", "groups")
	if text := term.Text(); strings.Contains(text, "filter: carsxe") || strings.Contains(text, "basket 1") {
		t.Errorf("one database knows of the other:\n%s", text)
	}
	types(t, term, "q")
	leavesClean(t, term, 0)
}

// storeFile writes a file and the folders above it.
func storeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestNothingCanBeRemembered opens the screens where no state can be written or
// read: a note says so once something was to be kept, and what is there is left
// alone.
func TestNothingCanBeRemembered(t *testing.T) {
	dir := twoDatabases(t)
	for name, c := range map[string]struct {
		text string // of screens.json; "" is a file where the folder should be
		size int64
	}{
		"no folder":     {},
		"broken":        {text: `{"version":1,"subjects":{"/x":`},
		"another kind":  {text: `[1,2,3]`},
		"later version": {text: `{"version":99}`},
		"huge":          {text: " ", size: stateBytesMax + 1},
		"binary":        {text: "\x00\xff\x1b[2J"},
	} {
		t.Run(name, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), "home")
			path := filepath.Join(home, "errscope", "screens.json")
			if c.text == "" {
				path = home // as a folder that cannot be written: it is none
				storeFile(t, path, "no folder")
			} else {
				storeFile(t, path, c.text)
			}
			if c.size > 0 {
				if err := os.Truncate(path, c.size); err != nil {
					t.Fatal(err)
				}
			}
			before, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			term := openDatabase(t, dir, "a.duckdb", "XDG_STATE_HOME="+home)
			shows(t, term, "[1 Overview]", "carsxe")
			types(t, term, "3")
			shows(t, term, "[3 Failures]", "what you do here is not kept")
			types(t, term, "1")
			shows(t, term, "[1 Overview]", "carsxe")
			types(t, term, "q")
			leavesClean(t, term, 0)
			after, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
				t.Error("the file was written")
			}
		})
	}
}

// FuzzState reads any file as what the screens remember.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"version":1,"order":["/a"],"subjects":{"/a":{"screen":"3","since":"2026-11-10T00:00:00Z","filter":{"3":"x"},"basket":[{}]}}}`))
	f.Add([]byte(`{"version":1,"subjects":{"/a":{"screen":"99","since":"0001-01-01T00:00:00Z","until":"9999-12-31T00:00:00Z"}},"theme":"x","glyphs":"y"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "screens.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s := screenState{path: path, key: "/a"}
		m := tui.New(nil, tui.Options{State: s.load(), Environ: []string{"TERM=xterm"}, Now: func() time.Time { return time.Unix(0, 0) }})
		m.View()
		if err := s.keep(tui.State{Screen: "3"}); err != nil {
			return
		}
		if got := s.load().Screen; got != "3" {
			t.Errorf("kept 3, found %q", got)
		}
	})
}
