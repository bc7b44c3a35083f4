package tui

import (
	"time"

	"github.com/errscope/errscope/tui/chart"
)

// plotLabel is the width of the axis at the left of a chart.
const plotLabel = 9

// plot draws values over time as height lines: the area, and below it the
// times. requests, where given, is a second row of smaller weight under it.
func (a *app) plot(values []float64, requests []int64, from, to time.Time, width, height int) []string {
	inner := width - plotLabel - 1
	rows := height - 1
	if requests != nil {
		rows--
	}
	if inner < 10 || rows < 1 {
		return nil
	}
	resampled := chart.Resample(values, chart.Columns(inner, a.glyphs))
	top := chart.Max(resampled)
	lines := make([]string, 0, height)
	for i, area := range chart.Area(values, inner, rows, top, a.glyphs) {
		label := ""
		switch {
		case i == rows-1:
			label = "0"
		case i == 0:
			label = short(top)
		}
		lines = append(lines, a.axis(label, width).put(a.theme.area, area).String())
	}
	if requests != nil {
		lines = append(lines, a.axis("all", width).put(a.theme.back, chart.Spark(requests, inner, a.glyphs)).String())
	}
	return append(lines, a.times(from, to, width))
}

func (a *app) axis(label string, width int) *line {
	l := a.line(width).put("", spaces(plotLabel-3-len(label)))
	return l.put(a.theme.dim, label).put("", " ").put(a.theme.rule, a.signs.axis).put("", " ")
}

// times writes the ends and the middle of a span under a chart.
func (a *app) times(from, to time.Time, width int) string {
	l := a.line(width).put("", spaces(plotLabel))
	if from.IsZero() || !to.After(from) {
		return l.String()
	}
	layout := "01-02 15:04"
	if to.Sub(from) < 20*time.Hour {
		layout = "15:04"
	}
	if to.Sub(from) < 10*time.Minute {
		layout = "15:04:05"
	}
	first, last := from.Format(layout), to.Format(layout)
	inner := width - plotLabel - 1
	if inner >= 3*len(first)+8 {
		middle := from.Add(to.Sub(from) / 2).Format(layout)
		l.put(a.theme.dim, first).put("", spaces((inner-len(middle))/2-len(first))).put(a.theme.dim, middle)
	} else {
		l.put(a.theme.dim, first)
	}
	l.put("", spaces(l.left-1-len(last)))
	return l.put(a.theme.dim, last).String()
}

// floats turns counts into values of a chart.
func floats(counts []int64) []float64 {
	out := make([]float64, len(counts))
	for i, c := range counts {
		out[i] = float64(c)
	}
	return out
}
