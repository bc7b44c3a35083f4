package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

func TestHTTPText(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), want...)
		})
	}
	const date = "Wed, 04 Mar 2026 08:15:02 GMT"

	// curl -i.
	f("one", "HTTP/2 429 \ndate: "+date+"\nretry-after: 30\nx-request-id: r1\n\n{\"error\":1}\n",
		`1@0 http time=2026-03-04T08:15:02Z version=2 status=429 request_id=r1 < date="`+date+`" < retry-after=30 < x-request-id=r1 body="{\"error\":1}" outbound`)
	f("redirect, interim and tunnel", "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oops\r\n\r\nx",
		`1@0 http version=1.1 status=301 bytes=0 < Location=/b < Content-Length=0 outbound`, `7@94 http version=1.1 status=500 body=x outbound`)
	f("bodies without line breaks", "HTTP/1.1 500 A\r\nContent-Length: 5\r\n\r\nHTTP/HTTP/1.1 502 B\r\nA: b\r\n\r\n{\"a\":\"HTTP/1.1 200 no\"}HTTP/1.1 503 C\r\nA: c\r\n\r\n",
		`1@0 http version=1.1 status=500 bytes=5 < Content-Length=5 body=HTTP/ outbound`,
		`4@42 http version=1.1 status=502 < A=b body="{\"a\":\"HTTP/1.1 200 no\"}" outbound`, `7@89 http version=1.1 status=503 < A=c outbound`)
	f("heads alone, and a length that promises more than comes", "HTTP/1.1 404 A\nContent-Length: 50\n\nHTTP/1.1 404 B\nContent-Length: 50\n\nhalf\nHTTP/1.1 503 C\n\n",
		`1@0 http version=1.1 status=404 bytes=50 < Content-Length=50 outbound`, `4@35 http version=1.1 status=404 bytes=50 < Content-Length=50 body=half outbound`,
		`8@75 http version=1.1 status=503 outbound`)
	f("parts that are messages", "HTTP/1.1 200 OK\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHTTP/1.1 404 no\n\n--b--\nHTTP/1.1 503 C\n\n",
		`1@0 http version=1.1 status=200 < Content-Type="multipart/mixed; boundary=b" body="--b\n\nHTTP/1.1 404 no\n\n--b--" outbound`, `9@87 http version=1.1 status=503 outbound`)
	f("an error of curl", "curl: (6) Could not resolve host: api.example.com\n", `1@0 http host=api.example.com status=0 failure="curl: (6) Could not resolve host: api.example.com" outbound`)
	f("behind the command", "$ curl -si -X POST 'https://v.example/a?b=c'\nHTTP/1.1 429 Too Many\n\nslow\n",
		`2@45 http method=POST scheme=https host=v.example path=/a query=b=c target=https://v.example/a?b=c version=1.1 status=429 body=slow outbound`)

	// Messages as they went over the wire.
	chunked := "POST /a?b=c HTTP/1.1\r\nHost: V.example:8443\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nslow\r\n5\r\n down\r\n0\r\n\r\n"
	f("both sides, in chunks", chunked+"GET / HTTP/1.1\r\nHost: w.example\r\n\r\n",
		`1@0 http method=POST host=v.example path=/a query=b=c version=1.1 status=503 > Host=V.example:8443 > Content-Length=2 < Transfer-Encoding=chunked request_body={} body="slow down" outbound`,
		fmt.Sprintf("14@%d", len(chunked))+` http method=GET host=w.example path=/ version=1.1 > Host=w.example outbound`)
	f("unpacked", "HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\n\r\n"+string(gzipped(t, "packed")), `1@0 http version=1.1 status=500 < Content-Encoding=gzip body=packed outbound`)
	f("already put together", "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n{\"a\":1}\n", `1@0 http version=1.1 status=503 < Transfer-Encoding=chunked body="{\"a\":1}" outbound`)
	f("no final response", "HTTP/1.1 100 Continue\r\n\r\n", `1@0 http version=1.1 status=100 outbound`)
}

func TestHTTPVerbose(t *testing.T) {
	const call = "*   Trying 203.0.113.7:443...\n> CONNECT v.example:443 HTTP/1.1\n> Host: v.example:443\n>\n< HTTP/1.1 200 Connection established\n<\n" +
		"> GET /a HTTP/2\n> Host: v.example\n> User-Agent: curl/8\n>\n* sent off\n< HTTP/2 429\n< retry-after: 30\n<\n{ [11 bytes data]\n{\"error\":1}* Connection #0 to host v.example left intact\n"
	const want = ` http method=GET host=v.example path=/a version=2 status=429 agent=curl/8 > Host=v.example > User-Agent=curl/8 < retry-after=30 body="{\"error\":1}" outbound`
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), want...)
		})
	}
	second := fmt.Sprintf("17@%d", len(call))
	f("two calls", call+call, "1@0"+want, second+want)
	f("a call that found nobody", call+"*   Trying 203.0.113.8:443...\n* connect to 203.0.113.8 port 443 failed: Connection refused\ncurl: (7) Failed to connect to w.example port 443 after 3 ms: Couldn't connect to server\n",
		"1@0"+want, second+` http host=w.example status=0 failure="curl: (7) Failed to connect to w.example port 443 after 3 ms: Couldn't connect to server" outbound`)
	f("no answer", "> GET /a HTTP/1.1\n> Host: v.example\n>\n* Operation timed out after 1000 milliseconds\ncurl: (28) Operation timed out after 1000 milliseconds\n",
		`1@0 http method=GET host=v.example path=/a version=1.1 status=0 failure="curl: (28) Operation timed out after 1000 milliseconds" > Host=v.example outbound`)
}

// TestHTTPLarge proves that a body beyond the limit is cut, and the next
// message is found.
func TestHTTPLarge(t *testing.T) {
	input := "HTTP/1.1 500 A\n\n" + strings.Repeat(strings.Repeat("x", 99)+"\n", 50) + "HTTP/1.1 502 B\n\n"
	src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(input), ingest.Sizes{Line: 100, Entry: 1000, Block: 64, Spool: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	rows, ends := ingesttest.Drain(t, src, 2, 0)
	if len(rows) != 2 || !strings.Contains(rows[0], "status=500") || rows[1] != "53@5016 http version=1.1 status=502 outbound" {
		t.Fatalf("rows: %q", rows)
	}
	if ends[0].Records != 2 || ends[0].Offset != int64(len(input)) {
		t.Fatalf("ends: %+v", ends)
	}
}

func TestReadResponse(t *testing.T) {
	var d record.Draft
	d.Reset()
	if ingest.ReadResponse([]byte("hello"), &d) || ingest.ReadResponse(nil, &d) || ingest.ReadResponse([]byte("GET / HTTP/1.1\n\n"), &d) {
		t.Fatal("a response was found where there is none")
	}
	text := "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/1.1 429 Too Many\r\nRetry-After: 5\r\n\r\nslow"
	if !ingest.ReadResponse([]byte(text), &d) || d.Status != 429 || string(d.Body) != "slow" || len(d.Headers) != 1 {
		t.Fatalf("%s", ingesttest.Row(&d))
	}
}

func FuzzHTTP(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\nHost: A\n\n{}HTTP/1.1 100 C\n\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nab\n0\n\ncurl: (18) x\n"))
	f.Add([]byte("* x failed: y\n> GET / HTTP/2\n> :a: b\n>\n< HTTP/2 200\n<\nx* Closing connection\n$ curl https://A/\nHTTP/1.1 204 \nContent-Length: 9\nContent-Encoding: deflate\n\n\xff\x00"))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "http", content) })
}
