package chart

import "math"

// Piece is one cell of a stacked chart and the layer that it belongs to, -1 for
// none.
type Piece struct {
	Rune  rune
	Layer int
}

// fills tell the layers of a stack apart without colour, poor ones for ASCII.
var fills = [2][]rune{[]rune("#%+-:"), []rune("█▓▒░:")}

// Fill is the character that a layer of [Stack] is drawn with.
func Fill(layer int, g Glyphs) rune {
	f := fills[row(g)]
	return f[min(max(0, layer), len(f)-1)]
}

// Stack draws layers on top of each other, the first at the bottom, as height
// lines of width pieces, the highest line first. All layers are equally long
// and have gaps at the same places. A column with a value above zero is never
// blank; of a cell that two layers share the larger part is drawn.
func Stack(layers [][]float64, width, height int, top float64, g Glyphs) [][]Piece {
	if width <= 0 || height <= 0 {
		return nil
	}
	columns := make([][]float64, len(layers))
	for i, l := range layers {
		columns[i] = Resample(l, width)
	}
	lines := make([][]Piece, height)
	for y := range lines {
		lines[y] = make([]Piece, width)
		for x := range width {
			lines[y][x] = piece(columns, x, height-1-y, height, top, g)
		}
	}
	return lines
}

// piece is the cell of column x at a level, counted from below.
func piece(columns [][]float64, x, level, height int, top float64, g Glyphs) Piece {
	total, gap := 0.0, len(columns) > 0
	for _, c := range columns {
		total += math.Max(0, c[x])
		gap = gap && c[x] < 0
	}
	switch {
	case gap && level == 0:
		return Piece{gaps[row(g)], -1}
	case gap || total <= 0 || top <= 0:
		return Piece{' ', -1}
	}
	low, high := float64(level), float64(level+1)
	scale := float64(height) / top
	filled := math.Min(total*scale, float64(height)) - low
	if filled <= 0 && level > 0 {
		return Piece{' ', -1}
	}
	best, most, from := -1, -1.0, 0.0
	for i, c := range columns {
		to := from + math.Max(0, c[x])*scale
		if part := math.Min(to, high) - math.Max(from, low); to > from && part > most {
			best, most = i, part
		}
		from = to
	}
	eighths := int(math.Round(filled * 8))
	if level == 0 {
		eighths = max(1, eighths)
	}
	switch {
	case best < 0 || eighths <= 0:
		return Piece{' ', -1}
	case eighths >= 8:
		return Piece{Fill(best, g), best}
	case best == 0 || level == 0:
		return Piece{bars[row(g)][eighths], best}
	case eighths >= 4:
		// Only the first fill has parts of a cell: a part of another layer would
		// stand out from its own column.
		return Piece{Fill(best, g), best}
	}
	return Piece{' ', -1}
}

// StackMax is the height of the highest column of a stack of that width.
func StackMax(layers [][]float64, width int) float64 {
	sums := make([]float64, max(0, width))
	for _, l := range layers {
		for i, v := range Resample(l, width) {
			sums[i] += math.Max(0, v)
		}
	}
	return Max(sums)
}
