package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// zeekFormat is the http.log of Zeek, tab-separated with its header.
var zeekFormat = format{
	info: FormatInfo{
		Name:  "zeek",
		About: "Zeek http.log with its #separator and #fields header",
		Sample: "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n" +
			"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tversion\tuser_agent\tresponse_body_len\tstatus_code\n" +
			"1772615702.118301\tCfleet1\t10.0.0.9\t52026\t203.0.113.7\t80\tGET\tapi.example.com\t/v2/vehicles/9\t1.1\tfleet/2.1\t187\t429",
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, func(line []byte) bool { return bytes.HasPrefix(line, []byte("#fields")) }) {
			return 0, ""
		}
		return scoreLines(sample, newZeekLines(sampleConfig()), func(r record.Reason) bool {
			return r == "" || r == record.IgnoreComment || r == record.IgnoreNoHTTP
		})
	},
	lines:    func(cfg *Config) lineParser { return newZeekLines(cfg) },
	lookback: lookDirectives,
}

// zeekNames maps Zeek's fields to what they are.
var zeekNames = map[string]tableColumn{
	"ts": {field: cellTime}, "id.orig_h": {field: cellClient}, "method": {field: cellMethod}, "host": {field: cellHost}, "uri": {field: cellURL},
	"referrer": {field: cellReferer}, "version": {field: cellVersion}, "user_agent": {field: cellUserAgent},
	"response_body_len": {field: cellBytes}, "status_code": {field: cellStatus}, "id.resp_h": {field: cellUpstreamHost},
}

// zeekLines parses one line after the other; it belongs to one goroutine.
type zeekLines struct {
	tableText
	fields    []tableColumn // in force
	separator byte
	unset     []byte
	empty     []byte
	http      bool // the fields can hold an exchange
}

func newZeekLines(cfg *Config) *zeekLines {
	p := &zeekLines{tableText: newTableText(cfg)}
	p.forget()
	return p
}

func (p *zeekLines) forget() {
	p.fields, p.separator, p.http = p.fields[:0], '\t', false
	p.unset, p.empty = append(p.unset[:0], '-'), append(p.empty[:0], "(empty)"...)
}

func (p *zeekLines) columns() []string { return nil }

// parse reads a directive, or a row by the fields in force.
func (p *zeekLines) parse(line []byte, d *record.Draft) record.Reason {
	if len(line) > 0 && line[0] == '#' {
		p.directive(line)
		return record.IgnoreComment
	}
	if len(p.fields) == 0 {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.row.reset()
	p.escaped = bytes.IndexByte(line, '\\') >= 0
	rest, more := line, true
	for i := range p.fields {
		if !more {
			return record.RejectTruncated
		}
		end := near(rest, p.separator)
		value := rest[:end]
		if more = end < len(rest); more {
			rest = rest[end+1:]
		}
		if p.fields[i].field != cellNone && !bytes.Equal(value, p.unset) && !bytes.Equal(value, p.empty) {
			p.row.put(&p.fields[i], p.unescape(value))
		}
	}
	if more {
		return record.RejectSyntax
	}
	if !p.http {
		return record.IgnoreNoHTTP
	}
	if reason := p.exchange(d); reason != "" {
		return reason
	}
	if v := p.row.cells[cellTime]; len(v) > 0 {
		var ok bool
		if d.TimeNS, d.TimeDigits, ok = p.clock.any(v); !ok {
			return record.RejectTime
		}
	}
	// Zeek stands beside the wire. A server outside our own networks was called
	// by us, one inside was called by somebody, or by ourselves.
	setDirection(p.bindings, d, len(d.UpstreamHost) > 0 && !isOwnAddress(d.UpstreamHost))
	return ""
}

// directive takes note of separators, of the words for nothing, and of fields.
func (p *zeekLines) directive(line []byte) {
	if value, ok := bytes.CutPrefix(line, []byte("#separator ")); ok {
		if len(value) == 4 && value[0] == '\\' && value[1] == 'x' {
			if c, n := escaped(value); n > 0 && c != 0 {
				p.separator = c
			}
		} else if len(value) == 1 {
			p.separator = value[0]
		}
		return
	}
	name, value, ok := bytes.Cut(line, []byte{p.separator})
	if !ok {
		return
	}
	switch string(name) {
	case "#unset_field":
		p.unset = append(p.unset[:0], value...)
	case "#empty_field":
		p.empty = append(p.empty[:0], value...)
	case "#fields":
		p.name(value)
	}
}

// name takes the fields from a directive.
func (p *zeekLines) name(names []byte) {
	p.fields, p.http = p.fields[:0], false
	for name := range bytes.SplitSeq(names, []byte{p.separator}) {
		if len(p.fields) == w3cColumnsMax {
			break
		}
		c := zeekNames[string(name)]
		p.http = p.http || string(name) == "status_code"
		p.fields = append(p.fields, c)
	}
}
