package ingest_test

import (
	"testing"
)

func TestNginxError(t *testing.T) {
	f := lineCase(t, "nginx_error")
	const head = `2026/03/04 09:15:02 [error] 31#31: *9 `
	const who = `, client: 203.0.113.7, server: egress.example.com, request: "GET /v2/x?a=b HTTP/1.1"`
	const got = `path=/v2/x query=a=b version=1.1 `
	const when = `time=2026-03-04T09:15:02Z method=GET `
	f("refused", head+`connect() failed (111: Connection refused) while connecting to upstream`+who+`, upstream: "https://198.51.100.4:443/v2/x?a=b", host: "Api.example.com:80", referrer: "https://x.example/"`,
		when+`host=api.example.com `+got+`status=0 client=203.0.113.7 referer=https://x.example/ upstream_host=198.51.100.4:443 failure="connect() failed (111: Connection refused) while connecting to upstream" outbound`)
	f("no upstream is alive, no host", head+`no live upstreams while connecting to upstream`+who+`, upstream: "https://vendors/v2/x"`,
		when+`host=egress.example.com `+got+`status=0 client=203.0.113.7 upstream_host=vendors failure="no live upstreams while connecting to upstream" outbound`)
	f("a name that is not found", head+`api.example.com could not be resolved (3: Host not found)`+who+`, host: "shop.example"`,
		when+`host=shop.example `+got+`status=0 client=203.0.113.7 upstream_host=api.example.com failure="api.example.com could not be resolved (3: Host not found)" outbound`)
	f("cut off before what failed", head+`no live upstreams while connecting to upstream, client: 203.0.113.7, ser`,
		`reject=truncated raw="`+head+`no live upstreams while connecting to upstream, client: 203.0.113.7, ser"`)
	f("the vendor is the upstream", head+`upstream timed out (110: Connection timed out) while reading response header from upstream`+who+`, upstream: "https://api.carsxe.com:443/specs", host: "egress"`,
		when+`host=api.carsxe.com `+got+`status=0 client=203.0.113.7 upstream_host=api.carsxe.com:443 failure="upstream timed out (110: Connection timed out) while reading response header from upstream" outbound`)
	f("our own application", head+`recv() failed (104: Connection reset by peer) while reading response header from upstream`+who+`, upstream: "fastcgi://unix:/run/app.sock:", host: "shop.example"`,
		when+`host=shop.example `+got+`status=0 client=203.0.113.7 upstream_host=unix:/run/app.sock failure="recv() failed (104: Connection reset by peer) while reading response header from upstream" inbound`)
	f("a client that left", `2026/03/04 09:15:02 [info] 31#31: *9 client prematurely closed connection (104: Connection reset by peer) while reading upstream`+who+`, upstream: "http://198.51.100.4:80/", host: "shop.example"`,
		when+`host=shop.example `+got+`client=203.0.113.7 upstream_host=198.51.100.4:80 outbound`)
	f("our own limit", head+`limiting requests, excess: 5.416 by zone "api"`+who+`, host: "shop.example"`, when+`host=shop.example `+got+`client=203.0.113.7 inbound`)
	f("quotes and marks in what clients sent", head+`open() "/srv/a, client: me" failed (2: No such file or directory), client: 2001:db8::7, server: , request: "GET /a", host: "b HTTP/1.1", host: "shop.example"`,
		when+`path=/a client=2001:db8::7 inbound`)
	f("a tunnel", head+`connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7, server: 0.0.0.0:443, upstream: "198.51.100.4:443", bytes from/to client:0/0, bytes from/to upstream:0/0`,
		`time=2026-03-04T09:15:02Z status=0 client=203.0.113.7 upstream_host=198.51.100.4:443 failure="connect() failed (111: Connection refused) while connecting to upstream" outbound`)
	f("no exchange", "2026/03/04 09:15:02 [notice] 31#31: signal process started\n"+
		"2026/03/04 09:15:02 [info] 31#31: *9 client closed connection while waiting for request, client: 203.0.113.7, server: 0.0.0.0:443\n"+
		"2026/03/04 09:15:02 [warn] 31#31: *9 upstream server temporarily disabled while connecting to upstream"+who+", upstream: \"https://198.51.100.4:443/\"\nStack trace:\n")
	f("broken", "2026/13/04 09:15:02 [error] 31#31: *9 x\n", `reject=time raw="2026/13/04 09:15:02 [error] 31#31: *9 x"`)
	bad := head + "connect() failed (111: Connection refused) while connecting to upstream" + who + ", upstream: \"http://198.51.100.4:80/\", host: \"h\"\n"
	checkAccounts(t, bad+"2026/03/04 09:15:02 [notice] 1#1: x\n  at line 3\n"+bad, "nginx_error", 2, 0, 2)
}

func TestApacheError(t *testing.T) {
	f := lineCase(t, "apache_error")
	const head = `[Wed Mar 04 09:15:02.118203 2026] `
	const when = `time=2026-03-04T09:15:02.118203Z `
	f("refused", head+`[proxy:error] [pid 71:tid 140] (111)Connection refused: AH00957: HTTPS: attempt to connect to 198.51.100.4:443 (Api.example.com) failed`,
		when+`host=api.example.com status=0 upstream_host=198.51.100.4:443 failure="(111)Connection refused: AH00957: HTTPS: attempt to connect to 198.51.100.4:443 (Api.example.com) failed" outbound`)
	f("no status line", head+`[proxy_http:error] [pid 71] (70007)The timeout specified has expired: [client 203.0.113.7:5] AH01102: error reading status line from remote server api.example.com:443, referer: https://x.example/`,
		when+`host=api.example.com status=0 client=203.0.113.7 referer=https://x.example/ upstream_host=api.example.com:443 failure="(70007)The timeout specified has expired: AH01102: error reading status line from remote server api.example.com:443" outbound`)
	f("DNS, 2.2", `[Wed Mar 04 09:15:02 2026] [error] [client 203.0.113.7] proxy: DNS lookup failure for: api.example.com returned by /v2/x?a=b`,
		`time=2026-03-04T09:15:02Z host=api.example.com path=/v2/x query=a=b status=0 client=203.0.113.7 upstream_host=api.example.com failure="proxy: DNS lookup failure for: api.example.com returned by /v2/x?a=b" outbound`)
	f("said before", head+`[proxy_http:error] [pid 71] [client 203.0.113.7:5] AH01114: HTTP: failed to make connection to backend: api.example.com`+"\n"+
		head+`[proxy_http:error] [pid 71] [client 203.0.113.7:5] AH00898: Error reading from remote server returned by /x`)
	f("of a request", head+`[:error] [pid 71] [client 2001:db8::7:5] script '/srv/x' not found`, when+`client=2001:db8::7 inbound`)
	f("CLF time", `[04/Mar/2026:09:15:02 +0100] [core:crit] [pid 1:tid 2] [client 203.0.113.7:5] x`, `time=2026-03-04T08:15:02Z client=203.0.113.7 inbound`)
	f("no exchange", head+"[mpm_event:notice] [pid 1:tid 2] AH00489: Apache configured\n"+head+"[authz_core:debug] [pid 1] [client 203.0.113.7:5] AH01626: granted\nPHP Warning: x\n"+
		head+"[proxy:error] [pid 1] AH00940: BalancerMember of no use\n")
	f("broken", "[Wed Mar 44 09:15:02.118203 2026] [proxy:error] [pid 71] x\n", `reject=time raw="[Wed Mar 44 09:15:02.118203 2026] [proxy:error] [pid 71] x"`)
	checkAccounts(t, head+"[core:error] [pid 1] [client 203.0.113.7:5] x\n"+head+"[core:notice] [pid 1] y\n", "apache_error", 1, 0, 1)
}
