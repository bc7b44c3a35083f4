package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// marksMax is how many combining marks may follow one letter; more are only
// used to draw over the neighbouring lines.
const marksMax = 2

// visible makes every rune of a foreign text one that can be seen and that
// steers nothing: control characters, escape sequences, text direction,
// joiners, line separators and broken UTF-8 stand as escapes, and so do letters of
// a second script in a word, which look like those of the first.
func visible(s string) string {
	s = record.ShowMixed(s, showRune)
	clean, marks := true, 0
	for _, r := range s {
		if marks = countMarks(marks, r); hidden(r) || r == utf8.RuneError || marks > marksMax {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var out strings.Builder
	marks = 0
	for i, r := range s {
		marks = countMarks(marks, r)
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&out, `\x%02x`, s[i])
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < 0x100 && hidden(r):
			fmt.Fprintf(&out, `\x%02x`, r)
		case hidden(r), marks > marksMax:
			showRune(&out, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// showRune writes a rune by its number.
func showRune(out *strings.Builder, r rune) { fmt.Fprintf(out, `\u{%x}`, r) }

// Inert makes a foreign text harmless for a terminal, in one line, and masks
// what is personal in it.
func Inert(s string) string { return visible(maskPersonal(s)) }

func countMarks(n int, r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return n + 1
	}
	return 0
}

// hidden reports runes without a picture of their own.
func hidden(r rune) bool {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad
	case r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000: // variation selectors, tags, private planes
		return true
	case r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800: // blank fillers
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// wide are the ranges that terminals draw two columns wide (Unicode
// EastAsianWidth W and F, and all pictures, rounded up).
var wide = [...][2]rune{
	{0x1100, 0x115f}, {0x231a, 0x231b}, {0x2329, 0x232a}, {0x23e9, 0x23f3}, {0x25fd, 0x25fe}, {0x2600, 0x27bf},
	{0x2b1b, 0x2b1c}, {0x2b50, 0x2b55}, {0x2e80, 0x303e}, {0x3041, 0x4dbf}, {0x4dc0, 0xa4cf}, {0xa960, 0xa97f},
	{0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff01, 0xff60}, {0xffe0, 0xffe6},
	{0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1d300, 0x1d376}, {0x1f000, 0x1faff}, {0x20000, 0x3fffd},
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	for _, w := range wide {
		if r < w[0] {
			return 1
		}
		if r <= w[1] {
			return 2
		}
	}
	return 1
}

// width is the number of columns a visible text takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// cut shortens a visible text to at most n columns; where something had to go
// stands "…".
func cut(s string, n int) string {
	if width(s) <= n {
		return s
	}
	if n <= 0 {
		return ""
	}
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used > n-1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// sparks are the eight heights of a spark line; nothing at all is a dot.
const sparks = "▁▂▃▄▅▆▇█"

// spark draws counts as one line of at most n columns, each column the sum of
// its share of the counts.
func spark(counts []int64, n int) string {
	if len(counts) == 0 || n <= 0 {
		return ""
	}
	sums := fold(counts, n)
	var top int64
	for _, c := range sums {
		top = max(top, c)
	}
	heights := []rune(sparks)
	var out strings.Builder
	for _, c := range sums {
		if c <= 0 {
			out.WriteByte('.')
			continue
		}
		out.WriteRune(heights[(c*int64(len(heights))-1)/top])
	}
	return out.String()
}

// fold sums counts into at most n spans of near equal length.
func fold(counts []int64, n int) []int64 {
	if len(counts) <= n {
		return counts
	}
	sums := make([]int64, n)
	for i, c := range counts {
		sums[i*n/len(counts)] += c
	}
	return sums
}
