package record

import (
	"bytes"

	"github.com/errscope/errscope/record/jsonscan"
)

// jsonLevelsMax bounds how often JSON inside a JSON string is unquoted.
const jsonLevelsMax = 4

// textBytesMin is the length of the shortest text that can hold a credential
// with its name, "pwd=x".
const textBytesMin = 5

// body collects the credentials of a body or of a line, whatever it is.
func (s *scanner) body(b []byte) {
	switch i := jsonStart(b); {
	case i >= 0:
		s.document(b, i, 0)
	case isForm(b):
		s.params(b, 0, len(b), s.path)
	default:
		s.text(b, 0, len(b))
	}
}

// jsonStart gives the index of the bracket or quote that begins a document, or
// -1. A byte order mark may stand before it.
func jsonStart(b []byte) int {
	i := 0
	if len(b) >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf {
		i = 3
	}
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i < len(b) && (b[i] == '{' || b[i] == '[' || b[i] == '"') {
		return i
	}
	return -1
}

// document reads b as JSON, and as text where it turns out to be none.
func (s *scanner) document(b []byte, at, level int) {
	mark := len(s.spans)
	w := jsonWalk{s: s, b: b, level: level, elements: -1}
	if !w.run(at) {
		s.spans = s.spans[:mark]
		s.text(b, 0, len(b))
	} else if w.wentBack {
		s.mergeSpans(mark)
	}
}

// jsonWalk goes once through a document. It keeps no stack: whether a string
// is a name is told by the colon behind it.
type jsonWalk struct {
	s     *scanner
	b     []byte
	level int
	// how is the strength of the name whose value comes next.
	how strength
	// depth counts open brackets; everything deeper than inside, where set,
	// belongs to a credential of strength hidden.
	depth, inside int
	hidden        strength
	// armed is the strength of the credential that the member "name" of this
	// object named: its member "value" is the value.
	armed    strength
	isNaming bool
	// naming is the depth of a list that names: "loc": ["body", "password"].
	naming int
	// isValue says that a member "value" comes; valueLo and valueHi are one that
	// came before any name did.
	isValue          bool
	valueLo, valueHi int
	wentBack         bool // spans are out of order
	// elements counts the strings of a list, -1 outside of one; first is the
	// strength of the first one: ["Authorization", "Bearer x"].
	elements int
	first    strength
}

// scalarEnds ends numbers and words.
var scalarEnds = func() (t [256]bool) {
	for _, c := range []byte(" \t\r\n,]}[{\":") {
		t[c] = true
	}
	return t
}()

// run reports whether b was JSON as far as it goes; a cut end is no fault.
func (w *jsonWalk) run(i int) bool {
	for i < len(w.b) {
		switch c := w.b[i]; c {
		case ' ', '\n', '\r', '\t', ':':
			i++
		case ',':
			w.how, w.isNaming, w.isValue = harmless, false, false
			i++
		case '{', '[':
			w.open(i)
			i++
		case '}', ']':
			w.close()
			i++
		case '"':
			i = w.str(i)
		default:
			end := i
			for end < len(w.b) && !scalarEnds[w.b[end]] {
				end++
			}
			if !w.scalar(i, end) {
				return false
			}
			i = end
		}
	}
	return true
}

func (w *jsonWalk) open(i int) {
	w.depth++
	w.elements = -1
	isList := w.b[i] == '['
	if isList {
		w.elements, w.first = 0, harmless
	}
	// A list of strings by a doubtful name is looked at one by one.
	if w.inside == 0 && (w.how >= secret || w.how == doubtful && isList && i+1 < len(w.b) && w.b[i+1] == '"') {
		w.inside, w.hidden = w.depth, w.how
	}
	if isList && w.isNaming {
		w.naming = w.depth
		w.how, w.isNaming = harmless, false
		return
	}
	w.how, w.armed, w.isNaming, w.valueHi = harmless, harmless, false, 0
}

func (w *jsonWalk) close() {
	w.elements = -1
	if w.depth == w.inside {
		w.inside, w.hidden = 0, harmless
	}
	w.how, w.isNaming = harmless, false
	if w.depth == w.naming {
		w.naming = 0 // what it named is for the object around it
	} else {
		w.armed, w.valueHi = harmless, 0
	}
	w.depth--
}

// strength of the value at hand.
func (w *jsonWalk) strength() strength { return max(w.how, w.hidden) }

// str handles the string that begins at i, name or value.
func (w *jsonWalk) str(i int) int {
	// The error says that the string is cut off: its end is the text's then.
	value, rest, err := jsonscan.Skip(w.b[i:])
	end := len(w.b) - len(rest)
	lo, hi := i+1, end
	if err == nil {
		hi = end - 1
	}
	next := end
	for next < len(w.b) && isSpace(w.b[next]) {
		next++
	}
	if next < len(w.b) && w.b[next] == ':' {
		w.name(value)
		if w.hidden >= secret && isOpaque(w.b[lo:hi]) {
			w.s.add(lo, hi) // a map by credentials
		} else if hi-lo > shapeBytesMin {
			w.s.jsonText(w.b, lo, hi, w.level)
		}
		return next + 1
	}
	how := max(w.strength(), w.element(lo, hi))
	if how != harmless && mustMask(how, w.b[lo:hi]) {
		w.s.add(lo, hi)
	} else {
		w.s.jsonText(w.b, lo, hi, w.level)
	}
	switch {
	case w.isNaming, w.naming == w.depth && w.naming > 0:
		w.arm(w.s.p.named.of(w.b[lo:hi]))
	case w.isValue:
		w.valueLo, w.valueHi = lo, hi
	}
	w.how, w.isNaming, w.isValue = harmless, false, false
	return end
}

// element looks at a string of a list: the second of two is a credential where the
// first is the name of one.
func (w *jsonWalk) element(lo, hi int) strength {
	if w.elements < 0 {
		return harmless
	}
	w.elements++
	v := w.b[lo:hi]
	switch w.elements {
	case 1:
		w.first = w.s.p.named.of(v)
	case 2:
		if _, credentials, ok := cutScheme(v); ok {
			v = credentials
		}
		if w.first >= secret && isCredible(v) {
			return w.first
		}
	}
	return harmless
}

// arm notes what the object at hand names, and masks a value that came before.
func (w *jsonWalk) arm(how strength) {
	w.armed = max(w.armed, how)
	if w.armed == harmless || w.valueHi == 0 {
		return
	}
	if mustMask(w.armed, w.b[w.valueLo:w.valueHi]) {
		w.s.add(w.valueLo, w.valueHi)
		w.wentBack = true
	}
	w.valueHi = 0
}

// name notes what the member's name says about its value.
func (w *jsonWalk) name(raw []byte) {
	s := w.s
	name := jsonscan.Unquote(s.decoded[w.level][:0], raw)
	w.how = s.p.fields.of(name)
	w.isNaming, w.isValue = false, false
	switch len(name) {
	case len("key"):
		w.isNaming = equalFold(name, "key") || equalFold(name, "loc")
	case len("name"):
		w.isNaming = equalFold(name, "name") || equalFold(name, "path")
	case len("value"):
		w.isNaming = equalFold(name, "field") || equalFold(name, "param")
		w.isValue = !w.isNaming && (equalFold(name, "value") || equalFold(name, "input") || equalFold(name, "given"))
	case len("header"):
		w.isNaming = equalFold(name, "header")
		w.isValue = equalFold(name, "actual")
	case len("property"):
		w.isNaming = equalFold(name, "property")
		w.isValue = equalFold(name, "received")
	case len("parameter"):
		w.isNaming = equalFold(name, "parameter") || equalFold(name, "attribute")
	case len("rejectedValue"), len("rejected_value"):
		w.isValue = equalFold(name, "rejectedValue") || equalFold(name, "rejected_value")
	}
	if w.isValue && w.armed != harmless {
		w.how = max(w.how, w.armed)
	}
}

// scalar handles numbers, true, false and null; false for anything else.
func (w *jsonWalk) scalar(lo, hi int) bool {
	c := w.b[lo]
	switch {
	case c == '-' || isDigit(c):
		for _, d := range w.b[lo:hi] {
			if !isDigit(d) && d != '-' && d != '+' && d != '.' && d|0x20 != 'e' {
				return false
			}
		}
		if w.strength() >= secret || isDigit(c) && cardEnd(w.b, lo, hi) == hi {
			w.s.spans = append(w.s.spans, span{lo: lo, hi: hi, quotes: w.level + 1, rule: ByName})
		}
	case bytes.HasPrefix([]byte("true"), w.b[lo:hi]), bytes.HasPrefix([]byte("false"), w.b[lo:hi]), bytes.HasPrefix([]byte("null"), w.b[lo:hi]):
	default:
		return false
	}
	w.how, w.isNaming, w.isValue = harmless, false, false
	return true
}

// jsonText collects the credentials in the content b[lo:hi] of a JSON string.
// Content with escapes is unquoted first, and what is found there is carried
// back to the raw bytes, so that the rest stays as it was written.
func (s *scanner) jsonText(b []byte, lo, hi, level int) {
	if hi-lo < textBytesMin {
		return
	}
	if level >= jsonLevelsMax || bytes.IndexByte(b[lo:hi], '\\') < 0 {
		before := s.level
		s.level = min(level+1, jsonLevelsMax)
		s.text(b, lo, hi)
		s.level = before
		return
	}
	mark, before := len(s.spans), s.level
	raw := b[lo:hi]
	text := jsonCoding.undo(s.decoded[level][:0], raw)
	if cap(text) <= scratchBytesMax {
		s.decoded[level] = text
	}
	s.level = level + 1
	s.anything(text)
	s.level = before
	if len(s.spans) > mark {
		carryBack(s.spans[mark:], raw, lo, &jsonCoding)
	}
}
