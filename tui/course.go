package tui

import (
	"strings"
	"time"

	"github.com/errscope/errscope/tui/chart"
)

// course is a chart of values over time with a level that matters, what is
// foreseen, and marks above.
type course struct {
	values   func(n int) []float64 // of n equal spans
	foreseen func(n int) []float64 // nil where nothing is
	top      float64
	topWords string // at the axis
	level    float64
	// levelWords name the level at the axis, where it is not the top.
	levelWords string
	from, to   time.Time
	kind       paint
	marks      []courseMark // the most important first
	times      []courseMark // below, beside both ends
}

// courseMark names a point in time, or a span that ends at until.
type courseMark struct {
	at, until time.Time
	openEnd   bool // the span goes on
	text      string
}

// courseMin is the least height of a course: marks, two rows, times.
const courseMin = 4

// draw gives height lines: marks, area, times.
func (c *course) draw(a *app, width, height int) []string {
	inner := width - plotLabel - 1
	rows := height - 2
	if inner < 10 || rows < 1 || !c.to.After(c.from) {
		return nil
	}
	n := chart.Columns(inner, a.glyphs)
	k := chart.Course{Values: c.values(n), Top: c.top, Level: c.level}
	if c.foreseen != nil {
		k.Foreseen = c.foreseen(inner)
	}
	levelRow := -1
	if c.level > 0 && c.top > 0 {
		levelRow = rows - 1 - min(rows-1, int(c.level/c.top*float64(rows)-1e-9))
	}
	lines := append(make([]string, 0, height), a.line(width).put("", spaces(plotLabel)).put(a.theme.warn, c.above(a, inner)).String())
	for i, runs := range chart.Layers(k, inner, rows, a.glyphs) {
		label := ""
		switch {
		case i == rows-1:
			label = "0"
		case i == 0:
			label = c.topWords
		case i == levelRow:
			label = c.levelWords
		}
		l := a.axis(label, width)
		for _, r := range runs {
			l.put(c.ink(a, r.Ink), r.Text)
		}
		lines = append(lines, l.String())
	}
	return append(lines, c.below(a, width, inner))
}

func (c *course) ink(a *app, k chart.Ink) paint {
	switch k {
	case chart.Seen:
		return c.kind
	case chart.Foreseen:
		return a.theme.dim
	case chart.Across:
		return a.theme.warn
	}
	return a.theme.rule
}

// column is the cell of a time, which may lie outside.
func (c *course) column(t time.Time, inner int) int {
	return int(float64(t.Sub(c.from)) / float64(c.to.Sub(c.from)) * float64(inner))
}

// ruler is one line of marks; what was put first stays.
type ruler struct{ cells []rune }

func newRuler(width int) *ruler { return &ruler{[]rune(spaces(width))} }

// free reports whether a text has room with a space on both sides.
func (r *ruler) free(x, n int) bool {
	if x < 0 || x+n > len(r.cells) {
		return false
	}
	for i := max(0, x-1); i < min(len(r.cells), x+n+1); i++ {
		if r.cells[i] != ' ' {
			return false
		}
	}
	return true
}

func (r *ruler) put(x int, text string) {
	for i, c := range []rune(text) {
		if x+i >= 0 && x+i < len(r.cells) {
			r.cells[x+i] = c
		}
	}
}

// beside puts a text at the first of the places that has room.
func (r *ruler) beside(text string, places ...int) {
	for _, x := range places {
		if r.free(x, len([]rune(text))) {
			r.put(x, text)
			return
		}
	}
}

func (r *ruler) String() string { return strings.TrimRight(string(r.cells), " ") }

// above draws the marks: spans, points on top of them, and then the words that
// have room beside them.
func (c *course) above(a *app, inner int) string {
	r := newRuler(inner)
	left, right := "├", "┤"
	if a.glyphs == chart.ASCII {
		left, right = "[", "]"
	}
	for _, m := range c.marks {
		if m.until.IsZero() && !m.openEnd {
			continue
		}
		from, to := max(0, c.column(m.at, inner)), inner-1
		if !m.openEnd {
			to = min(inner-1, c.column(m.until, inner))
		}
		for x := from; x <= to; x++ {
			r.put(x, a.signs.rule)
		}
		r.put(from, left)
		if !m.openEnd {
			r.put(to, right)
		}
	}
	at := make([]int, len(c.marks))
	for i, m := range c.marks {
		if at[i] = c.column(m.at, inner); at[i] == inner {
			at[i]--
		}
		if m.until.IsZero() && !m.openEnd && at[i] >= 0 && at[i] < inner {
			r.put(at[i], a.signs.down)
		} else {
			at[i] = -1
		}
	}
	for i, m := range c.marks {
		if at[i] < 0 {
			continue
		}
		end, begin := at[i]+1, at[i]-1
		for end < inner && r.cells[end] != ' ' {
			end++
		}
		for begin >= 0 && r.cells[begin] != ' ' {
			begin--
		}
		r.beside(m.text, end+1, begin-len([]rune(m.text)))
	}
	return r.String()
}

// below writes the ends and the times that matter under the chart.
func (c *course) below(a *app, width, inner int) string {
	layout := "01-02 15:04"
	if c.to.Sub(c.from) < 20*time.Hour {
		layout = "15:04"
	}
	r := newRuler(inner)
	first, last := c.from.UTC().Format(layout), c.to.UTC().Format(layout)
	r.put(0, first)
	r.beside(last, inner-len(last))
	for _, m := range c.times {
		n := len([]rune(m.text))
		x := c.column(m.at, inner)
		r.beside(m.text, min(max(0, x-n/2), inner-n), x-n, x+1)
	}
	return a.line(width).put("", spaces(plotLabel)).put(a.theme.dim, r.String()).String()
}
