package tui

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// atEvidence opens screen 6 with a maker of bundles.
func atEvidence(t testing.TB, w, h int) (*driver, *bundler) {
	b := &bundler{}
	d := opened(t, newFake(), w, h)
	d.m.app.o.Evidence = b.bundle
	return d.keys("6"), b
}

// TestEvidenceProposes what belongs, and takes it one by one or all at once.
func TestEvidenceProposes(t *testing.T) {
	d, b := atEvidence(t, 120, 36)
	d.sees("the basket is empty", "Proposed", "vision outage 11-20 15:22", "metaapi outage 11-20 09:00", "Take what belongs")
	d.seesNot("carsxe outage", "VEHICLE_STATE:ASLEEP")
	if row := d.cursorRow(); !strings.Contains(row, "vision outage") {
		t.Errorf("the open outage does not stand first: %q", row)
	}
	d.keys("space").sees("1 thing in the basket", "Summary for vision", "Failed calls to vision", "vision-2026-11-20.zip", "41.2 kB", "no credential is left")
	if ask := b.asked[0]; !slices.Equal(ask.Selection.Windows, []int64{7}) || ask.Path != "" {
		t.Errorf("the screen asked for %+v", ask)
	}
	d.keys("a").sees("more", "metaapi outage")
	if n := len(d.m.app.basket); n < 3 {
		t.Errorf("the basket holds %d", n)
	}
	d.keys("a").sees("nothing is proposed that is not in the basket")
}

// TestEvidenceKeepsAndDrops: what is dropped stays in sight and can come back.
func TestEvidenceKeepsAndDrops(t *testing.T) {
	d, b := atEvidence(t, 120, 36)
	d.keys("space", "j", "space")
	asked := len(b.asked)
	d.keys("k", "space")
	if len(b.asked) == asked || len(d.m.app.basket) != 1 {
		t.Fatalf("dropping asked %d times, the basket holds %d", len(b.asked)-asked, len(d.m.app.basket))
	}
	d.sees("> ✗  vision outage")
	d.keys("space").sees("> ✓  vision outage")
	// What was asked before is remembered.
	asked = len(b.asked)
	d.keys("1", "6", "space", "space")
	if len(b.asked) != asked {
		t.Errorf("it was asked for %d times again", len(b.asked)-asked)
	}
	d.keys("D").sees("Empty the basket?", "2 things").keys("esc")
	if len(d.m.app.basket) != 2 {
		t.Error("esc emptied the basket")
	}
	d.keys("D", "enter").sees("the basket is empty", "Proposed")
	if len(d.m.app.basket) != 0 {
		t.Error("the basket is not empty")
	}
}

// TestEvidenceSorts by what it is and by how many failed, by keys and by clicks on
// the titles; the cursor stays with its thing, and the order of picking comes back.
func TestEvidenceSorts(t *testing.T) {
	d, _ := atEvidence(t, 120, 36)
	order := func() (labels []string) {
		for _, r := range d.m.app.top().(*evidence).list.rows {
			labels = append(labels, r.row.Label)
		}
		return labels
	}
	picked := order()
	d.keys("j")
	under := d.cursorRow()
	d.keys("s").sees("WHAT▼")
	if got := order(); !slices.IsSorted(got) || len(got) != len(picked) {
		t.Errorf("by name: %q", got)
	}
	d.keys("s").sees("FAILED▼").keys("S").sees("FAILED▲")
	rows := d.m.app.top().(*evidence).list.rows
	if !slices.IsSortedFunc(rows, func(x, y entry[evidenceItem]) int { return cmp.Compare(x.row.Failures, y.row.Failures) }) || d.cursorRow() != under {
		t.Errorf("upwards: %q under %q, want %q", order(), d.cursorRow(), under)
	}
	d.keys("s").seesNot("▲", "▼")
	if got := order(); !slices.Equal(got, picked) {
		t.Errorf("as picked: %q, want %q", got, picked)
	}
	d.send(tea.MouseClickMsg{X: 6, Y: 4, Button: tea.MouseLeft})
	d.sees("WHAT▼")
	d.send(tea.MouseClickMsg{X: 6, Y: 4, Button: tea.MouseLeft})
	d.sees("WHAT▲")
}

// TestEvidenceWritesAndCopies the bundle of the vendor that is shown.
func TestEvidenceWritesAndCopies(t *testing.T) {
	d, b := atEvidence(t, 120, 36)
	d.keys("w").sees("there is no bundle yet").keys("y").sees("there is no bundle yet")
	d.keys("a", "tab").sees("2 of", "Summary for")
	shown := d.m.app.top().(*evidence).part
	d.keys("w").sees("Write to a file", shown+"-2026-11-20.zip", ".zip .md .json").keys("enter").sees("written: " + shown)
	last := b.asked[len(b.asked)-1]
	if last.Path != shown+"-2026-11-20.zip" || last.Vendor != shown || last.Replace {
		t.Errorf("the screen wrote %+v", last)
	}
	d.keys("w", "enter").sees("this file exists; enter replaces it").keys("enter").sees("written")
	if last = b.asked[len(b.asked)-1]; !last.Replace {
		t.Error("the second enter does not replace")
	}
	d.keys("w").text("x").keys("enter").sees("the ending names the format").keys("esc")
	d.keys("y").sees("copied 3 request_ids of " + shown)
	if d.copied != "9b1d-44e0\n9b1d-44e7\n9b1d-4501" {
		t.Errorf("y copied %q", d.copied)
	}
	if d.keys("Y"); !strings.HasPrefix(d.copied, "# Failed calls to "+shown) || !strings.Contains(d.copied, "| `9b1d-44e0` |") {
		t.Errorf("Y copied %q", d.copied)
	}
	d.m.app.o.Evidence = nil
	d.keys("w").sees("bundles cannot be made from here")
}

// TestEvidenceIncludes leaves personal data in where somebody says so.
func TestEvidenceIncludes(t *testing.T) {
	d, b := atEvidence(t, 120, 36)
	d.keys("space").sees("✓ vin")
	d.size(200, 36)
	d.keys("i").sees("Personal data in the bundle", "Credentials never stay", "> ✓ vin", "masked")
	d.keys("space").sees("✗ vin", "left in").keys("j", "j", "enter", "esc").sees("✗ vin", "shown")
	if last := b.asked[len(b.asked)-1]; !slices.Equal(last.Include, []string{"email", "vin"}) {
		t.Errorf("the screen asked for %v", last.Include)
	}
	d.keys(":").text("command line").sees("errscope evidence --vendor vision --window 7 --include email --include vin -o vision.zip")
}

// TestEvidenceOpensAndScrolls goes to where things were picked, and back.
func TestEvidenceOpensAndScrolls(t *testing.T) {
	d, _ := atEvidence(t, 120, 36)
	d.keys("3", "j", "space", "enter", "n", "space", "6").sees("✓  smartcar VEHICLE_STATE:ASLEEP", "✓  smartcar call req_7f2a90")
	d.keys("g", "enter").sees("sample 1 of 3", "Advice").keys("esc").sees("2 things in the basket")
	before := d.screen()
	if after := d.keys("J").screen(); before == after {
		t.Error("J does not scroll")
	}
	if d.keys("K").screen() != before {
		t.Error("K does not scroll back")
	}
	d.keys("f", "J").sees("One exchange").seesNot("Basket")
	d.keys("esc").sees("Basket")
	d.keys("g", "j", "j", "j", "enter").sees("range of metaapi outage", "2026-11-20 09:00 to 10:00 UTC")
	d.keys("Z", "6")
	click := func(y int) { d.send(tea.MouseClickMsg{X: 4, Y: y, Button: tea.MouseLeft}) }
	for y, l := range strings.Split(d.screen(), "\n") {
		if strings.Contains(l, "?  vision outage") {
			click(y)
			d.sees("> ?  vision outage")
			click(y)
		}
	}
	d.sees("range of vision outage")
}

// TestEvidenceErrors are shown, and the rest works on.
func TestEvidenceErrors(t *testing.T) {
	d, b := atEvidence(t, 120, 36)
	b.err = errors.New("reading requests: disk is gone")
	d.keys("space").sees("error: reading requests: disk is gone", "could not be made")
	b.err = nil
	d.keys("r").sees("Failed calls to vision")
	d.m.app.basket = []Pick{{Kind: PickWindow, Vendor: "gone"}}
	empty := &fake{}
	opened(t, empty, 120, 36).keys("6").sees("nothing in this time range asks for a vendor's support", "space", "Press space on a failure")
}

// TestEvidenceInASCII draws no character that a plain terminal lacks.
func TestEvidenceInASCII(t *testing.T) {
	b := &bundler{}
	d := drive(t, newFake(), Options{Theme: "dark", Glyphs: "ascii", Evidence: b.bundle})
	d.size(80, 40)
	d.run(d.m.Init())
	for _, k := range []string{"6", "a", "J", "f", "i"} {
		if got := d.keys(k).screen(); strings.ContainsFunc(got, func(r rune) bool { return r >= 0x80 }) {
			t.Errorf("after %s the screen has other characters:\n%s", k, got)
		}
	}
}

func TestSelectionOf(t *testing.T) {
	key := queries.GroupKey{Vendor: "v", Code: "c"}
	s := selectionOf([]Pick{{Kind: PickWindow, WindowID: 3}, {Kind: PickGroup, Group: key, Since: fakeEnd}, {Kind: PickRequest, SourceID: 1, SourceOffset: 2}, {Kind: "other"}})
	if !slices.Equal(s.Windows, []int64{3}) || len(s.Groups) != 1 || s.Groups[0].GroupKey != key || !s.Groups[0].Since.Equal(fakeEnd) ||
		!slices.Equal(s.Exchanges, []queries.SelectedExchange{{SourceID: 1, SourceOffset: 2}}) || !s.Since.IsZero() {
		t.Errorf("the selection is %+v", s)
	}
}

// TestEvidenceHostile puts hostile text into everything that a bundle says.
func TestEvidenceHostile(t *testing.T) {
	for i, text := range hostile {
		src := hostileSource(func(n int) string { return hostile[(n*5+i)%len(hostile)] })
		b := &bundler{text: text + "\n| " + text + " | " + text + " |\n```http\n" + text + "\n```"}
		d := drive(t, src, Options{Theme: "dark", Evidence: b.bundle})
		d.size(100+i, 30)
		d.run(d.m.Init())
		for _, k := range []string{"3", "space", "6", "a", "tab", "J", "f", "f", "i", "space", "esc", "w", "esc", "D", "esc", "y", "Y"} {
			d.keys(k)
			harmless(t, d.m)
		}
		if strings.ContainsFunc(d.copied, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }) {
			t.Errorf("control characters went into the clipboard: %q", d.copied)
		}
	}
}

// BenchmarkViewEvidence draws a basket of many things.
func BenchmarkViewEvidence(b *testing.B) {
	m := &bundler{}
	d := opened(b, many(200), 120, 36)
	d.m.app.o.Evidence = m.bundle
	d.keys("6", "a")
	b.ReportAllocs()
	for b.Loop() {
		_ = d.m.View()
	}
}
