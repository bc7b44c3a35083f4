package ingest

import (
	"bytes"
	"time"
)

const (
	secondNS = int64(time.Second)
	daySecs  = 24 * 60 * 60
)

// clock reads times. It remembers the last date that it worked out, because
// neighbouring lines mostly share it; it belongs to one parser.
type clock struct {
	location *time.Location
	now      time.Time

	hour     [14]byte // "18/Nov/2026:00"
	zone     [5]byte  // "+0000"
	hourSecs int64    // Unix seconds at that hour

	minute     [17]byte // "2026-11-18T00:00:", its zone "Z"
	minuteSecs int64    // Unix seconds at that minute
}

func newClock(cfg *Config) clock {
	c := clock{location: cfg.Location, now: cfg.Now}
	if c.location == nil {
		c.location = time.UTC
	}
	return c
}

// commonLog reads "18/Nov/2026:23:59:59 +0330", a fraction of the second and a
// missing zone allowed, and a blank before the hour, as Python's servers write.
func (c *clock) commonLog(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) == 26 && [14]byte(b[:14]) == c.hour && [5]byte(b[21:26]) == c.zone && b[14] == ':' && b[17] == ':' && b[20] == ' ' {
		minute, ok1 := two(b[15:])
		second, ok2 := two(b[18:])
		return (c.hourSecs + minute*60 + second) * secondNS, 0, ok1 && ok2 && minute < 60 && second <= 60
	}
	if len(b) < 20 || b[2] != '/' || b[6] != '/' || b[11] != ':' && b[11] != ' ' || b[14] != ':' || b[17] != ':' {
		return 0, 0, false
	}
	day, ok1 := two(b)
	month := monthOf(b[3:6])
	year, ok2 := number(b[7:11])
	hour, ok3 := two(b[12:])
	minute, ok4 := two(b[15:])
	second, ok5 := two(b[18:])
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !validClock(year, month, day, hour, minute, second) {
		return 0, 0, false
	}
	rest := b[20:]
	frac, digits, rest := fraction(rest)
	rest = bytes.TrimLeft(rest, " ")
	secs := unixDays(year, month, day)*daySecs + hour*3600
	if len(rest) == 0 {
		return c.local(year, month, day, hour, minute, second, frac), digits, true
	}
	offset, ok := zoneOffset(rest)
	if !ok {
		return 0, 0, false
	}
	secs -= offset
	if len(b) == 26 && digits == 0 {
		c.hour, c.zone, c.hourSecs = [14]byte(b[:14]), [5]byte(b[21:26]), secs
	}
	return (secs+minute*60+second)*secondNS + frac, digits, true
}

// yearFirst reads the numbers of "2026-03-04 09:15:02", whatever stands between
// them.
func yearFirst(b []byte) (year, month, day, hour, minute, second int64, ok bool) {
	year, ok1 := number(b[:4])
	month, ok2 := two(b[5:])
	day, ok3 := two(b[8:])
	hour, ok4 := two(b[11:])
	minute, ok5 := two(b[14:])
	second, ok6 := two(b[17:])
	ok = ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && validClock(year, month, day, hour, minute, second)
	return year, month, day, hour, minute, second, ok
}

// iso reads RFC 3339 and its relatives: blank for T, comma for the point, any
// number of digits, zone with or without colon or missing.
func (c *clock) iso(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) > 19 && [17]byte(b[:17]) == c.minute && b[len(b)-1] == 'Z' {
		second, ok := two(b[17:])
		frac, digits, rest := fraction(b[19:])
		if ok && second <= 60 && len(rest) == 1 {
			return (c.minuteSecs+second)*secondNS + frac, digits, true
		}
	}
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != 'T' && b[10] != 't' && b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, 0, false
	}
	year, month, day, hour, minute, second, ok := yearFirst(b)
	if !ok {
		return 0, 0, false
	}
	frac, digits, rest := fraction(b[19:])
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 {
		return c.local(year, month, day, hour, minute, second, frac), digits, true
	}
	offset, ok := zoneOffset(rest)
	if !ok {
		return 0, 0, false
	}
	secs := unixDays(year, month, day)*daySecs + hour*3600 + minute*60 - offset
	if len(rest) == 1 {
		c.minute, c.minuteSecs = [17]byte(b[:17]), secs
	}
	return (secs+second)*secondNS + frac, digits, true
}

// epoch reads Unix time, in seconds, milliseconds, microseconds or nanoseconds
// as its size tells, with a fraction or without.
func epoch(b []byte) (ns int64, digits int8, ok bool) {
	whole := b
	if dot := bytes.IndexByte(b, '.'); dot >= 0 {
		whole = b[:dot]
	}
	n, ok := number(whole)
	if !ok {
		return 0, 0, false
	}
	unit, digits := secondNS, int8(0)
	switch {
	case n >= 1e17:
		unit, digits = 1, 9
	case n >= 1e14:
		unit, digits = 1e3, 6
	case n >= 1e11:
		unit, digits = 1e6, 3
	}
	if n > 1<<62/unit {
		return 0, 0, false
	}
	frac, fracDigits, rest := fraction(b[len(whole):])
	if len(rest) > 0 {
		return 0, 0, false
	}
	return n*unit + frac*unit/secondNS, min(digits+fracDigits, 9), true
}

// layouts are the spelled-out times that JSON logs carry; the last three state
// no year.
var layouts = []string{time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.UnixDate, "2006-01-02 15:04:05 -0700 MST",
	"2006/01/02 15:04:05", time.Stamp, time.StampMilli, time.StampMicro}

// any reads a time in whichever of the known forms it comes.
func (c *clock) any(b []byte) (ns int64, digits int8, ok bool) {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) > 10 && b[4] == '-':
		if ns, digits, ok = c.iso(b); ok {
			return ns, digits, ok
		}
	case len(b) > 10 && b[2] == '/':
		return c.commonLog(bytes.Trim(b, "[]"))
	case len(b) > 0 && b[0] >= '0' && b[0] <= '9':
		if ns, digits, ok = epoch(b); ok {
			return ns, digits, ok
		}
	}
	if ns, ok = httpDate(b); ok {
		return ns, 0, true
	}
	text := string(b)
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, text, c.location)
		if err != nil {
			continue
		}
		if t.Year() == 0 {
			t = nearestYear(t, c.now)
		}
		switch layout {
		case time.StampMilli:
			digits = 3
		case time.StampMicro:
			digits = 6
		}
		return t.UnixNano(), digits, true
	}
	return 0, 0, false
}

// httpDate reads "Wed, 04 Mar 2026 09:15:02 GMT", as header fields have it, the
// short way. What is no such time may still be one of [time.RFC1123].
func httpDate(b []byte) (ns int64, ok bool) {
	if len(b) != len(time.RFC1123) || string(b[25:]) != " GMT" || b[7] != ' ' || b[11] != ' ' || b[16] != ' ' || b[19] != ':' || b[22] != ':' {
		return 0, false
	}
	switch string(b[:5]) {
	case "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ":
	default:
		return 0, false
	}
	day, ok1 := two(b[5:])
	month := monthOf(b[8:11])
	year, ok2 := number(b[12:16])
	hour, ok3 := two(b[17:])
	minute, ok4 := two(b[20:])
	second, ok5 := two(b[23:])
	// Every month has 28 days, and a leap second is left to the long way.
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || day > 28 || second > 59 || !validClock(year, month, day, hour, minute, second) {
		return 0, false
	}
	return (unixDays(year, month, day)*daySecs + hour*3600 + minute*60 + second) * secondNS, true
}

// nearestYear gives t the year that brings it closest to now, one day of the
// future allowed.
func nearestYear(t, now time.Time) time.Time {
	t = t.AddDate(now.Year(), 0, 0)
	if t.After(now.AddDate(0, 0, 1)) {
		t = t.AddDate(-1, 0, 0)
	}
	return t
}

func validClock(year, month, day, hour, minute, second int64) bool {
	return year >= 1700 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60
}

// zoneOffset reads "Z", "UTC", "+0330", "+03:30" or "+03" as seconds east.
func zoneOffset(b []byte) (int64, bool) {
	switch string(b) {
	case "Z", "z", "UTC", "GMT":
		return 0, true
	}
	if len(b) < 3 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	hours, ok := two(b[1:])
	if !ok {
		return 0, false
	}
	var minutes int64
	switch {
	case len(b) == 5:
		minutes, ok = two(b[3:])
	case len(b) == 6 && b[3] == ':':
		minutes, ok = two(b[4:])
	default:
		ok = len(b) == 3
	}
	if b[0] == '-' {
		return -(hours*3600 + minutes*60), ok
	}
	return hours*3600 + minutes*60, ok
}

// fraction reads ".123" or ",123" as nanoseconds; digits beyond nine are cut.
func fraction(b []byte) (ns int64, digits int8, rest []byte) {
	if len(b) < 2 || b[0] != '.' && b[0] != ',' || b[1] < '0' || b[1] > '9' {
		return 0, 0, b
	}
	i := 1
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if digits < 9 {
			ns = ns*10 + int64(b[i]-'0')
			digits++
		}
	}
	for d := digits; d < 9; d++ {
		ns *= 10
	}
	return ns, digits, b[i:]
}

// unixDays counts the days of the Gregorian calendar since 1970-01-01.
func unixDays(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

func monthOf(b []byte) int64 {
	switch string(b) {
	case "Jan":
		return 1
	case "Feb":
		return 2
	case "Mar":
		return 3
	case "Apr":
		return 4
	case "May":
		return 5
	case "Jun":
		return 6
	case "Jul":
		return 7
	case "Aug":
		return 8
	case "Sep":
		return 9
	case "Oct":
		return 10
	case "Nov":
		return 11
	case "Dec":
		return 12
	}
	return 0
}
