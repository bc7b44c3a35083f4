package tui

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// scene is a state in which a screen is looked at.
type scene struct {
	name string
	play func(t testing.TB, w, h int) *driver
}

// scenes are all of them.
var scenes = append([]scene{
	{"overview", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h) }},
	{"overview-todo", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("tab", "j") }},
	{"failures", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j") }},
	{"failures-filter", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("3", "/").text("carsxe !429")
	}},
	{"failures-nothing", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("3", "/").text("nowhere").keys("enter")
	}},
	{"failures-drilled", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("j", "enter") }},
	{"detail", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "j", "enter") }},
	{"overview-now", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("tab", "tab", "j") }},
	{"overview-bars", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("tab", "tab", "tab", "h") }},
	{"overview-full", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("tab", "f") }},
	{"overview-full-bars", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("tab", "tab", "f", "tab")
	}},
	{"overview-day", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("t", "4", "enter") }},
	{"rejects", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("R", "j") }},
	{"vendors", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("2", "j") }},
	{"vendors-full", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("2", "f") }},
	{"failures-bars", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "tab", "l") }},
	{"failures-full", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "f") }},
	{"failures-excluded", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "x", "x") }},
	{"exchanges", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "i", "j", "j") }},
	{"detail-near", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("3", "j", "enter", "tab", "k")
	}},
	{"detail-success", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("3", "j", "enter", "tab", "G", "enter")
	}},
	{"why", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "c") }},
	{"origin", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "j", "enter", "o") }},
	{"help", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "?") }},
	{"palette", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", ":").text("co") }},
	{"range", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("t", "down", "down") }},
	{"behind", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("3", "ctrl+s") }},
	{"export", func(t testing.TB, w, h int) *driver {
		d := opened(t, newFake(), w, h)
		d.m.app.o.Export = func(context.Context, Export) error { return nil }
		return d.keys("3", "e")
	}},
	{"basket", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("3", "space", "j", "space")
	}},
	{"evidence-proposed", func(t testing.TB, w, h int) *driver { d, _ := atEvidence(t, w, h); return d }},
	{"evidence", func(t testing.TB, w, h int) *driver {
		d, _ := atEvidence(t, w, h)
		return d.keys("space", "j", "space", "k")
	}},
	{"evidence-alone", func(t testing.TB, w, h int) *driver { d, _ := atEvidence(t, w, h); return d.keys("a", "f", "J") }},
	{"evidence-include", func(t testing.TB, w, h int) *driver {
		d, _ := atEvidence(t, w, h)
		return d.keys("space", "i", "space")
	}},
	{"sql", func(t testing.TB, w, h int) *driver { return askedSQL(t, newFake(), w, h) }},
	{"sql-empty", func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys("7") }},
	{"sql-answer", func(t testing.TB, w, h int) *driver {
		return askedSQL(t, newFake(), w, h).keys("esc", "j", "l", "l", "s")
	}},
	{"sql-error", func(t testing.TB, w, h int) *driver { return failedSQL(t, w, h) }},
	{"sql-chart", func(t testing.TB, w, h int) *driver { return askedSQL(t, newFake(), w, h).keys("f2") }},
	{"sql-words", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("7").text("FROM failures SELECT r").keys("tab", "tab")
	}},
	{"sql-cell", func(t testing.TB, w, h int) *driver {
		return askedSQL(t, newFake(), w, h).keys("esc", "l", "l", "l", "l", "l", "enter")
	}},
	{"sql-history", func(t testing.TB, w, h int) *driver { return askedSQL(t, newFake(), w, h).keys("ctrl+r") }},
	{"sql-tables", func(t testing.TB, w, h int) *driver {
		return opened(t, newFake(), w, h).keys("7", "ctrl+t").text("quota")
	}},
	{"sql-save", func(t testing.TB, w, h int) *driver {
		return askedSQL(t, newFake(), w, h).keys("alt+s").text("nightly failures")
	}},
	{"empty", func(t testing.TB, w, h int) *driver { return opened(t, &fake{}, w, h) }},
	{"error", func(t testing.TB, w, h int) *driver {
		return opened(t, &fake{err: errors.New("reading requests: IO Error: disk is gone")}, w, h)
	}},
	{"opening", func(t testing.TB, w, h int) *driver { return opened(t, nil, w, h) }},
	{"progress", func(t testing.TB, w, h int) *driver {
		d := opened(t, newFake(), w, h)
		d.m.app.o.Feed = make(chan Event)
		d.m.app.feed = progress{heard: true, begun: fakeNow().Add(-4e9), Event: Event{DoneBytes: 540e6, TotalBytes: 1200e6, Records: 2100000}}
		return d
	}},
}, standingScenes()...)

var sizes = [][2]int{{200, 50}, {120, 36}, {80, 24}, {60, 12}, {40, 10}}

// TestFrames compares every scene at every size with the frame that a person
// has looked at.
func TestFrames(t *testing.T) {
	for _, s := range scenes {
		for _, size := range sizes {
			if size[0] < widthMin && s.name != "overview" {
				continue // one sentence, the same everywhere
			}
			name := fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				golden(t, name, s.play(t, size[0], size[1]).screen())
			})
		}
	}
}

// TestColours compares the escape sequences of one screen for each profile on
// dark and light ground.
func TestColours(t *testing.T) {
	for name, p := range map[string]colorprofile.Profile{
		"truecolor": colorprofile.TrueColor, "256": colorprofile.ANSI256, "16": colorprofile.ANSI, "none": colorprofile.ASCII, "notty": colorprofile.NoTTY,
	} {
		for _, ground := range []string{"dark", "light"} {
			d := drive(t, newFake(), Options{Theme: ground})
			d.send(tea.ColorProfileMsg{Profile: p})
			d.size(80, 24)
			d.run(d.m.Init())
			got := strings.ReplaceAll(d.m.View().Content, "\x1b", "ESC")
			golden(t, "colours-"+name+"-"+ground, got+"\n")
			if p <= colorprofile.ASCII && regexp.MustCompile(`ESC\[[0-9;]*[34][0-9][0-9;]*m`).MatchString(got) {
				t.Errorf("%s %s has a colour", name, ground)
			}
		}
	}
}

// TestGlyphs draws one screen at each level of glyphs.
func TestGlyphs(t *testing.T) {
	for _, g := range []string{"ascii", "blocks", "braille"} {
		d := drive(t, newFake(), Options{Theme: "dark", Glyphs: g})
		d.size(80, 24)
		d.run(d.m.Init())
		for _, s := range []struct {
			name string
			keys []string
		}{{"overview", nil}, {"failures", []string{"3"}}, {"help", []string{"?"}}, {"filter", []string{"esc", "/", "v"}}, {"detail", []string{"enter", "enter"}}} {
			got := d.keys(s.keys...).screen()
			golden(t, "glyphs-"+g+"-"+s.name+"-80x24", got)
			if g == "ascii" && strings.ContainsFunc(got, func(r rune) bool { return r >= 0x80 }) {
				t.Errorf("the ASCII screen has other characters:\n%s", got)
			}
			if strings.ContainsRune(got, 0x2800) {
				t.Error("an empty braille cell is drawn as U+2800")
			}
		}
	}
}

func TestGlyphsOf(t *testing.T) {
	for _, c := range []struct {
		asked, want string
		env         []string
	}{
		{"", "blocks", []string{"TERM=xterm-256color", "LANG=en_GB.UTF-8"}},
		{"", "ascii", []string{"TERM=linux", "LANG=en_GB.UTF-8"}},
		{"auto", "ascii", []string{"TERM=dumb"}},
		{"", "ascii", []string{"TERM=vt100"}},
		{"", "ascii", []string{"TERM=xterm", "LANG=en_GB.UTF-8", "LC_ALL=C"}},
		{"", "ascii", []string{"TERM=xterm", "LANG=de_DE.ISO-8859-1"}},
		{"", "blocks", []string{"TERM=xterm", "LANG=C", "LC_CTYPE=C.utf8"}},
		{"braille", "braille", []string{"TERM=linux"}},
		{"ASCII", "ascii", []string{"TERM=xterm"}},
	} {
		got := [...]string{"ascii", "blocks", "braille"}[glyphsOf(c.asked, c.env)]
		if got != c.want {
			t.Errorf("glyphsOf(%q, %q) = %s, want %s", c.asked, c.env, got, c.want)
		}
	}
}

// TestFits draws every scene at many sizes, each border among them: no line may
// be wider and no frame taller than the terminal.
func TestFits(t *testing.T) {
	for n, s := range scenes {
		d := s.play(t, 120, 36)
		for w := 1; w <= 200; w += step(w, widthMin, 65, besideMin) {
			for h := 1 + (w+n)%3; h <= 60; h += step(h, heightMin, 20, 20) {
				d.size(w, h)
				fits(t, d.m, s.name)
			}
		}
	}
}

// step goes slowly from a first to a last size and past a border, and faster
// elsewhere.
func step(n, from, to, border int) int {
	if n >= from-1 && n < to || n >= border-2 && n < border+1 {
		return 1
	}
	return 5
}

func fits(t testing.TB, m Model, name string) {
	t.Helper()
	w, h := m.app.width, m.app.height
	lines := strings.Split(m.View().Content, "\n")
	if len(lines) > h {
		t.Fatalf("%s at %dx%d has %d lines", name, w, h, len(lines))
	}
	for _, l := range lines {
		if got := ansi.StringWidth(l); got > w {
			t.Fatalf("%s at %dx%d has a line of %d cells:\n%s", name, w, h, got, ansi.Strip(l))
		}
	}
}

func TestTooSmall(t *testing.T) {
	d := opened(t, newFake(), 40, 10)
	d.sees("60x12", "40x10", "q quits")
	for _, size := range [][2]int{{1, 1}, {0, 0}, {59, 50}, {200, 11}} {
		d.size(size[0], size[1])
		d.screen()
	}
	d.keys("j", "3")
	if d.keys("q"); !d.quit {
		t.Error("q does not quit a screen that is too small")
	}
}
