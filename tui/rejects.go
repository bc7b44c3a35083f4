package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// rejects lists the lines that could not be read: where, why, and how they
// begin.
type rejects struct {
	quiet
	q    question[[]queries.Reject]
	all  []*rejected
	list list[*rejected]
	find finder
}

// rejected is a row ready to draw and to filter.
type rejected struct {
	queries.Reject
	find row
}

var rejectColumns = []grid.Column{
	{Title: "FILE", Min: 14, Want: 28, Max: 60, Rank: 3},
	{Title: "LINE", Min: 7, Max: 13, Right: true, Rank: 2},
	{Title: "REASON", Min: 20, Want: 30, Max: 60, Rank: 1},
	{Title: "BEGINS WITH", Min: 12, Max: 200, Rank: 4, Extra: true},
}

func newRejects(a *app) *rejects {
	s := &rejects{find: newFinder("", "file", "reason", "line")}
	s.q.stale, s.q.name = true, "rejects"
	s.q.load = func(ctx context.Context, src Source, _ queries.Scope) ([]queries.Reject, error) {
		return src.Rejects(ctx)
	}
	s.q.got = func(rows []queries.Reject) { s.take(rows) }
	return s
}

func (s *rejects) take(rows []queries.Reject) {
	s.all = make([]*rejected, 0, len(rows))
	for _, r := range rows {
		columns := map[string]string{"file": strings.ToLower(r.Path), "reason": strings.ToLower(r.Reason), "line": count(r.Line)}
		s.all = append(s.all, &rejected{r, row{any: columns["file"] + "\n" + columns["reason"] + "\n" + strings.ToLower(r.Sample), columns: columns}})
	}
	s.list.cols = grid.Fit(rejectColumns, func(c int) int {
		widest := 0
		for _, r := range s.all[:min(len(s.all), rejectsMeasured)] {
			widest = max(widest, painted(s.cell(r, c).Text))
		}
		return widest
	})
	s.arrange()
}

// rejectsMeasured is how many rows are looked at for the widths of columns.
const rejectsMeasured = 200

func (s *rejects) cell(r *rejected, c int) grid.Cell {
	switch c {
	case 0:
		return grid.Cell{Text: clean(r.Path)}
	case 1:
		return grid.Cell{Text: count(r.Line)}
	case 2:
		return grid.Cell{Text: clean(r.Reason)}
	}
	return grid.Cell{Text: clean(clipBytes(r.Sample))}
}

// clipBytes keeps what one line of a screen could show at most.
func clipBytes(s string) string {
	const lineBytes = 800
	if len(s) > lineBytes {
		return strings.ToValidUTF8(s[:lineBytes], "")
	}
	return s
}

func (s *rejects) arrange() {
	want := s.find.filter()
	var rows []entry[*rejected]
	for _, r := range s.all {
		if want.match(&r.find) {
			rows = append(rows, entry[*rejected]{id: count(r.SourceID) + "/" + count(r.SourceOffset) + "/" + count(r.Line), row: r})
		}
	}
	s.list.set(rows)
}

func (s *rejects) crumb() string                        { return "Lines not read" }
func (s *rejects) refresh(a *app) tea.Cmd               { return s.q.refresh(a) }
func (s *rejects) outdated()                            { s.q.stale = true }
func (s *rejects) interrupt() bool                      { return s.q.interrupt() }
func (s *rejects) stop()                                { s.q.stop() }
func (s *rejects) capturing() bool                      { return s.find.focused() }
func (s *rejects) cursor(a *app) (x, y int, shown bool) { return s.find.cursor(a) }

func (s *rejects) back(*app) bool {
	if !s.find.back() {
		return false
	}
	s.arrange()
	return true
}

func (s *rejects) paste(_ *app, text string) tea.Cmd {
	cmd := s.find.paste(text)
	s.arrange()
	return cmd
}

func (s *rejects) about(*app) about {
	return about{report: "accounting", behind: []queries.Name{queries.RejectsRead}, values: map[string]any{"limit": queries.RejectsMax}}
}

func (s *rejects) keys(a *app) []key.Binding {
	m := a.keymap
	if s.find.focused() {
		return s.find.keys(m)
	}
	return []key.Binding{m.Filter, doing(m.CopyID, "copy file:line"), doing(m.CopyWhole, "copy the sample"), doing(m.Origin, "how to see it")}
}

func (s *rejects) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if s.find.focused() {
		cmd, moved := s.find.press(m, k)
		if moved {
			s.list.press(m, k)
			return nil
		}
		s.arrange()
		return cmd
	}
	if s.list.press(m, k) {
		return nil
	}
	if key.Matches(k, m.Filter) {
		return s.find.open()
	}
	r, ok := s.list.selected()
	if !ok {
		return nil
	}
	switch {
	case key.Matches(k, m.CopyID):
		return a.copied("place", plainWord(r.Path)+":"+countPlain(r.Line))
	case key.Matches(k, m.CopyWhole):
		return a.copied("sample", plainWord(r.Sample))
	case key.Matches(k, m.Origin), key.Matches(k, m.Open):
		return a.open(newOrigin(r.Path, r.SourceOffset, queries.Place{}))
	}
	return nil
}

func (s *rejects) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := s.q.status(a); text != "" && !s.find.focused() {
		return l.put(kind, text).String()
	}
	if !s.q.answered && !s.find.focused() {
		return ""
	}
	counts := plural(int64(len(s.list.rows)), "line")
	if len(s.list.rows) != len(s.all) {
		counts = count(int64(len(s.list.rows))) + " of " + plural(int64(len(s.all)), "line")
	}
	if len(s.all) >= queries.RejectsMax {
		counts += ", the rest is not shown"
	}
	return s.find.status(a, width, counts+" "+a.signs.dot+" of all time")
}

// rejectPane is the height of the pane with the whole sample.
const rejectPane = 8

func (s *rejects) body(a *app, width, height int) []string {
	if len(s.list.rows) == 0 {
		text := "Every line could be read, or was ignored for a reason (errscope report accounting). esc goes back."
		switch {
		case len(s.all) > 0:
			text = "No line matches " + clean(s.find.text()) + ". esc takes the filter back."
		case s.q.err != nil:
			return a.emptyBody(false, s.q.err, width)
		case !s.q.answered:
			text = "Asking for the lines" + a.signs.more
		}
		lines := []string{""}
		for _, part := range wrap(text, width-4) {
			lines = append(lines, a.line(width).put("", "  "+part).String())
		}
		return lines
	}
	rows := s.rows(height)
	lines := s.list.lines(a, width, rows, true, s.q.slow, func(r *rejected, c, _ int) grid.Cell { return s.cell(r, c) })
	for len(lines) < rows {
		lines = append(lines, "")
	}
	r, ok := s.list.selected()
	if !ok || rows == height {
		return lines
	}
	lines = append(lines, a.section(clean(r.Path)+" line "+count(r.Line), width), a.line(width).put("", "  ").put(a.theme.warn, clean(r.Reason)).String())
	for _, part := range hardwrap(clean(r.Sample), width-4) {
		if len(lines) < height {
			lines = append(lines, a.line(width).put("", "  "+part).String())
		}
	}
	return lines
}

// rows is how many lines of the body the list has, its titles included.
func (s *rejects) rows(height int) int {
	if height < 2*rejectPane {
		return height
	}
	return min(height-rejectPane, len(s.all)+2)
}

func (s *rejects) click(a *app, _, y int, b box) tea.Cmd {
	row := s.list.cursor.Top + y - 1
	if y < 1 || y >= s.rows(b.height) || row >= len(s.list.rows) {
		return nil
	}
	s.list.to(row)
	return nil
}

func (s *rejects) wheel(_ *app, lines, _ int, _ box) { s.list.to(s.list.cursor.Row + lines) }
