package tui

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// fakeEnd is the end of the invented data and the present of the fixed clock.
var fakeEnd = time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)

func fakeNow() time.Time { return fakeEnd.Add(7 * time.Second) }

// fake is a Source with invented data; its fields may be changed by a test
// before it is asked.
type fake struct {
	fakeSQL
	overview queries.Overview
	groups   []queries.FailureGroup
	samples  []queries.Exchange
	drill    fakeDrill
	err      error
	asked    atomic.Int64
	version  atomic.Int64
	quota    fakeQuota
	outages  fakeOutages
}

func newFake() *fake {
	f := &fake{groups: fakeGroups()}
	f.overview = fakeOverview(f.groups)
	f.drill = newFakeDrill(f.overview)
	f.quota, f.outages = newFakeQuota(), newFakeOutages()
	return f
}

func (f *fake) Overview(ctx context.Context, _ queries.Scope) (queries.Overview, error) {
	f.asked.Add(1)
	return f.overview, cmpErr(ctx, f.err)
}

func (f *fake) Failures(ctx context.Context, _ queries.Scope) ([]queries.FailureGroup, error) {
	f.asked.Add(1)
	return f.groups, cmpErr(ctx, f.err)
}

func (f *fake) Samples(ctx context.Context, _ queries.Scope, g queries.GroupKey, limit int) ([]queries.Exchange, error) {
	f.asked.Add(1)
	if f.samples != nil {
		return f.samples, cmpErr(ctx, f.err)
	}
	var out []queries.Exchange
	for i := range min(3, limit) {
		out = append(out, fakeExchange(f.groups, g, i))
	}
	return out, cmpErr(ctx, f.err)
}

func (f *fake) Version(context.Context) (int64, error) { return f.version.Load(), nil }

func cmpErr(ctx context.Context, err error) error {
	if err == nil {
		err = ctx.Err()
	}
	return err
}

func fakeTrend(seed, peak int) []int64 {
	t := make([]int64, queries.TrendBuckets)
	for i := range t {
		d := float64(i - peak)
		t[i] = int64(100*math.Exp(-d*d/18)) + int64((i*seed)%9)
	}
	return t
}

func fakeGroups() []queries.FailureGroup {
	at := func(ago time.Duration) time.Time { return fakeEnd.Add(-ago) }
	mk := func(vendor, code string, status int, n int64, c record.Category, r record.Retry, f record.Fault, rule, msg, act string, first, last time.Duration) queries.FailureGroup {
		return queries.FailureGroup{
			GroupKey: queries.GroupKey{Vendor: vendor, Code: code, Status: status, Category: c, Retry: r, Rule: rule},
			Fault:    f, Confidence: record.ConfidenceExact, Outage: record.IsOutage(c, r), Message: msg, Action: act, Failures: n,
			Routes: 2, Route: "/v2.0/vehicles/{id}/battery", RequestIDs: n, RequestID: fmt.Sprintf("req_%x", n*7919),
			First: at(first), Last: at(last), Trend: fakeTrend(int(n), int(n)%24),
		}
	}
	gs := []queries.FailureGroup{
		mk("vision", "503 detail", 503, 4102, record.Unavailable, record.RetryWhenAvailable, record.FaultVendor, "vision/503", "upstream unavailable", "Wait for Retry-After, then send it again. The service is down, not your request.", 38*time.Minute, 3*time.Second),
		mk("smartcar", "VEHICLE_STATE:ASLEEP", 409, 1842, record.State, record.RetryBackoff, record.FaultResource, "smartcar/asleep", "The vehicle is in a sleep state and cannot be reached.", "The car sleeps; a later call may find it awake. Retry from 30 s, stop at 10 min.", 2*time.Hour, 12*time.Second),
		mk("smartcar", "RATE_LIMIT:VEHICLE", 429, 911, record.RateLimit, record.RetryAfterReset, record.FaultCaller, "smartcar/rate-vehicle", "You have reached the throttling rate limit for this vehicle.", "Send at most one request per vehicle and minute.", 8*time.Hour, 3*time.Second),
		mk("carsxe", "no_data_found", 404, 640, record.NotFound, record.RetryNever, record.FaultCaller, "carsxe/no-data-found", "No data found for this VIN", "Do not ask again for this VIN; show the user that there is no data.", 23*time.Hour, 40*time.Second),
		mk("metaapi", "UPSTREAM_TIMEOUT", 504, 443, record.Timeout, record.RetryBackoffOnce, record.FaultUpstream, "metaapi/upstream-timeout", "The broker did not answer in time", "Send it again once; orders carry a client id, so no order is doubled.", 4*time.Hour, 5*time.Second),
		mk("carsxe", "api_limit_exceeded", 429, 402, record.QuotaExhausted, record.RetryNextPeriod, record.FaultAccount, "carsxe/api-limit-exceeded", "API limit exceeded for specs on plan starter", "The monthly allowance is used up: wait for the next period or raise the plan.", 9*time.Hour, 9*time.Minute),
		mk("unknown", "", 500, 264, record.UnknownCategory, record.RetryUnknown, record.FaultUnknown, "status/500", `{"error":"boom"}`, "", 22*time.Hour, 2*time.Hour),
		mk("smartcar", "AUTHENTICATION", 401, 44, record.Authentication, record.RetryReauthenticate, record.FaultAccount, "smartcar/authentication", "The authorization header is missing or malformed", "Get a new access token with the refresh token.", 20*time.Hour, 26*time.Minute),
		mk("vision", "422 detail[].loc", 422, 21, record.Validation, record.RetryFixRequest, record.FaultCaller, "vision/422", "field required", "The body lacks the field that loc names.", 3*time.Hour, time.Minute),
		mk("carsxe", "", 0, 5, record.Timeout, record.RetryBackoff, record.FaultVendor, "transport/timeout", "", "", 30*time.Hour, 29*time.Hour),
	}
	gs[6].Host, gs[6].RequestIDs, gs[6].RequestID, gs[6].Confidence = "api.example.org", 0, "", record.ConfidenceGeneric
	gs[0].ContactSupport = true
	return gs
}

func fakeOverview(groups []queries.FailureGroup) queries.Overview {
	first := fakeEnd.Add(-24 * time.Hour)
	o := queries.Overview{
		Totals: queries.Totals{Requests: 1204551, Failures: 8674, Benign: 1311, Inbound: 5022, Outage: 4550, First: first, Last: fakeEnd},
		Data:   queries.Data{Sources: 6, Lines: 1209600, Records: 1209573, Rejected: 12, Ignored: 15},
		Groups: groups,
	}
	row := func(vendor, host string, reqs, fail, outage int64, code string, p95 float64) {
		o.Vendors = append(o.Vendors, queries.VendorRow{Vendor: vendor, Host: host, Requests: reqs, Failures: fail, Outage: outage, TopCode: code, TopCategory: "unknown", DurationMSP50: p95 / 3, DurationMSP95: p95, Last: fakeEnd})
	}
	row("vision", "vision.example", 48201, 4123, 4102, "503 detail", 29804)
	row("smartcar", "api.smartcar.com", 402118, 2797, 0, "VEHICLE_STATE:ASLEEP", 801)
	row("carsxe", "api.carsxe.com", 211904, 1047, 5, "no_data_found", 122)
	row("metaapi", "mt.example", 101330, 443, 443, "UPSTREAM_TIMEOUT", 30001)
	row("unknown", "api.example.org", 440998, 264, 0, "", math.NaN())
	for _, g := range groups {
		o.Faults = append(o.Faults, queries.FaultRow{Fault: g.Fault, Category: g.Category, Retry: g.Retry, Failures: g.Failures})
	}
	for i := range 100 {
		b := queries.Bucket{Start: first.Add(time.Duration(i) * 864 * time.Second)}
		b.Requests = int64(9000 + 4000*math.Sin(float64(i)/9))
		d := float64(i - 82)
		b.Failures = int64(20+10*math.Sin(float64(i)/4)) + int64(420*math.Exp(-d*d/30))
		if i >= 40 && i < 44 { // a hole in the logs
			b.Requests, b.Failures = 0, 0
		}
		o.Buckets = append(o.Buckets, b)
	}
	return o
}

func fakeExchange(groups []queries.FailureGroup, k queries.GroupKey, i int) queries.Exchange {
	x := queries.Exchange{
		TS: fakeEnd.Add(-time.Duration(i*61+18) * time.Second), Vendor: k.Vendor, Host: "api." + k.Vendor + ".com", Method: "GET",
		Route: "/v2.0/vehicles/{id}/battery", Path: "/v2.0/vehicles/36ab27d0/battery", Query: "units=metric&key=" + record.Redacted,
		Status: k.Status, Category: k.Category, Code: k.Code, Retry: k.Retry, RetryAfterS: record.Absent, Rule: k.Rule,
		Confidence: record.ConfidenceExact, RequestID: fmt.Sprintf("req_7f2a%02d", 91-i), DurationMS: 812 - float64(i*30), Bytes: 318,
		QuotaLimit: record.Absent, QuotaUsed: record.Absent, QuotaRemaining: record.Absent, TraceID: "4bf92f3577b34da6a3ce929d0e0e4736", Account: "a1b2c3d4e5f60718",
		Direction: record.Outbound, SourcePath: "logs/gateway-2026-11-20.jsonl.gz", SourceID: 3, SourceOffset: int64(81234567 - i*900),
	}
	for _, g := range groups {
		if g.GroupKey == k {
			x.Fault, x.Message, x.Action, x.Outage, x.ContactSupport = g.Fault, g.Message, g.Action, g.Outage, g.ContactSupport
		}
	}
	if k.Status == 429 {
		x.RetryAfterS, x.RetrySource, x.RetryAt = 30, "header:retry-after", x.TS.Add(30*time.Second)
		x.QuotaName, x.QuotaLimit, x.QuotaUsed, x.QuotaRemaining = "specs", 5000, 5000, 0
	}
	x.Headers = `{"content-type":"application/json","sc-request-id":"` + x.RequestID + `","x-ratelimit-limit":"120","x-ratelimit-remaining":"37","set-cookie":["` + record.Redacted + `"],"date":"Fri, 20 Nov 2026 15:41:07 GMT","via":["1.1 edge-fra","1.1 gateway"]}`
	x.RequestHeaders = `{"authorization":"` + record.Redacted + `","accept":"application/json","user-agent":"svc-import/2.4 (it's ours)"}`
	x.Body = `{"statusCode":` + fmt.Sprint(k.Status) + `,"type":"VEHICLE_STATE","code":"` + k.Code + `","description":"` + strings.ReplaceAll(x.Message, `"`, `\"`) + `","docURL":"https://docs.example.com/errors","resolution":{"type":"RETRY_LATER"},"requestId":"` + x.RequestID + `"}`
	if k.Code == "" {
		x.Headers, x.RequestHeaders, x.Body = "", "", ""
	}
	return x
}
