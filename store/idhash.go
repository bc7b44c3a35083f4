package store

import (
	"encoding/binary"
	"math/bits"

	"github.com/errscope/errscope/record"
)

// Odd numbers without a pattern, the digits of the golden ratio and of pi.
const (
	idHashStart = 0x9e3779b97f4a7c15
	idHashPrime = 0xc4ceb9fe1a85ec53
)

// idHash is a 64-bit hash of an id, the same in every process and release, and
// 0 for none. Of a success it is all that is kept of its ids. It takes eight
// bytes at a time, since every line that names an id pays for it.
func idHash(id []byte) uint64 {
	if len(id) == 0 {
		return 0
	}
	h := uint64(len(id)) * idHashStart
	for len(id) >= 8 {
		h = idMix(h ^ binary.LittleEndian.Uint64(id))
		id = id[8:]
	}
	var rest uint64
	for i, c := range id {
		rest |= uint64(c) << (8 * i)
	}
	return max(idMix(h^rest), 1)
}

// idMix spreads every bit over all.
func idMix(x uint64) uint64 {
	high, low := bits.Mul64(x^idHashStart, idHashPrime)
	return high ^ low
}

// requestHash is the hash of the vendor's request id, which the body may tell.
func requestHash(r *record.Record, l *record.Label) uint64 {
	if l != nil && l.RequestID != "" {
		return idHash([]byte(l.RequestID))
	}
	return idHash(r.RequestID)
}
