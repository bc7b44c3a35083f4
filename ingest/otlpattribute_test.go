package ingest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// TestAttributesInOnePass holds the one pass over the attributes of a span
// against cutting the list out, then each element, then reading it.
func TestAttributesInOnePass(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	pieces := []string{`{"key":"http.method","value":{"stringValue":"GET"}}`, `{"key":"http.status_code","value":{"intValue":"429"}}`, `{"key":"url.full","value":{"stringValue":"https://v.example/a"}}`,
		`{"key":"error.type","value":{"arrayValue":{"values":[{"stringValue":"x"}]}}}`, `{"key":"a","b":[1,{"c":"}"}],"value":{"x":{},"stringValue":"\"]"}}`, `{"value":{},"key":"a"}`, `{}`, `1`, `"]"`,
		`{`, `}`, `[`, `]`, `,`, ` `, `{"key":"http.target"`, `"value":{`, `{"key":"http.host","value":{"stringValue":"h"},}`, `{"key":"a"]`, `x`, "\n"}
	for range 30_000 {
		var list strings.Builder
		for j := range rnd.IntN(7) {
			if j > 0 && rnd.IntN(8) > 0 {
				list.WriteByte(',')
			}
			at := rnd.IntN(6)
			if rnd.IntN(5) == 0 {
				at = rnd.IntN(len(pieces))
			}
			list.WriteString(pieces[at])
		}
		span := []byte(`{"kind":3,"attributes":[` + list.String() + `],"spanId":"00f067aa0ba902b7"}`)
		var got, want record.Draft
		got.Reset()
		want.Reset()
		one, plain := newTraceParser(&Config{}), newTraceParser(&Config{})
		one.span.begin(&got)
		plain.span.begin(&want)
		gotReason := one.otlpSpan(span, &got)
		c := jsonscan.NewCursor(span)
		for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
			switch string(key) {
			case "kind":
				plain.span.kind = plain.span.text(c.Value(), kind)
			case "spanId":
				want.SpanID = c.Value()
				want.SpanID = want.SpanID[1 : len(want.SpanID)-1]
			case "attributes":
				if value := c.Value(); kind == jsonscan.ArrayKind {
					_, _ = jsonscan.Array(value, func(_ int, element []byte, kind jsonscan.Kind) bool {
						if kind == jsonscan.ObjectKind {
							c := jsonscan.NewCursor(element)
							plain.pair(&c)
						}
						return true
					})
				}
			}
		}
		wantReason := record.RejectJSON
		if c.Err() == nil {
			wantReason = plain.span.exchange(&want)
		}
		if gotReason != wantReason || gotReason == "" && fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Fatalf("%s\n got %s %+v\nwant %s %+v", span, gotReason, got, wantReason, want)
		}
	}
}
