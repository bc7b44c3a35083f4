package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// quiet are thresholds that ask for nothing.
func quiet() Thresholds { return Thresholds{NewCodes: -1, Rejects: -1} }

func TestGate(t *testing.T) {
	last := time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	facts := GateFacts{
		Last: last,
		Read: queries.GateRead{Lines: 1000, Rejected: 20, Newest: last}, Now: last.Add(3 * time.Hour),
		Vendors: []queries.VendorRow{
			{Vendor: "carsxe", Requests: 1000, Failures: 60},
			{Vendor: "planned", Requests: 1000, Failures: 300},
			{Vendor: "few", Requests: 3, Failures: 2},
			{Vendor: record.VendorUnknown, Host: "api.acme.example", Requests: 100, Failures: 10},
		},
		Quotas: []queries.QuotaRow{
			{Vendor: "carsxe", Name: "market_value", PeriodEnd: last.Add(time.Hour), Limit: 5000, Used: 4800, Remaining: 200},
			{Vendor: "carsxe", Name: "market_value", PeriodEnd: last, Limit: 5000, Used: 5000, Remaining: 0}, // over
			{Vendor: "smartcar", Name: "no limit", Limit: record.Absent, Remaining: record.Absent},
		},
		Windows: []queries.WindowRow{
			{Vendor: "planned", Requests: 320, Failures: 298, StartedAt: last, Planned: true},
			{Vendor: "carsxe", Route: "GET /specs", Requests: 40, Failures: 39, StartedAt: last},
			{Vendor: "carsxe", StartedAt: last.Add(-time.Hour), EndedAt: last},
		},
		Changes: queries.Changes{List: []queries.Change{{Kind: queries.ChangeNew, CodeChange: queries.CodeChange{Vendor: "carsxe", Code: "E1", Failures: 4, First: last}},
			{Kind: queries.ChangeMore, CodeChange: queries.CodeChange{Vendor: "carsxe", Code: "E2"}}}},
		Support: []queries.SupportGroup{{Vendor: "smartcar", Code: "INTERNAL", Failures: 3, First: last}, {Vendor: "carsxe", Failures: 9, InOutage: 9}},
	}
	for _, c := range []struct {
		name string
		set  func(*Thresholds)
		want []string // check vendor what
	}{
		{"nothing asked", func(*Thresholds) {}, nil},
		{"ratio for all", func(t *Thresholds) { t.FailureRatio = map[string]float64{"": 0.05}; t.CallsMin = 20 },
			[]string{"failure_ratio api.acme.example ", "failure_ratio carsxe "}},
		{"ratio of one", func(t *Thresholds) { t.FailureRatio = map[string]float64{"": 0.05, "carsxe": 0.06}; t.CallsMin = 20 },
			[]string{"failure_ratio api.acme.example "}},
		{"ratio only of one", func(t *Thresholds) { t.FailureRatio = map[string]float64{"few": 0.5} }, []string{"failure_ratio few "}},
		{"quota", func(t *Thresholds) { t.QuotaLeft = map[string]float64{"": 0.1} }, []string{"quota_left carsxe market_value"}},
		{"quota, enough", func(t *Thresholds) { t.QuotaLeft = map[string]float64{"": 0.04} }, nil},
		{"fresh enough", func(t *Thresholds) { t.Fresh = 3 * time.Hour }, nil},
		{"stale", func(t *Thresholds) { t.Fresh = 2 * time.Hour }, []string{"fresh  "}},
		{"outage", func(t *Thresholds) { t.OpenOutage = true }, []string{"open_outage carsxe GET /specs"}},
		{"new code", func(t *Thresholds) { t.NewCodes = 0 }, []string{"new_codes carsxe E1"}},
		{"new code, one allowed", func(t *Thresholds) { t.NewCodes = 1 }, nil},
		{"rejects", func(t *Thresholds) { t.Rejects = 0.01 }, []string{"rejects  "}},
		{"rejects, at the limit", func(t *Thresholds) { t.Rejects = 0.02 }, nil},
		{"support", func(t *Thresholds) { t.ContactSupport = true }, []string{"contact_support smartcar INTERNAL"}},
	} {
		limits := quiet()
		c.set(&limits)
		var got []string
		for _, r := range Gate(limits, facts) {
			got = append(got, string(r.Check)+" "+r.Vendor+" "+r.What)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if all := Gate(Thresholds{FailureRatio: map[string]float64{"": 0}, QuotaLeft: map[string]float64{"": 1}, OpenOutage: true, ContactSupport: true}, GateFacts{}); len(all) > 0 {
		t.Errorf("nothing gives %+v", all)
	}
}

// TestGateExcuses: what somebody knows of counts for nothing, as far as they
// know of it.
func TestGateExcuses(t *testing.T) {
	last := time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	group := func(vendor, code string, failures int64) queries.FailureGroup {
		return queries.FailureGroup{GroupKey: queries.GroupKey{Vendor: vendor, Code: code, Category: record.Server}, Failures: failures}
	}
	known := func(party string, from, to time.Duration, failures, calls int64) KnownTime {
		return KnownTime{Party: party, From: last.Add(from), To: last.Add(to), Vendors: []queries.VendorRow{{Vendor: "a", Requests: calls, Failures: failures}},
			Groups:  []queries.FailureGroup{group("a", "E1", failures)},
			Support: []queries.SupportGroup{{Vendor: "a", Code: "E1", Category: record.Server, Failures: failures}}}
	}
	facts := GateFacts{Last: last, Span: 24 * time.Hour, Vendors: []queries.VendorRow{{Vendor: "a", Requests: 100, Failures: 40}},
		Windows: []queries.WindowRow{{Vendor: "a", StartedAt: last.Add(-time.Hour), Requests: 50, Failures: 40}},
		Changes: queries.Changes{List: []queries.Change{{Kind: queries.ChangeNew, CodeChange: queries.CodeChange{Vendor: "a", Code: "E1", Category: record.Server, Failures: 40}}}},
		Support: []queries.SupportGroup{{Vendor: "a", Code: "E1", Category: record.Server, Failures: 40}},
		Groups:  []queries.FailureGroup{group("a", "E1", 30), group("a", "E1", 10)}}
	all := Thresholds{FailureRatio: map[string]float64{"": 0}, OpenOutage: true, ContactSupport: true, Rejects: -1}
	for _, c := range []struct {
		name         string
		known        []KnownTime
		acknowledged float64 // a day, 0 is not
		want         string  // check:part/whole …
	}{
		{"nothing", nil, 0, "failure_ratio:40/100 open_outage:40/50 new_codes:40/0 contact_support:40/0"},
		{"a part", []KnownTime{known("a", -time.Hour, -time.Minute, 15, 20)}, 0, "failure_ratio:25/80 open_outage:40/50 new_codes:25/0 contact_support:25/0"},
		{"all", []KnownTime{known("a", -time.Hour, time.Hour, 40, 60)}, 0, ""},
		{"all, of everybody", []KnownTime{known("", -time.Hour, time.Hour, 40, 60)}, 0, ""},
		{"another's", []KnownTime{known("b", -time.Hour, time.Hour, 40, 60)}, 0, "failure_ratio:40/100 open_outage:40/50 new_codes:40/0 contact_support:40/0"},
		{"its own before that of everybody", []KnownTime{known("", -time.Hour, time.Hour, 40, 60), known("a", -time.Hour, -time.Minute, 15, 20)}, 0,
			"failure_ratio:25/80 open_outage:40/50 new_codes:25/0 contact_support:25/0"},
		{"began before", []KnownTime{known("a", -time.Minute, time.Hour, 0, 0)}, 0, "failure_ratio:40/100 open_outage:40/50 new_codes:40/0 contact_support:40/0"},
		{"acknowledged", nil, 30, "open_outage:40/50 new_codes:40/0"}, // new codes are left out where changes are asked for
		{"grown", nil, 20, "failure_ratio:40/100 open_outage:40/50 new_codes:40/0 contact_support:40/0"},
		{"grown only with the planned part", []KnownTime{known("a", -time.Hour, -time.Minute, 15, 20)}, 20, "open_outage:40/50 new_codes:25/0"},
	} {
		f := facts
		f.Known = c.known
		if c.acknowledged > 0 {
			f.Acknowledged = []queries.Acknowledgement{{Vendor: "a", Code: "E1", PerDay: c.acknowledged}}
		}
		var got []string
		for _, r := range Gate(all, f) {
			got = append(got, fmt.Sprintf("%s:%d/%d", r.Check, r.Part, r.Whole))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
