package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/errscope/errscope/queries"
)

// BenchmarkLoad loads rows of lines of genLineBytes, 8 % failures, on all CPUs.
func BenchmarkLoad(b *testing.B) {
	const rows = 1 << 20
	b.SetBytes(rows * genLineBytes)
	b.ReportAllocs()
	for range b.N {
		b.StopTimer()
		path := filepath.Join(b.TempDir(), "b.duckdb")
		db, err := Open(context.Background(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		seg := genSegment(0, rows, runtime.NumCPU())
		b.StartTimer()
		if err := db.LoadSegment(context.Background(), &Source{Path: "gen"}, seg, false); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/rows, "file-bytes/row")
	}
}

// BenchmarkRows measures what the rows cost on our side: writing a chunk
// without DuckDB's part.
func BenchmarkRows(b *testing.B) {
	b.SetBytes(genLineBytes)
	b.ReportAllocs()
	chunk := newTestChunk(b)
	w := &rowWriter{sourceID: 1}
	g := newGenerated(0, 1<<62)
	var v vectors
	if err := v.attach(chunk, fullColumns); err != nil {
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		if v.full(n) {
			if err := v.place(); err != nil {
				b.Fatal(err)
			}
			if err := v.attach(chunk, fullColumns); err != nil {
				b.Fatal(err)
			}
			n = 0
		}
		r, l, _ := g.Next() // never fails
		w.packed = w.packed[:0]
		w.write(r, l)
		v.unpack(n, w.packed)
	}
}

// BenchmarkOverview asks a database of a million rows.
func BenchmarkOverview(b *testing.B) {
	db := testDB(b)
	if err := db.LoadSegment(context.Background(), &Source{Path: "gen"}, genSegment(0, 1<<20, 2), false); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Overview(context.Background(), queries.Scope{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTinySource loads sources of twenty lines, each asked for in the
// ledger before: the cost of one more small file.
func BenchmarkTinySource(b *testing.B) {
	ctx := context.Background()
	db := testDB(b)
	const rows = 20
	b.SetBytes(rows * genLineBytes)
	at, shared := int64(0), newGenerated(0, 0)
	for b.Loop() {
		src := &Source{Path: "tiny"}
		src.SetHead(fmt.Appendf(nil, "%0*d", 100+at%1000, at))
		if _, err := db.Candidates(ctx, fmt.Appendf(nil, "%0*d", 100+at%1000, at)); err != nil {
			b.Fatal(err)
		}
		seg := Segment{Readers: []RowReader{shared}, Finish: func() (SegmentEnd, error) { return genEnd(at, at+rows), nil }}
		shared.at, shared.to = at, at+rows
		if err := db.LoadSegment(ctx, src, seg, false); err != nil {
			b.Fatal(err)
		}
		at += rows
	}
}
