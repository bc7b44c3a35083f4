package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
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
	todoMin    = 48
	besideGap  = 3
	titledFrom = 16 // height from which panes have title lines
)

func (o *overview) layout(width, height int) overviewLayout {
	l := overviewLayout{now: len(o.now), titles: 1}
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

func (o *overview) focused(vendors, todo int) int {
	if o.inTodo {
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
	lines := o.nowLines(a, width, l.now)
	if l.plot > 0 {
		lines = append(lines, o.plotLines(a, width, l.plot)...)
	}
	switch {
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
	if l.single {
		title += ", tab: " + other
	}
	var lines []string
	if l.titles > 1 {
		lines = append(lines, a.section(title, width))
	}
	cell := func(r overviewRow, c, w int) grid.Cell {
		if pane == &o.todo && c == todoBar {
			return grid.Cell{Text: chart.Bar(r.share, w, a.glyphs), On: string(a.theme.rule)}
		}
		return r.cells[c]
	}
	return append(lines, pane.lines(a, width, height-l.titles+1, pane == o.list(), o.q.slow, cell)...)
}

func (o *overview) nowLines(a *app, width, height int) []string {
	var lines []string
	if height > len(o.now) {
		lines = append(lines, a.section("Right now", width))
	}
	for _, f := range o.now {
		l := a.line(width).put("", spaces(10-len(f.number))).put(f.kind, f.number+" ").field(f.kind, f.what, 20)
		lines = append(lines, l.put("", f.details).String())
	}
	return lines
}

func (o *overview) plotLines(a *app, width, height int) []string {
	buckets := o.data.Buckets
	failures := make([]float64, len(buckets))
	requests := make([]int64, len(buckets))
	for i, b := range buckets {
		failures[i], requests[i] = float64(b.Failures), b.Requests
		if b.Requests == 0 && b.Failures == 0 {
			failures[i] = chart.Gap
		}
	}
	title := "Failures over time, all requests below"
	var from, to time.Time
	if n := len(buckets); n > 0 {
		from, to = buckets[0].Start.UTC(), o.data.Totals.Last.UTC()
		if n > 1 {
			step := buckets[1].Start.Sub(buckets[0].Start)
			title = "Failures per " + span(step) + ", all requests below"
			to = buckets[n-1].Start.Add(step).UTC()
		}
	}
	return append([]string{a.section(title, width)}, a.plot(failures, requests, from, to, width, height-1)...)
}

func (o *overview) dataLine(a *app, width int) string {
	d, dot := o.data.Data, " "+a.signs.dot+" "
	l := a.line(width).put("", "  "+plural(d.Sources, "source")+dot+plural(d.Records, "record"))
	if d.Rejected > 0 {
		l.whole(a.theme.warn, dot+plural(d.Rejected, "line")+" not read")
	}
	l.whole("", dot+plural(d.Lines, "line"))
	if d.Ignored > 0 {
		l.whole(a.theme.dim, dot+count(d.Ignored)+" ignored")
	}
	if d.Duplicates > 0 {
		l.whole(a.theme.dim, dot+plural(d.Duplicates, "duplicate"))
	}
	if d.Rejected > 0 {
		l.whole(a.theme.dim, dot+"errscope sql: rejects")
	}
	return l.String()
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// rightNow says what matters most, each line also when it is good news.
func rightNow(a *app, d queries.Overview) []fact {
	var outage, quota, mine int64
	for _, f := range d.Faults {
		if f.Category == record.QuotaExhausted || f.Category == record.RateLimit {
			quota += f.Failures
		}
		if f.Fault == record.FaultCaller || f.Fault == record.FaultAccount {
			mine += f.Failures
		}
	}
	down := slices.Clone(d.Vendors)
	slices.SortStableFunc(down, func(x, y queries.VendorRow) int { return cmp.Compare(y.Outage, x.Outage) })
	var names []string
	for _, v := range down {
		if outage += v.Outage; v.Outage > 0 {
			names = append(names, vendorWords(v.Vendor, v.Host)+" "+count(v.Outage)+" of "+count(v.Requests))
		}
	}
	groups := func(want func(queries.FailureGroup) bool) string {
		var names []string
		for _, g := range d.Groups {
			if want(g) {
				names = append(names, vendorWords(g.Vendor, g.Host)+" "+codeWords(g.GroupKey)+" "+a.signs.times+count(g.Failures))
			}
		}
		return strings.Join(names, "   ")
	}
	return []fact{
		say(a, a.theme.bad, outage, "outage signs", "no outage signs", strings.Join(names, "   ")),
		say(a, a.theme.warn, quota, "quota refusals", "no quota refusals", groups(func(g queries.FailureGroup) bool {
			return g.Category == record.QuotaExhausted || g.Category == record.RateLimit
		})),
		say(a, a.theme.mine, mine, "yours to fix", "nothing of yours to fix", groups(func(g queries.FailureGroup) bool {
			return g.Fault == record.FaultCaller || g.Fault == record.FaultAccount
		})),
	}
}

func say(a *app, kind paint, n int64, some, none, details string) fact {
	if n == 0 {
		return fact{kind: a.theme.good, number: "ok", what: none}
	}
	return fact{kind: kind, number: count(n), what: some, details: details}
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
	case !a.o.Scope.Since.IsZero() || !a.o.Scope.Until.IsZero() || a.o.Scope.Vendor != "" || a.o.Scope.Account != "":
		text = "No requests in this time range and selection. Press q and start again with other --since, --until, --vendor or --account."
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
	pane, row := o.at(x, y, b)
	if pane == nil || row < 0 {
		return nil
	}
	same := pane == o.list() && pane.cursor.Row == row
	o.inTodo = pane == &o.todo
	pane.to(row)
	if same {
		return o.open(a)
	}
	return nil
}

func (o *overview) wheel(_ *app, lines, y int, b box) {
	if pane, _ := o.at(0, y, b); pane != nil {
		pane.to(pane.cursor.Row + lines)
	}
}

// at finds the list under a cell and its row there, -1 for its titles.
func (o *overview) at(x, y int, b box) (*list[overviewRow], int) {
	l := o.layout(b.width, b.height)
	y -= l.now + l.plot
	pane := &o.vendors
	switch {
	case y < 0 || y >= l.upper+l.lower:
		return nil, -1
	case l.single:
		pane = o.list()
	case l.beside > 0 && x >= l.beside:
		pane = &o.todo
	case y >= l.upper:
		pane, y = &o.todo, y-l.upper
	}
	row := y - l.titles + pane.cursor.Top
	if y < l.titles || row >= len(pane.rows) {
		return pane, -1
	}
	return pane, row
}
