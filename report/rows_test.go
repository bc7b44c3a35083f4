package report_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// rows is a source that answers from memory.
type rows struct {
	overview     queries.Overview
	groups       []queries.FailureGroup
	drifts       queries.Drifts
	vendorFaults []queries.VendorFault
	quotas       []queries.QuotaRow
	courses      []queries.QuotaCourse
	windows      []queries.WindowRow
	unreached    []queries.LocalOutageRow
	support      []queries.SupportGroup
	accounting   queries.Accounting
	changes      queries.Changes
	retries      queries.Retries
	splits       queries.BlameSplits
	latency      queries.Latency
	err          error
}

func (r rows) Overview(context.Context, queries.Scope) (queries.Overview, error) {
	return r.overview, r.err
}

func (r rows) Failures(context.Context, queries.Scope) ([]queries.FailureGroup, error) {
	return r.groups, r.err
}

func (r rows) Drift(context.Context, queries.Scope) (queries.Drifts, error) {
	return r.drifts, r.err
}

var errSource = errors.New("the database went away")

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 7, 250e6, time.UTC)
}

// sound is an invented fortnight: an outage, a quota that ran out, faults of
// every party, and a host that no pack knows.
func sound() rows {
	var r rows
	o := &r.overview
	o.Totals = queries.Totals{Requests: 148212, Failures: 5110, Benign: 41, Inbound: 903, Outage: 2204, First: at(3, 0, 0), Last: at(16, 23, 59)}
	o.Data = queries.Data{Sources: 7, Lines: 149301, Records: 149156, Rejected: 12, Ignored: 133}
	o.Vendors = []queries.VendorRow{
		{Vendor: "carsxe", Host: "api.carsxe.com", Requests: 40210, Failures: 2350, Benign: 41, Outage: 90, TopCode: "api_limit_exceeded",
			TopCategory: "quota", DurationMSP50: 212.4, DurationMSP95: 1890, Last: at(16, 23, 59)},
		{Vendor: "aionvision", Host: "api.aionvision.tech", Requests: 22000, Failures: 2120, Outage: 2101, TopCode: "VLM_PROVIDER_ERROR",
			TopCategory: "upstream", DurationMSP50: 1800, DurationMSP95: 9200, Last: at(16, 22, 1)},
		{Vendor: record.VendorUnknown, Host: "api.acme.example", Requests: 86000, Failures: 640, Outage: 13, TopCode: "RATE_LIMIT_EXCEEDED",
			TopCategory: "rate_limit", DurationMSP50: math.NaN(), DurationMSP95: math.NaN(), Last: at(16, 21, 40)},
		{Vendor: "smartcar", Host: "api.smartcar.com", Requests: 2, DurationMSP50: 3.25, DurationMSP95: 3.25, Last: at(9, 9, 9)},
	}
	o.Faults = []queries.FaultRow{
		{Fault: record.FaultUpstream, Category: record.Upstream, Retry: record.RetryBackoff, Failures: 2204},
		{Fault: record.FaultAccount, Category: record.QuotaExhausted, Retry: record.RetryNextPeriod, Failures: 2100},
		{Fault: record.FaultCaller, Category: record.RateLimit, Retry: record.RetryAfterReset, Failures: 512},
		{Fault: record.FaultCaller, Category: record.Validation, Retry: record.RetryFixRequest, Failures: 160},
		{Fault: record.FaultAccount, Category: record.Billing, Retry: record.RetryFixAccount, Failures: 60},
		{Fault: record.FaultVendor, Category: record.Server, Retry: record.RetryNever, Failures: 1},
		{Fault: record.FaultEndUser, Category: record.EndUser, Retry: record.RetryEndUserAction, Failures: 22},
		{Fault: record.FaultResource, Category: record.State, Retry: record.RetryAfterStateChange, Failures: 40},
		{Fault: record.FaultUnknown, Category: record.UnknownCategory, Retry: record.RetryUnknown, Failures: 11},
	}
	o.Blame = []queries.BlameRow{{Fault: record.FaultAccount, Failures: 2160, SharePermille: 423}, {Fault: record.FaultUpstream, Failures: 2204, SharePermille: 431}}
	for i := range 100 {
		b := queries.Bucket{Start: at(3, 0, 0).Add(time.Duration(i) * 12096 * time.Second / 1), Requests: 1480, Failures: int64(i % 9)}
		if i == 71 {
			b.Failures = 900
		}
		o.Buckets = append(o.Buckets, b)
	}
	r.groups = soundGroups()
	r.groups[3].Acknowledged = &queries.Acknowledgement{Vendor: "smartcar", Code: "ASLEEP", PerDay: 4, Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Note: "ticket 7 *of* ours"}
	r.groups[2].Acknowledged = &queries.Acknowledgement{Vendor: "api.acme.example", PerDay: 60}
	o.Groups = slices.Clone(r.groups)
	r.drifts = soundDrifts()
	r.standing()
	r.hygiene()
	return r
}

func soundDrifts() queries.Drifts {
	return queries.Drifts{LeftOut: 3, List: []queries.Drift{
		{Vendor: "carsxe", Kind: queries.DriftMessage, Value: "Quota of {int} for 1HGCM82633A004352 is gone", Message: "Quota of {int} for 1HGCM82633A004352 is gone",
			Category: record.RateLimit, Statuses: []int{429, 403}, Failures: 512, First: at(4, 0, 1), Last: at(16, 21, 40),
			Sample: queries.DriftSample{Place: "17", TS: at(16, 21, 40), Method: "GET", Host: "api.carsxe.com", Route: "/specs", Status: 429,
				RequestID: "550e8400-e29b-41d4-a716-446655440000", Body: `{"success":false,"message":"Quota of 100 for 1HGCM82633A004352 is gone"}`, SourceID: 3, SourceOffset: 4711}},
		{Vendor: record.VendorUnknown, Host: "api.acme.example", Kind: queries.DriftCode, Value: "E_TOO_HOT", Type: "thermal", Message: "Core {int} is too hot",
			Category: record.Server, Statuses: []int{500}, Failures: 2, First: at(15, 3, 0), Last: at(15, 3, 1),
			Sample: queries.DriftSample{Place: "18", TS: at(15, 3, 1), Method: "POST", Host: "api.acme.example", Route: "/v1/cores/{id}", Status: 500,
				Body: `{"error":{"code":"E_TOO_HOT","type":"thermal"}}` + strings.Repeat(" long", 100), SourceID: 1, SourceOffset: 0}},
		{Vendor: record.VendorUnknown, Host: "10.1.2.3", Kind: queries.DriftStatus, Value: "430", Category: record.UnknownCategory, Statuses: []int{430},
			Failures: 1, First: at(15, 3, 0), Last: at(15, 3, 0)},
	}}
}

func soundGroups() []queries.FailureGroup {
	trend := make([]int64, queries.TrendBuckets)
	trend[3], trend[17], trend[18] = 4, 2000, 96
	return []queries.FailureGroup{
		{GroupKey: queries.GroupKey{Vendor: "aionvision", Code: "VLM_PROVIDER_ERROR", Category: record.Upstream, Retry: record.RetryBackoff, Status: 503,
			Rule: "aionvision/vlm-provider-error"}, Fault: record.FaultUpstream, Confidence: record.ConfidenceExact, Outage: true, ContactSupport: true,
			Message: "The model host did not answer", Action: "Retry with backoff; the vendor's model host is down.", DocsURL: "https://docs.example/errors",
			Failures: 2100, Routes: 3, Route: "POST /api/v2/agentic-search", RequestIDs: 2099, RequestID: "550e8400-e29b-41d4-a716-446655440000",
			First: at(16, 10, 7), Last: at(16, 10, 45), Trend: trend},
		{GroupKey: queries.GroupKey{Vendor: "carsxe", Code: "api_limit_exceeded", Category: record.QuotaExhausted, Retry: record.RetryNextPeriod, Status: 429,
			Rule: "carsxe/api-limit-exceeded"}, Fault: record.FaultAccount, Confidence: record.ConfidenceMessage,
			Message: "API limit exceeded for market_value (11/2026). Subscription tier: starter. Current usage: 5000, Limit: 5000.",
			Action:  "Upgrade the plan, enable overage, or wait for the next month.", Failures: 2100, Routes: 1, Route: "GET /v2/marketvalue",
			First: at(15, 1, 2), Last: at(16, 23, 59), Trend: trend},
		{GroupKey: queries.GroupKey{Vendor: record.VendorUnknown, Host: "api.acme.example", Code: "RATE_LIMIT_EXCEEDED", Category: record.RateLimit,
			Retry: record.RetryAfterReset, Status: 429, Rule: "generic/429"}, Fault: record.FaultCaller, Confidence: record.ConfidenceGeneric,
			Message: "Too fast for 203.0.113.9, says ops@acme.example, call +44 20 7946 0000", Failures: 512, Routes: 2, Route: "POST /api/v1/users",
			RequestIDs: 1, RequestID: "req_77a1", First: at(4, 0, 1), Last: at(16, 21, 40), RetryAt: at(16, 21, 41), Trend: trend},
		{GroupKey: queries.GroupKey{Vendor: "smartcar", Code: "ASLEEP", Type: "VEHICLE_STATE", Category: record.State, Retry: record.RetryAfterStateChange,
			Status: 409, Rule: "smartcar/asleep"}, Fault: record.FaultResource, Confidence: record.ConfidenceExact,
			Message: "Vehicle 1HGCM82633A004352 sleeps", Failures: 40, Routes: 1, Route: "GET /v2.0/vehicles/{id}/odometer", First: at(5, 5, 5), Last: at(16, 6, 0)},
		{GroupKey: queries.GroupKey{Vendor: record.VendorUnknown, Host: "10.1.2.3", Category: record.Timeout, Retry: record.RetryBackoff, Status: 0},
			Fault: record.FaultUnknown, Confidence: record.ConfidenceStatus, Outage: true, Failures: 13, Routes: 1, First: at(5, 5, 5), Last: at(5, 6, 0)},
	}
}

// hostile fills every text with what has broken a terminal, a spreadsheet, a
// chat or a page before.
const hostileText = "=cmd|'/c calc'!A1 \x1b[2J\x1b]0;owned\x07 \u202egnp.exe <script>alert(1)</script> <img src=x onerror=alert(2)> " +
	"[click](javascript:alert(3)) @everyone @octo-org/team #1 `code` | pipe\nnewline\r\n\ttab \u200bzero \xff\xfe broken " +
	"https://evil.example www.evil.example --> ]]> \u2028 \u009b31m **bold** 日本語の長い文字列 👩‍👩‍👧 e\u0301\u0301\u0301\u0301\u0301"

func hostile() rows {
	r := sound()
	for i := range r.overview.Vendors {
		v := &r.overview.Vendors[i]
		v.Vendor, v.Host, v.TopCode, v.TopCategory = hostileText, hostileText, hostileText, hostileText
	}
	for i := range r.groups {
		g := &r.groups[i]
		g.Vendor, g.Host, g.Code, g.Type, g.Rule = hostileText, hostileText, hostileText, hostileText, hostileText
		g.Message, g.Route, g.RequestID, g.Action, g.DocsURL = hostileText, hostileText, hostileText, hostileText, hostileText
		g.Category, g.Retry, g.Fault, g.Confidence = hostileText, hostileText, hostileText, hostileText
		g.Acknowledged = &queries.Acknowledgement{Note: hostileText}
	}
	r.overview.Groups = slices.Clone(r.groups)
	for i := range r.drifts.List {
		d := &r.drifts.List[i]
		d.Vendor, d.Host, d.Value, d.Type, d.Message, d.Category = hostileText, hostileText, hostileText, hostileText, hostileText, hostileText
		d.Sample.Method, d.Sample.Host, d.Sample.Route, d.Sample.RequestID, d.Sample.Body = hostileText, hostileText, hostileText, hostileText, hostileText
	}
	hostileStanding(&r)
	hostileHygiene(&r)
	return r
}
