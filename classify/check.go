package classify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// Check proves packs with the loader and the engine of production: each rule
// needs a sample, each sample must be claimed by the rule it is filed under and
// by no other pack. paths are packs or folders of packs; none means the
// embedded ones. An empty answer is a proved pack.
func Check(ctx context.Context, paths []string) []Finding {
	sources, err := embeddedSources()
	if err != nil {
		return []Finding{{Severity: SeverityError, Text: err.Error()}}
	}
	var out []Finding
	checked := map[string]bool{}
	for _, s := range sources {
		checked[s.shown] = len(paths) == 0
	}
	for _, at := range paths {
		more, err := findPacks(at)
		if err != nil {
			out = append(out, Finding{File: at, Severity: SeverityError, Text: err.Error()})
			continue
		}
		for _, s := range more {
			checked[s.shown] = true
		}
		sources = append(sources, more...)
	}
	set, all, bad, err := build(ctx, sources)
	if err != nil {
		return append(out, Finding{Severity: SeverityError, Text: err.Error()})
	}
	faulty := map[string]bool{}
	for _, f := range bad.list {
		faulty[f.File] = true
	}
	out = append(out, bad.list...)
	if set.global == nil {
		return out
	}
	for _, w := range all {
		p := set.byName[w.file.Pack.s]
		if p == nil || !checked[p.source] || slices.ContainsFunc(w.sources, func(s packSource) bool { return faulty[s.shown] }) {
			continue
		}
		c := checker{set: set, pack: p, bad: &faults{}, filed: map[string]bool{}}
		c.prove(ctx, w)
		out = append(out, c.bad.list...)
	}
	sortFindings(out)
	return out
}

func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// checker proves one pack.
type checker struct {
	set   *Set
	pack  *Pack
	bad   *faults
	filed map[string]bool // rules that have a sample
}

func (c *checker) prove(ctx context.Context, w written) {
	c.shadows()
	bound := NewEngine(c.set, nil, false).NewLabeler()
	unbound := NewEngine(c.set, record.NewBindings(nil, nil), false).NewLabeler()
	found := false
	for _, src := range w.sources {
		if ctx.Err() != nil {
			c.bad.add(w.file.at, "", "the check was broken off: %v", ctx.Err())
			return
		}
		data, err := readLimited(src.fsys, src.samples, SamplesBytesMax)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && len(data) > SamplesBytesMax {
			err = fmt.Errorf("longer than %d bytes", SamplesBytesMax)
		}
		if err != nil {
			c.bad.add(place{doc: newDocument(src.shownAs, nil), line: 1, col: 1}, "", "reading samples: %v", err)
			continue
		}
		found = true
		for _, s := range readSamples(newDocument(src.shownAs, data), c.bad) {
			c.sample(s, bound, unbound)
		}
	}
	if !found && len(c.pack.rules) > 0 {
		c.bad.add(w.file.at, "put raw responses into "+w.sources[0].shownAs, "the pack has no samples")
		return
	}
	for _, r := range c.pack.rules {
		if !c.filed[r.id] {
			c.bad.add(r.at, "add a section \"-- "+r.id+"/NAME --\" with a raw response", "rule %q has no sample", r.id)
		}
	}
}

// shadows finds rules that match just what another one matches.
func (c *checker) shadows() {
	seen := map[string]*rule{}
	for _, r := range c.pack.rules {
		statuses := slices.Clone(r.statusIn)
		slices.Sort(statuses)
		key := strings.Join([]string{r.typ, r.code, r.hint, strings.ToLower(r.source), strings.Join(statuses, ","),
			strings.Join(r.contains, ","), fmt.Sprint(r.where), r.onRoute}, "\x00")
		if first := seen[key]; first != nil {
			c.bad.add(r.at, "", "rule %q can never be reached: %q matches the same", r.id, first.id)
			continue
		}
		seen[key] = r
	}
}

// sample labels one sample and compares.
func (c *checker) sample(s *sample, bound, unbound *Labeler) {
	filed := c.ruleOf(s)
	if filed == "" {
		return
	}
	c.filed[s.rule] = true
	r := s.record(c.host(), c.bad)
	if r == nil {
		return
	}
	if bound.e.SentBack(r.Exchange) {
		r.Direction = record.Callback
	}
	var out record.Label
	bound.Label(r, &out)
	if c.pack != c.set.global && out.Vendor != c.pack.name {
		c.bad.add(s.at, "", "sample %q is claimed by %s, not by %s", s.name, out.Vendor, c.pack.name)
		return
	}
	if filed == successSample {
		if out.Failure {
			c.bad.add(s.at, "", "sample %q is no success: rule %s claims it", s.name, out.Rule)
		}
	} else if out.Rule != filed {
		c.missed(s, filed, &out)
		return
	}
	for _, w := range s.wants {
		if got := labelled(&out, w.key); got != w.value {
			c.bad.add(w.at, "", "sample %q: want %s %s, got %s", s.name, w.key, w.value, got)
		}
	}
	unbound.Label(r, &out)
	if p := c.set.byName[out.Vendor]; p != nil && p != c.pack {
		c.bad.add(s.at, "make the other pack's headers, docs_urls or codes more precise", "sample %q looks like %s where the host is not known", s.name, out.Vendor)
	}
}

// ruleOf is the full name of the rule that the sample is filed under.
func (c *checker) ruleOf(s *sample) string {
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
	c.bad.add(s.at, help, "sample %q is filed under %q, which is no rule of pack %s", s.name, s.rule, c.pack.name)
	return ""
}

// host is where samples without a request line go.
func (c *checker) host() string {
	for _, h := range c.pack.hosts {
		return strings.TrimPrefix(h.Host, "*.")
	}
	return "host.example"
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
