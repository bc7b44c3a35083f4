package report

import (
	"bufio"
	"io"
	"strings"
)

// The SGR sequences of coloured text.
const (
	sgrBold  = "\x1b[1m"
	sgrLoud  = "\x1b[1;31m"
	sgrFaint = "\x1b[2m"
	sgrReset = "\x1b[0m"
)

// gap separates two columns of a table.
const gap = 2

// textWriter lays a document out in lines of at most width columns. Our own
// sentences are broken between words, foreign text in tables is cut.
type textWriter struct {
	w      *bufio.Writer
	width  int
	colour bool
}

func writeText(w io.Writer, f findings) error {
	t := &textWriter{w: bufio.NewWriter(w), width: f.options.Width, colour: f.options.Colour}
	d := f.document()
	t.line(sgrBold, cut(d.title, t.width))
	for _, p := range d.lead {
		t.prose("", p, "", "")
	}
	for _, s := range d.sections {
		if s.drawnOnly() {
			continue
		}
		t.line("", "")
		t.prose(sgrBold, ours("%s", s.heading), "", "")
		t.section(s)
	}
	return t.w.Flush()
}

func (t *textWriter) section(s section) {
	if s.chart != nil {
		t.chart(s.chart)
	}
	if s.timeline != nil {
		t.timeline(s.timeline)
	}
	if s.bars != nil {
		t.bars(s.bars)
	}
	for _, it := range s.items {
		style := ""
		if it.loud {
			style = sgrLoud
		}
		t.prose(style, it.head, it.mark(), "  ")
		for _, line := range it.lines {
			t.prose("", line, "    ", "      ")
		}
		t.command(visible(it.command))
	}
	if s.table != nil {
		t.table(s.table)
	}
	for _, p := range s.notes {
		t.prose(sgrFaint, p, "", "")
	}
}

// line writes one line; nothing in style or text is trusted to end it.
func (t *textWriter) line(style, text string) {
	text = strings.TrimRight(text, " ")
	if t.colour && style != "" && text != "" {
		text = style + text + sgrReset
	}
	t.w.WriteString(text) // bufio keeps the first error for Flush
	t.w.WriteByte('\n')
}

// proseLinesMax bounds one foreign sentence, such as a vendor's message.
const proseLinesMax = 6

// prose writes a sentence, broken between words. first and rest are the
// indents; a word longer than a line is cut.
func (t *textWriter) prose(style string, p prose, first, rest string) {
	indent, lines := first, 0
	line := ""
	for _, word := range strings.Fields(p.String()) {
		room := t.width - len(indent)
		switch {
		case line == "":
			line = cut(word, room)
		case width(line)+1+width(word) <= room:
			line += " " + word
		default:
			if lines++; lines == proseLinesMax {
				t.line(style, indent+cut(line+" …", room))
				return
			}
			t.line(style, indent+line)
			indent = rest
			line = cut(word, t.width-len(indent))
		}
	}
	if line != "" {
		t.line(style, indent+line)
	}
}

// command writes a command line; a shell reads on where a line ends in a pipe
// or a backslash.
func (t *textWriter) command(text string) {
	indent, line := "    ", ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case strings.HasSuffix(line, "|") && t.width >= WidthDefault:
			t.line("", indent+line)
			indent, line = "      ", word
		case width(indent)+width(line)+1+width(word)+2 <= t.width:
			line += " " + word
		default:
			if !strings.HasSuffix(line, "|") {
				line += ` \`
			}
			t.line("", indent+cut(line, t.width-width(indent)))
			indent, line = "      ", word
		}
	}
	if line != "" {
		t.line("", indent+cut(line, t.width-width(indent)))
	}
}

// chart draws one line of failures over time.
func (t *textWriter) chart(c *chart) {
	counts := make([]int64, len(c.buckets))
	for i, b := range c.buckets {
		counts[i] = b.Failures
	}
	drawn := spark(counts, t.width)
	t.line("", drawn)
	if len(c.shades) > 0 {
		t.line("", strings.ReplaceAll(marks(c.shades, width(drawn)), "·", " "))
	}
	if space := width(drawn) - width(c.first) - width(c.end); space >= 1 {
		t.line(sgrFaint, c.first+strings.Repeat(" ", space)+c.end)
	}
	t.prose("", c.peak, "", "")
	t.prose("", c.shaded, "", "")
}

// table draws what fits and names the columns that do not.
func (t *textWriter) table(tb *table) {
	shown, widths := layout(tb, t.width)
	header := make([]cell, len(tb.columns))
	for i, c := range tb.columns {
		header[i] = own(c.title)
	}
	t.row(tb, header, shown, widths, sgrFaint)
	for _, row := range tb.rows {
		t.row(tb, row, shown, widths, "")
	}
	var left []string
	for i, c := range tb.columns {
		if !has(shown, i) {
			left = append(left, c.title)
		}
	}
	if len(left) > 0 {
		t.prose(sgrFaint, ours("Too narrow for: %s.", strings.Join(left, ", ")), "", "")
	}
}

func has(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

func (t *textWriter) row(tb *table, row []cell, shown, widths []int, style string) {
	var out strings.Builder
	for at, i := range shown {
		text := cut(row[i].text, widths[at])
		pad := strings.Repeat(" ", max(0, widths[at]-width(text)))
		if at > 0 {
			out.WriteString(strings.Repeat(" ", gap))
		}
		if tb.columns[i].right {
			out.WriteString(pad + text)
		} else {
			out.WriteString(text + pad)
		}
	}
	t.line(style, out.String())
}

// layout decides which columns of a table are shown and how wide. Columns go
// by their drop number until the smallest widths fit; what is left of the line
// goes to the columns that were shrunk, from left to right.
func layout(tb *table, columns int) (shown, widths []int) {
	natural := make([]int, len(tb.columns))
	for i, c := range tb.columns {
		natural[i] = width(c.title)
		for _, row := range tb.rows {
			natural[i] = max(natural[i], width(row[i].text))
		}
		shown = append(shown, i)
	}
	least := func(i int) int {
		if m := tb.columns[i].min; m > 0 {
			return min(m, natural[i])
		}
		return natural[i]
	}
	for {
		total, worst := -gap, 0
		for at, i := range shown {
			total += least(i) + gap
			if tb.columns[i].drop > tb.columns[shown[worst]].drop {
				worst = at
			}
		}
		if total <= columns || tb.columns[shown[worst]].drop == 0 {
			return shown, spread(shown, natural, least, columns)
		}
		shown = append(shown[:worst:worst], shown[worst+1:]...)
	}
}

// spread gives each column its least width and the rest of the line to those
// that want more. Where even the least is too much, the widest give way.
func spread(shown, natural []int, least func(int) int, columns int) []int {
	widths := make([]int, len(shown))
	room := columns - gap*(len(shown)-1)
	for at, i := range shown {
		widths[at] = least(i)
		room -= widths[at]
	}
	for ; room < 0; room++ {
		widest := 0
		for at := range widths {
			if widths[at] > widths[widest] {
				widest = at
			}
		}
		widths[widest]--
	}
	for at, i := range shown {
		more := min(room, natural[i]-widths[at])
		if more > 0 {
			widths[at] += more
			room -= more
		}
	}
	return widths
}
