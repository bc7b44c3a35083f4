package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// The dialects of proxies and API gateways that people run themselves.

var caddyDialect = dialect{
	info: FormatInfo{
		Name:  "caddy",
		About: "access log of Caddy, JSON lines",
		Sample: `{"level":"info","ts":1772615702.118,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.9","client_ip":"203.0.113.9",` +
			`"proto":"HTTP/2.0","method":"GET","host":"shop.example.com","uri":"/v2/orders","headers":{}},"duration":0.0212,"size":64,"status":429,"resp_headers":{"Server":["Caddy"]}}`,
	},
	marks: []string{"logger request resp_headers"},
	names: []named{
		{fieldDuration, time.Second, "duration"},
		{fieldClient, 0, "request.clientip request.remoteip request.remoteaddr"},
		{fieldStatus, 0, "status"},
		{fieldResponseHeaders, 0, "respheaders"},
	},
	general: true,
	way:     wayIn,
}

var traefikDialect = dialect{
	info: FormatInfo{
		Name:  "traefik_json",
		About: "access log of Traefik, JSON lines",
		Sample: `{"ClientHost":"203.0.113.9","DownstreamContentSize":64,"DownstreamStatus":429,"Duration":2120000,"OriginStatus":429,"RequestHost":"shop.example.com",` +
			`"RequestMethod":"GET","RequestPath":"/v2/orders","RequestProtocol":"HTTP/1.1","RetryAttempts":0,"StartUTC":"2026-03-04T09:15:02.118212Z"}`,
	},
	marks: []string{"DownstreamStatus"},
	names: []named{
		{fieldStart, 0, "startutc startlocal"},
		{fieldTime, 0, "time"},
		{fieldDuration, time.Nanosecond, "duration"},
		{fieldMethod, 0, "requestmethod"},
		{fieldURL, 0, "requestpath"},
		{fieldHost, 0, "requesthost requestaddr"},
		{fieldScheme, 0, "requestscheme"},
		{fieldVersion, 0, "requestprotocol"},
		{fieldStatus, 0, "downstreamstatus"},
		{fieldBytes, 0, "downstreamcontentsize"},
		{fieldUpstreamStatus, 0, "originstatus"},
		{fieldUpstreamAddr, 0, "serviceaddr backendaddr"},
		{fieldUpstreamName, 0, "serviceurl.host serviceurl backendurl.host backendurl"},
		{fieldClient, 0, "clienthost clientaddr"},
		{fieldTraceID, 0, "traceid"},
		{fieldSpanID, 0, "spanid"},
	},
	headers: []headerKeys{{"request_", fieldRequestHeaders}, {"downstream_", fieldResponseHeaders}},
	way:     wayIn,
	began:   true,
}

var kongDialect = dialect{
	info: FormatInfo{
		Name:  "kong",
		About: "log of Kong's http-log and file-log plugins, JSON lines",
		Sample: `{"latencies":{"request":212,"kong":2,"proxy":210},"service":{"host":"api.example.com"},"request":{"method":"GET","uri":"/v2/vehicles/9","headers":{"host":"gateway.example.com"}},` +
			`"client_ip":"10.0.0.7","upstream_uri":"/v2/vehicles/9","upstream_status":"429","response":{"status":429,"size":"64","headers":{}},"started_at":1772615702118}`,
	},
	marks: []string{"latencies upstream_uri", "latencies request response"},
	names: []named{
		{fieldStart, 0, "startedat"},
		{fieldDuration, time.Millisecond, "latencies.request"},
		{fieldMethod, 0, "request.method"},
		{fieldURL, 0, "request.uri request.url"},
		{fieldStatus, 0, "response.status"},
		{fieldBytes, 0, "response.size"},
		{fieldClient, 0, "clientip"},
		{fieldRequestHeaders, 0, "request.headers"},
		{fieldResponseHeaders, 0, "response.headers"},
		{fieldRequestBody, 0, "request.body"},
		{fieldResponseBody, 0, "response.body"},
		{fieldUpstreamStatus, 0, "upstreamstatus"},
		{fieldUpstreamAddr, 0, "tries.ip"},
		{fieldUpstreamName, 0, "service.host"},
		{fieldClientRequestID, 0, "request.id"},
	},
	way: wayIn,
	finish: func(p *jsonLines, d *record.Draft) record.Reason {
		if isPublicName(p.get(fieldUpstreamName)) {
			d.Host, p.way = p.arena.host(p.get(fieldUpstreamName)), wayOut
		}
		return ""
	},
}

// isPublicName reports whether a host name is one of the public DNS, and so most
// likely of somebody else.
func isPublicName(host []byte) bool {
	for _, own := range []string{".local", ".internal", ".svc", ".lan", ".localdomain", "localhost", ".consul", ".test"} {
		if bytes.HasSuffix(withoutPort(host), []byte(own)) {
			return false
		}
	}
	return isHostName(host)
}

var nginxDialect = dialect{
	info: FormatInfo{
		Name:  "nginx_json",
		About: "access log of nginx with a JSON log_format",
		Sample: `{"time_iso8601":"2026-03-04T09:15:02+00:00","remote_addr":"203.0.113.9","request":"GET /v2/orders HTTP/1.1","status":"429","body_bytes_sent":"64",` +
			`"request_time":"0.212","upstream_addr":"10.0.0.8:443","upstream_status":"429","http_user_agent":"svc/2.4"}`,
	},
	marks: []string{"upstream_response_time", "upstream_addr", "upstream_status request_time", "body_bytes_sent request_time", "remote_addr request_time",
		"remote_addr body_bytes_sent", "remote_addr http_user_agent", "time_iso8601", "time_local"},
	names: []named{
		{fieldTime, 0, "msec timeiso8601 time timestamp ts timelocal"},
		{fieldDuration, time.Second, "requesttime responsetime requestrt"},
		{fieldHost, 0, "httphost host servername"},
		{fieldUpstreamName, 0, "proxyhost upstreamhost"},
		{fieldStatus, 0, "status"},
	},
	general: true,
	empty:   "_",
	finish: func(p *jsonLines, d *record.Draft) record.Reason {
		// A key may say milliseconds, but nginx has no variable that counts them:
		// three decimals are its seconds.
		v := &p.values[fieldDuration]
		text := p.get(fieldDuration)
		if v.name.unitNS == int64(time.Millisecond) && len(text) > 4 && text[len(text)-4] == '.' {
			if ns, ok := decimalNS(text, secondNS); ok {
				d.DurationNS = ns
			}
		}
		return ""
	},
}

var envoyDialect = dialect{
	info: FormatInfo{
		Name:  "envoy_json",
		About: "access log of Envoy, Istio or Envoy Gateway as JSON lines",
		Sample: `{"start_time":"2026-03-04T09:15:02.118Z","method":"GET","path":"/v2/vehicles/9","authority":"api.example.com","protocol":"HTTP/1.1","response_code":429,"response_flags":"-",` +
			`"bytes_sent":64,"duration":212,"upstream_host":"203.0.113.40:443","upstream_cluster":"outbound|443||api.example.com","x_forwarded_for":null,"request_id":"0f0c"}`,
	},
	marks: []string{"response_flags upstream_host", "response_flags upstream_cluster", "response_flags start_time", "response_flags response_code"},
	names: []named{
		{fieldStart, 0, "starttime"},
		{fieldTime, 0, "time timestamp @timestamp"},
		{fieldDuration, time.Millisecond, "duration"},
		{fieldMethod, 0, "method :method requestmethod"},
		{fieldURL, 0, "xenvoyoriginalpath xenvoyoriginpath originalpath path :path"},
		{fieldHost, 0, "authority :authority host requestedservername"},
		{fieldVersion, 0, "protocol"},
		{fieldStatus, 0, "responsecode"},
		{fieldBytes, 0, "bytessent"},
		{fieldClient, 0, "xforwardedfor downstreamremoteaddress downstreamdirectremoteaddress"},
		{fieldUserAgent, 0, "useragent"},
		{fieldRequestID, 0, "requestid xrequestid"},
		{fieldUpstreamAddr, 0, "upstreamhost"},
		{fieldCluster, 0, "upstreamcluster upstreamclusterraw"},
		{fieldFlags, 0, "responseflags"},
		{fieldFailure, 0, "upstreamtransportfailurereason"},
		{fieldDetails, 0, "connectionterminationdetails responsecodedetails"},
	},
	general: true,
	finish:  finishEnvoy,
}

// finishEnvoy reads direction and failure out of Envoy's own words.
func finishEnvoy(p *jsonLines, d *record.Draft) record.Reason {
	cluster := p.get(fieldCluster)
	switch {
	case bytes.HasPrefix(cluster, []byte("inbound|")), bytes.HasPrefix(cluster, []byte("httproute/")), bytes.HasPrefix(cluster, []byte("grpcroute/")):
		p.way = wayIn
	case bytes.HasPrefix(cluster, []byte("outbound|")), string(cluster) == "PassthroughCluster", string(cluster) == "BlackHoleCluster":
		p.way = wayOut
	case len(cluster) == 0 && len(d.UpstreamHost) == 0: // answered by itself
		p.way = wayIn
	}
	flags, details := p.get(fieldFlags), p.get(fieldDetails)
	switch {
	case d.Status > 0 && d.Status < 400:
		return ""
	case d.Status > 0 && len(flags) == 0 && len(p.get(fieldFailure)) == 0 && (len(details) == 0 || string(details) == "via_upstream"):
		return "" // the far side's own answer
	case d.Status == 0 && len(flags) == 0:
		if len(d.Method) == 0 {
			d.Status = record.Absent // a tunnel of TLS, which says nothing about the API
		}
		return ""
	}
	words := p.get(fieldFailure)
	if len(words) == 0 {
		a := &p.arena
		start := len(a.buf)
		a.buf = appendFlagWords(a.buf, flags)
		words = a.buf[start:len(a.buf):len(a.buf)]
	}
	if len(words) == 0 {
		words = details
	}
	d.Failure = words
	if len(flags) > 0 {
		d.Failure = p.arena.withFlags(words, flags)
	}
	return ""
}

// withFlags writes "words (flags)".
func (a *arena) withFlags(words, flags []byte) []byte {
	start := len(a.buf)
	a.buf = append(a.buf, words...)
	if len(words) > 0 {
		a.buf = append(a.buf, ' ')
	}
	a.buf = append(a.buf, '(')
	a.buf = append(a.buf, flags...)
	a.buf = append(a.buf, ')')
	return a.buf[start:len(a.buf):len(a.buf)]
}
