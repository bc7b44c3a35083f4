package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// exchange turns the values that were found into an exchange, or says that the
// line speaks of none.
func (p *jsonLines) exchange(d *record.Draft) record.Reason {
	p.where(d)
	status := &p.values[fieldStatus]
	failure := p.get(fieldFailure)
	described := len(d.Method) > 0 && (len(d.Target) > 0 || len(d.Path) > 0)
	switch {
	case !p.has(fieldStatus):
		// A call that broke has no status. A line without either is the start of a
		// call, or speaks of something else.
		if !described && !(len(d.Host) > 0 && len(d.Scheme) > 0) || len(failure) == 0 {
			return p.message(d)
		}
		d.Status = 0
	case status.name.rank >= rankGeneric && !described && len(d.Target) == 0 && len(d.Host) == 0 && !p.headers[0] && !p.has(fieldResponseBody):
		return record.IgnoreNoHTTP
	default:
		n, ok := number(p.text(status.raw, status.kind))
		if !ok || n > 999 || n > 0 && n < 100 {
			return record.RejectStatus
		}
		d.Status = int(n)
	}
	if d.Status == 0 {
		d.Failure = failure
	}
	if !p.when(d) {
		return record.RejectTime
	}
	p.who(d)
	p.bodies(d)
	setDirection(p.bindings, d, p.outbound(d))
	return ""
}

// message reads what an HTTP client wrote as the text of a log line.
func (p *jsonLines) message(d *record.Draft) record.Reason {
	text := p.get(fieldMessage)
	if len(text) == 0 || !mayHoldCore(text) {
		return record.IgnoreNoHTTP
	}
	if p.client == nil {
		p.client = newClientLines(&Config{Bindings: p.bindings, Location: p.clock.location, Now: p.clock.now})
	}
	clearFields(d)
	if !p.client.core(text, d) {
		return record.IgnoreNoHTTP
	}
	duration := d.DurationNS
	if !p.when(d) {
		return record.RejectTime
	}
	if duration >= 0 {
		d.DurationNS = duration
	}
	d.TraceID, d.SpanID = p.get(fieldTraceID), p.get(fieldSpanID)
	setDirection(p.bindings, d, true)
	return ""
}

// where fills method, host, path and query.
func (p *jsonLines) where(d *record.Draft) {
	d.Method = p.get(fieldMethod)
	if target := p.get(fieldURL); len(target) > 0 {
		if method, rest, ok := bytes.Cut(target, []byte{' '}); ok && isMethod(method) && len(d.Method) == 0 {
			d.Method, target = method, rest // a whole request line
			if i := bytes.LastIndex(target, []byte(" HTTP/")); i >= 0 {
				d.HTTPVersion, target = target[i+6:], target[:i]
			}
		}
		p.arena.setTarget(d, target)
	}
	if path := p.get(fieldPath); len(path) > 0 && (len(d.Path) == 0 || len(d.Target) == 0) {
		if q := bytes.IndexByte(path, '?'); q >= 0 {
			path, d.Query = path[:q], path[q+1:]
		}
		d.Path = path
	}
	if len(d.Query) == 0 {
		if p.has(fieldQuery) && p.values[fieldQuery].kind == jsonscan.String {
			d.Query = bytes.TrimPrefix(p.get(fieldQuery), []byte{'?'})
		}
	}
	if host := p.get(fieldHost); len(host) > 0 && len(d.Host) == 0 && bytes.IndexByte(host, ' ') < 0 {
		d.Host = p.arena.host(host)
	}
	if len(d.Scheme) == 0 {
		d.Scheme = p.get(fieldScheme)
	}
	if version := p.get(fieldVersion); len(version) > 0 && len(d.HTTPVersion) == 0 {
		d.HTTPVersion = httpVersion(version)
	}
}

// httpVersion is "1.1" of "HTTP/1.1" and "2" of "h2"; nothing where it is none.
func httpVersion(b []byte) []byte {
	if len(b) > 5 && bytes.EqualFold(b[:5], []byte("HTTP/")) {
		b = b[5:]
	} else if len(b) > 1 && (b[0] == 'h' || b[0] == 'H') {
		b = b[1:]
	}
	if len(b) == 0 || b[0] < '0' || b[0] > '9' {
		return nil
	}
	return b
}

// when sets time and duration. It is false where a time was written that
// cannot be read.
func (p *jsonLines) when(d *record.Draft) bool {
	if v := &p.values[fieldDuration]; p.has(fieldDuration) {
		if ns, ok := durationNS(p.text(v.raw, v.kind), v.name.unitNS); ok {
			d.DurationNS = ns
		}
	}
	tried := false
	for _, f := range [...]jsonField{fieldEnd, fieldTime, fieldStart} {
		v := &p.values[f]
		if !p.has(f) {
			continue
		}
		tried = true
		ns, digits, ok := p.clock.any(p.text(v.raw, v.kind))
		if !ok {
			continue
		}
		d.TimeNS, d.TimeDigits = ns, digits
		if f == fieldStart && d.DurationNS > 0 {
			d.LoggedNS = ns
			d.TimeNS += d.DurationNS
		}
		if start := &p.values[fieldStart]; f == fieldEnd && d.DurationNS < 0 && p.has(fieldStart) {
			if from, _, ok := p.clock.any(p.text(start.raw, start.kind)); ok && from <= ns {
				d.DurationNS = ns - from
			}
		}
		return true
	}
	return !tried
}

// durationNS reads a duration. With a unit in its text or name it is exact. A
// bare number is guessed at: with three decimals it is nginx's seconds, with
// others and below ten it is seconds too; an integer is milliseconds, above a
// million nanoseconds, as Go writes them.
func durationNS(b []byte, unitNS int64) (int64, bool) {
	end := len(b)
	for end > 0 && (b[end-1] < '0' || b[end-1] > '9') {
		end--
	}
	if end < len(b) {
		text := bytes.TrimSpace(b[end:])
		for _, u := range units {
			if bytes.Equal(text, u.suffix) {
				if ns, ok := decimalNS(b[:end], u.ns); ok {
					return ns, true
				}
			}
		}
		v, err := time.ParseDuration(string(b))
		return int64(v), err == nil && v >= 0
	}
	if unitNS != 0 {
		return decimalNS(b, unitNS)
	}
	dot := bytes.IndexByte(b, '.')
	whole := b
	if dot >= 0 {
		whole = b[:dot]
	}
	n, ok := number(whole)
	switch {
	case !ok:
		return decimalNS(b, secondNS)
	case dot >= 0 && (len(b)-dot == 4 || n < 10):
		return decimalNS(b, secondNS)
	case dot < 0 && n >= 1e6:
		return decimalNS(b, 1)
	}
	return decimalNS(b, 1e6)
}

// who fills the caller, the ids and the upstream.
func (p *jsonLines) who(d *record.Draft) {
	if v := p.get(fieldBytes); len(v) > 0 {
		if n, ok := number(v); ok {
			d.Bytes = n
		}
	}
	if client := p.get(fieldClient); isIP(client) {
		d.Client = withoutPort(client)
	}
	d.UserAgent, d.Referer = p.get(fieldUserAgent), p.get(fieldReferer)
	d.TraceID, d.SpanID = p.get(fieldTraceID), p.get(fieldSpanID)
	d.Vendor = p.get(fieldVendor)
	d.UpstreamHost, d.UpstreamStatus = p.get(fieldUpstreamAddr), p.get(fieldUpstreamStatus)
	d.ClientRequestID = p.get(fieldClientRequestID)
	setHeaderIDs(d, &p.arena)
	if id := p.get(fieldRequestID); len(id) > 0 && !bytes.Equal(id, d.RequestID) {
		if len(d.RequestID) == 0 {
			d.RequestID = id
		} else if len(d.ClientRequestID) == 0 {
			d.ClientRequestID = id
		}
	}
	if tp := p.get(fieldTraceparent); isTraceparent(tp) && len(d.TraceID) == 0 {
		d.TraceID, d.SpanID = tp[3:35], tp[36:52]
	}
}

// bodies keeps a string as its text and a structure as the JSON that it is.
func (p *jsonLines) bodies(d *record.Draft) {
	d.Body = p.get(fieldResponseBody)
	d.RequestBody = p.get(fieldRequestBody)
}

// outbound says whether the line itself tells that we were the caller.
func (p *jsonLines) outbound(d *record.Draft) bool {
	var store [24]byte
	kind := p.arena.lowerInto(store[:0], p.get(fieldKind))
	switch string(kind) {
	case "client", "3", "span_kind_client", "egress", "outbound", "external", "out":
		return true
	case "server", "2", "span_kind_server", "ingress", "inbound", "in":
		return false
	}
	if len(d.UpstreamHost) > 0 || len(d.UpstreamStatus) > 0 || len(d.Vendor) > 0 {
		return true
	}
	if bytes.Contains(d.Target, []byte("://")) {
		return true
	}
	return len(d.Host) > 0 && (len(d.Headers) > 0 || len(d.Body) > 0)
}

// lowerInto copies a short word in lower case.
func (a *arena) lowerInto(dst, b []byte) []byte {
	for _, c := range b[:min(len(b), cap(dst))] {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
