package chart

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestResample(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		n    int
		want []float64
	}{
		{[]float64{1, 2, 3, 4}, 2, []float64{1.5, 3.5}},
		{[]float64{1, 3}, 4, []float64{1, 1, 3, 3}},
		{[]float64{0, 3, 0}, 2, []float64{1, 1}},
		{[]float64{Gap, 4}, 1, []float64{4}},
		{[]float64{Gap, Gap, 4, 4}, 2, []float64{Gap, 4}},
		{nil, 2, []float64{Gap, Gap}},
		{[]float64{1}, 0, nil},
	} {
		got := Resample(c.in, c.n)
		if len(got) != len(c.want) {
			t.Fatalf("%v over %d: %v", c.in, c.n, got)
		}
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > 1e-9 {
				t.Errorf("%v over %d: %v, want %v", c.in, c.n, got, c.want)
			}
		}
	}
}

// TestResampleKeepsArea makes no spikes: the sum stays in proportion, and no
// value is above the largest.
func TestResampleKeepsArea(t *testing.T) {
	in := make([]float64, 100)
	for i := range in {
		in[i] = float64(i * i % 37)
	}
	for n := 1; n < 250; n++ {
		sum := 0.0
		for _, v := range Resample(in, n) {
			sum += v / float64(n)
			if v > 36 {
				t.Fatalf("over %d there is a %v", n, v)
			}
		}
		want := 0.0
		for _, v := range in {
			want += v / 100
		}
		if math.Abs(sum-want) > 1e-6 {
			t.Errorf("over %d the mean is %v, want %v", n, sum, want)
		}
	}
}

func TestArea(t *testing.T) {
	for _, c := range []struct {
		g    Glyphs
		want string
	}{
		{ASCII, "   #\n .-#"},
		{Blocks, "   █\n ▁·█"},
		{Braille, "   ⣿\n ⣀·⣿"},
	} {
		if got := strings.Join(Area([]float64{0, 0.001, Gap, 5}, 4, 2, 5, c.g), "\n"); got != c.want {
			t.Errorf("level %d:\n%s\nwant\n%s", c.g, got, c.want)
		}
	}
	if Area([]float64{1}, 0, 5, 1, Blocks) != nil || Area([]float64{1}, 5, 0, 1, Blocks) != nil {
		t.Error("no room gives lines")
	}
}

// TestNothingIsLost draws one small value among zeros at every width: it is
// never blank.
func TestNothingIsLost(t *testing.T) {
	in := make([]float64, 64)
	counts := make([]int64, 64)
	in[40], counts[40] = 1, 1
	counts[3] = 1e9
	for w := 1; w < 200; w++ {
		for _, g := range []Glyphs{ASCII, Blocks, Braille} {
			lines := Area(in, w, 3, 1e6, g)
			if strings.TrimSpace(strings.Join(lines, "")) == "" {
				t.Fatalf("the value is blank at width %d, level %d", w, g)
			}
			for _, l := range append(lines, Spark(counts, w, g)) {
				if n := utf8.RuneCountInString(l); n != w {
					t.Fatalf("%d cells at width %d", n, w)
				}
			}
			if w > 64 && len(strings.Fields(Spark(counts, w, g))) != 2 {
				t.Fatalf("the small count is blank at width %d: %q", w, Spark(counts, w, g))
			}
		}
	}
}

func TestBar(t *testing.T) {
	for _, c := range []struct {
		share float64
		g     Glyphs
		want  string
	}{
		{0, Blocks, "    "}, {1, Blocks, "████"}, {2, Blocks, "████"}, {0.5, Blocks, "██  "}, {0.001, Blocks, "▏   "}, {0.6, Blocks, "██▍ "}, {0.5, ASCII, "##  "}, {0.001, ASCII, "#   "}, {-1, ASCII, "    "},
	} {
		if got := Bar(c.share, 4, c.g); got != c.want {
			t.Errorf("%v: %q, want %q", c.share, got, c.want)
		}
	}
}

func BenchmarkArea(b *testing.B) {
	in := make([]float64, 226)
	for i := range in {
		in[i] = float64(i % 50)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(in) * 8))
	for b.Loop() {
		Area(in, 113, 9, 50, Braille)
	}
}
