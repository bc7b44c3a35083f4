package ingest

import (
	"bytes"
	"fmt"
	"slices"
)

// wrapperOrder is the order in which wrappers are tried: what is unmistakable
// comes first.
var wrapperOrder = []wrapper{wrapANSI, wrapDocker, wrapJournald, wrapCRI, wrapCompose, wrapSyslog, wrapStamp}

// detectIn tells the best format of a sample, and the wrappers around it. only
// names the format where it was given; around is what was taken off already. It
// returns the score of the format.
func detectIn(sample []byte, only string, given map[string][]string, around []wrapper) (Detection, float64) {
	depth := len(around)
	found, best := bestFormat(sample, only, given, depth > 0)
	if f := formatNamed(found.Format); best > 0 && f.document() || depth > wrapperDepthMax {
		return found, best
	}
	lines := sampleLines(sample)
	for _, w := range wrapperOrder {
		if w == wrapANSI && bytes.IndexByte(sample, escapeByte) < 0 {
			continue
		}
		inside, wrapped, all := insideOf(w, lines)
		if wrapped == 0 || w != wrapANSI && (wrapped*2 < all || depth == wrapperDepthMax || slices.Contains(around, w)) {
			continue
		}
		deeper := around
		if w != wrapANSI { // a text without colours has none to be taken off again
			deeper = append(slices.Clip(around), w)
		}
		d, score := detectIn(inside, only, given, deeper)
		if !w.accepted(found.Format, best, score, only != "") {
			continue
		}
		if d.Wrapper != "" {
			d.Wrapper = "+" + d.Wrapper
		}
		d.Wrapper = wrapperNames[w] + d.Wrapper
		d.Why = fmt.Sprintf("%d of the first %d lines are wrapped (%s); inside, %s", wrapped, all, wrapperNames[w], d.Why)
		return d, score
	}
	return found, best
}

// accepted reports whether what was found inside a wrapper counts more than
// what the lines are with it. Most formats ignore some of what stands in front
// of a line, so an equal score speaks for the wrapper, but not against the log
// of an application, whose lines begin with times of their own.
func (w wrapper) accepted(plain string, plainScore, score float64, fixed bool) bool {
	switch {
	case plainScore == 0:
		return w != wrapStamp || score > 0
	case (w == wrapDocker || w == wrapJournald) && !fixed:
		return true
	case score == plainScore && (w == wrapStamp || w == wrapSyslog):
		return !formatNamed(plain).loose
	}
	return score >= plainScore
}

// insideOf takes one wrapper off the lines of a sample; wrapped counts those
// that had it, all those that are not blank.
func insideOf(w wrapper, lines [][]byte) (inside []byte, wrapped, all int) {
	u := newUnwrapper([]wrapper{w})
	for _, line := range lines {
		if isBlank(line) {
			continue
		}
		all++
		p := u.peel(line)
		if p.wrapped || w == wrapANSI && coloured(line) {
			wrapped++
		} else if w != wrapANSI && all >= 8 && wrapped == 0 {
			return nil, 0, all // most samples: not worth the rest
		}
		text := p.text
		if c := &u.chains[p.stream]; p.wrapped && (p.partial || c.open) {
			c.add(text, 0, 0)
			if p.partial {
				continue
			}
			text, c.open = c.text, false
		}
		// A text of several lines stays one line, as it does in a reader.
		from := len(inside)
		inside = append(inside, text...)
		for i := from; i < len(inside); i++ {
			if inside[i] == '\n' {
				inside[i] = ' '
			}
		}
		inside = append(inside, '\n')
	}
	return inside, wrapped, all
}
