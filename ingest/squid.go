package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// squidFormat is the native access log of Squid, the forward proxy that calls
// to vendors go through in many houses.
var squidFormat = format{
	info: FormatInfo{
		Name:   formatSquid,
		About:  "Squid's native access log (forward proxy; CONNECT tells the host only)",
		Sample: `1772615702.118    212 203.0.113.7 TCP_MISS/429 187 GET http://api.example.com/v2/vehicles/9 - HIER_DIRECT/198.51.100.4 application/json`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newSquid(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: func(cfg *Config) lineParser { return newSquid(cfg) },
	stray: squidLike,
}

// squid parses one line after the other; it belongs to one goroutine.
type squid struct{ combined }

func newSquid(cfg *Config) *squid { return &squid{*newCombined(cfg)} }

// squidLike tells the time that a line begins with: epoch seconds, three
// decimals and a blank.
func squidLike(b []byte) bool {
	n := 0
	for n < len(b) && b[n]-'0' <= 9 {
		n++
	}
	if n < 9 || n > 10 || len(b) < n+6 || b[n] != '.' || b[n+4] != ' ' {
		return false
	}
	_, ok := number(b[n+1 : n+4])
	return ok
}

// parse reads
//
//	time elapsed client result/status size method URL ident hierarchy/peer type
//
// The time is that of the end.
func (p *squid) parse(line []byte, d *record.Draft) record.Reason {
	if !squidLike(line) {
		return record.RejectSyntax
	}
	p.begin(line)
	stamp, rest := word(line)
	elapsed, rest := word(rest)
	client, rest := word(rest)
	result, rest := word(rest)
	ms, timed := number(bytes.TrimPrefix(elapsed, []byte{'-'}))
	slash := bytes.IndexByte(result, '/')
	if !timed || slash <= 0 || !isSquidWord(result[:slash]) {
		return record.RejectSyntax
	}
	size, rest := word(rest)
	method, rest := word(rest)
	if len(rest) == 0 {
		return record.RejectTruncated
	}
	tag := result[:slash]
	status, ok := number(result[slash+1:])
	if !ok || len(result) != slash+4 || status > 0 && status < 100 {
		return record.RejectStatus
	}
	if d.TimeNS, d.TimeDigits, ok = epoch(stamp); !ok {
		return record.RejectTime
	}
	// Neighbouring caches ask each other whether they hold an object.
	if bytes.HasPrefix(tag, []byte("UDP_")) || bytes.HasPrefix(method, []byte("ICP_")) || bytes.HasPrefix(method, []byte("HTCP_")) {
		return record.IgnoreNoHTTP
	}
	d.Status = int(status)
	if elapsed[0] != '-' && ms < maxMilliseconds {
		d.DurationNS = ms * 1e6
	}
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	if isIP(client) {
		d.Client = client
	}
	return p.squidRequest(d, tag, method, rest)
}

// maxMilliseconds is the longest duration that is believed: ten years.
const maxMilliseconds = 10 * 365 * 24 * 60 * 60 * 1000

// squidRequest reads on from the URL.
func (p *squid) squidRequest(d *record.Draft, tag, method, rest []byte) record.Reason {
	target, peer := squidTarget(rest)
	if bytes.HasPrefix(target, []byte("error:")) {
		// What never became a request: a health check that only connects, or
		// bytes that are no HTTP, which the proxy answered by itself.
		if d.Status == 0 {
			return record.IgnoreNoHTTP
		}
		setDirection(p.bindings, d, false)
		return ""
	}
	if string(method) != "NONE" && string(method) != "-" {
		d.Method = method
	}
	if string(target) != "-" {
		p.arena.setTarget(d, p.unescape(target))
	}
	if string(peer) != "-" {
		d.UpstreamHost = peer
	}
	if d.Status == 0 {
		d.Failure = tag
	}
	setDirection(p.bindings, d, true)
	// What the proxy's own rules refuse never leaves the house, so the vendor has
	// no part in it. A missing password for the proxy says so by its status.
	if bytes.HasPrefix(tag, []byte("TCP_DENIED")) && d.Status != 407 && d.Direction == record.Outbound {
		d.Direction = record.Inbound
	}
	return ""
}

// squidTarget cuts the URL off, which may hold raw blanks: a word for the user
// follows it, then hierarchy/peer.
func squidTarget(b []byte) (target, peer []byte) {
	first, rest := word(b)
	user := 0 // where the word stands that may be the user's
	for len(rest) > 0 {
		at := len(b) - len(rest)
		var w []byte
		w, rest = word(rest)
		if slash := bytes.IndexByte(w, '/'); user > 0 && slash > 0 && isSquidWord(w[:slash]) {
			return bytes.TrimRight(b[:user], " "), w[slash+1:]
		}
		user = at
	}
	return first, nil
}

// isSquidWord tells TCP_MISS_ABORTED and HIER_DIRECT.
func isSquidWord(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && c != '_' && (c < '0' || c > '9') {
			return false
		}
	}
	return len(b) > 0 && b[0] >= 'A'
}
