package record

import "bytes"

// What a byte is in a query, beside the bits of textKinds.
const (
	plainParam byte = 0x40 // none of them
	endsParam  byte = 0x80 // ends a value; names end at "=", too
)

var paramKinds = func() [256]byte {
	t := textKinds
	for c := range t {
		if t[c] == 0 {
			t[c] = plainParam
		}
	}
	for _, c := range []byte("&;?#") {
		t[c] |= endsParam
	}
	return t
}()

// params collects the credentials of b[lo:hi], a query or a form body. path is
// what stands before it, for the parameters of OAuth.
func (s *scanner) params(b []byte, lo, hi int, path []byte) {
	var flow oauthFlow
	for i := lo; i < hi; i++ {
		from := i
		var kinds byte
		for ; i < hi && b[i] != '='; i++ {
			k := paramKinds[b[i]]
			if k&endsParam != 0 {
				break
			}
			kinds |= k
		}
		if i == hi || b[i] != '=' {
			s.piece(b, from, i, kinds)
			continue
		}
		name := b[from:i]
		i++
		if how := s.paramStrength(name); how != harmless {
			// Only "&" ends a credential: leaving a part of one is worse than
			// taking a neighbour along.
			seen := b[i:valueStop(b, i, min(hi, i+judgedBytesMax))]
			if mustMask(how, seen) || how == doubtful && flow.holds(name, seen, path, b[lo:hi]) {
				end := valueStop(b, i+len(seen), hi)
				s.add(i, end)
				i = end
				continue
			}
		}
		if len(name) > shapeBytesMin {
			s.piece(b, from, i-1, kinds) // base64 ends with "=", too
		}
		from, kinds = i, 0
		for ; i < hi; i++ {
			k := paramKinds[b[i]]
			if k&endsParam != 0 {
				break
			}
			kinds |= k
		}
		s.piece(b, from, i, kinds)
	}
}

// paramStrength asks the memo before the rules.
func (s *scanner) paramStrength(name []byte) strength {
	if s.known == nil {
		return s.p.params.of(name)
	}
	how, ok := s.known.get(name)
	if !ok {
		how = s.p.params.of(name)
		s.known.put(name, how)
	}
	return how
}

// piece is text for what is mostly too short to hold anything, or one word.
// kinds are those of all its bytes.
func (s *scanner) piece(b []byte, lo, hi int, kinds byte) {
	switch {
	case hi-lo < textBytesMin, hi-lo < wordBytesMin && kinds&signByte == 0:
		return
	case kinds&(signByte|plainParam) == 0:
		s.triedTo, s.overlaps = 0, 0
		if lo = s.word(b, lo, hi, lo, hi, kinds&joinByte != 0); lo == hi {
			return
		}
	}
	s.text(b, lo, hi)
}

func valueStop(b []byte, lo, hi int) int {
	if n := bytes.IndexByte(b[lo:hi], '&'); n >= 0 {
		return lo + n
	}
	return hi
}

// oauthFlow remembers what was found out about one query, which may have any
// number of codes.
type oauthFlow struct {
	known, pathKnown bool
	path, paired     bool
}

// holds reports whether a code or state is part of an OAuth flow (RFC 6749):
// by the path, or because what stands only there stands together. A state alone
// may be one of the USA, a code an error's.
func (f *oauthFlow) holds(name, v, path, query []byte) bool {
	isState := equalFold(name, "state")
	if len(v) == 0 || string(v) == Redacted || !isState && !equalFold(name, "code") {
		return false
	}
	if !f.known {
		f.known = true
		f.paired = hasParam(query, "code=") && (hasParam(query, "state=") || hasParam(query, "grant_type="))
	}
	if f.paired || isState && len(v) <= len("CA") {
		return f.paired
	}
	if !f.pathKnown {
		f.pathKnown, f.path = true, isOAuthPath(path)
	}
	return f.path
}

func isOAuthPath(path []byte) bool {
	for _, word := range [...]string{"callback", "oauth", "oauth2", "authorize", "token", "redirect", "return", "exchange", "login", "signin", "sso"} {
		if hasSegment(path, word) {
			return true
		}
	}
	return false
}

// hasParam looks for "name=" at the head of a parameter.
func hasParam(query []byte, name string) bool {
	// Names are matched as they are mostly written: the values of others are
	// still masked where they look random.
	for rest := query; ; {
		at := bytes.Index(rest, []byte(name))
		if at < 0 {
			return false
		}
		before := len(query) - len(rest) + at
		if before == 0 || query[before-1] == '&' || query[before-1] == '?' || query[before-1] == ';' {
			return true
		}
		rest = rest[at+1:]
	}
}

// isForm reports whether a body reads as application/x-www-form-urlencoded.
func isForm(b []byte) bool {
	head := b[:min(len(b), pairNameBytesMax)]
	for i, c := range head {
		if c == '=' {
			return i > 0
		}
		if !isNameByte(c) && c != '+' {
			return false
		}
	}
	return false
}
