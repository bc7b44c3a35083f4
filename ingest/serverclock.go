package ingest

import (
	"bytes"
	"time"
)

// cTime reads "Wed Mar  4 09:15:02 2026" of C's ctime, as uWSGI and Apache's
// error log write it, a fraction of the second allowed before the year.
func (c *clock) cTime(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) < 24 || b[3] != ' ' || b[7] != ' ' || b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, 0, false
	}
	month := monthOf(b[4:7])
	day, ok1 := number(bytes.TrimLeft(b[8:10], " "))
	hour, ok2 := two(b[11:])
	minute, ok3 := two(b[14:])
	second, ok4 := two(b[17:])
	frac, digits, rest := fraction(b[19:])
	year, ok5 := number(trimSpace(rest))
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !validClock(year, month, day, hour, minute, second) {
		return 0, 0, false
	}
	return c.local(year, month, day, hour, minute, second, frac), digits, true
}

// slashed reads "2026/03/04 09:15:02", as nginx's error log writes it.
func (c *clock) slashed(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) != 19 || b[4] != '/' || b[7] != '/' || b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, 0, false
	}
	year, month, day, hour, minute, second, ok := yearFirst(b)
	if !ok {
		return 0, 0, false
	}
	return c.local(year, month, day, hour, minute, second, 0), 0, true
}

// local is a time of the zone that the configuration names.
func (c *clock) local(year, month, day, hour, minute, second, frac int64) int64 {
	if c.location == time.UTC {
		return (unixDays(year, month, day)*daySecs+hour*3600+minute*60+second)*secondNS + frac
	}
	return time.Date(int(year), time.Month(month), int(day), int(hour), int(minute), int(second), int(frac), c.location).UnixNano()
}

// compact reads "20260304091502".
func (c *clock) compact(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) != 14 {
		return 0, 0, false
	}
	n, ok := number(b)
	year, month, day, hour, minute, second := n/1e10, n/1e8%100, n/1e6%100, n/1e4%100, n/100%100, n%100
	if !ok || !validClock(year, month, day, hour, minute, second) {
		return 0, 0, false
	}
	return c.local(year, month, day, hour, minute, second, 0), 0, true
}
