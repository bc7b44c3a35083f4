package queries

import (
	"fmt"
	"slices"
	"strings"
)

// UserParameters are the parameters that a report of the users' own may have:
// the scope's. Each is NULL where the scope is open.
func UserParameters() []string { return []string{"since", "until", "vendor", "account"} }

// FileError says where a SQL file of the users' is broken.
type FileError struct {
	File string
	Line int // from 1
	Err  error
}

// Error names file and line as compilers do.
func (e *FileError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// ParseUser reads a report of the users' own: a header like that of the files
// here, of which only the question must be there, and one SQL statement. The
// header lists the parameters that the statement uses. What is wrong comes as a
// [FileError]; the SQL itself is the database's to judge.
func ParseUser(file, raw string) (Text, error) {
	t := parse(strings.ReplaceAll(strings.TrimPrefix(raw, "\ufeff"), "\r\n", "\n"))
	broken := func(line int, format string, args ...any) (Text, error) {
		return Text{}, &FileError{File: file, Line: line, Err: fmt.Errorf(format, args...)}
	}
	if t.Question == "" {
		return broken(1, "the header has no line \"-- question: …\"")
	}
	if t.SQL == "" {
		return broken(1+strings.Count(strings.TrimRight(raw, "\n"), "\n"), "there is no statement after the header")
	}
	for i, p := range t.Parameters {
		t.Parameters[i] = strings.TrimSpace(p)
		if !slices.Contains(UserParameters(), t.Parameters[i]) {
			return broken(lineOf(raw, "parameters:"), "parameter %q is none of %s", p, strings.Join(UserParameters(), ", "))
		}
	}
	used := map[string]bool{}
	for _, p := range parametersOf(raw) {
		used[p.name] = true
		if !slices.Contains(t.Parameters, p.name) {
			return broken(1+strings.Count(raw[:p.at], "\n"), "the header does not list the parameter $%s", p.name)
		}
	}
	for _, p := range t.Parameters {
		if !used[p] {
			return broken(lineOf(raw, "parameters:"), "the statement does not use the parameter %s", p)
		}
	}
	return t, nil
}

// lineOf is the line that holds text, 1 where none does.
func lineOf(raw, text string) int {
	return 1 + strings.Count(raw[:max(strings.Index(raw, text), 0)], "\n")
}

type parameter struct {
	name string
	at   int // byte
}

// parametersOf finds $name outside of texts, quoted names and comments.
func parametersOf(sql string) []parameter {
	var list []parameter
	for i := 0; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '\'' || c == '"':
			i = after(sql, i+1, string(c)) - 1
		case strings.HasPrefix(sql[i:], "--"):
			i = after(sql, i, "\n") - 1
		case strings.HasPrefix(sql[i:], "/*"):
			i = after(sql, i+2, "*/") - 1
		case c == '$':
			n := i + 1
			for n < len(sql) && isNameByte(sql[n]) {
				n++
			}
			if n < len(sql) && sql[n] == '$' { // a text between $tag$ and $tag$
				i = after(sql, n+1, sql[i:n+1]) - 1
				continue
			}
			if n > i+1 && (i == 0 || !isNameByte(sql[i-1])) {
				list = append(list, parameter{sql[i+1 : n], i})
			}
			i = n - 1
		}
	}
	return list
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// after is the place behind the next end, or the end of all.
func after(s string, from int, end string) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}
