// Package grid draws tables of which only the visible rows are built: it says
// which columns have room ([Arrange]), keeps a cursor on the screen ([Cursor])
// and draws one line at a time ([Line]).
//
// Start with [Arrange]. The promise: a line is exactly as wide as its slots,
// whatever the cells hold, also where a cell holds double-width characters.
// Cells must be clean text: one line, no control characters.
package grid

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Column is what one column wants.
type Column struct {
	Title string
	// Min and Max are widths in cells; below Min the column is left out. Want,
	// where set, is what it should have before an Extra column gets room.
	Min, Want, Max int
	// Extra leaves the column out until those of better rank have what they
	// want.
	Extra bool
	// Right puts the text at the right edge.
	Right bool
	// Rank says who goes first when it gets narrow: 1 stays longest.
	Rank int
}

// Slot is a column that got room.
type Slot struct {
	Column int // index into the columns
	Width  int // in cells
}

// Gap is the number of cells between two columns, Margin what stands before
// the first, where the mark of the selected row goes.
const (
	Gap    = 2
	Margin = 2
)

// Arrange gives room to as many columns as fit into width, in order of rank,
// first what they need and then, cell by cell in turn, what they want. The slots
// come in the order of the columns.
func Arrange(cols []Column, width int) []Slot {
	order := make([]int, len(cols))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cols[a].Rank - cols[b].Rank })
	widths := make([]int, len(cols))
	left := width - Margin
	for n, i := range order {
		need := cols[i].Min
		if n > 0 {
			need += Gap
		}
		if cols[i].Extra {
			for _, j := range order[:n] {
				more := max(0, cols[j].Want-widths[j])
				widths[j] += min(left, more)
				left -= min(left, more)
			}
		}
		if need > left {
			break
		}
		widths[i] = cols[i].Min
		left -= need
	}
	for given := true; given && left > 0; {
		given = false
		for _, i := range order {
			if left > 0 && widths[i] > 0 && widths[i] < cols[i].Max {
				widths[i]++
				left--
				given = true
			}
		}
	}
	var slots []Slot
	for i, w := range widths {
		if w > 0 {
			slots = append(slots, Slot{Column: i, Width: w})
		}
	}
	return slots
}

// Fit narrows columns to what their cells need: widest gives the widest cell of
// a column. Min and Max of the result are never larger than those of cols.
func Fit(cols []Column, widest func(column int) int) []Column {
	out := slices.Clone(cols)
	for i := range out {
		need := max(widest(i), ansi.StringWidth(out[i].Title))
		out[i].Max = min(out[i].Max, need)
		out[i].Want = min(out[i].Want, out[i].Max)
		out[i].Min = min(out[i].Min, out[i].Max)
	}
	return out
}

// At names the column under cell x of a line, or -1.
func At(slots []Slot, x int) int {
	left := Margin
	for _, s := range slots {
		if x >= left && x < left+s.Width {
			return s.Column
		}
		left += s.Width + Gap
	}
	return -1
}

// Cursor is the selected row and the first row on the screen.
type Cursor struct{ Row, Top int }

// To moves the cursor to a row, as near as the rows allow, and scrolls so that
// it is within height lines.
func (c *Cursor) To(row, rows, height int) {
	height = max(1, height)
	c.Row = max(0, min(row, rows-1))
	c.Top = min(c.Top, c.Row)
	c.Top = max(c.Top, c.Row-height+1)
	c.Top = max(0, min(c.Top, rows-height))
}

// Cell is one cell's text and the escape sequence that switches its colour on,
// "" for none.
type Cell struct {
	Text, On string
	// Picture says that the cell is drawn with blocks. In a line that is marked, and
	// so in reverse video, it would be its own negative: it stays as it is.
	Picture bool
}

// Style is how one line looks.
type Style struct {
	Mark string // at most Margin cells, "" for none
	// On, where set, colours the whole line and overrules the cells.
	On, Off string
	More    string // what stands where text was cut, one cell
}

// Line draws one row. A cell is asked for by the index of its column and the
// width that it got.
func Line(cols []Column, slots []Slot, st Style, cell func(column, width int) Cell) string {
	var b strings.Builder
	b.Grow(256)
	b.WriteString(st.On)
	b.WriteString(st.Mark)
	pad(&b, Margin-utf8.RuneCountInString(st.Mark))
	for n, s := range slots {
		if n > 0 {
			pad(&b, Gap)
		}
		c := cell(s.Column, s.Width)
		if c.Picture && st.Mark != "" && st.On != "" {
			text, w := Cut(c.Text, s.Width, st.More)
			b.WriteString(st.Off + c.On + text)
			pad(&b, s.Width-w)
			b.WriteString(st.Off + st.On)
			continue
		}
		on := c.On != "" && st.On == ""
		text, w := Cut(c.Text, s.Width, st.More)
		if cols[s.Column].Right {
			pad(&b, s.Width-w)
		}
		if on {
			b.WriteString(c.On)
		}
		b.WriteString(text)
		if on {
			b.WriteString(st.Off)
		}
		if !cols[s.Column].Right {
			pad(&b, s.Width-w)
		}
	}
	if st.On != "" {
		b.WriteString(st.Off)
	}
	return b.String()
}

// WidthMax is the number of cells with which every column has all it wants.
func WidthMax(cols []Column) int {
	w := Margin
	for n, c := range cols {
		w += c.Max
		if n > 0 {
			w += Gap
		}
	}
	return w
}

func pad(b *strings.Builder, n int) {
	for ; n > 0; n-- {
		b.WriteByte(' ')
	}
}

// Cut shortens clean text to at most width cells, ending in more where
// something is gone, and says how wide the result is.
func Cut(s string, width int, more string) (string, int) {
	if width <= 0 {
		return "", 0
	}
	if ascii(s) {
		if len(s) <= width {
			return s, len(s)
		}
		return s[:width-1] + more, width
	}
	w := ansi.StringWidth(s)
	if w <= width {
		return s, w
	}
	s = ansi.Truncate(s, width, more)
	return s, ansi.StringWidth(s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Split divides clean text so that the first part is at most width cells wide
// and as wide as can be. The first part is empty only where s is, or where
// width is 0; a double-width character that does not fit into a width of 1 is
// taken all the same, for the sake of an end.
func Split(s string, width int) (head, rest string) {
	if width <= 0 {
		return "", s
	}
	if ascii(s) {
		width = min(width, len(s))
		return s[:width], s[width:]
	}
	end, used := 0, 0
	for end < len(s) {
		cluster, w := ansi.FirstGraphemeCluster(s[end:], ansi.GraphemeWidth)
		if used+w > width && end > 0 {
			break
		}
		end += max(1, len(cluster))
		used += w
	}
	return s[:end], s[end:]
}
