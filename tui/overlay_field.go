package tui

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/grid"
)

// promptCells is where the text of a [prompted] begins.
const promptCells = 10

// prompted is an overlay that asks for one line of text: its title, the field
// with a word before it, and what is to be said of what was typed.
type prompted struct {
	untold
	field          textinput.Model
	heading, label string
	err            error // of what was typed, until something else is
}

func (p *prompted) title() string { return p.heading }
func (p *prompted) wheel(int)     {}

func (p *prompted) paste(_ *app, text string) {
	p.field, _ = p.field.Update(tea.PasteMsg{Content: oneLine(text)})
}

func (p *prompted) shown(width int) (string, int) {
	return fieldText(p.field.Value(), p.field.Position(), width-promptCells-2)
}

func (p *prompted) cursor(a *app) (x, y int, shown bool) {
	_, x = p.shown(a.width)
	return x + promptCells, 2, true
}

// pressed types a key, or goes back; done is called when the text is complete.
func (p *prompted) pressed(a *app, k tea.KeyPressMsg, done func(*app) tea.Cmd) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Back):
		a.close()
		return nil
	case key.Matches(k, m.Open):
		return done(a)
	}
	p.err = nil
	var cmd tea.Cmd
	p.field, cmd = p.field.Update(k)
	return cmd
}

// head are the first lines of the body; said stands under the field.
func (p *prompted) head(a *app, width int, kind paint, said string) []string {
	shown, _ := p.shown(width)
	lines := []string{a.section(p.heading, width), a.line(width).put("", "  ").field(a.theme.key, p.label, promptCells-2).put("", shown).String(), ""}
	if said != "" {
		lines[2] = a.line(width).put("", spaces(promptCells)).put(kind, said).String()
	}
	return lines
}

// told is a line under the head, with a word before it.
func (p *prompted) told(a *app, width int, word string, kind paint, text string) string {
	return a.line(width).put("", "  ").field(a.theme.dim, word, promptCells-2).put(kind, text).String()
}

// narrowed is the list of an overlay that typing makes shorter. The field
// stands in the status line.
type narrowed[T any] struct {
	field textinput.Model
	sign  string // before the field, one cell
	list  list[T]
}

func (n *narrowed[T]) wheel(lines int) { n.list.to(n.list.cursor.Row + lines) }

func (n *narrowed[T]) insert(text string) {
	n.field, _ = n.field.Update(tea.PasteMsg{Content: oneLine(text)})
}

func (n *narrowed[T]) shown(width int) (string, int) {
	return fieldText(n.field.Value(), n.field.Position(), width-4)
}

func (n *narrowed[T]) fieldLine(a *app, width int) *line {
	shown, _ := n.shown(width)
	return a.line(width).put(a.theme.key, " "+n.sign+" ").put("", shown)
}

func (n *narrowed[T]) cursor(a *app) (x, y int, shown bool) {
	_, x = n.shown(a.width)
	return x + 3, 0, true
}

// step moves the cursor of the list by keys that are no text, and reports
// whether the key was one.
func (n *narrowed[T]) step(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "up", "ctrl+p":
		n.list.to(n.list.cursor.Row - 1)
	case "down", "ctrl+n", "tab":
		n.list.to(n.list.cursor.Row + 1)
	default:
		return false
	}
	return true
}

func (n *narrowed[T]) typed(k tea.KeyPressMsg) (cmd tea.Cmd) {
	n.field, cmd = n.field.Update(k)
	return cmd
}

// restart puts the cursor on the first row.
func (n *narrowed[T]) restart() { n.list.id, n.list.cursor = "", grid.Cursor{} }
