package store

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// BenchmarkReports times the questions of the reports on the database that
// ERRSCOPE_BENCH_DB names, such as one that `go run ./bench/generate` fed.
func BenchmarkReports(b *testing.B) {
	path := os.Getenv("ERRSCOPE_BENCH_DB")
	if path == "" {
		b.Skip("ERRSCOPE_BENCH_DB names no database")
	}
	ctx := context.Background()
	db := openDB(b, path, Options{ReadOnly: true})
	o, err := db.Glance(ctx, queries.Scope{})
	if err != nil {
		b.Fatal(err)
	}
	day := queries.Scope{Since: o.Totals.Last.Add(-24 * time.Hour)}
	for _, q := range []struct {
		name string
		ask  func() error
	}{
		{"overview", func() error { _, err := db.Overview(ctx, queries.Scope{}); return err }},
		{"glance", func() error { _, err := db.Glance(ctx, queries.Scope{}); return err }},
		{"failures", func() error { _, err := db.Failures(ctx, queries.Scope{}); return err }},
		{"vendors", func() error { _, err := db.Vendors(ctx, queries.Scope{}); return err }},
		{"vendor_faults", func() error { _, err := db.VendorFaults(ctx, queries.Scope{}); return err }},
		{"quota", func() error { _, err := db.Quotas(ctx, queries.Scope{}); return err }},
		{"outages", func() error { _, err := db.Windows(ctx, queries.Scope{}); return err }},
		{"support", func() error { _, err := db.Support(ctx, queries.Scope{}); return err }},
		{"support_day", func() error { _, err := db.Support(ctx, day); return err }},
		{"changes_day", func() error { _, err := db.CodeChanges(ctx, day, o.Totals.Last); return err }},
		{"failures_day", func() error { _, err := db.Failures(ctx, day); return err }},
		{"vendors_day", func() error { _, err := db.Vendors(ctx, day); return err }},
		{"retries", func() error { _, err := db.RetryRows(ctx, queries.Scope{}); return err }},
		{"retries_day", func() error { _, err := db.RetryRows(ctx, day); return err }},
		{"latency", func() error { _, err := db.LatencyRows(ctx, queries.Scope{}); return err }},
		{"latency_windows", func() error { _, err := db.LatencyWindows(ctx, queries.Scope{}); return err }},
		{"blame", func() error { _, err := db.BlameSlots(ctx, queries.Scope{}); return err }},
		{"drift", func() error { _, err := db.DriftRows(ctx, queries.Scope{}); return err }},
		{"rate", func() error { _, err := db.RatePressure(ctx, queries.Scope{}); return err }},
		{"accounting", func() error { _, err := db.Accounting(ctx); return err }},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := q.ask(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/op")
			b.ReportMetric(float64(o.Totals.Requests)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
