package chart

import (
	"math"
	"strings"
)

// Ink says what a part of a line shows, so that each can have its own colour.
type Ink uint8

// The inks.
const (
	Blank    Ink = iota // nothing, or the foot of a gap
	Seen                // what was
	Foreseen            // what may come
	Across              // the line across
)

// Run is a part of a line in one ink.
type Run struct {
	Text string
	Ink  Ink
}

// Course is values over time beside values that are foreseen, below or across a
// level that matters.
type Course struct {
	Values []float64
	// Foreseen has a [Gap] where nothing is; its spans are as long in all as those
	// of Values.
	Foreseen []float64
	Top      float64 // at the upper edge
	Level    float64 // where the line across lies, 0 for none
}

// shades fill what is foreseen, levels draw the line across.
var (
	shades = [2]rune{'/', '░'}
	levels = [2]rune{'=', '┄'}
)

// Layers draws a course as height lines, the highest first. What was is drawn
// before what may come, and both before the line across.
func Layers(c Course, width, height int, g Glyphs) [][]Run {
	if width <= 0 || height <= 0 {
		return nil
	}
	area := Area(c.Values, width, height, c.Top, g)
	seen := Resample(c.Values, width)
	foreseen := Resample(c.Foreseen, width)
	at := -1
	if c.Level > 0 && c.Top > 0 {
		at = (steps(c.Level, c.Top, 8*height) - 1) / 8
	}
	out := make([][]Run, height)
	for y := range out {
		level := height - 1 - y
		cells := []rune(area[y])
		inks := make([]Ink, width)
		for x := range cells {
			switch {
			case cells[x] != ' ' && seen[x] >= 0:
				inks[x] = Seen
			case seen[x] < 0 && filled(foreseen[x], c.Top, level, height):
				cells[x], inks[x] = shades[row(g)], Foreseen
			case level == at && (cells[x] == ' ' || seen[x] < 0 && foreseen[x] >= 0):
				cells[x], inks[x] = levels[row(g)], Across
			case seen[x] < 0 && foreseen[x] >= 0:
				cells[x] = ' ' // nothing is foreseen here, which is no gap
			}
		}
		out[y] = runs(cells, inks)
	}
	return out
}

// filled says that a value takes half of a cell or more; one above zero always
// takes the lowest.
func filled(v, top float64, level, height int) bool {
	n := steps(v, top, 8*height) - 8*level
	return n >= 4 || n > 0 && level == 0
}

// runs joins cells of one ink.
func runs(cells []rune, inks []Ink) []Run {
	var list []Run
	for i := 0; i < len(cells); {
		n := i + 1
		for n < len(cells) && inks[n] == inks[i] {
			n++
		}
		list = append(list, Run{string(cells[i:n]), inks[i]})
		i = n
	}
	return list
}

// Stretch is a part of a strip, in shares of its length, and how high it is,
// from 0 to 1.
type Stretch struct{ From, To, Height float64 }

// rests are drawn where a strip has no stretch.
var rests = [2]rune{'-', '·'}

// Strip draws stretches along one line of that width. Each is at least one cell
// long where it lies in the strip at all.
func Strip(parts []Stretch, width int, g Glyphs) string {
	if width <= 0 {
		return ""
	}
	cells := make([]float64, width)
	for _, p := range parts {
		if p.To < 0 || p.From > 1 || math.IsNaN(p.From) || math.IsNaN(p.To) {
			continue
		}
		from := min(width-1, int(max(0, p.From)*float64(width)))
		to := max(from, min(width, int(math.Ceil(min(1, p.To)*float64(width))))-1)
		for x := from; x <= to; x++ {
			cells[x] = max(cells[x], p.Height, 1.0/16)
		}
	}
	var b strings.Builder
	for _, v := range cells {
		if v == 0 {
			b.WriteRune(rests[row(g)])
			continue
		}
		b.WriteRune(bars[row(g)][steps(v, 1, 8)])
	}
	return b.String()
}
