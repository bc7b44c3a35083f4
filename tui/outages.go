package tui

import (
	"context"
	"strconv"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// OutageSource answers what the outages screen asks.
type OutageSource interface {
	// Outages gives the outages that a scope touches, and the times when nobody was
	// reached, at most [queries.StandingMax] of each.
	Outages(ctx context.Context, s queries.Scope) (queries.OutageList, error)
	// OutageCourse gives the traffic of what was down in spans of whole minutes;
	// spans without calls are left out.
	OutageCourse(ctx context.Context, k queries.OutageKey, stepMinutes int) ([]queries.OutageSpan, error)
	// OutageEvidence tells what was around an outage.
	OutageEvidence(ctx context.Context, k queries.OutageKey) (queries.OutageEvidence, error)
}

// outages is screen 5: who was down from when to when, how it went, and by what
// it is known.
type outages struct {
	sifted[*outage]
	q    question[queries.OutageList]
	cut  bool      // the answer was as large as one may be
	from time.Time // of the strips
	to   time.Time
	last time.Time // call that was counted

	of       string // the outage that course and evidence are of
	course   question[[]queries.OutageSpan]
	spans    []queries.OutageSpan
	evidence question[queries.OutageEvidence]
	around   queries.OutageEvidence
	told     []property // in words, nil where they are to be found anew
	toldOf   string

	alone paneAlone
}

func newOutages(a *app) *outages {
	o := &outages{}
	o.sifted = sifted[*outage]{noun: "outage", columns: outageColumns[:], elastic: []int{outageStrip}, sorts: outageSorts[:], sort: outageStart, by: o.compare,
		find: newFinder("", outageFilterColumns()...)}
	o.q.name, o.q.stale = "outages", true
	o.q.load = func(ctx context.Context, src Source, s queries.Scope) (queries.OutageList, error) {
		return src.Outages(ctx, s)
	}
	o.q.got = func(answer queries.OutageList) { o.take(a, answer) }
	o.q.then = o.follow
	o.list.marked = func(w *outage) bool {
		p := w.pick()
		return p != nil && a.picked(*p)
	}
	return o
}

// follow asks for the course and the evidence of the selected outage.
func (o *outages) follow(a *app) tea.Cmd {
	w := o.selected()
	if w == nil {
		return nil
	}
	if o.of == w.id {
		return tea.Batch(o.course.refresh(a), o.evidence.refresh(a))
	}
	o.of, o.told = w.id, nil
	o.course.stop()
	o.evidence.stop()
	shown, step := w.shown()
	o.spans, o.course = nil, question[[]queries.OutageSpan]{name: "outage course\x00" + w.id, generation: o.course.generation}
	o.course.load = func(ctx context.Context, src Source, _ queries.Scope) ([]queries.OutageSpan, error) {
		return src.OutageCourse(ctx, shown, step)
	}
	o.course.got = func(spans []queries.OutageSpan) { o.spans = spans }
	k := w.key()
	o.around, o.evidence = queries.OutageEvidence{}, question[queries.OutageEvidence]{name: "outage evidence\x00" + w.id, generation: o.evidence.generation}
	o.evidence.load = func(ctx context.Context, src Source, _ queries.Scope) (queries.OutageEvidence, error) {
		return src.OutageEvidence(ctx, k)
	}
	o.evidence.got = func(e queries.OutageEvidence) { o.around, o.told = e, nil }
	return tea.Batch(o.course.ask(a), o.evidence.ask(a))
}

func (o *outages) crumb() string          { return "Outages" }
func (o *outages) refresh(a *app) tea.Cmd { return tea.Batch(o.q.refresh(a), o.follow(a)) }
func (o *outages) outdated()              { o.q.stale, o.course.stale, o.evidence.stale = true, true, true }

func (o *outages) restyle(a *app) {
	answer := queries.OutageList{Last: o.last}
	for _, w := range o.all {
		if w.local != nil {
			answer.Local = append(answer.Local, *w.local)
		} else {
			answer.Windows = append(answer.Windows, w.OutageRow)
		}
	}
	o.take(a, answer)
}

func (o *outages) interrupt() bool {
	stopped := o.q.interrupt()
	for _, more := range [...]bool{o.course.interrupt(), o.evidence.interrupt()} {
		stopped = stopped || more
	}
	return stopped
}

func (o *outages) stop() {
	o.q.stop()
	o.course.stop()
	o.evidence.stop()
}

func (o *outages) back(a *app) bool {
	switch {
	case o.sifted.back(a):
	case o.alone != allPanes:
		o.alone = allPanes
	default:
		return false
	}
	return true
}

func (o *outages) keys(a *app) []key.Binding {
	m := a.keymap
	if o.find.focused() {
		return o.find.keys(m)
	}
	if len(o.all) == 0 {
		return []key.Binding{m.Range, m.Refresh}
	}
	return []key.Binding{doing(m.Open, "failures in it"), doing(m.Basket, "basket"), doing(m.Zoom, "its range"), doing(m.CopyID, "copy summary"), m.Filter,
		doing(m.Full, "pane alone"), doing(m.Sort, "sort"), doing(m.CopyWhole, "copy request_ids"), doing(m.Reverse, "reverse")}
}

func (o *outages) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if cmd, taken := o.pressed(a, k); taken {
		return tea.Batch(cmd, o.follow(a))
	}
	switch {
	case key.Matches(k, m.Full):
		o.alone = o.alone.next()
	case key.Matches(k, m.Open):
		return o.open(a)
	case key.Matches(k, m.CopyID):
		if w := o.selected(); w != nil {
			return a.copied("summary of "+w.title(), o.summary(a, w))
		}
	case key.Matches(k, m.CopyWhole):
		if w := o.selected(); w != nil {
			return a.copied("request_ids of "+w.title(), plainLines(texts(w.RequestIDs)))
		}
	}
	return nil
}

func (o *outages) paste(a *app, text string) tea.Cmd {
	return tea.Batch(o.sifted.paste(a, text), o.follow(a))
}

// open goes to the failures in the time of the selected outage.
func (o *outages) open(a *app) tea.Cmd {
	w := o.selected()
	if w == nil {
		return a.note(a.theme.warn, "no outage is selected")
	}
	filter := filterTerm("outage", "yes")
	if w.local == nil {
		filter = vendorFilter(w.Vendor, w.Host) + " " + filter
	}
	return a.drill(w.span(), newFailures(a, filter))
}

func (o *outages) about(a *app) about {
	s := about{report: "outages", behind: []queries.Name{queries.OutagesOf, queries.OutagesLocalOf}, values: map[string]any{"limit": queries.StandingMax}}
	w := o.selected()
	if w == nil {
		return s
	}
	s.behind = append(s.behind, queries.OutageCourseOf)
	w.bind(s.values)
	if w.local == nil {
		evidence := w.evidenceCommand(a.o.Database)
		s.commands = []command{{name: "copy the command for its evidence", twin: evidence, do: func(a *app) tea.Cmd { return a.copied("command", evidence) }}}
	}
	s.zoom, s.zoomed, s.pick = w.span(), w.title(), w.pick()
	return s
}

// bind gives the values that the course of an outage asks with.
func (w *outage) bind(values map[string]any) {
	k, step := w.shown()
	values["q_vendor"], values["q_host"], values["all_routes"], values["route"] = any(nil), k.Host, k.AllRoutes, k.Route
	if k.Vendor != "" {
		values["q_vendor"] = k.Vendor
	}
	values["first_minute"], values["end_minute"], values["step_minutes"] = k.From.Unix()/60, k.To.Unix()/60, step
}

// evidenceCommand makes a bundle of the outage without the screens.
func (w *outage) evidenceCommand(database string) string {
	words := "errscope evidence --window " + strconv.FormatInt(w.WindowID, 10)
	if database != "" {
		words += " --db " + shellWord(database)
	}
	return words
}

// showOutage goes to the outages screen with a window selected.
func (a *app) showOutage(windowID int64) tea.Cmd {
	if o, ok := cleared[*outages](a, tabOutages); ok {
		o.alone = allPanes
		o.find.set("")
		o.list.id = windowName(windowID)
		o.arrange()
	}
	return a.show(tabOutages)
}

// windowName is the id of the row of a window.
func windowName(id int64) string { return "window " + strconv.FormatInt(id, 10) }
