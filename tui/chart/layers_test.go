package chart

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

// drawn joins the runs, and marks their inks in a second text.
func drawn(lines [][]Run) (text, inks string) {
	for _, l := range lines {
		for _, r := range l {
			text += r.Text
			inks += strings.Repeat([...]string{" ", "s", "f", "a"}[r.Ink], utf8.RuneCountInString(r.Text))
		}
		text += "\n"
		inks += "\n"
	}
	return text, inks
}

func TestLayers(t *testing.T) {
	c := Course{Values: []float64{Gap, 1, 2, Gap, Gap, Gap}, Foreseen: []float64{Gap, Gap, Gap, 3, 4, Gap}, Top: 4, Level: 4}
	for _, want := range []struct {
		g          Glyphs
		text, inks string
	}{
		{ASCII, "===//=\n-##//-\n", "aaaffa\n ssff \n"},
		{Blocks, "┄┄┄░░┄\n·▄█░░·\n", "aaaffa\n ssff \n"},
		{Braille, "┄┄┄░░┄\n·⣤⣿░░·\n", "aaaffa\n ssff \n"},
	} {
		text, inks := drawn(Layers(c, 6, 2, want.g))
		if want.g == ASCII {
			want.text = strings.Replace(want.text, "-##", "-:#", 1)
		}
		if text != want.text || inks != want.inks {
			t.Errorf("level %d:\n%s%s\nwant\n%s%s", want.g, text, inks, want.text, want.inks)
		}
	}
	if Layers(c, 0, 2, Blocks) != nil || Layers(c, 2, 0, Blocks) != nil {
		t.Error("no room gives lines")
	}
}

// TestLayersKeepTheirWidth draws any course at any size: each line is as wide as
// was asked for, and what was seen is never blank.
func TestLayersKeepTheirWidth(t *testing.T) {
	values, ahead := make([]float64, 48), make([]float64, 48)
	for i := range values {
		values[i], ahead[i] = Gap, Gap
		if i < 20 {
			values[i] = float64(i) * 0.001
		} else {
			ahead[i] = float64(i)
		}
	}
	for w := 1; w < 120; w++ {
		for h := 1; h < 12; h++ {
			for _, g := range []Glyphs{ASCII, Blocks, Braille} {
				_, inks := drawn(Layers(Course{Values: values, Foreseen: ahead, Top: 50, Level: 40}, w, h, g))
				for l := range strings.Lines(inks) {
					if len(strings.TrimRight(l, "\n")) != w {
						t.Fatalf("%dx%d: a line is %d wide", w, h, len(l)-1)
					}
				}
				if w > 3 && !strings.Contains(inks, "s") {
					t.Fatalf("%dx%d: what was seen is blank:\n%s", w, h, inks)
				}
			}
		}
	}
}

func TestStrip(t *testing.T) {
	for _, c := range []struct {
		parts []Stretch
		g     Glyphs
		want  string
	}{
		{nil, Blocks, "········"},
		{[]Stretch{{0.5, 1, 1}}, Blocks, "····████"},
		{[]Stretch{{0.26, 0.26, 0.5}}, Blocks, "··▄·····"},
		{[]Stretch{{0.9999, 1, 0.001}}, ASCII, "-------."},
		{[]Stretch{{-1, 0.1, 1}, {1, 1, 1}, {1.5, 2, 1}, {-2, -1, 1}, {math.NaN(), 1, 1}}, Blocks, "█······█"},
	} {
		if got := Strip(c.parts, 8, c.g); got != c.want {
			t.Errorf("%v: %q, want %q", c.parts, got, c.want)
		}
	}
	if Strip(nil, 0, Blocks) != "" {
		t.Error("no room gives a strip")
	}
}

func BenchmarkLayers(b *testing.B) {
	in := make([]float64, 226)
	for i := range in {
		in[i] = float64(i % 50)
	}
	b.ReportAllocs()
	for b.Loop() {
		Layers(Course{Values: in, Foreseen: in, Top: 50, Level: 30}, 113, 9, Braille)
	}
}
