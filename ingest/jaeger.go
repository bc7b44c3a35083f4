package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// jaegerSpan reads one span of Jaeger's JSON, whose times are microseconds.
func (p *traceParser) jaegerSpan(raw []byte, d *record.Draft) record.Reason {
	s := &p.span
	var durationNS int64
	c := jsonscan.NewCursor(raw)
	for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
		switch string(key) {
		case "traceID":
			d.TraceID = s.arena.hexID(s.text(c.Value(), kind), 32)
		case "spanID":
			d.SpanID = s.arena.hexID(s.text(c.Value(), kind), 16)
		case "startTime":
			s.startNS, _ = decimalNS(s.text(c.Value(), kind), 1e3)
		case "duration":
			durationNS, _ = decimalNS(s.text(c.Value(), kind), 1e3)
		case "tags":
			p.tags(c.Value(), kind)
		case "logs":
			p.jaegerLogs(c.Value(), kind)
		}
	}
	if c.Err() != nil {
		return record.RejectJSON
	}
	s.digits = 6
	if s.startNS > 0 {
		s.endNS = s.startNS + durationNS
	}
	s.kind = s.values[spanKind]
	return s.exchange(d)
}

// tags reads a list of {"key": …, "type": …, "value": …}.
func (p *traceParser) tags(list []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ArrayKind {
		return
	}
	s := &p.span
	_, _ = jsonscan.Array(list, func(_ int, tag []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ObjectKind {
			return true
		}
		var name, value []byte
		c := jsonscan.NewCursor(tag)
		for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
			switch {
			case string(key) == "key":
				name = s.text(c.Value(), k)
			case string(key) == "value" && k != jsonscan.ObjectKind && k != jsonscan.ArrayKind && k != jsonscan.Null:
				value = s.text(c.Value(), k)
			}
		}
		s.set(name, value)
		return true
	})
}

// jaegerLogs takes what the logs of a span say of why a call failed.
func (p *traceParser) jaegerLogs(list []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ArrayKind {
		return
	}
	_, _ = jsonscan.Array(list, func(_ int, entry []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ObjectKind || !bytes.Contains(entry, []byte(`"exception`)) && !bytes.Contains(entry, []byte(`"error.kind"`)) && !bytes.Contains(entry, []byte(`"error"`)) {
			return true
		}
		_, _ = jsonscan.Object(entry, func(key, fields []byte, kind jsonscan.Kind) bool {
			if string(key) == "fields" {
				p.tags(fields, kind)
			}
			return true
		})
		return true
	})
}
