package record

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ShowMixed gives s with the letters of a second script in a word written by show,
// so that a Cyrillic "а" in api.cаrsxe.com cannot be taken for the Latin one. A word
// is letters, digits, "_", and the dots between them, as hosts have them. Words of
// one script stay, of whatever script they are, and so do words in which Latin and
// Chinese, Japanese or Korean stand together, for they are written so. Letters that
// only mathematics uses are shown wherever they stand. s itself comes back where
// nothing is to be shown; text of ASCII costs one look at each byte.
func ShowMixed(s string, show func(out *strings.Builder, r rune)) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	if i == len(s) || !mayMix(s) {
		return s
	}
	var out strings.Builder
	changed := false
	for len(s) > 0 {
		word, rest := cutWord(s)
		if how := judge(word); how == oneScript {
			out.WriteString(word)
		} else {
			changed = true
			for _, r := range word {
				if how.shows(r) {
					show(&out, r)
				} else {
					out.WriteRune(r)
				}
			}
		}
		if rest == "" && !changed {
			break
		}
		s = rest
	}
	return out.String()
}

// mayMix is a quick look for letters that can be taken for Latin ones, in a text that
// has Latin ones.
func mayMix(s string) bool {
	latin, others := false, false
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			latin = latin || isLetter(byte(r))
		case isMath(r):
			return true
		case !others:
			others = isConfusing(r)
		}
		if latin && others {
			return true
		}
	}
	return false
}

// isConfusing reports whether r is a letter of a script whose letters are taken for
// Latin ones, or of none that people write.
func isConfusing(r rune) bool {
	switch {
	case r < 0x250:
		return false
	case r >= 0x400 && r <= 0x481, r >= 0x48a && r <= 0x52f: // most of what is asked for
		return true
	case r <= 0x2af, r >= 0x370 && r <= 0x58f, r >= 0x10a0 && r <= 0x10ff, r >= 0x13a0 && r <= 0x13ff, r >= 0x1c80 && r <= 0x1c8f, r >= 0x1d00 && r <= 0x1dbf, r >= 0x1f00 && r <= 0x1fff:
	case r >= 0x2c80 && r <= 0x2cff, r >= 0x2de0 && r <= 0x2dff, r >= 0xa4d0 && r <= 0xa4ff, r >= 0xa640 && r <= 0xa69f, r >= 0xab30 && r <= 0xabbf, r >= 0x10400 && r <= 0x1044f:
	case r == 0x212a, r >= 0x2160 && r <= 0x2188:
	default:
		return isMath(r)
	}
	// Units are written with them: 10 μs, 5 kΩ.
	return r != 'μ' && r != 'Ω' && r != 'π' && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r))
}

// isMath knows the alphabets of mathematics.
func isMath(r rune) bool { return r >= 0x1d400 && r <= 0x1d7ff }

// cutWord cuts s behind its first word, or behind what stands before one. An escape
// as exits write it belongs to no word.
func cutWord(s string) (word, rest string) {
	inWord, escaped := false, 0
	for i, r := range s {
		if i < escaped {
			continue
		}
		if n := escapeLen(s[i:]); n > 0 {
			escaped = i + n
		}
		is := escaped <= i && (isWordRune(r) || inWord && r == '.' && continues(s[i+1:]))
		if i == 0 {
			inWord = is
		} else if is != inWord {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// escapeLen gives the length of the escape that s begins with: \n, \x1f, \u{430}.
// 0 is none.
func escapeLen(s string) int {
	if len(s) < 2 || s[0] != '\\' {
		return 0
	}
	switch s[1] {
	case 'n', 'r', 't':
		return 2
	case 'x':
		if len(s) >= 4 && unhex[s[2]] <= 15 && unhex[s[3]] <= 15 {
			return 4
		}
	case 'u':
		n := 3
		for n < len(s) && n < 9 && unhex[s[n]] <= 15 {
			n++
		}
		if n > 3 && n < len(s) && s[2] == '{' && s[n] == '}' {
			return n + 1
		}
	}
	return 0
}

func continues(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWordRune(r)
}

func isWordRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '_' || isLetter(byte(r)) || isDigit(byte(r))
	case r >= 0x400 && r <= 0x52f:
		return true
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Nl, r))
}

// mixture is what a word is made of.
type mixture uint8

const (
	oneScript    mixture = iota
	showOthers           // letters that are not Latin stand out
	showLatin            // the word is of another script, Latin letters stand out
	showMathOnly         // a word of one script but for letters of mathematics
)

func (m mixture) shows(r rune) bool {
	switch m {
	case showOthers:
		return isConfusing(r)
	case showLatin:
		return r < utf8.RuneSelf && isLetter(byte(r)) || isMath(r)
	case showMathOnly:
		return isMath(r)
	}
	return false
}

// judge says which letters of a word stand out: the fewer ones, and those of the
// other script wherever all of them could be read as Latin.
func judge(word string) mixture {
	latin, others, math := 0, 0, 0
	isReadable := true // as Latin
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf:
			if isLetter(byte(r)) {
				latin++
			}
		case isMath(r):
			math++
		case isConfusing(r):
			others++
			isReadable = isReadable && (looksLike(r) != 0 || r < 0x370 || r > 0x52f)
		}
	}
	switch {
	case latin > 0 && others > 0 && (isReadable || others <= latin):
		return showOthers
	case latin > 0 && others > 0:
		return showLatin
	case math > 0:
		return showMathOnly
	}
	return oneScript
}
