package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// oneQuota is quota work that has one allowance per vendor, and no periods.
func oneQuota() QuotaWork {
	return QuotaWork{
		Calls: func(places []queries.QuotaPlace, _ []queries.QuotaNamed, _ []queries.QuotaAccount) []queries.QuotaCall {
			var list []queries.QuotaCall
			for _, p := range places {
				if p.Vendor != "" {
					list = append(list, queries.QuotaCall{QuotaPlace: p, Name: "calls", Counts: ",success,not_found,"})
				}
			}
			return list
		},
		Status: func([]queries.QuotaHour, []queries.QuotaStatus, time.Time, time.Time) ([]queries.QuotaStatus, []queries.QuotaPoint) {
			return nil, nil
		},
	}
}

var quotaStart = time.Date(2026, 6, 18, 10, 0, 0, 0, time.UTC)

// quotaCall adds a call of a vendor at a second after quotaStart.
func (g *given) quotaCall(second, offset int, label func(l *record.Label)) {
	g.add(func(d *record.Draft) {
		d.TimeNS, d.TimeDigits, d.Offset = quotaStart.Add(time.Duration(second)*time.Second).UnixNano(), 0, int64(offset)
		d.Method, d.Host, d.Path = []byte("GET"), []byte("api.carsxe.com"), []byte("/v2/marketvalue")
		d.Status, d.Direction = 200, record.Outbound
	}, func(l *record.Label) {
		l.Vendor = "carsxe"
		if label != nil {
			label(l)
		}
	})
}

func refused(used, limit int64) func(l *record.Label) {
	return func(l *record.Label) {
		l.Category, l.Retry, l.Fault = record.QuotaExhausted, record.RetryNextPeriod, record.FaultAccount
		l.Quota = record.Quota{Limit: limit, Used: used, Remaining: record.Absent, Basis: record.QuotaInBody, Period: "2026-06"}
	}
}

// TestCountQuotas: an hour says what its calls cost, what the vendor said first
// and last, and how many calls came before and after, also within one second.
func TestCountQuotas(t *testing.T) {
	var g given
	g.quotaCall(0, 0, nil)
	g.quotaCall(1, 1, func(l *record.Label) { l.Quota.Cost = 10 })
	g.quotaCall(1, 2, func(l *record.Label) {
		l.Quota.Used, l.Quota.Limit, l.Quota.Basis = 11, 100, record.QuotaInHeader
	})
	g.quotaCall(1, 3, nil)
	g.quotaCall(2, 4, func(l *record.Label) { l.Category = record.Validation })
	g.quotaCall(3, 5, func(l *record.Label) { l.Category, l.Benign = record.NotFound, true })
	g.quotaCall(4, 6, refused(100, 100))
	g.quotaCall(4, 7, func(l *record.Label) { l.Quota.Limit, l.Quota.Remaining, l.Quota.Basis = 5, 0, record.QuotaRate })
	g.quotaCall(5, 8, func(l *record.Label) { // a capacity is no allowance
		l.Category, l.Retry, l.Fault = record.QuotaExhausted, record.RetryFixAccount, record.FaultAccount
		l.Quota = record.Quota{Name: "storage", Limit: 10, Used: 10, Remaining: 0, Basis: record.QuotaInBody}
	})
	g.quotaCall(3700, 9, nil)
	db := testDB(t)
	load(t, db, false, &g)
	if err := db.CountQuotas(t.Context(), QuotaRules{}, oneQuota()); err != nil {
		t.Fatal(err)
	}
	got := table(t, db, `SELECT vendor, name, date_part('hour', hour), counted, refusals, call_before, first_used, counted_first, last_used, counted_after, stated_limit,
		stated_basis, period FROM quota_hours ORDER BY hour`)
	want := []string{
		"carsxe|calls|10|15|1|2026-06-18T10:00:04Z|11|13|100|1|100|body|2026-06",
		"carsxe|calls|11|1|0|<nil>|<nil>|0|<nil>|0|<nil>|<nil>|<nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestCountQuotasGrowing: sources that come one by one, in any order, are counted
// as all at once, and a step that has nothing to do changes nothing.
func TestCountQuotasGrowing(t *testing.T) {
	part := func(k int) *given {
		var g given
		for i := range 200 {
			if i%4 != k {
				continue
			}
			second := i * 97
			switch {
			case i%50 == 49:
				g.quotaCall(second, i, refused(int64(i), 100))
			case i%7 == 0:
				g.quotaCall(second, i, func(l *record.Label) {
					l.Quota.Used, l.Quota.Limit, l.Quota.Basis = int64(i), 200, record.QuotaInHeader
				})
			default:
				g.quotaCall(second, i, nil)
			}
		}
		return &g
	}
	var first []string
	for n, order := range [][]int{{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}} {
		db := openDB(t, filepath.Join(t.TempDir(), "t.duckdb"), Options{})
		for i, k := range order {
			src := &Source{Path: fmt.Sprint(k)}
			src.SetHead([]byte(fmt.Sprint("head ", k)))
			seg := Segment{Readers: []RowReader{part(k)}, Finish: func() (SegmentEnd, error) { return SegmentEnd{Bytes: 1000}, nil }}
			if err := db.LoadSegment(t.Context(), src, seg, false); err != nil {
				t.Fatal(err)
			}
			if n > 0 || i == len(order)-1 {
				if err := db.CountQuotas(t.Context(), QuotaRules{}, oneQuota()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.CountQuotas(t.Context(), QuotaRules{}, oneQuota()); err != nil {
			t.Fatal(err)
		}
		got := table(t, db, "FROM quota_hours ORDER BY ALL")
		if first == nil {
			first = got
		}
		if len(got) == 0 || !slices.Equal(got, first) {
			t.Errorf("order %v gives\n%q, not\n%q", order, got, first)
		}
	}
}

// BenchmarkCountQuotas counts fifty thousand rows more than five million.
func BenchmarkCountQuotas(b *testing.B) {
	const rows = 5_000_000
	db := testDB(b)
	src := &Source{Path: "gen"}
	if err := db.LoadSegment(context.Background(), src, genSegment(0, rows, 2), false); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := db.CountQuotas(context.Background(), QuotaRules{}, oneQuota()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(rows/time.Since(began).Seconds(), "first-rows/s")
	b.ReportAllocs()
	at := int64(rows)
	for b.Loop() {
		b.StopTimer()
		if err := db.LoadSegment(context.Background(), src, genSegment(at, at+rows/100, 2), false); err != nil {
			b.Fatal(err)
		}
		at += rows / 100
		b.StartTimer()
		if err := db.CountQuotas(context.Background(), QuotaRules{}, oneQuota()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/100/b.Elapsed().Seconds(), "rows/s")
}

// TestRatePressure: refusals less than five minutes apart are one span, and what
// headers said of the short window stands beside them.
func TestRatePressure(t *testing.T) {
	var g given
	limited := func(l *record.Label) {
		l.Category, l.Retry, l.Fault, l.RetryAfterS = record.RateLimit, record.RetryAfterReset, record.FaultCaller, 30
	}
	for i, second := range []int{0, 100, 350, 2000} {
		g.quotaCall(second, i, limited)
	}
	g.quotaCall(10, 10, func(l *record.Label) { l.Quota.Limit, l.Quota.Remaining, l.Quota.Basis = 60, 3, record.QuotaRate })
	g.quotaCall(11, 11, func(l *record.Label) {
		l.Quota.Limit, l.Quota.Remaining, l.Quota.Basis = 900, 1, record.QuotaInHeader
	})
	g.quotaCall(12, 12, nil)
	db := testDB(t)
	load(t, db, false, &g)
	got, err := db.RatePressure(t.Context(), queries.Scope{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, error %v", got, err)
	}
	want := queries.RatePressure{Vendor: "carsxe", Route: "/v2/marketvalue", Refused: 4, Spans: 2, LongestSpanS: 350, SpansS: 350,
		LeastRemaining: 3, LeastRemainingLimit: 60, LongestWaitS: 30, First: quotaStart, Last: quotaStart.Add(2000 * time.Second)}
	if got[0] != want {
		t.Errorf("got  %+v\nwant %+v", got[0], want)
	}
	if none, err := testDB(t).RatePressure(t.Context(), queries.Scope{}); err != nil || len(none) != 0 {
		t.Errorf("of nothing: %v, error %v", none, err)
	}
}
