package queries

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestStatements divides texts where the database would.
func TestStatements(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" ;; \n-- only a comment\n", nil},
		{"SELECT 1", []string{"SELECT 1"}},
		{"SELECT 1; SELECT 2;", []string{"SELECT 1", " SELECT 2"}},
		{"SELECT ';' AS \"a;b\" -- ; \n, /* ; */ $$;$$, $x$;$x$; SELECT $since", []string{"SELECT ';' AS \"a;b\" -- ; \n, /* ; */ $$;$$, $x$;$x$", " SELECT $since"}},
		{"SELECT 'it''s; fine'", []string{"SELECT 'it''s; fine'"}},
		{"SELECT 'open;", []string{"SELECT 'open;"}},
	} {
		var got []string
		for _, s := range Statements(c.text) {
			got = append(got, c.text[s.From:s.To])
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
			t.Errorf("%q divides into %q, want %q", c.text, got, c.want)
		}
	}
}

// TestFillUser writes values where a parameter stands, and nowhere else.
func TestFillUser(t *testing.T) {
	values := map[string]any{"since": time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), "vendor": "o'hara", "until": nil}
	got, err := FillUser("SELECT $since, '$since', \"$vendor\" -- $vendor\n, $vendor, $$ $until $$, $until", values)
	if want := "SELECT TIMESTAMP '2026-11-20 00:00:00', '$since', \"$vendor\" -- $vendor\n, 'o''hara', $$ $until $$, NULL"; err != nil || got != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
	if _, err := FillUser("SELECT $nobody", values); err == nil || !strings.Contains(err.Error(), "$nobody") {
		t.Errorf("the error is %v", err)
	}
}

func TestOneQuestion(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT (1)": true, "SELECT 1;": true, "SELECT ')'": true, "SELECT 1) LIMIT 1; DROP TABLE x; FROM (SELECT 1": false, "SELECT (1": false, "SELECT 1)": false,
	} {
		if got := OneQuestion(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	for text, want := range map[string]bool{"-- x\n DROP TABLE a": true, "(SELECT 1)": false, "": false, "update": true, "SELECT 'drop'": false, "dropped": false} {
		if got := Writes(text); got != want {
			t.Errorf("%q changes: %v", text, got)
		}
	}
}

// FuzzStatements: whatever the text, the parts lie in it, in order.
func FuzzStatements(f *testing.F) {
	f.Add("SELECT 1; SELECT '$a' $x$ ; /* -- \n ;")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range Statements(text) {
			if s.From < at || s.To <= s.From || s.To > len(text) {
				t.Fatalf("%v of %q", s, text)
			}
			at = s.To
		}
		OneQuestion(text)
		Writes(text)
		ParametersIn(text)
		if filled, err := FillUser(text, nil); err == nil && filled != text {
			t.Fatalf("%q became %q", text, filled)
		}
	})
}

// TestValueText: a value is the same text wherever it is written in full.
func TestValueText(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, ""}, {"a <b>", "a <b>"}, {true, "true"}, {int64(-7), "-7"}, {uint64(1 << 63), "9223372036854775808"}, {0.1, "0.1"}, {1e21, "1e+21"},
		{json.Number("12.50"), "12.50"}, {json.RawMessage(`["<",1]`), `["<",1]`}, {[]any{"x", int64(1)}, `["x",1]`},
	} {
		if got := ValueText(c.value); got != c.want {
			t.Errorf("%#v is %q, want %q", c.value, got, c.want)
		}
	}
}
