package classify

import (
	"bytes"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// startLimitsMax bounds the limits that a drafted pack names.
const startLimitsMax = 8

// headerLimit is a limit that headers state under names of the vendor's own.
type headerLimit struct {
	key   string            // the header's name without the word for the part
	parts map[string]string // limit, remaining, used, reset → header
}

// limitsOf groups the headers of a response that differ only in the word for
// the part. What the standards name is read without a pack.
func limitsOf(headers []record.Header) []headerLimit {
	var out []headerLimit
	for _, h := range headers {
		name := strings.ToLower(string(h.Name))
		key, part := limitPart(name)
		if part == "" || isStandardHeader(name) || !statesLimit(part, h.Value) {
			continue
		}
		i := slices.IndexFunc(out, func(l headerLimit) bool { return l.key == key })
		if i < 0 {
			if len(out) == startLimitsMax {
				continue
			}
			out = append(out, headerLimit{key: key, parts: map[string]string{}})
			i = len(out) - 1
		}
		if out[i].parts[part] == "" {
			out[i].parts[part] = name
		}
	}
	return slices.DeleteFunc(out, func(l headerLimit) bool { return l.parts["limit"] == "" && l.parts["remaining"] == "" })
}

// limitParts are the words of a limit's parts, as keys of a pack name them.
var limitParts = []string{"remaining", "reset", "used", "limit"}

// limitPart takes the word for the part out of a header's name.
func limitPart(name string) (key, part string) {
	words := strings.Split(name, "-")
	for _, p := range limitParts {
		if i := slices.Index(words, p); i >= 0 {
			return strings.Join(slices.Delete(slices.Clone(words), i, i+1), "-"), p
		}
	}
	return "", ""
}

func isStandardHeader(name string) bool {
	for _, h := range standardHeaders {
		if h.name == name {
			return true
		}
	}
	return false
}

// statesLimit keeps out headers whose names only sound like a limit's.
func statesLimit(part string, value []byte) bool {
	if part == "reset" {
		return len(value) > 0
	}
	return len(value) > 0 && len(bytes.Trim(value, "0123456789.,")) == 0
}

// title is a name for the limit: what its headers have beside the usual words.
func (l headerLimit) title(pack string) string {
	words := strings.FieldsFunc(l.key, func(r rune) bool { return r == '-' || r == '_' })
	words = slices.DeleteFunc(words, func(w string) bool {
		return w == "x" || w == "rate" || w == "ratelimit" || w == "limit" || w == "quota" || w == "api" || w == pack
	})
	if len(words) == 0 || !isSlug(strings.Join(words, "_")) {
		return "requests"
	}
	return strings.Join(words, "_")
}

// yaml is the limit as a line of a pack.
func (l headerLimit) yaml(pack string) string {
	var b strings.Builder
	b.WriteString("  - {name: " + yamlText(l.title(pack)))
	for _, p := range []string{"limit", "remaining", "used", "reset"} {
		if h := l.parts[p]; h != "" {
			b.WriteString(", " + p + ": " + yamlText("header:"+h))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// idHeader is the response's header that sounds like a request id and that no
// standard names, or "".
func idHeader(headers []record.Header) string {
	for _, h := range headers {
		name := strings.ToLower(string(h.Name))
		flat := strings.ReplaceAll(name, "-", "")
		if strings.HasSuffix(flat, "requestid") || strings.HasSuffix(flat, "correlationid") || strings.HasSuffix(flat, "traceid") {
			return name
		}
	}
	return ""
}
