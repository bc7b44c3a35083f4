package record

import (
	"bytes"
	"math/bits"
)

// Bounds of a memo.
const (
	memoSlots    = 128 // a power of two
	memoBytesMax = 512 // longer keys are not kept
)

// memo remembers what was found out about values that come again line after
// line. A key has two slots, so both the memory and the time of a lookup are
// bounded, and a rare value drives out at most one that comes often.
type memo[T any] struct {
	slots [memoSlots]memoSlot[T]
}

type memoSlot[T any] struct {
	key   []byte
	value T
	set   bool
}

func (m *memo[T]) get(key []byte) (value T, ok bool) {
	at := memoHash(key) % memoSlots
	s := &m.slots[at]
	if s.set && bytes.Equal(s.key, key) {
		return s.value, true
	}
	if s = &m.slots[at^1]; s.set && bytes.Equal(s.key, key) {
		return s.value, true
	}
	return value, false
}

// put copies the key. It must not be known yet.
func (m *memo[T]) put(key []byte, value T) {
	if len(key) > memoBytesMax {
		return
	}
	at := memoHash(key) % memoSlots
	s := &m.slots[at]
	if s.set {
		*s, m.slots[at^1] = m.slots[at^1], *s
	}
	s.key, s.value, s.set = append(s.key[:0], key...), value, true
}

// memoHash looks at the ends and the middle: user agents begin and end alike.
func memoHash(b []byte) uint64 {
	n := len(b)
	var x, y uint64
	if n >= 8 {
		x, y = load64(b)^bits.RotateLeft64(load64(b[(n-8)/2:]), 41), load64(b[n-8:])
	} else {
		x = loadTail(b)
	}
	h := mix(x^0x9e3779b97f4a7c15, y^uint64(n)^0xa0761d6478bd642f)
	return h ^ h>>32
}
