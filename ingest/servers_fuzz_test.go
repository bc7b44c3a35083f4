package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
)

// fuzzServer reads any bytes as a format of a server, beginning with its
// sample and the lines given.
func fuzzServer(f *testing.F, format string, lines ...string) {
	for _, info := range ingest.Formats() {
		if info.Name == format {
			f.Add([]byte(info.Sample + "\n"))
		}
	}
	for _, line := range lines {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, format, content) })
}

func FuzzSquid(f *testing.F) {
	fuzzServer(f, "squid", "1772615702.118 -1 h TCP_DENIED/407 0 NONE error:x - HIER_NONE/- -", "1772615702.118 1 ::1 NONE/000 1 CONNECT [::1]:443 A/b HIER_DIRECT/")
}

func FuzzHAProxy(f *testing.F) {
	fuzzServer(f, "haproxy", `u:1 [04/Mar/2026:09:15:02.118] a b/<NOSRV> -1/-1/-1/-1/+9 -1 +0 - - CC-- 1 1 {a|b} {} "<BADREQ>`,
		`1.2.3.4:1 [04/Mar/2026:09:15:02.118] a b/c 1/1/9 7 sC 1 1`, `1.2.3.4:1 [04/Mar/2026:09:15:02.118] a:`)
}

func FuzzTraefik(f *testing.F) { fuzzServer(f, "traefik", head+` 1 - - 9ms`, head+` - "" "" 9ms`) }
func FuzzUWSGI(f *testing.F) {
	fuzzServer(f, "uwsgi", "[pid: 1] a} [Wed Mar  4 09:15:02 2026] => generated (HTTP/")
}
func FuzzProxyManager(f *testing.F) {
	fuzzServer(f, "nginx_proxy_manager", `[04/Mar/2026:09:15:02 +0000] 444 - - - - "" [Client ] [] "" `)
}
func FuzzJFrog(f *testing.F) {
	fuzzServer(f, "jfrog", "20260304091502|1|REQUEST||||||||", "2026-03-04T09:15:02Z|||||||||||")
}
func FuzzUvicorn(f *testing.F) {
	fuzzServer(f, "uvicorn", `[2026-03-04 09:15:02 +0000] [7] [INFO] [::1]:0 - "A / HTTP/1" 200`, `2026-03-04 09:15:02,]: 1.2.3.4:0 - "A " " 200`, `INFO: - "A /" 404`)
}

func FuzzNginxError(f *testing.F) {
	fuzzServer(f, "nginx_error", `2026/03/04 09:15:02 [crit] 1#1: no live upstreams, client: unix:, server: a.b, request: "A", subrequest: "/x", upstream: "unix:", host: "`)
}

func FuzzApacheError(f *testing.F) {
	fuzzServer(f, "apache_error", `[Wed Mar  4 09:15:02 2026] [proxy:error] [client ::1:1] attempt to connect to  (, referer: `,
		`[2026-03-04 09:15:02.1] [error] [client 1.2.3.4] proxy: DNS lookup failure for: x returned by /`)
}

// FuzzLogFormat reads any bytes with any format, and its lines with it.
func FuzzLogFormat(f *testing.F) {
	f.Add(benchTemplate, egressLog(2))
	f.Add(`log_format x escape=none '$a' "$request";`, "x")
	f.Add(`LogFormat "%{%c %j%%}t%{end:msec}t %!400,2<{a}^ti %U%q%m%s" x`, "x")
	f.Add("$status$is_args$uri$host$scheme$upstream_status $msec", "200?a 1, 2 : 3 4")
	f.Fuzz(func(t *testing.T, text, log string) {
		err := ingest.CheckLogFormat(text)
		if err != nil {
			if !errors.Is(err, ingest.ErrLogFormat) {
				t.Fatal(err)
			}
			return
		}
		src, err := ingest.Open(t.Context(), ingest.Config{LogFormats: []string{text}, Bindings: vendors()}, ingest.Input{Path: "-"}, strings.NewReader(log))
		if err != nil {
			return
		}
		defer src.Close()
		checkSource(t, src)
	})
}
