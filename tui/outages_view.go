package tui

import (
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// status is the filter, how many outages it lets through, and the order.
func (o *outages) status(a *app, width int) string {
	if text, only := o.asked(a, width, o.q.answered, o.q.status, o.course.status, o.evidence.status); only {
		return text
	}
	if len(o.all) == 0 {
		return ""
	}
	counts := o.counts()
	if o.cut {
		counts += ", older ones are not shown"
	}
	var open int64
	for _, w := range o.all {
		if w.state() == "open" {
			open++
		}
	}
	if open > 0 {
		counts += ", " + count(open) + " open"
	}
	return o.find.status(a, width, counts+o.order(a, strings.TrimSuffix(outageColumns[o.sort].Title, " UTC")))
}

func (o *outages) heights(height int) (rows, pane int) {
	return splitHeights(o.alone, len(o.all), height)
}

func (o *outages) body(a *app, width, height int) []string {
	instead := o.nobody(a, width, o.q.answered, o.q.err, o.nothing)
	return o.halves(a, width, height, o.alone, instead, func(rows int) []string { return o.listLines(a, width, rows) },
		func(r *outage, pane int) []string { return o.pane(a, r, width, pane) })
}

// nothing says that nobody was down, or why that is not known.
func (o *outages) nothing(a *app, width int) []string {
	if a.running() {
		return a.sentences(a.theme.good, width, "No outage is known so far: they are looked for when all is read.")
	}
	return a.sentences(a.theme.good, width, "No outage here: no vendor's calls failed beyond what is usual for it. Press 3 for the failures, t for another time range.")
}

func (o *outages) listLines(a *app, width, rows int) []string {
	for _, s := range grid.Arrange(o.list.cols, width) {
		if s.Column == outageStrip {
			o.list.cols[outageStrip].Title = o.axis(s.Width)
		}
	}
	return o.lines(a, width, rows, true, o.q.slow, func(w *outage, c, room int) grid.Cell {
		if c == outageStrip {
			return grid.Cell{Text: o.strip(a, w, room), On: w.cells[c].On, Picture: true}
		}
		if c == outageRoute {
			return grid.Cell{Text: tail(w.cells[c].Text, room, a.signs.more)}
		}
		return w.cells[c]
	})
}

// tail shortens a route to its end, which tells more than its beginning.
func tail(s string, width int, more string) string {
	over := painted(s) - width
	if over <= 0 {
		return s
	}
	_, rest := grid.Split(s, over+1)
	if painted(rest)+1 > width { // a wide character stood across the cut
		_, rest = grid.Split(rest, 1)
	}
	return more + rest
}

// axis names the ends of the strips.
func (o *outages) axis(width int) string {
	layout := "01-02"
	if o.to.Sub(o.from) < 36*time.Hour {
		layout = "15:04"
	}
	if o.to.Sub(o.from) >= 36*time.Hour && width >= 30 {
		layout = "01-02 15:04"
	}
	first, last := o.from.UTC().Format(layout), o.to.UTC().Format(layout)
	if gap := width - len(first) - len(last); gap > 0 && !o.from.IsZero() {
		return first + spaces(gap) + last
	}
	return outageColumns[outageStrip].Title
}

// pane is about the selected outage: how it went, and by what it is known.
func (o *outages) pane(a *app, w *outage, width, height int) []string {
	k, step := w.shown()
	title := w.title() + " " + a.signs.dot + " share that failed, per " + span(time.Duration(step)*time.Minute)
	if !math.IsNaN(w.BaselineRatio) {
		title += " " + a.signs.dot + " usual " + ratioWords(w.BaselineRatio)
	}
	lines := []string{a.section(title, width)}
	words := o.paneWords(a, w, width, max(2, min(10, height-courseMin-2)))
	if rest := height - 1 - len(words); rest >= courseMin {
		c := o.courseOf(a, w, k, step)
		drawn := c.draw(a, width, min(rest, 20))
		if len(o.spans) == 0 && len(drawn) > 2 {
			text := "asking for the minutes" + a.signs.more
			if o.course.answered {
				text = "the calls by the minute are not stored"
			}
			drawn[len(drawn)/2] = a.line(width).put("", spaces(plotLabel)).put(a.theme.dim, text).String()
		}
		lines = append(lines, drawn...)
	}
	return append(lines, words...)
}

// ratioTopMin is the least share at the upper edge of the chart.
const ratioTopMin = 0.1

// courseOf is the chart of the share of calls that failed.
func (o *outages) courseOf(a *app, w *outage, k queries.OutageKey, step int) *course {
	values := ratios(o.spans, k.From, k.To, step)
	c := &course{from: k.From, to: k.To, kind: a.theme.area, top: min(1, max(ratioTopMin, chart.Max(values)))}
	if w.BaselineRatio > 0 {
		c.level = w.BaselineRatio
	}
	c.top = max(c.top, c.level)
	c.topWords, c.levelWords = ratioWords(c.top), "usual"
	c.values = func(int) []float64 { return values }
	c.marks = []courseMark{{at: w.StartedAt, text: "start " + w.StartedAt.UTC().Format("15:04:05")}}
	if !w.EndedAt.IsZero() {
		c.marks = append(c.marks, courseMark{at: w.EndedAt, text: "end " + w.EndedAt.UTC().Format("15:04:05")})
	}
	return c
}

// ratios are the shares by so many minutes; spans without calls are gaps.
func ratios(spans []queries.OutageSpan, from, to time.Time, stepMinutes int) []float64 {
	step := time.Duration(stepMinutes) * time.Minute
	out := make([]float64, max(1, int((to.Sub(from)+step-1)/step)))
	for i := range out {
		out[i] = chart.Gap
	}
	for _, s := range spans {
		if i := int(s.Start.Sub(from) / step); s.Calls > 0 && !s.Start.Before(from) && i < len(out) {
			out[i] = float64(s.Failed) / float64(s.Calls)
		}
	}
	return out
}

func (o *outages) click(a *app, x, y int, b box) tea.Cmd {
	rows, _ := o.heights(b.height)
	return o.clickRows(a, x, y, rows, b.width, o.open, o.follow)
}
