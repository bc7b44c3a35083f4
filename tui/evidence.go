package tui

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// evidence is screen 6: what lies in the basket, and the bundle that it makes.
type evidence struct {
	quiet
	proposals question[EvidenceProposals]
	preview   question[EvidencePreview]
	found     EvidenceProposals
	bundle    EvidencePreview

	list    list[evidenceItem]
	placed  []entry[evidenceItem] // in the order in which things came
	sort    int                   // column of choice; evidenceMark is that order
	upward  bool                  // smallest first
	dropped []Pick                // taken out here, and listed still so that they can come back
	include []string
	part    string // the vendor whose summary is shown
	alone   bool   // the summary has the whole screen

	text   pages    // of the summary
	lines  []string // what it shows, nil when it has to be laid out
	laidTo int      // width that lines are for
}

// evidenceItem is one thing that is, was or could be in the basket.
type evidenceItem struct {
	Pick
	state itemState
}

type itemState int

const (
	itemKept itemState = iota
	itemDropped
	itemProposed
)

// The columns of the basket, as indices of evidenceColumns.
const (
	evidenceMark = iota
	evidenceWhat
	evidenceFailed
)

var evidenceColumns = [...]grid.Column{
	evidenceMark:   {Title: "", Min: 1, Max: 1, Rank: 1},
	evidenceWhat:   {Title: "WHAT", Min: 16, Want: 60, Max: 80, Rank: 2},
	evidenceFailed: {Title: "FAILED", Min: 7, Max: 9, Right: true, Rank: 3},
}

func newEvidence(a *app) *evidence {
	e := &evidence{}
	e.list.cols = evidenceColumns[:]
	e.proposals.stale, e.preview.stale = true, true
	e.proposals.name = "evidence proposals"
	e.proposals.load = func(ctx context.Context, src Source, s queries.Scope) (EvidenceProposals, error) {
		return src.EvidenceProposals(ctx, s)
	}
	e.proposals.got = func(p EvidenceProposals) {
		e.found = p
		e.arrange(a)
	}
	e.preview.got = func(p EvidencePreview) {
		e.bundle, e.lines = p, nil
		e.arrange(a)
	}
	return e
}

// arrange lists the basket, what was dropped, and what is proposed besides.
func (e *evidence) arrange(a *app) {
	e.dropped = slices.DeleteFunc(e.dropped, a.picked)
	items := map[string]evidenceItem{}
	var order []string
	add := func(list []Pick, state itemState) {
		for _, p := range list {
			id := pickID(p)
			if _, ok := items[id]; !ok {
				items[id] = evidenceItem{p, state}
				order = append(order, id)
			}
		}
	}
	add(a.basket, itemKept)
	add(e.dropped, itemDropped)
	add(a.proposed(e.found), itemProposed)
	e.placed = e.inPlace(items, order)
	e.order()
	e.list.cols = grid.Fit(evidenceColumns[:], func(c int) int {
		widest := painted(evidenceColumns[c].Title)
		if c != evidenceMark {
			widest++ // the arrow
		}
		for _, r := range e.list.rows {
			widest = max(widest, painted(e.cell(a, r.row, c).Text))
		}
		return widest
	})
	if !slices.ContainsFunc(e.bundle.Parts, func(p EvidencePart) bool { return p.Vendor == e.part }) {
		e.part, e.lines, e.text.top = "", nil, 0
		if len(e.bundle.Parts) > 0 {
			e.part = e.bundle.Parts[0].Vendor
		}
	}
}

// inPlace has things stay where they were seen, whatever becomes of them; what is
// new in the basket stands before the first that is proposed.
func (e *evidence) inPlace(items map[string]evidenceItem, order []string) []entry[evidenceItem] {
	var rows []entry[evidenceItem]
	placed := map[string]bool{}
	for _, r := range e.placed {
		if it, ok := items[r.id]; ok {
			rows = append(rows, entry[evidenceItem]{r.id, it})
			placed[r.id] = true
		}
	}
	for _, id := range order {
		if placed[id] {
			continue
		}
		at := len(rows)
		if items[id].state != itemProposed {
			if i := slices.IndexFunc(rows, func(r entry[evidenceItem]) bool { return r.row.state == itemProposed }); i >= 0 {
				at = i
			}
		}
		rows = slices.Insert(rows, at, entry[evidenceItem]{id, items[id]})
	}
	return rows
}

// order lists things as they came, or by the column of choice.
func (e *evidence) order() {
	rows := slices.Clone(e.placed)
	slices.SortStableFunc(rows, func(x, y entry[evidenceItem]) int {
		c := 0
		switch e.sort {
		case evidenceWhat:
			c = cmp.Compare(x.row.Label, y.row.Label)
		case evidenceFailed:
			c = cmp.Compare(y.row.Failures, x.row.Failures)
		}
		if e.upward {
			c = -c
		}
		return c
	})
	if e.sort == evidenceMark && e.upward {
		slices.Reverse(rows)
	}
	e.list.set(rows)
}

func (e *evidence) sortBy(column int, upward bool) {
	e.sort, e.upward = column, upward
	e.order()
}

func pickID(p Pick) string {
	return strings.Join([]string{string(p.Kind), p.Vendor, p.Host, p.Group.Code, p.Group.Type, string(p.Group.Category), string(p.Group.Retry),
		statusShort(p.Group.Status), p.Group.Rule, count(p.SourceID), count(p.SourceOffset), count(p.WindowID)}, "\x00")
}

func (e *evidence) crumb() string { return "Evidence" }

// ask is what the basket makes now.
func (e *evidence) ask(a *app) EvidenceAsk {
	return EvidenceAsk{Selection: selectionOf(a.basket), Include: slices.Clone(e.include)}
}

var errNoEvidence = errors.New("bundles cannot be made from here")

func (e *evidence) refresh(a *app) tea.Cmd {
	e.arrange(a)
	if len(a.basket) == 0 {
		e.preview.stop()
		e.bundle, e.part, e.lines = EvidencePreview{}, "", nil
		e.preview.answered = false
		return e.proposals.refresh(a)
	}
	ask, bundle := e.ask(a), a.o.Evidence
	if name := evidenceName(ask); name != e.preview.name {
		e.preview.stop() // of another basket
		e.preview.name, e.preview.stale = name, true
	}
	e.preview.load = func(ctx context.Context, _ Source, _ queries.Scope) (EvidencePreview, error) {
		if bundle == nil {
			return EvidencePreview{}, errNoEvidence
		}
		return bundle(ctx, ask)
	}
	return tea.Batch(e.proposals.refresh(a), e.preview.refresh(a))
}

func (e *evidence) outdated()       { e.proposals.stale, e.preview.stale = true, true }
func (e *evidence) restyle(*app)    { e.lines = nil }
func (e *evidence) stop()           { e.proposals.stop(); e.preview.stop() }
func (e *evidence) interrupt() bool { return e.preview.interrupt() || e.proposals.interrupt() }

func (e *evidence) back(*app) bool {
	if e.alone {
		e.alone, e.lines = false, nil
		return true
	}
	return false
}

// shown is the part whose summary is seen.
func (e *evidence) shown() (*EvidencePart, bool) {
	for i := range e.bundle.Parts {
		if e.bundle.Parts[i].Vendor == e.part {
			return &e.bundle.Parts[i], true
		}
	}
	return nil, false
}

// show goes to a vendor's summary.
func (e *evidence) show(vendor string) {
	if vendor != e.part && slices.ContainsFunc(e.bundle.Parts, func(p EvidencePart) bool { return p.Vendor == vendor }) {
		e.part, e.lines, e.text.top = vendor, nil, 0
	}
}

// next goes to the next vendor's summary.
func (e *evidence) next() {
	i := slices.IndexFunc(e.bundle.Parts, func(p EvidencePart) bool { return p.Vendor == e.part })
	if n := len(e.bundle.Parts); n > 0 {
		e.show(e.bundle.Parts[(i+1)%n].Vendor)
	}
}

func (e *evidence) about(a *app) about {
	s := about{report: "support", twin: evidenceTwin(a.basket, e.part, e.include), behind: []queries.Name{queries.EvidenceSelected}, values: selectionOf(a.basket).Values()}
	if len(a.basket) == 0 {
		s.twin, s.behind, s.values = "errscope report support", nil, nil
	}
	if it, ok := e.list.selected(); ok {
		s.pick = &it.Pick
		s.zoom, s.zoomed = timeRange{it.Since, it.Until}, it.Label
	}
	return s
}

func (e *evidence) keys(a *app) []key.Binding {
	m := a.keymap
	if len(a.basket) == 0 {
		return []key.Binding{doing(m.Basket, "take it"), m.EvidenceTake, doing(m.Open, "look at it"), doing(m.Sort, "sort"), doing(m.Reverse, "reverse")}
	}
	return []key.Binding{m.EvidenceWrite, doing(m.Basket, "keep/drop"), doing(m.CopyID, "copy ids"), m.CopyWhole, m.EvidenceInclude, doing(m.Pane, "next vendor"), doing(m.Scroll, "summary down"),
		doing(m.ScrollUp, "summary up"), doing(m.Full, "summary alone"), m.EvidenceTake, m.EvidenceEmpty, doing(m.Open, "look at it"), doing(m.Sort, "sort"), doing(m.Reverse, "reverse")}
}

func (e *evidence) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case e.list.press(m, k):
		e.follow()
	case key.Matches(k, m.Scroll):
		e.text.top += max(1, e.text.height/2)
		e.text.fit()
	case key.Matches(k, m.ScrollUp):
		e.text.top -= max(1, e.text.height/2)
		e.text.fit()
	case key.Matches(k, m.Pane):
		e.next()
	case key.Matches(k, m.Full):
		e.alone, e.lines = !e.alone, nil
	case key.Matches(k, m.Sort):
		e.sortBy((e.sort+1)%len(evidenceColumns), false)
	case key.Matches(k, m.Reverse):
		e.sortBy(e.sort, !e.upward)
	case key.Matches(k, m.EvidenceTake):
		return e.takeAll(a)
	case key.Matches(k, m.EvidenceEmpty):
		return e.empty(a)
	case key.Matches(k, m.EvidenceInclude):
		return a.open(&including{of: e})
	case key.Matches(k, m.EvidenceWrite):
		return e.write(a)
	case key.Matches(k, m.Open):
		return e.open(a)
	case key.Matches(k, m.CopyID):
		if p, ok := e.shown(); ok {
			return a.copied(plural(int64(len(p.RequestIDs)), "request_id")+" of "+clean(p.Vendor), plainLines(p.RequestIDs))
		}
		return a.note(a.theme.info, "there is no bundle yet: put something into the basket")
	case key.Matches(k, m.CopyWhole):
		if p, ok := e.shown(); ok {
			return a.copied("summary for "+clean(p.Vendor)+", as shown", plainLines(strings.Split(p.Markdown, "\n")))
		}
		return a.note(a.theme.info, "there is no bundle yet: put something into the basket")
	}
	return nil
}

// follow shows the summary that the selected thing goes into.
func (e *evidence) follow() {
	if it, ok := e.list.selected(); ok && it.state == itemKept {
		e.show(vendorWords(it.Vendor, it.Host))
	}
}

// took has the screen follow a change of the basket.
func (e *evidence) took(a *app) tea.Cmd {
	a.basketChanged()
	return tea.Batch(e.refresh(a), a.keep())
}

// takeAll puts everything that is proposed into the basket.
func (e *evidence) takeAll(a *app) tea.Cmd {
	taken := 0
	for _, r := range e.list.rows {
		if r.row.state == itemProposed && len(a.basket) < basketMax {
			a.basket = append(a.basket[:len(a.basket):len(a.basket)], r.row.Pick)
			taken++
		}
	}
	if taken == 0 {
		return a.note(a.theme.info, "nothing is proposed that is not in the basket")
	}
	return tea.Batch(a.note(a.theme.good, "in the basket: "+count(int64(taken))+" more"), e.took(a))
}

// dropping notes what space takes out, so that it stays in sight.
func (e *evidence) dropping(a *app) {
	if it, ok := e.list.selected(); ok && it.state == itemKept {
		e.dropped = append(e.dropped, it.Pick)
	}
}

func (e *evidence) empty(a *app) tea.Cmd {
	n := int64(len(a.basket))
	if n == 0 {
		return a.note(a.theme.info, "the basket is empty")
	}
	return a.open(&asking{heading: "Empty the basket?", text: plural(n, "thing") + " would be taken out of it. The data itself stays as it is.", yes: "empty it",
		do: func(a *app) tea.Cmd {
			a.basket, e.dropped = nil, nil
			return tea.Batch(a.note(a.theme.good, "the basket is empty"), e.took(a))
		}})
}

// open goes to where the selected thing was picked.
func (e *evidence) open(a *app) tea.Cmd {
	it, ok := e.list.selected()
	if !ok {
		return a.note(a.theme.info, "nothing is selected")
	}
	if it.Kind == PickWindow {
		tab := tabOutages
		if len(a.stacks[tab]) == 0 {
			tab = tabFailures
		}
		return tea.Batch(a.setRange(timeRange{it.Since, it.Until}), a.show(tab), a.note(a.theme.info, "range of "+it.Label+" (Z: as before, 6: back)"))
	}
	g := newGroup(a, queries.FailureGroup{GroupKey: it.Group, Failures: it.Failures})
	return a.push(newDetail(a, g))
}
