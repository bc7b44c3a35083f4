package classify

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf8"
)

// phrases finds, in one pass over a message, which of a pack's rules it can
// fulfil: those whose phrase stands in it, and those whose template begins with
// a hole and whose longest literal stands in it. Phrases beyond ASCII have an
// automaton of their own, since their many bytes would make every node of the
// other wide, and most messages need neither. Each is built when a message first
// needs it, because most packs of a run never meet one.
type phrases struct {
	rules []*rule // templates first, in the order of their claim

	once, onceBeyond sync.Once
	ascii, beyond    automaton
}

// automaton finds phrases in a text (Aho and Corasick, 1975).
type automaton struct {
	classes [256]uint8
	width   int
	next    []int32 // by node and class of byte
	ends    [][]phraseEnd
}

// phraseEnd is a phrase that ends at a node.
type phraseEnd struct {
	rule  int32
	bytes int32
	// word says that the phrase begins with a word, which must begin there in
	// the message too: "rate limit" does not stand in "accurate limits".
	word bool
}

// add files a rule; the templates must be added before the others.
func (p *phrases) add(r *rule) { p.rules = append(p.rules, r) }

// spoken is what is searched for a rule.
func spoken(r *rule) (list [][]byte, template bool) {
	if r.message != nil && len(r.contains) == 0 {
		return [][]byte{r.message.longest()}, true
	}
	for _, c := range r.contains {
		list = append(list, []byte(c))
	}
	return list, false
}

// longest is the longest literal of a template.
func (t *template) longest() []byte {
	var best []byte
	for i := range t.parts {
		if !t.parts[i].hole && len(t.parts[i].literal) > len(best) {
			best = t.parts[i].literal
		}
	}
	return best
}

// spokenPhrase is a phrase with what its end says.
type spokenPhrase struct {
	text []byte
	end  phraseEnd
}

// gather lists the phrases that are ASCII, or the others.
func (p *phrases) gather(ascii bool) []spokenPhrase {
	var out []spokenPhrase
	for i, r := range p.rules {
		list, template := spoken(r)
		for _, text := range list {
			if isASCII(text) == ascii {
				out = append(out, spokenPhrase{text, phraseEnd{rule: int32(i), bytes: int32(len(text)), word: !template && isAlnum(text[0])}})
			}
		}
	}
	return out
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// build makes the automaton: a trie, then for every node and class of byte the
// node of the longest phrase's beginning that the text then ends in.
func (a *automaton) build(list []spokenPhrase) {
	a.width = 1
	for i := range list {
		for _, c := range list[i].text {
			if a.classes[c] == 0 {
				a.classes[c] = uint8(a.width)
				a.width++
			}
		}
	}
	nodes := trieNodes(list)
	a.next, a.ends = make([]int32, a.width, nodes*a.width), make([][]phraseEnd, 1, nodes)
	for i := range list {
		a.insert(list[i].text, list[i].end)
	}
	fail := make([]int32, len(a.ends))
	queue := []int32{}
	for c := range a.width {
		if n := a.next[c]; n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		if more := a.ends[fail[node]]; len(more) > 0 {
			a.ends[node] = slices.Concat(a.ends[node], more)
		}
		for c := range a.width {
			at := int(node)*a.width + c
			back := a.next[int(fail[node])*a.width+c]
			if n := a.next[at]; n != 0 {
				fail[n] = back
				queue = append(queue, n)
			} else {
				a.next[at] = back
			}
		}
	}
}

// trieNodes counts the nodes of the phrases' trie: their different beginnings.
func trieNodes(list []spokenPhrase) int {
	texts := make([][]byte, len(list))
	for i := range list {
		texts[i] = list[i].text
	}
	slices.SortFunc(texts, bytes.Compare)
	nodes := 1
	var before []byte
	for _, text := range texts {
		shared := 0
		for shared < min(len(before), len(text)) && before[shared] == text[shared] {
			shared++
		}
		nodes += len(text) - shared
		before = text
	}
	return nodes
}

func (a *automaton) insert(text []byte, end phraseEnd) {
	node := int32(0)
	for _, c := range text {
		at := int(node)*a.width + int(a.classes[c])
		if a.next[at] == 0 {
			a.next[at] = int32(len(a.ends))
			a.ends = append(a.ends, nil)
			a.next = a.next[:len(a.next)+a.width] // as many nodes as were counted
		}
		node = a.next[at]
	}
	a.ends[node] = append(a.ends[node], end)
}

// find sets in hits, which is grown as needed, a bit for every rule that the
// message, in lower case, can fulfil.
func (p *phrases) find(low []byte, hits []uint64) []uint64 {
	p.once.Do(func() { p.ascii.build(p.gather(true)) })
	words := (len(p.rules) + 63) / 64
	for len(hits) < words {
		hits = append(hits, 0)
	}
	hits = hits[:words]
	clear(hits)
	p.ascii.find(low, hits)
	if !isASCII(low) {
		p.onceBeyond.Do(func() { p.beyond.build(p.gather(false)) })
		p.beyond.find(low, hits)
	}
	return hits
}

func (a *automaton) find(low []byte, hits []uint64) {
	node := 0
	for i, c := range low {
		node = int(a.next[node*a.width+int(a.classes[c])])
		for _, e := range a.ends[node] {
			if start := i + 1 - int(e.bytes); !e.word || start == 0 || !isAlnum(low[start-1]) {
				hits[e.rule>>6] |= 1 << (e.rule & 63)
			}
		}
	}
}
