package store

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// FuzzHeaders: any header fields give one valid JSON object without a name
// twice, and the memory that is used again leaks nothing of the call before.
func FuzzHeaders(f *testing.F) {
	f.Add("Retry-After", "30", "retry-after", "60")
	f.Add("a", "\xff\"\\\n\x00", "b", "é")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2 string) {
		var h headerText
		fields := []record.Header{{Name: []byte(n1), Value: []byte(v1)}, {Name: []byte(n2), Value: []byte(v2)}}
		first := string(h.write(fields))
		if !json.Valid([]byte(first)) || !utf8.ValidString(first) {
			t.Fatalf("%q is not valid", first)
		}
		h.write([]record.Header{{Name: []byte("other"), Value: []byte("other")}})
		if again := string(h.write(fields)); again != first {
			t.Errorf("%q, then %q", first, again)
		}
		var o map[string]string
		if err := json.Unmarshal([]byte(first), &o); err != nil {
			t.Fatal(err)
		}
		if same := string(appendLower(nil, []byte(n1))) == string(appendLower(nil, []byte(n2))); same && len(o) != 1 {
			t.Errorf("%q holds a name twice", first)
		}
	})
}

// FuzzFillIn: whatever stands in a parameter stays a text.
func FuzzFillIn(f *testing.F) {
	for _, s := range []string{"carsxe", "it's", "''; DROP TABLE requests; --", "\\'", "$limit", "$$", "\x00", "é", "E'\\x27'"} {
		f.Add(s)
	}
	db := testDB(f)
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) {
			t.Skip("a flag is a text")
		}
		sql, err := fillIn(queries.Text{SQL: "SELECT $value, 'end'"}, args{"value": value})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(value, "\x00") {
			t.Skip("DuckDB ends a statement at a zero byte")
		}
		if got := table(t, db, sql); len(got) != 1 || got[0] != value+"|end" {
			t.Errorf("%q came back as %q", value, got)
		}
	})
}
