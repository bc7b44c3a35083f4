package analysis

import (
	"math"
	"time"

	"github.com/errscope/errscope/queries"
)

const (
	// lately is how long what was seen last tells of the hours to come, and
	// latelyCalls how many calls the rhythm weighs against it.
	lately      = 4 * time.Hour
	latelyCalls = 100
	// forecastBackMax is how far back a forecast looks.
	forecastBackMax = 4 * week
)

// forecast is what is known of an allowance's burn up to a time.
type forecast struct {
	from, to time.Time // of what was seen
	first    int64     // the hour of the epoch with which uses begins
	uses     []float64 // by the hour
	dry      []bool    // hours in which calls were refused tell nothing of what was wanted
	hours    hourlyUse // of all that was seen
	rhythm   rhythm
	lately   float64 // of the last hours, against the rhythm
}

// forecast gathers the hours before n.
func (a *allowance) forecast(n int, to time.Time) *forecast {
	f := &forecast{to: to, lately: 1}
	back := to.Add(-forecastBackMax).Truncate(time.Hour)
	for n > 0 && !a.hours[n-1].Hour.Before(to) {
		n--
	}
	i := n
	for i > 0 && !a.hours[i-1].Hour.Before(back) {
		i--
	}
	if n == 0 {
		return f
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
	f.dry = make([]bool, len(f.uses))
	for since := int64(-1); i < n; i++ {
		at := hourNumber(a.hours[i].Hour) - f.first
		f.uses[at] += a.uses[i]
		if a.hours[i].Refusals == 0 {
			since = -1
			continue
		}
		if since < 0 {
			since = at
		}
		for ; since <= at; since++ { // hours between two refusals are dry, too
			f.dry[since] = true
		}
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

// learn fits the rhythm to what was seen.
func (f *forecast) learn() {
	f.hours = f.seenHours()
	f.rhythm = learnLevels(f.hours)
	f.learnLately()
}

// seenHours lays what was seen out by the hour.
func (f *forecast) seenHours() hourlyUse {
	u := hourlyUse{first: hourNumber(f.from)}
	for n := u.first; n*3600 < f.to.Unix(); n++ {
		begin := time.Unix(n*3600, 0)
		seen := minTime(begin.Add(time.Hour), f.to).Sub(maxTime(begin, f.from)).Hours()
		use := 0.0
		if i := n - f.first; i >= 0 && i < int64(len(f.uses)) {
			if use = f.uses[i]; f.dry[i] {
				use, seen = 0, 0
			}
		}
		u.used, u.seen = append(u.used, use), append(u.seen, seen)
	}
	return u
}

// learnLately holds the last hours against the rhythm.
func (f *forecast) learnLately() {
	used, want := 0.0, 0.0
	for i := max(0, len(f.hours.used)-int(lately.Hours())); i < len(f.hours.used); i++ {
		used += f.hours.used[i]
		want += f.hours.seen[i] * f.rhythm.at(f.hours.first+int64(i))
	}
	f.lately = (used + latelyCalls) / (want + latelyCalls)
}

// project tells when the rest runs out, or that it lasts.
func (f *forecast) project(s *queries.QuotaStatus) {
	s.Outlook = queries.QuotaLasts
	if f.from.IsZero() {
		return
	}
	f.learn()
	rest := float64(s.Remaining)
	at, ok := f.runsOut(rest, s.PeriodEnd, 1)
	if ok {
		s.Outlook, s.ProjectedAt = queries.QuotaRunsOut, at
	} else {
		at = s.PeriodEnd
	}
	off := math.Exp(f.spread(at, rest))
	if early, ok := f.runsOut(rest, s.PeriodEnd, off); ok {
		s.ProjectedFrom = early
	}
	if late, ok := f.runsOut(rest, s.PeriodEnd, 1/off); ok {
		s.ProjectedTo = late
	}
}

// runsOut is when so much more is used, if that is before the end.
func (f *forecast) runsOut(rest float64, end time.Time, factor float64) (time.Time, bool) {
	for at := f.to; at.Before(end); {
		next := minTime(at.Truncate(time.Hour).Add(time.Hour), end)
		fades := math.Exp(-at.Sub(f.to).Hours() / lately.Hours())
		rate := f.rhythm.at(hourNumber(at)) * factor * (1 + (f.lately-1)*fades)
		use := rate * next.Sub(at).Hours()
		if use >= rest && rate > 0 {
			return at.Add(time.Duration(rest / rate * float64(time.Hour))).Truncate(time.Second), true
		}
		rest -= use
		at = next
	}
	return time.Time{}, false
}
