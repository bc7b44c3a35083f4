package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// This file writes rows straight into DuckDB's vectors, because 48 columns
// through the driver's setters cost more than DuckDB itself. It is pinned to
// duckdb-go v2.10505.0 (DuckDB 1.5.5) and relies on four things, which
// raw_test.go checks:
//
//   - the first field of duckdb.DataChunk is the mapping.DataChunk;
//   - a vector's validity is one bit per row, set where there is a value;
//   - a string is 16 bytes: length, then 12 bytes of text, or 4 bytes of text
//     and a pointer where it is longer;
//   - booleans take a byte, timestamps are microseconds in an int64, UUIDs are
//     128-bit numbers, the lower half first, whose highest bit is inverted.
//
// No pointer into Go's memory is ever stored: long strings are gathered in a
// Go buffer and handed over as one block per chunk, which DuckDB copies into
// memory that lives as long as the chunk.

const (
	// chunkBytesMax ends a chunk early, so that large bodies do not pile up.
	chunkBytesMax = 4 << 20
	// inlineMax is the length up to which a string needs no pointer.
	inlineMax = 12
	// blockColumn is the text column whose vector keeps the long strings of
	// all columns.
	blockColumn = colVendor
)

// rawString is DuckDB's string_t.
type rawString struct {
	length uint32
	prefix [4]byte
	// rest is the text from byte 4 on, or the address of the whole text.
	rest [8]byte
}

// longString says which string points where in the block, once it is placed.
type longString struct {
	at     *rawString // in DuckDB's memory
	offset int
}

// vectors are the columns of one chunk of requests_brief or requests_full.
type vectors struct {
	data  [columnCount]unsafe.Pointer
	valid [columnCount][]uint64
	size  int
	block []byte
	long  []longString

	checked bool // the columns are as expected

	blockVector mapping.Vector // the vector of blockColumn
}

// rawChunk is the engine's chunk inside the driver's.
func rawChunk(chunk *duckdb.DataChunk) mapping.DataChunk {
	return *(*mapping.DataChunk)(unsafe.Pointer(chunk))
}

// attach takes hold of a chunk and makes every value NULL. The first time it
// holds the chunk's columns against those that are going to be written.
func (v *vectors) attach(raw mapping.DataChunk, columns []column) error {
	if !v.checked {
		if err := checkTypes(raw, columns); err != nil {
			return err
		}
		v.checked = true
	}
	v.size = duckdb.GetDataChunkCapacity()
	for i := range columns {
		vector := mapping.DataChunkGetVector(raw, mapping.IdxT(i))
		v.data[i] = mapping.VectorGetData(vector)
		mask := mapping.VectorGetValidity(vector)
		if v.data[i] == nil || mask == nil {
			return errors.New("writing rows: a vector has no memory")
		}
		v.valid[i] = unsafe.Slice((*uint64)(mask), v.size/64)
		clear(v.valid[i])
		if i == blockColumn {
			v.blockVector = vector
		}
	}
	v.block, v.long = v.block[:0], v.long[:0]
	return nil
}

// checkTypes compares the columns with what is going to be written.
func checkTypes(raw mapping.DataChunk, columns []column) error {
	if n := mapping.DataChunkGetColumnCount(raw); n != mapping.IdxT(len(columns)) {
		return fmt.Errorf("writing rows: the chunk has %d columns, not %d", n, len(columns))
	}
	for i, c := range columns {
		t := mapping.VectorGetColumnType(mapping.DataChunkGetVector(raw, mapping.IdxT(i)))
		id := mapping.GetTypeId(t)
		mapping.DestroyLogicalType(&t)
		if id != c.kind {
			return fmt.Errorf("writing rows: column %s has type %d, not %d", c.name, id, c.kind)
		}
	}
	return nil
}

// cells is a column as a slice of its native type.
func cells[T any](v *vectors, col int) []T { return unsafe.Slice((*T)(v.data[col]), v.size) }

func (v *vectors) set(col, row int) { v.valid[col][row>>6] |= 1 << (row & 63) }

func (v *vectors) setInt(col, row int, n int64) {
	cells[int64](v, col)[row] = n
	v.set(col, row)
}

func (v *vectors) setUint(col, row int, n uint64) {
	cells[uint64](v, col)[row] = n
	v.set(col, row)
}

func (v *vectors) setInt32(col, row int, n int32) {
	cells[int32](v, col)[row] = n
	v.set(col, row)
}

func (v *vectors) setSmall(col, row int, n int16) {
	cells[int16](v, col)[row] = n
	v.set(col, row)
}

func (v *vectors) setFloat(col, row int, x float64) {
	cells[float64](v, col)[row] = x
	v.set(col, row)
}

func (v *vectors) setBool(col, row int, b bool) {
	cells[bool](v, col)[row] = b
	v.set(col, row)
}

func (v *vectors) setUUID(col, row int, high, low uint64) {
	cells[[2]uint64](v, col)[row] = [2]uint64{low, high ^ 1<<63}
	v.set(col, row)
}

// full says that no row more fits behind so many.
func (v *vectors) full(rows int) bool { return rows == v.size || len(v.block) >= chunkBytesMax }

// setText stores a text that is valid UTF-8. An empty one stays NULL.
func setText[T []byte | string](v *vectors, col, row int, text T) {
	if len(text) == 0 {
		return
	}
	v.set(col, row)
	s := &cells[rawString](v, col)[row]
	*s = rawString{length: uint32(len(text))}
	n := copy(s.prefix[:], text)
	if len(text) <= inlineMax {
		copy(s.rest[:], text[n:])
		return
	}
	v.long = append(v.long, longString{s, len(v.block)})
	v.block = append(v.block, text...)
}

// place hands the long strings over to DuckDB and points the rows at them.
func (v *vectors) place() error {
	if len(v.long) == 0 {
		return nil
	}
	if len(v.block) > math.MaxUint32 {
		return fmt.Errorf("writing rows: %d bytes of text in one chunk", len(v.block))
	}
	// The block becomes the string of row 0 for a moment: that is how DuckDB
	// copies it into the chunk's own memory. It takes no invalid UTF-8.
	s := &cells[rawString](v, blockColumn)[0]
	kept, valid := *s, v.valid[blockColumn][0]
	*s = rawString{}
	mapping.VectorAssignStringElementLen(v.blockVector, 0, v.block)
	length, base := int(s.length), s.address()
	*s, v.valid[blockColumn][0] = kept, valid
	if length != len(v.block) {
		return errors.New("writing rows: a text is not valid UTF-8")
	}
	for _, l := range v.long {
		binary.NativeEndian.PutUint64(l.at.rest[:], base+uint64(l.offset))
	}
	return nil
}

// address is where a long string's text stands.
func (s *rawString) address() uint64 { return binary.NativeEndian.Uint64(s.rest[:]) }
