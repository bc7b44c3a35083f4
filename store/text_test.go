package store

import (
	"encoding/json"
	"fmt"
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
		sql, err := queries.Fill(queries.Text{SQL: "SELECT $value, 'end'"}, args{"value": value})
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

// TestMuchText loads more text in one segment than DuckDB may usually hold.
func TestMuchText(t *testing.T) {
	const rows, bodyBytes = 2000, 200_000
	db := testDB(t)
	body := make([]byte, bodyBytes)
	for i := range body {
		body[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[(i*i+i/7)%36]
	}
	seg := genSegment(0, rows, 2)
	for _, r := range seg.Readers {
		g := r.(*generated)
		for i := range g.recs {
			g.recs[i].Body = body
			g.labels[i].Category = record.Server
		}
	}
	seg.TextBytes = rows * bodyBytes
	if err := db.LoadSegment(t.Context(), &Source{Path: "bodies"}, seg, false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT count(*), min(length(body)) FROM requests")[0]; got != fmt.Sprintf("%d|%d", rows, bodyBytes) {
		t.Errorf("stored rows and body length: %s", got)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
