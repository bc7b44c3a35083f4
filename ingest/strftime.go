package ingest

import (
	"fmt"
	"strings"
)

// timeParts are the pieces of a time that the directives of one layout, or of
// several, have stated.
type timeParts struct {
	year, month, day     int64
	hour, minute, second int64
	fracNS               int64
	zoneSecs             int64
	afternoon            bool
	dated, clocked       bool // a date and a time of day were stated
	zoned                bool
	digits               int8
}

// expandLayout writes out the directives of strftime that stand for others.
func expandLayout(layout string) string {
	return strings.NewReplacer("%%", "%%", "%T", "%H:%M:%S", "%R", "%H:%M", "%F", "%Y-%m-%d", "%D", "%m/%d/%y", "%r", "%I:%M:%S %p",
		"%c", "%a %b %e %H:%M:%S %Y", "%n", "\n", "%E", "%", "%O", "%").Replace(layout)
}

// layoutKnown are the directives that are read.
const layoutKnown = "YymdeHIMSbhBjpzZasAkltGuUVWw%"

func checkLayout(layout []byte) error {
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' {
			continue
		}
		i++
		if i == len(layout) || strings.IndexByte(layoutKnown, layout[i]) < 0 {
			return fmt.Errorf("the time layout %q has a directive that is not known", layout)
		}
	}
	return nil
}

// read takes the time at the beginning of b that the layout describes and
// returns its length, -1 where it does not fit.
func (t *timeParts) read(layout, b []byte) int {
	at := 0
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' {
			if at == len(b) || b[at] != layout[i] {
				return -1
			}
			at++
			continue
		}
		i++
		n := t.directive(layout[i], b[at:])
		if n < 0 {
			return -1
		}
		at += n
	}
	return at
}

// directive reads one directive and returns its length, -1 where it does not
// fit.
func (t *timeParts) directive(c byte, b []byte) int {
	switch c {
	case 'Y':
		n := t.figures(b, 4, &t.year)
		t.dated = n > 0
		return n
	case 'y':
		n := t.figures(b, 2, &t.year)
		t.year, t.dated = t.year+2000, n > 0
		return n
	case 'm':
		return t.figures(b, 2, &t.month)
	case 'd', 'e':
		return t.figures(b, 2, &t.day)
	case 'H', 'I', 'k', 'l':
		t.clocked = true
		return t.figures(b, 2, &t.hour)
	case 'M':
		return t.figures(b, 2, &t.minute)
	case 'S':
		return t.figures(b, 2, &t.second)
	case 'b', 'h', 'B':
		return t.monthName(b, c == 'B')
	case 'p':
		if len(b) < 2 {
			return -1
		}
		t.afternoon = b[0]|0x20 == 'p'
		return 2
	case 'z':
		return t.zone(b)
	case 's':
		return t.epoch(b)
	case 't':
		if len(b) == 0 || b[0] != '\t' {
			return -1
		}
		return 1
	case '%':
		if len(b) == 0 || b[0] != '%' {
			return -1
		}
		return 1
	}
	// A weekday, a zone's name, the number of a week: nothing that is needed.
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' || b[n]-'0' <= 9) {
		n++
	}
	if c == 'Z' && (string(b[:n]) == "UTC" || string(b[:n]) == "GMT") {
		t.zoned = true
	}
	return n
}

// figures reads a number of so many digits, padded with a blank at most.
func (t *timeParts) figures(b []byte, width int, into *int64) int {
	if len(b) < width {
		return -1
	}
	digits := b[:width]
	if digits[0] == ' ' {
		digits = digits[1:]
	}
	n, ok := number(digits)
	if !ok {
		return -1
	}
	*into = n
	return width
}

func (t *timeParts) monthName(b []byte, whole bool) int {
	if len(b) < 3 {
		return -1
	}
	if t.month = monthOf(b[:3]); t.month == 0 {
		return -1
	}
	n := 3
	for whole && n < len(b) && b[n] >= 'a' && b[n] <= 'z' {
		n++
	}
	return n
}

func (t *timeParts) zone(b []byte) int {
	n := 0
	for n < len(b) && n < 6 && (b[n]-'0' <= 9 || b[n] == ':' || n == 0 && (b[n] == '+' || b[n] == '-')) {
		n++
	}
	secs, ok := zoneOffset(b[:n])
	if !ok {
		return -1
	}
	t.zoneSecs, t.zoned = secs, true
	return n
}

// epoch reads %s, which states all but the fraction.
func (t *timeParts) epoch(b []byte) int {
	n := 0
	for n < len(b) && n < 12 && b[n]-'0' <= 9 {
		n++
	}
	secs, ok := number(b[:n])
	if !ok {
		return -1
	}
	t.year, t.month, t.day = 1970, 1, 1
	t.hour, t.minute, t.second, t.zoneSecs = 0, 0, 0, -secs
	t.dated, t.clocked, t.zoned = true, true, true
	return n
}

// time puts the pieces together.
func (t *timeParts) time(c *clock) (ns int64, digits int8, ok bool) {
	hour := t.hour
	if t.afternoon && hour < 12 {
		hour += 12
	}
	if !t.dated || !t.clocked || !validClock(t.year, t.month, t.day, hour, t.minute, t.second) {
		return 0, 0, false
	}
	if !t.zoned {
		return c.local(t.year, t.month, t.day, hour, t.minute, t.second, t.fracNS), t.digits, true
	}
	secs := unixDays(t.year, t.month, t.day)*daySecs + hour*3600 + t.minute*60 + t.second - t.zoneSecs
	return secs*secondNS + t.fracNS, t.digits, true
}
