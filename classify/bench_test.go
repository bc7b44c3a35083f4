package classify

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/errscope/errscope/record"
)

const limitBody = `{"success":false,"message":"API limit exceeded for market_value (6/2026). Subscription tier: starter. Current usage: 5000, Limit: 5000.","usage":{"current":5000,"limit":5000,"remaining":0},"meta":{"documentation":"rate limits and quotas","region":"us-east-1","api":"market_value","version":"2.14.0","node":"a7"}}`

func benchLabel(b *testing.B, set *Set, r *record.Record) {
	b.Helper()
	l := NewEngine(set, nil, false).NewLabeler()
	var out record.Label
	l.Label(r, &out)
	b.SetBytes(int64(len(r.Body) + len(r.Target)))
	b.ReportAllocs()
	for b.Loop() {
		l.Label(r, &out)
	}
}

func BenchmarkLabelSuccess(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.carsxe.com/specs?key=k&vin=1", 200, nil, ""))
}

func BenchmarkLabelSuccessUnknownHost(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.acme.example/specs?vin=1", 200, nil, ""))
}

func BenchmarkLabelStatusOnly(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.carsxe.com/specs?key=k&vin=1", 503, nil, ""))
}

func BenchmarkLabelStatusOnlyAmbiguous(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.carsxe.com/specs?key=k&vin=1", 404, nil, ""))
}

func BenchmarkLabelStatusOnlyUnknownHost(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.acme.example/specs?vin=1", 503, nil, ""))
}

func BenchmarkLabelBody300(b *testing.B) {
	benchLabel(b, load(b), call(b, "GET", "https://api.carsxe.com/v2/marketvalue?key=k", 429,
		headers("content-type", "application/json", "date", "Thu, 18 Jun 2026 09:30:00 GMT"), limitBody))
}

func BenchmarkLabelGenericBody(b *testing.B) {
	benchLabel(b, load(b), call(b, "POST", "https://api.acme.example/v1/users", 429,
		headers("content-type", "application/json", "retry-after", "30", "x-request-id", "req-1"),
		`{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests","type":"limit"}}`))
}

// BenchmarkLabelManyPacks shows that a label costs the same with 50 more packs.
func BenchmarkLabelManyPacks(b *testing.B) {
	dir := b.TempDir()
	for i := range 50 {
		text := fmt.Sprintf("pack: made-up-%d\nversion: \"1\"\ntitle: Made up\nhosts: [{host: api.made-up-%d.example}]\nheaders: [x-made-up-%d-]\n"+
			"docs_urls: [docs.made-up-%d.example/errors]\nenvelopes: [{name: a, requires: [fault%d.code], code: [fault%d.code], message: [fault%d.text]}]\n"+
			"rules: [{id: a, match: {code: CODE_%d}, label: {category: server, retry: backoff, fault: vendor}}]\n", i, i, i, i, i, i, i, i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("p%d.yaml", i)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	set := load(b, dir)
	b.Run("body", func(b *testing.B) {
		benchLabel(b, set, call(b, "GET", "https://api.carsxe.com/v2/marketvalue?key=k", 429, nil, limitBody))
	})
	b.Run("unknown host", func(b *testing.B) {
		benchLabel(b, set, call(b, "POST", "https://api.acme.example/v1/users", 400, headers("x-request-id", "req-1"),
			`{"error":{"code":"INVALID_REQUEST","message":"user_id is missing"}}`))
	})
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
