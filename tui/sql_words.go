package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of a part of SQL. The first three are also how a line may begin.
const (
	inCode byte = iota
	inComment
	inText
	aWord
	aKeyword
	aNumber
	aParameter
)

// sqlKeywords are the words that Tab completes and the editor sets off.
var sqlKeywords = strings.Fields(`ALL AND ANY AS ASC BETWEEN BY CASE CAST CROSS CUBE DATE DESC DESCRIBE DISTINCT ELSE END EXCEPT EXCLUDE EXISTS EXPLAIN
	FALSE FILTER FROM FULL GROUP GROUPING HAVING ILIKE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT NATURAL NOT NULL NULLS OFFSET ON
	OR ORDER OUTER OVER PARTITION PIVOT POSITIONAL QUALIFY RANGE REPLACE RIGHT ROLLUP ROWS SAMPLE SELECT SEMI SUMMARIZE TABLE THEN TIMESTAMP TRUE UNION
	UNNEST UNPIVOT USING VALUES WHEN WHERE WINDOW WITH`)

// sqlFunctions are completed as well.
var sqlFunctions = strings.Fields(`approx_count_distinct arg_max arg_min avg coalesce count count_if date_diff date_part date_trunc epoch extract first
	greatest last least left length list lower max median min now quantile_cont regexp_extract regexp_matches replace right round row_number
	string_agg strftime sum time_bucket to_timestamp trim upper`)

func isKeyword(word string) bool {
	_, found := slices.BinarySearch(sqlKeywords, strings.ToUpper(word))
	return found
}

// token takes the next part of a line: its runes, its kind, and how what comes
// after it begins. The next part begins with ASCII, so that no letter is cut
// from its accents.
func token(line []rune, state byte) (n int, kind, next byte) {
	n, kind, next = part(line, state)
	if next == inCode {
		for n < len(line) && line[n] >= utf8.RuneSelf {
			n++
		}
	}
	return n, kind, next
}

func part(line []rune, state byte) (n int, kind, next byte) {
	if state != inCode {
		end := "*/"
		if state == inText {
			end = "'"
		}
		if i := indexRunes(line, end); i >= 0 {
			return i + len(end), state, inCode
		}
		return len(line), state, state
	}
	run := func(is func(rune) bool) int {
		n := 1
		for n < len(line) && is(line[n]) {
			n++
		}
		return n
	}
	switch c := line[0]; {
	case c == '\'':
		n, _, next = part(line[1:], inText)
		return n + 1, inText, next
	case hasRunes(line, "--"):
		return len(line), inComment, inCode
	case hasRunes(line, "/*"):
		n, _, next = part(line[2:], inComment)
		return n + 2, inComment, next
	case c == '$':
		return run(isNameRune), aParameter, inCode
	case unicode.IsDigit(c):
		return run(func(r rune) bool { return isNameRune(r) || r == '.' }), aNumber, inCode
	case isNameRune(c):
		n = run(isNameRune)
		if isKeyword(string(line[:n])) {
			return n, aKeyword, inCode
		}
		return n, aWord, inCode
	}
	return run(func(r rune) bool { return !isNameRune(r) && !strings.ContainsRune("'-/$", r) }), inCode, inCode
}

func hasRunes(line []rune, text string) bool {
	return len(line) >= len(text) && string(line[:len(text)]) == text
}

func indexRunes(line []rune, text string) int {
	for i := range line {
		if hasRunes(line[i:], text) {
			return i
		}
	}
	return -1
}

// scan finds how each line begins.
func (e *editor) scan() {
	e.begins = make([]byte, len(e.lines))
	state := inCode
	for i, line := range e.lines {
		e.begins[i] = state
		for at := 0; at < len(line); {
			var n int
			n, _, state = token(line[at:], state)
			at += n
		}
	}
}

// tokenPaint is the colour of a part of SQL.
func (t *theme) tokenPaint(kind byte) paint {
	switch kind {
	case inComment:
		return t.dim
	case inText:
		return t.good
	case aKeyword:
		return t.key
	case aNumber:
		return t.warn
	case aParameter:
		return t.mine
	}
	return ""
}
