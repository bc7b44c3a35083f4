package tui

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// Export is a view to be written to a file: a report, or the answer to SQL
// where Report is "".
type Export struct {
	Report string
	SQL    string
	Scope  queries.Scope
	Path   string // its ending names the format
	// Replace allows a file that is there to be replaced.
	Replace bool
}

// exportTimeout bounds how long a file may take to write.
const exportTimeout = 10 * time.Minute

func isThere(err error) bool { return errors.Is(err, fs.ErrExist) }

func errUnknownEnding(known []string) error {
	return errors.New("the ending names the format: " + strings.Join(known, " "))
}

// exporting asks for the file.
type exporting struct {
	prompted
	view  Export
	known []string // endings that are formats
	asked string   // the path that exists and that another enter replaces
	busy  bool
	// put writes it where that is not a view's Export.
	put func(context.Context, Export) error
}

// reportEndings and answerEndings are the formats of a file by its ending.
func reportEndings() []string { return []string{".csv", ".json", ".md", ".html", ".txt"} }
func answerEndings() []string { return []string{".csv", ".json", ".jsonl", ".md", ".parquet"} }

// exportView asks where to write what the screen shows.
func (a *app) exportView() tea.Cmd {
	if s, ok := a.top().(interface{ export(*app) tea.Cmd }); ok {
		return s.export(a)
	}
	s := a.top().about(a)
	if s.report == "" && len(s.behind) == 1 { // no report tells it: what is asked is written
		sql, err := a.sqlOf(s)
		if err != nil {
			return a.note(a.theme.bad, err.Error())
		}
		return a.openExport(Export{SQL: sql, Scope: a.scope}, path.Base(string(s.behind[0]))+".csv", answerEndings())
	}
	if s.report == "" {
		return a.note(a.theme.info, "this screen has no export of its own")
	}
	return a.openExport(Export{Report: s.report, Scope: a.scope}, s.report+".csv", reportEndings())
}

func (a *app) openExport(view Export, name string, known []string) tea.Cmd {
	if a.o.Export == nil {
		return a.note(a.theme.warn, "nothing can be written from here")
	}
	e := newExporting(name, known)
	e.view = view
	return tea.Batch(a.open(e), e.field.Focus())
}

func newExporting(name string, known []string) *exporting {
	return &exporting{prompted: prompted{field: newField(name), heading: "Write to a file", label: "file"}, known: known}
}

func (e *exporting) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Open, "write"), a.keymap.Back}
}

func (e *exporting) press(a *app, k tea.KeyPressMsg) tea.Cmd { return e.pressed(a, k, e.write) }

// exportedMsg says how the writing went.
type exportedMsg struct {
	of   *exporting
	path string
	err  error
}

func (e *exporting) write(a *app) tea.Cmd {
	view := e.view
	view.Path = strings.TrimSpace(e.field.Value())
	view.Replace = view.Path == e.asked
	if e.busy || view.Path == "" {
		return nil
	}
	if !slices.Contains(e.known, strings.ToLower(filepath.Ext(view.Path))) {
		e.err = errUnknownEnding(e.known)
		return nil
	}
	e.busy = true
	export, ctx := a.o.Export, a.desk.ctx
	if e.put != nil {
		export = e.put
	}
	return a.desk.run(func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, exportTimeout)
		defer cancel()
		return exportedMsg{e, view.Path, export(ctx, view)}
	})
}

func (m exportedMsg) take(a *app) tea.Cmd {
	e := m.of
	e.busy = false
	if m.err == nil {
		if a.over == overlay(e) {
			a.close()
		}
		return a.note(a.theme.good, "written: "+m.path)
	}
	if a.over != overlay(e) {
		return a.note(a.theme.bad, m.err.Error())
	}
	e.err = m.err
	if isThere(m.err) {
		e.asked = m.path
	}
	return nil
}

func (e *exporting) body(a *app, width, _ int) []string {
	kind, said := paint(""), ""
	switch {
	case e.err != nil && e.asked != "" && e.asked == strings.TrimSpace(e.field.Value()):
		kind, said = a.theme.warn, "this file exists; enter replaces it"
	case e.err != nil:
		kind, said = a.theme.bad, clean(e.err.Error())
	case e.busy:
		kind, said = a.theme.dim, "writing"+a.signs.more
	}
	return append(e.head(a, width, kind, said), e.told(a, width, "formats", a.theme.dim, strings.Join(e.known, " ")))
}
