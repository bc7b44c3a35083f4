package store

import (
	"reflect"
	"testing"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// newTestChunk makes a chunk like the one DuckDB hands to the table function.
func newTestChunk(t testing.TB) mapping.DataChunk {
	t.Helper()
	types := make([]mapping.LogicalType, len(fullColumns))
	for i, c := range fullColumns {
		types[i] = mapping.CreateLogicalType(c.kind)
	}
	raw := mapping.CreateDataChunk(types)
	for i := range types {
		mapping.VectorEnsureValidityWritable(mapping.DataChunkGetVector(raw, mapping.IdxT(i)))
		mapping.DestroyLogicalType(&types[i])
	}
	t.Cleanup(func() { mapping.DestroyDataChunk(&raw) })
	return raw
}

// TestRawLayout checks what raw.go takes for granted about the driver and the
// engine; a new version of either must pass it.
func TestRawLayout(t *testing.T) {
	if got := mapping.LibraryVersion(); got != "v1.5.5" {
		t.Errorf("raw.go was written for DuckDB v1.5.5, this is %s: read it again", got)
	}
	if size := unsafe.Sizeof(rawString{}); size != 16 {
		t.Errorf("a string takes %d bytes", size)
	}
	if n := duckdb.GetDataChunkCapacity(); n%64 != 0 {
		t.Errorf("a chunk has %d rows, no multiple of 64", n)
	}
	if first := reflect.TypeFor[duckdb.DataChunk]().Field(0); first.Type != reflect.TypeFor[mapping.DataChunk]() {
		t.Errorf("the first field of duckdb.DataChunk is a %s", first.Type)
	}
	raw := newTestChunk(t)
	vector := mapping.DataChunkGetVector(raw, colHost)
	for row, text := range []string{"short", "twelve bytes", "somewhat longer than that"} {
		mapping.VectorAssignStringElement(vector, mapping.IdxT(row), text)
		s := unsafe.Slice((*rawString)(mapping.VectorGetData(vector)), 3)[row]
		if int(s.length) != len(text) || string(s.prefix[:]) != text[:4] {
			t.Errorf("%q is stored as %+v", text, s)
		}
		if n := min(len(text), inlineMax) - 4; len(text) <= inlineMax && string(s.rest[:n]) != text[4:] {
			t.Errorf("%q is not stored inline: %+v", text, s)
		}
	}
	if mask := mapping.VectorGetValidity(vector); *(*uint64)(mask)&7 != 7 {
		t.Error("validity bits are not set where there is a value")
	}
}

// TestPlaceRefusesInvalidText: the last guard before DuckDB, should a text
// ever come by unrepaired.
func TestPlaceRefusesInvalidText(t *testing.T) {
	raw := newTestChunk(t)
	var v vectors
	if err := v.attach(raw, fullColumns); err != nil {
		t.Fatal(err)
	}
	setText(&v, colHost, 0, "longer than twelve \xff bytes")
	if err := v.place(); err == nil {
		t.Error("invalid UTF-8 was passed on")
	}
}
