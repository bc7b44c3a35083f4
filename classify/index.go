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
