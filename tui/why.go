package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// ExplainSource labels a stored exchange again, by the rules of today.
type ExplainSource interface {
	// Explain says the label of the exchange at a place in lines of words, with its
	// evidence; "" where rules or exchange cannot be had.
	Explain(ctx context.Context, at queries.Place) (string, error)
}

// explained is a stored label and what the rules say today.
type explained struct {
	x     queries.Exchange
	found bool
	today string
}

// why says by what an exchange, or the newest of a group, got its label.
type why struct {
	pages
	untold
	q    question[explained]
	key  queries.GroupKey
	data explained
}

// openWhy asks for one exchange, or for the newest of a group where at is nil.
func (a *app) openWhy(k queries.GroupKey, at *queries.Place) tea.Cmd {
	w := &why{key: k}
	w.q.load = func(ctx context.Context, src Source, s queries.Scope) (out explained, err error) {
		var found []queries.Exchange
		if at != nil {
			found, err = src.Exchange(ctx, *at)
		} else {
			found, err = src.Samples(ctx, s, k, 1)
		}
		if err != nil || len(found) == 0 {
			return out, err
		}
		out.x, out.found = found[0], true
		out.today, err = src.Explain(ctx, placeOf(&out.x))
		return out, err
	}
	w.q.got = func(e explained) { w.data = e }
	return tea.Batch(a.open(w), w.q.ask(a))
}

// confidences say what a label was drawn from.
var confidences = map[record.Confidence]string{
	record.ConfidenceExact:     "the vendor's own code, or type and code",
	record.ConfidenceMessage:   "a message that the vendor words so",
	record.ConfidenceHint:      "a yes or no that the vendor states",
	record.ConfidenceStatus:    "the status alone, as this vendor uses it",
	record.ConfidenceGeneric:   "the usual form of errors; no pack knows the vendor",
	record.ConfidenceAmbiguous: "several labels fit",
}

func (w *why) title() string { return "Why this label" }

func (w *why) status(a *app, width int) string {
	text, kind := w.q.status(a)
	return a.line(width).put(kind, text).String()
}

func (w *why) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{m.Down, doing(m.CopyWhole, "copy"), m.Back}
}

func (w *why) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case w.pages.press(m, k):
	case key.Matches(k, m.Back), key.Matches(k, m.Quit), key.Matches(k, m.Why):
		w.q.stop()
		a.close()
	case key.Matches(k, m.CopyID), key.Matches(k, m.CopyWhole):
		var b strings.Builder
		for _, p := range w.stored() {
			b.WriteString(p.name + ": " + plainWord(p.value) + "\n")
		}
		for s := range strings.Lines(w.data.today) {
			b.WriteString(plainWord(s) + "\n")
		}
		return a.copied("explanation", b.String())
	}
	return nil
}

// stored is the label as it stands in the database.
func (w *why) stored() []property {
	x := &w.data.x
	var list []property
	for _, p := range [...]property{
		{"vendor", vendorWords(x.Vendor, x.Host), ""}, {"category", plain(string(x.Category)), ""}, {"code", x.Code, ""}, {"type", x.Type, ""},
		{"rule", x.Rule, ""}, {"drawn from", confidences[x.Confidence], ""}, {"also fits", x.Candidates, ""}, {"whose", owners[x.Fault].long, ""},
		{"do this", doThis[x.Retry].long, ""}, {"retry time", retryTime(x), ""}, {"message", x.Message, ""}, {"advice", x.Action, ""}, {"docs", x.DocsURL, ""},
	} {
		if p.value != "" {
			list = append(list, p)
		}
	}
	return list
}

func (w *why) body(a *app, width, height int) []string {
	name := vendorWords(w.key.Vendor, w.key.Host) + " " + codeWords(w.key)
	lines := []string{a.section("Why "+name, width)}
	if !w.data.found {
		text := "Asking for the label" + a.signs.more
		if w.q.answered {
			text = "The exchange is no longer in the database."
		} else if w.q.err != nil {
			text = "The label could not be had: " + clean(w.q.err.Error())
		}
		return w.show(append(lines, a.line(width).put("", "  "+text).String()), height)
	}
	for _, p := range w.stored() {
		lines = append(lines, labelled(a, p.name, p.value, width)...)
	}
	lines = append(lines, "", a.section("Labelled again, by the rules of today", width))
	if w.data.today == "" {
		lines = append(lines, a.line(width).put(a.theme.dim, "  the rules are not at hand here, or only the short row of a success is kept").String())
	}
	for s := range strings.Lines(w.data.today) {
		for _, part := range hardwrap(cleanAll(strings.TrimRight(s, "\n")), width-4) {
			lines = append(lines, a.line(width).put("", "  "+part).String())
		}
	}
	return w.show(lines, height)
}

// labelled is a name with its value, in as many lines as that takes.
func labelled(a *app, name, value string, width int) []string {
	var lines []string
	for i, part := range wrap(clean(value), width-16) {
		if i > 0 {
			name = ""
		}
		lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, name, 12).put("", part).String())
	}
	return lines
}
