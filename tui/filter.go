package tui

import (
	"strings"
)

// filter is what stands after "/": words that must all occur. "!word" must not
// occur, "col:value" looks at one column only, "col:=value" wants all of it,
// and double quotes hold a text with spaces together. A word with a colon whose
// first part is no column is just a word: codes have colons.
type filter struct{ terms []term }

type term struct {
	column  string // "" is any
	text    string // lower case
	exclude bool
	whole   bool
}

// row is what a filter looks at. Texts are lower case.
type row struct {
	any     string // all text columns, with a separator between
	columns map[string]string
}

// searched makes a row of its columns, of which those with names are looked
// through for a word that names no column, as is more.
func searched(columns map[string]string, names []string, more ...string) row {
	var any strings.Builder
	for name, text := range columns {
		columns[name] = strings.ToLower(text)
	}
	for _, name := range names {
		any.WriteString(columns[name] + "\n")
	}
	for _, text := range more {
		any.WriteString(strings.ToLower(text) + "\n")
	}
	return row{any: any.String(), columns: columns}
}

// parseFilter never fails: whatever is typed means something.
func parseFilter(s string, isColumn func(string) bool) filter {
	var f filter
	for _, word := range filterWords(strings.ToLower(s)) {
		var t term
		t.text, t.exclude = strings.CutPrefix(word, "!")
		if col, value, ok := strings.Cut(t.text, ":"); ok && isColumn(col) {
			t.column = col
			t.text, t.whole = strings.CutPrefix(value, "=")
		}
		t.text = strings.ReplaceAll(t.text, `"`, "")
		if t.text == "" && !t.whole {
			continue // half typed
		}
		f.terms = append(f.terms, t)
	}
	return f
}

// filterWords splits at spaces outside of double quotes.
func filterWords(s string) []string {
	quoted := false
	return strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

func (f filter) match(r *row) bool {
	for _, t := range f.terms {
		in := r.any
		if t.column != "" {
			in = r.columns[t.column]
		}
		hit := t.whole && in == t.text || !t.whole && strings.Contains(in, t.text)
		if hit == t.exclude {
			return false
		}
	}
	return true
}

// term writes a condition as a user would type it.
func filterTerm(column, value string) string {
	value = strings.ReplaceAll(strings.ToLower(value), `"`, "")
	if strings.Contains(value, " ") {
		value = `"` + value + `"`
	}
	return column + ":=" + value
}
