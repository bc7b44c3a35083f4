package demo

import (
	"math/rand/v2"
	"time"

	"github.com/errscope/errscope/record"
)

// simVendor is a vendor of the simulation: the demonstration's, with routes and
// a rhythm of its own.
type simVendor struct {
	*vendor
	routes    []simRoute
	share     int // of all routes
	hours     *[24]uint64
	days      *[7]uint64
	meanMilli uint64 // calls a minute in thousandths, on an even day
	// down are the answers of an outage, usual those of ordinary days.
	down, usual []answer
	// pairedBy says by which key the two sides of an exchange meet.
	pairedBy string

	requests, failures int64 // in the logs

	activeFor time.Time // the minute of activeNow
	activeNow []*episode
}

type simRoute struct {
	route
	template string // as errscope writes it
	// flakyPermille fail as in an outage, on every day; usualPermille otherwise.
	flakyPermille, usualPermille int
	weight                       int
	counted                      bool // a call of it is counted against a quota
}

// The rhythms, in permille of the mean: hours of the day in UTC, days from
// Sunday on.
var (
	officeHours  = [24]uint64{80, 60, 50, 50, 60, 120, 350, 900, 1600, 2100, 2300, 2300, 2000, 2100, 2200, 2100, 1900, 1600, 1200, 900, 650, 450, 250, 130}
	machineHours = [24]uint64{950, 940, 930, 940, 950, 980, 1000, 1030, 1050, 1060, 1060, 1050, 1040, 1040, 1050, 1050, 1040, 1030, 1010, 1000, 990, 980, 970, 960}
	eveningHours = [24]uint64{500, 300, 200, 150, 150, 200, 400, 700, 900, 1000, 1050, 1100, 1200, 1150, 1100, 1150, 1300, 1600, 1900, 2100, 2200, 1900, 1300, 850}
	officeDays   = [7]uint64{400, 1150, 1200, 1200, 1150, 1100, 550}
	machineDays  = [7]uint64{980, 1010, 1010, 1010, 1010, 1000, 980}
	eveningDays  = [7]uint64{1250, 900, 900, 920, 950, 1100, 1300}
)

// simMeansMilli are the calls a minute, in thousandths, that the seed deals out.
var simMeansMilli = []uint64{700, 1500, 4000, 9000, 18000}

func newSimVendors(planning *rand.Rand, percent int) []*simVendor {
	all := []*simVendor{
		{vendor: carsxe, routes: carsxeSimRoutes(), hours: &officeHours, days: &officeDays, down: historyAnswers, usual: usualOf(carsxeAnswers), pairedBy: "client_request_id"},
		{vendor: smartcar, routes: smartcarSimRoutes(), hours: &machineHours, days: &machineDays, down: smartcarDown, usual: usualOf(smartcarAnswers), pairedBy: "trace_span"},
		{vendor: caravanguide, routes: caravanSimRoutes(), hours: &officeHours, days: &officeDays, down: caravanDown, usual: usualOf(caravanAnswers), pairedBy: "request_id"},
		{vendor: acme, routes: acmeSimRoutes(), hours: &eveningHours, days: &eveningDays, down: acmeDown, usual: usualOf(acmeAnswers), pairedBy: "time"},
		{vendor: aionvision, routes: aionSimRoutes(), hours: &officeHours, days: &machineDays, down: aionDown, usual: usualOf(aionAnswers), pairedBy: "request_id"},
	}
	ranks := planning.Perm(len(all))
	for i, v := range all {
		v.meanMilli = max(1, simMeansMilli[ranks[i]]*uint64(percent)/100)
		for _, r := range v.routes {
			v.share += r.weight
		}
	}
	return all
}

// usualOf leaves out what an outage consists of, and refusals for limits, which
// the simulation makes on its own.
func usualOf(all []answer) []answer {
	var kept []answer
	for _, a := range all {
		if a.status < 500 && a.status != 429 || a.category == record.Unsupported {
			kept = append(kept, a)
		}
	}
	return kept
}

func carsxeSimRoutes() []simRoute {
	return []simRoute{
		{route: route{method: "GET", path: "/specs", query: "key={key}&vin={vin}", medianMS: 240, status: 200}, weight: 30, flakyPermille: 3, usualPermille: 12},
		{route: route{method: "GET", path: "/v2/platedecoder", query: "key={key}&plate={plate}&state=CA", medianMS: 410, status: 200}, weight: 14, flakyPermille: 4, usualPermille: 15},
		{route: route{method: "GET", path: historyPath, query: "key={key}&vin={vin}", medianMS: 900, status: 200}, weight: 16, flakyPermille: 8},
		{route: route{method: "GET", path: imagesPath, query: "key={key}&make=toyota&model=tacoma", medianMS: 350, status: 200}, weight: 10, flakyPermille: 3, usualPermille: 8},
		{route: route{method: "GET", path: lienPath, query: "key={key}&vin={vin}", medianMS: 620, status: 200}, weight: 8, flakyPermille: 4, usualPermille: 60},
		{route: route{method: "GET", path: marketPath, query: "key={key}&vin={vin}&mileage=42000", medianMS: 300, status: 200}, weight: 30, flakyPermille: 3, usualPermille: 6, counted: true},
	}
}

func smartcarSimRoutes() []simRoute {
	return []simRoute{
		{route: route{method: "GET", path: "/v2.0/vehicles/{id}/odometer", medianMS: 700, status: 200}, weight: 34, flakyPermille: 6, usualPermille: 20},
		{route: route{method: "GET", path: "/v2.0/vehicles/{id}/location", medianMS: 800, status: 200}, weight: 20, flakyPermille: 6, usualPermille: 20},
		{route: route{method: "GET", path: "/v3/vehicles/{id}/signals", host: 1, medianMS: 520, status: 200}, weight: 30, flakyPermille: 5, usualPermille: 15},
		{route: route{method: "POST", path: "/v2.0/vehicles/{id}/charge", medianMS: 2100, status: 200, body: `{"action":"START"}`}, weight: 10, flakyPermille: 10, usualPermille: 60},
	}
}

func caravanSimRoutes() []simRoute {
	return []simRoute{
		{route: route{method: "GET", path: "/api/v1/valuations/search", query: "manufacturer=Swift&model_name=Challenger&model_year=20{n}", medianMS: 130, status: 200}, weight: 60, flakyPermille: 2, usualPermille: 6, counted: true},
		{route: route{method: "POST", path: "/api/v1/valuations", medianMS: 190, status: 201, body: `{"manufacturer":"Swift","model_name":"Challenger","model_year":2020}`}, weight: 25, flakyPermille: 3, usualPermille: 15, counted: true},
		{route: route{method: "GET", path: "/api/v1/manufacturers", medianMS: 70, status: 200}, weight: 15, flakyPermille: 2, usualPermille: 4, counted: true},
	}
}

// acmeSimRoutes hold the sleepy route: three calls in ten of it fail on every
// day, and that is no outage.
func acmeSimRoutes() []simRoute {
	return []simRoute{
		{route: route{method: "GET", path: "/api/v1/orders/{id}", medianMS: 60, status: 200}, weight: 46, flakyPermille: 3, usualPermille: 12, counted: true},
		{route: route{method: "POST", path: usersPath, medianMS: 85, status: 201}, weight: 22, flakyPermille: 3, usualPermille: 20, counted: true},
		{route: route{method: "POST", path: paymentsPath, medianMS: 320, status: 201}, weight: 14, flakyPermille: 5, usualPermille: 6, counted: true},
		{route: route{method: "GET", path: "/api/v1/shipments/{id}", medianMS: 110, status: 200}, weight: 12, flakyPermille: 3, usualPermille: 6, counted: true},
		{route: route{method: "POST", path: sleepyPath, medianMS: 2400, status: 202}, weight: 12, flakyPermille: 300, counted: true},
	}
}

func aionSimRoutes() []simRoute {
	return []simRoute{
		{route: route{method: "POST", path: searchPath, medianMS: 1700, status: 200, body: `{"query":"dents on the left door","limit":20}`}, weight: 44, flakyPermille: 8, usualPermille: 12, counted: true},
		{route: route{method: "POST", path: uploadPath, medianMS: 2600, status: 201}, weight: 18, flakyPermille: 8, usualPermille: 20, counted: true},
		{route: route{method: "GET", path: "/api/v2/files", query: "limit=50", medianMS: 140, status: 200}, weight: 24, flakyPermille: 3, usualPermille: 6, counted: true},
		{route: route{method: "GET", path: rulePath, medianMS: 95, status: 200}, template: "/api/v2/rules/{id}", weight: 10, flakyPermille: 3, usualPermille: 25, counted: true},
		{route: route{method: "GET", path: usagePath, medianMS: 60, status: 200}, weight: 3, flakyPermille: 2},
	}
}

const (
	sleepyPath = "/api/v1/reports"
	usagePath  = "/api/v2/usage/summary"
)

// The answers of outages, beside those of the demonstration.
var (
	smartcarDown = []answer{
		{share: 5, status: 502, kind: "UPSTREAM", code: "NO_RESPONSE", message: "The maker's cloud did not answer.", resolution: "RETRY_LATER", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 4, status: 500, kind: "SERVER", code: "INTERNAL", message: "Something went wrong inside.", resolution: "RETRY_LATER", category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor},
	}
	caravanDown = []answer{
		{share: 5, status: 503, code: "api_platform_disabled", message: "The API platform is switched off for now.", category: record.Unavailable, retry: record.RetryWhenAvailable, fault: record.FaultVendor},
		{share: 5, status: 500, code: "internal_error", message: "An unexpected server error occurred. Include the X-Request-Id when contacting support.", category: record.Server, retry: record.RetryBackoffOnce, fault: record.FaultVendor, support: true},
	}
	acmeDown = []answer{
		{share: 7, status: 503, code: "SERVICE_UNAVAILABLE", message: "The service is temporarily unavailable. Please try again later.", category: record.Unavailable, retry: record.RetryBackoff, fault: record.FaultVendor},
		{share: 3, status: 500, code: "INTERNAL_SERVER_ERROR", message: "An unexpected error occurred. Please try again later.", category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor},
	}
	aionDown = []answer{
		{share: 8, status: 503, code: "VLM_PROVIDER_ERROR", message: "AI vision provider encountered an error during analysis", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 3, status: 500, code: "INTERNAL_ERROR", message: "An internal error occurred", category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor},
	}
	// timedOut and noConnection come from our own side of the wire: a proxy
	// answers 504 or 502 for them, a program that calls by itself has no status.
	timedOut     = answer{status: 0, transport: "context deadline exceeded (Client.Timeout exceeded while awaiting headers)", category: record.Timeout, retry: record.RetryBackoff, fault: record.FaultVendor, tookMS: 30000}
	noConnection = answer{status: 0, transport: "dial tcp: connect: connection refused", category: record.Unavailable, retry: record.RetryBackoff, fault: record.FaultVendor, tookMS: 20}
)

// rateMilli is the mean of calls in a minute, in thousandths.
func (v *simVendor) rateMilli(minute time.Time) uint64 {
	// Half way to the next hour's figure by the minute, so that no step shows.
	hour, next := v.hours[minute.Hour()], v.hours[(minute.Hour()+1)%24]
	m := uint64(minute.Minute())
	return v.meanMilli * ((60-m)*hour + m*next) / 60 * v.days[minute.Weekday()] / 1_000_000
}

func (r *simRoute) name() string {
	if r.template != "" {
		return r.template
	}
	return r.path
}

// pickRoute draws one by weight.
func (v *simVendor) pickRoute(random *rand.Rand) *simRoute {
	n := random.IntN(v.share)
	for i := range v.routes {
		if n -= v.routes[i].weight; n < 0 {
			return &v.routes[i]
		}
	}
	return &v.routes[0]
}

func (v *simVendor) find(path string) *simRoute {
	for i := range v.routes {
		if v.routes[i].path == path {
			return &v.routes[i]
		}
	}
	return nil
}

// pickAnswer draws an answer that the route can give, nil where it has none. An
// answer without a share has one of 1.
func pickAnswer(random *rand.Rand, all []answer, path string) *answer {
	sum := 0
	for i := range all {
		if all[i].on == "" || all[i].on == path {
			sum += max(1, all[i].share)
		}
	}
	if sum == 0 {
		return nil
	}
	n := random.IntN(sum)
	for i := range all {
		if all[i].on == "" || all[i].on == path {
			if n -= max(1, all[i].share); n < 0 {
				return &all[i]
			}
		}
	}
	return nil
}
