package grid

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var cols = []Column{
	{Title: "VENDOR", Min: 6, Want: 10, Max: 12, Rank: 3},
	{Title: "CODE", Min: 8, Max: 30, Rank: 1},
	{Title: "COUNT", Min: 5, Max: 6, Right: true, Rank: 2},
	{Title: "TREND", Min: 4, Max: 8, Rank: 4, Extra: true},
}

func TestArrange(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{
		{5, ""}, {10, "1:8"}, {16, "1:14"}, {17, "1:8 2:5"}, {25, "0:6 1:8 2:5"}, {30, "0:10 1:9 2:5"}, {35, "0:10 1:8 2:5 3:4"}, {200, "0:12 1:30 2:6 3:8"},
	} {
		slots := Arrange(cols, c.width)
		var got []string
		used := Margin
		for n, s := range slots {
			got = append(got, string(rune('0'+s.Column))+":"+itoa(s.Width))
			used += s.Width
			if n > 0 {
				used += Gap
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("width %d: %s, want %s", c.width, g, c.want)
		}
		if len(slots) > 0 && used > c.width {
			t.Errorf("width %d: uses %d", c.width, used)
		}
	}
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + itoa(n%10)
	}
	return string(rune('0' + n))
}

// TestLineWidth draws cells of every kind: the line is as wide as its slots.
func TestLineWidth(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("long ", 30), "漢字漢字漢字漢字漢字", "é漢x", "ends 漢"} {
		for width := 10; width < 90; width++ {
			slots := Arrange(cols, width)
			want := Margin
			for n, s := range slots {
				want += s.Width
				if n > 0 {
					want += Gap
				}
			}
			for _, st := range []Style{{More: "…"}, {Mark: "> ", On: "\x1b[7m", Off: "\x1b[m", More: "~"}} {
				l := Line(cols, slots, st, func(int, int) Cell { return Cell{Text: text, On: "\x1b[31m"} })
				if got := ansi.StringWidth(l); got != want {
					t.Fatalf("%q at %d: %d cells, want %d: %q", text, width, got, want, l)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	got := Fit(cols, func(c int) int { return []int{4, 100, 0, 2}[c] })
	for i, want := range [][2]int{{6, 6}, {8, 30}, {5, 5}, {4, 5}} {
		if got[i].Min != want[0] || got[i].Max != want[1] {
			t.Errorf("column %d: %d to %d, want %v", i, got[i].Min, got[i].Max, want)
		}
	}
}

func TestAt(t *testing.T) {
	slots := []Slot{{Column: 4, Width: 3}, {Column: 7, Width: 2}}
	for x, want := range []int{-1, -1, 4, 4, 4, -1, -1, 7, 7, -1} {
		if got := At(slots, x); got != want {
			t.Errorf("cell %d is of column %d, want %d", x, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	var c Cursor
	for _, s := range []struct{ to, rows, height, row, top int }{
		{5, 10, 3, 5, 3}, {4, 10, 3, 4, 3}, {0, 10, 3, 0, 0}, {99, 10, 3, 9, 7}, {9, 4, 3, 3, 1}, {-5, 4, 0, 0, 0}, {3, 0, 5, 0, 0}, {8, 10, 20, 8, 0},
	} {
		if c.To(s.to, s.rows, s.height); c.Row != s.row || c.Top != s.top {
			t.Errorf("to %d of %d in %d lines: row %d, top %d", s.to, s.rows, s.height, c.Row, c.Top)
		}
	}
}

func FuzzCutAndSplit(f *testing.F) {
	f.Add("漢字 plain é", 5)
	f.Add("", 0)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width %= 100
		s = strings.Map(func(r rune) rune {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				return -1
			}
			return r
		}, s)
		cut, w := Cut(s, width, "…")
		if got := ansi.StringWidth(cut); got != w || w > max(0, width) {
			t.Errorf("Cut(%q, %d) = %q of %d cells, said %d", s, width, cut, got, w)
		}
		head, rest := Split(s, width)
		if head+rest != s {
			t.Errorf("Split(%q, %d) loses text: %q %q", s, width, head, rest)
		}
		if s != "" && width > 0 && head == "" {
			t.Errorf("Split(%q, %d) does not go on", s, width)
		}
	})
}
