package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

func TestSquid(t *testing.T) {
	f := lineCase(t, "squid")
	f("a call", `1772615702.118    212 203.0.113.7 TCP_MISS/429 187 GET http://api.example.com:80/v2/x?a=b - HIER_DIRECT/198.51.100.4 application/json`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=http host=api.example.com path=/v2/x query=a=b target=http://api.example.com:80/v2/x?a=b status=429 bytes=187 duration=212ms client=203.0.113.7 upstream_host=198.51.100.4 outbound`)
	f("a tunnel", `1772615702.118  90212 203.0.113.7 TCP_TUNNEL/200 6187 CONNECT api.example.com:443 - HIER_DIRECT/198.51.100.4 -`,
		`time=2026-03-04T09:15:02.118Z method=CONNECT host=api.example.com target=api.example.com:443 status=200 bytes=6187 duration=1m30.212s client=203.0.113.7 upstream_host=198.51.100.4 outbound`)
	f("our own rules refuse", `1772615702.118      0 203.0.113.7 TCP_DENIED/403 3187 CONNECT api.example.com:443 - HIER_NONE/- text/html`,
		`time=2026-03-04T09:15:02.118Z method=CONNECT host=api.example.com target=api.example.com:443 status=403 bytes=3187 duration=0s client=203.0.113.7 inbound`)
	f("the proxy wants a password", `1772615702.118      0 203.0.113.7 TCP_DENIED/407 3187 GET http://api.example.com/ - HIER_NONE/- text/html`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=http host=api.example.com path=/ target=http://api.example.com/ status=407 bytes=3187 duration=0s client=203.0.113.7 outbound`)
	f("no response", `1772615702.118     16 203.0.113.7 TCP_MISS_ABORTED/000 0 GET http://api.example.com/x - HIER_DIRECT/198.51.100.4 -`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=http host=api.example.com path=/x target=http://api.example.com/x status=0 bytes=0 duration=16ms client=203.0.113.7 upstream_host=198.51.100.4 failure=TCP_MISS_ABORTED outbound`)
	f("blanks in the URL, a column more", `1772615702.118     16 203.0.113.7 TCP_MISS/200 9 GET http://api.example.com/a b/c d bob HIER_DIRECT/api.example.com text/plain 902351708.872`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=http host=api.example.com path="/a b/c d" target="http://api.example.com/a b/c d" status=200 bytes=9 duration=16ms client=203.0.113.7 upstream_host=api.example.com outbound`)
	f("neighbours, and a check of health",
		"1772615702.118      0 203.0.113.7 UDP_MISS/000 68 ICP_QUERY http://a.example.com/ - HIER_NONE/- -\n"+
			"1772615702.118      0 203.0.113.7 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -\n")
	f("no HTTP at all", `1772615702.118      0 203.0.113.7 NONE_NONE/400 3903 - error:invalid-request - HIER_NONE/- text/html`,
		`time=2026-03-04T09:15:02.118Z status=400 bytes=3903 duration=0s client=203.0.113.7 inbound`)
	f("broken", "1772615702.118    212 203.0.113.7 TCP_MISS/429 187 GET\n1772615702.118 1 h TCP_MISS/4x9 187 GET http://a/ - HIER_NONE/- -\n1772615702.118 hello\n",
		`reject=truncated raw="1772615702.118    212 203.0.113.7 TCP_MISS/429 187 GET"`, `reject=status raw="1772615702.118 1 h TCP_MISS/4x9 187 GET http://a/ - HIER_NONE/- -"`,
		`reject=syntax raw="1772615702.118 hello"`)
	good := "1772615702.118    212 203.0.113.7 TCP_MISS/200 187 GET http://api.example.com/ - HIER_DIRECT/198.51.100.4 -\n"
	checkAccounts(t, good+good+"what is this\n\n"+good, "squid", 3, 1, 1)
}

func TestHAProxy(t *testing.T) {
	f := lineCase(t, "haproxy")
	const head = `203.0.113.7:3886 [04/Mar/2026:09:15:02.118] egress~ `
	const when = `time=2026-03-04T09:15:02.330Z logged=2026-03-04T09:15:02.118Z `
	f("a call", `Mar  4 09:15:02 edge haproxy[7]: `+head+`vendors/eu1 0/0/9/201/212 429 187 - - ---- 6/6/0/0/0 0/0 {API.example.com|fleet/2.1|198.51.100.9} {|x} "GET /v2/x?a=b HTTP/1.1"`,
		when+`method=GET host=api.example.com path=/v2/x query=a=b version=1.1 status=429 bytes=187 duration=212ms client=203.0.113.7 agent=fleet/2.1 upstream_host=vendors/eu1 outbound`)
	f("the vendor's name is the server's", head+`vendors/api.carsxe.com 0/0/9/201/212 200 187 - - ---- 6/6/0/0/0 0/0 "GET /specs HTTP/1.1"`,
		when+`method=GET host=api.carsxe.com path=/specs version=1.1 status=200 bytes=187 duration=212ms client=203.0.113.7 upstream_host=vendors/api.carsxe.com outbound`)
	f("no server to be had", head+`vendors/<NOSRV> -1/-1/-1/-1/212 503 212 - - SC-- 6/6/0/0/0 0/0 "GET /x HTTP/1.1"`,
		when+`method=GET path=/x version=1.1 status=503 bytes=212 duration=212ms client=203.0.113.7 outbound`)
	f("bad request", head+`egress/<NOSRV> -1/-1/-1/-1/212 400 187 - - CR-- 6/6/0/0/0 0/0 "<BADREQ>"`,
		when+`status=400 bytes=187 duration=212ms client=203.0.113.7 inbound`)
	f("no status", head+`vendors/eu1 0/0/9/-1/+212 -1 +0 - - CH-- 6/6/0/0/0 0/0 "GET /x HTTP/1.1"`,
		when+`method=GET path=/x version=1.1 status=0 duration=212ms client=203.0.113.7 upstream_host=vendors/eu1 failure="client disconnected (CH--)" outbound`)
	f("a request that was cut, and braces in a header", head+`vendors/eu1 0/0/9/1/212 200 1 - - ---- 6/6/0/0/0 0/0 {Mozilla/5.0 (a} b)} "GET /x/abc`,
		when+`method=GET path=/x/abc status=200 bytes=1 duration=212ms client=203.0.113.7 agent="Mozilla/5.0 (a} b)" upstream_host=vendors/eu1 outbound`)
	f("the HTTPS form", head+`vendors/eu1 0/0/9/1/212 200 1 - - ---- 6/6/0/0/0 0/0 "GET /x HTTP/2.0" 0/0/0/0/0 shop.example.com/TLSv1.3/TLS_AES_128_GCM_SHA256`,
		when+`method=GET host=shop.example.com path=/x version=2.0 status=200 bytes=1 duration=212ms client=203.0.113.7 upstream_host=vendors/eu1 outbound`)
	f("absolute form", head+`egress/<NOSRV> 0/-1/-1/-1/212 403 1 - - PR-- 6/6/0/0/0 0/0 "GET http://api.example.com/x HTTP/1.1"`,
		when+`method=GET scheme=http host=api.example.com path=/x target=http://api.example.com/x version=1.1 status=403 bytes=1 duration=212ms client=203.0.113.7 inbound`)
	f("a tunnel", `2001:db8::7:3886 [04/Mar/2026:09:15:02.118] tls vendors/eu1 1/1/212 1485 -- 2/1/0/0/0 0/0`,
		when+`bytes=1485 duration=212ms client=2001:db8::7 upstream_host=vendors/eu1 outbound`)
	f("a tunnel that never was", head+`vendors/eu1 1/-1/212 0 sC 2/1/0/0/3 0/0`,
		when+`status=0 bytes=0 duration=212ms client=203.0.113.7 upstream_host=vendors/eu1 failure="timeout connecting to the server (sC)" outbound`)
	f("no exchange", head[:len(head)-8]+"egress/1: SSL handshake failure\nMar  4 09:15:02 edge haproxy[7]: Server vendors/eu1 is DOWN\n")
	f("broken", head+"vendors/eu1 0/0/9\n"+head+"vendors/eu1 0/0/9/1/212 2x0 1 - - ---- 6/6/0/0/0 0/0 \"\"\n203.0.113.7:1 [04/Mxr/2026:09:15:02.118] a b/c 0/0/0/0/0 200 1 - - ---- 1 1 \"\"",
		`reject=truncated raw="`+head+`vendors/eu1 0/0/9"`, `reject=status raw="`+head+`vendors/eu1 0/0/9/1/212 2x0 1 - - ---- 6/6/0/0/0 0/0 \"\""`,
		`reject=time raw="203.0.113.7:1 [04/Mxr/2026:09:15:02.118] a b/c 0/0/0/0/0 200 1 - - ---- 1 1 \"\""`)
	good := head + "vendors/eu1 0/0/9/201/212 200 187 - - ---- 6/6/0/0/0 0/0 \"GET / HTTP/1.1\"\n"
	checkAccounts(t, good+good+"garbage\n"+head[:len(head)-8]+"egress/1: SSL handshake failure\n", "haproxy", 2, 1, 1)
}

func TestHAProxyZone(t *testing.T) {
	cfg := ingest.Config{Location: time.FixedZone("", 3600)}
	rows := ingesttest.Read(t, cfg, `203.0.113.7:3886 [04/Mar/2026:09:15:02.118] a b/c 0/0/0/0/0 200 1 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`+"\n")
	if len(rows) != 1 || !strings.Contains(rows[0], "logged=2026-03-04T08:15:02.118Z") {
		t.Errorf("%q", rows)
	}
}

func TestTraefik(t *testing.T) {
	f := lineCase(t, "traefik")
	const request = `203.0.113.7 - - [04/Mar/2026:09:15:02 +0000] "GET /v2/x HTTP/1.1" 429 187 "-" "fleet/2.1" `
	const when = `time=2026-03-04T09:15:03Z logged=2026-03-04T09:15:02Z method=GET `
	const rest = `path=/v2/x version=1.1 status=429 bytes=187 duration=1.212s client=203.0.113.7 agent=fleet/2.1 `
	f("a service by address", request+`17 "shop@docker -> leaf@docker" "http://198.51.100.4:80" 1212ms`, when+rest+`upstream_host=198.51.100.4:80 outbound`)
	f("a vendor's host", request+`17 "cars@file" "https://api.carsxe.com" 1212ms`, when+`host=api.carsxe.com `+rest+`upstream_host=api.carsxe.com outbound`)
	f("no service", request+`17 "-" "-" 1212ms`, when+rest+`inbound`)
	f("bare dashes", request+`17 - - 1212ms`, when+rest+`inbound`)
	f("not Traefik", request+`"x" 12ms`+"\n", `reject=syntax raw="`+strings.ReplaceAll(request, `"`, `\"`)+`\"x\" 12ms"`)
	checkAccounts(t, request+"17 \"a@file\" \"http://198.51.100.4:80\" 12ms\nx\n", "traefik", 1, 1, 0)
}

func TestUvicorn(t *testing.T) {
	f := lineCase(t, "uvicorn")
	f("plain", `INFO:     203.0.113.7:52782 - "POST /v2/x?a=b HTTP/1.1" 429 Too Many Requests`,
		`method=POST path=/v2/x query=a=b version=1.1 status=429 client=203.0.113.7 inbound`)
	f("a time in front", `2026-03-04 09:15:02,118 INFO uvicorn.access: 2001:db8::7:0 - "GET / HTTP/2" 200`,
		`time=2026-03-04T09:15:02.118Z method=GET path=/ version=2 status=200 client=2001:db8::7 inbound`)
	f("a zone behind it", `[2026-03-04 09:15:02 +0100] INFO 203.0.113.7:1 - "GET / HTTP/1.1" 200 OK`,
		`time=2026-03-04T08:15:02Z method=GET path=/ version=1.1 status=200 client=203.0.113.7 inbound`)
	f("a socket", `INFO:     - "GET / HTTP/1.1" 200 OK`, `method=GET path=/ version=1.1 status=200 inbound`)
	f("no exchange", "INFO:     Started server process [7]\nINFO:     203.0.113.7:5 - \"WebSocket /ws\" [accepted]\nTraceback (most recent call last):\n"+
		"[2026-03-04 09:15:02 +0000] [7] [INFO] Booting worker with pid: 9\n")
	f("broken", `INFO:     203.0.113.7:5 - "GET / HTTP/1.1" 2xx`, `reject=status raw="INFO:     203.0.113.7:5 - \"GET / HTTP/1.1\" 2xx"`)
	checkAccounts(t, "INFO:     Started server process [7]\nINFO:     203.0.113.7:5 - \"GET / HTTP/1.1\" 200 OK\n", "uvicorn", 1, 0, 1)
	access := `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET / HTTP/1.1" 200 12 "-" "curl/8.1"` + "\n"
	checkAccounts(t, "[2026-03-04 09:15:02 +0000] [7] [INFO] Listening at: unix:/run/app.sock\n"+access+access, "combined", 2, 0, 1)
}

func TestUWSGI(t *testing.T) {
	f := lineCase(t, "uwsgi")
	const head = `[pid: 71|app: 0|req: 5/9] 203.0.113.7 () {38 vars in 696 bytes} [Wed Mar  4 09:15:02 2026] `
	f("msecs", head+`GET /v2/x?a=b => generated 187 bytes in 1212 msecs (HTTP/1.1 429) 9 headers in 378 bytes (1 switches on core 3)`,
		`time=2026-03-04T09:15:03Z logged=2026-03-04T09:15:02Z method=GET path=/v2/x query=a=b version=1.1 status=429 bytes=187 duration=1.212s client=203.0.113.7 inbound`)
	f("micros, a file sent", head+`GET /x => generated 1 bytes in 68 micros via sendfile() (HTTP/2.0 200) 9 headers in 378 bytes (1 switches on core 3)`,
		`time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET path=/x version=2.0 status=200 bytes=1 duration=68µs client=203.0.113.7 inbound`)
	f("behind a report of memory", `{address space usage: 340 bytes/0MB} {rss usage: 120 bytes/0MB} `+head+`GET /x => generated 1 bytes in 68 micros (HTTP/1.1 500)`,
		`time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET path=/x version=1.1 status=500 bytes=1 duration=68µs client=203.0.113.7 inbound`)
	f("the mark in the URI", head+`GET /x => generated y => generated 1 bytes in 0 msecs (HTTP/1.1 200)`,
		`time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET path="/x => generated y" version=1.1 status=200 bytes=1 duration=0s client=203.0.113.7 inbound`)
	f("broken", head+"GET /x => gen\n"+head+"GET /x => generated 1 bytes in 1 msecs (HTTP/1.1 2x)\n"+strings.Replace(head, "Mar", "Mxr", 1)+"GET /x => generated 1 bytes in 1 msecs (HTTP/1.1 200)\n*** Starting uWSGI ***\n",
		`reject=truncated raw="`+head+`GET /x => gen"`, `reject=status raw="`+head+`GET /x => generated 1 bytes in 1 msecs (HTTP/1.1 2x)"`,
		`reject=time raw="`+strings.Replace(head, "Mar", "Mxr", 1)+`GET /x => generated 1 bytes in 1 msecs (HTTP/1.1 200)"`)
	good := head + "GET / => generated 1 bytes in 1 msecs (HTTP/1.1 200) 1 headers in 3 bytes (1 switches on core 3)\n"
	checkAccounts(t, "*** Starting uWSGI ***\n"+good+good, "uwsgi", 2, 0, 1)
}

func TestProxyManager(t *testing.T) {
	f := lineCase(t, "nginx_proxy_manager")
	const tail = `"/v2/x?a=b" [Client 203.0.113.7] [Length 187] [Gzip 1.2] [Sent-to 198.51.100.4] "say \x22hi\x22" "https://x.example/"`
	const got = `path=/v2/x query=a=b status=200 bytes=187 client=203.0.113.7 agent="say \"hi\"" referer=https://x.example/ `
	const when = `time=2026-03-04T09:15:02Z method=GET scheme=https host=api.example.com `
	f("proxied, retried", `[04/Mar/2026:09:15:02 +0000] MISS 502, 200 200 - GET https API.example.com `+tail,
		when+got+`upstream_status="502, 200" upstream_host=198.51.100.4 outbound`)
	f("no cache", `[04/Mar/2026:09:15:02 +0000] - 200 200 - GET https api.example.com `+tail, when+got+`upstream_status=200 upstream_host=198.51.100.4 outbound`)
	f("standard", `[04/Mar/2026:09:15:02 +0000] 404 - GET https api.example.com "/x" [Client 203.0.113.7] [Length 0] [Gzip -] "-" "-"`,
		when+`path=/x status=404 bytes=0 client=203.0.113.7 inbound`)
	f("broken", `[04/Mar/2026:09:15:02 +0000] 404 - GET https api.example.com "/x" [Client 203.0.113.7] [Length 0`+"\n"+
		`[04/Mxr/2026:09:15:02 +0000] 404 - GET https api.example.com "/x" [Client 203.0.113.7] [Length 0] "-" "-"`+"\n"+
		`[04/Mar/2026:09:15:02 +0000] 4x4 - GET https api.example.com "/x" [Client 203.0.113.7] [Length 0] "-" "-"`,
		`reject=truncated raw="[04/Mar/2026:09:15:02 +0000] 404 - GET https api.example.com \"/x\" [Client 203.0.113.7] [Length 0"`,
		`reject=time raw="[04/Mxr/2026:09:15:02 +0000] 404 - GET https api.example.com \"/x\" [Client 203.0.113.7] [Length 0] \"-\" \"-\""`,
		`reject=status raw="[04/Mar/2026:09:15:02 +0000] 4x4 - GET https api.example.com \"/x\" [Client 203.0.113.7] [Length 0] \"-\" \"-\""`)
	one := `[04/Mar/2026:09:15:02 +0000] - 200 200 - GET https api.example.com ` + tail + "\n"
	// The same folder holds combined lines and those of the error log.
	checkAccounts(t, one+one+one+head+"\n2026/03/04 09:15:02 [notice] 31#31: signal process started\n"+
		`2026/03/04 09:15:02 [error] 31#31: *9 user "x": password mismatch, client: 203.0.113.7, server: a.example.com, request: "GET / HTTP/1.1", host: "a.example.com"`+"\n",
		"nginx_proxy_manager", 5, 0, 1)
}

func TestJFrog(t *testing.T) {
	f := lineCase(t, "jfrog")
	f("in", `2026-03-04T09:15:02.118Z|4f2a91c07be3d658|203.0.113.7, 198.51.100.9|ci|GET|/api/v2/x?a=b|429|-1|187|3.5|a|b (x)`,
		`time=2026-03-04T09:15:02.118Z method=GET path=/api/v2/x query=a=b status=429 bytes=187 duration=3.5ms client=203.0.113.7 agent="a|b (x)" trace=4f2a91c07be3d658 inbound`)
	f("out", `2026-03-04T09:15:02.118Z|4f2a91c07be3d658|npm-remote|ci|GET|https://registry.example.com/x|503|9|0|212`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=registry.example.com path=/x target=https://registry.example.com/x status=503 duration=212ms trace=4f2a91c07be3d658 outbound`)
	f("old", `20260304091502|212|REQUEST|203.0.113.7|admin|GET|/repo/x|HTTP/1.1|200|187`,
		`time=2026-03-04T09:15:02Z method=GET path=/repo/x version=1.1 status=200 bytes=187 duration=212ms client=203.0.113.7 inbound`)
	f("broken", "2026-03-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|200\n2026-03-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|2x0|1|1|1|a\n2026-13-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|200|1|1|1|a\n20260304091502|2|UPLOAD|x\n",
		`reject=truncated raw=2026-03-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|200`, `reject=status raw=2026-03-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|2x0|1|1|1|a`,
		`reject=time raw=2026-13-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|200|1|1|1|a`, `reject=syntax raw=20260304091502|2|UPLOAD|x`)
	checkAccounts(t, "2026-03-04T09:15:02.118Z|4f2a|203.0.113.7|ci|GET|/x|200|1|1|1|a\n\n", "jfrog", 1, 0, 1)
}

// serverLogs are lines of every format, as often as a benchmark likes.
func serverLogs(n int) map[string]string {
	logs := map[string]string{}
	for _, info := range ingest.Formats() {
		switch info.Name {
		case "squid", "haproxy", "traefik", "uvicorn", "uwsgi", "nginx_proxy_manager", "jfrog", "nginx_error", "apache_error":
			var b strings.Builder
			for i := range n {
				b.WriteString(strings.ReplaceAll(info.Sample, "vehicles/9", fmt.Sprintf("vehicles/%d", i)))
				b.WriteByte('\n')
			}
			logs[info.Name] = b.String()
		}
	}
	return logs
}

func TestServerFormatsAllocate(t *testing.T) {
	for name, log := range serverLogs(8) {
		line := []byte(log[:strings.IndexByte(log, '\n')])
		parse := ingest.LineParser(name, ingest.Config{Bindings: vendors()})
		var d record.Draft
		if n := testing.AllocsPerRun(100, func() {
			d.Reset()
			if reason := parse(line, &d); reason != "" {
				t.Fatal(name, reason)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a line", name, n)
		}
	}
}

func BenchmarkServerFormats(b *testing.B) {
	for name, log := range serverLogs(5_000) {
		b.Run(name, func(b *testing.B) {
			benchmarkParser(b, ingest.LineParser(name, ingest.Config{Bindings: vendors()}), log)
		})
	}
}
