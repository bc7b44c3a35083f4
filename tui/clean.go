package tui

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/record"
)

// cleanBytesMax bounds what [clean] looks at: a longer text cannot be seen in
// one line of any terminal.
const cleanBytesMax = 4096

// marksMax is how many accents one letter may carry; languages need two, and a
// tower of them paints over the lines above.
const marksMax = 2

// clean makes one line of foreign text safe to show. What could move the
// cursor, colour the screen, turn the reading direction or be counted
// differently by two terminals is made visible or taken out; the text is cut at
// cleanBytesMax bytes.
func clean(s string) string {
	if len(s) > cleanBytesMax {
		cut := cleanBytesMax
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return cleanAll(s)
}

// cleanAll is clean without the cut.
func cleanAll(s string) string {
	if printable(s) {
		return s
	}
	s = record.ShowMixed(s, writeNumber)
	var b strings.Builder
	b.Grow(len(s) + 16)
	marks := 0
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			marks = 0
		} else if marks++; marks > marksMax {
			continue
		}
		cleanRune(&b, r)
	}
	out := b.String()
	if ansi.StringWidth(out) == ansi.StringWidthWc(out) {
		return out
	}
	return settleWidths(out)
}

// printable reports whether s is ASCII without control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// writeNumber writes a rune by its number.
func writeNumber(b *strings.Builder, r rune) {
	b.WriteString("<U+")
	b.WriteString(strings.ToUpper(strconv.FormatInt(int64(r), 16)))
	b.WriteByte('>')
}

func cleanRune(b *strings.Builder, r rune) {
	switch {
	case r == '\t':
		b.WriteString("  ")
	case r == '\n', r == '\r':
		b.WriteByte(' ')
	case r < 0x20: // caret notation, as in less
		b.WriteByte('^')
		b.WriteByte(byte(r) + '@')
	case r == 0x7f:
		b.WriteString("^?")
	case r < 0x7f:
		b.WriteByte(byte(r))
	case r >= 0x80 && r < 0xa0, bidi(r), r == 0x2028, r == 0x2029, unicode.Is(unicode.Co, r):
		writeNumber(b, r)
	case joiner(r):
	case r >= 0x1f1e6 && r <= 0x1f1ff: // half a flag: the letter it stands for
		b.WriteByte(byte('A' + r - 0x1f1e6))
	case unicode.Is(unicode.Zs, r):
		b.WriteByte(' ')
	default:
		b.WriteRune(r)
	}
}

// bidi reports whether r turns the reading direction of what follows.
func bidi(r rune) bool {
	return r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// joiner reports whether r is drawn as nothing and changes how its neighbours
// are counted: zero-width characters, variation selectors, skin tones, tags.
func joiner(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200d, r >= 0x2060 && r <= 0x2065, r == 0xfeff, r == 0xad, r == 0x20e3, r == 0x34f, r == 0x180e,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0000 && r <= 0xe0fff, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// settleWidths replaces each cluster that terminals count differently by its
// first character, or by U+FFFD where that is doubtful too: a border that
// moves by a cell costs more than a mark over a letter.
func settleWidths(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		cluster, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		s = s[len(cluster):]
		if w == ansi.StringWidthWc(cluster) {
			b.WriteString(cluster)
			continue
		}
		r, n := utf8.DecodeRuneInString(cluster)
		if first := cluster[:n]; ansi.StringWidth(first) == ansi.StringWidthWc(first) {
			b.WriteRune(r)
		} else {
			b.WriteRune(unicode.ReplacementChar)
		}
	}
	return b.String()
}

// plainWord takes the control characters out of text that goes to the
// clipboard, where it may be pasted into a shell.
func plainWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || bidi(r) || joiner(r) || r == 0x2028 || r == 0x2029 {
			return -1
		}
		return r
	}, s)
}
