package classify

import (
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
// by no other pack, and nothing may stand in a pack that can never count. paths
// are packs or folders of packs; none means the embedded ones. Where no finding
// is an error, the packs are proved.
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
	return append(out, checkSources(ctx, sources, checked)...)
}

// checkSources proves those of the packs that are named by their path. The
// others count as neighbours, whose samples nobody else may claim.
func checkSources(ctx context.Context, sources []packSource, checked map[string]bool) []Finding {
	set, all, bad, err := build(ctx, sources)
	if err != nil {
		return []Finding{{Severity: SeverityError, Text: err.Error()}}
	}
	faulty := map[string]bool{}
	for _, f := range bad.list {
		faulty[f.File] = true
	}
	out := bad.list
	if set.global == nil {
		return out
	}
	h := newHouse(set)
	for _, w := range all {
		p := set.byName[w.file.Pack.s]
		if p == nil || slices.ContainsFunc(w.sources, func(s packSource) bool { return faulty[s.shown] }) {
			continue
		}
		h.checkers = append(h.checkers, &checker{house: h, pack: p, written: w, checked: checked[p.source], bad: &faults{}, filed: map[string]bool{}})
	}
	for _, c := range h.checkers {
		if ctx.Err() != nil {
			return append(out, Finding{Severity: SeverityError, Text: fmt.Sprintf("the check was broken off: %v", ctx.Err())})
		}
		c.prove()
	}
	h.collisions()
	for _, c := range h.checkers {
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

// house is the packs that are checked together.
type house struct {
	set      *Set
	bound    *Labeler // knows every host
	unbound  *Labeler // knows none
	checkers []*checker
}

func newHouse(set *Set) *house {
	return &house{set: set, bound: NewEngine(set, nil, false).NewLabeler(), unbound: NewEngine(set, record.NewBindings(nil, nil), false).NewLabeler()}
}

// checker proves one pack, or, where it is only a neighbour, says what its
// samples look like to the others.
type checker struct {
	house   *house
	pack    *Pack
	written written
	checked bool
	bad     *faults
	filed   map[string]bool    // rules that have a sample
	hidden  map[*rule]*rule    // variants that an earlier rule takes, by which
	used    map[*envelope]bool // envelopes that a sample fits
	shown   map[int]bool       // slots that a sample fills
}

func (c *checker) prove() {
	c.hidden, c.used, c.shown = map[*rule]*rule{}, map[*envelope]bool{}, map[int]bool{}
	if c.checked {
		c.hiddenRules()
		c.hiddenRows()
		c.hiddenEnvelopes()
	}
	found := false
	for i, src := range c.written.sources {
		list, ok := c.samples(src)
		found = found || ok
		for _, s := range list {
			c.sample(s, i > 0)
		}
	}
	if !c.checked {
		return
	}
	if !found && len(c.pack.rules) > 0 {
		c.bad.add(c.written.file.at, "put raw responses into "+c.written.sources[0].shownAs, "the pack has no samples")
		return
	}
	for _, r := range c.pack.rules {
		if !c.filed[r.id] {
			c.bad.add(r.at, "add a section \"-- "+r.id+"/NAME --\" with a raw response", "rule %q has no sample", r.id)
		}
	}
	if c.pack != c.house.set.global { // whose shapes are the standards', seen or not
		c.neverShown()
	}
}

// samples reads the samples beside one of the pack's files.
func (c *checker) samples(src packSource) (list []*sample, found bool) {
	bad := c.bad
	if !c.checked {
		bad = &faults{} // a neighbour's faults are its own
	}
	data, err := src.read(src.samples, SamplesBytesMax)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false
	}
	if err == nil && len(data) > SamplesBytesMax {
		err = fmt.Errorf("longer than %d bytes", SamplesBytesMax)
	}
	if err != nil {
		bad.add(place{doc: newDocument(src.shownAs, nil), line: 1, col: 1}, "", "reading samples: %v", err)
		return nil, true
	}
	return readSamples(newDocument(src.shownAs, data), bad), true
}

// own reports whether something of the pack stands in its own file, not in the
// one that it extends.
func (c *checker) own(at place) bool {
	return at.doc != nil && at.doc.name == c.written.sources[0].shown
}
