package ingest_test

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func TestMarksFit(t *testing.T) {
	if ingest.Marks() > ingest.MarksMax {
		t.Errorf("%d marks, there is room for %d", ingest.Marks(), ingest.MarksMax)
	}
}

// dialectRow is a line and what it must come out as, its format first.
type dialectRow struct{ name, line, want string }

func checkDialects(t *testing.T, rows []dialectRow) {
	t.Helper()
	for _, c := range rows {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			var want []string
			if c.want != "" {
				want = strings.Split(c.want, "\n")
			}
			checkRows(t, fieldsOf(ingesttest.Read(t, ingest.Config{Bindings: vendors()}, c.line+"\n"), "json"), want...)
		})
	}
}

func TestDialectsOfProxies(t *testing.T) {
	checkDialects(t, []dialectRow{
		{"caddy", `{"level":"info","ts":1772615702.118,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"10.0.0.2","client_ip":"203.0.113.9","proto":"HTTP/2.0","method":"GET","host":"Shop.example.com:8443","uri":"/a?b=c","headers":{"User-Agent":["x/1"]}},"bytes_read":7,"duration":2.7e-06,"size":5,"status":502,"resp_headers":{"Server":["Caddy"]}}`,
			`caddy time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a query=b=c version=2.0 status=502 bytes=5 duration=2.7µs client=203.0.113.9 agent=x/1 > User-Agent=x/1 < Server=Caddy inbound`},
		{"caddy, seconds above ten", `{"ts":1772615702,"logger":"http.log.access","request":{"method":"GET","host":"h","uri":"/"},"duration":30.0123456,"status":504,"resp_headers":{}}`,
			`caddy time=2026-03-04T09:15:02Z method=GET host=h path=/ status=504 duration=30.0123456s inbound`},
		{"traefik", `{"ClientAddr":"10.0.0.2:39496","ClientHost":"198.51.100.7,203.0.113.9","DownstreamContentSize":5,"DownstreamStatus":502,"Duration":1500000,"OriginStatus":0,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/a?b=c","RequestProtocol":"HTTP/1.1","RetryAttempts":2,"ServiceAddr":"10.0.0.8:80","ServiceURL":{"Host":"10.0.0.8:80"},"StartUTC":"2026-03-04T09:15:02.5Z","request_User-Agent":"x/1","downstream_Retry-After":"3","origin_Server":"y","time":"2026-03-04T09:15:03Z"}`,
			`traefik_json time=2026-03-04T09:15:02.5Z logged=2026-03-04T09:15:02.5Z method=GET host=shop.example.com path=/a query=b=c version=1.1 status=502 bytes=5 duration=1.5ms client=203.0.113.9 agent=x/1 upstream_host=10.0.0.8:80 > User-Agent=x/1 < Retry-After=3 inbound`},
		{"traefik before a vendor", `{"ClientHost":"10.0.0.2","DownstreamStatus":429,"Duration":1000000,"OriginStatus":429,"RequestHost":"proxy.internal","RequestMethod":"GET","RequestPath":"/specs","ServiceURL":"https://api.carsxe.com:443","StartUTC":"2026-03-04T09:15:02Z"}`,
			`traefik_json time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET host=api.carsxe.com path=/specs status=429 duration=1ms client=10.0.0.2 upstream_status=429 outbound`},
		{"istio egress", `{"authority":"api.example.com","bytes_sent":"91","duration":"5000","method":"POST","path":"/a","protocol":"HTTP/1.1","request_id":"r1","response_code":"0","response_flags":"UT","start_time":"2026-03-04T09:15:02.118Z","upstream_cluster":"outbound|443||api.example.com","upstream_host":"203.0.113.40:443","upstream_transport_failure_reason":null,"user_agent":"-","x_forwarded_for":"-","downstream_remote_address":"10.0.0.7:4711"}`,
			`envoy_json time=2026-03-04T09:15:07.118Z logged=2026-03-04T09:15:02.118Z method=POST host=api.example.com path=/a version=1.1 status=0 bytes=91 duration=5s client=10.0.0.7 request_id=r1 upstream_host=203.0.113.40:443 failure="upstream request timeout (UT)" outbound`},
		{"istio, the transport's own words", `{"authority":"api.example.com","method":"GET","path":"/a","response_code":0,"response_flags":"UF,URX","start_time":"2026-03-04T09:15:02Z","upstream_cluster":"PassthroughCluster","upstream_host":"203.0.113.40:443","upstream_transport_failure_reason":"TLS_error: certificate verify failed"}`,
			`envoy_json time=2026-03-04T09:15:02Z method=GET host=api.example.com path=/a status=0 upstream_host=203.0.113.40:443 failure="TLS_error: certificate verify failed (UF,URX)" outbound`},
		{"istio, a tunnel", `{"method":null,"path":null,"response_code":0,"response_flags":"-","start_time":"2026-03-04T09:15:02Z","upstream_cluster":"outbound|443||api.example.com","upstream_host":"203.0.113.40:443","requested_server_name":"api.example.com","bytes_sent":9,"duration":44}`,
			`envoy_json time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z host=api.example.com bytes=9 duration=44ms upstream_host=203.0.113.40:443 outbound`},
		{"istio, a status of Envoy's own", `{"authority":"api.example.com","method":"GET","path":"/a","response_code":503,"response_flags":"UF,URX","response_code_details":"x","start_time":"2026-03-04T09:15:02Z","upstream_cluster":"outbound|443||api.example.com","upstream_host":"203.0.113.40:443","upstream_transport_failure_reason":"delayed connect error: 111"}`,
			`envoy_json time=2026-03-04T09:15:02Z method=GET host=api.example.com path=/a status=503 upstream_host=203.0.113.40:443 failure="delayed connect error: 111 (UF,URX)" outbound`},
		{"istio, a status of the vendor's", `{"authority":"api.example.com","method":"GET","path":"/a","response_code":503,"response_flags":"-","response_code_details":"via_upstream","start_time":"2026-03-04T09:15:02Z","upstream_cluster":"outbound|443||api.example.com"}`,
			`envoy_json time=2026-03-04T09:15:02Z method=GET host=api.example.com path=/a status=503 outbound`},
		{"an older caddy", `{"level":"info","ts":1772615702.118,"logger":"http.log.access","msg":"handled request","request":{"remote_addr":"203.0.113.9:41234","proto":"HTTP/1.1","method":"GET","host":"shop.example.com","uri":"/a","headers":{}},"duration":0.5,"size":3,"status":200,"resp_headers":{}}`,
			`caddy time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a version=1.1 status=200 bytes=3 duration=500ms client=203.0.113.9 inbound`},
		{"envoy gateway's dashes", `{":authority":"www.example.com","bytes_sent":9,"duration":11,"method":"GET","protocol":"HTTP/2","response_code":200,"response_flags":"-","start_time":"2026-03-04T09:15:02Z","upstream_cluster":"httproute/app/rule/0","upstream_host":"10.0.0.8:80","user-agent":"x/1","x-envoy-origin-path":"/a","x-forwarded-for":"198.51.100.7, [2001:db8::1]:443","x-request-id":"r1"}`,
			`envoy_json time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET host=www.example.com path=/a version=2 status=200 bytes=9 duration=11ms client=2001:db8::1 agent=x/1 request_id=r1 upstream_host=10.0.0.8:80 inbound`},
		{"kong before a vendor", `{"latencies":{"request":515,"proxy":457},"service":{"host":"api.example.com","protocol":"https"},"request":{"method":"GET","uri":"/a?b=c","url":"http://gw:8000/a?b=c","size":"75","headers":{"host":"gw","user-agent":"x/1"}},"client_ip":"10.0.0.7","upstream_uri":"/a","upstream_status":"503, 200","response":{"status":200,"size":"9","headers":{"x-request-id":"v1"}},"tries":[{"ip":"203.0.113.40","port":443}],"started_at":1772615702118}`,
			`kong time=2026-03-04T09:15:02.633Z logged=2026-03-04T09:15:02.118Z method=GET host=api.example.com path=/a query=b=c status=200 bytes=9 duration=515ms client=10.0.0.7 agent=x/1 request_id=v1 upstream_status="503, 200" upstream_host=203.0.113.40 > host=gw > user-agent=x/1 < x-request-id=v1 outbound`},
		{"nginx, seconds called milliseconds", `{"msec":"1772615702.118","time_local":"04/Mar/2026:09:15:02 +0000","remote_addr":"10.0.0.7","request":"GET /a HTTP/1.1","status":"504","duration_ms":"0.125","upstream_addr":"-","upstream_status":"","host":"_","server_name":"shop.example.com"}`,
			`nginx_json time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a version=1.1 status=504 duration=125ms client=10.0.0.7 inbound`},
		{"nginx before a vendor", `{"time_iso8601":"2026-03-04T09:15:02+00:00","request":"GET /specs HTTP/1.1","status":"200","request_time":"10.002","upstream_addr":"203.0.113.40:443, 203.0.113.41:443","upstream_status":"502, 200","proxy_host":"api.carsxe.com","host":"egress.internal"}`,
			`nginx_json time=2026-03-04T09:15:02Z method=GET host=api.carsxe.com path=/specs version=1.1 status=200 duration=10.002s upstream_status="502, 200" upstream_host="203.0.113.40:443, 203.0.113.41:443" outbound`},
	})
}

func TestDialectsOfEdges(t *testing.T) {
	checkDialects(t, []dialectRow{
		{"cloudflare, nanoseconds", `{"ClientIP":"203.0.113.9","ClientRequestHost":"shop.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/a?b","EdgeEndTimestamp":1772615702118000000,"EdgeResponseBytes":9,"EdgeResponseStatus":522,"EdgeStartTimestamp":1772615702018000000,"OriginResponseStatus":0,"OriginIP":"","RayID":"8d0c1f2a"}`,
			`cloudflare_logpush time=2026-03-04T09:15:02.118000000Z method=GET host=shop.example.com path=/a query=b status=522 bytes=9 duration=100ms client=203.0.113.9 request_id=8d0c1f2a inbound`},
		{"cloudflare, whole seconds", `{"EdgeEndTimestamp":1772615702,"EdgeStartTimestamp":1772615702,"EdgeResponseStatus":502,"OriginResponseStatus":502,"ClientRequestURI":"/a","RayID":"8d0c1f2a"}`,
			`cloudflare_logpush time=2026-03-04T09:15:02Z path=/a status=502 request_id=8d0c1f2a upstream_status=502 inbound`},
		{"fastly behind a prefix", `2026-03-04T09:15:03.5+00:00 cache-1  {  "timestamp": "2026-03-04T09:15:02+0000",  "client_ip": "203.0.113.9",  "host": "shop.example.com",  "url": "/a",  "request_method": "GET",  "request_protocol": "HTTP/1.1",  "request_referer": "",  "request_user_agent": "x/1",  "response_status": 503,  "response_body_size": 9,  "fastly_server": "c" }`,
			`fastly time=2026-03-04T09:15:02Z method=GET host=shop.example.com path=/a version=1.1 status=503 bytes=9 client=203.0.113.9 agent=x/1 inbound`},
		{"akamai", `{"reqTimeSec":"1772615702.118","reqMethod":"GET","reqHost":"shop.example.com","reqPath":"a%20b","queryStr":"^","statusCode":"503","errorCode":"ERR_X","bytes":"9","cliIP":"203.0.113.9","UA":"x%2f1%20y","referer":"-","reqId":"1a","reqEndTimeMSec":"2","turnAroundTimeMSec":"201","transferTimeMSec":"9"}`,
			`akamai_datastream2 time=2026-03-04T09:15:02.330Z logged=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=a%20b status=503 bytes=9 duration=212ms client=203.0.113.9 agent="x/1 y" request_id=1a inbound`},
		{"akamai, a part missing", `{"reqTimeSec":"1772615702","statusCode":"200","cliIP":"203.0.113.9","reqPath":"a","turnAroundTimeMSec":"201","transferTimeMSec":"-","reqEndTimeMSec":"1"}`,
			`akamai_datastream2 time=2026-03-04T09:15:02Z path=a status=200 client=203.0.113.9 inbound`},
		{"f5", `{"time":"2026-03-04T09:15:02.118Z","hostname":"master-1","method":"GET","path":"/","req_path":"/a","authority":"shop.example.com","rsp_code":"0","rsp_code_details":"upstream_reset","rsp_size":"0","src_ip":"203.0.113.9","user_agent":"x/1","req_id":"r1","req_headers":{"Scheme":"https"}}`,
			`f5_xc time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a status=0 bytes=0 client=203.0.113.9 agent=x/1 request_id=r1 failure=upstream_reset > Scheme=https inbound`},
		{"vercel, a list", `[{"deploymentId":"d","proxy":{"method":"GET","host":"shop.example.com","path":"/a?b=c","userAgent":["x/1"],"statusCode":500,"clientIp":"203.0.113.9"},"source":"lambda","timestamp":1772615702118,"requestId":"r1","message":"{\"status\":1}"},` +
			`{"deploymentId":"d","projectId":"p","source":"build","timestamp":1772615702118,"message":"x"},{"deploymentId":"d","proxy":{"method":"GET","path":"/a","statusCode":500},"source":"lambda","type":"stdout","timestamp":1772615702118},` +
			`{"deploymentId":"d","proxy":{"method":"GET","path":"/a","statusCode":-1},"source":"static","timestamp":1772615702118}]`,
			`vercel_drain time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a query=b=c status=500 client=203.0.113.9 agent=x/1 request_id=r1 inbound`},
		{"ngrok", `{"event_type":"http_request_complete.v0","event_timestamp":"2026-03-04T09:15:03Z","object":{"conn":{"server_name":"shop.example.com","client_ip":"2001:db8::1"},"http":{"request":{"method":"GET","version":"HTTP/2.0","url":{"path":"/a"}},"response":{"last_byte_ts":"2026-03-04T09:15:02.118Z","status_code":502,"body_length":9}}}}`,
			`ngrok_event time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a version=2.0 status=502 bytes=9 client=2001:db8::1 inbound`},
		{"ngrok, another event", `{"event_type":"tcp_connection_closed.v0","event_timestamp":"2026-03-04T09:15:03Z","object":{"status":200}}`, ``},
	})
}

func TestDialectsOfClouds(t *testing.T) {
	checkDialects(t, []dialectRow{
		{"gcp", `{"insertId":"1","logName":"projects/p/logs/requests","resource":{"type":"http_load_balancer"},"timestamp":"2026-03-04T09:15:02.118212Z","trace":"projects/p/traces/752178adb17130b291aefd8c386279e7","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example.com/a?b=c","requestSize":"7","status":502,"responseSize":"9","userAgent":"x/1","remoteIp":"203.0.113.9:5555","serverIp":"10.0.0.8","latency":"1.234s"},"jsonPayload":{"statusDetails":"failed_to_pick_backend"}}`,
			`gcp_http time=2026-03-04T09:15:02.118212Z method=GET scheme=https host=shop.example.com path=/a query=b=c target=https://shop.example.com/a?b=c status=502 bytes=9 duration=1.234s client=203.0.113.9 agent=x/1 trace=752178adb17130b291aefd8c386279e7 upstream_host=10.0.0.8 inbound`},
		{"azure, a batch", `{"records":[{"time":"2026-03-04T09:15:02.1182123Z","resourceId":"/X","category":"FrontDoorAccessLog","operationName":"o","properties":{"clientIp":"203.0.113.9","httpMethod":"GET","requestUri":"https://shop.example.com:443/a","httpStatusCode":"503","responseBytes":"9","timeTaken":"0.212","httpVersion":"1.1.0.0","trackingReference":"t1","userAgent":"x/1","ErrorInfo":"NoError"}}, ` +
			`{"timeStamp":"2026-03-04T09:15:03+00:00","resourceId":"/X","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"203.0.113.9","httpMethod":"GET","requestUri":"/b","requestQuery":"x=1","httpStatus":502,"sentBytes":9,"timeTaken":0.5,"host":"shop.example.com","serverRouted":"10.0.0.8:80","serverStatus":"502"}}]}`,
			"azure_access time=2026-03-04T09:15:02.1182123Z method=GET scheme=https host=shop.example.com path=/a target=https://shop.example.com:443/a version=1.1 status=503 bytes=9 duration=212ms client=203.0.113.9 agent=x/1 request_id=t1 inbound\n" +
				"azure_access time=2026-03-04T09:15:03Z method=GET host=shop.example.com path=/b query=x=1 status=502 bytes=9 duration=500ms client=203.0.113.9 upstream_status=502 upstream_host=10.0.0.8:80 inbound"},
		{"azure app service, properties as text", `{"time":"2026-03-04T09:15:02.5Z","resourceId":"/X","category":"AppServiceHTTPLogs","properties":"{\"CsMethod\":\"GET\",\"CsHost\":\"shop.example.com\",\"CsUriStem\":\"/a\",\"ScStatus\":500,\"TimeTaken\":1500,\"CIp\":\"203.0.113.9\"}"}`,
			`azure_appservice time=2026-03-04T09:15:02.5Z method=GET host=shop.example.com path=/a status=500 duration=1.5s client=203.0.113.9 inbound`},
		{"api gateway", `{"requestId":"r1","ip":"203.0.113.9","requestTime":"04/Mar/2026:09:15:02 +0000","httpMethod":"GET","routeKey":"GET /a/{id}","path":"/a/7","status":"504","protocol":"HTTP/1.1","responseLength":"9","responseLatency":"29000","integrationStatus":"-","integrationErrorMessage":"-"}`,
			`aws_apigateway time=2026-03-04T09:15:31Z logged=2026-03-04T09:15:02Z method=GET path=/a/7 version=1.1 status=504 bytes=9 duration=29s client=203.0.113.9 request_id=r1 inbound`},
		{"waf tells no status", `{"timestamp":1772615702118,"webaclId":"w","action":"BLOCK","httpRequest":{"clientIp":"203.0.113.9","uri":"/a","httpMethod":"GET","requestId":"r1"}}`, ``},
		{"waf makes the answer", `{"timestamp":1772615702118,"webaclId":"w","action":"BLOCK","responseCodeSent":429,"httpRequest":{"clientIp":"203.0.113.9","uri":"/a","args":"b=c","httpMethod":"GET","headers":[{"name":"Host","value":"shop.example.com"}]}}`,
			`aws_waf time=2026-03-04T09:15:02.118Z method=GET host=shop.example.com path=/a query=b=c status=429 client=203.0.113.9 > Host=shop.example.com inbound`},
		{"fauna", `{"service":"f","message":{"RESPONSE_CODE":"429","TRACEPARENT":"00-752178adb17130b291aefd8c386279e7-00f067aa0ba902b7-00","QUERY_TIME_MS":15,"COMPUTE_OPS":1,"BYTES_OUT":9,"REQUEST_METHOD":"POST","REQUEST_HEADERS":"{\"user_agent\":\"x/1\"}","TS":"2026-03-04T09:15:02.118212Z"}}`,
			`fauna_query time=2026-03-04T09:15:02.118212Z method=POST status=429 bytes=9 duration=15ms agent=x/1 trace=752178adb17130b291aefd8c386279e7 span=00f067aa0ba902b7 > user_agent=x/1 outbound`},
		{"zscaler", `{"sourcetype":"zscalernss-web","event":{"datetime":"Wed Mar 4 09:15:02 2026","requestmethod":"NA","url":"API.example.com/a?b=c","hostname":"api.example.com","status":"503 - Service Unavailable","responsesize":"9","useragent":"x/1","refererURL":"None","ClientIP":"10.0.0.7","protocol":"SSL","vendor":"Zscaler","reqversion":"1.1"}}`,
			`zscaler_web time=2026-03-04T09:15:02Z host=api.example.com path=/a query=b=c target=API.example.com/a?b=c version=1.1 status=503 bytes=9 client=10.0.0.7 agent=x/1 outbound`},
		{"zscaler, another feed", `{"sourcetype":"zscalernss-dns","event":{"datetime":"2026-03-04 09:15:02","protocol":"UDP","http_code":"000","error":"NXDOMAIN","dns_req":"v.example"}}`, ``},
		{"jfrog", `{"log_timestamp":"2026-03-04T09:15:02.118Z","log_source":"jfrog.rt.request.out","remote_url":"https://packages.example.com/a","request_method":"GET","return_status":"503","request_duration":"3.483","response_content_length":"-1"}`,
			`jfrog_request time=2026-03-04T09:15:02.118Z method=GET scheme=https host=packages.example.com path=/a target=https://packages.example.com/a status=503 duration=3.483ms outbound`},
	})
}

// TestDialectsMixed reads lines of several origins in one file: each in its own
// dialect, whatever stood before it.
func TestDialectsMixed(t *testing.T) {
	traefik, caddy := sampleOf("traefik_json"), sampleOf("caddy")
	plain := `{"time":"2026-03-04T09:15:02Z","method":"GET","url":"https://v.example/a","status":500,"duration":1500000}`
	lines := []string{traefik, plain, caddy, plain, `{"msg":"x"}`, traefik, `{"a":` + plain + `}`, caddy}
	checkHabits(t, "json", lines)
	rows := ingesttest.Read(t, ingest.Config{}, strings.Join(lines, "\n"))
	var formats []string
	for _, row := range rows {
		formats = append(formats, strings.Fields(row)[1])
	}
	if got, want := strings.Join(formats, " "), "traefik_json json caddy json traefik_json caddy"; got != want {
		t.Errorf("formats %s, want %s", got, want)
	}
}

func FuzzDialects(f *testing.F) {
	for _, info := range ingest.Formats() {
		if strings.HasPrefix(info.Sample, "{") || strings.HasPrefix(info.Sample, "[") {
			f.Add([]byte(info.Sample))
		}
	}
	f.Add([]byte(`{"records":[{"CsUriStem":"/a","ScStatus":"200 OK"},{"properties":"{\"CsUriStem\":1}"}`))
	f.Add([]byte(`x {"error":{"config":{"baseURL":"http://a","url":"b"},"response":{"status":-1}}}{"a":1}[{"took":"PT1H1M1.5S"},{"took":"0:00:01,5"}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		checkDrafts(t, "json", content)
		checkHabits(t, "json", strings.Split(string(content)+"\n"+string(content), "\n"))
	})
}
