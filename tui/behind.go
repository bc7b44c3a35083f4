package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// behind shows the SQL that a screen asks, with the present range filled in.
type behind struct {
	pages
	untold
	screen string
	text   string
}

func (a *app) showSQL() tea.Cmd {
	text, err := a.sqlBehind()
	switch {
	case err != nil:
		return a.note(a.theme.bad, err.Error())
	case text == "":
		return a.note(a.theme.info, "this screen asks no question of its own")
	}
	return a.open(&behind{screen: a.top().crumb(), text: text})
}

// sqlBehind fills in the questions of the screen on top.
func (a *app) sqlBehind() (string, error) {
	return a.sqlOf(a.top().about(a))
}

// sqlOf fills in what a screen asks.
func (a *app) sqlOf(s about) (string, error) {
	if s.sql != "" {
		return s.sql, nil
	}
	values := a.scopeValues()
	for name, v := range s.values {
		values[name] = v
	}
	var parts []string
	for _, name := range s.behind {
		t, err := queries.Load(name)
		if err != nil {
			return "", err
		}
		sql, err := queries.Fill(t, values)
		if err != nil {
			return "", err
		}
		parts = append(parts, "-- "+t.Question+"\n"+strings.TrimRight(sql, "; \n")+";")
	}
	return strings.Join(parts, "\n\n"), nil
}

// scopeValues are the values of the parameters that every question has.
func (a *app) scopeValues() map[string]any {
	values := map[string]any{"since": nil, "until": nil, "vendor": nil, "account": nil}
	if !a.scope.Since.IsZero() {
		values["since"] = a.scope.Since
	}
	if !a.scope.Until.IsZero() {
		values["until"] = a.scope.Until
	}
	if a.scope.Vendor != "" {
		values["vendor"] = a.scope.Vendor
	}
	if a.scope.Account != "" {
		values["account"] = a.scope.Account
	}
	return values
}

func (b *behind) title() string { return "SQL behind " + b.screen }

func (b *behind) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.Open, "take it to the SQL screen"), doing(m.CopyWhole, "copy"), m.Down, m.Back}
}

func (b *behind) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case b.pages.press(m, k):
	case key.Matches(k, m.Back), key.Matches(k, m.Quit), key.Matches(k, m.ShowSQL):
		a.close()
	case key.Matches(k, m.CopyID), key.Matches(k, m.CopyWhole):
		return a.copied("SQL", b.text)
	case key.Matches(k, m.Open):
		a.close()
		return a.toSQL(b.text)
	}
	return nil
}

func (b *behind) body(a *app, width, height int) []string {
	lines := []string{a.section(b.title(), width)}
	for s := range strings.Lines(b.text) {
		kind := paint("")
		if strings.HasPrefix(s, "--") {
			kind = a.theme.dim
		}
		for _, part := range hardwrap(cleanAll(strings.TrimRight(s, "\n")), width-2) {
			lines = append(lines, a.line(width).put("", "  ").put(kind, part).String())
		}
		if strings.TrimSpace(s) == "" {
			lines = append(lines, "")
		}
	}
	return b.show(lines, height)
}

// sqlTaker is the screen that runs SQL.
type sqlTaker interface {
	take(a *app, sql string) tea.Cmd
}

// toSQL goes to the SQL screen with a text.
func (a *app) toSQL(sql string) tea.Cmd {
	s, ok := a.stacks[tabSQL][0].(sqlTaker)
	if !ok {
		return nil
	}
	return tea.Batch(a.show(tabSQL), s.take(a, sql))
}
