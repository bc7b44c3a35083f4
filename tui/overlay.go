package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/tui/grid"
)

// overlay stands above the screens until it is closed; it has every key but
// those that leave the program.
type overlay interface {
	title() string
	status(a *app, width int) string         // the line under the tabs
	press(a *app, k tea.KeyPressMsg) tea.Cmd // esc comes here too; who is done calls a.close
	paste(a *app, text string)
	body(a *app, width, height int) []string
	cursor(a *app) (x, y int, shown bool) // as of a screen
	wheel(lines int)
	click(a *app, x, y int, sized box) tea.Cmd
	keys(a *app) []key.Binding // for the footer
}

// open shows an overlay in place of what stood there.
func (a *app) open(o overlay) tea.Cmd {
	a.over = o
	return nil
}

// close takes the overlay away.
func (a *app) close() { a.over = nil }

// untold is an overlay that has nothing to say in the status line, and no place
// to type or to click.
type untold struct{}

func (untold) status(*app, int) string            { return "" }
func (untold) paste(*app, string)                 {}
func (untold) cursor(*app) (x, y int, shown bool) { return 0, 0, false }
func (untold) click(*app, int, int, box) tea.Cmd  { return nil }

// pages is text that can only be scrolled: help, the SQL behind a screen.
type pages struct {
	top, height, lines int
}

// press moves the text and reports whether the key was one of those.
func (p *pages) press(m keymap, k tea.KeyPressMsg) bool {
	switch {
	case key.Matches(k, m.Down):
		p.top++
	case key.Matches(k, m.Up):
		p.top--
	case key.Matches(k, m.PageDn):
		p.top += max(1, p.height-1)
	case key.Matches(k, m.PageUp):
		p.top -= max(1, p.height-1)
	case key.Matches(k, m.Home):
		p.top = 0
	case key.Matches(k, m.End):
		p.top = p.lines
	default:
		return false
	}
	p.fit()
	return true
}

func (p *pages) fit() { p.top = max(0, min(p.top, p.lines-p.height)) }

func (p *pages) wheel(lines int) {
	p.top += lines
	p.fit()
}

// show gives the lines in sight.
func (p *pages) show(lines []string, height int) []string {
	p.lines, p.height = len(lines), height
	p.fit()
	return lines[p.top:min(len(lines), p.top+height)]
}

// fieldText is the part of a typed text that is in sight in width cells, and
// the cell of the cursor in it.
func fieldText(value string, position, width int) (shown string, x int) {
	width = max(1, width)
	runes := []rune(value)
	position = min(position, len(runes))
	before, after := cleanAll(string(runes[:position])), cleanAll(string(runes[position:]))
	for before != "" && ansi.StringWidth(before) >= width {
		_, before = grid.Split(before, 1)
	}
	x = ansi.StringWidth(before)
	after, _ = grid.Split(after, width-x)
	return before + after, x
}

// oneLine makes pasted text fit for a field of one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
}
