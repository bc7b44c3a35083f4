package ingest

import (
	"strings"
	"time"
)

// jsonNames maps normalised paths (lower case, no "_" and "-") to fields.
var jsonNames = buildJSONNames()

// jsonPrefixes are the paths of objects that hold named members.
var jsonPrefixes = prefixesOf(jsonNames)

// jsonWrappers are objects whose members count as if they stood outside.
var jsonWrappers = map[string]bool{
	"attributes": true, "resource": true, "labels": true, "fields": true, "@fields": true, "data": true, "context": true, "ctx": true,
	"extra": true, "meta": true, "metadata": true, "mdc": true, "payload": true, "jsonpayload": true, "details": true, "params": true,
	"message": true, "msg": true, "log": true, "customdimensions": true, "state": true, "scopes": true,
	"tags": true, "props": true, "properties": true, "httprequest": true, "spanattributes": true, "resourceattributes": true,
}

// jsonTexts are the members, besides the wrappers, whose text may be an object,
// encoded once more. They are looked into where the line has no status.
var jsonTexts = map[string]bool{
	"body": true, "event.original": true, "@message": true, "logmessage": true, "rawlog": true, "raw": true, "line": true, "text": true, "textpayload": true,
	"json": true, "content": true, "logline": true, "record": true, "event": true, "entry": true,
}

// jsonLists are the lists whose objects are looked into.
var jsonLists = map[string]bool{"scopes": true, "tries": true}

func buildJSONNames() map[string]jsonName {
	m := map[string]jsonName{}
	add := func(f jsonField, rank uint8, unit time.Duration, names string) {
		for _, n := range strings.Fields(names) {
			m[n] = jsonName{f, rank, int64(unit)}
		}
	}
	add(fieldTime, rankExact, 0, "@timestamp time timestamp timeunixnano")
	add(fieldTime, rankCommon, 0, "ts datetime timeiso8601 timelocal msec eventtime date logtime @t observedtimeunixnano asctime createdat eventtimestamp loggedat "+
		"timestampms timegenerated logdate utctime created timestampnanos time.$date timestamp.$date @timestamp.$date")
	add(fieldEpochSeconds, rankExact, 0, "instant.epochsecond timestamp.seconds time.seconds timestampseconds")
	add(fieldNanos, rankExact, 0, "instant.nanoofsecond timestamp.nanos time.nanos")
	add(fieldEnd, rankExact, 0, "event.end endtime endtimeunixnano finishedat respondedat completedat")
	add(fieldStart, rankLast, 0, "event.start starttime request.time requeststart starttimeutc starttimeunixnano startedat starteddatetime startutc")
	add(fieldMethod, rankExact, 0, "http.request.method http.method")
	add(fieldMethod, rankCommon, 0, "method httpmethod requestmethod reqmethod req.method request.method http.requestmethod verb config.method")
	add(fieldURL, rankExact, 0, "url.full http.url")
	add(fieldURL, rankCommon, 0, "url.original url requesturl requesturi req.url request.url request.uri http.request.url fullurl uri endpoint httpurl config.url response.config.url requesteduri")
	add(fieldBaseURL, rankCommon, 0, "baseurl config.baseurl response.config.baseurl")
	add(fieldURL, rankGeneric, 0, "target request requestline http.target request.target originalurl req.originalurl rawurl response.url resp.url requestedurl")
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
		"res.statuscode res.status response.status response.statuscode response.code resp.status resp.statuscode http.status http.response.status res.code httpresponse.status")
	add(fieldStatus, rankGeneric, 0, "status")
	add(fieldStatus, rankLast, 0, "code")
	add(fieldBytes, rankExact, 0, "http.response.body.bytes http.response.body.size http.response.bodysize http.responsecontentlength")
	add(fieldBytes, rankCommon, 0, "bytes bodybytes bodybytessent bytessent responsesize responsebytes http.response.bytes res.contentlength "+
		"contentlength resp.size response.size bodysize responselength response.body.bytes response.body.size responsebodysize bytesout "+
		"httpresponse.bytes response.length response.bytes")
	add(fieldBytes, rankGeneric, 0, "size length")
	buildJSONRest(add)
	return m
}

// buildJSONRest continues the table: who called, ids, bodies and headers.
func buildJSONRest(add func(f jsonField, rank uint8, unit time.Duration, names string)) {
	add(fieldDuration, rankExact, time.Nanosecond, "event.duration durationnano")
	add(fieldDuration, rankExact, time.Second, "http.client.request.duration http.server.request.duration")
	add(fieldDuration, rankCommon, 0, "duration latency elapsed responsetime requesttime timetaken took elapsedtime processingtime rtt "+
		"totaltime runtime http.duration response.duration response.time durationtime http.response.time roundtrip dur response.latency "+
		"timespent totalduration req.duration request.duration http.latency querytime")
	add(fieldDuration, rankExact, 0, "latencyhuman durationhuman")
	add(fieldDuration, rankExact, time.Millisecond, "httpresponse.elapsed")
	add(fieldClient, rankExact, 0, "client.ip client.address source.ip source.address request.clientip")
	add(fieldClient, rankCommon, 0, "remoteaddr remoteip request.remoteip clientip ip client remoteaddress req.remoteaddress http.clientip network.client.ip request.ip req.ip sourceip srcip net.peer.ip peer.ip clientaddress")
	add(fieldClient, rankGeneric, 0, "remotehost")
	add(fieldUserAgent, rankExact, 0, "useragent.original")
	add(fieldUserAgent, rankCommon, 0, "useragent httpuseragent http.useragent ua agent req.useragent request.useragent requestuseragent")
	add(fieldReferer, rankCommon, 0, "http.request.referrer http.request.referer referer referrer httpreferer requestreferer request.referer req.referer")
	add(fieldVersion, rankExact, 0, "http.version network.protocol.version http.flavor")
	add(fieldVersion, rankCommon, 0, "httpversion protocol serverprotocol proto req.httpversion request.httpversion request.protocol request.proto requestprotocol requestversion")
	add(fieldRequestID, rankExact, 0, "response.requestid vendorrequestid upstreamrequestid responserequestid")
	add(fieldRequestID, rankCommon, 0, "requestid reqid http.request.id xrequestid correlationid req.id request.id rid")
	add(fieldClientRequestID, rankCommon, 0, "clientrequestid idempotencykey xclientrequestid request.idempotencykey")
	add(fieldTraceID, rankCommon, 0, "trace.id traceid dd.traceid otel.traceid spancontext.traceid")
	add(fieldSpanID, rankCommon, 0, "span.id spanid dd.spanid otel.spanid spancontext.spanid")
	add(fieldTraceparent, rankCommon, 0, "traceparent")
	add(fieldKind, rankExact, 0, "span.kind spankind kind network.direction direction")
	add(fieldFailure, rankExact, 0, "error.message exception.message")
	add(fieldFailure, rankCommon, 0, "err.message error err errormessage exception errormsg failurereason cause.message err.reason error.reason @x")
	add(fieldFailure, rankGeneric, 0, "error.code err.code error.type exception.type err.type error.errno err.errno errorcode errcode error.name err.name cause.code")
	add(fieldMessage, rankCommon, 0, "message msg @message @m event log shortmessage log.message renderedmessage text")
	add(fieldVendor, rankExact, 0, "vendor")
	add(fieldUpstreamAddr, rankCommon, 0, "upstreamaddr upstreamaddress")
	add(fieldUpstreamName, rankGeneric, 0, "upstreamhostname")
	add(fieldUpstreamStatus, rankCommon, 0, "upstreamstatus")
	add(fieldResponseBody, rankExact, 0, "http.response.body.content response.body.content")
	add(fieldResponseBody, rankCommon, 0, "http.response.body responsebody response.body res.body resp.body respbody response.data response.content response.text errorbody httpresponse.body rawresponse")
	add(fieldResponseBody, rankGeneric, 0, "body")
	add(fieldRequestBody, rankExact, 0, "http.request.body.content request.body.content")
	add(fieldRequestBody, rankCommon, 0, "http.request.body requestbody request.body req.body reqbody request.data")
	add(fieldResponseHeaders, rankCommon, 0, "headers httpresponse.headers responseheaders response.headers res.headers resp.headers http.response.headers "+
		"http.response.header respheaders")
	add(fieldRequestHeaders, rankCommon, 0, "requestheaders request.headers req.headers http.request.headers http.request.header reqheaders config.headers")
	add(fieldRequestBody, rankGeneric, 0, "config.data")
	addClientErrors(add)
}

// addClientErrors adds what the HTTP clients' errors hold, wherever a logger
// puts them: axios (config, response), got (options, response), node-fetch,
// undici.
func addClientErrors(add func(f jsonField, rank uint8, unit time.Duration, names string)) {
	under := func(f jsonField, rank uint8, paths string) {
		for _, root := range []string{"err.", "error.", "exception.", "cause.", "err.cause.", "error.cause.", "reason."} {
			for _, path := range strings.Fields(paths) {
				add(f, rank, 0, root+path)
			}
		}
	}
	under(fieldStatus, rankCommon, "response.status response.statuscode resp.statuscode res.statuscode")
	under(fieldStatus, rankGeneric, "status statuscode")
	under(fieldURL, rankCommon, "config.url options.url response.config.url request.url request.uri response.url response.requesturl")
	under(fieldURL, rankGeneric, "url uri requesturl")
	under(fieldBaseURL, rankCommon, "config.baseurl options.prefixurl response.config.baseurl")
	under(fieldMethod, rankCommon, "config.method options.method request.method response.config.method")
	under(fieldMethod, rankGeneric, "method")
	under(fieldResponseHeaders, rankCommon, "response.headers res.headers headers")
	under(fieldRequestHeaders, rankCommon, "config.headers options.headers request.headers")
	under(fieldResponseBody, rankCommon, "response.data response.body res.body body responsebody")
	under(fieldRequestBody, rankCommon, "config.data options.body options.json request.body")
	under(fieldRequestID, rankGeneric, "requestid")
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

// units are the endings of a duration's name or value, the longer before those
// that they end with.
var units = []struct {
	suffix []byte
	ns     int64
}{
	{[]byte("milliseconds"), 1e6}, {[]byte("microseconds"), 1e3}, {[]byte("nanoseconds"), 1}, {[]byte("seconds"), 1e9},
	{[]byte("millisecond"), 1e6}, {[]byte("second"), 1e9}, {[]byte("millis"), 1e6}, {[]byte("micros"), 1e3}, {[]byte("nanos"), 1},
	{[]byte("msecs"), 1e6}, {[]byte("msec"), 1e6}, {[]byte("usec"), 1e3}, {[]byte("nsec"), 1}, {[]byte("secs"), 1e9}, {[]byte("sec"), 1e9},
	{[]byte("ms"), 1e6}, {[]byte("us"), 1e3}, {[]byte("ns"), 1}, {[]byte("nano"), 1}, {[]byte("s"), 1e9},
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
