package tui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// screen is one page. It is told what to do by the app and asks through it.
type screen interface {
	crumb() string                             // its step in the path
	refresh(a *app) tea.Cmd                    // ask, where there is newer data
	outdated()                                 // there is newer data, or another scope
	restyle(a *app)                            // colours have changed
	press(a *app, k tea.KeyPressMsg) tea.Cmd   // a key that is nobody else's
	paste(a *app, text string) tea.Cmd         // into the text field
	capturing() bool                           // a text field has every letter
	interrupt() bool                           // stop a question that is seen to run
	back(a *app) bool                          // one step back within the screen
	stop()                                     // cancel what it asks
	status(a *app, width int) string           // the line under the tabs
	cursor(a *app) (x, y int, shown bool)      // of the terminal; y 0 is the status line, the body begins at 1
	body(a *app, width, height int) []string   // at most height lines
	keys(a *app) []key.Binding                 // for footer, help and palette, best first
	click(a *app, x, y int, sized box) tea.Cmd // within the body
	wheel(a *app, lines, y int, sized box)     // within the body
	about(a *app) about                        // for what stands above the screens
}

// quiet is what a screen does that does nothing of the kind.
type quiet struct{}

func (quiet) restyle(*app)                       {}
func (quiet) paste(*app, string) tea.Cmd         { return nil }
func (quiet) capturing() bool                    { return false }
func (quiet) back(*app) bool                     { return false }
func (quiet) cursor(*app) (x, y int, shown bool) { return 0, 0, false }

// about is what a screen says of itself, for the keys that work everywhere. The
// zero about offers nothing.
type about struct {
	report string // "errscope report NAME" tells the same, and e writes it to a file
	twin   string // the command line that tells the same, where it is another
	bare   bool   // the twin takes no range
	sql    string // what is asked, where it stands in no file
	// behind are the questions that the screen asks; values are those of their
	// parameters beside the scope's.
	behind []queries.Name
	values map[string]any
	// zoom is the span of what is selected, zero where it has none, and of what.
	zoom   timeRange
	zoomed string
	// pick is what space puts into the basket, nil where there is nothing.
	pick *Pick
	// commands can be had from the palette only.
	commands []command
}

// timeRange is half-open; a zero end is open.
type timeRange struct{ from, to time.Time }

func (r timeRange) zero() bool { return r.from.IsZero() && r.to.IsZero() }

// box is the size of the body.
type box struct{ width, height int }

// tab is a screen that has a number of its own.
type tab struct {
	number, name, short string
	open                func(a *app) screen
}

// tabCount is how many screens the contract numbers.
const tabCount = 7

const (
	tabOverview = iota
	tabVendors
	tabFailures
	tabQuota
	tabOutages
	tabEvidence
	tabSQL
)

// tabs are the screens under the contract's numbers.
func tabs() [tabCount]tab {
	return [tabCount]tab{
		tabOverview: {"1", "Overview", "Over", func(a *app) screen { return newOverview(a) }},
		tabVendors:  {"2", "Vendors", "Vend", func(a *app) screen { return newVendors(a) }},
		tabFailures: {"3", "Failures", "Fail", func(a *app) screen { return newFailures(a, "") }},
		tabQuota:    {"4", "Quota", "Quota", func(a *app) screen { return newQuota(a) }},
		tabOutages:  {"5", "Outages", "Outage", func(a *app) screen { return newOutages(a) }},
		tabEvidence: {"6", "Evidence", "Evid", func(a *app) screen { return newEvidence(a) }},
		tabSQL:      {"7", "SQL", "SQL", func(a *app) screen { return newSQL(a) }},
	}
}

// cleared is the first screen of a tab, with all closed that was opened on top of it.
func cleared[S screen](a *app, tab int) (first S, ok bool) {
	stack := a.stacks[tab]
	if len(stack) == 0 {
		return first, false
	}
	if first, ok = stack[0].(S); ok {
		for _, s := range stack[1:] {
			s.stop()
		}
		a.stacks[tab] = stack[:1]
	}
	return first, ok
}
