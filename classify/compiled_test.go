package classify

import (
	"os"
	"testing"
)

// TestCompiledPacks keeps the compiled packs the same as the packs, and them
// without a fault, since nobody sees a fault when they are compiled late.
func TestCompiledPacks(t *testing.T) {
	sources, err := embeddedSources()
	if err != nil {
		t.Fatal(err)
	}
	set, all, bad, err := build(t.Context(), sources)
	if err != nil || len(bad.list) > 0 {
		t.Fatalf("%v %v", err, bad.list)
	}
	files := make([]*packFile, len(all))
	for i, w := range all {
		files[i] = w.file
	}
	want := encodeSet(files, set.slots)
	if *update {
		if err := os.WriteFile("packs.bin", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(want) != compiled {
		t.Fatal("packs.bin is not what the packs say: go test ./classify -run TestCompiledPacks -update")
	}
}

// TestCompiledSame holds that a pack compiled late is the one compiled from its text.
func TestCompiledSame(t *testing.T) {
	sources, err := embeddedSources()
	if err != nil {
		t.Fatal(err)
	}
	fresh, _, _, err := build(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	late := load(t)
	if len(fresh.packs) != len(late.packs) {
		t.Fatalf("%d packs, want %d", len(late.packs), len(fresh.packs))
	}
	for i, p := range fresh.packs {
		q := late.packs[i]
		a, b := p.Rules(), q.Rules()
		if p.name != q.name || p.version != q.version || len(a) != len(b) || len(p.envelopes) != len(q.envelopes) || len(p.vocabulary) != len(q.vocabulary) {
			t.Fatalf("pack %s: %d rules, %d envelopes, want %d, %d", p.name, len(b), len(q.envelopes), len(a), len(p.envelopes))
		}
	}
	if len(late.slots.paths) != len(fresh.slots.paths) {
		t.Errorf("compiling late made %d paths of %d", len(late.slots.paths), len(fresh.slots.paths))
	}
}

func TestCompiledBroken(t *testing.T) {
	for cut := 0; cut < len(compiled); cut += 1 + len(compiled)/997 {
		set, err := decodeSet(compiled[:cut])
		if err == nil && len(set.packs) > 0 && set.packs[len(set.packs)-1].body == "" {
			t.Fatalf("cut at %d: no error", cut)
		}
	}
}
