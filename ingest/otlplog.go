package ingest

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// logDepthMax bounds how deep the values of a log record are nested.
const logDepthMax = 8

// logRecords reads log records: one whose body is a line of a log that is known
// is read as that line, any other as the JSON line that it could have been.
type logRecords struct {
	lines  *jsonLines
	access *combined
	flat   []byte // the record as one JSON object
	body   []byte // its text
	timeNS int64
	trace  []byte // in hex
	span   []byte
}

func newLogRecords(cfg *Config) logRecords {
	return logRecords{lines: newJSONLines(cfg), access: newCombined(cfg)}
}

func (l *logRecords) begin() {
	*l = logRecords{lines: l.lines, access: l.access, flat: append(l.flat[:0], '{')}
}

// member writes a key; what follows is its value.
func (l *logRecords) member(key []byte) {
	if len(l.flat) > 1 && l.flat[len(l.flat)-1] != '{' {
		l.flat = append(l.flat, ',')
	}
	l.flat = appendQuoted(l.flat, key)
	l.flat = append(l.flat, ':')
}

func appendQuoted(dst, text []byte) []byte {
	quoted, err := json.Marshal(string(text))
	if err != nil { // a string is always sound
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}

// exchange reads what was collected.
func (l *logRecords) exchange(d *record.Draft) record.Reason {
	format := d.Format
	defer func() { d.Format = format }() // whatever reads the body
	if body := bytes.TrimSpace(l.body); len(body) > 0 {
		if l.bodyLine(body, d) {
			l.complete(d)
			return ""
		}
		clearFields(d)
		l.member([]byte("message"))
		l.flat = appendQuoted(l.flat, l.body)
	}
	l.flat = append(l.flat, '}')
	reason := l.lines.parse(l.flat, d)
	if reason == "" {
		l.complete(d)
	}
	return reason
}

// bodyLine reads a body that is a line of a log itself.
func (l *logRecords) bodyLine(body []byte, d *record.Draft) bool {
	if body[0] == '{' {
		return l.lines.parse(body, d) == ""
	}
	return combinedFormat.stray(body) && l.access.parse(body, d) == ""
}

// complete adds what the record states and its line did not.
func (l *logRecords) complete(d *record.Draft) {
	if d.TimeDigits < 0 && l.timeNS > 0 {
		d.TimeNS, d.TimeDigits = l.timeNS, 9
	}
	if len(d.TraceID) == 0 {
		d.TraceID, d.SpanID = l.trace, l.span
	}
}

// otlpLog reads one log record.
func (p *traceParser) otlpLog(raw []byte, d *record.Draft) record.Reason {
	l, s := &p.logs, &p.span
	l.begin()
	var observedNS int64
	c := jsonscan.NewCursor(raw)
	for key, kind, ok := c.Next(); ok; key, kind, ok = c.Next() {
		switch string(key) {
		case "timeUnixNano", "time_unix_nano":
			l.timeNS, _ = decimalNS(s.text(c.Value(), kind), 1)
		case "observedTimeUnixNano", "observed_time_unix_nano":
			observedNS, _ = decimalNS(s.text(c.Value(), kind), 1)
		case "traceId", "trace_id":
			l.trace = s.arena.hexID(s.text(c.Value(), kind), 32)
		case "spanId", "span_id":
			l.span = s.arena.hexID(s.text(c.Value(), kind), 16)
		case "attributes":
			l.members(s, c.Value(), kind, 0)
		case "body":
			l.readBody(s, c.Value(), kind)
		}
	}
	if c.Err() != nil {
		return record.RejectJSON
	}
	if l.timeNS == 0 {
		l.timeNS = observedNS
	}
	return l.exchange(d)
}

// readBody takes a text as it is and the members of an object as attributes.
func (l *logRecords) readBody(s *span, value []byte, kind jsonscan.Kind) {
	if kind != jsonscan.ObjectKind {
		return
	}
	c := jsonscan.NewCursor(value)
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch string(key) {
		case "stringValue", "string_value":
			l.body = s.text(c.Value(), k)
		case "kvlistValue", "kvlist_value":
			l.list(s, c.Value(), k, 0)
		}
	}
}

// list writes the members of {"values": [{"key": …, "value": …}]}.
func (l *logRecords) list(s *span, value []byte, kind jsonscan.Kind, depth int) {
	if kind != jsonscan.ObjectKind {
		return
	}
	_, _ = jsonscan.Object(value, func(key, v []byte, k jsonscan.Kind) bool {
		if string(key) == "values" {
			l.members(s, v, k, depth)
		}
		return true
	})
}

// members writes a list of {"key": …, "value": {…}} as members of an object.
func (l *logRecords) members(s *span, list []byte, kind jsonscan.Kind, depth int) {
	if kind != jsonscan.ArrayKind {
		return
	}
	_, _ = jsonscan.Array(list, func(_ int, pair []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ObjectKind {
			return true
		}
		var name, value []byte
		c := jsonscan.NewCursor(pair)
		for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
			switch {
			case string(key) == "key":
				name = s.text(c.Value(), k)
			case string(key) == "value" && k == jsonscan.ObjectKind:
				value = c.Value()
			}
		}
		if len(name) > 0 && len(value) > 0 {
			l.member(name)
			l.value(s, value, depth)
		}
		return true
	})
}

// value writes {"stringValue": "x"} as "x".
func (l *logRecords) value(s *span, value []byte, depth int) {
	start := len(l.flat)
	if depth < logDepthMax {
		c := jsonscan.NewCursor(value)
		for key, k, ok := c.Next(); ok && len(l.flat) == start; key, k, ok = c.Next() {
			switch {
			case k == jsonscan.String || k == jsonscan.Number || k == jsonscan.Bool:
				l.flat = append(l.flat, c.Value()...)
			case isArrayValue(key):
				l.array(s, c.Value(), k, depth)
			case k == jsonscan.ObjectKind:
				l.flat = append(l.flat, '{')
				l.list(s, c.Value(), k, depth+1)
				l.flat = append(l.flat, '}')
			}
		}
	}
	if len(l.flat) == start {
		l.flat = append(l.flat, "null"...)
	}
}

// array writes {"values": [{"stringValue": "x"}]} as ["x"].
func (l *logRecords) array(s *span, value []byte, kind jsonscan.Kind, depth int) {
	if kind != jsonscan.ObjectKind {
		return
	}
	l.flat = append(l.flat, '[')
	_, _ = jsonscan.Object(value, func(_, list []byte, k jsonscan.Kind) bool {
		if k != jsonscan.ArrayKind {
			return true
		}
		_, _ = jsonscan.Array(list, func(i int, v []byte, k jsonscan.Kind) bool {
			if i > 0 {
				l.flat = append(l.flat, ',')
			}
			if k == jsonscan.ObjectKind {
				l.value(s, v, depth+1)
			} else {
				l.flat = append(l.flat, "null"...)
			}
			return true
		})
		return false
	})
	l.flat = append(l.flat, ']')
}

func (l *logRecords) integer(n int64) { l.flat = strconv.AppendInt(l.flat, n, 10) }

// decimal writes a number; what JSON has no number for is nothing.
func (l *logRecords) decimal(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		l.flat = append(l.flat, "null"...)
		return
	}
	l.flat = strconv.AppendFloat(l.flat, f, 'g', -1, 64)
}
