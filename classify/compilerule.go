package classify

import (
	"slices"
	"strconv"
	"strings"
)

// rule compiles one rule, or reports why it cannot and returns nil.
func (c *compiler) rule(rf *ruleFile, pack string) *rule {
	c.required(rf.ID, rf.at, "rule id")
	if rf.ID.s == "" || !c.claim(rf.ID.s, rf.ID.at) {
		return nil
	}
	if !isSlug(rf.ID.s) {
		c.bad.add(rf.ID.at, "", "rule id %q has more than a to z, 0 to 9 and -", rf.ID.s)
	}
	m := &rf.Match
	r := &rule{id: rf.ID.s, name: pack + "/" + rf.ID.s, at: rf.ID.at, label: c.label(&rf.Label),
		typ: strings.ToLower(m.Type.s), code: strings.ToLower(m.Code.s), hint: strings.ToLower(m.Hint.s),
		rawCode: m.Code.s, rawType: m.Type.s, quote: rf.Quote.s, docs: rf.Docs.s, note: rf.Note.s}
	for _, t := range m.Status {
		if s, ok := parseStatus(t.s); ok {
			r.statuses, r.statusIn = append(r.statuses, s), append(r.statusIn, t.s)
			continue
		}
		c.bad.add(t.at, "", "%q is no status, want 100 to 599 or a class such as 5xx", t.s)
	}
	c.message(m, r)
	if m.Code.s == "" && m.Type.s == "" && m.Hint.s == "" && m.Message.s == "" && m.Pattern.s == "" {
		c.bad.add(r.at, "a status alone belongs under status:", "rule %q matches on no code, type, message, pattern or hint", r.id)
	}
	if lw := rf.LikelyWhen; lw != nil {
		r.route = strings.ToLower(strings.Trim(lw.Route.s, "/"))
		r.lacks = values(lw.Lacks)
	}
	return r
}

// message compiles the rule's template or pattern.
func (c *compiler) message(m *matchFile, r *rule) {
	switch {
	case m.Message.s != "" && m.Pattern.s != "":
		c.bad.add(m.Pattern.at, "", "a rule has either message or pattern")
	case m.Message.s != "":
		t, at, err := parseTemplate(m.Message.s)
		if err != nil {
			c.bad.add(m.Message.within(at), "", "message template: %v", err)
			return
		}
		r.message, r.source = t, m.Message.s
	case m.Pattern.s != "":
		t, err := parsePattern(m.Pattern.s)
		if err != nil {
			c.bad.add(m.Pattern.at, "", "pattern: %v", err)
			return
		}
		r.message, r.source = t, m.Pattern.s
	}
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
	row := &statusRow{name: p.name + "/" + id, status: sf.Status.s, label: c.label(&sf.Label), docs: sf.Docs.s, note: sf.Note.s, between: c.flag(sf.Between)}
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
