package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// write runs statements of a test.
func (db *DB) write(t *testing.T, list ...string) {
	t.Helper()
	for _, sql := range list {
		if _, err := db.sql.Exec(sql); err != nil {
			t.Fatalf("%v in %s", err, sql)
		}
	}
}

// quotaScreenDB has calls of one route, and three periods of two accounts.
func quotaScreenDB(t *testing.T) *DB {
	t.Helper()
	var g given
	for i := range 6 {
		g.quotaCall(60*i, i, nil)
	}
	g.quotaCall(400, 6, refused(100, 100))
	g.quotaCall(401, 7, func(l *record.Label) { l.Category, l.Fault = record.Validation, record.FaultCaller })
	g.quotaCall(100000, 8, nil)
	db := testDB(t)
	load(t, db, false, &g)
	db.write(t,
		`INSERT INTO quota_status (vendor, host, account, name, period_start, period_end, quota_limit, used, remaining, basis, outlook, as_of, refusals)
		 VALUES ('carsxe', NULL, 'late', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-07-01', 100, 100, 0, 'limit: body', 'exhausted', TIMESTAMP '2026-06-18 10:07', 1),
		        ('carsxe', NULL, 'early', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-07-01', 100, 40, 60, 'limit: body', 'lasts', TIMESTAMP '2026-06-18 10:07', 0),
		        ('generic', 'shop.example', NULL, NULL, TIMESTAMP '2026-05-01', TIMESTAMP '2026-06-01', NULL, 10, NULL, 'used: counted', 'past', NULL, NULL)`,
		`INSERT INTO quota_hours (vendor, host, account, name, hour, first_call, counted, refusals, first_refusal)
		 VALUES ('carsxe', '', 'late', 'market_value', TIMESTAMP '2026-06-18 10:00', TIMESTAMP '2026-06-18 10:05', 60, 1, TIMESTAMP '2026-06-18 10:06:40'),
		        ('carsxe', '', 'early', 'market_value', TIMESTAMP '2026-06-02 10:00', NULL, 40, 0, NULL),
		        ('', 'shop.example', '', '', TIMESTAMP '2026-05-02 10:00', NULL, 10, 2, TIMESTAMP '2026-05-02 10:30')`,
		`INSERT INTO quota_history (vendor, host, account, name, period_start, hour, used, quota_limit, basis)
		 VALUES ('carsxe', NULL, 'late', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-06-18 10:00', 100, 100, 'x'),
		        ('carsxe', NULL, 'late', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-06-18 09:00', 40, 100, 'x'),
		        ('carsxe', NULL, 'early', 'market_value', TIMESTAMP '2026-06-01', TIMESTAMP '2026-06-02 10:00', 40, NULL, 'x'),
		        ('generic', 'shop.example', NULL, NULL, TIMESTAMP '2026-05-01', TIMESTAMP '2026-05-02 10:00', 10, NULL, 'x')`)
	return db
}

// TestQuotaStanding numbers the accounts of a vendor as they were seen first, and
// keeps to the scope.
func TestQuotaStanding(t *testing.T) {
	db := quotaScreenDB(t)
	for _, c := range []struct {
		name  string
		scope queries.Scope
		want  []string
	}{
		{"all", queries.Scope{}, []string{"carsxe early 1 40", "carsxe late 2 100", "generic  0 10"}},
		{"June", queries.Scope{Since: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}, []string{"carsxe early 1 40", "carsxe late 2 100"}},
		{"May", queries.Scope{Until: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}, []string{"generic  0 10"}},
		{"a vendor and account", queries.Scope{Vendor: "carsxe", Account: "late"}, []string{"carsxe late 2 100"}},
		{"nobody", queries.Scope{Vendor: "' OR true --"}, nil},
	} {
		rows, err := db.QuotaStanding(t.Context(), c.scope)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, fmt.Sprint(r.Vendor, " ", r.Account, " ", r.AccountNumber, " ", r.Used))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestQuotaCourse gives the hours of one allowance in their order, with the
// refusals of the ledger.
func TestQuotaCourse(t *testing.T) {
	db := quotaScreenDB(t)
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	rows, err := db.QuotaCourse(t.Context(), queries.QuotaKey{Vendor: "carsxe", Account: "late", Name: "market_value", From: june})
	if err != nil || len(rows) != 2 || rows[0].Used != 40 || rows[1].Used != 100 || rows[0].Refusals != 0 || rows[1].Refusals != 1 || rows[1].FirstRefusal.Minute() != 6 {
		t.Errorf("got %+v, error %v", rows, err)
	}
	rows, err = db.QuotaCourse(t.Context(), queries.QuotaKey{Vendor: "generic", Host: "shop.example", From: june.AddDate(0, -1, 0)})
	if err != nil || len(rows) != 1 || rows[0].Refusals != 2 || rows[0].Limit != record.Absent {
		t.Errorf("of a host that no pack knows: %+v, error %v", rows, err)
	}
	rows, err = db.QuotaCourse(t.Context(), queries.QuotaKey{Vendor: "carsxe", Account: "late", Name: "market_value", From: june.AddDate(0, 1, 0)})
	if err != nil || len(rows) != 0 {
		t.Errorf("of another period: %+v, error %v", rows, err)
	}
}

// TestQuotaTraffic counts the calls of a period by kind of answer.
func TestQuotaTraffic(t *testing.T) {
	db := quotaScreenDB(t)
	rows, named, _, err := db.QuotaTraffic(t.Context(), queries.QuotaKey{Vendor: "carsxe", From: quotaStart, To: quotaStart.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.Vendor, " ", r.Route, " ", r.Category, " ", r.Calls, " ", r.Cost, " ", r.Refused, " ", r.Failed))
	}
	want := []string{"carsxe /v2/marketvalue success 6 6 0 0", "carsxe /v2/marketvalue quota 1 1 1 1", "carsxe /v2/marketvalue validation 1 1 0 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if len(named) != 1 || named[0].Vendor != "carsxe" {
		t.Errorf("named are %+v", named)
	}
	if rows, _, _, err = db.QuotaTraffic(t.Context(), queries.QuotaKey{Vendor: "generic", Host: "api.carsxe.com", From: quotaStart, To: quotaStart.Add(time.Hour)}); err != nil || len(rows) != 0 {
		t.Errorf("a host that a pack knows: %+v, error %v", rows, err)
	}
}

// outageScreenDB has an hour of a vendor that was down for ten minutes, beside
// another that was not.
func outageScreenDB(t *testing.T) *DB {
	t.Helper()
	var g given
	for i := range 60 {
		g.quotaCall(60*i, i, func(l *record.Label) {
			if i >= 20 && i < 30 {
				l.Category, l.Retry, l.Fault, l.Outage, l.Failure = record.Unavailable, record.RetryBackoff, record.FaultVendor, true, true
				l.RetryAfterS = 30
			}
		})
	}
	db := testDB(t)
	load(t, db, false, &g)
	db.write(t,
		`INSERT INTO traffic_scopes VALUES (1, 'carsxe', '', '/v2/marketvalue'), (2, 'smartcar', '', '/v'), (3, 'unknown', 'shop.example', '/s')`,
		`INSERT INTO traffic_minutes SELECT 1, 0, 1, epoch_us(TIMESTAMP '2026-06-18 10:00') // 60000000 + range, 1, CASE WHEN range BETWEEN 20 AND 29 THEN 1 ELSE 0 END, 0 FROM range(60)`,
		`INSERT INTO traffic_minutes SELECT 1, 0, 2, epoch_us(TIMESTAMP '2026-06-18 10:00') // 60000000 + range, 10, 1, 0 FROM range(60)`,
		`INSERT INTO traffic_minutes SELECT 1, 0, 3, epoch_us(TIMESTAMP '2026-06-18 10:00') // 60000000 + range, 2, 0, 0 FROM range(60) WHERE range % 2 = 0`,
		`INSERT INTO outage_windows (window_id, vendor, host, route, started_at, ended_at, requests, failures, peak_ratio, codes, why)
		 VALUES (7, 'carsxe', NULL, NULL, TIMESTAMP '2026-06-18 10:20', TIMESTAMP '2026-06-18 10:29', 10, 10, 1, '[]', 'all'),
		        (8, 'unknown', 'shop.example', '/s', TIMESTAMP '2026-06-18 10:50', NULL, 5, 5, 1, NULL, NULL)`,
		`INSERT INTO local_outages VALUES (9, TIMESTAMP '2026-06-17 10:20', TIMESTAMP '2026-06-17 10:29', '["a"]', 10, 9, 'ours')`)
	return db
}

var outageKey = queries.OutageKey{Vendor: "carsxe", AllRoutes: true, From: quotaStart.Add(20 * time.Minute), To: quotaStart.Add(29*time.Minute + time.Microsecond)}

func TestOutages(t *testing.T) {
	db := outageScreenDB(t)
	list, err := db.Outages(t.Context(), queries.Scope{})
	if err != nil || len(list.Windows) != 2 || len(list.Local) != 1 || !list.Last.Equal(quotaStart.Add(59*time.Minute)) {
		t.Fatalf("got %+v, error %v", list, err)
	}
	if w := list.Windows[0]; w.WindowID != 8 || w.Host != "shop.example" || w.Route != "/s" || !w.EndedAt.IsZero() || w.Codes != "" {
		t.Errorf("the newest is %+v", w)
	}
	list, err = db.Outages(t.Context(), queries.Scope{Since: quotaStart, Until: quotaStart.Add(30 * time.Minute), Vendor: "carsxe"})
	if err != nil || len(list.Windows) != 1 || list.Windows[0].WindowID != 7 || len(list.Local) != 0 {
		t.Errorf("in a scope: %+v, error %v", list, err)
	}
}

func TestOutageCourse(t *testing.T) {
	db := outageScreenDB(t)
	k := outageKey
	k.From, k.To = quotaStart.Add(15*time.Minute), quotaStart.Add(35*time.Minute)
	spans, err := db.OutageCourse(t.Context(), k, 5)
	if err != nil || len(spans) != 4 {
		t.Fatalf("got %+v, error %v", spans, err)
	}
	for i, failed := range []int64{0, 5, 5, 0} {
		if s := spans[i]; s.Calls != 5 || s.Failed != failed || !s.Start.Equal(k.From.Add(time.Duration(5*i)*time.Minute)) {
			t.Errorf("span %d is %+v, want %d of 5 failed", i, s, failed)
		}
	}
	everybody, err := db.OutageCourse(t.Context(), queries.OutageKey{AllRoutes: true, From: k.From, To: k.To}, 20)
	if err != nil || len(everybody) != 1 || everybody[0].Calls != 20+200+20 || everybody[0].Failed != 30 {
		t.Errorf("of everybody: %+v, error %v", everybody, err)
	}
	route := queries.OutageKey{Vendor: "unknown", Host: "shop.example", Route: "/s", From: k.From, To: k.To}
	if spans, err = db.OutageCourse(t.Context(), route, 1); err != nil || len(spans) != 10 {
		t.Errorf("minutes without calls are not left out: %d spans, error %v", len(spans), err)
	}
}

// TestOutageEvidence: the vendor's routes and the others, during and before; its
// answers before, during and after.
func TestOutageEvidence(t *testing.T) {
	db := outageScreenDB(t)
	e, err := db.OutageEvidence(t.Context(), outageKey)
	if err != nil || len(e.Traffic) != 3 || len(e.Answers) != 3 {
		t.Fatalf("got %+v, error %v", e, err)
	}
	if own := e.Traffic[0]; !own.Own || own.Route != "/v2/marketvalue" || own.Calls != 10 || own.Failed != 10 || own.CallsBefore != 20 || own.FailedBefore != 0 {
		t.Errorf("its route is %+v", own)
	}
	if other := e.Traffic[1]; other.Own || other.Vendor != "smartcar" || other.Route != "" || other.Calls != 100 || other.Failed != 10 {
		t.Errorf("the other is %+v", other)
	}
	for i, want := range []queries.OutageAnswers{{Phase: "before", Calls: 20}, {Phase: "during", Calls: 10, Failed: 10, Waits: 10, WaitSP50: 30}, {Phase: "after", Calls: 30}} {
		got := e.Answers[i]
		if got.Phase != want.Phase || got.Calls != want.Calls || got.Failed != want.Failed || got.Waits != want.Waits || want.Waits > 0 && got.WaitSP50 != want.WaitSP50 {
			t.Errorf("phase %d is %+v, want %+v", i, got, want)
		}
	}
	if !e.Answers[0].LastWell.Equal(quotaStart.Add(19*time.Minute)) || !e.Answers[2].FirstWell.Equal(quotaStart.Add(30*time.Minute)) || !e.Answers[1].FirstWell.IsZero() {
		t.Errorf("last success %v, first success %v, within %v", e.Answers[0].LastWell, e.Answers[2].FirstWell, e.Answers[1].FirstWell)
	}
	all, err := db.OutageEvidence(t.Context(), queries.OutageKey{From: outageKey.From, To: outageKey.To})
	if err != nil || len(all.Traffic) != 3 || all.Traffic[0].Own || len(all.Answers) != 0 {
		t.Errorf("of everybody: %+v, error %v", all, err)
	}
}
