package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// status is the filter, how many allowances it lets through, and the order; or
// the field of what-if.
func (q *quota) status(a *app, width int) string {
	if q.what.field.Focused() {
		return q.what.status(a, width)
	}
	if text, only := q.asked(a, width, q.q.answered, q.q.status, q.course.status, q.users.status, q.pressure.status); only {
		return text
	}
	if q.inRates {
		return q.rates.status(a, width)
	}
	if len(q.all) == 0 {
		return ""
	}
	counts := q.countsUpTo(queries.StandingMax, "older ones are not shown")
	if n := q.inDanger(); n > 0 {
		counts += ", " + count(n) + " in danger"
	}
	by := strings.TrimSuffix(quotaColumns[q.sort].Title, ", UTC")
	if q.sort == quotaRunsOut {
		by = "danger"
	}
	return q.find.status(a, width, counts+q.order(a, by))
}

// inDanger counts the allowances that run and are used up, or will be.
func (q *quota) inDanger() (n int64) {
	for _, r := range q.all {
		if r.danger <= dangerLow {
			n++
		}
	}
	return n
}

// heights divides the body: the list first, the pane of the selected row below.
func (q *quota) heights(height int) (rows, pane int) {
	all := len(q.all)
	if q.inRates {
		all = len(q.rates.list.rows)
	}
	return splitHeights(q.alone, all, height)
}

// splitHeights divides a body into a list of so many rows and the pane below it.
func splitHeights(alone paneAlone, all, height int) (rows, pane int) {
	switch {
	case alone == lowerPane:
		return 0, height
	case alone == upperPane || height < paneMin:
		return height, 0
	}
	pane = max(6, height*3/5)
	rows = min(height-pane, all+2) // of all: it must not jump while a filter is typed
	rows = max(rows, min(height-pane, 5))
	return rows, height - rows
}

func (q *quota) body(a *app, width, height int) []string {
	if q.inRates && q.pressure.answered {
		return q.rates.body(a, width, height, q.alone, q.pressure.slow)
	}
	instead := q.nobody(a, width, q.q.answered, q.q.err, q.nothing)
	return q.halves(a, width, height, q.alone, instead, func(rows int) []string { return q.listLines(a, width, rows) },
		func(r *allowance, pane int) []string { return q.pane(a, r, width, pane) })
}

// nothing says why there is no allowance and what can be done.
func (q *quota) nothing(a *app, width int) []string {
	if a.running() {
		return a.sentences(a.theme.info, width, "No allowance is known so far: they are worked out when all is read.")
	}
	rates := "Press tab for rate limits, 1 for the overview."
	return a.sentences(a.theme.info, width,
		"No allowance is known here: no answer named one, and neither a pack nor the configuration does.",
		"What a vendor never states goes into errscope.yaml, and counts from the next ingest on:",
		"limits: [{vendor: NAME, name: requests, limit: 10000, period: month}]", rates)
}

// sentences are paragraphs that stand in place of rows.
func (a *app) sentences(kind paint, width int, texts ...string) []string {
	var lines []string
	for _, text := range texts {
		lines = append(lines, "")
		for _, s := range wrap(text, width-4) {
			lines = append(lines, a.line(width).put(kind, "  "+s).String())
		}
	}
	return lines
}

func (q *quota) listLines(a *app, width, rows int) []string {
	return q.lines(a, width, rows, !q.inRates, q.q.slow, func(r *allowance, c, w int) grid.Cell {
		if c == quotaGauge {
			return grid.Cell{Text: a.gauge(r.share, w), On: r.cells[c].On, Picture: true}
		}
		return r.cells[c]
	})
}

// pane is about the selected allowance: how it was used up, how it goes on, by
// whom.
func (q *quota) pane(a *app, r *allowance, width, height int) []string {
	title := r.title() + " " + a.signs.dot + " used in " + r.periodWords()
	if r.PeriodEnd.IsZero() {
		title = r.title() + " " + a.signs.dot + " how full it is"
	}
	if r.Limit > 0 {
		title += " " + a.signs.dot + " limit " + count(r.Limit)
	}
	if !r.past() {
		title += " " + a.signs.dot + " " + a.signs.ahead + " lies ahead"
	}
	lines := []string{a.section(title, width)}
	words := q.paneWords(a, r, width, max(2, min(7, height-courseMin-1)))
	if rest := height - 1 - len(words); rest >= courseMin {
		c := q.courseOf(a, r)
		drawn := c.draw(a, width, min(rest, 22))
		if len(q.hours) == 0 && len(drawn) > 2 {
			drawn[len(drawn)/2] = a.line(width).put("", spaces(plotLabel)).put(a.theme.dim, q.noCourse(a)).String()
		}
		lines = append(lines, drawn...)
	}
	return append(lines, words...)
}

func (q *quota) noCourse(a *app) string {
	if !q.course.answered {
		return "asking for the hours" + a.signs.more
	}
	return "how much was used is not known of any hour"
}

// courseOf is the chart of an allowance over its period.
func (q *quota) courseOf(a *app, r *allowance) *course {
	c := &course{from: r.PeriodStart, to: r.PeriodEnd, kind: a.theme.back, level: float64(max(0, r.Limit))}
	if c.to.IsZero() {
		c.to = latest(r.AsOf, latest(r.ProjectedAt, r.ProjectedTo)) // what is foretold of a capacity lies within
	}
	ks := knotsOf(r, q.hours)
	c.values = func(n int) []float64 { return sampled(ks, c.from, c.to, r.AsOf, n) }
	ahead := r.ahead(q.what.rateOf(r))
	if ahead != nil {
		c.foreseen = func(n int) []float64 {
			out := make([]float64, n)
			for i := range out {
				out[i] = ahead(middle(c.from, c.to, i, n))
			}
			return out
		}
	}
	c.top = max(c.level, float64(r.Used))
	for _, k := range ks {
		c.top = max(c.top, k.used)
	}
	if ahead != nil && r.Limit <= 0 {
		c.top = max(c.top, ahead(c.to))
	}
	c.topWords, c.levelWords = axisCount(c.top), axisCount(c.level)
	c.marks = r.courseMarks(q.what.rateOf(r))
	if r.AsOf.Before(c.to) && r.AsOf.After(c.from) {
		c.times = []courseMark{{at: r.AsOf, text: "now " + r.AsOf.UTC().Format("01-02 15:04")}}
	}
	return c
}

// axisCount writes a number in the room that an axis has.
func axisCount(v float64) string {
	if text := count(int64(v)); len(text) <= plotLabel-3 {
		return text
	}
	return short(v)
}

// knot is what was used at a time.
type knot struct {
	at   time.Time
	used float64
}

// knotsOf are the corners of the use. Before the first nothing is known.
func knotsOf(r *allowance, hours []queries.QuotaHourUse) []knot {
	list := make([]knot, 0, 2*len(hours)+1)
	for i, h := range hours {
		before := 0.0
		if i > 0 {
			before = float64(hours[i-1].Used)
		} else if h.Hour.After(r.PeriodStart) {
			before = float64(h.Used)
		}
		end := h.Hour.Add(time.Hour)
		if r.AsOf.Before(end) && r.AsOf.After(h.Hour) {
			end = r.AsOf
		}
		list = append(list, knot{h.Hour, before}, knot{end, float64(h.Used)})
	}
	return list
}

// sampled reads the use in the middle of n spans, up to what is known.
func sampled(ks []knot, from, to, known time.Time, n int) []float64 {
	out := make([]float64, n)
	i := 0
	for x := range out {
		t := middle(from, to, x, n)
		for i < len(ks) && !ks[i].at.After(t) {
			i++
		}
		switch {
		case t.After(known) || i == 0:
			out[x] = chart.Gap
		case i == len(ks):
			out[x] = ks[i-1].used
		default:
			a, b := ks[i-1], ks[i]
			part := float64(t.Sub(a.at)) / float64(b.at.Sub(a.at))
			out[x] = a.used + (b.used-a.used)*part
		}
	}
	return out
}

// middle is the middle of the span i of n.
func middle(from, to time.Time, i, n int) time.Time {
	return from.Add(time.Duration(float64(to.Sub(from)) * (float64(i) + 0.5) / float64(n)))
}

// ahead is the use that lies ahead, nil where nothing can be said: a straight
// way to the stored end, or at the rate that was asked for.
func (r *allowance) ahead(rate float64) func(time.Time) float64 {
	if r.past() || r.Used < 0 {
		return nil
	}
	until := r.PeriodEnd // to where the way is drawn
	if rate == 0 {
		switch {
		case r.Outlook == queries.QuotaExhausted:
			return func(time.Time) float64 { return 0 }
		case !r.ProjectedAt.IsZero() && r.ProjectedAt.After(r.AsOf):
			rate, until = float64(r.Remaining)/r.ProjectedAt.Sub(r.AsOf).Hours(), latest(r.ProjectedAt, r.ProjectedTo)
		case r.BurnPerHour > 0:
			rate = r.BurnPerHour
		}
	} else if at, ok := r.runsOutAt(rate); ok {
		until = at
	}
	return func(t time.Time) float64 {
		switch used := float64(r.Used) + rate*t.Sub(r.AsOf).Hours(); {
		case !t.After(r.AsOf):
			return chart.Gap
		case !until.IsZero() && t.After(until):
			return 0 // it is used up, which is no gap
		case r.Limit > 0 && r.Outlook != queries.QuotaOver:
			return min(used, float64(r.Limit))
		default:
			return used
		}
	}
}

// courseMarks are the end that is foreseen, with its interval, or was.
func (r *allowance) courseMarks(rate float64) []courseMark {
	if rate > 0 {
		if at, ok := r.runsOutAt(rate); ok {
			return []courseMark{{at: at, text: "at " + short(rate) + "/h: " + at.UTC().Format("01-02 15:04")}}
		}
		return nil
	}
	var marks []courseMark
	if !r.ExhaustedAt.IsZero() {
		marks = append(marks, courseMark{at: r.ExhaustedAt, text: "ran out " + r.ExhaustedAt.UTC().Format("01-02 15:04")})
	}
	if !r.ProjectedAt.IsZero() && r.Outlook == queries.QuotaRunsOut {
		marks = append(marks, courseMark{at: r.ProjectedAt, text: "runs out " + r.ProjectedAt.UTC().Format("01-02 15:04")})
		if !r.ProjectedFrom.IsZero() {
			marks = append(marks, courseMark{at: r.ProjectedFrom, until: r.ProjectedTo, openEnd: r.ProjectedTo.IsZero()})
		}
	}
	return marks
}

func (q *quota) click(a *app, x, y int, b box) tea.Cmd {
	if q.inRates {
		return q.rates.click(a, y, b, q.alone)
	}
	rows, _ := q.heights(b.height)
	return q.clickRows(a, x, y, rows, b.width, q.open, q.follow)
}

func (q *quota) wheel(a *app, lines, y int, b box) {
	if q.inRates {
		q.rates.list.to(q.rates.list.cursor.Row + lines)
		return
	}
	q.sifted.wheel(a, lines, y, b)
}
