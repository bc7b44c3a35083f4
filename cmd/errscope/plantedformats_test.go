package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record/recordtest"
)

// ofTemplate makes the line of a format from a template with places: {q} is the value
// as a URL holds it, {j} as a JSON string, {jj} as one inside another, {x} as XML, {l}
// on one line without quotes, {n} a number, {m} and {s} two digits of it.
func ofTemplate(template string) func(n int, q, j, l string) string {
	return func(n int, q, j, l string) string {
		return strings.NewReplacer("{q}", q, "{j}", j, "{jj}", strings.ReplaceAll(j, `\`, `\\`), "{x}", strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(l),
			"{l}", strings.ReplaceAll(l, `"`, "'"), "{n}", strconv.Itoa(n), "{m}", fmt.Sprintf("%02d", n/60%60), "{s}", fmt.Sprintf("%02d", n%60)).Replace(template) + "\n"
	}
}

// moreFormats are the inputs that are not among [firstFormats], each called what
// detection must call it.
var moreFormats = []plantedFormat{
	{name: "otlp_json.json", head: `{"resourceSpans":[{"scopeSpans":[{"spans":[` + "\n", tail: `]}]}]}`, line: ofTemplate(`{"traceId":"5b8efff798038103d269b633813f0000","spanId":"eee19b7ec3c1b174","name":"GET","kind":3,"startTimeUnixNano":"1781784000000000000","endTimeUnixNano":"1781784001000000000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.full","value":{"stringValue":"https://api.example.com/v1?n={n}&q={q}"}},{"key":"http.response.status_code","value":{"intValue":"500"}},{"key":"http.response.header.x-note","value":{"arrayValue":{"values":[{"stringValue":"{j}"}]}}}],"status":{"code":2,"message":"{j}"}},`)},
	{name: "otlp_proto.bin", line: plantedSpan},
	{name: "jaeger.json", head: `{"data":[{"traceID":"84b3fad94c6112edd6af3347d06f6f1d","spans":[` + "\n", tail: `],"processes":{"p1":{"serviceName":"a","tags":[]}}}]}`, line: ofTemplate(`{"traceID":"84b3fad94c6112edd6af3347d06f6f1d","spanID":"487f03177ef9cf89","operationName":"GET","references":[],"startTime":1781784000{m}{s}00,"duration":1200,"tags":[{"key":"span.kind","type":"string","value":"client"},{"key":"http.method","type":"string","value":"GET"},{"key":"http.url","type":"string","value":"https://api.example.com/v1?n={n}&q={q}"},{"key":"http.status_code","type":"int64","value":500},{"key":"otel.status_description","type":"string","value":"{j}"}],"logs":[],"processID":"p1"},`)},
	{name: "newman.json", head: `{"collection":{"_":{},"item":[]},"run":{"stats":{},"executions":[` + "\n", tail: `]}}`, line: func(n int, q, j, l string) string {
		body := strings.Trim(strings.ReplaceAll(fmt.Sprint([]byte(`{"error":"`+j+`"}`)), " ", ","), "[]")
		return ofTemplate(`{"request":{"url":{"protocol":"https","host":["api","example"],"path":["v1"],"query":[{"key":"n","value":"{n}"},{"key":"q","value":"{q}"}]},"method":"POST","header":[{"key":"X-Note","value":"{j}"}],"body":{"mode":"raw","raw":"{j}"}},"response":{"id":"x","status":"x","code":500,"header":[{"key":"X-Hint","value":"{j}"}],"stream":{"type":"Buffer","data":[`+body+`]},"responseTime":212}},`)(n, q, j, l)
	}},
	{name: "warc.warc", line: plantedWARC},
	{name: "iis_event.xml", line: ofTemplate(`<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-IIS-Logging" Guid="{7e8ad27f-b271-4ea2-a783-a47bde29143b}"/><EventID>6200</EventID><TimeCreated SystemTime="2026-06-18T11:{m}:{s}.620Z"/></System><EventData><Data Name="date">2026-06-18</Data><Data Name="time">11:{m}:{s}</Data><Data Name="c-ip">203.0.113.7</Data><Data Name="cs-method">GET</Data><Data Name="cs-uri-stem">/v1/{n}</Data><Data Name="cs-uri-query">q={q}</Data><Data Name="sc-status">503</Data><Data Name="cs(User-Agent)">{x}</Data><Data Name="cs(Referer)">https://a.example/?u={q}</Data><Data Name="cs(Cookie)">sid={x}</Data></EventData></Event>`)},
	{name: "zeek.log", head: "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\turi\treferrer\tuser_agent\tstatus_code\tstatus_msg\tusername\tpassword\n", line: ofTemplate("17817840{m}.{s}2687\tCwFs1P2UcUdlSxD2La\t192.168.2.76\t52026\t132.235.215.119\t80\t1\tGET\tapi.example.com\t/v1?n={n}&q={q}\thttps://a.example/?u={q}\t{l}\t503\t{l}\t-\t{l}")},
	{name: "envoy.log", line: ofTemplate(`[2026-06-18T12:{m}:{s}.118Z] "GET /v1?n={n}&q={q} HTTP/1.1" 503 UF 0 91 5 - "-" "{l}" "r-{n}" "api.example.com" "203.0.113.40:443"`)},
	{name: "alb.log", line: ofTemplate(`https 2026-06-18T12:{m}:{s}.463821Z app/fleet/490d68edf04676fe 192.168.1.10:44740 10.0.0.1:80 0.000 0.001 0.000 503 503 34 366 "GET https://www.example.com:443/v1?n={n}&q={q} HTTP/1.1" "{l}" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2026-06-18T12:{m}:{s}.364000Z "redirect" "https://a.example/?q={q}" "-" "10.0.0.1:80" "503" "-" "-"`)},
	{name: "nlb.log", line: ofTemplate(`tls 2.0 2026-06-18T20:{m}:{s} net/fleet/0123 4567 203.0.113.7:51341 10.0.0.1:443 5000 2 98 246 - {q} - ECDHE-RSA-AES128-SHA tlsv12 - {q}.example.com h2 h2 "{l}" 2026-06-18T20:23:27`)},
	{name: "elb.log", line: ofTemplate(`2026-06-18T20:{m}:{s}.118301Z fleet 203.0.113.7:40909 10.0.0.1:8080 0.000073 0.212000 0.000057 503 503 0 187 "GET https://www.example.com:443/v1?n={n}&q={q} HTTP/1.1" "{l}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2`)},
	{name: "s3.log", line: ofTemplate(`b659b576cff1e15e4c0313ff8930fba9f53e6794567f5c60dab3abf2f8dfb6cc www.example.com [18/Jun/2026:16:{m}:{s} -0500] 1.2.3.4 - EB3502676500C6BE REST.GET.OBJECT uploads/{q} "GET /uploads?n={n}&q={q} HTTP/1.1" 503 SlowDown 368 368 10 9 "https://a.example/?u={q}" "{l}" -`)},
	{name: "cloudfront.w3c", head: "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header\n", line: ofTemplate("2026-06-18\t12:{m}:{s}\tFRA2\t182\t192.0.2.100\tGET\td111.cloudfront.net\t/v1/{n}\t503\thttps://a.example/?u={q}\tapp%20{q}\tq={q}\tsid={q}\tError\tSOX4xwn4XV6Q4rgb7==\tapi.example.com")},
	{name: "apache_error.log", line: ofTemplate(`[Thu Jun 18 12:{m}:{s}.958285 2026] [proxy_http:error] [pid 28787:tid 140169] (110)Connection timed out: [client 203.0.113.7:593{s}] AH01102: error reading status line from remote server api.example.com:443 {l}, referer: https://a.example/?n={n}&u={q}`)},
	{name: "nginx_proxy_manager.log", line: ofTemplate(`[18/Jun/2026:16:{m}:{s} +0000] - 503 503 - GET https api.example.com "/v1?n={n}&q={q}" [Client 1.2.3.4] [Length 192] [Gzip -] [Sent-to 10.0.0.8] "{l}" "https://a.example/?u={q}"`)},
	{name: "jfrog.log", line: ofTemplate(`2026-06-18T09:{m}:{s}.118Z|4f2a91c07be3d658|203.0.113.7|ci|GET|/api/v2/x?n={n}&q={q}|503|-1|187|3.5|{l}`)},
	{name: "traefik.log", line: ofTemplate(`172.17.0.1 - - [18/Jun/2026:09:{m}:{s} +0000] "GET /v1?n={n}&q={q} HTTP/1.1" 503 414 "https://a.example/?u={q}" "{l}" 5{s} "test@docker" "http://172.17.0.3:80" 0ms`)},
	{name: "squid.log", line: ofTemplate(`17817840{m}.8{s}  16867 10.170.72.111 TCP_MISS/503 6256 GET http://api.example.com/v1?n={n}&q={q} - HIER_DIRECT/53.140.206.134 text/plain`)},
	{name: "haproxy.log", line: ofTemplate(`117.136.40.129:148{s} [18/Jun/2026:12:{m}:{s}.127] https-in~ api/node_8002 170/0/0/3/173 503 739 - - SC-- 0/0/0/0/0 0/0 {{l}} "GET /v1?n={n}&q={q} HTTP/1.1"`)},
	{name: "uwsgi.log", line: ofTemplate(`[pid: 88185|app: 0|req: {n}/{n}] 127.0.0.1 () {38 vars in 696 bytes} [Thu Jun 18 22:{m}:{s} 2026] POST /v1?n={n}&q={q} => generated 47 bytes in 129 msecs (HTTP/1.1 503) 9 headers in 378 bytes (1 switches on core 3)`)},
	{name: "uvicorn.log", line: ofTemplate(`INFO: 192.168.1.1:527{s} - "POST /login?n={n}&q={q} HTTP/1.1" 503 Service Unavailable`)},
	{name: "traefik_json.log", line: ofTemplate(`{"ClientAddr":"10.0.0.2:39496","ClientHost":"198.51.100.7","DownstreamContentSize":5,"DownstreamStatus":502,"Duration":1500000,"OriginStatus":0,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/a?n={n}&q={q}","RequestProtocol":"HTTP/1.1","RetryAttempts":2,"ServiceAddr":"10.0.0.8:80","StartUTC":"2026-06-18T09:{m}:{s}.5Z","request_User-Agent":"{j}","downstream_X-Hint":"{j}","request_Authorization":"Bearer {j}","time":"2026-06-18T09:{m}:{s}Z"}`)},
	{name: "envoy_json.log", line: ofTemplate(`{"authority":"api.example.com","bytes_sent":"91","duration":"5000","method":"POST","path":"/a?n={n}&q={q}","protocol":"HTTP/1.1","request_id":"r{n}","response_code":"503","response_flags":"UT","start_time":"2026-06-18T09:{m}:{s}.118Z","upstream_cluster":"outbound|443||api.example.com","upstream_host":"203.0.113.40:443","upstream_transport_failure_reason":"{j}","user_agent":"{j}","x_forwarded_for":"-"}`)},
	{name: "kong.log", line: ofTemplate(`{"latencies":{"request":515,"proxy":457},"service":{"host":"api.example.com","protocol":"https"},"request":{"method":"GET","uri":"/a?n={n}&q={q}","url":"http://gw:8000/a?n={n}&q={q}","querystring":{"q":"{j}"},"headers":{"host":"gw","user-agent":"{j}","x-note":"{j}","authorization":"Bearer {j}"}},"client_ip":"10.0.0.7","upstream_uri":"/a","upstream_status":"503","response":{"status":503,"size":"9","headers":{"x-hint":"{j}"}},"tries":[{"ip":"203.0.113.40","port":443}],"started_at":17817840{m}{s}1}`)},
	{name: "cloudflare_logpush.log", line: ofTemplate(`{"ClientIP":"203.0.113.9","ClientRequestHost":"shop.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/a?n={n}&q={q}","ClientRequestUserAgent":"{j}","ClientRequestReferer":"https://a.example/?u={q}","EdgeEndTimestamp":17817840{m}118000000,"EdgeResponseBytes":9,"EdgeResponseStatus":522,"EdgeStartTimestamp":17817840{m}018000000,"OriginResponseStatus":0,"RayID":"8d0c1f2a"}`)},
	{name: "fastly.log", line: ofTemplate(`{  "timestamp": "2026-06-18T09:{m}:{s}+0000",  "client_ip": "203.0.113.9",  "host": "shop.example.com",  "url": "/a?n={n}&q={q}",  "request_method": "GET",  "request_protocol": "HTTP/1.1",  "request_referer": "https://a.example/?u={q}",  "request_user_agent": "{j}",  "response_status": 503,  "response_reason": "{j}",  "response_body_size": 9,  "fastly_server": "c" }`)},
	{name: "akamai_datastream2.log", line: ofTemplate(`{"reqTimeSec":"17817840{m}.{s}8","reqMethod":"GET","reqHost":"shop.example.com","reqPath":"a/{n}","queryStr":"q={q}","statusCode":"503","errorCode":"ERR_X","bytes":"9","cliIP":"203.0.113.9","UA":"{q}","referer":"https://a.example/?u={q}","cookie":"sid={q}","customField":"{q}","reqId":"1a","reqEndTimeMSec":"2","turnAroundTimeMSec":"201","transferTimeMSec":"9"}`)},
	{name: "f5_xc.log", line: ofTemplate(`{"time":"2026-06-18T09:{m}:{s}.118Z","hostname":"master-1","method":"GET","path":"/","req_path":"/a?n={n}&q={q}","authority":"shop.example.com","rsp_code":"503","rsp_code_details":"{j}","rsp_size":"0","src_ip":"203.0.113.9","user_agent":"{j}","req_id":"r1","req_headers":{"Scheme":"https","X-Note":"{j}"}}`)},
	{name: "vercel_drain.log", line: ofTemplate(`{"deploymentId":"d","proxy":{"method":"GET","host":"shop.example.com","path":"/a?n={n}&q={q}","userAgent":["{j}"],"referer":"https://a.example/?u={q}","statusCode":500,"clientIp":"203.0.113.9","timestamp":17817840{m}118},"source":"lambda","timestamp":17817840{m}118,"requestId":"r1","message":"{j}"}`)},
	{name: "ngrok_event.log", line: ofTemplate(`{"event_type":"http_request_complete.v0","event_timestamp":"2026-06-18T09:{m}:{s}Z","object":{"conn":{"server_name":"shop.example.com","client_ip":"2001:db8::1"},"http":{"request":{"method":"GET","version":"HTTP/2.0","url":{"path":"/a","raw_query":"n={n}&q={q}"},"headers":{"x-note":["{j}"],"user-agent":["{j}"]}},"response":{"last_byte_ts":"2026-06-18T09:{m}:{s}.118Z","status_code":502,"body_length":9,"headers":{"x-hint":["{j}"]}}}}}`)},
	{name: "gcp_http.log", line: ofTemplate(`{"insertId":"{n}","logName":"projects/p/logs/requests","resource":{"type":"http_load_balancer"},"timestamp":"2026-06-18T09:{m}:{s}.118212Z","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example.com/a?n={n}&q={q}","requestSize":"7","status":502,"responseSize":"9","userAgent":"{j}","referer":"https://a.example/?u={q}","remoteIp":"203.0.113.9:5555","latency":"1.234s"},"jsonPayload":{"statusDetails":"{j}"}}`)},
	{name: "azure_access.log", line: ofTemplate(`{"time":"2026-06-18T09:{m}:{s}.1182123Z","resourceId":"/X","category":"FrontDoorAccessLog","operationName":"o","properties":{"clientIp":"203.0.113.9","httpMethod":"GET","requestUri":"https://shop.example.com:443/a?n={n}&q={q}","httpStatusCode":"503","responseBytes":"9","timeTaken":"0.212","httpVersion":"1.1.0.0","trackingReference":"t1","userAgent":"{j}","referer":"https://a.example/?u={q}","ErrorInfo":"{j}"}}`)},
	{name: "aws_apigateway.log", line: ofTemplate(`{"requestId":"r{n}","ip":"203.0.113.9","requestTime":"18/Jun/2026:09:{m}:{s} +0000","httpMethod":"GET","routeKey":"GET /a","path":"/a/{q}","status":"504","protocol":"HTTP/1.1","responseLength":"9","responseLatency":"29000","userAgent":"{j}","integrationStatus":"-","integrationErrorMessage":"{j}"}`)},
	{name: "fauna_query.log", line: ofTemplate(`{"service":"f","message":{"RESPONSE_CODE":"429","TRACEPARENT":"00-752178adb17130b291aefd8c386279e7-00f067aa0ba902b7-00","QUERY_TIME_MS":15,"COMPUTE_OPS":1,"BYTES_OUT":9,"REQUEST_METHOD":"POST","REQUEST_HEADERS":"{\"user_agent\":\"{jj}\",\"x_note\":\"{jj}\"}","FQL_SHAPE":"{j}","TS":"2026-06-18T09:{m}:{s}.118212Z"}}`)},
	{name: "jfrog_request.log", line: ofTemplate(`{"log_timestamp":"2026-06-18T09:{m}:{s}.118Z","log_source":"jfrog.rt.request.out","remote_url":"https://packages.example.com/a?n={n}&q={q}","request_method":"GET","return_status":"503","request_duration":"3.483","response_content_length":"-1","request_user_agent":"{j}"}`)},
	{name: "zscaler_web.log", line: ofTemplate(`{"sourcetype":"zscalernss-web","event":{"datetime":"Thu Jun 18 09:{m}:{s} 2026","requestmethod":"GET","url":"API.example.com/a?n={n}&q={q}","hostname":"api.example.com","status":"503 - Service Unavailable","responsesize":"9","useragent":"{j}","refererURL":"https://a.example/?u={q}","ClientIP":"10.0.0.7","protocol":"SSL","vendor":"Zscaler","reqversion":"1.1","reason":"{j}"}}`)},
	{name: "rails.log", line: ofTemplate("I, [2026-06-18T09:{m}:{s}.118294 #12]  INFO -- : [a{n}] Started GET \"/orders?n={n}&q={q}\" for 203.0.113.7 at 2026-06-18 09:{m}:{s} +0000\nI, [2026-06-18T09:{m}:{s}.119294 #12]  INFO -- : [a{n}]   Parameters: {\"q\"=>\"{j}\"}\nI, [2026-06-18T09:{m}:{s}.130294 #12]  INFO -- : [a{n}] Completed 500 Internal Server Error in 12ms")},
	{name: "json_document.json", head: "[\n", tail: "]", line: ofTemplate("  {\n    \"time\": \"2026-06-18T12:{m}:{s}Z\", \"method\": \"GET\",\n    \"url\": \"https://api.example.com/v1?n={n}&q={q}\", \"status\": 500, \"user_agent\": \"{j}\",\n    \"response_body\": {\"error\": \"{j}\"}\n  },")},
}

// plantedSpan is a batch of OpenTelemetry spans as protobuf, behind its length. The
// numbers are those of the fields in opentelemetry-proto.
func plantedSpan(n int, q, j, _ string) string {
	var text string
	_ = json.Unmarshal([]byte(`"`+j+`"`), &text)
	field := func(number uint64, content ...string) string {
		all := strings.Join(content, "")
		return string(binary.AppendUvarint(binary.AppendUvarint(nil, number<<3|2), uint64(len(all)))) + all
	}
	number := func(field, v uint64) string {
		return string(binary.AppendUvarint(binary.AppendUvarint(nil, field<<3), v))
	}
	moment := func(field uint64, second int) string {
		ns := 1781784000000000000 + uint64(second)*1e9
		return string(binary.LittleEndian.AppendUint64(binary.AppendUvarint(nil, field<<3|1), ns))
	}
	attribute := func(key, value string) string { return field(9, field(1, key), field(2, field(1, value))) }
	span := field(1, "0123456789abcdef") + field(2, "01234567") + field(5, "GET") + number(6, 3) + moment(7, n) + moment(8, n+1) +
		attribute("http.request.method", "GET") + attribute("url.full", fmt.Sprintf("https://api.example.com/v1?n=%d&q=%s", n, q)) +
		attribute("http.response.status_code", "500") + attribute("user_agent.original", text) + attribute("http.request.header.x-note", text) +
		field(15, field(2, text), number(3, 2))
	message := field(1, field(2, field(2, span)))
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(message)))) + message
}

// plantedWARC is a request and its response.
func plantedWARC(n int, q, j, l string) string {
	part := func(kind, message string) string {
		return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://api.example.com/v1?n=%d&q=%s\r\nWARC-Date: 2026-06-18T12:%02d:%02dZ\r\nWARC-Record-ID: <urn:uuid:a9c51e3e-0221-11e7-bf66-%012d>\r\nWARC-Concurrent-To: <urn:uuid:a9c51e3e-0221-11e7-bf66-%012d>\r\nContent-Type: application/http; msgtype=%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
			kind, n, q, n/60%60, n%60, 2*n+len(kind)%2, 2*n+(len(kind)+1)%2, kind, len(message), message)
	}
	request := fmt.Sprintf("GET /v1?n=%d&q=%s HTTP/1.1\r\nHost: api.example.com\r\nX-Note: %s\r\nCookie: sid=%s\r\n\r\n", n, q, l, l)
	return part("request", request) + part("response", "HTTP/1.1 500 x\r\nContent-Type: application/json\r\nX-Hint: "+l+"\r\n\r\n{\"error\":\""+j+"\"}")
}

// TestPlantedFormats holds that the planted files are of every format there is, and
// that detection takes each for what it is called.
func TestPlantedFormats(t *testing.T) {
	dir := t.TempDir()
	writePlanted(t, dir, plantedFormats, map[string]string{"a": recordtest.JWT(`{"sub":"x"}`), "b": "nothing", "c": "more of it", "d": "and the last"}, bare)
	seen := map[string]bool{}
	for _, f := range plantedFormats {
		out, stderr := runsAny(t, dir, "formats", "detect", f.name)
		name, _, _ := strings.Cut(f.name, ".")
		found := false
		for _, info := range ingest.Formats() {
			if strings.Contains(out, info.Name) {
				seen[info.Name] = true
				found = found || info.Name == name
			}
		}
		if rows, _ := runsAny(t, dir, "parse", f.name); strings.Contains(rows, "parse_error") && f.name != "rejects.log" {
			t.Errorf("%s: %.600s", f.name, rows)
		}
		isMore := false
		for _, m := range moreFormats {
			isMore = isMore || m.name == f.name
		}
		if name == "cloudfront" {
			found = seen["w3c"]
		}
		if isMore && !found {
			head, _ := os.ReadFile(filepath.Join(dir, f.name))
			t.Errorf("%s is taken for %.200s %.200s\n%.300q", f.name, out, stderr, head)
		}
	}
	for _, info := range ingest.Formats() {
		if !seen[info.Name] {
			t.Errorf("nothing is planted in the format %s", info.Name)
		}
	}
}
