package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// ltsvFormat is one line of label:value pairs between tabs.
var ltsvFormat = format{
	info: FormatInfo{
		Name:   "ltsv",
		About:  "LTSV: label:value between tabs, with the labels of ltsv.org and of nginx variables",
		Sample: "time:2026-03-04T09:15:02+00:00\thost:203.0.113.7\tmethod:GET\turi:/v2/vehicles/9\tstatus:429\tsize:187\treqtime:0.212\tua:fleet/2.1\tvhost:api.example.com",
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, isLTSV) {
			return 0, ""
		}
		return scoreLines(sample, newLTSVLines(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: newLTSVLines,
	stray: isLTSV,
}

// ltsvLabelsMin is how many labels a line must begin with to be taken for LTSV.
const ltsvLabelsMin = 3

// ltsvNames maps labels to what they are. The "host" of ltsv.org is the
// caller's address.
var ltsvNames = map[string]tableColumn{
	"time": {field: cellTime}, "time_local": {field: cellTime}, "time_iso8601": {field: cellTime}, "timestamp": {field: cellTime},
	"datetime": {field: cellTime}, "date": {field: cellTime}, "ts": {field: cellTime}, "msec": {field: cellTime}, "unixtime": {field: cellTime},
	"req": {field: cellRequest}, "request": {field: cellRequest}, "method": {field: cellMethod}, "request_method": {field: cellMethod},
	"reqmethod": {field: cellMethod}, "req_method": {field: cellMethod},
	"uri": {field: cellURL}, "request_uri": {field: cellURL}, "url": {field: cellURL}, "path": {field: cellPath}, "uri_path": {field: cellPath},
	"query": {field: cellQuery}, "query_string": {field: cellQuery}, "args": {field: cellQuery}, "scheme": {field: cellScheme},
	"vhost": {field: cellHost}, "http_host": {field: cellHost}, "server_name": {field: cellHost}, "server": {field: cellHost}, "domain": {field: cellHost},
	"status": {field: cellStatus}, "code": {field: cellStatus}, "status_code": {field: cellStatus},
	"size": {field: cellBytes}, "body_bytes": {field: cellBytes}, "body_bytes_sent": {field: cellBytes}, "bytes_sent": {field: cellBytes},
	"bytes": {field: cellBytes}, "res_size": {field: cellBytes},
	"reqtime": {field: cellDuration, unitNS: secondNS}, "request_time": {field: cellDuration, unitNS: secondNS},
	"apptime": {field: cellDuration, unitNS: secondNS}, "response_time": {field: cellDuration, unitNS: secondNS},
	"restime": {field: cellDuration, unitNS: secondNS}, "duration": {field: cellDuration, unitNS: secondNS},
	"taken_sec": {field: cellDuration, unitNS: secondNS}, "taken": {field: cellDuration, unitNS: secondNS},
	"reqtime_microsec": {field: cellDuration, unitNS: microsecondNS}, "apptime_microsec": {field: cellDuration, unitNS: microsecondNS},
	"reqtime_ms": {field: cellDuration, unitNS: millisecondNS}, "reqtime_msec": {field: cellDuration, unitNS: millisecondNS},
	"duration_ms": {field: cellDuration, unitNS: millisecondNS},
	"host":        {field: cellClient}, "remote_addr": {field: cellClient}, "remote_host": {field: cellClient}, "client": {field: cellClient},
	"ip": {field: cellClient}, "remote_ip": {field: cellClient}, "client_ip": {field: cellClient},
	"forwardedfor": {field: cellForwardedFor}, "forwarded_for": {field: cellForwardedFor}, "xff": {field: cellForwardedFor},
	"x_forwarded_for": {field: cellForwardedFor}, "http_x_forwarded_for": {field: cellForwardedFor},
	"ua": {field: cellUserAgent}, "user_agent": {field: cellUserAgent}, "http_user_agent": {field: cellUserAgent}, "useragent": {field: cellUserAgent},
	"referer": {field: cellReferer}, "http_referer": {field: cellReferer}, "referrer": {field: cellReferer},
	"protocol": {field: cellVersion}, "server_protocol": {field: cellVersion},
	"reqid": {field: cellRequestID}, "request_id": {field: cellRequestID}, "req_id": {field: cellRequestID}, "x_request_id": {field: cellRequestID},
	"upstream_http_x_request_id": {field: cellRequestID}, "trace_id": {field: cellTraceID}, "traceparent": {field: cellTraceID},
	"upstream_addr": {field: cellUpstreamHost}, "upstream": {field: cellUpstreamHost}, "backend": {field: cellUpstreamHost},
	"upstream_status": {field: cellUpstreamStatus},
}

// ltsvLines parses one line after the other; it belongs to one goroutine.
type ltsvLines struct {
	tableText
	known recall[tableColumn]
}

func newLTSVLines(cfg *Config) lineParser { return &ltsvLines{tableText: newTableText(cfg)} }

func (p *ltsvLines) columns() []string { return nil }

// isLTSV reports whether b begins with labels between tabs.
func isLTSV(b []byte) bool {
	for n := 0; ; n++ {
		label := ltsvLabel(b)
		if label == 0 {
			return false
		}
		if n+1 == ltsvLabelsMin {
			return true
		}
		i := bytes.IndexAny(b[label:], "\t\n")
		if i < 0 || b[label+i] == '\n' {
			return false
		}
		b = b[label+i+1:]
	}
}

// ltsvLabel is the length of the label that b begins with, 0 where it begins
// with none.
func ltsvLabel(b []byte) int {
	for i, c := range b {
		switch {
		case c == ':':
			return i
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '_', c == '-', c == '.':
		default:
			return 0
		}
	}
	return 0
}

// parse reads the pairs. Only the first colon of a pair is one. The first
// labels are those that isLTSV asks for.
func (p *ltsvLines) parse(line []byte, d *record.Draft) record.Reason {
	p.begin(line)
	p.row.reset()
	var host []byte
	p.known.restart()
	pairs := 0
	for rest := line; len(rest) > 0; pairs++ {
		end := near(rest, '\t')
		pair := rest[:end]
		rest = rest[min(end+1, len(rest)):]
		n := ltsvLabel(pair)
		if n == 0 {
			if pairs < ltsvLabelsMin {
				return record.RejectSyntax
			}
			continue // what has no label is of no column that is read here
		}
		if string(pair[:n]) == "host" {
			host = p.unescape(pair[n+1:])
			continue
		}
		c, known := p.known.meaning(pair[:n])
		if !known {
			*c = ltsvNames[string(p.arena.lower(pair[:n]))]
		}
		if c.field != cellNone {
			p.row.put(c, p.unescape(pair[n+1:]))
		}
	}
	if pairs < ltsvLabelsMin {
		return record.RejectSyntax
	}
	// Where another label names the caller, "host" is nginx's $host after all.
	c := tableColumn{field: cellClient}
	if len(p.row.cells[cellClient]) > 0 && isHostName(host) {
		c.field = cellHost
	}
	if len(host) > 0 && len(p.row.cells[c.field]) == 0 {
		p.row.put(&c, host)
	}
	if reason := p.exchange(d); reason != "" {
		return reason
	}
	if v := p.row.cells[cellTime]; len(v) > 0 {
		var ok bool
		if d.TimeNS, d.TimeDigits, ok = p.clock.any(bytes.Trim(v, "[]")); !ok {
			return record.RejectTime
		}
	}
	setDirection(p.bindings, d, len(d.UpstreamHost) > 0 || len(d.UpstreamStatus) > 0 || bytes.Contains(d.Target, []byte("://")))
	return ""
}
