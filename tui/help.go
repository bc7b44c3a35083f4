package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/chart"
)

// help lists the keys of the screen below it. It is made from the keys
// themselves.
type help struct {
	pages
	untold
}

func (h *help) title() string { return "Help" }

func (h *help) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{m.Down, m.Up, doing(m.Help, "close help")}
}

func (h *help) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if key.Matches(k, m.Help) || key.Matches(k, m.Back) || key.Matches(k, m.Quit) {
		a.close()
		return nil
	}
	h.pages.press(m, k)
	return nil
}

func (h *help) body(a *app, width, height int) []string {
	column := width
	if width >= 110 {
		column = width/2 - 1
	}
	here := h.list(a, "Keys on "+a.top().crumb(), a.top().keys(a), column)
	moving := h.list(a, "Moving", a.keymap.moves(), column)
	global := h.list(a, "Everywhere", a.keymap.global(), column)
	var lines []string
	if column < width {
		lines = beside(a, append(append(here, ""), moving...), global, column, 2)
	} else {
		lines = append(append(append(append(here, ""), moving...), ""), global...)
	}
	lines = append(append(lines, ""), h.filterHelp(a, width)...)
	return h.show(lines, height)
}

func (h *help) list(a *app, title string, bindings []key.Binding, width int) []string {
	lines := []string{a.section(title, width)}
	for _, b := range bindings {
		lines = append(lines, a.line(width).put("", "  ").field(a.theme.key, a.keyName(b), 10).put("", b.Help().Desc).String())
	}
	return lines
}

func (h *help) filterHelp(a *app, width int) []string {
	lines := []string{a.section("Filter", width)}
	for _, s := range [...][2]string{
		{"smartcar 429", "both words, in any column"},
		{"!timeout", "rows without the word"},
		{"owner:you", "the word in one column: " + strings.Join(filterColumns[:], " ")},
		{"code:=no_data", "exactly that"},
		{`"no lien data"`, "words in a row"},
	} {
		for i, part := range wrap(s[1], width-20) {
			if i > 0 {
				s[0] = ""
			}
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.key, s[0], 16).put("", part).String())
		}
	}
	return lines
}

// beside puts two blocks of lines side by side, the left one width cells wide.
func beside(a *app, left, right []string, width, gap int) []string {
	n := max(len(left), len(right))
	lines := make([]string, n)
	for i := range lines {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		if r == "" {
			lines[i] = l
			continue
		}
		lines[i] = l + spaces(width-painted(l)+gap) + r
	}
	return lines
}

// keyName is how a key is written with the characters that the terminal has.
func (a *app) keyName(b key.Binding) string {
	name := b.Help().Key
	if a.glyphs == chart.ASCII {
		name = strings.TrimRight(name, " ↑↓←→")
	}
	return name
}
