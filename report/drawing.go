package report

import (
	"html"
	"math"
	"strings"
	"time"
)

// stretch is a part of a drawing's width, from 0 to 1.
type stretch struct{ from, to float64 }

// stretchOf cuts from..to out of first..last; the zero to is open. ok is false
// where they do not meet.
func stretchOf(from, to, first, last time.Time) (s stretch, ok bool) {
	if first.IsZero() || !first.Before(last) || from.IsZero() {
		return s, false
	}
	if to.IsZero() || to.After(last) {
		to = last
	}
	if from.Before(first) {
		from = first
	}
	if to.Before(from) {
		return s, false
	}
	whole := float64(last.Sub(first))
	return stretch{float64(from.Sub(first)) / whole, float64(to.Sub(first)) / whole}, true
}

// timeline is a list of strips over the same span of time.
type timeline struct {
	strips     []strip
	first, end string // labels of the axis
}

// strip marks the parts of the span in which something lasted.
type strip struct {
	label  cell
	spoken string // the same in words
	parts  []stretch
}

// barList compares a few values, each a share of the largest.
type barList struct{ bars []bar }

type bar struct {
	label cell
	share float64 // 0 to 1
	value string
}

// burn draws how a quota is used up in its period.
type burn struct {
	label  prose
	spoken string // what the drawing says, in words
	// now is how much of the period has passed and used how much of the limit;
	// both from 0 on, used beyond 1 where more was used than allowed.
	now, used float64
	// course are the points until then, in order; the use of each part of the
	// period grows within it. Without any it is a straight line.
	course []burnPoint
	// out is when it runs out: between earliest and latest, parts of the period,
	// most likely at likely. All are 0 where nothing is expected.
	earliest, likely, latest float64
	first, end               string // labels of the axis
}

// burnPoint is the use at a time, as parts of limit and period. Before from it was
// that of the point before.
type burnPoint struct{ from, at, used float64 }

// The widths of drawings in text.
const (
	stripLabelColumns = 26
	stripColumnsMin   = 10
	barColumns        = 24
)

// marks draws parts as n columns; what is marked at all shows.
func marks(parts []stretch, n int) string {
	line := []rune(strings.Repeat("·", n))
	for _, p := range parts {
		from := min(int(p.from*float64(n)), n-1)
		to := max(int(math.Ceil(p.to*float64(n))), from+1)
		for i := from; i < min(to, n); i++ {
			line[i] = '█'
		}
	}
	return string(line)
}

// barMarks draws a share as up to n columns; more than nothing shows.
func barMarks(share float64, n int) string {
	if !(share > 0) {
		return ""
	}
	return strings.Repeat("█", max(1, int(math.Round(min(share, 1)*float64(n)))))
}

func padded(s string, n int) string {
	s = cut(s, n)
	return s + strings.Repeat(" ", max(0, n-width(s)))
}

// timeline draws one line for each strip, under it the ends of the span.
func (t *textWriter) timeline(l *timeline) {
	label := 0
	for _, s := range l.strips {
		label = max(label, width(s.label.text))
	}
	label = min(label, stripLabelColumns, max(t.width-gap-stripColumnsMin, 0))
	n := max(t.width-label-gap, 1)
	for _, s := range l.strips {
		t.line("", cut(padded(s.label.text, label)+strings.Repeat(" ", gap)+marks(s.parts, n), t.width))
	}
	if space := n - width(l.first) - width(l.end); space >= 1 {
		t.line(sgrFaint, strings.Repeat(" ", label+gap)+l.first+strings.Repeat(" ", space)+l.end)
	}
}

func (t *textWriter) bars(l *barList) {
	label, value := 0, 0
	for _, b := range l.bars {
		label, value = max(label, width(b.label.text)), max(value, width(b.value))
	}
	label = min(label, stripLabelColumns)
	for _, b := range l.bars {
		line := padded(b.label.text, label) + "  " + strings.Repeat(" ", value-width(b.value)) + b.value + "  " + barMarks(b.share, barColumns)
		t.line("", cut(line, t.width))
	}
}

// markdownDrawings writes strips and bars as code, which keeps columns.
func markdownDrawings(out *strings.Builder, s section) {
	line := func(text string) { out.WriteString(markdownCode(text) + "\n") }
	if l := s.timeline; l != nil {
		out.WriteByte('\n')
		for _, x := range l.strips {
			out.WriteString("- ")
			line(cut(x.label.text, cellColumnsMax) + " " + marks(x.parts, WidthDefault/2))
		}
		out.WriteString("\n" + markdownText(l.first+" to "+l.end) + ".\n")
	}
	if l := s.bars; l != nil {
		out.WriteByte('\n')
		for _, b := range l.bars {
			out.WriteString("- ")
			line(cut(b.label.text, cellColumnsMax) + " " + b.value + " " + barMarks(b.share, barColumns))
		}
	}
}

// label writes the words beside a drawing.
func (p *pageWriter) label(c cell) {
	text := html.EscapeString(cut(c.text, cellColumnsMax))
	if c.foreign {
		text = "<code>" + text + "</code>"
	}
	p.put("<span class=\"label\">%s</span>", text)
}

// stripUnits is the width of a strip in units of its drawing.
const stripUnits = 1000

func (p *pageWriter) timeline(l *timeline) {
	p.put("<figure class=\"strips\">\n")
	for _, s := range l.strips {
		p.put("<div class=\"strip\">")
		p.label(s.label)
		p.put("<svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\"><rect class=\"calm\" width=\"%[1]d\" height=\"10\"/>",
			stripUnits, html.EscapeString(s.spoken))
		for _, x := range s.parts {
			// A minute in a month must still be seen.
			wide := max((x.to-x.from)*stripUnits, 3)
			p.put("<rect class=\"bar\" x=\"%.1f\" width=\"%.1f\" height=\"10\"/>", min(x.from*stripUnits, stripUnits-wide), wide)
		}
		p.put("</svg></div>\n")
	}
	p.put("<figcaption><span>%s</span><span>%s</span></figcaption>\n</figure>\n", html.EscapeString(l.first), html.EscapeString(l.end))
}

func (p *pageWriter) bars(l *barList) {
	p.put("<figure class=\"bars\">\n")
	for _, b := range l.bars {
		p.put("<div class=\"strip\">")
		p.label(b.label)
		p.put("<svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\"><rect class=\"calm\" width=\"%[1]d\" height=\"10\"/>",
			stripUnits, html.EscapeString(b.value))
		if b.share > 0 {
			p.put("<rect class=\"bar\" width=\"%.1f\" height=\"10\"/>", max(min(b.share, 1)*stripUnits, 3))
		}
		p.put("</svg><span class=\"value\">%s</span></div>\n", html.EscapeString(b.value))
	}
	p.put("</figure>\n")
}

// The drawing of a burn, in its units: the limit lies below the top, so that
// what was used beyond it can be seen.
const (
	burnWidth  = 600
	burnHeight = 120
	burnLimit  = 20
)

// burn draws time to the right and use upwards, the limit as a line.
func (p *pageWriter) burn(b burn) {
	x := func(part float64) float64 { return max(0, min(part, 1)) * burnWidth }
	y := func(used float64) float64 {
		return max(0, burnHeight-max(used, 0)*(burnHeight-burnLimit))
	}
	p.put("<figure class=\"burn\">\n<p>")
	p.words(b.label)
	p.put("</p>\n<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">\n",
		burnWidth, burnHeight+1, html.EscapeString(b.spoken))
	if b.latest > b.earliest {
		p.put("<polygon class=\"guess\" points=\"%.1f,%.1f %.1f,%d %.1f,%d\"/>\n", x(b.now), y(b.used),
			x(b.earliest), burnLimit, x(b.latest), burnLimit)
	}
	if b.likely > 0 {
		p.put("<line class=\"likely\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%d\"/>\n", x(b.now), y(b.used), x(b.likely), burnLimit)
	}
	p.put("<polygon class=\"used\" points=\"0,%d", burnHeight)
	last := 0.0
	for _, c := range b.course {
		p.put(" %.1f,%.1f %.1f,%.1f", x(c.from), y(last), x(min(c.at, b.now)), y(c.used))
		last = c.used
	}
	p.put(" %.1f,%.1f %.1f,%d\"/>\n", x(b.now), y(b.used), x(b.now), burnHeight)
	p.put("<line class=\"limit\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%[1]d\"/>\n", burnLimit, burnWidth)
	p.put("<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%[1]d\"/>\n</svg>\n", burnHeight, burnWidth)
	p.put("<figcaption><span>%s</span><span>%s</span></figcaption>\n</figure>\n", html.EscapeString(b.first), html.EscapeString(b.end))
}
