package classify

import (
	"regexp"
	"strings"
)

// changing finds what differs from one message of a kind to the next: addresses,
// mail, times, ids, numbers. The first group that fits names the hole.
var changing = regexp.MustCompile(`(?P<url>https?://[^\s"'<>()]*[^\s"'<>().,;:!?])` +
	`|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)` +
	`|(?P<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?)` +
	`|(?P<id>\b[[:alpha:]]*[0-9]+[[:alpha:]]+[0-9][[:alnum:]]*(?:[_-][[:alnum:]]+)*\b` +
	`|\b[[:alpha:]]+(?:_[[:alnum:]]+)*_[[:alnum:]]*[0-9][[:alnum:]]*\b|\b[[:xdigit:]]{8}-[[:xdigit:]-]{9,}\b|\b[[:xdigit:]]{12,}\b)` +
	`|(?P<quoted>"[^"]{1,80}"|\B'[^']{1,80}'\B|` + "`[^`]{1,80}`" + `)` +
	`|(?P<number>\b[0-9](?:[0-9,]*[0-9])?)`)

// startMessageBytesMax is how much of a message a drafted template spells out.
const startMessageBytesMax = 200

// messageTemplate drafts the template of a message: what changes becomes a hole,
// a long tail is left open. It is "" where hardly any text of its own is left.
func messageTemplate(message string) string {
	message = strings.TrimSpace(message)
	head, _, more := strings.Cut(message, "\n")
	head = strings.TrimRight(head, "\r ")
	if len(head) > startMessageBytesMax {
		more = true
		head = strings.ToValidUTF8(head[:startMessageBytesMax], "")
		if i := strings.LastIndexByte(head, ' '); i > 0 {
			head = head[:i+1]
		}
	}
	h := holeNames{taken: map[string]int{}}
	var b strings.Builder
	at := 0
	for _, m := range changing.FindAllStringSubmatchIndex(head, holesMax) {
		b.WriteString(literal(head[at:m[0]]))
		b.WriteString(h.holeFor(head, m))
		at = m[1]
	}
	b.WriteString(literal(head[at:]))
	if more {
		b.WriteString("{*}")
	}
	if _, _, err := parseTemplate(b.String()); err != nil {
		return ""
	}
	return b.String()
}

// literal spells text in the language of templates.
func literal(s string) string {
	return strings.NewReplacer("{", "{{", "}", "}}").Replace(s)
}

// holeNames gives every hole a name of its own.
type holeNames struct{ taken map[string]int }

func (h *holeNames) holeFor(text string, m []int) string {
	for i, kind := range changing.SubexpNames() {
		if kind == "" || m[2*i] < 0 {
			continue
		}
		switch kind {
		case "quoted":
			quote := text[m[0] : m[0]+1]
			return quote + "{" + h.name("value") + "}" + quote
		case "number":
			return "{" + h.name("number") + ":int}"
		case "id":
			return "{" + h.name("id") + ":word}"
		case "url":
			return "{" + h.name("url") + ":url}"
		default:
			return "{" + h.name(kind) + "}"
		}
	}
	return ""
}

// name is base the first time, then base_b, base_c and so on.
func (h *holeNames) name(base string) string {
	h.taken[base]++
	n := h.taken[base]
	if n == 1 {
		return base
	}
	return base + "_" + string(rune('a'+n-1))
}
