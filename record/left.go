package record

import (
	"bytes"
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
func (p *Policy) Left(s []byte) []Place { return p.left(s, 0, nil, restsMax) }

// restsMax bounds how many stand-ins one value without a break may hold, with
// more behind each of them.
const restsMax = 64

func (p *Policy) left(s []byte, offset int, left []Place, rests int) []Place {
	sc := scanner{p: p}
	if i := jsonStart(s); i >= 0 {
		sc.document(s, i, 0)
	} else {
		sc.text(s, 0, len(s))
	}
	for _, sp := range sc.spans {
		from := sp.lo
		if from > 0 && s[from-1] == Redacted[0] {
			from-- // the bracket was taken for that of a list
		}
		rest, ok := afterStandIn(s[from:sp.hi])
		switch {
		case !ok || rests == 0:
			left = append(left, Place{Offset: offset + sp.lo, Bytes: sp.hi - sp.lo})
		case len(rest) > 0:
			left = p.left(rest, offset+sp.hi-len(rest), left, rests-1)
		}
	}
	return left
}

// afterStandIn gives what stands behind the stand-in with which a value begins,
// where that is something else: "[redacted],503". ok is also true where nothing
// is left but quotes and stops.
func afterStandIn(s []byte) (rest []byte, ok bool) {
	if _, credentials, isScheme := cutScheme(s); isScheme {
		s = credentials
	}
	if rest, ok = bytes.CutPrefix(s, []byte(Redacted)); ok {
		r, _ := utf8.DecodeRune(rest)
		return rest, len(rest) == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError {
			return nil, false
		}
		i += n
	}
	return nil, true
}
