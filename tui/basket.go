package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// PickKind says what a [Pick] is.
type PickKind string

// What can be put into the basket.
const (
	PickGroup   PickKind = "group"   // failures of one vendor, code and rule
	PickRequest PickKind = "request" // one exchange
	PickWindow  PickKind = "window"  // an outage
)

// Pick is one thing in the basket of what a vendor's support should see.
type Pick struct {
	Kind   PickKind `json:"kind"`
	Vendor string   `json:"vendor"`
	Host   string   `json:"host,omitempty"`
	// Label is how people know it: the code, the request_id, the route and time.
	Label string `json:"label"`
	// Group names a group.
	Group queries.GroupKey `json:"group,omitzero"`
	// SourceID, SourceOffset and RequestID name an exchange.
	SourceID     int64  `json:"source_id,omitempty"`
	SourceOffset int64  `json:"source_offset,omitempty"`
	RequestID    string `json:"request_id,omitempty"`
	// WindowID names an outage.
	WindowID int64 `json:"window_id,omitempty"`
	// Since and Until are the range that was looked at, zero where open.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Failures is how many it stands for, at the time of picking.
	Failures int64 `json:"failures"`
}

// same reports whether two picks are of one thing.
func (p Pick) same(q Pick) bool {
	return p.Kind == q.Kind && p.Vendor == q.Vendor && p.Host == q.Host && p.Group == q.Group &&
		p.SourceID == q.SourceID && p.SourceOffset == q.SourceOffset && p.WindowID == q.WindowID
}

// basketMax bounds the basket.
const basketMax = 1000

// picked reports whether something lies in the basket.
func (a *app) picked(p Pick) bool {
	for _, q := range a.basket {
		if q.same(p) {
			return true
		}
	}
	return false
}

// toggle puts into the basket what is selected, or takes it out again.
func (a *app) toggle() tea.Cmd {
	p := a.top().about(a).pick
	if p == nil {
		return a.note(a.theme.info, "nothing here goes into the basket: choose a failure, an exchange or an outage")
	}
	if e, ok := a.top().(*evidence); ok {
		e.dropping(a)
		return tea.Batch(a.put(*p), e.refresh(a))
	}
	return a.put(*p)
}

func (a *app) put(p Pick) tea.Cmd {
	for i, q := range a.basket {
		if q.same(p) {
			a.basket = append(a.basket[:i:i], a.basket[i+1:]...)
			a.basketChanged()
			return tea.Batch(a.note(a.theme.info, "taken out of the basket: "+p.Label), a.keep())
		}
	}
	if len(a.basket) >= basketMax {
		return a.note(a.theme.warn, "the basket holds "+count(basketMax)+", which is all it can (6 shows it)")
	}
	a.basket = append(a.basket[:len(a.basket):len(a.basket)], p)
	a.basketChanged()
	return tea.Batch(a.note(a.theme.good, "in the basket: "+p.Label+" (6 shows it)"), a.keep())
}

// basketChanged has the evidence be made anew.
func (a *app) basketChanged() {
	for _, s := range a.stacks[tabEvidence] {
		s.outdated()
	}
}
