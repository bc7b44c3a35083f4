package store

import (
	"sync"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// spoolBytesMax bounds the full rows that wait in memory while brief ones are
// stored. Each worker may be over it by the chunk that it is filling.
const spoolBytesMax = 32 << 20

// spooled is a chunk of full rows in DuckDB's memory.
type spooled struct {
	chunk mapping.DataChunk
	rows  int
}

// spool holds the full rows that are met while brief ones are stored: one
// INSERT fills one table only.
type spool struct {
	mu     sync.Mutex
	chunks []spooled
	bytes  int
}

// newSpoolChunk makes a chunk like the one that DuckDB hands to the function
// of [queries.LoadFull].
func newSpoolChunk() mapping.DataChunk {
	types := make([]mapping.LogicalType, len(fullColumns))
	for i, c := range fullColumns {
		types[i] = mapping.CreateLogicalType(c.kind)
	}
	chunk := mapping.CreateDataChunk(types)
	for i := range types {
		mapping.VectorEnsureValidityWritable(mapping.DataChunkGetVector(chunk, mapping.IdxT(i)))
		mapping.DestroyLogicalType(&types[i])
	}
	return chunk
}

// spoolChunkBytes is what a chunk takes at most, without its long texts.
const spoolChunkBytes = 2048 * columnCount * 16

// add takes a chunk over, which has textBytes of long texts.
func (s *spool) add(c spooled, textBytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chunks = append(s.chunks, c)
	s.bytes += spoolChunkBytes + textBytes
}

// full says that no chunk more should be added.
func (s *spool) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes >= spoolBytesMax
}

// take gives a chunk away, which the caller destroys.
func (s *spool) take() (spooled, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.chunks) - 1
	if n < 0 {
		return spooled{}, false
	}
	c := s.chunks[n]
	s.chunks = s.chunks[:n]
	if n == 0 {
		s.bytes = 0
	}
	return c, true
}

// len is the number of chunks.
func (s *spool) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.chunks)
}

// drop destroys what was not taken.
func (s *spool) drop() {
	for {
		c, ok := s.take()
		if !ok {
			return
		}
		mapping.DestroyDataChunk(&c.chunk)
	}
}
