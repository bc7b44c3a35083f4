package store

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// attempt is one exchange of a test; the same key is the same request.
type attempt struct {
	at        float64 // seconds after the beginning; the end of the response
	key       uint64
	retry     record.Retry // "" is a success
	waitS     int          // stated by the vendor, 0 is not
	tookMS    int
	trace, id string
	account   string
}

// attempts loads each list as a source of its own.
func attempts(t testing.TB, sources ...[]attempt) *DB {
	t.Helper()
	db := testDB(t)
	start := clock(t, "10:00:00")
	for _, list := range sources {
		var g given
		for i, a := range list {
			when := start.Add(time.Duration(a.at * float64(time.Second)))
			g.add(func(d *record.Draft) {
				d.Offset, d.TimeNS, d.TimeDigits, d.Direction = int64(i*100), when.UnixNano(), 3, record.Outbound
				d.Method, d.Host, d.Path, d.Status = []byte("GET"), []byte("api.acme.example"), []byte("/v1/things"), 200
				d.DurationNS = int64(a.tookMS) * int64(time.Millisecond)
				d.TraceID, d.ClientRequestID = []byte(a.trace), []byte(a.id)
				if a.retry != "" {
					d.Status = 503
				}
			}, func(l *record.Label) {
				l.Vendor = "acme"
				if a.retry == "" {
					return
				}
				l.Failure, l.Category, l.Retry, l.Fault = true, record.Unavailable, a.retry, record.FaultVendor
				if a.waitS > 0 {
					l.RetryAfterS, l.RetryAt = float64(a.waitS), when.Add(time.Duration(a.waitS)*time.Second)
				}
			})
			last := g.recs[len(g.recs)-1]
			last.RequestKey, last.Account = a.key, a.account
		}
		load(t, db, false, &g)
	}
	return db
}

// end is something long after all else, so that what was not tried again is known to be over.
var end = attempt{at: 90_000, key: 999, retry: record.RetryNever}

func TestRetryChains(t *testing.T) {
	const backoff, never = record.RetryBackoff, record.RetryNever
	trace := func(n int) string { return fmt.Sprintf("%032x", n) }
	poll := func(everyS float64, failAt int) (list []attempt) {
		for i := range 400 {
			a := attempt{at: float64(i) * everyS, key: 7}
			if i == failAt {
				a.retry = backoff
			}
			list = append(list, a)
		}
		return list
	}
	for _, c := range []struct {
		name                                                                        string
		given                                                                       []attempt
		calls, tries, useless, helped, early, recovered, givenUp, abandoned, untold int64
	}{
		{"once", []attempt{{key: 1, retry: backoff}}, 1, 1, 0, 0, 0, 0, 0, 1, 0},
		{"once, and nothing would help", []attempt{{key: 1, retry: never}}, 1, 1, 0, 0, 0, 0, 0, 0, 0},
		{"again until it works", []attempt{{key: 1, retry: backoff}, {at: 2, key: 1, retry: backoff}, {at: 6, key: 1}}, 1, 3, 0, 0, 0, 1, 0, 0, 0},
		{"again in vain", []attempt{{key: 1, retry: backoff}, {at: 2, key: 1, retry: backoff}}, 1, 2, 0, 0, 0, 0, 1, 0, 0},
		{"what never helps", []attempt{{key: 1, retry: never}, {at: 1, key: 1, retry: never}, {at: 2, key: 1, retry: never}}, 1, 3, 2, 0, 0, 0, 0, 0, 0},
		{"what never helps did", []attempt{{key: 1, retry: never}, {at: 1, key: 1}}, 1, 2, 1, 1, 0, 1, 0, 0, 0},
		{"before the stated time", []attempt{{key: 1, retry: record.RetryAfterReset, waitS: 30}, {at: 5, key: 1}}, 1, 2, 0, 0, 1, 1, 0, 0, 0},
		{"at the stated time", []attempt{{key: 1, retry: record.RetryAfterReset, waitS: 1800}, {at: 1801, key: 1}}, 1, 2, 0, 0, 0, 1, 0, 0, 0},
		{"in the next period", []attempt{{key: 1, retry: record.RetryNextPeriod, waitS: 1800}, {at: 1801, key: 1}}, 1, 2, 0, 0, 0, 1, 0, 0, 0},
		{"another request", []attempt{{key: 1, retry: backoff}, {at: 2, key: 2, retry: backoff}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"another account", []attempt{{key: 1, retry: backoff, account: "a"}, {at: 2, key: 1, retry: backoff, account: "b"}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"long after", []attempt{{key: 1, retry: backoff}, {at: 600, key: 1, retry: backoff}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"long after, of one trace", []attempt{{key: 1, retry: backoff, trace: trace(1)}, {at: 600, key: 1, retry: backoff, trace: trace(1)}}, 1, 2, 0, 0, 0, 0, 1, 0, 0},
		{"of one trace, at last", []attempt{{key: 1, retry: backoff, trace: trace(1)}, {at: 60, key: 1, trace: trace(1)}}, 1, 2, 0, 0, 0, 1, 0, 0, 0},
		{"of two traces", []attempt{{key: 1, retry: backoff, trace: trace(1)}, {at: 2, key: 1, retry: backoff, trace: trace(2)}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"of one idempotency key", []attempt{{key: 1, retry: backoff, id: "k"}, {at: 600, key: 1, retry: backoff, id: "k"}}, 1, 2, 0, 0, 0, 0, 1, 0, 0},
		{"of two idempotency keys", []attempt{{key: 1, retry: backoff, id: "k"}, {at: 2, key: 1, retry: backoff, id: "l"}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"at the same time", []attempt{{at: 10, key: 1, retry: backoff, tookMS: 8000}, {at: 12, key: 1, retry: backoff, tookMS: 9000}}, 2, 2, 0, 0, 0, 0, 0, 2, 0},
		{"a success ends it", []attempt{{key: 1, retry: backoff}, {at: 1, key: 1}, {at: 2, key: 1, retry: backoff}}, 2, 3, 0, 0, 0, 1, 0, 1, 0},
		{"polled every five seconds", poll(5, 200), 1, 1, 0, 0, 0, 0, 0, 0, 1},
		{"polled every minute", poll(60, 200), 1, 1, 0, 0, 0, 0, 0, 1, 0},
	} {
		db := attempts(t, append(c.given, end))
		rows, err := db.RetryRows(context.Background(), queries.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		var got queries.RetryRow
		for _, r := range rows {
			if r.Section == queries.RetryTotal {
				got = r
			}
		}
		want := queries.RetryRow{Section: queries.RetryTotal, Calls: c.calls + 1, Attempts: c.tries + 1, Retries: c.tries - c.calls, Useless: c.useless, Helped: c.helped,
			Early: c.early, Recovered: c.recovered, GivenUp: c.givenUp, Abandoned: c.abandoned, Untold: c.untold}
		got.RecoverySP50, got.RecoverySMax, got.AttemptsMax, got.First, got.Last = 0, 0, 0, time.Time{}, time.Time{}
		got.SourceID, got.SourceOffset, got.Status = 0, 0, 0
		if got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, want)
		}
	}
}

// TestRetriesOverSources: a chain goes on in another source, in whatever order they came.
func TestRetriesOverSources(t *testing.T) {
	a := []attempt{{key: 1, retry: record.RetryBackoff}, {at: 4, key: 1, retry: record.RetryBackoff}, end}
	b := []attempt{{at: 2, key: 1, retry: record.RetryBackoff}, {at: 9, key: 1}}
	for _, db := range []*DB{attempts(t, a, b), attempts(t, b, a)} {
		rows, err := db.RetryRows(context.Background(), queries.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Section == queries.RetryChain && (r.Attempts != 4 || r.RecoverySMax != 9 || r.Recovered != 1) {
				t.Errorf("got %+v", r)
			}
		}
		if len(rows) != 5 { // total, vendor, two groups, one chain
			t.Errorf("%d rows", len(rows))
		}
	}
}

// TestRetryMinutes: what a storm is made of.
func TestRetryMinutes(t *testing.T) {
	var list []attempt
	for i := range 40 {
		list = append(list, attempt{at: float64(i), key: 1, retry: record.RetryBackoff})
	}
	rows, err := attempts(t, list).RetryRows(context.Background(), queries.Scope{Vendor: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	minutes := 0
	for _, r := range rows {
		if r.Section == queries.RetryMinute {
			if minutes++; r.Vendor != "acme" || r.Retries != 39 || r.Calls != 1 {
				t.Errorf("got %+v", r)
			}
		}
	}
	if minutes != 1 {
		t.Errorf("%d minutes in %+v", minutes, rows)
	}
	if rows, err = attempts(t, list).RetryRows(context.Background(), queries.Scope{Vendor: "other"}); err != nil || len(rows) > 0 {
		t.Errorf("another vendor has %+v, error %v", rows, err)
	}
}

func TestLatencyRows(t *testing.T) {
	var list []attempt
	for i := 1; i <= 100; i++ {
		list = append(list, attempt{at: float64(i), key: uint64(i), tookMS: i * 10})
	}
	list = append(list, attempt{at: 200, key: 200, retry: record.RetryBackoff, tookMS: 5000})
	db := attempts(t, list)
	rows, err := db.LatencyRows(context.Background(), queries.Scope{})
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	for i, r := range rows {
		failed := i%2 == 1
		want := queries.LatencyRow{Vendor: "acme", Method: "GET", Route: "/v1/things", Whole: i < 2, Failed: failed, Requests: 100, Timed: 100,
			MSP50: 505, MSP90: 901, MSP95: 950.5, MSP99: 990.1, MSMax: 1000}
		if r.Whole {
			want.Method, want.Route = "", ""
		}
		if failed {
			want.Requests, want.Timed, want.MSP50, want.MSP90, want.MSP95, want.MSP99, want.MSMax = 1, 1, 5000, 5000, 5000, 5000, 5000
		}
		for _, p := range []*float64{&r.MSP50, &r.MSP90, &r.MSP95, &r.MSP99} {
			*p = math.Round(*p*1000) / 1000
		}
		if r != want {
			t.Errorf("row %d:\n got %+v\nwant %+v", i, r, want)
		}
	}
}

// TestLatencyBeforeOutages measures the hour and the ten minutes before one.
func TestLatencyBeforeOutages(t *testing.T) {
	var list []attempt
	for i := range 70 {
		ms := 100
		if i >= 60 {
			ms = 900
		}
		list = append(list, attempt{at: float64(i * 60), key: uint64(i + 1), tookMS: ms})
	}
	db := attempts(t, list)
	table(t, db, "INSERT INTO outage_windows (window_id, vendor, host, started_at) SELECT 1, 'acme', 'api.acme.example', TIMESTAMP '"+day+" 11:10:00'")
	got, err := db.LatencyWindows(context.Background(), queries.Scope{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d windows, error %v", len(got), err)
	}
	if w := got[0]; w.Usual != 60 || w.Before != 10 || w.UsualMSP50 != 100 || w.BeforeMSP95 != 900 || w.WindowID != 1 || w.Host != "" {
		t.Errorf("got %+v", w)
	}
}
