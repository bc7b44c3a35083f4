package classify

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
)

// wait is a stated time: as an instant, a distance, or both.
type wait struct {
	at      time.Time // zero where it cannot be told
	seconds float64   // record.Absent where it cannot be told
	source  string
}

// statedWait reads how long the server asks to wait, and turns a bare backoff
// into a wait until then.
func (l *Labeler) statedWait(r *record.Record, own *Pack, out *record.Label) {
	if !l.statesWait(own, out.Failure) || !l.acceptsWait(out) {
		return
	}
	w, ok := l.wait(r, own, out)
	if !ok {
		return
	}
	out.RetryAt, out.RetryAfterS, out.RetrySource = w.at, w.seconds, w.source
	l.say(out, "wait stated in ", w.source)
	if out.Retry == record.RetryBackoff && (out.Category == record.RateLimit || out.Category == record.Unavailable) {
		out.Retry = record.RetryAfterReset
	}
}

// statesWait reports whether anything came that can speak of a wait: a look
// that is cheaper than to work out from when it would count. A success states
// it in headers alone.
func (l *Labeler) statesWait(own *Pack, failure bool) bool {
	if l.limit != nil || l.stated(headRetryAfter, headRetryAfterMS, headRateLimit, headReset) {
		return true
	}
	for i := range l.holes {
		if strings.HasPrefix(l.holes[i].name, "wait") {
			return true
		}
	}
	return failure && (own.waitSlots.hasAny(l.bodySet) || l.e.set.global.waitSlots.hasAny(l.bodySet))
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

// wait takes the first sound statement: Retry-After, what the pack says of
// headers and members, the message, and last the limit headers, which count
// only when that limit is what failed.
func (l *Labeler) wait(r *record.Record, own *Pack, out *record.Label) (wait, bool) {
	base, known := l.base(r)
	if v := l.head[headRetryAfterMS]; v != nil {
		if ms, err := strconv.ParseFloat(string(v), 64); err == nil && ms > 0 {
			return fromSeconds(ms/1000, base, known, l.headerName(r, headRetryAfterMS))
		}
	}
	if v := l.head[headRetryAfter]; v != nil {
		if w, ok := parseRetryAfter(v, base, known); ok {
			return w, true
		}
	}
	if !out.Failure {
		return wait{}, false
	}
	for _, places := range [2][]waitPlace{own.waits, l.e.set.global.waits} {
		for i := range places {
			if w, ok := places[i].unit.parse(l.scalar(places[i].slot), base, known); ok {
				w.source = places[i].name
				return w, true
			}
		}
	}
	if w, ok := l.messageWait(base, known); ok {
		return w, true
	}
	return l.limitWait(r, base, known, out)
}

// messageWait reads the holes of a message that speak of a wait.
func (l *Labeler) messageWait(base time.Time, known bool) (wait, bool) {
	for i := range l.holes {
		var unit timeUnit
		switch l.holes[i].name {
		case "wait":
			unit = unitAuto
		case "wait_s":
			unit = unitSeconds
		case "wait_ms":
			unit = unitMillis
		default:
			continue
		}
		if w, ok := unit.parse(l.holes[i].value, base, known); ok {
			w.source = "message"
			return w, true
		}
	}
	return wait{}, false
}

// limitWait reads when the limit that failed is full again.
func (l *Labeler) limitWait(r *record.Record, base time.Time, known bool, out *record.Label) (wait, bool) {
	if lim := l.limit; lim != nil && lim.reset >= 0 {
		if (out.Category == record.QuotaExhausted) != lim.quota {
			return wait{}, false
		}
		w, ok := lim.unit.parse(l.scalar(lim.reset), base, known)
		w.source = lim.resetName
		return w, ok
	}
	if out.Category != record.RateLimit && out.Category != record.Unavailable {
		return wait{}, false
	}
	if v := l.head[headRateLimit]; v != nil {
		if lim, ok := parseRateLimit(v, nil); ok && lim.reset >= 0 && (lim.remaining == 0 || out.Category == record.RateLimit) {
			return fromSeconds(lim.reset, base, known, "header:ratelimit")
		}
	}
	// A limit of which something is left is not the one that failed.
	left := parseCount(l.listItem(l.head[headRemaining]))
	if v := l.head[headReset]; v != nil && left <= 0 {
		if w, ok := parseReset(l.listItem(v), base, known); ok {
			w.source = l.headerName(r, headReset)
			return w, true
		}
	}
	return wait{}, false
}

// timeBytesMax is the longest text that can be a time or a wait.
const timeBytesMax = 128

// timeUnit says how a stated time is written.
type timeUnit byte

const (
	unitAuto     timeUnit = iota // told by the value
	unitSeconds                  // from now
	unitMillis                   // from now
	unitEpoch                    // seconds
	unitEpochMS                  // milliseconds
	unitDuration                 // 6m0s, 20 seconds, PT30S
	unitDate                     // RFC 3339 or HTTP
)

// timeUnits are the units by their names in packs.
var timeUnits = map[string]timeUnit{"": unitAuto, "auto": unitAuto, "s": unitSeconds, "ms": unitMillis,
	"epoch_s": unitEpoch, "epoch_ms": unitEpochMS, "duration": unitDuration, "date": unitDate}

// parse reads v in the unit. A value that is none is no statement.
func (u timeUnit) parse(v []byte, base time.Time, known bool) (wait, bool) {
	if len(v) == 0 || len(v) > timeBytesMax {
		return wait{}, false
	}
	switch u {
	case unitAuto, unitDate:
		return parseReset(v, base, known)
	case unitDuration:
		s, ok := parseDuration(v)
		if !ok {
			return wait{}, false
		}
		return fromSeconds(s, base, known, "")
	}
	n, ok := parseNumber(v)
	if !ok {
		return wait{}, false
	}
	switch u {
	case unitMillis:
		return fromSeconds(n/1000, base, known, "")
	case unitEpoch:
		return fromInstant(fromEpoch(n), base, known)
	case unitEpochMS:
		return fromInstant(fromEpoch(n/1000), base, known)
	}
	return fromSeconds(n, base, known, "")
}

func fromEpoch(seconds float64) time.Time {
	whole, part := math.Modf(min(seconds, 1e11))
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}

// durationUnits are the units of durations in letters or words, in seconds.
// Of a word its beginning counts; ms stands before m.
var durationUnits = []struct {
	word    string
	seconds float64
}{{"ms", 1e-3}, {"msec", 1e-3}, {"milli", 1e-3}, {"us", 1e-6}, {"\u00b5s", 1e-6}, {"ns", 1e-9},
	{"s", 1}, {"sec", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"hr", 3600}, {"hour", 3600}, {"d", 86400}, {"day", 86400}}

// parseDuration reads seconds from "6m0s", "20 seconds", "1 hour and 5 minutes",
// "PT1M30S" or a bare number, which is seconds.
func parseDuration(v []byte) (float64, bool) {
	if n, ok := parseNumber(v); ok {
		return n, true
	}
	v = bytes.TrimSpace(v)
	if len(v) > 2 && (v[0] == 'P' || v[0] == 'p') {
		v = v[1:] // ISO 8601; T only parts days from hours
	}
	total, parts := 0.0, 0
	for i := 0; i < len(v); {
		start := i
		for i < len(v) && (v[i] >= '0' && v[i] <= '9' || v[i] == '.') {
			i++
		}
		if i == start {
			if c := v[i]; c != ' ' && c != ',' && c != 'T' && c != 't' && !hasFold(v[i:], "and ") {
				return 0, false
			}
			if hasFold(v[i:], "and ") {
				i += len("and")
			}
			i++
			continue
		}
		n, ok := parseNumber(v[start:i])
		for i < len(v) && v[i] == ' ' {
			i++
		}
		word := i
		for i < len(v) && (v[i] >= 'a' && v[i] <= 'z' || v[i] >= 'A' && v[i] <= 'Z' || v[i] >= 0x80) {
			i++
		}
		unit := durationUnit(v[word:i])
		if !ok || unit == 0 {
			return 0, false
		}
		total += n * unit
		parts++
	}
	return total, parts > 0
}

// durationUnit is the seconds in one of the unit, or 0.
func durationUnit(word []byte) float64 {
	for _, u := range durationUnits {
		if len(u.word) > 2 && hasFold(word, u.word) || bytes.EqualFold(word, []byte(u.word)) {
			return u.seconds
		}
	}
	return 0
}

// headerName is the name under which the header of a slot came, for labels.
func (l *Labeler) headerName(r *record.Record, slot int) string {
	for i := range r.Headers {
		l.low = appendLower(append(l.low[:0], pathHeader...), r.Headers[i].Name)
		if s, ok := l.e.set.slots.headers[string(l.low[len(pathHeader):])]; ok && s == slot {
			return l.intern(l.low)
		}
	}
	return pathHeader
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
	// Some write a unit behind the number, or RFC 3339.
	w, ok := parseReset(v, base, known)
	w.source = source
	return w, ok
}

// parseReset reads a reset by its value, since names do not tell the unit:
// 1e12 and more is epoch milliseconds, 1e9 and more epoch seconds, less is
// seconds from now; else a duration ("6m0s"), RFC 3339, or a date.
func parseReset(v []byte, base time.Time, known bool) (wait, bool) {
	if len(v) > timeBytesMax {
		return wait{}, false
	}
	if n, ok := parseNumber(v); ok {
		switch {
		case n >= 1e12 && n < 1e15:
			return fromInstant(fromEpoch(n/1000), base, known)
		case n >= 1e9 && n < 1e12:
			return fromInstant(fromEpoch(n), base, known)
		}
		return fromSeconds(n, base, known, "")
	}
	if s, ok := parseDuration(v); ok {
		return fromSeconds(s, base, known, "")
	}
	s := string(v)
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return fromInstant(t.UTC(), base, known)
	}
	if t, ok := parseHTTPDate(v); ok {
		return fromInstant(t, base, known)
	}
	if i := bytes.IndexByte(v, '('); i > 0 {
		s = string(bytes.TrimSpace(v[:i]))
	}
	for _, layout := range [...]string{"Mon Jan 02 2006 15:04:05 GMT-0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return fromInstant(t.UTC(), base, known)
		}
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
