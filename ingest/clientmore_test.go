package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// TestLogTimes holds the spellings of a logger's time that count, and those
// that are none.
func TestLogTimes(t *testing.T) {
	for prefix, want := range map[string]string{
		"2026-03-04T09:15:02Z ":                        "2026-03-04T09:15:02Z",
		"2026-03-04 09:15:02,118 - app - INFO - ":      "2026-03-04T09:15:02.118Z",
		"2026-03-04 09:15:02.118 | INFO | x:7 - ":      "2026-03-04T09:15:02.118Z",
		"[2026-03-04 09:15:02,118: INFO/Worker-1] ":    "2026-03-04T09:15:02.118Z",
		"2026-03-04 09:15:02.118 +02:00 [INF] ":        "2026-03-04T07:15:02.118Z",
		"2026-03-04T09:15:02.118294+0330 ":             "2026-03-04T05:45:02.118294Z",
		"2026-03-04 09:15:02 UTC [12] ":                "2026-03-04T09:15:02Z",
		"2026/03/04 09:15:02.118294 ":                  "2026-03-04T09:15:02.118294Z",
		"INFO [04/Mar/2026:09:15:02 +0100] ":           "2026-03-04T08:15:02Z",
		"<14>Mar  4 09:15:02 web1 app[12]: ":           "2026-03-04T09:15:02Z",
		"Dec 31 23:00:00 web1 app: ":                   "2025-12-31T23:00:00Z",
		"Mar 04, 2026 9:15:02 PM com.example.App x: ":  "2026-03-04T21:15:02Z",
		"Mar 04, 2026 12:15:02 AM com.example.App x: ": "2026-03-04T00:15:02Z",
		"Wed Mar  4 09:15:02 2026 ":                    "2026-03-04T09:15:02Z",
		"1:M 04 Mar 2026 09:15:02.118 * ":              "2026-03-04T09:15:02.118Z",
		"03-04 09:15:02.118  1234  1250 D X: ":         "2026-03-04T09:15:02.118Z",
		"E0304 09:15:02.118294       1 main.go:7] ":    "2026-03-04T09:15:02.118294Z",
		"1772615702.118 ":                              "2026-03-04T09:15:02.118Z",
		"[1772615702118] ":                             "2026-03-04T09:15:02.118Z",
		`time="2026-03-04T09:15:02Z" level=info msg="`: "2026-03-04T09:15:02Z",
		"[09:15:02] ":          "",
		"09:15:02.118 INFO ":   "",
		"2026-13-04 09:15:02 ": "",
		"9999999999 ":          "",
		"user 1772615702 ":     "",
		"May I? ":              "",
		"03/04/26 09:15:02 ":   "",
		"":                     "",
	} {
		cfg := ingest.Config{Format: "client", Now: nearMarch}
		rows := ingesttest.Read(t, cfg, prefix+`HTTP Request: GET https://api.example.com/ "HTTP/1.1 200 OK"`+"\n")
		got := ""
		if len(rows) == 1 {
			_, rest, _ := strings.Cut(rows[0], "client ")
			got, _ = strings.CutPrefix(strings.Fields(rest)[0], "time=")
			if got == rest || strings.HasPrefix(got, "method=") {
				got = ""
			}
		}
		if len(rows) != 1 || got != want {
			t.Errorf("%q: got %q, want %q: %q", prefix, got, want, rows)
		}
	}
}

func TestClientDetection(t *testing.T) {
	const core = `2026-03-04 09:15:02,118 INFO httpx: HTTP Request: GET https://api.example.com/ "HTTP/1.1 200 OK"` + "\n"
	for name, c := range map[string]struct{ head, format string }{
		"one core in a log":      {strings.Repeat("2026-03-04 09:15:02,118 INFO app: working, see https://example.com/\n", 50) + core, "client"},
		"a byte order mark":      {"\xef\xbb\xbf", "text"},
		"no core":                {"2026-03-04 09:15:02,118 INFO app: working, see https://example.com/\n", "text"},
		"among JSON lines":       {strings.Repeat(`{"msg":"x"}`+"\n", 9) + core, "json"},
		"inside JSON lines":      {`{"msg":"HTTP Request: GET https://api.example.com/ \"HTTP/1.1 200 OK\""}` + "\n", "json"},
		"among access log lines": {combinedLog(5, true) + core, "combined"},
		"Rails":                  {"Started GET \"/\" for ::1 at 2026-03-04 09:15:02 +0000\nCompleted 200 OK in 3ms\n" + core, "rails"},
		"Rails, first lines":     {"Started GET \"/\" for ::1 at 2026-03-04 09:15:02 +0000\n", "rails_started"},
		"words of Rails":         {"Started working\nCompleted work in 3 days\n", "text"},
	} {
		if d := ingest.Detect([]byte(c.head)); d.Format != c.format {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestClientStrays reads cores among the lines of other formats, where nothing
// that other lines said counts.
func TestClientStrays(t *testing.T) {
	const core = `2026-03-04 09:15:02,118 INFO httpx: HTTP Request: GET https://api.example.com/ "HTTP/1.1 500 x"` + "\n"
	rows := ingesttest.Read(t, ingest.Config{}, head+"\n"+core+
		"Sending HTTP request GET https://a.example.com/\nReceived HTTP response headers after 2ms - 429\n"+
		"<-- 429 https://api.example.com/ (12ms)\n"+strings.Repeat(head+"\n", 9))
	for i := range rows {
		_, rows[i], _ = strings.Cut(rows[i], " ")
	}
	checkRows(t, rows[1:4],
		`client time=2026-03-04T09:15:02.118Z method=GET scheme=https host=api.example.com path=/ target=https://api.example.com/ version=1.1 status=500 outbound`,
		`client status=429 duration=2ms outbound`,
		`client scheme=https host=api.example.com path=/ target=https://api.example.com/ status=429 duration=12ms outbound`)
}

func TestClientInJSON(t *testing.T) {
	f := func(line string, want ...string) {
		t.Helper()
		checkRows(t, fieldsOf(ingesttest.Read(t, ingest.Config{Format: "json"}, line+"\n"), "json"), want...)
	}
	f(`{"ts":"2026-03-04T09:15:02Z","hostname":"web-1","path":"/app/main.py","msg":"HTTP Request: GET https://api.example.com/x \"HTTP/1.1 429 Too Many Requests\"","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}`,
		`time=2026-03-04T09:15:02Z method=GET scheme=https host=api.example.com path=/x target=https://api.example.com/x version=1.1 status=429 trace=4bf92f3577b34da6a3ce929d0e0e4736 outbound`)
	f(`{"time":"2026-03-04T09:15:02Z","message":"Error code: 429 - {'error': {'code': 'slow'}}"}`,
		`time=2026-03-04T09:15:02Z status=429 body="{\"error\": {\"code\": \"slow\"}}" outbound`)
	f(`{"time":"2026-03-04T09:15:02Z","message":"read https://example.com/"}`)
	f(`{"time":"noon","message":"HTTP Request: GET https://api.example.com/x \"HTTP/1.1 429 Too Many Requests\""}`,
		`reject=time raw="{\"time\":\"noon\",\"message\":\"HTTP Request: GET https://api.example.com/x \\\"HTTP/1.1 429 Too Many Requests\\\"\"}"`)
}

// TestClientAccounting counts every line of a log once: exchanges, ignored
// lines, and the rejects, which are broken cores and no other lines.
func TestClientAccounting(t *testing.T) {
	log := "starting\n{\n  \"a\": 1\n}\n" + clientLog(50) + `HTTP Request: GET https://api.example.com/ "HTTP/1.1 4` + "\n\n"
	src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	end := ends[0]
	ignored := int64(0)
	for _, n := range end.Ignored {
		ignored += n
	}
	if want := int64(strings.Count(log, "\n")); len(ends) != 1 || end.Lines != want || end.Records+end.Rejected+ignored != want {
		t.Errorf("%d lines: %+v", want, end)
	}
	if end.Rejected != 1 || int64(len(rows)) != end.Records+1 {
		t.Errorf("%d rows, %+v", len(rows), end)
	}
}

// TestClientBlocks reads a log in blocks of many sizes, with one reader and with
// several: an exchange that is spread over lines is the same each time.
func TestClientBlocks(t *testing.T) {
	log := clientLog(2000)
	var want []string
	for i, z := range []int{1 << 20, 64 << 10, 10_000, 4096} {
		src, err := ingest.OpenSized(context.Background(), ingest.Config{Format: "client"}, ingest.Input{Path: "-"}, strings.NewReader(log),
			ingest.Sizes{Line: 4096, Entry: 4096, Block: z, Spool: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		rows, _ := ingesttest.Drain(t, src, 1+i%2, int64(3*z))
		src.Close()
		slices.Sort(rows)
		if i == 0 {
			want = rows
		}
		if !slices.Equal(rows, want) {
			t.Errorf("blocks of %d: %d rows, want %d", z, len(rows), len(want))
		}
	}
}

// clientLog invents n rounds of what the clients of several languages write.
func clientLog(n int) string {
	var b strings.Builder
	for i := range n {
		at := nearMarch.Add(time.Duration(i) * 1370 * time.Millisecond)
		stamp := at.Format("2006-01-02 15:04:05.000")
		fmt.Fprintf(&b, "%s INFO app: order %d is new, see https://shop.example/orders/%d\n", stamp, i, i)
		fmt.Fprintf(&b, "%s INFO httpx: HTTP Request: POST https://api.example.com/v1/orders/%d \"HTTP/1.1 %d x\"\n", stamp, i, 200+i%3*100)
		fmt.Fprintf(&b, "%s DEBUG urllib3.connectionpool: https://b.example.com:443 \"GET /v1/items/%d?k=1 HTTP/1.1\" 429 187\n", stamp, i)
		fmt.Fprintf(&b, "%s ERROR app: 429 Client Error: Too Many Requests for url: https://b.example.com/v1/items/%d?k=1\n", stamp, i)
		fmt.Fprintf(&b, "%s [INF] [req-%d] Sending HTTP request GET https://c.example.com/%d\n", stamp, i, i)
		fmt.Fprintf(&b, "%s D OkHttp : <-- 500 https://d.example.com/%d (12ms)\n%s D OkHttp : retry-after: %d\n%s D OkHttp : <-- END HTTP (0-byte body)\n", stamp, i, stamp, i, stamp)
		fmt.Fprintf(&b, "%s [INF] [req-%d] Received HTTP response headers after 0.5ms - 503\n", stamp, i)
	}
	return b.String()
}

// TestClientAllocations holds that lines cost no allocation, whichever they are.
func TestClientAllocations(t *testing.T) {
	for _, name := range []string{"client", "rails"} {
		parse := ingest.LineParser(name, ingest.Config{Bindings: vendors()})
		lines := bytes.Split([]byte(strings.TrimSpace(clientLog(20))), []byte{'\n'})
		var d record.Draft
		for range 20 { // until what is remembered has its memory
			for _, line := range lines {
				d.Reset()
				parse(line, &d)
			}
		}
		got := testing.AllocsPerRun(20, func() {
			for _, line := range lines {
				d.Reset()
				parse(line, &d)
			}
		})
		if got > 0 {
			t.Errorf("%s: %.1f allocations in %d lines", name, got, len(lines))
		}
	}
}

// BenchmarkParseClient reads a log in which nearly every line is a client's, and
// one in which none is.
func BenchmarkParseClient(b *testing.B) {
	prose := strings.Repeat("2026-03-04 09:15:02,118 INFO [worker-3] app.orders: order 17 is ready for https://shop.example/orders/17, 3 of 5 are left\n", 10_000)
	for name, log := range map[string]string{"cores": clientLog(2000), "prose": prose} {
		b.Run(name, func(b *testing.B) {
			parse := ingest.LineParser("client", ingest.Config{Bindings: vendors()})
			benchmarkParser(b, func(line []byte, d *record.Draft) record.Reason {
				parse(line, d) // most lines are of something else
				return ""
			}, log)
		})
	}
}

func FuzzClient(f *testing.F) {
	f.Add([]byte(clientLog(2)))
	for _, seed := range []string{
		"Starting new HTTPS connection (1): h:443\nRetrying (Retry(total=1)) after connection broken by 'X(host='H', y)': /a\xc3\x28",
		"HTTPSConnectionPool(host='a', port=1): Max retries exceeded with url: http://B/x (Caused by ResponseError('too many 429 error'))",
		"Error code: 429 - {'a': (\"\\x41\\u12\\'\", None, True), b: [1.5",
		"receive_response_headers.complete return_value=(b'HTTP/1.1', 200, b'OK', [(b'a', b'b\\'c')])\nHTTP Request: GET http://h \"HTTP/2 200 OK\"",
		"--> GET http://h\n<-- 200 http://h (1ms)\na: b\nc:\n\xff{\"x\"\n<-- END HTTP (9-byte body)",
		"[C#m] ---> GET http://h HTTP/1.1\n[C#m] <--- HTTP/1.1 500 x (3,5ms)\n[C#m] <--- ERROR x (1ms)",
		"x HTTP GET http://h\nResponse 200 OK\n429 a on GET request for \"http://h\": \"b... (9 bytes)\"\nError: 500 x from GET http://h, but",
		"Start processing HTTP request GET http://h?*\nEnd processing HTTP request after 1ms - OK\nHTTP request failed after 1ms",
		"[Axios][Error][Mar  4 09:15:02] 503:x POST http://h\nrequest: GET http://h\nresponse: Status 200\n# => 200 OK | a 1 bytes, 2s",
		"\"Get \\\"http://h\\\": EOF\" Get http://h: x\nerror: `GET http://h` resulted in a `400 x`\ncURL error 7: x (see y) for http://h",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "client", content) })
}

func FuzzRails(f *testing.F) {
	f.Add([]byte("[a1] Started GET \"/x\" for ::1 at 2026-03-04 09:15:02 +0000\n[a1] Completed 200 OK in 1ms (x)\nXError (y):\nCompleted  in 2ms"))
	f.Add([]byte("I, [2026-03-04T09:15:02 #1] Started PUT \"http://H/\" for 1.2.3.4:5 at Mar  4 09:15:02\nrequest: GET http://h\nresponse: Status 200"))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "rails", content) })
}
