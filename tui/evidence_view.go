package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

func (e *evidence) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := e.preview.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if text, kind := e.proposals.status(a); text != "" {
		return l.put(kind, text).String()
	}
	dot := " " + a.signs.dot + " "
	if len(a.basket) == 0 {
		return l.put("", "the basket is empty").put(a.theme.dim, dot+"what belongs into it is proposed"+dot+"a takes all of it").String()
	}
	l.put("", plural(int64(len(a.basket)), "thing")+" in the basket")
	if n := len(e.bundle.Parts); n > 0 {
		l.put(a.theme.dim, dot+plural(int64(n), "bundle")+", one for each vendor")
	}
	if a.o.Keep != nil {
		l.put(a.theme.dim, dot+"kept between runs")
	}
	return l.String()
}

// evidenceBeside is the width from which the summary stands beside the basket.
const evidenceBeside = 100

// evidenceRoom is how the body is divided.
type evidenceRoom struct {
	beside            bool
	left, right       int // widths
	rows, rest, check int // heights: of the basket, of what is beside or below it, of the checks
}

// waitingHeight is what the hint for an empty basket takes at 80 columns, its
// section line included.
const waitingHeight = 4

func (e *evidence) room(a *app, width, height int) evidenceRoom {
	r := evidenceRoom{left: width, right: width}
	if p, ok := e.shown(); ok && height >= 14 {
		r.check = min(len(p.Checks)+1, height/4)
	}
	if e.alone {
		r.check = 0
		r.rest = height
		return r
	}
	height -= r.check
	if r.beside = width >= evidenceBeside; r.beside {
		r.left = min(64, max(48, width*2/5))
		r.right = width - r.left - 2
		facts := 6
		if p, ok := e.shown(); ok {
			facts += len(p.Redactions)
		}
		r.rows = max(min(len(e.list.rows)+2, height), min(6, height))
		r.rows = min(r.rows, max(6, height-facts))
		r.rest = height
		return r
	}
	rows := max(4, height/3)
	if len(a.basket) == 0 {
		rows = max(rows, height-waitingHeight) // nothing but a hint stands below
	}
	r.rows = min(len(e.list.rows)+2, rows)
	r.rest = height - r.rows
	return r
}

func (e *evidence) body(a *app, width, height int) []string {
	if len(e.list.rows) == 0 {
		return e.nothing(a, width)
	}
	r := e.room(a, width, height)
	if e.alone {
		return e.summary(a, r.right, r.rest)
	}
	lines := e.basket(a, r.left, r.rows)
	switch {
	case r.beside:
		for len(lines) < r.rows {
			lines = append(lines, "")
		}
		lines = append(lines, e.facts(a, r.left, r.rest-len(lines))...)
		lines = beside(a, lines, e.summary(a, r.right, r.rest), r.left, 2)
		for len(lines) < r.rest {
			lines = append(lines, "")
		}
	default:
		lines = append(lines, e.summary(a, r.right, r.rest)...)
		for len(lines) < height-r.check {
			lines = append(lines, "")
		}
	}
	return append(lines, e.checks(a, width, r.check)...)
}

// nothing says why there is nothing, and what to press.
func (e *evidence) nothing(a *app, width int) []string {
	if !e.proposals.answered {
		return a.emptyBody(false, e.proposals.err, width)
	}
	lines := []string{""}
	text := "The basket is empty, and nothing in this time range asks for a vendor's support: no outage, and no failure that is a vendor's to mend. " +
		"Press space on a failure (3), an exchange or an outage (5) to put it in here all the same, or t for another time range."
	for _, s := range wrap(text, width-4) {
		lines = append(lines, a.line(width).put("", "  "+s).String())
	}
	return lines
}

// basket is the list at the left.
func (e *evidence) basket(a *app, width, height int) []string {
	title := "Proposed"
	if len(a.basket) > 0 {
		title = "Basket"
	}
	lines := []string{a.section(title, width)}
	kept := e.list.cols
	if e.list.cols = slices.Clone(kept); e.sort != evidenceMark {
		e.list.cols[e.sort].Title += a.sortArrow(e.upward)
	}
	defer func() { e.list.cols = kept }()
	return append(lines, e.list.lines(a, width, height-1, true, e.preview.slow, func(it evidenceItem, column, _ int) grid.Cell { return e.cell(a, it, column) })...)
}

// cell is what a column says of a thing.
func (e *evidence) cell(a *app, it evidenceItem, column int) grid.Cell {
	on := ""
	if it.state != itemKept {
		on = string(a.theme.dim)
	}
	switch column {
	case 0:
		return [...]grid.Cell{itemKept: {Text: a.signs.yes, On: string(a.theme.good)}, itemDropped: {Text: a.signs.no, On: string(a.theme.warn)}, itemProposed: {Text: "?", On: on}}[it.state]
	case 1:
		text := clean(it.Label)
		if it.Kind == PickRequest {
			text = vendorWords(it.Vendor, it.Host) + " call " + text
		}
		return grid.Cell{Text: text, On: on}
	}
	return grid.Cell{Text: count(it.Failures), On: on}
}

// facts are what was masked, and the file.
func (e *evidence) facts(a *app, width, height int) []string {
	p, ok := e.shown()
	if !ok || height < 3 {
		return nil
	}
	lines := []string{a.section("Bundle for "+clean(p.Vendor), width)}
	for _, f := range [...]property{
		{"holds", plural(p.Failures, "failure") + ", " + count(p.ForSupport) + " meant for support", ""},
		{"file", clean(p.FileName), a.theme.info},
		{"size", size(p.SizeBytes) + " in " + plural(int64(p.Files), "file"), ""},
	} {
		lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, f.name, 7).put(f.kind, f.value).String())
	}
	var masked []string
	for _, r := range p.Redactions {
		if r.Places > 0 || r.Personal != "" {
			masked = append(masked, a.redactionLine(r, width))
		}
	}
	lines = append(lines, a.section("Masked (i: leave personal data in)", width))
	if over := len(lines) + len(masked) - height; over > 0 && len(masked) > over+1 {
		masked = append(masked[:len(masked)-over-1], a.line(width).put(a.theme.dim, "  "+count(int64(over+1))+" more (f shows the summary alone)").String())
	}
	lines = append(lines, masked...)
	return lines[:min(len(lines), height)]
}

func (a *app) redactionLine(r EvidenceRedaction, width int) string {
	sign, kind, word := a.signs.yes, a.theme.good, ""
	if r.Shown {
		sign, kind, word = a.signs.no, a.theme.warn, "shown"
	}
	n := count(r.Places)
	return a.line(width).put("", "  ").put(kind, sign+" ").field("", clean(r.Words), max(10, width-22)).put("", spaces(8-len(n))+n).put(kind, "  "+word).String()
}

// summary is the Markdown of the vendor that is shown.
func (e *evidence) summary(a *app, width, height int) []string {
	p, ok := e.shown()
	if !ok {
		return e.waiting(a, width)
	}
	if e.lines == nil || e.laidTo != width {
		e.lines, e.laidTo = a.markdownLines(p.Markdown, width), width
	}
	title := "Summary for " + clean(p.Vendor)
	if n := len(e.bundle.Parts); n > 1 {
		at := 1
		for i := range e.bundle.Parts {
			if e.bundle.Parts[i].Vendor == p.Vendor {
				at = i + 1
			}
		}
		title += " " + a.signs.dot + " " + count(int64(at)) + " of " + count(int64(n)) + " (tab: next)"
	}
	if len(e.lines) > height-1 {
		title += " " + a.signs.dot + " J/K scroll"
	}
	return append([]string{a.section(title, width)}, e.text.show(e.lines, max(0, height-1))...)
}

// waiting stands where there is no summary yet.
func (e *evidence) waiting(a *app, width int) []string {
	text := "Take what belongs with space, or all of it with a: the summary for the vendor's support, its request_ids and what is masked in it then show up here. w writes the bundle."
	switch {
	case len(a.basket) > 0 && e.preview.err != nil:
		text = "The bundle could not be made. Press r to try again."
	case len(a.basket) > 0 && !e.preview.answered:
		text = "Making the bundle" + a.signs.more
	case len(a.basket) > 0:
		text = "What lies in the basket selects nothing any more: its rows are gone, or it is of another database. D empties the basket."
	}
	lines := []string{a.section("Summary", width)}
	for _, s := range wrap(text, width-4) {
		lines = append(lines, a.line(width).put("", "  "+s).String())
	}
	return lines
}

// checks are the last look before something is sent.
func (e *evidence) checks(a *app, width, height int) []string {
	p, ok := e.shown()
	if !ok || height == 0 {
		return nil
	}
	lines := []string{a.section("Check before sending", width)}
	for _, c := range p.Checks {
		if len(lines) == height {
			break
		}
		sign, kind := a.signs.yes, a.theme.good
		if !c.OK {
			sign, kind = "!", a.theme.warn
		}
		lines = append(lines, a.line(width).put("", "  ").put(kind, sign+" ").put("", clean(c.Text)).String())
	}
	return lines
}

func (e *evidence) click(a *app, x, y int, b box) tea.Cmd {
	r := e.room(a, b.width, b.height)
	if e.alone || y < 1 || y >= r.rows || r.beside && x >= r.left {
		return nil
	}
	if y == 1 { // the titles
		col := grid.At(grid.Arrange(e.list.cols, r.left), x)
		if col >= 0 {
			e.sortBy(col, col == e.sort && !e.upward)
		}
		return nil
	}
	switch e.list.click(y - 1) { // below the line of the title
	case hitAgain:
		return e.open(a)
	case hitRow:
		e.follow()
	}
	return nil
}

func (e *evidence) wheel(a *app, lines, y int, b box) {
	r := e.room(a, b.width, b.height)
	if !e.alone && y < r.rows && !r.beside {
		e.list.to(e.list.cursor.Row + lines)
		return
	}
	e.text.wheel(lines)
}

// markdownLines lays Markdown of ours out for reading: tables in columns, the
// rest as it is sent.
func (a *app) markdownLines(text string, width int) []string {
	if a.glyphs == chart.ASCII {
		text = strings.Map(asciiBlock, text)
	}
	var lines []string
	var table [][]string
	flush := func() {
		lines = append(lines, a.tableLines(table, width)...)
		table = nil
	}
	fence := ""
	for s := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if fence == "" && strings.HasPrefix(s, "|") {
			if !strings.HasPrefix(s, "| ---") { // which stands between head and rows
				table = append(table, tableCells(s))
			}
			continue
		}
		flush()
		kind := paint("")
		switch {
		case fence != "" && s == fence:
			fence, s = "", ""
			continue
		case fence != "":
			kind = a.theme.info
		case strings.HasPrefix(s, "```"):
			fence = strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
			continue
		case strings.HasPrefix(s, "#"):
			kind = a.theme.title
		}
		if s == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		parts := []string{""}
		if c := cleanAll(s); c != "" && fence != "" {
			parts = hardwrap(c, width-2)
		} else if c != "" {
			parts = wrap(c, width-2)
		}
		for _, part := range parts {
			lines = append(lines, strings.TrimRight(a.line(width).put("", "  ").put(kind, part).String(), " "))
		}
	}
	flush()
	return lines
}

// asciiBlock stands for a block of a chart where a terminal has none.
func asciiBlock(r rune) rune {
	switch {
	case r >= '▁' && r <= '█':
		return rune("_.,-=+*#"[r-'▁'])
	case r == '…':
		return '~'
	}
	return r
}

// tableCells takes a row of a table apart; a bar in a cell is escaped there.
func tableCells(s string) []string {
	s = strings.ReplaceAll(strings.Trim(s, "| "), `\|`, "\x00")
	cells := strings.Split(s, " | ")
	for i := range cells {
		cells[i] = cleanAll(strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(cells[i]), "`", ""), "\x00", "|"))
	}
	return cells
}

// tableLines draws a table in columns, as wide as they need to be; what does not
// fit is cut at the right.
func (a *app) tableLines(rows [][]string, width int) []string {
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(36, painted(c)))
		}
	}
	lines := make([]string, 0, len(rows))
	for n, r := range rows {
		kind := paint("")
		if n == 0 {
			kind = a.theme.head
		}
		l := a.line(width).put("", "  ")
		for i, c := range r {
			if i == len(r)-1 {
				l.put(kind, c)
				break
			}
			l.field(kind, c, widths[i]).put("", "  ")
		}
		lines = append(lines, l.String())
	}
	return lines
}
