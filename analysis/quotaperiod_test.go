package analysis

import (
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// TestMonthsOfAContract: months that begin on the day of a contract begin on the
// last day where a month is too short, in any year and zone.
func TestMonthsOfAContract(t *testing.T) {
	at := func(s string) time.Time {
		out, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		zone   string
		resets []string
		in     string
		start  string
		end    string
	}{
		{"", []string{"2026-06-17 14:22"}, "2026-06-17 14:21", "2026-05-17 14:22", "2026-06-17 14:22"},
		{"", []string{"2026-06-17 14:22"}, "2026-06-17 14:22", "2026-06-17 14:22", "2026-07-17 14:22"},
		{"", []string{"2026-07-31 00:00", "2026-06-30 00:00"}, "2026-06-30 12:00", "2026-06-30 00:00", "2026-07-31 00:00"},
		{"", []string{"2026-07-31 00:00", "2026-06-30 00:00"}, "2027-02-27 12:00", "2027-01-31 00:00", "2027-02-28 00:00"},
		{"", []string{"2026-07-31 00:00"}, "2026-12-31 12:00", "2026-12-31 00:00", "2027-01-31 00:00"},
		{"", []string{"2026-07-31 00:00"}, "2027-01-01 12:00", "2026-12-31 00:00", "2027-01-31 00:00"},
		{"", []string{"2028-02-29 06:00", "2028-01-30 06:00"}, "2028-02-29 05:00", "2028-01-30 06:00", "2028-02-29 06:00"},
		{"America/New_York", []string{"2026-06-15 04:00"}, "2026-06-15 03:00", "2026-05-15 04:00", "2026-06-15 04:00"},
		{"America/New_York", []string{"2026-06-15 04:00"}, "2026-12-20 03:00", "2026-12-15 05:00", "2027-01-15 05:00"},
	} {
		var hours []queries.QuotaHour
		for i := range c.resets { // the newest is stated last
			r := at(c.resets[len(c.resets)-1-i])
			hours = append(hours, queries.QuotaHour{Hour: r.Add(-20 * day), ResetTo: r})
		}
		p := periodOf("month", c.zone, hours)
		if start, end := p.bounds(at(c.in)); !start.Equal(at(c.start)) || !end.Equal(at(c.end)) {
			t.Errorf("%v: %s lies in %s to %s, want %s to %s", c.resets, c.in, start, end, c.start, c.end)
		}
	}
}

// TestQuotaResets: beginnings within an hour are told for zones that need it, and
// for no other.
func TestQuotaResets(t *testing.T) {
	calls := []queries.QuotaCall{{QuotaPlace: queries.QuotaPlace{Vendor: "shop", Route: "/a"}, Name: "calls"}, {QuotaPlace: queries.QuotaPlace{Vendor: "shop", Route: "/b"}, Name: "calls"},
		{QuotaPlace: queries.QuotaPlace{Host: "api.example.net"}, Name: "calls"}}
	ledgers := []queries.QuotaLedger{{Vendor: "shop", Every: "day", Zone: "Asia/Kolkata"}}
	limits := []queries.QuotaLimit{{Host: "api.example.net", Limit: 10, Every: "day", Zone: "Europe/Berlin"}}
	from := time.Date(2026, 6, 9, 18, 0, 0, 0, time.UTC)
	got := QuotaResets(calls, ledgers, limits, from, from.Add(2*day))
	if len(got) != 2 || !got[0].At.Equal(from.Add(30*time.Minute)) || !got[1].At.Equal(from.Add(day+30*time.Minute)) || got[0].Vendor != "shop" {
		t.Errorf("got %+v", got)
	}
}
