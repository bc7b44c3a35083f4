package store

import "github.com/errscope/errscope/record"

// FNV-1a, which needs no state and takes a short id in some 30 ns.
const (
	idHashStart = 14695981039346656037
	idHashPrime = 1099511628211
)

// idHash is a 64-bit hash of an id, the same in every process, and 0 for none.
// Of a success it is all that is kept of its ids.
func idHash[T []byte | string](id T) uint64 {
	if len(id) == 0 {
		return 0
	}
	h := uint64(idHashStart)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * idHashPrime
	}
	// Keys are compared by all bits; the last bytes have reached only the lower.
	h ^= h >> 32
	return max(h, 1)
}

// requestHash is the hash of the vendor's request id, which the body may tell.
func requestHash(r *record.Record, l *record.Label) uint64 {
	if l != nil && l.RequestID != "" {
		return idHash(l.RequestID)
	}
	return idHash(r.RequestID)
}
