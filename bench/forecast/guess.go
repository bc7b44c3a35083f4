package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// aheadH are the hours before an end at which it is foretold.
var aheadH = []int{1, 6, 24, 48, 96, 192}

const (
	// endsEach is how many ends are tried of each quota: after equal numbers of
	// calls, since it is a call that finds a quota dry.
	endsEach = 24
	// knownMin is how much is known at least when somebody asks.
	knownMin = 24 * time.Hour
	hour     = time.Hour
	week     = 7 * 24 * hour
)

// guess is one projection and what came of it.
type guess struct {
	quota     string
	aheadH    int
	knownDays float64
	left      int64
	said      bool
	off       float64 // hours, as a share of those ahead
	best      float64 // the oracle's
	calls     float64 // calls between both, as a share of those left
	inside    bool
	early     bool    // the end is before the interval
	width     float64 // of the interval, as a share of what is ahead
	tookMS    float64
}

// sum is the demand from the start to a time, hours being even within.
func sum[N int64 | float64](hours []N, at time.Duration) float64 {
	n := min(int(at/hour), len(hours))
	total := 0.0
	for _, x := range hours[:n] {
		total += float64(x)
	}
	if n < len(hours) {
		total += float64(hours[n]) * (at - time.Duration(n)*hour).Hours()
	}
	return total
}

// reached is when the demand since the start comes to a sum, or the end.
func reached[N int64 | float64](hours []N, want float64) time.Duration {
	total := 0.0
	for n, x := range hours {
		if total+float64(x) >= want && x > 0 {
			return time.Duration((float64(n) + (want-total)/float64(x)) * float64(hour))
		}
		total += float64(x)
	}
	return time.Duration(len(hours)) * hour
}

// guesses foretells ends all over the demand.
func (s *series) guesses() []guess {
	var all []guess
	total := sum(s.Wanted, time.Duration(len(s.Wanted))*hour)
	for k := 1; k < endsEach; k++ {
		end := reached(s.Wanted, total*float64(k)/endsEach)
		for _, h := range aheadH {
			now := (end - time.Duration(h)*hour).Truncate(time.Minute)
			if now < knownMin {
				continue
			}
			left := int64(math.Round(sum(s.Wanted, end) - sum(s.Wanted, now)))
			if left < 1 {
				continue
			}
			all = append(all, s.guess(now, end, left, h))
		}
	}
	return all
}

// guess asks at a time for the end. The weeks are shifted so that a long month
// has just begun.
func (s *series) guess(now, end time.Duration, left int64, h int) guess {
	start := s.Start
	for at := start.Add(now); at.Month() != time.January || at.Day() > 7; at = start.Add(now) {
		start = start.Add(week)
	}
	asOf := start.Add(now)
	month := time.Date(asOf.Year(), asOf.Month(), 1, 0, 0, 0, 0, time.UTC)
	var hours []queries.QuotaHour
	used := left
	for n := 0; time.Duration(n)*hour < now; n++ {
		one := queries.QuotaHour{Vendor: "v", Name: "n", Hour: start.Add(time.Duration(n) * hour), Counted: s.Wanted[n],
			FirstUsed: record.Absent, LastUsed: record.Absent, LastRemaining: record.Absent, StatedLimit: record.Absent}
		if part := now - time.Duration(n)*hour; part < hour {
			one.Counted = int64(math.Round(float64(one.Counted) * part.Hours()))
		}
		if one.Counted == 0 {
			continue
		}
		one.FirstCall, one.LastCall = one.Hour, one.Hour
		if !one.Hour.Before(month) {
			used += one.Counted
		}
		hours = append(hours, one)
	}
	g := guess{quota: s.Quota, aheadH: h, knownDays: now.Hours() / 24, left: left}
	began := time.Now()
	rows, _ := analysis.Quotas(analysis.QuotaInput{Hours: hours, AsOf: asOf, Limits: []queries.QuotaLimit{{Vendor: "v", Limit: used, Every: "month"}}})
	g.tookMS = time.Since(began).Seconds() * 1000
	if len(rows) == 0 {
		return g
	}
	best := reached(s.Expected, sum(s.Expected, now)+float64(left))
	ahead := (end - now).Hours()
	g.best = math.Abs((best - end).Hours()) / ahead
	r := rows[len(rows)-1]
	dry := start.Add(end)
	if g.said = !r.ProjectedAt.IsZero(); g.said {
		g.off = math.Abs(r.ProjectedAt.Sub(dry).Hours()) / ahead
		g.calls = math.Abs(sum(s.Wanted, r.ProjectedAt.Sub(start))-sum(s.Wanted, end)) / float64(left)
	}
	g.early = r.ProjectedFrom.IsZero() || dry.Before(r.ProjectedFrom.Add(-time.Second))
	g.inside = !g.early && (r.ProjectedTo.IsZero() || !dry.After(r.ProjectedTo.Add(time.Second)))
	to := r.ProjectedTo
	if to.IsZero() {
		to = r.PeriodEnd
	}
	g.width = to.Sub(r.ProjectedFrom).Hours() / ahead
	return g
}

// table is the score: by hours ahead, by what was known, by quota.
func table(all []guess) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%-34s %6s %6s  %20s  %20s  %20s  %7s %6s %6s\n", "", "asked", "said", "error p50/p80/p95 %", "oracle p50/p80/p95 %", "of calls p50/p80/p95", "inside%", "early%", "width%")
	line := func(name string, keep func(guess) bool) {
		var off, best, calls, width []float64
		asked, said, inside, early := 0, 0, 0, 0
		for _, g := range all {
			if !keep(g) {
				continue
			}
			asked++
			if g.said {
				said++
				off, best, calls, width = append(off, g.off), append(best, g.best), append(calls, g.calls), append(width, g.width)
			}
			if g.inside {
				inside++
			}
			if g.early {
				early++
			}
		}
		if asked > 0 {
			fmt.Fprintf(&out, "%-34s %6d %6d  %20s  %20s  %20s  %7.1f %6.1f %6.0f\n", name, asked, said, three(off), three(best), three(calls),
				100*float64(inside)/float64(asked), 100*float64(early)/float64(asked), 100*quantile(width, 0.5))
		}
	}
	line("all", func(guess) bool { return true })
	line("left 30 or more", func(g guess) bool { return g.left >= 30 })
	known := []float64{1, 3, 7, 14, 28, 99}
	for _, h := range aheadH {
		line(fmt.Sprintf("%d h ahead", h), func(g guess) bool { return g.aheadH == h })
		for i := range known[1:] {
			line(fmt.Sprintf("   %g to %g days known", known[i], known[i+1]), func(g guess) bool {
				return g.aheadH == h && g.knownDays >= known[i] && g.knownDays < known[i+1]
			})
		}
	}
	var names []string
	most := 0.0
	for _, g := range all {
		if most = max(most, g.tookMS); !slices.Contains(names, g.quota) {
			names = append(names, g.quota)
		}
	}
	for _, name := range names {
		line(name, func(g guess) bool { return g.quota == name })
	}
	fmt.Fprintf(&out, "at most %.2f ms each\n", most)
	return out.String()
}

func three(values []float64) string {
	return fmt.Sprintf("%.1f/%.1f/%.1f", 100*quantile(values, 0.5), 100*quantile(values, 0.8), 100*quantile(values, 0.95))
}

// quantile is the smallest value that a share q of them does not exceed.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}
