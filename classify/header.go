package classify

import (
	"bytes"
	"slices"
	"time"

	"github.com/errscope/errscope/record"
)

// Bounds of a stated time: what is further away is no time but a misreading.
const (
	waitMax     = 366 * 24 * time.Hour
	waitPastMax = time.Hour
)

// readHeaders stores the headers that standards or packs name, the first value
// of each, and fills the paths that name one. A parameter may stand in a later
// line of its header: a server can send one WWW-Authenticate per challenge.
func (l *Labeler) readHeaders(r *record.Record) {
	for i := range r.Headers {
		h := &r.Headers[i]
		if len(h.Name) > codeBytesMax {
			continue
		}
		l.low = appendLower(l.low[:0], h.Name)
		slot, ok := l.e.set.slots.headers[string(l.low)]
		if !ok {
			continue
		}
		v := bytes.TrimSpace(cut(h.Value, MessageBytesMax))
		if len(v) == 0 {
			continue
		}
		again := l.head[slot] != nil
		switch {
		case again && (slot == headRateLimit || slot == headRateLimitPolicy):
			l.joinLine(slot, v)
		case !again:
			l.head[slot] = v
			l.headSet = append(l.headSet, slot)
		}
		for _, f := range l.e.set.slots.fields[slot] {
			if !again || f.param != "" {
				l.fillField(f, v)
			}
		}
	}
}

func (l *Labeler) fillField(f headField, v []byte) {
	if f.param != "" {
		if v = parameter(v, f.param); len(v) == 0 {
			return
		}
	}
	if f.percent && bytes.IndexByte(v, '%') >= 0 {
		v = l.unescape(v, false)
	}
	l.fill(f.slot, v, kindPlain)
}

// joinLine adds a line to a header that is a list: several lines of it mean the
// same as one with commas (RFC 9110 section 5.3).
func (l *Labeler) joinLine(slot int, line []byte) {
	before := l.head[slot]
	if len(before)+len(line) > MessageBytesMax {
		return
	}
	l.head[slot] = slices.Concat(before, []byte(", "), line)
}

// parameter is the value of name=value or name="value" in a header such as
// WWW-Authenticate (RFC 9110 section 11.2), its escapes left as they are.
func parameter(v []byte, name string) []byte {
	for i := 0; i < len(v); {
		for i < len(v) && (v[i] == ' ' || v[i] == ',' || v[i] == ';') {
			i++
		}
		start := i
		for i < len(v) && v[i] != '=' && v[i] != ' ' && v[i] != ',' && v[i] != ';' {
			i++
		}
		key := v[start:i]
		if i >= len(v) || v[i] != '=' {
			continue
		}
		i++
		start = i
		if i < len(v) && v[i] == '"' {
			start, i = i+1, i+1
			for i < len(v) && v[i] != '"' {
				if v[i] == '\\' {
					i++
				}
				i++
			}
		} else {
			for i < len(v) && v[i] != ',' && v[i] != ';' && v[i] != ' ' {
				i++
			}
		}
		value := v[start:min(i, len(v))]
		i++
		if bytes.EqualFold(key, []byte(name)) {
			return value
		}
	}
	return nil
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
	if len(b) > timeBytesMax {
		return time.Time{}, false
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
