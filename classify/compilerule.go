package classify

import (
	"slices"
	"strconv"
	"strings"
)

// rule compiles one rule into its variants, one for each combination of the
// values it lists, the first of which stands for all. It reports why it cannot
// and returns nil.
func (c *compiler) rule(rf *ruleFile, p *Pack) []*rule {
	c.required(rf.ID, rf.at, "rule id")
	if rf.ID.s == "" || !c.claim(rf.ID.s, rf.ID.at) {
		return nil
	}
	if !isSlug(rf.ID.s) {
		c.bad.add(rf.ID.at, "", "rule id %q has more than a to z, 0 to 9 and -", rf.ID.s)
	}
	m := &rf.Match
	r := rule{id: rf.ID.s, name: p.name + "/" + rf.ID.s, at: rf.ID.at, label: c.label(&rf.Label),
		where: c.conditions(m.Where, rf.at), onRoute: trimRoute(m.Route), between: c.flag(rf.Between), vague: c.flag(rf.Vague), codes: values(m.Code),
		quote: rf.Quote.s, docs: rf.Docs.s, note: rf.Note.s}
	for _, t := range [...]text{rf.Between, rf.Vague} {
		if t.s != "" && p.name != GlobalPack {
			c.bad.add(t.at, "", "between and vague belong to the global pack")
		}
	}
	for _, t := range m.Status {
		if s, ok := parseStatus(t.s); ok {
			r.statuses, r.statusIn = append(r.statuses, s), append(r.statusIn, t.s)
			continue
		}
		c.bad.add(t.at, "", "%q is no status, want 100 to 599 or a class such as 5xx", t.s)
	}
	for _, t := range m.Contains {
		phrase := strings.ToLower(t.s)
		if len(phrase) < containsBytesMin {
			c.bad.add(t.at, "", "phrase %q is shorter than %d characters", t.s, containsBytesMin)
			continue
		}
		r.contains = append(r.contains, phrase)
	}
	if len(m.Code)+len(m.Type)+len(m.Hint)+len(m.Message)+len(m.Contains)+len(m.Where) == 0 && m.Pattern.s == "" {
		c.bad.add(r.at, "a status alone belongs under status:", "rule %q matches on no code, type, message, pattern, phrase, condition or hint", r.id)
	}
	if lw := rf.LikelyWhen; lw != nil {
		r.route = trimRoute(lw.Route)
		r.lacks = values(lw.Lacks)
	}
	return c.variants(&r, m, p.name == GlobalPack)
}

func trimRoute(t text) string { return strings.ToLower(strings.Trim(t.s, "/")) }

// containsBytesMin keeps a phrase from standing in every message.
const containsBytesMin = 4

// variantsMax bounds the combinations of one rule's lists.
const variantsMax = 4096

// variants multiplies a rule by the lists of its match.
func (c *compiler) variants(base *rule, m *matchFile, global bool) []*rule {
	messages := c.messages(m)
	n := max(len(m.Type), 1) * max(len(m.Code), 1) * max(len(m.Hint), 1) * max(len(messages), 1)
	if n > variantsMax {
		c.bad.add(base.at, "", "the lists of rule %q have more than %d combinations", base.id, variantsMax)
		return nil
	}
	out := make([]*rule, 0, n)
	for _, typ := range orNone(m.Type) {
		for _, code := range orNone(m.Code) {
			for _, hint := range orNone(m.Hint) {
				for _, message := range orNone(messages) {
					r := *base
					r.rawType, r.rawCode = typ.s, code.s
					r.typ, r.code, r.hint = strings.ToLower(typ.s), strings.ToLower(code.s), strings.ToLower(hint.s)
					r.message, r.source = message.t, message.source
					if global {
						r.code, r.affix = cutAffix(r.code)
					}
					out = append(out, &r)
				}
			}
		}
	}
	return out
}

// orNone gives one zero value for an empty list.
func orNone[T any](list []T) []T {
	if len(list) == 0 {
		return make([]T, 1)
	}
	return list
}

// messageMatch is a compiled template or pattern, and how it was written.
type messageMatch struct {
	t      *template
	source string
}

// messages compiles the rule's templates or pattern.
func (c *compiler) messages(m *matchFile) []messageMatch {
	var out []messageMatch
	if m.Pattern.s != "" && len(m.Message) > 0 {
		c.bad.add(m.Pattern.at, "", "a rule has either message or pattern")
	}
	for _, source := range m.Message {
		t, at, err := parseTemplate(source.s)
		if err != nil {
			c.bad.add(source.within(at), "", "message template: %v", err)
			continue
		}
		out = append(out, messageMatch{t, source.s})
	}
	if m.Pattern.s == "" {
		return out
	}
	t, err := parsePattern(m.Pattern.s)
	if err != nil {
		c.bad.add(m.Pattern.at, "", "pattern: %v", err)
		return out
	}
	return append(out, messageMatch{t, m.Pattern.s})
}

// parseStatus reads "404" or "4xx".
func parseStatus(s string) (statusRange, bool) {
	if len(s) != 3 {
		return statusRange{}, false
	}
	if s[1:] == "xx" && s[0] >= '1' && s[0] <= '9' {
		n := int(s[0]-'0') * 100
		return statusRange{n, n + 99}, true
	}
	n, err := strconv.Atoi(s)
	return statusRange{n, n}, err == nil && n >= 100
}

// row compiles one status row, or reports why it cannot and returns nil.
func (c *compiler) row(sf *statusFile, p *Pack) *statusRow {
	c.required(sf.Status, sf.at, "status")
	if _, ok := parseStatus(sf.Status.s); !ok && sf.Status.s != "0" && sf.Status.s != "other" {
		if sf.Status.s != "" {
			c.bad.add(sf.Status.at, "", "%q is no status, want 0, 100 to 999, a class such as 5xx, or other", sf.Status.s)
		}
		return nil
	}
	id := firstOf(sf.ID.s, "status-"+sf.Status.s)
	if !c.claim(id, sf.Status.at) {
		return nil
	}
	row := &statusRow{where: c.conditions(sf.Where, sf.at), name: p.name + "/" + id, status: sf.Status.s, label: c.label(&sf.Label), docs: sf.Docs.s, note: sf.Note.s, between: c.flag(sf.Between)}
	for _, t := range sf.Transport {
		row.transport = append(row.transport, strings.ToLower(t.s))
	}
	for _, t := range sf.Candidates {
		i := slices.IndexFunc(p.rules, func(r *rule) bool { return r.id == t.s })
		if i < 0 {
			c.bad.add(t.at, "", "candidate %q is no rule of this pack", t.s)
			continue
		}
		row.candidates = append(row.candidates, p.rules[i])
	}
	if len(row.candidates) == 0 && !row.label.complete() && p.name == GlobalPack {
		c.bad.add(sf.Status.at, "", "the status table leaves category, retry or fault of %q open", sf.Status.s)
	}
	return row
}
