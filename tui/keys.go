package tui

import "charm.land/bubbles/v2/key"

// bind names the keys of an action once: what matches them, what the footer and
// the help say.
func bind(shown, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, does))
}

// keymap holds every key of the program. The help is made from it, so that it
// cannot promise a key that is not there.
type keymap struct {
	// everywhere
	Overview, Failures       key.Binding
	Missing                  key.Binding // numbers of screens that are not there
	Help, Back, Quit, Leave  key.Binding
	Refresh, Redraw, Mouse   key.Binding
	Up, Down, PageUp, PageDn key.Binding
	Home, End                key.Binding
	Open, Pane               key.Binding
	Filter, Sort, Reverse    key.Binding
	CopyID, CopyWhole        key.Binding
	Next, Previous, Pretty   key.Binding
	// in a text field
	Keep, Undo key.Binding
}

func newKeymap() keymap {
	return keymap{
		Overview: bind("1", "overview", "1"),
		Failures: bind("3", "failures", "3"),
		Missing:  bind("2 4-7", "", "2", "4", "5", "6", "7"),
		Help:     bind("?", "help", "?"),
		Back:     bind("esc", "back", "esc"),
		Quit:     bind("q", "quit", "q"),
		Leave:    bind("ctrl+c", "quit from anywhere", "ctrl+c"),
		Refresh:  bind("r", "ask again", "r", "f5"),
		Redraw:   bind("ctrl+l", "redraw the screen", "ctrl+l"),
		Mouse:    bind("m", "mouse on/off (off: the terminal selects)", "m"),
		Up:       bind("k ↑", "up", "k", "up"),
		Down:     bind("j ↓", "down", "j", "down"),
		PageUp:   bind("ctrl+u", "page up", "ctrl+u", "pgup"),
		PageDn:   bind("ctrl+d", "page down", "ctrl+d", "pgdown"),
		Home:     bind("g", "first", "g", "home"),
		End:      bind("G", "last", "G", "end"),

		Open:      bind("enter", "open", "enter"),
		Pane:      bind("tab", "other pane", "tab", "shift+tab"),
		Filter:    bind("/", "filter", "/"),
		Sort:      bind("s", "sort by next column", "s"),
		Reverse:   bind("S", "reverse the order", "S"),
		CopyID:    bind("y", "copy request id", "y"),
		CopyWhole: bind("Y", "copy summary", "Y"),
		Next:      bind("n", "next sample", "n"),
		Previous:  bind("N", "previous sample", "N"),
		Pretty:    bind("p", "body as sent / laid out", "p"),

		Keep: bind("enter", "keep the filter", "enter"),
		Undo: bind("esc", "as it was", "esc"),
	}
}

// moves are the keys of every list.
func (k keymap) moves() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDn, k.Home, k.End}
}

// global are the keys that work on every screen.
func (k keymap) global() []key.Binding {
	return []key.Binding{k.Overview, k.Failures, k.Back, k.Refresh, k.Redraw, k.Mouse, k.Help, k.Quit, k.Leave}
}

// doing returns b with other words for what it does here.
func doing(b key.Binding, does string) key.Binding {
	b.SetHelp(b.Help().Key, does)
	return b
}
