package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// proxyManagerFormat is what Nginx Proxy Manager configures as the log of its
// hosts.
var proxyManagerFormat = format{
	info: FormatInfo{
		Name:  "nginx_proxy_manager",
		About: "the access logs of Nginx Proxy Manager",
		Sample: `[04/Mar/2026:09:15:02 +0000] - 429 429 - GET https api.example.com "/v2/vehicles/9" [Client 203.0.113.7] [Length 187]` +
			` [Gzip -] [Sent-to 198.51.100.4] "fleet/2.1" "-"`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newProxyManager(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newProxyManager(cfg) },
	stray: proxyManagerLike,
}

// proxyManager parses one line after the other; it belongs to one goroutine.
type proxyManager struct{ combined }

func newProxyManager(cfg *Config) *proxyManager { return &proxyManager{*newCombined(cfg)} }

var proxyManagerMark = []byte("[Client ")

func proxyManagerLike(b []byte) bool {
	return len(b) > 40 && b[0] == '[' && b[3] == '/' && bytes.Contains(b, proxyManagerMark)
}

// parse reads
//
//	[time] cache upstream status - METHOD scheme host "target" [Client a] [Length n] [Gzip n] [Sent-to a] "agent" "referer"
//
// where the cache's word, the upstream's statuses and the place it was sent to
// may be missing.
func (p *proxyManager) parse(line []byte, d *record.Draft) record.Reason {
	if !proxyManagerLike(line) {
		return record.RejectSyntax
	}
	p.begin(line)
	shut := bytes.IndexByte(line, ']')
	quote := bytes.IndexByte(line, '"')
	if shut < 0 || quote < shut {
		return record.RejectSyntax
	}
	head := line[shut+1 : quote]
	head, host := lastWord(head)
	head, scheme := lastWord(head)
	head, method := lastWord(head)
	head, dash := lastWord(head)
	head, status := lastWord(head)
	if string(dash) != "-" || len(status) == 0 || !isMethod(method) {
		return record.RejectSyntax
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.commonLog(line[1:shut]); !ok {
		return record.RejectTime
	}
	n, ok := number(status)
	if !ok || len(status) != 3 || n > 0 && n < 100 {
		return record.RejectStatus
	}
	d.Status = int(n)
	if string(method) != "-" {
		d.Method = method
	}
	if string(scheme) != "-" {
		d.Scheme = scheme
	}
	_, upstream := word(head) // behind the cache's word
	if upstream = bytes.TrimRight(upstream, " "); len(upstream) > 0 && string(upstream) != "-" {
		d.UpstreamStatus = upstream
	}
	if reason := p.managed(line[quote:], d); reason != "" {
		return reason
	}
	if string(host) != "-" {
		d.Host = p.arena.host(host)
	}
	setDirection(p.bindings, d, len(d.UpstreamHost) > 0 || len(d.UpstreamStatus) > 0)
	return ""
}

// managed reads from the target on.
func (p *proxyManager) managed(b []byte, d *record.Draft) record.Reason {
	end := p.closingQuote(b)
	if end < 0 {
		return record.RejectTruncated
	}
	if target := p.stated(b[1:end]); len(target) > 0 {
		p.arena.setTarget(d, target)
	}
	b = trimSpace(b[end+1:])
	for len(b) > 0 && b[0] == '[' {
		shut := bytes.IndexByte(b, ']')
		if shut < 0 {
			return record.RejectTruncated
		}
		name, value := word(b[1:shut])
		b = trimSpace(b[shut+1:])
		if len(value) == 0 || string(value) == "-" {
			continue
		}
		switch string(name) {
		case "Client":
			d.Client = withoutPort(value)
		case "Length":
			if n, ok := number(value); ok {
				d.Bytes = n
			}
		case "Sent-to":
			d.UpstreamHost = value
		}
	}
	if len(b) == 0 || b[0] != '"' {
		return record.RejectTruncated
	}
	if end = p.closingQuote(b); end < 0 {
		return record.RejectTruncated
	}
	d.UserAgent = p.stated(b[1:end])
	if b = trimSpace(b[end+1:]); len(b) > 0 && b[0] == '"' {
		if end = p.closingQuote(b); end > 0 {
			d.Referer = p.stated(b[1:end])
		}
	}
	return ""
}
