package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

const (
	// capacityBack is how far back the growth of a capacity is looked at,
	// capacityAhead how far ahead it is drawn on.
	capacityBack  = 4 * week
	capacityAhead = 90 * day
	// capacitySeenMin and capacityWordsMin are how long, and on how many days, a
	// capacity must have been seen growing.
	capacitySeenMin  = 3 * day
	capacityWordsMin = 5
	// capacitySurely is the one-sided 1 % of the normal distribution: what grows by
	// chance is no growth. capacityTenth bounds the interval of a projection.
	capacitySurely = 2.326
	capacityTenth  = 1.282
)

// isCapacity says that the hours speak of what no period gives back.
func isCapacity(hours []queries.QuotaHour) bool {
	return slices.ContainsFunc(hours, func(h queries.QuotaHour) bool { return record.QuotaBasis(h.StatedBasis).Capacity() })
}

// capacity is what is known of a capacity, hour by hour. Nothing is counted: calls
// do not tell how much of a storage they fill.
type capacity struct {
	in    *QuotaInput
	s     queries.QuotaStatus
	limit *queries.QuotaLimit // of the configuration, by its very name
	full  bool                // since s.ExhaustedAt, by the last word
	words []capacityWord      // since room was made the last time
}

// capacityWord is what was used by the last word of an hour.
type capacityWord struct {
	at   time.Time
	used float64
}

// capacityStatus tells how a capacity stands, since it was first spoken of, and
// what was used of it by the hour. The first of the hours is the very first.
func capacityStatus(in *QuotaInput, hours []queries.QuotaHour) (queries.QuotaStatus, []queries.QuotaPoint) {
	key := &hours[0]
	c := capacity{in: in, s: queries.QuotaStatus{Vendor: cmp.Or(key.Vendor, record.VendorGeneric), Host: key.Host, Account: key.Account, Name: key.Name,
		PeriodStart: firstWord(hours), Limit: record.Absent, Used: record.Absent, Remaining: record.Absent, AsOf: in.AsOf}}
	for i := range in.Limits {
		l := &in.Limits[i]
		if l.Name == key.Name && fits(l.Vendor, key.Vendor) && fits(l.Host, key.Host) && fits(l.Account, key.Account) &&
			(c.limit == nil || precision(l) > precision(c.limit)) {
			c.limit = l
		}
	}
	var points []queries.QuotaPoint
	for i := range hours {
		if !record.QuotaBasis(hours[i].StatedBasis).Capacity() {
			continue
		}
		c.take(&hours[i])
		if c.s.Used >= 0 {
			points = append(points, queries.QuotaPoint{Vendor: c.s.Vendor, Host: c.s.Host, Account: c.s.Account, Name: c.s.Name,
				PeriodStart: c.s.PeriodStart, Hour: hours[i].Hour, Used: c.s.Used, Limit: c.s.Limit, Basis: c.s.Basis})
		}
	}
	c.judge()
	return c.s, points
}

// firstWord is when a capacity was first spoken of.
func firstWord(hours []queries.QuotaHour) time.Time {
	for i := range hours {
		h := &hours[i]
		if !record.QuotaBasis(h.StatedBasis).Capacity() {
			continue
		}
		first := firstTime(h.FirstStated, h.FirstRefusal, h.LimitStated, h.Hour)
		if !h.FirstRefusal.IsZero() {
			first = minTime(first, h.FirstRefusal)
		}
		return first
	}
	return hours[0].Hour
}

// take brings the capacity forward by one hour.
func (c *capacity) take(h *queries.QuotaHour) {
	s := &c.s
	where := string(record.QuotaBasis(h.StatedBasis).Stands())
	limitWhere := ""
	switch {
	case h.StatedLimit >= 0:
		s.Limit, s.LimitStatedAt, limitWhere = h.StatedLimit, h.LimitStated, where
	case !s.LimitStatedAt.IsZero():
		limitWhere = limitWord(s.Basis)
	case c.limit != nil:
		s.Limit, limitWhere = c.limit.Limit, "config"
	}
	switch {
	case h.LastUsed >= 0:
		s.Used = h.LastUsed
	case h.LastRemaining >= 0 && s.Limit >= 0:
		s.Used = max(s.Limit-h.LastRemaining, 0)
	}
	s.Remaining = record.Absent
	switch {
	case h.LastRemaining >= 0 && h.LastUsed < 0:
		s.Remaining = h.LastRemaining
	case s.Limit >= 0 && s.Used >= 0:
		s.Remaining = max(s.Limit-s.Used, 0)
	}
	s.Basis = "used: " + where
	if limitWhere != "" {
		s.Basis = limitPrefix + limitWhere + ", " + s.Basis
	}
	s.Refusals += h.Refusals
	switch {
	case h.Refusals > 0 && !c.full:
		s.ExhaustedAt, c.full = h.FirstRefusal, true
	case s.Remaining == 0 && !c.full:
		s.ExhaustedAt, c.full = h.LastStated, true
	case h.Refusals == 0 && s.Remaining > 0 && c.full: // somebody made room: how it grew before tells nothing
		c.full, c.words = false, nil
	}
	if s.Used >= 0 && !h.LastStated.IsZero() {
		c.words = append(c.words, capacityWord{h.LastStated, float64(s.Used)})
	}
}

// judge says how it goes on.
func (c *capacity) judge() {
	s := &c.s
	s.BurnPerHour, s.BurnPerHour1h, s.BurnPerHour7d = c.growth(day), c.growth(time.Hour), c.growth(week)
	switch {
	case s.Limit >= 0 && s.Used > s.Limit && s.Refusals == 0:
		s.Outlook = queries.QuotaOver
	case s.Remaining == 0:
		s.Outlook = queries.QuotaExhausted
	case s.Limit < 0:
		s.Outlook = queries.QuotaUnknown
	default:
		s.Outlook = queries.QuotaLasts
		c.project()
	}
}

// growth is by how much the use grew by the hour over the last span, from the last
// word before it on, else from the first; NaN where no newer one is there to
// compare with. What shrinks has no growth.
func (c *capacity) growth(span time.Duration) float64 {
	if len(c.words) == 0 {
		return math.NaN()
	}
	base, newest := c.words[0], c.words[len(c.words)-1]
	for _, w := range c.words {
		if w.at.After(c.in.AsOf.Add(-span)) {
			break
		}
		base = w
	}
	if !newest.at.After(base.at) {
		return math.NaN()
	}
	return max(newest.used-base.used, 0) / max(c.in.AsOf.Sub(base.at).Hours(), 1)
}

// project foretells when the capacity is full, where it really grows: by the test
// of Mann (1945) on the words of the last weeks, one a day and the newest, and along
// the slope of Sen (1968), whose ranks give the interval.
func (c *capacity) project() {
	words := c.daily()
	n := len(words)
	if n < capacityWordsMin || words[n-1].at.Sub(words[0].at) < capacitySeenMin {
		return
	}
	var slopes []float64 // by the hour
	rises := 0
	for i := range words {
		for k := i + 1; k < n; k++ {
			d := words[k].used - words[i].used
			rises += cmp.Compare(d, 0)
			slopes = append(slopes, d/words[k].at.Sub(words[i].at).Hours())
		}
	}
	spread := math.Sqrt(float64(n*(n-1)*(2*n+5)) / 18)
	if float64(rises-1) < capacitySurely*spread && rises < n*(n-1)/2 {
		return
	}
	slices.Sort(slopes)
	off := int(capacityTenth * spread / 2)
	at := func(i int) time.Time {
		slope := slopes[min(max(i, 0), len(slopes)-1)]
		hours := float64(c.s.Remaining) / slope
		if slope <= 0 || hours > capacityAhead.Hours() {
			return time.Time{}
		}
		return c.in.AsOf.Add(time.Duration(hours * float64(time.Hour))).Round(time.Second)
	}
	middle := len(slopes) / 2
	c.s.ProjectedAt = at(middle)
	c.s.ProjectedFrom, c.s.ProjectedTo = at(middle+off), at(middle-off)
	if !c.s.ProjectedAt.IsZero() {
		c.s.Outlook = queries.QuotaRunsOut
	}
}

// daily is the last word of each day of the last weeks.
func (c *capacity) daily() (words []capacityWord) {
	since := c.in.AsOf.Add(-capacityBack)
	for _, w := range c.words {
		if w.at.Before(since) || w.at.After(c.in.AsOf) {
			continue
		}
		if n := len(words); n > 0 && words[n-1].at.Truncate(day).Equal(w.at.Truncate(day)) {
			words[n-1] = w
			continue
		}
		words = append(words, w)
	}
	return words
}
