package analysis

import (
	"math"
	"time"

	"github.com/errscope/errscope/queries"
)

const (
	// rhythmDayMin, rhythmWeekendMin and rhythmWeekMin are how much must be known
	// before a rhythm of the day, a weekend, and a rhythm of the week is believed.
	rhythmDayMin     = 2 * day
	rhythmWeekendMin = week
	rhythmWeekMin    = 2 * week
	// lately is how long what was seen last tells of the hours to come, and
	// latelyCalls how many calls the rhythm weighs against it.
	lately      = 4 * time.Hour
	latelyCalls = 10
	// forecastBackMax is how far back a forecast looks.
	forecastBackMax = 4 * week
	// tenth is how many deviations one case in ten lies beyond.
	tenth = 1.2816
	// spreadUnknown is the deviation of a day, as a share, where days were not seen.
	spreadUnknown = 0.5
	// spreadMin is the least deviation that is believed before whole weeks were seen.
	spreadMin = 0.1
)

// forecast is what is known of an allowance's burn up to a time.
type forecast struct {
	from, to time.Time      // of what was seen
	first    int64          // the hour of the epoch with which uses begins
	uses     []float64      // by the hour
	hourly   [2][24]float64 // the part of a day's use in its hours, on workdays and at weekends
	daily    [7]float64     // the use of a day
	level    float64        // of the last week, against the above
	lately   float64        // of the last hours, against all of that
	spread   float64        // of a day, as a share
	days     float64
}

// forecast gathers the hours before n.
func (a *allowance) forecast(n int, to time.Time) *forecast {
	f := &forecast{to: to, level: 1, lately: 1, spread: spreadUnknown}
	back := to.Add(-forecastBackMax).Truncate(time.Hour)
	i := n
	for i > 0 && !a.hours[i-1].Hour.Before(back) {
		i--
	}
	f.from = firstTime(a.hours[0].FirstCall, a.hours[0].Hour)
	if i > 0 { // hours without a call before it are none of which nothing is known
		f.from = back
	}
	if i == n {
		return f
	}
	f.first = hourNumber(a.hours[i].Hour)
	f.uses = make([]float64, hourNumber(a.hours[n-1].Hour)-f.first+1)
	for ; i < n; i++ {
		f.uses[hourNumber(a.hours[i].Hour)-f.first] += a.uses[i]
	}
	return f
}

// hourNumber counts the hours of the epoch.
func hourNumber(t time.Time) int64 { return t.Unix() / 3600 }

// use is what was used in an hour.
func (f *forecast) use(hour time.Time) float64 {
	if i := hourNumber(hour) - f.first; i >= 0 && i < int64(len(f.uses)) {
		return f.uses[i]
	}
	return 0
}

// burn is the use by the hour over the last span, or NaN where nothing was seen.
func (f *forecast) burn(span time.Duration) float64 {
	from := f.to.Add(-span)
	if f.from.IsZero() || !f.to.After(f.from) {
		return math.NaN()
	}
	if f.from.After(from) {
		from = f.from
	}
	return f.sum(from, f.to) / max(f.to.Sub(from).Hours(), 1)
}

// sum is the use between two times. The use of an hour that is cut counts in
// part, by the part of what was seen of it.
func (f *forecast) sum(from, to time.Time) float64 {
	total := 0.0
	for at := from.Truncate(time.Hour); at.Before(to); at = at.Add(time.Hour) {
		use := f.use(at)
		if use == 0 {
			continue
		}
		first, last := maxTime(at, f.from), minTime(at.Add(time.Hour), f.to)
		seen := last.Sub(first).Hours()
		part := minTime(last, to).Sub(maxTime(first, from)).Hours()
		if seen > 0 && part < seen {
			use *= max(part, 0) / seen
		}
		total += use
	}
	return total
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// learn finds the rhythm of the day and of the week, as far as enough was seen.
func (f *forecast) learn() {
	seen := f.to.Sub(f.from)
	f.days = seen.Hours() / 24
	mean := f.sum(f.from, f.to) / max(f.days, 1.0/24)
	for d := range f.daily {
		f.daily[d] = mean
	}
	for k := range f.hourly {
		for h := range f.hourly[k] {
			f.hourly[k][h] = 1.0 / 24
		}
	}
	if seen >= rhythmDayMin {
		f.learnDay(seen >= rhythmWeekendMin)
	}
	if seen >= rhythmWeekendMin {
		f.learnWeek(seen >= rhythmWeekMin)
	}
	f.learnLevel()
	from := maxTime(f.from, f.to.Add(-lately))
	f.lately = (f.sum(from, f.to) + latelyCalls) / (f.expected(from, f.to) + latelyCalls)
}

// weekend is 1 on Saturday and Sunday.
func weekend(t time.Time) int {
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		return 1
	}
	return 0
}

func (f *forecast) learnDay(apart bool) {
	var use, hours [2][24]float64
	for at := f.from.Truncate(time.Hour); at.Before(f.to); at = at.Add(time.Hour) {
		k := 0
		if apart {
			k = weekend(at)
		}
		use[k][at.Hour()] += f.use(at)
		hours[k][at.Hour()] += minTime(at.Add(time.Hour), f.to).Sub(maxTime(at, f.from)).Hours()
	}
	if !apart {
		use[1], hours[1] = use[0], hours[0]
	}
	for k := range use {
		total := 0.0
		var rate [24]float64
		for h := range rate {
			if hours[k][h] > 0 {
				rate[h] = use[k][h] / hours[k][h]
			}
			total += rate[h]
		}
		if total == 0 {
			continue
		}
		for h := range rate {
			f.hourly[k][h] = rate[h] / total
		}
	}
}

// learnWeek takes the mean of each weekday, of whole days; with too few of them,
// that of all workdays and that of the weekend.
func (f *forecast) learnWeek(each bool) {
	var use, days [7]float64
	for at := f.from.Add(day - 1).Truncate(day); !at.Add(day).After(f.to); at = at.Add(day) {
		use[at.Weekday()] += f.sum(at, at.Add(day))
		days[at.Weekday()]++
	}
	if !each {
		for _, kind := range [2][]time.Weekday{{1, 2, 3, 4, 5}, {0, 6}} {
			total, n := 0.0, 0.0
			for _, d := range kind {
				total, n = total+use[d], n+days[d]
			}
			for _, d := range kind {
				use[d], days[d] = total, n
			}
		}
	}
	for d := range use {
		if days[d] > 0 {
			f.daily[d] = use[d] / days[d]
		}
	}
}

// rate is the use by the hour that is to be expected at a time.
func (f *forecast) rate(at time.Time) float64 {
	return f.level * f.daily[at.Weekday()] * f.hourly[weekend(at)][at.Hour()]
}

// expected is the use that is to be expected between two times.
func (f *forecast) expected(from, to time.Time) float64 {
	total := 0.0
	for at := from.Truncate(time.Hour); at.Before(to); at = at.Add(time.Hour) {
		total += f.rate(at) * minTime(at.Add(time.Hour), to).Sub(maxTime(at, from)).Hours()
	}
	return total
}

// learnLevel holds the last week against the rhythm, and the days against each
// other.
func (f *forecast) learnLevel() {
	from := maxTime(f.from, f.to.Add(-week))
	if want := f.expected(from, f.to); want > 0 {
		f.level = f.sum(from, f.to) / want
	}
	n, squares := 0.0, 0.0
	for to := f.to; !to.Add(-day).Before(f.from); to = to.Add(-day) {
		if want := f.expected(to.Add(-day), to); want > 0 {
			off := f.sum(to.Add(-day), to)/want - 1
			squares += off * off
			n++
		}
	}
	if n >= 2 {
		f.spread = math.Sqrt(squares / (n - 1))
	}
	if f.to.Sub(f.from) < rhythmWeekMin {
		f.spread = max(f.spread, spreadMin)
	}
}

// project tells when the rest runs out, or that it lasts.
func (f *forecast) project(s *queries.QuotaStatus) {
	s.Outlook = queries.QuotaLasts
	if f.from.IsZero() {
		return
	}
	f.learn()
	at, ok := f.runsOut(float64(s.Remaining), s.PeriodEnd, 1)
	if ok {
		s.Outlook, s.ProjectedAt = queries.QuotaRunsOut, at
	} else {
		at = s.PeriodEnd
	}
	days := max(at.Sub(f.to).Hours()/24, 1.0/24)
	// The level is known as well as its days were many, the days to come differ
	// as those before, and the calls are as random as their number is small.
	if days < 1 { // hours differ more than days
		days = math.Sqrt(days)
	}
	off := tenth * (f.spread*math.Sqrt(1/max(min(f.days, 7), 1)+1/days) + 1/math.Sqrt(max(float64(s.Remaining), 1)))
	if early, ok := f.runsOut(float64(s.Remaining), s.PeriodEnd, 1+off); ok {
		s.ProjectedFrom = early
	}
	if late, ok := f.runsOut(float64(s.Remaining), s.PeriodEnd, 1/(1+off)); ok {
		s.ProjectedTo = late
	}
}

// runsOut is when so much more is used, if that is before the end.
func (f *forecast) runsOut(rest float64, end time.Time, factor float64) (time.Time, bool) {
	for at := f.to; at.Before(end); {
		next := minTime(at.Truncate(time.Hour).Add(time.Hour), end)
		fades := math.Exp(-at.Sub(f.to).Hours() / lately.Hours())
		rate := f.rate(at) * factor * (1 + (f.lately-1)*fades)
		use := rate * next.Sub(at).Hours()
		if use >= rest && rate > 0 {
			return at.Add(time.Duration(rest / rate * float64(time.Hour))).Truncate(time.Second), true
		}
		rest -= use
		at = next
	}
	return time.Time{}, false
}
