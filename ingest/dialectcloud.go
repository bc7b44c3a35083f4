package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// The dialects of clouds and of services that log what was asked of them.

var gcpDialect = dialect{
	info: FormatInfo{
		Name:  "gcp_http",
		About: "log entries of Google Cloud with an httpRequest: load balancers, Cloud Run, App Engine",
		Sample: `{"insertId":"1a","logName":"projects/p/logs/requests","timestamp":"2026-03-04T09:15:02.118212Z","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example.com/v2/orders",` +
			`"status":429,"responseSize":"64","latency":"0.212s","remoteIp":"203.0.113.9"},"jsonPayload":{"statusDetails":"response_sent_by_backend"}}`,
	},
	marks: []string{"httpRequest insertId", "httpRequest logName", "httpRequest receiveTimestamp"},
	names: []named{
		{fieldTime, 0, "timestamp"},
		{fieldMethod, 0, "requestmethod"},
		{fieldURL, 0, "requesturl"},
		{fieldStatus, 0, "status"},
		{fieldBytes, 0, "responsesize"},
		{fieldDuration, 0, "latency"},
		{fieldClient, 0, "remoteip"},
		{fieldUpstreamAddr, 0, "serverip"},
		{fieldUserAgent, 0, "useragent"},
		{fieldReferer, 0, "referer"},
		{fieldVersion, 0, "protocol"},
		{fieldTraceID, 0, "trace"},
		{fieldSpanID, 0, "spanid"},
		{fieldFailure, 0, "statusdetails"},
	},
	general: true,
	way:     wayIn,
	finish: func(_ *jsonLines, d *record.Draft) record.Reason {
		if i := bytes.LastIndex(d.TraceID, []byte("/traces/")); i >= 0 {
			d.TraceID = d.TraceID[i+len("/traces/"):]
		}
		return ""
	},
}

var azureDialect = dialect{
	info: FormatInfo{
		Name:  "azure_access",
		About: "access logs of Azure Application Gateway, Front Door and API Management, single or in batches",
		Sample: `{"records":[{"time":"2026-03-04T09:15:02.1182123Z","resourceId":"/X","category":"FrontDoorAccessLog","operationName":"Log/Write","properties":{"clientIp":"203.0.113.9",` +
			`"httpMethod":"GET","requestUri":"https://shop.example.com:443/v2/orders","httpStatusCode":"429","responseBytes":"64","timeTaken":"0.212","httpVersion":"1.1.0.0","trackingReference":"0a1b"}}]}`,
	},
	marks: []string{"resourceId category properties", "category operationName properties"},
	names: []named{
		{fieldTime, 0, "time timestamp timegenerated"},
		{fieldMethod, 0, "httpmethod method"},
		{fieldURL, 0, "requesturi url"},
		{fieldQuery, 0, "requestquery"},
		{fieldHost, 0, "originalhost host hostname"},
		{fieldVersion, 0, "httpversion clientprotocol"},
		{fieldStatus, 0, "httpstatus httpstatuscode responsecode"},
		{fieldBytes, 0, "sentbytes responsebytes responsesize"},
		{fieldDuration, time.Second, "timetaken"},
		{fieldDuration, time.Millisecond, "durationms"},
		{fieldClient, 0, "clientip calleripaddress"},
		{fieldUserAgent, 0, "useragent"},
		{fieldReferer, 0, "referer referrer"},
		{fieldRequestID, 0, "trackingreference transactionid correlationid"},
		{fieldUpstreamAddr, 0, "serverrouted originip"},
		{fieldUpstreamStatus, 0, "serverstatus backendresponsecode"},
		{fieldUpstreamName, 0, "backendurl originname"},
		{fieldFailure, 0, "errorinfo lasterror.reason lasterror.message"},
	},
	empty: "N/A NoError",
	way:   wayIn,
	finish: func(_ *jsonLines, d *record.Draft) record.Reason {
		d.HTTPVersion = bytes.TrimSuffix(d.HTTPVersion, []byte(".0.0"))
		return ""
	},
}

var appServiceDialect = dialect{
	info:  FormatInfo{Name: "azure_appservice"},
	marks: []string{"CsUriStem ScStatus"},
	names: []named{
		{fieldTime, 0, "time timegenerated eventtime"},
		{fieldMethod, 0, "csmethod"},
		{fieldPath, 0, "csuristem"},
		{fieldQuery, 0, "csuriquery"},
		{fieldHost, 0, "cshost"},
		{fieldVersion, 0, "protocol"},
		{fieldStatus, 0, "scstatus"},
		{fieldBytes, 0, "scbytes"},
		{fieldDuration, time.Millisecond, "timetaken"},
		{fieldClient, 0, "cip"},
		{fieldUserAgent, 0, "useragent"},
		{fieldReferer, 0, "referer"},
	},
	way: wayIn,
}

var apiGatewayDialect = dialect{
	info: FormatInfo{
		Name:  "aws_apigateway",
		About: "access log of AWS API Gateway in a JSON format",
		Sample: `{"requestId":"2f0c6f3e-1c4e-4a7c-9a57-2b1f0c9f2b11","ip":"203.0.113.9","requestTime":"04/Mar/2026:09:15:02 +0000","httpMethod":"GET","routeKey":"GET /v2/orders",` +
			`"path":"/prod/v2/orders","status":"429","protocol":"HTTP/1.1","responseLength":"64","responseLatency":"212","integrationStatus":"429","integrationErrorMessage":"-"}`,
	},
	marks: []string{"requestId routeKey", "requestId resourcePath", "requestId integrationErrorMessage", "requestId responseLatency", "requestId integrationLatency",
		"requestId integrationStatus", "requestId extendedRequestId", "requestId requestTimeEpoch"},
	names: []named{
		{fieldStart, 0, "requesttimeepoch requesttime"},
		{fieldDuration, time.Millisecond, "responselatency latency"},
		{fieldMethod, 0, "httpmethod method"},
		{fieldPath, 0, "path resourcepath"},
		{fieldHost, 0, "domainname"},
		{fieldStatus, 0, "status statuscode"},
		{fieldBytes, 0, "responselength"},
		{fieldClient, 0, "ip sourceip identity.sourceip"},
		{fieldRequestID, 0, "requestid"},
		{fieldUpstreamStatus, 0, "integrationstatus integration.status integration.integrationstatus"},
		{fieldFailure, 0, "integrationerrormessage integration.error errormessage error.message"},
	},
	general: true,
	way:     wayIn,
	began:   true,
}

// wafDialect is AWS WAF. It tells of the answer only where the rule makes its
// own.
var wafDialect = dialect{
	info:  FormatInfo{Name: "aws_waf"},
	marks: []string{"webaclId httpRequest"},
	names: []named{
		{fieldTime, 0, "timestamp"},
		{fieldMethod, 0, "httpmethod"},
		{fieldURL, 0, "uri"},
		{fieldQuery, 0, "args"},
		{fieldHost, 0, "host"},
		{fieldVersion, 0, "httpversion"},
		{fieldStatus, 0, "responsecodesent"},
		{fieldClient, 0, "clientip"},
		{fieldRequestID, 0, "requestid"},
		{fieldRequestHeaders, 0, "headers"},
	},
	way: wayIn,
}

var faunaDialect = dialect{
	info: FormatInfo{
		Name:  "fauna_query",
		About: "query log of Fauna, JSON lines",
		Sample: `{"RESPONSE_CODE":"429","TRACEPARENT":"00-752178adb17130b291aefd8c386279e7-00f067aa0ba902b7-00","QUERY_TIME_MS":15,"COMPUTE_OPS":1,"BYTES_OUT":64,` +
			`"REQUEST_METHOD":"POST","REQUEST_HEADERS":"{\"user_agent\":\"svc/2.4\"}","TS":"2026-03-04T09:15:02.118212Z"}`,
	},
	marks: []string{"QUERY_TIME_MS COMPUTE_OPS", "QUERY_TIME_MS RESPONSE_CODE"},
	names: []named{
		{fieldTime, 0, "ts"},
		{fieldDuration, time.Millisecond, "querytimems"},
		{fieldMethod, 0, "requestmethod"},
		{fieldURL, 0, "requestpath"},
		{fieldStatus, 0, "responsecode"},
		{fieldBytes, 0, "bytesout"},
		{fieldTraceparent, 0, "traceparent"},
		{fieldRequestHeaders, 0, "requestheaders"},
	},
	way: wayOut, // what Fauna saw of our calls
}

var jfrogDialect = dialect{
	info: FormatInfo{
		Name:  "jfrog_request",
		About: "request logs of the JFrog platform as JSON lines",
		Sample: `{"log_timestamp":"2026-03-04T09:15:02.118Z","log_source":"jfrog.rt.artifactory.request","remote_address":"203.0.113.9","request_method":"GET","request_url":"/api/v1/system",` +
			`"return_status":"429","request_duration":"212","response_content_length":"64","request_user_agent":"svc/2.4","trace_id":"36d40cefdbb75ab8"}`,
	},
	marks: []string{"log_source return_status"},
	names: []named{
		{fieldTime, 0, "logtimestamp timestamp"},
		{fieldDuration, time.Millisecond, "requestduration"},
		{fieldMethod, 0, "requestmethod"},
		{fieldURL, 0, "remoteurl requesturl"},
		{fieldStatus, 0, "returnstatus"},
		{fieldBytes, 0, "responsecontentlength"},
		{fieldClient, 0, "remoteaddress"},
		{fieldUserAgent, 0, "requestuseragent"},
		{fieldTraceID, 0, "traceid"},
	},
}

var zscalerDialect = dialect{
	info: FormatInfo{
		Name:  "zscaler_web",
		About: "web log of Zscaler's Nanolog streaming, JSON lines",
		Sample: `{"sourcetype":"zscalernss-web","event":{"datetime":"2026-03-04 09:15:02","requestmethod":"GET","url":"api.example.com/v2/vehicles/9","hostname":"api.example.com",` +
			`"status":"429","responsesize":"64","useragent":"svc/2.4","refererURL":"None","ClientIP":"10.0.0.7","protocol":"HTTPS","reqversion":"1.1"}}`,
	},
	marks: []string{"sourcetype=zscalernss event"},
	names: []named{
		{fieldTime, 0, "datetime time"},
		{fieldMethod, 0, "requestmethod reqmethod"},
		{fieldURL, 0, "url eurl"},
		{fieldHost, 0, "hostname host ehost"},
		{fieldScheme, 0, "protocol proto"},
		{fieldVersion, 0, "reqversion"},
		{fieldStatus, 0, "status respcode"},
		{fieldBytes, 0, "responsesize respsize"},
		{fieldClient, 0, "clientip cip cintip"},
		{fieldUserAgent, 0, "useragent ua eua"},
		{fieldReferer, 0, "refererurl ereferer referer"},
	},
	wrappers: "event",
	empty:    "None NA N/A 000",
	way:      wayOut,
	finish: func(p *jsonLines, d *record.Draft) record.Reason {
		if scheme := string(d.Scheme); scheme != "http" && scheme != "https" {
			d.Scheme = nil // "ssl" and others are no scheme of a URL
		}
		// The URL is without its scheme, so that it begins with the host.
		if t := d.Target; len(t) > 0 && t[0] != '/' && !bytes.Contains(t, []byte("://")) {
			end := bytes.IndexAny(t, "/?")
			if end < 0 {
				end = len(t)
			}
			d.Host, d.Path, d.Query = p.arena.host(t[:end]), rootPath, nil
			if end < len(t) {
				d.Path, d.Query, _ = bytes.Cut(t[end:], []byte{'?'})
			}
		}
		return ""
	},
}
