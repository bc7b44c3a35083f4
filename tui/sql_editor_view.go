package tui

import (
	"sort"

	"github.com/errscope/errscope/tui/grid"
)

// gutter is the width of the line numbers.
func (e *editor) gutter() int { return len(count(int64(max(100, len(e.lines))))) + 3 }

// cells is how many cells the line takes before a rune.
func (e *editor) cells(p place) int { return painted(cleanAll(string(e.lines[p.row][:p.col]))) }

// follow scrolls so that the cursor is in sight, and says where it is.
func (e *editor) follow(width, height int) (x, y int) {
	room := max(1, width-e.gutter()-1)
	e.top = min(e.top, e.at.row)
	e.top = max(e.top, e.at.row-height+1)
	e.top = max(0, min(e.top, len(e.lines)-1))
	x = e.cells(e.at)
	if x < e.left {
		e.left = max(0, x-room/4)
	}
	if x >= e.left+room {
		e.left = x - room + 1
	}
	if x < room {
		e.left = 0
	}
	return e.gutter() + x - e.left, e.at.row - e.top
}

// clickAt puts the cursor under a cell of the editor.
func (e *editor) clickAt(x, y int) {
	e.at.row = max(0, min(e.top+y, len(e.lines)-1))
	cell := x - e.gutter() + e.left
	e.at.col = sort.Search(len(e.lines[e.at.row]), func(i int) bool { return e.cells(place{e.at.row, i + 1}) > cell })
	e.want, e.typing = e.at.col, false
}

// draw gives the lines in sight. bad is the place of an error, row -1 for none.
func (e *editor) draw(a *app, width, height int, focus bool, bad place) []string {
	e.follow(width, height)
	out := make([]string, 0, height)
	bar := "│"
	if a.signs.rule == "-" {
		bar = "|"
	}
	for i := e.top; i < len(e.lines) && len(out) < height; i++ {
		number := count(int64(i + 1))
		kind, mark := a.theme.dim, " "
		if focus && i == e.at.row {
			kind = a.theme.head
		}
		if i == bad.row {
			kind, mark = a.theme.bad, "!"
		}
		l := a.line(width)
		l.put(kind, spaces(e.gutter()-3-len(number))+number+mark).put(a.theme.rule, bar+" ")
		e.drawLine(a, l, i, bad)
		out = append(out, l.String())
	}
	return out
}

// drawLine paints the part of a line that is in sight. The line is cleaned as a
// whole: what is left of a letter that is cut in two may be counted otherwise.
func (e *editor) drawLine(a *app, l *line, row int, bad place) {
	skip, at := e.left, 0
	badCell := -1
	if row == bad.row {
		badCell = e.cells(place{row, min(bad.col, len(e.lines[row]))})
	}
	put := func(kind paint, text string) {
		w := painted(text)
		if badCell >= at && badCell < at+w {
			kind = a.theme.bad + a.theme.selected
		}
		at += w
		if skip >= w {
			skip -= w
			return
		}
		if skip > 0 {
			_, text = grid.Split(text, skip)
			skip = 0
		}
		l.put(kind, text)
	}
	line := []rune(cleanAll(string(e.lines[row])))
	state := e.begins[row]
	for len(line) > 0 && l.left > 0 {
		var n int
		var kind byte
		n, kind, state = token(line, state)
		put(a.theme.tokenPaint(kind), string(line[:n]))
		line = line[n:]
	}
	if badCell >= at {
		put(a.theme.bad+a.theme.selected, " ")
	}
}
