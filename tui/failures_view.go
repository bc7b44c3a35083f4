package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// status is the filter, how many groups it lets through, and the order.
func (f *failures) status(a *app, width int) string {
	if text, only := f.asked(a, width, f.q.answered, f.q.status); only {
		return text
	}
	counts := f.countsUpTo(queries.GroupsMax, "the rest is not shown")
	return f.find.status(a, width, counts+f.order(a, failureColumns[f.sort].Title))
}

// paneMin is how tall the screen must be for the pane under the list.
const paneMin = 10

// heights divides the body: the list first, the pane of the selected group
// below it.
func (f *failures) heights(height int) (rows, pane int) {
	if height < paneMin {
		return height, 0
	}
	pane = min(16, max(5, height*2/5))
	rows = min(height-pane, len(f.all)+2) // of all: it must not jump while a filter is typed
	return max(rows, min(height-pane, 5)), pane
}

func (f *failures) body(a *app, width, height int) []string {
	if lines := f.nobody(a, width, f.q.answered, f.q.err, (*app).goodNews); lines != nil {
		return lines
	}
	if len(f.list.rows) == 0 {
		return f.unmatched(a, f.noun, width)
	}
	if g, ok := f.list.selected(); ok && f.full {
		return f.pane(a, g, width, height)
	}
	rows, pane := f.heights(height)
	lines := f.lines(a, width, rows, true, f.q.slow, func(g *group, c, w int) grid.Cell {
		if c == colTrend && w < queries.TrendBuckets {
			return grid.Cell{Text: chart.Spark(g.Trend, w, a.glyphs), On: g.cells[c].On, Picture: true}
		}
		return g.cells[c]
	})
	return f.list.over(lines, rows, pane, func(g *group) []string { return f.pane(a, g, width, height-rows) })
}

func (a *app) goodNews(width int) []string {
	text := "No failures here: every answer in this time range is a success or an expected one. Press 1 for the overview."
	if a.running() {
		text = "No failures so far; the data is still being read. What is found shows up here by itself."
	}
	return a.sentences(a.theme.good, width, text)
}

// pane is about the selected group: what it says, what to do, when it was.
func (f *failures) pane(a *app, g *group, width, height int) []string {
	title := g.cells[colVendor].Text + " " + g.cells[colCode].Text
	from, to := a.rangeTimes()
	n := len(g.Trend)
	if n > 0 && to.After(from) && !from.IsZero() {
		title += " " + a.signs.dot + " per " + span(to.Sub(from)/time.Duration(n))
	}
	lines := []string{a.section(title, width)}
	wordsMax, plotMax := 5, 17
	if f.full {
		wordsMax, plotMax = 7, height
	}
	words := f.paneWords(a, g, width, max(2, min(wordsMax, height-6)))
	if rest := height - 1 - len(words); rest >= 4 && n > 0 {
		if _, ok := f.bar(a); ok {
			lines = append(lines, f.chart.lines(a, width, min(rest, plotMax), f.inChart)...)
		} else {
			lines = append(lines, a.plot(floats(g.Trend), nil, from, to, width, min(rest, plotMax))...)
		}
	}
	return append(lines, words...)
}

// paneWords are at most height lines, the advice first.
func (f *failures) paneWords(a *app, g *group, width, height int) []string {
	var lines []string
	put := func(label string, kind paint, text string) {
		if text != "" && len(lines) < height {
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, label, 9).put(kind, text).String())
		}
	}
	advice := clean(g.Action)
	if advice == "" {
		advice = doThis[g.Retry].long
	}
	dot := " " + a.signs.dot + " "
	put("advice", "", advice)
	put("says", "", clean(g.Message))
	owner := owners[g.Fault].long
	if g.Outage {
		owner += dot + "looks like an outage"
	}
	if g.ContactSupport {
		owner += dot + "for the vendor's support"
	}
	samples := "no request_id in this group"
	if g.RequestIDs > 0 {
		samples = "request_id " + clean(g.RequestID)
		if g.RequestIDs > 1 {
			samples += " (+" + count(g.RequestIDs-1) + ")"
		}
	}
	put("samples", "", samples)
	put("owner", "", owner)
	rule := clean(g.Rule) + dot + string(g.Confidence)
	if g.Route != "" {
		rule += dot + clean(g.Route)
		if g.Routes > 1 {
			rule += " (+" + plural(g.Routes-1, "route") + ")"
		}
	}
	put("rule", a.theme.dim, rule)
	return lines
}

func (f *failures) click(a *app, x, y int, b box) tea.Cmd {
	rows, _ := f.heights(b.height)
	if len(f.list.rows) == 0 {
		return nil
	}
	if f.full || y >= rows {
		return f.clickChart(a, x, b)
	}
	switch met := f.clicked(x, y, b.width); {
	case met == hitAgain && !f.inChart:
		return f.open(a)
	case met == hitAgain || met == hitRow:
		f.inChart = false
	}
	return nil
}

// clickChart puts the cursor on a bar; a second click opens it.
func (f *failures) clickChart(a *app, x int, b box) tea.Cmd {
	if _, ok := f.bar(a); !ok {
		return nil
	}
	was := f.inChart
	same, hit := f.chart.click(x, b.width)
	if !hit {
		return nil
	}
	if f.inChart = true; was && same {
		return f.open(a)
	}
	return nil
}
