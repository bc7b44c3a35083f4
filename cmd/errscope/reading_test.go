package main

import "testing"

func TestReading(t *testing.T) {
	all := reading{}
	for _, c := range []struct {
		old, run reading
		covers   bool
		widened  reading
	}{
		{all, all, true, all},
		{all, reading{sinceNS: 5}, true, all},
		{reading{sinceNS: 5}, all, false, all},
		{reading{sinceNS: 5}, reading{sinceNS: 7}, true, reading{sinceNS: 5}},
		{reading{sinceNS: 5}, reading{sinceNS: 3}, false, reading{sinceNS: 3}},
		{reading{sinceNS: 1, untilNS: 2}, reading{sinceNS: 3, untilNS: 4}, false, reading{sinceNS: 1, untilNS: 4}},
		{reading{untilNS: 4}, reading{untilNS: 3}, true, reading{untilNS: 4}},
		{reading{untilNS: 4}, all, false, all},
		{all, reading{full: true}, false, reading{full: true}},
		{reading{full: true}, all, true, reading{full: true}},
		{all, reading{given: "4f2a91c07be3"}, false, reading{given: "4f2a91c07be3"}},
		{all, reading{zone: "Asia/Tokyo"}, false, reading{zone: "Asia/Tokyo"}},
	} {
		if got := c.old.covers(c.run); got != c.covers {
			t.Errorf("%q covers %q: %v", c.old, c.run, got)
		}
		if got := c.run.widen(c.old); got != c.widened {
			t.Errorf("%q widened by %q: %q, want %q", c.run, c.old, got, c.widened)
		}
		for _, r := range []reading{c.old, c.run, c.widened} {
			if back := parseReading(r.String()); back != r {
				t.Errorf("%q is read back as %q", r, back)
			}
		}
	}
}
