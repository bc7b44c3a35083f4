package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func TestW3C(t *testing.T) {
	f := lineCase(t, "w3c")
	const (
		iis  = "#Software: x\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status sc-bytes time-taken\n"
		row  = `2026-02-10 20:23:32 10.0.0.1 GET /a b=c 203.0.113.9 a+(b;++c) 200 12 40`
		base = `time=2026-02-10T20:23:32Z method=GET path=/a query=b=c `
		rest = `client=203.0.113.9 agent="a (b;  c)" inbound`
	)
	f("IIS", iis+row, base+`status=200 bytes=12 duration=40ms `+rest)
	f("columns change", iis+row+"\n#Fields: time c-ip cs-method cs-uri sc-status\n#Date: 2026-02-11 00:00:00\n01:00:00 203.0.113.9 GET /b?x=y 404",
		base+`status=200 bytes=12 duration=40ms `+rest,
		`time=2026-02-11T01:00:00Z method=GET path=/b query=x=y status=404 client=203.0.113.9 inbound`)
	f("a time of no day", "#Fields: time cs-method cs-uri-stem sc-status\n01:00:00 GET /a 200", `method=GET path=/a status=200 inbound`)
	f("a day spelled otherwise", "#Date: 11/Feb/2026 00:00:00\n#Fields: time cs-method cs-uri-stem sc-status\n01:00:00 GET /a 200",
		`time=2026-02-11T01:00:00Z method=GET path=/a status=200 inbound`)
	f("padded and quoted", "#Fields: date  time   cs-method cs-uri-stem cs(User-Agent) sc-status x\n2026-02-10   20:23:32\t GET   \"/a b\" \"say \"\"hi\"\" + bye\"   404   \"\"",
		`time=2026-02-10T20:23:32Z method=GET path="/a b" status=404 agent="say \"hi\" + bye" inbound`)
	f("tabs and empty values", "#Fields: date\ttime\tcs-method\tcs-uri-stem\tcs-uri-query\tsc-status\n2026-02-10\t20:23:32\tGET\t/a b\t\t200",
		`time=2026-02-10T20:23:32Z method=GET path="/a b" status=200 inbound`)
	f("zone id", "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-02-10 20:23:32 fe80::1%2 GET /a 200",
		`time=2026-02-10T20:23:32Z method=GET path=/a status=200 client=fe80::1%2 inbound`)
	f("a list behind the last column", iis+row+" 203.0.113.9,+10.0.0.1", base+`status=200 bytes=12 duration=40ms `+rest)
	f("a fraction is seconds", "#Fields: date time cs-method cs-uri-stem sc-status time-taken\n2026-02-10 20:23:32.5 GET /a 200 0.25",
		`time=2026-02-10T20:23:32.5Z method=GET path=/a status=200 duration=250ms inbound`)
	f("forward proxy", "#Fields: date time time-taken c-ip x-exception-id sc-status cs-method cs-uri-scheme cs-host cs-uri-path cs-uri-query r-ip\n"+
		"2026-02-10 20:23:32 75 10.0.0.9 tcp_error 503 GET https api.example.com /a ?b=c 203.0.113.9",
		base[:36]+` scheme=https host=api.example.com path=/a query=b=c status=503 duration=75ms client=10.0.0.9 upstream_host=203.0.113.9 failure=tcp_error outbound`)
	f("whole URL", "#Fields: date time cs-method cs-uri sc-status\n2026-02-10 20:23:32 GET http://api.example.com/a?b=c 200",
		base[:36]+` scheme=http host=api.example.com path=/a query=b=c target=http://api.example.com/a?b=c status=200 outbound`)
	f("HTTP.sys", "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"+
		"2026-02-10 20:23:32 203.0.113.9 1 10.0.0.1 443 HTTP/1.1 GET /a 503 1 AppOffline Pool\n"+
		"2026-02-10 20:23:32 203.0.113.9 1 10.0.0.1 443 HTTP/1.1 GET /a - 1 Connection_Dropped Pool\n"+
		"2026-02-10 20:23:32 203.0.113.9 1 10.0.0.1 443 - - - - - Timer_ConnectionIdle -",
		`time=2026-02-10T20:23:32Z method=GET path=/a version=1.1 status=503 client=203.0.113.9 failure=AppOffline inbound`,
		`time=2026-02-10T20:23:32Z method=GET path=/a version=1.1 status=0 client=203.0.113.9 failure=Connection_Dropped inbound`)
	f("a log of no exchanges", "#Fields: date time action protocol src-ip dst-ip\n2026-02-10 20:23:32 DROP TCP 203.0.113.9 10.0.0.1")

	// Broken.
	f("fewer columns", iis+"2026-02-10 20:23:32 10.0.0.1 GET /a", `reject=truncated raw="2026-02-10 20:23:32 10.0.0.1 GET /a"`)
	f("columns of another table", "#Fields: date time cs-method\n2026-02-10 20:23:32 GET /a 1 2 3 4\n", `reject=syntax raw="2026-02-10 20:23:32 GET /a 1 2 3 4"`)
	f("no columns named", row+"\n", `reject=syntax raw="`+row+`"`)
	f("quote not closed", iis+`2026-02-10 20:23:32 10.0.0.1 GET "/a`, `reject=truncated raw="2026-02-10 20:23:32 10.0.0.1 GET \"/a"`)
	f("bad among good", iis+strings.Replace(row, " 200 ", " OK ", 1)+"\n"+strings.Replace(row, "20:23", "20-23", 1)+"\n"+row,
		`reject=status raw="2026-02-10 20:23:32 10.0.0.1 GET /a b=c 203.0.113.9 a+(b;++c) OK 12 40"`,
		`reject=time raw="2026-02-10 20-23:32 10.0.0.1 GET /a b=c 203.0.113.9 a+(b;++c) 200 12 40"`,
		base+`status=200 bytes=12 duration=40ms `+rest)
}

func TestCloudFront(t *testing.T) {
	f := lineCase(t, "w3c")
	const row = "2026-02-10\t20:23:32\tFRA56-P2\t187\t203.0.113.7\tGET\td1.example.net\t/a\t%s\t-\tfleet%%202.1\tb=c\t-\tError\treq-1\tapi.example.com\thttps\t62\t0.212\t-\tTLSv1.3\tX\tError\tHTTP/2.0\t-\t-\t1\t0.1\t%s\ttext/html\t1\t-\t-"
	const base = `time=2026-02-10T20:23:32Z method=GET scheme=https host=d1.example.net path=/a query=b=c version=2.0 `
	const rest = `bytes=187 duration=212ms client=203.0.113.7 agent="fleet 2.1" request_id=req-1 `
	f("without directives", fmt.Sprintf(row, "200", "Hit"), base+`status=200 `+rest+`inbound`)
	f("who failed", fmt.Sprintf(row, "502", "OriginConnectError"), base+`status=502 `+rest+`failure=OriginConnectError inbound`)
	f("how the cache served an error", fmt.Sprintf(row, "404", "Miss"), base+`status=404 `+rest+`inbound`)
	f("client left", fmt.Sprintf(row, "000", "ClientCommError"), base+`status=0 `+rest+`failure=ClientCommError inbound`)
	f("with directives", "#Version: 1.0\n#Fields: date time x-edge-location c-ip cs-method cs(Host) cs-uri-stem sc-status time-taken\n"+
		"2026-02-10\t20:23:32\tFRA56-P2\t203.0.113.7\tGET\td1.example.net\t/a\t200\t2",
		`time=2026-02-10T20:23:32Z method=GET host=d1.example.net path=/a status=200 duration=2s client=203.0.113.7 inbound`)
}

func TestIISEvent(t *testing.T) {
	f := lineCase(t, "iis_event")
	const head = `<Event xmlns="x"><System><Provider Name="Microsoft-Windows-IIS-Logging"/><TimeCreated SystemTime="2026-02-10T20:23:34.6206890Z"/></System>`
	f("exchange", head+`<EventData><Data Name="date">2026-02-10</Data> <Data Name="time">20:23:32</Data><Data>x</Data><Data Name="c-ip">203.0.113.9</Data><Data Name="cs-method">GET</Data>`+
		`<Data Name="cs-uri-stem">/a</Data><Data Name="cs-uri-query">b=c&amp;d=&#x65;&#0;&bad;</Data><Data Name="sc-status">404</Data><Data Name="csUser-Agent">a+b</Data><Data Name="CustomFields" /></EventData></Event>`,
		`time=2026-02-10T20:23:32Z method=GET path=/a query=b=c&d=e&#0;&bad; status=404 client=203.0.113.9 agent="a b" inbound`)
	f("the event's own time", head+`<EventData><Data Name="cs-method">GET</Data><Data Name="cs-uri-stem">/a</Data><Data Name="sc-status">404</Data></EventData></Event>`,
		`time=2026-02-10T20:23:34.6206890Z method=GET path=/a status=404 inbound`)
	f("another event", head+`<EventData><Data Name="Service">x</Data></EventData></Event>`+"\n"+head+`</Event>`)
	f("cut off", head+`<EventData><Data Name="cs-method">GE`, `reject=truncated raw="<Event xmlns=\"x\"><System><Provider Name=\"Microsoft-Windows-IIS-Logging\"/><TimeCreated SystemTime=\"2026-02-10T20:23:34.6206890Z\"/></System><EventData><Data Name=\"cs-method\">GE"`)
}

func TestZeek(t *testing.T) {
	f := lineCase(t, "zeek")
	const head = "#separator \\x09\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tmethod\thost\turi\tuser_agent\tresponse_body_len\tstatus_code\n"
	f("out", head+"1770755012.118301\tC1\t10.0.0.9\t203.0.113.7\tGET\tAPI.example.com:80\t/a?b=c\ta \\x22b\\x22\t12\t429",
		`time=2026-02-10T20:23:32.118301Z method=GET host=api.example.com path=/a query=b=c status=429 bytes=12 client=10.0.0.9 agent="a \"b\"" upstream_host=203.0.113.7 outbound`)
	f("in, unset and empty", head+"1770755012.118301\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t(empty)\t0\t200",
		`time=2026-02-10T20:23:32.118301Z method=GET path=/a status=200 bytes=0 client=203.0.113.9 upstream_host=10.0.0.1 inbound`)
	f("other separator, other word, fields change", "#separator \\x2c\n#unset_field,none\n#fields,ts,method,uri,status_code\n1770755012.5,GET,/a,none\n#fields,status_code,method,uri\n200,GET,/b",
		`time=2026-02-10T20:23:32.5Z method=GET path=/a inbound`, `method=GET path=/b status=200 inbound`)
	f("connections", "#fields\tts\tuid\tid.orig_h\tid.resp_h\tproto\n1770755012.118301\tC1\t10.0.0.9\t203.0.113.7\ttcp")
	f("broken among good", head+"1770755012.118301\tC1\nx\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t200\n1770755012.118301\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t20\n1770755012.1\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t200\tx\n",
		`reject=truncated raw="1770755012.118301\tC1"`, `reject=time raw="x\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t200"`,
		`reject=status raw="1770755012.118301\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t20"`, `reject=syntax raw="1770755012.1\tC1\t203.0.113.9\t10.0.0.1\tGET\t-\t/a\t-\t0\t200\tx"`)
}

func TestLTSV(t *testing.T) {
	f := lineCase(t, "ltsv")
	f("ltsv.org", "time:[10/Feb/2026:21:23:32 +0100]\thost:203.0.113.9\treq:GET /a?b=c HTTP/1.1\tstatus:200\tsize:12\treqtime_microsec:40500\tua:a:b\treferer:-\tvhost:Shop.Example",
		`time=2026-02-10T20:23:32Z method=GET host=shop.example path=/a query=b=c version=1.1 status=200 bytes=12 duration=40.5ms client=203.0.113.9 agent=a:b inbound`)
	f("nginx variables", "time_iso8601:2026-02-10T21:23:32+01:00\tmethod:GET\turi:/a\tstatus:502\trequest_time:3\tupstream_addr:203.0.113.7:443\tupstream_status:502, 200",
		`time=2026-02-10T20:23:32Z method=GET path=/a status=502 duration=3s upstream_status="502, 200" upstream_host=203.0.113.7:443 outbound`)
	f("nginx's $host beside the caller", "host:Api.example.com\tremote_addr:203.0.113.9\tmethod:GET\turi:/a\tstatus:200",
		`method=GET host=api.example.com path=/a status=200 client=203.0.113.9 inbound`)
	f("nothing of HTTP", "time:2026-02-10T21:23:32Z\tlevel:info\tmessage:status:ok")
	f("broken among good", "time:x\tmethod:GET\turi:/a\tstatus:200\nmethod:GET\turi:/a\tstatus:9000\nmethod:GET\nmethod:GET\turi:/a\tstatus:200\tno label",
		`reject=time raw="time:x\tmethod:GET\turi:/a\tstatus:200"`, `reject=status raw="method:GET\turi:/a\tstatus:9000"`, `reject=syntax raw=method:GET`,
		`method=GET path=/a status=200 inbound`)
}

func TestHeroku(t *testing.T) {
	f := lineCase(t, "heroku")
	const at = `2026-02-10T20:23:32.118301+00:00 `
	const base = `time=2026-02-10T20:23:32.118301Z method=GET host=api.example.com path=/a query=b=c `
	const pairs = `method=GET path="/a?b=c" host=api.example.com request_id=req-1 fwd="203.0.113.9,10.0.0.1" dyno=web.1 `
	f("answered", at+`heroku[router]: at=info `+pairs+`connect=1ms service=40ms status=200 bytes=12 protocol=https`,
		base+`status=200 bytes=12 duration=40ms client=203.0.113.9 request_id=req-1 inbound`)
	f("timed out", at+`heroku[router]: at=error code=H12 desc="Request timeout" `+pairs+`connect=1ms service=30001ms status=503 bytes=0`,
		base+`status=503 bytes=0 duration=30.001s client=203.0.113.9 request_id=req-1 failure="Request timeout (H12)" inbound`)
	f("no dyno, unbalanced quote", at+`heroku[router]: at=error code=H10 desc="App crashed `+pairs+`connect= service= status=503 bytes=`,
		base+`status=503 client=203.0.113.9 request_id=req-1 failure="App crashed (H10)" inbound`)
	f("no answer", at+`heroku[router]: at=error code=H27 desc="Client Request Interrupted" `+pairs+`connect=0ms service=5ms status= bytes=`,
		base+`status=0 duration=5ms client=203.0.113.9 request_id=req-1 failure="Client Request Interrupted (H27)" inbound`)
	f("drain", `<158>1 `+at+`host heroku router - at=info `+pairs+`connect=1ms service=40ms status=499 bytes=12`,
		base+`status=499 bytes=12 duration=40ms client=203.0.113.9 request_id=req-1 inbound`)
	f("whose end broke first", at+`heroku[router]: sock=client at=warning code=H27 desc="Client Request Interrupted" `+pairs+`connect=0ms service=5ms status=499 bytes=0`,
		base+`status=499 bytes=0 duration=5ms client=203.0.113.9 request_id=req-1 failure="Client Request Interrupted (H27)" inbound`)
	f("the application's lines", at+"app[web.1]: hello\n"+at+"heroku[web.1]: State changed from starting to up")
	f("cut off", at+`heroku[router]: at=info method=GET path="/a"`, `reject=truncated raw="`+at+`heroku[router]: at=info method=GET path=\"/a\""`)
}

// TestHerokuApplication reads the calls that an application logs between the
// router's lines.
func TestHerokuApplication(t *testing.T) {
	const at = `2026-02-10T20:23:32.118301+00:00 `
	log := at + "heroku[router]: at=info method=GET path=\"/a\" host=api.example.com dyno=web.1 service=40ms status=200 bytes=12\n" +
		at + "app[worker.1]: HTTP Request: POST https://v.example/v1/a \"HTTP/1.1 429 Too Many Requests\"\n" +
		at + "app[web.1]: {\"method\":\"GET\",\"url\":\"https://v.example/b\",\"status\":503}\n" +
		at + "app[web.1]: hello\n"
	checkAccounts(t, log, "heroku", 3, 0, 1)
	rows := ingesttest.Read(t, ingest.Config{}, log)
	for i, want := range []string{"method=GET host=api.example.com", "method=POST", "host=v.example path=/b"} {
		if i >= len(rows) || !strings.Contains(rows[i], want) || !strings.Contains(rows[i], "time=2026-02-10T20:23:32.118301Z") {
			t.Errorf("row %d of %q does not say %s", i, rows, want)
		}
	}
}

func TestLogfmt(t *testing.T) {
	f := lineCase(t, "logfmt")
	f("client", `time="2026-02-10T20:23:32.5Z" level=warn msg="say \"hi\"" method=GET url="https://api.example.com/a?b=c" status=429 duration=1.5s request_id=req-1 ok`,
		`time=2026-02-10T20:23:32.5Z method=GET scheme=https host=api.example.com path=/a query=b=c target=https://api.example.com/a?b=c status=429 duration=1.5s request_id=req-1 outbound`)
	f("server, Grafana's time, a unit in the name", `t=2026-02-10T20:23:32Z level=info msg="Request Completed" method=GET path=/a status=404 remote_addr=203.0.113.9 duration_ms=40 size=12 referer=`,
		`time=2026-02-10T20:23:32Z method=GET path=/a status=404 bytes=12 duration=40ms client=203.0.113.9 inbound`)
	f("no response", `level=error msg=failed method=GET url=https://api.example.com/a error="dial tcp: connection refused" took=20ms`,
		`method=GET scheme=https host=api.example.com path=/a target=https://api.example.com/a status=0 duration=20ms failure="dial tcp: connection refused" outbound`)
	f("body", `level=error method=POST url=https://api.example.com/a status=400 response_body="{\"error\":\"x\"}"`,
		`method=POST scheme=https host=api.example.com path=/a target=https://api.example.com/a status=400 body="{\"error\":\"x\"}" outbound`)
	f("lograge behind Ruby's logger and tags", `I, [2026-02-10T20:23:32.118123 #42]  INFO -- : [req-0001] method=GET path=/a format=html status=500 duration=112.50`+"\n"+`[req-0002] method=GET path=/b status=200`,
		`time=2026-02-10T20:23:32.118123Z method=GET path=/a status=500 duration=112.5ms inbound`, `method=GET path=/b status=200 inbound`)
	f("nothing of HTTP", `level=info msg="pod is gone" status=Pending reason=`)
	f("broken among good", "hello there\nlevel=info msg=\"cut\nlevel=info method=GET path=/a status=20\nlevel=info method=GET path=/a status=200",
		`reject=syntax raw="hello there"`, `reject=truncated raw="level=info msg=\"cut"`, `method=GET path=/a status=200 inbound`)
}

// TestColumnsDetected proves that each of these formats is told by its content,
// broken lines among it, and that every line is accounted for.
func TestColumnsDetected(t *testing.T) {
	for name, log := range columnLogs(20) {
		content := log + "what is this\n" + log[:len(log)-40] + "\n\n"
		src, err := ingest.Open(context.Background(), ingest.Config{Bindings: vendors()}, ingest.Input{Path: "-"}, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if got := src.Detection().Format; got != columnFormat(name) {
			t.Errorf("%s: taken for %s", name, got)
		}
		_, ends := ingesttest.Drain(t, src, 2, 1000)
		src.Close()
		sum := sumOf(ends)
		counted := sum.Records + sum.Rejected
		for _, n := range sum.Ignored {
			counted += n
		}
		if want := int64(strings.Count(content, "\n")); sum.Lines != want || sum.Lines != counted || sum.Records < 39 {
			t.Errorf("%s: %+v of %d lines", name, sum, want)
		}
	}
}

// TestDirectivesReachEveryBlock reads tables whose columns change, in blocks so
// small that most have no directive of their own.
func TestDirectivesReachEveryBlock(t *testing.T) {
	var w3c, zeek bytes.Buffer
	for i := range 200 {
		if i%50 == 0 {
			fields := []string{"date time cs-method cs-uri-stem sc-status", "sc-status cs-uri-stem cs-method date time"}[i/50%2]
			fmt.Fprintf(&w3c, "#Date: 2026-02-10 00:00:00\n#Fields: %s\n", fields)
			fmt.Fprintf(&zeek, "#separator \\x09\n#fields\t%s\n", []string{"ts\tmethod\turi\tstatus_code", "status_code\turi\tmethod\tts"}[i/50%2])
		}
		if i/50%2 == 0 {
			fmt.Fprintf(&w3c, "2026-02-10 20:23:%02d GET /%d 404\n", i%60, i)
			fmt.Fprintf(&zeek, "17707550%02d.5\tGET\t/%d\t404\n", i%60, i)
		} else {
			fmt.Fprintf(&w3c, "404 /%d GET 2026-02-10 20:23:%02d\n", i, i%60)
			fmt.Fprintf(&zeek, "404\t/%d\tGET\t17707550%02d.5\n", i, i%60)
		}
	}
	for name, content := range map[string]string{"w3c": w3c.String(), "zeek": zeek.String()} {
		var rows [2][]string
		for i, block := range []int{256, 1 << 20} {
			src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(content),
				ingest.Sizes{Line: 4096, Entry: 4096, Block: block, Spool: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			rows[i], _ = ingesttest.Drain(t, src, 3, 1000)
			src.Close()
			slices.Sort(rows[i])
		}
		if len(rows[0]) != 200 || !slices.Equal(rows[0], rows[1]) || strings.Contains(strings.Join(rows[0], "\n"), "reject") {
			t.Errorf("%s: in small blocks %d rows, in large ones %d:\n%s", name, len(rows[0]), len(rows[1]), strings.Join(rows[0][:3], "\n"))
		}
	}
}
