package classify

import (
	"bytes"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// Weights of the evidence for a vendor whose host is not bound, and what it
// takes to be believed.
const (
	weightHeader     = 80
	weightDocsURL    = 80
	weightVocabulary = 30 // the code is one of the vendor's
	weightEnvelope   = 30 // and stands in the vendor's own envelope
	vendorAccepted   = 60
	vendorMargin     = 20
)

// Limits of the search for addresses: of how much of a text, of how many in one
// response, and of how much of each.
const (
	docsTextBytesMax = 4096
	addressesMax     = 64
	addressBytesMax  = 256
)

// score is what speaks for one pack.
type score struct {
	pack   *Pack
	header bool
	docs   bool
	code   bool
	total  int
}

// guess names the vendor from the response itself, or returns nil: an envelope
// alone is shared by too many to name anybody.
// Bodies are searched only when they speak of a failure.
func (l *Labeler) guess(r *record.Record, failing bool, out *record.Label) *Pack {
	l.e.once.Do(l.e.gather)
	l.scores = l.scores[:0]
	if len(l.e.headerPrefixes) > 0 {
		for i := range r.Headers {
			l.guessHeader(r.Headers[i].Name, out)
		}
	}
	if failing && len(l.bodySet) > 0 {
		l.guessDocs(out)
		l.guessVocabulary(out)
	}
	best, second := -1, 0
	for i := range l.scores {
		s := &l.scores[i]
		if best < 0 || s.total > l.scores[best].total {
			if best >= 0 {
				second = l.scores[best].total
			}
			best = i
		} else if s.total > second {
			second = s.total
		}
	}
	if best < 0 || l.scores[best].total < vendorAccepted || l.scores[best].total-second < vendorMargin {
		return nil
	}
	l.scores[best].pack.ready()
	return l.scores[best].pack
}

// scoreOf finds the pack's score, a new one where it has none yet.
func (l *Labeler) scoreOf(p *Pack) *score {
	for i := range l.scores {
		if l.scores[i].pack == p {
			return &l.scores[i]
		}
	}
	l.scores = append(l.scores, score{pack: p})
	return &l.scores[len(l.scores)-1]
}

func (l *Labeler) guessHeader(name []byte, out *record.Label) {
	if len(name) < headerPrefixBytesMin {
		return
	}
	l.low = appendLower(l.low[:0], name)
	for _, c := range l.e.headerPrefixes[string(l.low[:headerPrefixBytesMin])] {
		s := l.scoreOf(c.pack)
		if !s.header && len(l.low) >= len(c.text) && string(l.low[:len(c.text)]) == c.text {
			s.header = true
			s.total += weightHeader
			l.say(out, "header of ", c.pack.name)
		}
	}
}

// guessDocs looks for addresses of vendors' documentation in the texts that
// packs read.
func (l *Labeler) guessDocs(out *record.Label) {
	seen := 0
	for _, slot := range l.bodySet {
		if k := l.body[slot].kind; k != jsonscan.String && k != kindPlain {
			continue
		}
		t := cut(l.body[slot].raw, docsTextBytesMax)
		for {
			i := bytes.Index(t, []byte("://"))
			if i < 0 {
				break
			}
			if seen++; seen > addressesMax {
				return
			}
			t = t[i+3:]
			l.guessAddress(t, out)
		}
	}
}

// guessAddress compares host and path at the head of t, its host also without
// leading labels ("www.x.com" speaks for "x.com").
func (l *Labeler) guessAddress(t []byte, out *record.Label) {
	t = t[:min(len(t), addressBytesMax)]
	end := 0
	for end < len(t) && t[end] > ' ' && t[end] != '"' && t[end] != '\\' {
		end++
	}
	l.low = appendLower(l.low[:0], t[:end])
	host, path := l.low, []byte("/")
	if i := bytes.IndexByte(host, '/'); i >= 0 {
		host, path = host[:i], host[i:]
	}
	for range 4 {
		for _, c := range l.e.docsHosts[string(host)] {
			s := l.scoreOf(c.pack)
			if !s.docs && bytes.HasPrefix(path, []byte(c.text)) {
				s.docs = true
				s.total += weightDocsURL
				l.say(out, "the body quotes an address of ", c.pack.name)
			}
		}
		i := bytes.IndexByte(host, '.')
		if i < 0 {
			return
		}
		host = host[i+1:]
	}
}

// guessVocabulary asks whose code this is, with regard to case. An envelope
// speaks for its pack only where the pack itself reads the code from it.
func (l *Labeler) guessVocabulary(out *record.Label) {
	for _, p := range l.e.vocabulary[string(l.facts.code)] {
		s := l.scoreOf(p)
		if s.code {
			continue
		}
		s.code = true
		s.total += weightVocabulary
		p.ready()
		if e := l.envelopeOf(p); e != nil && l.reads(p, e) {
			s.total += weightEnvelope
			l.say(out, "code and envelope are of ", p.name)
		}
	}
}

// reads reports whether the pack finds the code in its own envelope, under a
// type that it knows: where it tells the code by its type, one of those.
func (l *Labeler) reads(p *Pack, e *envelope) bool {
	if !bytes.Equal(l.codeOf(e), l.facts.code) {
		return false
	}
	typ := l.firstText(e.typ)
	l.low = appendLower(l.low[:0], l.facts.code)
	if types := p.typesOf[string(l.low)]; len(types) > 0 {
		return slices.ContainsFunc(types, func(t string) bool { return bytes.EqualFold(typ, []byte(t)) })
	}
	if len(typ) == 0 || len(typ) > codeBytesMax || len(p.byType) == 0 {
		return true
	}
	l.low = appendLower(l.low[:0], typ)
	return len(p.byType[string(l.low)]) > 0
}

// vocabularyBytesMin is the shortest code that can speak for a vendor.
const vocabularyBytesMin = 5

// commonWord reports whether a code is everybody's: a number, also as HTTP_404,
// a short word, or one that the global pack knows.
func commonWord(global *Pack, code string) bool {
	word := string(appendWord(nil, []byte(code)))
	if len(word) < vocabularyBytesMin || strings.Trim(strings.TrimPrefix(word, "http"), "0123456789") == "" {
		return true
	}
	return global != nil && (wordIn(global.byCode, []byte(word)) != nil || wordIn(global.byVague, []byte(word)) != nil)
}
