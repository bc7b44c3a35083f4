package jsonscan

import "encoding/binary"

// Cursor walks over the members of an object and, where it is told to enter,
// of the objects inside it, all in one pass. A [Cursor] says the same as
// [Object] would for every object that is entered, and a fault in one of them
// is a fault of the whole.
//
// Start with [NewCursor]; then call Next until it is false. Between two calls
// of Next the value is taken with Value, entered with Enter, or left, which
// skips it.
type Cursor struct {
	b       []byte
	at      int
	pending bool // the value at at has been neither taken nor entered
	first   bool // nothing of the innermost object has been read
	err     error
}

// NewCursor stands before the first member of the object that b begins with.
func NewCursor(b []byte) Cursor {
	c := Cursor{b: b, first: true}
	c.at = space(b, 0)
	switch {
	case c.at >= len(b):
		c.err = ErrTruncated
	case b[c.at] != '{':
		c.err = ErrSyntax
	}
	c.at++
	return c
}

// Next moves to the next member of the innermost object that was entered. It is
// false at the end of that object, from where on the members are those of the
// object around it, and at a fault, see Err. The key is unquoted where it has
// escapes and otherwise a view into the document.
func (c *Cursor) Next() (key []byte, kind Kind, ok bool) {
	if c.pending {
		c.Value()
	}
	if c.err != nil {
		return nil, Invalid, false
	}
	b, i := c.b, space(c.b, c.at)
	switch {
	case i >= len(b):
		return c.fail(ErrTruncated)
	case b[i] == '}':
		c.at, c.first = i+1, false
		return nil, Invalid, false
	case c.first:
	case b[i] != ',':
		return c.fail(ErrSyntax)
	default:
		i = space(b, i+1)
	}
	c.first = false
	if i >= len(b) {
		return c.fail(ErrTruncated)
	}
	if b[i] != '"' {
		return c.fail(ErrSyntax)
	}
	end := plainEnd(b, i)
	if end > 0 {
		key = b[i+1 : end-1]
	} else {
		var err error
		if end, err = skipString(b, i); err != nil {
			return c.fail(err)
		}
		key = Unquote(nil, b[i:end])
	}
	if i = end; i < len(b) && b[i] != ':' {
		i = space(b, i)
	}
	if i >= len(b) {
		return c.fail(ErrTruncated)
	}
	if b[i] != ':' {
		return c.fail(ErrSyntax)
	}
	if c.at = space(b, i+1); c.at >= len(b) {
		return c.fail(ErrTruncated)
	}
	if kind = kinds[b[c.at]]; kind == Invalid {
		return c.fail(ErrSyntax)
	}
	c.pending = true
	return key, kind, true
}

// plainEnd is the index after the string that begins at i, 0 where it has
// escapes or no end, or where it is at the very end of b. Keys are such strings,
// and short.
func plainEnd(b []byte, i int) int {
	for i++; i+8 <= len(b); i += 8 {
		if at := special(binary.LittleEndian.Uint64(b[i:])); at < 8 {
			if b[i+at] == '"' {
				return i + at + 1
			}
			return 0
		}
	}
	return 0
}

func (c *Cursor) fail(err error) ([]byte, Kind, bool) {
	c.err = err
	return nil, Invalid, false
}

// kinds tells a value by its first byte.
var kinds = func() (t [256]Kind) {
	for c := range t {
		t[c] = KindOf([]byte{byte(c)})
	}
	return t
}()

// Value takes the member's value, raw and with its quotes. It is cut short at
// the end of a document that ends too early.
func (c *Cursor) Value() []byte {
	c.pending = false
	end, err := skip(c.b, c.at)
	if err != nil {
		c.err = err
	}
	v := c.b[c.at:end]
	c.at = end
	return v
}

// Enter goes into the member's value, which is an object.
func (c *Cursor) Enter() {
	c.pending, c.first = false, true
	c.at++
}

// Pass moves behind the member's value, which the caller has gone through from
// [Cursor.Rest] on: rest is what follows it, err what was wrong with it.
func (c *Cursor) Pass(rest []byte, err error) {
	c.pending = false
	c.at = len(c.b) - len(rest)
	if err != nil {
		c.err = err
	}
}

// Err is nil where all was sound so far, else [ErrTruncated] or [ErrSyntax].
func (c *Cursor) Err() error { return c.err }

// Rest is what follows once Next has been false for the outermost object; right
// behind a call of Next that was true, it begins with the member's value.
func (c *Cursor) Rest() []byte { return c.b[min(c.at, len(c.b)):] }

// Peek is the rest of the document from the member's value on, which stays to
// be taken.
func (c *Cursor) Peek() []byte { return c.b[c.at:] }
