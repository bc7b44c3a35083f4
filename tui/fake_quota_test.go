package tui

import (
	"context"
	"math"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// fakeQuota is what the fake knows of allowances.
type fakeQuota struct {
	standing []queries.QuotaStanding
	uses     []queries.QuotaUse
	pressure []queries.RatePressure
}

func (f *fake) QuotaStanding(ctx context.Context, _ queries.Scope) ([]queries.QuotaStanding, error) {
	f.asked.Add(1)
	return f.quota.standing, cmpErr(ctx, f.err)
}

// QuotaCourse grows by the hour as a working day does, up to what is used.
func (f *fake) QuotaCourse(ctx context.Context, k queries.QuotaKey) ([]queries.QuotaHourUse, error) {
	f.asked.Add(1)
	var out []queries.QuotaHourUse
	for _, s := range f.quota.standing {
		if s.Vendor != k.Vendor || s.Name != k.Name || s.Account != k.Account || !s.PeriodStart.Equal(k.From) {
			continue
		}
		var hours []time.Time
		sum, weights := 0.0, []float64(nil)
		for at := k.From.Add(2 * time.Hour).Truncate(time.Hour); at.Before(s.AsOf); at = at.Add(time.Hour) {
			w := 1.2 - math.Cos(float64(at.Hour())/24*2*math.Pi)
			sum += w
			hours, weights = append(hours, at), append(weights, sum)
		}
		for i, at := range hours {
			h := queries.QuotaHourUse{Hour: at, Used: int64(float64(s.Used) * weights[i] / sum), Limit: s.Limit}
			if s.Refusals > 0 && i == len(hours)-1 {
				h.Refusals, h.FirstRefusal = s.Refusals, at.Add(8*time.Minute)
			}
			out = append(out, h)
		}
	}
	return out, cmpErr(ctx, f.err)
}

func (f *fake) QuotaUse(ctx context.Context, _ queries.QuotaKey) ([]queries.QuotaUse, error) {
	f.asked.Add(1)
	return f.quota.uses, cmpErr(ctx, f.err)
}

func (f *fake) RatePressure(ctx context.Context, _ queries.Scope) ([]queries.RatePressure, error) {
	f.asked.Add(1)
	return f.quota.pressure, cmpErr(ctx, f.err)
}

func newFakeQuota() fakeQuota {
	midnight := fakeEnd.Truncate(24 * time.Hour)
	month := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	mk := func(vendor, name, account string, number int64, from, to time.Time, limit, used int64, burn float64, outlook queries.QuotaOutlook, basis string) queries.QuotaStanding {
		s := queries.QuotaStanding{AccountNumber: number, QuotaStatus: queries.QuotaStatus{Vendor: vendor, Name: name, Account: account, PeriodStart: from, PeriodEnd: to,
			Limit: limit, Used: used, Remaining: record.Absent, BurnPerHour: burn, BurnPerHour1h: burn * 1.1, BurnPerHour7d: burn * 0.9, Outlook: outlook, Basis: basis, AsOf: fakeEnd, Counted: used}}
		if limit >= 0 {
			s.Remaining = max(0, limit-used)
		}
		return s
	}
	day := midnight.Add(24 * time.Hour)
	list := []queries.QuotaStanding{
		mk("smartcar", "application", "", 0, month, month.AddDate(0, 1, 0), 500000, 205000, 310, queries.QuotaLasts, "limit: config, used: counted"),
		mk("carsxe", "specs", "12582144751b4d05", 1, midnight, day, 5000, 4812, 214, queries.QuotaRunsOut, "limit: body, used: body and counted"),
		mk("carsxe", "market_value", "d35e5852fbe77592", 2, month, month.AddDate(0, 1, 0), 1828, 1828, 4, queries.QuotaExhausted, "limit: body, used: body"),
		mk("metaapi", "orders", "fleet", 0, fakeEnd.Add(-30*time.Minute), fakeEnd.Add(30*time.Minute), 1000, 220, 220, queries.QuotaLasts, "limit: header, used: header"),
		mk("vision", "", "", 0, month, month.AddDate(0, 1, 0), record.Absent, 48201, 2008, queries.QuotaUnknown, "used: counted"),
		mk("generic", "daily", "", 0, midnight, day, 400, 431, 20, queries.QuotaOver, "limit: header, used: counted"),
		mk("carsxe", "specs", "12582144751b4d05", 1, midnight.Add(-24*time.Hour), midnight, 5000, 5000, 208, queries.QuotaPast, "limit: body, used: body and counted"),
	}
	list[1].ProjectedAt, list[1].ProjectedFrom, list[1].ProjectedTo = fakeEnd.Add(52*time.Minute), fakeEnd.Add(44*time.Minute), fakeEnd.Add(160*time.Minute)
	list[1].Unexplained = 12
	list[2].ExhaustedAt, list[2].Refusals = fakeEnd.Add(-40*time.Hour), 402
	list[5].Host = "api.example.org"
	list[6].AsOf, list[6].ExhaustedAt, list[6].Refusals = midnight, midnight.Add(-90*time.Minute), 31
	return fakeQuota{
		standing: list,
		uses: []queries.QuotaUse{
			{Route: "/specs", Account: "12582144751b4d05", Calls: 3410, Cost: 3410},
			{Route: "/v2/marketvalue", Account: "12582144751b4d05", Calls: 1100, Cost: 1100},
			{Route: "/specs", Account: "12582144751b4d05", Client: "10.0.0.7", Calls: 702, Cost: 302, Refused: 402, Failed: 410},
		},
		pressure: []queries.RatePressure{
			{Vendor: "smartcar", Account: "a1b2c3d4e5f60718", Route: "/v2.0/vehicles/{id}/battery", Refused: 911, Spans: 14, LongestSpanS: 1260, SpansS: 4000, TopClient: "10.0.0.9",
				LeastRemaining: 0, LeastRemainingLimit: 120, LongestWaitS: 60, First: fakeEnd.Add(-8 * time.Hour), Last: fakeEnd.Add(-3 * time.Second)},
			{Vendor: "metaapi", Route: "/v2/orders", LeastRemaining: 37, LeastRemainingLimit: 1000, LongestWaitS: record.Absent},
		},
	}
}

// hostile puts foreign texts wherever they may come from.
func (f *fakeQuota) hostile(text func() string) {
	for i := range f.standing {
		s := &f.standing[i]
		s.Vendor, s.Name, s.Account, s.Basis = text(), text(), text(), text()
		if i%2 == 0 {
			s.Vendor, s.Host = "generic", text()
		}
	}
	for i := range f.uses {
		f.uses[i].Route, f.uses[i].Client, f.uses[i].Account = text(), text(), text()
	}
	for i := range f.pressure {
		r := &f.pressure[i]
		r.Vendor, r.Account, r.Route, r.TopClient = text(), text(), text(), text()
	}
}
