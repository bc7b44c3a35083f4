package store

import (
	"context"
	"testing"

	"github.com/errscope/errscope/queries"
)

// standingDB adds to the calls two outages and two quotas, written by hand.
func standingDB(t *testing.T) *DB {
	t.Helper()
	db := callsDB(t)
	for _, sql := range []string{
		`INSERT INTO outage_windows (window_id, vendor, host, route, started_at, ended_at, requests, failures, baseline_ratio, peak_ratio, top_code, accounts)
		 VALUES (1, 'carsxe', NULL, NULL, TIMESTAMP '2026-06-18 10:30:00', TIMESTAMP '2026-06-18 10:30:03', 4, 3, 0.01, 1, 'x', 1),
		        (2, 'unknown', 'two.example', NULL, TIMESTAMP '2026-06-18 10:40:00', NULL, 2, 2, NULL, 1, NULL, 0)`,
		`INSERT INTO quota_status (vendor, host, account, name, period_start, period_end, quota_limit, used, remaining, basis)
		 VALUES ('carsxe', 'api.carsxe.com', 'a', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-07-01', 5000, 4000, 1000, 'body'),
		        ('carsxe', 'api.carsxe.com', 'a', 'market_value', TIMESTAMP '2026-05-01', TIMESTAMP '2026-06-01', NULL, 10, NULL, 'counted')`,
		`INSERT INTO vendors VALUES ('carsxe', 'request_id,time', 'https://support.example')`,
	} {
		if _, err := db.sql.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestStanding asks how things stand; what is not known reads as absent.
func TestStanding(t *testing.T) {
	ctx := context.Background()
	db := standingDB(t)
	for name, ask := range map[string]func() (any, error){
		"support.golden":       func() (any, error) { return db.Support(ctx, queries.Scope{}) },
		"vendor_faults.golden": func() (any, error) { return db.VendorFaults(ctx, queries.Scope{}) },
		"changes.golden": func() (any, error) {
			return db.CodeChanges(ctx, queries.Scope{Since: clock(t, "10:30:00")}, clock(t, "11:00:00"))
		},
	} {
		got, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, got)
	}
}

func TestStandingInScope(t *testing.T) {
	ctx := context.Background()
	db := standingDB(t)
	for _, c := range []struct {
		name            string
		scope           queries.Scope
		windows, quotas int
	}{
		{"all", queries.Scope{}, 2, 2},
		{"after the first ended", queries.Scope{Since: clock(t, "10:30:03")}, 1, 1},
		{"before the second began", queries.Scope{Until: clock(t, "10:40:00")}, 1, 2},
		{"a vendor", queries.Scope{Vendor: "carsxe"}, 1, 2},
		{"an account that has none", queries.Scope{Account: "b"}, 2, 0},
		{"nobody", queries.Scope{Vendor: "x' OR true --"}, 0, 0},
	} {
		windows, err := db.Windows(ctx, c.scope)
		if err != nil || len(windows) != c.windows {
			t.Errorf("%s: %d outages, error %v, want %d", c.name, len(windows), err, c.windows)
		}
		quotas, err := db.Quotas(ctx, c.scope)
		if err != nil || len(quotas) != c.quotas {
			t.Errorf("%s: %d quotas, error %v, want %d", c.name, len(quotas), err, c.quotas)
		}
	}
	support, err := db.Support(ctx, queries.Scope{})
	if err != nil || len(support) == 0 {
		t.Fatalf("%d groups for support, error %v", len(support), err)
	}
	// The newest three ids and the oldest one, and no group's of another.
	if _, err := db.sql.Exec(`INSERT INTO requests_full (ts, vendor, host, category, code, benign, contact_support, outage, direction, request_id, source_id, source_offset)
		SELECT TIMESTAMP '2026-06-18 11:00:00' + to_seconds(range), 'smartcar', 'h', 'server', 'INTERNAL', false, true, false, 'outbound',
			CASE WHEN range % 2 = 0 THEN 'id-' || range END, 1, 100000 + range FROM range(20)`); err != nil {
		t.Fatal(err)
	}
	if support, err = db.Support(ctx, queries.Scope{Vendor: "smartcar"}); err != nil || len(support) != 1 {
		t.Fatalf("%d groups, error %v", len(support), err)
	}
	if g := support[0]; g.Failures != 20 || g.RequestIDs != 10 || g.RequestID1 != "id-18" || g.RequestID2 != "id-16" || g.RequestID3 != "id-14" || g.RequestIDOld != "id-0" {
		t.Errorf("got %+v", g)
	}
	if support, err = db.Support(ctx, queries.Scope{}); err != nil {
		t.Fatal(err)
	}
	for _, g := range support {
		if g.RequestID1 == "id-b" {
			t.Errorf("a benign answer goes to support: %+v", g)
		}
		if g.Host == "one.example" {
			t.Errorf("another host's outage: %+v", g)
		}
	}
}
