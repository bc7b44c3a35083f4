package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// hostileCells are texts of others that want to be more than text.
func hostileCells() []string {
	return []string{
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]52;c;ZWNobw==\x07", "\x9b2J", "back\x08\x08\x08", "bell\a", "a\rb", "a\nb", "a\x00b", "\u2028line\u2029",
		"\u202egnp.exe", "\u2066isolate\u2069", "left\u200eright\u200f\u061c", "zero\u200bwidth\u200c\u200d\ufeff", "soft\u00adhyphen", "tags\U000e0041\U000e007f",
		"=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠x", "|cmd", "%x", "=HYPERLINK(\"http://x\")", "\u00a0=1", "\u3000=1", "\n=1",
		"@everyone", "[link](http://evil.example)", "![img](http://evil.example/x.png)", "<script>alert(1)</script>", "<img src=x onerror=y>", "http://evil.example/x",
		"www.evil.example", "mail@evil.example", "`code` | pipe", "a|b|c", "\\", "\\|", "**bold** _it_ ~~x~~", "# heading", "&lt;b&gt;", "$math$", "[ref]: http://x", "#123", "GH-1",
		"\xff\xfe broken", "a\u0300\u0301\u0302\u0303\u0304\u0305", strings.Repeat("x", 5000),
	}
}

// hostileRows asks a database for the cells, one a row, under a hostile name.
func hostileRows(t *testing.T, cells []string, format string) string {
	t.Helper()
	db, err := store.Open(t.Context(), "", store.Options{Temp: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	query := "SELECT unnest(["
	for i, c := range cells {
		if i > 0 {
			query += ","
		}
		query += "'" + strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(c, "?"), "'", "''"), "\x00", "") + "'"
	}
	rows, err := db.Query(t.Context(), query+"]) AS \"=cmd|'/c calc'!A1 \x1b[31m <b> [x](http://y) @z\"")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out bytes.Buffer
	if err := writeRows(&out, &answerRows{Rows: rows, policy: record.NewPolicy(record.DefaultRules(), nil)}, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// inert fails where a rune of an output is more than a picture.
func inert(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is no UTF-8", what)
	}
	for _, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("%s holds %U", what, r)
			return
		}
	}
}

func TestHostileRows(t *testing.T) {
	cells := hostileCells()
	for _, format := range []string{"table", "md", "csv", "json", "jsonl"} {
		checkRows(t, format, hostileRows(t, cells, format), len(cells))
	}
}

// checkRows reads an output as its reader would.
func checkRows(t *testing.T, format, out string, count int) {
	t.Helper()
	inert(t, format, strings.ReplaceAll(out, "\t", ""))
	switch format {
	case "table":
		if n := strings.Count(out, "\n"); n != count+1 {
			t.Errorf("%d lines for %d rows", n, count)
		}
	case "md":
		checkMarkdown(t, out, count)
	case "csv":
		records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || len(records) != count+1 {
			t.Fatalf("%d records for %d rows: %v", len(records), count, err)
		}
		for _, r := range records {
			raw := strings.TrimLeft(r[0], " \t\r\n\u00a0\u3000")
			if raw != "" && strings.ContainsAny(raw[:min(3, len(raw))][:1], "=+-@|%") || strings.HasPrefix(raw, "＝") || strings.HasPrefix(raw, "＋") {
				t.Errorf("a spreadsheet would run %q", r[0])
			}
		}
	case "json":
		var list []map[string]any
		if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != count {
			t.Errorf("%d objects, %v", len(list), err)
		}
	case "jsonl":
		if n := strings.Count(out, "\n"); n != count {
			t.Errorf("%d lines for %d rows", n, count)
		}
	}
}

var escapedMark = regexp.MustCompile("\\\\[\\\\`*_{}\\[\\]()#+.!|~<>$:@-]|&[#a-z0-9]+;")

// checkMarkdown wants one cell a row and nothing that acts in it.
func checkMarkdown(t *testing.T, out string, count int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != count+2 {
		t.Errorf("%d lines for %d rows", len(lines), count)
	}
	for _, l := range lines {
		bare := escapedMark.ReplaceAllString(l, "")
		if strings.Count(bare, "|") != 2 {
			t.Errorf("not one cell: %q", l)
		}
		for _, acts := range []string{"<", "](", "![", "`", "@", "://", "www.", "*", "~~", "$"} {
			if strings.Contains(bare, acts) {
				t.Errorf("%q acts in %q", acts, l)
			}
		}
	}
}

func FuzzHostileRows(f *testing.F) {
	for _, c := range hostileCells() {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		if cell = strings.ReplaceAll(strings.ToValidUTF8(cell, "?"), "\x00", ""); len(cell) > 4096 {
			return
		}
		for _, format := range []string{"table", "md", "csv", "json", "jsonl"} {
			checkRows(t, format, hostileRows(t, []string{cell}, format), 1)
		}
	})
}

// TestVisible holds what errors and progress print of others' texts.
func TestVisible(t *testing.T) {
	for _, c := range hostileCells() {
		inert(t, "stderr", strings.ReplaceAll(visible(c), "\t", ""))
	}
}
