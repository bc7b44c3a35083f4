package demo

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	ecsPerDay  = 94
	otelPerDay = 58
)

// requestHeaders are what our programs send, credentials included.
func (c *caller) requestHeaders(x *exchange, number int64) map[string]string {
	s := c.plan.secrets
	h := map[string]string{"Accept": "application/json", "User-Agent": "fleet/4.1"}
	switch x.vendor {
	case smartcar:
		h["Authorization"] = "Bearer " + s.use(s.smartcar)
	case caravanguide:
		if x.answer == &expiredAnswer {
			h["Authorization"] = "Bearer " + s.use(s.caravanToken)
		} else {
			h["X-API-Key"] = s.use(s.caravanKey)
		}
		if x.route.method == "POST" {
			h["Idempotency-Key"] = "demo-" + x.span
		}
	case acme:
		h["Authorization"] = "Bearer " + s.use(s.acme)
		h["Cookie"] = "theme=dark; session=" + s.turn(s.sessions, number)
	case aionvision:
		h["Authorization"] = "Bearer " + s.use(s.aion)
	}
	return h
}

// responseHeaders are what the vendor answered.
func responseHeaders(x *exchange) map[string]string {
	h := map[string]string{"Content-Type": "application/json", "Date": x.at.UTC().Format(http.TimeFormat)}
	if x.vendor.idHeader != "" && x.id != "" {
		h[x.vendor.idHeader] = x.id
	}
	if a := x.answer; a != nil && a.retryAfterS > 0 {
		h["Retry-After"] = strconv.Itoa(a.retryAfterS)
	}
	if x.vendor == caravanguide && x.status == http.StatusTooManyRequests {
		reset := x.at.Truncate(time.Minute).Add(time.Minute)
		h["X-RateLimit-Limit"], h["X-RateLimit-Remaining"] = "60", "0"
		h["X-RateLimit-Reset"] = strconv.FormatInt(reset.Unix(), 10)
	}
	return h
}

// requestBody is what we sent. People and cards are made up.
func (c *caller) requestBody(x *exchange) string {
	s := c.plan.secrets
	switch x.route.path {
	case tokenPath:
		return `{"grant_type":"client_credentials","client_id":"demo-dealer","client_secret":"` + s.use(s.caravanClient) + `"}`
	case usersPath:
		return `{"name":"Demo Driver","email":"driver` + x.span[:4] + `@fleet.example","password":"` + s.use(s.password) + `"}`
	case paymentsPath:
		return `{"amount":"12.50","currency":"EUR","card_number":"` + s.use(s.card) + `"}`
	}
	return x.route.body
}

// fullURL is the address of a call.
func fullURL(x *exchange) string { return "https://" + x.host + x.target() }

// ecsLine is a line of the valuation service, in the names of the Elastic
// Common Schema.
type ecsLine struct {
	Timestamp string    `json:"@timestamp"`
	Level     string    `json:"log.level"`
	Message   string    `json:"message"`
	Service   string    `json:"service.name"`
	Event     *ecsEvent `json:"event,omitempty"`
	HTTP      *ecsHTTP  `json:"http,omitempty"`
	URL       *ecsURL   `json:"url,omitempty"`
	Trace     *ecsID    `json:"trace,omitempty"`
}

type ecsEvent struct {
	Duration int64 `json:"duration"` // ns
}

type ecsURL struct {
	Full   string `json:"full"`
	Domain string `json:"domain"`
}

type ecsID struct {
	ID string `json:"id"`
}

type ecsHTTP struct {
	Request  ecsRequest  `json:"request"`
	Response ecsResponse `json:"response"`
}

type ecsRequest struct {
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    *ecsBody          `json:"body,omitempty"`
}

type ecsResponse struct {
	StatusCode int               `json:"status_code"`
	Headers    map[string]string `json:"headers,omitempty"`
	Body       *ecsBody          `json:"body,omitempty"`
}

type ecsBody struct {
	Bytes   int    `json:"bytes,omitempty"`
	Content string `json:"content,omitempty"`
}

// writeECS writes the log of the valuation service. It asks for market values,
// whose quota runs out.
func writeECS(ctx context.Context, p *plan, s *sink) error {
	c := &caller{plan: p, random: p.random(streamECS), captured: true, market: true, carsxe: p.secrets.carsxeFleet, shares: []int{52, 12, 14, 14, 10}}
	spoilt := []broken{
		{behind: 8, line: marshal(ecsLine{Timestamp: stamp(p.start), Level: "info", Message: "cache warmed, 212 entries", Service: "valuation"})},
		{behind: 25, reason: "cut off", line: `{"@timestamp":"` + stamp(p.start) + `","log.level":"error","message":"vendor call failed","http":{"request":{"meth`},
		{behind: 61, line: ""},
		{behind: 77, reason: "garbage", line: "panic: runtime error: index out of range [3] with length 3"},
		{behind: 78, line: marshal(ecsLine{Timestamp: stamp(p.start), Level: "info", Message: "restarted", Service: "valuation"})},
	}
	return p.arrivals(ctx, c.random, ecsPerDay, c.boost, func(at time.Time) error {
		x := c.call(at)
		p.truth.add(s.truth, x)
		s.WriteString(marshal(c.ecs(x, s.truth.Records)))
		s.WriteByte('\n')
		s.spoil(spoilt)
		return nil
	})
}

// ecs keeps headers and bodies of failures only, as a careful service would if
// it were careful about secrets, too.
func (c *caller) ecs(x *exchange, number int64) ecsLine {
	line := ecsLine{Timestamp: stamp(x.at), Level: "info", Message: "vendor call", Service: "valuation",
		Event: &ecsEvent{x.took.Nanoseconds()}, URL: &ecsURL{fullURL(x), x.host}, Trace: &ecsID{x.trace},
		HTTP: &ecsHTTP{Request: ecsRequest{Method: x.route.method}, Response: ecsResponse{StatusCode: x.status, Body: &ecsBody{Bytes: x.bytes}}}}
	if x.answer == nil {
		return line
	}
	line.Level, line.Message = "error", "vendor call failed"
	line.HTTP.Request.Headers = c.requestHeaders(x, number)
	if body := c.requestBody(x); body != "" {
		line.HTTP.Request.Body = &ecsBody{Content: body}
	}
	line.HTTP.Response.Headers = responseHeaders(x)
	line.HTTP.Response.Body.Content = x.body
	return line
}

// marshal writes JSON as programs do, without escaping "&" and "<".
func marshal(v any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "" // plain structs of strings always marshal
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// otelLine is a log record of the fleet-sync job, with attributes named by the
// OpenTelemetry semantic conventions.
type otelLine struct {
	Timestamp  string         `json:"timestamp"`
	Severity   string         `json:"severity_text"`
	Trace      string         `json:"trace_id"`
	Span       string         `json:"span_id"`
	Resource   map[string]any `json:"resource"`
	Attributes map[string]any `json:"attributes"`
}

// writeOTel writes the log of the fleet-sync job. At night it runs into a token
// that nobody renewed.
func writeOTel(ctx context.Context, p *plan, s *sink) error {
	c := &caller{plan: p, random: p.random(streamOTel), captured: true, carsxe: p.secrets.carsxeWeb, shares: []int{4, 46, 20, 14, 16}}
	spoilt := []broken{
		{behind: 33, reason: "cut off", line: `{"timestamp":"` + stamp(p.start) + `","severity_text":"ERROR","attributes":{"http.request.method":"GET","url.fu`},
		{behind: 50, line: ""},
	}
	return p.arrivals(ctx, c.random, otelPerDay, c.boost, func(at time.Time) error {
		x := c.call(at)
		p.truth.add(s.truth, x)
		s.WriteString(marshal(c.otel(x, s.truth.Records)))
		s.WriteByte('\n')
		s.spoil(spoilt)
		return nil
	})
}

func (c *caller) otel(x *exchange, number int64) otelLine {
	attributes := map[string]any{
		"http.request.method": x.route.method, "url.full": fullURL(x), "server.address": x.host, "server.port": 443,
		"http.response.status_code": x.status, "http.client.request.duration": json.Number(string(appendSeconds(nil, x.took))),
		"http.response.body.size": x.bytes}
	line := otelLine{Timestamp: stamp(x.at), Severity: "INFO", Trace: x.trace, Span: x.span, Attributes: attributes,
		Resource: map[string]any{"service.name": "fleet-sync"}}
	if x.answer == nil {
		return line
	}
	line.Severity = "ERROR"
	attributes["error.type"] = strconv.Itoa(x.status)
	attributes["http.response.body.content"] = x.body
	for name, value := range c.requestHeaders(x, number) {
		attributes["http.request.header."+strings.ToLower(name)] = []string{value}
	}
	for name, value := range responseHeaders(x) {
		attributes["http.response.header."+strings.ToLower(name)] = []string{value}
	}
	if body := c.requestBody(x); body != "" {
		attributes["http.request.body.content"] = body
	}
	return line
}
