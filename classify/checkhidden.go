package classify

import (
	"fmt"
	"slices"
	"strings"
)

// The ranks of rules, in the order in which the engine asks them.
const (
	rankTypeCode = iota
	rankCode
	rankFirstWord
	rankTemplate
	rankPattern
	rankContains
	rankWhere
	rankHint
	rankType
	rankAffix
	rankVague
)

// rank is the level at which the engine finds the rule. It must say the same as
// [Pack.index].
func (r *rule) rank() int {
	switch {
	case r.code != "" && r.typ != "":
		return rankTypeCode
	case r.affix != affixNone:
		return rankAffix
	case r.vague:
		return rankVague
	case r.code != "":
		return rankCode
	case r.message != nil && r.message.re != nil:
		return rankPattern
	case r.message != nil && r.message.firstWord() != "":
		return rankFirstWord
	case r.message != nil && len(r.contains) == 0:
		return rankTemplate
	case len(r.contains) > 0:
		return rankContains
	case r.hint != "":
		return rankHint
	case r.typ != "":
		return rankType
	}
	return rankWhere
}

// meets reports whether the answer that was labelled last fulfils all that a
// rule of the pack asks, whatever other rules say.
func (l *Labeler) meets(p *Pack, r *rule, wire int) bool {
	if !l.allows(r, wire, false) || r.code != "" && !l.hasCode(p, r) {
		return false
	}
	message := l.lowMessage()
	if r.message != nil && (len(message) == 0 || !l.matches(r, message, l.low)) {
		return false
	}
	return len(r.contains) == 0 || containsAny(l.low, r.contains)
}

// hasCode compares the code; the global pack's codes are words of any spelling.
func (l *Labeler) hasCode(p *Pack, r *rule) bool {
	if p.name != GlobalPack {
		return strings.EqualFold(r.code, string(l.facts.code))
	}
	for _, code := range [2][]byte{l.facts.code, l.facts.typ} {
		word := appendWord(nil, code)
		if slices.Contains(wordIn(p.byCode, word), r) || slices.Contains(wordIn(p.byVague, word), r) {
			return true
		}
		if r.affix.fits(r.code, word) {
			return true
		}
	}
	return false
}

// hiddenRules finds rules, and values of their lists, that an earlier rule always
// takes.
func (c *checker) hiddenRules() {
	for _, bucket := range c.buckets() {
		for j, late := range bucket {
			i := slices.IndexFunc(bucket[:j], func(early *rule) bool { return early.id != late.id && covers(early, late) })
			if i >= 0 {
				c.hidden[late] = bucket[i]
			}
		}
	}
	for _, r := range c.pack.rules {
		var all, hidden []*rule
		for _, v := range c.pack.variants {
			if v.id == r.id {
				all = append(all, v)
				if c.hidden[v] != nil {
					hidden = append(hidden, v)
				}
			}
		}
		if len(hidden) == len(all) {
			c.hiddenRule(r, c.hidden[hidden[0]])
			continue
		}
		for _, v := range hidden {
			report := c.bad.add
			if v.label == c.hidden[v].label {
				report = c.bad.warn
			}
			report(r.at, "", "rule %q is never reached by %s: %q matches the same", r.id, v.words(), c.hidden[v].id)
		}
	}
}

// hiddenRule reports a rule of which nothing is left. Who lays a rule over a pack
// means the rule of that pack to be gone.
func (c *checker) hiddenRule(r, by *rule) {
	if c.own(by.at) && !c.own(r.at) {
		c.bad.add(by.at, fmt.Sprintf("give it the id %s, so that it replaces that rule", r.id), "rule %q takes all that rule %q of the pack below matches", by.id, r.id)
		return
	}
	c.bad.add(r.at, "", "rule %q can never be reached: %q matches the same", r.id, by.id)
}

// words names what a variant matches.
func (r *rule) words() string {
	var parts []string
	for _, p := range []struct{ key, value string }{{"type", r.rawType}, {"code", r.rawCode}, {"hint", r.hint}, {"message", r.source}} {
		if p.value != "" {
			parts = append(parts, fmt.Sprintf("%s %q", p.key, p.value))
		}
	}
	return strings.Join(parts, ", ")
}

// buckets are the lists in which the engine looks for the first rule that fits.
func (c *checker) buckets() [][]*rule {
	var out [][]*rule
	for _, index := range []map[string][]*rule{c.pack.byTypeCode, c.pack.byCode, c.pack.byVague, c.pack.byFirstWord, c.pack.byHint, c.pack.byType} {
		for _, bucket := range index {
			out = append(out, bucket)
		}
	}
	for _, r := range c.pack.byAffix {
		same := func(o *rule) bool { return o.affix == r.affix && o.code == r.code }
		if i := slices.IndexFunc(out, func(bucket []*rule) bool { return same(bucket[0]) }); i >= 0 {
			out[i] = append(out[i], r)
		} else {
			out = append(out, []*rule{r})
		}
	}
	return append(out, c.pack.phrases.rules, c.pack.patterns, c.pack.byWhere)
}

// covers reports whether the earlier of two rules of one bucket takes all that
// the later one matches.
func covers(early, late *rule) bool {
	return coversStatus(early.statuses, late.statuses) && (early.typ == "" || early.typ == late.typ) &&
		(early.hint == "" || early.hint == late.hint) && early.between == late.between &&
		(early.onRoute == "" || early.onRoute == late.onRoute) && coversConditions(early.where, late.where) && coversMessage(early, late) && coversPhrases(early.contains, late.contains)
}

func coversStatus(early, late []statusRange) bool {
	if len(early) == 0 {
		return true
	}
	outside := func(s statusRange) bool {
		return !slices.ContainsFunc(early, func(e statusRange) bool { return e.from <= s.from && s.to <= e.to })
	}
	return len(late) > 0 && !slices.ContainsFunc(late, outside)
}

// coversConditions reports whether the later rule asks all that the earlier one
// asks.
func coversConditions(early, late []condition) bool {
	unasked := func(e condition) bool {
		return !slices.ContainsFunc(late, func(l condition) bool {
			return e.slot == l.slot && e.exists == l.exists && e.numeric == l.numeric && e.atLeast == l.atLeast &&
				within(l.equals, e.equals) && within(e.notEquals, l.notEquals) && within(l.contains, e.contains)
		})
	}
	return !slices.ContainsFunc(early, unasked)
}

// within reports whether each of the values is one of those in the list, where
// no value at all is only within no list at all.
func within(values, list []string) bool {
	other := func(v string) bool { return !slices.Contains(list, v) }
	return (len(values) == 0) == (len(list) == 0) && !slices.ContainsFunc(values, other)
}

func coversPhrases(early, late []string) bool {
	if len(early) == 0 {
		return true
	}
	other := func(phrase string) bool {
		return !slices.ContainsFunc(early, func(e string) bool { return strings.HasPrefix(phrase, e) || strings.Contains(phrase, " "+e) })
	}
	return len(late) > 0 && !slices.ContainsFunc(late, other)
}

func coversMessage(early, late *rule) bool {
	switch {
	case early.message == nil:
		return true
	case late.message == nil:
		return false
	case strings.EqualFold(early.source, late.source):
		return true
	case late.message.re != nil:
		return false
	}
	for i := range witnesses {
		text := late.message.witness(i)
		if _, ok := early.message.match(text, appendLower(nil, text), nil); !ok {
			return false
		}
	}
	return true
}

// witnesses is how many messages stand for all that a template matches.
const witnesses = 3

// witness is a message that the template matches.
func (t *template) witness(i int) []byte {
	fillings := map[holeClass][witnesses]string{
		holeAny: {"x", "two words", "7 of 9, really"}, holeInt: {"7", "1,204", "0"}, holeWord: {"x", "a_b-c.9", "7"},
		holeURL: {"https://a.example/b?c=1", "x", "a.example/7"}, holeRest: {"x", " and so on", "7"},
	}
	var text []byte
	for _, p := range t.parts {
		if p.hole {
			text = append(text, fillings[p.class][i]...)
			continue
		}
		text = append(text, p.literal...)
	}
	return text
}

// hiddenRows finds status rows that another one always takes.
func (c *checker) hiddenRows() {
	file := c.written.file
	for i, row := range file.Status {
		for _, other := range file.Status[:i] {
			if row.Status.s == other.Status.s && len(row.Where) == 0 && len(other.Where) == 0 && len(row.Transport) == 0 && len(other.Transport) == 0 {
				c.bad.add(row.Status.at, "tell them apart by where:", "status %s has two rows without a condition, the other in line %d", row.Status.s, other.Status.at.line)
			}
		}
	}
}

// hiddenEnvelopes finds envelopes that never fit first.
func (c *checker) hiddenEnvelopes() {
	list := c.written.file.Envelopes
	for i, late := range list {
		for j, early := range list[:i] {
			if !coversStatus(c.pack.envelopes[j].on, c.pack.envelopes[i].on) {
				continue
			}
			other := func(p text) bool {
				return !slices.ContainsFunc(late.Requires, func(l text) bool { return leadsTo(p.s, l.s) })
			}
			if len(early.Requires) > 0 && !slices.ContainsFunc(early.Requires, other) {
				c.bad.add(firstPlace(late.Name.at, c.written.file.at), "the one that requires more stands first",
					"envelope %q can never be reached: %q before it requires no more", late.Name.s, early.Name.s)
				break
			}
		}
	}
}

// leadsTo reports whether a body with the longer path has the shorter one, too.
func leadsTo(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && (rest == "" || !strings.HasPrefix(short, pathHeader) && (rest[0] == '.' || rest[0] == '['))
}

// neverShown warns of places that no sample has, which may be misspelled.
func (c *checker) neverShown() {
	f := c.written.file
	for i := range f.Envelopes {
		if at := f.Envelopes[i].Name.at; c.own(at) && !c.used[c.pack.envelopes[i]] {
			c.bad.warn(at, "", "no sample has the shape of envelope %q", f.Envelopes[i].Name.s)
		}
	}
	var paths []text
	for _, l := range f.Limits {
		paths = append(paths, l.Limit, l.Remaining, l.Used, l.Reset, l.Pair)
	}
	for _, w := range f.Wait {
		paths = append(paths, w.From)
	}
	if q := f.Quota; q != nil {
		paths = append(paths, q.Name, q.Tier, q.Period, q.Limit, q.Used, q.Remaining, q.ResetAt)
	}
	for _, row := range f.Status {
		for _, w := range row.Where {
			paths = append(paths, w.Field)
		}
	}
	for _, p := range paths {
		slot, known := c.house.set.slots.paths[p.s]
		if p.s != "" && known && c.own(p.at) && !c.shown[slot] {
			c.bad.warn(p.at, "", "no sample has %s", p.s)
		}
	}
}
