package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/grid"
)

// entry is a row and what names it for as long as the data lives.
type entry[T any] struct {
	id  string
	row T
}

// list is rows under a cursor. The cursor stays with its row when the rows
// change, not with its number.
type list[T any] struct {
	cols   []grid.Column
	rows   []entry[T]
	cursor grid.Cursor
	id     string // of the selected row
	height int    // rows that the last drawing had room for
	// marked says which rows are marked as lying in the basket; nil is none.
	marked func(T) bool
}

func (l *list[T]) set(rows []entry[T]) {
	l.rows = rows
	for i, r := range rows {
		if r.id == l.id {
			l.cursor.To(i, len(rows), l.height)
			return
		}
	}
	l.to(l.cursor.Row)
}

// to moves the cursor, as near as there are rows.
func (l *list[T]) to(row int) {
	l.cursor.To(row, len(l.rows), l.height)
	if len(l.rows) > 0 {
		l.id = l.rows[l.cursor.Row].id
	}
}

func (l *list[T]) selected() (row T, ok bool) {
	if len(l.rows) == 0 {
		return row, false
	}
	return l.rows[l.cursor.Row].row, true
}

// press moves the cursor and reports whether the key was one of those.
func (l *list[T]) press(m keymap, k tea.KeyPressMsg) bool {
	row := l.cursor.Row
	switch {
	case key.Matches(k, m.Down):
		row++
	case key.Matches(k, m.Up):
		row--
	case key.Matches(k, m.PageDn):
		row += max(1, l.height-1)
	case key.Matches(k, m.PageUp):
		row -= max(1, l.height-1)
	case key.Matches(k, m.Home):
		row = 0
	case key.Matches(k, m.End):
		row = len(l.rows) - 1
	default:
		return false
	}
	l.to(row)
	return true
}

// hit is what a click on a list met.
type hit uint8

const (
	hitNothing hit = iota
	hitTitle       // which sorts the rows where they can be sorted
	hitRow         // which is now selected
	hitAgain       // the row that was selected already
)

// click selects the row at a line of the list; line 0 has the titles.
func (l *list[T]) click(y int) hit {
	switch row := l.cursor.Top + y - 1; {
	case y < 1 || row >= len(l.rows):
		return hitNothing
	case row == l.cursor.Row:
		return hitAgain
	default:
		l.to(row)
		return hitRow
	}
}

// cellOf gives the cell of a row for a column and its width.
type cellOf[T any] func(row T, column, width int) grid.Cell

// lines draws the column titles and the rows that are in sight, height lines
// at most.
func (l *list[T]) lines(a *app, width, height int, focus, old bool, cell cellOf[T]) []string {
	if height < 2 {
		return nil
	}
	slots := grid.Arrange(l.cols, width)
	l.height = height - 1
	l.cursor.To(l.cursor.Row, len(l.rows), l.height)
	head := grid.Style{On: string(a.theme.head), Off: off, More: a.signs.more}
	out := make([]string, 0, height)
	out = append(out, grid.Line(l.cols, slots, head, func(c, _ int) grid.Cell { return grid.Cell{Text: l.cols[c].Title} }))
	for i := l.cursor.Top; i < len(l.rows) && len(out) < height; i++ {
		row := l.rows[i].row
		st := grid.Style{Off: off, More: a.signs.more}
		sign := ""
		if l.marked != nil && l.marked(row) {
			sign = a.signs.yes + " "
		}
		switch {
		case focus && i == l.cursor.Row:
			st.Mark, st.On = "> ", string(a.theme.selected)
		case old:
			st.On = string(a.theme.dim)
		}
		out = append(out, grid.Line(l.cols, slots, st, func(c, w int) grid.Cell {
			shown := cell(row, c, w)
			if c == 0 {
				shown.Text = sign + shown.Text
			}
			return shown
		}))
	}
	return out
}

// over puts lines of the list above the pane of the selected row, which begins
// after so many rows; a pane of no height is not drawn.
func (l *list[T]) over(lines []string, rows, pane int, draw func(T) []string) []string {
	for len(lines) < rows {
		lines = append(lines, "")
	}
	if row, ok := l.selected(); ok && pane > 0 {
		lines = append(lines, draw(row)...)
	}
	return lines
}
