package classify

import (
	"slices"
	"sync"
)

// phrases finds, in one pass over a message, which of a pack's rules it can
// fulfil: those whose phrase stands in it, and those whose template begins with
// a hole and whose longest literal stands in it (Aho and Corasick, 1975). The
// automaton is built when a message is first compared, because most packs of a
// run never meet one.
type phrases struct {
	rules []*rule // templates first, in the order of their claim

	once    sync.Once
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

// build makes the automaton: a trie, then for every node and class of byte the
// node of the longest phrase's beginning that the text then ends in.
func (p *phrases) build() {
	p.width = 1
	for _, r := range p.rules {
		list, _ := spoken(r)
		for _, text := range list {
			for _, c := range text {
				if p.classes[c] == 0 {
					p.classes[c] = uint8(p.width)
					p.width++
				}
			}
		}
	}
	p.next, p.ends = make([]int32, p.width), make([][]phraseEnd, 1)
	for i, r := range p.rules {
		list, template := spoken(r)
		for _, text := range list {
			p.insert(text, phraseEnd{rule: int32(i), bytes: int32(len(text)), word: !template && isAlnum(text[0])})
		}
	}
	fail := make([]int32, len(p.ends))
	queue := []int32{}
	for c := range p.width {
		if n := p.next[c]; n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		p.ends[node] = slices.Concat(p.ends[node], p.ends[fail[node]])
		for c := range p.width {
			at := int(node)*p.width + c
			back := p.next[int(fail[node])*p.width+c]
			if n := p.next[at]; n != 0 {
				fail[n] = back
				queue = append(queue, n)
			} else {
				p.next[at] = back
			}
		}
	}
}

func (p *phrases) insert(text []byte, end phraseEnd) {
	node := int32(0)
	for _, c := range text {
		at := int(node)*p.width + int(p.classes[c])
		if p.next[at] == 0 {
			p.next[at] = int32(len(p.ends))
			p.ends = append(p.ends, nil)
			p.next = append(p.next, make([]int32, p.width)...)
		}
		node = p.next[at]
	}
	p.ends[node] = append(p.ends[node], end)
}

// find sets in hits, which is grown as needed, a bit for every rule that the
// message, in lower case, can fulfil.
func (p *phrases) find(low []byte, hits []uint64) []uint64 {
	p.once.Do(p.build)
	words := (len(p.rules) + 63) / 64
	for len(hits) < words {
		hits = append(hits, 0)
	}
	hits = hits[:words]
	clear(hits)
	node := 0
	for i, c := range low {
		node = int(p.next[node*p.width+int(p.classes[c])])
		for _, e := range p.ends[node] {
			if start := i + 1 - int(e.bytes); !e.word || start == 0 || !isAlnum(low[start-1]) {
				hits[e.rule>>6] |= 1 << (e.rule & 63)
			}
		}
	}
	return hits
}
