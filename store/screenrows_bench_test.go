package store

import (
	"os"
	"testing"

	"github.com/errscope/errscope/queries"
)

// BenchmarkScreenRows times the questions of the quota and outages screens on
// the database that ERRSCOPE_BENCH_DB names, such as one of simulated traffic.
func BenchmarkScreenRows(b *testing.B) {
	path := os.Getenv("ERRSCOPE_BENCH_DB")
	if path == "" {
		b.Skip("ERRSCOPE_BENCH_DB names no database")
	}
	ctx := b.Context()
	db := openDB(b, path, Options{ReadOnly: true})
	var quota queries.QuotaKey
	standing, err := db.QuotaStanding(ctx, queries.Scope{})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range standing { // the one that is used most
		if k := (queries.QuotaKey{Vendor: s.Vendor, Host: s.Host, Account: s.Account, Name: s.Name, From: s.PeriodStart, To: s.PeriodEnd}); quota.From.IsZero() || s.Used > standing[0].Used {
			quota, standing[0] = k, s
		}
	}
	var down queries.OutageKey
	list, err := db.Outages(ctx, queries.Scope{})
	if err != nil {
		b.Fatal(err)
	}
	for _, w := range list.Windows { // the longest
		if k := (queries.OutageKey{Vendor: w.Vendor, Host: w.Host, Route: w.Route, AllRoutes: w.Route == "", From: w.StartedAt, To: w.EndedAt}); k.To.Sub(k.From) > down.To.Sub(down.From) {
			down = k
		}
	}
	for _, q := range []struct {
		name string
		ask  func() error
	}{
		{"quota_standing", func() error { _, err := db.QuotaStanding(ctx, queries.Scope{}); return err }},
		{"quota_course", func() error { _, err := db.QuotaCourse(ctx, quota); return err }},
		{"quota_traffic", func() error { _, _, _, err := db.QuotaTraffic(ctx, quota); return err }},
		{"rate_pressure", func() error { _, err := db.RatePressure(ctx, queries.Scope{}); return err }},
		{"outages", func() error { _, err := db.Outages(ctx, queries.Scope{}); return err }},
		{"outage_course", func() error { _, err := db.OutageCourse(ctx, down, 1); return err }},
		{"outage_evidence", func() error { _, err := db.OutageEvidence(ctx, down); return err }},
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
