package ingest_test

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// jsonBenchLines are one line each of what JSON logs hold.
var jsonBenchLines = map[string]string{
	"bodies": `{"@timestamp":"2026-03-04T09:15:02.118Z","log.level":"warn","message":"call failed","http.request.method":"GET",` +
		`"url.full":"https://api.example.com/v2/vehicles/9?units=km","http.response.status_code":429,"event.duration":212000000,` +
		`"http.response.headers":{"content-type":"application/json","x-request-id":"req-1","retry-after":"30"},` +
		`"http.response.body.content":"{\"statusCode\":429,\"type\":\"RATE_LIMIT\",\"description\":\"Your application has exceeded its rate limit, see the documentation\"}",` +
		`"trace.id":"752178adb17130b291aefd8c386279e7","service":{"name":"fleet","version":"1.2.3"}}`,
	"caddy":              "",
	"cloudflare_logpush": "",
	"envoy_json":         "",
	"gcp_http":           "",
	"nginx_json":         "",
	"traefik_json":       "",
}

// BenchmarkParseJSON is the parser alone, without reading and hashing.
func BenchmarkParseJSON(b *testing.B) {
	for name, line := range jsonBenchLines {
		if line == "" {
			line = sampleOf(name)
		}
		b.Run(name, func(b *testing.B) {
			parse := ingest.LineParser("json", ingest.Config{Bindings: vendors()})
			text := []byte(line)
			var d record.Draft
			b.SetBytes(int64(len(text) + 1))
			b.ReportAllocs()
			for b.Loop() {
				d.Reset()
				if reason := parse(text, &d); reason != "" {
					b.Fatal(reason)
				}
			}
		})
	}
}

// TestParseJSONAllocates holds the parser to no allocation per line.
func TestParseJSONAllocates(t *testing.T) {
	for name, line := range jsonBenchLines {
		if line == "" {
			line = sampleOf(name)
		}
		parse := ingest.LineParser("json", ingest.Config{Bindings: vendors()})
		text := []byte(line)
		var d record.Draft
		parse(text, &d)
		if n := testing.AllocsPerRun(100, func() {
			d.Reset()
			parse(text, &d)
		}); n != 0 {
			t.Errorf("%s: %v allocations a line", name, n)
		}
	}
}

// sampleOf is the invented line of a format.
func sampleOf(name string) string {
	for _, info := range ingest.Formats() {
		if info.Name == name {
			return strings.TrimSpace(info.Sample)
		}
	}
	return ""
}
