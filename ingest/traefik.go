package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// traefikFormat is the access log of Traefik in its text form: combined, then
// the number of the request, the router, the URL of the service and the
// duration.
var traefikFormat = format{
	info: FormatInfo{
		Name:  "traefik",
		About: "Traefik's access log as text",
		Sample: `203.0.113.7 - - [04/Mar/2026:09:15:02 +0000] "GET /v2/vehicles/9 HTTP/1.1" 429 187 "-" "fleet/2.1"` +
			` 17 "vendor@file" "https://api.example.com" 212ms`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newTraefik(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newTraefik(cfg) },
	stray: func(line []byte) bool { return bytes.HasSuffix(line, []byte("ms")) && bytes.IndexByte(line, '[') > 0 },
}

// traefik parses one line after the other; it belongs to one goroutine.
type traefik struct{ combined }

func newTraefik(cfg *Config) *traefik { return &traefik{*newCombined(cfg)} }

// parse reads what Traefik appends from the end of the line, since the texts
// before it are the client's.
func (p *traefik) parse(line []byte, d *record.Draft) record.Reason {
	line = bytes.TrimRight(line, " ")
	digits := bytes.TrimSuffix(line, []byte("ms"))
	if len(digits) == len(line) || len(digits) == 0 || digits[len(digits)-1]-'0' > 9 {
		return record.RejectSyntax
	}
	head, last := lastWord(digits)
	ms, ok := number(last)
	if !ok || ms >= maxMilliseconds {
		return record.RejectSyntax
	}
	head, service, ok1 := cutLastValue(head)
	head, router, ok2 := cutLastValue(head)
	head, count := lastWord(head)
	if _, ok := number(count); !ok && string(count) != "-" || !ok1 || !ok2 || len(router) == 0 {
		return record.RejectSyntax
	}
	if reason := p.combined.parse(head, d); reason != "" {
		return reason
	}
	// The time that is logged is that of the start.
	d.DurationNS = ms * 1e6
	d.LoggedNS = d.TimeNS
	d.TimeNS += d.DurationNS
	if string(service) == "-" || len(service) == 0 {
		return ""
	}
	d.UpstreamHost = authority(service)
	if isHostName(d.UpstreamHost) && len(d.Host) == 0 {
		d.Host = p.arena.host(d.UpstreamHost)
	}
	setDirection(p.bindings, d, true)
	return ""
}

// cutLastValue cuts off the last column, quoted or a bare dash.
func cutLastValue(b []byte) (rest, value []byte, ok bool) {
	b = bytes.TrimRight(b, " ")
	if len(b) == 0 || b[len(b)-1] != '"' {
		rest, value = lastWord(b)
		return rest, value, string(value) == "-"
	}
	open := bytes.LastIndexByte(b[:len(b)-1], '"')
	if open <= 0 || b[open-1] != ' ' {
		return b, nil, false
	}
	return b[:open], b[open+1 : len(b)-1], true
}
