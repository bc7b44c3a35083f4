package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// iisEventFormat is IIS' log as Windows events in XML, one event a line.
var iisEventFormat = format{
	info: FormatInfo{
		Name:  "iis_event",
		About: "IIS logging events of Windows in XML, one event a line",
		Sample: `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-IIS-Logging"/><EventID>6200</EventID>` +
			`<TimeCreated SystemTime="2026-03-04T09:15:04.1182031Z"/></System><EventData><Data Name="date">2026-03-04</Data><Data Name="time">09:15:02</Data>` +
			`<Data Name="c-ip">203.0.113.7</Data><Data Name="cs-method">GET</Data><Data Name="cs-uri-stem">/v2/vehicles/9</Data><Data Name="sc-status">429</Data>` +
			`<Data Name="sc-bytes">187</Data><Data Name="time-taken">212</Data><Data Name="csUser-Agent">fleet/2.1</Data></EventData></Event>`,
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, isEventXML) {
			return 0, ""
		}
		return scoreLines(sample, newEventLines(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: newEventLines,
	stray: isEventXML,
}

// eventLines parses one line after the other; it belongs to one goroutine. Its
// names are those of W3C columns.
type eventLines struct{ w3cLines }

func newEventLines(cfg *Config) lineParser { return &eventLines{*newW3CLines(cfg)} }

func isEventXML(line []byte) bool { return bytes.HasPrefix(trimSpace(line), []byte("<Event ")) }

// parse reads the <Data> elements of an event.
func (p *eventLines) parse(line []byte, d *record.Draft) record.Reason {
	if !isEventXML(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.row.reset()
	data := bytes.Index(line, []byte("<EventData"))
	if data < 0 {
		if !bytes.Contains(line, []byte("</Event>")) {
			return record.RejectTruncated
		}
		return record.IgnoreNoHTTP
	}
	for b := line[data:]; ; {
		name, value, rest, ok := p.element(b)
		if !ok {
			return record.RejectTruncated
		}
		if len(name) == 0 {
			break
		}
		if c := w3cNames[string(p.arena.lower(name))]; c.field != cellNone {
			if c.field == cellUserAgent {
				value = p.arena.plusBlanks(value)
			}
			p.row.put(&c, value)
		}
		b = rest
	}
	p.measure()
	reason := p.exchange(d)
	if reason != "" {
		return reason
	}
	// The event has no target as it was sent, only its two parts. The stem is
	// what other readers of these events call the target.
	d.Target = d.Path
	if len(p.row.cells[cellClock]) == 0 {
		p.row.cells[cellTime] = attribute(line[:data], []byte("SystemTime"))
	}
	if !p.when(d) {
		return record.RejectTime
	}
	setDirection(p.bindings, d, false)
	return ""
}

// element reads the next <Data Name="…">…</Data>; its name is empty at the end
// of the list, and ok is false where the line was cut off.
func (p *eventLines) element(b []byte) (name, value, rest []byte, ok bool) {
	end := bytes.Index(b, []byte("</EventData>"))
	start := bytes.Index(b, []byte("<Data "))
	if start < 0 || end >= 0 && end < start {
		return nil, nil, nil, end >= 0
	}
	b = b[start:]
	shut := bytes.IndexByte(b, '>')
	if shut < 0 {
		return nil, nil, nil, false
	}
	tag := b[:shut]
	name, rest = attribute(tag, []byte("Name")), b[shut+1:]
	if len(name) == 0 {
		name = tag[:1] // nameless: no column has this name
	}
	if tag[len(tag)-1] == '/' {
		return name, nil, rest, true
	}
	end = bytes.IndexByte(rest, '<')
	if end < 0 {
		return nil, nil, nil, false
	}
	return name, p.arena.entities(bytes.TrimSpace(rest[:end])), rest[end:], true
}

// attribute is the value of name="value", in either kind of quotes.
func attribute(tag, name []byte) []byte {
	i := bytes.Index(tag, name)
	if i < 0 || i+len(name)+2 > len(tag) || tag[i+len(name)] != '=' {
		return nil
	}
	tag = tag[i+len(name)+1:]
	end := bytes.IndexByte(tag[1:], tag[0])
	if end < 0 || tag[0] != '"' && tag[0] != '\'' {
		return nil
	}
	return tag[1 : end+1]
}

// xmlEntities are the five of XML.
var xmlEntities = [...]struct {
	name string
	char byte
}{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}

// entities undoes the entities and character references of XML.
func (a *arena) entities(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 {
		return b
	}
	start := len(a.buf)
	for i := 0; i < len(b); {
		if b[i] == '&' {
			if c, n := xmlCharacter(b[i:]); n > 0 {
				a.buf = utf8.AppendRune(a.buf, c)
				i += n
				continue
			}
		}
		a.buf = append(a.buf, b[i])
		i++
	}
	return a.buf[start:len(a.buf):len(a.buf)]
}

// xmlReferenceMax is the length of the longest reference, "&#x10FFFF;".
const xmlReferenceMax = 10

// xmlCharacter reads the reference that b begins with; n is 0 where it is none.
func xmlCharacter(b []byte) (c rune, n int) {
	for _, e := range xmlEntities {
		if bytes.HasPrefix(b, []byte(e.name)) {
			return rune(e.char), len(e.name)
		}
	}
	end := bytes.IndexByte(b[:min(len(b), xmlReferenceMax)], ';')
	if end < 3 || b[1] != '#' {
		return 0, 0
	}
	digits, base := b[2:end], rune(10)
	if digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	for _, x := range digits {
		v, ok := hexDigit(x)
		if !ok || rune(v) >= base {
			return 0, 0
		}
		c = c*base + rune(v)
	}
	if c == 0 || len(digits) == 0 || !utf8.ValidRune(c) {
		return 0, 0
	}
	return c, end + 1
}
