package ingest_test

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// TestClientErrorBodies holds the errors of libraries that quote the body.
func TestClientErrorBodies(t *testing.T) {
	f := clientCase(t)
	f(`Feign's exception`, `feign.FeignException$TooManyRequests: [429 Too Many Requests] during [GET] to [https://f.example.com/q?v=1] [Orders#list(String)]: [{"error":["slow"]}]`,
		`method=GET scheme=https host=f.example.com path=/q query=v=1 target=https://f.example.com/q?v=1 status=429 body="{\"error\":[\"slow\"]}" outbound`)
	f(`Feign's exception, cut`, `feign.FeignException$BadRequest: [400 Bad Request] during [PUT] to [https://f.example.com/q] [Orders#list(String)]: [{"error":"lo... (5120 bytes)]`,
		`method=PUT scheme=https host=f.example.com path=/q target=https://f.example.com/q status=400 body="{\"error\":\"lo" outbound`)
	f(`Feign without an answer`, `feign.RetryableException: Connection refused executing GET https://f.example.com/q`,
		`method=GET scheme=https host=f.example.com path=/q target=https://f.example.com/q status=0 failure="Connection refused" outbound`)
	f(`not Feign`, `we were busy executing GET https://f.example.com/q and [see] to [https://f.example.com/q] [here]`)
	f(`Feign, whole`, `2026-03-04 09:15:02.118 DEBUG [Orders#list] ---> GET https://f.example.com/orders HTTP/1.1
2026-03-04 09:15:02.118 DEBUG [Orders#list] ---> END HTTP (0-byte body)
2026-03-04 09:15:02.151 DEBUG [Orders#list] <--- HTTP/1.1 503 Service Unavailable (33ms)
2026-03-04 09:15:02.151 DEBUG [Orders#list] retry-after: 30
2026-03-04 09:15:02.151 DEBUG [Orders#list] 
2026-03-04 09:15:02.151 DEBUG [Orders#list] {"error":"down"}
2026-03-04 09:15:02.151 DEBUG [Orders#list] <--- END HTTP (16-byte body)`,
		`time=2026-03-04T09:15:02.151Z method=GET scheme=https host=f.example.com path=/orders target=https://f.example.com/orders version=1.1 status=503 bytes=16 duration=33ms < retry-after=30 body="{\"error\":\"down\"}" outbound`)
	f(`Spring without the call`, `2026-03-04 09:15:02.118 ERROR 1 --- [x] App : org.x.HttpClientErrorException$TooManyRequests: 429 Too Many Requests: "{"error":"slow"}"
2026-03-04 09:15:03.118 ERROR 1 --- [x] App : org.x.HttpServerErrorException: 503 Service Unavailable: [no body]`,
		`time=2026-03-04T09:15:02.118Z status=429 body="{\"error\":\"slow\"}" outbound`, `time=2026-03-04T09:15:03.118Z status=503 outbound`)
	f(`an ErrorException of PHP`, `ErrorException: 429 apples`)
}

// TestGuzzleInJSON is the message of several lines that Monolog writes as JSON.
func TestGuzzleInJSON(t *testing.T) {
	const line = `{"datetime":"2026-03-04T09:15:02Z","level_name":"ERROR","message":"Client error: @POST https://api.example.com/g@ resulted in a @429 Too Many Requests@ response:\n{\"error\":\"slow\"}\n"}`
	checkRows(t, ingesttest.Read(t, ingest.Config{}, backquoted(line)),
		`1@0 json time=2026-03-04T09:15:02Z method=POST scheme=https host=api.example.com path=/g target=https://api.example.com/g status=429 body="{\"error\":\"slow\"}" outbound`)
}

// backquoted puts the quotes in that a raw text cannot hold.
func backquoted(s string) string { return strings.ReplaceAll(s, "@", "`") }

func TestClientNode(t *testing.T) {
	f := clientCase(t)
	f(`fetch`, `TypeError: fetch failed
    at node:internal/deps/undici/undici:1:1 {
  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: api.example.com:443, timeout: 10000ms)
      at onConnectTimeout (node:internal/deps/undici/undici:7:2) {
TypeError: fetch failed
  [cause]: Error: getaddrinfo ENOTFOUND other.example.com
  [cause]: SyntaxError: Unexpected token`,
		`host=api.example.com status=0 failure="Connect Timeout Error (attempted address: api.example.com:443, timeout: 10000ms)" outbound`,
		`host=other.example.com status=0 failure="getaddrinfo ENOTFOUND other.example.com" outbound`)
	f(`undici's debug lines`, `UNDICI 42: sending request to GET https://api.example.com/u
UNDICI 42: received response to GET https://api.example.com/u - HTTP 503
UNDICI 42: trailers received from GET https://api.example.com/u`,
		`method=GET scheme=https host=api.example.com path=/u target=https://api.example.com/u status=503 outbound`)
	f(`ky`, `HTTPError: Request failed with status code 500 Internal Server Error: GET https://api.example.com/k`,
		`method=GET scheme=https host=api.example.com path=/k target=https://api.example.com/k status=500 outbound`)
}

// TestClientServers are the lines that servers write among those of clients.
func TestClientServers(t *testing.T) {
	f := clientCase(t)
	f(`Serilog`, `2026-03-04 09:15:02.118 +00:00 [ERR] HTTP GET /ours?a=1 responded 500 in 12.5000 ms
HTTP is what she responded in 5 ms`,
		`time=2026-03-04T09:15:02.118Z method=GET path=/ours query=a=1 status=500 duration=12.5ms inbound`)
	f(`ASP.NET Core`, `info: Microsoft.AspNetCore.Hosting.Diagnostics[1]
      Request starting HTTP/1.1 GET https://ours.example.com/x - - -
      Request finished HTTP/1.1 GET https://ours.example.com/x?a=1 - 500 12 text/html 12.5ms
      Request finished HTTP/2 POST https://ours.example.com/y - 404 - - 3ms`,
		`method=GET scheme=https host=ours.example.com path=/x query=a=1 target=https://ours.example.com/x?a=1 status=500 bytes=12 duration=12.5ms inbound`,
		`method=POST scheme=https host=ours.example.com path=/y target=https://ours.example.com/y status=404 duration=3ms inbound`)
	f(`HTTParty`, `[HTTParty] [2026-03-04 09:15:05 +0000] 404 "GET https://api.example.com/h" 120`,
		`time=2026-03-04T09:15:05Z method=GET scheme=https host=api.example.com path=/h target=https://api.example.com/h status=404 bytes=120 outbound`)
}
