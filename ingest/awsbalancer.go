package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// albFormat is the access log of AWS application load balancers. Columns were
// appended over the years.
var albFormat = format{
	info: FormatInfo{
		Name:  "alb",
		About: "AWS application load balancer access logs",
		Sample: `https 2026-03-04T09:15:02.118301Z app/fleet/0123456789abcdef 203.0.113.7:40909 10.0.0.1:8080 0.001 0.212 0.000 429 429 134 187` +
			` "GET https://api.example.com:443/v2/vehicles/9 HTTP/2.0" "fleet/2.1" TLS_AES_128_GCM_SHA256 TLSv1.3 -` +
			` "Root=1-69a7f7d6-0123456789abcdef01234567" "api.example.com" "-" 1 2026-03-04T09:15:01.905000Z "forward" "-" "-" "10.0.0.1:8080" "429" "-" "-"`,
	},
	score: balancerScore(isALB, newALBLines),
	lines: newALBLines,
	stray: isALB,
}

// elbFormat is the access log of AWS classic load balancers.
var elbFormat = format{
	info: FormatInfo{
		Name:  "elb",
		About: "AWS classic load balancer access logs",
		Sample: `2026-03-04T09:15:02.118301Z fleet-prod 203.0.113.7:40909 10.0.0.1:8080 0.000073 0.212048 0.000057 429 429 0 187` +
			` "GET https://api.example.com:443/v2/vehicles/9 HTTP/1.1" "fleet/2.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2`,
	},
	score: balancerScore(isELB, newELBLines),
	lines: newELBLines,
	stray: isELB,
}

// nlbFormat is the TLS log of AWS network load balancers, which see no request.
var nlbFormat = format{
	info: FormatInfo{
		Name:   "nlb",
		About:  "AWS network load balancer TLS logs: connections, no requests",
		Sample: `tls 2.0 2026-03-04T09:15:02 net/fleet/0123 4567 203.0.113.7:51341 10.0.0.1:443 12 - 98 0 40 - - - - - api.example.com - - - -`,
	},
	score: balancerScore(isNLB, newNLBLines),
	lines: newNLBLines,
	stray: isNLB,
}

// balancerScore looks at how the lines begin before it reads them.
func balancerScore(begins func([]byte) bool, lines func(*Config) lineParser) func([]byte) (float64, string) {
	return func(sample []byte) (float64, string) {
		if !anyLine(sample, begins) {
			return 0, ""
		}
		return scoreLines(sample, lines(sampleConfig()), func(r record.Reason) bool { return r == "" })
	}
}

// isoTextBytes is the length of the shortest time, "2026-03-04T09:15:02Z".
const isoTextBytes = 20

// startsISO reports whether b begins with a date and the T of a time.
func startsISO(b []byte) bool {
	return len(b) >= isoTextBytes && b[4] == '-' && b[7] == '-' && b[10] == 'T' && b[13] == ':' && b[0]-'0' <= 9
}

func isALB(line []byte) bool {
	end := bytes.IndexByte(line[:min(len(line), 8)], ' ')
	if end < 0 {
		return false
	}
	switch string(line[:end]) {
	case "http", "https", "h2", "grpcs", "ws", "wss":
		return startsISO(line[end+1:])
	}
	return false
}

func isELB(line []byte) bool {
	if !startsISO(line) {
		return false
	}
	// The time is followed by the balancer's name and an address with a port.
	_, rest := word(line)
	_, rest = word(rest[:min(len(rest), 512)])
	client, rest := word(rest)
	return isIP(client) && bytes.IndexByte(client, ':') > 0 && len(rest) > 0
}

func isNLB(line []byte) bool {
	return len(line) > 8+isoTextBytes-1 && string(line[:4]) == "tls " && line[5] == '.' && line[7] == ' ' && line[12] == '-' && line[18] == 'T'
}

// balancerLines parses one line after the other; it belongs to one goroutine.
// It borrows clock, arena, bindings and the reading of a request.
type balancerLines struct {
	combined
	typed bool // a word for the protocol stands first
}

func newALBLines(cfg *Config) lineParser { return newBalancerLines(cfg, true) }
func newELBLines(cfg *Config) lineParser { return newBalancerLines(cfg, false) }

func newBalancerLines(cfg *Config, typed bool) *balancerLines {
	return &balancerLines{combined: combined{bindings: cfg.Bindings, clock: newClock(cfg)}, typed: typed}
}

func (p *balancerLines) columns() []string { return nil }

// balancerHead are the columns up to the request, without the word for the
// protocol.
const (
	balancerTime = iota
	balancerName
	balancerClient
	balancerTarget
	balancerRequestTime
	balancerTargetTime
	balancerResponseTime
	balancerStatus
	balancerTargetStatus
	balancerReceived
	balancerSent
	balancerHeadCount
)

// parse reads
//
//	[type] time name client:port target:port 3×seconds status target-status received sent "request" ["agent" cipher protocol
//	[target-group "trace" "domain" "certificate" priority created "actions" "redirect" "error" …]]
//
// The time is when the response was sent.
func (p *balancerLines) parse(line []byte, d *record.Draft) record.Reason {
	b := line
	if p.typed {
		if !isALB(line) {
			return record.RejectSyntax
		}
		b = line[bytes.IndexByte(line, ' ')+1:]
	} else if !isELB(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.escaped = bytes.IndexByte(line, '\\') >= 0
	var head [balancerHeadCount][]byte
	for i := range head {
		end := bytes.IndexByte(b, ' ')
		if end < 0 {
			return record.RejectTruncated
		}
		head[i], b = b[:end], b[end+1:]
	}
	if len(b) == 0 {
		return record.RejectTruncated
	}
	ns, digits, ok := p.clock.iso(head[balancerTime])
	switch {
	case b[0] != '"':
		return record.RejectSyntax
	case !ok:
		return record.RejectTime
	}
	d.TimeNS, d.TimeDigits = ns, digits
	if !p.head(&head, d) {
		return record.RejectStatus
	}
	end := p.closingQuote(b)
	for end > 0 && end+1 < len(b) && b[end+1] != ' ' { // a bare quote inside the request
		next := p.closingQuote(b[end:])
		if next < 0 {
			return record.RejectTruncated
		}
		end += next
	}
	if end < 0 {
		return record.RejectTruncated
	}
	p.balancedRequest(b[1:end], d)
	if p.tail(b[min(end+2, len(b)):], d) {
		setDirection(p.bindings, d, false)
		return ""
	}
	return record.RejectTruncated
}

// head reads the columns before the request; it is false where the status is
// none.
func (p *balancerLines) head(head *[balancerHeadCount][]byte, d *record.Draft) bool {
	if status := head[balancerStatus]; string(status) != "-" {
		n, ok := number(status)
		if !ok || n < 100 || n > 999 {
			return false
		}
		d.Status = int(n)
	}
	d.Client = withoutLastPort(head[balancerClient])
	d.UpstreamHost = notDash(head[balancerTarget])
	if status := notDash(head[balancerTargetStatus]); string(status) != "0" { // ELB: nothing was registered to ask
		d.UpstreamStatus = status
	}
	if n, ok := number(head[balancerSent]); ok {
		d.Bytes = n
	}
	// -1 is a phase that was not reached: the whole then has no length.
	var sum int64
	for _, v := range head[balancerRequestTime : balancerResponseTime+1] {
		ns, ok := decimalNS(v, secondNS)
		if !ok || sum > 1<<62-ns {
			return true
		}
		sum += ns
	}
	d.DurationNS = sum
	return true
}

// notDash is b, or nothing for "-".
func notDash(b []byte) []byte {
	if len(b) == 1 && b[0] == '-' {
		return nil
	}
	return b
}

// balancedRequest reads the request. What could not be read as one is written
// as "- http://host:80- -", a TCP connection as "- - - ".
func (p *balancerLines) balancedRequest(b []byte, d *record.Draft) {
	rest, nameless := bytes.CutPrefix(b, []byte("- "))
	if !nameless {
		p.request(b, d)
		return
	}
	url, _ := word(rest)
	if url = notDash(url); len(url) > 0 {
		// No setTarget: the "-" behind the port belongs to none of its parts.
		d.Target = p.unescape(url)
		if i := bytes.Index(d.Target, []byte("://")); i > 0 {
			d.Scheme, d.Host = p.arena.lower(d.Target[:i]), p.arena.host(d.Target[i+3:])
		}
	}
}

// The columns behind the request.
const (
	balancerAgent        = 0
	balancerTrace        = 4
	balancerErrorReason  = 11
	balancerTailTyped    = 5 // an application load balancer has at least these
	balancerTraceElement = "Root="
)

// tail reads the columns behind the request; it is false where one is cut off.
func (p *balancerLines) tail(b []byte, d *record.Draft) bool {
	n, read := 0, balancerTailTyped
	if d.Status >= 400 { // only these have an error reason
		read = balancerErrorReason + 1
	}
	for ; n < read && len(b) > 0; n++ {
		value := b
		if b[0] == '"' {
			end := p.closingQuote(b)
			for end > 0 && end+1 < len(b) && b[end+1] != ' ' {
				next := p.closingQuote(b[end:])
				if next < 0 {
					return false
				}
				end += next
			}
			if end < 0 {
				return false
			}
			value, b = b[1:end], b[min(end+2, len(b)):]
		} else if end := bytes.IndexByte(b, ' '); end >= 0 {
			value, b = b[:end], b[end+1:]
		} else {
			b = nil
		}
		if len(value) == 0 || len(value) == 1 && value[0] == '-' {
			continue
		}
		switch n {
		case balancerAgent:
			d.UserAgent = p.unescape(value)
		case balancerTrace:
			d.TraceID = rootOf(value)
		case balancerErrorReason:
			// The balancer made the answer itself; this is why.
			d.Failure = value
		}
	}
	return !p.typed || n >= balancerTailTyped
}

// rootOf is the id within "Self=…;Root=1-…;Sampled=1".
func rootOf(b []byte) []byte {
	i := 0
	if !bytes.HasPrefix(b, []byte(balancerTraceElement)) {
		if i = bytes.Index(b, []byte(balancerTraceElement)); i < 0 {
			return nil
		}
	}
	b = b[i+len(balancerTraceElement):]
	if end := bytes.IndexByte(b, ';'); end >= 0 {
		b = b[:end]
	}
	return b
}
