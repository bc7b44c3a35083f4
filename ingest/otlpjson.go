package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// traceItem is one span or log record inside a line or document.
type traceItem struct {
	raw  []byte
	at   int // where raw begins in what it was found in
	kind itemKind
}

type itemKind uint8

const (
	itemSpan itemKind = iota
	itemLog
	itemJaeger
	itemProtoSpan
	itemProtoLog
)

// traceItemMin is fewer bytes than an item of HTTP can have. It bounds the
// memory that a list of empty items takes.
const traceItemMin = 24

// traceDepthMax bounds the lists inside lists that are gone into: of resources,
// of scopes, and one to spare.
const traceDepthMax = 4

// httpWord is in every span of HTTP: in the names of its attributes.
var httpWord = []byte("http")

// traceParser reads items into exchanges; it belongs to one goroutine.
type traceParser struct {
	span  span
	logs  logRecords
	proto protoItems
	list  []byte // in which items were found
	items []traceItem
	depth int // of the lists that collecting is in
}

func newTraceParser(cfg *Config) *traceParser {
	return &traceParser{span: span{jsonLines: newJSONLines(cfg), known: new(recall[spanMeaning])}, logs: newLogRecords(cfg)}
}

// read reads one item.
func (p *traceParser) read(item traceItem, d *record.Draft) record.Reason {
	isLog := item.kind == itemLog || item.kind == itemProtoLog
	if !isLog && !bytes.Contains(item.raw, httpWord) {
		return record.IgnoreNoHTTP
	}
	p.span.begin(d)
	switch item.kind {
	case itemSpan:
		return p.otlpSpan(item.raw, d)
	case itemJaeger:
		return p.jaegerSpan(item.raw, d)
	case itemLog:
		return p.otlpLog(item.raw, d)
	case itemProtoSpan:
		return p.protoSpan(item.raw, d)
	}
	return p.protoLog(item.raw, d)
}

// collect finds the items in the members of a batch, a resource or a scope.
func (p *traceParser) collect(c *jsonscan.Cursor) {
	for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
		if kind != jsonscan.ArrayKind {
			continue
		}
		switch string(key) {
		case "resourceSpans", "resource_spans", "resourceLogs", "resource_logs", "batches",
			"scopeSpans", "instrumentationLibrarySpans", "scope_spans", "ilSpans", "scopeLogs", "instrumentationLibraryLogs", "scope_logs":
			c.Pass(p.eachInside(c.Rest()))
		case "spans":
			c.Pass(p.keep(c.Rest(), itemSpan))
		case "logRecords", "log_records", "logs":
			c.Pass(p.keep(c.Rest(), itemLog))
		}
	}
}

// eachInside collects from the objects of the list that b begins with, in one
// pass over them, and returns what follows the list.
func (p *traceParser) eachInside(b []byte) (rest []byte, err error) {
	if p.depth++; p.depth > traceDepthMax {
		_, rest, err = jsonscan.Skip(b)
		p.depth--
		return rest, err
	}
	defer func() { p.depth-- }()
	b = b[1:]
	for first := true; ; first = false {
		if b = bytes.TrimLeft(b, " \t\r\n"); len(b) > 0 && !first && b[0] == ',' {
			b = bytes.TrimLeft(b[1:], " \t\r\n")
		} else if len(b) > 0 && !first && b[0] != ']' {
			return b, jsonscan.ErrSyntax
		}
		switch {
		case len(b) == 0:
			return nil, jsonscan.ErrTruncated
		case b[0] == ']':
			return b[1:], nil
		case b[0] != '{':
			if _, b, err = jsonscan.Skip(b); err != nil {
				return b, err
			}
			continue
		}
		c := jsonscan.NewCursor(b)
		p.collect(&c)
		if c.Err() != nil {
			return nil, c.Err()
		}
		b = c.Rest()
	}
}

// keep notes the elements of the list that b begins with.
func (p *traceParser) keep(b []byte, kind itemKind) (rest []byte, err error) {
	return jsonscan.Array(b, func(_ int, raw []byte, k jsonscan.Kind) bool {
		if k == jsonscan.ObjectKind && len(raw) >= traceItemMin {
			// Both are views into the same bytes, so their ends tell the distance.
			p.items = append(p.items, traceItem{raw: raw, at: cap(p.list) - cap(raw), kind: kind})
		}
		return true
	})
}

// otlpSpan reads one span.
func (p *traceParser) otlpSpan(raw []byte, d *record.Draft) record.Reason {
	s := &p.span
	c := jsonscan.NewCursor(raw)
	for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
		switch string(key) {
		case "traceId", "trace_id":
			d.TraceID = s.arena.hexID(s.text(c.Value(), kind), 32)
		case "spanId", "span_id":
			d.SpanID = s.arena.hexID(s.text(c.Value(), kind), 16)
		case "kind":
			s.kind = s.text(c.Value(), kind)
		case "startTimeUnixNano", "start_time_unix_nano":
			s.startNS, _ = decimalNS(s.text(c.Value(), kind), 1)
		case "endTimeUnixNano", "end_time_unix_nano":
			s.endNS, _ = decimalNS(s.text(c.Value(), kind), 1)
		case "attributes":
			p.attributesHere(&c, kind)
		case "events":
			p.events(c.Value(), kind)
		case "status":
			p.status(c.Value(), kind)
		}
	}
	if c.Err() != nil {
		return record.RejectJSON
	}
	return s.exchange(d)
}

// attributes reads a list of {"key": …, "value": {"stringValue": …}}.
func (p *traceParser) attributes(list []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ArrayKind {
		return
	}
	_, _ = p.eachAttribute(list)
}

// attributesHere reads the list that the cursor stands at. A list with a fault
// inside is left to the cursor, which passes over it.
func (p *traceParser) attributesHere(c *jsonscan.Cursor, kind jsonscan.Kind) {
	if kind != jsonscan.ArrayKind {
		return
	}
	if rest, err := p.eachAttribute(c.Rest()); err == nil {
		c.Pass(rest, nil)
	}
}

// eachAttribute reads the list that b begins with, in one pass, up to a fault
// between two attributes. One inside an attribute ends that attribute only.
func (p *traceParser) eachAttribute(b []byte) (rest []byte, err error) {
	b = b[1:]
	for first := true; ; first = false {
		if b = trimJSONSpace(b); len(b) > 0 && !first && b[0] == ',' {
			b = trimJSONSpace(b[1:])
		} else if len(b) > 0 && !first && b[0] != ']' {
			return b, jsonscan.ErrSyntax
		}
		switch {
		case len(b) == 0:
			return nil, jsonscan.ErrTruncated
		case b[0] == ']':
			return b[1:], nil
		case b[0] == '{':
			c := jsonscan.NewCursor(b)
			if p.pair(&c); c.Err() == nil {
				b = c.Rest()
				continue
			}
		}
		if _, b, err = jsonscan.Skip(b); err != nil {
			return nil, err
		}
	}
}

// trimJSONSpace is b without the white space of JSON that it begins with, which
// machines do not write.
func trimJSONSpace(b []byte) []byte {
	if len(b) == 0 || b[0] > ' ' {
		return b
	}
	return bytes.TrimLeft(b, " \t\r\n")
}

// pair reads one attribute to its end.
func (p *traceParser) pair(c *jsonscan.Cursor) {
	var name []byte
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch {
		case string(key) == "key":
			name = p.span.text(c.Value(), k)
		case string(key) == "value" && k == jsonscan.ObjectKind && len(name) > 0:
			c.Enter()
			p.attribute(c, name)
		}
	}
}

// attribute sets a value, or each of a list.
func (p *traceParser) attribute(c *jsonscan.Cursor, name []byte) {
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch {
		case k == jsonscan.String || k == jsonscan.Number || k == jsonscan.Bool:
			p.span.set(name, p.span.text(c.Value(), k))
		case k == jsonscan.ObjectKind && isArrayValue(key):
			p.span.each(c.Value(), name)
		}
	}
}

func isArrayValue(key []byte) bool {
	return string(key) == "arrayValue" || string(key) == "array_value"
}

// each sets the simple values of {"values": [{"stringValue": …}]}.
func (s *span) each(array, name []byte) {
	_, _ = jsonscan.Object(array, func(_, values []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ArrayKind {
			return true
		}
		_, _ = jsonscan.Array(values, func(_ int, v []byte, kind jsonscan.Kind) bool {
			if kind == jsonscan.ObjectKind {
				_, _ = jsonscan.Object(v, func(_, text []byte, k jsonscan.Kind) bool {
					if k == jsonscan.String || k == jsonscan.Number || k == jsonscan.Bool {
						s.set(name, s.text(text, k))
					}
					return true
				})
			}
			return true
		})
		return true
	})
}

// events takes what exceptions say of why a call failed.
func (p *traceParser) events(list []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ArrayKind {
		return
	}
	_, _ = jsonscan.Array(list, func(_ int, event []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ObjectKind || !bytes.Contains(event, []byte(`"exception`)) {
			return true
		}
		_, _ = jsonscan.Object(event, func(key, value []byte, kind jsonscan.Kind) bool {
			if string(key) == "attributes" {
				p.attributes(value, kind)
			}
			return true
		})
		return true
	})
}

func (p *traceParser) status(value []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ObjectKind {
		return
	}
	s := &p.span
	c := jsonscan.NewCursor(value)
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch string(key) {
		case "code":
			code := s.text(c.Value(), k)
			s.failed = string(code) == "2" || string(code) == "STATUS_CODE_ERROR" || string(code) == "ERROR"
		case "message":
			s.message = s.text(c.Value(), k)
		}
	}
}
