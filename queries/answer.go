package queries

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

const (
	// AnswerRowsMax is how many rows of free SQL a screen takes.
	AnswerRowsMax = 10_000
	// AnswerBytesMax bounds the text in them: a few rows can hold much.
	AnswerBytesMax = 32 << 20
)

// ErrRefused says that a statement would write or reach a file, which SQL on a
// screen may not.
var ErrRefused = errors.New("it writes, or reaches a file")

// Answer is the answer to free SQL.
type Answer struct {
	Columns []AnswerColumn
	// Rows hold one value per column: nil, bool, int64, uint64, float64, string,
	// [encoding/json.Number], or [encoding/json.RawMessage] for lists and structs.
	// Times are RFC 3339 in UTC.
	Rows [][]any
	More bool // there are rows beyond these
}

// AnswerColumn is a column of an answer.
type AnswerColumn struct {
	Name string
	Type string // the database's name for it, such as "DECIMAL(18,3)"
}

// ValueText writes a value of an answer in full, NULL as "" and lists and structs
// as JSON.
func ValueText(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case uint64:
		return strconv.FormatUint(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case json.Number:
		return x.String()
	case json.RawMessage:
		return string(x)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// TableColumn is a column of a table or view that free SQL can ask.
type TableColumn struct {
	Table    string `sql:"name"`
	IsView   bool   `sql:"is_view"`
	Column   string `sql:"column_name"`
	Type     string `sql:"column_type"`
	Position int64  `sql:"position"` // from 1
}

// Limited wraps a statement that asks so that no more than rows rows come back.
// Lines stay what they were, and columns but those of the first line.
func Limited(sql string, rows int) string {
	return limitedBegin + strings.TrimRight(sql, "; \t\r\n") + "\n) LIMIT " + strconv.Itoa(rows)
}

// limitedBegin stands before the statement in [Limited]; a message of the
// database may quote it.
const limitedBegin = "FROM ("

// WithoutLimited takes what [Limited] put before a line out of it again.
func WithoutLimited(line string) (rest string, was bool) {
	return strings.CutPrefix(line, limitedBegin)
}

// ParametersIn are the named parameters of free SQL, each once.
func ParametersIn(sql string) []string {
	var names []string
	for _, p := range parametersOf(sql) {
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// FillUser writes values in place of the parameters of free SQL, so that it can
// be run where nothing is bound. A parameter without a value is an error.
func FillUser(sql string, values map[string]any) (string, error) {
	var b strings.Builder
	at := 0
	for _, p := range parametersOf(sql) {
		v, ok := values[p.name]
		if !ok {
			return "", fmt.Errorf("there is no parameter $%s: %s", p.name, userParameterWords())
		}
		text, err := literalOf(v)
		if err != nil {
			return "", fmt.Errorf("parameter %s: %w", p.name, err)
		}
		b.WriteString(sql[at:p.at])
		b.WriteString(text)
		at = p.at + 1 + len(p.name)
	}
	b.WriteString(sql[at:])
	return b.String(), nil
}

// CheckParameters says which parameter of free SQL has no value.
func CheckParameters(sql string) error {
	for _, name := range ParametersIn(sql) {
		if !slices.Contains(UserParameters(), name) {
			return fmt.Errorf("there is no parameter $%s: %s", name, userParameterWords())
		}
	}
	return nil
}

func userParameterWords() string { return "there are $" + strings.Join(UserParameters(), " $") }

// Statement is the place of one statement within a text, in bytes, half-open.
// It begins after the end of the one before.
type Statement struct{ From, To int }

// Statements divides a text at the semicolons that stand outside of texts and
// comments. Parts without any code are left out.
func Statements(text string) []Statement {
	var list []Statement
	from, code := 0, false
	for i, c := range codeBytes(text) {
		switch {
		case c == ';':
			if code {
				list = append(list, Statement{from, i})
			}
			from, code = i+1, false
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			code = true
		}
	}
	if code {
		list = append(list, Statement{from, len(text)})
	}
	return list
}

// codeBytes visits the bytes outside of comments; of a text or a quoted name
// only its first byte.
func codeBytes(text string) iter.Seq2[int, byte] {
	return func(yield func(int, byte) bool) {
		for i := 0; i < len(text); i++ {
			at, c := i, text[i]
			switch {
			case c == '\'' || c == '"':
				i = after(text, i+1, string(c)) - 1
			case strings.HasPrefix(text[i:], "--"):
				i = after(text, i, "\n") - 1
				continue
			case strings.HasPrefix(text[i:], "/*"):
				i = after(text, i+2, "*/") - 1
				continue
			case c == '$' && (i == 0 || !isNameByte(text[i-1])):
				n := i + 1
				for n < len(text) && isNameByte(text[n]) {
					n++
				}
				if n < len(text) && text[n] == '$' {
					i = after(text, n+1, text[i:n+1]) - 1
				}
			}
			if !yield(at, c) {
				return
			}
		}
	}
}

// OneQuestion reports whether a text is one statement whose parentheses close
// what they open, so that [Limited] holds all of it.
func OneQuestion(text string) bool {
	depth := 0
	for _, c := range codeBytes(strings.TrimRight(text, "; \t\r\n")) {
		switch c {
		case ';':
			return false
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// firstWord is the first word of code, in lower case.
func firstWord(text string) string {
	begin := -1
	for i, c := range codeBytes(text) {
		switch {
		case isNameByte(c) && begin < 0:
			begin = i
		case !isNameByte(c) && begin >= 0:
			return strings.ToLower(text[begin:i])
		}
	}
	if begin < 0 {
		return ""
	}
	return strings.ToLower(text[begin:])
}

// Writes reports whether a statement begins as those do that change a
// database, its settings or a file.
func Writes(text string) bool {
	switch firstWord(text) {
	case "alter", "analyze", "attach", "call", "checkpoint", "comment", "copy", "create", "delete", "detach", "drop", "export", "force", "import",
		"insert", "install", "load", "merge", "pragma", "reset", "set", "truncate", "update", "use", "vacuum":
		return true
	}
	return false
}
