package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// tableField is what a named column of a table can mean.
type tableField uint8

const (
	cellNone  tableField = iota
	cellTime             // whole
	cellStart            // whole, when the exchange began
	cellDate
	cellClock // time of day
	cellRequest
	cellMethod
	cellURL // a target or URL
	cellPath
	cellQuery
	cellScheme
	cellHost
	cellStatus
	cellBytes
	cellDuration
	cellClient
	cellForwardedFor
	cellUserAgent
	cellReferer
	cellVersion
	cellRequestID
	cellClientRequestID
	cellTraceID
	cellUpstreamHost
	cellUpstreamStatus
	cellFailure
	cellCount
)

// tableColumn is what one column of a table is.
type tableColumn struct {
	field  tableField
	unitNS int64 // of a duration
	local  bool  // a time that is not UTC
	proxy  bool  // only a forward proxy has it
}

// tableRow holds the values of one line by what they mean. Its cells are views
// into the line.
type tableRow struct {
	cells  [cellCount][]byte
	unitNS int64 // of the duration
	local  bool  // date and time of day are not UTC
}

func (t *tableRow) reset() { *t = tableRow{} }

// put keeps a value; the first of two columns with one meaning counts.
func (t *tableRow) put(c *tableColumn, value []byte) {
	if len(value) == 0 || len(value) == 1 && value[0] == '-' {
		return
	}
	if len(t.cells[c.field]) > 0 && c.field != cellFailure { // later reasons are the finer ones
		return
	}
	t.cells[c.field] = value
	switch c.field {
	case cellDuration:
		t.unitNS = c.unitNS
	case cellClock:
		t.local = c.local
	}
}

// tableText is what reading a row needs besides the row. It borrows clock,
// arena, bindings and the reading of a request.
type tableText struct {
	combined
	row tableRow
}

func newTableText(cfg *Config) tableText {
	return tableText{combined: combined{bindings: cfg.Bindings, clock: newClock(cfg)}}
}

// exchange turns the row into an exchange; all but times is read here.
func (p *tableText) exchange(d *record.Draft) record.Reason {
	t := &p.row
	p.target(d)
	status := t.cells[cellStatus]
	if len(status) > 0 {
		n, ok := number(status)
		if !ok || n > 999 || n > 0 && n < 100 {
			return record.RejectStatus
		}
		d.Status = int(n)
	}
	if len(status) == 0 && (len(d.Method) == 0 || len(d.Target) == 0 && len(d.Path) == 0 && len(d.Host) == 0) {
		return record.IgnoreNoHTTP
	}
	if n, ok := number(t.cells[cellBytes]); ok {
		d.Bytes = n
	}
	if v := t.cells[cellDuration]; len(v) > 0 {
		if ns, ok := durationNS(v, t.unitNS); ok {
			d.DurationNS = ns
		}
	}
	d.Client = withoutPort(t.cells[cellClient])
	if len(d.Client) == 0 {
		d.Client = firstAddress(t.cells[cellForwardedFor])
	}
	d.UserAgent, d.Referer = t.cells[cellUserAgent], t.cells[cellReferer]
	if v := t.cells[cellVersion]; len(v) > 0 && len(d.HTTPVersion) == 0 {
		d.HTTPVersion = httpVersion(v)
	}
	d.RequestID, d.ClientRequestID, d.TraceID = t.cells[cellRequestID], t.cells[cellClientRequestID], t.cells[cellTraceID]
	if isTraceparent(d.TraceID) {
		d.TraceID, d.SpanID = d.TraceID[3:35], d.TraceID[36:52]
	}
	d.UpstreamHost, d.UpstreamStatus = t.cells[cellUpstreamHost], t.cells[cellUpstreamStatus]
	if d.Status == 0 || d.Status >= 400 {
		d.Failure = t.cells[cellFailure]
	}
	return ""
}

// target fills method, host, path and query.
func (p *tableText) target(d *record.Draft) {
	t := &p.row
	d.Method = t.cells[cellMethod]
	if v := t.cells[cellRequest]; len(v) > 0 {
		p.request(v, d)
		if len(d.Method) == 0 {
			d.Method = t.cells[cellMethod]
		}
	} else if v := t.cells[cellURL]; len(v) > 0 {
		p.arena.setTarget(d, v)
		p.hostInPath(d)
	}
	if path := t.cells[cellPath]; len(path) > 0 && len(d.Path) == 0 {
		if q := bytes.IndexByte(path, '?'); q >= 0 && len(t.cells[cellQuery]) == 0 {
			path, d.Query = path[:q], path[q+1:]
		}
		d.Path = path
	}
	if len(d.Query) == 0 {
		d.Query = bytes.TrimPrefix(t.cells[cellQuery], []byte{'?'})
	}
	if v := t.cells[cellScheme]; len(v) > 0 && len(d.Scheme) == 0 && isScheme(v) {
		d.Scheme = p.arena.lower(v)
	}
	if v := t.cells[cellHost]; len(v) > 0 && len(d.Host) == 0 {
		d.Host = p.arena.host(v)
	}
}

// hostInPath moves the host of "www.example.com/path", as some write a URL,
// out of the path.
func (p *tableText) hostInPath(d *record.Draft) {
	if len(d.Path) == 0 || d.Path[0] == '/' || len(d.Host) > 0 {
		return
	}
	end := bytes.IndexByte(d.Path, '/')
	if end < 0 || !isHostName(d.Path[:end]) {
		return
	}
	d.Host, d.Path = p.arena.host(d.Path[:end]), d.Path[end:]
}

// plusBlanks undoes the "+" that IIS writes for a blank in texts that it does
// not quote.
func (a *arena) plusBlanks(b []byte) []byte {
	if bytes.IndexByte(b, '+') < 0 {
		return b
	}
	start := len(a.buf)
	a.buf = append(a.buf, b...)
	out := a.buf[start:len(a.buf):len(a.buf)]
	for i, c := range out {
		if c == '+' {
			out[i] = ' '
		}
	}
	return out
}

// percentDecoded undoes %XX. A text whose bytes are then no UTF-8 stays as it
// is.
func (a *arena) percentDecoded(b []byte) []byte {
	if bytes.IndexByte(b, '%') < 0 {
		return b
	}
	start := len(a.buf)
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+2 < len(b) {
			hi, ok1 := hexDigit(b[i+1])
			lo, ok2 := hexDigit(b[i+2])
			if ok1 && ok2 {
				a.buf = append(a.buf, hi<<4|lo)
				i += 2
				continue
			}
		}
		a.buf = append(a.buf, b[i])
	}
	out := a.buf[start:len(a.buf):len(a.buf)]
	if !utf8.Valid(out) || bytes.IndexByte(out, 0) >= 0 {
		return b
	}
	return out
}
