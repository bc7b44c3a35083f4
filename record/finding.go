package record

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Rule says by what a credential was found.
type Rule uint8

// The kinds of rules.
const (
	ByName     Rule = iota // the name before it, in any syntax
	ByShape                // its own form: a vendor's prefix, a card number, a URL's userinfo
	ByEncoding             // found once an encoding was undone
	ByPath                 // its place in the path of a vendor's URL
	ruleCount
)

func (r Rule) String() string {
	switch r {
	case ByName:
		return "name"
	case ByShape:
		return "shape"
	case ByEncoding:
		return "encoding"
	case ByPath:
		return "path"
	}
	return "unknown"
}

// Finding is where a credential stands in a text, and never what it is:
// b[Lo:Hi].
type Finding struct {
	Rule   Rule
	Lo, Hi int
	quotes int // as of a span
}

// Counts says how many values were masked, by rule.
type Counts [ruleCount]int64

// Of gives the number of one rule.
func (c *Counts) Of(r Rule) int64 {
	if r >= ruleCount {
		return 0
	}
	return c[r]
}

// Add sums up what several Sealers counted.
func (c *Counts) Add(other Counts) {
	for i, n := range other {
		c[i] += n
	}
}

// Total is the number of all rules.
func (c *Counts) Total() (n int64) {
	for _, k := range c {
		n += k
	}
	return n
}

// Counts says what this Sealer has masked since it was made.
func (s *Sealer) Counts() Counts { return s.counts }

// restsMax bounds how many stand-ins one value without a break may hold, with
// more behind each of them.
const restsMax = 64

// Scan finds the credentials that stand in finished bytes: what
// [Policy.Text] would take out of them. It is the last look at what leaves, so
// it must be given the very bytes that are written. What was masked before is
// no finding.
func (p *Policy) Scan(b []byte) []Finding { return p.scan(b, 0, nil, restsMax) }

// Clean gives b without what [Policy.Scan] finds in it: b itself where that is
// nothing.
func (p *Policy) Clean(b []byte) ([]byte, []Finding) {
	found := p.Scan(b)
	if len(found) == 0 {
		return b, nil
	}
	spans := make([]span, len(found))
	for i, f := range found {
		spans[i] = span{lo: f.Lo, hi: f.Hi, quotes: f.quotes}
	}
	return appendMasked(make([]byte, 0, len(b)), b, spans), found
}

func (p *Policy) scan(b []byte, offset int, found []Finding, rests int) []Finding {
	sc := scanner{p: p}
	sc.anything(b)
	sc.loosePaths(b)
	at := 0
	for _, sp := range sc.spans {
		from := max(sp.lo, at)
		if sp.hi <= from {
			continue
		}
		at = sp.hi
		if from > 0 && b[from-1] == Redacted[0] {
			from-- // the bracket was taken for that of a list
		}
		rest, ok := afterStandIn(b[from:sp.hi])
		switch {
		case !ok || rests == 0:
			found = append(found, Finding{Rule: sp.rule, Lo: offset + sp.lo, Hi: offset + sp.hi, quotes: sp.quotes})
		case len(rest) > 0:
			found = p.scan(rest, offset+sp.hi-len(rest), found, rests-1)
		}
	}
	return found
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
