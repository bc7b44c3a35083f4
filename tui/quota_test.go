package tui

import (
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// rows are the lines of the list on the screen, without their marks.
func (d *driver) rows(n int) []string {
	lines := strings.Split(d.screen(), "\n")
	out := make([]string, 0, n)
	for _, l := range lines[4:min(len(lines), 4+n)] {
		out = append(out, strings.TrimSpace(strings.TrimPrefix(l, ">")))
	}
	return out
}

// TestQuotaOrder: what is used up comes first, then what runs out, and what is
// over last.
func TestQuotaOrder(t *testing.T) {
	d := opened(t, newFake(), 160, 40).keys("4")
	for i, want := range []string{"used up 11-19 00:00", "16:52 ± 58 min", "31 over", "59% left", "78% left", "no limit known", "ran out 11-19 22:30"} {
		if got := d.rows(7)[i]; !strings.Contains(got, want) {
			t.Errorf("row %d is %q, want %q in it", i, got, want)
		}
	}
	d.sees("7 allowances, 3 in danger")
	d.keys("s").sees("by %")
	if got := d.rows(1)[0]; !strings.Contains(got, "108%") {
		t.Errorf("by share the first row is %q", got)
	}
	d.keys("S").sees("by % ▲")
	d.keys("/").text("carsxe !market").keys("enter").sees("2 of 7 allowances")
	d.keys("esc").sees("7 allowances")
}

// TestQuotaAccountsAreNumbers: a fingerprint is shown nowhere, a name is.
func TestQuotaAccountsAreNumbers(t *testing.T) {
	d := opened(t, newFake(), 200, 50).keys("4")
	d.sees("#1", "#2", "fleet").seesNot("12582144751b4d05", "d35e5852fbe77592")
	d.keys("enter").seesNot("d35e5852fbe77592")
	d.keys("tab", "tab").sees("by account").seesNot("12582144751b4d05")
	d.keys("esc", "tab").seesNot("a1b2c3d4e5f60718")
}

// TestQuotaCourseFollowsTheCursor: the chart is of the selected row, however it
// was selected.
func TestQuotaCourseFollowsTheCursor(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("4")
	d.sees("── carsxe market_value #2 · used in month 2026-11", "402 since")
	d.keys("j").sees("── carsxe specs #1 · used in day 11-20", "├▼", "now 11-20 16:00")
	d.send(tea.MouseClickMsg{X: 5, Y: 7, Button: tea.MouseLeft})
	d.sees("── smartcar application")
	d.send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelUp})
	d.sees("── carsxe market_value #2", "402 since")
	asked := src.asked.Load()
	if d.keys("j", "k", "j"); src.asked.Load() != asked {
		t.Errorf("%d questions were asked again", src.asked.Load()-asked)
	}
	d.keys("/").text("vision").sees("── vision all calls", "546k").keys("esc").sees("── vision all calls")
	d.keys("esc", "r").sees("── vision all calls")
}

// TestWhatIf tells when it runs out at other rates, owns every letter, and goes
// with esc.
func TestWhatIf(t *testing.T) {
	d := opened(t, newFake(), 160, 40).keys("4", "j", "w")
	d.text("100/h").sees("what if  100/h: runs out 11-20 17:52 UTC, 6 h before the period ends", "▼ at 100/h: 11-20 17:52")
	d.keys("enter").sees("7 allowances", "at 100/h")
	d.keys("j").seesNot("at 100/h")
	d.keys("k").sees("at 100/h")
	d.keys("esc").seesNot("at 100/h").sees("runs out 11-20 16:52")
	d.keys("w").text("10/h").sees("10/h: lasts until the period ends, with 108 left")
	d.keys("esc").seesNot("10/h:")
	d.keys("w").text("soon").sees("write 100/h").keys("enter").sees("write 100/h")
	d.keys("esc", "w")
	for r := rune(' '); r < 0x7f; r++ {
		d.keys(string(r))
	}
	if d.quit || d.m.app.over != nil || d.m.app.tab != tabQuota {
		t.Error("a letter in the field did something else")
	}
	d.keys("esc", "G", "w").sees("this period is over")
	d.keys("k", "w").sees("no limit is known")
}

func TestParseRate(t *testing.T) {
	for _, c := range []struct {
		text    string
		present float64
		want    float64
	}{
		{"100/h", 10, 100}, {"100", 10, 100}, {" 100 / h ", 10, 100}, {"5/min", 10, 300}, {"1/s", 10, 3600}, {"2400/d", 10, 100}, {"168/week", 10, 1},
		{"+20 %", 10, 12}, {"-50%", 10, 5}, {"80 %", 10, 8}, {"x2", 10, 20}, {"1.5x", 10, 15}, {"×3", 10, 30},
		{"", 10, -1}, {"h", 10, -1}, {"100/year", 10, -1}, {"-5", 10, -1}, {"0", 10, -1}, {"+x%", 10, -1}, {"x2", math.NaN(), -1}, {"+20%", 0, -1}, {"-100%", 10, -1},
		{"1e300", 10, -1}, {"NaN", 10, -1}, {"inf", 10, -1}, {"xx", 10, -1},
	} {
		got, err := parseRate(c.text, c.present)
		if err != nil {
			got = -1
		}
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%q at %v is %v (%v), want %v", c.text, c.present, got, err, c.want)
		}
	}
}

// TestQuotaUsers goes to who used an allowance, and on to their failures in its
// period; the range comes back with the screen.
func TestQuotaUsers(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("4", "j", "enter")
	d.sees("Quota › carsxe specs #1", "/specs", "77.1", "2 routes")
	d.keys("tab").sees("by client", "10.0.0.7", "plain success", "--keep full")
	d.keys("tab").sees("by account", "account #1")
	d.keys("tab").sees("by route")
	d.keys("j", "enter").sees("none of these calls failed")
	d.keys("k", "enter").sees("filter: vendor:=carsxe route:=/specs", "2026-11-20 00:00 to 2026-11-21 00:00 UTC")
	d.keys("esc").sees("by route", "2026-11-19 16:00 to 2026-11-20 16:00 UTC")
	d.keys("esc").sees("7 allowances")
	d.keys("enter", "enter", "t", "2", "enter").sees("15:00 to 16:00").keys("esc", "esc")
	d.sees("15:00 to 16:00") // a range that was chosen there stays
}

// TestRates is the second pane: where rate limits bite.
func TestRates(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("4").sees("911 refusals by rate limits of 1 vendor")
	d.keys("tab").sees("rate limits: short windows", "/v2.0/vehicles/{id}/battery", "911", "14 spans", "0 of 120", "honour Retry-After")
	d.keys("y")
	if !strings.Contains(d.copied, "911 refused by rate limits") {
		t.Errorf("copied %q", d.copied)
	}
	d.keys("j", "enter").sees("nothing was refused here")
	d.keys("k", "enter").sees("filter: vendor:=smartcar category:=rate_limit", "RATE_LIMIT:VEHICLE")
	d.keys("esc").sees("rate limits: short windows")
	d.keys("ctrl+s").sees("Where do rate limits bite").keys("esc", "esc").sees("7 allowances")
}

// TestQuotaCopies puts the row into the clipboard, and the line that states a
// limit.
func TestQuotaCopies(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("4", "j", "y")
	want := "carsxe specs #1, day 11-20: 4 812 / 5 000 (96%), 214/h, 16:52 ± 58 min; limit: body, used: body and counted; as of 2026-11-20 16:00:00.000 UTC"
	if d.copied != want {
		t.Errorf("copied %q\nwant   %q", d.copied, want)
	}
	d.keys("Y")
	if want := "limits:\n  - {vendor: carsxe, name: specs, limit: 5000, period: day}"; d.copied != want {
		t.Errorf("copied %q\nwant   %q", d.copied, want)
	}
	d.keys("j", "Y")
	if want := "limits:\n  - {host: api.example.org, name: daily, limit: 400, period: day}"; d.copied != want {
		t.Errorf("copied %q\nwant   %q", d.copied, want)
	}
	d.keys("G", "k", "Y")
	if want := "limits:\n  - {vendor: vision, limit: LIMIT, period: month}"; d.copied != want {
		t.Errorf("copied %q\nwant   %q", d.copied, want)
	}
}

// TestQuotaZoom: z takes the period as the range; f shows one pane alone.
func TestQuotaZoom(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("4", "j", "z").sees("2026-11-20 00:00 to 2026-11-21 00:00 UTC", "range of day 11-20 of carsxe specs #1")
	d.keys("f").seesNot("ALLOWANCE").sees("limit 5 000")
	d.keys("f").sees("ALLOWANCE").seesNot("limit 5 000")
	d.keys("f").sees("ALLOWANCE", "limit 5 000")
	d.keys("ctrl+s").sees("How does each allowance stand", "How was one allowance used up")
}

// TestShowQuota is what other screens call.
func TestShowQuota(t *testing.T) {
	d := opened(t, newFake(), 120, 36)
	d.run(d.m.app.showQuota(queries.QuotaKey{Vendor: "metaapi", Account: "fleet", Name: "orders"}))
	d.sees("[4 Quota]", "── metaapi orders fleet")
	d.keys("/").text("vision").keys("enter", "1")
	d.run(d.m.app.showQuota(queries.QuotaKey{Vendor: "generic", Host: "api.example.org", Name: "daily"}))
	d.sees("filter: none", "── api.example.org daily")
}

func TestPeriodWords(t *testing.T) {
	at := func(s string) time.Time {
		out, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct{ from, to, want string }{
		{"2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "month 2026-11"},
		{"2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", "month 2026-11"},
		{"2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", "day 11-20"},
		{"2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "day 10-25"},
		{"2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "week 11-16"},
		{"2026-11-20T15:00:00Z", "2026-11-20T16:00:00Z", "hour 11-20 15h"},
		{"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "from 2026-01"},
	} {
		r := allowance{QuotaStanding: queries.QuotaStanding{QuotaStatus: queries.QuotaStatus{PeriodStart: at(c.from), PeriodEnd: at(c.to)}}}
		if got := r.periodWords(); got != c.want {
			t.Errorf("%s to %s is %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// TestQuotaUseMissing says why nobody is known.
func TestQuotaUseMissing(t *testing.T) {
	src := newFake()
	src.quota.uses = nil
	opened(t, src, 120, 36).keys("4").sees("no call of it is in the data").keys("enter").sees("No call of this allowance is in the data")
	opened(t, &fake{}, 120, 36).keys("4").sees("No allowance is known here", "errscope.yaml").keys("tab").sees("No rate limit was met here")
}

// TestCapacityWords: what no period gives back has no period to name and is full
// rather than used up, and its limits: line states no period.
func TestCapacityWords(t *testing.T) {
	now := time.Date(2026, 6, 13, 9, 0, 0, 0, time.UTC)
	full := now.Add(11 * 24 * time.Hour)
	for _, c := range []struct {
		s    queries.QuotaStatus
		want string
	}{
		{queries.QuotaStatus{Outlook: queries.QuotaLasts}, "22% left"},
		{queries.QuotaStatus{Outlook: queries.QuotaExhausted, ExhaustedAt: now.Add(-time.Hour)}, "full since 08:00"},
		{queries.QuotaStatus{Outlook: queries.QuotaExhausted}, "full"},
		{queries.QuotaStatus{Outlook: queries.QuotaRunsOut, ProjectedAt: full, ProjectedFrom: full, ProjectedTo: full}, "06-24 09:00"},
	} {
		r := &allowance{QuotaStanding: queries.QuotaStanding{QuotaStatus: c.s}, share: 0.78}
		r.Vendor, r.Name, r.Limit, r.PeriodStart, r.AsOf = "shop", "storage", 1000, now.Add(-24*time.Hour), now
		if got := r.runsOutWords("±"); got != c.want || r.periodWords() != "no reset" {
			t.Errorf("got %q in %q, want %q", got, r.periodWords(), c.want)
		}
		if got, want := r.limitsLine(), "limits:\n  - {vendor: shop, name: storage, limit: 1000}"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
