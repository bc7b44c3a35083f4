package tui

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// TestHostileSQL shows hostile answers, errors, names and texts, and no more.
func TestHostileSQL(t *testing.T) {
	for shift, text := range hostile {
		pick := func(n int) string { return hostile[(n+shift)%len(hostile)] }
		src := newFake()
		src.answer = &queries.Answer{}
		for i := range 30 {
			kind := []string{"VARCHAR", "ENUM('" + pick(i) + "')", "TIMESTAMP", "BIGINT"}[i%4]
			src.answer.Columns = append(src.answer.Columns, queries.AnswerColumn{Name: pick(i), Type: kind})
		}
		for range 20 {
			row := make([]any, 30)
			for i := range row {
				row[i] = []any{pick(i + 3), json.RawMessage(`["` + pick(i) + `"]`), nil, int64(i)}[i%4]
			}
			src.answer.Rows = append(src.answer.Rows, row)
		}
		src.columns = []queries.TableColumn{{Table: text, Column: pick(1), Type: pick(2)}, {Table: text, Column: pick(4), Type: "TIMESTAMP"}}
		d := opened(t, src, 70+shift, 30).keys("7")
		d.send(tea.PasteMsg{Content: "SELECT '" + text + "' AS x -- " + pick(5) + "\n" + pick(6)})
		harmless(t, d.m)
		for _, k := range []string{"home", "right", "right", "down", "end", "tab", "alt+enter", "esc", "j", "l", "l", "s", "enter", "esc", "y", "Y", "f2", "f2", "h", "enter", "G",
			"esc", "ctrl+t", "enter", "ctrl+r", "esc", "alt+s", "n", "enter", "ctrl+o", "delete", "esc", "esc", ":", "esc", "esc", "ctrl+s", "esc", "f", "f"} {
			d.keys(k)
			harmless(t, d.m)
		}
		src.sqlErr = errors.New("Parser Error: " + text + "\n\nLINE 1: SELECT " + text + "\n           ^")
		d.keys("r")
		harmless(t, d.m)
		if strings.ContainsFunc(d.copied, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }) {
			t.Errorf("control characters went into the clipboard: %q", d.copied)
		}
	}
}

var fuzzSQLKeys = []string{"a", "'", "-", "/", "*", "(", ";", "$", " ", "1", "世", ".", "enter", "backspace", "delete", "left", "right", "up", "down", "home", "end",
	"pgup", "pgdown", "alt+left", "alt+right", "ctrl+w", "alt+d", "ctrl+k", "ctrl+u", "ctrl+_", "tab", "shift+tab", "alt+enter", "esc", "ctrl+r", "ctrl+t", "ctrl+o",
	"alt+s", "f2", "f", "j", "l", "h", "s", "S", "y", "Y", "g", "G", "ctrl+x", "ctrl+home", "ctrl+end", "e", "ctrl+s", "r"}

// FuzzSQL presses any keys on the SQL screen over any text.
func FuzzSQL(f *testing.F) {
	f.Add(uint64(1), "\x00\x01\x02\x0c\x20\x21\x28\x2a", "SELECT 'a")
	f.Add(uint64(2), "\x1e\x1e\x1f\x21\x22\x0c\x21\x26", hostile[4])
	f.Add(uint64(3), "\x17\x19\x1a\x1b\x1c\x1d\x13\x14\x31\x32", "one\ntwo /* three\nfour */ five\n\n")
	f.Fuzz(func(t *testing.T, seed uint64, keys, text string) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		src := newFake()
		if seed%3 == 0 {
			src.sqlErr = errors.New("Parser Error: " + text + "\n\nLINE 1: " + text + "\n      ^")
		}
		d := drive(t, src, Options{Theme: "dark"})
		d.size(60+rnd.IntN(100), 12+rnd.IntN(40))
		d.run(d.m.Init())
		d.keys("7")
		d.send(tea.PasteMsg{Content: text})
		for i := range min(len(keys), 40) {
			switch k := int(keys[i]); {
			case k%16 == 15:
				d.size(1+rnd.IntN(200), 1+rnd.IntN(60))
			case k%32 == 14:
				d.send(tea.MouseClickMsg{X: rnd.IntN(200), Y: rnd.IntN(60), Button: tea.MouseLeft})
			default:
				d.keys(fuzzSQLKeys[k%len(fuzzSQLKeys)])
			}
			harmless(t, d.m)
			e := &sqlOf(d).edit
			if e.at.row >= len(e.lines) || e.at.col > len(e.lines[e.at.row]) || len(e.begins) != len(e.lines) || e.runes() > editorRunesMax {
				t.Fatalf("the cursor is at %v of %d lines", e.at, len(e.lines))
			}
		}
	})
}

func BenchmarkViewSQL(b *testing.B) {
	src := newFake()
	answer := fakeAnswer()
	rows := answer.Rows
	for len(answer.Rows) < queries.AnswerRowsMax {
		answer.Rows = append(answer.Rows, rows...)
	}
	src.answer = &answer
	d := askedSQL(b, src, 120, 36).keys("esc")
	b.ReportAllocs()
	for b.Loop() {
		_ = d.m.View()
	}
}

// BenchmarkSQLKey types into a long text.
func BenchmarkSQLKey(b *testing.B) {
	d := opened(b, newFake(), 120, 36).keys("7")
	d.send(tea.PasteMsg{Content: strings.Repeat("SELECT vendor, 'text' FROM failures -- comment\n", 200)})
	letter, erase := keyPress("c"), keyPress("backspace")
	b.ReportAllocs()
	for b.Loop() {
		d.m.Update(letter)
		_ = d.m.View()
		d.m.Update(erase)
	}
}

// BenchmarkSQLMeasure measures the largest answer.
func BenchmarkSQLMeasure(b *testing.B) {
	answer := queries.Answer{Columns: []queries.AnswerColumn{{Name: "n", Type: "BIGINT"}}, Rows: make10000()}
	for b.Loop() {
		newTable(answer, time.Second).sort(0, false)
	}
}
