package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/tui/grid"
)

// quotaUsers tells who used one allowance in one period: by route, by client or
// by account.
type quotaUsers struct {
	quiet
	q    question[[]queries.QuotaUse]
	of   *allowance
	uses []queries.QuotaUse
	by   useBy
	list list[queries.QuotaUse]
}

var quotaUserColumns = []grid.Column{
	{Title: "WHO", Min: 16, Max: 60, Rank: 1},
	{Title: "COUNTED", Min: 9, Max: 11, Right: true, Rank: 2},
	{Title: "%", Min: 5, Max: 5, Right: true, Rank: 3},
	{Min: 8, Max: 24, Rank: 7, Extra: true},
	{Title: "CALLS", Min: 9, Max: 11, Right: true, Rank: 5},
	{Title: "REFUSED", Min: 7, Max: 9, Right: true, Rank: 4},
	{Title: "FAILED", Min: 7, Max: 9, Right: true, Rank: 6},
}

func newQuotaUsers(a *app, r *allowance) *quotaUsers {
	s := &quotaUsers{of: r}
	s.q.name, s.q.stale = usesName(r), true
	s.q.load = loadUses(r.key())
	s.q.got = func(uses []queries.QuotaUse) {
		s.uses = uses
		s.arrange()
	}
	return s
}

func (s *quotaUsers) arrange() {
	var rows []entry[queries.QuotaUse]
	for _, u := range sumUses(s.uses, s.by) {
		rows = append(rows, entry[queries.QuotaUse]{id: s.by.String() + "\x00" + s.by.of(&u), row: u})
	}
	s.list.cols = quotaUserColumns
	s.list.set(rows)
}

func (s *quotaUsers) crumb() string          { return s.of.title() }
func (s *quotaUsers) refresh(a *app) tea.Cmd { return s.q.refresh(a) }
func (s *quotaUsers) outdated()              { s.q.stale = true }
func (s *quotaUsers) interrupt() bool        { return s.q.interrupt() }
func (s *quotaUsers) stop()                  { s.q.stop() }

func (s *quotaUsers) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.Open, "its failures"), doing(m.Pane, "by "+s.next().String()), doing(m.CopyID, "copy row")}
}

func (s *quotaUsers) next() useBy { return (s.by + 1) % useBys }

func (s *quotaUsers) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case s.list.press(m, k):
	case key.Matches(k, m.Pane):
		s.by = s.next()
		s.list.id, s.list.cursor = "", grid.Cursor{}
		s.arrange()
	case key.Matches(k, m.Open):
		return s.open(a)
	case key.Matches(k, m.CopyID):
		if u, ok := s.list.selected(); ok {
			return a.copied("row", s.of.title()+", "+s.of.periodWords()+", "+plainWord(s.name(u))+": "+count(u.Cost)+" counted of "+plural(u.Calls, "call")+", "+count(u.Refused)+" refused")
		}
	}
	return nil
}

// open goes to the failures of the period, of the route where one is selected.
func (s *quotaUsers) open(a *app) tea.Cmd {
	u, ok := s.list.selected()
	switch {
	case !ok:
		return a.note(a.theme.warn, "nobody is selected")
	case u.Failed == 0:
		return a.note(a.theme.info, "none of these calls failed (7 has the calls themselves)")
	}
	filter := vendorFilter(s.of.Vendor, s.of.Host)
	if s.by == byRoute && u.Route != "" {
		filter += " " + filterTerm("route", u.Route)
	}
	k := s.of.key()
	return a.drill(timeRange{k.From, k.To}, newFailures(a, filter))
}

func (s *quotaUsers) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := s.q.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if !s.q.answered {
		return ""
	}
	l.put("", s.of.periodWords()+" "+a.signs.dot+" by "+s.by.String()).put(a.theme.dim, "  (tab: by "+s.next().String()+")")
	counts := plural(int64(len(s.list.rows)), s.by.String())
	if len(s.uses) >= queries.StandingMax {
		counts += ", the largest only"
	}
	return l.end("", counts).String()
}

// name says who it is; a plain success names no client.
func (s *quotaUsers) name(u queries.QuotaUse) string {
	switch {
	case s.by == byAccount && u.Account == s.of.Account && u.Account != "":
		return "account " + s.of.accountWords()
	case s.by == byAccount:
		return "no account shows"
	case s.by == byClient && u.Client == "":
		return "not logged, or a plain success"
	case s.by.of(&u) == "":
		return "(none)"
	}
	return s.by.of(&u)
}

func (s *quotaUsers) body(a *app, width, height int) []string {
	if !s.q.answered || s.q.err != nil && len(s.uses) == 0 {
		return a.emptyBody(false, s.q.err, width)
	}
	if len(s.list.rows) == 0 {
		return a.sentences("", width, "No call of this allowance is in the data: what the vendor counted was called from elsewhere, or before the logs begin.", "Press esc to go back.")
	}
	var total int64
	for _, e := range s.list.rows {
		total += e.row.Cost
	}
	lines := s.list.lines(a, width, height, true, s.q.slow, func(u queries.QuotaUse, c, w int) grid.Cell {
		share := 0.0
		if total > 0 {
			share = float64(u.Cost) / float64(total)
		}
		refused := paint("")
		if u.Refused > 0 {
			refused = a.theme.warn
		}
		return [...]grid.Cell{
			{Text: clean(s.name(u))}, {Text: count(u.Cost)}, {Text: percent(u.Cost, total)}, {Text: a.gauge(share, w), On: string(a.theme.back)},
			{Text: count(u.Calls)}, {Text: count(u.Refused), On: string(refused)}, {Text: count(u.Failed)},
		}[c]
	})
	if note := s.note(); note != "" && len(lines)+2 <= height {
		lines = append(lines, "", a.line(width).put(a.theme.dim, "  "+note).String())
	}
	return lines
}

// note says what the rows cannot tell.
func (s *quotaUsers) note() string {
	if s.by == byClient {
		return "A plain success is stored without its client unless it was ingested with --keep full."
	}
	return ""
}

func (s *quotaUsers) about(*app) about {
	k := s.of.key()
	vendor := k.Vendor
	if vendor == record.VendorGeneric {
		vendor = ""
	}
	return about{report: "quota", behind: []queries.Name{queries.QuotaTrafficOf}, zoom: timeRange{k.From, k.To}, zoomed: s.of.periodWords() + " of " + s.of.title(),
		values: map[string]any{"q_vendor": vendor, "q_host": k.Host, "since": k.From, "until": k.To, "limit": queries.StandingMax}}
}

func (s *quotaUsers) click(a *app, _, y int, _ box) tea.Cmd {
	if s.list.click(y) == hitAgain {
		return s.open(a)
	}
	return nil
}

func (s *quotaUsers) wheel(_ *app, lines, _ int, _ box) { s.list.to(s.list.cursor.Row + lines) }
