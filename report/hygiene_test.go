package report_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/report"
)

func (r rows) Retries(context.Context, queries.Scope) (queries.Retries, error) {
	return r.retries, r.err
}

func (r rows) Latency(context.Context, queries.Scope) (queries.Latency, error) {
	return r.latency, r.err
}

func (r rows) BlameSplits(context.Context, queries.Scope) (queries.BlameSplits, error) {
	return r.splits, r.err
}

// hygiene adds to sound what was tried again, and how long calls took.
func (r *rows) hygiene() {
	split := func(vendor, host string, day int, caller, down int64) queries.BlameSplit {
		s := queries.BlameSplit{Vendor: vendor, Host: host, Failures: caller + down, Parties: []queries.BlameRow{
			{Fault: record.FaultVendor, Failures: down, SharePermille: 1000 - 1000*caller/(caller+down)},
			{Fault: record.FaultCaller, Failures: caller, SharePermille: 1000 * caller / (caller + down)}}}
		if day > 0 {
			s.Start = at(day, 0, 0)
		}
		return s
	}
	r.splits = queries.BlameSplits{Total: split("", "", 0, 1110, 4000), Vendors: []queries.BlameSplit{split("carsxe", "", 0, 600, 3000),
		split(record.VendorUnknown, "api.acme.example", 0, 510, 1000)}, Spans: []queries.BlameSplit{split("", "", 3, 1000, 3), split("", "", 10, 110, 3997)}}
	carsxe := queries.RetryRow{Section: queries.RetryGroup, Vendor: "carsxe", Code: "api_limit_exceeded", Status: 429, Category: record.QuotaExhausted,
		Retry: record.RetryNextPeriod, Method: "GET", Route: "/v2/marketvalue/1HGCM82633A004352", Calls: 200, Attempts: 2100, Retries: 1900, Useless: 1900, Helped: 2, Counted: 1900, Recovered: 2,
		RecoverySP50: 31, RecoverySMax: 58, AttemptsMax: 40, First: at(15, 1, 2), Last: at(16, 23, 59), SourceID: record.Absent, SourceOffset: record.Absent}
	acme := queries.RetryRow{Section: queries.RetryGroup, Vendor: record.VendorUnknown, Host: "api.acme.example", Status: 503, Category: record.Unavailable,
		Retry: record.RetryAfterReset, Method: "POST", Route: "/api/v1/users", Calls: 61, Attempts: 190, Retries: 129, Early: 77, Recovered: 20, GivenUp: 30, Abandoned: 11,
		Untold: 3, RecoverySP50: 4.5, RecoverySMax: 700, AttemptsMax: 7, First: at(16, 22, 0), Last: at(16, 23, 0), SourceID: record.Absent, SourceOffset: record.Absent}
	total := acme
	total.Vendor, total.Host, total.Method, total.Route, total.Status, total.Category, total.Retry = "", "", "", "", record.Absent, "", ""
	total.Calls, total.Attempts, total.Retries, total.Useless, total.Helped, total.Counted, total.Recovered, total.AttemptsMax = 261, 2290, 2029, 1900, 2, 1900, 22, 40
	vendor := func(row queries.RetryRow) queries.RetryRow {
		row.Section, row.Method, row.Route, row.Code, row.Status, row.Category, row.Retry = queries.RetryVendor, "", "", "", record.Absent, "", ""
		return row
	}
	chain := carsxe
	chain.Section, chain.Calls, chain.Attempts, chain.Retries, chain.Useless, chain.Helped, chain.Recovered = queries.RetryChain, 1, 40, 39, 39, 1, 1
	chain.First, chain.Last, chain.SourceID, chain.SourceOffset = at(15, 1, 2), at(15, 1, 44), 3, 4711
	r.retries = queries.Retries{Total: total, Vendors: []queries.RetryRow{vendor(carsxe), vendor(acme)}, Groups: []queries.RetryRow{carsxe, acme},
		Chains: []queries.RetryRow{chain},
		Storms: []queries.RetryStorm{{Vendor: record.VendorUnknown, Host: "api.acme.example", First: at(16, 22, 0), Last: at(16, 22, 9), Calls: 12, Retries: 101, PeakPerMinute: 19}}}
	pair := func(vendor, host, method, route string, requests, failures int64, ms float64) queries.LatencyPair {
		row := queries.LatencyRow{Vendor: vendor, Host: host, Method: method, Route: route, Whole: route == "", Requests: requests, Timed: requests,
			MSP50: ms, MSP90: 3 * ms, MSP95: 4 * ms, MSP99: 9 * ms, MSMax: 20 * ms}
		slow := row
		slow.Failed, slow.Requests, slow.Timed, slow.Timeouts, slow.MSP50, slow.MSP95 = true, failures, failures, failures/2, 30*ms, 60*ms
		return queries.LatencyPair{Answers: row, Failures: slow, FailsLate: failures > 20}
	}
	untimed := queries.LatencyRow{Vendor: record.VendorUnknown, Host: "api.acme.example", Whole: true, Requests: 86000,
		MSP50: math.NaN(), MSP90: math.NaN(), MSP95: math.NaN(), MSP99: math.NaN(), MSMax: math.NaN()}
	r.latency = queries.Latency{
		Vendors: []queries.LatencyPair{pair("carsxe", "", "", "", 37860, 2350, 212.4), {Answers: untimed, Failures: queries.LatencyRow{Whole: true, Failed: true}}},
		Routes:  []queries.LatencyPair{pair("carsxe", "", "GET", "/specs", 30000, 2300, 212.4), pair("smartcar", "", "GET", "/v2.0/vehicles/{id}/odometer", 2, 0, 3.25)},
		Windows: []queries.LatencyWindow{
			{WindowID: 1, Vendor: "aionvision", StartedAt: at(13, 10, 7), Usual: 900, Before: 140, UsualMSP50: 1500, UsualMSP95: 5000, BeforeMSP50: 4100, BeforeMSP95: 15000, Slowed: true},
			{WindowID: 2, Vendor: record.VendorUnknown, Host: "api.acme.example", Route: "/api/v1/users", StartedAt: at(16, 22, 0), UsualMSP50: math.NaN(),
				UsualMSP95: math.NaN(), BeforeMSP50: math.NaN(), BeforeMSP95: math.NaN()},
		}}
}

func hostileHygiene(r *rows) {
	r.splits.Vendors = slices.Clone(r.splits.Vendors)
	for i := range r.splits.Vendors {
		r.splits.Vendors[i].Vendor, r.splits.Vendors[i].Host = hostileText, hostileText
	}
	h := &r.retries
	h.Vendors, h.Groups, h.Chains, h.Storms = slices.Clone(h.Vendors), slices.Clone(h.Groups), slices.Clone(h.Chains), slices.Clone(h.Storms)
	for _, list := range [][]queries.RetryRow{h.Vendors, h.Groups, h.Chains} {
		for i := range list {
			x := &list[i]
			x.Vendor, x.Host, x.Code, x.Type, x.Method, x.Route, x.Category, x.Retry = hostileText, hostileText, hostileText, hostileText, hostileText, hostileText, hostileText, hostileText
		}
	}
	for i := range h.Storms {
		h.Storms[i].Vendor, h.Storms[i].Host = hostileText, hostileText
	}
	l := &r.latency
	l.Vendors, l.Routes, l.Windows = slices.Clone(l.Vendors), slices.Clone(l.Routes), slices.Clone(l.Windows)
	for _, list := range [][]queries.LatencyPair{l.Vendors, l.Routes} {
		for i := range list {
			for _, x := range []*queries.LatencyRow{&list[i].Answers, &list[i].Failures} {
				x.Vendor, x.Host = hostileText, hostileText
				if !x.Whole {
					x.Method, x.Route = hostileText, hostileText
				}
			}
		}
	}
	for i := range l.Windows {
		l.Windows[i].Vendor, l.Windows[i].Host, l.Windows[i].Route = hostileText, hostileText, hostileText
	}
}

// TestRetriesSayWhatToDo: the advice names the numbers and the worst.
func TestRetriesSayWhatToDo(t *testing.T) {
	got := strings.Join(strings.Fields(write(t, sound(), "retries", "text", report.Options{Width: 400, Database: "a b.duckdb"})), " ")
	for _, want := range []string{"261 calls failed at least once and took 2,290 attempts, 2,029 of them again. 1,898 retries need not have been: 93.5 %.",
		"Do not repeat what no repetition cures: 1,898 retries.", "Wait as long as the vendor says: 77 retries", "1 storm of retries", "11 calls failed once and were never tried again",
		"2 retries of what should not help did", "22 calls came through in the end, half of them within 4.5 s, the slowest after 12 min", "40 attempts within 42 min",
		`errscope sql --db 'a b.duckdb' "FROM es_exchange(3, 4711)"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if none := write(t, rows{overview: sound().overview}, "retries", "text", report.Options{}); !strings.Contains(none, "No failed call was tried again.") {
		t.Errorf("nothing was tried again:\n%s", none)
	}
}

// TestLatencySaysWhatIsSlow: routes that are slow to fail, and slowness before an outage.
func TestLatencySaysWhatIsSlow(t *testing.T) {
	got := strings.Join(strings.Fields(write(t, sound(), "latency", "text", report.Options{Width: 400})), " ")
	for _, want := range []string{"failures take 6,372 ms, answers 212 ms", "in the ten minutes before 2026-11-13 10:07 UTC answers took 4,100 ms", "slower before 1 of 2 outages",
		"api.acme.example 86,000 - - - - - 0"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// TestJSONOfHygiene: whole, and without numbers that JSON does not know.
func TestJSONOfHygiene(t *testing.T) {
	var got struct {
		Retries *struct {
			Total  struct{ Retries, Useless int64 }
			Groups []struct{ Status *int }
			Chains []struct {
				SourceOffset *int64 `json:"source_offset"`
			}
			Storms []struct{ Retries int64 }
		}
		Latency *struct {
			Vendors []struct {
				Answers, Failures *struct {
					MSP50 *float64 `json:"ms_p50"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(write(t, sound(), "retries", "json", report.Options{})), &got); err != nil {
		t.Fatal(err)
	}
	r := got.Retries
	if r == nil || r.Total.Retries != 2029 || len(r.Groups) != 2 || *r.Groups[0].Status != 429 || *r.Chains[0].SourceOffset != 4711 || r.Storms[0].Retries != 101 || got.Latency != nil {
		t.Errorf("got %+v", got)
	}
	if err := json.Unmarshal([]byte(write(t, sound(), "latency", "json", report.Options{})), &got); err != nil {
		t.Fatal(err)
	}
	if v := got.Latency.Vendors; len(v) != 2 || v[0].Answers.MSP50 != nil || v[0].Failures != nil || *v[1].Failures.MSP50 != 30*212.4 {
		t.Errorf("got %+v", v)
	}
}
