package analysis

import (
	"strings"

	"github.com/errscope/errscope/record/jsonscan"
)

// Limits of a shape.
const (
	shapeDepthMax   = 4
	shapeMembersMax = 12
	shapeNameMax    = 40
)

// Shape says what a body is made of: the members of JSON, in order and without
// their values, such as {error:{code,message}}; or html, xml, text or empty. A
// body that is cut off gives what there is.
func Shape(body string) string {
	body = strings.TrimSpace(strings.TrimPrefix(body, "\uFEFF"))
	if body == "" {
		return "empty"
	}
	switch body[0] {
	case '{', '[':
		var out strings.Builder
		writeShape(&out, []byte(body), jsonscan.KindOf([]byte(body)), 0)
		return out.String()
	case '<':
		head := strings.ToLower(body[:min(len(body), 200)])
		if strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html") {
			return "html"
		}
		return "xml"
	}
	return "text"
}

func writeShape(out *strings.Builder, value []byte, kind jsonscan.Kind, depth int) {
	switch kind {
	case jsonscan.ObjectKind:
		out.WriteByte('{')
		n := 0
		_, _ = jsonscan.Object(value, func(key, v []byte, kind jsonscan.Kind) bool {
			if n > 0 {
				out.WriteByte(',')
			}
			if n == shapeMembersMax || depth == shapeDepthMax {
				out.WriteString("…")
				return false
			}
			n++
			out.WriteString(strings.ToValidUTF8(string(key[:min(len(key), shapeNameMax)]), "\uFFFD"))
			if kind == jsonscan.ObjectKind || kind == jsonscan.ArrayKind {
				out.WriteByte(':')
				writeShape(out, v, kind, depth+1)
			}
			return true
		})
		out.WriteByte('}')
	case jsonscan.ArrayKind:
		out.WriteByte('[')
		_, _ = jsonscan.Array(value, func(_ int, first []byte, kind jsonscan.Kind) bool {
			if depth == shapeDepthMax {
				out.WriteString("…")
				return false
			}
			writeShape(out, first, kind, depth+1)
			return false
		})
		out.WriteByte(']')
	}
}
