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
	l.inBody(out)
}

// inBody notes that the body or its message stated the numbers.
func (l *Labeler) inBody(out *record.Label) {
	switch q := &out.Quota; {
	case !q.Stated():
	case out.Category == record.RateLimit:
		q.Basis = record.QuotaRate
	default:
		q.Basis = record.QuotaInBody
	}
}

// capacityQuota names what is full and says that it is a capacity, whatever was
// stated of it.
func (l *Labeler) capacityQuota(out *record.Label) {
	if l.facts.capacity == "" {
		return
	}
	q := &out.Quota
	if q.Basis != record.QuotaCapacityInHeader {
		q.Basis = record.QuotaCapacityInBody
	}
	q.Name, q.Period = l.facts.capacity, ""
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
	l.inBody(out)
}

// statedQuota takes what the pack's limits and the standard limit headers say,
// on successes too. Of a spent allowance the standard headers say nothing: they
// speak of a short window.
func (l *Labeler) statedQuota(r *record.Record, own *Pack, out *record.Label) {
	q := &out.Quota
	if len(l.headSet)+len(l.bodySet) == 0 {
		return
	}
	// What the message or the body said of the numbers goes before the headers,
	// which still say when the limit is full again.
	l.limit = l.pickLimit(own, out)
	switch {
	case q.Stated():
		return
	case l.limit != nil:
		l.limitQuota(r, l.limit, q)
		return
	}
	if out.Category == record.QuotaExhausted || !l.stated(headRateLimit, headLimit, headRemaining, headUsed) {
		return
	}
	base, known := l.base(r)
	if v := l.head[headRateLimit]; v != nil {
		policy := l.head[headRateLimitPolicy]
		if out.Category == record.RateLimit {
			policy = nil // a short window refused
		}
		if lim, ok := parseRateLimit(v, policy); ok {
			l.structured(lim, base, known, q)
			l.window(lim.name, base, known, q)
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
	l.window(nil, base, known, q)
}

// rateWindowMax is the longest short window: what lasts longer is an allowance.
const rateWindowMax = 2 * time.Hour

// window tells a short window from an allowance per period, where standard
// headers stated the numbers: by the window of the policy, else by how far the
// reset is away. What neither tells is a short window.
func (l *Labeler) window(name []byte, base time.Time, known bool, q *record.Quota) {
	if !q.Stated() {
		return
	}
	q.Basis = record.QuotaRate
	if w := policyWindow(l.head[headRateLimitPolicy], name, q.Limit); w > 0 {
		if w <= int64(rateWindowMax/time.Second) {
			return
		}
		q.Basis = record.QuotaInHeader
		return
	}
	if known && q.ResetAt.Sub(base) > rateWindowMax {
		q.Basis = record.QuotaInHeader
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
