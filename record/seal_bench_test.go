package record

import (
	"bytes"
	"testing"
)

// benchSeal seals copies of one draft, whose bytes are not written to.
func benchSeal(b *testing.B, of Exchange) {
	s := testPolicy().NewSealer()
	size := len(of.Target) + len(of.Referer) + len(of.UserAgent) + len(of.Body)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var d Draft
	for b.Loop() {
		d.Exchange = of
		s.Seal(&d)
	}
}

var benchExchange = Exchange{
	Method: []byte("GET"), Host: []byte("api.carsxe.com"), Path: []byte("/v2/marketvalue/report"), Target: []byte("/v2/marketvalue/report"),
	Client: []byte("203.0.113.77"), UserAgent: []byte("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
	Referer: []byte("https://app.example.com/garage"), HTTPVersion: []byte("1.1"),
}

func withQuery(e Exchange, query string) Exchange {
	e.Target = []byte(string(e.Path) + "?" + query)
	e.Query = e.Target[len(e.Path)+1:]
	return e
}

func BenchmarkSealPlain(b *testing.B) { benchSeal(b, benchExchange) }

func BenchmarkSealQuery(b *testing.B) {
	benchSeal(b, withQuery(benchExchange, "vin=1HGBH41JXMN109186&key=fake_key_123"))
}

// BenchmarkSealUnsalted is what masking alone costs.
func BenchmarkSealUnsalted(b *testing.B) {
	for _, c := range []struct {
		name string
		e    Exchange
	}{{"plain", benchExchange}, {"query", withQuery(benchExchange, "vin=1HGBH41JXMN109186&key=fake_key_123")}} {
		b.Run(c.name, func(b *testing.B) {
			s := NewPolicy(DefaultRules(), nil).NewSealer()
			b.ReportAllocs()
			var d Draft
			for b.Loop() {
				d.Exchange = c.e
				s.Seal(&d)
			}
		})
	}
}

const errorBody = `{"success":false,"error":{"type":"RATE_LIMIT","code":"api_limit_exceeded","message":"API limit exceeded for market_value (6/2026). Upgrade at https://api.example.com/pricing","request_id":"req_7f2a91"},"usage":{"limit":5000,"used":5000,"remaining":0},"time":"2026-06-18T12:00:00Z","vin":"1HGBH41JXMN109186"}`

func BenchmarkSealBody(b *testing.B) {
	e := benchExchange
	e.Body = []byte(errorBody)
	benchSeal(b, e)
}

func BenchmarkSealBodyMiB(b *testing.B) {
	e := benchExchange
	e.Body = []byte("[" + string(bytes.Repeat([]byte(errorBody+","), (1<<20)/len(errorBody))) + `{"api_key":"fake"}]`)
	benchSeal(b, e)
}

func BenchmarkTextMiB(b *testing.B) {
	p := testPolicy()
	text := bytes.Repeat([]byte("203.0.113.9 - - [18/Jun/2026:12:00:00 +0000] \"GET /x?key=fake&a=b HTTP/1.1\" 200 17\n"), (1<<20)/85)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		dst = p.Text(dst[:0], text)
	}
}

func BenchmarkAppendRoute(b *testing.B) {
	paths := [][]byte{
		[]byte("/v2.0/vehicles/36ab27d0-fd9d-4455-823a-ce30af709ffc/odometer"),
		[]byte("/specs"), []byte("/v2/marketvalue/report"), []byte("/api/v1/customers/cus_Nffrf8x2k1/invoices/2026-06-18"),
		[]byte("/vehicles/1HGBH41JXMN109186/history"), []byte("/static/app.js"), []byte("/orders/1234567/items/17"),
	}
	size := 0
	for _, p := range paths {
		size += len(p)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		for _, p := range paths {
			dst = AppendRoute(dst[:0], p)
		}
	}
}
