package analysis

import (
	"strings"
	"unicode/utf8"
)

// Limits of a template.
const (
	templateBytesMax = 300
	quotedBytesMax   = 80
	hexBytesMin      = 8  // shorter runs of hex digits may be words
	tokenBytesMin    = 20 // letters alone that are as long and of both cases are no word
	idDigitsMin      = 3  // of letters and digits mixed; fewer are names such as OAuth2
)

// Template makes messages alike that say the same of different things: it puts
// {url}, {email}, {ip}, {date}, {time}, {number}, {int} and {id} in the place
// of such words, and {word} in that of what stands in quotes.
func Template(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if len(message) > templateBytesMax {
		cut := templateBytesMax
		for !utf8.RuneStart(message[cut]) {
			cut--
		}
		message = message[:cut] + "…"
	}
	var out strings.Builder
	for i := 0; i < len(message); {
		if end := quotedEnd(message, i); end > i {
			out.WriteString(message[i:i+1] + "{word}" + message[i:i+1])
			i = end
			continue
		}
		if message[i] == ' ' {
			out.WriteByte(' ')
			i++
			continue
		}
		end := i
		for end < len(message) && message[end] != ' ' && (end == i || quotedEnd(message, end) <= end) {
			end++
		}
		writeWord(&out, message[i:end])
		i = end
	}
	return out.String()
}

// quotedEnd is where the quoted text that begins at i ends, or i. A quote counts
// where no letter stands before or behind: not in "don't".
func quotedEnd(s string, i int) int {
	q := s[i]
	if q != '"' && q != '\'' && q != '`' || i > 0 && isWordByte(s[i-1]) {
		return i
	}
	n := strings.IndexByte(s[i+1:], q)
	if n <= 0 || n > quotedBytesMax {
		return i
	}
	end := i + 1 + n + 1
	if end < len(s) && isWordByte(s[end]) {
		return i
	}
	return end
}

func isWordByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// wordEnds may stand around a word and belong to the sentence.
const (
	wordBegins = "([{<\"'`"
	wordEnds   = ".,:;!?)]}>\"'`…"
)

// writeWord writes a word without blanks, or what it stands for.
func writeWord(out *strings.Builder, word string) {
	core := strings.TrimLeft(word, wordBegins)
	out.WriteString(word[:len(word)-len(core)])
	tail := core
	core = strings.TrimRight(core, wordEnds)
	tail = tail[len(core):]
	if stand := standFor(core); stand != "" {
		out.WriteString(stand)
	} else {
		writePieces(out, core)
	}
	out.WriteString(tail)
}

// standFor names what a whole word is, "" where it is a word.
func standFor(word string) string {
	switch {
	case strings.Contains(word, "://"):
		return "{url}"
	case isEmail(word):
		return "{email}"
	case isShaped(word, "dddd-dd-dd"):
		return "{date}"
	case isShaped(word, "dd:dd"):
		return "{time}"
	case isAddress(word):
		return "{ip}"
	case isUUID(word):
		return "{id}"
	}
	return numberOf(word)
}

// isShaped reports whether the word begins as the shape says, d for a digit.
func isShaped(word, shape string) bool {
	if len(word) < len(shape) {
		return false
	}
	for i := range len(shape) {
		if digit := word[i] >= '0' && word[i] <= '9'; digit != (shape[i] == 'd') || !digit && word[i] != shape[i] {
			return false
		}
	}
	return true
}

func isEmail(word string) bool {
	at := strings.IndexByte(word, '@')
	return at > 0 && strings.IndexByte(word[at:], '.') > 1
}

func isAddress(word string) bool {
	parts := strings.Split(word, ".")
	if len(parts) != 4 {
		return false
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

func isUUID(word string) bool {
	if len(word) != 36 {
		return false
	}
	for i := range len(word) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (word[i] == '-') || !dash && !isHex(word[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// numberOf gives {int} for digits, with commas between thousands, {number} with
// a fraction, "" for what is no number.
func numberOf(word string) string {
	word = strings.TrimPrefix(word, "-")
	digits := strings.Trim(word, "0123456789,.")
	if word == "" || digits != "" || word[0] == '.' || word[0] == ',' || strings.Count(word, ".") > 1 {
		return ""
	}
	if strings.Contains(word, ".") {
		return "{number}"
	}
	return "{int}"
}

// writePieces writes what stands between signs, such as the segments of a path.
func writePieces(out *strings.Builder, word string) {
	for len(word) > 0 {
		n := 0
		for n < len(word) && (isWordByte(word[n]) || word[n] == '-' && n > 0) {
			n++
		}
		if n == 0 {
			out.WriteByte(word[0])
			word = word[1:]
			continue
		}
		piece := word[:n]
		word = word[n:]
		switch {
		case numberOf(piece) != "":
			out.WriteString(numberOf(piece))
		case isID(piece):
			out.WriteString("{id}")
		default:
			out.WriteString(piece)
		}
	}
}

// isID reports whether a piece is made by a machine: hex digits, or letters and
// digits mixed, or a long run of letters of both cases.
func isID(piece string) bool {
	digits, hex, upper, lower, letters := 0, true, 0, 0, 0
	for i := range len(piece) {
		c := piece[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
			letters++
		case c >= 'a' && c <= 'z':
			lower++
			letters++
		case c >= 0x80:
			return false
		}
		hex = hex && (isHex(c) || c == '-')
	}
	switch {
	case hex && digits > 0 && len(piece) >= hexBytesMin:
		return true
	case digits >= idDigitsMin && letters > 0:
		return true
	}
	return upper > 0 && lower > 0 && upper+lower >= tokenBytesMin && !isCamel(piece)
}

// isCamel tells words that are written together from random letters: each has
// a few small letters behind its capital.
func isCamel(piece string) bool {
	capitals := 0
	for i := range len(piece) {
		if piece[i] >= 'A' && piece[i] <= 'Z' {
			capitals++
		}
	}
	return capitals*4 <= len(piece)
}
