package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// overviewLayout says how many lines each pane of the overview gets. View and
// mouse both ask it.
type overviewLayout struct {
	titles int // lines above the rows of a list
	now    int // lines of "Right now"
	plot   int // lines of the chart, its title included, 0 for none
	upper  int // lines of the upper (or left, or only) list
	lower  int // lines of the lower list, 0 where there is none
	beside int // width of the left list where they stand side by side, else 0
	data   int
	single bool // only the list with the cursor is shown
}

const (
	plotMin, plotMax = 6, 14
	// listMin is the least that a list needs to be worth its place: titles and
	// five rows.
	listMin    = 7
	besideMin  = 120
	todoMin    = 58
	besideGap  = 3
	titledFrom = 16 // height from which panes have title lines
)

func (o *overview) layout(width, height int) overviewLayout {
	if o.full {
		return o.fullLayout(height)
	}
	l := overviewLayout{now: o.factRows(height), titles: 1}
	if height >= titledFrom {
		l.now, l.data, l.titles = l.now+1, 2, 2
	}
	rest := height - l.now - l.data
	vendors, todo := l.titles+max(1, len(o.vendors.rows)), l.titles+max(1, len(o.todo.rows))
	switch {
	case width >= besideMin:
		l.beside = min(width-besideGap-todoMin, max(besideMin/2, grid.WidthMax(o.vendors.cols)))
		l.upper = o.room(max(vendors, todo), rest, plotMax)
	case rest < plotMin+min(vendors, listMin)+min(todo, listMin):
		l.single = true
		l.upper = o.room(o.focused(vendors, todo), rest, plotMin)
	default:
		lists := o.room(vendors+todo, rest, plotMax)
		l.lower = min(todo, max(lists-vendors, lists/2))
		l.upper = lists - l.lower
	}
	if l.plot = min(max(plotMax, height/2), rest-l.upper-l.lower); l.plot < plotMin {
		l.plot = 0
	}
	return l
}

// fullLayout gives everything to the pane that has the focus.
func (o *overview) fullLayout(height int) overviewLayout {
	switch o.pane {
	case paneNow:
		return overviewLayout{now: o.factRows(height) + 1, titles: 2}
	case paneChart:
		return overviewLayout{plot: height, titles: 2}
	}
	return overviewLayout{upper: height, titles: 2, single: true}
}

// factRows is how many lines of "Right now" a body of that height has.
func (o *overview) factRows(height int) int {
	n := 0
	for _, kind := range o.facts {
		n += len(kind)
	}
	if o.full {
		return min(n, height-1)
	}
	return min(n, max(len(o.facts), (height-8)/4))
}

func (o *overview) focused(vendors, todo int) int {
	if o.pane == paneTodo {
		return todo
	}
	return vendors
}

// room is how many of rest lines go to lists that could use want: what a chart
// leaves them, but at least what they need, and everything where there would
// be no chart at all.
func (o *overview) room(want, rest, plot int) int {
	lists := min(want, max(rest-plot, min(rest, listMin)))
	if rest-lists < plotMin {
		lists = rest
	}
	return lists
}

func (o *overview) body(a *app, width, height int) []string {
	if !o.q.answered || o.data.Totals.Requests == 0 {
		return a.emptyBody(o.q.answered, o.q.err, width)
	}
	l := o.layout(width, height)
	var lines []string
	if l.now > 0 {
		lines = o.nowLines(a, width, l.now)
	}
	if l.plot > 0 {
		lines = append(lines, o.plotLines(a, width, l.plot)...)
	}
	switch {
	case l.upper == 0:
	case l.beside > 0:
		left := o.listLines(a, &o.vendors, l, l.beside, l.upper)
		right := o.listLines(a, &o.todo, l, width-l.beside-besideGap, l.upper)
		lines = append(lines, beside(a, left, right, l.beside, besideGap)...)
	case l.single:
		lines = append(lines, o.listLines(a, o.list(), l, width, l.upper)...)
	default:
		lines = append(lines, o.listLines(a, &o.vendors, l, width, l.upper)...)
		lines = append(lines, o.listLines(a, &o.todo, l, width, l.lower)...)
	}
	if l.data > 0 {
		for len(lines) < height-l.data {
			lines = append(lines, "")
		}
		lines = append(lines, a.section("Data", width), o.dataLine(a, width))
	}
	return lines
}

// listLines draws one of the two lists with its titles.
func (o *overview) listLines(a *app, pane *list[overviewRow], l overviewLayout, width, height int) []string {
	title, other := "By vendor", "what to do"
	if pane == &o.todo {
		title, other = "What to do", "by vendor"
	}
	if hidden := len(pane.rows) - (height - l.titles); hidden > 0 {
		title += " (" + count(int64(len(pane.rows))) + ")"
	}
	if l.single && !o.full {
		title += ", tab: " + other
	}
	var lines []string
	if l.titles > 1 {
		lines = append(lines, a.section(title, width))
	}
	focus := pane == &o.todo && o.pane == paneTodo || pane == &o.vendors && o.pane == paneVendors
	cell := func(r overviewRow, c, w int) grid.Cell {
		if pane == &o.todo {
			switch c = o.todoAt[c]; c {
			case todoBar:
				return grid.Cell{Text: chart.Bar(r.share, w, a.glyphs), On: string(a.theme.rule), Picture: true}
			case todoTrend:
				return grid.Cell{Text: chart.Spark(r.trend, w, a.glyphs), On: string(a.theme.back), Picture: true}
			}
		}
		return r.cells[c]
	}
	return append(lines, pane.lines(a, width, height-l.titles+1, focus, o.q.slow, cell)...)
}

func (o *overview) nowLines(a *app, width, height int) []string {
	var lines []string
	rows := height
	if height > o.factRows(a.bodyHeight()) {
		lines = append(lines, a.section("Right now", width))
		rows--
	}
	o.fitFacts(rows)
	for i, r := range o.right.rows {
		lines = append(lines, o.factLine(a, r.row, width, o.pane == paneNow && i == o.right.cursor.Row))
	}
	return lines
}

// fitFacts chooses the facts that have room.
func (o *overview) fitFacts(rows int) {
	picked := pickFacts(o.facts, rows)
	list := make([]entry[fact], 0, len(picked))
	for _, f := range picked {
		list = append(list, entry[fact]{id: f.id, row: f})
	}
	o.right.height = max(1, rows)
	o.right.set(list)
}

func (o *overview) factLine(a *app, f fact, width int, selected bool) string {
	rest := ""
	if f.rest > 0 {
		rest = "  +" + count(int64(f.rest)) + " more"
	}
	mark, kind, dim := "  ", f.kind, a.theme.dim
	if selected {
		mark, kind, dim = "> ", "", ""
	}
	what := 0
	for _, r := range o.right.rows {
		what = max(what, painted(r.row.what)+2)
	}
	l := a.line(width).put("", mark+spaces(8-len(f.number))).put(kind, f.number+" ").field(kind, f.what, min(what, 24))
	l.put("", clip(f.details, l.left-len(rest), a.signs.more)).put(dim, rest)
	if selected {
		return a.theme.selected.on(l.String() + spaces(l.left))
	}
	return l.String()
}

func (o *overview) plotLines(a *app, width, height int) []string {
	title := "Failures over time, all requests below"
	if len(o.chart.list) > 1 && o.chart.list[0].to.Sub(o.chart.list[0].from) >= time.Millisecond { // else there is but one time
		title = "Failures per " + span(o.chart.list[0].to.Sub(o.chart.list[0].from)) + ", all requests below"
	}
	return append([]string{a.section(title, width)}, o.chart.lines(a, width, height-1, o.pane == paneChart)...)
}

func (o *overview) dataLine(a *app, width int) string {
	d, dot := o.data.Data, " "+a.signs.dot+" "
	dim, warn, mark := a.theme.dim, a.theme.warn, "  "
	plain := paint("")
	if o.pane == paneData {
		dim, warn, plain, mark = a.theme.selected, a.theme.selected, a.theme.selected, "> "
	}
	l := a.line(width).put(plain, mark+plural(d.Sources, "source")+dot+plural(d.Records, "record"))
	if d.Rejected > 0 {
		l.whole(warn, dot+plural(d.Rejected, "line")+" not read")
		l.whole(dim, " (R shows them)")
	}
	l.whole(plain, dot+plural(d.Lines, "line"))
	if d.Ignored > 0 {
		l.whole(dim, dot+count(d.Ignored)+" ignored")
	}
	if d.Duplicates > 0 {
		l.whole(dim, dot+plural(d.Duplicates, "duplicate"))
	}
	return l.String()
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// emptyBody says why there is nothing to see and what can be done.
func (a *app) emptyBody(answered bool, err error, width int) []string {
	var text string
	switch {
	case err != nil:
		text = "There is nothing to show, because the question could not be answered. Press r to ask again, q to leave."
	case a.src == nil && a.feed.Err != nil:
		text = "There is no data: " + clean(a.feed.Err.Error()) + ". Press q to leave."
	case a.src == nil, !answered:
		text = "Opening the data" + a.signs.more + " You can wait here, or press ? for the keys and q to leave."
	case a.running():
		text = "No requests yet: the first lines are being read. What has been read shows up here by itself."
	case a.o.Feed != nil && a.feed.Following && a.feed.Records == 0:
		text = "No requests yet: what is followed is empty so far. What comes shows up here by itself."
	case !a.scope.Since.IsZero() || !a.scope.Until.IsZero():
		text = "No requests in this time range. t chooses another one, Z goes back to the one before."
	case a.scope.Vendor != "" || a.scope.Account != "":
		text = "No requests of this vendor or account. Press q and start again with another --vendor or --account."
	default:
		text = "No requests in this database. Press q and read some logs: errscope PATH" + a.signs.more
	}
	lines := []string{""}
	for _, s := range wrap(text, width-4) {
		lines = append(lines, a.line(width).put("", "  "+s).String())
	}
	return lines
}

func (o *overview) click(a *app, x, y int, b box) tea.Cmd {
	o.fitFacts(o.factRows(b.height))
	pane, row := o.at(x, y, b)
	was := o.pane
	switch pane {
	case paneNow:
		if row < 0 || row >= len(o.right.rows) {
			return nil
		}
		o.pane = paneNow
		if was == paneNow && o.right.cursor.Row == row {
			return o.open(a)
		}
		o.right.to(row)
	case paneChart:
		same, hit := o.chart.click(x, b.width)
		if !hit {
			return nil
		}
		if o.pane = paneChart; was == paneChart && same {
			return o.open(a)
		}
	case paneData:
		if o.data.Data.Rejected == 0 {
			return nil
		}
		if o.pane = paneData; was == paneData {
			return o.open(a)
		}
	case paneVendors, paneTodo:
		if row < 0 {
			return nil
		}
		o.pane = pane
		l := o.list()
		if was == pane && l.cursor.Row == row {
			return o.open(a)
		}
		l.to(row)
	}
	return nil
}

func (o *overview) wheel(_ *app, lines, y int, b box) {
	switch pane, _ := o.at(0, y, b); pane {
	case paneVendors:
		o.vendors.to(o.vendors.cursor.Row + lines)
	case paneTodo:
		o.todo.to(o.todo.cursor.Row + lines)
	}
}

// at finds the pane under a cell and its row there, -1 for its titles and for
// what has no rows. The last pane plus one is none.
func (o *overview) at(x, y int, b box) (overviewPane, int) {
	l := o.layout(b.width, b.height)
	rowsFrom := l.now - o.factRows(b.height)
	switch {
	case y < l.now:
		return paneNow, y - rowsFrom
	case y < l.now+l.plot:
		return paneChart, -1
	case l.data > 0 && y == b.height-1:
		return paneData, -1
	}
	y -= l.now + l.plot
	pane, shown := paneVendors, &o.vendors
	switch {
	case y >= l.upper+l.lower:
		return overviewPanes, -1
	case l.single && o.pane == paneTodo, l.beside > 0 && x >= l.beside:
		pane, shown = paneTodo, &o.todo
	case !l.single && y >= l.upper:
		pane, shown, y = paneTodo, &o.todo, y-l.upper
	}
	row := y - l.titles + shown.cursor.Top
	if y < l.titles || row >= len(shown.rows) {
		return pane, -1
	}
	return pane, row
}
