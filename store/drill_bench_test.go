package store

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// BenchmarkDrill times the questions of the screens, as BenchmarkReports does.
func BenchmarkDrill(b *testing.B) {
	path := os.Getenv("ERRSCOPE_BENCH_DB")
	if path == "" {
		b.Skip("ERRSCOPE_BENCH_DB names no database")
	}
	ctx := context.Background()
	db := openDB(b, path, Options{ReadOnly: true})
	groups, err := db.Failures(ctx, queries.Scope{})
	if err != nil || len(groups) == 0 {
		b.Fatalf("%d groups, error %v", len(groups), err)
	}
	samples, err := db.Samples(ctx, queries.Scope{}, groups[0].GroupKey, 1)
	if err != nil || len(samples) != 1 {
		b.Fatalf("%d samples, error %v", len(samples), err)
	}
	x, at := samples[0], queries.Place{SourceID: samples[0].SourceID, SourceOffset: samples[0].SourceOffset}
	day := queries.Scope{Since: x.TS.Add(-24 * time.Hour)}
	for _, q := range []struct {
		name string
		ask  func() error
	}{
		{"right_now", func() error { _, err := db.RightNow(ctx, queries.Scope{}); return err }},
		{"right_now_day", func() error { _, err := db.RightNow(ctx, day); return err }},
		{"vendor_board", func() error { _, err := db.VendorBoard(ctx, queries.Scope{}); return err }},
		{"vendor_board_day", func() error { _, err := db.VendorBoard(ctx, day); return err }},
		{"exchanges", func() error { _, err := db.Exchanges(ctx, queries.Scope{}, groups[0].GroupKey); return err }},
		{"samples", func() error { _, err := db.Samples(ctx, queries.Scope{}, groups[0].GroupKey, 100); return err }},
		{"exchange", func() error { _, err := db.Exchange(ctx, at); return err }},
		{"neighbours", func() error { _, err := db.Neighbours(ctx, x); return err }},
		{"rejects", func() error { _, err := db.Rejects(ctx); return err }},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := q.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
