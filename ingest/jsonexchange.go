package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// exchange turns the values that were found into an exchange, or says that the
// line speaks of none.
func (p *jsonLines) exchange(d *record.Draft) record.Reason {
	reason := p.begin(d)
	if reason == record.IgnoreNoHTTP && len(p.embedded.raw) > 0 && p.takeEmbedded() {
		reason = p.begin(d)
	}
	if reason == record.IgnoreNoHTTP && !p.has(fieldStatus) {
		return p.message(d)
	}
	if reason != "" {
		return reason
	}
	if !p.when(d) {
		return record.RejectTime
	}
	p.who(d)
	p.bodies(d)
	if finish := p.voc.finish; finish != nil {
		if reason := finish(p, d); reason != "" {
			return reason
		}
	}
	p.vendorUpstream(d)
	setDirection(p.bindings, d, p.outbound(d))
	return ""
}

// message reads what an HTTP client, or a server, wrote as the text of a log
// line.
func (p *jsonLines) message(d *record.Draft) record.Reason {
	text := p.get(fieldMessage)
	if len(text) == 0 {
		return record.IgnoreNoHTTP
	}
	if bytes.Contains(text, accessMark) && p.accessLine(bytes.TrimRight(text, "\r\n"), d) {
		return ""
	}
	if !mayHoldCore(text) {
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

// begin sets what was called and the status.
func (p *jsonLines) begin(d *record.Draft) record.Reason {
	if p.keys != nil {
		p.noteKeys()
	}
	d.Format, p.way = p.voc.info.Name, p.voc.way
	p.where(d)
	return p.status(d)
}

// status sets the status, 0 with the reason for a call that broke. It gives the
// reason why the line speaks of no exchange, or is broken.
func (p *jsonLines) status(d *record.Draft) record.Reason {
	status := &p.values[fieldStatus]
	described := func() bool { return spelledAsMethod(d.Method) && (len(d.Target) > 0 || len(d.Path) > 0) }
	switch {
	case d.Status > 0: // the target told
	case !p.has(fieldStatus):
		// A call that broke has no status. A line without either is the start of a
		// call, or speaks of something else.
		failure := p.failure(d)
		if !described() && !(len(d.Host) > 0 && len(d.Scheme) > 0) || len(failure) == 0 {
			return record.IgnoreNoHTTP
		}
		d.Status, d.Failure = 0, failure
	case status.name.rank >= rankLast && !described():
		return record.IgnoreNoHTTP
	case status.name.rank >= rankGeneric && !described() && len(d.Target) == 0 && len(d.Host) == 0 && !p.headers[0] && !p.has(fieldResponseBody):
		return record.IgnoreNoHTTP
	default:
		n, ok := leadingStatus(p.text(status.raw, status.kind))
		if !ok || n > 999 || n > 0 && n < 100 {
			return record.RejectStatus
		}
		if d.Status = int(n); n == 0 {
			d.Failure = p.get(fieldFailure)
		}
	}
	return ""
}

// leadingStatus reads a number, words such as "OK" allowed behind it.
func leadingStatus(b []byte) (int64, bool) {
	if string(b) == "-1" { // so some say that there was none
		return 0, true
	}
	end := digits(b)
	if end < len(b) && b[end] != ' ' && string(b[end:]) != ".0" {
		return 0, false
	}
	return number(b[:end])
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

// who fills the caller, the ids and the upstream.
func (p *jsonLines) who(d *record.Draft) {
	if v := p.get(fieldBytes); len(v) > 0 {
		if n, ok := number(v); ok {
			d.Bytes = n
		}
	}
	// Of a list the last: the addresses before it are what the caller said.
	client := p.get(fieldClient)
	client = trimSpace(client[bytes.LastIndexByte(client, ',')+1:])
	if isIP(client) {
		d.Client = withoutPort(client)
	}
	d.UserAgent, d.Referer = p.get(fieldUserAgent), p.get(fieldReferer)
	d.TraceID, d.SpanID = p.get(fieldTraceID), p.get(fieldSpanID)
	d.Vendor = p.get(fieldVendor)
	d.UpstreamHost = p.get(fieldUpstreamAddr)
	if status := p.get(fieldUpstreamStatus); len(status) > 0 && string(status) != "0" { // 0: it was never reached
		d.UpstreamStatus = status
	}
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
	if p.way != wayUnknown {
		return p.way == wayOut
	}
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
	// Who logs the caller's address beside a path is the one that was called,
	// also where it logs what it answered.
	if len(d.Client) > 0 && len(d.Target) > 0 && d.Target[0] == '/' {
		return false
	}
	return len(d.Host) > 0 && (len(d.Headers) > 0 || len(d.Body) > 0)
}

// vendorUpstream makes the upstream that a proxy names the host of the call where
// it is a vendor's, or where no other host is stated.
func (p *jsonLines) vendorUpstream(d *record.Draft) {
	name := p.get(fieldUpstreamName)
	if len(name) == 0 {
		return
	}
	if i := bytes.Index(name, []byte("://")); i >= 0 {
		name, _, _ = bytes.Cut(name[i+3:], []byte{'/'})
	}
	host := p.arena.host(name)
	if len(d.Host) == 0 || p.bindings != nil && p.bindings.Pack(host, d.Path) != "" {
		d.Host = host
	}
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
