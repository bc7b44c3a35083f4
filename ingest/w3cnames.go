package ingest

import "bytes"

const (
	millisecondNS = int64(1e6)
	microsecondNS = int64(1e3)
)

// w3cNames maps column names in lower case to what they are. A prefix says
// whose value it is: c the client, s the server, r the remote server of a
// proxy, cs and sc what went between them.
var w3cNames = map[string]tableColumn{
	"date": {field: cellDate}, "time": {field: cellClock},
	"date-local": {field: cellDate, local: true}, "time-local": {field: cellClock, local: true},
	"datetime": {field: cellTime}, "timestamp": {field: cellTime}, "x-timestamp": {field: cellTime}, "gmttime": {field: cellTime},
	"cs-method": {field: cellMethod}, "csmethod": {field: cellMethod},
	"cs-uri": {field: cellURL}, "c-uri": {field: cellURL}, "cs-url": {field: cellURL},
	"cs-request": {field: cellRequest}, "request": {field: cellRequest},
	"cs-uri-stem": {field: cellPath}, "cs-uri-path": {field: cellPath}, "cs-uristem": {field: cellPath},
	"cs-uri-query": {field: cellQuery}, "cs-uriquery": {field: cellQuery},
	"cs-uri-scheme": {field: cellScheme}, "cs-protocol": {field: cellScheme},
	"cs-host": {field: cellHost}, "cs(host)": {field: cellHost}, "cshost": {field: cellHost}, "cs-uri-host": {field: cellHost, proxy: true},
	"x-host-header": {field: cellHost}, "r-host": {field: cellHost, proxy: true}, "r-dns": {field: cellHost, proxy: true},
	"sc-status": {field: cellStatus}, "scstatus": {field: cellStatus},
	"sc-bytes": {field: cellBytes}, "bytes": {field: cellBytes}, "x-sc-bytes": {field: cellBytes},
	"time-taken": {field: cellDuration}, "timetakenms": {field: cellDuration, unitNS: millisecondNS},
	"time-taken-ms": {field: cellDuration, unitNS: millisecondNS}, "x-duration": {field: cellDuration, unitNS: millisecondNS},
	"duration": {field: cellDuration}, "time-taken-us": {field: cellDuration, unitNS: microsecondNS},
	"c-ip": {field: cellClient}, "cs-ip": {field: cellClient}, "cip": {field: cellClient}, "c-address": {field: cellClient},
	"x-forwarded-for": {field: cellForwardedFor}, "cs(x-forwarded-for)": {field: cellForwardedFor}, "s-xff": {field: cellForwardedFor},
	"cs(user-agent)": {field: cellUserAgent}, "csuser-agent": {field: cellUserAgent}, "cs-user-agent": {field: cellUserAgent},
	"cs(referer)": {field: cellReferer}, "cs(referrer)": {field: cellReferer}, "csreferer": {field: cellReferer}, "cs-referer": {field: cellReferer},
	"cs-version": {field: cellVersion}, "cs-protocol-version": {field: cellVersion},
	"x-edge-request-id": {field: cellRequestID}, "x-request-id": {field: cellRequestID}, "sc(x-request-id)": {field: cellRequestID},
	"rs(x-request-id)": {field: cellRequestID}, "sc(request-id)": {field: cellRequestID}, "cs(x-request-id)": {field: cellClientRequestID},
	"cs(traceparent)": {field: cellTraceID},
	"r-ip":            {field: cellUpstreamHost, proxy: true}, "s-supplier-name": {field: cellUpstreamHost, proxy: true},
	"s-supplier-ip": {field: cellUpstreamHost, proxy: true}, "rs-status": {field: cellUpstreamStatus, proxy: true},
	"r-port": {proxy: true}, "s-hierarchy": {proxy: true}, "rs(content-type)": {proxy: true}, "sc-filter-result": {proxy: true},
	"x-exception-id": {field: cellFailure, proxy: true}, "s-reason": {field: cellFailure},
	"x-edge-detailed-result-type": {field: cellFailure}, "x-edge-response-result-type": {field: cellFailure},
}

// cloudFrontPrefix begins the names of columns that only CloudFront has.
const cloudFrontPrefix = "x-edge-"

// w3cColumn says what a column is. Only a directive asks, not every row.
func w3cColumn(name []byte) tableColumn {
	return w3cNames[string(bytes.ToLower(name))]
}

// cloudFrontNames are the columns of CloudFront's standard log. New ones were
// only ever added at the end.
const cloudFrontNames = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query " +
	"cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher " +
	"x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type " +
	"sc-content-type sc-content-len sc-range-start sc-range-end"

// cloudFrontColumnsMin is how many of them the oldest logs have.
const cloudFrontColumnsMin = 12

// nameCloudFront puts the columns in force that a log without directives has.
func (p *w3cLines) nameCloudFront() {
	if !p.unnamed {
		p.name([]byte(cloudFrontNames))
		p.unnamed = true
	}
}

// isCloudFront looks for date, time and the code of an edge location, three
// letters and a number, between tabs.
func isCloudFront(line []byte) bool {
	if len(line) < 24 || line[4] != '-' || line[10] != '\t' || line[13] != ':' || line[19] != '\t' {
		return false
	}
	for _, c := range line[20:23] {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return line[min(23, len(line)-1)]-'0' <= 9 && bytes.Count(line, []byte{'\t'})+1 >= cloudFrontColumnsMin
}
