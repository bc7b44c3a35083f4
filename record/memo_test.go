package record

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestMemo(t *testing.T) {
	var m memo[int]
	// Also the empty key, those that differ in one byte, and far more than fit.
	for i := range 20 * memoSlots {
		key := []byte(strings.Repeat("x", i%40) + fmt.Sprint(i))
		if i == 0 {
			key = nil
		}
		if v, ok := m.get(key); ok {
			t.Fatalf("%q is known as %d before it was put", key, v)
		}
		m.put(key, i)
		if v, ok := m.get(key); !ok || v != i {
			t.Fatalf("%q is %d, %v, want %d", key, v, ok, i)
		}
		if len(key) > 0 {
			key[0]++ // the memo has its own copy
			if v, ok := m.get(key); ok && v == i {
				t.Fatalf("%q is known as %d", key, v)
			}
		}
	}
	long := bytes.Repeat([]byte{'a'}, memoBytesMax+1)
	if m.put(long, 1); func() bool { _, ok := m.get(long); return ok }() {
		t.Error("a key above the bound is kept")
	}
}

// TestSealAgain seals many lines with one Sealer and each with one of its own:
// what was seen before must not show.
func TestSealAgain(t *testing.T) {
	lines := egressLines(2000)
	for i := range lines {
		switch i % 50 {
		case 7: // the same path with a credential in it
			lines[i].SetURL([]byte("/v2/" + liveKey + "/x?make=toyota&key=hunter2"))
		case 13:
			lines[i].UserAgent, lines[i].UpstreamHost = []byte("valuation-web/2.3 key=hunter2"), []byte("https://jo:hunter2@a.example")
		case 21:
			lines[i].SetURL([]byte("/x?k%65y=%64emo&key=****&state=CA"))
		case 34:
			lines[i].Host, lines[i].Client = nil, []byte("192.0.2.17, password=hunter2")
		}
	}
	policy := egressPolicy()
	warm := policy.NewSealer()
	masked := 0
	for i, e := range lines {
		one, two := Draft{e}, Draft{e}
		got, want := warm.Seal(&one), policy.NewSealer().Seal(&two)
		show := func(r *Record) string {
			return fmt.Sprintf("%s %s %s %s %s %s %s %s %s %d %d", r.Host, r.Path, r.Query, r.Target, r.Client, r.UserAgent, r.UpstreamHost, r.RequestID, r.Account, r.RequestKey, r.Masked)
		}
		if show(got) != show(want) {
			t.Fatalf("line %d\n  is %s\nwant %s", i, show(got), show(want))
		}
		if text := show(got); strings.Contains(text, "hunter2") || strings.Contains(text, liveKey) || strings.Contains(text, "demo") {
			t.Fatalf("line %d: %s", i, text)
		}
		masked += got.Masked
	}
	if masked < 500 {
		t.Errorf("only %d values are masked", masked)
	}
}
