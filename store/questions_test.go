package store

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

const day = "2026-06-18"

// calls reads testdata/calls.csv.
func calls(t testing.TB) *given {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "calls.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var g given
	for i, line := range lines[1:] {
		c := map[string]string{}
		for k, name := range lines[0] {
			c[name] = line[k]
		}
		g.add(func(d *record.Draft) { callDraft(t, d, c, i) }, func(l *record.Label) { callLabel(l, c) })
	}
	return &g
}

func callDraft(t testing.TB, d *record.Draft, c map[string]string, i int) {
	d.Offset = int64(i * 100)
	if c["time"] != "-" {
		d.TimeNS, d.TimeDigits = clock(t, c["time"]).UnixNano(), 0
	}
	d.Direction, d.Host, d.Path = record.Direction(c["direction"]), []byte(c["host"]), []byte(c["path"])
	if n, err := strconv.Atoi(c["status"]); err == nil {
		d.Status = n
	}
	if n, err := strconv.Atoi(c["ms"]); err == nil {
		d.DurationNS = int64(n) * int64(time.Millisecond)
	}
}

func callLabel(l *record.Label, c map[string]string) {
	l.Vendor, l.Category, l.Code, l.Type = c["vendor"], record.Category(c["category"]), c["code"], c["type"]
	l.Retry, l.Fault, l.Message, l.RequestID = record.Retry(c["retry"]), record.Fault(c["fault"]), c["message"], c["id"]
	l.Benign, l.ContactSupport, l.Outage = strings.Contains(c["flags"], "b"), strings.Contains(c["flags"], "s"), strings.Contains(c["flags"], "o")
	l.Failure = l.Category != ""
	if l.Code != "" {
		l.Rule = c["vendor"] + "/" + l.Code
	}
}

func clock(t testing.TB, hms string) time.Time {
	t.Helper()
	when, err := time.Parse(time.DateTime, day+" "+hms)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func callsDB(t testing.TB) *DB {
	t.Helper()
	db := testDB(t)
	load(t, db, false, calls(t))
	err := db.WritePacks(context.Background(), nil, []RuleInfo{{Rule: "carsxe/too_many", Pack: "carsxe", Action: "Wait.", DocsURL: "https://docs"}})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// golden compares v, as JSON, with a file of testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (run with -update and read the difference):\n%s", name, got)
	}
}

func TestOverview(t *testing.T) {
	db := callsDB(t)
	o, err := db.Overview(context.Background(), queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range o.Vendors { // JSON has no NaN
		for _, q := range []*float64{&o.Vendors[i].DurationMSP50, &o.Vendors[i].DurationMSP95} {
			if math.IsNaN(*q) {
				*q = -1
			}
		}
	}
	var requests, failures int64
	for _, b := range o.Buckets {
		requests += b.Requests
		failures += b.Failures
	}
	if len(o.Buckets) != queries.OverviewSlots || requests != o.Totals.Requests-2 || failures != o.Totals.Failures-2 {
		t.Errorf("%d buckets hold %d calls and %d failures; all but the two without a time are %d and %d",
			len(o.Buckets), requests, failures, o.Totals.Requests-2, o.Totals.Failures-2)
	}
	o.Buckets, o.Groups = nil, nil
	golden(t, "overview.golden", o)
}

func TestFailures(t *testing.T) {
	db := callsDB(t)
	groups, err := db.Failures(context.Background(), queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "failures.golden", groups)
}

// TestSamplesOfEveryGroup: each group's samples are as many as it counts, and
// the newest comes first.
func TestSamplesOfEveryGroup(t *testing.T) {
	ctx := context.Background()
	db := callsDB(t)
	groups, err := db.Failures(ctx, queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		all, err := db.Samples(ctx, queries.Scope{}, g.GroupKey, 100)
		if err != nil || int64(len(all)) != g.Failures {
			t.Errorf("%+v: %d samples, error %v, want %d", g.GroupKey, len(all), err, g.Failures)
			continue
		}
		if all[0].TS != g.Last || all[0].Message != g.Message || all[0].Status != g.Status || all[0].SourcePath != "t.log" || all[0].Action != g.Action {
			t.Errorf("%+v: the newest sample is %+v", g, all[0])
		}
		one, err := db.Samples(ctx, queries.Scope{}, g.GroupKey, 1)
		if err != nil || !reflect.DeepEqual(one, all[:1]) {
			t.Errorf("%+v: one sample is %+v, error %v", g.GroupKey, one, err)
		}
	}
}

// TestScope: half-open in time, by vendor, by account; what has no time lies
// in no closed span.
func TestScope(t *testing.T) {
	ctx := context.Background()
	db := callsDB(t)
	for _, c := range []struct {
		name               string
		scope              queries.Scope
		requests, failures int64
	}{
		{"all", queries.Scope{}, 22, 15},
		{"from the first failure", queries.Scope{Since: clock(t, "10:10:00")}, 16, 13},
		{"a microsecond later", queries.Scope{Since: clock(t, "10:10:00").Add(time.Microsecond)}, 15, 12},
		{"until the first failure", queries.Scope{Until: clock(t, "10:10:00")}, 4, 0},
		{"in another zone", queries.Scope{Until: clock(t, "10:10:00").Add(1).In(time.FixedZone("", 7200))}, 4, 0},
		{"until just after it", queries.Scope{Until: clock(t, "10:10:00").Add(time.Microsecond)}, 5, 1},
		{"a vendor", queries.Scope{Vendor: "carsxe"}, 15, 10},
		{"no vendor", queries.Scope{Vendor: record.VendorUnknown}, 5, 3},
		{"nobody", queries.Scope{Vendor: "'; DROP TABLE requests; --"}, 0, 0},
		{"an account", queries.Scope{Account: "none has this"}, 0, 0},
		{"nothing", queries.Scope{Since: clock(t, "12:00:00"), Until: clock(t, "13:00:00")}, 0, 0},
	} {
		o, err := db.Overview(ctx, c.scope)
		if err != nil || o.Totals.Requests != c.requests || o.Totals.Failures != c.failures {
			t.Errorf("%s: %+v, error %v, want %d requests and %d failures", c.name, o.Totals, err, c.requests, c.failures)
			continue
		}
		var vendorRequests, vendorFailures, faults, grouped int64
		for _, v := range o.Vendors {
			vendorRequests += v.Requests
			vendorFailures += v.Failures
		}
		for _, f := range o.Faults {
			faults += f.Failures
		}
		groups, err := db.Failures(ctx, c.scope)
		for _, g := range groups {
			grouped += g.Failures
		}
		if err != nil || vendorRequests != c.requests || vendorFailures != c.failures || faults != c.failures || grouped != c.failures {
			t.Errorf("%s: vendors %d/%d, faults %d, groups %d, error %v: they do not add up to %d/%d",
				c.name, vendorRequests, vendorFailures, faults, grouped, err, c.requests, c.failures)
		}
	}
}

// TestEmpty asks everything of an empty database.
func TestEmpty(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.duckdb")
	made, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	db := openDB(t, path, Options{ReadOnly: true})
	o, err := db.Overview(ctx, queries.Scope{})
	if err != nil || !reflect.DeepEqual(o, queries.Overview{}) {
		t.Errorf("overview %+v, error %v", o, err)
	}
	if f, err := db.Failures(ctx, queries.Scope{Vendor: "x"}); err != nil || len(f) > 0 {
		t.Errorf("failures %v, error %v", f, err)
	}
	if s, err := db.Samples(ctx, queries.Scope{}, queries.GroupKey{}, 10); err != nil || len(s) > 0 {
		t.Errorf("samples %v, error %v", s, err)
	}
	if s, err := db.Sources(ctx); err != nil || len(s) > 0 {
		t.Errorf("sources %v, error %v", s, err)
	}
	if err := db.LoadSegment(ctx, &Source{}, genSegment(0, 1, 1), false); err == nil {
		t.Error("loaded into a database that was opened for reading")
	}
}

// TestContractColumns holds the names and types that the contract promises.
func TestContractColumns(t *testing.T) {
	db := testDB(t)
	for name, columns := range map[string]string{
		"requests": "ts TIMESTAMP,vendor,host,method,route,path,query,status SMALLINT,body_status SMALLINT,category,code,error_type,message,retry," +
			"retry_at TIMESTAMP,fault,benign BOOLEAN,contact_support BOOLEAN,outage BOOLEAN,confidence,rule,candidates,retry_after_s DOUBLE,retry_source," +
			"request_id,client_request_id,trace_id,request_key UBIGINT,duration_ms DOUBLE,bytes BIGINT,client,user_agent,account,direction,quota_name," +
			"quota_limit BIGINT,quota_used BIGINT,quota_remaining BIGINT,quota_reset_at TIMESTAMP,body,source_id BIGINT,source_offset BIGINT",
		"outage_windows": "window_id BIGINT,vendor,host,route,started_at TIMESTAMP,ended_at TIMESTAMP,requests BIGINT,failures BIGINT," +
			"baseline_ratio DOUBLE,peak_ratio DOUBLE,peak_at TIMESTAMP,top_code,accounts BIGINT",
		"quota_status": "vendor,host,account,name,period_start TIMESTAMP,period_end TIMESTAMP,quota_limit BIGINT,used BIGINT,remaining BIGINT," +
			"burn_per_hour DOUBLE,exhausted_at TIMESTAMP,projected_exhaustion_at TIMESTAMP,basis",
		"sources": "source_id BIGINT,path,format,bytes BIGINT,sha256,lines BIGINT,records BIGINT,rejected BIGINT,ignored BIGINT,duplicates BIGINT," +
			"first_ts TIMESTAMP,last_ts TIMESTAMP,ingested_at TIMESTAMP,pack_versions",
		"rules":   "rule,pack,pack_version,action,docs_url",
		"vendors": "vendor,support_fields,support_url",
		"rejects": "source_id BIGINT,source_offset BIGINT,line BIGINT,reason,sample",
	} {
		var want []string
		for c := range strings.SplitSeq(columns, ",") {
			if !strings.Contains(c, " ") {
				c += " VARCHAR"
			}
			want = append(want, strings.ReplaceAll(c, " ", "|"))
		}
		got := table(t, db, "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '"+name+"' ORDER BY ordinal_position")
		if len(got) < len(want) || !reflect.DeepEqual(got[:len(want)], want) {
			t.Errorf("%s has\n%q, want\n%q", name, got, want)
		}
	}
	if a, b := table(t, db, "DESCRIBE failures"), table(t, db, "DESCRIBE requests"); !reflect.DeepEqual(a, b) {
		t.Errorf("failures and requests differ:\n%q\n%q", a, b)
	}
}

// TestEveryTextPrepares fills every SQL text in and lets DuckDB plan it, and
// holds its header against it.
func TestEveryTextPrepares(t *testing.T) {
	db := testDB(t)
	when := clock(t, "10:00:00")
	values := args{"since": when, "until": when, "vendor": "x", "account": "x", "first": when, "last": when, "slots": 10, "cell_us": 1, "limit": 10, "before": when, "cutoff": when, "keep_failures": true,
		"name": "x", "saved_at": when, "source_ids": "1", "bytes": "2", "each": 3,
		"g_vendor": "x", "g_host": "", "g_code": "x", "g_type": "", "g_category": "x", "g_retry": "", "g_status": 1, "g_rule": ""}
	for parameter, value := range (queries.Selection{Windows: []int64{1}}).Values() {
		if values[parameter] == nil {
			values[parameter] = value
		}
	}
	for _, name := range queries.Names() {
		text, err := queries.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == queries.LoadBrief || name == queries.LoadFull {
			continue // only a load may call its function; TestColumns runs it
		}
		if name == queries.QuotaDirty || name == queries.QuotaSpan || name == queries.QuotaCount || name == queries.QuotaTold || name == queries.QuotaCountTold {
			continue // likewise; TestCountQuotas runs them
		}
		if strings.HasPrefix(string(name), "fuse_") {
			continue // likewise; TestFusionInPieces runs them
		}
		if name == queries.OutagesDropTraffic || name == queries.OutagesBriefMany || name == queries.OutagesAdd || name == queries.OutagesChanged {
			continue // likewise; TestOutagesInPieces runs them
		}
		if name == queries.TallyDrop || name == queries.TallyCountMany || name == queries.TallyAdd {
			continue // likewise; TestPlain runs them
		}
		if name == queries.RelabelWrite || name == queries.RelabelEnd {
			continue // their tables are there for a while only; TestRelabel runs them
		}
		sql := text.SQL
		if strings.Contains(sql, "$") && !strings.HasPrefix(string(name), "load_source") && name != queries.SchemaApplied {
			known := args{}
			for _, p := range text.Parameters {
				known[p] = values[p]
			}
			if sql, err = queries.Fill(text, known); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
		}
		stmt, err := db.sql.Prepare(sql)
		if err != nil {
			if strings.Contains(err.Error(), "multiple statements") || name == queries.Prelude || name == queries.PacksClear {
				continue // these run in every test
			}
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := stmt.Close(); err != nil {
			t.Error(err)
		}
		for _, p := range text.Parameters {
			if !strings.Contains(text.SQL, "$"+p) {
				t.Errorf("%s does not use its parameter %s", name, p)
			}
		}
	}
}
