package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// fillIn writes the values into a question in place of its $parameters. Bound
// parameters would do the same, but DuckDB plans before it sees them: with the
// values in the text an open bound costs nothing and a closed one skips what
// lies outside (measured: 23 ms against 1 ms). Texts are quoted.
func fillIn(t queries.Text, a args) (string, error) {
	var b strings.Builder
	rest := t.SQL
	for {
		i := strings.IndexByte(rest, '$')
		if i < 0 {
			b.WriteString(rest)
			return b.String(), nil
		}
		b.WriteString(rest[:i])
		rest = rest[i+1:]
		n := 0
		for n < len(rest) && (rest[n] == '_' || rest[n] >= 'a' && rest[n] <= 'z') {
			n++
		}
		value, ok := a[rest[:n]]
		if !ok {
			return "", fmt.Errorf("parameter %q has no value", rest[:n])
		}
		literal, err := literalOf(value)
		if err != nil {
			return "", fmt.Errorf("parameter %s: %w", rest[:n], err)
		}
		b.WriteString(literal)
		rest = rest[n:]
	}
}

// literalOf writes a value as SQL.
func literalOf(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "NULL", nil
	case string:
		return quoteText(x), nil
	case bool:
		return strconv.FormatBool(x), nil
	case int:
		return strconv.Itoa(x), nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case time.Time:
		return "TIMESTAMP " + quoteText(x.UTC().Format("2006-01-02 15:04:05.999999")), nil
	}
	return "", fmt.Errorf("%T is no literal", v)
}

// quoteText writes a SQL string literal.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quoteName writes a SQL identifier.
func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
