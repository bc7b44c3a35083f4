package chart

import (
	"strings"
	"testing"
)

func stackText(lines [][]Piece) string {
	var b strings.Builder
	for _, l := range lines {
		for _, p := range l {
			b.WriteRune(p.Rune)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestStack: layers stand on each other, small values show, gaps are no zeros.
func TestStack(t *testing.T) {
	layers := [][]float64{{4, 0, 0.01, Gap, 2}, {4, 0, 0, Gap, 0}, {0, 2, 0, Gap, 2}}
	want := "" +
		"▓    \n" +
		"▓    \n" +
		"█   ▒\n" +
		"█▒▁·█\n"
	if got := stackText(Stack(layers, 5, 4, StackMax(layers, 5), Blocks)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	want = "%    \n#:.-#\n"
	if got := stackText(Stack(layers, 5, 2, 8, ASCII)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	// Above the lowest cell, other layers than the first come in whole cells.
	if got := stackText(Stack([][]float64{{1, 1, 1, 1.3}, {0.3, 0.6, 1.2, 0}}, 4, 3, 3, Blocks)); got != "    \n ▓▓▂\n████\n" {
		t.Errorf("parts of cells:\n%s", got)
	}
	for _, l := range Stack(layers, 17, 3, 8, Blocks) {
		if len(l) != 17 {
			t.Errorf("a line has %d cells", len(l))
		}
	}
	if Stack(layers, 0, 3, 8, Blocks) != nil || StackMax(nil, 4) != 0 || len(Stack(nil, 3, 1, 0, ASCII)[0]) != 3 {
		t.Error("what has no room or no layers")
	}
}
