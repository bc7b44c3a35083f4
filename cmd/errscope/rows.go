package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/report"
)

// writeRows writes an answer in one of the formats of errscope sql.
func writeRows(w io.Writer, rows *answerRows, format string) error {
	names := make([]string, len(rows.Columns))
	for i, c := range rows.Columns {
		names[i] = c.Name
	}
	switch format {
	case "csv":
		return writeCSV(w, names, rows)
	case "json":
		return writeJSON(w, names, rows, "[", ",", "\n", "\n]\n", "  ")
	case "jsonl":
		return writeJSON(w, names, rows, "", "", "\n", "\n", "")
	}
	return writeTable(w, names, rows, format == "md")
}

// eachRow calls visit for every row.
func eachRow(rows *answerRows, visit func([]any) error) error {
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(row); err != nil {
			return fmt.Errorf("writing rows: %w", err)
		}
	}
}

// writeJSON writes objects whose members stand in the order of the columns.
func writeJSON(w io.Writer, names []string, rows *answerRows, begin, comma, gap, end, indent string) error {
	keys := make([][]byte, len(names))
	for i, n := range names {
		key, err := json.Marshal(n)
		if err != nil {
			return err
		}
		keys[i] = append(escapeJSON(key), ':')
	}
	if _, err := io.WriteString(w, begin); err != nil {
		return err
	}
	count := 0
	var line []byte
	err := eachRow(rows, func(row []any) error {
		line = line[:0]
		if count > 0 {
			line = append(line, comma...)
		}
		if count > 0 || begin != "" {
			line = append(line, gap...)
		}
		line = append(append(line, indent...), '{')
		for i, v := range row {
			if i > 0 {
				line = append(line, ',')
			}
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			line = append(append(line, keys[i]...), escapeJSON(value)...)
		}
		count++
		_, err := w.Write(append(line, '}'))
		return err
	})
	if err != nil {
		return err
	}
	if count == 0 {
		end = strings.TrimLeft(end, "\n")
	}
	_, err = io.WriteString(w, end)
	return err
}

// escapeJSON writes what steers a terminal as JSON may write any rune, so that
// nothing is lost.
func escapeJSON(text []byte) []byte {
	if bytes.IndexFunc(text, steers) < 0 {
		return text
	}
	var out []byte
	for _, r := range string(text) {
		switch {
		case !steers(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// csvCell is a text in CSV: nothing in it steers, and one that a spreadsheet would
// run as a formula gets an apostrophe in front. Line breaks stay.
func csvCell(s string) string {
	if report.Formula(s) {
		return "'" + visible(s)
	}
	return visible(s)
}

// writeCSV writes RFC 4180.
func writeCSV(w io.Writer, names []string, rows *answerRows) error {
	out := csv.NewWriter(w)
	header := make([]string, len(names))
	for i, n := range names {
		header[i] = csvCell(n)
	}
	if err := out.Write(header); err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	err := eachRow(rows, func(row []any) error {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = queries.ValueText(v)
			switch v.(type) {
			case bool, int64, uint64, float64, json.Number: // -1 is a number
			default:
				cells[i] = csvCell(cells[i])
			}
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// Limits of a table that is made to be looked at.
const (
	tableRowsMax   = 10_000
	cellWidthMax   = 120
	nullInTable    = "∅"
	cellCutMark    = "…"
	columnsBetween = "  "
)

// writeTable aligns columns for the eye, or writes a Markdown table. It holds
// all rows, so it stops at tableRowsMax and says so.
func writeTable(w io.Writer, names []string, rows *answerRows, markdown bool) error {
	numeric := make([]bool, len(names))
	lines := [][]string{make([]string, len(names))}
	for i, n := range names {
		numeric[i] = true
		lines[0][i] = tableCell(n, markdown)
	}
	cut := false
	err := eachRow(rows, func(row []any) error {
		if len(lines) > tableRowsMax {
			cut = true
			return io.EOF
		}
		cells := make([]string, len(row))
		for i, v := range row {
			switch v.(type) {
			case int64, uint64, float64, json.Number, nil:
			default:
				numeric[i] = false
			}
			cells[i] = tableCell(queries.ValueText(v), markdown)
			if v == nil {
				cells[i] = nullInTable
			}
		}
		lines = append(lines, cells)
		return nil
	})
	if err != nil && !cut {
		return err
	}
	if markdown {
		err = markdownTable(w, lines, numeric)
	} else {
		err = plainTable(w, lines, numeric)
	}
	if cut && err == nil {
		_, err = fmt.Fprintf(w, "only the first %d rows; --format csv or jsonl gives all\n", tableRowsMax)
	}
	return err
}

// tableCell makes foreign text harmless for a terminal or for Markdown.
func tableCell(s string, markdown bool) string {
	s = strings.ReplaceAll(visible(s), "\t", " ")
	if !markdown {
		return ansi.Truncate(strings.ReplaceAll(s, "\n", "⏎"), cellWidthMax, cellCutMark)
	}
	return markdownInert.Replace(s)
}

// markdownInert writes what acts as markup: links and mentions that are made of
// plain text, too.
var markdownInert = strings.NewReplacer("\\", `\\`, "\n", " ", "|", `\|`, "<", "&lt;", "&", "&amp;", "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`,
	"~", `\~`, "$", `\$`, "@", "&#64;", "#", `\#`, "://", ":&#47;&#47;", "www.", "www&#46;", "WWW.", "WWW&#46;")

func plainTable(w io.Writer, lines [][]string, numeric []bool) error {
	width := make([]int, len(numeric))
	for _, l := range lines {
		for i, c := range l {
			width[i] = max(width[i], ansi.StringWidth(c))
		}
	}
	for _, l := range lines {
		var b strings.Builder
		for i, c := range l {
			if i > 0 {
				b.WriteString(columnsBetween)
			}
			pad := strings.Repeat(" ", width[i]-ansi.StringWidth(c))
			if numeric[i] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return fmt.Errorf("writing rows: %w", err)
		}
	}
	return nil
}

func markdownTable(w io.Writer, lines [][]string, numeric []bool) error {
	rule := make([]string, len(numeric))
	for i, n := range numeric {
		rule[i] = "---"
		if n && len(lines) > 1 {
			rule[i] = "--:"
		}
	}
	out := append([][]string{lines[0], rule}, lines[1:]...)
	for _, l := range out {
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(l, " | ")); err != nil {
			return fmt.Errorf("writing rows: %w", err)
		}
	}
	return nil
}
