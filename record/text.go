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
	for _, c := range []byte(`=:?%>\`) {
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
}

func (s *scanner) add(lo, hi int) {
	if lo >= hi {
		return
	}
	s.spans = append(s.spans, span{lo: lo, hi: hi})
}

// text collects the credentials of b[lo:hi], read as free text. It is one pass
// with bounded looks back and ahead, so its time is linear in the input.
func (s *scanner) text(b []byte, lo, hi int) {
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

// word looks at a run of token bytes and gives the index to go on from. joined
// says whether there are "-" or "_" in it, behind which a token may begin.
func (s *scanner) word(b []byte, start, end, lo, hi int, joined bool) int {
	c, n := b[start], end-start
	switch {
	case (n == 32 || n == 36) && isHexID(b[start:end]):
		return end
	case isDigit(c):
		if start > lo && b[start-1] == '.' {
			break
		}
		if stop := cardEnd(b, start, hi); stop > 0 {
			s.add(start, stop)
			return stop
		}
	case n == 6 && c|0x20 == 'b' && equalFold(b[start:end], "bearer"), n == 5 && c|0x20 == 'b' && equalFold(b[start:end], "basic"):
		return s.schemeValue(b, end, hi)
	}
	if n < wordBytesMin {
		return end
	}
	if mayBeToken(b, start) {
		if stop := tokenEnd(b, start, end, hi); stop > 0 {
			s.add(start, stop)
			return stop
		}
	}
	if n < 16 || !joined {
		return end
	}
	for k := start + 1; k < end-8; k++ {
		if textKinds[b[k-1]]&joinByte != 0 && mayBeToken(b, k) {
			if stop := tokenEnd(b, k, end, hi); stop > 0 {
				s.add(k, stop)
				return stop
			}
		}
	}
	return end
}

// schemeValue masks what follows "Bearer" or "Basic" where it can be a
// credential: prose speaks of "Basic plans", too.
func (s *scanner) schemeValue(b []byte, at, hi int) int {
	lo := at
	for lo < hi && lo-at < 8 {
		c, last := b[lo], lo
		if c == '%' {
			c, last = percent(b[:hi], lo)
		}
		if c != ' ' && c != '+' && c != ':' && c != '\t' {
			break
		}
		lo = last + 1
	}
	seen := tokenStop(b, lo, min(hi, lo+judgedBytesMax))
	if lo == at || !isCredible(b[lo:seen]) {
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
		if last > i && (c == '=' || c == ':') {
			return s.pair(b, lo, i, last+1, hi, c)
		}
		return last + 1
	case '>':
		return s.element(b, lo, i, hi)
	case '\\':
		if i+1 < hi && (b[i+1] == 'n' || b[i+1] == 'r' || b[i+1] == 't') {
			return i + 2
		}
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
		return isOpaque(v)
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
			if string(b[lo:i]) != Redacted {
				s.add(lo, i)
			}
			return last + 1
		case c == '/' || c == '?' || c == '#' || c == '\\' || textEnds[c]&endsURL != 0:
			return lo
		}
		i = last
	}
	return lo
}

// element masks the text of an XML element whose name says so.
func (s *scanner) element(b []byte, lo, at, hi int) int {
	k := at
	for k > lo && at-k < pairNameBytesMax && isNameByte(b[k-1]) {
		k--
	}
	if k == at || k == lo || b[k-1] != '<' && b[k-1] != ':' {
		return at + 1
	}
	how := s.p.named.of(b[k:at])
	if how == harmless {
		return at + 1
	}
	end := at + 1
	if n := bytes.IndexByte(b[end:hi], '<'); n < 0 {
		end = tokenStop(b, end, hi) // cut off
	} else if end += n; end+1 < hi && b[end+1] != '/' {
		return at + 1 // a placeholder such as "<TOKEN>", or an element with others in it
	}
	v := value{b: b, name: b[k:at], how: how}
	if !mustMask(how, b[at+1:end]) {
		return at + 1
	}
	return s.addValue(v, at+1, end)
}
