package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/grid"
)

// drawn is what the row of a sifted list has beside what it is about: its name,
// and its texts, made once and not with every drawing.
type drawn struct {
	id    string // names it for as long as the data lives
	cells []grid.Cell
	find  row
}

func (d *drawn) self() *drawn { return d }

// sifted is the list of a screen: all the rows that there are, the filter that
// leaves some of them out, and the column by which they are sorted. A screen
// embeds it and has its keys, its mouse and its text field from here.
type sifted[T interface{ self() *drawn }] struct {
	all  []T
	list list[T]
	find finder

	noun     string // what a row is
	columns  []grid.Column
	elastic  []int // columns that are drawn to the width they get
	measured int   // how many rows are looked at for the widths of columns; 0 is all

	sorts  []int            // the order in which "s" goes through the columns; none keeps the order of the answer
	by     func(x, y T) int // compares by the column of choice
	sort   int              // column of choice
	upward bool             // smallest first

	// settle may choose the row under the cursor once all are in place; nil does
	// not.
	settle func(rows []entry[T])
}

// fill takes new rows and fits the columns to them.
func (s *sifted[T]) fill(rows []T) {
	s.all = rows
	looked := len(rows)
	if s.measured > 0 {
		looked = min(looked, s.measured)
	}
	s.list.cols = grid.Fit(s.columns, func(c int) int {
		if slices.Contains(s.elastic, c) {
			return s.columns[c].Max
		}
		widest := 0
		for _, r := range rows[:looked] {
			widest = max(widest, painted(r.self().cells[c].Text))
		}
		if slices.Contains(s.sorts, c) {
			widest = max(widest, painted(s.columns[c].Title)+1) // the arrow
		}
		return widest
	})
	s.arrange()
}

// arrange filters and sorts anew.
func (s *sifted[T]) arrange() {
	want := s.find.filter()
	rows := make([]entry[T], 0, len(s.all))
	for _, r := range s.all {
		if d := r.self(); want.match(&d.find) {
			rows = append(rows, entry[T]{id: d.id, row: r})
		}
	}
	if s.by != nil {
		slices.SortStableFunc(rows, func(x, y entry[T]) int {
			c := s.by(x.row, y.row)
			if s.upward {
				c = -c
			}
			return c
		})
	}
	if s.settle != nil {
		s.settle(rows)
	}
	s.list.set(rows)
}

func (s *sifted[T]) sortBy(column int, upward bool) {
	s.sort, s.upward = column, upward
	s.arrange()
}

func (s *sifted[T]) nextSort() int {
	return s.sorts[(slices.Index(s.sorts, s.sort)+1)%len(s.sorts)]
}

func (s *sifted[T]) capturing() bool                      { return s.find.focused() }
func (s *sifted[T]) cursor(a *app) (x, y int, shown bool) { return s.find.cursor(a) }
func (s *sifted[T]) filterText() string                   { return s.find.text() }

func (s *sifted[T]) setFilterText(_ *app, text string) {
	s.find.set(text)
	s.arrange()
}

func (s *sifted[T]) paste(_ *app, text string) tea.Cmd {
	cmd := s.find.paste(text)
	s.arrange()
	return cmd
}

// back takes the filter back.
func (s *sifted[T]) back(*app) bool {
	if !s.find.back() {
		return false
	}
	s.arrange()
	return true
}

// pressed takes the keys that all such lists have, and those of the filter
// while it is typed; taken says that the key was one of them.
func (s *sifted[T]) pressed(a *app, k tea.KeyPressMsg) (cmd tea.Cmd, taken bool) {
	m := a.keymap
	switch {
	case s.find.focused():
		return s.typed(a, k), true
	case s.list.press(m, k):
	case key.Matches(k, m.Filter):
		return s.find.open(), true
	case s.by != nil && key.Matches(k, m.Sort):
		s.sortBy(s.nextSort(), false)
	case s.by != nil && key.Matches(k, m.Reverse):
		s.sortBy(s.sort, !s.upward)
	default:
		return nil, false
	}
	return nil, true
}

// typed gives a key to the filter. Keys that are no text still move the list.
func (s *sifted[T]) typed(a *app, k tea.KeyPressMsg) tea.Cmd {
	cmd, moved := s.find.press(a.keymap, k)
	if moved {
		s.list.press(a.keymap, k)
		return nil
	}
	s.arrange()
	if !s.find.focused() {
		return tea.Batch(cmd, a.keep())
	}
	return cmd
}

// clicked is a click into the list, of which line 0 has the titles: they sort,
// and a second click turns the order round.
func (s *sifted[T]) clicked(x, y, width int) hit {
	if y > 0 {
		return s.list.click(y)
	}
	col := grid.At(grid.Arrange(s.list.cols, width), x)
	if slices.Contains(s.sorts, col) {
		s.sortBy(col, col == s.sort && !s.upward)
	}
	return hitTitle
}

// clickRows is a click into the upper half of a screen, which has so many lines: it
// selects a row, opens the one that was selected, or sorts.
func (s *sifted[T]) clickRows(a *app, x, y, rows, width int, open, follow func(*app) tea.Cmd) tea.Cmd {
	if y >= rows || len(s.list.rows) == 0 {
		return nil
	}
	switch s.clicked(x, y, width) {
	case hitTitle:
		return nil
	case hitAgain:
		return open(a)
	}
	return follow(a)
}

func (s *sifted[T]) wheel(_ *app, lines, _ int, _ box) { s.list.to(s.list.cursor.Row + lines) }

// asked is the line under the tabs where a question has something to say, or no
// answer is there yet; only says that there is nothing else to tell. A filter
// that is being typed gives way to neither.
func (s *sifted[T]) asked(a *app, width int, answered bool, questions ...func(*app) (string, paint)) (text string, only bool) {
	if s.find.focused() {
		return "", false
	}
	for _, status := range questions {
		if words, kind := status(a); words != "" {
			return a.line(width).put(kind, words).String(), true
		}
	}
	return "", !answered
}

// counts says how many rows there are, and how many of them the filter lets
// through.
func (s *sifted[T]) counts() string {
	if len(s.list.rows) != len(s.all) {
		return count(int64(len(s.list.rows))) + " of " + plural(int64(len(s.all)), s.noun)
	}
	return plural(int64(len(s.all)), s.noun)
}

// order says by what the rows are sorted.
func (s *sifted[T]) order(a *app, by string) string {
	return " " + a.signs.dot + " by " + strings.ToLower(by) + " " + s.arrow(a)
}

func (s *sifted[T]) arrow(a *app) string { return a.sortArrow(s.upward) }

// sortArrow stands at the title of the column by which rows are sorted.
func (a *app) sortArrow(upward bool) string {
	if upward {
		return a.signs.up
	}
	return a.signs.down
}

// lines draws titles and rows, with an arrow at the column of choice. A nil cell
// draws them as they were made.
func (s *sifted[T]) lines(a *app, width, height int, focus, old bool, cell cellOf[T]) []string {
	if cell == nil {
		cell = func(r T, c, _ int) grid.Cell { return r.self().cells[c] }
	}
	kept := s.list.cols
	if s.by != nil {
		s.list.cols = slices.Clone(kept)
		s.list.cols[s.sort].Title += s.arrow(a)
	}
	lines := s.list.lines(a, width, height, focus, old, cell)
	s.list.cols = kept
	return lines
}

// unmatched stands in place of the rows when the filter lets none through.
func (s *sifted[T]) unmatched(a *app, noun string, width int) []string {
	return []string{"", a.line(width).put("", "  No "+noun+" matches ").put(a.theme.warn, clean(s.find.text())).put("", ".").String(),
		a.line(width).put("", "  esc takes the filter back, ? says how filters are written.").String()}
}

// halves draws the rows above the pane of the selected one, or what stands instead
// where that is not nil. lines draws so many rows, pane so much of what is about one
// of them.
func (s *sifted[T]) halves(a *app, width, height int, alone paneAlone, instead []string, lines func(rows int) []string, pane func(r T, height int) []string) []string {
	switch {
	case instead != nil:
		return instead
	case len(s.list.rows) == 0:
		return s.unmatched(a, "row", width)
	}
	rows, below := splitHeights(alone, len(s.all), height)
	return s.list.over(lines(rows), rows, below, func(r T) []string { return pane(r, below) })
}

// onRow takes the keys that all such lists have, and gives do the selected row for
// any other.
func (s *sifted[T]) onRow(a *app, k tea.KeyPressMsg, do func(r T) tea.Cmd) tea.Cmd {
	if cmd, taken := s.pressed(a, k); taken {
		return cmd
	}
	if r, ok := s.list.selected(); ok {
		return do(r)
	}
	return nil
}

// countsUpTo is counts, and says what is left out where the answer has no room for
// more.
func (s *sifted[T]) countsUpTo(most int, left string) string {
	if len(s.all) >= most {
		return s.counts() + ", " + left
	}
	return s.counts()
}

// selected is the row under the cursor, the zero T where there is none.
func (s *sifted[T]) selected() T {
	r, _ := s.list.selected()
	return r
}

// nobody stands in place of the rows while there is no answer, and where the
// answer has none; nil is that there are rows.
func (s *sifted[T]) nobody(a *app, width int, answered bool, err error, nothing func(a *app, width int) []string) []string {
	switch {
	case answered && len(s.all) > 0:
		return nil
	case answered && err == nil:
		return nothing(a, width)
	}
	return a.emptyBody(false, err, width)
}

// missing says in a sentence why no row is to be seen; none does where there is
// none at all.
func (s *sifted[T]) missing(a *app, width int, answered bool, err error, none string) []string {
	switch {
	case len(s.all) > 0:
		none = "No " + s.noun + " matches " + clean(s.find.text()) + ". esc takes the filter back."
	case err != nil:
		return a.emptyBody(false, err, width)
	case !answered:
		none = "Asking for the " + s.noun + "s" + a.signs.more
	}
	return a.sentences("", width, none)
}
