package classify

import (
	"bytes"
	"strings"

	"github.com/errscope/errscope/record"
)

// limit is one limit of a vendor, with the slots that state it or noSlot.
type limit struct {
	name      string
	quota     bool // an allowance per period, not a short window
	capacity  bool // neither: full until somebody makes room
	headers   bool // headers state it, not the body
	limit     int
	remaining int
	used      int
	pair      int
	reset     int
	resetName string
	unit      timeUnit
	period    string // "day", "month" or ""
}

// waitPlace is a place that states a wait.
type waitPlace struct {
	slot int
	name string
	unit timeUnit
}

func (c *compiler) limits(list []limitFile, owner place) []limit {
	var out []limit
	for i := range list {
		f := &list[i]
		lim := limit{name: f.Name.s, limit: c.path(f.Limit), remaining: c.path(f.Remaining), used: c.path(f.Used),
			pair: c.path(f.Pair), reset: c.path(f.Reset), resetName: sourceName(f.Reset.s), unit: c.unit(f.ResetUnit), period: f.Period.s}
		for _, t := range [...]text{f.Limit, f.Remaining, f.Used, f.Pair} {
			lim.headers = lim.headers || strings.HasPrefix(t.s, pathHeader)
		}
		switch f.Kind.s {
		case "", "rate":
		case "quota":
			lim.quota = true
		case "capacity":
			lim.capacity = true
			if f.Reset.s != "" || f.Period.s != "" || f.Name.s == "" {
				c.bad.add(f.Kind.at, "", "a capacity has a name, and neither reset nor period")
			}
		default:
			c.bad.add(f.Kind.at, "", "%q is no kind of limit, want rate, quota or capacity", f.Kind.s)
		}
		switch f.Period.s {
		case "", "minute", "hour", "day", "month":
		default:
			c.bad.add(f.Period.at, "", "%q is no period, want minute, hour, day or month", f.Period.s)
		}
		if lim.limit < 0 && lim.remaining < 0 && lim.used < 0 && lim.pair < 0 {
			at := f.Name.at
			if at.doc == nil {
				at = owner
			}
			c.bad.add(at, "name at least one of limit, remaining, used and pair", "limit %q states no number", f.Name.s)
		}
		for k := range out {
			if out[k].name == lim.name && out[k].capacity != lim.capacity {
				c.bad.add(f.Name.at, "", "%q is the name of a capacity and of a limit that comes back", lim.name)
			}
		}
		out = append(out, lim)
	}
	return out
}

func (c *compiler) waits(list []waitFile, owner place) []waitPlace {
	var out []waitPlace
	for i := range list {
		f := &list[i]
		c.required(f.From, owner, "wait.from")
		if slot := c.path(f.From); slot >= 0 {
			out = append(out, waitPlace{slot: slot, name: sourceName(f.From.s), unit: c.unit(f.Unit)})
		}
	}
	return out
}

// sourceName is a path as labels name it.
func sourceName(path string) string {
	if path == "" || strings.HasPrefix(path, pathHeader) {
		return strings.ToLower(path)
	}
	return "body:" + path
}

func (c *compiler) unit(t text) timeUnit {
	u, ok := timeUnits[t.s]
	if !ok {
		c.bad.add(t.at, "the units are: auto, s, ms, epoch_s, epoch_ms, duration, date", "unknown unit %q", t.s)
	}
	return u
}

// pickLimit is the limit that matters most of those that the answer states, or
// nil: one that is used up, then allowances before short windows, then the one
// of which least is left. A spent allowance is never a short window, and a rate
// limit never an allowance that is not used up.
func (l *Labeler) pickLimit(own *Pack, out *record.Label) *limit {
	if !own.limitSlots.hasAny(l.bodySet) && !l.e.set.global.limitSlots.hasAny(l.bodySet) {
		return nil
	}
	global := l.e.set.global.limits
	if own == l.e.set.global {
		global = nil
	}
	var best *limit
	bestRank := 0.0
	for i := range len(own.limits) + len(global) {
		lim := limitAt(own.limits, global, i)
		if out.Category == record.QuotaExhausted && (l.facts.capacity != "" && lim.name != l.facts.capacity || l.facts.capacity == "" && !lim.quota) {
			continue
		}
		total, left, stated := l.standing(lim)
		if !stated {
			continue
		}
		rank := 1.0
		if left == 0 {
			rank += 8
		}
		if (lim.quota || lim.capacity) == (out.Category != record.RateLimit) {
			rank += 4
		}
		if total > 0 && left >= 0 {
			rank += 1 - min(float64(left)/float64(total), 1)
		}
		if rank > bestRank {
			best, bestRank = lim, rank
		}
	}
	return best
}

// limitAt is element i of two lists in a row.
func limitAt(first, second []limit, i int) *limit {
	if i < len(first) {
		return &first[i]
	}
	return &second[i-len(first)]
}

// standing is what a limit allows and what is left of it, as far as stated.
func (l *Labeler) standing(lim *limit) (total, left int64, stated bool) {
	total, left = parseCount(l.scalar(lim.limit)), parseCount(l.scalar(lim.remaining))
	used := parseCount(l.scalar(lim.used))
	if lim.pair >= 0 {
		if u, t, ok := bytes.Cut(l.scalar(lim.pair), []byte("/")); ok {
			// Some put a name before: "api-usage=18/5000".
			used, total = parseCount(u[bytes.LastIndexByte(u, '=')+1:]), parseCount(leadingDigits(t))
		}
	}
	stated = total >= 0 || left >= 0 || used >= 0
	if left < 0 && total >= 0 && used >= 0 {
		left = max(total-used, 0)
	}
	return total, left, stated
}

// leadingDigits is the number that b begins with, spaces before it allowed.
func leadingDigits(b []byte) []byte {
	b = trimStart(b)
	for i, c := range b {
		if c < '0' || c > '9' {
			return b[:i]
		}
	}
	return b
}

// basis says what the limit's numbers are.
func (lim *limit) basis() record.QuotaBasis {
	switch {
	case lim.capacity && lim.headers:
		return record.QuotaCapacityInHeader
	case lim.capacity:
		return record.QuotaCapacityInBody
	case !lim.quota:
		return record.QuotaRate
	case lim.headers:
		return record.QuotaInHeader
	}
	return record.QuotaInBody
}

// limitQuota stores what the answer says of lim.
func (l *Labeler) limitQuota(r *record.Record, lim *limit, q *record.Quota) {
	base, known := l.base(r)
	q.Name, q.Basis = lim.name, lim.basis()
	q.Limit, q.Remaining, _ = l.standing(lim)
	q.Used = parseCount(l.scalar(lim.used))
	if lim.pair >= 0 && q.Used < 0 && q.Limit >= 0 && q.Remaining >= 0 {
		u, _, _ := bytes.Cut(l.scalar(lim.pair), []byte("/"))
		q.Used = parseCount(u[bytes.LastIndexByte(u, '=')+1:])
	}
	if lim.reset >= 0 {
		if w, ok := lim.unit.parse(l.scalar(lim.reset), base, known); ok {
			q.ResetAt = w.at
		}
	}
	if lim.quota && known {
		switch lim.period {
		case "day":
			q.Period = l.intern(base.UTC().AppendFormat(l.low[:0], "2006-01-02"))
		case "month":
			q.Period = l.intern(base.UTC().AppendFormat(l.low[:0], "2006-01"))
		}
	}
}
