package tui

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	_ "github.com/charmbracelet/x/exp/golden" // brings the -update flag

	"github.com/errscope/errscope/queries"
)

// driver plays Bubble Tea: it sends messages and runs the commands that come
// back, one after the other, without a clock.
type driver struct {
	t      testing.TB
	m      Model
	timers []tea.Msg // what would come later
	hold   bool      // keep commands instead of running them
	held   []tea.Cmd
	copied string
	quit   bool
}

var testEnv = []string{"TERM=xterm-256color", "LANG=C.UTF-8"}

func drive(t testing.TB, src Source, o Options) *driver {
	if o.Now == nil {
		o.Now = fakeNow
	}
	if o.Environ == nil {
		o.Environ = testEnv
	}
	if o.Title == "" {
		o.Title = "access.log"
	}
	d := &driver{t: t, m: New(src, o)}
	d.m.app.after = func(_ time.Duration, msg tea.Msg) tea.Cmd {
		d.timers = append(d.timers, msg)
		return nil
	}
	return d
}

func opened(t testing.TB, src Source, w, h int) *driver {
	d := drive(t, src, Options{Theme: "dark"})
	d.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	d.size(w, h)
	d.run(d.m.Init())
	return d
}

func (d *driver) size(w, h int) { d.send(tea.WindowSizeMsg{Width: w, Height: h}) }

func (d *driver) send(msg tea.Msg) {
	next, cmd := d.m.Update(msg)
	d.m = next.(Model)
	d.run(cmd)
}

func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if d.hold {
		d.held = append(d.held, cmd)
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.quit = true
	default:
		if strings.HasSuffix(fmt.Sprintf("%T", msg), "setClipboardMsg") {
			d.copied = fmt.Sprint(msg)
			return
		}
		d.send(msg)
	}
}

// keys sends keys by name; a single character is itself.
func (d *driver) keys(names ...string) *driver {
	for _, n := range names {
		d.send(keyPress(n))
	}
	return d
}

func (d *driver) text(s string) *driver {
	for _, r := range s {
		d.keys(string(r))
	}
	return d
}

func keyPress(name string) tea.KeyPressMsg {
	if name == " " {
		name = "space"
	}
	return pressOf(name)
}

// screen is the frame as a terminal of that size shows it.
func (d *driver) screen() string { return frameText(d.m) }

func frameText(m Model) string {
	w, h := m.app.width, m.app.height
	buf := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(m.View().Content).Draw(buf, buf.Bounds())
	var b strings.Builder
	for y := range h {
		var l strings.Builder
		for x := range w {
			if c := buf.CellAt(x, y); c == nil {
				l.WriteByte(' ')
			} else if c.Width > 0 {
				l.WriteString(c.Content)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

func (d *driver) sees(want ...string) *driver {
	d.t.Helper()
	got := d.screen()
	for _, w := range want {
		if !strings.Contains(got, w) {
			d.t.Fatalf("the screen does not show %q:\n%s", w, got)
		}
	}
	return d
}

func (d *driver) seesNot(not ...string) *driver {
	d.t.Helper()
	got := d.screen()
	for _, w := range not {
		if strings.Contains(got, w) {
			d.t.Fatalf("the screen shows %q:\n%s", w, got)
		}
	}
	return d
}

// cursorRow is the line under the cursor.
func (d *driver) cursorRow() string {
	for l := range strings.Lines(d.screen()) {
		if strings.HasPrefix(l, "> ") {
			return strings.TrimSpace(l[2:])
		}
	}
	return ""
}

// golden compares with a file below testdata/golden, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./tui -update writes it)", err)
	}
	if string(want) != got {
		t.Errorf("%s differs (go test ./tui -update, then read the diff)\n--- want\n%s\n--- got\n%s", name, want, got)
	}
}

// waiting is a Source that answers when its context ends, or when it is let.
type waiting struct {
	*fake
	let chan struct{}
}

func (w waiting) Overview(ctx context.Context, s queries.Scope) (queries.Overview, error) {
	select {
	case <-ctx.Done():
		return queries.Overview{}, ctx.Err()
	case <-w.let:
		return w.fake.Overview(ctx, s)
	}
}
