package tui

import (
	"context"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// SQLSource answers free SQL.
type SQLSource interface {
	// Answer runs one statement and gives at most limit rows. It may neither
	// write nor reach a file ([queries.ErrRefused]).
	Answer(ctx context.Context, sql string, s queries.Scope, limit int) (queries.Answer, error)
	// Tables lists what can be asked.
	Tables(ctx context.Context) ([]queries.TableColumn, error)
}

// historyMax is how many statements are remembered.
const historyMax = 500

// sqlScreen is screen 7: SQL and its answer.
type sqlScreen struct {
	edit    editor
	editing bool // the editor has the focus, not the answer
	full    bool // the pane with the focus alone
	chart   bool // the answer as a chart

	q      question[*table]
	draft  string        // the newest of the history, where it was never run
	ran    string        // the statement that was asked last
	begin  int           // byte of the text at which it begins
	whole  string        // the text that it was a part of
	asked  queries.Scope // what its parameters were
	old    bool          // the data has changed since
	answer *table        // nil before the first
	bad    mishap

	tables  question[[]queries.TableColumn]
	columns []queries.TableColumn
	words   completion
}

func newSQL(a *app) *sqlScreen {
	s := &sqlScreen{edit: newEditor(), editing: true}
	s.q.got = func(t *table) {
		s.answer, s.old, s.bad = t, false, mishap{}
	}
	s.tables.stale = true
	s.tables.name = "tables"
	s.tables.load = func(ctx context.Context, src Source, _ queries.Scope) ([]queries.TableColumn, error) {
		return src.Tables(ctx)
	}
	s.tables.got = func(columns []queries.TableColumn) { s.columns = columns }
	return s
}

func (s *sqlScreen) crumb() string   { return "SQL" }
func (s *sqlScreen) capturing() bool { return s.editing }
func (s *sqlScreen) interrupt() bool { return s.q.interrupt() }
func (s *sqlScreen) stop()           { s.q.stop() }
func (s *sqlScreen) outdated()       { s.old, s.tables.stale = true, true }
func (s *sqlScreen) restyle(*app)    {}

// refresh runs nothing again by itself but what depends on the range that has
// changed: a statement may take long, and new data comes four times a second.
func (s *sqlScreen) refresh(a *app) tea.Cmd {
	cmds := []tea.Cmd{s.tables.refresh(a)}
	switch {
	case s.q.stale: // it was asked before the database was there
		cmds = append(cmds, s.q.ask(a))
	case s.ran != "" && s.asked != a.scope && len(queries.ParametersIn(s.ran)) > 0:
		cmds = append(cmds, s.ask(a))
	}
	return tea.Batch(cmds...)
}

// rerun is "ask again".
func (s *sqlScreen) rerun(a *app) tea.Cmd {
	if s.ran == "" {
		return s.run(a)
	}
	return s.ask(a)
}

// take brings in a text from elsewhere; what stood here is in the history.
func (s *sqlScreen) take(a *app, sql string) tea.Cmd {
	s.remember(a, s.edit.text())
	s.edit.set(sql)
	s.focus(true)
	return nil
}

// focus moves the focus to the editor, or to the answer.
func (s *sqlScreen) focus(editing bool) {
	s.editing = editing
	s.words = completion{}
	s.edit.typing = false
}

// remember puts a text into the history, the newest last, no text twice.
func (s *sqlScreen) remember(a *app, text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	// Not in place: what is kept may be being written at this moment.
	kept := make([]string, 0, len(a.history)+1)
	for i, h := range a.history {
		if h != text && (h != s.draft || i < len(a.history)-1) {
			kept = append(kept, h)
		}
	}
	kept = append(kept, text)
	a.history, s.draft = kept[max(0, len(kept)-historyMax):], ""
}

// leave gives the keys to the answer. What was typed and not run is kept too,
// in place of what it was when the editor was left before.
func (s *sqlScreen) leave(a *app) {
	s.focus(false)
	text := strings.TrimSpace(s.edit.text())
	if text == "" || slices.Contains(a.history, text) {
		return
	}
	s.remember(a, text)
	s.draft = text
}

// run asks the statement at the cursor.
func (s *sqlScreen) run(a *app) tea.Cmd {
	text := s.edit.text()
	list := queries.Statements(text)
	if len(list) == 0 {
		return a.note(a.theme.info, "there is no SQL to run yet: type some, or take some from ctrl+r")
	}
	at := s.edit.byteAt()
	here := list[len(list)-1]
	for _, st := range list {
		if at <= st.To {
			here = st
			break
		}
	}
	lead := len(text[here.From:here.To]) - len(strings.TrimLeft(text[here.From:here.To], " \t\n"))
	s.begin, s.whole = here.From+lead, text
	s.ran = strings.TrimSpace(text[here.From:here.To])
	s.remember(a, text)
	cmd := tea.Batch(s.ask(a), a.keep())
	if len(list) > 1 {
		n := slices.Index(list, here) + 1
		return tea.Batch(cmd, a.note(a.theme.info, "running statement "+count(int64(n))+" of "+count(int64(len(list)))+", the one at the cursor"))
	}
	return cmd
}

func (s *sqlScreen) ask(a *app) tea.Cmd {
	sql, now := s.ran, a.o.Now
	s.asked = a.scope
	s.q.err, s.bad = nil, mishap{} // the error of another run would hide that this one runs
	s.q.load = func(ctx context.Context, src Source, scope queries.Scope) (*table, error) {
		begun := now()
		answer, err := src.Answer(ctx, sql, scope, queries.AnswerRowsMax)
		if err != nil {
			return nil, err
		}
		return newTable(answer, now().Sub(begun)), nil
	}
	return s.q.ask(a)
}

// failed is what went wrong, read once for each error.
func (s *sqlScreen) failed() mishap {
	if s.q.err == nil {
		return mishap{}
	}
	if s.bad.of != s.q.err {
		s.bad = readMishap(s.q.err, s.ran)
	}
	return s.bad
}

func (s *sqlScreen) back(a *app) bool {
	switch {
	case s.words.shown():
		s.words = completion{}
	case s.editing:
		s.leave(a)
	case s.chart:
		s.chart = false
	case s.full:
		s.full = false
	default:
		return false
	}
	return true
}

func (s *sqlScreen) about(a *app) about {
	c := func(name, keys string, do func(a *app) tea.Cmd) command {
		return command{name: name, key: keys, do: do}
	}
	m := a.keymap
	out := about{twin: "errscope sql", commands: []command{
		c("copy the answer as CSV", "", s.copyCSV), c("save this SQL under a name", a.keyName(m.SQLSave), s.save),
	}}
	if s.ran != "" {
		if filled, err := queries.FillUser(s.ran, a.scopeValues()); err == nil {
			out.sql = filled
			out.twin = "errscope sql " + shellQuote(oneLine(withoutComments(filled)))
		}
		out.bare = true
	}
	for _, saved := range a.saved {
		out.commands = append(out.commands, c("SQL: "+clean(saved.Name), "", func(a *app) tea.Cmd { return s.take(a, saved.SQL) }))
	}
	return out
}

func (s *sqlScreen) keys(a *app) []key.Binding {
	m := a.keymap
	if s.editing {
		return []key.Binding{m.SQLRun, doing(m.Back, "to the answer"), m.SQLComplete, m.SQLHistory, m.SQLTables, m.SQLSaved, m.SQLSave, m.SQLChart, m.SQLUndo}
	}
	return []key.Binding{doing(m.Pane, "edit"), doing(m.Open, "whole cell"), doing(m.CopyID, "copy cell"), doing(m.CopyWhole, "copy row as JSON"),
		doing(m.Sort, "sort"), m.Right, m.Left, m.SQLChart, m.SQLHistory, m.SQLTables, m.SQLSaved, m.SQLSave, m.Full, doing(m.Reverse, "reverse")}
}

func (s *sqlScreen) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	for _, x := range [...]struct {
		on key.Binding
		do func(*app) tea.Cmd
	}{
		{m.SQLRun, s.run}, {m.SQLHistory, s.history}, {m.SQLTables, s.browse}, {m.SQLSaved, s.openSaved}, {m.SQLSave, s.save}, {m.SQLChart, s.toggleChart},
	} {
		if key.Matches(k, x.on) {
			s.words = completion{}
			return x.do(a)
		}
	}
	if s.editing {
		return s.typed(a, k)
	}
	switch {
	case key.Matches(k, m.Pane):
		s.focus(true)
	case key.Matches(k, m.Full):
		s.full = !s.full
	case s.answer == nil:
		if key.Matches(k, m.Open) {
			s.focus(true)
		}
	default:
		return s.answer.press(a, k)
	}
	return nil
}

// typed gives a key to the editor. In an empty one the keys with which no SQL
// can begin still go to another screen, leave, or help.
func (s *sqlScreen) typed(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if s.edit.empty() {
		for i, b := range m.screens() {
			if key.Matches(k, b) {
				return a.show(i)
			}
		}
		switch {
		case key.Matches(k, m.Quit):
			return tea.Quit
		case key.Matches(k, m.Help):
			return a.open(&help{})
		case key.Matches(k, m.Palette):
			return a.openPalette()
		}
	}
	switch {
	case k.String() == "shift+tab" && !s.words.shown():
		s.leave(a)
		return a.keep()
	case key.Matches(k, m.SQLComplete):
		return s.complete(a, k.String() == "shift+tab")
	}
	s.words = completion{}
	if s.edit.move(k) {
		return nil
	}
	if !s.edit.change(m, k) {
		return a.note(a.theme.warn, "the editor is full: it holds "+count(editorRunesMax)+" characters")
	}
	return nil
}

func (s *sqlScreen) paste(a *app, text string) tea.Cmd {
	s.words = completion{}
	s.edit.keepStep(false)
	if !s.edit.put(text) {
		return a.note(a.theme.warn, "the editor is full: it holds "+count(editorRunesMax)+" characters, the rest was not pasted")
	}
	return nil
}

func (s *sqlScreen) toggleChart(a *app) tea.Cmd {
	if s.answer == nil {
		return a.note(a.theme.info, "there is no answer to draw yet")
	}
	if s.chart = !s.chart; s.chart {
		if _, ok := s.answer.drawing(); !ok {
			s.chart = false
			return a.note(a.theme.warn, "a chart needs a column of numbers, and one of times or names beside it")
		}
	}
	return nil
}

// export writes the whole answer to a file, not only the rows that are here.
func (s *sqlScreen) export(a *app) tea.Cmd {
	if s.ran == "" {
		return a.note(a.theme.info, "run some SQL first: its answer is what is written")
	}
	filled, err := queries.FillUser(s.ran, a.scopeValues())
	if err != nil {
		return a.note(a.theme.bad, err.Error())
	}
	return a.openExport(Export{SQL: filled, Scope: a.scope}, "answer.csv", answerEndings())
}

// withoutComments takes the comments out, so that a statement can stand in one
// line.
func withoutComments(sql string) string {
	var b strings.Builder
	state := inCode
	for l := range strings.Lines(sql) {
		line := []rune(strings.TrimRight(l, "\n"))
		for at := 0; at < len(line); {
			n, kind, next := token(line[at:], state)
			if kind != inComment {
				b.WriteString(string(line[at : at+n]))
			}
			at, state = at+n, next
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// tookWords says how long an answer took.
func tookWords(d time.Duration) string { return millis(float64(d.Microseconds()) / 1000) }
