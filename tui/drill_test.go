package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// TestRightNowDrills goes from each line of "Right now" to what it is about.
func TestRightNowDrills(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("tab", "tab")
	d.sees("2 outages open", "vision /v1/detect 503 detail (38 min, peak 94 %)", "carsxe specs  4 812 / 5 000  runs out in about 52 min, 16:52")
	d.keys("G", "k", "enter").sees("filter: vendor:=smartcar code:=authentication", "1 of 10 groups")
	d.keys("esc").sees(">").sees("705 yours to fix")
	if row := d.cursorRow(); !strings.Contains(row, "AUTHENTICATION") {
		t.Errorf("back on %q", row)
	}
	d.keys("shift+tab")
	if d.m.app.top().(*overview).pane != paneTodo {
		t.Error("shift+tab does not go back")
	}
}

// TestRightNowGoesToItsScreen: an outage and a quota are selected there.
func TestRightNowGoesToItsScreen(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("tab", "tab", "g", "j", "enter").sees("[5 Outages]")
	if row := d.cursorRow(); !strings.Contains(row, "smartcar") {
		t.Errorf("selected is %q", row)
	}
	d.keys("1", "j", "enter").sees("[4 Quota]")
	if row := d.cursorRow(); !strings.Contains(row, "specs") {
		t.Errorf("selected is %q", row)
	}
	d.keys("2", "o").sees("[5 Outages]", "filter: vision").keys("2", "u").sees("[4 Quota]", "filter: vision")
}

// TestNothingToWorryAbout says so for each kind.
func TestNothingToWorryAbout(t *testing.T) {
	src := newFake()
	src.drill.now = queries.RightNow{}
	src.overview.Faults, src.overview.Groups = nil, nil
	for i := range src.overview.Vendors {
		src.overview.Vendors[i].Outage = 0
	}
	d := opened(t, src, 120, 36).sees("no outage open", "no quota in danger", "nothing of yours to fix")
	d.keys("tab", "tab", "enter").sees("there is nothing behind this line")
}

// TestFullPane shows one pane after the other alone, and esc brings all back.
func TestFullPane(t *testing.T) {
	d := opened(t, newFake(), 80, 24).keys("f").sees("By vendor").seesNot("Right now", "── Data")
	d.keys("tab").sees("What to do", "SHARE").keys("tab").sees("Right now", "705 yours to fix", "vision 422 detail[].loc").seesNot("By vendor")
	d.keys("tab").sees("Failures per 14 min").seesNot("Right now").keys("tab").sees("By vendor")
	d.keys("esc").sees("Right now", "Data", "By vendor").keys("Y")
	if !strings.Contains(d.copied, "2 outages open  vision /v1/detect") {
		t.Errorf("copied %q", d.copied)
	}
}

// TestComparedWithBefore only where the range has a beginning.
func TestComparedWithBefore(t *testing.T) {
	d := opened(t, newFake(), 120, 36).seesNot("VS BEFORE")
	d.keys("t", "4", "enter").sees("VS BEFORE", "▲ +2 051", "▼ -108")
}

// TestBars goes along the chart, zooms, and opens the failures of one bar; the
// way back finds the range as it was.
func TestBars(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("tab", "tab", "tab").sees("11-20 11:40 to 11:55 · 449 of")
	d.keys("l").sees("11-20 11:55 to 12:09")
	d.keys("g").sees("11-19 16:00 to 16:14")
	d.keys("G", "h", "enter").sees("Failures", "2026-11-20 15:31 to 15:45 UTC", "10 groups")
	d.keys("esc").sees("2026-11-19 16:00 to 2026-11-20 16:00 UTC", "11-20 15:31 to 15:45")
	d.keys("z").sees("range of this bar", "2026-11-20 15:31 to 15:45 UTC")
	d.keys("Z").sees("2026-11-19 16:00 to 2026-11-20 16:00 UTC")
}

// TestBarRangeIsNotTakenBack when another one was chosen meanwhile.
func TestBarRangeIsNotTakenBack(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("tab", "tab", "tab", "enter", "t", "2", "enter", "esc")
	d.sees("Overview", "2026-11-20 15:00 to 16:00 UTC")
}

// TestBarsByMouse: click selects, a second click opens.
func TestBarsByMouse(t *testing.T) {
	d := opened(t, newFake(), 120, 36)
	click := func(x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(100, 15)
	if d.sees("of"); d.m.app.top().(*overview).pane != paneChart {
		t.Fatal("a click into the chart does not select it")
	}
	click(100, 18)
	d.sees("Failures", "10 groups")
	d.keys("esc")
	click(30, 5)
	if f, ok := d.m.app.top().(*overview).right.selected(); !ok || f.id != "window 22" {
		t.Errorf("a click selects %+v", f)
	}
	click(20, 34)
	click(20, 34)
	d.sees("Lines not read")
}

// TestRejectedLines are listed, filtered, copied, and said how to be seen.
func TestRejectedLines(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("R").sees("12 lines", "not JSON", "logs/egress/access.log")
	d.keys("/").text("reason:status").keys("enter").sees("4 of 12 lines").seesNot("not JSON")
	d.keys("j", "y")
	if d.copied != "logs/egress/access.log:1213" {
		t.Errorf("copied %q", d.copied)
	}
	d.keys("o").sees("tail -c +91022 logs/egress/access.log | head -n 1").keys("esc")
	d.keys("esc").sees("12 lines").keys("esc").sees("Right now")
	src := newFake()
	src.drill.rejects = nil
	opened(t, src, 120, 36).keys("R").sees("Every line could be read")
}

// TestVendors: sorted, filtered, drilled into, and what is known is told.
func TestVendors(t *testing.T) {
	d := opened(t, newFake(), 160, 44).keys("2").sees("5 vendors · by fail", "vision · failed of all calls", "█ outage", "POST /v1/detect",
		"503 detail ×2 061", "in 100.0 % of its failures", "https://vision.example/support", "38 min, peak 94 %")
	d.keys("s").sees("by fail%").keys("s").sees("by requests")
	if row := d.cursorRow(); !strings.HasPrefix(row, "vision") {
		t.Errorf("the cursor is on %q after sorting", row)
	}
	d.keys("g", "enter").sees("filter: host:=api.example.org").keys("esc")
	d.sees("no pack knows this host")
	d.keys("/").text("carsxe").keys("enter").sees("1 of 5 vendors", "runs out in about 52 min").keys("Y")
	if !strings.Contains(d.copied, "worst route: POST /v1/detect") || !strings.Contains(d.copied, "quota: ") {
		t.Errorf("copied %q", d.copied)
	}
	d.keys("1", "2").sees("filter: carsxe")
	d.keys("f").seesNot("WORST ROUTE").keys("esc").sees("WORST ROUTE", "filter: carsxe")
}

// TestExclude leaves one code out after the other, and esc brings them back.
func TestExclude(t *testing.T) {
	d := opened(t, newFake(), 160, 36).keys("3", "x").sees("!code:=", "9 of 10 groups").seesNot("  503 detail   ")
	d.keys("x").sees("8 of 10 groups")
	d.keys("G", "x").sees("!rule:=transport/timeout", "7 of 10 groups")
	d.keys("esc").sees("10 groups")
}

// TestWhy says the stored label, and what the rules say today.
func TestWhy(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "j", "c").sees("Why smartcar VEHICLE_STATE:ASLEEP", "smartcar/asleep", "the vendor's own code", "evidence    host api.smartcar.com")
	d.keys("Y")
	if !strings.Contains(d.copied, "rule: smartcar/asleep") || !strings.Contains(d.copied, "evidence") {
		t.Errorf("copied %q", d.copied)
	}
	d.keys("c").sees("10 groups")
	src := newFake()
	src.drill.explain = ""
	opened(t, src, 120, 36).keys("3", "enter", "c").sees("the rules are not at hand here")
}

// TestExchanges lists a group one by one and opens the one at the cursor.
func TestExchanges(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "j", "i").sees("40 exchanges", "newest first", "req_7f2a91")
	d.keys("j", "j", "enter").sees("sample 3 of 40", "req_7f2a89").keys("n").sees("sample 4 of 40", "req_7f2a88")
	d.keys("N", "N", "N").sees("sample 1 of 40").keys("N").sees("this is the first one")
	d.keys("esc", "/").text("10.0.0.3").keys("enter").sees("6 of 40 exchanges").keys("Y")
	if n := strings.Count(d.copied, "\n"); n != 5 {
		t.Errorf("%d lines were copied: %q", n+1, d.copied)
	}
	d.keys("space").sees("basket 1", "✓")
	d.keys("g", "enter").sees("sample 1 of 6").keys("esc", "esc", "esc").sees("10 groups")
}

// TestExchangesOfABar have its range, and give it back.
func TestExchangesOfABar(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "j", "tab", "enter").sees("one by one", "2026-11-20 10:00 to 11:00 UTC")
	d.keys("esc").sees("2026-11-19 16:00 to 2026-11-20 16:00 UTC", "11-20 10:00 to 11:00").keys("esc").seesNot("11-20 10:00 to 11:00")
}

// TestNeighboursOfADetail: what came of it is told, and another one can be
// gone to.
func TestNeighboursOfADetail(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "j", "enter").sees("2 of 3, recovered after 93 s", "> 15:59:42.000", "auth.smartcar.com")
	d.keys("tab", "k").sees("> 15:59:11.000", "this one").keys("y")
	if d.copied != "req_7f2a02" {
		t.Errorf("copied %q", d.copied)
	}
	d.keys("G", "enter").sees("This call succeeded", "200 OK", "sample 5 of 5 · the same request, oldest first", "3 of 3, recovered after 93 s")
	d.keys("space").sees("nothing here goes into the basket")
	d.keys("esc").sees("sample 1 of 3").keys("esc").sees("tab goes there").keys("esc").sees("10 groups")
	src := newFake()
	src.drill.near = nil
	opened(t, src, 120, 36).keys("3", "enter").sees("none within 6 h").keys("tab", "j").seesNot("this one")
}

// TestOtherSideIsNoAttempt: what two programs logged of one call counts once.
func TestOtherSideIsNoAttempt(t *testing.T) {
	src := newFake()
	for _, i := range []int{1, 4} {
		twin := src.drill.near[i]
		twin.SourceID = 9
		twin.TS = twin.TS.Add(time.Duration(1-i/4) * 400 * time.Millisecond) // by its id, or to the instant
		src.drill.near = append(src.drill.near, twin)
	}
	slices.SortStableFunc(src.drill.near, func(x, y queries.Neighbour) int { return x.TS.Compare(y.TS) })
	opened(t, src, 120, 36).keys("3", "j", "enter").sees("2 of 3, recovered after 93 s")
}

// TestAttemptsThatCannotBeTold: a request that is sent all the time is no
// series of attempts.
func TestAttemptsThatCannotBeTold(t *testing.T) {
	src := newFake()
	base := src.drill.near[1]
	src.drill.near = src.drill.near[2:3]
	for i := range 40 { // a failure every second, for 40 s
		n := base
		n.TS, n.SourceOffset = fakeEnd.Add(time.Duration(i-40)*time.Second), int64(1000+i)
		src.drill.near = append(src.drill.near, n)
	}
	d := opened(t, src, 120, 36).keys("3", "j", "enter").sees("before and after")
	d.seesNot("recovered after", " of 41")
}

// TestOrigin says how to see the line, by the ending of its file.
func TestOrigin(t *testing.T) {
	for path, want := range map[string]string{
		"a.log": "tail -c +101 a.log | head -n 1", "b c.log.gz": "gzip -dc 'b c.log.gz' | tail -c +101 | head -n 1",
		"x.zst": "zstd -dc x.zst | tail -c +101 | head -n 1", "logs.zip!x": "", "-": "", "": "",
	} {
		if got := newOrigin(path, 100, queries.Place{}).command(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	d := opened(t, newFake(), 120, 36)
	d.m.app.o.Database = "e.duckdb"
	d.keys("3", "enter", "o").sees("errscope sql --format jsonl --db e.duckdb 'FROM es_exchange(3, 81234567)'")
}

// TestSQLBehindEveryScreen fills in every parameter.
func TestSQLBehindEveryScreen(t *testing.T) {
	for _, path := range [][]string{nil, {"R"}, {"2"}, {"3"}, {"3", "i"}, {"3", "enter"}, {"3", "j", "enter", "tab", "G", "enter"}} {
		d := opened(t, newFake(), 120, 36).keys(path...)
		sql, err := d.m.app.sqlBehind()
		if err != nil || !strings.Contains(sql, "SELECT") || strings.Contains(sql, "$") {
			t.Errorf("%v: error %v in\n%s", path, err, sql)
		}
	}
}

// TestHostileDrill puts hostile text into all that these screens show.
func TestHostileDrill(t *testing.T) {
	for shift := range hostile {
		n := shift
		text := func() string { n++; return hostile[n*5%len(hostile)] }
		src := hostileSource(func(i int) string { return hostile[(i*7+shift)%len(hostile)] })
		for i := range src.drill.now.Windows {
			w := &src.drill.now.Windows[i]
			w.Vendor, w.Host, w.Route, w.TopCode = text(), text(), text(), text()
		}
		for i := range src.drill.now.Quotas {
			q := &src.drill.now.Quotas[i]
			q.Vendor, q.Host, q.Name, q.Account = text(), text(), text(), text()
		}
		for i := range src.drill.rejects {
			r := &src.drill.rejects[i]
			r.Path, r.Reason, r.Sample = text(), text(), text()
		}
		host := text()
		for i := range src.drill.board.Slots {
			src.drill.board.Slots[i].Vendor, src.drill.board.Slots[i].Host = "", host
		}
		for i := range src.drill.board.Codes {
			c := &src.drill.board.Codes[i]
			c.Vendor, c.Host, c.Name = "", host, text()
		}
		for i := range src.drill.near {
			x := &src.drill.near[i]
			x.Code, x.Host, x.Route, x.RequestID = text(), text(), text(), text()
		}
		for range 9 {
			src.drill.lines = append(src.drill.lines, queries.ExchangeLine{Method: text(), Route: text(), Account: text(), Client: text(), RequestID: text(), SourcePath: text()})
		}
		src.drill.explain = text() + "\n" + text()
		d := drive(t, src, Options{Theme: "dark", Database: text()})
		for _, w := range []int{60 + shift, 118 + shift} {
			d.size(w, 30)
			d.run(d.m.Init())
			for _, k := range []string{"1", "tab", "tab", "j", "enter", "esc", "R", "j", "o", "y", "esc", "y", "Y", "esc", "2", "j", "Y", "f", "esc", "enter", "esc",
				"3", "c", "Y", "esc", "x", "esc", "tab", "l", "enter", "esc", "esc", "i", "j", "Y", "o", "Y", "esc", "enter", "esc", "esc", "enter", "tab", "j", "o", "esc", "c", "esc", "esc", "esc"} {
				d.keys(k)
				harmless(t, d.m)
			}
		}
		if strings.ContainsFunc(d.copied, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }) {
			t.Errorf("control characters went into the clipboard: %q", d.copied)
		}
	}
}

// TestPlainGlyphs draws these screens where a terminal has ASCII only.
func TestPlainGlyphs(t *testing.T) {
	for _, path := range [][]string{{"tab", "tab"}, {"tab", "tab", "tab"}, {"R"}, {"2", "j"}, {"3", "tab"}, {"3", "i"}, {"3", "c"}, {"3", "j", "enter", "tab"}, {"3", "enter", "o"}} {
		d := drive(t, newFake(), Options{Theme: "dark", Glyphs: "ascii"})
		d.size(120, 36)
		d.run(d.m.Init())
		got := d.keys(path...).screen()
		if i := strings.IndexFunc(got, func(r rune) bool { return r >= 0x80 }); i >= 0 {
			t.Errorf("%v shows %q:\n%s", path, []rune(got[i:])[0], got)
		}
	}
}
