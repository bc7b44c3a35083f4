package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// take puts the value of a variable into d, or keeps it until the end of the
// line where others may change what it means. It is false for a time or status
// that is none.
func (p *templates) take(t *templateToken, v []byte, d *record.Draft) bool {
	if t.field == templateSkip || absent(v) {
		return true
	}
	switch t.field {
	case templateTimeCLF, templateTimeISO, templateTimeEpoch, templateTimePart:
		return p.takeTime(t, v, d)
	case templateStatus:
		n, ok := number(v)
		if !ok || len(v) != 3 || n > 0 && n < 100 {
			return false
		}
		d.Status = int(n)
	case templateBytes:
		if n, ok := number(v); ok {
			d.Bytes = n
		}
	case templateBytesAll:
		if n, ok := number(v); ok {
			p.got.allBytes = n
		}
	case templateDuration:
		if ns, ok := decimalNS(v, t.unitNS); ok {
			d.DurationNS = ns
		}
	case templateUpstreamDuration:
		if ns, ok := decimalNS(v, t.unitNS); ok { // of one attempt
			p.got.upstreamNS = ns
		}
	default:
		p.takeText(t, v, d)
	}
	return true
}

// takeTime keeps the most precise of several times.
func (p *templates) takeTime(t *templateToken, v []byte, d *record.Draft) bool {
	var ns int64
	var digits int8
	ok := false
	switch t.field {
	case templateTimeCLF:
		ns, digits, ok = p.clock.commonLog(bytes.Trim(v, "[]"))
	case templateTimeISO:
		ns, digits, ok = p.clock.iso(v)
	case templateTimeEpoch:
		ns, digits, ok = epochIn(v, t.unitNS)
	case templateTimePart:
		n, isNumber := number(v)
		if !isNumber || n >= secondNS/t.unitNS {
			return false
		}
		p.got.parts.fracNS = n * t.unitNS
		p.got.parts.digits = 3
		if t.unitNS == int64(time.Microsecond) {
			p.got.parts.digits = 6
		}
		return true
	}
	if ok && digits >= d.TimeDigits {
		d.TimeNS, d.TimeDigits, p.got.start = ns, digits, t.start
	}
	return ok
}

// epochIn reads Unix time in a unit, with a fraction or without.
func epochIn(b []byte, unitNS int64) (ns int64, digits int8, ok bool) {
	ns, ok = decimalNS(b, unitNS)
	switch unitNS {
	case int64(time.Millisecond):
		digits = 3
	case int64(time.Microsecond):
		digits = 6
	}
	if dot := bytes.IndexByte(b, '.'); dot >= 0 {
		digits += int8(min(len(b)-dot-1, 9))
	}
	return ns, min(digits, 9), ok
}

// takeText takes the values that are texts.
func (p *templates) takeText(t *templateToken, v []byte, d *record.Draft) {
	got := &p.got
	switch t.field {
	case templateClient:
		d.Client = withoutPort(v)
	case templateForwarded:
		got.forwarded = v
	case templateRequest:
		p.request(v, d)
	case templateMethod:
		if isMethod(v) {
			d.Method = v
		}
	case templateTarget:
		got.target = p.unescape(v)
	case templatePath:
		got.path = p.unescape(v)
	case templateQuery:
		got.query = bytes.TrimPrefix(p.unescape(v), []byte{'?'})
	case templateUpstreamStatus:
		d.UpstreamStatus = v
	case templateUpstreamAddr:
		d.UpstreamHost = v
	case templateUpstreamURL:
		d.UpstreamHost = authority(v)
		got.proxy = d.UpstreamHost
	case templateProxyHost:
		got.proxy = v
	case templateHost:
		got.host = v
	case templateServer:
		got.named = v
	case templateScheme:
		if string(v) == "http" || string(v) == "https" {
			d.Scheme = v
		}
	case templateVersion:
		d.HTTPVersion = httpVersion(v)
	case templateAgent:
		d.UserAgent = p.unescape(v)
	case templateReferer:
		d.Referer = p.unescape(v)
	default:
		p.takeOther(t, v, d)
	}
}

// takeOther takes ids, header fields and bodies.
func (p *templates) takeOther(t *templateToken, v []byte, d *record.Draft) {
	switch t.field {
	case templateRequestID:
		p.got.requestID = v
	case templateTraceID:
		d.TraceID = v
	case templateTrace:
		if isTraceparent(v) {
			d.TraceID, d.SpanID = v[3:35], v[36:52]
		}
	case templateSpanID:
		d.SpanID = v
	case templateHeader:
		d.Headers = append(d.Headers, record.Header{Name: t.name, Value: p.unescape(v)})
	case templateReqHeader:
		d.RequestHeaders = append(d.RequestHeaders, record.Header{Name: t.name, Value: p.unescape(v)})
	case templateBody:
		d.Body = p.unescape(v)
	case templateRequestBody:
		d.RequestBody = p.unescape(v)
	}
}

// finish works out what depends on several variables. It is false where they
// make no time.
func (p *templates) finish(d *record.Draft) bool {
	got := &p.got
	if got.parts.dated {
		ns, digits, ok := got.parts.time(&p.clock)
		if !ok {
			return false
		}
		if digits >= d.TimeDigits {
			d.TimeNS, d.TimeDigits = ns, digits
		}
	}
	if d.DurationNS < 0 {
		d.DurationNS = got.upstreamNS
	}
	if got.start && d.DurationNS >= 0 && d.TimeDigits >= 0 {
		d.LoggedNS = d.TimeNS
		d.TimeNS += d.DurationNS
	}
	if d.Bytes < 0 {
		d.Bytes = got.allBytes
	}
	if len(d.Client) == 0 {
		first, _, _ := bytes.Cut(got.forwarded, []byte{','})
		if isIP(first) {
			d.Client = withoutPort(first)
		}
	}
	p.finishTarget(d)
	forward := len(d.Target) > 0 && d.Target[0] != '/' && len(d.Host) > 0 // absolute, or of a CONNECT
	p.finishHost(d, forward)
	p.finishIDs(d)
	setDirection(p.bindings, d, forward || len(got.proxy) > 0 || len(d.UpstreamHost) > 0 || len(d.UpstreamStatus) > 0)
	return true
}

// finishTarget puts the URI together where no request line had it. A path may
// have been rewritten, so the URI as it came counts before it.
func (p *templates) finishTarget(d *record.Draft) {
	got := &p.got
	switch {
	case len(d.Path) > 0 || len(d.Target) > 0 && len(d.Host) > 0:
	case len(got.target) > 0:
		p.arena.setTarget(d, got.target)
	case len(got.path) > 0:
		p.arena.setTarget(d, got.path)
	}
	if len(d.Query) == 0 && len(d.Path) > 0 {
		d.Query = got.query
	}
}

// finishHost chooses among the hosts that were stated: the one in an absolute
// URL, that of the upstream, that of the request, that of our own server. A
// vendor's wins over all.
func (p *templates) finishHost(d *record.Draft, forward bool) {
	got := &p.got
	if forward {
		return
	}
	// The name of a group of servers is no host.
	proxy := got.proxy
	if !isHostName(proxy) && len(got.host)+len(got.named) > 0 {
		proxy = nil
	}
	for _, v := range [...][]byte{proxy, got.host, got.named} {
		if len(v) == 0 {
			continue
		}
		h := p.arena.host(v)
		if p.bindings != nil && p.bindings.Pack(h, d.Path) != "" {
			d.Host = h
			return
		}
		if len(d.Host) == 0 || string(d.Host) == catchAll {
			d.Host = h
		}
	}
}

// finishIDs shares out the ids: what came back is the vendor's, and what was
// given here is ours unless there is no other.
func (p *templates) finishIDs(d *record.Draft) {
	if len(d.Headers) > 0 || len(d.RequestHeaders) > 0 {
		setHeaderIDs(d, &p.arena)
	}
	switch {
	case len(p.got.requestID) == 0:
	case len(d.RequestID) == 0:
		d.RequestID = p.got.requestID
	case len(d.ClientRequestID) == 0:
		d.ClientRequestID = p.got.requestID
	}
}
