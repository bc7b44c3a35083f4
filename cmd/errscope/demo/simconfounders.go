package demo

import (
	"math/rand/v2"
	"time"

	"github.com/errscope/errscope/record"
)

// confounderKind says how something is made that looks like an outage.
type confounderKind struct {
	name               string
	vendor             *vendor // nil for any
	all                bool    // it hits every vendor
	route              string
	minMinutes, maxMin int
	permille           int
	boostPercent       uint64
	minCalls, maxCalls int
	night              bool
	bodiesOnly         bool
	slowTimes          int
	answers            []answer
}

var confounderKinds = []confounderKind{
	{name: "deploy_validation", vendor: carsxe, route: imagesPath, minMinutes: 30, maxMin: 70, permille: 950, boostPercent: 150, bodiesOnly: true, minCalls: 8, answers: []answer{imagesAnswer}},
	{name: "storm_501", vendor: smartcar, route: "/v3/vehicles/{id}/signals", minMinutes: 30, maxMin: 90, permille: 800, boostPercent: 200, minCalls: 20,
		answers: []answer{{share: 1, status: 501, kind: "COMPATIBILITY", code: "VEHICLE_NOT_CAPABLE", message: "This demo vehicle has no such sensor.", category: record.Unsupported, retry: record.RetryNever, fault: record.FaultNone}}},
	{name: "storm_409", vendor: smartcar, minMinutes: 40, maxMin: 120, permille: 600, boostPercent: 150, minCalls: 30,
		answers: []answer{{share: 1, status: 409, kind: "VEHICLE_STATE", code: "ASLEEP", message: "The demo vehicle sleeps.", category: record.State, retry: record.RetryAfterStateChange, fault: record.FaultResource}}},
	{name: "storm_404", vendor: acme, route: "/api/v1/orders/{id}", minMinutes: 20, maxMin: 60, permille: 850, boostPercent: 300, minCalls: 20,
		answers: []answer{{share: 1, status: 404, code: "RESOURCE_NOT_FOUND", message: "The requested resource could not be found.", category: record.NotFound, retry: record.RetryNever, fault: record.FaultCaller}}},
	{name: "expired_token", vendor: caravanguide, minMinutes: 20, maxMin: 50, permille: 960, boostPercent: 150, minCalls: 15, answers: []answer{expiredAnswer}},
	{name: "rate_limit_burst", vendor: aionvision, minMinutes: 5, maxMin: 25, permille: 700, boostPercent: 400, minCalls: 5,
		answers: []answer{{share: 1, status: 429, code: "RATE_LIMIT_ERROR", message: "Rate limit exceeded: 100 calls per 60 seconds", retryAfterS: 5, category: record.RateLimit, retry: record.RetryAfterReset, fault: record.FaultCaller}}},
	{name: "own_network", all: true, minMinutes: 8, maxMin: 25, permille: 970, answers: []answer{noConnection}},
	{name: "log_hole", all: true, minMinutes: 20, maxMin: 150},
	{name: "surge", minMinutes: 20, maxMin: 60, boostPercent: 400, minCalls: 50},
	{name: "slow", minMinutes: 30, maxMin: 90, slowTimes: 8, minCalls: 50},
	{name: "planned_maintenance", vendor: caravanguide, minMinutes: 30, maxMin: 60, permille: 1000, minCalls: 10,
		answers: []answer{{share: 1, status: 503, code: "api_platform_disabled", message: "The API platform is switched off for now.", category: record.Unavailable, retry: record.RetryWhenAvailable, fault: record.FaultVendor}}},
	{name: "few_at_night", minMinutes: 3, maxMin: 12, permille: 700, minCalls: 2, maxCalls: 3, night: true, answers: []answer{noConnection}},
}

func (s *sim) planConfounder(r *rand.Rand, k *confounderKind) {
	span := int(s.end.Sub(s.start)/time.Minute) - (learningHours+6)*60
	for range placeTries {
		v := s.vendors[r.IntN(len(s.vendors))]
		if k.vendor != nil {
			v = s.vendor(k.vendor)
		}
		from := s.start.Add(learningHours*time.Hour + time.Duration(r.IntN(span))*time.Minute)
		to := from.Add(time.Duration(k.minMinutes+r.IntN(k.maxMin-k.minMinutes+1)) * time.Minute)
		e := &episode{kind: k.name, vendor: v, route: k.route, from: from, to: to, peakPermille: k.permille, answers: k.answers,
			boostPercent: k.boostPercent, bodiesOnly: k.bodiesOnly, slowTimes: k.slowTimes}
		asks := v
		if k.all {
			e.vendor, asks = nil, nil
		}
		calls := s.expect(v, k.route, from, to)
		if calls < k.minCalls || k.maxCalls > 0 && calls > k.maxCalls ||
			k.night && (from.Hour() < 1 || from.Hour() > 4) || !s.free(asks, from, to) {
			continue
		}
		s.episodes = append(s.episodes, e)
		return
	}
}
