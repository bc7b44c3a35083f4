package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// responseIDs are the header fields under which an answering side gives its
// request id, in the order in which support wants them.
var responseIDs = rank(
	"x-request-id", "request-id", "x-amzn-requestid", "x-amz-request-id", "x-github-request-id", "apim-request-id", "x-ms-request-id",
	"opc-request-id", "x-openstack-request-id", "x-contentful-request-id", "x-hubspot-correlation-id", "mistral-correlation-id",
	"x-kong-request-id", "x-ds-trace-id", "x-debug-trace-id", "x-dnsme-requestid", "sc-request-id", "x-correlation-id", "cf-ray",
)

// requestIDs are the header fields under which we send ours.
var requestIDs = rank("x-request-id", "request-id", "x-client-request-id", "x-ms-client-request-id", "x-correlation-id", "idempotency-key")

// ranking is a list of names, the best first, all shorter than 64 bytes.
type ranking struct {
	names   []string
	lengths uint64 // that they have, a bit each: few other names have one of them
}

func rank(names ...string) ranking {
	r := ranking{names: names}
	for _, name := range names {
		r.lengths |= 1 << len(name)
	}
	return r
}

// setHeaderIDs takes the ids out of the header fields of both sides. An id of
// ours that the input stated already stays.
func setHeaderIDs(d *record.Draft, a *arena) {
	d.RequestID = firstHeader(d.Headers, &responseIDs)
	if len(d.ClientRequestID) == 0 {
		d.ClientRequestID = firstHeader(d.RequestHeaders, &requestIDs)
	}
	if len(d.TraceID) == 0 {
		for _, h := range [...][]record.Header{d.RequestHeaders, d.Headers} {
			if tp := headerValue(h, "traceparent"); isTraceparent(tp) {
				d.TraceID, d.SpanID = tp[3:35], tp[36:52]
				break
			}
		}
	}
	if len(d.UserAgent) == 0 {
		d.UserAgent = headerValue(d.RequestHeaders, "user-agent")
	}
	if len(d.Referer) == 0 {
		d.Referer = headerValue(d.RequestHeaders, "referer")
	}
	if len(d.Host) == 0 {
		d.Host = a.host(headerValue(d.RequestHeaders, "host"))
	}
}

// firstHeader returns the value of the best name that is there.
func firstHeader(headers []record.Header, r *ranking) []byte {
	var value []byte
	best := len(r.names)
	for i := range headers {
		h := &headers[i]
		if len(h.Name) >= 64 || r.lengths>>len(h.Name)&1 == 0 || len(h.Value) == 0 {
			continue
		}
		for at, name := range r.names[:best] {
			if len(name) == len(h.Name) && sameName(h.Name, name) {
				best, value = at, h.Value
				break
			}
		}
	}
	return value
}

func headerValue(headers []record.Header, name string) []byte {
	for i := range headers {
		if sameName(headers[i].Name, name) {
			return headers[i].Value
		}
	}
	return nil
}

// sameName compares a field name with one in lower case; "_" is "-", as
// OpenTelemetry writes it.
func sameName(b []byte, name string) bool {
	if len(b) != len(name) {
		return false
	}
	for i, c := range b {
		switch {
		case c == '_':
			c = '-'
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		if c != name[i] {
			return false
		}
	}
	return true
}

// readHeaders reads an object of strings or lists, a list of {name, value}, a
// list of pairs, or a block of text.
func (p *jsonLines) readHeaders(field jsonField, value []byte, kind jsonscan.Kind) {
	switch kind {
	case jsonscan.ObjectKind:
		c := jsonscan.NewCursor(value)
		p.readHeaderObject(&c, field)
	case jsonscan.ArrayKind:
		_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
			p.addPair(field, v, k)
			return true
		})
	case jsonscan.String:
		if text := p.text(value, kind); len(text) > 1 && text[0] == '{' { // encoded once more
			c := jsonscan.NewCursor(text)
			p.readHeaderObject(&c, field)
			return
		}
		for _, line := range bytes.Split(p.text(value, kind), []byte{'\n'}) {
			if name, v, ok := bytes.Cut(line, []byte{':'}); ok {
				p.putHeader(field, bytes.TrimSpace(name), bytes.TrimSpace(v))
			}
		}
	}
}

// addPair reads {"name": …, "value": …} or ["name", "value"].
func (p *jsonLines) addPair(field jsonField, pair []byte, kind jsonscan.Kind) {
	var name, value []byte
	var valueKind jsonscan.Kind
	switch kind {
	case jsonscan.ObjectKind:
		_, _ = jsonscan.Object(pair, func(key, v []byte, k jsonscan.Kind) bool {
			switch string(key) {
			case "name", "Name", "key", "Key":
				name = p.text(v, k)
			case "value", "Value":
				value, valueKind = v, k
			}
			return true
		})
	case jsonscan.ArrayKind:
		_, _ = jsonscan.Array(pair, func(i int, v []byte, k jsonscan.Kind) bool {
			if i == 0 {
				name = p.text(v, k)
			} else {
				value, valueKind = v, k
			}
			return i == 0
		})
	}
	if len(name) > 0 {
		p.addHeader(field, name, value, valueKind)
	}
}

// addHeader keeps one field; a list gives one field for each value.
func (p *jsonLines) addHeader(field jsonField, name, value []byte, kind jsonscan.Kind) {
	switch kind {
	case jsonscan.String, jsonscan.Number, jsonscan.Bool:
		p.putHeader(field, name, p.text(value, kind))
	case jsonscan.ArrayKind:
		_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
			if k == jsonscan.String || k == jsonscan.Number {
				p.putHeader(field, name, p.text(v, k))
			}
			return true
		})
	}
}

func (p *jsonLines) putHeader(field jsonField, name, value []byte) {
	if field == fieldResponseHeaders {
		p.headers[0], p.seen[field] = true, true
		p.d.Headers = append(p.d.Headers, record.Header{Name: name, Value: value})
		return
	}
	p.headers[1] = true
	p.d.RequestHeaders = append(p.d.RequestHeaders, record.Header{Name: name, Value: value})
}
