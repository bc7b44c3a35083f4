package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/tui/grid"
)

// line builds one line of the screen that can never be wider than its room.
type line struct {
	b    strings.Builder
	left int // cells
	more string
}

func (a *app) line(width int) *line {
	return &line{left: max(0, width), more: a.signs.more}
}

// put adds clean text, cut to the room that is left.
func (l *line) put(p paint, s string) *line {
	if l.left == 0 || s == "" {
		return l
	}
	s, w := grid.Cut(s, l.left, l.more)
	l.left -= w
	l.b.WriteString(p.on(s))
	return l
}

// whole adds text where there is room for all of it, else nothing.
func (l *line) whole(p paint, s string) *line {
	if l.fits(s) {
		l.put(p, s)
	}
	return l
}

// field adds text as a column of exactly that many cells.
func (l *line) field(p paint, s string, width int) *line {
	width = min(width, l.left)
	s, w := grid.Cut(s, width, l.more)
	l.b.WriteString(p.on(s))
	l.b.WriteString(spaces(width - w))
	l.left -= width
	return l
}

// fits reports whether s has room without being cut.
func (l *line) fits(s string) bool {
	_, w := grid.Cut(s, l.left+1, l.more)
	return w <= l.left
}

// end adds text at the right edge, where it fits with two cells before it.
func (l *line) end(p paint, s string) *line {
	if s == "" {
		return l
	}
	if _, w := grid.Cut(s, l.left, l.more); l.fits("  " + s) {
		l.b.WriteString(spaces(l.left - w))
		l.b.WriteString(p.on(s))
		l.left = 0
	}
	return l
}

func (l *line) String() string { return l.b.String() }

// section is the title line of a pane.
func (a *app) section(title string, width int) string {
	r := a.signs.rule
	l := a.line(width).put(a.theme.rule, r+r+" ").put(a.theme.head, title)
	if l.left > 1 {
		l.put("", " ").put(a.theme.rule, strings.Repeat(r, l.left))
	}
	return l.String()
}

// blank is longer than any terminal is wide that we have heard of.
var blank = strings.Repeat(" ", 1024)

func spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n > len(blank) {
		return strings.Repeat(" ", n)
	}
	return blank[:n]
}

// wrap breaks clean text into lines of at most width cells, at spaces where
// that is possible.
func wrap(s string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	for _, word := range strings.Fields(s) {
		for {
			last := len(lines) - 1
			if last >= 0 {
				if joined := lines[last] + " " + word; ansi.StringWidth(joined) <= width {
					lines[last] = joined
					break
				}
			}
			head, rest := grid.Split(word, width)
			lines = append(lines, head)
			if word = rest; word == "" {
				break
			}
		}
	}
	return lines
}

// hardwrap breaks clean text into lines of at most width cells, anywhere, and
// loses nothing.
func hardwrap(s string, width int) []string {
	var lines []string
	for s != "" && width > 0 {
		var head string
		head, s = grid.Split(s, width)
		lines = append(lines, head)
	}
	return lines
}

// painted is the width of a line that may hold colours.
func painted(s string) int { return ansi.StringWidth(s) }

// clip shortens clean text.
func clip(s string, width int, more string) string {
	s, _ = grid.Cut(s, width, more)
	return s
}
