package ingest

import (
	"bytes"
	"time"
)

// stampBytesMax bounds how much of a line is searched for its time: what stands
// further on is the message.
const stampBytesMax = 256

// stamp finds the time that a logger wrote in front of its message, in
// whichever of the usual spellings. A time of day without a date is none.
func (c *clock) stamp(b []byte) (ns int64, digits int8, ok bool) {
	b = b[:min(len(b), stampBytesMax)]
	inWord := false
	for i, ch := range b {
		digit := ch-'0' <= 9
		letter := ch|0x20 >= 'a' && ch|0x20 <= 'z'
		if !inWord {
			switch {
			case digit:
				ns, digits, ok = c.stampOfDigits(b[i:], i == 0 || b[i-1] == '[')
			case letter && len(b)-i >= 12:
				ns, digits, ok = c.stampOfLetters(b[i:], i == 0)
			}
			if ok {
				return ns, digits, true
			}
		}
		inWord = digit || letter
	}
	return 0, 0, false
}

// stampOfDigits reads a time that begins with a digit. Only at the beginning of
// a line a bare number may be Unix time, and a month and day lack their year.
func (c *clock) stampOfDigits(b []byte, first bool) (ns int64, digits int8, ok bool) {
	switch {
	case len(b) >= 19 && b[4] == '-' && b[13] == ':':
		return c.iso(b[:isoLength(b)])
	case len(b) >= 19 && b[4] == '/' && b[7] == '/' && b[13] == ':': // Go's log package
		var buf [40]byte
		text := buf[:copy(buf[:], b[:min(isoLength(b), len(buf))])]
		text[4], text[7] = '-', '-'
		return c.iso(text)
	case len(b) >= 20 && b[2] == '/' && b[6] == '/' && b[11] == ':':
		return c.commonLog(b[:20+zoneLength(b[20:])])
	case len(b) >= 20 && b[2] == ' ' && b[6] == ' ' && b[11] == ' ' && b[14] == ':':
		return c.dayMonthYear(b)
	case first && len(b) >= 14 && b[2] == '-' && b[5] == ' ' && b[8] == ':' && b[11] == ':': // Android
		month, ok1 := two(b)
		day, ok2 := two(b[3:])
		if ok1 && ok2 {
			return c.ofDay(0, month, day, b[6:])
		}
	case first:
		return unixStamp(b)
	}
	return 0, 0, false
}

// isoLength is the length of the time that b begins with: 19 bytes, a fraction
// and a zone, a blank in front of the zone allowed.
func isoLength(b []byte) int {
	n := 19
	if _, digits, rest := fraction(b[n:]); digits > 0 {
		n = len(b) - len(rest)
	}
	return n + zoneLength(b[n:])
}

// zoneLength is the length of the zone that b begins with, its blank included,
// 0 where there is none.
func zoneLength(b []byte) int {
	i := 0
	if i < len(b) && b[i] == ' ' {
		i++
	}
	rest := b[i:]
	switch {
	case len(rest) > 0 && rest[0] == 'Z' && (len(rest) == 1 || !isWordByte(rest[1])):
		return i + 1
	case len(rest) >= 3 && (string(rest[:3]) == "UTC" || string(rest[:3]) == "GMT") && (len(rest) == 3 || !isWordByte(rest[3])):
		return i + 3
	}
	for _, n := range [...]int{6, 5, 3} {
		if len(rest) < n || len(rest) > n && isWordByte(rest[n]) {
			continue
		}
		if _, ok := zoneOffset(rest[:n]); ok {
			return i + n
		}
	}
	return 0
}

func isWordByte(c byte) bool {
	return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':'
}

// unixStamp reads seconds with or without a fraction, or milliseconds, of this
// century's first decades: other numbers are no times.
func unixStamp(b []byte) (ns int64, digits int8, ok bool) {
	n := 0
	for n < len(b) && b[n]-'0' <= 9 {
		n++
	}
	if n != 10 && n != 13 || b[0] != '1' {
		return 0, 0, false
	}
	end := n
	if n == 10 {
		if _, fracDigits, rest := fraction(b[n:]); fracDigits > 0 && b[n] == '.' {
			end = len(b) - len(rest)
		}
	}
	if end < len(b) && b[end] != ' ' && b[end] != ']' && b[end] != '\t' && b[end] != ',' {
		return 0, 0, false
	}
	return epoch(b[:end])
}

// dayMonthYear reads "25 Apr 2026 05:32:35.018".
func (c *clock) dayMonthYear(b []byte) (ns int64, digits int8, ok bool) {
	day, ok1 := two(b)
	month := monthOf(b[3:6])
	year, ok2 := number(b[7:11])
	if !ok1 || !ok2 || month == 0 {
		return 0, 0, false
	}
	return c.ofDay(year, month, day, b[12:])
}

// stampOfLetters reads "Mar  4 09:15:02" of syslog, "Mar 04, 2026 9:15:02 AM"
// of java.util.logging, "Mar  4 09:15:02 2026" of C, and klog's "I0304 09:15:02".
func (c *clock) stampOfLetters(b []byte, first bool) (ns int64, digits int8, ok bool) {
	if first && len(b) >= 14 && b[5] == ' ' && b[8] == ':' && bytes.IndexByte([]byte("IWEFD"), b[0]) >= 0 {
		month, ok1 := two(b[1:])
		day, ok2 := two(b[3:])
		if ok1 && ok2 {
			return c.ofDay(0, month, day, b[6:])
		}
	}
	month := monthOf(b[:3])
	if month == 0 || b[3] != ' ' {
		return 0, 0, false
	}
	rest := trimSpace(b[4:])
	day, rest, ok := leadingNumber(rest, 2)
	if !ok || len(rest) < 2 {
		return 0, 0, false
	}
	rest = trimSpace(bytes.TrimPrefix(rest, []byte{','}))
	year := int64(0)
	if y, after, ok := leadingNumber(rest, 4); ok && y >= 1970 && len(after) > 1 && after[0] == ' ' {
		year, rest = y, after[1:]
	} else if len(rest) >= 13 && rest[8] == ' ' {
		if y, after, ok := leadingNumber(rest[9:], 4); ok && y >= 1970 && (len(after) == 0 || !isWordByte(after[0])) {
			year = y
		}
	}
	return c.ofDay(year, month, day, rest)
}

// leadingNumber reads the digits that b begins with, at most max of them.
func leadingNumber(b []byte, max int) (n int64, rest []byte, ok bool) {
	i := 0
	for i < len(b) && i < max && b[i]-'0' <= 9 {
		n = n*10 + int64(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0
}

// ofDay reads "[h]h:mm:ss[.fraction][ AM|PM][ zone]" of a day; year 0 stands for
// the nearest fitting one.
func (c *clock) ofDay(year, month, day int64, b []byte) (ns int64, digits int8, ok bool) {
	hour, b, ok := leadingNumber(b, 2)
	if !ok || len(b) < 6 || b[0] != ':' || b[3] != ':' {
		return 0, 0, false
	}
	minute, ok1 := two(b[1:])
	second, ok2 := two(b[4:])
	frac, digits, rest := fraction(b[6:])
	if len(rest) >= 3 && rest[0] == ' ' && rest[2]|0x20 == 'm' && hour >= 1 && hour <= 12 && (len(rest) == 3 || !isWordByte(rest[3])) {
		switch rest[1] | 0x20 {
		case 'a':
			hour %= 12
		case 'p':
			hour = hour%12 + 12
		}
		rest = rest[3:]
	}
	assumed := year
	if assumed == 0 {
		assumed = 2000 // a leap year: any day of one fits
	}
	if !ok1 || !ok2 || !validClock(assumed, month, day, hour, minute, second) {
		return 0, 0, false
	}
	location := c.location
	if n := zoneLength(rest); n > 0 {
		// A fixed zone would have to be made for each line, so the time is moved.
		offset, _ := zoneOffset(bytes.TrimSpace(rest[:n]))
		frac -= offset * secondNS
		location = time.UTC
	}
	if year == 0 {
		t := time.Date(0, time.Month(month), int(day), int(hour), int(minute), int(second), 0, location)
		return nearestYear(t, c.now).UnixNano() + frac, digits, true
	}
	t := time.Date(int(year), time.Month(month), int(day), int(hour), int(minute), int(second), 0, location)
	return t.UnixNano() + frac, digits, true
}
