package tui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
)

const (
	// toastFor is how long a short note stays.
	toastFor = 4 * time.Second
	// refreshEvery is the shortest time between two looks at new data.
	refreshEvery = 250 * time.Millisecond
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
	tabs          [tabCount]tab
	stacks        [tabCount][]screen
	tab           int
	over          overlay // nil where nothing stands above the screens

	toast     string
	toastKind paint
	toastTurn int

	scope  queries.Scope // what every question is narrowed to
	scopes []timeRange   // the ranges before, the newest last

	feed        progress
	refreshing  bool // a refresh is on its way
	refreshedAt time.Time
	first, last time.Time // of all data, as far as is known
	memory      memory
	epoch       int64 // grows when the data changes: older answers are forgotten
	seen        int64 // what [Source.Version] last said
	paused      bool
	behind      int64 // changes that a pause has held back

	basket                    []Pick
	history                   []string
	saved                     []SavedQuery
	chosenTheme, chosenGlyphs string
	keepTurn                  int
	unwritten                 bool // there is something to keep
	unkept                    bool // it was said that nothing is kept
}

func newApp(ctx context.Context, src Source, o Options) *app {
	o.fill()
	a := &app{
		o: o, src: src, desk: newDesk(ctx), keymap: newKeymap(),
		profile: colorprofile.TrueColor, dark: o.Theme != "light", mouse: !o.NoMouse,
		glyphs: glyphsOf(o.Glyphs, o.Environ),
	}
	a.desk.leave = o.LeaveAsking
	if a.after = o.After; a.after == nil {
		a.after = a.desk.after
	}
	a.feed.version = -1
	a.signs = newSigns(a.glyphs)
	a.theme = newTheme(a.profile, a.dark)
	a.scope, a.tabs = o.Scope, tabs()
	for i, t := range a.tabs {
		a.stacks[i] = []screen{t.open(a)}
	}
	a.restore(o.State)
	if a.chosenTheme != "" {
		a.setTheme(a.profile, a.chosenTheme != "light")
	}
	if a.chosenGlyphs != "" {
		a.setGlyphs(a.chosenGlyphs)
	}
	return a
}

func (a *app) init() tea.Cmd {
	cmds := []tea.Cmd{a.listen(), a.top().refresh(a), a.poll()}
	if !a.themeChosen() {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// themeChosen says that the terminal need not be asked for its ground.
func (a *app) themeChosen() bool {
	return a.o.Theme == "dark" || a.o.Theme == "light" || a.chosenTheme != ""
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
		if !a.themeChosen() {
			a.setTheme(a.profile, msg.IsDark())
		}
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.PasteMsg:
		return a.paste(msg.Content)
	case tea.MouseClickMsg:
		return a.click(msg)
	case tea.MouseWheelMsg:
		a.wheel(msg)
		return a.top().refresh(a) // what follows from another row
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
	case pollMsg:
		return a.poll()
	case versionMsg:
		return a.polled(msg)
	case keepMsg:
		return a.write(msg)
	case keptMsg:
		return a.kept(msg)
	}
	return nil
}

// paste gives a pasted text to the field that has the focus.
func (a *app) paste(text string) tea.Cmd {
	switch {
	case a.tooSmall():
	case a.over != nil:
		a.over.paste(a, text)
	case a.top().capturing():
		return a.top().paste(a, text)
	}
	return nil
}

// chooseTheme overrules what the terminal said of its ground.
func (a *app) chooseTheme(name string) tea.Cmd {
	a.chosenTheme = name
	a.setTheme(a.profile, name != "light")
	return tea.Batch(a.note(a.theme.info, name+" theme"), a.keep())
}

// chooseGlyphs overrules what the terminal is thought to show.
func (a *app) chooseGlyphs(name string) tea.Cmd {
	a.chosenGlyphs = name
	a.setGlyphs(name)
	return tea.Batch(a.note(a.theme.info, "charts are drawn with "+name), a.keep())
}

func (a *app) setGlyphs(name string) {
	a.glyphs = glyphsOf(name, a.o.Environ)
	a.signs = newSigns(a.glyphs)
	a.setTheme(a.profile, a.dark)
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
	case key.Matches(k, m.Suspend):
		return tea.Suspend
	case a.tooSmall():
		if key.Matches(k, m.Quit) {
			return tea.Quit
		}
		return nil
	case a.over != nil:
		return a.over.press(a, k)
	case key.Matches(k, m.Back):
		return a.back()
	case a.top().capturing():
		return a.top().press(a, k)
	case key.Matches(k, m.Quit):
		if len(a.stacks[a.tab]) == 1 {
			return tea.Quit
		}
		return a.back()
	}
	for i, b := range m.screens() {
		if key.Matches(k, b) {
			return a.show(i)
		}
	}
	if cmd, done := a.pressAnywhere(k); done {
		return cmd
	}
	return a.top().press(a, k)
}

// pressAnywhere is for the keys that mean the same on every screen.
func (a *app) pressAnywhere(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	m := a.keymap
	for _, x := range [...]struct {
		on key.Binding
		do func() tea.Cmd
	}{
		{m.Help, func() tea.Cmd { return a.open(&help{}) }},
		{m.Palette, a.openPalette},
		{m.Range, a.openRange},
		{m.RangeBack, a.rangeBack},
		{m.Earlier, func() tea.Cmd { return a.shiftRange(-1) }},
		{m.Later, func() tea.Cmd { return a.shiftRange(1) }},
		{m.Zoom, a.zoomIn},
		{m.Basket, a.toggle},
		{m.Live, a.toggleLive},
		{m.ShowSQL, a.showSQL},
		{m.Export, a.exportView},
		{m.Redraw, func() tea.Cmd { return tea.ClearScreen }},
		{m.Mouse, a.toggleMouse},
		{m.Refresh, a.askAgain},
	} {
		if key.Matches(k, x.on) {
			return x.do(), true
		}
	}
	return nil, false
}

func (a *app) toggleMouse() tea.Cmd {
	a.mouse = !a.mouse
	if a.mouse {
		return a.note(a.theme.info, "mouse on: click selects, a second click opens (m: off)")
	}
	return a.note(a.theme.info, "mouse off: the terminal selects text again (m: on)")
}

// askAgain has the screen ask now, whatever is remembered.
func (a *app) askAgain() tea.Cmd {
	a.epoch++
	a.top().stop()
	a.top().outdated()
	if s, ok := a.top().(interface{ rerun(*app) tea.Cmd }); ok {
		return s.rerun(a)
	}
	return a.top().refresh(a)
}

// back goes one step back, in a fixed order, and never leaves the program.
func (a *app) back() tea.Cmd {
	top := a.top()
	if top.interrupt() {
		return a.keep()
	}
	if top.back(a) {
		return tea.Batch(top.refresh(a), a.keep()) // what follows from another row
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
	return tea.Batch(a.top().refresh(a), a.keep())
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
	if a.paused {
		a.behind++
		return nil
	}
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
	a.epoch++
	a.outdated()
	return a.top().refresh(a)
}

func (a *app) click(m tea.MouseClickMsg) tea.Cmd {
	if m.Button != tea.MouseLeft || a.tooSmall() {
		return nil
	}
	y := m.Y - chromeTop
	inBody, sized := y >= 0 && y < a.bodyHeight(), box{a.width, a.bodyHeight()}
	if a.over != nil {
		if inBody {
			return a.over.click(a, m.X, y, sized)
		}
		return nil
	}
	if m.Y == 1 {
		for i, at := range a.tabSpans() {
			if m.X >= at[0] && m.X < at[1] {
				return a.show(i)
			}
		}
	}
	if inBody {
		return a.top().click(a, m.X, y, sized)
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
	if a.over != nil {
		a.over.wheel(lines)
		return
	}
	if y := m.Y - chromeTop; y >= 0 && y < a.bodyHeight() {
		a.top().wheel(a, lines, y, box{a.width, a.bodyHeight()})
	}
}
