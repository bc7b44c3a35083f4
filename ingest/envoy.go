package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// envoyFormat is the default text log of Envoy and that of Istio, which has
// columns in the middle and at the end that other releases lack.
var envoyFormat = format{
	info: FormatInfo{
		Name:  "envoy",
		About: "Envoy and Istio access logs in their default text form (sidecars, gateways, Ambassador, Contour)",
		Sample: `[2026-03-04T09:15:02.118Z] "GET /v2/vehicles/9?fields=odometer HTTP/1.1" 429 - via_upstream - "-" 0 187 212 211 "-" "fleet/2.1"` +
			` "0b6f2a51-6a37-4c28-9d1e-3c7a1f5e8b90" "api.example.com" "203.0.113.7:443" outbound|443||api.example.com 10.0.0.9:41122 10.0.0.9:443 10.0.0.9:59970 - default`,
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, isEnvoy) {
			return 0, ""
		}
		return scoreLines(sample, newEnvoyLines(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newEnvoyLines(cfg) },
	stray: isEnvoy,
}

// anyLine reports whether one of a sample's lines begins like one of a format.
func anyLine(sample []byte, begins func([]byte) bool) bool {
	for n := 0; len(sample) > 0 && n < sampleLinesMax; n++ {
		if begins(sample) {
			return true
		}
		i := bytes.IndexByte(sample, '\n')
		if i < 0 {
			return false
		}
		sample = sample[i+1:]
	}
	return false
}

// ambassadorWord stands before the lines of Ambassador.
const ambassadorWord = "ACCESS "

// isEnvoy looks for "[2026-".
func isEnvoy(line []byte) bool {
	if len(line) > len(ambassadorWord) && line[0] == 'A' && string(line[:len(ambassadorWord)]) == ambassadorWord {
		line = line[len(ambassadorWord):]
	}
	return len(line) > 24 && line[0] == '[' && line[5] == '-' && line[1]-'0' <= 9
}

// envoyLines parses one line after the other; it belongs to one goroutine. It
// borrows clock, arena and bindings.
type envoyLines struct {
	combined
	row envoyRow
}

// envoyRow is what a line holds besides the fields of an exchange.
type envoyRow struct {
	flags   []byte // of the response: who broke it off, and why
	details []byte // Istio: what Envoy says about the status
	reason  []byte // Istio: why no connection came about
	cluster []byte // Istio
	sni     []byte // Istio: the name that the TLS handshake asked for
	tunnel  bool   // a TCP connection, of which Envoy sees no request
}

func newEnvoyLines(cfg *Config) *envoyLines {
	return &envoyLines{combined: combined{bindings: cfg.Bindings, clock: newClock(cfg)}}
}

func (p *envoyLines) columns() []string { return nil }

// parse reads
//
//	[start] "method path protocol" status flags [details termination "reason"] received sent duration upstream-time
//	"forwarded-for" "agent" "request id" "authority" "upstream" [cluster local local remote sni route]
func (p *envoyLines) parse(line []byte, d *record.Draft) record.Reason {
	if !isEnvoy(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.row = envoyRow{}
	if line[0] != '[' {
		line = line[len(ambassadorWord):]
	}
	shut := bytes.IndexByte(line[:min(len(line), 48)], ']')
	if shut < 0 || len(line) < shut+3 || line[shut+1] != ' ' || line[shut+2] != '"' {
		return record.RejectSyntax
	}
	ns, digits, timed := p.clock.iso(line[1:shut])
	rest, reason := p.answer(line[shut+3:], d)
	if reason != "" {
		return reason
	}
	if !timed {
		return record.RejectTime
	}
	if rest, reason = p.middle(rest, d); reason != "" {
		return reason
	}
	if rest, reason = p.quoted(rest, d); reason != "" {
		return reason
	}
	d.LoggedNS, d.TimeNS, d.TimeDigits = ns, ns+max(d.DurationNS, 0), digits
	outbound := p.mesh(rest, d)
	p.outcome(d)
	setDirection(p.bindings, d, outbound)
	return ""
}

// answer reads the request, behind its opening quote, the status and the
// flags. Envoy escapes nothing: a quote ends the request only before a status.
func (p *envoyLines) answer(b []byte, d *record.Draft) ([]byte, record.Reason) {
	end := 0
	for {
		i := bytes.IndexByte(b[end:], '"')
		if i < 0 {
			return nil, record.RejectTruncated
		}
		if end += i; len(b) > end+2 && b[end+1] == ' ' && (b[end+2]-'0' <= 9 || b[end+2] == '-') {
			break
		}
		end++
	}
	if !p.requestLine(b[:end], d) {
		return nil, record.RejectSyntax
	}
	b = b[end+2:]
	i, status := 0, 0
	for i < len(b) && i < 4 && b[i]-'0' <= 9 {
		status = status*10 + int(b[i]-'0')
		i++
	}
	switch {
	case i == 0 && len(b) > 1 && b[0] == '-':
		i, status = 1, record.Absent
	case i > 3 || status > 0 && status < 100:
		return nil, record.RejectStatus
	}
	if i+1 >= len(b) {
		return nil, record.RejectTruncated
	}
	if b[i] != ' ' {
		return nil, record.RejectSyntax
	}
	d.Status = status
	b = b[i+1:]
	end = bytes.IndexByte(b, ' ')
	if end < 0 {
		return nil, record.RejectTruncated
	}
	if !isFlags(b[:end]) {
		return nil, record.RejectSyntax
	}
	if b[0] != '-' {
		p.row.flags = b[:end]
	}
	return b[end+1:], ""
}

// isFlags reports whether b is "-" or a list such as "UF,URX".
func isFlags(b []byte) bool {
	if len(b) == 1 && b[0] == '-' {
		return true
	}
	for _, c := range b {
		if (c < 'A' || c > 'Z') && c != ',' && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return len(b) > 0
}

// requestLine reads "GET /path HTTP/2", of which each may be a dash.
func (p *envoyLines) requestLine(b []byte, d *record.Draft) bool {
	last := len(b) - 1
	for last >= 0 && b[last] != ' ' {
		last--
	}
	first := bytes.IndexByte(b, ' ')
	if first <= 0 || first == last {
		return false
	}
	method, target, protocol := b[:first], b[first+1:last], b[last+1:]
	if len(method) > 1 || method[0] != '-' {
		if !isMethod(method) {
			return false
		}
		d.Method = method
	}
	if len(target) > 1 || len(target) == 1 && target[0] != '-' {
		p.arena.setTarget(d, target)
	}
	switch {
	case len(protocol) > 5 && string(protocol[:5]) == "HTTP/":
		d.HTTPVersion = protocol[5:]
	case len(protocol) != 1 || protocol[0] != '-':
		return false
	}
	p.row.tunnel = len(d.Method) == 0 && len(d.Target) == 0 && len(d.HTTPVersion) == 0
	return true
}

// middle reads up to the four numbers. What stands before them depends on the
// release, so it is told by its shape.
func (p *envoyLines) middle(b []byte, d *record.Draft) ([]byte, record.Reason) {
	for len(b) > 0 {
		var w []byte
		switch c := b[0]; {
		case c-'0' <= 9:
			if rest, ok := envoyNumbers(b, d); ok {
				return rest, ""
			}
			w = p.skipWord(b)
		case c == '"':
			end := bytes.IndexByte(b[1:], '"')
			if end < 0 {
				return nil, record.RejectTruncated
			}
			w = b[:end+2]
			if end > 1 || b[1] != '-' {
				p.row.reason = b[1 : end+1]
			}
		default:
			w = p.skipWord(b)
			if len(p.row.details) == 0 && (len(w) > 1 || w[0] != '-') {
				p.row.details = w
			}
		}
		b = trimSpace(b[len(w):])
	}
	return nil, record.RejectTruncated
}

func (p *envoyLines) skipWord(b []byte) []byte {
	if i := bytes.IndexByte(b, ' '); i > 0 {
		return b[:i]
	}
	return b
}

// durationMaxMS is the longest duration that fits into nanoseconds.
const durationMaxMS = 1 << 62 / int64(1e6)

// envoyNumbers reads "received sent duration upstream-time" with a blank and a
// quote behind. Received and sent are always numbers.
func envoyNumbers(b []byte, d *record.Draft) ([]byte, bool) {
	var numbers [4]int64
	for n := range numbers {
		i, value := 0, int64(0)
		for i < len(b) && i < 18 && b[i]-'0' <= 9 {
			value = value*10 + int64(b[i]-'0')
			i++
		}
		if i == 0 {
			if n < 2 || len(b) == 0 || b[0] != '-' {
				return nil, false
			}
			i, value = 1, record.Absent
		}
		if i >= len(b) || b[i] != ' ' {
			return nil, false
		}
		numbers[n] = value
		b = b[i+1:]
	}
	if len(b) == 0 || b[0] != '"' {
		return nil, false
	}
	d.Bytes = numbers[1]
	if ms := numbers[2]; ms >= 0 && ms < durationMaxMS {
		d.DurationNS = ms * 1e6
	}
	return b, true
}

// The quoted columns behind the numbers.
const (
	envoyForwardedFor = iota
	envoyAgent
	envoyRequestID
	envoyAuthority
	envoyUpstream
	envoyQuotedCount
)

// quoted reads the five quoted columns. b begins with a quote.
func (p *envoyLines) quoted(b []byte, d *record.Draft) ([]byte, record.Reason) {
	var columns [envoyQuotedCount][]byte
	rest, ok := quotedForward(b, &columns)
	if !ok {
		if rest, ok = quotedBothEnds(b, &columns); !ok {
			return nil, record.RejectTruncated
		}
	}
	for i := range columns {
		if len(columns[i]) == 1 && columns[i][0] == '-' {
			columns[i] = nil
		}
	}
	if v := columns[envoyForwardedFor]; len(v) > 0 {
		d.Client = firstAddress(v)
	}
	d.UserAgent = columns[envoyAgent]
	d.RequestID = columns[envoyRequestID]
	if v := columns[envoyAuthority]; len(v) > 0 {
		if d.Host = plainHost(v); len(d.Host) == 0 {
			d.Host = p.arena.host(v)
		}
	}
	d.UpstreamHost = columns[envoyUpstream]
	return rest, ""
}

// quotedForward takes each quote for the end of a column. It fails where that
// cannot be: where more quotes follow, and what would be an id, an authority or
// an address has blanks.
func quotedForward(b []byte, columns *[envoyQuotedCount][]byte) ([]byte, bool) {
	for n := range columns {
		if len(b) == 0 || b[0] != '"' {
			return nil, false
		}
		end := 0
		switch {
		case len(b) > 3 && b[1] == '-' && b[2] == '"' && b[3] == ' ':
			b = b[4:]
			continue
		case n == envoyRequestID && isQuotedUUID(b):
			end = uuidLength + 1
		default:
			end = bytes.IndexByte(b[1:], '"') + 1
		}
		if end == 0 || len(b) > end+1 && b[end+1] != ' ' {
			return nil, false
		}
		columns[n] = b[1:end]
		b = b[min(end+2, len(b)):]
	}
	if len(b) > 0 && bytes.IndexByte(b, '"') >= 0 {
		for _, column := range columns[envoyRequestID:] {
			if bytes.IndexByte(column, ' ') >= 0 {
				return nil, false
			}
		}
	}
	return b, true
}

const uuidLength = 36

// isQuotedUUID reports whether b begins with what has the shape of a UUID in
// quotes, as the ids that Envoy makes have.
func isQuotedUUID(b []byte) bool {
	return len(b) > uuidLength+1 && b[uuidLength+1] == '"' && b[9] == '-' && b[14] == '-' && b[19] == '-' && b[24] == '-'
}

// quotedBothEnds reads columns of which the user agent holds quotes: one
// column from the left, three from the right, and the rest is the agent.
func quotedBothEnds(b []byte, columns *[envoyQuotedCount][]byte) ([]byte, bool) {
	between := []byte(`" "`)
	end := bytes.LastIndexByte(b, '"')
	if end < 1 || end+1 < len(b) && b[end+1] != ' ' {
		return nil, false
	}
	rest := b[min(end+2, len(b)):]
	text := b[1:end]
	for n := envoyUpstream; n > envoyAgent; n-- {
		i := bytes.LastIndex(text, between)
		if i < 0 || bytes.IndexByte(text[i+3:], ' ') >= 0 {
			return nil, false
		}
		columns[n], text = text[i+3:], text[:i]
	}
	i := bytes.Index(text, between)
	if i < 0 {
		return nil, false
	}
	columns[envoyForwardedFor], columns[envoyAgent] = text[:i], text[i+3:]
	return rest, true
}
