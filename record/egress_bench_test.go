package record

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"
)

// egressPolicy has the account rules that packs add to the defaults.
func egressPolicy() *Policy {
	rules := DefaultRules().Join(Rules{Params: []string{"key"}, Accounts: []AccountRule{
		{Host: "api.carsxe.com", From: []string{"query:key"}},
		{Host: "api.smartcar.com", From: []string{"claim:client_id"}},
		{Host: "*.api.smartcar.com", From: []string{"claim:client_id"}},
	}})
	return NewPolicy(rules, []byte("test salt"))
}

// egressLines are calls as a proxy in front of six vendors logs them, filled in
// as ingest does it: path and query are views into the target.
func egressLines(n int) []Exchange {
	r := rand.New(rand.NewPCG(3, 7))
	id := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return hex.EncodeToString(b)
	}
	uuid := func() string {
		h := id(16)
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	}
	const key = "key=demo-carsxe-key-HAy4gvMsqEYCRanDhBLAiaHG"
	calls := []struct {
		share        int
		method, host string
		target       func() string
	}{
		{30, "GET", "api.carsxe.com", func() string { return fmt.Sprintf("/specs?%s&vin=DEM0%013X", key, r.Uint64N(1<<52)) }},
		{14, "GET", "api.carsxe.com", func() string {
			return fmt.Sprintf("/v2/platedecoder?%s&plate=%dDEM%03d&state=CA", key, r.IntN(10), r.IntN(1000))
		}},
		{12, "GET", "api.carsxe.com", func() string { return fmt.Sprintf("/history?%s&vin=DEM0%013X", key, r.Uint64N(1<<52)) }},
		{7, "GET", "api.carsxe.com", func() string { return "/images?" + key + "&make=toyota&model=tacoma" }},
		{20, "GET", "caravanguide.example", func() string {
			return fmt.Sprintf("/api/v1/valuations/search?manufacturer=Swift&model_name=Challenger&model_year=20%d", 10+r.IntN(15))
		}},
		{14, "GET", "api.smartcar.com", func() string { return "/v2.0/vehicles/" + uuid() + "/odometer" }},
		{14, "GET", "vehicle.api.smartcar.com", func() string { return "/v3/vehicles/" + uuid() + "/signals" }},
		{10, "GET", "api.smartcar.com", func() string { return "/v2.0/vehicles/" + uuid() + "/location" }},
		{6, "POST", "api.smartcar.com", func() string { return "/v2.0/vehicles/" + uuid() + "/charge" }},
		{14, "POST", "api.aionvision.example", func() string { return "/api/v2/agentic-search" }},
		{7, "GET", "api.aionvision.example", func() string { return "/api/v2/files?limit=50" }},
		{6, "POST", "api.aionvision.example", func() string { return "/api/v2/files/upload" }},
		{18, "GET", "api.acme.example", func() string { return fmt.Sprintf("/api/v1/orders/%d", 10+r.IntN(16)) }},
		{16, "POST", "api.acme.example", func() string { return "/api/v1/users" }},
		{8, "POST", "caravanguide.example", func() string { return "/api/v1/valuations" }},
		{4, "POST", "caravanguide.example", func() string { return "/api/v1/oauth/token" }},
	}
	var of []int
	for i, c := range calls {
		for range c.share {
			of = append(of, i)
		}
	}
	lines := make([]Exchange, n)
	for i := range lines {
		c, e := &calls[of[r.IntN(len(of))]], &lines[i]
		e.Method, e.Host = []byte(c.method), []byte(c.host)
		e.SetURL([]byte(c.target()))
		e.Client, e.UserAgent, e.HTTPVersion = fmt.Appendf(nil, "10.20.0.%d", 2+r.IntN(9)), []byte("valuation-web/2.3"), []byte("1.1")
		e.UpstreamHost, e.UpstreamStatus = fmt.Appendf(nil, "203.0.113.%d:443", 10*(1+r.IntN(5))), []byte("200")
		e.RequestID = []byte(id(16))
		e.Format, e.Direction = "combined", Outbound
		e.TimeNS, e.Status, e.Bytes, e.DurationNS = 1_794_528_000_000_000_000+int64(i), 200, 707, 28_000_000
	}
	return lines
}

const egressLinesN = 512

// BenchmarkSealEgress is one line of an egress proxy; the copy that refills the
// draft is in it.
func BenchmarkSealEgress(b *testing.B) {
	lines := egressLines(egressLinesN)
	size := 0
	for i := range lines {
		size += len(lines[i].Target)
	}
	s := egressPolicy().NewSealer()
	b.SetBytes(int64(size / len(lines)))
	b.ReportAllocs()
	var d Draft
	for i := 0; b.Loop(); i++ {
		d.Exchange = lines[i%egressLinesN]
		s.Seal(&d)
	}
}

// BenchmarkAppendRouteEgress is one path of an egress proxy.
func BenchmarkAppendRouteEgress(b *testing.B) {
	lines := egressLines(egressLinesN)
	size := 0
	for i := range lines {
		size += len(lines[i].Path)
	}
	b.SetBytes(int64(size / len(lines)))
	b.ReportAllocs()
	var dst []byte
	for i := 0; b.Loop(); i++ {
		dst = AppendRoute(dst[:0], lines[i%egressLinesN].Path)
	}
}
