package tui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// TestKeysRoundTrip: the palette presses the keys that bindings name.
func TestKeysRoundTrip(t *testing.T) {
	v := reflect.ValueOf(newKeymap())
	check := func(b key.Binding) {
		for _, name := range b.Keys() {
			if got := pressOf(name).String(); got != name {
				t.Errorf("the key %q reads as %q", name, got)
			}
		}
	}
	for i := range v.NumField() {
		switch b := v.Field(i).Interface().(type) {
		case key.Binding:
			check(b)
		case [tabCount]key.Binding:
			for _, one := range b {
				check(one)
			}
		}
	}
}

// TestRange chooses ranges in every way and finds the way back.
func TestRange(t *testing.T) {
	d := opened(t, newFake(), 120, 36)
	d.keys("t").sees("Time range", "last 24 hours")
	d.keys("2", "enter").sees("2026-11-20 15:00 to 16:00 UTC")
	d.keys("[").sees("2026-11-20 14:30 to 15:30 UTC")
	d.keys("]", "]").sees("2026-11-20 15:30 to 16:30 UTC")
	d.keys("t").text("14:00..15:30").keys("enter").sees("2026-11-20 14:00 to 15:30 UTC")
	d.keys("t").text("nonsense").keys("enter").sees("is no time", "2026-11-20 14:00 to 15:30 UTC")
	d.keys("esc").sees("By vendor")
	d.keys("Z").sees("2026-11-20 15:30 to 16:30 UTC")
	for range 4 {
		d.keys("Z")
	}
	d.sees("2026-11-19 16:00 to 2026-11-20 16:00 UTC")
	d.keys("Z").sees("this is the first range")
	d.keys("3", "j", "z").sees("range of VEHICLE_STATE:ASLEEP", "2026-11-20 14:00 to 15:59 UTC")
}

func TestParseRange(t *testing.T) {
	end := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	for _, c := range []struct{ text, want string }{
		{"2h", "2026-11-20 14:00:00..2026-11-20 16:00:00"},
		{"1w", "2026-11-13 16:00:00..2026-11-20 16:00:00"},
		{"90s", "2026-11-20 15:58:30..2026-11-20 16:00:00"},
		{"14:00..15:30", "2026-11-20 14:00:00..2026-11-20 15:30:00"},
		{"14:00 to 15:30:10", "2026-11-20 14:00:00..2026-11-20 15:30:10"},
		{"2026-11-19", "2026-11-19 00:00:00..2026-11-20 00:00:00"},
		{"2026-11-19 23:00..01:00", "error"},
		{"2026-11-19 22:00..23:00", "2026-11-19 22:00:00..2026-11-19 23:00:00"},
		{"2026-11-19T22:00:01Z..", "2026-11-19 22:00:01..-"},
		{"..14:00", "-..2026-11-20 14:00:00"},
		{"yesterday", "2026-11-19 00:00:00..2026-11-20 00:00:00"},
		{"all", "-..-"}, {"", "error"}, {"..", "error"}, {"soon", "error"}, {"-2h", "error"}, {"15:30..14:00", "error"},
	} {
		r, err := parseRange(c.text, end)
		word := func(t time.Time) string {
			if t.IsZero() {
				return "-"
			}
			return t.Format("2006-01-02 15:04:05")
		}
		got := word(r.from) + ".." + word(r.to)
		if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}

func FuzzParseRange(f *testing.F) {
	f.Add("14:00..15:30")
	f.Add("2h")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRange(text, fakeEnd)
		if err == nil && !r.from.IsZero() && !r.to.IsZero() && !r.from.Before(r.to) {
			t.Errorf("%q is an empty range", text)
		}
	})
}

// TestPalette finds a command by a part of its name, shows its key and twin,
// and does it on the screen below.
func TestPalette(t *testing.T) {
	d := opened(t, newFake(), 160, 36)
	d.m.app.o.Database = "my data.duckdb"
	d.keys("3", "j", ":").sees("copy summary", "errscope report failures --db 'my data.duckdb'")
	d.text("sumry").keys("enter")
	d.sees("copied summary of smartcar VEHICLE_STATE:ASLEEP")
	d.keys(":").text("outag").keys("enter").keys(":").text("light").keys("enter").sees("light theme")
	if d.m.app.dark {
		t.Error("the theme is dark")
	}
	d.keys(":").text("zzzz").sees("No command is called that").keys("esc")
	d.seesNot("No command")
	for r := rune(' '); r < 0x7f; r++ {
		if d.keys(":").keys(string(r)).keys("esc"); d.quit || d.m.app.over != nil {
			t.Fatalf("the letter %q did something else than be typed", r)
		}
	}
}

// TestBasket puts a group in and out, keeps it, and finds it again.
func TestBasket(t *testing.T) {
	var kept State
	d := drive(t, newFake(), Options{Theme: "dark", Keep: func(s State) error { kept = s; return nil }})
	d.size(120, 36)
	d.run(d.m.Init())
	d.keys("space").sees("nothing here goes into the basket")
	d.keys("3", "j", "space").sees("in the basket: smartcar VEHICLE_STATE:ASLEEP", "basket 1", "> ✓ smartcar")
	d.keys("j", "space").sees("basket 2")
	d.keys("t", "2", "enter", "/").text("smartcar").keys("enter")
	d.late()
	again := drive(t, newFake(), Options{Theme: "dark", State: kept})
	again.size(120, 36)
	again.run(again.m.Init())
	again.sees("[3 Failures]", "basket 2", "filter: smartcar", "15:00 to 16:00", "✓ smartcar")
	d.keys("space").sees("taken out of the basket", "basket 1")
}

// late lets every timer that runs come to its end, once.
func (d *driver) late() {
	timers := d.timers
	d.timers = nil
	for _, m := range timers {
		d.send(m)
	}
}

// TestNothingKept works where nothing can be written, and says so once.
func TestNothingKept(t *testing.T) {
	d := drive(t, newFake(), Options{Theme: "dark", Keep: func(State) error { return errors.New("read-only file system") }})
	d.size(120, 36)
	d.run(d.m.Init())
	d.keys("3")
	d.late()
	d.sees("what you do here is not kept: read-only file system")
	d.late()
	d.keys("1")
	d.late()
	d.seesNot("is not kept").sees("By vendor")
}

// TestSQLBehind shows the questions with the range filled in.
func TestSQLBehind(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "t", "2", "enter", "ctrl+s")
	d.sees("SQL behind Failures", "TIMESTAMP '2026-11-20 15:00:00")
	d.keys("y")
	if !strings.Contains(d.copied, "FROM") {
		t.Errorf("copied %q", d.copied)
	}
	if d.keys("q"); d.m.app.over != nil || d.quit {
		t.Error("q does not close the text")
	}
}

// TestExport asks before it replaces a file, and says what went wrong.
func TestExport(t *testing.T) {
	var got []Export
	there := map[string]bool{"old.csv": true}
	d := drive(t, newFake(), Options{Theme: "dark", Export: func(_ context.Context, e Export) error {
		if there[e.Path] && !e.Replace {
			return fmt.Errorf("writing %s: %w", e.Path, fs.ErrExist)
		}
		got = append(got, e)
		return nil
	}})
	d.size(120, 36)
	d.run(d.m.Init())
	name := func(s string) {
		for range len("failures.csv") + 4 {
			d.keys("backspace")
		}
		d.text(s).keys("enter")
	}
	d.keys("3", "e").sees("failures.csv")
	name("a.xyz")
	d.sees("the ending names the format")
	name("old.csv")
	if d.sees("this file exists; enter replaces it"); len(got) != 0 {
		t.Fatal("the file was replaced unasked")
	}
	d.keys("enter").sees("written: old.csv")
	if len(got) != 1 || got[0].Report != "failures" || !got[0].Replace {
		t.Errorf("exported %+v", got)
	}
	d.keys("e")
	name("new.json")
	if d.sees("written: new.json"); len(got) != 2 || got[1].Replace {
		t.Errorf("exported %+v", got)
	}
	// What no report tells is asked for as the screen asks for it.
	d.keys("4", "tab", "e").sees("rate_pressure.csv", ".parquet").keys("enter").sees("written: rate_pressure.csv")
	if got[2].Report != "" || !strings.Contains(got[2].SQL, "FROM") || strings.Contains(got[2].SQL, "$") {
		t.Errorf("exported %+v", got[2])
	}
	d.keys(":").text("command line").sees("errscope sql 'WITH")
}

// TestLive pauses, counts what comes meanwhile, and catches up.
func TestLive(t *testing.T) {
	src := newFake()
	src.version.Store(1)
	d := opened(t, src, 120, 36)
	d.sees("● live")
	d.keys("L").sees("‖ paused")
	for range 3 {
		src.version.Add(1)
		d.late() // the poll is due
		d.late()
	}
	d.sees("‖ paused +3")
	src.overview.Totals.Requests = 7777777
	d.keys("L").sees("7 777 777 requests", "● live")
}

// TestAnswersAreRemembered: going back, and forth again, asks nothing.
func TestAnswersAreRemembered(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("3", "j", "enter", "esc")
	asked := src.asked.Load()
	if d.keys("enter", "esc", "1", "3", "enter"); src.asked.Load() != asked {
		t.Errorf("%d more questions were asked", src.asked.Load()-asked)
	}
	d.keys("esc", "t", "down", "down", "enter")
	if src.asked.Load() == asked {
		t.Error("another range was not asked for")
	}
	if d.keys("r"); src.asked.Load() != asked+2 {
		t.Error("r does not ask")
	}
}

func TestMemory(t *testing.T) {
	var m memory
	for i := range memoryMax + 10 {
		m.put(memoryKey{name: fmt.Sprint(i)}, i)
		m.get(memoryKey{name: "5"})
	}
	if v, ok := m.get(memoryKey{name: "5"}); !ok || v != 5 {
		t.Error("what is used is forgotten")
	}
	if _, ok := m.get(memoryKey{name: "6"}); ok || len(m.byKey) != memoryMax || len(m.order) != memoryMax {
		t.Errorf("%d answers are remembered in an order of %d", len(m.byKey), len(m.order))
	}
	m.put(memoryKey{scope: queries.Scope{Vendor: "x"}}, 1)
	if len(m.byKey) != memoryMax {
		t.Error("a question without a name is remembered")
	}
}

// TestSuspend: ctrl+z goes to the shell from everywhere.
func TestSuspend(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "/")
	d.hold = true
	d.keys("ctrl+z")
	if len(d.held) != 1 {
		t.Fatalf("%d commands", len(d.held))
	}
	if _, ok := d.held[0]().(tea.SuspendMsg); !ok {
		t.Error("ctrl+z does not suspend")
	}
}
