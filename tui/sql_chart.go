package tui

import (
	"slices"
	"time"

	"github.com/errscope/errscope/tui/chart"
)

// drawing is what of an answer can be drawn: numbers over times, or numbers
// beside names.
type drawing struct {
	over, value int // columns
	times       bool
}

// slotsMax bounds how many spans of time a chart is made of.
const slotsMax = 4000

// drawing finds the first column of times, else of names, and the first of
// numbers beside it. The selected column is drawn where it holds numbers.
func (t *table) drawing() (d drawing, ok bool) {
	first := func(is func(kind string) bool) int {
		for c, col := range t.Columns {
			if is(col.Type) {
				return c
			}
		}
		return -1
	}
	d.value = first(isNumber)
	if t.column < len(t.Columns) && isNumber(t.Columns[t.column].Type) {
		d.value = t.column
	}
	if d.over = first(isTime); d.over >= 0 {
		d.times = true
	} else {
		d.over = first(func(kind string) bool { return !isNumber(kind) })
	}
	return d, d.value >= 0 && d.over >= 0 && len(t.Rows) > 0
}

// chartLines draws the answer.
func (t *table) chartLines(a *app, width, height int) (title string, lines []string) {
	d, ok := t.drawing()
	if !ok {
		return "", nil
	}
	title = t.cols[d.value+1].Title + " by " + t.cols[d.over+1].Title
	if d.times {
		if words, lines := t.overTime(a, d, width, height); lines != nil {
			return title + words, lines
		}
	}
	return title, t.bars(a, d, width, height)
}

// overTime sums the numbers per span of time, which is the smallest step
// between two rows.
func (t *table) overTime(a *app, d drawing, width, height int) (words string, lines []string) {
	type point struct {
		at    time.Time
		value float64
	}
	var points []point
	for _, row := range t.Rows {
		text, _ := row[d.over].(string)
		v, ok := number(row[d.value])
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			at, err = time.Parse(time.DateOnly, text)
		}
		if ok && err == nil {
			points = append(points, point{at, v})
		}
	}
	if len(points) < 2 {
		return "", nil
	}
	slices.SortFunc(points, func(x, y point) int { return x.at.Compare(y.at) })
	from, to := points[0].at, points[len(points)-1].at
	step := to.Sub(from)
	for i := range points[1:] {
		if gap := points[i+1].at.Sub(points[i].at); gap > 0 {
			step = min(step, gap)
		}
	}
	if step <= 0 {
		return "", nil
	}
	step = max(step, to.Sub(from)/slotsMax, 1)
	values := make([]float64, int(to.Sub(from)/step)+1)
	for i := range values {
		values[i] = chart.Gap
	}
	for _, p := range points {
		i := min(int(p.at.Sub(from)/step), len(values)-1)
		values[i] = max(0, values[i]) + max(0, p.value)
	}
	return ", per " + span(step), a.plot(values, nil, from, to.Add(step), width, height)
}

// bars draws one bar for each row from the selected one on.
func (t *table) bars(a *app, d drawing, width, height int) []string {
	top, names := 0.0, 0
	for _, row := range t.Rows {
		if v, ok := number(row[d.value]); ok {
			top = max(top, v)
		}
	}
	from := max(0, min(t.cursor.Row, len(t.order)-height))
	shown := t.order[from:min(len(t.order), from+height)]
	for _, i := range shown {
		text, _ := cellOfValue(t.Rows[i][d.over])
		names = max(names, painted(text))
	}
	names = min(names, width/3)
	var lines []string
	for _, i := range shown {
		text, _ := cellOfValue(t.Rows[i][d.over])
		value, _ := cellOfValue(t.Rows[i][d.value])
		l := a.line(width).put("", "  ").field("", text, names).put("", "  ")
		room := l.left - 14
		if v, ok := number(t.Rows[i][d.value]); ok && top > 0 && v > 0 && room > 4 {
			l.put(a.theme.back, chart.Bar(v/top, room, a.glyphs))
		} else {
			l.put("", spaces(room))
		}
		lines = append(lines, l.put("", "  "+value).String())
	}
	return lines
}
