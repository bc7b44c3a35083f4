package ingest_test

import "testing"

const (
	envoyStart = `[2026-02-10T20:23:32.500Z] "GET /a?b=c HTTP/1.1" `
	envoyBase  = `time=2026-02-10T20:23:32.540Z logged=2026-02-10T20:23:32.500Z method=GET host=api.example.com path=/a query=b=c version=1.1 `
	envoyNames = `"198.51.100.4, 10.0.0.1" "curl/8.1" "req-1" "api.example.com" `
)

func TestEnvoy(t *testing.T) {
	f := lineCase(t, "envoy")
	f("upstream elsewhere", envoyStart+`200 - 3 12 40 39 `+envoyNames+`"203.0.113.9:443"`,
		envoyBase+`status=200 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 upstream_host=203.0.113.9:443 outbound`)
	f("our own service, Ambassador's word", "ACCESS "+envoyStart+`200 - 3 12 40 39 `+envoyNames+`"tcp://10.0.2.1:80"`,
		envoyBase+`status=200 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 upstream_host=tcp://10.0.2.1:80 inbound`)
	f("a vendor behind our own address", `[2026-02-10T20:23:32Z] "GET / HTTP/2" 200 - 0 0 - - "-" "-" "-" "API.CarsXE.com:443" "[fd00::1]:443"`,
		`time=2026-02-10T20:23:32Z logged=2026-02-10T20:23:32Z method=GET host=api.carsxe.com path=/ version=2 status=200 bytes=0 upstream_host=[fd00::1]:443 outbound`)
	f("quotes in the agent", envoyStart+`200 - 3 12 40 39 "-" "my "own" agent" "req-1" "api.example.com" "-"`,
		envoyBase+`status=200 bytes=12 duration=40ms agent="my \"own\" agent" request_id=req-1 inbound`)
	f("columns' quotes in the agent", envoyStart+`200 - 3 12 40 39 "-" "a b" "c d" e" "req-1" "api.example.com" "-"`,
		envoyBase+`status=200 bytes=12 duration=40ms agent="a b\" \"c d\" e" request_id=req-1 inbound`)
	f("quote in the path", `[2026-02-10T20:23:32Z] "GET /"x" y HTTP/1.1" 404 NR 0 0 0 - "-" "-" "-" "a.example" "-"`,
		`time=2026-02-10T20:23:32Z logged=2026-02-10T20:23:32Z method=GET host=a.example path="/\"x\" y" version=1.1 status=404 bytes=0 duration=0s failure="no route configured (NR)" inbound`)
	f("flags", envoyStart+`503 UF,URX 3 12 40 - `+envoyNames+`"203.0.113.9:443"`,
		envoyBase+`status=503 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 upstream_host=203.0.113.9:443 failure="upstream connection failure, unreachable, upstream retry limit exceeded (UF,URX)" outbound`)
	f("unknown flag", envoyStart+`503 XYZ 3 12 40 - `+envoyNames+`"203.0.113.9:443"`,
		envoyBase+`status=503 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 upstream_host=203.0.113.9:443 failure=(XYZ) outbound`)

	// Broken.
	f("cut off", envoyStart+`200 - 3 12 40 39 "-" "cur`, `reject=truncated raw="[2026-02-10T20:23:32.500Z] \"GET /a?b=c HTTP/1.1\" 200 - 3 12 40 39 \"-\" \"cur"`)
	f("no status", envoyStart+`20x - 3`, `reject=status raw="[2026-02-10T20:23:32.500Z] \"GET /a?b=c HTTP/1.1\" 20x - 3"`)
	f("a status that is none", envoyStart+`2000 - 3`, `reject=status raw="[2026-02-10T20:23:32.500Z] \"GET /a?b=c HTTP/1.1\" 2000 - 3"`)
	f("no time", `[2026-99-10T20:23:32.500Z] "GET / HTTP/1.1" 200 - 3 12 40 39 "-" "-" "-" "-" "-"`, `reject=time raw="[2026-99-10T20:23:32.500Z] \"GET / HTTP/1.1\" 200 - 3 12 40 39 \"-\" \"-\" \"-\" \"-\" \"-\""`)
	f("bad among good", "hello\n"+envoyStart+`200 - 3 12 40 39 "-" "-" "-" "-" "-"`, `reject=syntax raw=hello`,
		`time=2026-02-10T20:23:32.540Z logged=2026-02-10T20:23:32.500Z method=GET path=/a query=b=c version=1.1 status=200 bytes=12 duration=40ms inbound`)
}

func TestIstio(t *testing.T) {
	f := lineCase(t, "envoy")
	const tail = ` 10.0.0.9:41122 203.0.113.9:443 10.0.0.8:5555 `
	base := envoyBase + `status=200 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 `
	f("out", envoyStart+`200 - via_upstream - "-" 3 12 40 39 `+envoyNames+`"203.0.113.9:443" outbound|443||api.example.com`+tail+`- default`,
		base+`upstream_host=203.0.113.9:443 outbound`)
	f("out to an address of ours", envoyStart+`200 - "-" "-" 3 12 40 39 `+envoyNames+`"10.1.1.1:443" outbound|443||api.example.com`+tail+`- -`,
		base+`upstream_host=10.1.1.1:443 outbound`)
	f("in", envoyStart+`200 - via_upstream - "-" 3 12 40 39 `+envoyNames+`"203.0.113.9:443" inbound|443||`+tail+`outbound_.443_._.x default`,
		base+`upstream_host=203.0.113.9:443 inbound`)
	f("undeclared host", envoyStart+`200 - - - "-" 3 12 40 39 "-" "-" "-" "-" "203.0.113.9:443" PassthroughCluster`+tail+`api.example.org allow_any`,
		`time=2026-02-10T20:23:32.540Z logged=2026-02-10T20:23:32.500Z method=GET host=api.example.org path=/a query=b=c version=1.1 status=200 bytes=12 duration=40ms client=10.0.0.8 upstream_host=203.0.113.9:443 outbound`)
	f("blocked", envoyStart+`502 - direct_response - "-" 3 12 40 - "-" "-" "-" "api.example.com" "-" BlackHoleCluster - 203.0.113.9:443 10.0.0.8:5555 - block_all`,
		envoyBase+`status=502 bytes=12 duration=40ms client=10.0.0.8 failure="blocked by the mesh: BlackHoleCluster" outbound`)
	f("reason with blanks", envoyStart+`503 UF,URX upstream_reset_before_response_started{connection_failure} - "TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED" 3 12 40 - `+envoyNames+`"203.0.113.9:443" outbound|443||api.example.com`+tail+`- default`,
		envoyBase+`status=503 bytes=12 duration=40ms client=198.51.100.4 agent=curl/8.1 request_id=req-1 upstream_host=203.0.113.9:443 failure="TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED (UF,URX)" outbound`)
	f("our own mesh refused", envoyStart+`403 - rbac_access_denied_matched_policy[none] - "-" 3 12 40 - "-" "-" "-" "api.example.com" "-" outbound|443||api.example.com`+tail+`- default`,
		envoyBase+`status=403 bytes=12 duration=40ms client=10.0.0.8 failure=rbac_access_denied_matched_policy[none] outbound`)

	const tunnel = `[2026-02-10T20:23:32.500Z] "- - -" 0 `
	tunnelBase := `time=2026-02-10T20:23:32.540Z logged=2026-02-10T20:23:32.500Z host=api.example.com `
	f("tunnel", tunnel+`- - - "-" 3 12 40 - "-" "-" "-" "-" "203.0.113.9:443" outbound|443||api.example.com`+tail+`api.example.com -`,
		tunnelBase+`bytes=12 duration=40ms client=10.0.0.8 upstream_host=203.0.113.9:443 outbound`)
	f("tunnel of the first release, without a route", tunnel+`- 3 12 40 - "-" "-" "-" "-" "203.0.113.9:443" outbound|443||api.example.com 10.0.0.9:41122 203.0.113.9:443 10.0.0.8:5555 -`,
		tunnelBase+`bytes=12 duration=40ms client=10.0.0.8 upstream_host=203.0.113.9:443 outbound`)
	f("no connection", tunnel+`UF,URX - - "delayed connect error: 111" 0 0 40 - "-" "-" "-" "-" "203.0.113.9:443" outbound|443||api.example.com - 203.0.113.9:443 10.0.0.8:5555 api.example.com -`,
		tunnelBase+`status=0 bytes=0 duration=40ms client=10.0.0.8 upstream_host=203.0.113.9:443 failure="delayed connect error: 111 (UF,URX)" outbound`)
	f("blocked tunnel", tunnel+`- - - "-" 0 0 40 - "-" "-" "-" "-" "-" BlackHoleCluster - 203.0.113.9:443 10.0.0.8:5555 api.example.com -`,
		tunnelBase+`status=0 bytes=0 duration=40ms client=10.0.0.8 failure="blocked by the mesh: BlackHoleCluster" outbound`)
	f("client left a tunnel that worked", tunnel+`DC - - "-" 3 12 40 - "-" "-" "-" "-" "203.0.113.9:443" outbound|443||api.example.com`+tail+`- -`,
		tunnelBase+`bytes=12 duration=40ms client=10.0.0.8 upstream_host=203.0.113.9:443 outbound`)
	f("no route", tunnel+`NR filter_chain_not_found - "-" 0 0 40 - "-" "-" "-" "-" "-" - - 203.0.113.9:443 10.0.0.8:5555 api.example.com -`,
		tunnelBase+`status=0 bytes=0 duration=40ms client=10.0.0.8 failure="no route configured: filter_chain_not_found (NR)" outbound`)
}

const (
	albHead = `https 2026-02-10T20:23:32.118301Z app/fleet/0123 203.0.113.7:40909 10.0.0.1:8080 0.001 0.212 0.000 `
	albTail = ` TLS_AES_128_GCM_SHA256 TLSv1.3 - "Self=1-1-1;Root=1-69a7f7d6-0123;Sampled=1" "api.example.com" "-" 1 2026-02-10T20:23:31.905000Z "forward" "-" "-" "10.0.0.1:8080" "429" "-" "-"`
	albBase = `time=2026-02-10T20:23:32.118301Z method=GET scheme=https host=api.example.com path=/a query=b=c target=https://api.example.com:443/a?b=c version=2.0 `
	albGET  = `"GET https://api.example.com:443/a?b=c HTTP/2.0" `
)

func TestALB(t *testing.T) {
	f := lineCase(t, "alb")
	f("answered", albHead+`429 429 134 187 `+albGET+`"fleet \x22two\x22"`+albTail,
		albBase+`status=429 bytes=187 duration=213ms client=203.0.113.7 agent="fleet \"two\"" trace=1-69a7f7d6-0123 upstream_status=429 upstream_host=10.0.0.1:8080 inbound`)
	f("21 columns", albHead+`200 200 134 187 `+albGET+`"-" - - - "Root=1-2" "-" "-"`,
		albBase+`status=200 bytes=187 duration=213ms client=203.0.113.7 trace=1-2 upstream_status=200 upstream_host=10.0.0.1:8080 inbound`)
	f("made by the balancer", `http 2026-02-10T20:23:32.118301Z app/fleet/0123 2001:db8::7:40909 - -1 -1 -1 502 - 134 187 `+albGET+`"-" - - - "-" "-" "-" 0 2026-02-10T20:23:31.905000Z "forward" "-" "LambdaInvalidResponse" "-" "-" "-" "-" TID_0123`,
		albBase+`status=502 bytes=187 client=2001:db8::7 failure=LambdaInvalidResponse inbound`)
	f("no request", `h2 2026-02-10T20:23:32.118301Z app/fleet/0123 [2001:db8::7]:40909 - -1 -1 -1 400 - 0 272 "- http://api.example.com:80- -" "-" - - - "-" "-" "-" - 2026-02-10T20:23:31.905000Z "-" "-" "-" "-" "-" "-" "-"`,
		`time=2026-02-10T20:23:32.118301Z scheme=http host=api.example.com target=http://api.example.com:80- status=400 bytes=272 client=2001:db8::7 inbound`)
	f("blanks in the URL", albHead+`200 200 134 187 "GET https://api.example.com:443/a b HTTP/1.1" "x"`+albTail,
		`time=2026-02-10T20:23:32.118301Z method=GET scheme=https host=api.example.com path="/a b" target="https://api.example.com:443/a b" version=1.1 status=200 bytes=187 duration=213ms client=203.0.113.7 agent=x trace=1-69a7f7d6-0123 upstream_status=200 upstream_host=10.0.0.1:8080 inbound`)
	f("cut off", albHead+`429 429 134 187 "GET https://api`, `reject=truncated raw="`+albHead+`429 429 134 187 \"GET https://api"`)
	f("no status", albHead+`x 429 134 187 `+albGET, `reject=status raw="`+albHead+`x 429 134 187 \"GET https://api.example.com:443/a?b=c HTTP/2.0\" "`)
	f("no time, then good", "http 2026-02-99T20:23:32.118301Z app/a/b 203.0.113.7:1 - -1 -1 -1 200 - 1 1 \"-\" \"-\" - - - -\n"+albHead+`200 200 134 187 `+albGET+`"-"`+albTail,
		`reject=time raw="http 2026-02-99T20:23:32.118301Z app/a/b 203.0.113.7:1 - -1 -1 -1 200 - 1 1 \"-\" \"-\" - - - -"`,
		albBase+`status=200 bytes=187 duration=213ms client=203.0.113.7 trace=1-69a7f7d6-0123 upstream_status=200 upstream_host=10.0.0.1:8080 inbound`)
}

func TestELB(t *testing.T) {
	f := lineCase(t, "elb")
	const start = `2026-02-10T20:23:32.118301Z fleet 203.0.113.7:40909 `
	f("answered", start+`10.0.0.1:8080 0.000073 0.212000 0.000057 429 429 0 187 `+albGET+`"fleet/2.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2`,
		albBase+`status=429 bytes=187 duration=212.13ms client=203.0.113.7 agent=fleet/2.1 upstream_status=429 upstream_host=10.0.0.1:8080 inbound`)
	f("old", start+`- -1 -1 -1 408 - 1294336 0 `+albGET[:len(albGET)-1],
		albBase+`status=408 bytes=0 client=203.0.113.7 inbound`)
	f("nobody to ask", start+`- -1 -1 -1 503 0 0 0 `+albGET+`"x/1" - -`,
		albBase+`status=503 bytes=0 client=203.0.113.7 agent=x/1 inbound`)
	f("TCP", start+`10.0.0.1:80 0.001069 0.000028 0.000041 - - 82 305 "- - - " "-" - -`,
		`time=2026-02-10T20:23:32.118301Z bytes=305 duration=1.138ms client=203.0.113.7 upstream_host=10.0.0.1:80 inbound`)
	f("cut off", start+`10.0.0.1:80 0.001`, `reject=truncated raw="2026-02-10T20:23:32.118301Z fleet 203.0.113.7:40909 10.0.0.1:80 0.001"`)
}

func TestNLB(t *testing.T) {
	f := lineCase(t, "nlb")
	const start = `tls 2.0 2026-02-10T20:23:32 net/fleet/0123 4567 203.0.113.7:51341 10.0.0.1:443 `
	f("connection", start+`5000 2 98 246 - arn:aws:acm:eu-west-1:123456789012:certificate/0123 - ECDHE-RSA-AES128-SHA tlsv12 - API.example.com h2 h2 "h2" 2026-02-10T20:23:27`,
		`time=2026-02-10T20:23:32Z host=api.example.com bytes=246 duration=5s client=203.0.113.7 upstream_host=10.0.0.1:443 inbound`)
	f("no handshake", start+`5 - 98 0 70 - - - - - api.example.com - - - 2026-02-10T20:23:27`,
		`time=2026-02-10T20:23:32Z host=api.example.com status=0 bytes=0 duration=5ms client=203.0.113.7 upstream_host=10.0.0.1:443 failure="TLS alert 70" inbound`)
	f("cut off", start+`5`, `reject=truncated raw="`+start+`5"`)
}

func TestS3(t *testing.T) {
	f := lineCase(t, "s3")
	const (
		start = `0123456789abcdef photos [10/Feb/2026:21:23:32 +0100] 203.0.113.7 arn:aws:iam::1:user/x 3E57427F3EXAMPLE REST.GET.OBJECT a%2Fb.jpg `
		get   = `"GET /a/b.jpg?versionId=1 HTTP/1.1" `
		base  = `method=GET path=/a/b.jpg query=versionId=1 version=1.1 `
		time  = `time=2026-02-10T20:23:32Z logged=2026-02-10T20:23:32Z `
	)
	f("error", start+get+`503 SlowDown 187 - 12 - "-" "fleet/2.1" - aG9zdA== SigV4 - AuthHeader Photos.s3.amazonaws.com TLSv1.3 - -`,
		time+`method=GET host=photos.s3.amazonaws.com path=/a/b.jpg query=versionId=1 version=1.1 status=503 bytes=187 duration=12ms client=203.0.113.7 agent=fleet/2.1 request_id=3E57427F3EXAMPLE < x-amz-error-code=SlowDown < x-amz-id-2=aG9zdA== outbound`)
	f("old, by the public", `0123456789abcdef photos [10/Feb/2026:21:23:32 +0100] 203.0.113.7 - 3E57427F3EXAMPLE REST.GET.OBJECT k `+get+`200 - 5 5 - - "https://x.example/" "a" -`,
		`time=2026-02-10T20:23:32Z `+base+`status=200 bytes=5 client=203.0.113.7 agent=a referer=https://x.example/ request_id=3E57427F3EXAMPLE inbound`)
	f("quote in the key", start+`"GET /a"b HTTP/1.1" 200 - 5 5 12 - "-" "-"`,
		time+`method=GET path="/a\"b" version=1.1 status=200 bytes=5 duration=12ms client=203.0.113.7 request_id=3E57427F3EXAMPLE outbound`)
	f("by a lifecycle rule", `0123456789abcdef photos [10/Feb/2026:21:23:32 +0100] - AmazonS3 3E57427F3EXAMPLE S3.EXPIRE.OBJECT k - - - - 5 - - - - -`)
	f("cut off", start+`"GET /a`, `reject=truncated raw="`+start+`\"GET /a"`)
	f("no status", start+get+`99 - 1`, `reject=status raw="`+start+`\"GET /a/b.jpg?versionId=1 HTTP/1.1\" 99 - 1"`)
}
