package record

import "bytes"

// Bounds of the number of a payment card, in digits.
const (
	cardBytesMin = 13
	cardBytesMax = 19
)

// cardGroups are the ways in which card numbers are printed.
var cardGroups = [...][]int{{4, 4, 4, 4, 3}, {4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}}

// cardEnd tells whether a payment card number begins at lo and where it ends;
// 0 if none. The digits must stand alone, pass Luhn's check (ISO/IEC 7812) and
// begin as a known issuer's do with the length that goes with it, so that
// order numbers and timestamps stay.
func cardEnd(b []byte, lo, hi int) int {
	end := lo
	for end < hi && isDigit(b[end]) && end-lo <= cardBytesMax {
		end++
	}
	switch n := end - lo; {
	case n >= cardBytesMin && n <= cardBytesMax:
		if delimits(b, end, hi) && isCard(b[lo:end]) {
			return end
		}
		return 0
	case n != 4 || end >= hi || b[end] != ' ' && b[end] != '-' && b[end] != '+' && b[end] != '.':
		return 0
	}
	for _, groups := range &cardGroups {
		if stop := groupedCardEnd(b, lo, hi, b[end], groups); stop > 0 {
			return stop
		}
	}
	return 0
}

func groupedCardEnd(b []byte, lo, hi int, sep byte, groups []int) int {
	var digits [19]byte
	n, at := 0, lo
	for g, size := range groups {
		if g > 0 {
			if at >= hi || b[at] != sep {
				return 0
			}
			at++
		}
		for range size {
			if at >= hi || !isDigit(b[at]) {
				return 0
			}
			digits[n] = b[at]
			n, at = n+1, at+1
		}
	}
	if !delimits(b, at, hi) || !isCard(digits[:n]) {
		return 0
	}
	return at
}

// delimits reports whether a number may end before i.
func delimits(b []byte, i, hi int) bool {
	if i >= hi {
		return true
	}
	if b[i] == '.' || b[i] == '-' || b[i] == ',' {
		return i+1 >= hi || !isDigit(b[i+1]) || b[i] == ','
	}
	return b[i] == '_' || textKinds[b[i]]&wordByte == 0
}

func isCard(d []byte) bool {
	if !isIssuer(d) {
		return false
	}
	sum, double := 0, false
	for i := len(d) - 1; i >= 0; i-- {
		v := int(d[i] - '0')
		if double {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
		double = !double
	}
	return sum%10 == 0
}

// isIssuer knows the published ranges of issuer numbers with their lengths.
func isIssuer(d []byte) bool {
	n := len(d)
	p := int(d[0]-'0')*1000 + int(d[1]-'0')*100 + int(d[2]-'0')*10 + int(d[3]-'0')
	long := n >= 16
	switch {
	case d[0] == '4': // Visa
		return n == 13 || n == 16 || n == 19
	case p >= 5100 && p <= 5599, p >= 2221 && p <= 2720: // Mastercard
		return n == 16
	case p/100 == 34, p/100 == 37: // American Express
		return n == 15
	case p/100 == 36, p/100 == 38, p/100 == 39, p >= 3000 && p <= 3059: // Diners Club
		return n == 14 || p/100 == 36 && long
	case p >= 3528 && p <= 3589: // JCB
		return long
	case p == 6011, p/100 == 65, p >= 6440 && p <= 6499, p/100 == 62: // Discover, UnionPay
		return long
	case p == 5018, p == 5020, p == 5038, p == 5893, p == 6304, p == 6759, p >= 6761 && p <= 6763: // Maestro
		return long
	}
	return false
}

// isOpaque reports whether v looks like a random value rather than like
// words, a number, a date or an address: long, of one piece, letters and
// digits mixed or capitals strewn about.
func isOpaque(v []byte) bool {
	if len(v) < opaqueBytesMin {
		return false
	}
	v = v[:min(len(v), judgedBytesMax)]
	var letters, digits, turns, humps int
	var last byte
	for i, c := range v {
		var kind byte
		switch {
		case isLetter(c):
			kind = 'a'
			letters++
			if i > 0 && isLower(v[i-1]) && isUpper(c) {
				humps++
			}
		case isDigit(c):
			kind = '0'
			digits++
		case c == '-' || c == '_' || c == '.' || c == '+' || c == '/' || c == '=' || c == '~' || c == '%':
			last = 0
			continue
		default:
			return false
		}
		if last != 0 && kind != last {
			turns++
		}
		last = kind
	}
	if bytes.Contains(v, []byte("://")) || v[0] == '/' {
		return false
	}
	if letters == 0 {
		return digits >= 2*opaqueBytesMin
	}
	return turns >= 3 || turns >= 1 && digits >= 4 && humps >= 1 || humps*5 >= len(v) || letters+digits == len(v) && turns >= 1 && len(v) >= 24
}

// isMasked reports whether somebody masked the value before us: it says
// nothing about an account.
func isMasked(v []byte) bool {
	for _, word := range [...]string{"redacted", "filtered", "masked", "hidden"} {
		if containsFold(v, word) {
			return true
		}
	}
	return len(bytes.Trim(v, "*xX.")) == 0
}

func containsFold(b []byte, word string) bool {
	for i := 0; i+len(word) <= len(b) && i < 64; i++ {
		if equalFold(b[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// sentenceWords begin what people write where a value should stand: "token:
// must not be empty".
var sentenceWords = [...]string{"is", "must", "was", "were", "not", "no", "expected", "missing", "invalid", "required", "cannot",
	"has", "have", "the", "a", "an", "field", "should", "may", "could", "failed", "expired", "see", "please", "does", "did",
	"are", "to", "in", "of", "for", "this", "your", "you", "unable", "unknown", "header", "value", "provide", "only", "can", "token", "scheme", "or"}

// isSentence reports whether v is three words or more, begun with a word that
// begins sentences, and without anything that could be a key.
func isSentence(v []byte) bool {
	if bytes.IndexByte(v, ' ') < 0 {
		return false
	}
	words := 0
	for v = trimSpace(v); len(v) > 0 && words < 16; words++ {
		word := v
		if i := bytes.IndexByte(v, ' '); i >= 0 {
			word, v = v[:i], trimSpace(v[i:])
		} else {
			v = nil
		}
		if len(word) > 24 || words == 0 && !beginsSentence(word) {
			return false
		}
		letters, digits := 0, 0
		for _, c := range word {
			if isLetter(c) {
				letters++
			} else if isDigit(c) {
				digits++
			}
		}
		if digits > 4 || digits > 0 && letters > 0 {
			return false
		}
	}
	return words >= 3
}

func beginsSentence(word []byte) bool {
	for _, w := range sentenceWords {
		if equalFold(word, w) {
			return true
		}
	}
	return false
}
