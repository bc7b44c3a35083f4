package tui

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// fuzzKeys are every key that a binding names, every letter, and some that
// nothing is bound to.
func fuzzKeys() []string {
	keys := []string{"left", "backspace", "delete", "x", "!", `"`, "世", "f1", "alt+x", "ctrl+k"}
	v := reflect.ValueOf(newKeymap())
	for i := range v.NumField() {
		switch b := v.Field(i).Interface().(type) {
		case key.Binding:
			keys = append(keys, b.Keys()...)
		case [tabCount]key.Binding:
			for _, one := range b {
				keys = append(keys, one.Keys()...)
			}
		}
	}
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(k string) bool { return k == "ctrl+z" })
}

// fuzzSteps is how much is done in one round.
const fuzzSteps = 48

// FuzzKeys presses any keys at any size over any rows, with the mouse, with
// news from an ingest, and with time passing: whatever is drawn fits and is
// harmless, and nothing panics.
func FuzzKeys(f *testing.F) {
	f.Add(uint64(1), "\x07\x13\x0b\x01", hostile[0])
	f.Add(uint64(7), "\x01\x0a\x0b\x0c\x0d\x0e\x0f", hostile[4])
	f.Add(uint64(9), "\x10\x1f\x07\x07\x08\x08", hostile[6])
	f.Add(uint64(11), strings.Repeat("\x02\x12\x22\x32\x42\x52\x62\x72", 6), hostile[9])
	f.Add(uint64(12), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV", "漢")
	keys := fuzzKeys()
	f.Fuzz(func(t *testing.T, seed uint64, steps, text string) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		texts := append([]string{text}, hostile...)
		src := hostileSource(func(int) string { return texts[rnd.IntN(len(texts))] })
		src.groups = src.groups[:rnd.IntN(len(src.groups)+1)]
		d := drive(t, src, Options{Theme: "dark", Title: text, Glyphs: []string{"ascii", "blocks", "braille"}[rnd.IntN(3)]})
		d.size(1+rnd.IntN(200), 1+rnd.IntN(60))
		d.run(d.m.Init())
		for i := range min(len(steps), fuzzSteps) {
			switch k := int(steps[i]); k % 16 {
			case 7, 15:
				d.size(rnd.IntN(220), rnd.IntN(70))
			case 6:
				d.send(tea.MouseClickMsg{X: rnd.IntN(220), Y: rnd.IntN(70), Button: tea.MouseLeft})
			case 14:
				d.send(tea.MouseWheelMsg{X: rnd.IntN(220), Y: rnd.IntN(70), Button: tea.MouseWheelDown})
			case 5:
				src.groups = append([]queries.FailureGroup(nil), src.groups[:rnd.IntN(len(src.groups)+1)]...)
				d.send(feedMsg{Event: Event{DataVersion: int64(i), Note: text, Records: int64(k)}})
			case 13:
				d.late()
			case 4:
				d.send(tea.PasteMsg{Content: text})
			case 12:
				d.text(text[:min(len(text), 12)])
			default:
				d.keys(keys[(k+rnd.IntN(len(keys)))%len(keys)])
			}
			if d.m.app.width > 0 && d.m.app.height > 0 {
				harmless(t, d.m)
			}
		}
	})
}

// textFields are the places where text is typed, by the keys that lead there.
var textFields = map[string][]string{
	"filter of failures": {"3", "/"},
	"filter in a group":  {"1", "enter", "/"},
	"filter of vendors":  {"2", "/"},
	"filter of quotas":   {"4", "/"},
	"what if":            {"4", "w"},
	"filter of outages":  {"5", "/"},
	"SQL":                {"7"},
	"palette":            {":"},
	"range":              {"t"},
	"file name":          {"3", "e"},
}

// TestLettersAreTyped types every printable letter into every text field: none
// of them does anything else than stand there.
func TestLettersAreTyped(t *testing.T) {
	for name, way := range textFields {
		t.Run(name, func(t *testing.T) {
			open := func() *driver {
				d := drive(t, newFake(), Options{Theme: "dark", Export: func(context.Context, Export) error { return nil }})
				d.size(120, 36)
				d.run(d.m.Init())
				return d.keys(way...)
			}
			for r := rune('!'); r < 0x7f; r++ {
				d := open()
				tab, depth, over := d.m.app.tab, len(d.m.app.stacks[d.m.app.tab]), d.m.app.over
				d.keys("Q", string(r), "Q")
				if want := fmt.Sprintf("Q%cQ", r); !strings.Contains(d.screen(), want) {
					t.Fatalf("%q is not in the field:\n%s", want, d.screen())
				}
				if d.quit || d.m.app.tab != tab || len(d.m.app.stacks[tab]) != depth || d.m.app.over != over {
					t.Fatalf("%q did something else than be typed:\n%s", r, d.screen())
				}
			}
		})
	}
}

// TestResizeUnderOverlays makes the terminal any size while something stands
// above the screens; it is still there afterwards.
func TestResizeUnderOverlays(t *testing.T) {
	for name, way := range map[string][]string{
		"help": {"3", "?"}, "palette": {"3", ":", "c"}, "range": {"t", "down"}, "SQL": {"3", "ctrl+s"}, "filter": {"3", "/", "c"},
	} {
		t.Run(name, func(t *testing.T) {
			d := opened(t, newFake(), 120, 36).keys(way...)
			before := d.screen()
			for _, size := range [][2]int{{1, 1}, {0, 0}, {60, 12}, {200, 60}, {59, 60}, {200, 11}, {61, 13}, {80, 24}} {
				d.size(size[0], size[1])
				if size[0] > 0 {
					harmless(t, d.m)
				}
				d.keys("down", "up")
			}
			d.size(120, 36)
			if after := d.screen(); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// TestRefreshesAreFew: however often the data changes, the screens look at it
// at most four times a second.
func TestRefreshesAreFew(t *testing.T) {
	src := newFake()
	now := fakeNow()
	d := drive(t, src, Options{Theme: "dark", Now: func() time.Time { return now }})
	d.size(120, 36)
	d.run(d.m.Init())
	var waits []time.Duration
	d.m.app.after = func(wait time.Duration, msg tea.Msg) tea.Cmd {
		if _, ok := msg.(refreshMsg); ok {
			waits = append(waits, wait)
			d.timers = append(d.timers, msg)
		}
		return nil
	}
	asked := src.asked.Load()
	for version := range int64(1000) { // one change each 10 ms, for ten seconds
		now = now.Add(10 * time.Millisecond)
		d.send(feedMsg{Event: Event{DataVersion: version + 1}})
		if version%25 == 24 { // the longest wait is over
			d.late()
		}
	}
	if got := src.asked.Load() - asked; got > 41 || got < 20 {
		t.Errorf("asked %d times in ten seconds", got)
	}
	for _, w := range waits[1:] {
		if w > refreshEvery {
			t.Errorf("waits %s", w)
		}
	}
}
