package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestSQLEditor edits as people are used to.
func TestSQLEditor(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(d *driver)
		want string
	}{
		{"newline keeps the indent", func(d *driver) { d.text("  a").keys("enter").text("b") }, "  a\n  b"},
		{"join lines", func(d *driver) { d.text("a").keys("enter").text("b").keys("left", "backspace") }, "ab"},
		{"delete forward", func(d *driver) { d.text("a").keys("enter").text("b").keys("up", "end", "delete") }, "ab"},
		{"words", func(d *driver) { d.text("one two three").keys("alt+left", "alt+left").text("x").keys("ctrl+w") }, "one two three"},
		{"word back", func(d *driver) { d.text("one two").keys("ctrl+w", "ctrl+w").text("n") }, "n"},
		{"kill", func(d *driver) { d.text("one two").keys("home", "alt+right", "ctrl+k") }, "one"},
		{"kill back", func(d *driver) { d.text("one two").keys("alt+left", "ctrl+u") }, "two"},
		{"columns are kept", func(d *driver) {
			d.text("abc").keys("enter").text("a").keys("enter").text("abc").keys("up", "up").text("!")
		}, "abc!\na\nabc"},
		{"take back", func(d *driver) { d.text("one").keys("ctrl+w", "ctrl+_") }, "one"},
		{"take all back", func(d *driver) { d.text("one").keys("enter", "ctrl+_", "ctrl+_") }, ""},
		{"paste", func(d *driver) { d.text("(").send(tea.PasteMsg{Content: "a\r\n\tb\x1b[31m\n"}); d.text(")") }, "(a\n  b[31m\n)"},
		{"indent", func(d *driver) { d.keys("tab").text("a") }, "  a"},
	} {
		d := opened(t, newFake(), 120, 36).keys("7", "x", "backspace")
		c.do(d)
		if got := sqlOf(d).edit.text(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	d := opened(t, newFake(), 120, 36).keys("7")
	d.send(tea.PasteMsg{Content: strings.Repeat("SELECT 1;\n", 20_000)})
	if d.sees("the editor is full"); sqlOf(d).edit.runes() != editorRunesMax {
		t.Errorf("the editor holds %d runes", sqlOf(d).edit.runes())
	}
}

// TestSQLCompletes puts in tables, columns and keywords.
func TestSQLCompletes(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"sel", "select"}, {"SEL", "SELECT"}, {"FROM fail", "FROM failures"}, {"FROM failures f SELECT f.dur", "FROM failures f SELECT f.duration_ms"},
		{"FROM outage_windows SELECT peak", "FROM outage_windows SELECT peak_ratio"}, {"FROM failures WHERE ts > $si", "FROM failures WHERE ts > $since"},
		{"FROM quota_status SELECT quota_status.u", "FROM quota_status SELECT quota_status.used"}, {"SELECT zzz", "SELECT zzz"},
	} {
		d := opened(t, newFake(), 120, 36).keys("7").text(c.typed).keys("tab")
		if got := sqlOf(d).edit.text(); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.typed, got, c.want)
		}
	}
	d := opened(t, newFake(), 120, 36).keys("7").text("FROM failures SELECT re").keys("tab")
	d.sees("request_id  retry").keys("tab", "tab").sees("retry_after_s")
	after := func(want string) {
		t.Helper()
		if got := sqlOf(d).edit.text(); got != "FROM failures SELECT "+want {
			t.Errorf("%q", got)
		}
	}
	after("retry_after_s")
	d.keys("shift+tab", "shift+tab")
	after("request_id")
	d.text(",")
	after("request_id,")
	d.seesNot("request_id  retry")
	d.keys("ctrl+t").text("peak").sees("peak_ratio", "0 to 1", "outage_windows").keys("down", "enter")
	after("request_id,peak_ratio")
}

// TestSQLHistory keeps what was run, the newest last and none twice, and finds
// it again, also in the next run of the program.
func TestSQLHistory(t *testing.T) {
	var kept State
	d := drive(t, newFake(), Options{Theme: "dark", Keep: func(s State) error { kept = s; return nil }})
	d.size(120, 36)
	d.run(d.m.Init())
	d.keys("7")
	for _, sql := range []string{"SELECT 1", "SELECT 2", "SELECT 1"} {
		d.text(sql).keys("alt+enter", "ctrl+u")
	}
	d.late()
	if fmt.Sprint(kept.History) != "[SELECT 2 SELECT 1]" {
		t.Errorf("kept %q", kept.History)
	}
	again := drive(t, newFake(), Options{Theme: "dark", State: State{History: kept.History}})
	again.size(120, 36)
	again.run(again.m.Init())
	again.keys("7").text("mine").keys("ctrl+r").sees("History", "SELECT 1", "2 of 2").text("t 2").sees("1 of 2").keys("enter")
	if got := sqlOf(again).edit.text(); got != "SELECT 2" {
		t.Errorf("the editor holds %q", got)
	}
	again.keys("ctrl+r").sees("mine") // what was typed and never run is not lost
}

// TestSQLDraft keeps what was typed and not run, in its last form.
func TestSQLDraft(t *testing.T) {
	var kept State
	d := drive(t, newFake(), Options{Theme: "dark", Keep: func(s State) error { kept = s; return nil }})
	d.size(120, 36)
	d.run(d.m.Init())
	d.keys("7").text("SELECT 1").keys("alt+enter").text("2").keys("esc", "tab").text("3").keys("esc")
	d.late()
	if fmt.Sprint(kept.History) != "[SELECT 1 SELECT 123]" {
		t.Errorf("kept %q", kept.History)
	}
	d.keys("tab", "alt+enter").text("4").keys("shift+tab")
	d.late()
	if fmt.Sprint(kept.History) != "[SELECT 1 SELECT 123 SELECT 1234]" {
		t.Errorf("kept %q", kept.History)
	}
}

// TestSQLSaved saves under a name, asks before it replaces or deletes.
func TestSQLSaved(t *testing.T) {
	var kept State
	d := drive(t, newFake(), Options{Theme: "dark", Keep: func(s State) error { kept = s; return nil }})
	d.size(120, 36)
	d.run(d.m.Init())
	d.keys("7", "alt+s").sees("there is no SQL to save")
	d.text("SELECT 1").keys("alt+s").text("one").keys("enter").sees("saved: one")
	d.text("2").keys("alt+s").text("one").keys("enter").sees("this name is taken")
	if d.late(); kept.Saved[0].SQL != "SELECT 1" {
		t.Error("it was replaced unasked")
	}
	d.keys("enter").sees("saved: one").keys("ctrl+u", "ctrl+o").sees("Saved SQL", "SELECT 12").keys("enter").sees("SELECT 12")
	d.keys("ctrl+o", "delete").sees("delete one?").keys("delete").sees("deleted: one", "Nothing was saved yet")
	d.m.app.o.Reports = []SavedQuery{{Name: "mine", SQL: "SELECT 'own'"}}
	d.keys("esc", "ctrl+o").sees("report mine").keys("delete").sees("a file of --reports").keys("enter").sees("SELECT 'own'")
	if d.late(); len(kept.Saved) != 0 {
		t.Errorf("kept %v", kept.Saved)
	}
}

// TestSQLWordsStayInSight: the word that Tab has put in is among those shown.
func TestSQLWordsStayInSight(t *testing.T) {
	d := opened(t, newFake(), 80, 24).keys("7").text("FROM failures SELECT r")
	for range 12 {
		d.keys("tab")
		s := sqlOf(d)
		if line := strings.Split(d.screen(), "\n")[2]; !strings.Contains(line, s.words.words[max(0, s.words.at)]) {
			t.Fatalf("%q is not in %q", s.words.words[s.words.at], line)
		}
	}
}
