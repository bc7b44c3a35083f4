package classify

import (
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/record"
)

// compiler turns packFiles into Packs. It goes on after a fault, so that all
// of them are shown.
type compiler struct {
	slots *slots
	bad   *faults
	ids   map[string]place // rules and rows of the pack at hand
}

// pack compiles all of a pack.
func (c *compiler) pack(pf *packFile, source string) *Pack {
	p := c.head(pf, source)
	c.rest(pf, p)
	return p
}

// head compiles what every run needs of a pack: its name, whose answers are
// its own, and what of them is secret.
func (c *compiler) head(pf *packFile, source string) *Pack {
	p := &Pack{name: pf.Pack.s, version: pf.Version.s, title: pf.Title.s, docs: pf.Docs.s, source: source,
		supportURL: pf.Support.URL.s, support: values(pf.Support.Fields)}
	c.name(pf)
	c.required(pf.Version, pf.at, "version")
	c.required(pf.Title, pf.at, "title")
	speaks := p.name
	if p.name == GlobalPack {
		speaks = "" // hosts that it names are nobody's, whoever owns the domain
	}
	for _, h := range pf.Hosts {
		c.required(h.Host, pf.at, "host")
		p.hosts = append(p.hosts, record.HostBinding{Host: strings.ToLower(h.Host.s), PathPrefix: h.Path.s, Pack: speaks})
	}
	if cb := pf.Callback; cb != nil {
		c.required(cb.Code, pf.at, "callback.code")
		p.callback = &callback{paths: values(cb.Paths), code: cb.Code.s, message: cb.Message.s}
	}
	c.evidence(pf, p)
	c.masking(pf, p)
	c.ledger(pf.Ledger, p)
	return p
}

// rest compiles what only a run needs that meets the vendor's answers.
func (c *compiler) rest(pf *packFile, p *Pack) {
	c.ids = map[string]place{}
	for i := range pf.Envelopes {
		p.envelopes = append(p.envelopes, c.envelope(&pf.Envelopes[i], pf.at))
	}
	p.quota = c.quota(pf.Quota)
	p.limits, p.waits = c.limits(pf.Limits, pf.at), c.waits(pf.Wait, pf.at)
	p.ids = c.idSources(pf.RequestID)
	for _, t := range pf.RetryHint {
		p.retryHints = append(p.retryHints, c.slots.header(t.s))
	}
	for i := range pf.Rules {
		if list := c.rule(&pf.Rules[i], p); len(list) > 0 {
			p.rules = append(p.rules, list[0])
			p.variants = append(p.variants, list...)
		}
	}
	for i := range pf.Status {
		if row := c.row(&pf.Status[i], p); row != nil {
			p.rows = append(p.rows, row)
		}
	}
	p.index()
}

func values(list []text) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.s
	}
	return out
}

func (c *compiler) name(pf *packFile) {
	c.required(pf.Pack, pf.at, "pack")
	if pf.Pack.s != "" && !isSlug(pf.Pack.s) {
		c.bad.add(pf.Pack.at, "", "pack name %q has more than a to z, 0 to 9 and -", pf.Pack.s)
	}
	if pf.Pack.s == record.VendorGeneric || pf.Pack.s == record.VendorUnknown {
		c.bad.add(pf.Pack.at, "", "pack name %q is taken for calls whose vendor is not known", pf.Pack.s)
	}
}

func (c *compiler) required(t text, owner place, key string) {
	if t.s != "" {
		return
	}
	at := t.at
	if at.doc == nil {
		at = owner
	}
	c.bad.add(at, "", "%s is missing", key)
}

func isSlug(s string) bool {
	for _, x := range []byte(s) {
		if (x < 'a' || x > 'z') && (x < '0' || x > '9') && x != '-' && x != '_' {
			return false
		}
	}
	return s != "" && isAlnum(s[0])
}

// headerPrefixBytesMin keeps a prefix from claiming everybody's headers.
const headerPrefixBytesMin = 5

func (c *compiler) evidence(pf *packFile, p *Pack) {
	for _, t := range pf.DocsURLs {
		s := strings.ToLower(t.s)
		if _, rest, ok := strings.Cut(s, "://"); ok {
			s = rest
		}
		host, path, _ := strings.Cut(s, "/")
		if !strings.Contains(host, ".") {
			c.bad.add(t.at, "", "docs URL %q names no host", t.s)
			continue
		}
		p.docsURLs = append(p.docsURLs, docsURL{host: host, path: "/" + path})
	}
	for _, t := range pf.Headers {
		if len(t.s) < headerPrefixBytesMin {
			c.bad.add(t.at, "", "header prefix %q is shorter than %d characters", t.s, headerPrefixBytesMin)
			continue
		}
		p.headers = append(p.headers, strings.ToLower(t.s))
	}
	p.vocabulary = values(pf.Vocabulary)
	for i := range pf.Rules {
		p.vocabulary = append(p.vocabulary, values(pf.Rules[i].Match.Code)...)
	}
}

func (c *compiler) paths(list []text) []int {
	var out []int
	for _, t := range list {
		out = append(out, c.path(t))
	}
	return slices.DeleteFunc(out, func(n int) bool { return n == noSlot })
}

func (c *compiler) path(t text) int {
	if t.s == "" {
		return noSlot
	}
	n, err := c.slots.path(t.s)
	if err != nil {
		c.bad.add(t.at, "", "%v", err)
	}
	return n
}

func (c *compiler) envelope(ef *envelopeFile, owner place) *envelope {
	c.required(ef.Name, owner, "envelope name")
	e := &envelope{name: ef.Name.s, requires: c.paths(ef.Requires), code: c.paths(ef.Code), typ: c.paths(ef.Type),
		message: c.paths(ef.Message), status: c.paths(ef.Status), hint: c.paths(ef.Hint), docs: c.paths(ef.Docs),
		codeAfter: ef.CodeAfter.s, codeBefore: ef.CodeBefore.s}
	for _, t := range ef.On {
		r, ok := parseStatus(t.s)
		if !ok {
			c.bad.add(t.at, "", "%q is no status, want 100 to 599 or a class such as 5xx", t.s)
		}
		e.on = append(e.on, r)
	}
	if len(e.requires) == 0 {
		at := ef.Name.at
		if at.doc == nil {
			at = owner
		}
		c.bad.add(at, "requires lists the members that make the shape", "envelope %q would fit every body", ef.Name.s)
	}
	if w := ef.FailureWhen; w != nil {
		cond := c.condition(w, ef.Name.at)
		e.when = &cond
	}
	if w := ef.Unless; w != nil {
		if e.when == nil {
			c.bad.add(firstPlace(w.Field.at, ef.Name.at), "", "unless has no failure_when beside it")
		}
		cond := c.condition(w, ef.Name.at)
		e.unless = &cond
	}
	return e
}

func (c *compiler) conditions(list []whenField, owner place) []condition {
	var out []condition
	for i := range list {
		if cond := c.condition(&list[i], owner); cond.slot >= 0 {
			out = append(out, cond)
		}
	}
	return out
}

func (c *compiler) condition(w *whenField, owner place) condition {
	c.required(w.Field, owner, "field")
	cond := condition{slot: c.path(w.Field), equals: values(w.Equals), notEquals: values(w.NotEquals), exists: c.flag(w.Exists), decides: c.flag(w.Decides)}
	tests := 0
	for _, t := range w.Contains {
		cond.contains = append(cond.contains, strings.ToLower(t.s))
	}
	for _, set := range [...]bool{len(w.Equals) > 0, len(w.Contains) > 0, len(w.NotEquals) > 0, w.AtLeast.s != "", cond.exists} {
		if set {
			tests++
		}
	}
	if tests != 1 {
		c.bad.add(firstPlace(w.Field.at, owner), "", "a condition wants one of equals, contains, not_equals, at_least and exists: true")
	}
	if w.AtLeast.s != "" {
		n, ok := parseNumber([]byte(w.AtLeast.s))
		if !ok {
			c.bad.add(w.AtLeast.at, "", "at_least wants a number, got %q", w.AtLeast.s)
		}
		cond.numeric, cond.atLeast = true, n
	}
	return cond
}

func firstPlace(at, owner place) place {
	if at.doc == nil {
		return owner
	}
	return at
}

func (c *compiler) quota(q *quotaFile) quotaSlots {
	if q == nil {
		q = &quotaFile{}
	}
	s := quotaSlots{name: c.path(q.Name), tier: c.path(q.Tier), period: c.path(q.Period), limit: c.path(q.Limit),
		used: c.path(q.Used), remaining: c.path(q.Remaining), resetAt: c.path(q.ResetAt)}
	s.any = *q != quotaFile{}
	return s
}

func (c *compiler) idSources(list []text) []idSource {
	var out []idSource
	for _, t := range list {
		src := idSource{header: noSlot, body: noSlot, name: strings.ToLower(t.s)}
		kind, name, _ := strings.Cut(t.s, ":")
		switch {
		case kind == "header" && name != "":
			src.header = c.slots.header(name)
		case kind == "body" && name != "":
			src.body = c.path(text{s: name, at: t.at})
			src.name = t.s
		case t.s == "log":
			src.log = true
		default:
			c.bad.add(t.at, "write header:NAME, body:PATH or log", "unknown source of request ids %q", t.s)
			continue
		}
		out = append(out, src)
	}
	return out
}

func (c *compiler) masking(pf *packFile, p *Pack) {
	p.mask = record.Rules{Params: values(pf.Mask.Params), Headers: values(pf.Mask.Headers), Fields: values(pf.Mask.Fields)}
	for _, t := range pf.Mask.Paths {
		host, path, _ := strings.Cut(t.s, "/")
		rule := record.PathRule{Host: strings.ToLower(host), Path: "/" + path}
		if err := rule.Check(); err != nil {
			c.bad.add(t.at, "write /PATH/{secret} or HOST/PATH/{secret}; * is any one segment", "place of a credential %v", err)
			continue
		}
		p.mask.Paths = append(p.mask.Paths, rule)
	}
	for _, t := range pf.Account {
		switch kind, name, _ := strings.Cut(t.s, ":"); {
		case name != "" && (kind == "query" || kind == "header" || kind == "field" || kind == "claim"):
			p.account = append(p.account, t.s)
		default:
			c.bad.add(t.at, "write query:NAME, header:NAME, field:NAME or claim:NAME", "unknown source of the account %q", t.s)
		}
	}
}

// maskPaths are the places of credentials in paths; those without a host of
// their own count on every host of the pack.
func (p *Pack) maskPaths() []record.PathRule {
	var out []record.PathRule
	for _, rule := range p.mask.Paths {
		if rule.Host != "" {
			out = append(out, rule)
			continue
		}
		for _, h := range p.hosts {
			out = append(out, record.PathRule{Host: h.Host, Path: rule.Path})
		}
	}
	return out
}

// flag reads true or false; nothing is false.
func (c *compiler) flag(t text) bool {
	switch t.s {
	case "true":
		return true
	case "false", "":
		return false
	}
	c.bad.add(t.at, "", "want true or false, got %q", t.s)
	return false
}

// claim notes an id and refuses it the second time.
func (c *compiler) claim(id string, at place) bool {
	if first, taken := c.ids[id]; taken {
		c.bad.add(at, "", "rule %q stands twice, first in line %d", id, first.line)
		return false
	}
	c.ids[id] = at
	return true
}

func (c *compiler) label(l *labelFile) verdict {
	v := verdict{code: l.Code.s, action: l.Action.s, benign: c.flag(l.Benign), contactSupport: c.flag(l.ContactSupport)}
	v.category = closed(c, l.Category, "category", record.Categories())
	v.retry = closed(c, l.Retry, "retry", record.Retries())
	v.fault = closed(c, l.Fault, "fault", record.Faults())
	if v.capacity = l.Capacity.s; v.capacity != "" && (v.category != record.QuotaExhausted || v.retry != record.RetryFixAccount) {
		c.bad.add(l.Capacity.at, "what a new period gives back is no capacity", "capacity needs category quota and retry fix_account")
	}
	return v
}

// closed checks a value against its closed set.
func closed[T ~string](c *compiler, t text, key string, set []T) T {
	if t.s == "" || slices.Contains(set, T(t.s)) {
		return T(t.s)
	}
	names := make([]string, len(set))
	for i, s := range set {
		names[i] = string(s)
	}
	help := "the values are: " + strings.Join(names, ", ")
	if near := nearest(t.s, names); near != "" {
		help = "did you mean " + strconv.Quote(near) + "?"
	}
	c.bad.add(t.at, help, "%q is no %s of the taxonomy", t.s, key)
	return ""
}
