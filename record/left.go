package record

import (
	"unicode"
	"unicode/utf8"
)

// Place is where a credential stands in a text.
type Place struct {
	Offset, Bytes int
}

// Left finds the credentials that still stand in a text that is finished and
// about to leave: what [Policy.Text] would take out of it. It is the last look
// at every bundle, so it must be given the very bytes that are written.
func (p *Policy) Left(s []byte) []Place {
	sc := scanner{p: p}
	if i := jsonStart(s); i >= 0 {
		sc.document(s, i, 0)
	} else {
		sc.text(s, 0, len(s))
	}
	var left []Place
	for _, sp := range sc.spans {
		from := sp.lo
		if from > 0 && s[from-1] == Redacted[0] {
			from-- // the bracket was taken for that of a list
		}
		if !standsIn(s[from:sp.hi]) {
			left = append(left, Place{Offset: sp.lo, Bytes: sp.hi - sp.lo})
		}
	}
	return left
}

// standsIn reports whether all that would be masked is what masking left, with
// the quotes and stops that may stand around it and the scheme before it.
func standsIn(s []byte) bool {
	if scheme, credentials, ok := cutScheme(s); ok && len(scheme) > 0 {
		s = credentials
	}
	for len(s) > 0 {
		if len(s) >= len(Redacted) && string(s[:len(Redacted)]) == Redacted {
			s = s[len(Redacted):]
			continue
		}
		r, n := utf8.DecodeRune(s)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError {
			return false
		}
		s = s[n:]
	}
	return true
}
