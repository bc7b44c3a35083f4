package classify

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// Bounds of a stated time: what is further away is no time but a misreading.
const (
	waitMax     = 366 * 24 * time.Hour
	waitPastMax = time.Hour
)

// readHeaders stores the headers that standards or packs name, the first value
// of each.
func (l *Labeler) readHeaders(r *record.Record) {
	for i := range r.Headers {
		h := &r.Headers[i]
		if len(h.Name) > codeBytesMax {
			continue
		}
		l.low = appendLower(l.low[:0], h.Name)
		slot, ok := l.e.set.slots.headers[string(l.low)]
		if !ok || l.head[slot] != nil {
			continue
		}
		if v := bytes.TrimSpace(h.Value); len(v) > 0 {
			l.head[slot] = v
			l.headSet = append(l.headSet, slot)
		}
	}
}

// requestID takes the first id in the pack's order, then in the common one.
func (l *Labeler) requestID(r *record.Record, own *Pack, out *record.Label) {
	if len(l.headSet) == 0 && len(l.bodySet) == 0 {
		if id := r.RequestID; len(id) > 0 && len(id) <= internBytesMax {
			out.RequestID = l.unique(id)
		}
		return
	}
	for _, sources := range [2][]idSource{own.ids, l.e.set.global.ids} {
		for i := range sources {
			s := &sources[i]
			var id []byte
			switch {
			case s.header >= 0:
				id = l.head[s.header]
			case s.log:
				id = r.RequestID
			default:
				id = l.scalar(s.body)
			}
			if len(id) > 0 && len(id) <= internBytesMax {
				out.RequestID = l.unique(id)
				l.say(out, "request id from ", s.name)
				return
			}
		}
	}
}

// base is the instant from which relative waits count: the response's Date,
// else the record's own time. It is never the clock on the wall.
func (l *Labeler) base(r *record.Record) (time.Time, bool) {
	if d := l.head[headDate]; d != nil {
		if t, ok := parseHTTPDate(d); ok {
			return t, true
		}
	}
	if r.TimeDigits == record.Absent {
		return time.Time{}, false
	}
	return time.Unix(0, r.TimeNS).UTC(), true
}

// parseHTTPDate reads the date forms of RFC 9110 section 5.6.7, and some near
// misses that servers send.
func parseHTTPDate(b []byte) (time.Time, bool) {
	if t, ok := parseFixedDate(b); ok {
		return t, true
	}
	for _, layout := range [...]string{time.RFC1123, "Mon, 2 Jan 2006 15:04:05 MST", time.RFC850, time.ANSIC, time.RFC1123Z} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseFixedDate reads the form that nearly all servers send, such as
// "Thu, 18 Jun 2026 09:30:00 GMT", without allocating.
func parseFixedDate(b []byte) (time.Time, bool) {
	const form, months = "Thu, 18 Jun 2026 09:30:00 GMT", "JanFebMarAprMayJunJulAugSepOctNovDec"
	if len(b) != len(form) || string(b[25:]) != " GMT" || b[16] != ' ' || b[19] != ':' || b[22] != ':' {
		return time.Time{}, false
	}
	month := -1
	for i := 0; i < len(months); i += 3 {
		if string(b[8:11]) == months[i:i+3] {
			month = i/3 + 1
		}
	}
	day, year := parseCount(b[5:7]), parseCount(b[12:16])
	hour, minute, second := parseCount(b[17:19]), parseCount(b[20:22]), parseCount(b[23:25])
	if month < 0 || day < 1 || day > 31 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return time.Time{}, false
	}
	return time.Date(int(year), time.Month(month), int(day), int(hour), int(minute), int(second), 0, time.UTC), true
}

// wait is a stated time: as an instant, a distance, or both.
type wait struct {
	at      time.Time // zero where it cannot be told
	seconds float64   // record.Absent where it cannot be told
	source  string
}

// statedWait reads how long the server asks to wait, and turns a bare backoff
// into a wait until then.
func (l *Labeler) statedWait(r *record.Record, out *record.Label) {
	if !l.stated(headRetryAfter, headRetryAfterMS, headRateLimit, headReset) || !l.acceptsWait(out) {
		return
	}
	w, ok := l.wait(r, out)
	if !ok {
		return
	}
	out.RetryAt, out.RetryAfterS, out.RetrySource = w.at, w.seconds, w.source
	l.say(out, "wait stated in ", w.source)
	if out.Retry == record.RetryBackoff && (out.Category == record.RateLimit || out.Category == record.Unavailable) {
		out.Retry = record.RetryAfterReset
	}
}

// stated reports whether any of the headers came.
func (l *Labeler) stated(slots ...int) bool {
	for _, s := range slots {
		if l.head[s] != nil {
			return true
		}
	}
	return false
}

// acceptsWait says where a stated wait has a meaning: some servers send
// Retry-After with answers that no waiting changes.
func (l *Labeler) acceptsWait(out *record.Label) bool {
	if !out.Failure {
		return out.Status == 202 || out.Status >= 300 && out.Status < 400
	}
	switch out.Category {
	case record.RateLimit, record.Unavailable, record.QuotaExhausted:
		return true
	}
	return automatic(out.Retry) || out.Status == 413 || out.Status == 403 && string(l.head[headRemaining]) == "0"
}

// wait takes the first sound statement: Retry-After over the limit headers,
// which count only when a short-window limit is what failed.
func (l *Labeler) wait(r *record.Record, out *record.Label) (wait, bool) {
	base, known := l.base(r)
	if v := l.head[headRetryAfterMS]; v != nil {
		if ms, err := strconv.ParseFloat(string(v), 64); err == nil && ms >= 0 {
			return fromSeconds(ms/1000, base, known, "header:retry-after-ms")
		}
	}
	if v := l.head[headRetryAfter]; v != nil {
		if w, ok := parseRetryAfter(v, base, known); ok {
			return w, true
		}
	}
	if !out.Failure || out.Category != record.RateLimit && out.Category != record.Unavailable {
		return wait{}, false
	}
	if v := l.head[headRateLimit]; v != nil {
		if lim, ok := parseRateLimit(v); ok && lim.reset >= 0 && (lim.remaining == 0 || out.Category == record.RateLimit) {
			return fromSeconds(lim.reset, base, known, "header:ratelimit")
		}
	}
	if v := l.head[headReset]; v != nil {
		if w, ok := parseReset(l.listItem(v), base, known); ok {
			w.source = l.resetName(r)
			return w, true
		}
	}
	return wait{}, false
}

// resetName is the name under which the reset header came.
func (l *Labeler) resetName(r *record.Record) string {
	for i := range r.Headers {
		l.low = appendLower(append(l.low[:0], "header:"...), r.Headers[i].Name)
		if slot, ok := l.e.set.slots.headers[string(l.low[len("header:"):])]; ok && slot == headReset {
			return l.intern(l.low)
		}
	}
	return "header:x-ratelimit-reset"
}

// listItem picks one of several windows ("1, 1419704"): the one that is used
// up, else the first.
func (l *Labeler) listItem(v []byte) []byte {
	if bytes.IndexByte(v, ',') < 0 || bytes.IndexByte(v, ':') >= 0 || isGrouped(v) {
		return v
	}
	at, i := 0, 0
	for rest := l.head[headRemaining]; len(rest) > 0; i++ {
		item := rest
		if k := bytes.IndexByte(rest, ','); k >= 0 {
			item, rest = rest[:k], rest[k+1:]
		} else {
			rest = nil
		}
		if string(bytes.TrimSpace(item)) == "0" {
			at = i
			break
		}
	}
	for ; at > 0; at-- {
		k := bytes.IndexByte(v, ',')
		if k < 0 {
			break
		}
		v = v[k+1:]
	}
	if k := bytes.IndexByte(v, ','); k >= 0 {
		v = v[:k]
	}
	return bytes.TrimSpace(v)
}

// isGrouped tells "10,000" from a list.
func isGrouped(v []byte) bool {
	first, rest, _ := bytes.Cut(v, []byte(","))
	if len(first) == 0 || len(first) > 3 {
		return false
	}
	for len(rest) > 0 {
		if len(rest) < 3 || !holeInt.holds(rest[:3]) || len(rest) > 3 && rest[3] != ',' {
			return false
		}
		rest = rest[min(4, len(rest)):]
	}
	return true
}

// parseRetryAfter reads seconds (RFC 9110 section 10.2.3; some servers send
// fractions) or an HTTP date.
func parseRetryAfter(v []byte, base time.Time, known bool) (wait, bool) {
	const source = "header:retry-after"
	if s, ok := parseNumber(v); ok {
		if s < 1e9 {
			return fromSeconds(s, base, known, source)
		}
		w, ok := parseReset(v, base, known)
		w.source = source
		return w, ok
	}
	if t, ok := parseHTTPDate(v); ok {
		w, ok := fromInstant(t, base, known)
		w.source = source
		return w, ok
	}
	return wait{}, false
}

// parseReset reads a reset by its value, since names do not tell the unit:
// 1e12 and more is epoch milliseconds, 1e9 and more epoch seconds, less is
// seconds from now; else a duration ("6m0s"), RFC 3339, or a date.
func parseReset(v []byte, base time.Time, known bool) (wait, bool) {
	if n, ok := parseNumber(v); ok {
		switch {
		case n >= 1e12 && n < 1e15:
			return fromInstant(time.UnixMilli(int64(n)).UTC(), base, known)
		case n >= 1e9 && n < 1e12:
			whole, part := math.Modf(n)
			return fromInstant(time.Unix(int64(whole), int64(part*1e9)).UTC(), base, known)
		}
		return fromSeconds(n, base, known, "")
	}
	s := string(v)
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return fromSeconds(d.Seconds(), base, known, "")
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return fromInstant(t.UTC(), base, known)
	}
	if t, ok := parseHTTPDate(v); ok {
		return fromInstant(t, base, known)
	}
	if i := bytes.IndexByte(v, '('); i > 0 {
		s = string(bytes.TrimSpace(v[:i]))
	}
	if t, err := time.Parse("Mon Jan 02 2006 15:04:05 GMT-0700", s); err == nil {
		return fromInstant(t.UTC(), base, known)
	}
	return wait{}, false
}

// parseNumber reads a plain decimal number that is not negative.
func parseNumber(v []byte) (float64, bool) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || len(v) > 32 {
		return 0, false
	}
	for _, c := range v {
		if (c < '0' || c > '9') && c != '.' {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(string(v), 64)
	return n, err == nil
}

func fromSeconds(s float64, base time.Time, known bool, source string) (wait, bool) {
	if s < 0 || s > waitMax.Seconds() {
		return wait{}, false
	}
	w := wait{seconds: s, source: source}
	if known {
		w.at = base.Add(time.Duration(s * float64(time.Second)))
	}
	return w, true
}

func fromInstant(t, base time.Time, known bool) (wait, bool) {
	w := wait{at: t, seconds: record.Absent}
	if !known {
		return w, true
	}
	d := t.Sub(base)
	if d > waitMax || d < -waitPastMax {
		return wait{}, false
	}
	w.seconds = max(d.Seconds(), 0)
	return w, true
}
