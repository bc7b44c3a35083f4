package tui

import (
	"strings"
	"testing"
)

// TestStandingGlyphs draws both screens at each level of glyphs.
func TestStandingGlyphs(t *testing.T) {
	for _, g := range []string{"ascii", "blocks", "braille"} {
		d := drive(t, newFake(), Options{Theme: "dark", Glyphs: g})
		d.size(100, 30)
		d.run(d.m.Init())
		for _, s := range []struct {
			name string
			keys []string
		}{{"quota", []string{"4", "j"}}, {"quota-users", []string{"enter"}}, {"quota-rates", []string{"esc", "tab"}}, {"outages", []string{"5", "j", "j"}}} {
			got := d.keys(s.keys...).screen()
			golden(t, "glyphs-"+g+"-"+s.name+"-100x30", got)
			if g == "ascii" && strings.ContainsFunc(got, func(r rune) bool { return r >= 0x80 }) {
				t.Errorf("the ASCII screen has other characters:\n%s", got)
			}
			if strings.ContainsRune(got, 0x2800) {
				t.Error("an empty braille cell is drawn as U+2800")
			}
		}
	}
}
