package ingest

import (
	"time"

	"github.com/errscope/errscope/record"
)

// The dialects of content networks and other edges that stand before somebody's
// own servers.

var cloudflareDialect = dialect{
	info: FormatInfo{
		Name:  "cloudflare_logpush",
		About: "HTTP requests of Cloudflare Logpush or Logpull, JSON lines",
		Sample: `{"ClientIP":"203.0.113.9","ClientRequestHost":"shop.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/v2/orders","EdgeEndTimestamp":"2026-03-04T09:15:02Z",` +
			`"EdgeResponseBytes":64,"EdgeResponseStatus":429,"EdgeStartTimestamp":"2026-03-04T09:15:02Z","OriginResponseStatus":429,"RayID":"8d0c1f2a3b4c5d6e"}`,
	},
	marks: []string{"EdgeResponseStatus", "RayID OriginResponseStatus", "RayID ClientRequestMethod"},
	names: []named{
		{fieldEnd, 0, "edgeendtimestamp"},
		{fieldStart, 0, "edgestarttimestamp"},
		{fieldTime, 0, "timestamp datetime"},
		{fieldMethod, 0, "clientrequestmethod"},
		{fieldURL, 0, "clientrequesturi clientrequestpath"},
		{fieldHost, 0, "clientrequesthost"},
		{fieldScheme, 0, "clientrequestscheme"},
		{fieldVersion, 0, "clientrequestprotocol"},
		{fieldStatus, 0, "edgeresponsestatus originresponsestatus"},
		{fieldUpstreamStatus, 0, "originresponsestatus"},
		{fieldBytes, 0, "edgeresponsebytes edgeresponsebodybytes"},
		{fieldClient, 0, "clientip"},
		{fieldUserAgent, 0, "clientrequestuseragent"},
		{fieldReferer, 0, "clientrequestreferer"},
		{fieldRequestID, 0, "rayid"},
		{fieldUpstreamAddr, 0, "originip"},
		{fieldRequestHeaders, 0, "requestheaders"},
		{fieldResponseHeaders, 0, "responseheaders"},
	},
	way: wayIn,
}

var fastlyDialect = dialect{
	info: FormatInfo{
		Name:  "fastly",
		About: "access log of Fastly in its usual JSON format",
		Sample: `{"timestamp":"2026-03-04T09:15:02+0000","client_ip":"203.0.113.9","host":"shop.example.com","url":"/v2/orders","request_method":"GET","request_protocol":"HTTP/1.1",` +
			`"response_state":"PASS","response_status":429,"response_body_size":64,"fastly_server":"cache-ams0001-AMS","fastly_is_edge":true}`,
	},
	marks: []string{"fastly_server", "fastly_is_edge", "fastly_info_state"},
	names: []named{
		{fieldStatus, 0, "responsestatus status"},
		{fieldDuration, time.Microsecond, "timeelapsed"},
		{fieldBytes, 0, "responsebodysize"},
	},
	general: true,
	way:     wayIn,
}

var akamaiDialect = dialect{
	info: FormatInfo{
		Name:  "akamai_datastream2",
		About: "Akamai DataStream 2, JSON lines",
		Sample: `{"reqTimeSec":"1772615702.118","reqMethod":"GET","reqHost":"shop.example.com","reqPath":"v2/orders","queryStr":"-","statusCode":"429","bytes":"64","cliIP":"203.0.113.9",` +
			`"UA":"svc%2F2.4","proto":"HTTP/1.1","reqId":"1a2b3c","reqEndTimeMSec":"2","turnAroundTimeMSec":"201","transferTimeMSec":"9","errorCode":"^"}`,
	},
	marks: []string{"reqTimeSec cliIP", "reqTimeSec statusCode"},
	names: []named{
		{fieldStart, 0, "reqtimesec"},
		{fieldPart1, time.Millisecond, "reqendtimemsec"},
		{fieldPart2, time.Millisecond, "turnaroundtimemsec"},
		{fieldPart3, time.Millisecond, "transfertimemsec"},
		{fieldMethod, 0, "reqmethod"},
		{fieldPath, 0, "reqpath"},
		{fieldQuery, 0, "querystr"},
		{fieldHost, 0, "reqhost"},
		{fieldVersion, 0, "proto"},
		{fieldStatus, 0, "statuscode"},
		{fieldBytes, 0, "bytes rspcontentlen"},
		{fieldClient, 0, "cliip"},
		{fieldUserAgent, 0, "ua"},
		{fieldReferer, 0, "referer"},
		{fieldRequestID, 0, "reqid"},
		{fieldFailure, 0, "errorcode"},
	},
	empty: "^",
	way:   wayIn,
	finish: func(p *jsonLines, d *record.Draft) record.Reason {
		d.UserAgent, d.Referer = p.arena.percentDecoded(d.UserAgent), p.arena.percentDecoded(d.Referer)
		return ""
	},
}

var f5Dialect = dialect{
	info: FormatInfo{
		Name:  "f5_xc",
		About: "access and security events of F5 Distributed Cloud, JSON lines",
		Sample: `{"time":"2026-03-04T09:15:02.118Z","method":"GET","req_path":"/v2/orders","authority":"shop.example.com","rsp_code":"429","rsp_size":"64","src_ip":"203.0.113.9",` +
			`"user_agent":"svc/2.4","http_version":"HTTP/1.1","req_id":"2f0c6f3e-1c4e-4a7c-9a57-2b1f0c9f2b11"}`,
	},
	marks: []string{"rsp_code req_id", "rsp_code src_ip"},
	names: []named{
		{fieldTime, 0, "time @timestamp"},
		{fieldMethod, 0, "method"},
		{fieldURL, 0, "reqpath originalpath path"},
		{fieldQuery, 0, "reqparams"},
		{fieldHost, 0, "authority domain sni"},
		{fieldScheme, 0, "scheme"},
		{fieldVersion, 0, "httpversion protocol"},
		{fieldStatus, 0, "rspcode"},
		{fieldBytes, 0, "rspsize"},
		{fieldDuration, time.Second, "totaldurationseconds durationwithdatatxdelay"},
		{fieldClient, 0, "srcip"},
		{fieldUserAgent, 0, "useragent"},
		{fieldRequestID, 0, "reqid"},
		{fieldRequestHeaders, 0, "reqheaders"},
		{fieldFailure, 0, "rspcodedetails"},
	},
	way: wayIn,
}

var vercelDialect = dialect{
	info: FormatInfo{
		Name:  "vercel_drain",
		About: "log drain of Vercel, a JSON list or JSON lines",
		Sample: `{"id":"1","deploymentId":"dpl_1","source":"edge","host":"shop-1.example.com","timestamp":1772615702118,"requestId":"iad1::x-1",` +
			`"proxy":{"timestamp":1772615702100,"method":"GET","scheme":"https","host":"shop.example.com","path":"/v2/orders","userAgent":["svc/2.4"],"statusCode":429,"clientIp":"203.0.113.9"}}`,
	},
	marks: []string{"deploymentId proxy", "deploymentId projectId source"},
	names: []named{
		{fieldTime, 0, "timestamp proxy.timestamp"},
		{fieldMethod, 0, "proxy.method"},
		{fieldURL, 0, "proxy.path"},
		{fieldHost, 0, "proxy.host"},
		{fieldScheme, 0, "proxy.scheme"},
		{fieldStatus, 0, "proxy.statuscode statuscode"},
		{fieldBytes, 0, "proxy.responsebytesize"},
		{fieldClient, 0, "proxy.clientip"},
		{fieldUserAgent, 0, "proxy.useragent"},
		{fieldReferer, 0, "proxy.referer"},
		{fieldRequestID, 0, "requestid"},
		{fieldTraceID, 0, "traceid trace.id"},
		{fieldSpanID, 0, "spanid span.id"},
		{fieldLogger, 0, "type"},
		{fieldIgnored, 0, "message"},
	},
	way: wayIn,
	finish: func(p *jsonLines, d *record.Draft) record.Reason {
		// What a function prints repeats the request that it belongs to, and the -1
		// of a refresh in the background belongs to none.
		switch logger := p.get(fieldLogger); {
		case string(logger) == "stdout", string(logger) == "stderr":
			return record.IgnoreContinued
		case len(d.Method) == 0, string(p.get(fieldStatus)) == "-1" && p.values[fieldStatus].name.rank == rankDialect:
			return record.IgnoreNoHTTP
		}
		return ""
	},
}

var ngrokDialect = dialect{
	info: FormatInfo{
		Name:  "ngrok_event",
		About: "http_request_complete events of ngrok, JSON lines",
		Sample: `{"event_id":"ev_1","event_type":"http_request_complete.v0","event_timestamp":"2026-03-04T09:15:02Z","object":{"conn":{"server_name":"shop.example.com","client_ip":"203.0.113.9"},` +
			`"http":{"request":{"method":"GET","version":"HTTP/2.0","url":{"path":"/v2/orders"}},"response":{"last_byte_ts":"2026-03-04T09:15:02.118Z","status_code":429,"body_length":64}}}}`,
	},
	marks: []string{"event_type=http_request_complete object"},
	names: []named{
		{fieldEnd, 0, "object.http.response.lastbytets"},
		{fieldTime, 0, "eventtimestamp"},
		{fieldStart, 0, "object.http.request.firstbytets"},
		{fieldMethod, 0, "object.http.request.method"},
		{fieldURL, 0, "object.http.request.url.raw object.http.request.url.path object.http.request.url"},
		{fieldQuery, 0, "object.http.request.url.query object.http.request.url.rawquery"},
		{fieldHost, 0, "object.http.request.url.host object.conn.servername"},
		{fieldScheme, 0, "object.http.request.url.scheme"},
		{fieldVersion, 0, "object.http.request.version"},
		{fieldStatus, 0, "object.http.response.statuscode"},
		{fieldBytes, 0, "object.http.response.bodylength"},
		{fieldClient, 0, "object.conn.clientip"},
		{fieldRequestHeaders, 0, "object.http.request.headers"},
		{fieldResponseHeaders, 0, "object.http.response.headers"},
	},
	way: wayIn,
}
