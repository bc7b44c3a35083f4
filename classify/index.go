package classify

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// index files the rules under what they match first.
func (p *Pack) index() {
	p.byTypeCode, p.byCode, p.byType, p.byHint = map[string][]*rule{}, map[string][]*rule{}, map[string][]*rule{}, map[string][]*rule{}
	p.typesOf = map[string][]string{}
	p.byFirstWord, p.byVague, p.byStatus, p.phrases = map[string][]*rule{}, map[string][]*rule{}, map[int][]*statusRow{}, &phrases{}
	ordered := slices.Clone(p.variants)
	slices.SortStableFunc(ordered, func(a, b *rule) int { return cmp.Compare(b.weight(), a.weight()) })
	var spoken []*rule
	for _, r := range ordered {
		switch {
		case r.code != "" && r.typ != "":
			key := r.typ + "\x00" + r.code
			p.byTypeCode[key] = append(p.byTypeCode[key], r)
			p.typesOf[r.code] = append(p.typesOf[r.code], r.typ)
		case r.code != "":
			key, under := r.code, p.byCode
			if p.name == GlobalPack {
				key = string(appendWord(nil, []byte(key)))
			}
			if r.affix != affixNone {
				p.byAffix = append(p.byAffix, r)
				continue
			}
			if r.vague {
				under = p.byVague
			}
			under[key] = append(under[key], r)
		case r.message != nil && r.message.re != nil:
			p.patterns = append(p.patterns, r)
		case r.message != nil && r.message.firstWord() != "":
			w := r.message.firstWord()
			p.byFirstWord[w] = append(p.byFirstWord[w], r)
		case r.message != nil && len(r.contains) == 0:
			p.phrases.add(r)
		case len(r.contains) > 0:
			spoken = append(spoken, r)
		case r.hint != "":
			p.byHint[r.hint] = append(p.byHint[r.hint], r)
		case r.typ != "":
			p.byType[r.typ] = append(p.byType[r.typ], r)
		case len(r.where) > 0:
			p.byWhere = append(p.byWhere, r)
		}
	}
	for _, r := range spoken {
		p.phrases.add(r)
	}
	p.indexRows()
	p.indexEnvelopes()
	for i := range p.waits {
		p.waitSlots.add(p.waits[i].slot)
	}
	for i := range p.limits {
		lim := &p.limits[i]
		p.limitSlots.add(lim.limit, lim.remaining, lim.used, lim.pair)
	}
}

// slotSet is a set of slots, as a table of them.
type slotSet []bool

// add puts slots into the set; noSlot stands for none.
func (s *slotSet) add(list ...int) {
	for _, slot := range list {
		if slot >= len(*s) {
			*s = append(*s, make([]bool, slot+1-len(*s))...)
		}
		if slot >= 0 {
			(*s)[slot] = true
		}
	}
}

// hasAny reports whether one of the slots is in the set.
func (s slotSet) hasAny(list []int) bool {
	for _, slot := range list {
		if slot < len(s) && s[slot] {
			return true
		}
	}
	return false
}

// indexEnvelopes files each envelope under that of its members which the fewest
// others want.
func (p *Pack) indexEnvelopes() {
	wanted := map[int]int{}
	last := -1
	for _, e := range p.envelopes {
		for _, s := range e.requires {
			wanted[s]++
			last = max(last, s)
		}
	}
	p.bySlot = make([][]int32, last+1)
	for i, e := range p.envelopes {
		if len(e.requires) == 0 {
			continue // a fault of the pack, which is told elsewhere
		}
		rare := slices.MinFunc(e.requires, func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
		p.bySlot[rare] = append(p.bySlot[rare], int32(i))
	}
}

// indexRows files the status rows: those with a condition stand first.
func (p *Pack) indexRows() {
	rows := slices.Clone(p.rows)
	slices.SortStableFunc(rows, func(a, b *statusRow) int { return cmp.Compare(min(len(b.where), 1), min(len(a.where), 1)) })
	for _, row := range rows {
		switch n, err := strconv.Atoi(row.status); {
		case err == nil:
			p.byStatus[n] = append(p.byStatus[n], row)
		case row.status == "other":
			p.other = row
		default:
			class := row.status[0] - '0'
			p.byClass[class] = append(p.byClass[class], row)
		}
	}
}

// appendWord appends what makes a code of any spelling the same word: its
// letters and digits in lower case.
func appendWord(dst, code []byte) []byte {
	for _, c := range code {
		if isAlnum(c) {
			dst = append(dst, lower(c))
		}
	}
	return dst
}

// affix says which part of a common word a rule's code is.
type affix byte

const (
	affixNone affix = iota
	affixFirst
	affixLast
)

// cutAffix takes the star from a code of the global pack and gives the rest as
// a word: "*_not_found" stands for every code that ends so.
func cutAffix(code string) (string, affix) {
	word := string(appendWord(nil, []byte(code)))
	switch {
	case strings.HasPrefix(code, "*"):
		return word, affixLast
	case strings.HasSuffix(code, "*"):
		return word, affixFirst
	}
	return code, affixNone
}

// fits reports whether word begins or ends with part, and has more.
func (a affix) fits(part string, word []byte) bool {
	n := len(part)
	switch {
	case a == affixNone || len(word) <= n:
		return false
	case a == affixFirst:
		return string(word[:n]) == part
	}
	return string(word[len(word)-n:]) == part
}
