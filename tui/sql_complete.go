package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// completion is the words that Tab goes through.
type completion struct {
	words []string
	at    int   // of words, -1 before the first
	from  place // where the word begins
}

func (c *completion) shown() bool { return len(c.words) > 1 }

// completionsMax bounds how many words are offered.
const completionsMax = 60

// complete puts the word in that fits, or goes through those that do.
func (s *sqlScreen) complete(a *app, backward bool) tea.Cmd {
	e := &s.edit
	if s.words.shown() {
		step := 1
		if backward {
			step = len(s.words.words) - 1
			s.words.at = max(0, s.words.at)
		}
		s.words.at = (s.words.at + step) % len(s.words.words)
		s.swap(s.words.words[s.words.at])
		return nil
	}
	line := e.lines[e.at.row][:e.at.col]
	n := len(line)
	for n > 0 && isNameRune(line[n-1]) {
		n--
	}
	typed := string(line[n:])
	owner := ""
	if n > 0 && line[n-1] == '.' {
		k := n - 1
		for k > 0 && isNameRune(line[k-1]) {
			k--
		}
		owner = string(line[k : n-1])
	}
	if typed == "" && owner == "" {
		if strings.TrimSpace(string(line)) == "" { // an indent
			e.keepStep(false)
			e.put("  ")
			return nil
		}
		return a.note(a.theme.info, "Tab completes the word before the cursor; ctrl+t shows tables and columns")
	}
	words := completions(s.columns, e.text(), typed, owner)
	if len(words) == 0 {
		return a.note(a.theme.info, "no table, column or keyword begins with "+clean(typed))
	}
	s.words = completion{words: words, at: -1, from: place{e.at.row, n}}
	if len(words) == 1 {
		s.swap(words[0])
		s.words = completion{}
		return nil
	}
	if shared := sharedPrefix(words); len(shared) > len(typed) {
		s.swap(shared)
		return nil
	}
	s.words.at = 0
	s.swap(words[0])
	return nil
}

// swap replaces the word before the cursor.
func (s *sqlScreen) swap(word string) {
	s.edit.keepStep(false)
	s.edit.cut(s.words.from)
	s.edit.put(word)
}

// completions are the words that begin so: the columns of the tables that the
// text names come first, then tables, keywords, functions, other columns.
func completions(columns []queries.TableColumn, text, typed, owner string) []string {
	var named, tables, others []string
	lower := strings.ToLower(text)
	ownerIsTable := slices.ContainsFunc(columns, func(c queries.TableColumn) bool { return strings.EqualFold(c.Table, owner) })
	for _, c := range columns {
		tables = append(tables, c.Table)
		switch {
		case ownerIsTable && !strings.EqualFold(c.Table, owner):
		case mentions(lower, strings.ToLower(c.Table)):
			named = append(named, c.Column)
		default:
			others = append(others, c.Column)
		}
	}
	var all []string
	slices.Sort(named)
	slices.Sort(others)
	switch {
	case owner != "":
		all = append(named, others...)
	default:
		all = append(append(named, tables...), sqlKeywords...)
		all = append(append(all, sqlFunctions...), others...)
		all = append(all, queries.UserParameters()...)
	}
	var out []string
	seen := map[string]bool{}
	for _, w := range all {
		if isKeyword(w) && w == strings.ToUpper(w) && typed == strings.ToLower(typed) {
			w = strings.ToLower(w)
		}
		if len(w) <= len(typed) || !strings.EqualFold(w[:len(typed)], typed) || seen[w] || len(out) == completionsMax {
			continue
		}
		seen[w] = true
		out = append(out, w)
	}
	return out
}

// mentions reports whether a text holds a word.
func mentions(text, word string) bool {
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 || word == "" {
			return false
		}
		end := i + len(word)
		if (i == 0 || !isNameRune(rune(rest[i-1]))) && (end == len(rest) || !isNameRune(rune(rest[end]))) {
			return true
		}
		rest = rest[end:]
	}
}

// sharedPrefix is what all words begin with.
func sharedPrefix(words []string) string {
	shared := words[0]
	for _, w := range words[1:] {
		n := 0
		for n < len(shared) && n < len(w) && shared[n] == w[n] {
			n++
		}
		shared = shared[:n]
	}
	return shared
}
