// Package chart draws small charts as plain text: areas over time, sparklines
// and bars. It knows numbers and characters, neither colours nor keys.
//
// Start with [Area]. The promise: every line that comes back is exactly as many
// cells wide as was asked for, a value above zero is never blank, and a [Gap]
// looks different from zero.
package chart

import (
	"math"
	"strings"
)

// Glyphs says which characters the terminal can show.
type Glyphs uint8

// The levels of glyphs, poorest first.
const (
	ASCII Glyphs = iota
	Blocks
	Braille
)

// Gap is the value of a bucket for which there is no data at all. Any negative
// value means the same.
const Gap = -1

// Resample spreads values over n buckets by area: each new bucket is the mean
// of the part of the old ones that it covers, so that no bucket gets more than
// its share and no spike is made up. A bucket over gaps only stays a gap, and
// one that touches a value above zero stays above zero.
func Resample(values []float64, n int) []float64 {
	if n <= 0 {
		return nil
	}
	out := make([]float64, n)
	m := float64(len(values))
	for i := range out {
		if len(values) == 0 {
			out[i] = Gap
			continue
		}
		from, to := float64(i)*m/float64(n), float64(i+1)*m/float64(n)
		out[i] = mean(values, from, to)
	}
	return out
}

// mean is the mean of values over the half-open span [from, to) of indices,
// gaps left out.
func mean(values []float64, from, to float64) float64 {
	var sum, weight float64
	for j := int(from); j < len(values) && float64(j) < to; j++ {
		part := math.Min(to, float64(j+1)) - math.Max(from, float64(j))
		if values[j] < 0 || part <= 0 {
			continue
		}
		sum += values[j] * part
		weight += part
	}
	if weight == 0 {
		return Gap
	}
	return sum / weight
}

// Max is the largest of values, 0 where there is none above.
func Max(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		top = math.Max(top, v)
	}
	return top
}

// Columns says how many values an area of that width can tell apart.
func Columns(width int, g Glyphs) int {
	if g == Braille {
		return 2 * width
	}
	return width
}

// Area draws values as a filled area of height lines, the highest first, with
// top at the upper edge. Values are resampled to the width.
func Area(values []float64, width, height int, top float64, g Glyphs) []string {
	if width <= 0 || height <= 0 {
		return nil
	}
	cols := Resample(values, Columns(width, g))
	lines := make([]string, height)
	var b strings.Builder
	for y := range lines {
		b.Reset()
		level := height - 1 - y
		for x := range width {
			if g == Braille {
				b.WriteRune(dots(cols[2*x], cols[2*x+1], top, level, height))
			} else {
				b.WriteRune(block(cols[x], top, level, height, g))
			}
		}
		lines[y] = b.String()
	}
	return lines
}

// steps turns a value into how many of n steps are filled, at least one where
// the value is above zero.
func steps(v, top float64, n int) int {
	if v <= 0 || top <= 0 {
		return 0
	}
	return min(n, max(1, int(math.Round(v/top*float64(n)))))
}

// bars are the eighths of a cell, poor ones for ASCII.
var bars = [2][9]rune{
	{' ', '.', '.', ':', ':', ':', '|', '|', '#'},
	{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'},
}

// gaps stand at the foot of a column without data.
var gaps = [2]rune{'-', '·'}

func row(g Glyphs) int {
	if g == ASCII {
		return 0
	}
	return 1
}

func block(v, top float64, level, height int, g Glyphs) rune {
	if v < 0 {
		if level == 0 {
			return gaps[row(g)]
		}
		return ' '
	}
	filled := steps(v, top, 8*height) - 8*level
	return bars[row(g)][min(8, max(0, filled))]
}

// brailleLeft and brailleRight are the dots of a cell's two columns, filled
// from below.
var (
	brailleLeft  = [5]rune{0, 0x40, 0x44, 0x46, 0x47}
	brailleRight = [5]rune{0, 0x80, 0xa0, 0xb0, 0xb8}
)

func dots(left, right, top float64, level, height int) rune {
	if left < 0 && right < 0 {
		return block(Gap, top, level, height, Blocks)
	}
	l := min(4, max(0, steps(left, top, 4*height)-4*level))
	r := min(4, max(0, steps(right, top, 4*height)-4*level))
	if l == 0 && r == 0 {
		return ' ' // U+2800 shows as a box in some fonts
	}
	return 0x2800 + brailleLeft[l] + brailleRight[r]
}

// sparkASCII are the levels of a sparkline where there are no blocks.
var sparkASCII = [9]rune{' ', '_', '.', '-', '=', '+', '*', '%', '#'}

// Spark draws counts in one line of that width, each against the largest.
func Spark(counts []int64, width int, g Glyphs) string {
	if width <= 0 {
		return ""
	}
	values := make([]float64, len(counts))
	for i, c := range counts {
		values[i] = float64(c)
	}
	cols := Resample(values, width)
	top := Max(cols)
	var b strings.Builder
	for _, v := range cols {
		n := steps(v, top, 8)
		switch {
		case v < 0:
			b.WriteRune(gaps[row(g)])
		case g == ASCII:
			b.WriteRune(sparkASCII[n])
		default:
			b.WriteRune(bars[1][n])
		}
	}
	return b.String()
}

// eighths are the ends of a bar.
var eighths = [8]rune{' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'}

// Bar draws a share between 0 and 1 as a horizontal bar of that width.
func Bar(share float64, width int, g Glyphs) string {
	if width <= 0 {
		return ""
	}
	share = math.Min(1, share)
	var b strings.Builder
	if g == ASCII {
		n := steps(share, 1, width)
		b.WriteString(strings.Repeat("#", n))
		b.WriteString(strings.Repeat(" ", width-n))
		return b.String()
	}
	n := steps(share, 1, 8*width)
	b.WriteString(strings.Repeat("█", n/8))
	rest := width - n/8
	if n%8 > 0 {
		b.WriteRune(eighths[n%8])
		rest--
	}
	b.WriteString(strings.Repeat(" ", rest))
	return b.String()
}
