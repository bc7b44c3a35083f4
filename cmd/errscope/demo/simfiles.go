package demo

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// simFiles are the logs of the simulation.
type simFiles struct {
	egress, mesh, app, captures, har simFile
}

type simFile struct {
	path  string
	file  *os.File
	w     *bufio.Writer
	lines int64
}

func (o *simFiles) all() []*simFile {
	return []*simFile{&o.egress, &o.mesh, &o.app, &o.captures, &o.har}
}

func openSimFiles(dir string) (_ *simFiles, err error) {
	o := &simFiles{egress: simFile{path: "egress/access.log"}, mesh: simFile{path: "egress/mesh.jsonl"}, app: simFile{path: "app/valuation.jsonl"},
		captures: simFile{path: "captures/sync.jsonl"}, har: simFile{path: "captures/vision.har"}}
	for _, f := range o.all() {
		name := filepath.Join(dir, "logs", filepath.FromSlash(f.path))
		if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
			f.file, err = os.Create(name)
		}
		if err != nil {
			return nil, errors.Join(err, o.close())
		}
		f.w = bufio.NewWriterSize(f.file, 1<<18)
	}
	o.har.w.WriteString(`{"log":{"version":"1.2","creator":{"name":"errscope demo","version":"1"},"pages":[],"entries":[`)
	return o, nil
}

// close writes what is left; it may be called when only some are open.
func (o *simFiles) close() error {
	var faults []error
	for _, f := range o.all() {
		if f.file == nil {
			continue
		}
		if f.w != nil {
			if f == &o.har {
				f.w.WriteString("]}}\n")
			}
			faults = append(faults, f.w.Flush())
		}
		faults = append(faults, f.file.Close())
	}
	return errors.Join(faults...)
}

// flush lets others read what was written so far.
func (o *simFiles) flush() error {
	var faults []error
	for _, f := range o.all() {
		faults = append(faults, f.w.Flush())
	}
	return errors.Join(faults...)
}

func (o *simFiles) counts() []SimFile {
	var all []SimFile
	for _, f := range o.all() {
		all = append(all, SimFile{f.path, f.lines})
	}
	return all
}

func (f *simFile) line(text string) {
	f.w.WriteString(text)
	f.w.WriteByte('\n')
	f.lines++
}

// capturedPermilleSim of the successes are captured, too.
const capturedPermilleSim = 40

// write puts the call into the logs of its program. It names the key by which
// its two sides can be joined, "" where there is one side only.
func (s *sim) write(c *simCall) string {
	if c.program == programValuation {
		s.out.app.line(marshal(s.ecs(c)))
		return ""
	}
	captured := s.paired(c) && (c.answer != nil || c.order%1000 < capturedPermilleSim)
	if captured && s.options.OneSided {
		s.capture(c)
		return ""
	}
	if c.program == programSync && c.v.vendor == smartcar {
		s.out.mesh.line(marshal(s.mesh(c)))
	} else {
		f := &s.out.egress
		f.w.Write(appendSimEgress(f.w.AvailableBuffer(), c))
		f.lines++
	}
	if !captured {
		return ""
	}
	s.capture(c)
	return c.v.pairedBy
}

// paired reports whether an exchange may be captured beside its log line. Where
// only times join the two, its path must be like no other's.
func (s *sim) paired(c *simCall) bool {
	switch {
	case c.program != programSync:
		return false
	case c.v.pairedBy == "time":
		return strings.Contains(c.r.path, "{id}")
	}
	// Who answers instead of the vendor gives no id of the vendor's.
	return c.v.pairedBy != "request_id" || c.answer == nil || c.answer.status != 0
}

// appendSimEgress writes the proxy's line: the last column is the request id of
// the vendor, or ours, or none.
func appendSimEgress(b []byte, c *simCall) []byte {
	id := c.ours
	switch {
	case c.program == programWeb:
	case c.v.pairedBy == "request_id":
		id = c.id
	case c.v.pairedBy == "time":
		id = "-"
	}
	if id == "" {
		id = "-"
	}
	b = append(b, "10.20.0."...)
	b = strconv.AppendInt(b, 2+c.order%9, 10)
	b = appendCombined(b, c.at, c.r.method, c.target(), "1.1", c.status, c.bytes, "-", "fleet-web/2.3")
	b = append(b, ` "`...)
	b = append(b, c.host...)
	b = append(b, `" `...)
	b = appendSeconds(b, c.took)
	b = append(b, ' ')
	b = append(b, c.vendor.peer...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(c.status), 10)
	b = append(b, ' ')
	b = appendSeconds(b, c.took)
	b = append(b, ' ')
	b = append(b, id...)
	return append(b, '\n')
}

// mesh is the sidecar's line of a call: ids of the trace, no body.
func (s *sim) mesh(c *simCall) map[string]any {
	return map[string]any{"@timestamp": stamp(c.at), "message": "upstream call", "service.name": "mesh", "event": map[string]any{"duration": c.took.Nanoseconds()},
		"http": map[string]any{"request": map[string]any{"method": c.r.method}, "response": map[string]any{"status_code": c.status, "body": map[string]any{"bytes": c.bytes}}},
		"url":  map[string]any{"full": fullURL(&c.exchange), "domain": c.host}, "trace": map[string]any{"id": c.trace}, "span": map[string]any{"id": c.span}}
}

// simECS is a line of the valuation service.
type simECS struct {
	ecsLine
	Span  *ecsID    `json:"span,omitempty"`
	Error *simError `json:"error,omitempty"`
}

type simError struct {
	Message string `json:"message"`
}

func (s *sim) ecs(c *simCall) simECS {
	line := simECS{ecsLine: ecsLine{Timestamp: stamp(c.at), Level: "info", Message: "vendor call", Service: "valuation",
		Event: &ecsEvent{c.took.Nanoseconds()}, URL: &ecsURL{fullURL(&c.exchange), c.host}, Trace: &ecsID{c.trace},
		HTTP: &ecsHTTP{Request: ecsRequest{Method: c.r.method}, Response: ecsResponse{StatusCode: c.status, Body: &ecsBody{Bytes: c.bytes}}}},
		Span: &ecsID{c.span}}
	line.HTTP.Request.Headers = s.requestHeaders(c)
	if c.answer == nil {
		line.HTTP.Response.Headers = s.limitHeaders(c)
		line.HTTP.Response.Body.Content = s.successBody(c)
		return line
	}
	line.Level, line.Message = "error", "vendor call failed"
	if c.status == 0 {
		line.Error = &simError{c.answer.transport}
		return line
	}
	line.HTTP.Response.Headers = s.responseHeaders(c)
	line.HTTP.Response.Body.Content = c.body
	return line
}

// successBody is kept of the answers that speak of a quota.
func (s *sim) successBody(c *simCall) string {
	switch {
	case c.quota == nil:
	case c.r.path == marketPath && c.order%10 == 3:
		c.said()
		return marshal(map[string]any{"success": true, "usage": c.usage})
	case c.r.path == usagePath:
		c.said()
		return marshal(map[string]any{"limits": map[string]int64{"monthly_limit": c.usage.Limit, "used_this_month": c.usage.Current, "remaining": c.usage.Remaining}})
	}
	return ""
}

// limitHeaders are those of the vendor that no pack knows.
func (s *sim) limitHeaders(c *simCall) map[string]string {
	if c.v.vendor != acme || c.quota == nil {
		return nil
	}
	c.said()
	left := int64(c.resets.Sub(c.at) / time.Second)
	return map[string]string{"RateLimit-Policy": `"daily";q=` + strconv.FormatInt(c.usage.Limit, 10) + ";w=86400",
		"RateLimit": `"daily";r=` + strconv.FormatInt(c.usage.Remaining, 10) + ";t=" + strconv.FormatInt(left, 10)}
}

func (s *sim) responseHeaders(c *simCall) map[string]string {
	h := responseHeaders(&c.exchange)
	for name, value := range s.limitHeaders(c) {
		h[name] = value
	}
	if c.refused { // these speak of the minute, which was not the reason
		delete(h, "X-RateLimit-Limit")
		delete(h, "X-RateLimit-Remaining")
		delete(h, "X-RateLimit-Reset")
	}
	if c.v.vendor == aionvision && c.id != "" {
		h["X-Request-Id"] = c.id
	}
	return h
}

// requestHeaders are what our side sends and a log keeps.
func (s *sim) requestHeaders(c *simCall) map[string]string {
	h := map[string]string{"User-Agent": "fleet/4.1"}
	switch c.v.pairedBy {
	case "client_request_id":
		h["X-Request-Id"] = c.ours
	case "trace_span":
		h["Traceparent"] = "00-" + c.trace + "-" + c.span + "-01"
	}
	if c.v.vendor == aionvision {
		h["Authorization"] = "Bearer aion_demo_5c1f7e90a2d84b36"
	}
	if c.r.method == "POST" && c.v.vendor == caravanguide {
		h["Idempotency-Key"] = "demo-" + c.trace[:20]
	}
	return h
}

// capture writes the body side of an exchange.
func (s *sim) capture(c *simCall) {
	if c.v.vendor == aionvision {
		f := &s.out.har
		if f.lines > 0 {
			f.w.WriteString(",")
		}
		f.line("\n" + marshal(s.harEntry(c)))
		return
	}
	one := map[string]any{"id": "sync-" + strconv.FormatInt(c.order, 10), "time": stamp(c.at), "method": c.r.method, "url": fullURL(&c.exchange), "status": c.status,
		"headers": s.responseHeaders(c), "body": c.body, "duration_ms": c.took.Milliseconds()}
	if h := s.requestHeaders(c); len(h) > 1 {
		one["request_headers"] = h
	}
	s.out.captures.line(marshal(one))
}

func (s *sim) harEntry(c *simCall) map[string]any {
	ms := c.took.Milliseconds()
	return map[string]any{"startedDateTime": stamp(c.at.Add(-c.took)), "time": ms,
		"request":  map[string]any{"method": c.r.method, "url": fullURL(&c.exchange), "httpVersion": "HTTP/1.1", "headers": pairs(s.requestHeaders(c))},
		"response": map[string]any{"status": c.status, "statusText": "", "headers": pairs(s.responseHeaders(c)), "content": map[string]any{"size": len(c.body), "mimeType": "application/json", "text": c.body}},
		"cache":    map[string]any{}, "timings": map[string]any{"send": 0, "wait": ms, "receive": 0}}
}
