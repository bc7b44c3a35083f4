package tui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// failures is screen 3: the failures of the scope in groups, one line per
// vendor, code and rule.
type failures struct {
	ranged
	sifted[*group]
	q question[[]queries.FailureGroup]

	chart   bars // of the selected group
	inChart bool // the chart has the focus
	full    bool // the pane has the whole screen
}

// group is a row ready to draw and to compare.
type group struct {
	queries.FailureGroup
	drawn
}

// The columns of the failures, as indices of failureColumns.
const (
	colVendor = iota
	colCode
	colHTTP
	colCount
	colDo
	colOwner
	colTrend
	colFirst
	colLast
)

// failureColumns go in order of rank when it gets narrow: what it is, how
// often, what to do, and then the rest.
var failureColumns = [...]grid.Column{
	colVendor: {Title: "VENDOR", Min: 9, Want: 20, Max: 28, Rank: 5},
	colCode:   {Title: "CODE", Min: 16, Want: 24, Max: 48, Rank: 1},
	colHTTP:   {Title: "HTTP", Min: 4, Max: 4, Right: true, Rank: 4},
	colCount:  {Title: "COUNT", Min: 11, Max: 11, Right: true, Rank: 2},
	colDo:     {Title: "DO THIS", Min: 14, Max: 14, Rank: 3},
	colOwner:  {Title: "OWNER", Min: 12, Max: 15, Rank: 8, Extra: true},
	colTrend:  {Title: "TREND", Min: 12, Max: queries.TrendBuckets, Rank: 7, Extra: true},
	colFirst:  {Title: "FIRST", Min: 11, Max: 11, Right: true, Rank: 9, Extra: true},
	colLast:   {Title: "LAST", Min: 11, Max: 11, Right: true, Rank: 6},
}

// sorts is the order in which "s" goes through the columns.
var sorts = [...]int{colCount, colLast, colFirst, colVendor, colCode, colHTTP, colDo, colOwner}

// filterColumns are the names that may stand before a colon in a filter.
var filterColumns = [...]string{"vendor", "host", "code", "type", "http", "do", "owner", "category", "retry", "fault", "message", "rule", "route", "id", "outage"}

func newFailures(a *app, preset string) *failures {
	f := &failures{}
	f.sifted = sifted[*group]{noun: "group", columns: failureColumns[:], sorts: sorts[:], sort: colCount, by: f.compare, find: newFinder(preset, filterColumns[:]...)}
	f.q.stale = true
	f.q.name = "failures"
	f.q.load = func(ctx context.Context, src Source, s queries.Scope) ([]queries.FailureGroup, error) {
		return src.Failures(ctx, s)
	}
	f.q.got = func(groups []queries.FailureGroup) { f.take(a, groups) }
	f.list.marked = func(g *group) bool { return a.picked(a.pickOf(g)) }
	return f
}

func (f *failures) take(a *app, answer []queries.FailureGroup) {
	groups := make([]*group, 0, len(answer))
	for _, g := range answer {
		groups = append(groups, newGroup(a, g))
	}
	f.fill(groups)
}

func newGroup(a *app, g queries.FailureGroup) *group {
	now := a.o.Now()
	out := &group{FailureGroup: g}
	k := g.GroupKey
	out.id = groupID(k)
	mark := a.theme.of(g.Category, g.Fault)
	if g.Outage {
		mark = a.theme.bad
	}
	out.cells = []grid.Cell{
		colVendor: {Text: vendorWords(g.Vendor, g.Host)},
		colCode:   {Text: codeWords(k)},
		colHTTP:   {Text: statusShort(k.Status)},
		colCount:  {Text: count(g.Failures)},
		colDo:     {Text: doShort(g.Retry), On: string(mark)},
		colOwner:  {Text: ownerShort(g.Fault)},
		colTrend:  {Text: chart.Spark(g.Trend, queries.TrendBuckets, a.glyphs), On: string(a.theme.back), Picture: true},
		colFirst:  {Text: when(g.First, now), On: string(a.theme.dim)},
		colLast:   {Text: when(g.Last, now), On: string(a.theme.dim)},
	}
	outage := "no"
	if g.Outage {
		outage = "yes"
	}
	columns := map[string]string{
		"vendor": g.Vendor, "host": g.Host, "code": g.Code, "type": g.Type, "http": statusShort(k.Status),
		"do": doShort(g.Retry), "owner": ownerShort(g.Fault), "category": string(g.Category), "retry": string(g.Retry),
		"fault": string(g.Fault), "message": g.Message, "rule": g.Rule, "route": g.Route, "id": g.RequestID, "outage": outage,
	}
	words := filterColumns[:len(filterColumns)-1] // not outage, the last: "yes" and "no" are in too many words
	out.find = searched(columns, words, out.cells[colVendor].Text, out.cells[colCode].Text)
	return out
}

// compare orders by the column of choice: numbers and times largest first,
// texts from a to z.
func (f *failures) compare(x, y *group) int {
	switch f.sort {
	case colLast:
		return y.Last.Compare(x.Last)
	case colFirst:
		return y.First.Compare(x.First)
	case colHTTP:
		return cmp.Compare(x.Status, y.Status)
	case colVendor, colCode, colDo, colOwner:
		return strings.Compare(strings.ToLower(x.cells[f.sort].Text), strings.ToLower(y.cells[f.sort].Text))
	}
	return cmp.Compare(y.Failures, x.Failures)
}

func (f *failures) crumb() string          { return "Failures" }
func (f *failures) refresh(a *app) tea.Cmd { return f.q.refresh(a) }
func (f *failures) outdated()              { f.q.stale = true }
func (f *failures) interrupt() bool        { return f.q.interrupt() }
func (f *failures) stop()                  { f.q.stop() }

func (f *failures) restyle(a *app) {
	answer := make([]queries.FailureGroup, 0, len(f.all))
	for _, g := range f.all {
		answer = append(answer, g.FailureGroup)
	}
	f.take(a, answer)
}

func (f *failures) back(a *app) bool {
	switch {
	case f.find.focused():
	case f.full:
		f.full = false
		return true
	case f.inChart:
		f.inChart = false
		return true
	}
	if !f.sifted.back(a) {
		f.leave(a)
		return false
	}
	return true
}

func (f *failures) about(a *app) about {
	s := about{report: "failures", behind: []queries.Name{queries.Failures},
		values: map[string]any{"slots": queries.TrendBuckets, "limit": queries.GroupsMax}}
	if g, ok := f.list.selected(); ok {
		s.zoom, s.zoomed = timeRange{g.First, g.Last.Add(time.Microsecond)}, codeWords(g.GroupKey)
		p := a.pickOf(g)
		s.pick = &p
	}
	if b, ok := f.bar(a); ok && f.inChart {
		s.zoom, s.zoomed = timeRange{b.from, b.to}, "this bar"
	}
	return s
}

// pickOf is a group as it goes into the basket.
func (a *app) pickOf(g *group) Pick {
	return Pick{Kind: PickGroup, Vendor: g.Vendor, Host: g.Host, Label: vendorWords(g.Vendor, g.Host) + " " + codeWords(g.GroupKey),
		Group: g.GroupKey, Since: a.scope.Since, Until: a.scope.Until, Failures: g.Failures}
}

func (f *failures) keys(a *app) []key.Binding {
	m := a.keymap
	if f.find.focused() {
		return f.find.keys(m)
	}
	if f.inChart {
		return append(barKeys(m, "its exchanges"), m.Full)
	}
	return []key.Binding{m.Open, m.Filter, doing(m.Basket, "basket"), doing(m.Sort, "sort"), doing(m.Members, "exchanges"), doing(m.Exclude, "exclude"),
		doing(m.Why, "why"), doing(m.CopyID, "copy id"), m.CopyWhole, doing(m.Reverse, "reverse"), doing(m.Pane, "the chart"), m.Full}
}

func (f *failures) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if f.inChart && !f.find.focused() {
		if _, ok := f.bar(a); ok && f.chart.press(m, k) {
			return nil
		}
	}
	cmd, taken := f.pressed(a, k)
	if f.find.focused() {
		f.full = false // the rows are to be seen
	}
	if !taken {
		return f.pressGroup(a, k)
	}
	return cmd
}

// pressGroup is for the keys that mean the selected group.
func (f *failures) pressGroup(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	g, ok := f.list.selected()
	if !ok {
		if key.Matches(k, m.Open) {
			return a.note(a.theme.warn, "no group is selected")
		}
		return nil
	}
	switch {
	case key.Matches(k, m.Open):
		return f.open(a)
	case key.Matches(k, m.Members):
		return a.push(newExchanges(a, g.GroupKey, g.Failures))
	case key.Matches(k, m.Exclude):
		return f.exclude(a, g)
	case key.Matches(k, m.Why):
		return a.openWhy(g.GroupKey, nil)
	case key.Matches(k, m.Full):
		f.full = !f.full
	case key.Matches(k, m.Pane):
		if _, ok := f.bar(a); ok {
			f.inChart = !f.inChart
		}
	case key.Matches(k, m.CopyID):
		return a.copied("request_id", plainWord(g.RequestID))
	case key.Matches(k, m.CopyWhole):
		return a.copied("summary of "+clean(g.Vendor)+" "+codeWords(g.GroupKey), summary(&g.FailureGroup))
	}
	return nil
}

// exclude adds to the filter what leaves the selected group's code out.
func (f *failures) exclude(a *app, g *group) tea.Cmd {
	term := filterTerm("code", g.Code)
	if g.Code == "" {
		term = filterTerm("rule", g.Rule)
	}
	f.find.set(strings.TrimSpace(f.find.text() + " !" + term))
	f.arrange()
	return tea.Batch(a.note(a.theme.info, "left out: "+codeWords(g.GroupKey)+" (esc brings it back)"), a.keep())
}

// bar is the selected bar of the selected group's chart.
func (f *failures) bar(a *app) (bar, bool) {
	g, ok := f.list.selected()
	if !ok {
		return bar{}, false
	}
	from, to := a.rangeTimes()
	f.chart.set(evenBars(g.Trend, from, to))
	return f.chart.selected()
}

func (f *failures) open(a *app) tea.Cmd {
	g, ok := f.list.selected()
	if !ok {
		return a.note(a.theme.warn, "no group is selected")
	}
	if b, ok := f.bar(a); ok && f.inChart {
		return a.drill(timeRange{b.from, b.to}, newExchanges(a, g.GroupKey, b.failures))
	}
	return a.push(newDetail(a, g))
}

// summary says a group in a few lines, to be pasted into a ticket.
func summary(g *queries.FailureGroup) string {
	var b strings.Builder
	code := g.Code
	if code == "" {
		code = codeWords(g.GroupKey)
	}
	b.WriteString(vendorWords(g.Vendor, g.Host) + " " + code + " (" + statusWords(g.Status) + "): " + count(g.Failures) + " failures\n")
	b.WriteString("first " + stamp(g.First) + ", last " + stamp(g.Last) + "\n")
	for _, part := range [...][2]string{
		{"says", g.Message}, {"category", string(g.Category)}, {"owner", owners[g.Fault].long},
		{"do this", doThis[g.Retry].long}, {"advice", g.Action}, {"route", g.Route}, {"rule", g.Rule}, {"docs", g.DocsURL}, {"sample request_id", g.RequestID},
	} {
		if part[1] != "" {
			b.WriteString(part[0] + ": " + plainWord(part[1]) + "\n")
		}
	}
	return b.String()
}
