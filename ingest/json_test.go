package ingest_test

import (
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

func TestJSON(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			cfg := ingest.Config{Bindings: vendors(), Format: "json"}
			checkRows(t, fieldsOf(ingesttest.Read(t, cfg, input+"\n"), "json"), want...)
		})
	}
	const trace = "752178adb17130b291aefd8c386279e7"

	// Good: the dialects.
	f("as classify reads it", `{"id":"1","time":"2026-03-04T09:15:02.118Z","method":"GET","url":"https://API.carsxe.com/specs?key=k&vin=V","status":429,"headers":{"Retry-After":"30","x-n":5},"body":{"error":"x"},"vendor":"carsxe"}`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=api.carsxe.com path=/specs query=key=k&vin=V target=https://API.carsxe.com/specs?key=k&vin=V status=429 vendor=carsxe < Retry-After=30 < x-n=5 body="{\"error\":\"x\"}" outbound`)
	f("ECS, dotted", `{"@timestamp":"2026-03-04T09:15:02Z","http.request.method":"POST","url.full":"https://v.example/a","http.response.status_code":500,"event.duration":1500000,"http.response.body.bytes":7,"http.response.body.content":"oh \"no\"","source.ip":"10.0.0.1","user_agent.original":"x/1","trace.id":"`+trace+`","span.id":"00f067aa0ba902b7"}`,
		`time=2026-03-04T09:15:02Z method=POST scheme=https host=v.example path=/a target=https://v.example/a status=500 bytes=7 duration=1.5ms client=10.0.0.1 agent=x/1 trace=`+trace+` span=00f067aa0ba902b7 body="oh \"no\"" outbound`)
	f("ECS, nested", `{"@timestamp":"2026-03-04T09:15:02Z","http":{"request":{"method":"GET","id":"r1"},"response":{"status_code":404}},"url":{"domain":"v.example","path":"/a","query":"b=c"},"network":{"direction":"ingress"}}`,
		`time=2026-03-04T09:15:02Z method=GET host=v.example path=/a query=b=c status=404 request_id=r1 inbound`)
	f("OpenTelemetry, new names", `{"timestamp":"1772615702118000000","kind":"SPAN_KIND_CLIENT","attributes":{"http.request.method":"GET","url.full":"https://v.example/a","server.address":"v.example","http.response.status_code":503,"http.response.header.retry-after":["7"],"http.request.header.x-request-id":["mine"]}}`,
		`time=2026-03-04T09:15:02.118000000Z method=GET scheme=https host=v.example path=/a target=https://v.example/a status=503 client_request_id=mine > x-request-id=mine < retry-after=7 outbound`)
	f("OpenTelemetry, old names", `{"time":"2026-03-04T09:15:02Z","attributes":{"http.method":"GET","http.url":"http://v.example:8080/a","http.status_code":200,"net.peer.name":"v.example"}}`,
		`time=2026-03-04T09:15:02Z method=GET scheme=http host=v.example path=/a target=http://v.example:8080/a status=200 outbound`)
	f("pino", `{"level":30,"time":1772615702118,"req":{"id":7,"method":"GET","url":"/api/x?y=1","headers":{"host":"shop.example"},"remoteAddress":"::1"},"res":{"statusCode":200,"headers":{"content-length":"2"}},"responseTime":12}`,
		`time=2026-03-04T09:15:02.118Z method=GET host=shop.example path=/api/x query=y=1 status=200 duration=12ms client=::1 request_id=7 > host=shop.example < content-length=2 inbound`)
	f("generic names", `{"ts":1772615702.5,"method":"PUT","path":"/p?q=1","host":"a.example:443","statusCode":"201","latency":"12.5ms","remote_ip":"10.0.0.9","bytes":9}`,
		`time=2026-03-04T09:15:02.5Z method=PUT host=a.example path=/p query=q=1 status=201 bytes=9 duration=12.5ms client=10.0.0.9 inbound`)
	f("headers as lists", `{"status_code":429,"url":"https://v.example/","response":{"headers":[{"name":"X-Request-Id","value":"abc"},["retry-after","3"]],"body":"slow"},"request_id":"ours"}`,
		`scheme=https host=v.example path=/ target=https://v.example/ status=429 request_id=abc client_request_id=ours < X-Request-Id=abc < retry-after=3 body=slow outbound`)
	f("the best of several ids", `{"status_code":500,"path":"/a","res":{"headers":{"cf-ray":"1","request-id":"","X_Amzn_RequestId":"2","x-amz-request-id":"3"}}}`,
		`path=/a status=500 request_id=2 < cf-ray=1 < X_Amzn_RequestId=2 < x-amz-request-id=3 inbound`)
	f("retries of nginx", `{"time":"2026-03-04T09:15:02+03:30","request":"GET /a HTTP/1.1","status":"200","request_time":"0.300","upstream_addr":"10.0.0.1:80, 10.0.0.2:80","upstream_status":"502, 200","body_bytes_sent":"5"}`,
		`nginx_json time=2026-03-04T05:45:02Z method=GET path=/a version=1.1 status=200 bytes=5 duration=300ms upstream_status="502, 200" upstream_host="10.0.0.1:80, 10.0.0.2:80" outbound`)
	f("no response", `{"time":"2026-03-04T09:15:02Z","method":"GET","url":"https://v.example/a","error":{"message":"connection refused"}}`,
		`time=2026-03-04T09:15:02Z method=GET scheme=https host=v.example path=/a target=https://v.example/a status=0 failure="connection refused" outbound`)
	f("escapes and NUL", `{"status_code":500,"url":"https://v.example/","response_body":"a\u0000b\u00e4\ud83d"}`,
		`scheme=https host=v.example path=/ target=https://v.example/ status=500 body="a bä�" outbound`)

	f("more digits than a nanosecond has", `{"time":"2026-03-04T09:15:02.1234567890123Z","status_code":200,"url":"/a"}`,
		`time=2026-03-04T09:15:02.123456789Z path=/a status=200 inbound`)

	// Units of durations.
	duration := func(member, want string) {
		t.Helper()
		f(member, `{"status_code":200,"url":"/a",`+member+`}`, `path=/a status=200 duration=`+want+` inbound`)
	}
	duration(`"duration_ms":0.25`, "250µs")
	duration(`"durationMs":250`, "250ms")
	duration(`"elapsed_us":250`, "250µs")
	duration(`"latency_ns":250`, "250ns")
	duration(`"duration_s":2`, "2s")
	duration(`"elapsedSeconds":0.5`, "500ms")
	duration(`"latency":"1m2.5s"`, "1m2.5s")
	duration(`"took":15`, "15ms")
	duration(`"latency":1500000`, "1.5ms")
	duration(`"request_time":60.001`, "1m0.001s")

	// Sound lines that speak of no exchange are counted, not handed out.
	f("no HTTP", `{"time":"2026-03-04T09:15:02Z","msg":"started","status":"ok"}`)
	f("a job's status", `{"msg":"done","status":200}`)
	f("the start of a call", `{"msg":"calling","method":"GET","url":"https://v.example/a"}`)

	// Bad, and bad among good.
	const good = `{"status_code":200,"url":"/a"}`
	f("no JSON", `hello`, `reject=syntax raw=hello`)
	f("broken", `{"status_code":200,,}`, `reject=json raw="{\"status_code\":200,,}"`)
	f("cut off", `{"status_code":200,"url":"/a`, `reject=truncated raw="{\"status_code\":200,\"url\":\"/a"`)
	f("status is none", `{"status_code":42,"url":"/a"}`, `reject=status raw="{\"status_code\":42,\"url\":\"/a\"}"`)
	f("time is none", `{"status_code":200,"url":"/a","time":"noon"}`, `reject=time raw="{\"status_code\":200,\"url\":\"/a\",\"time\":\"noon\"}"`)
	f("bad among good", good+"\n{]\n"+good, `path=/a status=200 inbound`, `reject=json raw={]`, `path=/a status=200 inbound`)
}

// TestJSONBodies is about bodies that stand inside an object with their size.
func TestJSONBodies(t *testing.T) {
	body := func(name, members, want string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			rows := ingesttest.Read(t, ingest.Config{}, `{"http.response.status_code":500,"url.path":"/a",`+members+`}`)
			checkRows(t, rows, `1@0 json path=/a status=500 `+want+` inbound`)
		})
	}
	body("body, nested", `"http":{"request":{"body":{"bytes":3,"content":"q=1"}},"response":{"body":{"bytes":115,"content":"{\"a\":1}"}}}`, `bytes=115 request_body=q=1 body="{\"a\":1}"`)
	body("body, content first", `"http":{"response":{"body":{"content":"{\"a\":1}","bytes":115,"mime_type":"x"}}}`, `bytes=115 body="{\"a\":1}"`)
	body("body, half dotted", `"http.response":{"body":{"bytes":115,"content":"oops"}}`, `bytes=115 body=oops`)
	body("body, dotted to the end but one", `"http.response.body":{"bytes":115,"content":"oops"}`, `bytes=115 body=oops`)
	body("body, wholly dotted", `"http.response.body.bytes":115,"http.response.body.content":"oops"`, `bytes=115 body=oops`)
	body("body, nested and dotted", `"http":{"response":{"body":{"bytes":115}}},"http.response.body.content":"oops"`, `bytes=115 body=oops`)
	body("body, dotted and nested", `"http.response.body.bytes":115,"http":{"response":{"body":{"content":"oops"}}}`, `bytes=115 body=oops`)
	body("body, its size only", `"http":{"response":{"body":{"bytes":115}}}`, `bytes=115`)
	body("body, content as a structure", `"http":{"response":{"body":{"content":{"a":1}}}}`, `body="{\"a\":1}"`)
	body("body, one name short of ECS", `"response":{"body":{"size":115,"content":"oops"}}`, `bytes=115 body=oops`)
	body("body that is an object", `"http":{"response":{"body":{"error":"x"}}}`, `body="{\"error\":\"x\"}"`)
	body("body that has a content of its own", `"response":{"body":{"content":"x","error":"y"}}`, `body="{\"content\":\"x\",\"error\":\"y\"}"`)
	body("body that has a list as content", `"response":{"body":{"content":["x"]}}`, `body="{\"content\":[\"x\"]}"`)
}

// TestComments is about "#": what is a comment in one format is a broken line in
// another, and in text of none.
func TestComments(t *testing.T) {
	const object = `{"status_code":200,"url":"/a"}`
	checkRows(t, ingesttest.Read(t, ingest.Config{}, object+"\n# x\n"), "1@0 json path=/a status=200 inbound", `2@31 json reject=syntax raw="# x"`)
	checkRows(t, ingesttest.Read(t, ingest.Config{}, "# x\ny\n"), `1@0 text reject=syntax raw="# x"`, "2@4 text reject=syntax raw=y")
	src := openSmall(t, ingest.Config{}, []byte("# x\n"+head+"\n#\n"))
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	if end := sumOf(ends); len(rows) != 1 || end.Lines != 3 || end.Ignored[record.IgnoreComment] != 2 {
		t.Errorf("%q, %+v", rows, end)
	}
}

func TestJSONYearless(t *testing.T) {
	cfg := ingest.Config{Now: mustTime(t, "2026-01-05T00:00:00Z")}
	rows := ingesttest.Read(t, cfg, `{"time":"Dec 31 23:59:58","status_code":200,"url":"/a"}`)
	checkRows(t, rows, `1@0 json time=2025-12-31T23:59:58Z path=/a status=200 inbound`)
}
