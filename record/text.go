package record

import "bytes"

// What a byte is in free text: bits, so that a loop can gather them. Those
// with none are plain.
const (
	wordByte byte = 1 << iota // of a token: letters, digits, "-", "_"
	joinByte                  // "-" and "_", which are of tokens, too
	signByte                  // handled one by one
)

var textKinds = func() (t [256]byte) {
	for c := range 256 {
		if c < 128 && (isLetter(byte(c)) || isDigit(byte(c))) {
			t[c] = wordByte
		}
	}
	t['-'], t['_'] = wordByte|joinByte, wordByte|joinByte
	for _, c := range []byte(`=:?%>\&`) {
		t[c] = signByte
	}
	return t
}()

// judgedBytesMax bounds what is looked at to decide whether a value is a
// credential. Only one that is goes to its end, and the search goes on behind
// it: that keeps the time linear.
const judgedBytesMax = 128

// wordBytesMin is the length of the shortest run of token bytes with which a
// credential of known shape begins.
const wordBytesMin = 8

// pairNameBytesMax bounds the search for the name before a "=" or ":".
const pairNameBytesMax = 2 * nameBytesMax

// span is a piece of a text that must go. quotes is not 0 for a bare JSON
// number, whose stand-in needs quotes: it counts how deep the JSON stands
// inside JSON strings, plus one.
type span struct {
	lo, hi int
	quotes int
	rule   Rule
}

// scanner finds credentials. It only collects spans, in order and without
// overlap, so that everything around them stays byte for byte as it was.
type scanner struct {
	p *Policy
	// path is the exchange's own: it tells the callbacks of OAuth.
	path    []byte
	known   *memo[strength] // of names of parameters; nil for one text alone
	spans   []span
	decoded [jsonLevelsMax + 1][]byte
	// level is the one at which a document in the text at hand is read.
	level int
	// layers hold what was decoded, depth says how many are in use.
	layers [layersMax][]byte
	depth  int
	// triedTo is where the last stretch ends that was decoded in vain, overlaps
	// how often it was tried again from a place inside it.
	triedTo, overlaps int
	// work is how many bytes may still be decoded, inflatedBytes how many were
	// unpacked.
	work, inflatedBytes int
}

func (s *scanner) add(lo, hi int) { s.addAs(lo, hi, ByName) }

func (s *scanner) addAs(lo, hi int, rule Rule) {
	if lo >= hi {
		return
	}
	s.spans = append(s.spans, span{lo: lo, hi: hi, rule: rule})
}

// text collects the credentials of b[lo:hi], read as free text. It is one pass
// with bounded looks back and ahead, so its time is linear in the input.
func (s *scanner) text(b []byte, lo, hi int) {
	s.triedTo, s.overlaps = 0, 0
	for i := lo; i < hi; {
		kinds := textKinds[b[i]]
		switch {
		case kinds == 0:
			i++
		case kinds&wordByte != 0:
			start := i
			for i++; i < hi && textKinds[b[i]]&wordByte != 0; i++ {
				kinds |= textKinds[b[i]]
			}
			if i-start >= 4 {
				i = s.word(b, start, i, lo, hi, kinds&joinByte != 0)
			}
		default:
			i = s.sign(b, i, lo, hi)
		}
	}
}

// schemeValue masks what follows "Bearer" or "Basic" where it can be a
// credential: prose speaks of "Basic plans", too.
func (s *scanner) schemeValue(b []byte, at, hi int) int {
	lo, isEncoded := at, false
	for lo < hi && lo-at < 8 {
		c, last := b[lo], lo
		if c == '%' {
			c, last = percent(b[:hi], lo)
			isEncoded = true
		}
		if c != ' ' && c != '+' && c != ':' && c != '\t' && c != ',' && c != '\n' && c != '\r' {
			break
		}
		lo = last + 1
	}
	seen := tokenStop(b, lo, min(hi, lo+judgedBytesMax))
	word := b[lo:seen]
	if isEncoded {
		// "Bearer%20token%20is%20missing" is a sentence.
		if n := bytes.Index(word, []byte("%20")); n >= 0 {
			word = word[:n]
		}
	}
	if lo == at || !isCredible(word) {
		return at
	}
	end := tokenStop(b, seen, hi)
	s.add(lo, end)
	return end
}

// tokenStop finds the end of a token without quotes.
func tokenStop(b []byte, i, hi int) int {
	for i < hi && textEnds[b[i]]&endsToken == 0 {
		i++
	}
	return i
}

// sign handles the bytes around which credentials stand.
func (s *scanner) sign(b []byte, i, lo, hi int) int {
	switch b[i] {
	case '=':
		return s.pair(b, lo, i, i+1, hi, '=')
	case ':':
		return s.pair(b, lo, i, i+1, hi, ':')
	case '?':
		end := i + 1
		for end < hi && textEnds[b[end]]&endsURL == 0 {
			end++
		}
		s.params(b, i+1, end, b[max(lo, i-pairNameBytesMax):i])
		return end
	case '%':
		c, last := percent(b[:hi], i)
		isSeparator := last > i && (c == '=' || c == ':')
		if !isSeparator || i == lo || b[i-1] != '"' && b[i-1] != '\'' {
			if end := s.percentStretch(b, i, lo, hi); end > 0 {
				return end
			}
		}
		if isSeparator {
			return s.pair(b, lo, i, last+1, hi, c)
		}
		return last + 1
	case '&':
		return s.entityStretch(b, i, lo, hi)
	case '>':
		if i-lo > 1 && b[i-1] == '-' && b[i-2] != '-' {
			return s.pair(b, lo, i-1, i+1, hi, ':') // "password -> x"
		}
		return s.element(b, lo, i, hi)
	case '\\':
		if i+1 < hi && (b[i+1] == 'n' || b[i+1] == 'r' || b[i+1] == 't') {
			return i + 2
		}
		return s.escapeStretch(b, i, lo, hi)
	}
	return i + 1
}

// Where values end in free text.
const (
	endsToken byte = 1 << iota // a value without quotes
	endsURL
	endsLine
)

var textEnds = func() (t [256]byte) {
	for c := range byte(' ') + 1 {
		t[c] = endsToken | endsURL
	}
	for _, c := range []byte("\"'<>`") {
		t[c] = endsToken | endsURL
	}
	t['&'] |= endsToken
	for _, c := range []byte("\r\n\"`") {
		t[c] |= endsLine
	}
	return t
}()

// mustMask decides about the value of a name.
func mustMask(how strength, v []byte) bool {
	if len(v) == 0 || string(v) == Redacted || string(v) == "-" {
		return false
	}
	switch how {
	case doubtful:
		return isOpaque(v) && !isNamedID(v)
	case secret:
		return !isSentence(v)
	case password:
		return true
	}
	return false
}

func isAuthorization(name []byte) bool {
	const word = "authorization"
	return len(name) >= len(word) && equalFold(name[len(name)-len(word):], word)
}

func isCookie(name []byte) bool { return equalFold(name, "cookie") || equalFold(name, "set-cookie") }

// isPlainWord knows the names that prose uses as words.
func isPlainWord(name []byte) bool {
	for _, w := range [...]string{"token", "secret", "secrets", "signature", "credential", "credentials", "otp", "jwt", "cookies", "dpop"} {
		if equalFold(name, w) {
			return true
		}
	}
	return false
}

// isCredible reports whether v may be a credential rather than a word.
func isCredible(v []byte) bool {
	if len(v) < 8 || bytes.IndexByte(v[:min(len(v), judgedBytesMax)], '=') > 0 && v[len(v)-1] != '=' {
		return false
	}
	var letters, digits, humps, marks int
	for i, c := range v[:min(len(v), judgedBytesMax)] {
		switch {
		case isDigit(c):
			digits++
		case isLetter(c):
			letters++
			if i > 0 && isLower(v[i-1]) && isUpper(c) {
				humps++
			}
		default:
			marks++
		}
	}
	return digits > 0 && letters > 0 || humps >= 2 || v[len(v)-1] == '=' || len(v) >= 24 && marks == 0
}

// slashes gives the index after "//", plain or percent-encoded, 0 if none.
func slashes(b []byte, i, hi int) int {
	for range 2 {
		if i+1 < hi && b[i] == '\\' && b[i+1] == '/' {
			i++ // as PHP writes it in JSON
		}
		if i >= hi {
			return 0
		}
		c, last := b[i], i
		if c == '%' {
			c, last = percent(b[:hi], i)
		}
		if c != '/' {
			return 0
		}
		i = last + 1
	}
	return i
}

// userinfoBytesMax bounds the search for the "@" of an authority.
const userinfoBytesMax = 512

// userinfo masks "user:password@" of a URL (RFC 3986 section 3.2.1). A name
// without a password goes as well: tokens travel there.
func (s *scanner) userinfo(b []byte, lo, hi int) int {
	for i := lo; i < hi && i-lo < userinfoBytesMax; i++ {
		c, last := b[i], i
		if c == '%' {
			c, last = percent(b[:hi], i)
		}
		switch {
		case c == '@':
			i, last = lastAt(b, i, last, hi)
			if string(b[lo:i]) != Redacted {
				s.addAs(lo, i, ByShape)
			}
			return s.urlPath(b, last+1, hi)
		case c == '/' && b[i] == c:
			return s.urlPath(b, lo, hi)
		case c == '/' || c == '?' || c == '#' || c == '\\' || textEnds[c]&endsURL != 0:
			return lo
		}
		i = last
	}
	return lo
}

// lastAt finds the "@" that ends the userinfo which one ends at at: a password
// may hold one that nobody encoded.
func lastAt(b []byte, at, last, hi int) (from, to int) {
	for i := last + 1; i < hi && i-at < userinfoBytesMax; i++ {
		c := b[i]
		switch {
		case c == '@':
			at, last = i, i
		case c == '/' || c == '?' || c == '#' || c == '\\' || c == ',' || c == ';' || c == '%' || textEnds[c] != 0:
			return at, last
		}
	}
	return at, last
}
