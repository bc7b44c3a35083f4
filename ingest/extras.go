package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// columnSet is the optional columns of a combined log.
type columnSet uint16

const (
	columnVhost columnSet = 1 << iota
	columnHost
	columnRequestTime
	columnUpstreamTime
	columnUpstreamAddr
	columnUpstreamStatus
	columnRequestID
	columnTraceID
	columnScheme
)

var columnNames = [...]string{"vhost", "host", "request_time", "upstream_response_time", "upstream_addr", "upstream_status",
	"request_id", "trace_id", "scheme"}

func (s columnSet) names() []string {
	var names []string
	for i, name := range columnNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// extrasMax bounds how many columns behind the user agent are looked at.
const extrasMax = 32

// extra is one column behind the user agent.
type extra struct {
	key    []byte // of key=value, else empty
	value  []byte
	quoted bool
	square bool // in brackets
}

// extras are the columns behind the user agent. Their order is every
// operator's own, so they are told by their name where they have one, by their
// place behind the brackets of the Kubernetes ingress, and else by shape.
type extras struct {
	list   [extrasMax]extra
	n      int
	habits [extrasMax]habit

	ids   [2][]byte
	idLen int
}

func (e *extras) reset() { e.n, e.idLen = 0, 0 }

// cut makes x the column that b begins with and returns what follows.
func (x *extra) cut(b []byte) []byte {
	x.key, x.square = nil, false
	switch c := b[0]; {
	case c == '"':
		return x.cutQuoted(b)
	case c == '[':
		if end := bytes.IndexByte(b, ']'); end > 0 && (end+1 == len(b) || b[end+1] == ' ') {
			x.value, x.square, x.quoted = b[1:end], true, false
			return trimSpace(b[end+1:])
		}
	case c < '0' || c > '9': // no name begins with a digit
		if i := keyLength(b); i > 0 {
			x.key, b = b[:i], b[i+1:]
			if len(b) > 0 && b[0] == '"' {
				return x.cutQuoted(b)
			}
		}
	}
	return x.cutBare(b)
}

func (x *extra) cutQuoted(b []byte) []byte {
	x.quoted = true
	end := closingQuote(b)
	if end < 0 {
		x.value = b[1:]
		return nil
	}
	x.value = b[1:end]
	return trimSpace(b[end+1:])
}

// keyLength is the length of the name in name=value, 0 where there is none.
func keyLength(b []byte) int {
	for i, c := range b {
		if c == '=' {
			return i
		}
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '_' && c != '$' && c != '-' && (c < '0' || c > '9') {
			return 0
		}
	}
	return 0
}

// cutBare reads words for as long as they are joined by ", " or " : ".
func (x *extra) cutBare(b []byte) []byte {
	x.quoted = false
	end := 0
	for {
		for end < len(b) && b[end] != ' ' {
			end++
		}
		next := end + 1
		switch {
		case next >= len(b):
			x.value = bytes.TrimSuffix(b[:end], []byte{','})
			return nil
		case end > 1 && b[end-1] == ',':
			end = next
		case b[next] == ':' && next+1 < len(b) && b[next+1] == ' ':
			end = next + 2
		default:
			x.value = b[:end]
			return trimSpace(b[end:])
		}
	}
}

// read puts the columns in b into d.
func (e *extras) read(p *combined, d *record.Draft, b []byte) {
	for ; len(b) > 0 && e.n < extrasMax; e.n++ {
		if rest, ok := e.expected(p, d, b); ok {
			b = rest
			continue
		}
		x := &e.list[e.n]
		b = x.cut(b)
		if x.square {
			e.bracketed(p, d, b)
			break
		}
		e.column(p, d, e.n)
		e.learn()
	}
	e.setIDs(d)
}

// bracketed reads on from a column in brackets, whose followers are told by
// their place; b is what follows it.
func (e *extras) bracketed(p *combined, d *record.Draft, b []byte) {
	from := e.n
	for e.n++; len(b) > 0 && e.n < extrasMax; e.n++ {
		b = e.list[e.n].cut(b)
	}
	for i := from; i < e.n; i++ {
		if e.list[i].square {
			i = e.ingress(p, d, i)
		} else {
			e.column(p, d, i)
		}
	}
}

// column reads one column that is in no brackets.
func (e *extras) column(p *combined, d *record.Draft, i int) {
	x := &e.list[i]
	switch {
	case len(x.key) > 0:
		e.named(p, d, x)
	case string(x.value) == "-" || len(x.value) == 0:
	default:
		e.shaped(p, d, i)
	}
}

// ingress reads the columns of ingress-nginx behind its one or two bracketed
// names: address, length, time, status, request id.
func (e *extras) ingress(p *combined, d *record.Draft, i int) int {
	for i+1 < e.n && e.list[i+1].square {
		i++
	}
	if i+4 >= e.n {
		return i
	}
	addr, status := e.list[i+1].value, e.list[i+4].value
	if string(addr) != "-" {
		d.UpstreamHost = addr
		p.seen |= columnUpstreamAddr
	}
	if string(status) != "-" {
		d.UpstreamStatus = status
		p.seen |= columnUpstreamStatus
	}
	return i + 4
}

// shaped tells a nameless column by what it looks like; what has no shape of
// its own (a length, a cache word, X-Forwarded-For) is passed by.
func (e *extras) shaped(p *combined, d *record.Draft, i int) {
	v := e.list[i].value
	if len(v) >= 32 && (isTraceparent(v) || isRequestID(v)) {
		e.anyID(p, d, v)
		return
	}
	first := firstOfList(v)
	if len(first) == 0 {
		return
	}
	switch c := first[0]; {
	case c >= '0' && c <= '9' || c == '[':
		if e.figures(p, d, i, first) {
			return
		}
	case len(d.UpstreamHost) == 0 && isUpstreamAddr(first):
		d.UpstreamHost = v
		p.seen |= columnUpstreamAddr
		return
	}
	switch {
	case isHostName(v):
		e.host(p, d, p.arena.host(v))
	case isRequestID(v):
		e.id(p, v)
	}
}

func (e *extras) anyID(p *combined, d *record.Draft, v []byte) {
	if isTraceparent(v) {
		e.trace(p, d, v)
		return
	}
	e.id(p, v)
}

// figures reads a column that begins with a digit; first is the first item of
// its list.
func (e *extras) figures(p *combined, d *record.Draft, i int, first []byte) bool {
	v := e.list[i].value
	switch {
	case isSeconds(first):
		if d.DurationNS < 0 && len(first) == len(v) {
			d.DurationNS, _ = decimalNS(v, secondNS)
			p.seen |= columnRequestTime
		} else {
			p.seen |= columnUpstreamTime
		}
	case len(first) == 3 && isStatus(first):
		if len(d.UpstreamStatus) == 0 && e.statusMayFollow(i, len(first) < len(v)) {
			d.UpstreamStatus = v
			p.seen |= columnUpstreamStatus
		}
	case len(d.UpstreamHost) == 0 && isUpstreamAddr(first):
		d.UpstreamHost = v
		p.seen |= columnUpstreamAddr
	default:
		return false
	}
	return true
}

// statusMayFollow keeps lengths and durations from being read as a status: one
// follows a time or an address, or is a list.
func (e *extras) statusMayFollow(i int, list bool) bool {
	if list {
		return true
	}
	if i == 0 {
		return false
	}
	before := firstOfList(e.list[i-1].value)
	return isSeconds(before) || isUpstreamAddr(before)
}

// host takes a host column. A vendor's wins over the name of our own server.
func (e *extras) host(p *combined, d *record.Draft, h []byte) {
	p.seen |= columnHost
	if len(d.Host) == 0 || string(d.Host) == catchAll || p.bindings != nil && p.bindings.Pack(h, d.Path) != "" {
		d.Host = h
	}
}

func (e *extras) trace(p *combined, d *record.Draft, v []byte) {
	d.TraceID, d.SpanID = v[3:35], v[36:52]
	p.seen |= columnTraceID
}

func (e *extras) id(p *combined, v []byte) {
	p.seen |= columnRequestID
	if e.idLen < len(e.ids) {
		e.ids[e.idLen] = v
		e.idLen++
	}
}

// setIDs shares out the ids. Of two, the bare 32 hex digits are nginx's own
// $request_id, which we sent along, and the other is what was answered.
func (e *extras) setIDs(d *record.Draft) {
	switch {
	case e.idLen == 1 && len(d.RequestID) == 0:
		d.RequestID = e.ids[0]
	case e.idLen == 1:
		if len(d.ClientRequestID) == 0 {
			d.ClientRequestID = e.ids[0]
		}
	case e.idLen == 2:
		theirs, ours := e.ids[0], e.ids[1]
		if isHex(theirs, 32) && !isHex(ours, 32) {
			theirs, ours = ours, theirs
		}
		d.RequestID, d.ClientRequestID = theirs, ours
	}
}
