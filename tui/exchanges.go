package tui

import (
	"context"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// exchanges lists what a group of failures is made of, one line each.
type exchanges struct {
	ranged
	sifted[*exchangeRow]
	q     question[[]*exchangeRow]
	key   queries.GroupKey
	total int64 // that the group counts
}

// exchangeRow is a row ready to draw and to filter.
type exchangeRow struct {
	queries.ExchangeLine
	drawn
}

// The columns of the exchanges.
const (
	exTime = iota
	exStatus
	exRequest
	exTook
	exAccount
	exClient
	exID
)

var exchangeColumns = []grid.Column{
	exTime:    {Title: "AT (UTC)", Min: 23, Max: 23, Rank: 1},
	exStatus:  {Title: "HTTP", Min: 4, Max: 4, Right: true, Rank: 3},
	exRequest: {Title: "REQUEST", Min: 16, Want: 30, Max: 60, Rank: 4},
	exTook:    {Title: "TOOK", Min: 8, Max: 9, Right: true, Rank: 5},
	exAccount: {Title: "ACCOUNT", Min: 8, Max: 18, Rank: 6, Extra: true},
	exClient:  {Title: "CLIENT", Min: 10, Max: 24, Rank: 7, Extra: true},
	exID:      {Title: "REQUEST_ID", Min: 14, Want: 24, Max: 40, Rank: 2},
}

// exchangeFilterColumns are the names that may stand before a colon.
func exchangeFilterColumns() []string { return []string{"http", "request", "account", "client", "id"} }

func newExchanges(_ *app, k queries.GroupKey, total int64) *exchanges {
	s := &exchanges{key: k, total: total}
	s.sifted = sifted[*exchangeRow]{noun: "exchange", columns: exchangeColumns, measured: exchangesMeasured, find: newFinder("", exchangeFilterColumns()...)}
	s.q.stale, s.q.name = true, "exchanges\x00"+groupID(k)
	s.q.load = func(ctx context.Context, src Source, scope queries.Scope) ([]*exchangeRow, error) {
		lines, err := src.Exchanges(ctx, scope, k)
		rows := make([]*exchangeRow, 0, len(lines))
		for _, l := range lines {
			rows = append(rows, newExchangeRow(l))
		}
		return rows, err
	}
	s.q.got = s.take
	s.list.cols = exchangeColumns
	return s
}

func newExchangeRow(l queries.ExchangeLine) *exchangeRow {
	r := &exchangeRow{ExchangeLine: l, drawn: drawn{id: placeID(l.Place)}}
	request := strings.TrimSpace(l.Method + " " + l.Route)
	r.cells = []grid.Cell{
		exTime: {Text: moment(l.TS)}, exStatus: {Text: statusShort(l.Status)}, exRequest: {Text: clean(request)}, exTook: {Text: millis(l.DurationMS)},
		exAccount: {Text: clean(l.Account)}, exClient: {Text: clean(l.Client)}, exID: {Text: clean(l.RequestID)},
	}
	columns := map[string]string{"http": statusShort(l.Status), "request": request, "account": l.Account, "client": l.Client, "id": l.RequestID}
	r.find = searched(columns, exchangeFilterColumns(), r.cells[exTime].Text)
	return r
}

// moment is a point in time to the millisecond, UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return "no time"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

func (s *exchanges) take(rows []*exchangeRow) {
	s.fill(rows)
	for c := range s.list.cols {
		if !slices.ContainsFunc(rows, func(r *exchangeRow) bool { return r.cells[c].Text != "" }) {
			s.list.cols[c].Min, s.list.cols[c].Rank = leftOut, leftOut
		}
	}
}

// leftOut is the rank and width of a column that holds nothing.
const leftOut = 1 << 20

// exchangesMeasured is how many rows are looked at for the widths of columns.
const exchangesMeasured = 500

func placeID(p queries.Place) string {
	return countPlain(p.SourceID) + "/" + countPlain(p.SourceOffset)
}

func (s *exchanges) crumb() string {
	return vendorWords(s.key.Vendor, s.key.Host) + " " + codeWords(s.key) + ", one by one"
}
func (s *exchanges) refresh(a *app) tea.Cmd { return s.q.refresh(a) }
func (s *exchanges) outdated()              { s.q.stale = true }
func (s *exchanges) interrupt() bool        { return s.q.interrupt() }
func (s *exchanges) stop()                  { s.q.stop() }
func (s *exchanges) restyle(*app)           {}

func (s *exchanges) back(a *app) bool {
	if !s.sifted.back(a) {
		s.leave(a)
		return false
	}
	return true
}

func (s *exchanges) about(*app) about {
	out := about{report: "failures", behind: []queries.Name{queries.ExchangesOf}, values: groupValues(s.key, queries.ExchangesMax)}
	if r, ok := s.list.selected(); ok {
		out.pick = exchangePick(s.key, r.Place, r.RequestID, r.Method+" "+r.Route, r.TS)
		if !r.TS.IsZero() {
			out.zoom, out.zoomed = timeRange{r.TS.Add(-aroundSample), r.TS.Add(aroundSample)}, span(2*aroundSample)+" around this exchange"
		}
	}
	return out
}

// groupValues are the parameters of a question about one group.
func groupValues(k queries.GroupKey, limit int) map[string]any {
	return map[string]any{
		"g_vendor": k.Vendor, "g_host": k.Host, "g_code": k.Code, "g_type": k.Type, "g_category": string(k.Category), "g_retry": string(k.Retry),
		"g_status": k.Status, "g_rule": k.Rule, "limit": limit,
	}
}

// exchangePick is one exchange as it goes into the basket.
func exchangePick(k queries.GroupKey, at queries.Place, id, request string, ts time.Time) *Pick {
	label := id
	if label == "" {
		label = request + " at " + stamp(ts)
	}
	return &Pick{Kind: PickRequest, Vendor: k.Vendor, Host: k.Host, Label: clean(label), Group: k, SourceID: at.SourceID, SourceOffset: at.SourceOffset,
		RequestID: id, Failures: 1}
}

func (s *exchanges) keys(a *app) []key.Binding {
	m := a.keymap
	if s.find.focused() {
		return s.find.keys(m)
	}
	return []key.Binding{m.Open, m.Filter, doing(m.Basket, "basket"), doing(m.CopyID, "copy id"), doing(m.CopyWhole, "copy all ids"),
		doing(m.Origin, "log line"), doing(m.Why, "why")}
}

func (s *exchanges) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	return s.onRow(a, k, func(r *exchangeRow) tea.Cmd { return s.pressedOn(a, k, r) })
}

func (s *exchanges) pressedOn(a *app, k tea.KeyPressMsg, r *exchangeRow) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Open):
		return s.open(a)
	case key.Matches(k, m.CopyID):
		return a.copied("request_id", plainWord(r.RequestID))
	case key.Matches(k, m.CopyWhole):
		return s.copyIDs(a)
	case key.Matches(k, m.Origin):
		return a.open(newOrigin(r.SourcePath, r.SourceOffset, r.Place))
	case key.Matches(k, m.Why):
		return a.openWhy(s.key, &r.Place)
	}
	return nil
}

// copyIDs copies the ids of the rows that the filter lets through.
func (s *exchanges) copyIDs(a *app) tea.Cmd {
	var ids []string
	for _, r := range s.list.rows {
		if r.row.RequestID != "" {
			ids = append(ids, plainWord(r.row.RequestID))
		}
	}
	return a.copied(plural(int64(len(ids)), "request_id"), strings.Join(ids, "\n"))
}

func (s *exchanges) open(a *app) tea.Cmd {
	places := make([]queries.Place, 0, len(s.list.rows))
	for _, r := range s.list.rows {
		places = append(places, r.row.Place)
	}
	if len(places) == 0 {
		return a.note(a.theme.warn, "no exchange is selected")
	}
	return a.push(newDetailAt(a, places, s.list.cursor.Row, "newest first"))
}

func (s *exchanges) status(a *app, width int) string {
	if text, only := s.asked(a, width, s.q.answered, s.q.status); only {
		return text
	}
	return s.find.status(a, width, s.countsUpTo(queries.ExchangesMax, "older ones are not shown")+" "+a.signs.dot+" newest first")
}

func (s *exchanges) body(a *app, width, height int) []string {
	if len(s.list.rows) == 0 {
		return s.missing(a, width, s.q.answered, s.q.err, "No exchange of this group is in this time range. esc goes back, t chooses another range.")
	}
	s.list.marked = func(r *exchangeRow) bool {
		return len(a.basket) > 0 && a.picked(*exchangePick(s.key, r.Place, r.RequestID, "", r.TS))
	}
	return s.lines(a, width, height, true, s.q.slow, nil)
}

func (s *exchanges) click(a *app, x, y int, b box) tea.Cmd {
	if s.clicked(x, y, b.width) == hitAgain {
		return s.open(a)
	}
	return nil
}
