package classify

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// Limits of message patterns.
const (
	// MessageMatchBytesMax is how much of a message is compared with patterns.
	MessageMatchBytesMax = 2048
	patternBytesMax      = 512
	// patternStepsMax bounds a compiled expression: counted repeats multiply, so
	// that a short one can be large.
	patternStepsMax = 2000
	holesMax        = 16
)

// holeClass says what may stand in a hole of a template.
type holeClass byte

const (
	holeAny  holeClass = iota // at least one byte
	holeInt                   // digits, with "," between thousands
	holeWord                  // letters, digits and "_-."
	holeURL                   // anything without a space
	holeRest                  // anything, also nothing; last only
)

var holeClasses = map[string]holeClass{"any": holeAny, "int": holeInt, "word": holeWord, "url": holeURL}

// part is a literal in lower case, or a hole where name or rest is set.
type part struct {
	literal []byte
	hole    bool
	name    string
	class   holeClass
}

// template is an anchored message pattern: literal text compared without
// regard to ASCII case, with holes {name}, {name:int}, {name:word}, {url} and a
// last {*}. A full stop or spaces at the end do not matter. Matching takes one
// pass and no backtracking.
type template struct {
	parts    []part
	literals int // bytes of literal text: the longest wins
	names    []string
	re       *regexp.Regexp // set for pattern: instead of parts
}

// hole is what stood in one hole of a matched message.
type hole struct {
	name  string
	value []byte
}

// parseTemplate compiles the template language. at is the byte of a fault.
func parseTemplate(src string) (t *template, at int, err error) {
	t = &template{}
	var lit []byte
	flush := func() {
		if len(lit) > 0 {
			t.parts = append(t.parts, part{literal: lit})
			t.literals += len(lit)
			lit = nil
		}
	}
	for i := 0; i < len(src); {
		switch {
		case strings.HasPrefix(src[i:], "{{"), strings.HasPrefix(src[i:], "}}"):
			lit = append(lit, src[i])
			i += 2
		case src[i] == '{':
			end := strings.IndexByte(src[i:], '}')
			if end < 0 {
				return nil, i, fmt.Errorf("hole is not closed")
			}
			flush()
			p, err := parseHole(src[i+1 : i+end])
			if err == nil {
				err = t.fits(p, i+end+1 == len(src))
			}
			if err != nil {
				return nil, i, err
			}
			t.parts = append(t.parts, p)
			i += end + 1
		case src[i] == '}':
			return nil, i, fmt.Errorf("} without {, write }} for the character")
		default:
			lit = append(lit, lower(src[i]))
			i++
		}
	}
	flush()
	t.trimEnd()
	if t.literals < 3 {
		return nil, 0, fmt.Errorf("template has hardly any text of its own and would match everything")
	}
	return t, 0, nil
}

// trimEnd drops what the end of a message may or may not have.
func (t *template) trimEnd() {
	if n := len(t.parts); n > 0 && !t.parts[n-1].hole {
		p := &t.parts[n-1]
		p.literal = trimEnd(p.literal)
		if len(p.literal) == 0 {
			t.parts = t.parts[:n-1]
		}
	}
}

func trimEnd(b []byte) []byte {
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	if n := len(b); n > 0 && b[n-1] == '.' {
		b = b[:n-1]
	}
	return b
}

func trimStart(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func parseHole(src string) (part, error) {
	if src == "*" {
		return part{hole: true, class: holeRest}, nil
	}
	name, class, _ := strings.Cut(src, ":")
	p := part{hole: true, name: name}
	if class == "" && name == "url" {
		class = "url"
	}
	if class != "" {
		c, ok := holeClasses[class]
		if !ok {
			return p, fmt.Errorf("unknown kind of hole %q, want any, int, word or url", class)
		}
		p.class = c
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && c != '_' {
			return p, fmt.Errorf("hole name %q has more than a to z and _", name)
		}
	}
	if name == "" {
		return p, fmt.Errorf("hole has no name")
	}
	return p, nil
}

// fits refuses what would make a match ambiguous.
func (t *template) fits(p part, last bool) error {
	if n := len(t.parts); n > 0 && t.parts[n-1].hole {
		return fmt.Errorf("two holes stand side by side")
	}
	if p.class == holeRest && !last {
		return fmt.Errorf("{*} may only stand at the end")
	}
	if p.name != "" {
		if slices.Contains(t.names, p.name) {
			return fmt.Errorf("hole %q stands twice", p.name)
		}
		t.names = append(t.names, p.name)
	}
	if len(t.names) > holesMax {
		return fmt.Errorf("more than %d holes", holesMax)
	}
	return nil
}

// parsePattern compiles a regular expression (RE2, so linear in the message).
// It must be anchored at the start and bounded in size.
func parsePattern(src string) (*template, error) {
	switch {
	case len(src) > patternBytesMax:
		return nil, fmt.Errorf("pattern is longer than %d bytes", patternBytesMax)
	case !strings.HasPrefix(src, "^"):
		return nil, fmt.Errorf("pattern is not anchored, begin it with ^")
	case !strings.HasSuffix(src, "$"):
		return nil, fmt.Errorf("pattern is not anchored, end it with $")
	}
	re, err := regexp.Compile(src)
	if err != nil {
		return nil, err
	}
	if n := patternSteps(src); n > patternStepsMax {
		return nil, fmt.Errorf("pattern has %d steps when compiled, more than %d: counted repeats multiply what they repeat", n, patternStepsMax)
	}
	if re.NumSubexp() > holesMax {
		return nil, fmt.Errorf("more than %d groups", holesMax)
	}
	if re.MatchString("") {
		return nil, fmt.Errorf("pattern matches the empty message")
	}
	return &template{re: re, literals: len(src), names: slices.DeleteFunc(slices.Clone(re.SubexpNames()), func(s string) bool { return s == "" })}, nil
}

// patternSteps is the size of a sound expression's program.
func patternSteps(src string) int {
	tree, err := syntax.Parse(src, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}

// firstWord is the literal word that a matching message begins with, or "".
func (t *template) firstWord() string {
	if t.re != nil || t.parts[0].hole {
		return ""
	}
	lit := t.parts[0].literal
	if i := bytes.IndexByte(lit, ' '); i >= 0 {
		return string(lit[:i])
	}
	if len(t.parts) == 1 {
		return string(lit)
	}
	return ""
}

// match reports whether message fits and appends what stood in the holes.
// low is message in lower case; both have their end trimmed.
func (t *template) match(message, low []byte, holes []hole) ([]hole, bool) {
	if t.re != nil {
		return t.matchPattern(message, holes)
	}
	pos := 0
	for i := 0; i < len(t.parts); i++ {
		p := &t.parts[i]
		if !p.hole {
			if !bytes.HasPrefix(low[pos:], p.literal) {
				return holes, false
			}
			pos += len(p.literal)
			continue
		}
		end := len(low)
		if i+1 < len(t.parts) {
			end = t.holeEnd(low, pos, i)
		}
		if end < 0 || !p.class.holds(low[pos:end]) {
			return holes, false
		}
		if p.name != "" {
			holes = append(holes, hole{name: p.name, value: message[pos:end]})
		}
		pos = end
	}
	return holes, pos == len(low)
}

// holeEnd finds where the hole at part i ends: at the first fitting literal
// that follows, or, before the last literal, where that one closes the message.
func (t *template) holeEnd(low []byte, pos, i int) int {
	p, next := &t.parts[i], t.parts[i+1].literal
	if i+2 == len(t.parts) {
		if !bytes.HasSuffix(low[pos:], next) {
			return -1
		}
		return len(low) - len(next)
	}
	for from := pos; ; {
		k := bytes.Index(low[from:], next)
		if k < 0 {
			return -1
		}
		if p.class.holds(low[pos : from+k]) {
			return from + k
		}
		if from+k > pos {
			// A longer text would hold the same misfit.
			return -1
		}
		from += k + 1
	}
}

func (t *template) matchPattern(message []byte, holes []hole) ([]hole, bool) {
	m := t.re.FindSubmatchIndex(message)
	if m == nil {
		return holes, false
	}
	for i, name := range t.re.SubexpNames() {
		if name != "" && m[2*i] >= 0 {
			holes = append(holes, hole{name: name, value: message[m[2*i]:m[2*i+1]]})
		}
	}
	return holes, true
}

// holds reports whether b may stand in a hole of the class.
func (c holeClass) holds(b []byte) bool {
	if c == holeRest {
		return true
	}
	if len(b) == 0 {
		return false
	}
	for _, x := range b {
		switch c {
		case holeInt:
			if (x < '0' || x > '9') && x != ',' {
				return false
			}
		case holeWord:
			if !isAlnum(x) && x != '_' && x != '-' && x != '.' {
				return false
			}
		case holeURL:
			if x <= ' ' {
				return false
			}
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func appendLower(dst, src []byte) []byte {
	for _, c := range src {
		dst = append(dst, lower(c))
	}
	return dst
}
