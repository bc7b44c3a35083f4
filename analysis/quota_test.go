package analysis

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

var june = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// quotaHour is an hour of the one allowance of the tests, n hours after june.
func quotaHour(n int, counted int64) queries.QuotaHour {
	h := queries.QuotaHour{Vendor: "carsxe", Name: "market_value", Hour: june.Add(time.Duration(n) * time.Hour), Counted: counted,
		FirstUsed: record.Absent, LastUsed: record.Absent, LastRemaining: record.Absent, StatedLimit: record.Absent}
	if counted > 0 {
		h.FirstCall, h.LastCall = h.Hour.Add(time.Minute), h.Hour.Add(59*time.Minute)
	}
	return h
}

// said adds the vendor's word, when so many of the hour's calls were made.
func said(h queries.QuotaHour, used, limit, counted int64) queries.QuotaHour {
	at := h.Hour.Add(30 * time.Minute)
	h.FirstStated, h.LastStated, h.LimitStated = at, at, at
	h.FirstUsed, h.LastUsed, h.StatedLimit, h.StatedBasis = used, used, limit, "body"
	h.CountedFirst, h.CountedAfter = counted, h.Counted-counted
	return h
}

// refusedHour adds a refusal at the end of the hour.
func refusedHour(h queries.QuotaHour) queries.QuotaHour {
	h.Refusals, h.FirstRefusal, h.CallBefore = 1, h.Hour.Add(59*time.Minute+30*time.Second), h.LastCall
	return h
}

var carsxeLedger = []queries.QuotaLedger{{Vendor: "carsxe", Every: "month", Counts: "success,not_found"}}

func TestQuotas(t *testing.T) {
	const monthHours = 30 * 24
	config := []queries.QuotaLimit{{Vendor: "carsxe", Limit: 100, Every: "month"}}
	renamed := func(h queries.QuotaHour) queries.QuotaHour { h.Name = "other"; return h }
	for _, c := range []struct {
		name   string
		hours  []queries.QuotaHour
		limits []queries.QuotaLimit
		asOf   int // hours after june
		want   []queries.QuotaStatus
	}{
		{"counted alone", []queries.QuotaHour{quotaHour(0, 10), quotaHour(5, 20)}, nil, 6,
			[]queries.QuotaStatus{{Limit: record.Absent, Used: 30, Remaining: record.Absent, Basis: "used: counted", Outlook: queries.QuotaUnknown}}},
		{"a limit of the configuration", []queries.QuotaHour{quotaHour(0, 10), quotaHour(5, 20)}, config, 6,
			[]queries.QuotaStatus{{Limit: 100, Used: 30, Remaining: 70, Basis: "limit: config, used: counted", Outlook: queries.QuotaRunsOut}}},
		{"anchored, then counted", []queries.QuotaHour{quotaHour(0, 10), said(quotaHour(1, 20), 1015, 2000, 5), quotaHour(2, 7)}, nil, 3,
			[]queries.QuotaStatus{{Limit: 2000, Used: 1037, Remaining: 963, Unexplained: 1000, Basis: "limit: body, used: body and counted", Outlook: queries.QuotaRunsOut}}},
		{"a hole in the log", []queries.QuotaHour{said(quotaHour(0, 10), 10, 500, 10), said(quotaHour(9, 10), 120, 500, 10)}, nil, 700,
			[]queries.QuotaStatus{{Limit: 500, Used: 120, Remaining: 380, Unexplained: 100, Basis: "limit: body, used: body", Outlook: queries.QuotaLasts}}},
		{"dry", []queries.QuotaHour{quotaHour(0, 90), refusedHour(quotaHour(1, 10)), refusedHour(quotaHour(2, 0))}, config, 3,
			[]queries.QuotaStatus{{Limit: 100, Used: 100, Remaining: 0, Refusals: 2, ExhaustedAt: june.Add(time.Hour + 59*time.Minute),
				Basis: "limit: config, used: counted", Outlook: queries.QuotaExhausted}}},
		{"refused before any call", []queries.QuotaHour{refusedHour(quotaHour(2, 0))}, nil, 3,
			[]queries.QuotaStatus{{Limit: record.Absent, Used: 0, Remaining: 0, Refusals: 1, ExhaustedAt: june.Add(2*time.Hour + 59*time.Minute + 30*time.Second),
				Basis: "used: counted", Outlook: queries.QuotaExhausted}}},
		{"an upgrade keeps when it was dry", []queries.QuotaHour{quotaHour(0, 90), said(refusedHour(quotaHour(1, 10)), 100, 100, 10), said(quotaHour(2, 5), 103, 500, 3)}, nil, 3,
			[]queries.QuotaStatus{{Limit: 500, Used: 105, Remaining: 395, Refusals: 1, ExhaustedAt: june.Add(time.Hour + 59*time.Minute),
				Basis: "limit: body, used: body and counted", Outlook: queries.QuotaRunsOut}}},
		{"a limit holds for the next month", []queries.QuotaHour{said(quotaHour(1, 10), 10, 500, 10), quotaHour(monthHours, 7)}, nil, monthHours + 700,
			[]queries.QuotaStatus{
				{Limit: 500, Used: 10, Remaining: 490, Basis: "limit: body, used: body", Outlook: queries.QuotaPast},
				{Limit: 500, Used: 7, Remaining: 493, PeriodStart: june.AddDate(0, 1, 0), Basis: "limit: body, used: counted", Outlook: queries.QuotaLasts}}},
		{"over, and nobody minds", []queries.QuotaHour{said(quotaHour(1, 10), 510, 500, 10)}, nil, 2,
			[]queries.QuotaStatus{{Limit: 500, Used: 510, Remaining: 0, Unexplained: 500, Basis: "limit: body, used: body", Outlook: queries.QuotaOver}}},
		{"two names", []queries.QuotaHour{quotaHour(0, 10), renamed(quotaHour(0, 3))}, nil, 2,
			[]queries.QuotaStatus{{Limit: record.Absent, Used: 10, Remaining: record.Absent, Basis: "used: counted", Outlook: queries.QuotaUnknown},
				{Limit: record.Absent, Used: 3, Remaining: record.Absent, Basis: "used: counted", Outlook: queries.QuotaUnknown}}},
	} {
		got, points := Quotas(QuotaInput{Hours: c.hours, Ledgers: carsxeLedger, Limits: c.limits, AsOf: june.Add(time.Duration(c.asOf) * time.Hour)})
		if len(got) != len(c.want) || len(points) != len(c.hours) {
			t.Errorf("%s: %d rows, %d points: %+v", c.name, len(got), len(points), got)
			continue
		}
		for i, g := range got {
			w := c.want[i]
			if w.PeriodStart.IsZero() {
				w.PeriodStart = june
			}
			if g.Limit != w.Limit || g.Used != w.Used || g.Remaining != w.Remaining || g.Unexplained != w.Unexplained || g.Refusals != w.Refusals ||
				!g.ExhaustedAt.Equal(w.ExhaustedAt) || !g.PeriodStart.Equal(w.PeriodStart) || g.Basis != w.Basis || g.Outlook != w.Outlook {
				t.Errorf("%s, row %d:\n got %+v\nwant %+v", c.name, i, g, w)
			}
			if (g.Outlook == queries.QuotaRunsOut) == g.ProjectedAt.IsZero() {
				t.Errorf("%s: %s with a projection at %v", c.name, g.Outlook, g.ProjectedAt)
			}
		}
	}
}

func TestQuotaPeriods(t *testing.T) {
	reset := func(n int, at time.Time) queries.QuotaHour {
		h := said(quotaHour(n, 1), 5, 100, 1)
		h.ResetFrom, h.ResetTo = at, at
		return h
	}
	named := func(period string) queries.QuotaHour { h := quotaHour(40, 1); h.Period = period; return h }
	berlin, _ := time.LoadLocation("Europe/Berlin")
	for _, c := range []struct {
		name        string
		every, zone string
		hours       []queries.QuotaHour
		at          time.Time
		start, end  time.Time
	}{
		{"no word", "", "", nil, june.Add(50 * time.Hour), june, june.AddDate(0, 1, 0)},
		{"a month by name", "", "", []queries.QuotaHour{named("2026-06")}, june.Add(50 * time.Hour), june, june.AddDate(0, 1, 0)},
		{"a day by name", "", "", []queries.QuotaHour{named("2026-06-02")}, june.Add(50 * time.Hour), june.AddDate(0, 0, 2), june.AddDate(0, 0, 3)},
		{"a zone", "day", "Europe/Berlin", nil, june.Add(23 * time.Hour), time.Date(2026, 6, 2, 0, 0, 0, 0, berlin), time.Date(2026, 6, 3, 0, 0, 0, 0, berlin)},
		{"a week begins on Monday", "week", "", nil, june.Add(80 * time.Hour), june, june.AddDate(0, 0, 7)},
		{"a daily reset at seven", "", "", []queries.QuotaHour{reset(1, june.Add(7*time.Hour)), reset(20, june.Add(31*time.Hour))},
			june.Add(20 * time.Hour), june.Add(7 * time.Hour), june.Add(31 * time.Hour)},
		{"a reset at midnight", "", "", []queries.QuotaHour{reset(1, june.Add(24*time.Hour-time.Second))}, june.Add(20 * time.Hour), june, june.Add(24 * time.Hour)},
		{"the contract's day", "", "", []queries.QuotaHour{reset(1, june.AddDate(0, 0, 14)), reset(30, june.AddDate(0, 0, 14))}, june.Add(20 * time.Hour), june.AddDate(0, -1, 14), june.AddDate(0, 0, 14)},
		{"a sliding window", "", "", []queries.QuotaHour{reset(1, june.Add(25*time.Hour)), reset(2, june.Add(26*time.Hour)), reset(3, june.Add(27*time.Hour))},
			june.Add(20 * time.Hour), june, june.Add(24 * time.Hour)},
	} {
		start, end := periodOf(c.every, c.zone, c.hours).bounds(c.at)
		if !start.Equal(c.start) || !end.Equal(c.end) {
			t.Errorf("%s: %v to %v, want %v to %v", c.name, start, end, c.start.UTC(), c.end.UTC())
		}
	}
}

// rhythmic is the calls of an hour: days and weeks have a rhythm, and chance adds
// to it.
func rhythmic(at time.Time, perHour float64, r *rand.Rand) int64 {
	rate := perHour * (1 - 0.8*math.Cos(2*math.Pi*float64(at.Hour()-3)/24))
	if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
		rate *= 0.4
	}
	return int64(max(math.Round(rate+r.NormFloat64()*math.Sqrt(rate)), 0))
}

// TestQuotaForecast: the time of exhaustion is within a twentieth of what was left,
// whenever it is asked for in a month, and the interval holds what is promised.
func TestQuotaForecast(t *testing.T) {
	for _, c := range []struct {
		name   string
		before int // hours that were seen before the month
		most   float64
	}{
		{"four weeks", 4 * 7 * 24, 0.05},
		{"two weeks", 2 * 7 * 24, 0.05},
	} {
		off, inside, n := 0.0, 0, 0
		for seed := range uint64(8) {
			r := rand.New(rand.NewPCG(seed, 1))
			var hours []queries.QuotaHour
			for h := -c.before; h < 31*24; h++ {
				calls := rhythmic(june.Add(time.Duration(h)*time.Hour), 200, r)
				hours = append(hours, quotaHour(h, calls))
			}
			dry, total := time.Time{}, int64(0)
			const limit = 100_000
			for _, h := range hours[c.before:] {
				if total += h.Counted; total >= limit {
					dry = h.Hour.Add(time.Duration((1 - float64(total-limit)/float64(h.Counted)) * float64(time.Hour)))
					break
				}
			}
			for _, asked := range []int{30, 75, 150, 220, 310} {
				now := june.Add(time.Duration(asked) * time.Hour)
				if dry.Sub(now) < day {
					continue
				}
				rows, _ := Quotas(QuotaInput{Hours: hours[:c.before+asked], Ledgers: carsxeLedger, AsOf: now,
					Limits: []queries.QuotaLimit{{Vendor: "carsxe", Limit: limit}}})
				s := rows[len(rows)-1]
				wrong := math.Abs(s.ProjectedAt.Sub(dry).Hours()) / dry.Sub(now).Hours()
				off = max(off, wrong)
				n++
				if !dry.Before(s.ProjectedFrom) && (s.ProjectedTo.IsZero() || !dry.After(s.ProjectedTo)) {
					inside++
				}
			}
		}
		t.Logf("%s: at most %.1f %% of what was left, %d of %d inside the interval", c.name, 100*off, inside, n)
		if off > c.most || inside < n*8/10 {
			t.Errorf("%s: off by %.3f, %d of %d inside", c.name, off, inside, n)
		}
	}
}

// BenchmarkQuotas works out two months of fifty allowances.
func BenchmarkQuotas(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var hours []queries.QuotaHour
	for k := range 50 {
		for h := range 61 * 24 {
			one := quotaHour(h, rhythmic(june.Add(time.Duration(h)*time.Hour), 20, r))
			one.Account = string(rune('A' + k))
			hours = append(hours, one)
		}
	}
	in := QuotaInput{Hours: hours, Ledgers: carsxeLedger, Limits: []queries.QuotaLimit{{Vendor: "carsxe", Limit: 20_000}}, AsOf: june.Add(61*24*time.Hour - time.Minute)}
	b.ReportAllocs()
	for b.Loop() {
		Quotas(in)
	}
	b.ReportMetric(float64(b.N*len(hours))/b.Elapsed().Seconds(), "rows/s")
}
