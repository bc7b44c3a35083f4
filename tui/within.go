package tui

import tea "charm.land/bubbletea/v2"

// within is the failures of a time range of their own: leaving them goes back to
// the range before.
type within struct {
	*failures
	span   timeRange // that it came with
	former timeRange
}

// pushWithin opens failures on top of the present screen, in a range of their
// own.
func (a *app) pushWithin(f *failures, span timeRange) tea.Cmd {
	w := &within{failures: f, span: span, former: timeRange{a.scope.Since, a.scope.Until}}
	a.stacks[a.tab] = append(a.stacks[a.tab], w)
	if cmd := a.setRange(span); cmd != nil {
		return cmd
	}
	return w.refresh(a)
}

// back takes the range back, where it is still the one that it came with.
func (w *within) back(a *app) bool {
	if w.failures.back(a) {
		return true
	}
	now := timeRange{a.scope.Since, a.scope.Until}
	if !now.from.Equal(w.span.from) || !now.to.Equal(w.span.to) || now == w.former {
		return false
	}
	if n := len(a.scopes); n > 0 && a.scopes[n-1] == w.former {
		a.scopes = a.scopes[:n-1]
	}
	a.scope.Since, a.scope.Until = w.former.from, w.former.to
	a.outdated()
	return false
}
