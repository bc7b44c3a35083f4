package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

const (
	// editorLinesMin is how tall the editor is at least.
	editorLinesMin = 4
	// schemaFrom is how tall the body must be for the tables under the answer,
	// schemaLines how many lines they get.
	schemaFrom, schemaLines = 24, 5
)

// parts divides the body: the editor, a title and the answer, and where there
// is room the tables. A height of 0 leaves a part out.
func (s *sqlScreen) parts(height int) (editor, answer, schema int) {
	if s.full {
		if s.editing {
			return height, 0, 0
		}
		return 0, height, 0
	}
	editor = max(min(editorLinesMin, height/3), min(len(s.edit.lines)+1, height/3))
	if height >= schemaFrom {
		schema = schemaLines
	}
	return editor, height - editor - schema, schema
}

// status is the words that Tab goes through, or what the keys do here.
func (s *sqlScreen) status(a *app, width int) string {
	l := a.line(width)
	if s.words.shown() {
		// The words before go where there is no room up to the one that is chosen.
		cells := func(i int) int { return painted(clean(s.words.words[i])) + 2 }
		first := max(0, s.words.at)
		for left := width - cells(first); first > 0 && cells(first-1) <= left; first-- {
			left -= cells(first - 1)
		}
		for i, w := range s.words.words {
			if i < first {
				continue
			}
			kind := a.theme.dim
			if i == s.words.at {
				kind = a.theme.selected
			}
			l.put(kind, clean(w)).put("", "  ")
		}
		return l.String()
	}
	if !s.editing {
		return l.put(a.theme.dim, "the answer has the keys; tab goes back to the editor").end(a.theme.dim, s.scopeWords(a)).String()
	}
	text := "alt+enter or F5 runs the statement at the cursor " + a.signs.dot + " esc leaves the editor"
	if s.edit.empty() {
		text = "type SQL, alt+enter or F5 runs it " + a.signs.dot + " 1 to 7 and q work until you type"
	}
	return l.put(a.theme.dim, text).end(a.theme.dim, s.scopeWords(a)).String()
}

// scopeWords says what the parameters stand for.
func (s *sqlScreen) scopeWords(a *app) string {
	return "$since $until $vendor $account: the screens' range"
}

func (s *sqlScreen) cursor(a *app) (x, y int, shown bool) {
	editor, _, _ := s.parts(a.bodyHeight())
	if !s.editing || editor == 0 {
		return 0, 0, false
	}
	x, y = s.edit.follow(a.width, editor)
	return x, y + 1, true
}

func (s *sqlScreen) body(a *app, width, height int) []string {
	editor, answer, schema := s.parts(height)
	lines := make([]string, 0, height)
	if editor > 0 {
		lines = append(lines, s.edit.draw(a, width, editor, s.editing, s.badPlace())...)
		if s.edit.empty() && len(lines) == 1 {
			lines[0] += a.theme.dim.on(clip("SELECT vendor, code, count(*) AS n FROM failures GROUP BY ALL ORDER BY n DESC", width-s.edit.gutter(), a.signs.more))
		}
		for len(lines) < editor {
			lines = append(lines, "")
		}
	}
	if answer > 0 {
		lines = append(lines, s.answerLines(a, width, answer)...)
		for len(lines) < editor+answer {
			lines = append(lines, "")
		}
	}
	if schema > 0 {
		lines = append(lines, s.schemaLines(a, width, schema)...)
	}
	return lines
}

// answerLines are the title of the answer and what is below it.
func (s *sqlScreen) answerLines(a *app, width, height int) []string {
	failed := s.failed()
	switch {
	case failed.of != nil:
		return s.errorLines(a, failed, width, height)
	case s.q.slow:
		text, _ := s.q.status(a)
		lines := []string{a.section(text, width)}
		if s.answer != nil {
			lines = append(lines, s.answer.lines(a, width, height-1, false, true)...)
		}
		return lines
	case s.answer == nil:
		return s.emptyLines(a, width)
	}
	t := s.answer
	lines := []string{a.sectionEnd(s.title(a), "read-only "+a.signs.dot+" limit "+count(queries.AnswerRowsMax), width)}
	switch {
	case len(t.Columns) == 0:
		return append(lines, a.line(width).put("", "  The statement was run; its answer has no columns.").String())
	case s.chart:
		title, drawn := t.chartLines(a, width, height-1)
		if drawn != nil {
			return append([]string{a.section(title+" (F2: the rows)", width)}, drawn...)
		}
	}
	lines = append(lines, t.lines(a, width, height-1, !s.editing, s.q.asking && s.q.slow)...)
	if len(t.Rows) == 0 {
		lines = append(lines, "", a.line(width).put("", "  No row fits the question. The range of the screens counts only where the SQL names $since and $until.").String())
	}
	return lines
}

// title says what is below it, and what of it is not.
func (s *sqlScreen) title(a *app) string {
	t := s.answer
	n := int64(len(t.Rows))
	words := "Result: " + plural(n, "row")
	switch {
	case t.More && len(t.Rows) >= queries.AnswerRowsMax:
		words = "Result: the first " + plural(n, "row") + ", there are more"
	case t.More:
		words = "Result: the first " + plural(n, "row") + " (" + size(queries.AnswerBytesMax) + "), there are more"
	}
	words += " in " + tookWords(t.took)
	if c := len(t.Columns); c > 0 && !s.editing && n > 0 {
		words += " " + a.signs.dot + " row " + count(int64(t.cursor.Row+1)) + ", column " + count(int64(t.column+1)) + " of " + count(int64(c)) + " " + t.cols[t.column+1].Title
	}
	switch {
	case s.q.stopped:
		words += " " + a.signs.dot + " the last run was cancelled"
	case s.old:
		words += " " + a.signs.dot + " the data is newer (r runs again)"
	}
	return words
}

func (s *sqlScreen) errorLines(a *app, m mishap, width, height int) []string {
	where := "Error"
	if at := s.badPlace(); at.row >= 0 {
		where = "Error in line " + count(int64(at.row+1)) + ", column " + count(int64(at.col+1))
	}
	lines := []string{a.section(where, width)}
	for i, text := range m.text {
		kind := paint("")
		if i == 0 {
			kind = a.theme.bad
		}
		for _, part := range wrap(text, width-4) {
			lines = append(lines, a.line(width).put("", "  ").put(kind, part).String())
		}
	}
	if s.answer != nil && len(lines) < height-4 {
		lines = append(lines, "", a.section("Before that: "+plural(int64(len(s.answer.Rows)), "row"), width))
		lines = append(lines, s.answer.lines(a, width, height-len(lines), false, true)...)
	}
	return lines[:min(len(lines), height)]
}

// emptyLines say what can be done here.
func (s *sqlScreen) emptyLines(a *app, width int) []string {
	title := "No answer yet"
	switch {
	case s.q.stopped:
		title = "Cancelled: r runs it again"
	case s.q.stale && s.ran != "":
		title = "Waiting for the database to be opened"
	case s.tables.err != nil:
		title = "The database does not answer: " + clean(s.tables.err.Error())
	}
	lines := []string{a.section(title, width)}
	for _, x := range [...][2]string{
		{"alt+enter", "run the statement at the cursor (F5 and ctrl+enter too)"},
		{"Tab", "complete a table, a column or a keyword"},
		{"ctrl+t", "the tables and their columns; enter puts a name in"},
		{"ctrl+r", "SQL that was run before"},
		{"ctrl+o", "SQL that was saved under a name (alt+s saves)"},
		{"ctrl+s", "on any other screen: its SQL, and enter brings it here"},
	} {
		lines = append(lines, a.line(width).put("", "  ").field(a.theme.key, x[0], 11).put("", x[1]).String())
	}
	return lines
}

// contractTables are those that users rely on, in the order of use.
var contractTables = [...]string{"failures", "requests", "outage_windows", "quota_status", "sources", "rejects", "rules", "vendors"}

// schemaLines are the tables with as many of their columns as there is room
// for.
func (s *sqlScreen) schemaLines(a *app, width, height int) []string {
	lines := []string{a.section("Tables (ctrl+t shows all columns, Tab completes)", width)}
	for _, name := range contractTables {
		var columns []string
		for _, c := range s.columns {
			if c.Table == name {
				columns = append(columns, clean(c.Column))
			}
		}
		if len(columns) == 0 || len(lines) == height {
			continue
		}
		l := a.line(width).put("", "  ").field(a.theme.key, name, 16)
		lines = append(lines, l.put(a.theme.dim, strings.Join(columns, " ")).String())
	}
	return lines
}

// sectionEnd is a section with words at its right end, where there is room.
func (a *app) sectionEnd(title, end string, width int) string {
	room := width - len([]rune(end)) - 1
	if painted(title)+8 > room {
		return a.section(title, width)
	}
	return a.section(title, room) + " " + a.theme.dim.on(end)
}

func (s *sqlScreen) click(a *app, x, y int, b box) tea.Cmd {
	editor, answer, _ := s.parts(b.height)
	s.words = completion{}
	switch {
	case y < editor:
		s.focus(true)
		s.edit.clickAt(x, y)
	case y > editor && y < editor+answer && s.answer != nil && !s.chart && s.failed().of == nil:
		s.focus(false)
		return s.answer.click(a, x, y-editor-1, b.width)
	case y >= editor+answer:
		return s.browse(a)
	}
	return nil
}

func (s *sqlScreen) wheel(_ *app, lines, y int, b box) {
	editor, _, _ := s.parts(b.height)
	switch {
	case y < editor:
		s.edit.vertical(lines)
	case s.answer != nil:
		s.answer.to(s.answer.cursor.Row + lines)
	}
}
