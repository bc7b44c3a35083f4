package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// OverviewSource answers what the overview asks beside the totals.
type OverviewSource interface {
	// RightNow gives outages, quotas, trends, and the span before.
	RightNow(ctx context.Context, s queries.Scope) (queries.RightNow, error)
	// Rejects gives the lines that could not be read, at most [queries.RejectsMax].
	Rejects(ctx context.Context) ([]queries.Reject, error)
}

// VendorSource answers what the vendors screen asks.
type VendorSource interface {
	VendorBoard(ctx context.Context, s queries.Scope) (queries.VendorBoard, error)
}

// ExchangeSource gives single exchanges.
type ExchangeSource interface {
	// Exchanges gives those of one group in short, newest first, at most
	// [queries.ExchangesMax].
	Exchanges(ctx context.Context, s queries.Scope, g queries.GroupKey) ([]queries.ExchangeLine, error)
	// Exchange gives the one at a place, or none where it is gone.
	Exchange(ctx context.Context, at queries.Place) ([]queries.Exchange, error)
	// Neighbours gives the calls of the same request, trace or id around one, in
	// order of time, itself among them.
	Neighbours(ctx context.Context, x queries.Exchange) ([]queries.Neighbour, error)
}

// toWindow shows an outage on its screen.
func (a *app) toWindow(w queries.WindowRow) tea.Cmd { return a.showOutage(w.WindowID) }

// vendorFilter is the filter for a vendor's failures, or for those of a host
// that no pack knows, whichever way they are labelled.
func vendorFilter(vendor, host string) string {
	if host != "" && !known(vendor) {
		return filterTerm("host", host)
	}
	return filterTerm("vendor", vendor)
}

// groupFilter is the filter that leaves a group alone, as far as words can.
func groupFilter(k queries.GroupKey) string {
	f := vendorFilter(k.Vendor, k.Host)
	switch {
	case k.Code != "":
		return f + " " + filterTerm("code", k.Code)
	case k.Rule != "":
		return f + " " + filterTerm("rule", k.Rule)
	}
	return f + " " + filterTerm("http", statusShort(k.Status))
}

// ranged is a screen that was opened with a range of its own; who goes back
// from it finds the range as it was.
type ranged struct {
	within, before timeRange
	is             bool
}

// drill narrows the range and opens a screen on it.
func (a *app) drill(r timeRange, s interface {
	screen
	rangedAs(r ranged)
}) tea.Cmd {
	if r.zero() || r.from.Equal(a.scope.Since) && r.to.Equal(a.scope.Until) {
		return a.push(s)
	}
	s.rangedAs(ranged{within: r, before: timeRange{a.scope.Since, a.scope.Until}, is: true})
	a.enterRange(r)
	return tea.Batch(a.push(s), a.keep())
}

// enterRange changes the range without asking: the caller does.
func (a *app) enterRange(r timeRange) {
	a.scopes = append(a.scopes, timeRange{a.scope.Since, a.scope.Until})
	if len(a.scopes) > scopesMax {
		a.scopes = a.scopes[1:]
	}
	a.scope.Since, a.scope.Until = r.from, r.to
	a.outdated()
}

func (g *ranged) rangedAs(r ranged) { *g = r }

// leave gives the range back, unless another one was chosen meanwhile.
func (g *ranged) leave(a *app) {
	if !g.is || !a.scope.Since.Equal(g.within.from) || !a.scope.Until.Equal(g.within.to) {
		return
	}
	if n := len(a.scopes); n > 0 && a.scopes[n-1] == g.before {
		a.scopes = a.scopes[:n-1]
	}
	a.scope.Since, a.scope.Until = g.before.from, g.before.to
	a.outdated()
}

// known reports whether a pack knows the vendor.
func known(vendor string) bool {
	return vendor != "" && vendor != record.VendorUnknown && vendor != record.VendorGeneric
}
