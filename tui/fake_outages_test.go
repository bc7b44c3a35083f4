package tui

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/errscope/errscope/queries"
)

// fakeOutages is what the fake knows of outages.
type fakeOutages struct {
	list   queries.OutageList
	around queries.OutageEvidence
}

func (f *fake) Outages(ctx context.Context, _ queries.Scope) (queries.OutageList, error) {
	f.asked.Add(1)
	return f.outages.list, cmpErr(ctx, f.err)
}

// OutageCourse fails nearly always from the start of the window on, with a hole
// in the log.
func (f *fake) OutageCourse(ctx context.Context, k queries.OutageKey, stepMinutes int) ([]queries.OutageSpan, error) {
	f.asked.Add(1)
	var out []queries.OutageSpan
	whole := k.To.Sub(k.From)
	for i, at := 0, k.From; at.Before(k.To); i, at = i+1, at.Add(time.Duration(stepMinutes)*time.Minute) {
		part := float64(at.Sub(k.From)) / float64(whole)
		s := queries.OutageSpan{Start: at, Calls: 100, Failed: int64(1 + i%3)}
		if part > 0.3 && part < 0.8 {
			s.Failed = int64(80 + 14*math.Sin(float64(i)/3))
		}
		if part > 0.1 && part < 0.15 {
			continue
		}
		out = append(out, s)
	}
	return out, cmpErr(ctx, f.err)
}

func (f *fake) OutageEvidence(ctx context.Context, k queries.OutageKey) (queries.OutageEvidence, error) {
	f.asked.Add(1)
	e := f.outages.around
	if k.Vendor == "" {
		e.Answers = nil
	}
	return e, cmpErr(ctx, f.err)
}

func newFakeOutages() fakeOutages {
	mk := func(id int64, vendor, host, route string, ago, lasted time.Duration, requests, failures int64, peak float64, code string) queries.OutageRow {
		w := queries.OutageRow{Score: 2567.2, Why: count(failures) + " of " + count(requests) + " requests failed, usually 0.8 %",
			Codes:      `[{"code":"` + code + `","rows":3990},{"code":"INTERNAL","rows":112}]`,
			Routes:     `["/v1/detect","/v1/models"]`,
			RequestIDs: `["9b1d-44e0","9b1d-44e7","9b1d-4501","9b1d-4502","9b1d-4503"]`, Unreached: 112,
			WindowRow: queries.WindowRow{WindowID: id, Vendor: vendor, Host: host, Route: route, StartedAt: fakeEnd.Add(-ago), Requests: requests, Failures: failures,
				BaselineRatio: 0.008, PeakRatio: peak, PeakAt: fakeEnd.Add(-ago / 2), TopCode: code, Accounts: 2}}
		if lasted > 0 {
			w.EndedAt = w.StartedAt.Add(lasted)
		}
		return w
	}
	f := fakeOutages{list: queries.OutageList{Last: fakeEnd, Windows: []queries.OutageRow{
		mk(21, "vision", "", "/v1/detect", 37*time.Minute+50*time.Second, 0, 4360, 4102, 0.94, "503 detail"),
		mk(22, "smartcar", "", "/v2.0/vehicles/{id}/battery", 6*time.Minute, 0, 268, 110, 0.41, "504"),
		mk(23, "metaapi", "", "/v2/orders", 6*time.Hour+48*time.Minute, 19*time.Minute, 600, 402, 0.67, "UPSTREAM_TIMEOUT"),
		mk(24, "carsxe", "", "", 13*time.Hour+54*time.Minute, 4*time.Minute, 90, 88, 1, "upstream"),
		mk(25, "unknown", "api.example.org", "", 20*time.Hour, 34*time.Minute, 700, 690, 1, "unavailable"),
	}, Local: []queries.LocalOutage{{WindowID: 31, StartedAt: fakeEnd.Add(-10 * time.Hour), EndedAt: fakeEnd.Add(-10*time.Hour + 21*time.Minute),
		Vendors: `["carsxe","smartcar","vision"]`, Requests: 574, Failures: 552, Why: "552 of 574 calls to 3 vendors failed, none of which gave a response: the network on our side"}}}}
	f.list.Windows[4].Planned, f.list.Windows[4].Note = true, "announced by mail"
	f.around = queries.OutageEvidence{
		Traffic: []queries.OutageTraffic{
			{Vendor: "vision", Route: "/v1/detect", Own: true, Calls: 4360, Failed: 4102, CallsBefore: 90000, FailedBefore: 360},
			{Vendor: "vision", Route: "/v1/models", Own: true, Calls: 211, CallsBefore: 8000, FailedBefore: 10},
			{Vendor: "smartcar", Calls: 9120, Failed: 20, CallsBefore: 402118, FailedBefore: 900},
			{Vendor: "carsxe", Calls: 4011, Failed: 9, CallsBefore: 211904, FailedBefore: 500},
		},
		Answers: []queries.OutageAnswers{
			{Phase: "before", Calls: 5200, Failed: 21, DurationMSP50: 120, DurationMSP95: 310, FirstWell: fakeEnd.Add(-97 * time.Minute), LastWell: fakeEnd.Add(-38 * time.Minute), WaitSP50: math.NaN()},
			{Phase: "during", Calls: 4360, Failed: 4102, DurationMSP50: 900, DurationMSP95: 29804, FirstWell: fakeEnd.Add(-36 * time.Minute), LastWell: fakeEnd.Add(-time.Minute), Waits: 3990, WaitSP50: 30},
		},
	}
	return f
}

// hostile puts foreign texts wherever they may come from.
func (f *fakeOutages) hostile(text func() string) {
	list := func() string {
		b, err := json.Marshal([]string{text(), text(), text(), text(), text()})
		if err != nil {
			return text()
		}
		return string(b)
	}
	for i := range f.list.Windows {
		w := &f.list.Windows[i]
		w.Vendor, w.Route, w.TopCode, w.Note, w.Why = text(), text(), text(), text(), text()
		w.Routes, w.RequestIDs = list(), list()
		if b, err := json.Marshal([]codeCount{{text(), 3}, {text(), 2}}); err == nil {
			w.Codes = string(b)
		}
		if i == 1 {
			w.Codes, w.RequestIDs, w.Vendor, w.Host = text(), text(), "unknown", text()
		}
	}
	for i := range f.list.Local {
		f.list.Local[i].Vendors, f.list.Local[i].Why = list(), text()
	}
	for i := range f.around.Traffic {
		t := &f.around.Traffic[i]
		t.Vendor, t.Host, t.Route = text(), text(), text()
	}
}
