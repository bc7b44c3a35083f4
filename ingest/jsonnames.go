package ingest

import (
	"strings"
	"time"
)

// jsonField is what a member of a JSON line can mean.
type jsonField uint8

const (
	fieldTime jsonField = iota
	fieldEnd
	fieldStart
	fieldMethod
	fieldURL
	fieldPath
	fieldQuery
	fieldHost
	fieldScheme
	fieldStatus
	fieldBytes
	fieldDuration
	fieldClient
	fieldUserAgent
	fieldReferer
	fieldVersion
	fieldRequestID
	fieldClientRequestID
	fieldTraceID
	fieldSpanID
	fieldTraceparent
	fieldKind
	fieldFailure
	fieldVendor
	fieldUpstreamAddr
	fieldUpstreamStatus
	fieldResponseBody
	fieldRequestBody
	fieldResponseHeaders
	fieldRequestHeaders
	fieldMessage
	fieldCount
)

// fieldNames are the columns that detection reports.
var fieldNames = [fieldCount]string{
	fieldTime: "time", fieldMethod: "method", fieldURL: "url", fieldPath: "path", fieldHost: "host", fieldStatus: "status",
	fieldDuration: "duration", fieldRequestID: "request_id", fieldTraceID: "trace_id", fieldResponseHeaders: "headers",
	fieldResponseBody: "body", fieldUpstreamStatus: "upstream_status", fieldVendor: "vendor",
}

func (f jsonField) headers() bool { return f == fieldResponseHeaders || f == fieldRequestHeaders }
func (f jsonField) body() bool    { return f == fieldResponseBody || f == fieldRequestBody }

// jsonName is one name of a field. Of two in one line the lower rank counts;
// unitNS is the unit of a duration, 0 where it must be guessed.
type jsonName struct {
	field  jsonField
	rank   uint8
	unitNS int64
}

const (
	rankExact   = 1 // a name of a standard
	rankCommon  = 2 // a name that means one thing
	rankGeneric = 3 // a name that may mean something else
	rankLast    = 4
)

// jsonNames maps normalised paths (lower case, no "_" and "-") to fields.
var jsonNames = buildJSONNames()

// jsonPrefixes are the paths of objects that hold named members.
var jsonPrefixes = prefixesOf(jsonNames)

// jsonWrappers are objects whose members count as if they stood outside.
var jsonWrappers = map[string]bool{
	"attributes": true, "resource": true, "labels": true, "fields": true, "@fields": true, "data": true, "context": true, "ctx": true,
	"extra": true, "meta": true, "metadata": true, "mdc": true, "payload": true, "jsonpayload": true, "details": true, "params": true,
	"tags": true, "props": true, "properties": true, "httprequest": true, "spanattributes": true, "resourceattributes": true,
}

func buildJSONNames() map[string]jsonName {
	m := map[string]jsonName{}
	add := func(f jsonField, rank uint8, unit time.Duration, names string) {
		for _, n := range strings.Fields(names) {
			m[n] = jsonName{f, rank, int64(unit)}
		}
	}
	add(fieldTime, rankExact, 0, "@timestamp time timestamp timeunixnano")
	add(fieldTime, rankCommon, 0, "ts datetime timeiso8601 timelocal msec eventtime date logtime @t observedtimeunixnano asctime createdat")
	add(fieldEnd, rankExact, 0, "event.end endtime endtimeunixnano finishedat respondedat")
	add(fieldStart, rankLast, 0, "event.start starttime starttimeunixnano startedat starteddatetime startutc")
	add(fieldMethod, rankExact, 0, "http.request.method http.method")
	add(fieldMethod, rankCommon, 0, "method httpmethod requestmethod reqmethod req.method request.method http.requestmethod verb")
	add(fieldURL, rankExact, 0, "url.full http.url")
	add(fieldURL, rankCommon, 0, "url.original url requesturl requesturi req.url request.url request.uri http.request.url fullurl uri endpoint httpurl")
	add(fieldURL, rankGeneric, 0, "target request requestline http.target request.target originalurl req.originalurl rawurl")
	add(fieldPath, rankExact, 0, "url.path")
	add(fieldPath, rankCommon, 0, "path requestpath req.path request.path http.path http.request.path urlpath rawpath httppath")
	add(fieldQuery, rankExact, 0, "url.query")
	add(fieldQuery, rankCommon, 0, "query querystring request.query rawquery args querystr")
	add(fieldHost, rankExact, 0, "url.domain server.address destination.domain")
	add(fieldHost, rankCommon, 0, "host http.host httphost request.host req.host requesthost servername vhost net.peer.name netpeername peer.hostname")
	add(fieldHost, rankGeneric, 0, "hostname net.host.name domain upstreamhost host.name req.hostname")
	add(fieldScheme, rankExact, 0, "url.scheme http.scheme scheme")
	add(fieldStatus, rankExact, 0, "http.response.statuscode http.statuscode")
	add(fieldStatus, rankCommon, 0, "statuscode httpstatus httpstatuscode responsestatus responsestatuscode responsecode respstatus httpcode "+
		"res.statuscode res.status response.status response.statuscode response.code resp.status resp.statuscode http.status http.response.status")
	add(fieldStatus, rankGeneric, 0, "status")
	add(fieldBytes, rankExact, 0, "http.response.body.bytes http.response.body.size http.response.bodysize http.responsecontentlength")
	add(fieldBytes, rankCommon, 0, "bytes bodybytes bodybytessent bytessent responsesize responsebytes http.response.bytes res.contentlength "+
		"contentlength resp.size response.size bodysize responselength response.body.bytes response.body.size")
	add(fieldBytes, rankGeneric, 0, "size length")
	buildJSONRest(add)
	return m
}

// buildJSONRest continues the table: who called, ids, bodies and headers.
func buildJSONRest(add func(f jsonField, rank uint8, unit time.Duration, names string)) {
	add(fieldDuration, rankExact, time.Nanosecond, "event.duration durationnano")
	add(fieldDuration, rankExact, time.Second, "http.client.request.duration http.server.request.duration")
	add(fieldDuration, rankCommon, 0, "duration latency elapsed responsetime requesttime timetaken took elapsedtime processingtime rtt "+
		"totaltime runtime http.duration response.duration response.time durationtime http.response.time roundtrip")
	add(fieldClient, rankExact, 0, "client.ip client.address source.ip source.address request.clientip")
	add(fieldClient, rankCommon, 0, "remoteaddr remoteip request.remoteip clientip ip client remoteaddress req.remoteaddress http.clientip net.peer.ip peer.ip clientaddress")
	add(fieldUserAgent, rankExact, 0, "useragent.original")
	add(fieldUserAgent, rankCommon, 0, "useragent httpuseragent http.useragent ua agent req.useragent request.useragent")
	add(fieldReferer, rankCommon, 0, "http.request.referrer http.request.referer referer referrer httpreferer")
	add(fieldVersion, rankExact, 0, "http.version network.protocol.version http.flavor")
	add(fieldVersion, rankCommon, 0, "httpversion protocol serverprotocol proto req.httpversion request.httpversion request.protocol request.proto")
	add(fieldRequestID, rankExact, 0, "response.requestid vendorrequestid upstreamrequestid responserequestid")
	add(fieldRequestID, rankCommon, 0, "requestid reqid http.request.id xrequestid correlationid req.id request.id rid")
	add(fieldClientRequestID, rankCommon, 0, "clientrequestid idempotencykey xclientrequestid request.idempotencykey")
	add(fieldTraceID, rankCommon, 0, "trace.id traceid dd.traceid otel.traceid spancontext.traceid")
	add(fieldSpanID, rankCommon, 0, "span.id spanid dd.spanid otel.spanid spancontext.spanid")
	add(fieldTraceparent, rankCommon, 0, "traceparent")
	add(fieldKind, rankExact, 0, "span.kind spankind kind network.direction direction")
	add(fieldFailure, rankExact, 0, "error.message exception.message")
	add(fieldFailure, rankCommon, 0, "err.message err.code error err errormessage exception errormsg error.code")
	add(fieldFailure, rankGeneric, 0, "error.type exception.type err.type")
	add(fieldMessage, rankCommon, 0, "message msg log.message @m event renderedmessage text")
	add(fieldVendor, rankExact, 0, "vendor")
	add(fieldUpstreamAddr, rankCommon, 0, "upstreamaddr upstreamaddress")
	add(fieldUpstreamStatus, rankCommon, 0, "upstreamstatus")
	add(fieldResponseBody, rankExact, 0, "http.response.body.content response.body.content")
	add(fieldResponseBody, rankCommon, 0, "http.response.body responsebody response.body res.body resp.body respbody response.data response.content response.text errorbody")
	add(fieldResponseBody, rankGeneric, 0, "body")
	add(fieldRequestBody, rankExact, 0, "http.request.body.content request.body.content")
	add(fieldRequestBody, rankCommon, 0, "http.request.body requestbody request.body req.body reqbody request.data")
	add(fieldResponseHeaders, rankCommon, 0, "headers responseheaders response.headers res.headers resp.headers http.response.headers "+
		"http.response.header respheaders")
	add(fieldRequestHeaders, rankCommon, 0, "requestheaders request.headers req.headers http.request.headers http.request.header reqheaders")
}

// prefixesOf is every proper prefix of the names, cut at points, and the paths
// under which single headers come.
func prefixesOf(names map[string]jsonName) map[string]bool {
	m := map[string]bool{}
	for name := range names {
		for i, c := range name {
			if c == '.' {
				m[name[:i]] = true
			}
		}
	}
	return m
}

// units are the endings of a duration's name or value.
var units = []struct {
	suffix []byte
	ns     int64
}{
	{[]byte("ms"), 1e6}, {[]byte("us"), 1e3}, {[]byte("ns"), 1}, {[]byte("s"), 1e9}, {[]byte("milliseconds"), 1e6},
	{[]byte("microseconds"), 1e3}, {[]byte("nanoseconds"), 1}, {[]byte("seconds"), 1e9}, {[]byte("millis"), 1e6}, {[]byte("micros"), 1e3},
	{[]byte("nanos"), 1}, {[]byte("msec"), 1e6}, {[]byte("usec"), 1e3}, {[]byte("nsec"), 1}, {[]byte("secs"), 1e9}, {[]byte("sec"), 1e9},
}

// headerPath recognises "http.response.header.NAME" and its relatives, in one
// key or nested.
func headerPath(path string) (jsonField, bool) {
	for _, h := range singleHeaders {
		if strings.HasPrefix(path, h.prefix) && len(path) > len(h.prefix) {
			return h.field, true
		}
	}
	return 0, false
}

var singleHeaders = []struct {
	prefix string
	field  jsonField
}{
	{"http.response.header.", fieldResponseHeaders}, {"http.response.headers.", fieldResponseHeaders},
	{"response.header.", fieldResponseHeaders}, {"response.headers.", fieldResponseHeaders}, {"responseheader.", fieldResponseHeaders},
	{"http.request.header.", fieldRequestHeaders}, {"http.request.headers.", fieldRequestHeaders},
	{"request.header.", fieldRequestHeaders}, {"request.headers.", fieldRequestHeaders}, {"requestheader.", fieldRequestHeaders},
}
