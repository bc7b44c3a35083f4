package classify

import "bytes"

// byWords looks for the code, the type, or the constant that the message begins
// with, among common words: as a whole, and what stands before or behind a path
// or name space.
func (l *Labeler) byWords(words map[string][]*rule, wire int, between bool) *rule {
	for _, code := range [3][]byte{l.facts.code, l.facts.typ, l.leadingConstant()} {
		if len(code) == 0 || len(code) > codeBytesMax {
			continue
		}
		l.low = appendWord(l.low[:0], code)
		r := l.pick(wordIn(words, l.low), wire, between)
		if i := bytes.LastIndexAny(code, "/#:."); r == nil && i >= 0 {
			l.low = appendWord(l.low[:0], code[i+1:])
			r = l.pick(wordIn(words, l.low), wire, between)
		}
		if i := bytes.IndexAny(code, ":."); r == nil && i > 0 {
			l.low = appendWord(l.low[:0], code[:i])
			r = l.pick(wordIn(words, l.low), wire, between)
		}
		if r != nil {
			return r
		}
	}
	return nil
}

// leadingConstant is the code that some put in front of the message or in its
// place, such as EMAIL_EXISTS or "QUOTA_EXCEEDED: none left"; nil where a code
// that says more than a number or a vague word stands elsewhere.
func (l *Labeler) leadingConstant() []byte {
	f := &l.facts
	if f.leading.known {
		return f.leading.word
	}
	f.leading.known = true
	m := f.message
	if i := bytes.IndexAny(m, " :"); i >= 0 {
		m = m[:i]
	}
	if len(m) == 0 || len(m) > codeBytesMax || bytes.IndexByte(m, '_') < 0 || !isConstant(string(m)) {
		return nil
	}
	if len(f.code) == 0 || parseCount(f.code) >= 0 || isUpper(m) && l.isVague(f.code) {
		f.leading.word = m
	}
	return f.leading.word
}

// isUpper reports whether a word has no small letter: behind a vague code a
// parameter's name may stand first.
func isUpper(word []byte) bool {
	for _, c := range word {
		if c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// isVague reports whether a code is a common word that says little.
func (l *Labeler) isVague(code []byte) bool {
	if len(code) > codeBytesMax {
		return false
	}
	l.lowField = appendWord(l.lowField[:0], code)
	return wordIn(l.e.set.global.byVague, l.lowField) != nil
}

// byAffix looks for a common word that the code or the type begins or ends with.
func (l *Labeler) byAffix(p *Pack, wire int, between bool) *rule {
	for _, code := range [3][]byte{l.facts.code, l.facts.typ, l.leadingConstant()} {
		if len(code) == 0 || len(code) > codeBytesMax {
			continue
		}
		l.lowField = appendWord(l.lowField[:0], code)
		if wordIn(p.byVague, l.lowField) != nil {
			continue
		}
		for i, r := range p.byAffix {
			if r.affix.fits(r.code, l.lowField) {
				if found := l.pick(p.byAffix[i:i+1], wire, between); found != nil {
					return found
				}
			}
		}
	}
	return nil
}

// wordEndings are what some put behind a code's word.
var wordEndings = [...]string{"exception", "error", "fault", "err"}

// wordIn finds the rules of a common word, also without its ending.
func wordIn(words map[string][]*rule, word []byte) []*rule {
	if list := words[string(word)]; list != nil {
		return list
	}
	for _, end := range wordEndings {
		if len(word) > len(end) && string(word[len(word)-len(end):]) == end {
			return words[string(word[:len(word)-len(end)])]
		}
	}
	return nil
}
