package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// TestOutageOrder: what is open comes first, then the newest; our own network is
// a row among them.
func TestOutageOrder(t *testing.T) {
	d := opened(t, newFake(), 160, 40).keys("5").sees("6 outages, 2 open")
	for i, want := range []string{"smartcar", "vision", "metaapi", "our network", "carsxe", "api.example.org"} {
		if got := d.rows(6)[i]; !strings.HasPrefix(got, want) {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
	d.keys("s").sees("by lasted")
	if got := d.rows(1)[0]; !strings.HasPrefix(got, "vision") {
		t.Errorf("the longest is %q", got)
	}
	d.keys("s", "S").sees("by failed ▲")
	if got := d.rows(1)[0]; !strings.HasPrefix(got, "carsxe") {
		t.Errorf("the smallest is %q", got)
	}
	d.keys("/").text("state:planned").keys("enter").sees("1 of 6 outages", "announced by mail")
	d.keys("/").text(" nothing").keys("enter").sees("No row matches")
}

// TestOutageStrips share one axis: what was later stands further right.
func TestOutageStrips(t *testing.T) {
	d := opened(t, newFake(), 200, 50).keys("5")
	at := map[string]int{}
	for _, r := range d.rows(6) {
		from := strings.Index(r, "·")
		at[strings.Fields(r)[0]] = strings.IndexFunc(r[from:], func(c rune) bool { return c >= '▁' && c <= '█' || c == '#' })
	}
	if !(at["api.example.org"] < at["carsxe"] && at["carsxe"] < at["our"] && at["our"] < at["metaapi"] && at["metaapi"] < at["vision"] && at["vision"] <= at["smartcar"]) {
		t.Errorf("the strips begin at %v:\n%s", at, d.screen())
	}
}

// TestOutageEvidence shows by what an outage is known: others, routes, codes,
// answers before and after.
func TestOutageEvidence(t *testing.T) {
	src := newFake()
	d := opened(t, src, 160, 45).keys("5", "j")
	d.sees("4 102 of 4 360 requests failed", "2 other vendors as usual", "not our network", "/v1/detect 94% of 4 360", "up        /v1/models 0.0%",
		"503 detail 3 990 · INTERNAL 112", "waits named: 30 s in 3 990", "last success 15:22:00", "p95 310 ms", "still failing when the data ends", "9b1d-44e0", "▼ start 15:22:10")
	d.keys("j").sees("▼ start 09:12:00", "▼ end 09:31:00", "no calls in the hour after")
	d.keys("j").sees("── our network", "carsxe · smartcar · vision", "network on our side").seesNot("before  ")
	src.outages.around.Traffic[2].Failed, src.outages.around.Traffic[3].Failed = 9000, 4000
	d.keys("r", "k").sees("failed too: look at our own network first", "smartcar 99%")
	src.outages.around.Traffic = src.outages.around.Traffic[:2]
	d.keys("r").sees("no other vendor was called then")
}

// TestOutageFailures goes to the failures of the window, in its range and of its
// vendor, and back to the range before.
func TestOutageFailures(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("5", "j", "j", "enter")
	d.sees("Outages › Failures", "vendor:=metaapi outage:=yes", "2026-11-20 09:12 to 09:31 UTC", "UPSTREAM_TIMEOUT")
	d.keys("esc").sees("6 outages", "2026-11-19 16:00 to 2026-11-20 16:00 UTC")
	d.keys("z").sees("2026-11-20 09:12 to 09:31 UTC", "range of metaapi /v2/orders 11-20 09:12")
	d.keys("Z", "G", "enter").sees("host:=api.example.org outage:=yes")
	d.keys("esc", "k", "k", "enter").sees("filter: outage:=yes", "06:00 to 06:21")
}

// TestOutageBasket picks a window, and none of our own network.
func TestOutageBasket(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("5", "j", "j", "space").sees("in the basket: metaapi /v2/orders 11-20 09:12", "✓ metaapi")
	if p := d.m.app.basket[0]; p.Kind != PickWindow || p.WindowID != 23 || p.Failures != 402 || !p.Until.Equal(fakeEnd.Add(-6*time.Hour-29*time.Minute)) {
		t.Errorf("picked %+v", p)
	}
	d.keys("j", "space").sees("nothing here goes into the basket").seesNot("basket 2")
	d.keys("k", "space").sees("taken out of the basket")
}

// TestOutageCopies copies the summary and the request_ids.
func TestOutageCopies(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("5", "j", "y")
	for _, want := range []string{"vision /v1/detect: 4 102 of 4 360 calls failed", "from 2026-11-20 15:22:10.000 UTC to still open", "at worst 94%", "usually 0.8%", "others: 2 other vendors as usual",
		"request_ids: 9b1d-44e0 9b1d-44e7 9b1d-4501 9b1d-4502 9b1d-4503"} {
		if !strings.Contains(d.copied, want) {
			t.Errorf("the summary lacks %q:\n%s", want, d.copied)
		}
	}
	d.keys("Y")
	if want := "9b1d-44e0\n9b1d-44e7\n9b1d-4501\n9b1d-4502\n9b1d-4503"; d.copied != want {
		t.Errorf("copied %q", d.copied)
	}
}

// TestOutageCommand: the palette has the command line of what the screen tells.
func TestOutageCommand(t *testing.T) {
	d := opened(t, newFake(), 160, 40).keys("5", "j", ":").sees("errscope evidence --window 21", "errscope report outages").text("command for").keys("enter")
	if want := "errscope evidence --window 21"; d.copied != want {
		t.Errorf("copied %q, want %q", d.copied, want)
	}
}

// TestShowOutage is what other screens call.
func TestShowOutage(t *testing.T) {
	d := opened(t, newFake(), 120, 36)
	d.run(d.m.app.showOutage(24))
	d.sees("[5 Outages]", "── carsxe 11-20 02:06")
	d.keys("/").text("vision").keys("enter", "1")
	d.run(d.m.app.showOutage(23))
	d.sees("filter: none", "── metaapi /v2/orders 11-20 09:12")
}

// TestOutageGaps: minutes without calls are no zeros.
func TestOutageGaps(t *testing.T) {
	from := fakeEnd
	got := ratios([]queries.OutageSpan{{Start: from, Calls: 10, Failed: 5}, {Start: from.Add(2 * time.Minute), Calls: 4}, {Start: from.Add(time.Hour), Calls: 1}}, from, from.Add(4*time.Minute), 1)
	want := []float64{0.5, -1, 0, -1}
	for i := range want {
		if len(got) != len(want) || got[i] != want[i] {
			t.Fatalf("ratios are %v, want %v", got, want)
		}
	}
	opened(t, newFake(), 120, 36).keys("5").sees("·······")
}

// TestOutageMarks: the words of two marks that are near never run into each other.
func TestOutageMarks(t *testing.T) {
	src := newFake()
	w := &src.outages.list.Windows[3]
	w.StartedAt, w.EndedAt = w.StartedAt.Add(18*time.Second), w.EndedAt.Add(17*time.Second)
	d := opened(t, src, 120, 36).keys("5", "/").text("carsxe").keys("enter")
	d.sees("start 02:06:18 ▼", "▼ end 02:10:17")
	for w := 60; w < 140; w++ {
		for line := range strings.Lines(d.screen()) {
			if strings.Contains(line, "▼") && strings.Contains(line, "start 02:") && !strings.Contains(line, "start 02:06:18") {
				t.Fatalf("at width %d: %s", w, line)
			}
		}
		d.size(w, 36)
	}
}

// TestOutageMouse selects, opens, sorts and scrolls.
func TestOutageMouse(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("5")
	click := func(x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(5, 6)
	d.sees("── metaapi")
	d.send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelUp})
	d.sees("── smartcar")
	click(5, 3)
	d.sees("by vendor")
	click(5, 4)
	d.sees("── api.example.org")
	click(5, 4)
	d.sees("Outages › Failures")
}

// TestOutagesUnknown says why there is nothing, and shows a course that is not
// stored as such.
func TestOutagesUnknown(t *testing.T) {
	opened(t, &fake{}, 120, 36).keys("5").sees("No outage here", "Press 3 for the failures")
	d := opened(t, newFake(), 120, 36).keys("5", "f").sees("share that failed").seesNot("VENDOR")
	d.keys("f").sees("VENDOR").seesNot("share that failed")
	d.keys("esc").sees("VENDOR", "share that failed")
	d.keys("ctrl+s").sees("Which vendors were down", "When was nobody reached")
}
