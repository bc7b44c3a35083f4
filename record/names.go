package record

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// strength says how surely a name stands for a credential.
type strength uint8

const (
	harmless strength = iota
	doubtful          // masked where the value looks like a credential
	secret            // masked unless the value is a sentence
	password          // masked whatever it is: people choose sentences, too
)

// nameBytesMax bounds the part of a name that is looked at, counted from its
// end, which is where the telling word stands.
const nameBytesMax = 64

// names is a set of folded names with their strengths. Its tables tell nearly
// every harmless name without folding or hashing it.
type names struct {
	exact    map[string]strength
	suffixes [256][]suffix // by last byte
	// lengths holds, by first byte, one bit for each length of an exact name.
	lengths [256]uint64
	// ends marks the bytes that can end a name, as it comes.
	ends [256]bool
}

type suffix struct {
	text     string
	strength strength
}

// newNames builds the set; of two strengths for one name the higher wins.
func newNames(lists ...[]string) *names {
	n := &names{exact: map[string]strength{}}
	for c := range n.ends {
		n.ends[c] = foldTable[c] == foldSkip || foldTable[c] == foldSpecial
	}
	for _, list := range lists {
		for _, name := range list {
			n.add(name)
		}
	}
	return n
}

func (n *names) add(name string) {
	name, isHarmless := strings.CutPrefix(name, "!")
	name, isDoubtful := strings.CutSuffix(name, "?")
	name, isSuffix := strings.CutPrefix(name, "*")
	var buf [nameBytesMax]byte
	folded := string(fold(&buf, []byte(name)))
	if folded == "" {
		return
	}
	how := strengthOf(folded)
	if isDoubtful {
		how = doubtful
	}
	if isHarmless {
		how = harmless
	}
	last := folded[len(folded)-1]
	n.ends[last] = true
	if isLower(last) {
		n.ends[last-'a'+'A'] = true
	}
	if isSuffix {
		// The longest counts: "page_token" before "token".
		list := append(n.suffixes[last], suffix{folded, how})
		slices.SortStableFunc(list, func(a, b suffix) int { return len(b.text) - len(a.text) })
		n.suffixes[last] = list
		return
	}
	n.exact[folded] = max(n.exact[folded], how)
	n.lengths[folded[0]] |= 1 << (len(folded) & 63)
}

// canEnd reports whether a name of the set may end as this one does.
func (n *names) canEnd(name []byte) bool {
	k := len(name)
	return k > 0 && (n.ends[name[k-1]] || k >= 3 && name[k-3] == '%')
}

func strengthOf(folded string) strength {
	for _, word := range [...]string{"pass", "pwd", "cookie", "authorization", "cvv", "cvc", "phrase"} {
		if strings.Contains(folded, word) {
			return password
		}
	}
	return secret
}

// of gives the strength of a name as it came.
func (n *names) of(name []byte) strength {
	if !n.canEnd(name) {
		return harmless
	}
	var buf [nameBytesMax]byte
	k := fold(&buf, name)
	if len(k) == 0 {
		return harmless
	}
	if n.lengths[k[0]]&(1<<(len(k)&63)) != 0 {
		if s, ok := n.exact[string(k)]; ok {
			return s
		}
	}
	for _, suffix := range n.suffixes[k[len(k)-1]] {
		if t := suffix.text; len(k) >= len(t) && string(k[len(k)-len(t):]) == t {
			return suffix.strength
		}
	}
	return harmless
}

// What folding does with a byte that is not written in lower case.
const (
	foldSkip    = 0
	foldSpecial = 1
)

var foldTable = func() (t [256]byte) {
	for c := range 256 {
		t[c] = byte(c)
		if isUpper(byte(c)) {
			t[c] |= 0x20
		}
	}
	for _, c := range []byte("\x00\x01-_. +]") {
		t[c] = foldSkip
	}
	t['%'], t['['] = foldSpecial, foldSpecial
	for c := 0x80; c < 0x100; c++ {
		t[c] = foldSpecial
	}
	return t
}()

// fold writes the name in lower case, percent-decoded (at any depth) and
// without separators. Of "user[password]" the innermost word is the name.
func fold(buf *[nameBytesMax]byte, name []byte) []byte {
	if len(name) > 2*nameBytesMax {
		name = name[len(name)-2*nameBytesMax:]
	}
	n := 0
	for i := 0; i < len(name); i++ {
		c := foldTable[name[i]]
		if c == foldSpecial {
			c = name[i]
			if c >= utf8.RuneSelf {
				seen, size, how := undisguise(name[i:])
				if how == honest {
					for _, c := range name[i : i+size] {
						n = push(buf, n, c)
					}
				} else if seen = foldTable[seen]; seen > foldSpecial {
					n = push(buf, n, seen)
				}
				i += size - 1
				continue
			}
			if c == '%' {
				c, i = percent(name, i)
			}
			switch c {
			case '&', '?', '#', ';', '/', '=':
				n = 0 // what stands before is of another parameter
				continue
			case '[':
				if i+1 < len(name) && isLetter(name[i+1]) {
					n = 0
				}
				continue
			}
			c = foldTable[c]
		}
		if c == foldSkip {
			continue
		}
		n = push(buf, n, c)
	}
	return buf[:n]
}

// push appends to a name of n bytes; of one that is too long the head goes.
func push(buf *[nameBytesMax]byte, n int, c byte) int {
	if n == nameBytesMax {
		copy(buf[:], buf[1:])
		n--
	}
	buf[n] = c
	return n + 1
}

// percent decodes the escape at i and gives the index of its last byte. A
// broken escape stands for its first byte.
func percent(b []byte, i int) (byte, int) {
	j := i
	for j+2 < len(b) && b[j+1] == '2' && b[j+2] == '5' {
		j += 2
	}
	if j+2 >= len(b) {
		return b[i], i
	}
	hi, lo := unhex[b[j+1]], unhex[b[j+2]]
	if hi > 15 || lo > 15 {
		return b[i], i
	}
	return hi<<4 | lo, j + 2
}
