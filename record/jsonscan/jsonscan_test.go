package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type member struct {
	key, value string
	kind       Kind
}

func members(doc string) (out []member, rest string, err error) {
	r, err := Object([]byte(doc), func(key, value []byte, kind Kind) bool {
		out = append(out, member{string(key), string(value), kind})
		return true
	})
	return out, string(r), err
}

func TestObject(t *testing.T) {
	for _, c := range []struct {
		doc  string
		want []member
		rest string
		err  error
	}{
		{`{}`, nil, "", nil},
		{" \n{ } tail", nil, " tail", nil},
		{`{"a":1}`, []member{{"a", "1", Number}}, "", nil},
		{`{"a":"x","a":"y"}`, []member{{"a", `"x"`, String}, {"a", `"y"`, String}}, "", nil},
		{`{"a":{"b":[1,"}"]},"c":[{}]} {`, []member{{"a", `{"b":[1,"}"]}`, ObjectKind}, {"c", `[{}]`, ArrayKind}}, " {", nil},
		{`{"t":true,"f":false,"n":null,"m":-1.5e+3}`, []member{{"t", "true", Bool}, {"f", "false", Bool}, {"n", "null", Null}, {"m", "-1.5e+3", Number}}, "", nil},
		{`{"\u0061\n\"":"\\"}`, []member{{"a\n\"", `"\\"`, String}}, "", nil},
		{`{"a":"\\\"","b":1}`, []member{{"a", `"\\\""`, String}, {"b", "1", Number}}, "", nil},
		// Cut off: all members before the cut, and the cut one as far as it goes.
		{``, nil, "", ErrTruncated},
		{`{`, nil, "", ErrTruncated},
		{`{"a`, nil, "", ErrTruncated},
		{`{"a"`, nil, "", ErrTruncated},
		{`{"a":`, nil, "", ErrTruncated},
		{`{"a":1`, []member{{"a", "1", Number}}, "", ErrTruncated},
		{`{"a":1,`, []member{{"a", "1", Number}}, "", ErrTruncated},
		{`{"a":1,"b":"xy`, []member{{"a", "1", Number}, {"b", `"xy`, String}}, "", ErrTruncated},
		{`{"a":1,"b":"xy\`, []member{{"a", "1", Number}, {"b", `"xy\`, String}}, "", ErrTruncated},
		{`{"a":1,"b":"xy\"`, []member{{"a", "1", Number}, {"b", `"xy\"`, String}}, "", ErrTruncated},
		{`{"a":1,"b":[{"c":`, []member{{"a", "1", Number}, {"b", `[{"c":`, ArrayKind}}, "", ErrTruncated},
		// No JSON.
		{`[1]`, nil, "[1]", ErrSyntax},
		{`{a:1}`, nil, "a:1}", ErrSyntax},
		{`{"a" 1}`, nil, "1}", ErrSyntax},
		{`{"a":1 "b":2}`, []member{{"a", "1", Number}}, `"b":2}`, ErrSyntax},
		{`{"a":1]`, []member{{"a", "1", Number}}, "]", ErrSyntax},
		{`{"a":}`, nil, "}", ErrSyntax},
	} {
		got, rest, err := members(c.doc)
		if !reflect.DeepEqual(got, c.want) || rest != c.rest || !errors.Is(err, c.err) || err == nil != (c.err == nil) {
			t.Errorf("%s\n  gives %v, rest %q, error %v\n   want %v, rest %q, error %v", c.doc, got, rest, err, c.want, c.rest, c.err)
		}
	}
}

func TestObjectStops(t *testing.T) {
	calls := 0
	rest, err := Object([]byte(`{"a":1,"b":2,"c":3}`), func(key, _ []byte, _ Kind) bool {
		calls++
		return string(key) != "b"
	})
	if calls != 2 || err != nil || string(rest) != `,"c":3}` {
		t.Errorf("%d calls, rest %q, error %v", calls, rest, err)
	}
}

func TestArray(t *testing.T) {
	for _, c := range []struct {
		doc, want, rest string
		err             error
	}{
		{`[]`, "", "", nil},
		{` [1, "a" ,{"b":[]}, null ]x`, `0=1 1="a" 2={"b":[]} 3=null `, "x", nil},
		{`[1,2`, "0=1 1=2 ", "", ErrTruncated},
		{`["a`, `0="a `, "", ErrTruncated},
		{`[1,`, "0=1 ", "", ErrTruncated},
		{`[`, "", "", ErrTruncated},
		{`[1 2]`, "0=1 ", "2]", ErrSyntax},
		{`{}`, "", "{}", ErrSyntax},
	} {
		var got strings.Builder
		rest, err := Array([]byte(c.doc), func(i int, value []byte, _ Kind) bool {
			fmt.Fprintf(&got, "%d=%s ", i, value)
			return true
		})
		if got.String() != c.want || string(rest) != c.rest || !errors.Is(err, c.err) {
			t.Errorf("%s gives %q, rest %q, error %v; want %q, %q, %v", c.doc, got.String(), rest, err, c.want, c.rest, c.err)
		}
	}
}

func TestUnquote(t *testing.T) {
	for _, text := range []string{"", "a", `"`, `\`, "\n\t\r\b\f/", "ü€😀", "a\\\"b", strings.Repeat("x\n", 100)} {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(Unquote(nil, raw)); got != text {
			t.Errorf("%s gives %q", raw, got)
		}
	}
	for raw, want := range map[string]string{
		`"\ud83d\ude00"`: "😀", `"\ud83d"`: "\ufffd", `"\ud83dx"`: "\ufffdx", `"\ud83d\u0041"`: "\ufffdA", `"\ude00"`: "\ufffd",
		`"\u00"`: `\u00`, `"\q"`: `\q`, `"ab`: "ab", `"a\`: `a\`, `"a\"`: `a"`, `12`: "12", ``: "", `"\/"`: "/",
	} {
		if got := string(Unquote(nil, []byte(raw))); got != want {
			t.Errorf("%s gives %q, want %q", raw, got, want)
		}
	}
	if got := Unquote([]byte("kept"), []byte(`"a\nb"`)); string(got) != "a\nb" {
		t.Errorf("behind other bytes: %q", got)
	}
}

func TestValid(t *testing.T) {
	for _, doc := range []string{`{}`, `[]`, `"a"`, ` 12 `, `true`, `null`, `{"a":[1,{"b":null}]}`} {
		if !Valid([]byte(doc)) || !json.Valid([]byte(doc)) {
			t.Errorf("%s is valid", doc)
		}
	}
	for _, doc := range []string{``, ` `, `{`, `[1`, `"a`, `{} {}`, `1 2`, `x`, `,`, `}`} {
		if Valid([]byte(doc)) || json.Valid([]byte(doc)) {
			t.Errorf("%s is not valid", doc)
		}
	}
}

// TestHostile is about documents made to exhaust a reader: a stack that grows
// with the nesting would overflow on them.
func TestHostile(t *testing.T) {
	const depth = 1_000_000
	open := strings.Repeat("[", depth)
	if _, rest, err := Skip([]byte(open)); !errors.Is(err, ErrTruncated) || len(rest) != 0 {
		t.Errorf("open brackets: rest of %d, %v", len(rest), err)
	}
	whole := open + strings.Repeat("]", depth)
	if value, rest, err := Skip([]byte(whole + "x")); err != nil || len(value) != 2*depth || string(rest) != "x" {
		t.Errorf("nested brackets: value of %d, rest %q, %v", len(value), rest, err)
	}
	got, _, err := members(`{"a":` + strings.Repeat(`{"a":`, depth))
	if !errors.Is(err, ErrTruncated) || len(got) != 1 || got[0].kind != ObjectKind {
		t.Errorf("nested objects: %d members, %v", len(got), err)
	}
	quotes := `"` + strings.Repeat(`\"`, depth)
	if _, _, err := Skip([]byte(quotes)); !errors.Is(err, ErrTruncated) {
		t.Errorf("escaped quotes: %v", err)
	}
	slashes := `"` + strings.Repeat(`\\`, depth) + `"`
	if value, _, err := Skip([]byte(slashes)); err != nil || len(value) != len(slashes) {
		t.Errorf("backslashes: value of %d, %v", len(value), err)
	}
	if got, _, err := members("{" + strings.Repeat(`"a":1,`, 1000) + `"a":2}`); err != nil || len(got) != 1001 {
		t.Errorf("duplicates: %d members, %v", len(got), err)
	}
}

// same compares a raw value with what encoding/json made of it.
func same(raw []byte, want any) bool {
	var got any
	if err := json.Unmarshal(raw, &got); err != nil {
		return false
	}
	return reflect.DeepEqual(got, want)
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":[true,null,"x\n"],"a":{"c":"\ud83d\ude00"}}`, `[1,[2,[3]],"]"]`, `{"a":"\`, `{"a":tru`, "{\"\xff\":\"\\u12\"}", `{} {}`, "\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		seen := map[string][]byte{}
		orest, oerr := Object(doc, func(key, value []byte, kind Kind) bool {
			if kind != KindOf(value) || len(value) == 0 {
				t.Errorf("value %q of kind %d", value, kind)
			}
			seen[string(key)] = value
			return true
		})
		var elements [][]byte
		_, aerr := Array(doc, func(i int, value []byte, _ Kind) bool {
			if i != len(elements) {
				t.Errorf("element %d after %d", i, len(elements))
			}
			elements = append(elements, value)
			return true
		})
		value, rest, err := Skip(doc)
		if err == nil && !bytes.HasSuffix(doc, append(bytes.Clone(value), rest...)) {
			t.Errorf("%q falls into %q and %q", doc, value, rest)
		}
		Unquote(nil, doc)
		if !json.Valid(doc) {
			return
		}
		if !Valid(doc) {
			t.Fatalf("%q is valid JSON", doc)
		}
		var want any
		if err := json.Unmarshal(doc, &want); err != nil {
			return // a number beyond float64
		}
		switch want := want.(type) {
		case map[string]any:
			if oerr != nil || len(bytes.TrimSpace(orest)) > 0 {
				t.Fatalf("object %q: rest %q, %v", doc, orest, oerr)
			}
			if !isUTF8(doc) {
				return // encoding/json repairs, this package hands out views
			}
			if len(seen) != len(want) {
				t.Fatalf("object %q has members %q, want %v", doc, seen, want)
			}
			for key, v := range want {
				if raw, ok := seen[key]; !ok || !same(raw, v) {
					t.Fatalf("object %q: member %q is %s, want %v", doc, key, raw, v)
				}
			}
		case []any:
			if aerr != nil || len(elements) != len(want) {
				t.Fatalf("array %q has %d elements, %v", doc, len(elements), aerr)
			}
			for i, v := range want {
				if !same(elements[i], v) {
					t.Fatalf("array %q: element %d is %s, want %v", doc, i, elements[i], v)
				}
			}
		case string:
			if isUTF8(doc) && string(Unquote(nil, bytes.TrimSpace(doc))) != want {
				t.Fatalf("%q unquotes to %q, want %q", doc, Unquote(nil, bytes.TrimSpace(doc)), want)
			}
		}
	})
}

func isUTF8(b []byte) bool { return strings.ToValidUTF8(string(b), "") == string(b) }

func BenchmarkObject(b *testing.B) {
	doc := []byte(`{"time":"2026-06-18T12:00:00Z","level":"error","message":"call failed: \"quota\" is empty","http":{"request":{"method":"GET","url":"https://api.example.com/v2/report?vin=1HGBH41JXMN109186"},"response":{"status_code":429,"body":"` + strings.Repeat("word ", 40) + `"}},"duration_ms":12.5}`)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Object(doc, func(_, _ []byte, _ Kind) bool { return true }); err != nil {
			b.Fatal(err)
		}
	}
}
