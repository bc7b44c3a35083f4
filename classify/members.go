package classify

import (
	"bytes"
	"slices"

	"github.com/errscope/errscope/record/jsonscan"
)

// kindPlain is the kind of a slot's value that is its own text, such as a
// header's: it has neither quotes nor escapes.
const kindPlain = jsonscan.Kind(200)

// arrayElementsMax bounds how many elements of an array are asked for a
// condition.
const arrayElementsMax = 256

// rawTextBytesMax is how much of a string is looked at before its escapes are
// resolved: room for a message in which every character is escaped. Without it
// every question about a long string would copy all of it.
const rawTextBytesMax = 6 * MessageBytesMax

// scan stores the members of an object that are on a path. A body that is cut
// off or broken gives what comes before the fault.
func (l *Labeler) scan(b []byte, at *member) {
	c := jsonscan.NewCursor(b)
	l.members(&c, at)
}

// members goes through the object that c has entered, and reports whether it
// has any member.
func (l *Labeler) members(c *jsonscan.Cursor, at *member) (any bool) {
	star := at.star
	for {
		key, kind, ok := c.Next()
		if !ok {
			return any
		}
		any = true
		next := at.children[string(key)]
		if star != nil {
			value := c.Value()
			l.take(star, value, kind)
			star = nil
			if next != nil {
				l.take(next, value, kind)
			}
			continue
		}
		switch {
		case next == nil:
		case kind == jsonscan.ObjectKind && next.deep():
			l.store(next, nil, kind)
			c.Enter()
			if !l.members(c, next) && next.slot >= 0 && l.body[next.slot].raw == nil {
				l.body[next.slot].raw = []byte("{}")
			}
		default:
			l.take(next, c.Value(), kind)
		}
	}
}

// take stores a value and what is on a path inside it.
func (l *Labeler) take(m *member, value []byte, kind jsonscan.Kind) {
	l.store(m, value, kind)
	switch {
	case kind == jsonscan.ObjectKind && m.deep():
		l.scan(value, m)
	case kind == jsonscan.ArrayKind && len(m.picks) > 0:
		l.pickElements(m, value)
	case kind == jsonscan.ArrayKind && m.first != nil:
		// The error says where reading ended, which changes nothing here.
		_, _ = jsonscan.Array(value, func(_ int, first []byte, kind jsonscan.Kind) bool {
			l.take(m.first, first, kind)
			return false
		})
	}
}

// store fills a slot. Of doubled members the first counts, since a body that is
// cut off may hold only that.
func (l *Labeler) store(m *member, value []byte, kind jsonscan.Kind) {
	if m.slot >= 0 && kind != jsonscan.Null {
		l.fill(m.slot, value, kind)
	}
}

func (l *Labeler) fill(slot int, value []byte, kind jsonscan.Kind) {
	if l.body[slot].kind == jsonscan.Invalid {
		l.body[slot] = slotValue{value, kind}
		l.bodySet = append(l.bodySet, slot)
	}
}

// picksAtOnce is how many conditions one pass over an array answers.
const picksAtOnce = 64

// pickElements goes through an array for the elements that fulfil a condition,
// of each condition the first.
func (l *Labeler) pickElements(m *member, value []byte) {
	first := m.first
	for picks := range slices.Chunk(m.picks, picksAtOnce) {
		l.pickSome(picks, first, value)
		first = nil
	}
}

// pickSome answers so many conditions, and takes the first element for what
// is asked of that.
func (l *Labeler) pickSome(picks []*pick, first *member, value []byte) {
	open := ^uint64(0) >> (picksAtOnce - len(picks))
	_, _ = jsonscan.Array(value, func(i int, element []byte, kind jsonscan.Kind) bool {
		if i == 0 && first != nil {
			l.take(first, element, kind)
		}
		if kind != jsonscan.ObjectKind || i >= arrayElementsMax {
			return i < arrayElementsMax
		}
		for k, p := range picks {
			if open&(1<<k) != 0 && l.elementHolds(p, element) {
				open &^= 1 << k
				l.take(p.at, element, kind)
			}
		}
		return open != 0
	})
}

func (l *Labeler) elementHolds(p *pick, element []byte) bool {
	c := jsonscan.NewCursor(element)
	for {
		key, kind, ok := c.Next()
		if !ok {
			return false
		}
		if string(key) != p.name {
			continue
		}
		switch value := c.Value(); kind {
		case jsonscan.Null:
			return false
		case jsonscan.String:
			return p.holds(l.unquote(value))
		default:
			return p.holds(value)
		}
	}
}

// scalar is the text of a slot that holds a string, number or boolean.
func (l *Labeler) scalar(slot int) []byte {
	if slot < 0 {
		return nil
	}
	v := l.body[slot]
	switch v.kind {
	case jsonscan.String:
		return l.unquote(v.raw[:min(len(v.raw), rawTextBytesMax)])
	case jsonscan.Number, jsonscan.Bool, kindPlain:
		return v.raw
	}
	return nil
}

// unquote resolves escapes into scratch that lives until the next record.
func (l *Labeler) unquote(raw []byte) []byte {
	s := jsonscan.Unquote(l.unquoted, raw)
	if used := len(l.unquoted) + len(s); used <= cap(l.unquoted) {
		l.unquoted = l.unquoted[:used]
	}
	return s
}

func (l *Labeler) firstText(slots []int) []byte {
	for _, s := range slots {
		if t := l.scalar(s); len(t) > 0 {
			return t
		}
	}
	return nil
}

// has reports whether every one of the slots is filled.
func (l *Labeler) has(slots []int) bool {
	for _, s := range slots {
		if l.body[s].kind == jsonscan.Invalid {
			return false
		}
	}
	return true
}

// condition is a test of one member or header.
type condition struct {
	slot      int
	exists    bool
	equals    []string
	notEquals []string
	contains  []string // lower case
	atLeast   float64
	numeric   bool
	decides   bool
}

// fulfils reports whether the response fulfils c. A member that is not there
// fulfils nothing.
func (l *Labeler) fulfils(c *condition) bool {
	v := l.body[c.slot]
	switch {
	case v.kind == jsonscan.Invalid:
		return false
	case c.exists:
		return !isEmpty(v)
	case c.numeric:
		n, ok := parseNumber(l.scalar(c.slot))
		return ok && n >= c.atLeast
	}
	got := l.scalar(c.slot)
	if len(c.notEquals) > 0 {
		return len(got) > 0 && !equalsAny(got, c.notEquals)
	}
	if len(c.contains) > 0 {
		// Not in l.low, which holds the message while conditions are tested.
		l.lowField = appendLower(l.lowField[:0], cut(got, MessageMatchBytesMax))
		return containsAny(l.lowField, c.contains)
	}
	return equalsAny(got, c.equals)
}

func equalsAny(got []byte, list []string) bool {
	for _, want := range list {
		if bytes.EqualFold(got, []byte(want)) {
			return true
		}
	}
	return false
}

// isHollow reports whether a member is a list or object with nothing in it. It
// is there, but where it should tell of a failure it tells of none.
func isHollow(v slotValue) bool {
	return (v.kind == jsonscan.ArrayKind || v.kind == jsonscan.ObjectKind) && len(v.raw) > 0 && len(bytes.TrimSpace(v.raw[1:max(len(v.raw)-1, 1)])) == 0
}

// isZero reports whether a member is the number 0, which where an error should
// stand means none.
func isZero(v slotValue) bool {
	return v.kind == jsonscan.Number && string(v.raw) == "0"
}

// isEmpty reports whether a member is there but says nothing.
func isEmpty(v slotValue) bool {
	switch v.kind {
	case jsonscan.String:
		return len(v.raw) <= len(`""`)
	case jsonscan.Bool:
		return v.raw[0] == 'f'
	case kindPlain:
		return len(v.raw) == 0
	}
	return false
}

// fulfilsAll is fulfils for each of the conditions.
func (l *Labeler) fulfilsAll(list []condition) bool {
	for i := range list {
		if !l.fulfils(&list[i]) {
			return false
		}
	}
	return true
}
