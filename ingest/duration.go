package ingest

import (
	"bytes"
	"time"
)

// durationBytesMax bounds a duration's text.
const durationBytesMax = 48

// durationNS reads a duration. With a unit in its text or name it is exact. A
// bare number is guessed at: with three decimals it is nginx's seconds, with
// others and below ten it is seconds too; an integer is milliseconds, above a
// million nanoseconds, as Go writes them.
func durationNS(b []byte, unitNS int64) (int64, bool) {
	if len(b) == 0 || len(b) > durationBytesMax {
		return 0, false
	}
	var store [durationBytesMax]byte
	if comma := bytes.IndexByte(b, ','); comma >= 0 && bytes.IndexByte(b, '.') < 0 {
		b = store[:copy(store[:], b)]
		b[comma] = '.' // as some locales write it
	}
	end := len(b)
	for end > 0 && b[end-1]-'0' > 9 {
		end--
	}
	switch {
	case bytes.IndexByte(b, ':') > 0:
		return clockSpan(b)
	case end < len(b):
		return spelledNS(b, end)
	case unitNS != 0:
		return decimalNS(b, unitNS)
	}
	dot := bytes.IndexByte(b, '.')
	whole := b
	if dot >= 0 {
		whole = b[:dot]
	}
	n, ok := number(whole)
	switch {
	case !ok:
		return decimalNS(b, secondNS)
	case dot >= 0 && (len(b)-dot == 4 || n < 10):
		return decimalNS(b, secondNS)
	case dot < 0 && n >= 1e6:
		return decimalNS(b, 1)
	}
	return decimalNS(b, 1e6)
}

// spelledNS reads a duration whose text has a unit behind its last digit, which
// stands before end.
func spelledNS(b []byte, end int) (int64, bool) {
	if i := bytes.IndexByte(b, 'T'); i >= 0 && b[0] == 'P' { // ISO 8601, as Java writes it: PT1.5S
		return isoSpan(b[i+1:])
	}
	text := bytes.TrimSpace(b[end:])
	for _, u := range units {
		if bytes.Equal(text, u.suffix) {
			if ns, ok := decimalNS(b[:end], u.ns); ok {
				return ns, true
			}
		}
	}
	v, err := time.ParseDuration(string(b))
	return int64(v), err == nil && v >= 0
}

// clockSpan reads "0:00:01.5" and "00:00:01.5000000", as Python and .NET write
// durations.
func clockSpan(b []byte) (int64, bool) {
	hours, rest, ok1 := bytes.Cut(b, []byte{':'})
	minutes, seconds, ok2 := bytes.Cut(rest, []byte{':'})
	h, ok3 := number(hours)
	m, ok4 := number(minutes)
	s, ok5 := decimalNS(seconds, secondNS)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || h > 1<<20 || m > 59 || s >= 60*secondNS {
		return 0, false
	}
	return (h*3600+m*60)*secondNS + s, true
}

// isoSpan reads what follows "PT": "1M2.5S".
func isoSpan(b []byte) (int64, bool) {
	var sum int64
	for len(b) > 0 {
		i := bytes.IndexAny(b, "HMS")
		if i < 0 {
			return 0, false
		}
		unit := secondNS
		switch b[i] {
		case 'H':
			unit = 3600 * secondNS
		case 'M':
			unit = 60 * secondNS
		}
		ns, ok := decimalNS(b[:i], unit)
		if !ok || ns > 1<<61 {
			return 0, false
		}
		sum, b = sum+ns, b[i+1:]
	}
	return sum, sum >= 0
}
