package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// egress masks what goes into a bundle and counts it by rule. Credentials were
// masked before they were stored; they are looked for again, since the rules may
// have grown since.
type egress struct {
	policy *record.Policy
	shown  map[Personal]bool
	counts map[Redaction]int64 // Places is 0 in the keys
}

func newEgress(o BundleOptions) *egress {
	e := &egress{policy: o.Policy, shown: map[Personal]bool{}, counts: map[Redaction]int64{}}
	for _, p := range o.Include {
		e.shown[p] = true
	}
	return e
}

func (e *egress) count(kind, name string, places int) {
	if places > 0 {
		e.counts[Redaction{Kind: kind, Name: name}] += int64(places)
	}
}

// clean takes the credentials out of a text that are not masked yet.
func (e *egress) clean(s string) string {
	if clean, found := e.policy.Clean([]byte(s)); len(found) > 0 {
		return string(clean)
	}
	return s
}

// text masks a text of no known place.
func (e *egress) text(s string) string { return e.field("text", "", s) }

// field masks a text and counts the credentials in it under kind and name.
func (e *egress) field(kind, name, s string) string {
	if s == "" {
		return s
	}
	s = e.clean(s)
	e.count(kind, name, strings.Count(s, record.Redacted))
	return e.personal(s)
}

func (e *egress) personal(s string) string {
	for _, kind := range Personals() {
		masked, places := kind.mask(s)
		e.count(RedactedPersonal, string(kind), places)
		if !e.shown[kind] {
			s = masked
		}
	}
	return s
}

// query masks a query and counts by parameter.
func (e *egress) query(s string) string {
	if s == "" {
		return s
	}
	s = strings.TrimPrefix(e.clean("?"+s), "?")
	for pair := range strings.SplitSeq(s, "&") {
		if name, value, _ := strings.Cut(pair, "="); strings.Contains(value, record.Redacted) {
			e.count("query", strings.ToLower(name), 1)
		}
	}
	return e.personal(s)
}

// body masks a body and counts the members that hold a stand-in.
func (e *egress) body(s string) string { return e.field("body", "", s) }

// headerField is one field of a message; one with several values gives several.
type headerField struct{ Name, Value string }

// headers reads a JSON object of fields, as it is stored, masks it and sorts it
// by name, so that two captures of one answer look alike.
func (e *egress) headers(stored string) []headerField {
	var list []headerField
	var fields map[string]any
	if stored == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(stored), &fields); err != nil {
		return []headerField{{Name: "x-unreadable", Value: e.text(stored)}}
	}
	for name, value := range fields {
		switch v := value.(type) {
		case []any:
			for _, one := range v {
				list = append(list, headerField{name, plainValue(one)})
			}
		default:
			list = append(list, headerField{name, plainValue(v)})
		}
	}
	slices.SortStableFunc(list, func(a, b headerField) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	for i := range list {
		h := &list[i]
		h.Value = strings.TrimPrefix(e.clean(h.Name+": "+h.Value), h.Name+": ")
		e.count("header", strings.ToLower(h.Name), strings.Count(h.Value, record.Redacted))
		h.Name, h.Value = e.text(h.Name), e.personal(h.Value)
	}
	return list
}

func plainValue(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// redactions are the counts, in a total order.
func (e *egress) redactions() []Redaction {
	var list []Redaction
	for key, places := range e.counts {
		if key.Kind != RedactedPersonal {
			key.Places = places
			list = append(list, key)
		}
	}
	kinds := []string{"header", "query", "body", "text"}
	slices.SortFunc(list, func(a, b Redaction) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Name, b.Name))
	})
	for _, p := range Personals() {
		list = append(list, Redaction{Kind: RedactedPersonal, Name: string(p), Places: e.counts[Redaction{Kind: RedactedPersonal, Name: string(p)}], Shown: e.shown[p]})
	}
	return list
}
