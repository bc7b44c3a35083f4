package ingest

import (
	"bytes"
	"strings"
	"time"
)

// wrapper is something that a runtime, a collector or a terminal puts around
// the lines of a log.
type wrapper uint8

const (
	wrapANSI     wrapper = iota // colours and cursor moves
	wrapCRI                     // Kubernetes: time, stream, F or P, text
	wrapDocker                  // Docker's json-file driver
	wrapJournald                // journalctl -o json
	wrapCompose                 // the name of a container or pod in front
	wrapSyslog                  // RFC 3164 and 5424
	wrapStamp                   // the time that docker, kubectl and CI put in front
	wrapperCount
)

// wrapperNames are what [Detection.Wrapper] is made of.
var wrapperNames = [wrapperCount]string{
	wrapANSI: "ansi", wrapCRI: "cri", wrapDocker: "docker", wrapJournald: "journald", wrapCompose: "compose", wrapSyslog: "syslog", wrapStamp: "stamp",
}

// wrapperDepthMax bounds how many wrappers stand around each other, colours
// not counted.
const wrapperDepthMax = 3

// wrappersOf undoes the joining of names.
func wrappersOf(joined string) []wrapper {
	var layers []wrapper
	for _, name := range strings.Split(joined, "+") {
		for w, known := range wrapperNames {
			if name == known {
				layers = append(layers, wrapper(w))
			}
		}
	}
	return layers
}

// peeled is what a line holds inside its wrappers.
type peeled struct {
	text    []byte
	time    []byte // the wrapper's own, empty where it states none
	stream  int    // 0 or 1: lines of one stream continue each other
	partial bool   // the next line of the stream goes on with the text
	wrapped bool   // false: the line stands for itself
}

// unwrapper takes the wrappers off lines. It belongs to one goroutine; what it
// returns lives until its next call.
type unwrapper struct {
	layers   []wrapper // the outermost first
	textless bool      // only what peeled says besides its text is wanted
	arena    arena
	chains   [2]chain // by stream
	quiet    int64    // offset behind the last line behind which no chain was open
}

func newUnwrapper(layers []wrapper) *unwrapper {
	if len(layers) == 0 {
		return nil
	}
	return &unwrapper{layers: layers}
}

// joins reports whether one text may be spread over several lines.
func (u *unwrapper) joins() bool {
	if u == nil {
		return false
	}
	for _, w := range u.layers {
		if w == wrapCRI || w == wrapDocker {
			return true
		}
	}
	return false
}

// peel takes off one wrapper after the other. A line that lacks the outermost
// stands for itself, one that lacks an inner one is what was reached.
func (u *unwrapper) peel(line []byte) peeled {
	u.arena.reset()
	p := peeled{text: line}
	for _, w := range u.layers {
		p.text = u.arena.plain(p.text) // few lines have colours, but any may
		if w == wrapANSI {
			continue
		}
		inner, ok := u.off(w, p.text)
		if !ok {
			return p
		}
		if len(inner.time) > 0 && (len(p.time) == 0 || hasZone(inner.time) || !hasZone(p.time)) {
			p.time = inner.time // the innermost was nearest to the event
		}
		p.text, p.wrapped = inner.text, true
		if w == wrapCRI || w == wrapDocker {
			p.partial, p.stream = inner.partial, inner.stream
			if u.textless {
				return p
			}
		}
	}
	p.text = u.arena.plain(p.text)
	return p
}

// off takes one wrapper off.
func (u *unwrapper) off(w wrapper, line []byte) (peeled, bool) {
	switch w {
	case wrapCRI:
		return peelCRI(line)
	case wrapDocker:
		return u.peelDocker(line)
	case wrapJournald:
		return u.peelJournald(line)
	case wrapCompose:
		return peelCompose(line)
	case wrapSyslog:
		return peelSyslog(line)
	case wrapStamp:
		return peelStamp(line)
	}
	return peeled{}, false
}

// hasZone tells a time that is one instant from "Mar  4 09:15:02".
func hasZone(b []byte) bool { return b[0] >= '0' && b[0] <= '9' }

// wrapperTime reads the time of a wrapper; years that are not stated are the
// nearest.
func (c *clock) wrapperTime(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) == 0 || hasZone(b) {
		return c.any(b)
	}
	if len(b) < 15 {
		return 0, 0, false
	}
	month := monthOf(b[:3])
	day, ok1 := number(bytes.TrimLeft(b[4:6], " "))
	hour, ok2 := two(b[7:])
	minute, ok3 := two(b[10:])
	second, ok4 := two(b[13:])
	if !ok1 || !ok2 || !ok3 || !ok4 || !validClock(2000, month, day, hour, minute, second) {
		return 0, 0, false
	}
	frac, digits, _ := fraction(b[15:])
	t := time.Date(0, time.Month(month), int(day), int(hour), int(minute), int(second), int(frac), c.location)
	return nearestYear(t, c.now).UnixNano(), digits, true
}
