package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

func (s *vendors) status(a *app, width int) string {
	if text, only := s.asked(a, width, s.q.answered, s.q.status); only {
		return text
	}
	return s.find.status(a, width, s.counts()+s.order(a, boardColumns[s.sort].Title))
}

// heights divides the body: the list, the chart of the selected vendor, and
// what is known of it.
func (s *vendors) heights(height int) (rows, plot, words int) {
	if height < paneMin {
		return height, 0, 0
	}
	words = min(7, max(3, height/5))
	plot = min(16, max(6, height*2/5))
	if s.full {
		return 0, height - words, words
	}
	rows = min(len(s.all)+2, max(height-plot-words, 4))
	if plot = min(max(20, height/2), height-rows-words); plot < 5 {
		plot, rows = 0, min(len(s.all)+2, height-words)
	}
	return rows, plot, words
}

func (s *vendors) body(a *app, width, height int) []string {
	if len(s.all) == 0 {
		return a.emptyBody(s.q.answered, s.q.err, width)
	}
	if len(s.list.rows) == 0 {
		return s.unmatched(a, s.noun, width)
	}
	rows, plot, words := s.heights(height)
	var lines []string
	if rows > 0 {
		lines = s.listLines(a, width, rows)
	}
	for len(lines) < rows {
		lines = append(lines, "")
	}
	e, ok := s.list.selected()
	if !ok || words == 0 {
		return lines
	}
	if plot > 0 {
		lines = append(lines, s.plotLines(a, e, width, plot)...)
	}
	return append(lines, s.wordLines(a, e, width, words)...)
}

func (s *vendors) listLines(a *app, width, rows int) []string {
	return s.lines(a, width, rows, true, s.q.slow, func(e *vendorEntry, c, w int) grid.Cell {
		if c == veTrend {
			return grid.Cell{Text: chart.Spark(e.ratio, w, a.glyphs), On: e.cells[c].On, Picture: true}
		}
		return e.cells[c]
	})
}

// paints are the colours of the classes.
func (t *theme) paints() [classes]paint {
	return [classes]paint{classOutage: t.bad, classQuota: t.warn, classRetry: t.info, classFix: t.mine, classOther: t.dim}
}

// plotLines draws the ratio of failures by class, with a legend of the classes
// that there are.
func (s *vendors) plotLines(a *app, e *vendorEntry, width, height int) []string {
	paints := a.theme.paints()
	l := a.line(width).put(a.theme.rule, a.signs.rule+a.signs.rule+" ").put(a.theme.head, e.cells[veVendor].Text+" "+a.signs.dot+" failed of all calls ")
	layers := make([][]float64, classes)
	for c := range classes {
		layers[c] = make([]float64, len(e.requests))
		for i, n := range e.requests {
			if layers[c][i] = chart.Gap; n > 0 {
				layers[c][i] = e.failures[c][i] / float64(n)
			}
		}
		if e.of[c] > 0 {
			l.put(paints[c], " "+string(chart.Fill(int(c), a.glyphs))+" "+classNames[c])
		}
	}
	if l.left > 2 {
		l.put("", " ").put(a.theme.rule, strings.Repeat(a.signs.rule, l.left))
	}
	lines := []string{l.String()}
	inner, rows := width-plotLabel-1, height-2
	if inner < 10 || rows < 1 {
		return lines
	}
	top := chart.StackMax(layers, inner)
	for i, pieces := range chart.Stack(layers, inner, rows, top, a.glyphs) {
		label := ""
		switch {
		case i == rows-1:
			label = "0"
		case i == 0 && top > 0:
			label = percent(int64(top*ratioScale), ratioScale) + "%"
		}
		lines = append(lines, drawPieces(a.axis(label, width), pieces, paints, a.theme.dim))
	}
	return append(lines, a.times(s.board.First.UTC(), s.board.Last.UTC(), width))
}

// drawPieces puts the cells of a stack, those of one colour in one go.
func drawPieces(l *line, pieces []chart.Piece, paints [classes]paint, none paint) string {
	for from := 0; from < len(pieces); {
		to := from
		var b strings.Builder
		for to < len(pieces) && pieces[to].Layer == pieces[from].Layer {
			b.WriteRune(pieces[to].Rune)
			to++
		}
		kind := none
		if layer := pieces[from].Layer; layer >= 0 {
			kind = paints[layer]
		}
		l.put(kind, b.String())
		from = to
	}
	return l.String()
}

// wordLines say what is known of a vendor, the pressing first.
func (s *vendors) wordLines(a *app, e *vendorEntry, width, height int) []string {
	lines := []string{a.section(e.cells[veVendor].Text+" "+a.signs.dot+" what it says", width)}
	for _, p := range s.facts(a, e) {
		if p.value != "" && len(lines) < height {
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, p.name, 11).put(p.kind, p.value).String())
		}
	}
	return lines
}

func (s *vendors) facts(a *app, e *vendorEntry) []property {
	var open, quotas []string
	danger := ""
	for _, w := range s.board.Windows {
		if w.EndedAt.IsZero() && boardKey(w.Vendor, w.Host) == e.id {
			open = append(open, windowWords(w, s.board.Last))
		}
	}
	for _, q := range s.board.Quotas {
		if boardKey(q.Vendor, q.Host) != e.id {
			continue
		}
		if name := clean(q.Name); name != "" && !slices.Contains(quotas, name) {
			quotas = append(quotas, name)
		}
		if quotaDanger(q, s.board.Last) > 0 && danger == "" {
			danger = quotaLine(a, q, s.board.Last)
		}
	}
	var codes []string
	for _, c := range e.codes {
		name := clean(c.Name)
		if name == "" {
			name = "no response"
		}
		codes = append(codes, name+" "+a.signs.times+count(c.Failures))
	}
	ids := ""
	if e.failed > 0 {
		ids = "in " + percent(e.withID, e.failed) + " % of its failures"
	}
	known := strings.Join(quotas, ", ")
	if known == "" {
		known = "none known"
	}
	return []property{
		{"outage", strings.Join(open, "   "), a.theme.bad},
		{"quota", danger, a.theme.warn},
		{"top codes", strings.Join(codes, "   "), ""},
		{"request_id", ids, ""},
		{"pack", s.packWords(a, e), ""},
		{"quotas", known, ""},
		{"last call", when(e.last, a.o.Now()), a.theme.dim},
	}
}

// packWords says what labels a vendor's answers.
func (s *vendors) packWords(a *app, e *vendorEntry) string {
	if !known(e.vendor) {
		return "no pack knows this host: errscope ingest --bind " + clean(e.host) + "=PACK, or errscope packs new"
	}
	for _, p := range s.board.Packs {
		if p.Vendor != e.vendor {
			continue
		}
		words := clean(p.Vendor)
		if p.PackVersion != "" {
			words += " " + clean(p.PackVersion)
		}
		if p.SupportURL != "" {
			words += " " + a.signs.dot + " support " + clean(p.SupportURL)
		}
		return words
	}
	return clean(e.vendor)
}

// summary says a vendor in a few lines, to be pasted.
func (s *vendors) summary(a *app, e *vendorEntry) string {
	var b strings.Builder
	b.WriteString(plainWord(e.name()) + ": " + plural(e.failed, "failure") + " of " + plural(e.calls, "request") +
		" (" + percent(e.failed, e.calls) + " %), " + a.rangeWords() + "\n")
	for c := range classes {
		if e.of[c] > 0 {
			b.WriteString(classNames[c] + ": " + count(e.of[c]) + "\n")
		}
	}
	if e.route != "" {
		b.WriteString("worst route: " + plainWord(e.route) + "\n")
	}
	for _, p := range s.facts(a, e) {
		if p.value != "" {
			b.WriteString(p.name + ": " + plainWord(p.value) + "\n")
		}
	}
	return b.String()
}

func (s *vendors) click(a *app, x, y int, b box) tea.Cmd {
	rows, _, _ := s.heights(b.height)
	if y >= rows || len(s.list.rows) == 0 {
		return nil
	}
	if s.clicked(x, y, b.width) == hitAgain {
		return s.open(a)
	}
	return nil
}
