package classify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// TestNobodyElseClaims labels every sample of every pack with its host taken
// away: the vendor is then the pack's own or none, never somebody else's.
func TestNobodyElseClaims(t *testing.T) {
	set := load(t)
	sources, err := embeddedSources()
	if err != nil {
		t.Fatal(err)
	}
	l := NewEngine(set, record.NewBindings(nil, nil), false).NewLabeler()
	samples, told := 0, 0
	for _, src := range sources {
		own := filepath.Base(filepath.Dir(src.pack))
		data, err := src.read(src.samples, SamplesBytesMax)
		if os.IsNotExist(err) && own == GlobalPack {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		bad := &faults{}
		for _, s := range readSamples(newDocument(src.shownAs, data), bad) {
			var out record.Label
			r := s.record("host.example", bad)
			r.Host = nil
			l.Label(r, &out)
			samples++
			switch out.Vendor {
			case record.VendorUnknown, record.VendorGeneric:
			case own:
				told++
			default:
				t.Errorf("%s of %s looks like %s", s.name, own, out.Vendor)
			}
		}
		if len(bad.list) > 0 {
			t.Errorf("%s: %v", src.shownAs, bad.list)
		}
	}
	if samples < 50 {
		t.Errorf("only %d samples", samples)
	}
	t.Logf("%d samples, %d tell their vendor without a host", samples, told)
}

// TestRanksAgreeWithIndex: the check must look for rules where the engine does.
func TestRanksAgreeWithIndex(t *testing.T) {
	for _, p := range load(t).Packs() {
		p.ready()
		c := &checker{pack: p}
		filed := map[*rule]bool{}
		for _, bucket := range c.buckets() {
			for _, r := range bucket {
				filed[r] = true
				if r.rank() != bucket[0].rank() && (r.rank() < rankTemplate || r.rank() > rankContains) {
					t.Errorf("%s stands among rules of another rank", r.name)
				}
			}
		}
		for _, r := range p.variants {
			if !filed[r] {
				t.Errorf("%s stands nowhere", r.name)
			}
		}
	}
}

// TestWitnesses: every witness of a template is a message that it matches.
func TestWitnesses(t *testing.T) {
	for _, p := range load(t).Packs() {
		p.ready()
		for _, r := range p.variants {
			if r.message == nil || r.message.re != nil {
				continue
			}
			for i := range witnesses {
				text := r.message.witness(i)
				if _, ok := r.message.match(text, appendLower(nil, text), nil); !ok {
					t.Errorf("%s does not match its witness %q", r.name, text)
				}
			}
		}
	}
}

// TestRuleAsksForAllItSays: what stands beside a code counts, also where the
// code alone has found the rule.
func TestRuleAsksForAllItSays(t *testing.T) {
	set := load(t, writePack(t, packName, `pack: shop
version: "1"
title: Shop
hosts: [{host: api.shop.example}]
envelopes: [{name: e, requires: [kind], code: [code], type: [kind], hint: [todo], message: [text]}]
rules:
  - {id: hinted, match: {code: LATE, hint: wait}, label: {category: state}}
  - {id: typed-hint, match: {type: stock, hint: wait}, label: {category: conflict}}
`))
	l := NewEngine(set, nil, false).NewLabeler()
	var out record.Label
	for _, c := range []struct{ body, want string }{
		{`{"kind":"x","code":"LATE","todo":"WAIT"}`, "shop/hinted"},
		{`{"kind":"x","code":"LATE","todo":"go"}`, "global/status-409"},
		{`{"kind":"Stock","code":"OTHER","todo":"wait"}`, "shop/typed-hint"},
		{`{"kind":"x","code":"OTHER","todo":"wait"}`, "global/status-409"},
	} {
		l.Label(call(t, "GET", "https://api.shop.example/", 409, nil, c.body), &out)
		if out.Rule != c.want {
			t.Errorf("%s: rule %s, want %s", c.body, out.Rule, c.want)
		}
	}
}

// TestCheckOverlay: a rule laid over ours keeps our samples but not what they
// want of it, and a pack of another name keeps its own account.
func TestCheckOverlay(t *testing.T) {
	const rule = `rules:
  - id: no-images-found
    match: {message: "No images found"}
    label: {category: validation, retry: fix_request, fault: caller, code: no_images_found}
`
	for name, head := range map[string]string{"same": "extends: carsxe\nversion: \"2\"\n", "sibling": "pack: carsxe-eu\nextends: carsxe\nhosts: [{host: eu.cars.example}]\n"} {
		for _, f := range Check(t.Context(), []string{writePack(t, packName, head+rule)}) {
			t.Errorf("%s: %s", name, f)
		}
	}
	broken := writePack(t, packName, "extends: carsxe\nversion: \"2\"\n"+strings.Replace(rule, "No images", "No pictures", 1))
	if list := Check(t.Context(), []string{broken}); !slices.ContainsFunc(list, func(f Finding) bool { return strings.Contains(f.Text, "no-images-found") }) {
		t.Errorf("a rule that no longer matches its sample passes: %v", list)
	}
}

func TestCheckIsBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	list := Check(ctx, nil)
	if len(list) == 0 || list[0].Severity != SeverityError {
		t.Errorf("a check that was broken off says %v", list)
	}
}

// BenchmarkCheck checks 60 packs with 1,500 samples.
func BenchmarkCheck(b *testing.B) {
	dir := b.TempDir()
	for p := range 60 {
		var rules, samples strings.Builder
		for r := range 25 {
			fmt.Fprintf(&rules, "  - {id: r%d, match: {code: CODE_%d_%d, message: \"Thing {id:word} of %d went wrong\"}, label: {category: state}}\n", r, p, r, r)
			fmt.Fprintf(&samples, "-- r%d/s --\nHTTP/1.1 409 Conflict\n\n{\"f%d\":{\"code\":\"CODE_%d_%d\",\"text\":\"Thing x7 of %d went wrong.\"}}\n\n", r, p, p, r, r)
		}
		head := fmt.Sprintf("pack: p%d\nversion: \"1\"\ntitle: P\nhosts: [{host: p%d.example}]\nenvelopes: [{name: e, requires: [f%d], code: [f%d.code], message: [f%d.text]}]\nrules:\n", p, p, p, p, p)
		at := filepath.Join(dir, fmt.Sprintf("p%d", p))
		if err := os.Mkdir(at, 0o755); err != nil {
			b.Fatal(err)
		}
		for name, text := range map[string]string{packName: head + rules.String(), samplesName: samples.String()} {
			if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ResetTimer()
	for range b.N {
		if list := Check(b.Context(), []string{dir}); len(list) > 0 {
			b.Fatal(list[0])
		}
	}
}
