package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/errscope/errscope/tui/grid"
)

// command is one entry of the palette.
type command struct {
	name string
	key  string // as the keyboard names it, "" where no key does it
	twin string // the command line that does the same, "" is the screen's
	do   func(a *app) tea.Cmd
}

// palette finds a command by a part of its name.
type palette struct {
	narrowed[command]
	all []command
}

func (a *app) openPalette() tea.Cmd {
	p := &palette{narrowed: narrowed[command]{field: newField(""), sign: ":"}, all: a.commands()}
	p.arrange()
	return tea.Batch(a.open(p), p.field.Focus())
}

// commands are everything that can be done here: what the screen does, what
// works everywhere, and what has no key.
func (a *app) commands() []command {
	s := a.top().about(a)
	var all []command
	seen := map[string]bool{}
	add := func(bindings []key.Binding) {
		for _, b := range bindings {
			name := b.Help().Desc
			if name == "" || len(b.Keys()) == 0 || seen[b.Keys()[0]] {
				continue
			}
			seen[b.Keys()[0]] = true
			press := pressOf(b.Keys()[0])
			all = append(all, command{name: name, key: a.keyName(b), do: func(a *app) tea.Cmd { return a.press(press) }})
		}
	}
	add(a.top().keys(a))
	all = append(all, s.commands...)
	if twin := a.twin(s); twin != "" {
		all = append(all, command{name: "copy as a command line", twin: twin, do: func(a *app) tea.Cmd { return a.copied("command", twin) }})
	}
	add(a.keymap.global())
	for _, theme := range [...]string{"dark", "light"} {
		all = append(all, command{name: theme + " theme", twin: "errscope --theme " + theme, do: func(a *app) tea.Cmd { return a.chooseTheme(theme) }})
	}
	for _, glyphs := range [...]string{"braille", "blocks", "ascii"} {
		all = append(all, command{name: "draw charts with " + glyphs, twin: "errscope --glyphs " + glyphs, do: func(a *app) tea.Cmd { return a.chooseGlyphs(glyphs) }})
	}
	return all
}

// twin is the command line that tells what a screen shows.
func (a *app) twin(s about) string {
	words := s.twin
	switch {
	case words != "":
	case s.report != "":
		words = "errscope report " + s.report
	case len(s.behind) == 1: // no report tells it
		sql, err := a.sqlOf(s)
		if err != nil {
			return ""
		}
		words, s.bare = "errscope sql "+shellQuote(oneLine(withoutComments(sql))), true
	default:
		return ""
	}
	if a.o.Database != "" {
		words += " --db " + shellWord(a.o.Database)
	}
	if s.bare {
		return words
	}
	for _, f := range [...]struct{ flag, value string }{
		{"--since", instantWord(a.scope.Since)}, {"--until", instantWord(a.scope.Until)}, {"--vendor", a.scope.Vendor}, {"--account", a.scope.Account},
	} {
		if f.value != "" {
			words += " " + f.flag + " " + shellWord(f.value)
		}
	}
	return words
}

// shellWord quotes a word for a POSIX shell where it must be.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@+,", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return shellQuote(s)
}

// status is where the name is typed.
func (p *palette) status(a *app, width int) string { return p.fieldLine(a, width).String() }

func (p *palette) title() string { return "Commands" }
func (p *palette) paste(_ *app, text string) {
	p.insert(text)
	p.arrange()
}

func (p *palette) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Open, "do it"), bind("up down", "choose", "up", "down"), a.keymap.Back}
}

func (p *palette) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Back):
		a.close()
		return nil
	case key.Matches(k, m.Open):
		return p.run(a)
	case p.step(k):
		return nil
	}
	cmd := p.typed(k)
	p.arrange()
	return cmd
}

// run closes the palette, so that the command finds the screen as it was.
func (p *palette) run(a *app) tea.Cmd {
	c, ok := p.list.selected()
	if !ok {
		return nil
	}
	a.close()
	return c.do(a)
}

// arrange finds what matches, the best first.
func (p *palette) arrange() {
	rows := make([]entry[command], 0, len(p.all))
	text := strings.TrimSpace(p.field.Value())
	if text == "" {
		for _, c := range p.all {
			rows = append(rows, entry[command]{id: c.name, row: c})
		}
	} else {
		for _, hit := range fuzzy.FindFrom(text, commandNames(p.all)) {
			c := p.all[hit.Index]
			rows = append(rows, entry[command]{id: c.name, row: c})
		}
	}
	p.restart()
	p.list.set(rows)
}

// commandNames is a [fuzzy.Source].
type commandNames []command

func (c commandNames) String(i int) string { return c[i].name + " " + c[i].key }
func (c commandNames) Len() int            { return len(c) }

var paletteColumns = []grid.Column{
	{Title: "COMMAND", Min: 20, Want: 34, Max: 44, Rank: 1},
	{Title: "KEY", Min: 8, Want: 8, Max: 10, Rank: 2},
	{Title: "ON THE COMMAND LINE", Min: 20, Max: 120, Rank: 3, Extra: true},
}

func (p *palette) body(a *app, width, height int) []string {
	if len(p.list.rows) == 0 {
		return []string{"", a.line(width).put("", "  No command is called that. ").put(a.theme.dim, "esc goes back.").String()}
	}
	shared := a.twin(a.top().about(a))
	p.list.cols = paletteColumns
	return p.list.lines(a, width, height, true, false, func(c command, column, _ int) grid.Cell {
		switch column {
		case 0:
			return grid.Cell{Text: c.name}
		case 1:
			return grid.Cell{Text: c.key, On: string(a.theme.key)}
		}
		if c.twin != "" {
			return grid.Cell{Text: clean(c.twin), On: string(a.theme.dim)}
		}
		return grid.Cell{Text: clean(shared), On: string(a.theme.dim)}
	})
}

func (p *palette) click(a *app, _, y int, _ box) tea.Cmd {
	if p.list.click(y) == hitAgain {
		return p.run(a)
	}
	return nil
}

// pressOf makes the key that a binding names.
func pressOf(name string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	for {
		mod, rest, ok := strings.Cut(name, "+")
		if !ok || rest == "" {
			break
		}
		switch mod {
		case "ctrl":
			k.Mod |= tea.ModCtrl
		case "alt":
			k.Mod |= tea.ModAlt
		case "shift":
			k.Mod |= tea.ModShift
		}
		name = rest
	}
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace,
		"delete": tea.KeyDelete, "f2": tea.KeyF2, "f5": tea.KeyF5,
	}
	if code, ok := named[name]; ok {
		k.Code = code
		return k
	}
	if name == "space" {
		k.Code, k.Text = tea.KeySpace, " "
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod&^tea.ModShift == 0 {
		k.Text = name
	}
	return k
}
