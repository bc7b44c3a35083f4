package tui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/errscope/errscope/tui/chart"
)

const (
	// toastFor is how long a short note stays.
	toastFor = 4 * time.Second
	// refreshEvery is the shortest time between two looks at new data.
	refreshEvery = 250 * time.Millisecond
)

// screen is one page. It is told what to do by the app and asks through it.
type screen interface {
	crumb() string                             // its step in the path
	refresh(a *app) tea.Cmd                    // ask, where there is newer data
	outdated()                                 // there is newer data
	restyle(a *app)                            // colours have changed
	press(a *app, k tea.KeyPressMsg) tea.Cmd   // a key that is nobody else's
	paste(a *app, text string)                 // into the text field
	capturing() bool                           // a text field has every letter
	interrupt() bool                           // stop a question that is seen to run
	back(a *app) bool                          // one step back within the screen
	stop()                                     // cancel what it asks
	status(a *app, width int) string           // the line under the tabs
	cursor(width int) (x int, shown bool)      // in the status line
	body(a *app, width, height int) []string   // at most height lines
	keys(a *app) []key.Binding                 // for footer and help, best first
	click(a *app, x, y int, sized box) tea.Cmd // within the body
	wheel(a *app, lines, y int, sized box)     // within the body
}

// box is the size of the body.
type box struct{ width, height int }

// tabs are the screens that exist, under the contract's numbers.
var tabs = [...]struct{ number, name string }{{"1", "Overview"}, {"3", "Failures"}}

const (
	tabOverview = iota
	tabFailures
)

// app is the state behind a [Model]. Only update changes it, in Bubble Tea's
// event loop; commands see copies.
type app struct {
	o      Options
	src    Source
	desk   *desk
	after  func(time.Duration, tea.Msg) tea.Cmd
	keymap keymap

	profile colorprofile.Profile
	dark    bool
	theme   theme
	glyphs  chart.Glyphs
	signs   signs
	mouse   bool

	width, height int
	stacks        [len(tabs)][]screen
	tab           int
	help          *help

	toast     string
	toastKind paint
	toastTurn int

	feed        progress
	refreshing  bool // a refresh is on its way
	refreshedAt time.Time
	first, last time.Time // of the data, as the overview last said
}

func newApp(ctx context.Context, src Source, o Options) *app {
	o.fill()
	a := &app{
		o: o, src: src, desk: newDesk(ctx), keymap: newKeymap(),
		profile: colorprofile.TrueColor, dark: o.Theme != "light", mouse: !o.NoMouse,
		glyphs: glyphsOf(o.Glyphs, o.Environ),
	}
	a.after = a.desk.after
	a.feed.version = -1
	a.signs = newSigns(a.glyphs)
	a.theme = newTheme(a.profile, a.dark)
	a.stacks[tabOverview] = []screen{newOverview(a)}
	a.stacks[tabFailures] = []screen{newFailures(a, "")}
	return a
}

func (a *app) init() tea.Cmd {
	cmds := []tea.Cmd{a.listen(), a.top().refresh(a)}
	if a.o.Theme != "dark" && a.o.Theme != "light" {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

func (a *app) top() screen {
	s := a.stacks[a.tab]
	return s[len(s)-1]
}

// refreshMsg is the end of the wait between two looks at new data.
type refreshMsg struct{}

// toastMsg is the end of a toast.
type toastMsg struct{ turn int }

func (a *app) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
	case tea.ColorProfileMsg:
		a.setTheme(msg.Profile, a.dark)
	case tea.BackgroundColorMsg:
		if a.o.Theme != "dark" && a.o.Theme != "light" {
			a.setTheme(a.profile, msg.IsDark())
		}
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.PasteMsg:
		if a.help == nil && a.top().capturing() {
			a.top().paste(a, msg.Content)
		}
	case tea.MouseClickMsg:
		return a.click(msg)
	case tea.MouseWheelMsg:
		a.wheel(msg)
	case reply:
		return msg.take(a)
	case slowMsg:
		return msg.of.grown(a, msg.generation)
	case feedMsg:
		return a.hear(msg)
	case refreshMsg:
		return a.refresh()
	case toastMsg:
		if msg.turn == a.toastTurn {
			a.toast = ""
		}
	}
	return nil
}

func (a *app) setTheme(profile colorprofile.Profile, dark bool) {
	a.profile, a.dark, a.theme = profile, dark, newTheme(profile, dark)
	for _, stack := range a.stacks {
		for _, s := range stack {
			s.restyle(a)
		}
	}
}

// press gives a key to the first that wants it: what stands above the screens,
// a text field, the keys that work everywhere, the screen.
func (a *app) press(k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Leave):
		return tea.Quit
	case a.tooSmall():
		if key.Matches(k, m.Quit) {
			return tea.Quit
		}
		return nil
	case a.help != nil:
		if a.help.press(m, k) {
			a.help = nil
		}
		return nil
	case key.Matches(k, m.Back):
		return a.back()
	case a.top().capturing():
		return a.top().press(a, k)
	case key.Matches(k, m.Quit):
		if len(a.stacks[a.tab]) == 1 {
			return tea.Quit
		}
		return a.back()
	case key.Matches(k, m.Help):
		a.help = &help{}
		return nil
	case key.Matches(k, m.Overview):
		return a.show(tabOverview)
	case key.Matches(k, m.Failures):
		return a.show(tabFailures)
	case key.Matches(k, m.Missing):
		return a.note(a.theme.warn, "there is no screen "+k.String()+" here: 1 is Overview, 3 is Failures")
	case key.Matches(k, m.Redraw):
		return tea.ClearScreen
	case key.Matches(k, m.Mouse):
		a.mouse = !a.mouse
		if a.mouse {
			return a.note(a.theme.info, "mouse on: click selects, a second click opens (m: off)")
		}
		return a.note(a.theme.info, "mouse off: the terminal selects text again (m: on)")
	case key.Matches(k, m.Refresh):
		a.top().stop()
		a.top().outdated()
		return a.top().refresh(a)
	}
	return a.top().press(a, k)
}

// back goes one step back, in a fixed order, and never leaves the program.
func (a *app) back() tea.Cmd {
	top := a.top()
	if top.interrupt() || top.back(a) {
		return nil
	}
	s := a.stacks[a.tab]
	if len(s) == 1 {
		return a.note(a.theme.info, "this is the top (q quits)")
	}
	top.stop()
	s[len(s)-1] = nil
	a.stacks[a.tab] = s[:len(s)-1]
	return a.top().refresh(a)
}

// push opens a screen on top of the present one.
func (a *app) push(s screen) tea.Cmd {
	a.stacks[a.tab] = append(a.stacks[a.tab], s)
	return s.refresh(a)
}

// show goes to a tab, as it was left.
func (a *app) show(tab int) tea.Cmd {
	a.tab = tab
	return a.top().refresh(a)
}

// note shows a short note for a while.
func (a *app) note(kind paint, text string) tea.Cmd {
	a.toast, a.toastKind = clean(text), kind
	a.toastTurn++
	return a.after(toastFor, toastMsg{a.toastTurn})
}

// copied puts text into the clipboard and says what it was.
func (a *app) copied(what, text string) tea.Cmd {
	text = strings.TrimSpace(text)
	if text == "" {
		return a.note(a.theme.warn, "there is no "+what+" to copy")
	}
	text = withoutCredentials(text)
	shown := text
	if lines := strings.Count(text, "\n"); lines > 0 {
		shown = ""
	}
	return tea.Batch(tea.SetClipboard(text), a.note(a.theme.good, strings.TrimSpace("copied "+what+" "+shown)))
}

// dataChanged has the screens look at new data, soon and not too often.
func (a *app) dataChanged() tea.Cmd {
	if a.refreshing {
		return nil
	}
	a.refreshing = true
	wait := refreshEvery - a.o.Now().Sub(a.refreshedAt)
	return a.after(max(0, min(wait, refreshEvery)), refreshMsg{})
}

func (a *app) refresh() tea.Cmd {
	a.refreshing = false
	a.refreshedAt = a.o.Now()
	for _, stack := range a.stacks {
		for _, s := range stack {
			s.outdated()
		}
	}
	return a.top().refresh(a)
}

func (a *app) click(m tea.MouseClickMsg) tea.Cmd {
	if m.Button != tea.MouseLeft || a.tooSmall() || a.help != nil {
		return nil
	}
	if m.Y == 1 {
		for i, at := range a.tabSpans() {
			if m.X >= at[0] && m.X < at[1] {
				return a.show(i)
			}
		}
	}
	if y := m.Y - chromeTop; y >= 0 && y < a.bodyHeight() {
		return a.top().click(a, m.X, y, box{a.width, a.bodyHeight()})
	}
	return nil
}

// wheelLines is how far one notch of the wheel goes.
const wheelLines = 3

func (a *app) wheel(m tea.MouseWheelMsg) {
	lines := wheelLines
	switch {
	case a.tooSmall():
		return
	case m.Button == tea.MouseWheelUp:
		lines = -lines
	case m.Button != tea.MouseWheelDown:
		return
	}
	if a.help != nil {
		a.help.top += lines
		return
	}
	if y := m.Y - chromeTop; y >= 0 && y < a.bodyHeight() {
		a.top().wheel(a, lines, y, box{a.width, a.bodyHeight()})
	}
}
