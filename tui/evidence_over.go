package tui

import (
	"context"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// evidenceEndings are the formats of a bundle by its ending.
func evidenceEndings() []string { return []string{".zip", ".md", ".json"} }

// write asks where to write the bundle of the vendor that is shown.
func (e *evidence) write(a *app) tea.Cmd {
	p, ok := e.shown()
	if !ok {
		return a.note(a.theme.info, "there is no bundle yet: put something into the basket")
	}
	if a.o.Evidence == nil {
		return a.note(a.theme.warn, errNoEvidence.Error())
	}
	ask, bundle := e.ask(a), a.o.Evidence
	ask.Vendor = p.Vendor
	w := newExporting(p.FileName, evidenceEndings())
	w.put = func(ctx context.Context, view Export) error {
		ask.Path, ask.Replace = view.Path, view.Replace
		_, err := bundle(ctx, ask)
		return err
	}
	return tea.Batch(a.open(w), w.field.Focus())
}

// asking waits for a yes.
type asking struct {
	untold
	heading, text, yes string
	do                 func(a *app) tea.Cmd
}

func (q *asking) title() string { return q.heading }
func (q *asking) wheel(int)     {}

func (q *asking) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Open, q.yes), doing(a.keymap.Back, "leave it")}
}

func (q *asking) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Back), key.Matches(k, m.Quit):
		a.close()
	case key.Matches(k, m.Open):
		a.close()
		return q.do(a)
	}
	return nil
}

func (q *asking) body(a *app, width, _ int) []string {
	lines := []string{a.section(q.heading, width)}
	for _, s := range wrap(q.text, width-4) {
		lines = append(lines, a.line(width).put("", "  "+s).String())
	}
	return append(lines, "", a.line(width).put("", "  ").put(a.theme.key, "enter").put("", " "+q.yes+"   ").put(a.theme.key, "esc").put("", " leave it").String())
}

// including chooses the personal data that stays in a bundle.
type including struct {
	untold
	of  *evidence
	row int
}

func (i *including) title() string   { return "Personal data in the bundle" }
func (i *including) wheel(lines int) { i.to(i.row + lines) }

func (i *including) to(row int) { i.row = max(0, min(row, len(personalKinds())-1)) }

func (i *including) click(a *app, _, y int, _ box) tea.Cmd {
	if row := y - includingTop; row >= 0 && row < len(personalKinds()) {
		if row == i.row {
			return i.toggle(a)
		}
		i.row = row
	}
	return nil
}

func (i *including) keys(a *app) []key.Binding {
	return []key.Binding{doing(a.keymap.Basket, "mask it or leave it in"), a.keymap.Down, doing(a.keymap.Back, "done")}
}

func (i *including) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Down):
		i.to(i.row + 1)
	case key.Matches(k, m.Up):
		i.to(i.row - 1)
	case key.Matches(k, m.Basket), key.Matches(k, m.Open):
		return i.toggle(a)
	case key.Matches(k, m.Back), key.Matches(k, m.Quit), key.Matches(k, m.EvidenceInclude):
		a.close()
	}
	return nil
}

func (i *including) toggle(a *app) tea.Cmd {
	kind := personalKinds()[i.row]
	if at := slices.Index(i.of.include, kind); at >= 0 {
		i.of.include = slices.Delete(i.of.include, at, at+1)
	} else {
		i.of.include = append(i.of.include, kind)
	}
	slices.Sort(i.of.include)
	return i.of.refresh(a)
}

// includingTop is the line of the first kind.
const includingTop = 3

func (i *including) body(a *app, width, _ int) []string {
	lines := []string{
		a.section(i.title(), width),
		a.line(width).put("", "  Credentials never stay. These do where you say so, and the manifest names them.").String(),
		"",
	}
	shown, ok := i.of.shown()
	if !ok {
		shown = &EvidencePart{}
	}
	for n, kind := range personalKinds() {
		words, places := kind, int64(0)
		for _, r := range shown.Redactions {
			if r.Personal == kind {
				words, places = clean(r.Words), r.Places
			}
		}
		mark, on, sign, state := "  ", paint(""), a.signs.yes, "masked"
		if n == i.row {
			mark, on = "> ", a.theme.selected
		}
		if slices.Contains(i.of.include, kind) {
			sign, state = a.signs.no, "left in"
		}
		lines = append(lines, a.line(width).put(on, mark+sign+" "+words+spaces(24-len(words))+count(places)+" in the bundle, "+state).String())
	}
	return lines
}
