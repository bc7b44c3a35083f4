package tui

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/tui/grid"
)

// overview is screen 1: what is failing, whose it is, what was read.
type overview struct {
	quiet
	q    question[queries.Overview]
	data queries.Overview

	vendors, todo list[overviewRow]
	inTodo        bool // the cursor is in the lower (or right) list
	now           []fact
}

// overviewRow is one line of either list, ready to draw, and the filter that
// shows what it counts.
type overviewRow struct {
	cells  []grid.Cell
	filter string
	share  float64 // of all failures
}

// fact is one line of "Right now".
type fact struct {
	kind         paint
	number, what string
	details      string
}

var vendorColumns = []grid.Column{
	{Title: "VENDOR", Min: 12, Want: 22, Max: 28, Rank: 1},
	{Title: "REQUESTS", Min: 14, Max: 14, Right: true, Rank: 4},
	{Title: "FAILED", Min: 11, Max: 11, Right: true, Rank: 2},
	{Title: "FAIL%", Min: 5, Max: 5, Right: true, Rank: 3},
	{Title: "WORST CODE", Min: 12, Want: 16, Max: 40, Rank: 5},
	{Title: "P95", Min: 9, Max: 9, Right: true, Rank: 6, Extra: true},
}

// todoBar is the column that holds a share as a bar, drawn as wide as it is.
const todoBar = 5

var todoColumns = []grid.Column{
	{Title: "DO THIS", Min: 14, Max: 14, Rank: 1},
	{Title: "OWNER", Min: 12, Want: 12, Max: 15, Rank: 3},
	{Title: "WHY", Min: 11, Want: 14, Max: 14, Rank: 5, Extra: true},
	{Title: "COUNT", Min: 11, Max: 11, Right: true, Rank: 2},
	{Title: "SHARE", Min: 7, Max: 7, Right: true, Rank: 4},
	todoBar: {Min: 8, Max: 24, Rank: 6, Extra: true},
}

func newOverview(a *app) *overview {
	o := &overview{}
	o.q.stale = true
	o.q.name = "overview"
	o.q.load = func(ctx context.Context, src Source, s queries.Scope) (queries.Overview, error) {
		return src.Overview(ctx, s)
	}
	o.q.got = func(data queries.Overview) { o.take(a, data) }
	o.vendors.cols, o.todo.cols = vendorColumns, todoColumns
	return o
}

func (o *overview) take(a *app, data queries.Overview) {
	o.data = data
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
		todo = append(todo, entry[overviewRow]{id: id, row: todoRow(a, f, data.Totals.Failures)})
	}
	o.todo.cols = fitOverview(todoColumns, todo)
	o.todo.set(todo)
	o.now = rightNow(a, data)
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
	if v.Vendor == record.VendorUnknown || v.Vendor == record.VendorGeneric {
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

func todoRow(a *app, f queries.FaultRow, failures int64) overviewRow {
	share := 0.0
	if failures > 0 {
		share = float64(f.Failures) / float64(failures)
	}
	return overviewRow{
		share:  share,
		filter: filterTerm("fault", string(f.Fault)) + " " + filterTerm("category", string(f.Category)) + " " + filterTerm("retry", string(f.Retry)),
		cells: []grid.Cell{
			{Text: doShort(f.Retry), On: string(a.theme.of(f.Category, f.Fault))},
			{Text: ownerShort(f.Fault)},
			{Text: plain(string(f.Category)), On: string(a.theme.dim)},
			{Text: count(f.Failures)},
			{Text: percent(f.Failures, failures) + " %"},
			todoBar: {},
		},
	}
}

func (o *overview) crumb() string          { return "Overview" }
func (o *overview) refresh(a *app) tea.Cmd { return o.q.refresh(a) }
func (o *overview) outdated()              { o.q.stale = true }
func (o *overview) restyle(a *app)         { o.take(a, o.data) }
func (o *overview) interrupt() bool        { return o.q.interrupt() }
func (o *overview) stop()                  { o.q.stop() }

func (o *overview) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.Open, "its failures"), m.Pane, m.Range, m.Refresh}
}

func (o *overview) list() *list[overviewRow] {
	if o.inTodo {
		return &o.todo
	}
	return &o.vendors
}

func (o *overview) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case o.list().press(m, k):
		return nil
	case key.Matches(k, m.Pane):
		o.inTodo = !o.inTodo
	case key.Matches(k, m.Open):
		return o.open(a)
	}
	return nil
}

// open goes to the failures that the selected line counts.
func (o *overview) open(a *app) tea.Cmd {
	r, ok := o.list().selected()
	if !ok {
		return a.note(a.theme.warn, "nothing is selected")
	}
	return a.push(newFailures(a, r.filter))
}

func (o *overview) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := o.q.status(a); text != "" {
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
	return about{
		report: "overview",
		behind: []queries.Name{queries.OverviewTotals, queries.OverviewVendors, queries.OverviewFaults, queries.OverviewBuckets},
		values: map[string]any{"first": o.data.Totals.First, "last": o.data.Totals.Last, "slots": queries.OverviewSlots},
	}
}
