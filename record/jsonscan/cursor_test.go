package jsonscan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/jsonscan"
)

// walk enters every object whose key begins with "in" and lists what it sees.
func walk(doc string) (string, error) {
	var out []string
	c := jsonscan.NewCursor([]byte(doc))
	var members func()
	members = func() {
		for {
			key, kind, ok := c.Next()
			switch {
			case !ok:
				return
			case kind == jsonscan.ObjectKind && strings.HasPrefix(string(key), "in"):
				out = append(out, string(key)+"{")
				c.Enter()
				members()
				out = append(out, "}")
			case string(key) == "left":
			default:
				out = append(out, fmt.Sprintf("%s=%s", key, c.Value()))
			}
		}
	}
	members()
	return strings.Join(out, " ") + "|" + string(c.Rest()), c.Err()
}

func TestCursor(t *testing.T) {
	for _, tc := range []struct {
		doc, want string
		err       error
	}{
		{`{}`, `|`, nil},
		{` { } x`, `| x`, nil},
		{`{"a":1,"b":"x\"}","c":[1,{"d":2}],"e":{"f":{}},"g":null,"h":true}`, `a=1 b="x\"}" c=[1,{"d":2}] e={"f":{}} g=null h=true|`, nil},
		{"{ \"a\" : 1 ,\n\"in\" : { \"b\" : 2 , \"in2\":{},\"c\":3 } , \"d\":4 }\n", "a=1 in{ b=2 in2{ } c=3 } d=4|\n", nil},
		{`{"left":{"a":"}"},"b":1}`, `b=1|`, nil},
		{`{"a\u0062":1}`, `ab=1|`, nil},
		{``, `|`, jsonscan.ErrTruncated},
		{`[1]`, `|1]`, jsonscan.ErrSyntax},
		{`{"a":1`, `a=1|`, jsonscan.ErrTruncated},
		{`{"a":"x`, `a="x|`, jsonscan.ErrTruncated},
		{`{"a":`, ``, jsonscan.ErrTruncated},
		{`{"a`, ``, jsonscan.ErrTruncated},
		{`{"a"`, ``, jsonscan.ErrTruncated},
		{`{"in":{"a":1}`, `in{ a=1 }|`, jsonscan.ErrTruncated},
		{`{"in":{"a":1,,"b":2},"c":3}`, `in{ a=1 }`, jsonscan.ErrSyntax},
		{`{"a":1,}`, `a=1`, jsonscan.ErrSyntax},
		{`{"a":1 "b":2}`, `a=1`, jsonscan.ErrSyntax},
		{`{a:1}`, ``, jsonscan.ErrSyntax},
		{`{"a":x}`, ``, jsonscan.ErrSyntax},
		{`{"a" 1}`, ``, jsonscan.ErrSyntax},
	} {
		got, err := walk(tc.doc)
		if tc.err != nil {
			got, _, _ = strings.Cut(got, "|")
			tc.want, _, _ = strings.Cut(tc.want, "|")
		}
		if got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s\n got %s, %v\nwant %s, %v", tc.doc, got, err, tc.want, tc.err)
		}
	}
}

// FuzzCursor holds the cursor that enters nothing against Object.
func FuzzCursor(f *testing.F) {
	f.Add(`{"a":1,"b":{"c":[2,"x"]}} `)
	f.Add(`{"\u0061":tru,"b":"\\"},`)
	f.Add(`{"a":1,}`)
	f.Fuzz(func(t *testing.T, doc string) {
		var want, got []string
		rest, wantErr := jsonscan.Object([]byte(doc), func(key, value []byte, kind jsonscan.Kind) bool {
			want = append(want, fmt.Sprintf("%q %q %d", key, value, kind))
			return true
		})
		c := jsonscan.NewCursor([]byte(doc))
		for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
			got = append(got, fmt.Sprintf("%q %q %d", key, c.Value(), kind))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || !errors.Is(c.Err(), wantErr) {
			t.Fatalf("got %q, %v\nwant %q, %v", got, c.Err(), want, wantErr)
		}
		if wantErr == nil && string(c.Rest()) != string(rest) {
			t.Fatalf("rest %q, want %q", c.Rest(), rest)
		}
	})
}
