package tui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// QuotaSource answers what the quota screen asks.
type QuotaSource interface {
	// QuotaStanding gives the allowances of the periods that a scope touches, at
	// most [queries.StandingMax].
	QuotaStanding(ctx context.Context, s queries.Scope) ([]queries.QuotaStanding, error)
	// QuotaCourse gives the use of one allowance, hour by hour.
	QuotaCourse(ctx context.Context, k queries.QuotaKey) ([]queries.QuotaHourUse, error)
	// QuotaUse tells who used an allowance, the largest first.
	QuotaUse(ctx context.Context, k queries.QuotaKey) ([]queries.QuotaUse, error)
	// RatePressure tells where rate limits bite, the hardest first.
	RatePressure(ctx context.Context, s queries.Scope) ([]queries.RatePressure, error)
}

// quota is screen 4: how each allowance stands, how it is used up, by whom; and,
// apart from that, where rate limits bite.
type quota struct {
	sifted[*allowance]
	q question[[]queries.QuotaStanding]

	pressure question[[]queries.RatePressure]
	rates    ratePane
	inRates  bool // the second pane has the keys

	of     string // the allowance that course and users are of
	course question[[]queries.QuotaHourUse]
	hours  []queries.QuotaHourUse
	users  question[[]queries.QuotaUse]
	used   string // who used it, in words

	alone paneAlone
	what  whatIf
	// wanted is what another screen asked to be selected, in any period.
	wanted queries.QuotaKey
}

// paneAlone says which pane has the whole screen.
type paneAlone uint8

const (
	allPanes paneAlone = iota
	lowerPane
	upperPane
	paneChoices
)

// next goes to the next choice of "f".
func (p paneAlone) next() paneAlone { return (p + 1) % paneChoices }

func newQuota(a *app) *quota {
	q := &quota{}
	q.sifted = sifted[*allowance]{noun: "allowance", columns: quotaColumns[:], elastic: []int{quotaGauge}, sorts: quotaSorts[:], sort: quotaRunsOut, by: q.compare,
		settle: q.choose, find: newFinder("", quotaFilterColumns()...)}
	q.q.name, q.q.stale = "quota standing", true
	q.q.load = func(ctx context.Context, src Source, s queries.Scope) ([]queries.QuotaStanding, error) {
		return src.QuotaStanding(ctx, s)
	}
	q.q.got = func(rows []queries.QuotaStanding) { q.take(a, rows) }
	q.q.then = q.follow
	q.pressure.name, q.pressure.stale = "rate pressure", true
	q.pressure.load = func(ctx context.Context, src Source, s queries.Scope) ([]queries.RatePressure, error) {
		return src.RatePressure(ctx, s)
	}
	q.pressure.got = func(rows []queries.RatePressure) { q.rates.take(a, rows, q.all) }
	return q
}

// follow asks for the course and the users of the selected allowance.
func (q *quota) follow(a *app) tea.Cmd {
	r, ok := q.list.selected()
	if !ok {
		return nil
	}
	if q.of == r.id {
		return tea.Batch(q.course.refresh(a), q.users.refresh(a))
	}
	q.of = r.id
	q.course.stop()
	q.users.stop()
	k := r.key()
	q.hours, q.course = nil, question[[]queries.QuotaHourUse]{name: "quota course\x00" + r.id, generation: q.course.generation}
	q.course.load = func(ctx context.Context, src Source, _ queries.Scope) ([]queries.QuotaHourUse, error) {
		return src.QuotaCourse(ctx, k)
	}
	q.course.got = func(hours []queries.QuotaHourUse) { q.hours = hours }
	q.used, q.users = "", question[[]queries.QuotaUse]{name: usesName(r), generation: q.users.generation}
	q.users.load = loadUses(k)
	q.users.got = func(uses []queries.QuotaUse) { q.used = usedBy(uses) }
	return tea.Batch(q.course.ask(a), q.users.ask(a))
}

func usesName(r *allowance) string { return "quota use\x00" + r.id }

func loadUses(k queries.QuotaKey) func(context.Context, Source, queries.Scope) ([]queries.QuotaUse, error) {
	return func(ctx context.Context, src Source, _ queries.Scope) ([]queries.QuotaUse, error) {
		return src.QuotaUse(ctx, k)
	}
}

func (q *quota) crumb() string { return "Quota" }

func (q *quota) refresh(a *app) tea.Cmd {
	return tea.Batch(q.q.refresh(a), q.pressure.refresh(a), q.follow(a))
}

func (q *quota) outdated() {
	q.q.stale, q.pressure.stale, q.course.stale, q.users.stale = true, true, true, true
}

func (q *quota) restyle(a *app) {
	rows := make([]queries.QuotaStanding, 0, len(q.all))
	for _, r := range q.all {
		rows = append(rows, r.QuotaStanding)
	}
	q.take(a, rows)
}

func (q *quota) interrupt() bool {
	stopped := q.q.interrupt()
	for _, more := range [...]bool{q.pressure.interrupt(), q.course.interrupt(), q.users.interrupt()} {
		stopped = stopped || more
	}
	return stopped
}

func (q *quota) stop() {
	q.q.stop()
	q.pressure.stop()
	q.course.stop()
	q.users.stop()
}

func (q *quota) capturing() bool { return q.find.focused() || q.what.field.Focused() }

// back leaves the what-if, then the filter, then the full pane and the rates.
func (q *quota) back(a *app) bool {
	switch {
	case q.what.back():
	case q.sifted.back(a):
	case q.alone != allPanes:
		q.alone = allPanes
	case q.inRates:
		q.inRates = false
	default:
		return false
	}
	return true
}

func (q *quota) cursor(a *app) (x, y int, shown bool) {
	if q.what.field.Focused() {
		return q.what.cursor(a)
	}
	return q.find.cursor(a)
}

func (q *quota) keys(a *app) []key.Binding {
	m := a.keymap
	switch {
	case q.what.field.Focused():
		return []key.Binding{doing(m.Keep, "keep it"), doing(m.Undo, "forget it")}
	case q.find.focused():
		return q.find.keys(m)
	case q.inRates && len(q.rates.list.rows) == 0:
		return []key.Binding{doing(m.Pane, "allowances"), m.Range, m.Refresh}
	case !q.inRates && len(q.all) == 0:
		return []key.Binding{doing(m.Pane, "rate limits"), m.Range, m.Refresh}
	case q.inRates:
		return []key.Binding{doing(m.Open, "its refusals"), doing(m.Pane, "allowances"), doing(m.CopyID, "copy row"), doing(m.Full, "pane alone")}
	}
	return []key.Binding{doing(m.Open, "who used it"), doing(m.WhatIf, "what if"), doing(m.Pane, "rate limits"), m.Filter, doing(m.CopyID, "copy row"),
		doing(m.Full, "pane alone"), doing(m.Sort, "sort"), doing(m.CopyWhole, "copy its limits: line"), doing(m.Reverse, "reverse")}
}

func (q *quota) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case q.what.field.Focused():
		return q.what.press(a, k, q.selected())
	case q.find.focused():
	case key.Matches(k, m.Pane):
		q.inRates = !q.inRates
		q.alone = allPanes
		return nil
	case key.Matches(k, m.Full):
		q.alone = q.alone.next()
		return nil
	case q.inRates:
		return q.rates.press(a, k)
	}
	if cmd, taken := q.pressed(a, k); taken {
		return tea.Batch(cmd, q.follow(a))
	}
	switch {
	case key.Matches(k, m.WhatIf):
		return q.ask(a)
	case key.Matches(k, m.Open):
		return q.open(a)
	case key.Matches(k, m.CopyID):
		if r := q.selected(); r != nil {
			return a.copied("row of "+r.title(), r.words())
		}
	case key.Matches(k, m.CopyWhole):
		if r := q.selected(); r != nil {
			return a.copied("limits: line of "+r.title(), r.limitsLine())
		}
	}
	return nil
}

// ask opens the field of what-if.
func (q *quota) ask(a *app) tea.Cmd {
	r := q.selected()
	switch {
	case r == nil:
		return a.note(a.theme.warn, "no allowance is selected")
	case r.past():
		return a.note(a.theme.info, "this period is over: nothing of it lies ahead")
	case r.Limit <= 0:
		return a.note(a.theme.info, "no limit is known, so nothing can run out (Y copies a limits: line for errscope.yaml)")
	}
	q.inRates = false
	return q.what.open()
}

func (q *quota) paste(a *app, text string) tea.Cmd {
	if q.what.field.Focused() {
		return q.what.paste(text, q.selected())
	}
	return tea.Batch(q.sifted.paste(a, text), q.follow(a))
}

func (q *quota) open(a *app) tea.Cmd {
	r := q.selected()
	if r == nil {
		return a.note(a.theme.warn, "no allowance is selected")
	}
	return a.push(newQuotaUsers(a, r))
}

func (q *quota) about(a *app) about {
	if q.inRates {
		return about{behind: []queries.Name{queries.RatePressures}, values: map[string]any{"limit": queries.StandingMax}}
	}
	s := about{report: "quota", behind: []queries.Name{queries.QuotaStandings}, values: map[string]any{"limit": queries.StandingMax}}
	if r := q.selected(); r != nil {
		s.behind = append(s.behind, queries.QuotaCourseOf)
		r.bind(s.values)
		s.zoom, s.zoomed = timeRange{r.PeriodStart, r.PeriodEnd}, r.periodWords()+" of "+r.title()
		if r.PeriodEnd.IsZero() {
			s.zoom.to = r.AsOf
		}
	}
	return s
}

// bind gives the values that name an allowance in a question.
func (r *allowance) bind(values map[string]any) {
	values["q_vendor"], values["q_host"], values["q_account"], values["q_name"] = r.Vendor, r.Host, r.Account, r.Name
	values["period_start"] = r.PeriodStart
}

// key names the allowance in its period.
func (r *allowance) key() queries.QuotaKey {
	k := queries.QuotaKey{Vendor: r.Vendor, Host: r.Host, Account: r.Account, Name: r.Name, From: r.PeriodStart, To: r.PeriodEnd}
	if k.To.IsZero() {
		k.To = r.AsOf.Add(time.Microsecond) // a range is half-open
	}
	return k
}

// showQuota goes to the quota screen with an allowance selected, in its newest
// period.
func (a *app) showQuota(k queries.QuotaKey) tea.Cmd {
	if q, ok := cleared[*quota](a, tabQuota); ok {
		q.inRates, q.alone = false, allPanes
		q.find.set("")
		q.wanted = k
		q.arrange()
	}
	return a.show(tabQuota)
}
