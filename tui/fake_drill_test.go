package tui

import (
	"context"
	"math"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// fakeDrill answers the questions of the overview, the vendors and the single
// exchanges; its fields may be changed by a test before they are asked.
type fakeDrill struct {
	now     queries.RightNow
	rejects []queries.Reject
	board   queries.VendorBoard
	lines   []queries.ExchangeLine
	near    []queries.Neighbour
	explain string
}

func (f *fake) RightNow(ctx context.Context, s queries.Scope) (queries.RightNow, error) {
	now := f.drill.now
	now.Compared = !s.Since.IsZero()
	return now, cmpErr(ctx, f.err)
}

func (f *fake) Rejects(ctx context.Context) ([]queries.Reject, error) {
	f.asked.Add(1)
	return f.drill.rejects, cmpErr(ctx, f.err)
}

func (f *fake) VendorBoard(ctx context.Context, _ queries.Scope) (queries.VendorBoard, error) {
	f.asked.Add(1)
	return f.drill.board, cmpErr(ctx, f.err)
}

func (f *fake) Exchanges(ctx context.Context, _ queries.Scope, k queries.GroupKey) ([]queries.ExchangeLine, error) {
	f.asked.Add(1)
	if f.drill.lines != nil {
		return f.drill.lines, cmpErr(ctx, f.err)
	}
	var out []queries.ExchangeLine
	for i := range 40 {
		x := fakeExchange(f.groups, k, i)
		out = append(out, queries.ExchangeLine{Place: placeOf(&x), TS: x.TS, Method: x.Method, Host: x.Host, Route: x.Route, Status: x.Status, Category: x.Category,
			Code: x.Code, DurationMS: x.DurationMS, Account: x.Account, Client: "10.0.0." + count(int64(i%7)), RequestID: x.RequestID, SourcePath: x.SourcePath})
	}
	return out, cmpErr(ctx, f.err)
}

// Exchange finds a sample of any group, or a success among the neighbours.
func (f *fake) Exchange(ctx context.Context, at queries.Place) ([]queries.Exchange, error) {
	f.asked.Add(1)
	for i := range f.samples {
		if placeOf(&f.samples[i]) == at {
			return f.samples[i : i+1], cmpErr(ctx, f.err)
		}
	}
	for _, n := range f.drill.near {
		if n.Place == at && n.Category == "" {
			return []queries.Exchange{{TS: n.TS, Vendor: "smartcar", Host: "api.smartcar.com", Method: n.Method, Route: n.Route, Status: n.Status,
				RetryAfterS: record.Absent, DurationMS: n.DurationMS, Bytes: 1204, QuotaLimit: record.Absent, QuotaUsed: record.Absent, QuotaRemaining: record.Absent,
				SourceID: at.SourceID, SourceOffset: at.SourceOffset, SourcePath: "logs/gateway-2026-11-20.jsonl.gz"}}, cmpErr(ctx, f.err)
		}
	}
	i := int((81234567 - at.SourceOffset) / 900)
	if len(f.groups) < 2 || i < 0 || i > 100 {
		return nil, cmpErr(ctx, f.err)
	}
	return []queries.Exchange{fakeExchange(f.groups, f.groups[1].GroupKey, i)}, cmpErr(ctx, f.err)
}

func (f *fake) Neighbours(ctx context.Context, x queries.Exchange) ([]queries.Neighbour, error) {
	f.asked.Add(1)
	base, own := x.TS, true
	for _, n := range f.drill.near {
		if n.Place == placeOf(&x) {
			base, own = x.TS.Add(-n.TS.Sub(fakeEnd)), false
		}
	}
	var out []queries.Neighbour
	for _, n := range f.drill.near {
		n.TS = base.Add(n.TS.Sub(fakeEnd))
		if n.Place == (queries.Place{}) && own {
			n.Place, n.Status, n.Category, n.Code, n.RequestID = placeOf(&x), x.Status, x.Category, x.Code, x.RequestID
		}
		out = append(out, n)
	}
	return out, cmpErr(ctx, f.err)
}

func (f *fake) Explain(ctx context.Context, _ queries.Place) (string, error) {
	f.asked.Add(1)
	return f.drill.explain, cmpErr(ctx, f.err)
}

func newFakeDrill(o queries.Overview) fakeDrill {
	ago := func(d time.Duration) time.Time { return fakeEnd.Add(-d) }
	windows := []queries.WindowRow{
		{WindowID: 21, Vendor: "vision", Route: "/v1/detect", StartedAt: ago(38 * time.Minute), Requests: 4360, Failures: 4102, BaselineRatio: 0.004, PeakRatio: 0.94, PeakAt: ago(20 * time.Minute), TopCode: "503 detail", Accounts: 1},
		{WindowID: 22, Vendor: "smartcar", Route: "/battery", StartedAt: ago(6 * time.Minute), Requests: 300, Failures: 110, BaselineRatio: 0.01, PeakRatio: 0.41, PeakAt: ago(3 * time.Minute), TopCode: "504", Accounts: 2},
		{WindowID: 23, Vendor: "metaapi", Route: "/v2/orders", StartedAt: ago(7 * time.Hour), EndedAt: ago(6*time.Hour + 41*time.Minute), Requests: 600, Failures: 402, BaselineRatio: math.NaN(), PeakRatio: 0.67, PeakAt: ago(6*time.Hour + 50*time.Minute), TopCode: "UPSTREAM_TIMEOUT"},
	}
	midnight := fakeEnd.Truncate(24 * time.Hour)
	quotas := []queries.QuotaRow{
		{Vendor: "carsxe", Account: "12582144751b4d05", Name: "specs", PeriodStart: midnight, PeriodEnd: midnight.Add(24 * time.Hour), Limit: 5000, Used: 4812, Remaining: 188, BurnPerHour: 214, ProjectedExhaustionAt: fakeEnd.Add(52 * time.Minute), AsOf: fakeEnd, Basis: "limit: config, used: counted"},
		{Vendor: "smartcar", Account: "a1b2c3", Name: "application", PeriodStart: midnight, PeriodEnd: midnight.Add(240 * time.Hour), Limit: 500000, Used: 205000, Remaining: 295000, BurnPerHour: 310, AsOf: fakeEnd, Basis: "limit: config, used: counted"},
	}
	d := fakeDrill{now: queries.RightNow{Windows: windows, Quotas: quotas}}
	for i, f := range o.Faults {
		d.now.Trends = append(d.now.Trends, queries.FaultTrend{Fault: f.Fault, Category: f.Category, Retry: f.Retry, Failures: f.Failures, Trend: fakeTrend(i+3, 3+2*i)})
		d.now.Before = append(d.now.Before, queries.FaultRow{Fault: f.Fault, Category: f.Category, Retry: f.Retry, Failures: f.Failures/2 + int64(i*40)})
	}
	for i, reason := range []string{"not JSON", "no status in the line", "line longer than 16 MB"} {
		for k := range 4 {
			d.rejects = append(d.rejects, queries.Reject{Path: "logs/egress/access.log", SourceID: int64(i), SourceOffset: int64(90210 + k*811), Line: int64(1204 + k*9),
				Reason: reason, Sample: `{"time":"2026-11-20T15:41:07Z","url":"https://api.smartcar.com/v2.0/vehic`})
		}
	}
	d.board = fakeBoard(o, windows, quotas)
	near := func(after time.Duration, status int, c record.Category, code, id string, ms float64, offset int64) queries.Neighbour {
		return queries.Neighbour{Place: queries.Place{SourceID: 3, SourceOffset: offset}, TS: fakeEnd.Add(after), Method: "GET", Host: "api.smartcar.com", Route: "/v2.0/vehicles/{id}/battery",
			Status: status, Category: c, Code: code, RequestID: id, DurationMS: ms, SameRequest: true}
	}
	d.near = []queries.Neighbour{
		near(-2*time.Hour, 200, "", "", "", 655, 100), near(-31*time.Second, 409, record.State, "VEHICLE_STATE:ASLEEP", "req_7f2a02", 780, 200),
		near(0, 409, record.State, "VEHICLE_STATE:ASLEEP", "req_7f2a91", 812, 0), near(900*time.Millisecond, 200, "", "", "", 90, 300), near(62*time.Second, 200, "", "", "", 640, 400),
	}
	d.near[2].Place = queries.Place{}
	d.near[3].SameRequest, d.near[3].SameTrace, d.near[3].Host, d.near[3].Route = false, true, "auth.smartcar.com", "/oauth/token"
	d.explain = "vendor      smartcar (pack 3)\nwhat        state VEHICLE_STATE:ASLEEP\nevidence    host api.smartcar.com\n"
	return d
}

func fakeBoard(o queries.Overview, windows []queries.WindowRow, quotas []queries.QuotaRow) queries.VendorBoard {
	b := queries.VendorBoard{Windows: windows, Quotas: quotas, First: o.Totals.First, Last: o.Totals.Last}
	for i, v := range o.Vendors {
		vendor, host := v.Vendor, ""
		if !known(v.Vendor) {
			vendor, host = "", v.Host
		}
		b.Codes = append(b.Codes, queries.VendorCode{Vendor: vendor, Host: host, Part: queries.VendorPartCode, Name: v.TopCode, Failures: v.Failures / 2, Place: 1},
			queries.VendorCode{Vendor: vendor, Host: host, Part: queries.VendorPartCode, Name: "422 detail", Failures: 21, Place: 2},
			queries.VendorCode{Vendor: vendor, Host: host, Part: queries.VendorPartRoute, Name: "POST /v1/detect", Failures: v.Failures / 2, Place: 1})
		if known(v.Vendor) {
			b.Packs = append(b.Packs, queries.VendorPack{Vendor: v.Vendor, PackVersion: "3", SupportURL: "https://" + v.Vendor + ".example/support"})
		}
		for slot := range queries.VendorSlotsMax {
			if slot >= 40 && slot < 44 { // a hole in the logs
				continue
			}
			s := queries.VendorSlot{Vendor: vendor, Host: host, Slot: int64(slot)}
			calls := s
			calls.Last = b.First.Add(time.Duration(slot+1) * 15 * time.Minute)
			calls.Requests = v.Requests / queries.VendorSlotsMax
			peak := math.Exp(-math.Pow(float64(slot-80+6*i), 2) / 40)
			down, limit, fix, other := s, s, s, s
			down.Category, down.Retry, down.Fault, down.Outage = record.Unavailable, record.RetryWhenAvailable, record.FaultVendor, true
			down.Failures = int64(peak * float64(v.Outage) / 12)
			limit.Category, limit.Retry, limit.Fault = record.RateLimit, record.RetryAfterReset, record.FaultCaller
			limit.Failures = int64(2 + i)
			fix.Category, fix.Retry, fix.Fault = record.Validation, record.RetryFixRequest, record.FaultCaller
			fix.Failures = int64(float64(3*i) * peak)
			other.Category, other.Retry, other.Fault = record.UnknownCategory, record.RetryUnknown, record.FaultUnknown
			other.Failures = int64(i % 2)
			for _, f := range []*queries.VendorSlot{&down, &limit, &fix, &other} {
				f.RequestIDs = f.Failures
				if f.Failures > 0 {
					b.Slots = append(b.Slots, *f)
				}
			}
			b.Slots = append(b.Slots, calls)
		}
	}
	return b
}
