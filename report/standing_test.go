package report_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/report"
)

func (r rows) Glance(context.Context, queries.Scope) (queries.Overview, error) {
	return queries.Overview{Totals: r.overview.Totals, Data: r.overview.Data}, r.err
}

func (r rows) Vendors(context.Context, queries.Scope) ([]queries.VendorRow, error) {
	return r.overview.Vendors, r.err
}

func (r rows) VendorFaults(context.Context, queries.Scope) ([]queries.VendorFault, error) {
	return r.vendorFaults, r.err
}

func (r rows) Quotas(context.Context, queries.Scope) ([]queries.QuotaRow, error) {
	return r.quotas, r.err
}

func (r rows) QuotaCourses(context.Context, queries.Scope) ([]queries.QuotaCourse, error) {
	return r.courses, r.err
}

func (r rows) Windows(context.Context, queries.Scope) ([]queries.WindowRow, error) {
	return r.windows, r.err
}

func (r rows) LocalOutages(context.Context, queries.Scope) ([]queries.LocalOutageRow, error) {
	return r.unreached, r.err
}

func (r rows) Support(context.Context, queries.Scope) ([]queries.SupportGroup, error) {
	return r.support, r.err
}

func (r rows) Accounting(context.Context) (queries.Accounting, error) {
	return r.accounting, r.err
}

func (r rows) Changes(context.Context, queries.Scope) (queries.Changes, error) {
	return r.changes, r.err
}

// standing adds to sound how quotas and outages stand, and what changed.
func (r *rows) standing() {
	november := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	december := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	r.accounting = queries.Accounting{
		Sources: []queries.SourceRow{
			{Path: "logs/egress/access.log", Format: "combined", Lines: 1200, Records: 1190, Rejected: 4, Ignored: 2, Duplicates: 4, Bytes: 181234, First: at(13, 0, 2), Last: at(16, 23, 56), Complete: true},
			{Path: "logs/har/vehicle.har", Format: "har", Lines: 40, Records: 40, Pruned: 12, Bytes: 90210, First: at(14, 8, 0), Last: at(14, 9, 30), Error: "the file ends in mid-entry"},
		},
		Rejects: []queries.RejectRow{{Reason: "syntax", Rejects: 3, Sources: 1, Path: "logs/egress/access.log", Line: 17}, {Reason: "time", Rejects: 1, Sources: 1, Path: "logs/egress/access.log", Line: 991}},
		Fused: []queries.FusedRow{{State: queries.FusedApart, Key: "time", Lines: 6, Path: "logs/egress/access.log", Offset: 1704},
			{State: queries.FusedLines, Key: "request_id", Lines: 31, Path: "logs/har/vehicle.har", Offset: 12}, {State: queries.FusedStatus, Key: "trace", Lines: 1, Path: "logs/egress/access.log", Offset: 88}},
	}
	r.vendorFaults = []queries.VendorFault{
		{Vendor: "carsxe", Fault: record.FaultAccount, Category: record.QuotaExhausted, Failures: 2100},
		{Vendor: "carsxe", Fault: record.FaultCaller, Category: record.Validation, Failures: 160},
		{Vendor: "aionvision", Fault: record.FaultUpstream, Category: record.Upstream, Failures: 2101},
		{Vendor: record.VendorUnknown, Host: "api.acme.example", Fault: record.FaultCaller, Category: record.RateLimit, Failures: 512},
	}
	r.quotas = []queries.QuotaRow{
		{Vendor: "carsxe", Account: "a91f3c20", Name: "market_value", PeriodStart: november, PeriodEnd: december, Limit: 5000, Used: 5000, Remaining: 0,
			BurnPerHour: 21.5, ExhaustedAt: at(15, 1, 2), Basis: "body"},
		{Vendor: "carsxe", Account: "a91f3c20", Name: "market_value", PeriodStart: november.AddDate(0, -1, 0), PeriodEnd: november, Limit: 5000, Used: 3120,
			Remaining: 1880, BurnPerHour: 4, Basis: "body"},
		{Vendor: "smartcar", Account: "billing", Name: "vehicle_requests", PeriodStart: november, PeriodEnd: december, Limit: 120000, Used: 81234, Remaining: 38766,
			BurnPerHour: 240, ProjectedExhaustionAt: at(23, 17, 30), EarliestExhaustionAt: at(22, 3, 0), LatestExhaustionAt: at(25, 12, 0), AsOf: at(16, 23, 59), Basis: "header"},
		{Vendor: "aionvision", Name: "documents", PeriodStart: november, PeriodEnd: december, Limit: 900, Used: 850, Remaining: 50, BurnPerHour: math.NaN(), Basis: "config, counted"},
		{Vendor: record.VendorUnknown, Host: "api.acme.example", Name: "calls", PeriodStart: at(16, 0, 0), Limit: record.Absent, Used: 77, Remaining: record.Absent,
			BurnPerHour: 3.2, Basis: "counted"},
	}
	for i, used := range []int64{3000, 21000, 21400, 60000, 81234} {
		r.courses = append(r.courses, queries.QuotaCourse{Vendor: "smartcar", Account: "billing", Name: "vehicle_requests", PeriodStart: november,
			Hour: november.Add(time.Duration(90*i+20) * time.Hour), Used: used})
	}
	r.windows = []queries.WindowRow{
		{WindowID: 1, Vendor: "aionvision", StartedAt: at(13, 10, 7), EndedAt: at(13, 10, 45), Requests: 2400, Failures: 2101, BaselineRatio: 0.002,
			PeakRatio: 0.99, PeakAt: at(13, 10, 20), TopCode: "VLM_PROVIDER_ERROR", Accounts: 2},
		{WindowID: 2, Vendor: record.VendorUnknown, Host: "api.acme.example", Route: "POST /api/v1/users", StartedAt: at(16, 22, 0), Requests: 80, Failures: 61,
			BaselineRatio: math.NaN(), PeakRatio: 1, PeakAt: at(16, 23, 0), TopCode: "503", Accounts: 1},
		{WindowID: 3, Vendor: "aionvision", StartedAt: at(8, 1, 0), EndedAt: at(8, 4, 20), Requests: 300, Failures: 150, BaselineRatio: 0.01, PeakRatio: 0.61,
			PeakAt: at(8, 2, 0), Accounts: 1,
			Planned: true, Note: "moved to another region"},
	}
	r.unreached = []queries.LocalOutageRow{
		{WindowID: 1, StartedAt: at(11, 3, 12), EndedAt: at(11, 3, 40), Vendors: `["api.acme.example","aionvision","carsxe"]`, Requests: 410, Failures: 402},
		{WindowID: 2, StartedAt: at(5, 9, 0), EndedAt: at(5, 9, 7), Vendors: `["carsxe","a","b","c","d","e","f"]`, Requests: 90, Failures: 90},
	}
	r.support = []queries.SupportGroup{
		{Vendor: "aionvision", Code: "VLM_PROVIDER_ERROR", Status: 503, Category: record.Upstream, Message: "The model host of jo@mail.example did not answer",
			Route: "POST /api/v2/agentic-search", Routes: 3, Failures: 2101, InOutage: 2101, RequestIDs: 2099, RequestID1: "550e8400-e29b-41d4-a716-446655440000",
			RequestID2: "req_b", RequestID3: "req_c", RequestIDOld: "req_oldest", First: at(13, 10, 7), Last: at(13, 10, 45),
			SupportFields: "request_id,time,endpoint", SupportURL: "https://support.example/new"},
		{Vendor: "aionvision", Code: "INTERNAL", Status: 500, Category: record.Server, Failures: 1, Routes: 1, Route: "GET /x", First: at(9, 1, 1), Last: at(9, 1, 1),
			SupportFields: "request_id,time,endpoint", SupportURL: "https://support.example/new"},
		{Vendor: record.VendorUnknown, Host: "api.acme.example", Status: 503, Category: record.Unavailable, Failures: 61, InOutage: 61, Routes: 1,
			Route: "POST /api/v1/users", First: at(16, 22, 0), Last: at(16, 23, 0)},
	}
	change := func(kind queries.ChangeKind, c queries.CodeChange) queries.Change {
		return queries.Change{CodeChange: c, Kind: kind}
	}
	r.changes.List = []queries.Change{
		change(queries.ChangeNew, queries.CodeChange{Vendor: record.VendorUnknown, Host: "api.acme.example", Code: "E_TOO_HOT", Status: record.Absent,
			Category: record.Server, Failures: 2, Requests: 900, RequestsBefore: 1000, First: at(16, 3, 0), Last: at(16, 3, 1)}),
		change(queries.ChangeMore, queries.CodeChange{Vendor: "carsxe", Code: "api_limit_exceeded", Status: record.Absent, Category: record.QuotaExhausted,
			Failures: 2000, FailuresBefore: 100, Requests: 4000, RequestsBefore: 4100, First: at(3, 1, 1), Last: at(16, 23, 0)}),
		change(queries.ChangeGone, queries.CodeChange{Vendor: "aionvision", Status: 503, Category: record.Unavailable, FailuresBefore: 212, Requests: 1500,
			RequestsBefore: 1400, First: at(3, 1, 1), Last: at(15, 3, 0)}),
	}
}

func hostileStanding(r *rows) {
	r.vendorFaults, r.quotas, r.windows = slices.Clone(r.vendorFaults), slices.Clone(r.quotas), slices.Clone(r.windows)
	r.support, r.changes.List = slices.Clone(r.support), slices.Clone(r.changes.List)
	fill := func(texts ...*string) {
		for _, t := range texts {
			*t = hostileText
		}
	}
	for i := range r.vendorFaults {
		x := &r.vendorFaults[i]
		fill(&x.Vendor, &x.Host)
		x.Fault, x.Category = hostileText, hostileText
	}
	for i := range r.quotas {
		x := &r.quotas[i]
		fill(&x.Vendor, &x.Host, &x.Account, &x.Name, &x.Basis)
	}
	r.accounting.Sources, r.accounting.Rejects = slices.Clone(r.accounting.Sources), slices.Clone(r.accounting.Rejects)
	for i := range r.accounting.Sources {
		x := &r.accounting.Sources[i]
		fill(&x.Path, &x.Error)
	}
	for i := range r.accounting.Rejects {
		x := &r.accounting.Rejects[i]
		fill(&x.Path, &x.Reason)
	}
	r.accounting.Fused = slices.Clone(r.accounting.Fused)
	for i := range r.accounting.Fused {
		x := &r.accounting.Fused[i]
		fill(&x.Path, &x.Key, &x.State)
	}
	for i := range r.windows {
		x := &r.windows[i]
		fill(&x.Vendor, &x.Host, &x.Route, &x.TopCode, &x.Note)
	}
	r.unreached = slices.Clone(r.unreached)
	for i := range r.unreached {
		list, _ := json.Marshal([]string{hostileText, hostileText})
		r.unreached[i].Vendors = string(list)
	}
	for i := range r.support {
		x := &r.support[i]
		fill(&x.Vendor, &x.Host, &x.Code, &x.Type, &x.Message, &x.Route, &x.RequestID1, &x.RequestID2, &x.RequestIDOld, &x.SupportFields, &x.SupportURL)
		x.Category = hostileText
	}
	for i := range r.changes.List {
		x := &r.changes.List[i]
		fill(&x.Vendor, &x.Host, &x.Code, &x.Type)
		x.Category = hostileText
	}
}

// TestNightlyIsShort: whatever happened, it is read in a minute.
func TestNightlyIsShort(t *testing.T) {
	r := sound()
	for range 40 {
		r.support = append(r.support, r.support[0])
		r.windows = append(r.windows, r.windows[0])
		r.changes.List = append(r.changes.List, r.changes.List[0])
	}
	got := write(t, r, "nightly", "md", report.Options{})
	if lines := strings.Count(got, "\n"); lines > 90 {
		t.Errorf("%d lines", lines)
	}
	for _, want := range []string{"38 more codes: `errscope report failures`", "40 more outages: `errscope report outages`", "`errscope report support`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// TestNightlyTakesTheLastDay of the data, not of the clock.
func TestNightlyTakesTheLastDay(t *testing.T) {
	got := write(t, sound(), "nightly", "text", report.Options{Width: 200})
	for _, want := range []string{"the last day of the data", "since 2026-11-15 23:59:07 UTC"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	got = write(t, sound(), "nightly", "text", report.Options{Scope: queries.Scope{Since: at(3, 0, 0)}})
	if strings.Contains(got, "last day of the data") {
		t.Errorf("the scope has a beginning:\n%s", got)
	}
}

// TestSupportNamesIDs: the newest three and the oldest one, and where to.
func TestSupportNamesIDs(t *testing.T) {
	got := write(t, sound(), "support", "md", report.Options{})
	for _, want := range []string{"`550e8400-e29b-41d4-a716-446655440000`, `req_b`, `req_c`; the oldest: `req_oldest`", "`https://support.example/new`",
		"They ask for: `request_id, time, endpoint`", "First 2026-11-13 10:07:07, last 2026-11-13 10:45:07 UTC", "No request id was logged"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}
