package demo

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
)

// vendor is a company whose API the fleet calls.
type vendor struct {
	name  string // of the pack that knows it, "generic" where none does
	hosts []string
	// peer is the address of its front, from a range for documentation.
	peer   string
	routes []route
	// captured are its failures where the response's body is logged, bare where
	// only the status is.
	captured, bare []answer
	// idHeader carries the vendor's request id, where it has one.
	idHeader string
}

// route is one endpoint. In path and query stand {vin}, {plate}, {id}, {n} and
// {key}.
type route struct {
	method, path, query string
	host                int // of the vendor's hosts
	share               int
	medianMS            int
	status              int // of success
	body                string
}

// vendors are the five, in a fixed order.
var vendors = []*vendor{carsxe, smartcar, caravanguide, acme, aionvision}

var carsxe = &vendor{name: "carsxe", hosts: []string{"api.carsxe.com"}, peer: "203.0.113.10:443", captured: carsxeAnswers, bare: carsxeBare,
	routes: []route{
		{method: "GET", path: "/specs", query: "key={key}&vin={vin}", share: 40, medianMS: 240, status: 200},
		{method: "GET", path: "/v2/platedecoder", query: "key={key}&plate={plate}&state=CA", share: 18, medianMS: 410, status: 200},
		{method: "GET", path: historyPath, query: "key={key}&vin={vin}", share: 14, medianMS: 900, status: 200},
		{method: "GET", path: "/images", query: "key={key}&make=toyota&model=tacoma", share: 10, medianMS: 350, status: 200},
		{method: "GET", path: "/v1/lien-theft", query: "key={key}&vin={vin}", share: 10, medianMS: 620, status: 200},
		{method: "GET", path: marketPath, query: "key={key}&vin={vin}&mileage=42000", share: 60, medianMS: 300, status: 200},
	}}

// Paths that events are about.
const (
	historyPath = "/history"
	marketPath  = "/v2/marketvalue"
	lienPath    = "/v1/lien-theft"
	imagesPath  = "/images"
)

var smartcar = &vendor{name: "smartcar", hosts: []string{"api.smartcar.com", "vehicle.api.smartcar.com"}, peer: "203.0.113.20:443",
	captured: smartcarAnswers, bare: smartcarBare, idHeader: "SC-Request-Id",
	routes: []route{
		{method: "GET", path: "/v2.0/vehicles/{id}/odometer", share: 30, medianMS: 700, status: 200},
		{method: "GET", path: "/v2.0/vehicles/{id}/location", share: 20, medianMS: 800, status: 200},
		{method: "GET", path: "/v3/vehicles/{id}/signals", host: 1, share: 30, medianMS: 520, status: 200},
		{method: "POST", path: "/v2.0/vehicles/{id}/charge", share: 12, medianMS: 2100, status: 200, body: `{"action":"START"}`},
	}}

var caravanguide = &vendor{name: "caravanguide", hosts: []string{"caravanguide.co.uk"}, peer: "203.0.113.30:443",
	captured: caravanAnswers, bare: caravanBare, idHeader: "X-Request-Id",
	routes: []route{
		{method: "GET", path: "/api/v1/valuations/search", query: "manufacturer=Swift&model_name=Challenger&model_year=20{n}", share: 60, medianMS: 130, status: 200},
		{method: "POST", path: "/api/v1/valuations", share: 25, medianMS: 190, status: 201, body: `{"manufacturer":"Swift","model_name":"Challenger","model_year":2020}`},
		{method: "POST", path: tokenPath, share: 8, medianMS: 90, status: 200},
	}}

const tokenPath = "/api/v1/oauth/token"

// acme is the vendor that no pack knows.
var acme = &vendor{name: "generic", hosts: []string{"api.acme.example"}, peer: "203.0.113.40:443", captured: acmeAnswers, bare: acmeBare,
	routes: []route{
		{method: "GET", path: "/api/v1/orders/{n}", share: 50, medianMS: 60, status: 200},
		{method: "POST", path: usersPath, share: 25, medianMS: 85, status: 201},
		{method: "POST", path: paymentsPath, share: 15, medianMS: 320, status: 201},
	}}

const (
	usersPath    = "/api/v1/users"
	paymentsPath = "/api/v1/payments"
)

var aionvision = &vendor{name: "aionvision", hosts: []string{"api.aionvision.tech"}, peer: "203.0.113.50:443",
	captured: aionAnswers, bare: aionBare,
	routes: []route{
		{method: "POST", path: searchPath, share: 50, medianMS: 1700, status: 200, body: `{"query":"dents on the left door","limit":20}`},
		{method: "POST", path: uploadPath, share: 20, medianMS: 2600, status: 201},
		{method: "GET", path: "/api/v2/files", query: "limit=50", share: 25, medianMS: 140, status: 200},
		{method: "GET", path: rulePath, share: 10, medianMS: 95, status: 200},
	}}

const (
	searchPath = "/api/v2/agentic-search"
	uploadPath = "/api/v2/files/upload"
	rulePath   = "/api/v2/rules/{n}"
)

// body is the answer as the vendor writes it; id is its request id.
func (v *vendor) body(a *answer, r *route, id string) string {
	var shape any
	switch v {
	case carsxe:
		shape = struct {
			Success bool   `json:"success"`
			Message string `json:"message"`
			Usage   *usage `json:"usage,omitempty"`
		}{Message: a.message, Usage: a.usage}
	case smartcar:
		shape = smartcarBody(a, r, id)
	case caravanguide:
		shape = map[string]any{"success": false, "error": coded{Code: a.code, Message: a.message}, "meta": map[string]string{"request_id": id, "version": "v1"}}
	case acme:
		shape = map[string]any{"error": coded{Code: a.code, Message: a.message}}
	default:
		shape = aionBody(a, id)
	}
	text, err := json.Marshal(shape)
	if err != nil {
		return "" // plain structs of strings always marshal
	}
	return string(text)
}

// coded is the inner part that several envelopes share.
type coded struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Details map[string]string `json:"details,omitempty"`
}

// usage is what CarsXE says with a refusal for quota.
type usage struct {
	Current   int64 `json:"current"`
	Limit     int64 `json:"limit"`
	Remaining int64 `json:"remaining"`
}

// smartcarBody speaks the dialect of the route's version.
func smartcarBody(a *answer, r *route, id string) any {
	resolution := map[string]any{"type": nil}
	if a.resolution != "" {
		resolution["type"] = a.resolution
	}
	if strings.HasPrefix(r.path, "/v3/") {
		one := map[string]any{"status": strconv.Itoa(a.status), "type": a.kind, "code": a.code, "title": a.code, "detail": a.message}
		if a.resolution != "" {
			one["resolution"] = resolution
		}
		return map[string]any{"errors": []any{one}}
	}
	return map[string]any{"type": a.kind, "code": a.code, "description": a.message, "statusCode": a.status, "requestId": id, "resolution": resolution}
}

// aionBody is the middleware's shape, or the framework's where the answer has
// no code or is about validation.
func aionBody(a *answer, id string) any {
	switch {
	case a.code == "":
		return map[string]string{"detail": a.message}
	case a.field != "":
		return map[string]any{"detail": map[string]string{"code": a.code, "message": a.message, "field": a.field}}
	}
	return map[string]any{"error": map[string]any{"code": a.code, "message": a.message, "details": map[string]string{}}, "request_id": id}
}

// fill puts invented values into a path or query.
func fill(random *rand.Rand, template, key string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	for _, f := range []struct {
		name  string
		value func() string
	}{
		{"{vin}", func() string { return vin(random) }},
		{"{plate}", func() string { return plate(random) }},
		{"{id}", func() string { return uuid(random) }},
		{"{n}", func() string { return strconv.Itoa(10 + random.IntN(16)) }},
		{"{key}", func() string { return key }},
	} {
		if strings.Contains(template, f.name) {
			template = strings.ReplaceAll(template, f.name, f.value())
		}
	}
	return template
}
