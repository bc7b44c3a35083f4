package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// nlbLines parses one line after the other; it belongs to one goroutine. It
// borrows clock, arena and bindings.
type nlbLines struct{ combined }

func newNLBLines(cfg *Config) lineParser {
	return &nlbLines{combined{bindings: cfg.Bindings, clock: newClock(cfg)}}
}

func (p *nlbLines) columns() []string { return nil }

// The columns of a network load balancer's TLS log.
const (
	nlbTime       = 2
	nlbClient     = 5
	nlbTarget     = 6
	nlbConnection = 7 // milliseconds from open to close
	nlbHandshake  = 8
	nlbSent       = 10
	nlbAlert      = 11
	nlbDomain     = 17
	nlbCount      = 18
)

// parse reads a TLS connection. Like a CONNECT it says nothing of what went
// through it, so it has neither method nor status, unless an alert ended it
// before the handshake was done.
func (p *nlbLines) parse(line []byte, d *record.Draft) record.Reason {
	if !isNLB(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	var columns [nlbCount][]byte
	b := line
	for i := range columns {
		if len(b) == 0 {
			return record.RejectTruncated
		}
		end := bytes.IndexByte(b, ' ')
		if end < 0 {
			columns[i], b = notDash(b), nil
			continue
		}
		columns[i], b = notDash(b[:end]), b[end+1:]
	}
	ns, digits, ok := p.clock.iso(columns[nlbTime])
	if !ok {
		return record.RejectTime
	}
	d.TimeNS, d.TimeDigits = ns, digits
	d.Client, d.UpstreamHost = withoutLastPort(columns[nlbClient]), columns[nlbTarget]
	if ms, ok := number(columns[nlbConnection]); ok && ms < durationMaxMS {
		d.DurationNS = ms * 1e6
	}
	if n, ok := number(columns[nlbSent]); ok {
		d.Bytes = n
	}
	d.Host = p.arena.host(columns[nlbDomain])
	if alert := columns[nlbAlert]; len(alert) > 0 && len(columns[nlbHandshake]) == 0 {
		d.Status, d.Failure = 0, p.arena.join("TLS alert ", alert)
	}
	setDirection(p.bindings, d, false)
	return ""
}

// join is words and b as one text.
func (a *arena) join(words string, b []byte) []byte {
	start := len(a.buf)
	a.buf = append(append(a.buf, words...), b...)
	return a.buf[start:len(a.buf):len(a.buf)]
}
