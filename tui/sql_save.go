package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// savedMax is how many statements can be saved.
const savedMax = 500

// naming asks for the name under which SQL is saved.
type naming struct {
	untold
	field textinput.Model
	sql   string
	asked string // the name that exists and that another enter replaces
}

// save asks for a name for what is in the editor.
func (s *sqlScreen) save(a *app) tea.Cmd {
	sql := strings.TrimSpace(s.edit.text())
	switch {
	case sql == "":
		return a.note(a.theme.info, "there is no SQL to save")
	case len(a.saved) >= savedMax:
		return a.note(a.theme.warn, "no more than "+count(savedMax)+" can be saved")
	}
	n := &naming{field: newField(""), sql: sql}
	for _, one := range a.saved {
		if one.SQL == sql {
			n.field.SetValue(one.Name)
		}
	}
	return tea.Batch(a.open(n), n.field.Focus())
}

// namingPrompt is where the name begins.
const namingPrompt = 10

func (n *naming) title() string                     { return "Save under a name" }
func (n *naming) wheel(int)                         {}
func (n *naming) click(*app, int, int, box) tea.Cmd { return nil }
func (n *naming) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Open, "save"), a.keymap.Back}
}
func (n *naming) paste(_ *app, text string) {
	n.field, _ = n.field.Update(tea.PasteMsg{Content: oneLine(text)})
}
func (n *naming) cursor(a *app) (x, y int, shown bool) {
	_, x = fieldText(n.field.Value(), n.field.Position(), a.width-namingPrompt-2)
	return x + namingPrompt, 2, true
}

func (n *naming) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Back):
		a.close()
		return nil
	case key.Matches(k, m.Open):
		return n.store(a)
	}
	var cmd tea.Cmd
	n.field, cmd = n.field.Update(k)
	return cmd
}

func (n *naming) store(a *app) tea.Cmd {
	name := strings.TrimSpace(n.field.Value())
	if name == "" {
		return nil
	}
	at := slices.IndexFunc(a.saved, func(x SavedQuery) bool { return x.Name == name })
	if at >= 0 && a.saved[at].SQL != n.sql && n.asked != name {
		n.asked = name
		return nil
	}
	// Not in place: what is kept may be being written at this moment.
	saved := slices.Clone(a.saved)
	if at >= 0 {
		saved[at].SQL = n.sql
	} else {
		saved = append(saved, SavedQuery{Name: name, SQL: n.sql})
	}
	a.saved = saved
	a.close()
	return tea.Batch(a.note(a.theme.good, "saved: "+name), a.keep())
}

func (n *naming) body(a *app, width, _ int) []string {
	shown, _ := fieldText(n.field.Value(), n.field.Position(), width-namingPrompt-2)
	lines := []string{
		a.section(n.title(), width),
		a.line(width).put("", "  ").field(a.theme.key, "name", namingPrompt-2).put("", shown).String(),
		"",
	}
	if n.asked != "" && n.asked == strings.TrimSpace(n.field.Value()) {
		lines[2] = a.line(width).put("", spaces(namingPrompt)).put(a.theme.warn, "this name is taken; enter replaces what it stands for").String()
	}
	return append(lines, a.line(width).put("", "  ").field(a.theme.dim, "SQL", namingPrompt-2).put(a.theme.dim, clean(oneLine(n.sql))).String())
}
