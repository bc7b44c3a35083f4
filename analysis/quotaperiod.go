package analysis

import (
	"time"

	"github.com/errscope/errscope/queries"
)

// period is how long an allowance lasts and where it begins anew.
type period struct {
	every string // hour, day, week or month
	zone  *time.Location
	// since moves the beginning away from the calendar's: vendors that bill by
	// the day of the contract begin anew at its day and time. Of a month it is the
	// time of the day alone, and monthDay the day, 0 for the first; where a month has
	// no such day it is the last one.
	since    time.Duration
	monthDay int
}

const (
	day  = 24 * time.Hour
	week = 7 * day
	// resetSlack is how much two statements of one reset may differ.
	resetSlack = 10 * time.Minute
	// monthResetMin and dayResetMax tell the length of a period by how far its
	// end was seen to be away.
	monthResetMin = 8 * day
	dayResetMax   = 26 * time.Hour
	// clockSlack is how far our clock may be from the vendor's.
	clockSlack = time.Hour
)

// bounds gives the period in which t lies.
func (p period) bounds(t time.Time) (start, end time.Time) {
	local := t.In(p.zone).Add(-p.since)
	y, m, d := local.Date()
	at := func(y int, m time.Month, d, hour int) time.Time {
		return time.Date(y, m, d, hour, 0, 0, 0, p.zone).Add(p.since).UTC()
	}
	switch p.every {
	case "hour":
		start = local.Truncate(time.Hour).Add(p.since).UTC()
		return start, start.Add(time.Hour)
	case "day":
		return at(y, m, d, 0), at(y, m, d+1, 0)
	case "week":
		d -= (int(local.Weekday()) + 6) % 7
		return at(y, m, d, 0), at(y, m, d+7, 0)
	}
	begin := func(m time.Month) time.Time {
		last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return at(y, m, min(max(p.monthDay, 1), last), 0)
	}
	if start = begin(m); t.Before(start) {
		return begin(m - 1), start
	}
	return start, begin(m + 1)
}

// named gives the bounds of a period that the vendor named, such as 2026-06; false
// where the name is none of a period of this length.
func (p period) named(name string) (start, end time.Time, ok bool) {
	layout := map[string]string{"month": "2006-01", "day": time.DateOnly}[p.every]
	if layout == "" || p.since != 0 || p.monthDay > 1 {
		return start, end, false
	}
	from, err := time.ParseInLocation(layout, name, p.zone)
	if err != nil {
		return start, end, false
	}
	start, end = p.bounds(from)
	return start, end, true
}

// QuotaResets gives, for zones that are not whole hours from UTC, when the periods
// begin that are known from packs and configuration, in the order of the calls.
func QuotaResets(calls []queries.QuotaCall, ledgers []queries.QuotaLedger, limits []queries.QuotaLimit, from, to time.Time) []queries.QuotaReset {
	var list []queries.QuotaReset
	seen := map[[3]string]bool{}
	for i := range calls {
		c := &calls[i]
		key := [3]string{c.Vendor, c.Host, c.Name}
		if seen[key] {
			continue
		}
		seen[key] = true
		in := QuotaInput{Ledgers: ledgers, Limits: limits}
		p := newAllowance(&in, []queries.QuotaHour{{Vendor: c.Vendor, Host: c.Host, Name: c.Name}}).period
		if start, _ := p.bounds(from); start.Truncate(time.Hour).Equal(start) {
			continue
		}
		for _, at := p.bounds(from); at.Before(to); _, at = p.bounds(at) {
			list = append(list, queries.QuotaReset{Vendor: c.Vendor, Host: c.Host, Name: c.Name, At: at})
		}
	}
	return list
}

// periodOf works out how long an allowance lasts: from what is configured or
// known of the vendor, else from the periods that it named, else from how far
// away the resets are that it stated. Without a word it is the calendar month in UTC.
func periodOf(every, zone string, hours []queries.QuotaHour) period {
	p := period{every: every, zone: time.UTC}
	if loc, err := time.LoadLocation(zone); err == nil && zone != "" {
		p.zone = loc
	}
	if p.every == "" {
		p.every = namedPeriod(hours)
	}
	reset, farthest := statedReset(hours)
	if p.every == "" && farthest > 0 {
		switch {
		case farthest > monthResetMin:
			p.every = "month"
		case farthest > dayResetMax:
			p.every = "week"
		default:
			p.every = "day"
		}
	}
	if p.every == "" {
		p.every = "month"
	}
	if reset.IsZero() {
		return p
	}
	start, end := p.bounds(reset.Round(time.Minute))
	switch off := reset.Sub(start); {
	case off < resetSlack || end.Sub(reset) < resetSlack: // the calendar's own
	case p.every == "month":
		p.monthDay, p.since = monthDay(reset.Round(time.Minute).In(p.zone), hours)
	default:
		p.since = off.Round(time.Minute)
	}
	return p
}

// monthDay gives the day and time of day at which months begin of which one reset
// was stated. A reset on the last day of a short month may be one of the 31st, as
// the other resets tell.
func monthDay(reset time.Time, hours []queries.QuotaHour) (number int, clock time.Duration) {
	of := func(t time.Time) (int, time.Duration) {
		y, m, d := t.Date()
		return d, t.Sub(time.Date(y, m, d, 0, 0, 0, 0, t.Location()))
	}
	number, clock = of(reset)
	if reset.AddDate(0, 0, 1).Day() != 1 {
		return number, clock
	}
	for i := range hours {
		if r := hours[i].ResetTo; !r.IsZero() {
			if n, c := of(r.Round(time.Minute).In(reset.Location())); c == clock {
				number = max(number, n)
			}
		}
	}
	return number, clock
}

// namedPeriod tells the length from a period such as 2026-06 or 2026-06-18.
func namedPeriod(hours []queries.QuotaHour) string {
	for i := len(hours) - 1; i >= 0; i-- {
		switch len(hours[i].Period) {
		case len("2006-01"):
			return "month"
		case len("2006-01-02"):
			return "day"
		}
	}
	return ""
}

// statedReset gives the last reset that was stated, and how far away one was at
// most. A reset that moves on with the clock is that of a sliding window, which
// has no beginning: then it is zero.
func statedReset(hours []queries.QuotaHour) (reset time.Time, farthest time.Duration) {
	var before *queries.QuotaHour
	for i := range hours {
		h := &hours[i]
		if h.ResetTo.IsZero() {
			continue
		}
		farthest = max(farthest, h.ResetTo.Sub(h.Hour))
		reset = h.ResetTo
		if before != nil {
			moved, passed := h.ResetTo.Sub(before.ResetTo), h.Hour.Sub(before.Hour)
			if moved > resetSlack && passed < 20*time.Hour && h.Hour.Before(before.ResetTo.Add(-time.Hour)) {
				return time.Time{}, farthest
			}
		}
		before = h
	}
	return reset, farthest
}
