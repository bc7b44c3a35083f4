package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// benchmarkContent reads content over and over with one reader.
func benchmarkContent(b *testing.B, content string) {
	b.Helper()
	cfg := ingest.Config{Bindings: vendors()}
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	var d record.Draft
	for b.Loop() {
		src, err := ingest.Open(context.Background(), cfg, ingest.Input{Path: "-"}, strings.NewReader(content))
		if err != nil {
			b.Fatal(err)
		}
		seg, err := src.NextSegment(context.Background(), 0)
		if err != nil {
			b.Fatal(err)
		}
		r := seg.NewReader()
		for err == nil {
			err = r.Next(&d)
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
		if end := seg.End(); end.Rejected > 0 || end.Records == 0 {
			b.Fatalf("%+v", end)
		}
		src.Close()
	}
}

// BenchmarkParseCombined is the parser alone, without reading and hashing.
func BenchmarkParseCombined(b *testing.B) {
	logs := map[string]string{"plain": combinedLog(10_000, false), "extras": combinedLog(10_000, true), "egress": egressLog(10_000)}
	for name, log := range logs {
		b.Run(name, func(b *testing.B) {
			benchmarkParser(b, ingest.LineParser("combined", ingest.Config{Bindings: vendors()}), log)
		})
	}
}

// egressLog invents n lines as an egress proxy writes them.
func egressLog(n int) string {
	var b strings.Builder
	hosts := []string{"api.carsxe.com", "api.acme.example", "vehicle.api.smartcar.com"}
	for i := range n {
		status := []int{200, 200, 400, 200, 503}[i%5]
		fmt.Fprintf(&b, `10.20.0.%d - - [13/Nov/2026:00:%02d:%02d +0000] "GET /api/v1/orders/%d HTTP/1.1" %d %d "-" "valuation-web/2.3" "%s" 0.%03d 203.0.113.%d:443 %d 0.%03d %032x`+"\n",
			i%9, i/60%60, i%60, i, status, i%4000, hosts[i%3], i%1000, i%200, status, i%1000, uint64(i)*0x9e3779b97f4a7c15)
	}
	return b.String()
}

func BenchmarkEgress(b *testing.B)         { benchmarkContent(b, egressLog(100_000)) }
func BenchmarkCombined(b *testing.B)       { benchmarkContent(b, combinedLog(100_000, false)) }
func BenchmarkCombinedExtras(b *testing.B) { benchmarkContent(b, combinedLog(100_000, true)) }

// BenchmarkNestedJSON reads lines as the loggers of the Elastic Common Schema
// write them.
func BenchmarkNestedJSON(b *testing.B) {
	var s strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&s, `{"@timestamp":"2026-11-13T10:%02d:%02d.927Z","log.level":"error","message":"vendor call failed","service.name":"fleet","event":{"duration":%d},`+
			`"http":{"request":{"method":"GET","headers":{"Accept":"application/json","User-Agent":"fleet/4.1"}},"response":{"status_code":404,"headers":{"Content-Type":`+
			`"application/json","Date":"Fri, 13 Nov 2026 10:22:44 GMT"},"body":{"bytes":70,"content":"{\"success\":false,\"message\":\"nothing was found for vehicle %d\"}"}}},`+
			`"url":{"full":"https://api.example.com/v1/orders?vin=DEM%09d","domain":"api.example.com"},"trace":{"id":"%032x"}}`+"\n", i/60%60, i%60, i*1000, i, i, i)
	}
	benchmarkContent(b, s.String())
}

func BenchmarkJSON(b *testing.B) {
	var s strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&s, `{"@timestamp":"2026-03-04T09:15:%02d.118Z","log.level":"warn","message":"call failed","http.request.method":"GET",`+
			`"url.full":"https://api.example.com/v2/vehicles/%d?units=km","http.response.status_code":429,"event.duration":%d,`+
			`"http.response.headers":{"content-type":"application/json","x-request-id":"req-%08d","retry-after":"30"},`+
			`"http.response.body.content":"{\"statusCode\":429,\"type\":\"RATE_LIMIT\",\"description\":\"Your application has exceeded its rate limit, see the documentation\"}",`+
			`"trace.id":"%032x","service":{"name":"fleet","version":"1.2.3"}}`+"\n", i%60, i, i*1000, i, i)
	}
	benchmarkContent(b, s.String())
}

func BenchmarkHAR(b *testing.B) { benchmarkContent(b, harFile(5_000)) }

// harFile invents an archive of n entries.
func harFile(n int) string {
	var s strings.Builder
	s.WriteString(`{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"entries":[`)
	for i := range n {
		if i > 0 {
			s.WriteString(",\n")
		}
		fmt.Fprintf(&s, `{"startedDateTime":"2026-03-04T09:15:%02d.118Z","time":%d.5,"request":{"method":"GET","url":"https://api.example.com/v2/vehicles/%d?units=km",`+
			`"httpVersion":"HTTP/2.0","headers":[{"name":"Accept","value":"application/json"},{"name":"Authorization","value":"Bearer x"}],"queryString":[],"bodySize":0},`+
			`"response":{"status":429,"statusText":"","httpVersion":"HTTP/2.0","headers":[{"name":"content-type","value":"application/json"},{"name":"x-request-id","value":"req-%d"}],`+
			`"content":{"size":60,"mimeType":"application/json","text":"{\"statusCode\":429,\"type\":\"RATE_LIMIT\",\"description\":\"slow down\"}"},"bodySize":60},"timings":{"wait":1}}`, i%60, i, i, i)
	}
	s.WriteString("]}}\n")
	return s.String()
}
