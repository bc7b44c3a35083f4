package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// savedMax is how many statements can be saved.
const savedMax = 500

// naming asks for the name under which SQL is saved.
type naming struct {
	prompted
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
	n := &naming{prompted: prompted{field: newField(""), heading: "Save under a name", label: "name"}, sql: sql}
	for _, one := range a.saved {
		if one.SQL == sql {
			n.field.SetValue(one.Name)
		}
	}
	return tea.Batch(a.open(n), n.field.Focus())
}

func (n *naming) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Open, "save"), a.keymap.Back}
}

func (n *naming) press(a *app, k tea.KeyPressMsg) tea.Cmd { return n.pressed(a, k, n.store) }

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
	said := ""
	if n.asked != "" && n.asked == strings.TrimSpace(n.field.Value()) {
		said = "this name is taken; enter replaces what it stands for"
	}
	return append(n.head(a, width, a.theme.warn, said), n.told(a, width, "SQL", a.theme.dim, clean(oneLine(n.sql))))
}
