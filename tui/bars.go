package tui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/chart"
)

// bar is one span of time in a chart.
type bar struct {
	from, to           time.Time
	failures, requests int64 // requests is negative where they are not counted
	gap                bool  // there is no data at all
}

// bars is a chart over time that can be gone through bar by bar.
type bars struct {
	list []bar
	at   int
	seen bool // the cursor was put somewhere
}

// barsPage is how many bars a page is.
const barsPage = 10

// set takes new bars. The cursor stays with its time; at first it is at the
// bar with most failures.
func (b *bars) set(list []bar) {
	was, had := b.selected()
	b.list = list
	if !had || !b.seen {
		b.at = 0
		for i, x := range list {
			if x.failures > list[b.at].failures {
				b.at = i
			}
		}
		return
	}
	middle := was.from.Add(was.to.Sub(was.from) / 2)
	for i, x := range list {
		if !middle.Before(x.from) {
			b.at = i
		}
	}
	b.to(b.at)
}

func (b *bars) to(at int) { b.at = max(0, min(at, len(b.list)-1)) }

func (b *bars) selected() (bar, bool) {
	if b.at >= len(b.list) {
		return bar{}, false
	}
	return b.list[b.at], true
}

// press moves the cursor and reports whether the key was one of those.
func (b *bars) press(m keymap, k tea.KeyPressMsg) bool {
	switch {
	case key.Matches(k, m.Left):
		b.to(b.at - 1)
	case key.Matches(k, m.Right):
		b.to(b.at + 1)
	case key.Matches(k, m.PageUp):
		b.to(b.at - barsPage)
	case key.Matches(k, m.PageDn):
		b.to(b.at + barsPage)
	case key.Matches(k, m.Home):
		b.to(0)
	case key.Matches(k, m.End):
		b.to(len(b.list) - 1)
	default:
		return false
	}
	b.seen = true
	return true
}

// barKeys are for the footer while a chart has the focus.
func barKeys(m keymap, opens string) []key.Binding {
	return []key.Binding{bind("h l", "bar", "h", "l"), doing(m.Open, opens), doing(m.Zoom, "range of the bar"), m.Pane}
}

// columns are the cells of the selected bar in a chart of that width.
func (b *bars) columns(inner int) (from, to int) {
	n := max(1, len(b.list))
	from = b.at * inner / n
	to = max(from+1, (b.at+1)*inner/n)
	return min(from, inner-1), min(to, inner)
}

// click puts the cursor on the bar at a cell of a line and reports whether it
// stood there, or nothing where there is no bar.
func (b *bars) click(x, width int) (same, hit bool) {
	inner := width - plotLabel - 1
	x -= plotLabel
	if x < 0 || x >= inner || len(b.list) == 0 {
		return false, false
	}
	for i := range b.list {
		was := b.at
		b.at = i
		if from, to := b.columns(inner); x >= from && x < to {
			b.seen = true
			return was == i, true
		}
		b.at = was
	}
	return false, false
}

// span are the ends of the chart.
func (b *bars) span() (from, to time.Time) {
	if n := len(b.list); n > 0 {
		return b.list[0].from.UTC(), b.list[n-1].to.UTC()
	}
	return from, to
}

// lines draws the chart in height lines. With the focus the selected bar has
// another colour and a mark, and what it holds stands under it in place of the
// times. Reverse video would make a hole of a high bar and a tower of a low one.
func (b *bars) lines(a *app, width, height int, focus bool) []string {
	values := make([]float64, len(b.list))
	var requests []int64
	for i, x := range b.list {
		values[i] = float64(x.failures)
		if x.gap {
			values[i] = chart.Gap
		}
		if x.requests >= 0 {
			requests = append(requests, x.requests)
		}
	}
	from, to := b.span()
	if !focus || len(b.list) == 0 {
		return a.plot(values, requests, from, to, width, height)
	}
	inner, rows := width-plotLabel-1, height-1
	if requests != nil {
		rows--
	}
	if inner < 10 || rows < 1 {
		return nil
	}
	top := chart.Max(chart.Resample(values, chart.Columns(inner, a.glyphs)))
	left, right := b.columns(inner)
	draw := func(label, text string, p paint) string {
		cells := []rune(text) // each one cell wide
		return a.axis(label, width).put(p, string(cells[:left])).put(a.theme.key, string(cells[left:right])).put(p, string(cells[right:])).String()
	}
	lines := make([]string, 0, height)
	for i, area := range chart.Area(values, inner, rows, top, a.glyphs) {
		label := ""
		switch i {
		case rows - 1:
			label = "0"
		case 0:
			label = short(top)
		}
		lines = append(lines, draw(label, area, a.theme.area))
	}
	if requests != nil {
		lines = append(lines, draw("all", chart.Spark(requests, inner, a.glyphs), a.theme.back))
	}
	return append(lines, b.caption(a, width, left))
}

// caption says the time and the counts of the selected bar, beside its mark.
func (b *bars) caption(a *app, width, column int) string {
	x := b.list[b.at]
	words := " " + spanWords(x.from, x.to) + " " + a.signs.dot + " "
	switch {
	case x.gap:
		words += "no data"
	case x.requests >= 0:
		words += count(x.failures) + " of " + count(x.requests) + " failed"
	default:
		words += plural(x.failures, "failure")
	}
	l := a.line(width)
	if n := painted(words); plotLabel+column+1+n > width && plotLabel+column > n {
		words = strings.TrimPrefix(words, " ") + " "
		return l.put("", spaces(plotLabel+column-n)).put(a.theme.title, words).put(a.theme.key, a.signs.up).String()
	}
	return l.put("", spaces(plotLabel+column)).put(a.theme.key, a.signs.up).put(a.theme.title, words).String()
}

// spanWords says a span of time as short as it can be told, UTC.
func spanWords(from, to time.Time) string {
	layout, day := "15:04", "01-02 "
	if to.Sub(from) < 10*time.Minute {
		layout = "15:04:05"
	}
	from, to = from.UTC(), to.UTC()
	end := to.Format(layout)
	if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
		end = to.Format(day + layout)
	}
	return from.Format(day+layout) + " to " + end
}

// evenBars cuts a span into bars of counts.
func evenBars(counts []int64, from, to time.Time) []bar {
	n := len(counts)
	if n == 0 || from.IsZero() || !to.After(from) {
		return nil
	}
	list := make([]bar, n)
	step := to.Sub(from) / time.Duration(n)
	for i, c := range counts {
		list[i] = bar{from: from.Add(time.Duration(i) * step), to: from.Add(time.Duration(i+1) * step), failures: c, requests: -1}
	}
	list[n-1].to = to
	return list
}
