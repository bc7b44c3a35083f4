package ingest

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
	fieldBaseURL      // what a relative URL is relative to
	fieldUpstreamName // host name of the upstream
	fieldFlags        // why a proxy gave up, in its own letters
	fieldDetails      // the same in words
	fieldMessage      // of the log line
	fieldEpochSeconds // of a time in two parts
	fieldNanos
	fieldPart1 // of a duration that is logged in parts
	fieldPart2
	fieldPart3
	fieldLogger  // the part of a program that wrote the line
	fieldCluster // what a proxy calls its upstream
	fieldIgnored // what looks like a field and is none
	fieldCount
)

// fieldNames are the names of the fields for people: in `formats detect`, and in
// the configuration, where a field may be given its keys. What has no name here
// is only worked with.
var fieldNames = [fieldCount]string{
	fieldTime: "time", fieldEnd: "end", fieldStart: "start", fieldMethod: "method", fieldURL: "url", fieldPath: "path",
	fieldQuery: "query", fieldHost: "host", fieldScheme: "scheme", fieldStatus: "status", fieldBytes: "bytes",
	fieldDuration: "duration", fieldClient: "client", fieldUserAgent: "user_agent", fieldReferer: "referer",
	fieldVersion: "http_version", fieldRequestID: "request_id", fieldClientRequestID: "client_request_id",
	fieldTraceID: "trace_id", fieldSpanID: "span_id", fieldTraceparent: "traceparent", fieldKind: "direction",
	fieldFailure: "failure", fieldVendor: "vendor", fieldUpstreamAddr: "upstream_host", fieldUpstreamStatus: "upstream_status",
	fieldResponseBody: "body", fieldRequestBody: "request_body", fieldResponseHeaders: "headers",
	fieldRequestHeaders: "request_headers", fieldBaseURL: "base_url", fieldUpstreamName: "upstream_name", fieldMessage: "message",
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
	rankGiven   = 0  // a name that the configuration gives
	rankDialect = 8  // the first name in a dialect; the others follow
	rankExact   = 30 // a name of a standard
	rankCommon  = 31 // a name that means one thing
	rankGeneric = 32 // a name that may mean something else
	rankLast    = 33
)
