package classify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// try writes the draft of a plan and checks it. A *LoadError says what does
// not hold.
func (s *starter) try(p plan) (*Started, error) {
	id := s.ruleID(p)
	out := &Started{}
	if s.base != nil {
		out.Existing = s.base.name
	}
	if id != "" {
		out.Rule = s.req.Name + "/" + id
	}
	var src packSource
	var err error
	if s.into != nil {
		src, err = s.addition(p, id)
	} else {
		src = s.whole(p, id)
	}
	if err != nil {
		return nil, err
	}
	sources := slices.DeleteFunc(slices.Clone(s.sources), func(o packSource) bool { return s.into != nil && o.shown == s.into.shown })
	if s.into != nil {
		// In the place of the old one, since packs are read in order.
		sources = slices.Insert(sources, slices.IndexFunc(s.sources, func(o packSource) bool { return o.shown == s.into.shown }), src)
	} else {
		sources = append(sources, src)
	}
	findings := checkSources(s.ctx, sources, map[string]bool{src.shown: true})
	if s.into != nil {
		findings = without(findings, checkSources(s.ctx, s.sources, map[string]bool{src.shown: true}))
	}
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError }) {
		return nil, &LoadError{Findings: findings}
	}
	out.Findings = findings
	out.Files = []StartedFile{
		{Path: src.shown, Data: src.held[src.pack], New: s.into == nil},
		{Path: src.shownAs, Data: src.held[src.samples], New: s.into == nil},
	}
	return out, nil
}

// without leaves out the findings that were there before.
func without(list, before []Finding) []Finding {
	return slices.DeleteFunc(list, func(f Finding) bool {
		return slices.ContainsFunc(before, func(b Finding) bool { return b.File == f.File && b.Text == f.Text })
	})
}

// ruleID is the id of the drafted rule or row, "" where there is none.
func (s *starter) ruleID(p plan) string {
	switch {
	case p == plan{}:
		return ""
	case s.req.Rule != "":
		return s.req.Rule
	case p.row:
		return statusID(s.x.Status)
	case p.code != "":
		return firstOf(slugOf(p.code), statusID(s.x.Status))
	}
	return firstOf(slugOf(ownWords(p.message)), statusID(s.x.Status))
}

// ownWords is a template without its holes.
func ownWords(template string) string {
	var b strings.Builder
	for i, part := range strings.Split(template, "{") {
		if _, rest, ok := strings.Cut(part, "}"); ok && i > 0 {
			part = rest
		}
		b.WriteString(part)
	}
	return b.String()
}

// whole drafts the files of a pack of its own.
func (s *starter) whole(p plan, id string) packSource {
	file := s.file()
	src := packSource{pack: packName, samples: samplesName, shown: file, shownAs: filepath.Join(filepath.Dir(file), samplesName)}
	samples := "Raw answers, each filed under the rule that must claim it. A masked value stays masked.\n\n" + s.sample(p, id)
	src.held = map[string][]byte{packName: []byte(s.packText(p, id)), samplesName: []byte(samples)}
	return src
}

// addition drafts the files of the user's pack with the rule added.
func (s *starter) addition(p plan, id string) (packSource, error) {
	src := *s.into
	data, err := src.read(src.pack, PackBytesMax)
	if err != nil {
		return src, fmt.Errorf("reading pack %s: %w", src.shown, err)
	}
	key, item := "rules", s.ruleText(p, id)
	switch {
	case p == plan{}:
		return src, startError("", "the answer is a success, so there is no rule to add")
	case p.row:
		key, item = "status", s.rowText(id)
	}
	if data, err = addToList(src.shown, data, key, item); err != nil {
		return src, err
	}
	samples, err := src.read(src.samples, SamplesBytesMax)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return src, fmt.Errorf("reading samples %s: %w", src.shownAs, err)
	}
	sample := s.sample(p, id)
	if len(samples) > 0 && !bytes.HasSuffix(samples, []byte("\n\n")) {
		sample = "\n" + sample
	}
	samples = insertAfter(samples, len(samples), sample)
	src.held = map[string][]byte{src.pack: data, src.samples: samples}
	return src, nil
}

// sample is the exchange as the section of the rule.
func (s *starter) sample(p plan, id string) string {
	section, want := firstOf(id, successSample), ""
	if p.code != "" && oneLine(p.code) == p.code {
		want = "code " + p.code
	}
	return sampleText(section+"/first", want, &s.x)
}

// packText writes pack.yaml.
func (s *starter) packText(p plan, id string) string {
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=" + SchemaURL + "\n")
	if s.base == nil {
		fmt.Fprintf(&b, "# Begun from one answer of %s.\npack: %s\nversion: %s\ntitle: %s\n", s.x.Host, s.req.Name, yamlText(s.req.Version), yamlText(s.req.Name))
	} else {
		fmt.Fprintf(&b, "# Laid over the pack %s of version %s.\nextends: %s\nversion: %s\n", s.base.name, oneLine(s.base.version), s.base.name, yamlText(s.base.version+"+1"))
	}
	if !s.hosted && len(s.x.Host) > 0 {
		fmt.Fprintf(&b, "\nhosts:\n  - host: %s\n", s.x.Host)
	}
	if p.envelope {
		b.WriteString("\nenvelopes:\n" + s.envelopeText())
	}
	b.WriteString(s.sourcesText())
	if id == "" {
		return b.String()
	}
	if p.row {
		b.WriteString("\nstatus:\n" + s.rowText(id))
	} else {
		b.WriteString("\nrules:\n" + s.ruleText(p, id))
	}
	return b.String()
}

// envelopeText writes where the body keeps what.
func (s *starter) envelopeText() string {
	var requires []string
	var b strings.Builder
	for _, l := range []leaf{s.shape.code, s.shape.message} {
		if l.path != "" {
			requires = append(requires, l.path)
		}
	}
	name := "failure"
	if parent, _, ok := strings.Cut(requires[0], "."); ok && parent != "0" {
		name = firstOf(slugOf(parent), name)
	}
	fmt.Fprintf(&b, "  - name: %s\n    requires: %s\n", yamlText(name), yamlList(requires...))
	for _, part := range []struct {
		key string
		at  leaf
	}{{"code", s.shape.code}, {"type", s.shape.typ}, {"message", s.shape.message}, {"status", s.shape.status}} {
		if part.at.path != "" {
			fmt.Fprintf(&b, "    %s: %s\n", part.key, yamlList(part.at.path))
		}
	}
	return b.String()
}

// sourcesText writes where request ids and limits stand, as far as the standards
// do not say it.
func (s *starter) sourcesText() string {
	var ids []string
	if h := idHeader(s.x.Headers); h != "" && s.label.RequestID == "" {
		ids = append(ids, "header:"+h)
	}
	if id := s.shape.requestID; id.path != "" && s.label.RequestID == "" {
		ids = append(ids, "body:"+id.path)
	}
	var b strings.Builder
	if len(ids) > 0 {
		b.WriteString("\nrequest_id: " + yamlList(ids...) + "\n")
	}
	for i, l := range limitsOf(s.x.Headers) {
		if i == 0 {
			b.WriteString("\nlimits:\n")
		}
		b.WriteString(l.yaml(s.req.Name))
	}
	return b.String()
}

// ruleText writes the rule, its label marked for the author to look at.
func (s *starter) ruleText(p plan, id string) string {
	slug := ""
	match := "code: " + yamlText(p.code)
	if p.code == "" {
		match = "message: " + yamlText(p.message)
		slug = ", code: " + yamlText(strings.ReplaceAll(id, "-", "_"))
	}
	return fmt.Sprintf("  - id: %s\n    match: {%s}\n%s    label: {%s%s}\n", yamlText(id), match, s.mark(), s.verdict(), slug)
}

// rowText writes the status row.
func (s *starter) rowText(id string) string {
	named := ""
	if id != statusID(s.x.Status) {
		named = "    id: " + yamlText(id) + "\n"
	}
	return fmt.Sprintf("  - status: %d\n%s%s    label: {%s}\n", s.x.Status, named, s.mark(), s.verdict())
}

// mark is the comment that asks the author to look.
func (s *starter) mark() string {
	return "    # LOOK: drafted from " + oneLine(s.label.Rule) + ". Set category, retry, fault and action by the vendor's words, then drop this line.\n"
}

// verdict is what the draft says of the failure. A wait that this one answer
// stated is read from every answer, so it is no part of the rule.
func (s *starter) verdict() string {
	retry := s.label.Retry
	if retry == record.RetryAfterReset {
		retry = record.RetryBackoff
	}
	v := fmt.Sprintf("category: %s, retry: %s, fault: %s", s.label.Category, retry, s.label.Fault)
	if s.label.Action != "" {
		v += ", action: " + yamlText(s.label.Action)
	}
	return v
}
