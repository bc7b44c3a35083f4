package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// choice is one line of a [chooser].
type choice struct {
	id    string
	cells []string // clean
	find  string   // lower case, what the filter looks at
	text  string   // what it stands for
	fixed bool     // it is a file of the user's, and not ours to delete
}

// chooser is a list that is narrowed by typing: the history, saved SQL, tables.
type chooser struct {
	narrowed[choice]
	name, none string // its title, and what it says when it is empty
	columns    []grid.Column
	all        []choice
	take       func(a *app, c choice) tea.Cmd
	drop       func(a *app, c choice) tea.Cmd // nil where nothing can be deleted
	doomed     string                         // what another press deletes
}

func (a *app) openChooser(c *chooser) tea.Cmd {
	c.field, c.sign = newField(""), "/"
	c.list.cols = c.columns
	c.arrange()
	return tea.Batch(a.open(c), c.field.Focus())
}

// arrange keeps what holds every word that was typed.
func (c *chooser) arrange() {
	words := strings.Fields(strings.ToLower(c.field.Value()))
	rows := make([]entry[choice], 0, len(c.all))
	for _, one := range c.all {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(one.find, w) }) {
			rows = append(rows, entry[choice]{id: one.id, row: one})
		}
	}
	c.list.set(rows)
}

func (c *chooser) title() string { return c.name }

func (c *chooser) status(a *app, width int) string {
	return c.fieldLine(a, width).end(a.theme.dim, count(int64(len(c.list.rows)))+" of "+count(int64(len(c.all)))).String()
}

func (c *chooser) keys(a *app) []key.Binding {
	k := []key.Binding{doing(a.keymap.Open, "take it"), bind("up down", "choose", "up", "down"), bind("letters", "narrow")}
	if c.drop != nil {
		k = append(k, a.keymap.SQLDrop)
	}
	return append(k, a.keymap.Back)
}

func (c *chooser) paste(_ *app, text string) {
	c.insert(text)
	c.arrange()
}

func (c *chooser) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	doomed := c.doomed
	c.doomed = ""
	switch {
	case key.Matches(k, m.Back) && c.field.Value() != "":
		c.field.SetValue("")
		c.arrange()
	case key.Matches(k, m.Back):
		a.close()
	case key.Matches(k, m.Open):
		if one, ok := c.list.selected(); ok {
			a.close()
			return c.take(a, one)
		}
	case key.Matches(k, m.SQLDrop) && c.drop != nil:
		one, ok := c.list.selected()
		switch {
		case !ok:
		case one.fixed:
			return a.note(a.theme.warn, "this is a file of --reports: delete it there")
		case doomed != one.id:
			c.doomed = one.id
			return a.note(a.theme.warn, "delete "+clean(one.id)+"? "+m.SQLDrop.Help().Key+" again does")
		default:
			c.all = slices.DeleteFunc(slices.Clone(c.all), func(x choice) bool { return x.id == one.id })
			c.arrange()
			return c.drop(a, one)
		}
	case c.step(k):
	case k.String() == "pgup":
		c.list.to(c.list.cursor.Row - max(1, c.list.height-1))
	case k.String() == "pgdown":
		c.list.to(c.list.cursor.Row + max(1, c.list.height-1))
	default:
		cmd := c.typed(k)
		c.arrange()
		return cmd
	}
	return nil
}

func (c *chooser) body(a *app, width, height int) []string {
	lines := []string{a.section(c.name, width)}
	switch {
	case len(c.all) == 0:
		return append(lines, a.line(width).put("", "  "+c.none+" ").put(a.theme.dim, "esc goes back.").String())
	case len(c.list.rows) == 0:
		return append(lines, a.line(width).put("", "  None of them holds that. ").put(a.theme.dim, "esc clears it.").String())
	}
	return append(lines, c.list.lines(a, width, height-1, true, false, func(one choice, column, _ int) grid.Cell {
		if column > 0 {
			return grid.Cell{Text: one.cells[column], On: string(a.theme.dim)}
		}
		return grid.Cell{Text: one.cells[column]}
	})...)
}

func (c *chooser) click(a *app, _, y int, _ box) tea.Cmd {
	if c.list.click(y-1) == hitAgain { // below the line of the title
		return c.press(a, tea.KeyPressMsg{Code: tea.KeyEnter})
	}
	return nil
}

// history offers what was run before, the newest first.
func (s *sqlScreen) history(a *app) tea.Cmd {
	c := &chooser{name: "History", none: "No SQL was run yet.", columns: []grid.Column{{Title: "SQL", Min: 20, Max: 400, Rank: 1}}}
	for i := len(a.history) - 1; i >= 0; i-- {
		text := a.history[i]
		c.all = append(c.all, choice{id: text, cells: []string{clean(oneLine(text))}, find: strings.ToLower(text), text: text})
	}
	c.take = func(a *app, one choice) tea.Cmd { return s.take(a, one.text) }
	return a.openChooser(c)
}

// openSaved offers what was saved under a name.
func (s *sqlScreen) openSaved(a *app) tea.Cmd {
	c := &chooser{name: "Saved SQL", none: "Nothing was saved yet: " + a.keymap.SQLSave.Help().Key + " saves what is in the editor.",
		columns: []grid.Column{{Title: "NAME", Min: 12, Max: 30, Rank: 1}, {Title: "SQL", Min: 20, Max: 400, Rank: 2}}}
	for _, one := range a.saved {
		c.all = append(c.all, choice{id: one.Name, cells: []string{clean(one.Name), clean(oneLine(one.SQL))},
			find: strings.ToLower(one.Name + "\n" + one.SQL), text: one.SQL})
	}
	for _, one := range a.o.Reports {
		name := "report " + one.Name
		c.all = append(c.all, choice{id: name, cells: []string{clean(name), clean(oneLine(one.SQL))},
			find: strings.ToLower(name + "\n" + one.SQL), text: one.SQL, fixed: true})
	}
	slices.SortStableFunc(c.all, func(x, y choice) int { return strings.Compare(x.id, y.id) })
	c.take = func(a *app, one choice) tea.Cmd { return s.take(a, one.text) }
	c.drop = func(a *app, one choice) tea.Cmd {
		a.saved = slices.DeleteFunc(slices.Clone(a.saved), func(x SavedQuery) bool { return x.Name == one.id })
		return tea.Batch(a.note(a.theme.info, "deleted: "+one.id), a.keep())
	}
	return a.openChooser(c)
}

// browse offers the tables and their columns, those that users rely on first.
func (s *sqlScreen) browse(a *app) tea.Cmd {
	c := &chooser{name: "Tables and columns", none: "The database has not told its tables yet.", columns: []grid.Column{
		{Title: "NAME", Min: 20, Max: 34, Rank: 1}, {Title: "TYPE", Min: 10, Max: 28, Rank: 2}, {Title: "UNIT", Min: 6, Max: 16, Rank: 3}, {Title: "TABLE", Min: 10, Max: 24, Rank: 4},
	}}
	if s.tables.err != nil {
		c.none = "The database does not tell its tables: " + clean(s.tables.err.Error())
	}
	columns := slices.Clone(s.columns)
	rank := func(name string) int {
		if i := slices.Index(contractTables[:], name); i >= 0 {
			return i
		}
		return len(contractTables)
	}
	slices.SortStableFunc(columns, func(x, y queries.TableColumn) int { return rank(x.Table) - rank(y.Table) })
	last := ""
	for _, x := range columns {
		name := clean(x.Table)
		if x.Table != last {
			last = x.Table
			kind := "table"
			if x.IsView {
				kind = "view"
			}
			if rank(x.Table) == len(contractTables) {
				kind += ", inner"
			}
			c.all = append(c.all, choice{id: x.Table, cells: []string{name, kind, "", name}, find: strings.ToLower(x.Table + " " + kind), text: x.Table})
		}
		unit := columnUnit(x.Column, x.Type)
		c.all = append(c.all, choice{id: x.Table + "." + x.Column, cells: []string{"  " + clean(x.Column), typeWord(x.Type), unit, name},
			find: strings.ToLower(x.Table + "." + x.Column + " " + x.Type + " " + unit), text: x.Column})
	}
	c.take = func(_ *app, one choice) tea.Cmd {
		s.focus(true)
		s.edit.keepStep(false)
		s.edit.put(sqlName(one.text))
		return nil
	}
	return a.openChooser(c)
}

// sqlName quotes a name where it must be.
func sqlName(name string) string {
	plain := name != "" && !isKeyword(name) && (name[0] < '0' || name[0] > '9')
	for _, r := range name {
		plain = plain && (r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}
	if plain {
		return name
	}
	return queries.QuoteName(name)
}

// columnUnit is what a column counts in, which its name says: "" where it
// counts nothing.
func columnUnit(name, kind string) string {
	switch {
	case isTime(kind):
		return "UTC"
	case strings.HasSuffix(name, "_ms"):
		return "ms"
	case strings.HasSuffix(name, "_s"):
		return "s"
	case name == "bytes", strings.HasSuffix(name, "_offset"):
		return "bytes"
	case strings.HasSuffix(name, "_ratio"):
		return "0 to 1"
	case strings.HasSuffix(name, "_per_hour"):
		return "per hour"
	case strings.HasPrefix(name, "quota_") && isNumber(kind), name == "used", name == "remaining":
		return "calls"
	}
	return ""
}
