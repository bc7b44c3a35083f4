package queries

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Fill writes the values into a question in place of its $parameters, so that
// it can be run anywhere. Bound parameters would do the same in the store, but
// DuckDB plans before it sees them: with the values in the text an open bound
// costs nothing and a closed one skips what lies outside (measured: 23 ms
// against 1 ms). Texts are quoted; a parameter without a value, or a value that
// is no text, number, bool or time, is an error.
func Fill(t Text, values map[string]any) (string, error) {
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
		value, ok := values[rest[:n]]
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
		return QuoteText(x), nil
	case bool:
		return strconv.FormatBool(x), nil
	case int:
		return strconv.Itoa(x), nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case time.Time:
		return "TIMESTAMP " + QuoteText(x.UTC().Format("2006-01-02 15:04:05.999999")), nil
	}
	return "", fmt.Errorf("%T is no literal", v)
}

// QuoteText writes a SQL string literal.
func QuoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// QuoteName writes a SQL identifier.
func QuoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
