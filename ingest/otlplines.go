package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// otlpLinesFormat is what the collector's file exporter writes: a line for each
// batch of spans or log records.
var otlpLinesFormat = format{
	info: FormatInfo{
		Name:  "otlp_lines",
		About: "OpenTelemetry spans and log records, a batch a line, as the collector's file exporter writes them",
		Sample: `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spanId":"51b2c3d4e5f60718","kind":3,` +
			`"startTimeUnixNano":"1772615702118000000","endTimeUnixNano":"1772615702330000000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},` +
			`{"key":"url.full","value":{"stringValue":"https://api.example.com/v2/vehicles/9"}},{"key":"http.response.status_code","value":{"intValue":"429"}}]}]}]}]}`,
	},
	score: func(sample []byte) (float64, string) {
		if otlpKey(sample) == "" || isPrinted(sample) {
			return 0, ""
		}
		return scoreLines(sample, newOTLPLines(sampleConfig()), func(r record.Reason) bool {
			// A first line that is longer than the sample is cut off by it.
			return r != record.RejectSyntax && r != record.RejectJSON && (r != record.RejectTruncated || len(sample) >= sampleBytes)
		})
	},
	lines:  func(cfg *Config) lineParser { return newOTLPLines(cfg) },
	bodies: true,
	stray:  func(line []byte) bool { return otlpKey(line) != "" },
}

// otlpKeys are the members of a batch; "batches" is what Tempo calls it.
var otlpKeys = []string{"resourceSpans", "resourceLogs", "batches", "resource_spans", "resource_logs", "resourceMetrics", "resource_metrics"}

// otlpKey is the first member of an object where it is that of a batch, "" for
// anything else.
func otlpKey(b []byte) string {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 || b[0] != '{' {
		return ""
	}
	b = bytes.TrimLeft(b[1:], " \t\r\n")
	for _, key := range otlpKeys {
		if len(b) > len(key)+2 && b[0] == '"' && string(b[1:1+len(key)]) == key && b[1+len(key)] == '"' {
			return key
		}
	}
	return ""
}

// isPrinted reports whether an object is spread over several lines.
func isPrinted(sample []byte) bool {
	first, _, more := bytes.Cut(bytes.TrimLeft(sample, " \t\r\n"), lineBreak)
	_, _, err := jsonscan.Skip(first)
	return more && err == jsonscan.ErrTruncated
}

// otlpLines hands out the exchanges of a line one after the other.
type otlpLines struct {
	*traceParser
	offset int64 // of the line
	next   int   // of items
}

func newOTLPLines(cfg *Config) *otlpLines { return &otlpLines{traceParser: newTraceParser(cfg)} }

func (p *otlpLines) columns() []string { return nil }

// parse finds the items of a line and reads up to the first exchange. Spans
// beside it that are none are passed over; the line counts for them.
func (p *otlpLines) parse(line []byte, d *record.Draft) record.Reason {
	p.items, p.next, p.offset = p.items[:0], 0, d.Offset
	if otlpKey(line) == "" {
		return record.RejectSyntax
	}
	p.list = line
	c := jsonscan.NewCursor(line)
	p.collect(&c)
	err, rest := c.Err(), c.Rest()
	switch {
	case err == jsonscan.ErrTruncated:
		p.items = p.items[:0]
		return record.RejectTruncated
	case err != nil || len(bytes.TrimSpace(rest)) > 0:
		p.items = p.items[:0]
		return record.RejectJSON
	}
	if reason, ok := p.more(d); ok {
		d.Offset = p.offset
		return reason
	}
	return record.IgnoreNoHTTP
}

// more reads the next exchange, or the next item that should have been one.
func (p *otlpLines) more(d *record.Draft) (record.Reason, bool) {
	for p.next < len(p.items) {
		item := p.items[p.next]
		p.next++
		clearFields(d)
		d.Offset = p.offset + int64(item.at)
		if reason := p.read(item, d); !ignored(reason) {
			return reason, true
		}
	}
	return "", false
}
