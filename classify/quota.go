package classify

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// holeQuota takes what the matched message said of an allowance. The names of
// holes that mean something are quota_name, tier, year, month, day, limit, used
// and remaining.
func (l *Labeler) holeQuota(out *record.Label) {
	q := &out.Quota
	var year, month, day []byte
	for i := range l.holes {
		switch v := l.holes[i].value; l.holes[i].name {
		case "quota_name":
			q.Name = l.verbatim(v)
		case "tier":
			q.Tier = l.verbatim(v)
		case "limit":
			q.Limit = parseCount(v)
		case "used":
			q.Used = parseCount(v)
		case "remaining":
			q.Remaining = parseCount(v)
		case "year":
			year = v
		case "month":
			month = v
		case "day":
			day = v
		}
	}
	q.Period = l.period(year, month, day)
}

// period is "2026", "2026-06" or "2026-06-18", or "" where the parts are none.
func (l *Labeler) period(year, month, day []byte) string {
	if len(year) != 4 {
		return ""
	}
	l.low = append(l.low[:0], year...)
	for _, part := range [2]struct {
		v   []byte
		max int64
	}{{month, 12}, {day, 31}} {
		n := parseCount(part.v)
		if n < 1 || n > part.max {
			break
		}
		l.low = append(l.low, '-', byte('0'+n/10), byte('0'+n%10))
	}
	return l.intern(l.low)
}

// bodyQuota takes what the body says of usage, which counts more than the
// message.
func (l *Labeler) bodyQuota(own *Pack, out *record.Label) {
	if !own.quota.any || len(l.bodySet) == 0 {
		return
	}
	s, q := &own.quota, &out.Quota
	for _, t := range [3]struct {
		slot int
		to   *string
	}{{s.name, &q.Name}, {s.tier, &q.Tier}, {s.period, &q.Period}} {
		if v := l.scalar(t.slot); len(v) > 0 {
			*t.to = l.verbatim(cut(v, codeBytesMax))
		}
	}
	for _, n := range [3]struct {
		slot int
		to   *int64
	}{{s.limit, &q.Limit}, {s.used, &q.Used}, {s.remaining, &q.Remaining}} {
		if v := parseCount(l.scalar(n.slot)); v >= 0 {
			*n.to = v
		}
	}
	if v := l.scalar(s.resetAt); len(v) > 0 {
		if w, ok := parseReset(v, time.Time{}, false); ok {
			q.ResetAt = w.at
		}
	}
}

// headerQuota takes what the limit headers say, on successes too.
func (l *Labeler) headerQuota(r *record.Record, out *record.Label) {
	q := &out.Quota
	if !l.stated(headRateLimit, headLimit, headRemaining, headUsed) || q.Stated() {
		return
	}
	base, known := l.base(r)
	if v := l.head[headRateLimit]; v != nil {
		if lim, ok := parseRateLimit(v); ok {
			l.structured(lim, base, known, q)
			return
		}
	}
	if v := l.head[headLimit]; v != nil {
		q.Limit = parseCount(l.listItem(v))
	}
	if v := l.head[headRemaining]; v != nil {
		q.Remaining = parseCount(l.listItem(v))
	}
	if v := l.head[headUsed]; v != nil {
		q.Used = parseCount(l.listItem(v))
	}
	if v := l.head[headReset]; v != nil && q.Stated() {
		if w, ok := parseReset(l.listItem(v), base, known); ok {
			q.ResetAt = w.at
		}
	}
}

// structured stores a RateLimit field and the quota of the policy it names.
func (l *Labeler) structured(lim limitItem, base time.Time, known bool, q *record.Quota) {
	q.Name, q.Remaining, q.Limit = l.verbatim(lim.name), lim.remaining, lim.quota
	if lim.reset >= 0 {
		if w, ok := fromSeconds(lim.reset, base, known, ""); ok {
			q.ResetAt = w.at
		}
	}
	if q.Limit < 0 {
		q.Limit = policyQuota(l.head[headRateLimitPolicy], lim.name)
	}
	if q.Limit < 0 && l.head[headLimit] != nil {
		q.Limit = parseCount(l.listItem(l.head[headLimit]))
	}
}

// limitItem is one item of a RateLimit field.
type limitItem struct {
	name      []byte
	quota     int64
	remaining int64
	reset     float64 // seconds, or -1
}

// limitItemsMax bounds how many items of one field are looked at.
const limitItemsMax = 16

// parseRateLimit reads the RateLimit field of the IETF draft, current
// ("daily";r=50;t=30) or older (limit=100, remaining=0, reset=7). Of several
// items the one with least remaining counts. A malformed field is ignored, as
// the draft asks.
func parseRateLimit(v []byte) (limitItem, bool) {
	best, found := limitItem{quota: record.Absent, remaining: record.Absent, reset: record.Absent}, false
	flat, old := best, false
	for range limitItemsMax {
		item, rest := nextItem(v, ',')
		cur := limitItem{quota: record.Absent, remaining: record.Absent, reset: record.Absent}
		for first := true; len(item) > 0; first = false {
			var param []byte
			param, item = nextItem(item, ';')
			name, value, isPair := bytes.Cut(param, []byte("="))
			name = bytes.TrimSpace(name)
			switch {
			case first && !isPair:
				cur.name = bytes.Trim(name, `"`)
			case string(name) == "r":
				cur.remaining = parseCount(value)
			case string(name) == "t":
				cur.reset = float64(parseCount(value))
			case string(name) == "q":
				cur.quota = parseCount(value)
			case string(name) == "limit":
				flat.quota, old = parseCount(value), true
			case string(name) == "remaining":
				flat.remaining, old = parseCount(value), true
			case string(name) == "reset":
				flat.reset, old = float64(parseCount(value)), true
			}
		}
		if cur.remaining >= 0 && (!found || cur.remaining < best.remaining) {
			best, found = cur, true
		}
		if v = rest; len(v) == 0 {
			break
		}
	}
	if !found && old && flat.remaining >= 0 {
		return flat, true
	}
	return best, found
}

// policyQuota is the quota that a RateLimit-Policy field states for a policy:
// q=100 of the current draft, or the bare number of older ones.
func policyQuota(v, name []byte) int64 {
	for range limitItemsMax {
		item, rest := nextItem(v, ',')
		head, params := nextItem(item, ';')
		if n := parseCount(head); n >= 0 && len(name) == 0 {
			return n
		}
		for bytes.Equal(bytes.Trim(head, `"`), name) && len(params) > 0 {
			var param []byte
			param, params = nextItem(params, ';')
			if key, value, _ := bytes.Cut(param, []byte("=")); string(bytes.TrimSpace(key)) == "q" {
				return parseCount(value)
			}
		}
		if v = rest; len(v) == 0 {
			break
		}
	}
	return record.Absent
}

// nextItem cuts the first item of a list; separators in quotes do not count.
func nextItem(v []byte, sep byte) (item, rest []byte) {
	quoted := false
	for i, c := range v {
		switch {
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return bytes.TrimSpace(v[:i]), bytes.TrimSpace(v[i+1:])
		}
	}
	return bytes.TrimSpace(v), nil
}

// parseCount reads a number that counts something: digits, "," between
// thousands, a fraction that is dropped. Anything else is record.Absent.
func parseCount(v []byte) int64 {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || len(v) > 24 {
		return record.Absent
	}
	var n int64
	for i, c := range v {
		switch {
		case c >= '0' && c <= '9':
			if n > (math.MaxInt64-9)/10 {
				return record.Absent
			}
			n = n*10 + int64(c-'0')
		case c == ',' && i > 0:
		case c == '.' && i > 0, c == 'e' || c == 'E':
			f, err := strconv.ParseFloat(string(v), 64)
			if err != nil || f < 0 || f >= 1e18 {
				return record.Absent
			}
			return int64(f)
		default:
			return record.Absent
		}
	}
	return n
}
