package ingest

import (
	"encoding/binary"
	"math/bits"
)

// Odd numbers without a pattern, for lineHash.
const (
	mixA = 0xa0761d6478bd642f
	mixB = 0xe7037ed1a0b428db
	mixC = 0x8ebc6af09c88c6e3
)

// lineHash hashes a line. Its value is stored, so it is the same in every
// process and on every machine; it guards against chance, not against malice.
func lineHash(line []byte) uint64 {
	h := uint64(len(line)) ^ mixC
	for len(line) > 16 {
		h = mix(binary.LittleEndian.Uint64(line)^mixA^h, binary.LittleEndian.Uint64(line[8:])^mixB)
		line = line[16:]
	}
	var tail [16]byte
	copy(tail[:], line)
	h = mix(binary.LittleEndian.Uint64(tail[:])^mixA^h, binary.LittleEndian.Uint64(tail[8:])^mixB)
	return mix(h^mixC, mixA)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
