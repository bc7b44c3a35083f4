package report

import (
	"bufio"
	"io"
	"strings"
)

// cellColumnsMax bounds a foreign text in a Markdown or HTML table.
const cellColumnsMax = 160

func writeMarkdown(w io.Writer, f findings) error {
	out := bufio.NewWriter(w)
	d := f.document()
	out.WriteString("# " + markdownText(d.title) + "\n")
	for _, p := range d.lead {
		out.WriteString("\n" + markdownProse(p) + "\n")
	}
	for _, s := range d.sections {
		if s.drawnOnly() {
			continue
		}
		out.WriteString("\n## " + markdownText(s.heading) + "\n")
		markdownSection(out, s)
	}
	return out.Flush()
}

func markdownSection(out *bufio.Writer, s section) {
	if s.chart != nil {
		counts := make([]int64, len(s.chart.buckets))
		for i, b := range s.chart.buckets {
			counts[i] = b.Failures
		}
		out.WriteString("\n" + markdownCode(spark(counts, WidthDefault/2)) + "\n\n")
		out.WriteString(markdownText(s.chart.first+" to "+s.chart.end) + ". " + markdownProse(s.chart.peak) + "\n")
		if len(s.chart.shaded) > 0 {
			out.WriteString("\n" + markdownProse(s.chart.shaded) + "\n")
		}
	}
	var drawn strings.Builder
	markdownDrawings(&drawn, s)
	out.WriteString(drawn.String())
	if len(s.items) > 0 {
		out.WriteByte('\n')
	}
	for _, it := range s.items {
		head := markdownProse(it.head)
		if it.loud {
			head = "**" + head + "**"
		}
		out.WriteString(it.mark() + head + "\n")
		lines := it.lines
		if it.command != "" {
			lines = append(lines[:len(lines):len(lines)], prose{}.quote(it.command))
		}
		for _, line := range lines {
			out.WriteString(strings.Repeat(" ", len(it.mark())) + "- " + markdownProse(line) + "\n")
		}
	}
	if s.table != nil {
		markdownTable(out, s.table)
	}
	for _, p := range s.notes {
		out.WriteString("\n" + markdownProse(p) + "\n")
	}
}

func markdownTable(out *bufio.Writer, t *table) {
	out.WriteString("\n|")
	for _, c := range t.columns {
		out.WriteString(" " + markdownText(c.title) + " |")
	}
	out.WriteString("\n|")
	for _, c := range t.columns {
		if c.right {
			out.WriteString(" ---: |")
		} else {
			out.WriteString(" --- |")
		}
	}
	out.WriteByte('\n')
	for _, row := range t.rows {
		out.WriteByte('|')
		for _, c := range row {
			text := cut(c.text, cellColumnsMax)
			if c.foreign && text != "-" {
				// A pipe ends a cell even inside of a code span.
				text = strings.ReplaceAll(markdownCode(text), "|", `\|`)
			} else {
				text = markdownText(text)
			}
			out.WriteString(" " + text + " |")
		}
		out.WriteByte('\n')
	}
}

func markdownProse(p prose) string {
	var out strings.Builder
	for _, s := range p {
		if s.foreign {
			out.WriteString(markdownCode(s.text))
		} else {
			out.WriteString(markdownText(s.text))
		}
	}
	return out.String()
}

// markdownCode makes a code span: the one place where neither links, nor
// mentions, nor HTML, nor emphasis act, on GitHub, GitLab and in chats alike.
// A backtick would end it, so it stands as an apostrophe.
func markdownCode(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "`", "'") + "`"
}

// markdownText escapes what acts as markup in running text. Mentions and bare
// links act in spite of a backslash, so they are broken up.
func markdownText(s string) string {
	var out strings.Builder
	for i, r := range s {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@':
			out.WriteString("(at)")
		case r == ':' && strings.HasPrefix(s[i:], "://"):
			out.WriteString(" : ")
		case r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			out.WriteString(" . ")
		case strings.ContainsRune("\\`*_{}[]()#|~$!^", r) && needsEscape(r, i, s):
			out.WriteByte('\\')
			out.WriteRune(r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// needsEscape spares the brackets and marks of plain sentences, which act only
// beside another mark.
func needsEscape(r rune, i int, s string) bool {
	switch r {
	case '(':
		return i > 0 && s[i-1] == ']'
	case ')', '{', '}', '!':
		return r == '!' && i+1 < len(s) && s[i+1] != ' '
	case '#':
		return len(s) > 1
	}
	return true
}
