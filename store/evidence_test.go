package store

import (
	"context"
	"strconv"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestEvidence selects in every way and counts.
func TestEvidence(t *testing.T) {
	ctx := context.Background()
	db := standingDB(t) // its first outage: carsxe, 10:30:00 to 10:30:03, three failures of an outage
	down := queries.GroupKey{Vendor: "carsxe", Type: "T1", Category: record.Unavailable, Retry: record.RetryBackoff, Status: 503}
	for _, c := range []struct {
		name               string
		selection          queries.Selection
		failures, support  int64
		windows, exchanges int
	}{
		{"all: neither benign nor inbound", queries.Selection{}, 15, 6, 2, 12},
		{"support only", queries.Selection{SupportOnly: true}, 6, 6, 2, 5},
		{"a vendor", queries.Selection{Vendor: "carsxe"}, 10, 4, 1, 8},
		{"a host, whatever its answers are called", queries.Selection{Vendor: "two.example"}, 3, 2, 1, 2},
		{"codes and types", queries.Selection{Codes: []string{"no_data", "T2", "twice"}}, 2, 1, 1, 2},
		{"a category", queries.Selection{Categories: []record.Category{record.RateLimit}}, 4, 1, 0, 2},
		{"request ids; one is of a benign answer", queries.Selection{RequestIDs: []string{"id-1", "id-b", "id-3"}}, 2, 0, 0, 1},
		{"a window", queries.Selection{Windows: []int64{1}}, 3, 3, 1, 3},
		{"a window and a code that is not in it", queries.Selection{Windows: []int64{1}, Codes: []string{"too_many"}}, 0, 0, 0, 0},
		{"a time; what has none is outside", queries.Selection{Since: clock(t, "10:20:00"), Until: clock(t, "10:30:02")}, 3, 2, 1, 3},
		{"a group", queries.Selection{Groups: []queries.SelectedGroup{{GroupKey: down}}}, 1, 1, 1, 1},
		{"a group at another time", queries.Selection{Groups: []queries.SelectedGroup{{GroupKey: down, Since: clock(t, "10:31:00")}}}, 0, 0, 0, 0},
		{"an exchange and a window", queries.Selection{Exchanges: []queries.SelectedExchange{{SourceID: 1, SourceOffset: 400}}, Windows: []int64{2}}, 3, 2, 1, 2},
		{"nobody", queries.Selection{Vendor: "x' OR true --", Codes: []string{`"]'`}}, 0, 0, 0, 0},
	} {
		e, err := db.Evidence(ctx, c.selection)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var failures, support int64
		for _, g := range e.Groups {
			failures, support = failures+g.Failures, support+g.ForSupport
		}
		if failures != c.failures || support != c.support || len(e.Windows) != c.windows || len(e.Samples) != c.exchanges || int64(len(e.Rows)) != failures {
			t.Errorf("%s: %d failures, %d for support, %d windows, %d exchanges, %d rows; want %d, %d, %d, %d", c.name,
				failures, support, len(e.Windows), len(e.Samples), len(e.Rows), c.failures, c.support, c.windows, c.exchanges)
		}
		if failures > 0 && (len(e.Sources) == 0 || e.Sources[0].SHA256 == "" || e.Sources[0].Failures != failures) {
			t.Errorf("%s: the sources are %+v", c.name, e.Sources)
		}
	}
}

// TestEvidenceOfMany keeps the oldest, the newest and the busiest of many rows.
func TestEvidenceOfMany(t *testing.T) {
	ctx := context.Background()
	db := standingDB(t)
	const many = 3*queries.EvidenceEachMax + 1000
	if _, err := db.sql.Exec(`INSERT INTO requests_full (ts, vendor, host, category, code, benign, contact_support, outage, direction, request_id, account, source_id, source_offset)
		SELECT TIMESTAMP '2026-06-19' + to_seconds(range * 60), 'smartcar', 'h', 'server', 'INTERNAL', false, true, false, 'outbound', 'id-' || range,
			CASE WHEN range = 1 THEN 'z' ELSE 'a' END, 1, 100000 + range FROM range($1)`, many); err != nil {
		t.Fatal(err)
	}
	e, err := db.Evidence(ctx, queries.Selection{Vendor: "smartcar", Codes: []string{"INTERNAL"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(e.Rows); n < 2*queries.EvidenceEachMax || n > many || e.Rows[0].RequestID != "id-0" || e.Rows[n-1].RequestID != "id-"+strconv.Itoa(many-1) {
		t.Errorf("%d rows, from %s to %s", n, e.Rows[0].RequestID, e.Rows[n-1].RequestID)
	}
	if len(e.Accounts) != 2 || e.Accounts[0].Account != "a" || e.Accounts[0].Failures != many-1 || e.Groups[0].RequestIDs != many {
		t.Errorf("accounts %+v, groups %+v", e.Accounts, e.Groups)
	}
}
