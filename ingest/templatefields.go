package ingest

import (
	"strings"
	"time"
)

// templateField is what a variable of a log format stands for.
type templateField uint8

const (
	templateSkip templateField = iota // nothing that an exchange has
	templateText                      // no variable
	templateClient
	templateForwarded // X-Forwarded-For
	templateTimeCLF
	templateTimeISO
	templateTimeEpoch // in the unit of the token
	templateTimePart  // a fraction of a second, in the unit of the token
	templateTimeLayout
	templateRequest
	templateMethod
	templateTarget
	templatePath
	templateIsArgs
	templateQuery
	templateStatus
	templateBytes
	templateBytesAll // with the header
	templateDuration
	templateUpstreamDuration
	templateUpstreamStatus
	templateUpstreamAddr
	templateUpstreamURL
	templateProxyHost
	templateHost
	templateServer
	templateScheme
	templateVersion
	templateAgent
	templateReferer
	templateRequestID // given on our side
	templateTraceID   // 32 hex digits
	templateTrace     // traceparent
	templateSpanID    // 16 hex digits
	templateHeader    // of the response
	templateReqHeader // of the request
	templateBody      // of the response
	templateRequestBody
)

// templateNames are the words for the fields that detection reports.
var templateNames = map[templateField]string{
	templateClient: "client", templateTimeCLF: "time", templateTimeISO: "time", templateTimeEpoch: "time", templateTimeLayout: "time",
	templateRequest: "request", templateMethod: "method", templateTarget: "url", templatePath: "path", templateStatus: "status",
	templateDuration: "duration", templateHost: "host", templateProxyHost: "proxy_host", templateServer: "vhost",
	templateUpstreamAddr: "upstream_addr", templateUpstreamURL: "upstream_addr", templateUpstreamStatus: "upstream_status",
	templateRequestID: "request_id", templateTraceID: "trace_id", templateTrace: "trace_id",
	templateHeader: "headers", templateBody: "body",
}

// list says that a value may hold ", " and " : " between attempts.
func (f templateField) list() bool {
	switch f {
	case templateUpstreamAddr, templateUpstreamStatus, templateUpstreamDuration, templateForwarded:
		return true
	}
	return false
}

// stops are the bytes that end a value which another one follows at once.
func (f templateField) stops() string {
	switch f {
	case templateHost, templateServer, templateProxyHost, templateClient:
		return "/? \"" // a port belongs to it
	case templateScheme:
		return ":/ "
	case templatePath:
		return "? \""
	case templateMethod, templateStatus, templateBytes, templateBytesAll, templateDuration, templateVersion:
		return "/? \"[]|,;"
	}
	return " \""
}

// nginxVariables are the variables of nginx that an exchange has a place for.
var nginxVariables = map[string]templateToken{
	"remote_addr": {field: templateClient}, "realip_remote_addr": {field: templateSkip}, "proxy_protocol_addr": {field: templateForwarded},
	"time_local": {field: templateTimeCLF}, "time_iso8601": {field: templateTimeISO}, "msec": {field: templateTimeEpoch, unitNS: secondNS},
	"request": {field: templateRequest}, "request_method": {field: templateMethod}, "request_uri": {field: templateTarget},
	"uri": {field: templatePath}, "document_uri": {field: templatePath}, "args": {field: templateQuery}, "query_string": {field: templateQuery},
	"is_args": {field: templateIsArgs}, "status": {field: templateStatus},
	"body_bytes_sent": {field: templateBytes}, "bytes_sent": {field: templateBytesAll},
	"request_time": {field: templateDuration, unitNS: secondNS}, "upstream_response_time": {field: templateUpstreamDuration, unitNS: secondNS},
	"upstream_status": {field: templateUpstreamStatus}, "upstream_addr": {field: templateUpstreamAddr},
	"proxy_host": {field: templateProxyHost}, "host": {field: templateHost}, "http_host": {field: templateHost},
	"server_name": {field: templateServer}, "ssl_server_name": {field: templateServer}, "ssl_preread_server_name": {field: templateHost},
	"scheme": {field: templateScheme}, "server_protocol": {field: templateVersion},
	"http_user_agent": {field: templateAgent}, "http_referer": {field: templateReferer}, "http_x_forwarded_for": {field: templateForwarded},
	"request_id": {field: templateRequestID}, "req_id": {field: templateRequestID},
	"http_traceparent": {field: templateTrace}, "opentelemetry_trace_id": {field: templateTraceID}, "otel_trace_id": {field: templateTraceID},
	"opentelemetry_span_id": {field: templateSpanID}, "otel_span_id": {field: templateSpanID}, "opentelemetry_context_traceparent": {field: templateTrace},
	"request_body": {field: templateRequestBody}, "resp_body": {field: templateBody}, "response_body": {field: templateBody},
}

// nginxHeaders are the beginnings of the variables that are header fields.
var nginxHeaders = []struct {
	prefix string
	field  templateField
}{
	{"upstream_http_", templateHeader}, {"sent_http_", templateHeader}, {"http_", templateReqHeader},
}

// nginxVariable says what a variable stands for.
func nginxVariable(name string) templateToken {
	if t, ok := nginxVariables[name]; ok {
		return t
	}
	for _, h := range nginxHeaders {
		if rest, ok := strings.CutPrefix(name, h.prefix); ok && rest != "" {
			return templateToken{field: h.field, name: []byte(strings.ReplaceAll(rest, "_", "-"))}
		}
	}
	return templateToken{}
}

// apacheDirectives are those of mod_log_config without an argument.
var apacheDirectives = map[byte]templateToken{
	'h': {field: templateClient}, 'a': {field: templateClient}, 't': {field: templateTimeCLF, start: true},
	'r': {field: templateRequest}, 's': {field: templateStatus}, 'b': {field: templateBytes}, 'B': {field: templateBytes}, 'O': {field: templateBytesAll},
	'D': {field: templateDuration, unitNS: int64(time.Microsecond)}, 'T': {field: templateDuration, unitNS: secondNS},
	'v': {field: templateServer}, 'V': {field: templateServer}, 'U': {field: templatePath}, 'q': {field: templateQuery}, 'm': {field: templateMethod},
	'H': {field: templateVersion}, 'L': {field: templateRequestID},
	'A': {}, 'f': {}, 'k': {}, 'l': {}, 'p': {}, 'P': {}, 'R': {}, 'u': {}, 'X': {}, 'I': {}, 'S': {},
}

// apacheDirective says what a directive stands for; ok is false where there is
// no such directive.
func apacheDirective(letter byte, argument string) (t templateToken, ok bool, err error) {
	if argument == "" {
		t, ok = apacheDirectives[letter]
		return t, ok, nil
	}
	lower := strings.ToLower(argument)
	switch letter {
	case 'i':
		return apacheRequestHeader(argument), true, nil
	case 'o':
		return templateToken{field: templateHeader, name: []byte(argument)}, true, nil
	case 'e':
		switch argument {
		case "UNIQUE_ID":
			return templateToken{field: templateRequestID}, true, nil
		case "BALANCER_WORKER_NAME":
			return templateToken{field: templateUpstreamURL}, true, nil
		}
		return t, true, nil
	case 'a':
		if lower == "c" { // the address of the proxy in front of us
			return t, true, nil
		}
		return templateToken{field: templateClient}, true, nil
	case 'T':
		unit, known := map[string]time.Duration{"s": time.Second, "ms": time.Millisecond, "us": time.Microsecond}[lower]
		return templateToken{field: templateDuration, unitNS: int64(unit)}, known, nil
	case 't':
		t, err = apacheTime(argument)
		return t, err == nil, err
	case 'C', 'n', 'x', 'p', 'P', 'h', '^':
		return t, true, nil
	}
	return t, false, nil
}

func apacheRequestHeader(name string) templateToken {
	switch strings.ToLower(name) {
	case "user-agent":
		return templateToken{field: templateAgent}
	case "referer":
		return templateToken{field: templateReferer}
	case "host":
		return templateToken{field: templateHost}
	case "x-forwarded-for":
		return templateToken{field: templateForwarded}
	case "traceparent":
		return templateToken{field: templateTrace}
	}
	return templateToken{field: templateReqHeader, name: []byte(name)}
}

// apacheTime reads the argument of %{…}t: the words of Apache, or a layout of
// strftime. The time is that of the start unless it says otherwise.
func apacheTime(argument string) (templateToken, error) {
	t := templateToken{start: true}
	if rest, ok := strings.CutPrefix(argument, "end:"); ok {
		argument, t.start = rest, false
	} else {
		argument = strings.TrimPrefix(argument, "begin:")
	}
	switch argument {
	case "sec":
		t.field, t.unitNS = templateTimeEpoch, secondNS
	case "msec":
		t.field, t.unitNS = templateTimeEpoch, int64(time.Millisecond)
	case "usec":
		t.field, t.unitNS = templateTimeEpoch, int64(time.Microsecond)
	case "msec_frac":
		t.field, t.unitNS = templateTimePart, int64(time.Millisecond)
	case "usec_frac":
		t.field, t.unitNS = templateTimePart, int64(time.Microsecond)
	case "":
		t.field = templateTimeCLF
	default:
		t.field, t.layout = templateTimeLayout, []byte(expandLayout(argument))
		return t, checkLayout(t.layout)
	}
	return t, nil
}
