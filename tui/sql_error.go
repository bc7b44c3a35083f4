package tui

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
)

// mishap is an error of the database in words, and where it lies.
type mishap struct {
	of   error
	text []string
	at   place // within the statement, row -1 where nobody said
}

var (
	errorBegin = regexp.MustCompile(`(?s)(?:[A-Z][A-Za-z]* ){1,3}Error: `)
	errorPlace = regexp.MustCompile(`\n\s*LINE (\d+): ([^\n]*)\n( *)\^`)
)

// readMishap takes the words of the database apart.
func readMishap(err error, sql string) mishap {
	m := mishap{of: err, at: place{row: -1}}
	text := err.Error()
	if at := errorBegin.FindStringIndex(text); at != nil {
		text = text[at[0]:]
	}
	if p := errorPlace.FindStringSubmatchIndex(text); p != nil {
		line, _ := strconv.Atoi(text[p[2]:p[3]]) // digits by the pattern
		m.at = findPlace(sql, line, text[p[4]:p[5]], p[7]-p[6]-len("LINE : ")-(p[3]-p[2]))
		text = text[:p[0]]
	}
	if errors.Is(err, queries.ErrRefused) {
		m.text = append(m.text, "Not from here: SQL on this screen may neither change the database nor reach a file. errscope sql --unsafe may.")
	}
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			m.text = append(m.text, clean(l))
		}
	}
	return m
}

// findPlace finds the caret of a message in the statement. The message may show
// a part of the line only, with dots where something is gone.
func findPlace(sql string, line int, shown string, column int) place {
	lines := strings.Split(sql, "\n")
	if line < 1 || line > len(lines) || column < 0 {
		return place{row: -1}
	}
	if rest, was := queries.WithoutLimited(shown); was && line == 1 && !strings.Contains(lines[0], shown) {
		column -= len(shown) - len(rest)
		shown = rest
	}
	begun := 0
	if rest, cut := strings.CutPrefix(shown, "..."); cut && !strings.Contains(lines[line-1], shown) {
		column -= len("...")
		shown = rest
	}
	shown = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(shown, " "), "..."), " ")
	if i := strings.Index(lines[line-1], shown); i >= 0 {
		begun = len([]rune(lines[line-1][:i]))
	}
	return place{line - 1, max(0, min(begun+column, len([]rune(lines[line-1]))))}
}

// badPlace is the place of the error in the editor, row -1 where there is none
// or where the text is another by now.
func (s *sqlScreen) badPlace() place {
	m := s.failed()
	if m.of == nil || m.at.row < 0 || s.edit.text() != s.whole {
		return place{row: -1}
	}
	before := s.whole[:s.begin]
	at := place{m.at.row + strings.Count(before, "\n"), m.at.col}
	if m.at.row == 0 {
		at.col += len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	}
	return at
}
