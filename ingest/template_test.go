package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// given reads input with one log format and wants these fields, read by it.
func given(t *testing.T, name, format, input string, want ...string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Helper()
		cfg := ingest.Config{Bindings: vendors(), LogFormats: []string{format}}
		checkRows(t, fieldsOf(ingesttest.Read(t, cfg, input), "log_format"), want...)
	})
}

func TestNginxLogFormat(t *testing.T) {
	given(t, "retried", `$remote_addr [$time_iso8601] "$request" $status $body_bytes_sent $request_time $upstream_addr $upstream_status $upstream_response_time "$proxy_host" $request_id`,
		`203.0.113.7 [2026-03-04T10:15:02+01:00] "GET /v2/x?a=\x22b\x22 HTTP/1.1" 200 187 0.212 198.51.100.4:443, 198.51.100.5:443 502, 200 0.100, 0.112 "api.carsxe.com" 4f2a91c07be3d6584f2a91c07be3d658`,
		`time=2026-03-04T09:15:02Z method=GET host=api.carsxe.com path=/v2/x query="a=\"b\"" version=1.1 status=200 bytes=187 duration=212ms client=203.0.113.7 request_id=4f2a91c07be3d6584f2a91c07be3d658 upstream_status="502, 200" upstream_host="198.51.100.4:443, 198.51.100.5:443" outbound`)
	given(t, "parts and a directive", "log_format main escape=default '$msec|$scheme://$host$request_uri|'\n  '$request_method|$status|' # why\n \"$http_user_agent|$upstream_http_retry_after\";",
		`1772615702.118|https|x`+"\n"+`1772615702.118|https://shop.example:8443/v2/x?a=b|GET|429|fleet/2.1|30`,
		`reject=syntax raw=1772615702.118|https|x`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=shop.example path=/v2/x query=a=b status=429 agent=fleet/2.1 < retry-after=30 inbound`)
	given(t, "path and arguments apart", `$time_local $status ${uri}$is_args$args $server_name "$http_x_request_id" $foo`,
		`04/Mar/2026:09:15:02 +0000 200 /v2/x?a=b shop.example "abc" what is this`,
		`time=2026-03-04T09:15:02Z host=shop.example path=/v2/x query=a=b status=200 client_request_id=abc > x-request-id=abc inbound`)
	given(t, "bare request", `$remote_addr $request $status`, `203.0.113.7 GET /a b HTTP/1.1 200`+"\n"+`203.0.113.7 - 400`,
		`method=GET path="/a b" version=1.1 status=200 client=203.0.113.7 inbound`, `status=400 client=203.0.113.7 inbound`)
	given(t, "JSON of one's own", `{"t":"$time_iso8601","r":"$request","s":$status,"d":$request_time,"body":"$request_body"}`,
		`{"t":"2026-03-04T09:15:02Z","r":"POST /x HTTP/1.1","s":200,"d":0.001,"body":"{\"a\":1}"}`,
		`time=2026-03-04T09:15:02Z method=POST path=/x version=1.1 status=200 duration=1ms request_body="{\"a\":1}" inbound`)
	given(t, "nothing stated", `$remote_addr "$request" $status $request_time "$http_referer"`, `- "-" 000 - ""`, `status=0 inbound`)
	given(t, "broken values", `at [$time_iso8601] "$request" $status`, "at [yesterday] \"GET / HTTP/1.1\" 200\nat [2026-03-04T09:15:02Z] \"GET / HTTP/1.1\" ok\nat [2026-03-04T09:15:02Z] \"GET / HTTP/1.1\" 200\n",
		`reject=syntax raw="at [yesterday] \"GET / HTTP/1.1\" 200"`, `reject=syntax raw="at [2026-03-04T09:15:02Z] \"GET / HTTP/1.1\" ok"`,
		`time=2026-03-04T09:15:02Z method=GET path=/ version=1.1 status=200 inbound`)
}

func TestApacheLogFormat(t *testing.T) {
	given(t, "the time is that of the start", `%h %l %u %t "%r" %>s %b %D "%{User-Agent}i" "%{X-Request-Id}o"`,
		`203.0.113.7 - a b [04/Mar/2026:09:15:02 +0000] "GET /x\"y HTTP/1.1" 429 - 1212000 "fleet/2.1" "abc"`,
		`time=2026-03-04T09:15:03Z logged=2026-03-04T09:15:02Z method=GET path="/x\"y" version=1.1 status=429 duration=1.212s client=203.0.113.7 agent=fleet/2.1 request_id=abc < X-Request-Id=abc inbound`)
	given(t, "configured, time in pieces", `LogFormat "[%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t] %{c}a %a %m %U%q %H %s %O %{ms}T %{UNIQUE_ID}e %V %{BALANCER_WORKER_NAME}e" proxy`,
		`[04/Mar/2026:10:15:02.118 +0100] 198.51.100.1 203.0.113.7 GET /x ?a=b HTTP/1.1 200 187 212 Yx9 shop.example https://api.example.com`+"\n"+
			`[04/Mar/2026:10:15:02.118 +0100] 198.51.100.1 203.0.113.7 GET /x?a=b HTTP/1.1 200 187 212 Yx9 shop.example https://api.example.com`,
		`reject=syntax raw="[04/Mar/2026:10:15:02.118 +0100] 198.51.100.1 203.0.113.7 GET /x ?a=b HTTP/1.1 200 187 212 Yx9 shop.example https://api.example.com"`,
		`time=2026-03-04T09:15:02.330Z logged=2026-03-04T09:15:02.118Z method=GET host=api.example.com path=/x query=a=b version=1.1 status=200 bytes=187 duration=212ms client=203.0.113.7 request_id=Yx9 upstream_host=api.example.com outbound`)
	given(t, "epoch of the end", `%{end:usec}t %s %U`, `1772615702118203 200 /x`, `time=2026-03-04T09:15:02.118203Z path=/x status=200 inbound`)
	given(t, "a layout of twelve hours", `%{%Y-%m-%d %I:%M:%S %p %Z}t %s %U`, `2026-03-04 09:15:02 PM UTC 200 /x`, `time=2026-03-04T21:15:02Z path=/x status=200 inbound`)
	given(t, "conditions and a percent sign", `%400,501{User-agent}i %!200s%% "%<r" %!200,304{Referer}i`, `fleet 500% "GET / HTTP/1.0" -`,
		`method=GET path=/ version=1.0 status=500 agent=fleet inbound`)
}

func TestLogFormatRefused(t *testing.T) {
	for _, text := range []string{"", "hello", "$remote_addr $time_local", "%h %t", "%ci:%cp %ST", "%{%Q}t %s", "%{x", "${x", "log_format main", "log_format x 'y", "$status%",
		strings.Repeat("$status ", 300), "$status" + strings.Repeat("x", 20_000)} {
		err := ingest.CheckLogFormat(text)
		if text == "$status%" && err == nil {
			continue
		}
		if !errors.Is(err, ingest.ErrLogFormat) {
			t.Errorf("%.40q: %v", text, err)
		}
		_, err = ingest.Open(context.Background(), ingest.Config{LogFormats: []string{text}}, ingest.Input{Path: "-"}, strings.NewReader("x"))
		if !errors.Is(err, ingest.ErrLogFormat) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// TestLogFormatAmongOthers reads a file whose lines are of several formats.
func TestLogFormatAmongOthers(t *testing.T) {
	cfg := ingest.Config{LogFormats: []string{"$status $request_method;", "$status $request"}}
	log := "200 GET;\n200 GET / HTTP/1.1\n" + head + "\n{\"status\":200,\"url\":\"https://a.example/\"}\nhello\n"
	rows := ingesttest.Read(t, cfg, log)
	for i, start := range []string{"1@0 log_format method=GET", "2@9 log_format method=GET path=/", "3@28 combined ", "4@", "5@"} {
		if len(rows) != 5 || !strings.HasPrefix(rows[i], start) {
			t.Errorf("row %d of %q", i, rows)
		}
	}
	// Other files are read as ever.
	for name, sample := range map[string]string{"combined": combinedLog(5, true), "json": `{"status":200,"url":"https://a.example/"}`, "har": harFile(1)} {
		src, err := ingest.Open(t.Context(), cfg, ingest.Input{Path: "-"}, strings.NewReader(sample))
		if err != nil {
			t.Fatal(err)
		}
		if got := src.Detection().Format; got != name {
			t.Errorf("%s is taken for %s", name, got)
		}
		src.Close()
	}
}

const benchTemplate = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ` +
	`"$host" $request_time $upstream_addr $upstream_status $upstream_response_time $upstream_http_x_request_id`

func TestLogFormatAllocates(t *testing.T) {
	line := []byte(strings.SplitN(egressLog(1), "\n", 2)[0])
	parse := ingest.TemplateParser(benchTemplate)
	var d record.Draft
	if n := testing.AllocsPerRun(100, func() {
		d.Reset()
		if reason := parse(line, &d); reason != "" {
			t.Fatal(reason)
		}
	}); n != 0 {
		t.Errorf("%v allocations a line", n)
	}
}

func BenchmarkLogFormat(b *testing.B) {
	benchmarkParser(b, ingest.TemplateParser(benchTemplate), egressLog(10_000))
}
