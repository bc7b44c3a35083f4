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
	sifted[*rejected]
	q question[[]*rejected]
}

// rejected is a row ready to draw and to filter.
type rejected struct {
	queries.Reject
	drawn
}

var rejectColumns = []grid.Column{
	{Title: "FILE", Min: 14, Want: 28, Max: 60, Rank: 3},
	{Title: "LINE", Min: 7, Max: 13, Right: true, Rank: 2},
	{Title: "REASON", Min: 20, Want: 30, Max: 60, Rank: 1},
	{Title: "BEGINS WITH", Min: 12, Max: 200, Rank: 4, Extra: true},
}

func newRejects(a *app) *rejects {
	s := &rejects{}
	s.sifted = sifted[*rejected]{noun: "line", columns: rejectColumns, measured: rejectsMeasured, find: newFinder("", "file", "reason", "line")}
	s.q.stale, s.q.name = true, "rejects"
	s.q.load = func(ctx context.Context, src Source, _ queries.Scope) ([]*rejected, error) {
		lines, err := src.Rejects(ctx)
		rows := make([]*rejected, 0, len(lines))
		for _, r := range lines {
			rows = append(rows, newRejected(r))
		}
		return rows, err
	}
	s.q.got = s.fill
	return s
}

func newRejected(r queries.Reject) *rejected {
	out := &rejected{Reject: r}
	out.id = count(r.SourceID) + "/" + count(r.SourceOffset) + "/" + count(r.Line)
	out.cells = []grid.Cell{{Text: clean(r.Path)}, {Text: count(r.Line)}, {Text: clean(r.Reason)}, {Text: clean(clipBytes(r.Sample))}}
	out.find = searched(map[string]string{"file": r.Path, "reason": r.Reason, "line": count(r.Line)}, []string{"file", "reason"}, r.Sample)
	return out
}

// rejectsMeasured is how many rows are looked at for the widths of columns.
const rejectsMeasured = 200

// clipBytes keeps what one line of a screen could show at most.
func clipBytes(s string) string {
	const lineBytes = 800
	if len(s) > lineBytes {
		return strings.ToValidUTF8(s[:lineBytes], "")
	}
	return s
}

func (s *rejects) crumb() string          { return "Lines not read" }
func (s *rejects) refresh(a *app) tea.Cmd { return s.q.refresh(a) }
func (s *rejects) outdated()              { s.q.stale = true }
func (s *rejects) interrupt() bool        { return s.q.interrupt() }
func (s *rejects) stop()                  { s.q.stop() }

func (s *rejects) restyle(*app) {}

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
	return s.onRow(a, k, func(r *rejected) tea.Cmd { return s.pressedOn(a, k, r) })
}

func (s *rejects) pressedOn(a *app, k tea.KeyPressMsg, r *rejected) tea.Cmd {
	m := a.keymap
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
	if text, only := s.asked(a, width, s.q.answered, s.q.status); only {
		return text
	}
	return s.find.status(a, width, s.countsUpTo(queries.RejectsMax, "the rest is not shown")+" "+a.signs.dot+" of all time")
}

// rejectPane is the height of the pane with the whole sample.
const rejectPane = 8

func (s *rejects) body(a *app, width, height int) []string {
	if len(s.list.rows) == 0 {
		return s.missing(a, width, s.q.answered, s.q.err, "Every line could be read, or was ignored for a reason (errscope report accounting). esc goes back.")
	}
	rows := s.rows(height)
	lines := s.lines(a, width, rows, true, s.q.slow, nil)
	return s.list.over(lines, rows, height-rows, func(r *rejected) []string {
		pane := []string{a.section(clean(r.Path)+" line "+count(r.Line), width), a.line(width).put("", "  ").put(a.theme.warn, clean(r.Reason)).String()}
		for _, part := range hardwrap(clean(r.Sample), width-4) {
			if len(pane) < height-rows {
				pane = append(pane, a.line(width).put("", "  "+part).String())
			}
		}
		return pane
	})
}

// rows is how many lines of the body the list has, its titles included.
func (s *rejects) rows(height int) int {
	if height < 2*rejectPane {
		return height
	}
	return min(height-rejectPane, len(s.all)+2)
}

func (s *rejects) click(_ *app, x, y int, b box) tea.Cmd {
	if y < s.rows(b.height) {
		s.clicked(x, y, b.width)
	}
	return nil
}
