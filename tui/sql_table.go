package tui

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

const (
	// widthRows and widthCells bound how many rows say how wide a column is.
	widthRows, widthCells = 300, 20_000
	// cellWidthMax is the widest a column is drawn where there are others.
	cellWidthMax = 48
	// cutWidthMin is how much of a column must be in sight at the right edge.
	cutWidthMin = 6
	// nullText is a value that is not there.
	nullText = "(null)"
)

// table is an answer under a cursor.
type table struct {
	queries.Answer
	took  time.Duration
	cols  []grid.Column // cols[0] is the number of the row
	order []int         // of the rows as they are shown

	cursor grid.Cursor
	column int // the selected one
	left   int // the first in sight
	height int // rows that the last drawing had room for
	sorted int // column, -1 as it came
	upward bool
}

// newTable measures the answer. It is called beside the event loop.
func newTable(answer queries.Answer, took time.Duration) *table {
	t := &table{Answer: answer, took: took, sorted: -1, order: make([]int, len(answer.Rows))}
	for i := range t.order {
		t.order[i] = i
	}
	digits := len(strconv.Itoa(len(answer.Rows)))
	t.cols = append(t.cols, grid.Column{Min: digits, Max: digits, Right: true})
	rows := len(answer.Rows)
	if n := len(answer.Columns); n > 0 {
		rows = min(rows, widthRows, max(3, widthCells/n))
	}
	for c, col := range answer.Columns {
		w := max(painted(clean(col.Name)), painted(typeWord(col.Type)))
		for _, row := range answer.Rows[:rows] {
			text, _ := cellOfValue(row[c])
			w = max(w, painted(text))
		}
		limit := cellWidthMax
		if len(answer.Columns) == 1 {
			limit = 400
		}
		w = max(1, min(w, limit))
		t.cols = append(t.cols, grid.Column{Title: clean(col.Name), Min: w, Max: w, Right: isNumber(col.Type)})
	}
	return t
}

// isNumber says that a column of that type is written at the right edge.
func isNumber(kind string) bool {
	for _, p := range [...]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL"} {
		if kind == p || strings.HasPrefix(kind, p+"(") {
			return true
		}
	}
	return false
}

func isTime(kind string) bool { return strings.HasPrefix(kind, "TIMESTAMP") || kind == "DATE" }

// typeWord is a type as it stands under the title of its column.
func typeWord(kind string) string {
	word := strings.ToLower(clean(kind))
	if isTime(kind) && kind != "DATE" {
		return "time UTC"
	}
	return clip(word, 24, "~")
}

// cellOfValue is a value in one line; null says that there is none.
func cellOfValue(v any) (text string, null bool) {
	switch x := v.(type) {
	case nil:
		return nullText, true
	case string:
		return clean(x), false
	case json.RawMessage:
		return clean(string(x[:min(len(x), cleanBytesMax)])), false
	}
	return clean(queries.ValueText(v)), false
}

// number is a value as a number.
func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case uint64:
		return float64(x), true
	case float64:
		return x, true
	case json.Number:
		f, err := x.Float64()
		return f, err == nil
	}
	return 0, false
}

// compareValues orders values of one column; what is not there comes last.
func compareValues(x, y any) int {
	a, okA := number(x)
	b, okB := number(y)
	if okA && okB {
		if i, ok := x.(int64); ok {
			if j, ok := y.(int64); ok {
				return cmp.Compare(i, j)
			}
		}
		return cmp.Compare(a, b)
	}
	return strings.Compare(queries.ValueText(x), queries.ValueText(y))
}

// sort orders the rows by a column, or as they came where it is -1. The cursor
// stays with its row.
func (t *table) sort(column int, upward bool) {
	t.sorted, t.upward = column, upward
	on := -1
	if len(t.order) > 0 {
		on = t.order[t.cursor.Row]
	}
	slices.Sort(t.order)
	if column >= 0 {
		slices.SortStableFunc(t.order, func(i, j int) int {
			x, y := t.Rows[i][column], t.Rows[j][column]
			switch {
			case x == nil || y == nil:
				return cmp.Compare(b2i(x == nil), b2i(y == nil))
			case upward:
				return compareValues(x, y)
			}
			return compareValues(y, x)
		})
	}
	t.to(slices.Index(t.order, on))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sortNext goes on with the column that is selected: first the order that is
// mostly wanted, then the other, then as the rows came.
func (t *table) sortNext() {
	first := !isNumber(t.Columns[t.column].Type) && !isTime(t.Columns[t.column].Type)
	switch {
	case t.sorted != t.column:
		t.sort(t.column, first)
	case t.upward == first:
		t.sort(t.column, !first)
	default:
		t.sort(-1, false)
	}
}

func (t *table) to(row int) { t.cursor.To(row, len(t.order), t.height) }

// toColumn selects a column; drawing scrolls to it.
func (t *table) toColumn(c int) { t.column = max(0, min(c, len(t.Columns)-1)) }

func (t *table) value() (any, bool) {
	if len(t.order) == 0 || len(t.Columns) == 0 {
		return nil, false
	}
	return t.Rows[t.order[t.cursor.Row]][t.column], true
}

func (t *table) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if len(t.Columns) == 0 {
		return nil
	}
	switch {
	case key.Matches(k, m.Down):
		t.to(t.cursor.Row + 1)
	case key.Matches(k, m.Up):
		t.to(t.cursor.Row - 1)
	case key.Matches(k, m.PageDn):
		t.to(t.cursor.Row + max(1, t.height-1))
	case key.Matches(k, m.PageUp):
		t.to(t.cursor.Row - max(1, t.height-1))
	case key.Matches(k, m.Home):
		t.to(0)
	case key.Matches(k, m.End):
		t.to(len(t.order) - 1)
	case key.Matches(k, m.Right):
		t.toColumn(t.column + 1)
	case key.Matches(k, m.Left):
		t.toColumn(t.column - 1)
	case key.Matches(k, m.Sort):
		t.sortNext()
	case key.Matches(k, m.Reverse):
		if t.sorted >= 0 {
			t.sort(t.sorted, !t.upward)
		}
	case key.Matches(k, m.Open):
		return t.open(a)
	case key.Matches(k, m.CopyID):
		return t.copyCell(a)
	case key.Matches(k, m.CopyWhole):
		return t.copyRow(a)
	}
	return nil
}

// slots gives room to the columns from the first in sight on, after the number
// of the row; the last one may be cut.
func (t *table) slots(width int) []grid.Slot {
	fit := func() (slots []grid.Slot, whole int) {
		slots = append(slots, grid.Slot{Column: 0, Width: t.cols[0].Max})
		left := width - grid.Margin - t.cols[0].Max
		whole = t.left - 1
		for c := t.left; c < len(t.Columns) && left > grid.Gap; c++ {
			w := min(t.cols[c+1].Max, left-grid.Gap)
			// A number that is cut reads as another one.
			if c > t.left && w < t.cols[c+1].Max && (t.cols[c+1].Right || w < cutWidthMin) {
				break
			}
			slots = append(slots, grid.Slot{Column: c + 1, Width: w})
			if w == t.cols[c+1].Max {
				whole = c
			}
			left -= grid.Gap + w
		}
		return slots, whole
	}
	t.left = max(0, min(t.left, t.column))
	for {
		slots, whole := fit()
		if t.column <= max(whole, t.left) {
			return slots
		}
		t.left++
	}
}

// lines draws titles, types and the rows in sight.
func (t *table) lines(a *app, width, height int, focus, old bool) []string {
	if height < 3 || len(t.Columns) == 0 {
		return nil
	}
	slots := t.slots(width)
	t.height = height - 2
	t.cursor.To(t.cursor.Row, len(t.order), t.height)
	dim, head := string(a.theme.dim), string(a.theme.head)
	st := grid.Style{Off: off, More: a.signs.more}
	out := make([]string, 0, height)
	out = append(out, grid.Line(t.cols, slots, st, func(c, _ int) grid.Cell {
		on, title := head, t.cols[c].Title
		if c > 0 && c-1 == t.sorted {
			arrow := a.signs.down
			if t.upward {
				arrow = a.signs.up
			}
			title = clip(title, max(1, t.cols[c].Max-1), a.signs.more) + arrow
		}
		if focus && c > 0 && c-1 == t.column {
			on = string(a.theme.selected)
		}
		return grid.Cell{Text: title, On: on}
	}), grid.Line(t.cols, slots, st, func(c, _ int) grid.Cell {
		if c == 0 {
			return grid.Cell{}
		}
		return grid.Cell{Text: typeWord(t.Columns[c-1].Type), On: dim}
	}))
	for i := t.cursor.Top; i < len(t.order) && len(out) < height; i++ {
		row := t.Rows[t.order[i]]
		st.Mark, st.On = "", ""
		switch {
		case i == t.cursor.Row && focus:
			st.Mark, st.On = "> ", string(a.theme.selected)
		case i == t.cursor.Row:
			st.Mark = "> "
		}
		if old && st.On == "" {
			st.On = dim
		}
		out = append(out, grid.Line(t.cols, slots, st, func(c, _ int) grid.Cell {
			if c == 0 {
				return grid.Cell{Text: strconv.Itoa(t.order[i] + 1), On: dim}
			}
			text, null := cellOfValue(row[c-1])
			if null {
				return grid.Cell{Text: text, On: dim}
			}
			return grid.Cell{Text: text}
		}))
	}
	return out
}

// click selects a cell, opens the one that is selected, or sorts.
func (t *table) click(a *app, x, y, width int) tea.Cmd {
	if len(t.Columns) == 0 {
		return nil
	}
	c := grid.At(t.slots(width), x) - 1
	if y < 2 {
		if c >= 0 {
			t.toColumn(c)
			t.sortNext()
		}
		return nil
	}
	row := t.cursor.Top + y - 2
	if row >= len(t.order) {
		return nil
	}
	again := row == t.cursor.Row && (c < 0 || c == t.column)
	if t.to(row); c >= 0 {
		t.toColumn(c)
	}
	if again {
		return t.open(a)
	}
	return nil
}
