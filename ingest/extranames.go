package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// extraNames maps the names that people give to nginx variables in key=value
// columns to what the column is.
var extraNames = map[string]columnSet{
	"rt": columnRequestTime, "request_time": columnRequestTime, "req_time": columnRequestTime, "reqtime": columnRequestTime,
	"time": columnRequestTime, "duration": columnRequestTime, "took": columnRequestTime, "total_time": columnRequestTime,
	"urt": columnUpstreamTime, "upstream_response_time": columnUpstreamTime, "upstream_time": columnUpstreamTime, "uresp": columnUpstreamTime,
	"us": columnUpstreamStatus, "upstream_status": columnUpstreamStatus, "ustatus": columnUpstreamStatus, "up_status": columnUpstreamStatus,
	"ua": columnUpstreamAddr, "upstream_addr": columnUpstreamAddr, "upstream": columnUpstreamAddr, "uaddr": columnUpstreamAddr,
	"up": columnUpstreamAddr, "up_addr": columnUpstreamAddr, "upstream_host": columnUpstreamAddr,
	"h": columnHost, "host": columnHost, "http_host": columnHost, "proxy_host": columnHost, "vhost": columnHost,
	"sn": columnVhost, "server_name": columnVhost,
	"rid": columnRequestID, "id": columnRequestID, "request_id": columnRequestID, "req_id": columnRequestID, "reqid": columnRequestID,
	"x_request_id": columnRequestID, "upstream_http_x_request_id": columnRequestID, "vendor_request_id": columnRequestID,
	"upstream_request_id": columnRequestID, "sent_http_x_request_id": columnRequestID, "requestid": columnRequestID,
	"trace": columnTraceID, "trace_id": columnTraceID, "traceid": columnTraceID, "traceparent": columnTraceID,
	"http_traceparent": columnTraceID, "opentelemetry_trace_id": columnTraceID,
	"scheme": columnScheme, "proto": columnScheme,
}

// named reads a key=value column.
func (e *extras) named(p *combined, d *record.Draft, x *extra) {
	var store [habitKeyMax]byte
	e.assign(p, d, x, extraNames[string(plainKey(store[:0], x.key))])
}

// assign puts the value of a named column into d.
func (e *extras) assign(p *combined, d *record.Draft, x *extra, column columnSet) {
	v := x.value
	if len(v) == 0 || string(v) == "-" || column == 0 {
		return
	}
	p.seen |= column
	switch column {
	case columnRequestTime:
		if ns, ok := decimalNS(bytes.TrimSuffix(v, []byte{'s'}), secondNS); ok {
			d.DurationNS = ns
		}
	case columnUpstreamStatus:
		d.UpstreamStatus = v
	case columnUpstreamAddr:
		// "ua" is the upstream's address to some and the user agent to others.
		if first := firstOfList(v); !x.quoted || isUpstreamAddr(first) || isHostName(first) || isIP(first) {
			d.UpstreamHost = v
		} else if len(d.UserAgent) == 0 {
			d.UserAgent = p.unescape(v)
		}
	case columnHost:
		e.host(p, d, p.arena.host(v))
	case columnVhost:
		if len(d.Host) == 0 {
			d.Host = p.arena.host(v)
		}
	case columnRequestID:
		e.namedID(p, d, x.key, v)
	case columnTraceID:
		if isTraceparent(v) {
			e.trace(p, d, v)
		} else {
			d.TraceID = v
		}
	case columnScheme:
		if string(v) == "http" || string(v) == "https" {
			d.Scheme = v
		}
	}
}

// namedID knows whose id it is when the name says that it came back.
func (e *extras) namedID(p *combined, d *record.Draft, key, v []byte) {
	if bytes.Contains(key, []byte("upstream")) || bytes.Contains(key, []byte("vendor")) || bytes.Contains(key, []byte("sent_http")) {
		d.RequestID = v
		return
	}
	e.id(p, v)
}

// plainKey is a key in lower case, with "_" for "-" and without "$".
func plainKey(dst, key []byte) []byte {
	if len(key) > cap(dst) {
		return dst
	}
	for _, c := range key {
		switch {
		case c == '$':
			continue
		case c == '-':
			c = '_'
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// firstOfList is the first item of a list of attempts, "-" items passed by.
func firstOfList(v []byte) []byte {
	for {
		i := bytes.IndexByte(v, ' ')
		if i < 0 {
			return v
		}
		item := bytes.TrimSuffix(v[:i], []byte{','})
		if string(item) != "-" && string(item) != ":" {
			return item
		}
		v = v[i+1:]
	}
}

// isSeconds tells a time of nginx, which always has three decimals.
func isSeconds(b []byte) bool {
	dot := len(b) - 4
	if dot > 3 && b[dot] != '.' {
		dot = len(b) - 7 // gunicorn's %(L)s
	}
	if dot < 1 || b[dot] != '.' {
		return false
	}
	_, ok1 := number(b[:dot])
	_, ok2 := number(b[dot+1:])
	return ok1 && ok2
}

// isUpstreamAddr tells an address with a port, or the path of a socket.
func isUpstreamAddr(b []byte) bool {
	if bytes.HasPrefix(b, []byte("unix:")) {
		return true
	}
	i := bytes.LastIndexByte(b, ':')
	if i <= 0 || !isIP(b[:i]) {
		return false
	}
	_, ok := number(b[i+1:])
	return ok && (b[0] == '[' || bytes.IndexByte(b[:i], ':') < 0)
}

func isStatus(b []byte) bool {
	n, ok := number(b)
	return ok && len(b) == 3 && n >= 100 && n < 600
}

// isRequestID tells what can hardly be anything else: 32 hex digits, a UUID, or
// a word with the prefix of an id.
func isRequestID(b []byte) bool {
	switch {
	case len(b) == 32:
		return isHex(b, 32)
	case len(b) == 36:
		return b[8] == '-' && b[13] == '-' && b[18] == '-' && b[23] == '-' && isHex(b[:8], 8) && isHex(b[24:], 12)
	case len(b) > 8 && len(b) < 80:
		return (bytes.HasPrefix(b, []byte("req_")) || bytes.HasPrefix(b, []byte("req-"))) && bytes.IndexByte(b, ' ') < 0
	}
	return false
}

// isTraceparent tells the header of W3C Trace Context: 00-32 hex-16 hex-2 hex.
func isTraceparent(b []byte) bool {
	return len(b) == 55 && b[2] == '-' && b[35] == '-' && b[52] == '-' && isHex(b[3:35], 32) && isHex(b[36:52], 16)
}

func isHex(b []byte, n int) bool {
	if len(b) != n {
		return false
	}
	for _, c := range b {
		if _, ok := hexDigit(c); !ok {
			return false
		}
	}
	return true
}
