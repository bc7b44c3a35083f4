package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	_ "github.com/charmbracelet/x/exp/golden" // brings the -update flag

	"github.com/errscope/errscope/store"
	"github.com/errscope/errscope/tui"
)

// demoNow is when the screens on the demonstration are looked at: soon after its
// last line.
var demoNow = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// demoScenes are the seven screens, and one exchange, by the keys that lead there.
var demoScenes = []struct {
	name string
	keys []string
}{
	{"1-overview", nil},
	{"2-vendors", []string{"2"}},
	{"3-failures", []string{"3"}},
	{"3-detail", []string{"3", "enter"}},
	{"4-quota", []string{"4"}},
	{"5-outages", []string{"5"}},
	{"6-evidence", []string{"6", "space"}},
	{"7-sql", []string{"7", "SELECT vendor, code, count(*) AS n FROM failures GROUP BY ALL ORDER BY n DESC, vendor, code LIMIT 12", "alt+enter"}},
}

// TestDemoFrames ingests the demonstration into a real database and compares
// every screen on it, at every size, with the frame that a person has looked at.
func TestDemoFrames(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "screens"))
	if err != nil {
		t.Fatal(err)
	}
	source, bundle := demoSource(t)
	for _, size := range [...][2]int{{200, 50}, {120, 36}, {80, 24}, {60, 12}, {40, 10}} {
		for _, scene := range demoScenes {
			name := fmt.Sprintf("%s-%dx%d", scene.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				s := &showing{t: t, width: size[0], height: size[1]}
				s.open(source, tui.Options{Title: "demo", Evidence: bundle})
				for _, k := range scene.keys {
					s.press(k)
				}
				for _, msg := range s.later {
					s.send(msg) // notes have gone
				}
				if size[0] < 60 { // one sentence, the same everywhere
					name = "too-small-40x10"
				}
				s.compare(filepath.Join(golden, name+".txt"))
			})
		}
	}
}

// demoSource is the demonstration as the screens ask for it. The salt is fixed,
// since accounts are shown by their fingerprints.
func demoSource(t *testing.T) (source, func(context.Context, tui.EvidenceAsk) (tui.EvidencePreview, error)) {
	t.Helper()
	ctx, quiet := t.Context(), terminal{out: io.Discard, err: io.Discard}
	database := filepath.Join(t.TempDir(), "demo.duckdb")
	if err := os.WriteFile(database+".salt", []byte(strings.Repeat("0123456789abcdef", 4)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir("../../testdata") // so that the sources' names are the same everywhere
	if code := run(ctx, []string{"ingest", "--db", database, "demo"}, quiet); code != exitDone {
		t.Fatalf("ingest ended with %d", code)
	}
	a := &app{terminal: quiet}
	rules, err := a.loadRules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, database, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	src := a.screenSource(rules)
	src.DB = db
	return src, a.evidenceOf(src.Evidence)
}

// showing plays Bubble Tea, one message after the other and without a clock: what
// a command gives is there before the next key.
type showing struct {
	t             *testing.T
	model         tea.Model
	width, height int
	later         []tea.Msg // what a clock would bring
}

func (s *showing) open(src tui.Source, o tui.Options) {
	o.Theme, o.Environ = "dark", []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	o.Now = func() time.Time { return demoNow }
	o.After = func(_ time.Duration, msg tea.Msg) tea.Cmd {
		s.later = append(s.later, msg)
		return nil
	}
	s.model = tui.New(src, o)
	s.send(tea.WindowSizeMsg{Width: s.width, Height: s.height})
	s.run(s.model.Init())
}

func (s *showing) send(msg tea.Msg) {
	next, cmd := s.model.Update(msg)
	s.model = next
	s.run(cmd)
}

func (s *showing) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	default:
		s.send(msg)
	}
}

// press presses a key by its name; another text is pasted.
func (s *showing) press(key string) {
	named := map[string]tea.KeyPressMsg{"enter": {Code: tea.KeyEnter}, "alt+enter": {Code: tea.KeyEnter, Mod: tea.ModAlt}, "space": {Code: tea.KeySpace, Text: " "}}
	switch k, ok := named[key]; {
	case ok:
		s.send(k)
	case len(key) == 1:
		s.send(tea.KeyPressMsg{Code: rune(key[0]), Text: key})
	default:
		s.send(tea.PasteMsg{Content: key})
	}
}

// frame is what a terminal of the size shows.
func (s *showing) frame() string {
	buf := uv.NewScreenBuffer(s.width, s.height)
	uv.NewStyledString(s.model.(tui.Model).View().Content).Draw(buf, buf.Bounds())
	var b strings.Builder
	for y := range s.height {
		line := ""
		for x := range s.width {
			if c := buf.CellAt(x, y); c == nil {
				line += " "
			} else if c.Width > 0 {
				line += c.Content
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// compare compares with a golden file, or writes it with -update.
func (s *showing) compare(path string) {
	s.t.Helper()
	got := s.frame()
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatalf("%v (go test ./cmd/errscope -run DemoFrames -update writes it)", err)
	}
	if string(want) != got {
		s.t.Errorf("%s differs (-update writes it anew; read the diff)\n--- want\n%s\n--- got\n%s", filepath.Base(path), want, got)
	}
}
