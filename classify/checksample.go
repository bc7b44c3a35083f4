package classify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// sample labels one sample and compares. A sample of the pack that this one
// extends must still hold, but where this one has the rule anew.
func (c *checker) sample(s *sample, inherited bool) {
	bad := c.bad
	if !c.checked {
		bad = &faults{}
	}
	filed := c.ruleOf(s, bad)
	if filed == "" {
		return
	}
	anew := inherited && c.own(c.placeOf(s.rule))
	if anew && c.filed[s.rule] {
		return
	}
	c.filed[s.rule] = true
	r := s.record(c.host(), bad)
	if r == nil {
		return
	}
	if c.checked {
		c.compare(s, r, filed, inherited, anew)
	}
	c.strangers(s, r)
}

// compare proves that the sample reaches its rule and gives the labels it wants.
func (c *checker) compare(s *sample, r *record.Record, filed string, inherited, anew bool) {
	if inherited {
		r.Vendor = []byte(c.pack.name) // its host may be the other pack's
	}
	l := c.house.bound
	if l.e.SentBack(r.Exchange) {
		r.Direction = record.Callback
	}
	var out record.Label
	l.Label(r, &out)
	r.Vendor, r.Direction = nil, record.Outbound
	c.used[l.facts.env] = true
	for _, slot := range l.bodySet {
		c.shown[slot] = true
	}
	if c.pack != c.house.set.global && out.Vendor != c.pack.name {
		c.bad.add(s.at, "", "sample %q is claimed by %s, not by %s", s.name, out.Vendor, c.pack.name)
		return
	}
	if filed == successSample {
		if out.Failure {
			c.bad.add(s.at, "", "sample %q is no success: rule %s claims it", s.name, out.Rule)
		}
	} else if out.Rule != filed {
		if own := c.ruleNamed(out.Rule); inherited && own != nil && c.own(own.at) {
			c.taken(own, s)
		} else {
			c.missed(s, filed, &out)
		}
		return
	}
	c.rivals(s, filed, r.Status)
	for _, w := range s.wants {
		if inherited && w.key == "vendor" {
			continue // it names the pack below
		}
		if got := labelled(&out, w.key); got != w.value && !anew {
			c.bad.add(w.at, "", "sample %q: want %s %s, got %s", s.name, w.key, w.value, got)
		}
	}
}

// strangers proves that no other pack takes the sample for its own where the
// host is not known.
func (c *checker) strangers(s *sample, r *record.Record) {
	l := c.house.unbound
	l.scores = l.scores[:0]
	var out record.Label
	l.Label(r, &out)
	for _, score := range l.scores {
		other := c.house.checker(score.pack)
		if other == nil || other == c || score.total < vendorAccepted || related(c.written, other.written) {
			continue
		}
		switch {
		case out.Vendor != score.pack.name && !score.header && !score.docs:
			// Words that several use name none of them, as they should.
		case out.Vendor != score.pack.name && c.checked:
			c.bad.warn(s.at, "", "sample %q speaks for %s, too, so its vendor is not told where the host is not known", s.name, score.pack.name)
		case out.Vendor != score.pack.name:
		case c.checked:
			c.bad.add(s.at, "make the other pack's headers, docs_urls or codes more precise", "sample %q looks like %s where the host is not known", s.name, out.Vendor)
		case other.checked:
			other.bad.add(other.written.file.Pack.at, "make headers, docs_urls or codes more precise",
				"the pack claims the sample %q of %s where the host is not known", s.name, c.pack.name)
		}
	}
}

// ruleOf is the full name of the rule that the sample is filed under.
func (c *checker) ruleOf(s *sample, bad *faults) string {
	if s.rule == successSample {
		return successSample
	}
	var ids []string
	for _, r := range c.pack.rules {
		ids = append(ids, r.id)
	}
	for _, row := range c.pack.rows {
		ids = append(ids, strings.TrimPrefix(row.name, c.pack.name+"/"))
	}
	if slices.Contains(ids, s.rule) {
		return c.pack.name + "/" + s.rule
	}
	help := "a section is named RULE/NAME"
	if near := nearest(s.rule, ids); near != "" {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	bad.add(s.at, help, "sample %q is filed under %q, which is no rule of pack %s", s.name, s.rule, c.pack.name)
	return ""
}

// placeOf is where the rule or row stands.
func (c *checker) placeOf(id string) place {
	for _, r := range c.pack.rules {
		if r.id == id {
			return r.at
		}
	}
	for _, row := range c.written.file.Status {
		if firstOf(row.ID.s, "status-"+row.Status.s) == id {
			return row.at
		}
	}
	return place{}
}

// host is where samples without a request line go.
func (c *checker) host() string {
	for _, h := range c.pack.hosts {
		return strings.TrimPrefix(h.Host, "*.")
	}
	return "host.example"
}

// rivals reports rules that fit the sample as well as its own does, so that only
// their order in the file decides.
func (c *checker) rivals(s *sample, filed string, wire int) {
	l := c.house.bound
	var winner *rule
	for _, r := range c.pack.variants {
		if r.name == filed && l.meets(c.pack, r, wire) && (winner == nil || r.rank() < winner.rank() || r.rank() == winner.rank() && r.weight() > winner.weight()) {
			winner = r
		}
	}
	if winner == nil {
		return
	}
	told := map[string]bool{filed: true}
	for _, r := range c.pack.variants {
		if told[r.name] || c.hidden[r] != nil || r.rank() != winner.rank() || r.weight() != winner.weight() || !l.meets(c.pack, r, wire) {
			continue
		}
		told[r.name] = true
		report := c.bad.add
		if r.label == winner.label || r.rank() == rankContains || r.rank() == rankWhere {
			report = c.bad.warn // what has no length is asked in the file's order
		}
		report(s.at, "give one of them a further condition, or a longer message", "sample %q fits rule %q as well as rule %q: only their order decides", s.name, r.id, winner.id)
	}
}

// taken reports a rule that takes a sample of the pack that this one extends.
func (c *checker) taken(own *rule, s *sample) {
	if r := c.ruleNamed(c.pack.name + "/" + s.rule); r != nil && c.hidden[r] != nil {
		return // told already
	}
	c.bad.add(own.at, fmt.Sprintf("ask for more, or give it the id %s to replace that rule", s.rule), "rule %q takes the sample %q of the pack below", own.id, s.name)
}

// ruleNamed is the first variant of the rule with the full name, or nil.
func (c *checker) ruleNamed(name string) *rule {
	i := slices.IndexFunc(c.pack.variants, func(r *rule) bool { return r.name == name })
	if i < 0 {
		return nil
	}
	return c.pack.variants[i]
}

// missed explains why a sample did not reach its rule, with the place where its
// message and the rule's template part.
func (c *checker) missed(s *sample, filed string, out *record.Label) {
	f := s.at.finding("", "sample %q reaches rule %s, not %s", s.name, firstOf(out.Rule, "none"), filed)
	if !out.Failure {
		f.Text = fmt.Sprintf("sample %q is no failure, so it does not reach rule %s", s.name, filed)
	}
	i := slices.IndexFunc(c.pack.rules, func(r *rule) bool { return r.name == filed })
	if i >= 0 && c.pack.rules[i].message != nil && c.pack.rules[i].message.re == nil && out.Message != "" {
		t := c.pack.rules[i]
		low := appendLower(nil, trimEnd([]byte(out.Message)))
		if stop := t.message.stop(low); stop < len(low) || out.Rule == "" {
			f.Snippet = out.Message + "\n" + strings.Repeat(" ", len([]rune(string(low[:stop])))) + "^ the template goes no further"
			f.Help = "the template is: " + t.source
		}
	}
	c.bad.list = append(c.bad.list, f)
}

// stop says how far a template follows a message that it does not match.
func (t *template) stop(low []byte) int {
	pos := 0
	for i := range t.parts {
		p := &t.parts[i]
		if p.hole {
			continue
		}
		if i > 0 {
			k := bytes.Index(low[pos:], p.literal)
			if k < 0 {
				return pos
			}
			pos += k + len(p.literal)
			continue
		}
		for pos < len(p.literal) && pos < len(low) && low[pos] == p.literal[pos] {
			pos++
		}
		if pos < len(p.literal) {
			return pos
		}
	}
	return pos
}
