package analysis

import (
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestCapacityIsForetoldOnlyWhereItGrows: the fill of a storage is drawn on where
// day after day shows that it grows, and not where it rises and falls, where few
// days were seen, or where it was emptied since.
func TestCapacityIsForetoldOnlyWhereItGrows(t *testing.T) {
	first := time.Date(2026, 6, 1, 9, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		used    []int64 // of 1000, day by day; -1 is a refusal without numbers
		outlook queries.QuotaOutlook
		at      time.Duration // after the last word, 0 where nothing is foretold
	}{
		{"grows", []int64{500, 540, 580, 640, 660, 700}, queries.QuotaRunsOut, 7*day + 12*time.Hour},
		{"few days", []int64{500, 600, 700, 800}, queries.QuotaLasts, 0},
		{"rises and falls", []int64{500, 700, 500, 700, 500, 700, 500, 700}, queries.QuotaLasts, 0},
		{"shrinks", []int64{900, 800, 700, 600, 500, 400}, queries.QuotaLasts, 0},
		{"slowly", []int64{500, 501, 502, 503, 504, 505}, queries.QuotaLasts, 0},
		{"full", []int64{500, 600, 700, 800, 900, -1}, queries.QuotaExhausted, 0},
		{"emptied, and grows anew", []int64{900, -1, 100, 200, 300, 400, 500}, queries.QuotaRunsOut, 5 * day},
		{"emptied, few days ago", []int64{900, -1, 100, 200, 300, 400}, queries.QuotaLasts, 0},
		{"over, and nobody minds", []int64{900, 1000, 1100}, queries.QuotaOver, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var hours []queries.QuotaHour
			var last time.Time
			for i, used := range c.used {
				last = first.Add(time.Duration(i) * day)
				h := queries.QuotaHour{Vendor: "shop", Name: "storage", Hour: last.Truncate(time.Hour), FirstStated: last, LastStated: last, FirstUsed: used,
					LastUsed: used, LastRemaining: record.Absent, StatedLimit: record.Absent, StatedBasis: string(record.QuotaCapacityInBody)}
				if used < 0 {
					h.Refusals, h.FirstRefusal, h.LastRemaining = 1, last, 0
				} else {
					h.StatedLimit, h.LimitStated = 1000, last
				}
				hours = append(hours, h)
			}
			// Whatever the ledger counts anew, the whole of a capacity is told.
			status, points := Quotas(QuotaInput{Hours: hours, From: last, AsOf: last})
			if len(status) != 1 || len(points) != len(hours) {
				t.Fatalf("%d rows, %d points", len(status), len(points))
			}
			s := status[0]
			if s.Outlook != c.outlook || !s.PeriodStart.Equal(first) || !s.PeriodEnd.IsZero() {
				t.Errorf("got %s from %s to %s, want %s", s.Outlook, s.PeriodStart, s.PeriodEnd, c.outlook)
			}
			want := time.Time{}
			if c.at > 0 {
				want = last.Add(c.at)
			}
			if !s.ProjectedAt.Equal(want) || !s.ProjectedTo.IsZero() && s.ProjectedTo.Before(s.ProjectedAt) || s.ProjectedFrom.After(s.ProjectedAt) {
				t.Errorf("full at %s (%s to %s), want %s", s.ProjectedAt, s.ProjectedFrom, s.ProjectedTo, want)
			}
		})
	}
}
