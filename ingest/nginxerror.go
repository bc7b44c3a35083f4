package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// nginxErrorFormat is nginx's error log. Its lines about a request are
// exchanges: those about an upstream that failed have no response, the others
// state no status. Lines about the server itself are passed by.
var nginxErrorFormat = format{
	info: FormatInfo{
		Name:  "nginx_error",
		About: "nginx's error log (why an upstream failed)",
		Sample: `2026/03/04 09:15:02 [error] 31#31: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7,` +
			` server: egress.example.com, request: "GET /v2/vehicles/9 HTTP/1.1", upstream: "https://198.51.100.4:443/v2/vehicles/9", host: "api.example.com"`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newNginxError(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: func(cfg *Config) lineParser { return newNginxError(cfg) },
	stray: nginxErrorLike,
	loose: true, // what applications write over FastCGI spans lines
}

// nginxError parses one line after the other; it belongs to one goroutine.
type nginxError struct{ combined }

func newNginxError(cfg *Config) *nginxError { return &nginxError{*newCombined(cfg)} }

func nginxErrorLike(b []byte) bool {
	return len(b) > 28 && b[4] == '/' && b[7] == '/' && b[10] == ' ' && b[13] == ':' && b[19] == ' ' && b[20] == '[' && b[0]-'0' <= 9
}

// Marks of the pairs behind the message, in the order in which nginx writes
// them.
var (
	nginxClient   = []byte(", client: ")
	nginxServer   = []byte(", server: ")
	nginxRequest  = []byte(`, request: "`)
	nginxUpstream = []byte(`, upstream: "`)
	nginxHost     = []byte(`, host: "`)
	nginxReferrer = []byte(`, referrer: "`)
	nginxSub      = []byte(`, subrequest: "`)
)

// parse reads
//
//	date time [level] pid#tid: *cid message, client: a, server: s, request: "r", upstream: "u", host: "h", referrer: "f"
func (p *nginxError) parse(line []byte, d *record.Draft) record.Reason {
	if !nginxErrorLike(line) {
		return record.RejectSyntax
	}
	shut := bytes.IndexByte(line, ']')
	if shut < 0 {
		return record.RejectSyntax
	}
	level := line[21:shut]
	message := trimSpace(line[shut+1:])
	pid, rest, found := bytes.Cut(message, []byte{'#'})
	if _, ok := number(pid); !ok || !found {
		return record.RejectSyntax
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.slashed(line[:19]); !ok {
		return record.RejectTime
	}
	_, message, _ = bytes.Cut(rest, []byte(": "))
	if len(message) > 0 && message[0] == '*' {
		_, message = word(message)
	}
	at := nginxPairs(message)
	if at < 0 {
		return record.IgnoreNoHTTP
	}
	p.begin(nil) // the error log escapes nothing
	pairs := message[at:]
	message = message[:at]
	failed := upstreamFailed(level, message)
	upstream := p.pairs(pairs, d)
	switch {
	case len(d.Target) == 0 && failed && len(upstream) == 0:
		return record.RejectTruncated // what failed always stands behind
	case len(d.Target) == 0 && !failed:
		return record.IgnoreNoHTTP
	case repeated(message):
		return record.IgnoreContinued
	}
	outbound := p.upstream(upstream, d)
	if name, _, found := bytes.Cut(message, []byte(" could not be resolved")); found && len(upstream) == 0 && isHostName(name) {
		p.upstream(name, d)
	}
	if failed {
		d.Status, d.Failure = 0, message
	}
	setDirection(p.bindings, d, outbound || failed && len(upstream) == 0)
	return ""
}

// nginxPairs finds where the message ends: before the first client that is an
// address. A socket's client is "unix:".
func nginxPairs(b []byte) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], nginxClient)
		if i < 0 {
			return -1
		}
		from += i + len(nginxClient)
		client, _, _ := bytes.Cut(b[from:], []byte{','})
		if isIP(client) || bytes.HasPrefix(client, []byte("unix:")) {
			return from - len(nginxClient)
		}
	}
}

// pairs reads the pairs behind the message and returns the upstream's URL.
func (p *nginxError) pairs(b []byte, d *record.Draft) (upstream []byte) {
	client, b, _ := bytes.Cut(b[len(nginxClient):], []byte{','})
	if isIP(client) {
		d.Client = client
	}
	var server []byte
	if b = trimSpace(b); bytes.HasPrefix(b, nginxServer[2:]) {
		b = b[len(nginxServer)-2:]
		if i := bytes.IndexByte(b, ','); i >= 0 {
			server, b = b[:i], b[i:]
		} else {
			server, b = b, nil
		}
	}
	if i := bytes.Index(b, nginxRequest); i >= 0 {
		request := b[i+len(nginxRequest):]
		end := pairEnd(request, nginxSub, nginxUpstream, nginxHost, nginxReferrer)
		p.request(request[:end], d)
		b = request[end:]
	}
	if v := quotedPair(b, nginxReferrer); len(v) > 0 {
		d.Referer = v
	}
	if host := quotedPair(b, nginxHost, nginxReferrer); len(host) > 0 && bytes.IndexByte(host, ' ') < 0 {
		if len(d.Host) == 0 {
			d.Host = p.arena.host(host)
		}
	} else if isHostName(server) && len(d.Host) == 0 {
		d.Host = p.arena.host(server)
	}
	return quotedPair(b, nginxUpstream, nginxHost, nginxReferrer)
}

// quotedPair is the value of a pair: up to the quote before one of the next
// pairs, since a quote inside stays as it is.
func quotedPair(b, mark []byte, next ...[]byte) []byte {
	i := bytes.Index(b, mark)
	if i < 0 {
		return nil
	}
	b = b[i+len(mark):]
	return b[:pairEnd(b, next...)]
}

// pairEnd is where the quoted value ends that b begins with.
func pairEnd(b []byte, next ...[]byte) int {
	end := -1
	for _, mark := range next {
		i := bytes.Index(b, mark)
		if i > 0 && b[i-1] == '"' && (end < 0 || i-1 < end) {
			end = i - 1
		}
	}
	if end >= 0 {
		return end
	}
	if i := bytes.IndexByte(b, '"'); i >= 0 {
		return i
	}
	return len(b)
}

// upstream takes the upstream and reports whether it may be somebody else's:
// FastCGI and its like, and sockets, are applications of our own.
func (p *nginxError) upstream(url []byte, d *record.Draft) bool {
	if len(url) == 0 {
		return false
	}
	d.UpstreamHost = authority(url)
	if p.bindings != nil {
		if h := p.arena.host(d.UpstreamHost); p.bindings.Pack(h, d.Path) != "" {
			d.Host = h
		}
	}
	if bytes.HasPrefix(d.UpstreamHost, []byte("unix:")) {
		return false
	}
	scheme, _, found := bytes.Cut(url, []byte("://"))
	if !found {
		return true
	}
	switch string(scheme) {
	case "fastcgi", "uwsgi", "scgi", "memcached":
		return false
	}
	return true
}

// upstreamPhases are what nginx was doing when an upstream failed it.
var upstreamPhases = [][]byte{
	[]byte("while connecting to upstream"),
	[]byte("while SSL handshaking to upstream"),
	[]byte("while reading response header from upstream"),
	[]byte("while reading upstream"),
	[]byte("while sending request to upstream"),
	[]byte("while proxying upgraded connection"),
	[]byte("while proxying connection"),
	[]byte("could not be resolved"),
	[]byte("no live upstreams"),
}

// upstreamFailed tells the messages about an upstream that failed from those
// about the request and about a client that left.
func upstreamFailed(level, message []byte) bool {
	switch string(level) {
	case "error", "crit", "alert", "emerg":
	default:
		return false
	}
	if bytes.Contains(message, []byte("client prematurely closed")) || bytes.Contains(message, []byte("client closed")) ||
		bytes.HasPrefix(message, []byte("FastCGI sent in stderr")) {
		return false
	}
	for _, phase := range upstreamPhases {
		if bytes.Contains(message, phase) {
			return true
		}
	}
	return false
}

// repeated tells what nginx says once more about an attempt whose failure has
// its own line.
func repeated(message []byte) bool {
	return bytes.HasPrefix(message, []byte("upstream server temporarily disabled"))
}
