package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// haproxyFormat is HAProxy's log in its HTTP, HTTPS and TCP forms, behind
// whatever syslog puts in front.
var haproxyFormat = format{
	info: FormatInfo{
		Name:  formatHAProxy,
		About: "HAProxy's HTTP, HTTPS and TCP logs (timers, termination state, captured headers)",
		Sample: `Mar  4 09:15:02 edge haproxy[7]: 203.0.113.7:38862 [04/Mar/2026:09:15:02.118] egress~ vendors/eu1 0/0/9/201/212 429 187 - - ----` +
			` 6/6/0/0/0 0/0 {api.example.com|fleet/2.1} "GET /v2/vehicles/9 HTTP/1.1"`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newHAProxy(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: func(cfg *Config) lineParser { return newHAProxy(cfg) },
	stray: func(line []byte) bool { return haproxyTime(line) > 0 || bytes.Contains(line, haproxyTag) },
}

// haproxyTag is how HAProxy names itself to syslog.
var haproxyTag = []byte("haproxy[")

// haproxy parses one line after the other; it belongs to one goroutine.
type haproxy struct{ combined }

func newHAProxy(cfg *Config) *haproxy { return &haproxy{*newCombined(cfg)} }

// haproxyTimeLen is the length of "[04/Mar/2026:09:15:02.118]".
const haproxyTimeLen = 26

// haproxyTime finds the bracket of the time, which has milliseconds and no
// zone; -1 where there is none.
func haproxyTime(b []byte) int {
	open := openTime(b)
	if open < 0 || len(b) < open+haproxyTimeLen+2 || b[open+3] != '/' || b[open+21] != '.' || b[open+haproxyTimeLen-1] != ']' {
		return -1
	}
	return open
}

// parse reads
//
//	client:port [time] frontend backend/server timers …
//
// The time is that of the start.
func (p *haproxy) parse(line []byte, d *record.Draft) record.Reason {
	open := haproxyTime(line)
	if open < 0 {
		if bytes.Contains(line, haproxyTag) {
			return record.IgnoreNoHTTP // it speaks of itself: servers up and down, starts and stops
		}
		return record.RejectSyntax
	}
	_, client := lastWord(line[:open])
	rest := trimSpace(line[open+haproxyTimeLen:])
	if bytes.IndexByte(client, ':') < 0 || len(rest) == 0 || rest[0] == '"' {
		return record.RejectSyntax
	}
	frontend, rest := word(rest)
	if frontend[len(frontend)-1] == ':' { // a connection that never got to a request, and why
		return record.IgnoreNoHTTP
	}
	server, rest := word(rest)
	timers, rest := word(rest)
	if bytes.IndexByte(server, '/') < 0 {
		return record.RejectSyntax
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.commonLog(line[open+1 : open+haproxyTimeLen-1]); !ok {
		return record.RejectTime
	}
	p.begin(nil) // HAProxy writes #22 for a quote, and a backslash means itself
	if isCaller(client) {
		d.Client = callerAddress(client)
	}
	p.took(timers, d)
	var reason record.Reason
	switch bytes.Count(timers, []byte{'/'}) {
	case 4:
		reason = p.http(rest, server, d)
	case 2:
		reason = p.tcp(rest, server, d)
	default:
		return record.RejectTruncated
	}
	if reason == "" && d.DurationNS >= 0 {
		d.LoggedNS = d.TimeNS
		d.TimeNS += d.DurationNS
	}
	return reason
}

// took takes the total, which is the last of the timers. With a plus it was
// logged when the answer began.
func (p *haproxy) took(timers []byte, d *record.Draft) {
	total := timers[bytes.LastIndexByte(timers, '/')+1:]
	if ms, ok := number(bytes.TrimPrefix(total, []byte{'+'})); ok && ms < maxMilliseconds {
		d.DurationNS = ms * 1e6
	}
}

// http reads "status bytes cookie cookie state conns queues {…} {…} request".
func (p *haproxy) http(b, server []byte, d *record.Draft) record.Reason {
	status, b := word(b)
	size, b := word(b)
	_, b = word(b)
	_, b = word(b)
	state, b := word(b)
	_, b = word(b)
	_, b = word(b)
	switch n, ok := number(status); {
	case len(state) != 4 || len(b) == 0:
		return record.RejectTruncated
	case string(status) == "-1":
		d.Status = 0
	case !ok || n > 999 || n < 100:
		return record.RejectStatus
	default:
		d.Status = int(n)
	}
	if n, ok := number(size); ok { // with a plus the rest was still to come
		d.Bytes = n
	}
	b = p.captures(b, d)
	if len(b) > 0 && b[0] == '"' {
		// A long request is cut off without a closing quote.
		b = b[1:]
		tail := b[len(b):]
		if end := bytes.IndexByte(b, '"'); end >= 0 {
			b, tail = b[:end], b[end+1:]
		}
		if string(b) != "<BADREQ>" {
			p.request(b, d)
		}
		p.tlsName(tail, d)
	}
	p.who(server, state, d)
	return ""
}

// captures reads the header fields that were captured: {request} {response},
// both optional. Their order is the operator's own, so a host and a user agent
// are told by their shape.
func (p *haproxy) captures(b []byte, d *record.Draft) []byte {
	for n := 0; n < 2 && len(b) > 0 && b[0] == '{'; n++ {
		end := bytes.Index(b, []byte("} {"))
		if end < 0 || n > 0 {
			end = bytes.Index(b, []byte(`} "`))
		}
		if end < 0 {
			return nil
		}
		values := b[1:end]
		b = b[end+2:]
		for more := n == 0; more; {
			var v []byte
			v, values, more = bytes.Cut(values, []byte{'|'})
			switch {
			case len(d.Host) == 0 && isHostName(v):
				d.Host = p.arena.host(v)
			case len(d.UserAgent) == 0 && isProduct(v):
				d.UserAgent = v
			}
		}
	}
	return b
}

// isProduct tells a user agent: name/version.
func isProduct(b []byte) bool {
	slash := bytes.IndexByte(b, '/')
	if slash <= 0 || slash+1 == len(b) || b[slash+1]-'0' > 9 {
		return false
	}
	for _, c := range b[:slash] {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// tlsName reads what the HTTPS form appends: errors, then name/version/cipher.
func (p *haproxy) tlsName(b []byte, d *record.Draft) {
	_, b = word(b)
	tls, _ := word(b)
	name, _, found := bytes.Cut(tls, []byte{'/'})
	if found && len(d.Host) == 0 && isHostName(name) {
		d.Host = p.arena.host(name)
	}
}

// tcp reads "bytes state conns queues". A tunnel says nothing about what was
// answered inside; only one that never came about is a failure.
func (p *haproxy) tcp(b, server []byte, d *record.Draft) record.Reason {
	size, b := word(b)
	state, b := word(b)
	if len(state) != 2 || len(b) == 0 {
		return record.RejectTruncated
	}
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	if (state[0] == 'S' || state[0] == 's') && (state[1] == 'C' || state[1] == 'Q') {
		d.Status = 0
	}
	p.who(server, state, d)
	return ""
}

// who says who answered. A server name in angle brackets means that none was
// reached: then it was HAProxy itself, because no server could be had (an S
// in the state), or because its own rules, or the client, ended it.
func (p *haproxy) who(server, state []byte, d *record.Draft) {
	name := server[bytes.IndexByte(server, '/')+1:]
	reached := len(name) > 0 && name[0] != '<'
	if reached {
		d.UpstreamHost = server
		if p.bindings != nil && p.bindings.Pack(name, d.Path) != "" {
			d.Host = p.arena.host(name)
		}
	}
	if d.Status == 0 {
		d.Failure = p.failure(state)
	}
	ours := state[0] == 'P' || state[0] == 'L' || state[0] == 'C' || state[0] == 'c'
	setDirection(p.bindings, d, reached || !ours || len(d.Scheme) > 0)
	if !reached && ours && d.Direction == record.Outbound {
		d.Direction = record.Inbound
	}
}

// haproxyEvents say in words what ended a session and in which phase.
var haproxyEvents = map[[2]byte]string{
	{'S', 'C'}: "connection refused by the server",
	{'s', 'C'}: "timeout connecting to the server",
	{'s', 'Q'}: "timeout waiting for a free server",
	{'S', 'Q'}: "no server could take the request",
	{'S', 'H'}: "connection reset by the server before its answer",
	{'s', 'H'}: "timeout waiting for the server's answer",
	{'S', 'D'}: "connection reset by the server during its answer",
	{'s', 'D'}: "timeout during the server's answer",
	{'c', 'R'}: "timeout waiting for the client's request",
	{'P', 'C'}: "refused by the proxy's own limit",
}

// failure is the state in words, with the state itself behind them.
func (p *haproxy) failure(state []byte) []byte {
	words := haproxyEvents[[2]byte{state[0], state[1]}]
	switch {
	case words != "":
	case state[0] == 'C' || state[0] == 'c':
		words = "client disconnected"
	default:
		words = "no answer"
	}
	a := &p.arena
	start := len(a.buf)
	a.buf = append(a.buf, words...)
	a.buf = append(a.buf, " ("...)
	a.buf = append(a.buf, state...)
	a.buf = append(a.buf, ')')
	return a.buf[start:len(a.buf):len(a.buf)]
}
