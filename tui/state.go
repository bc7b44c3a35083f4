package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// State is what the screens remember from one run to the next.
type State struct {
	// Of what is looked at (one database):
	Screen string            `json:"screen,omitempty"` // number of the tab
	Since  time.Time         `json:"since,omitzero"`
	Until  time.Time         `json:"until,omitzero"`
	Filter map[string]string `json:"filter,omitempty"` // by number of the tab
	Basket []Pick            `json:"basket,omitempty"`
	// Of the user:
	History []string     `json:"history,omitempty"` // SQL that was run, the newest last, at most historyMax
	Saved   []SavedQuery `json:"saved,omitempty"`
	Theme   string       `json:"theme,omitempty"`  // dark or light, where chosen by key
	Glyphs  string       `json:"glyphs,omitempty"` // as of Options
}

// SavedQuery is SQL under a name.
type SavedQuery struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
}

// keepAfter is how long changes are gathered before they are kept.
const keepAfter = 300 * time.Millisecond

// keepMsg is the end of that wait.
type keepMsg struct{ turn int }

// keptMsg says how it went.
type keptMsg struct {
	turn int
	err  error
}

// keep has the state be written soon.
func (a *app) keep() tea.Cmd {
	if a.o.Keep == nil {
		return nil
	}
	a.keepTurn++
	a.unwritten = true
	return a.after(keepAfter, keepMsg{a.keepTurn})
}

// write hands the state on; only the newest wait counts.
func (a *app) write(m keepMsg) tea.Cmd {
	if m.turn != a.keepTurn {
		return nil
	}
	state, keep := a.state(), a.o.Keep
	return a.desk.run(func() tea.Msg { return keptMsg{m.turn, keep(state)} })
}

// keepLast writes what was still to be written when the user left. The desk is
// closed by then, so nothing else writes.
func (a *app) keepLast() {
	if a.unwritten {
		_ = a.o.Keep(a.state()) // there is no screen left to say it on, and leaving is no fault
	}
}

// kept says once that nothing can be kept: the screens work all the same.
func (a *app) kept(m keptMsg) tea.Cmd {
	if m.turn == a.keepTurn {
		a.unwritten = false
	}
	if m.err == nil || a.unkept {
		return nil
	}
	a.unkept = true
	return a.note(a.theme.warn, "what you do here is not kept: "+m.err.Error())
}

// filtered is a screen whose filter is kept.
type filtered interface {
	filterText() string
	setFilterText(a *app, s string)
}

// state is what is to be remembered now.
func (a *app) state() State {
	s := State{
		Screen: a.tabs[a.tab].number, Since: a.scope.Since, Until: a.scope.Until,
		Basket: a.basket, History: a.history, Saved: a.saved, Theme: a.chosenTheme, Glyphs: a.chosenGlyphs,
	}
	for i, stack := range a.stacks {
		if f, ok := stack[0].(filtered); ok && f.filterText() != "" {
			if s.Filter == nil {
				s.Filter = map[string]string{}
			}
			s.Filter[a.tabs[i].number] = f.filterText()
		}
	}
	return s
}

// restore takes up what was kept. A range or theme that was asked for on the
// command line counts more.
func (a *app) restore(s State) {
	a.basket, a.history, a.saved = s.Basket, s.History, s.Saved
	if a.o.Theme == "" || a.o.Theme == "auto" {
		a.chosenTheme = s.Theme
	}
	if a.o.Glyphs == "" || a.o.Glyphs == "auto" {
		a.chosenGlyphs = s.Glyphs
	}
	if a.o.Scope.Since.IsZero() && a.o.Scope.Until.IsZero() {
		a.scope.Since, a.scope.Until = s.Since, s.Until
	}
	for i, t := range a.tabs {
		if t.number == s.Screen {
			a.tab = i
		}
		if f, ok := a.stacks[i][0].(filtered); ok && s.Filter[t.number] != "" {
			f.setFilterText(a, s.Filter[t.number])
		}
	}
}
