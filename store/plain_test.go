package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// scatterSQL invents calls that differ in all that latency and retries look at:
// durations in whole and parts of milliseconds and without any, calls in a row of
// the same request, with and without traces and ids, benign and inbound ones.
var scatterSQL = []string{
	`INSERT INTO endpoints (endpoint_id, vendor, host, method, route, direction, account)
	 SELECT n, CASE n % 4 WHEN 0 THEN 'carsxe' WHEN 1 THEN 'smartcar' WHEN 2 THEN 'unknown' END, 'h' || n % 3 || '.example', 'GET', '/r' || n % 5,
	     CASE WHEN n = 11 THEN 'inbound' ELSE 'outbound' END, CASE WHEN n % 2 = 0 THEN 'a' || n % 3 END
	 FROM (SELECT unnest(range(12))::INTEGER AS n)`,
	`CREATE TEMP TABLE scattered AS
	 SELECT n, (hash(n) % 12)::INTEGER AS endpoint, (hash(n, 'k') % 40 + CASE WHEN hash(n, 'busy') % 2 = 0 THEN 1000 ELSE 0 END)::UBIGINT AS request_key,
	     CASE WHEN hash(n, 'null') % 97 > 0 THEN TIMESTAMP '2026-06-18 00:00:00' + INTERVAL (n * 2 + hash(n, 't') % 40) SECOND END AS ts,
	     CASE hash(n, 'd') % 5 WHEN 0 THEN NULL WHEN 1 THEN hash(n, 'e') % 40 WHEN 2 THEN hash(n, 'e') % 40 + 0.5
	         WHEN 3 THEN (hash(n, 'e') % 3000000) / 1000000.0 ELSE (hash(n, 'e') % 9000) / 3.0 END::DOUBLE AS duration_ms,
	     CASE WHEN hash(n, 'x') % 3 = 0 THEN md5((n // 7)::VARCHAR) END AS trace
	 FROM (SELECT unnest(range(6000)) AS n)`,
	`INSERT INTO requests_brief (ts, endpoint_id, status, request_key, duration_ms, source_id, source_offset, trace_id)
	 SELECT ts, endpoint, 200, request_key, duration_ms, 1 + n % 2, n * 100, trace::UUID FROM scattered WHERE hash(n, 'f') % 4 > 0`,
	`INSERT INTO requests_full (ts, vendor, host, method, route, status, category, code, retry, retry_at, benign, outage, client_request_id,
	     trace_id, request_key, duration_ms, account, direction, source_id, source_offset)
	 SELECT s.ts, e.vendor, e.host, e.method, e.route, 400 + s.n % 5, CASE hash(s.n, 'c') % 7 WHEN 0 THEN NULL WHEN 1 THEN 'timeout' ELSE 'server' END,
	     'c' || hash(s.n, 'o') % 3, CASE hash(s.n, 'r') % 5 WHEN 0 THEN 'never' WHEN 1 THEN 'backoff' WHEN 2 THEN 'after_reset' WHEN 3 THEN NULL ELSE 'unknown' END,
	     CASE WHEN hash(s.n, 'a') % 5 = 0 THEN s.ts + INTERVAL (hash(s.n, 'w') % 900) SECOND END,
	     hash(s.n, 'b') % 9 = 0, hash(s.n, 'b') % 3 = 0, CASE WHEN s.request_key % 5 = 0 THEN 'id' || s.n // 9 END,
	     s.trace, s.request_key, s.duration_ms, e.account, e.direction, 1 + s.n % 2, s.n * 100
	 FROM scattered s JOIN endpoints e ON e.endpoint_id = s.endpoint WHERE hash(s.n, 'f') % 4 = 0`,
	`INSERT INTO requests_full (ts, vendor, host, method, route, status, category, retry, benign, outage, trace_id, request_key, duration_ms, direction, source_id, source_offset)
	 SELECT TIMESTAMP '2026-06-18 05:00:20' + INTERVAL (n) SECOND, 'carsxe', 'h0.example', 'GET', '/storm', 503, 'unavailable', 'backoff', false, true,
	     md5((n // 20)::VARCHAR), 77, 5, 'outbound', 3, n * 100
	 FROM (SELECT unnest(range(60)) AS n)`,
	`DROP TABLE scattered`,
	`INSERT INTO sources (source_id, bytes) VALUES (1, 1000000), (2, 1000000), (3, 1000000)`,
}

// TestPlain: questions that were made fast answer what the plain ones in
// testdata/plain do, to the last bit.
func TestPlain(t *testing.T) {
	db := testDB(t)
	ctx := context.Background()
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range scatterSQL {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	o, err := db.Glance(ctx, queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	scopes := map[string]queries.Scope{
		"all":     {},
		"vendor":  {Vendor: "carsxe"},
		"unknown": {Vendor: "unknown"},
		"account": {Account: "a2"},
		"span":    {Since: clock(t, "00:40:00"), Until: clock(t, "02:00:00").Add(time.Millisecond)},
		"minute":  {Since: clock(t, "00:40:07"), Until: clock(t, "00:40:31")},
		"day":     {Since: clock(t, "00:00:00"), Until: clock(t, "00:00:00").Add(24 * time.Hour), Vendor: "carsxe"},
		"until":   {Until: clock(t, "01:10:30")},
		"nothing": {Since: clock(t, "23:00:00")},
	}
	compare := func(state string, kinds []string, names ...queries.Name) {
		t.Helper()
		for _, name := range names {
			text, err := queries.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(filepath.Join("testdata", "plain", filepath.Base(string(name))+".sql"))
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range kinds {
				scope := scopes[kind]
				want, got := answers(t, db, string(raw), scope, o.Totals), answers(t, db, text.SQL, scope, o.Totals)
				if kind == "all" && len(want) < 5 && name != queries.OverviewTotals {
					t.Errorf("%s: %d rows prove little", name, len(want))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, %s, %s: %d rows, want %d:\n%s\nwant:\n%s", name, kind, state, len(got), len(want), got, want)
				}
			}
		}
	}
	counted := []queries.Name{queries.OverviewTotals, queries.OverviewBuckets, queries.OverviewVendors, queries.VendorSlots, queries.LatencyOf}
	compare("nothing counted", []string{"all", "vendor", "unknown", "account", "span", "nothing"}, queries.OverviewVendors, queries.LatencyOf, queries.RetriesOf)
	for _, state := range []struct {
		name  string
		bytes int64
		kinds []string
	}{{"half counted", 300_000, []string{"all", "span"}}, {"all counted", 1_000_000, []string{"all", "minute", "day", "until"}}} {
		db.write(t, fmt.Sprintf("UPDATE sources SET bytes = %d", state.bytes))
		if err := db.Tally(ctx); err != nil {
			t.Fatal(err)
		}
		db.write(t, "UPDATE sources SET bytes = 1000000")
		compare(state.name, state.kinds, counted...)
	}
	db.write(t, "UPDATE analysed SET bytes = -1 WHERE source_id = 2")
	compare("one source changed", []string{"all"}, queries.OverviewTotals, queries.OverviewVendors)
	if err := db.Tally(ctx); err != nil {
		t.Fatal(err)
	}
	compare("one source counted anew", []string{"all"}, queries.OverviewTotals, queries.OverviewVendors)
}

// answers are the rows of a question, as text, in its order.
func answers(t *testing.T, db *DB, text string, scope queries.Scope, of queries.Totals) []string {
	t.Helper()
	a := scopeArgs(scope)
	a["limit"], a["slots"], a["cell_us"] = 1000, 10, int64(60_000_000)
	a["first"], a["last"] = of.First, of.Last
	filled, err := queries.Fill(queries.Text{SQL: text}, a)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.sql.Query(filled)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var list []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintln(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
