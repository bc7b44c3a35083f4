package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// TestApplications is about what loggers and HTTP clients of applications write.
func TestApplications(t *testing.T) {
	const v = `scheme=https host=v.example path=/a target=https://v.example/a `
	checkDialects(t, []dialectRow{
		{"axios, an answer", `{"level":"error","time":1772615702118,"msg":"call failed","err":{"name":"AxiosError","message":"Request failed with status code 429","code":"ERR_BAD_REQUEST","config":{"baseURL":"https://v.example/","url":"a","method":"get","headers":{"x-request-id":"mine"},"data":"{\"q\":1}"},"response":{"status":429,"headers":{"retry-after":"3"},"data":{"error":"slow"}}}}`,
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=429 client_request_id=mine > x-request-id=mine < retry-after=3 request_body="{\"q\":1}" body="{\"error\":\"slow\"}" outbound`},
		{"axios, no answer", `{"time":1772615702118,"error":{"message":"timeout of 5000ms exceeded","code":"ECONNABORTED","config":{"url":"https://v.example/a","method":"post"}}}`,
			`time=2026-03-04T09:15:02.118Z method=POST ` + v + `status=0 failure="timeout of 5000ms exceeded" outbound`},
		{"axios, its own JSON", `{"message":"Request failed with status code 500","name":"AxiosError","config":{"url":"https://v.example/a","method":"get"},"code":"ERR_BAD_RESPONSE","status":500}`,
			`method=GET ` + v + `status=500 outbound`},
		{"got", `{"err":{"name":"HTTPError","code":"ERR_NON_2XX_3XX_RESPONSE","options":{"url":"https://v.example/a","method":"GET"},"response":{"statusCode":503,"headers":{"x-request-id":"v1"},"body":"down"}}}`,
			`method=GET ` + v + `status=503 request_id=v1 < x-request-id=v1 body=down outbound`},
		{"node-fetch", `{"level":50,"err":{"type":"FetchError","message":"request to https://v.example/a failed, reason: connect ECONNREFUSED 203.0.113.40:443","code":"ECONNREFUSED"}}`,
			v + `status=0 failure="connect ECONNREFUSED 203.0.113.40:443" outbound`},
		{"Go's error", `{"level":"error","ts":1772615702.5,"error":"fetching: Get \"https://v.example/a\": dial tcp 203.0.113.40:443: connect: connection refused"}`,
			`time=2026-03-04T09:15:02.5Z method=GET ` + v + `status=0 failure="dial tcp 203.0.113.40:443: connect: connection refused" outbound`},
		{"the message is of the transport", `{"severity":"ERROR","method":"GET","url":"https://v.example/a","msg":"Read timed out"}`,
			`method=GET ` + v + `status=0 failure="Read timed out" outbound`},
		{"the message is of something else", `{"severity":"ERROR","method":"GET","url":"https://v.example/a","msg":"cannot store the answer"}`, ``},
		{"go-retryablehttp", `{"@level":"debug","@timestamp":"2026-03-04T09:15:02.118Z","@message":"retrying request","request":"GET https://v.example/a (status: 503)","remaining":4}`,
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=503 outbound`},
		{"Serilog", `{"@t":"2026-03-04T09:15:02.1182123Z","@mt":"Received HTTP response headers after {ElapsedMilliseconds}ms - {StatusCode}","ElapsedMilliseconds":5.25,"StatusCode":429,"SourceContext":"System.Net.Http.HttpClient.v.ClientHandler","HttpMethod":"GET","Uri":"https://v.example/a"}` + "\n" +
			`{"@t":"2026-03-04T09:15:02.1192123Z","@mt":"End processing HTTP request after {ElapsedMilliseconds}ms - {StatusCode}","ElapsedMilliseconds":6.25,"StatusCode":429,"SourceContext":"System.Net.Http.HttpClient.v.LogicalHandler","HttpMethod":"GET","Uri":"https://v.example/a"}`,
			`time=2026-03-04T09:15:02.1182123Z method=GET ` + v + `status=429 duration=5.25ms outbound`},
		{"Serilog, nested", `{"Timestamp":"2026-03-04T09:15:02.1182123+00:00","Level":"Information","MessageTemplate":"HTTP {RequestMethod} {RequestPath} responded {StatusCode}","Properties":{"RequestMethod":"GET","RequestPath":"/a","StatusCode":500,"Elapsed":1.5}}`,
			`time=2026-03-04T09:15:02.1182123Z method=GET path=/a status=500 duration=1.5ms inbound`},
		{".NET console", `{"Timestamp":"2026-03-04T09:15:02.118Z","EventId":101,"LogLevel":"Information","Category":"System.Net.Http.HttpClient.v.ClientHandler","Message":"Received HTTP response headers after 5.25ms - 429","State":{"ElapsedMilliseconds":5.25,"StatusCode":429},"Scopes":[{"Message":"HTTP GET https://v.example/a","HttpMethod":"GET","Uri":"https://v.example/a"}]}`,
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=429 duration=5.25ms outbound`},
		{"lograge", `{"method":"GET","path":"/a","controller":"X","action":"show","status":500,"duration":5.21,"view":1.1}`,
			`method=GET path=/a status=500 duration=5.21ms inbound`},
		{"log4j", `{"instant":{"epochSecond":1772615702,"nanoOfSecond":118000001},"loggerName":"x","contextMap":{},"message":"x","method":"GET","url":"https://v.example/a","status":503}`,
			`time=2026-03-04T09:15:02.118000001Z method=GET ` + v + `status=503 outbound`},
		{"encoded twice", `{"@timestamp":"2026-03-04T09:15:02Z","host":"node-1","message":"{\"method\":\"GET\",\"url\":\"https://v.example/a\",\"status\":429,\"body\":\"{\\\"e\\\":1}\"}"}`,
			`time=2026-03-04T09:15:02Z method=GET ` + v + `status=429 body="{\"e\":1}" outbound`},
		{"encoded twice, in a dialect", `{"time":"2026-03-04T09:15:02Z","log":"{\"DownstreamStatus\":502,\"RequestMethod\":\"GET\",\"RequestPath\":\"/a\",\"Duration\":1000}\n"}`,
			`traefik_json time=2026-03-04T09:15:02Z method=GET path=/a status=502 duration=1µs inbound`},
		{"a body is not looked into", `{"status":500,"url":"https://v.example/a","message":"{\"status\":200,\"url\":\"https://w.example/\"}"}`, v + `status=500 outbound`},
		{"Splunk's collector", `{"time":1772615702,"host":"node-1","sourcetype":"app","event":{"method":"GET","url":"https://v.example/a","status":429}}`,
			`time=2026-03-04T09:15:02Z method=GET ` + v + `status=429 outbound`},
		{"echo", `{"time":"2026-03-04T09:15:02.118Z","remote_ip":"10.0.0.7","method":"GET","uri":"/a","status":500,"latency":350000,"latency_human":"350µs","bytes_out":9}`,
			`time=2026-03-04T09:15:02.118Z method=GET path=/a status=500 bytes=9 duration=350µs client=10.0.0.7 inbound`},
		{"behind a logger's text", `2026-03-04 09:15:02,118 ERROR c.e.Client - call failed {"method":"GET","url":"https://v.example/a","status":503}`,
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=503 outbound`},
		{"behind the console's columns of zap", "2026/03/04 09:15:02.118\tINFO\tmain.go:3\tcall failed\t{\"method\": \"GET\", \"url\": \"https://v.example/a\", \"status\": 503}",
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=503 outbound`},
		{"zap's own seconds", "1.7726157021182e+09\tinfo\tcall failed\t{\"method\": \"GET\", \"url\": \"https://v.example/a\", \"status\": 503}",
			`time=2026-03-04T09:15:02.1182Z method=GET ` + v + `status=503 outbound`},
		{"the machine's name", `{"pid":1,"hostname":"web-1.example.net","time":1772615702118,"req":{"method":"GET","url":"/a","headers":{"host":"shop.example"},"remoteAddress":"203.0.113.9"},"res":{"statusCode":200,"headers":{"etag":"1"}}}`,
			`time=2026-03-04T09:15:02.118Z method=GET host=shop.example path=/a status=200 client=203.0.113.9 > host=shop.example < etag=1 inbound`},
		{"the text of OpenTelemetry's log records", `{"timestamp":"2026-03-04T09:15:02.118Z","severityText":"ERROR","body":"call failed","attributes":{"http.request.method":"GET","url.full":"https://v.example/a","http.response.status_code":503}}`,
			`time=2026-03-04T09:15:02.118Z method=GET ` + v + `status=503 outbound`},
		{"logback's access log", `{"@timestamp":"2026-03-04T09:15:02.118Z","method":"GET","protocol":"HTTP/1.1","status_code":404,"requested_url":"GET /a HTTP/1.1","requested_uri":"/a","remote_host":"203.0.113.9","content_length":77,"elapsed_time":5}`,
			`time=2026-03-04T09:15:02.118Z method=GET path=/a version=1.1 status=404 bytes=77 duration=5ms client=203.0.113.9 inbound`},
		{"zeek", `{"ts":1772615702.118,"uid":"C1","id.orig_h":"10.0.0.7","id.orig_p":41234,"id.resp_h":"203.0.113.40","id.resp_p":80,"method":"GET","host":"v.example","uri":"/a","version":"1.1","response_body_len":5,"status_code":429}`,
			`time=2026-03-04T09:15:02.118Z method=GET host=v.example path=/a status=429 bytes=5 client=10.0.0.7 upstream_host=203.0.113.40 outbound`},
		{"an access line that Fluent Bit took up", `{"@timestamp":"2026-03-04T09:15:03.118Z","log":"203.0.113.9 - - [04/Mar/2026:09:15:02 +0000] \"GET /a HTTP/1.1\" 502 9 \"-\" \"x/1\"\n","stream":"stdout","kubernetes":{"pod_name":"p"}}`,
			`combined time=2026-03-04T09:15:02Z method=GET path=/a version=1.1 status=502 bytes=9 client=203.0.113.9 agent=x/1 inbound`},
		{"an access line without a time", `{"timestamp":1772615702118,"message":"INFO:     203.0.113.9:41234 - \"GET /a HTTP/1.1\" 500 Internal Server Error","trace_id":"752178adb17130b291aefd8c386279e7"}`,
			`uvicorn time=2026-03-04T09:15:02.118Z method=GET path=/a version=1.1 status=500 client=203.0.113.9 trace=752178adb17130b291aefd8c386279e7 inbound`},
		{"behind text, no exchange", `2026-03-04 09:15:02,118 INFO started {"port":80}`, ``},
		{"two on a line", `{"status":500,"url":"https://v.example/a"}{"status":429,"url":"https://v.example/a"} {"msg":"x"}`, v + "status=500 outbound\n" + v + `status=429 outbound`},
		{"a list that breaks off", `[{"status":500,"url":"https://v.example/a"},{"status":`, v + "status=500 outbound\n" + `reject=truncated raw="[{\"status\":500,\"url\":\"https://v.example/a\"},{\"status\":"`},
		{"a code among words", `{"method":"GET","url":"https://v.example/a","code":429}` + "\n" + `{"method":"GET","url":"https://v.example/a","code":0}`, `method=GET ` + v + `status=429 outbound`},
		{"no HTTP method", `{"code":500,"method":"sync","path":"/var/lib/x"}`, ``},
		{"OpenTelemetry's body", `{"Timestamp":"2026-03-04T09:15:02Z","SeverityText":"ERROR","Body":"{\"method\":\"GET\",\"url\":\"https://v.example/a\",\"status\":503}"}`,
			`time=2026-03-04T09:15:02Z method=GET ` + v + `status=503 outbound`},
		{"a broken call with a text that is an object", `{"method":"GET","url":"https://v.example/a","error":"connect ECONNREFUSED","body":"{\"q\":1}"}`,
			`method=GET ` + v + `status=0 failure="connect ECONNREFUSED" body="{\"q\":1}" outbound`},
		{"words behind the status", `{"url":"https://v.example/a","status_code":"429 Too Many Requests"}`, v + `status=429 outbound`},
	})
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]string{
		`"duration":"3001,87ms"`: "3.00187s", `"elapsed":"0:00:01.5"`: "1.5s", `"elapsed":"00:01:02.2500000"`: "1m2.25s", `"duration":"PT1M2.5S"`: "1m2.5s",
		`"response_time_in_ms":12`: "12ms", `"duration_nano":12`: "12ns", `"latencyMillis":12`: "12ms", `"took":"12 ms"`: "12ms", `"duration":"1.5 seconds"`: "1.5s",
	} {
		row := fieldsOf(ingesttest.Read(t, ingest.Config{}, `{"status_code":200,"url":"/a",`+text+`}`), "json")
		checkRows(t, row, `path=/a status=200 duration=`+want+` inbound`)
	}
}

func TestJSONFields(t *testing.T) {
	const line = `{"data":{"resp":{"code":503}},"status":200,"target":{"Full_URL":"https://v.example/a"},"took":7,"alt":429}`
	cfg := ingest.Config{JSONFields: map[string][]string{"status": {"nowhere", "data.resp.code", "alt"}, "url": {"target.full_url"}, "duration_us": {"took"}}}
	checkRows(t, ingesttest.Read(t, cfg, line), `1@0 json scheme=https host=v.example path=/a target=https://v.example/a status=503 duration=7µs outbound`)
	for _, wrong := range []map[string][]string{{"statsu": {"x"}}, {"status": {}}, {"status": {""}}} {
		if err := ingest.CheckJSONFields(wrong); !errors.Is(err, ingest.ErrUnknownField) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestKeys(t *testing.T) {
	d := ingest.Detect([]byte(`{"Data":{"http":{"Status_Code":500}},"url.full":"https://v.example/a","x":1,"headers":{"a":"b"}}` + "\n"))
	var got []string
	for _, k := range d.Keys {
		got = append(got, k.Key+"="+k.Field)
	}
	if want := "headers=headers url.full=url Data.http.Status_Code=status"; strings.Join(got, " ") != want {
		t.Errorf("keys %s, want %s", strings.Join(got, " "), want)
	}
}

// TestJSONDocument reads what consoles of clouds export.
func TestJSONDocument(t *testing.T) {
	const entry = "  {\n    \"insertId\": \"1\",\n    \"logName\": \"l\",\n    \"httpRequest\": {\"status\": 503, \"requestMethod\": \"GET\", \"requestUrl\": \"/a\"}\n  }"
	const want = `gcp_http method=GET path=/a status=503 inbound`
	read := func(content string) []string {
		rows := ingesttest.Read(t, ingest.Config{}, content)
		for i := range rows {
			rows[i] = strings.Replace(rows[i], "json_document method", "gcp_http method", 1)
		}
		return rows
	}
	checkRows(t, read("[\n"+entry+",\n  {\"msg\": \"x\"},\n"+entry+"\n]\n"), "2@4 "+want, "8@149 "+want)
	checkRows(t, read("{\n  \"value\": 1,\n  \"records\": [\n"+entry+"\n]}\n"), "4@33 "+want)
	checkRows(t, read("[\n"+entry+",\n  {\"a\""), "2@4 "+want, `7@137 json_document reject=truncated raw="the document ends too early"`)
	checkRows(t, read("[\n"+entry+",\n  7\n]"), "2@4 "+want, `7@133 json_document reject=document raw=7`)
}

func FuzzJSONDocument(f *testing.F) {
	f.Add([]byte("[\n{\n\"status\":500,\"url\":\"/a\"},\n{}, 7]"))
	f.Add([]byte("{\"entries\":[\n{\n\"status\":500,\"url\":\"/a\"}\n]}"))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "json_document", content) })
}
