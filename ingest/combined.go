package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// combinedFormat is the access log of nginx and Apache: common and combined,
// with a virtual host in front, and with whatever columns people append.
var combinedFormat = format{
	info: FormatInfo{
		Name:  "combined",
		About: "nginx and Apache access logs (common, combined, vhost first, upstream and request id columns behind)",
		Sample: `203.0.113.7 - - [04/Mar/2026:09:15:02 +0000] "GET /v2/vehicles/9?fields=odometer HTTP/1.1" 429 187 "-" "fleet/2.1"` +
			` "api.example.com" rt=0.212 us="429" ua="198.51.100.4:443"`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newCombined(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newCombined(cfg) },
	stray: func(line []byte) bool { return bytes.IndexByte(line, '[') >= 0 && bytes.IndexByte(line, '"') >= 0 },
}

// combined parses one line after the other; it belongs to one goroutine.
type combined struct {
	bindings *record.Bindings
	clock    clock
	arena    arena
	extras   extras
	seen     columnSet
	escaped  bool // the line has a backslash
}

func newCombined(cfg *Config) *combined {
	return &combined{bindings: cfg.Bindings, clock: newClock(cfg)}
}

func (p *combined) columns() []string { return p.seen.names() }

// parse reads
//
//	[vhost] client ident user [time] "request" status bytes ["referer" "agent" extras…]
//
// What begins with "#" is a comment that somebody, or the rotation, put there.
func (p *combined) parse(line []byte, d *record.Draft) record.Reason {
	if len(line) > 0 && line[0] == '#' {
		return record.IgnoreComment
	}
	p.arena.reset()
	p.extras.reset()
	p.escaped = bytes.IndexByte(line, '\\') >= 0
	rest, open := p.plainHead(line, d)
	if open < 0 {
		var reason record.Reason
		if rest, open, reason = p.anyHead(line, d); reason != "" {
			return reason
		}
	}
	rest = trimSpace(rest)
	if open > 0 && len(rest) > 0 && rest[0] != '"' {
		rest = p.betweenTimeAndRequest(rest, d)
	}
	rest, reason := p.answer(rest, d)
	if reason != "" {
		return reason
	}
	// A whole URL in the request line is what a forward proxy gets (RFC 9112
	// §3.2.2).
	forward := len(d.Scheme) > 0 || string(d.Method) == "CONNECT"
	switch {
	case len(rest) == 0:
	case open == 0 && rest[0] != '"':
		p.bareTail(rest, d)
	default:
		p.tail(rest, d)
	}
	setDirection(p.bindings, d, forward || len(d.UpstreamHost) > 0 || len(d.UpstreamStatus) > 0)
	return ""
}

// plainHead reads the beginning that nearly every line has: an IPv4 address,
// two dashes and the time. open is -1 where it is another one.
func (p *combined) plainHead(line []byte, d *record.Draft) (rest []byte, open int) {
	n := 0
	for n < len(line) && (line[n]-'0' <= 9 || line[n] == '.') {
		n++
	}
	if n == 0 || len(line) < n+34 || string(line[n:n+6]) != " - - [" || line[n+32] != ']' {
		return nil, -1
	}
	// A bracket inside these 26 bytes would be no time.
	ns, digits, ok := p.clock.commonLog(line[n+6 : n+32])
	if !ok {
		return nil, -1
	}
	d.TimeNS, d.TimeDigits, d.Client = ns, digits, line[:n]
	return line[n+33:], n + 5
}

// anyHead reads up to the request; open is where the time's bracket stands.
func (p *combined) anyHead(line []byte, d *record.Draft) (rest []byte, open int, reason record.Reason) {
	open = openTime(line)
	if open < 0 {
		return nil, open, record.RejectSyntax
	}
	shut := bytes.IndexByte(line[open:], ']')
	if shut < 0 {
		return nil, open, record.RejectSyntax
	}
	if open == 0 && line[5] == '-' {
		return nil, open, record.RejectSyntax // so begin Envoy's lines, which have other columns
	}
	ns, digits, ok := p.logTime(line[open+1 : open+shut])
	if !ok {
		return nil, open, record.RejectTime
	}
	d.TimeNS, d.TimeDigits = ns, digits
	rest = line[open+shut+1:]
	if open == 0 {
		rest = p.timeFirst(rest, d)
	} else if !p.prefix(line[:open], d, line[open+5] == '-') {
		return nil, open, record.RejectSyntax
	}
	return rest, open, ""
}

// openTime finds the bracket of the time: a '[' before "dd/Mon" or "yyyy-".
func openTime(line []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], '[')
		if i < 0 {
			return -1
		}
		i += from
		if t := line[i+1:]; len(t) > 20 && t[0] >= '0' && t[0] <= '9' && (t[2] == '/' || t[4] == '-') {
			return i
		}
		// Behind a quote there is no time any more, only what clients sent.
		if bytes.IndexByte(line[from:i], '"') >= 0 {
			return -1
		}
		from = i + 1
	}
}

func (p *combined) logTime(b []byte) (int64, int8, bool) {
	if len(b) > 4 && b[4] == '-' {
		return p.clock.iso(b)
	}
	return p.clock.commonLog(b)
}

// prefix reads what stands before the time. The first word is the client,
// unless it is a virtual host in front of one.
func (p *combined) prefix(b []byte, d *record.Draft, iso bool) bool {
	if bytes.IndexByte(b, ':') >= 0 {
		if i := bytes.LastIndex(b, []byte(": ")); i >= 0 {
			b = b[i+2:] // behind the tag of syslog or a container runtime
		}
	}
	first, rest := word(b)
	if len(first) == 0 || first[0] == escapeByte { // a colour is no client
		return false
	}
	second, _ := word(rest)
	if bytes.HasSuffix(first, []byte{','}) { // a list of X-Forwarded-For
		first = first[:len(first)-1]
	} else if isIP(second) && (!isIP(first) || bytes.Count(rest, []byte{' '}) > 3) {
		if h := p.arena.host(first); string(h) != "-" {
			d.Host = h
			p.seen |= columnVhost
		}
		first = second
	} else if address := lastIP(rest); address != nil && !isIP(first) {
		first = address // what a logger, or a tool that gathers logs, wrote stands before it
	}
	if string(first) != "-" {
		d.Client = withoutPort(first)
	}
	// A time of the other spelling is common in other formats.
	return b[len(b)-1] == ' ' && (!iso || isIP(first))
}

// lastIP is the last word that is an address, nil if none is.
func lastIP(words []byte) (address []byte) {
	for w, rest := word(words); len(w) > 0; w, rest = word(rest) {
		if isIP(w) {
			address = w
		}
	}
	return address
}

// catchAll is the name of nginx's default server. Any other host that a line
// states counts before it.
const catchAll = "_"

// timeFirst reads a line that begins with its time: words up to the request,
// told by their shape.
func (p *combined) timeFirst(b []byte, d *record.Draft) []byte {
	for {
		b = trimSpace(b)
		if len(b) == 0 || b[0] == '"' {
			return b
		}
		var w []byte
		w, b = word(b)
		switch {
		case isIP(w) && len(d.Client) == 0:
			d.Client = withoutPort(w)
		case (isHostName(w) || string(w) == catchAll) && len(d.Host) == 0:
			d.Host = p.arena.host(w)
			p.seen |= columnVhost
		case isSeconds(w) && d.DurationNS < 0:
			d.DurationNS, _ = decimalNS(w, secondNS)
			p.seen |= columnRequestTime
		}
	}
}

// answer reads the request, the status and the size.
func (p *combined) answer(b []byte, d *record.Draft) ([]byte, record.Reason) {
	if len(b) < 2 || b[0] != '"' {
		return nil, record.RejectSyntax
	}
	end := p.closingQuote(b)
	if end > 0 && len(b) > end+2 && b[end+2] == '"' && isHostName(b[1:end]) { // "$host" "$request"
		d.Host = p.arena.host(b[1:end])
		p.seen |= columnHost
		b = b[end+2:]
		end = p.closingQuote(b)
	}
	for end > 0 && !startsStatus(b[end+1:]) { // an unescaped quote inside the request
		next := p.closingQuote(b[end:])
		if next < 0 {
			return nil, cutRequest(b)
		}
		end += next
	}
	if end < 0 {
		return nil, cutRequest(b)
	}
	p.request(b[1:end], d)
	b = b[end+1:]
	if rest, ok := plainAnswer(b, d); ok {
		return rest, ""
	}
	status, rest := word(trimSpace(b))
	status = bytes.TrimPrefix(status, statusKey)
	switch n, ok := number(status); {
	case string(status) == "-":
	case !ok || len(status) != 3 || n > 0 && n < 100:
		return nil, record.RejectStatus
	default:
		d.Status = int(n)
	}
	size, rest := word(rest)
	if i := keyLength(size); i > 0 {
		size = size[i+1:] // status=200 bytes=1234
	}
	if n, ok := number(size); ok {
		d.Bytes = n
	} else if string(size) != "-" {
		return nil, record.RejectSyntax
	}
	return rest, ""
}

// plainAnswer reads " 200 1234 ", as nearly every line has it.
func plainAnswer(b []byte, d *record.Draft) (rest []byte, ok bool) {
	if len(b) < 6 || b[0] != ' ' || b[4] != ' ' || b[1] < '1' || b[1] > '9' || b[2]-'0' > 9 || b[3]-'0' > 9 {
		return nil, false
	}
	i, size := 5, int64(0)
	for i < len(b) && i < 23 && b[i]-'0' <= 9 {
		size = size*10 + int64(b[i]-'0')
		i++
	}
	if i == 5 || i < len(b) && b[i] != ' ' {
		return nil, false
	}
	d.Status = int(b[1]-'0')*100 + int(b[2]-'0')*10 + int(b[3]-'0')
	d.Bytes = size
	for i < len(b) && b[i] == ' ' {
		i++
	}
	return b[i:], true
}

// startsStatus reports whether the request's quote is followed by a status: a
// blank, then three digits or a dash, then a blank.
func startsStatus(b []byte) bool {
	if len(b) > 2 && b[0] == ' ' && b[1] == '-' && b[2] == ' ' {
		return true
	}
	if len(b) > 1 && b[0] == ' ' && b[1] == 's' {
		return bytes.HasPrefix(b[1:], statusKey)
	}
	return len(b) > 1 && b[0] == ' ' && b[1] >= '0' && b[1] <= '9'
}

// request reads "METHOD target HTTP/version". The target may hold raw blanks.
// What is no request line at all, such as the bytes of a TLS handshake, stays
// whole in Target.
func (p *combined) request(b []byte, d *record.Draft) {
	if len(b) == 0 || len(b) == 1 && b[0] == '-' {
		return
	}
	sp := bytes.IndexByte(b, ' ')
	if sp <= 0 || !isMethod(b[:sp]) {
		d.Target = b
		return
	}
	target := b[sp+1:]
	if n := len(target); n >= 9 && string(target[n-9:n-3]) == " HTTP/" { // the usual length
		d.HTTPVersion, target = target[n-3:], target[:n-9]
	} else if i := bytes.LastIndex(target, []byte(" HTTP/")); i >= 0 {
		d.HTTPVersion, target = target[i+6:], target[:i]
	} else if len(target) == 0 || target[0] != '/' && target[0] != '*' && !bytes.Contains(target, []byte("://")) {
		d.Target = b
		return
	}
	d.Method = b[:sp]
	p.arena.setTarget(d, p.unescape(target))
}

// isMethod reports whether b is a token that may be a method.
func isMethod(b []byte) bool {
	if len(b) > 24 {
		return false
	}
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// tail reads the referer and the user agent and leaves the rest to the extras.
func (p *combined) tail(b []byte, d *record.Draft) {
	if b[0] != '"' {
		if len(b) >= 3 && string(b[:3]) == "- -" && (len(b) == 3 || b[3] == ' ') {
			b = trimSpace(b[3:])
		}
		p.extras.read(p, d, b)
		return
	}
	end := p.closingQuote(b)
	if end < 0 {
		p.extras.read(p, d, b)
		return
	}
	referer, rest := b[1:end], trimSpace(b[end+1:])
	if len(rest) == 0 || rest[0] != '"' {
		p.extras.read(p, d, b)
		return
	}
	end = p.closingQuote(rest)
	if end < 0 {
		p.extras.read(p, d, b)
		return
	}
	d.Referer = p.stated(referer)
	d.UserAgent = p.stated(rest[1:end])
	if rest = trimSpace(rest[end+1:]); len(rest) > 0 {
		p.extras.read(p, d, rest)
	}
}

// bareTail reads what follows in logs that begin with their time and quote
// only the request: length, referer, and the user agent to the end.
func (p *combined) bareTail(b []byte, d *record.Draft) {
	first, rest := word(b)
	if _, ok := number(first); !ok || len(rest) == 0 {
		p.extras.read(p, d, b)
		return
	}
	referer, agent := word(rest)
	d.Referer, d.UserAgent = p.stated(referer), p.stated(agent)
}

// stated is a quoted value without its escapes, nothing for "-".
func (p *combined) stated(b []byte) []byte {
	if len(b) == 1 && b[0] == '-' {
		return nil
	}
	return p.unescape(b)
}

// word cuts off the first word and the blanks around it.
func word(b []byte) (w, rest []byte) {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	i := near(b, ' ')
	w = b[:i]
	for i < len(b) && b[i] == ' ' {
		i++
	}
	return w, b[i:]
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}
