package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

const (
	head   = `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" 200 12 "-" "curl/8.1"`
	base   = `time=2026-02-10T20:23:32Z method=GET path=/a query=b=c version=1.1 status=200 bytes=12 `
	caller = `client=203.0.113.9 agent=curl/8.1 `
)

func TestCombined(t *testing.T) {
	f := lineCase(t, "combined")
	// Good.
	f("common", `203.0.113.9 - bob [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" 200 12`, base+`client=203.0.113.9 inbound`)
	f("combined", head, base+caller+`inbound`)
	f("referer", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" 200 12 "https://x.example/?q=1" "curl/8.1"`,
		base+caller+`referer=https://x.example/?q=1 inbound`)
	f("ipv6", `2001:db8::7 - - [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" 200 12`, base+`client=2001:db8::7 inbound`)
	f("user with blanks", `203.0.113.9 - bob the user [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" 200 12`, base+`client=203.0.113.9 inbound`)
	f("behind a logger's words", `2026-02-10 20:23:32,118 INFO aiohttp.access 10.9.8.7 [10/Feb/2026:20:23:32 +0000] "GET /a HTTP/1.1" 200 12`, `time=2026-02-10T20:23:32Z method=GET path=/a version=1.1 status=200 bytes=12 client=10.9.8.7 inbound`)
	f("behind a pod and its container", `api-7f5b9c-abcde nginx 10.9.8.7 - - [10/Feb/2026:20:23:32 +0000] "GET /a HTTP/1.1" 200 12`, `time=2026-02-10T20:23:32Z method=GET path=/a version=1.1 status=200 bytes=12 client=10.9.8.7 inbound`)
	f("vhost first", `Shop.Example:443 `+head, `time=2026-02-10T20:23:32Z method=GET host=shop.example path=/a query=b=c version=1.1 status=200 bytes=12 `+caller+`inbound`)
	f("no size, no status", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET / HTTP/1.1" - - "-" "-"`,
		`time=2026-02-10T20:23:32Z method=GET path=/ version=1.1 client=203.0.113.9 inbound`)
	f("status 000 is no response", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET / HTTP/1.1" 000 0`,
		`time=2026-02-10T20:23:32Z method=GET path=/ version=1.1 status=0 bytes=0 client=203.0.113.9 inbound`)
	f("fraction of a second", `203.0.113.9 - - [10/Feb/2026:21:23:32.125 +0100] "GET / HTTP/1.1" 499 0`,
		`time=2026-02-10T20:23:32.125Z method=GET path=/ version=1.1 status=499 bytes=0 client=203.0.113.9 inbound`)
	f("escaped quotes", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /\"a\x22 HTTP/1.1" 200 1 "-" "say \x22hi\x22 \\o/"`,
		`time=2026-02-10T20:23:32Z method=GET path="/\"a\"" version=1.1 status=200 bytes=1 client=203.0.113.9 agent="say \"hi\" \\o/" inbound`)
	f("bare quote in the request", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /"a" HTTP/1.1" 200 1`,
		`time=2026-02-10T20:23:32Z method=GET path="/\"a\"" version=1.1 status=200 bytes=1 client=203.0.113.9 inbound`)
	f("blanks in the target", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /a b?c d HTTP/1.1" 200 1`,
		`time=2026-02-10T20:23:32Z method=GET path="/a b" query="c d" version=1.1 status=200 bytes=1 client=203.0.113.9 inbound`)
	f("no request", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "-" 408 0 "-" "-"`,
		`time=2026-02-10T20:23:32Z status=408 bytes=0 client=203.0.113.9 inbound`)
	f("TLS bytes", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "\x16\x03\x01" 400 150 "-" "-"`,
		`time=2026-02-10T20:23:32Z target=\x16\x03\x01 status=400 bytes=150 client=203.0.113.9 inbound`)
	f("syslog in front", `<190>Feb 10 21:23:32 web1 nginx: `+head, base+caller+`inbound`)
	f("absolute form", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET http://API.CarsXE.com:80/specs?vin=1 HTTP/1.1" 401 1`,
		`time=2026-02-10T20:23:32Z method=GET scheme=http host=api.carsxe.com path=/specs query=vin=1 target=http://API.CarsXE.com:80/specs?vin=1 version=1.1 status=401 bytes=1 client=203.0.113.9 outbound`)
	f("absolute form of a host that no pack knows", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET https://api.acme.example/x HTTP/1.1" 200 1`,
		`time=2026-02-10T20:23:32Z method=GET scheme=https host=api.acme.example path=/x target=https://api.acme.example/x version=1.1 status=200 bytes=1 client=203.0.113.9 outbound`)
	f("a scheme column is no absolute form", head+` scheme=https`, `time=2026-02-10T20:23:32Z method=GET scheme=https path=/a query=b=c version=1.1 status=200 bytes=12 `+caller+`inbound`)
	f("catch-all server", `_ `+head, `time=2026-02-10T20:23:32Z method=GET host=_ path=/a query=b=c version=1.1 status=200 bytes=12 `+caller+`inbound`)
	f("catch-all server, time first", `[10/Feb/2026:21:23:32 +0100] _ 192.0.2.1 0.811 "GET / HTTP/1.1" 400 1 2 - -`,
		`time=2026-02-10T20:23:32Z method=GET host=_ path=/ version=1.1 status=400 bytes=1 duration=811ms client=192.0.2.1 inbound`)
	f("a host beats the catch-all server", `_ `+head+` "shop.example"`, `time=2026-02-10T20:23:32Z method=GET host=shop.example path=/a query=b=c version=1.1 status=200 bytes=12 `+caller+`inbound`)
	f("comment", "# rotated\n"+head, base+caller+`inbound`)
	f("connect", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "CONNECT api.example.com:443 HTTP/1.1" 200 1`,
		`time=2026-02-10T20:23:32Z method=CONNECT host=api.example.com target=api.example.com:443 version=1.1 status=200 bytes=1 client=203.0.113.9 outbound`)
	f("callback", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /connect/smartcar/callback?error=access_denied HTTP/1.1" 302 0`,
		`time=2026-02-10T20:23:32Z method=GET path=/connect/smartcar/callback query=error=access_denied version=1.1 status=302 bytes=0 client=203.0.113.9 callback`)
	f("time first", `[10/Feb/2026:21:23:32 +0100] mx.example.org 192.0.2.1 0.227 "REPORT /dav/ HTTP/2.0" 207 125 440 - Mozilla/5.0 (X11)`,
		`time=2026-02-10T20:23:32Z method=REPORT host=mx.example.org path=/dav/ version=2.0 status=207 bytes=125 duration=227ms client=192.0.2.1 agent="Mozilla/5.0 (X11)" inbound`)

	// Bad, and bad among good.
	// What people put between the time and the request, and names for all columns.
	f("host before the request", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] api.example.com "GET /a?b=c HTTP/1.1" 200 12`,
		`time=2026-02-10T20:23:32Z method=GET host=api.example.com path=/a query=b=c version=1.1 status=200 bytes=12 client=203.0.113.9 inbound`)
	f("quoted host before the request", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "api.example.com" "GET /a?b=c HTTP/1.1" 200 12 "-" "x/1"`,
		`time=2026-02-10T20:23:32Z method=GET host=api.example.com path=/a query=b=c version=1.1 status=200 bytes=12 client=203.0.113.9 agent=x/1 inbound`)
	f("status and bytes with their names", `203.0.113.9 - [10/Feb/2026:21:23:32 +0100] "GET /a?b=c HTTP/1.1" status=200 bytes=12 rt=0.5 us="502, 200"`,
		base+`duration=500ms client=203.0.113.9 upstream_status="502, 200" outbound`)
	f("seconds of gunicorn", head+` 0.123456`, base+`duration=123.456ms `+caller+`inbound`)
	f("words of another log before the request", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] fe be/s "GET /a HTTP/1.1" 200 12`+"\n",
		`reject=syntax raw="203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] fe be/s \"GET /a HTTP/1.1\" 200 12"`)
	f("cut off, others behind", "203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] \"GET /a HT\n"+head+"\n",
		`reject=truncated raw="203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] \"GET /a HT"`, base+caller+`inbound`)
	f("no log", "hello there\n", `reject=syntax raw="hello there"`)
	f("bad time", `203.0.113.9 - - [99/Feb/2026:21:23:32 +0100] "GET / HTTP/1.1" 200 1`,
		`reject=time raw="203.0.113.9 - - [99/Feb/2026:21:23:32 +0100] \"GET / HTTP/1.1\" 200 1"`)
	f("bad status", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET / HTTP/1.1" 42 1`,
		`reject=status raw="203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] \"GET / HTTP/1.1\" 42 1"`)
	f("cut off", `203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] "GET /`, `reject=truncated raw="203.0.113.9 - - [10/Feb/2026:21:23:32 +0100] \"GET /"`)
	f("bad among good", head+"\nnonsense\n\n"+head+"\n", base+caller+`inbound`, `reject=syntax raw=nonsense`, base+caller+`inbound`)
}

// TestCombinedExtras is about the columns behind the user agent.
func TestCombinedExtras(t *testing.T) {
	f := lineCase(t, "combined")
	const rid = "752178adb17130b291aefd8c386279e7"
	f("xff is no host", head+` "198.51.100.1, 10.0.0.1"`, base+caller+`inbound`)
	f("gzip ratio is no duration", head+` "2.75"`, base+caller+`inbound`)
	f("microseconds are not guessed", head+` 116075`, base+caller+`inbound`)
	f("quoted host of a vendor", head+` "api.carsxe.com" 0.123 0.100 "198.51.100.4:443" 429 "`+rid+`"`,
		`time=2026-02-10T20:23:32Z method=GET host=api.carsxe.com path=/a query=b=c version=1.1 status=200 bytes=12 duration=123ms `+caller+`request_id=`+rid+` upstream_status=429 upstream_host=198.51.100.4:443 outbound`)
	f("vendor's host beats the vhost", `shop.example `+head+` api.carsxe.com`,
		`time=2026-02-10T20:23:32Z method=GET host=api.carsxe.com path=/a query=b=c version=1.1 status=200 bytes=12 `+caller+`outbound`)
	f("key=value", head+` rt=0.212 uct="0.001" uht="0.1" urt="0.1, 0.2" us="502, 200" ua="10.0.0.1:443, 10.0.0.2:443"`,
		base+`duration=212ms `+caller+`upstream_status="502, 200" upstream_host="10.0.0.1:443, 10.0.0.2:443" outbound`)
	f("key=value long names", head+` host=Up.Example request_time=1.5 upstream_status=504 upstream_addr=[2001:db8::1]:443 request_id=req-12345678`,
		`time=2026-02-10T20:23:32Z method=GET host=up.example path=/a query=b=c version=1.1 status=200 bytes=12 duration=1.5s `+caller+`request_id=req-12345678 upstream_status=504 upstream_host=[2001:db8::1]:443 outbound`)
	f("bare lists", head+` 0.300 0.100, 0.200 10.0.0.1:80, 10.0.0.2:80 502, 200`,
		base+`duration=300ms `+caller+`upstream_status="502, 200" upstream_host="10.0.0.1:80, 10.0.0.2:80" outbound`)
	f("internal redirect", head+` 0.300 - : 0.200 - : 10.0.0.2:80 - : 200`,
		base+`duration=300ms `+caller+`upstream_status="- : 200" upstream_host="- : 10.0.0.2:80" outbound`)
	f("ingress", head+` 462 0.050 [default-api-80] [] 10.1.2.3:80 150 0.049 200 `+rid,
		base+`duration=50ms `+caller+`request_id=`+rid+` upstream_status=200 upstream_host=10.1.2.3:80 outbound`)
	f("ingress, none reached", head+` 462 0.050 [default-api-80] [] - - - - `+rid,
		base+`duration=50ms `+caller+`request_id=`+rid+` inbound`)
	f("blank columns", head+` " x" "  " , : "`, base+caller+`inbound`)
	f("two ids", head+` `+rid+` "2f0c6f3e-1c4e-4a7c-9a57-2b1f0c9f2b11"`,
		base+caller+`request_id=2f0c6f3e-1c4e-4a7c-9a57-2b1f0c9f2b11 client_request_id=`+rid+` inbound`)
	f("traceparent", head+` trace=00-`+rid+`-00f067aa0ba902b7-01`, base+caller+`trace=`+rid+` span=00f067aa0ba902b7 inbound`)
}

func TestCombinedZone(t *testing.T) {
	line := `203.0.113.9 - - [10/Feb/2026:21:23:32] "GET / HTTP/1.1" 200 1`
	zone := time.FixedZone("", 3600)
	rows := ingesttest.Read(t, ingest.Config{Location: zone}, line)
	checkRows(t, rows, `1@0 combined time=2026-02-10T20:23:32Z method=GET path=/ version=1.1 status=200 bytes=1 client=203.0.113.9 inbound`)
}

// combinedLog invents n lines that differ as those of a real log do.
func combinedLog(n int, extras bool) string {
	var b strings.Builder
	agents := []string{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36", "python-requests/2.32", "Go-http-client/2.0"}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at := start.Add(time.Duration(i) * 137 * time.Millisecond)
		fmt.Fprintf(&b, `10.%d.%d.%d - - [%s] "GET /v2/vehicles/%d/odometer?units=km&page=%d HTTP/1.1" %d %d "https://app.example/dash/%d" "%s"`,
			i%200, i%250, i%240, at.Format("02/Jan/2006:15:04:05 -0700"), i*7919%100000, i%9, []int{200, 200, 200, 429, 502}[i%5], i%5000, i%100, agents[i%3])
		if extras {
			fmt.Fprintf(&b, ` "api.example.com" 0.%03d 0.%03d "10.0.0.%d:443" %d "%032x"`, i%1000, i%900, i%250, 200, i)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
