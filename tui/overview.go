package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// overview is screen 1: what is failing, whose it is, what was read.
type overview struct {
	quiet
	q    question[queries.Overview]
	data queries.Overview
	nq   question[queries.RightNow]
	now  queries.RightNow

	vendors, todo list[overviewRow]
	todoAt        []int // the columns of todoColumns that todo has
	facts         [][]fact
	right         list[fact] // "Right now", as many as there is room for
	chart         bars
	pane          overviewPane
	full          bool // the pane has the whole screen
}

// overviewPane is a part of the overview that can have the focus.
type overviewPane int

const (
	paneVendors overviewPane = iota
	paneTodo
	paneNow
	paneChart
	paneData
	overviewPanes
)

// overviewRow is one line of either list, ready to draw, and the filter that
// shows what it counts.
type overviewRow struct {
	cells  []grid.Cell
	filter string
	share  float64 // of all failures
	trend  []int64
}

var vendorColumns = []grid.Column{
	{Title: "VENDOR", Min: 12, Want: 22, Max: 28, Rank: 1},
	{Title: "REQUESTS", Min: 14, Max: 14, Right: true, Rank: 4},
	{Title: "FAILED", Min: 11, Max: 11, Right: true, Rank: 2},
	{Title: "FAIL%", Min: 5, Max: 5, Right: true, Rank: 3},
	{Title: "WORST CODE", Min: 12, Want: 16, Max: 40, Rank: 5},
	{Title: "P95", Min: 9, Max: 9, Right: true, Rank: 6, Extra: true},
}

// The columns of "What to do" that are drawn as wide as they are, or that are
// there now and then.
const (
	todoTrend  = 5
	todoBefore = 6
	todoBar    = 7
)

var todoColumns = []grid.Column{
	{Title: "DO THIS", Min: 14, Max: 14, Rank: 1},
	{Title: "OWNER", Min: 12, Want: 12, Max: 15, Rank: 4},
	{Title: "WHY", Min: 11, Want: 14, Max: 14, Rank: 7, Extra: true},
	{Title: "COUNT", Min: 9, Max: 11, Right: true, Rank: 2},
	{Title: "SHARE", Min: 7, Max: 7, Right: true, Rank: 6},
	todoTrend:  {Title: "TREND", Min: 8, Max: queries.TrendBuckets, Rank: 5},
	todoBefore: {Title: "VS BEFORE", Min: 9, Max: 11, Right: true, Rank: 3},
	todoBar:    {Min: 8, Max: 24, Rank: 8, Extra: true},
}

func newOverview(a *app) *overview {
	o := &overview{}
	o.outdated()
	o.q.name, o.nq.name = "overview", "right now"
	o.q.load = func(ctx context.Context, src Source, s queries.Scope) (queries.Overview, error) {
		return src.Overview(ctx, s)
	}
	o.nq.load = func(ctx context.Context, src Source, s queries.Scope) (queries.RightNow, error) {
		return src.RightNow(ctx, s)
	}
	o.q.got = func(data queries.Overview) { o.data = data; o.take(a) }
	o.nq.got = func(now queries.RightNow) { o.now = now; o.take(a) }
	o.vendors.cols, o.todo.cols = vendorColumns, todoColumns
	return o
}

// take makes everything that is drawn from the two answers.
func (o *overview) take(a *app) {
	data := o.data
	a.saw(data.Totals.First, data.Totals.Last)
	vendors := make([]entry[overviewRow], 0, len(data.Vendors))
	for _, v := range data.Vendors {
		vendors = append(vendors, entry[overviewRow]{id: v.Vendor + "\x00" + v.Host, row: vendorRow(a, v)})
	}
	o.vendors.cols = fitOverview(vendorColumns, vendors)
	o.vendors.set(vendors)
	todo := make([]entry[overviewRow], 0, len(data.Faults))
	for _, f := range data.Faults {
		id := string(f.Fault) + "\x00" + string(f.Category) + "\x00" + string(f.Retry)
		todo = append(todo, entry[overviewRow]{id: id, row: o.todoRow(a, f)})
	}
	o.takeTodo(todo)
	o.chart.set(overviewBars(data))
	o.facts = o.rightNow(a)
	o.right.set(nil)
}

// takeTodo leaves out the columns for which nothing is known.
func (o *overview) takeTodo(todo []entry[overviewRow]) {
	fitted := fitOverview(todoColumns, todo)
	o.todo.cols, o.todoAt = nil, nil
	for i, c := range fitted {
		if i == todoBefore && !o.now.Compared || i == todoTrend && len(o.now.Trends) == 0 {
			continue
		}
		if i == todoTrend {
			c = todoColumns[i]
		}
		o.todo.cols, o.todoAt = append(o.todo.cols, c), append(o.todoAt, i)
	}
	o.todo.set(todo)
}

// overviewBars are the buckets with their ends.
func overviewBars(d queries.Overview) []bar {
	list := make([]bar, len(d.Buckets))
	for i, b := range d.Buckets {
		list[i] = bar{from: b.Start.UTC(), to: d.Totals.Last.UTC(), failures: b.Failures, requests: b.Requests, gap: b.Requests == 0 && b.Failures == 0}
		switch {
		case i+1 < len(d.Buckets):
			list[i].to = d.Buckets[i+1].Start.UTC()
		case i > 0:
			list[i].to = b.Start.Add(b.Start.Sub(d.Buckets[i-1].Start)).UTC()
		}
	}
	return list
}

func fitOverview(cols []grid.Column, rows []entry[overviewRow]) []grid.Column {
	return grid.Fit(cols, func(c int) int {
		widest := 0
		if cols[c].Title == "" { // a bar
			return cols[c].Max
		}
		for _, r := range rows {
			widest = max(widest, painted(r.row.cells[c].Text))
		}
		return widest
	})
}

func vendorRow(a *app, v queries.VendorRow) overviewRow {
	filter := filterTerm("vendor", v.Vendor)
	if !known(v.Vendor) {
		// The one row of a host stands for failures labelled either way.
		filter = filterTerm("host", v.Host)
	}
	failed, code := paint(""), clean(v.TopCode)
	switch {
	case v.Outage > 0 && v.Outage*2 >= v.Failures:
		failed = a.theme.bad
	case v.Failures > 0:
		failed = a.theme.warn
	}
	if code == "" && v.Failures > 0 {
		code = plain(v.TopCategory)
	}
	return overviewRow{filter: filter, cells: []grid.Cell{
		{Text: vendorWords(v.Vendor, v.Host)},
		{Text: count(v.Requests)},
		{Text: count(v.Failures), On: string(failed)},
		{Text: percent(v.Failures, v.Requests)},
		{Text: code},
		{Text: millis(v.DurationMSP95), On: string(a.theme.dim)},
	}}
}

func (o *overview) todoRow(a *app, f queries.FaultRow) overviewRow {
	failures, share := o.data.Totals.Failures, 0.0
	if failures > 0 {
		share = float64(f.Failures) / float64(failures)
	}
	var trend []int64
	for _, t := range o.now.Trends {
		if t.Fault == f.Fault && t.Category == f.Category && t.Retry == f.Retry {
			trend = t.Trend
		}
	}
	var before int64
	for _, b := range o.now.Before {
		if b.Fault == f.Fault && b.Category == f.Category && b.Retry == f.Retry {
			before = b.Failures
		}
	}
	return overviewRow{
		share: share, trend: trend,
		filter: faultFilter(f),
		cells: []grid.Cell{
			{Text: doShort(f.Retry), On: string(a.theme.of(f.Category, f.Fault))},
			{Text: ownerShort(f.Fault)},
			{Text: plain(string(f.Category)), On: string(a.theme.dim)},
			{Text: count(f.Failures)},
			{Text: percent(f.Failures, failures) + " %"},
			todoTrend:  {},
			todoBefore: {Text: changeWords(a, f.Failures-before)},
			todoBar:    {},
		},
	}
}

// changeWords says a difference with its direction.
func changeWords(a *app, by int64) string {
	switch {
	case by > 0:
		return a.signs.up + " +" + count(by)
	case by < 0:
		return a.signs.down + " " + count(by)
	}
	return "="
}

func (o *overview) crumb() string          { return "Overview" }
func (o *overview) refresh(a *app) tea.Cmd { return tea.Batch(o.q.refresh(a), o.nq.refresh(a)) }
func (o *overview) outdated()              { o.q.stale, o.nq.stale = true, true }
func (o *overview) restyle(a *app)         { o.take(a) }
func (o *overview) interrupt() bool {
	one, two := o.q.interrupt(), o.nq.interrupt()
	return one || two
}

func (o *overview) stop() {
	o.q.stop()
	o.nq.stop()
}

func (o *overview) keys(a *app) []key.Binding {
	m := a.keymap
	shared := []key.Binding{m.Pane, m.Rejects, m.Range, m.Full, doing(m.CopyWhole, "copy right now"), m.Refresh}
	switch o.pane {
	case paneChart:
		return append(barKeys(m, "its failures"), shared[1:]...)
	case paneNow:
		return append([]key.Binding{doing(m.Open, "go there")}, shared...)
	case paneData:
		return append([]key.Binding{doing(m.Open, "lines not read")}, shared...)
	}
	return append([]key.Binding{doing(m.Open, "its failures")}, shared...)
}

// list is the list that has the focus; without one the keys have nothing to
// move.
func (o *overview) list() *list[overviewRow] {
	if o.pane == paneTodo {
		return &o.todo
	}
	return &o.vendors
}

func (o *overview) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	o.fitFacts(o.factRows(a.bodyHeight()))
	switch {
	case key.Matches(k, m.Pane):
		o.turn(k.String() == "shift+tab")
		return nil
	case key.Matches(k, m.Full):
		o.full = !o.full && o.pane != paneData
		return nil
	case key.Matches(k, m.CopyWhole):
		return a.copied("what matters right now", o.summary())
	case key.Matches(k, m.Rejects):
		return a.push(newRejects(a))
	case key.Matches(k, m.Open):
		return o.open(a)
	}
	switch o.pane {
	case paneChart:
		o.chart.press(m, k)
	case paneNow:
		o.right.press(m, k)
	case paneVendors, paneTodo:
		o.list().press(m, k)
	}
	return nil
}

// summary is "Right now" as text, to be pasted.
func (o *overview) summary() string {
	var b strings.Builder
	for _, kind := range o.facts {
		for _, f := range kind {
			b.WriteString(plainWord(strings.TrimSpace(strings.TrimSpace(f.number+" "+f.what)+"  "+f.details)) + "\n")
		}
	}
	return b.String()
}

// back leaves the full screen of a pane.
func (o *overview) back(*app) bool {
	was := o.full
	o.full = false
	return was
}

// turn gives the focus to the next pane that holds something.
func (o *overview) turn(back bool) {
	by := overviewPane(1)
	if back {
		by = overviewPanes - 1
	}
	for range overviewPanes {
		o.pane = (o.pane + by) % overviewPanes
		if o.pane == paneData && o.full {
			continue
		}
		if o.pane != paneData && o.pane != paneChart || o.pane == paneData && o.data.Data.Rejected > 0 || o.pane == paneChart && len(o.chart.list) > 0 {
			return
		}
	}
}

// open goes to what the selected line or bar is about.
func (o *overview) open(a *app) tea.Cmd {
	switch o.pane {
	case paneNow:
		if f, ok := o.right.selected(); ok && f.open != nil {
			return f.open(a)
		}
		return a.note(a.theme.info, "there is nothing behind this line")
	case paneChart:
		if b, ok := o.chart.selected(); ok {
			return a.drill(timeRange{b.from, b.to}, newFailures(a, ""))
		}
	case paneData:
		return a.push(newRejects(a))
	case paneVendors, paneTodo:
		if r, ok := o.list().selected(); ok {
			return a.push(newFailures(a, r.filter))
		}
	}
	return a.note(a.theme.warn, "nothing is selected")
}

func (o *overview) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := o.q.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if text, kind := o.nq.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if !o.q.answered || o.data.Totals.Requests == 0 {
		return ""
	}
	t, dot := o.data.Totals, " "+a.signs.dot+" "
	l.put("", plural(t.Requests, "request")+dot).put(a.theme.bad, plural(t.Failures, "failure"))
	l.put("", " ("+percent(t.Failures, t.Requests)+" %)")
	if n := o.data.Data.Rejected; n > 0 {
		l.whole(a.theme.warn, dot+plural(n, "line")+" not read")
	}
	if t.Benign > 0 {
		l.whole(a.theme.dim, dot+count(t.Benign)+" expected")
	}
	if t.Inbound > 0 {
		l.whole(a.theme.dim, dot+count(t.Inbound)+" inbound")
	}
	return l.String()
}

func (o *overview) about(*app) about {
	s := about{
		report: "overview",
		behind: []queries.Name{queries.OverviewTotals, queries.OverviewVendors, queries.OverviewFaults, queries.OverviewBuckets,
			queries.Windows, queries.Quotas, queries.FaultTrends},
		values: map[string]any{"first": o.data.Totals.First, "last": o.data.Totals.Last, "slots": queries.OverviewSlots, "cell_us": int64(1), "trend_slots": queries.TrendBuckets},
		commands: []command{{name: "lines that could not be read", key: "R", twin: "errscope report accounting",
			do: func(a *app) tea.Cmd { return a.push(newRejects(a)) }}},
	}
	if b, ok := o.chart.selected(); ok && o.pane == paneChart {
		s.zoom, s.zoomed = timeRange{b.from, b.to}, "this bar"
	}
	return s
}
