package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestFilterOwnsLetters types every printable key into the filter: none of them
// may do anything else.
func TestFilterOwnsLetters(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "/")
	var want strings.Builder
	for r := rune(' '); r < 0x7f; r++ {
		d.keys(string(r))
		want.WriteRune(r)
	}
	d.keys("é", "世")
	want.WriteString("é世")
	f := d.m.app.top().(*failures)
	if got := f.find.text(); got != want.String() {
		t.Errorf("the filter holds %q, want %q", got, want.String())
	}
	if d.quit || d.m.app.over != nil || d.copied != "" || d.m.app.tab != tabFailures {
		t.Error("a letter in the text field did something else")
	}
	if d.keys("ctrl+c"); !d.quit {
		t.Error("ctrl+c does not leave from a text field")
	}
}

// TestEscape goes one step back at a time and never leaves.
func TestEscape(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "/").text("carsxe").keys("enter", "/").text(" x").keys("?")
	d.keys("esc")
	if d.sees("filter: carsxe"); d.m.app.top().capturing() {
		t.Fatal("esc does not leave the text field")
	}
	d.keys("enter").sees("› carsxe no_data_found")
	d.keys("?").sees("Everywhere")
	d.keys("esc").seesNot("Everywhere")
	d.sees("sample 1 of 3")
	d.keys("esc").sees("filter: carsxe", "3 of 10 groups")
	d.keys("esc").sees("filter: none")
	for range 5 {
		d.keys("esc")
	}
	if d.sees("q quits"); d.quit {
		t.Fatal("esc left the program")
	}
	if d.keys("q"); !d.quit {
		t.Error("q at a top screen does not quit")
	}
}

// TestQuitIsBackBelowTheTop keeps q from leaving out of a depth.
func TestQuitIsBackBelowTheTop(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("enter", "enter")
	d.sees("Overview › Failures › vision 503 detail")
	if d.keys("q", "q"); d.quit {
		t.Fatal("q left from below the top")
	}
	d.sees("By vendor")
	if d.keys("q"); !d.quit {
		t.Error("q at the top does not quit")
	}
}

// TestDrillAndReturn goes from a vendor to its failures and finds filter and
// cursor as they were.
func TestDrillAndReturn(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("j", "j", "enter")
	d.sees("filter: vendor:=carsxe", "3 of 10 groups")
	d.keys("j", "enter").sees("api_limit_exceeded", "quota")
	d.keys("esc")
	if row := d.cursorRow(); !strings.Contains(row, "api_limit_exceeded") {
		t.Errorf("back on %q", row)
	}
	d.keys("/").text(" !limit").keys("enter").sees("2 of 10 groups")
	d.keys("esc").sees("filter: vendor:=carsxe", "3 of 10 groups")
	d.keys("esc")
	if row := d.cursorRow(); !strings.HasPrefix(row, "carsxe") {
		t.Errorf("the overview is back on %q", row)
	}
	d.keys("G", "enter").sees("filter: host:=api.example.org", "1 of 10 groups")
	d.keys("esc", "tab", "j", "enter").sees("fault:=resource category:=state retry:=backoff", "VEHICLE_STATE:ASLEEP")
}

// TestJumpKeepsScreens goes to another screen by number and back.
func TestJumpKeepsScreens(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "j", "j", "enter", "n")
	d.sees("sample 2 of 3")
	d.keys("1").sees("By vendor")
	d.keys("3").sees("sample 2 of 3")
}

// TestSort goes through the columns and turns the order round.
func TestSort(t *testing.T) {
	d := opened(t, newFake(), 200, 50).keys("3")
	first := func() string {
		rows := strings.Split(d.screen(), "\n")
		return strings.TrimSpace(strings.TrimPrefix(rows[4], ">"))
	}
	for _, want := range []string{"by last", "by first", "by vendor", "by code", "by http", "by do this", "by owner", "by count"} {
		d.keys("s").sees(want)
	}
	if got := first(); !strings.Contains(got, "4 102") {
		t.Errorf("by count the first row is %q", got)
	}
	d.keys("S")
	if got := first(); !strings.Contains(got, "no response") {
		t.Errorf("by count, reversed, the first row is %q", got)
	}
	d.keys("s", "s", "s")
	if got := first(); !strings.HasPrefix(got, "api.example.org") {
		t.Errorf("by vendor the first row is %q", got)
	}
}

// TestCursorFollowsRow keeps the cursor on its row through sort, filter and
// newer data.
func TestCursorFollowsRow(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("3", "j", "j", "j")
	on := func() {
		t.Helper()
		if row := d.cursorRow(); !strings.Contains(row, "no_data_found") {
			t.Fatalf("the cursor is on %q", row)
		}
	}
	on()
	d.keys("s", "s", "s", "S")
	on()
	d.keys("/").text("carsxe").keys("enter")
	on()
	d.keys("esc")
	newer := fakeGroups()
	newer[3].Failures = 99999
	newer = append([]queries.FailureGroup{{GroupKey: queries.GroupKey{Vendor: "new", Code: "first", Status: 500}, Failures: 100000}}, newer...)
	src.groups = newer
	d.keys("r").sees("99 999", "100 000")
	on()
}

// TestStaleReplyIsDropped answers two askings in the wrong order.
func TestStaleReplyIsDropped(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36)
	d.hold = true
	d.keys("r")
	older := d.held
	d.held = nil
	d.m.app.top().(*overview).q.asking = false // as if its cancelling came too late
	d.keys("r")
	newer := d.held
	d.hold = false
	src.overview.Totals.Requests = 222222
	for _, c := range newer {
		d.run(c)
	}
	d.sees("222 222 requests")
	src.overview.Totals.Requests = 111111
	for _, c := range older {
		d.run(c)
	}
	d.sees("222 222 requests")
}

// TestNewerQuestionCancelsOlder asks twice and sees the first context end.
func TestNewerQuestionCancelsOlder(t *testing.T) {
	src := waiting{newFake(), make(chan struct{})}
	d := drive(t, src, Options{Theme: "dark"})
	d.size(120, 36)
	d.hold = true
	o := d.m.app.top().(*overview)
	d.keys("r")
	first := d.held[0]().(tea.BatchMsg)[0]
	ended := make(chan tea.Msg)
	go func() { ended <- first() }()
	d.keys("r")
	if a := (<-ended).(answer[queries.Overview]); !errors.Is(a.err, context.Canceled) {
		t.Errorf("the older question ended with %v", a.err)
	}
	if !o.q.asking {
		t.Error("the newer question is not being asked")
	}
}

// TestSlowQuestion is shown as such after a while, keeps the old rows, and can
// be cancelled.
func TestSlowQuestion(t *testing.T) {
	src := waiting{newFake(), make(chan struct{}, 1)}
	src.let <- struct{}{}
	d := opened(t, src, 120, 36)
	d.hold, d.timers = true, nil
	d.keys("r")
	d.seesNot("querying")
	running := d.held[0]().(tea.BatchMsg)[0]
	for _, m := range d.timers {
		d.send(m)
	}
	d.sees("querying", "esc cancels", "vision")
	ended := make(chan tea.Msg)
	go func() { ended <- running() }()
	d.keys("esc")
	d.send(<-ended)
	d.sees("cancelled", "r asks again", "vision")
	if d.quit {
		t.Error("esc left the program")
	}
}

// TestErrorIsShown leaves the old rows and can be mended.
func TestErrorIsShown(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36)
	src.err = errors.New("IO Error:\x1b[31m disk is gone")
	d.keys("r").sees("error: IO Error:^[[31m disk is gone", "r asks again", "vision")
	src.err = context.DeadlineExceeded
	d.keys("r").sees("no answer within 30 s")
	src.err = nil
	d.keys("r").seesNot("error", "no answer")
}

// TestCopy puts ids and wholes into the clipboard and says so.
func TestCopy(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("3", "y")
	if d.copied != src.groups[0].RequestID {
		t.Errorf("y copied %q", d.copied)
	}
	d.sees("copied request_id " + src.groups[0].RequestID)
	d.keys("Y").sees("copied summary of vision 503 detail")
	for _, want := range []string{"4 102 failures", "Wait for Retry-After", "vision/503", src.groups[0].RequestID, "2026-11-20 15:59:57.000 UTC"} {
		if !strings.Contains(d.copied, want) {
			t.Errorf("the summary lacks %q:\n%s", want, d.copied)
		}
	}
	d.keys("enter", "y").sees("copied request_id req_7f2a91")
	d.keys("Y").sees("copied curl command of GET")
	want := `curl 'https://api.vision.com/v2.0/vehicles/36ab27d0/battery?units=metric&key=[redacted]' -H 'authorization: [redacted]' -H 'accept: application/json' -H 'user-agent: svc-import/2.4 (it'\''s ours)'`
	if d.copied != want {
		t.Errorf("Y copied\n%s\nwant\n%s", d.copied, want)
	}
	d.copied = ""
	d.keys("esc", "G", "k", "k", "k", "y")
	if d.sees("there is no request_id to copy"); d.copied != "" {
		t.Errorf("copied %q", d.copied)
	}
	for _, m := range d.timers {
		d.send(m)
	}
	d.seesNot("there is no request_id")
}

// TestSamples leafs through a group and lays the body out and back.
func TestSamples(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "enter")
	d.keys("N").sees("this is the newest sample")
	d.keys("n").sees("sample 2 of 3", "req_7f2a90")
	d.keys("n", "n").sees("sample 3 of 3", "then i lists them all")
	d.sees(`"statusCode": 503,`, "[redacted]")
	d.keys("p").sees(`{"statusCode":503,`, "as sent")
	d.keys("N", "r").sees("sample 2 of 3")
	empty := newFake()
	empty.samples = []queries.Exchange{}
	opened(t, empty, 120, 36).keys("3", "enter").sees("No sample of this group", "esc")
}

// TestNothingCaptured says what access logs lack.
func TestNothingCaptured(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("3", "G", "enter")
	d.sees("none was captured", "none were logged", "no response")
}

// TestMouse selects, opens, sorts and scrolls.
func TestMouse(t *testing.T) {
	click := func(x, y int) tea.Msg { return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft} }
	d := opened(t, newFake(), 120, 36)
	if d.m.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is off")
	}
	d.send(click(25, 1))
	d.sees("[3 Failures]")
	d.send(click(10, 6))
	if row := d.cursorRow(); !strings.Contains(row, "RATE_LIMIT:VEHICLE") {
		t.Errorf("a click went to %q", row)
	}
	d.send(click(20, 3))
	d.sees("by code")
	d.send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelDown})
	row := d.cursorRow()
	for y, l := range strings.Split(d.screen(), "\n") {
		if strings.HasPrefix(l, "> ") {
			d.send(click(5, y))
		}
	}
	d.sees("sample 1 of 3", strings.Fields(row)[1])
	d.keys("1")
	for y, l := range strings.Split(d.screen(), "\n") {
		if strings.HasPrefix(l, "  carsxe") {
			d.send(click(5, y))
			d.send(click(5, y))
		}
	}
	d.sees("filter: vendor:=carsxe")
	if d.keys("m"); d.m.View().MouseMode != tea.MouseModeNone {
		t.Error("m does not give the mouse back")
	}
}

// TestWordsAreComplete holds the closed sets and their words together.
func TestWordsAreComplete(t *testing.T) {
	for _, r := range record.Retries() {
		if p := doThis[r]; p.short == "" || p.long == "" || len(p.short) > 14 {
			t.Errorf("retry %s has the words %q", r, p)
		}
	}
	for _, f := range record.Faults() {
		if p := owners[f]; p.short == "" || p.long == "" || len(p.short) > 15 {
			t.Errorf("fault %s has the words %q", f, p)
		}
	}
}

// TestKeysDoNotCollide finds two actions under one key, screen by screen.
func TestKeysDoNotCollide(t *testing.T) {
	d := opened(t, newFake(), 120, 36)
	a := d.m.app
	for _, keys := range [][]string{{"1"}, {"tab", "tab"}, {"tab"}, {"tab"}, {"R"}, {"esc", "2"}, {"3"}, {"tab"}, {"tab", "i"}, {"esc", "j", "enter"}, {"tab"}, {"4"}, {"tab"}, {"tab", "enter"}, {"5"}, {"6"}, {"a"}, {"7", "esc"}} {
		d.keys(keys...)
		seen := map[string]string{}
		all := append(append(a.keymap.global(), a.keymap.moves()...), a.top().keys(a)...)
		for _, b := range all {
			for _, k := range b.Keys() {
				if was, ok := seen[k]; ok && was != b.Help().Key {
					t.Errorf("%s: key %s is %q and %q", a.top().crumb(), k, was, b.Help().Key)
				}
				seen[k] = b.Help().Key
			}
		}
	}
}
