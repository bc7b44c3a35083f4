package record

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendRoute(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"", "/"}, {"/", "/"}, {"/specs", "/specs"}, {"specs", "/specs"}, {"/specs/", "/specs/"}, {"//a", "//a"},
		{"/v2.0/vehicles/36ab27d0-fd9d-4455-823a-ce30af709ffc/odometer", "/v2.0/vehicles/{id}/odometer"},
		{"/v2.0/vehicles/36AB27D0-FD9D-4455-823A-CE30AF709FFC", "/v2.0/vehicles/{id}"},
		{"/v/36ab27d0-fd9d-4455-823a-ce30af709ffc/", "/v/{id}/"}, {"/v/36ab27d0-fd9d-4455-823a-ce30af709ffc.pdf", "/v/{id}"},
		{"/v/deadbeef-fd9d-4455-823a-feedfacedeed", "/v/deadbeef-fd9d-4455-823a-feedfacedeed"},
		{"/v1/orders/1234567/items/17", "/v1/orders/{id}/items/{id}"},
		{"/vehicles/1HGBH41JXMN109186/history", "/vehicles/{id}/history"},
		{"/users/jo.doe@example.com/keys", "/users/{id}/keys"}, {"/users/jo%40example.com", "/users/{id}"},
		{"/v1/customers/cus_NffrFeUfNV2Hib", "/v1/customers/{id}"}, {"/req/req_7f2a91", "/req/{id}"},
		{"/e/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/e/{id}"}, {"/c/5d8c72a5edda8d6a5c4b2f1e9a0b3c4d5e6f7081", "/c/{id}"},
		{"/c/deadbeefcafefeeddead", "/c/{id}"}, {"/o/507f1f77bcf86cd799439011", "/o/{id}"},
		{"/t/dGhpcyBpcyBhIHRlc3Q1", "/t/{id}"}, {"/report/2026-06-18/all", "/report/{date}/all"}, {"/report/20260618", "/report/{date}"},
		{"/report/2026-06-18T12:00:00Z", "/report/{date}"}, {"/report/2026-06", "/report/{date}"},
		{"/api/v1beta1/oauth2/token", "/api/v1beta1/oauth2/token"}, {"/2.0/x", "/2.0/x"}, {"/v3", "/v3"},
		{"/static/app.js", "/static/app.js"}, {"/static/favicon-32x32.png", "/static/favicon-32x32.png"}, {"/index2.html", "/index2.html"},
		{"/wp-login.php", "/wp-login.php"}, {"/.well-known/openid-configuration", "/.well-known/openid-configuration"},
		{"/market_value_report", "/market_value_report"}, {"/getVehicleSpecifications", "/getVehicleSpecifications"},
		{"/images/1234567.jpg", "/images/{id}"}, {"/platedecoder", "/platedecoder"}, {"/v1/obdcodesdecoder", "/v1/obdcodesdecoder"},
		{"/sha256/md5/base64/utf8/ipv4", "/sha256/md5/base64/utf8/ipv4"},
		{"/a/\x00\x1b[31m/b", "/a/{bad}/b"}, {"/a/\xff\xfe/b", "/a/{bad}/b"}, {"/straße", "/straße"}, {"/[redacted]/raw", "/[redacted]/raw"},
		{"/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/a/b/c/d/e/f/g/h/i/j/k/l/*"},
		{"/a/b/c/d/e/f/g/h/i/j/k/l", "/a/b/c/d/e/f/g/h/i/j/k/l"},
		{"/a/" + strings.Repeat("word-", 100), "/a/*"},
	} {
		if got := string(AppendRoute([]byte("GET "), []byte(c.path))); got != "GET "+c.want {
			t.Errorf("%q\n  is %q\nwant %q", c.path, got[4:], c.want)
		}
	}
}

func FuzzAppendRoute(f *testing.F) {
	f.Add([]byte("/v2.0/vehicles/36ab27d0-fd9d-4455-823a-ce30af709ffc/odometer"))
	f.Add([]byte("/\x00/@./a:1/%40/...//--/__"))
	f.Add(bytes.Repeat([]byte("/{date}"), 50))
	f.Fuzz(func(t *testing.T, path []byte) {
		route := AppendRoute(nil, path)
		if len(route) > RouteBytesMax || bytes.Count(route, []byte("/")) > RouteSegmentsMax+1 || route[0] != '/' {
			t.Errorf("%q gives %q", path, route)
		}
		if !utf8.Valid(route) || bytes.ContainsFunc(route, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%q gives %q, which is no clean text", path, route)
		}
		if again := AppendRoute(nil, route); !bytes.Equal(again, route) {
			t.Errorf("%q gives %q, and that %q", path, route, again)
		}
	})
}
