package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// bind names the keys of an action once: what matches them, what the footer and
// the help say.
func bind(shown, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, does))
}

// keymap holds every key of the program. The help is made from it, so that it
// cannot promise a key that is not there.
type keymap struct {
	// everywhere
	Screens                  [tabCount]key.Binding
	Help, Back, Quit, Leave  key.Binding
	Palette, Suspend         key.Binding
	Range, RangeBack         key.Binding
	Earlier, Later, Zoom     key.Binding
	Basket, Live             key.Binding
	ShowSQL, Export          key.Binding
	Refresh, Redraw, Mouse   key.Binding
	Up, Down, PageUp, PageDn key.Binding
	Home, End                key.Binding
	// on some screens
	Open, Pane, Full       key.Binding
	Filter, Sort, Reverse  key.Binding
	CopyID, CopyWhole      key.Binding
	Next, Previous, Pretty key.Binding
	Left, Right            key.Binding
	Rejects, Why, Exclude  key.Binding
	Members, Origin        key.Binding
	Scroll, ScrollUp       key.Binding
	ToOutages, ToQuota     key.Binding
	WhatIf                 key.Binding
	// on the evidence
	EvidenceWrite, EvidenceInclude, EvidenceTake, EvidenceEmpty key.Binding
	// in a text field
	Keep, Undo key.Binding
	// on the SQL screen
	SQLRun, SQLComplete, SQLHistory, SQLTables, SQLSaved, SQLSave, SQLDrop, SQLChart, SQLUndo key.Binding
}

func newKeymap() keymap {
	k := keymap{
		Help:      bind("?", "help", "?"),
		Back:      bind("esc", "back", "esc"),
		Quit:      bind("q", "quit", "q"),
		Leave:     bind("ctrl+c", "quit from anywhere", "ctrl+c"),
		Palette:   bind(":", "commands", ":"),
		Suspend:   bind("ctrl+z", "to the shell; fg comes back", "ctrl+z"),
		Range:     bind("t", "time range", "t"),
		RangeBack: bind("Z", "range as before", "Z"),
		Earlier:   bind("[", "earlier, by half the range", "["),
		Later:     bind("]", "later, by half the range", "]"),
		Zoom:      bind("z", "range of what is selected", "z"),
		Basket:    bind("space", "into the basket, or out", "space"),
		Live:      bind("L", "pause, or follow new data", "L"),
		ShowSQL:   bind("ctrl+s", "show the SQL", "ctrl+s"),
		Export:    bind("e", "write to a file", "e"),
		Refresh:   bind("r", "ask again", "r", "f5"),
		Redraw:    bind("ctrl+l", "redraw the screen", "ctrl+l"),
		Mouse:     bind("m", "mouse on/off (off: the terminal selects)", "m"),
		Up:        bind("k ↑", "up", "k", "up"),
		Down:      bind("j ↓", "down", "j", "down"),
		PageUp:    bind("ctrl+u", "page up", "ctrl+u", "pgup"),
		PageDn:    bind("ctrl+d", "page down", "ctrl+d", "pgdown"),
		Home:      bind("g", "first", "g", "home"),
		End:       bind("G", "last", "G", "end"),

		Open:      bind("enter", "open", "enter"),
		Pane:      bind("tab", "other pane", "tab", "shift+tab"),
		Full:      bind("f", "the pane alone, or all", "f"),
		Filter:    bind("/", "filter", "/"),
		Sort:      bind("s", "sort by next column", "s"),
		Reverse:   bind("S", "reverse the order", "S"),
		CopyID:    bind("y", "copy request id", "y"),
		CopyWhole: bind("Y", "copy summary", "Y"),
		Next:      bind("n", "next sample", "n"),
		Previous:  bind("N", "previous sample", "N"),
		Pretty:    bind("p", "body as sent / laid out", "p"),
		Left:      bind("h ←", "to the left", "h", "left"),
		Right:     bind("l →", "to the right", "l", "right"),
		Rejects:   bind("R", "lines not read", "R"),
		Why:       bind("c", "why this label", "c"),
		Exclude:   bind("x", "leave this code out", "x"),
		Members:   bind("i", "its exchanges, one by one", "i"),
		Origin:    bind("o", "the line in the log", "o"),
		ToOutages: bind("o", "its outages", "o"),
		ToQuota:   bind("u", "its quotas", "u"),
		Scroll:    bind("J", "scroll down", "J"),
		ScrollUp:  bind("K", "scroll up", "K"),
		WhatIf:    bind("w", "what if it were used at another rate", "w"),

		Keep: bind("enter", "keep the filter", "enter"),
		Undo: bind("esc", "as it was", "esc"),
	}
	for i, t := range tabs() {
		k.Screens[i] = bind(t.number, strings.ToLower(t.name), t.number)
	}
	k.bindEvidence()
	k.bindSQL()
	return k
}

func (k *keymap) bindEvidence() {
	k.EvidenceWrite = bind("w", "write the bundle", "w")
	k.EvidenceInclude = bind("i", "personal data", "i")
	k.EvidenceTake = bind("a", "take all that is proposed", "a")
	k.EvidenceEmpty = bind("D", "empty the basket", "D")
}

func (k *keymap) bindSQL() {
	k.SQLRun = bind("alt+enter", "run", "alt+enter", "ctrl+enter", "f5")
	k.SQLComplete = bind("tab", "complete", "tab", "shift+tab")
	k.SQLHistory = bind("ctrl+r", "history", "ctrl+r")
	k.SQLTables = bind("ctrl+t", "tables", "ctrl+t")
	k.SQLSaved = bind("ctrl+o", "saved SQL", "ctrl+o")
	k.SQLSave = bind("alt+s", "save SQL", "alt+s")
	k.SQLDrop = bind("delete", "delete", "delete", "ctrl+x")
	k.SQLChart = bind("f2", "chart or rows", "f2")
	k.SQLUndo = bind("ctrl+_", "take back", "ctrl+_", "alt+z")
}

// screens are the keys of the numbered screens, in their order.
func (k keymap) screens() []key.Binding { return k.Screens[:] }

// moves are the keys of every list.
func (k keymap) moves() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDn, k.Home, k.End}
}

// global are the keys that work on every screen.
func (k keymap) global() []key.Binding {
	return append(slices.Clone(k.screens()), k.Range, k.Earlier, k.Later, k.Zoom, k.RangeBack, k.Basket, k.Live, k.ShowSQL, k.Export, k.Palette,
		k.Back, k.Refresh, k.Redraw, k.Mouse, k.Help, k.Suspend, k.Quit, k.Leave)
}

// doing returns b with other words for what it does here.
func doing(b key.Binding, does string) key.Binding {
	b.SetHelp(b.Help().Key, does)
	return b
}
