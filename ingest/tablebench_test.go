package ingest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// columnLogs invents n lines of each format whose lines are columns or pairs.
func columnLogs(n int) map[string]string {
	rows := map[string]struct {
		head string
		line func(i int) string
	}{
		"envoy": {line: func(i int) string {
			return fmt.Sprintf(`[2026-11-13T00:%02d:%02d.%03dZ] "GET /api/v1/orders/%d?fields=odometer,location&units=km HTTP/1.1" %d - 0 %d %d %d "10.20.0.%d" "Mozilla/5.0 (X11; Linux x86_64) valuation-web/2.3" "%08x-2d5c-49fe-bd89-104e9b61770b" "api.carsxe.com" "203.0.113.%d:443"`,
				i/60%60, i%60, i%1000, i, 200+i%5*75, i%4000, i%900, i%900, i%9, i, i%200)
		}},
		"istio": {line: func(i int) string {
			return fmt.Sprintf(`[2026-11-13T00:%02d:%02d.%03dZ] "GET /api/v1/orders/%d HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "delayed connect error: 111" 0 %d %d - "-" "valuation-web/2.3" "%08x-2d5c-49fe-bd89-104e9b61770b" "api.carsxe.com" "203.0.113.%d:443" outbound|443||api.carsxe.com - 203.0.113.%d:443 10.20.0.9:41122 - default`,
				i/60%60, i%60, i%1000, i, i%4000, i%900, i, i%200, i%200)
		}},
		"alb": {line: func(i int) string {
			return fmt.Sprintf(`https 2026-11-13T00:%02d:%02d.%06dZ app/fleet/0123456789abcdef 203.0.113.%d:40909 10.0.0.1:8080 0.001 0.%03d 0.000 %d %d 134 %d "GET https://api.example.com:443/v2/vehicles/%d?fields=odometer HTTP/2.0" "Mozilla/5.0 (X11; Linux x86_64) fleet/2.1" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/fleet/0123456789abcdef "Root=1-69a7f7d6-0123456789abcdef%08x" "api.example.com" "session-reused" 1 2026-11-13T00:00:00.905000Z "forward" "-" "-" "10.0.0.1:8080" "%d" "-" "-" TID_0123456789abcdef0123456789abcdef`,
				i/60%60, i%60, i, i%200, i%1000, 200+i%5*75, 200+i%5*75, i%4000, i, i, 200+i%5*75)
		}},
		"elb": {line: func(i int) string {
			return fmt.Sprintf(`2026-11-13T00:%02d:%02d.%06dZ fleet-prod 203.0.113.%d:40909 10.0.0.1:8080 0.000073 0.%06d 0.000057 200 200 0 %d "GET https://api.example.com:443/v2/vehicles/%d HTTP/1.1" "fleet/2.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2`,
				i/60%60, i%60, i, i%200, i, i%4000, i)
		}},
		"s3": {line: func(i int) string {
			return fmt.Sprintf(`0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef photos [13/Nov/2026:00:%02d:%02d +0000] 203.0.113.%d arn:aws:iam::123456789012:user/fleet %016X REST.GET.OBJECT cars/%d.jpg "GET /cars/%d.jpg HTTP/1.1" 503 SlowDown 187 - 12 - "-" "fleet/2.1" - c2FtcGxlIGhvc3QgaWQ= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader photos.s3.eu-west-1.amazonaws.com TLSv1.3 - -`,
				i/60%60, i%60, i%200, i, i, i)
		}},
		"w3c": {"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken\n", func(i int) string {
			return fmt.Sprintf(`2026-11-13 00:%02d:%02d 10.0.0.1 GET /v2/vehicles/%d units=km 443 - 203.0.113.%d Mozilla/5.0+(X11;+Linux+x86_64)+fleet/2.1 - %d 0 0 %d 134 %d`,
				i/60%60, i%60, i, i%200, 200+i%5*75, i%4000, i%900)
		}},
		"zeek": {"#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\turi\treferrer\tversion\tuser_agent\trequest_body_len\tresponse_body_len\tstatus_code\tstatus_msg\n", func(i int) string {
			return fmt.Sprintf("17942400%02d.%06d\tC%08x\t10.0.0.9\t52026\t203.0.113.%d\t80\t1\tGET\tapi.carsxe.com\t/v2/vehicles/%d\t-\t1.1\tfleet/2.1\t0\t%d\t%d\tOK", i%60, i, i, i%200, i, i%4000, 200+i%5*75)
		}},
		"ltsv": {line: func(i int) string {
			return fmt.Sprintf("time:2026-11-13T00:%02d:%02d+00:00\thost:203.0.113.%d\tmethod:GET\turi:/v2/vehicles/%d?units=km\tstatus:%d\tsize:%d\treqtime:0.%03d\tua:fleet/2.1\tvhost:api.example.com",
				i/60%60, i%60, i%200, i, 200+i%5*75, i%4000, i%1000)
		}},
		"heroku": {line: func(i int) string {
			return fmt.Sprintf(`2026-11-13T00:%02d:%02d.%06d+00:00 heroku[router]: at=info method=GET path="/v2/vehicles/%d" host=api.example.com request_id=%08x-6a37-4c28-9d1e-3c7a1f5e8b90 fwd="203.0.113.%d" dyno=web.1 connect=1ms service=%dms status=%d bytes=%d protocol=https`,
				i/60%60, i%60, i, i, i, i%200, i%900, 200+i%5*75, i%4000)
		}},
		"logfmt": {line: func(i int) string {
			return fmt.Sprintf(`time=2026-11-13T00:%02d:%02d.%03dZ level=warn msg="call failed" method=GET url=https://api.example.com/v2/vehicles/%d status=%d duration=%d.5ms request_id=req-%08x`,
				i/60%60, i%60, i%1000, i, 200+i%5*75, i%900, i)
		}},
	}
	logs := map[string]string{}
	for name, row := range rows {
		var b strings.Builder
		b.WriteString(row.head)
		for i := range n {
			b.WriteString(row.line(i) + "\n")
		}
		logs[name] = b.String()
	}
	return logs
}

// columnFormat is the format that reads the lines of that name.
func columnFormat(name string) string {
	if name == "istio" {
		return "envoy"
	}
	return name
}

// BenchmarkParseColumns is each parser alone, without reading and hashing.
func BenchmarkParseColumns(b *testing.B) {
	for name, log := range columnLogs(10_000) {
		b.Run(name, func(b *testing.B) {
			benchmarkParser(b, ingest.LineParser(columnFormat(name), ingest.Config{Bindings: vendors()}), log)
		})
	}
}

// TestColumnsAllocateNothing proves that no line costs memory once a parser has
// seen a few.
func TestColumnsAllocateNothing(t *testing.T) {
	for name, log := range columnLogs(50) {
		content := []byte(log)
		parse := ingest.LineParser(columnFormat(name), ingest.Config{Bindings: vendors()})
		var d record.Draft
		parseAll(t, parse, content, &d)
		for content[0] == '#' { // directives come once a file
			content = content[bytes.IndexByte(content, '\n')+1:]
		}
		if got := testing.AllocsPerRun(10, func() { parseAll(t, parse, content, &d) }); got != 0 {
			t.Errorf("%s: %v allocations for 50 lines", name, got)
		}
	}
}
