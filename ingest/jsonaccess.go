package ingest

import "github.com/errscope/errscope/record"

// accessFormats are the access and error lines that collectors put into a member
// of an object: Fluent Bit and Filebeat, CloudWatch, Loki.
var accessFormats = []*format{&envoyFormat, &nginxErrorFormat, &traefikFormat, &haproxyFormat, &uvicornFormat, &combinedFormat}

// accessMark stands in all of their lines that have a request.
var accessMark = []byte(" HTTP/")

// accessLine reads a text as a line of an access log. What it does not state,
// the object around it may: when it was written, by which trace.
func (p *jsonLines) accessLine(text []byte, d *record.Draft) bool {
	for i, f := range accessFormats {
		if len(text) == 0 || !f.stray(text) {
			continue
		}
		if p.servers == nil {
			p.servers = make([]lineParser, len(accessFormats))
		}
		if p.servers[i] == nil {
			p.servers[i] = f.lines(&Config{Bindings: p.bindings, Location: p.clock.location, Now: p.clock.now})
		}
		resetFields(d)
		if p.servers[i].parse(text, d) != "" {
			continue
		}
		d.Format = f.info.Name
		if d.TimeDigits < 0 && !p.when(d) {
			continue
		}
		if len(d.TraceID) == 0 {
			d.TraceID, d.SpanID = p.get(fieldTraceID), p.get(fieldSpanID)
		}
		return true
	}
	clearFields(d)
	d.Format = p.voc.info.Name
	return false
}
