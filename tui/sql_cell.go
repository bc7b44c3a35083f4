package tui

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

const (
	// copyBytesMax bounds what goes to the clipboard by way of the terminal.
	copyBytesMax = 1 << 20
	// cellBytesMax bounds how much of one value is laid out.
	cellBytesMax = 256 << 10
)

// cellView is one value in full.
type cellView struct {
	pages
	untold
	name, kind string
	value      any
	text       string // laid out, JSON with a line for each member
	lines      []string
	width      int // that lines were made for
}

func (t *table) open(a *app) tea.Cmd {
	v, ok := t.value()
	if !ok {
		return a.note(a.theme.info, "there is no cell here")
	}
	c := &cellView{name: t.cols[t.column+1].Title, kind: typeWord(t.Columns[t.column].Type), value: v, text: queries.ValueText(v)}
	if looksLikeJSON(c.text) {
		var b bytes.Buffer
		if json.Indent(&b, []byte(c.text), "", "  ") == nil {
			c.text = b.String()
		}
	}
	return a.open(c)
}

func looksLikeJSON(s string) bool {
	return len(s) <= cellBytesMax && (strings.HasPrefix(s, "{") || strings.HasPrefix(s, "["))
}

func (c *cellView) title() string { return "Cell " + c.name }

func (c *cellView) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.CopyID, "copy"), m.Down, m.Up, m.Back}
}

func (c *cellView) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case c.pages.press(m, k):
	case key.Matches(k, m.Back), key.Matches(k, m.Quit), key.Matches(k, m.Open):
		a.close()
	case key.Matches(k, m.CopyID), key.Matches(k, m.CopyWhole):
		return a.copyBounded(c.name, plainText(queries.ValueText(c.value)))
	}
	return nil
}

func (c *cellView) body(a *app, width, height int) []string {
	if c.lines == nil || c.width != width {
		c.width, c.lines = width, c.layOut(a, width)
	}
	return c.show(c.lines, height)
}

func (c *cellView) layOut(a *app, width int) []string {
	facts := c.kind
	switch {
	case c.value == nil:
		facts += " " + a.signs.dot + " NULL: there is no value"
	default:
		facts += " " + a.signs.dot + " " + plural(int64(utf8.RuneCountInString(queries.ValueText(c.value))), "character")
	}
	lines := []string{a.section(c.title(), width), a.line(width).put(a.theme.dim, "  "+facts).String(), ""}
	text := c.text
	rest := 0
	if len(text) > cellBytesMax {
		cut := cellBytesMax
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		rest = len(text) - cut
		text = text[:cut]
	}
	for l := range strings.Lines(text) {
		parts := hardwrap(cleanAll(strings.TrimRight(l, "\r\n")), width-4)
		if len(parts) == 0 {
			lines = append(lines, "")
		}
		for _, part := range parts {
			lines = append(lines, a.line(width).put("", "  "+part).String())
		}
	}
	if rest > 0 {
		lines = append(lines, a.line(width).put(a.theme.warn, "  "+size(int64(rest))+" more are not laid out here; y copies").String())
	}
	return lines
}

// plainText is plainWord for text of several lines.
func plainText(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = plainWord(l)
	}
	return strings.Join(lines, "\n")
}

// copyBounded copies text where the terminal can be given so much.
func (a *app) copyBounded(what, text string) tea.Cmd {
	if len(text) > copyBytesMax {
		return a.note(a.theme.warn, what+" is "+size(int64(len(text)))+", too much for the clipboard; e writes it to a file")
	}
	if len(text) > 60 {
		return tea.Batch(tea.SetClipboard(text), a.note(a.theme.good, "copied "+what+", "+size(int64(len(text)))))
	}
	return a.copied(what, text)
}

func (t *table) copyCell(a *app) tea.Cmd {
	v, ok := t.value()
	if !ok {
		return a.note(a.theme.warn, "there is no cell to copy")
	}
	name := t.cols[t.column+1].Title
	if v == nil {
		return a.note(a.theme.warn, name+" is NULL here: there is nothing to copy")
	}
	return a.copyBounded(name, plainText(queries.ValueText(v)))
}

// copyRow copies the row as a JSON object, its members in the order of columns.
func (t *table) copyRow(a *app) tea.Cmd {
	if len(t.order) == 0 {
		return a.note(a.theme.warn, "there is no row to copy")
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range t.Rows[t.order[t.cursor.Row]] {
		if i > 0 {
			b.WriteString(", ")
		}
		name, err := json.Marshal(t.Columns[i].Name)
		if err != nil {
			return a.note(a.theme.bad, err.Error())
		}
		value, err := json.Marshal(v)
		if err != nil {
			return a.note(a.theme.bad, err.Error())
		}
		b.Write(name)
		b.WriteString(": ")
		b.Write(value)
	}
	b.WriteByte('}')
	return a.copyBounded("row "+count(int64(t.order[t.cursor.Row]+1)), plainWord(b.String()))
}

// copyCSV copies the rows that are here, in the order in which they are shown.
func (s *sqlScreen) copyCSV(a *app) tea.Cmd {
	t := s.answer
	if t == nil {
		return a.note(a.theme.warn, "there is no answer to copy yet")
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	_ = w.Write(names) // a strings.Builder takes everything
	cells := make([]string, len(t.Columns))
	for _, i := range t.order {
		for c, v := range t.Rows[i] {
			cells[c] = formulaSafe(v)
		}
		_ = w.Write(cells)
		if w.Flush(); b.Len() > copyBytesMax {
			return a.note(a.theme.warn, "the answer is too much for the clipboard; e writes it to a file")
		}
	}
	w.Flush()
	return a.copyBounded("the answer as CSV, "+plural(int64(len(t.order)), "row"), plainText(b.String()))
}

// formulaSafe is a value for a spreadsheet: a text that it would run as a
// formula gets an apostrophe in front.
func formulaSafe(v any) string {
	text := queries.ValueText(v)
	if s, ok := v.(string); ok && s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + text
	}
	return text
}
