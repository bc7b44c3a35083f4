package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// herokuFormat is the log of Heroku's router, as `heroku logs` and log drains
// write it.
var herokuFormat = format{
	info: FormatInfo{
		Name:  "heroku",
		About: "Heroku router logs, with the H codes of the platform",
		Sample: `2026-03-04T09:15:02.118301+00:00 heroku[router]: at=info method=GET path="/v2/vehicles/9" host=api.example.com` +
			` request_id=0b6f2a51-6a37-4c28-9d1e-3c7a1f5e8b90 fwd="203.0.113.7" dyno=web.1 connect=1ms service=212ms status=429 bytes=187 protocol=https`,
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, func(line []byte) bool { return len(herokuCore(line)) > 0 }) {
			return 0, ""
		}
		return scoreLines(sample, newHerokuLines(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
	},
	lines: newHerokuLines,
	stray: func(line []byte) bool { return len(herokuCore(line)) > 0 },
	// The application's own lines stand between the router's.
	loose: true,
}

// herokuNames maps the router's keys to what they are.
var herokuNames = map[string]tableColumn{
	"method": {field: cellMethod}, "path": {field: cellURL}, "host": {field: cellHost}, "request_id": {field: cellRequestID},
	"fwd": {field: cellForwardedFor}, "service": {field: cellDuration, unitNS: millisecondNS}, "status": {field: cellStatus}, "bytes": {field: cellBytes},
}

// herokuLines parses one line after the other; it belongs to one goroutine.
type herokuLines struct {
	tableText
	code, desc []byte // of an error of the platform
	known      recall[tableColumn]
}

func newHerokuLines(cfg *Config) lineParser { return &herokuLines{tableText: newTableText(cfg)} }

func (p *herokuLines) columns() []string { return nil }

// herokuNameWithin bounds where the router's name stands in a line.
const herokuNameWithin = 160

// herokuCore is a line from "at=" or "sock=" on, nothing where it is none of the router's.
// A drain has taken "heroku[router]:" apart into the fields of syslog.
func herokuCore(line []byte) []byte {
	head := line[:min(len(line), herokuNameWithin)]
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	for _, name := range [...]string{"heroku[router]: ", "heroku router - - ", "heroku router - "} {
		i := bytes.Index(head, []byte(name))
		if i < 0 {
			continue
		}
		core := line[i+len(name):]
		if bytes.HasPrefix(core, []byte("at=")) || bytes.HasPrefix(core, []byte("sock=")) { // H18 and H27 say whose end broke first
			return core
		}
	}
	if bytes.HasPrefix(line, []byte("at=")) && (bytes.Contains(head, []byte(" method=")) || bytes.Contains(head, []byte(" code=H"))) {
		return line
	}
	return nil
}

// parse reads
//
//	time heroku[router]: at=info|error [code=H12 desc="…"] method= path= host= request_id= fwd= dyno= connect= service= status= bytes=
//
// The time is when the line was written: at the end.
func (p *herokuLines) parse(line []byte, d *record.Draft) record.Reason {
	core := herokuCore(line)
	if len(core) == 0 {
		if h := line[:min(len(line), herokuNameWithin)]; startsISO(h) && (bytes.Contains(h, []byte(" heroku[")) || bytes.Contains(h, []byte(" app["))) {
			if mayHoldCore(line) || endsAsJSON(line) {
				return record.RejectSyntax // the application's own calls, for another format to read
			}
			return record.IgnoreNoHTTP
		}
		return record.RejectSyntax
	}
	p.arena.reset()
	p.row.reset()
	p.code, p.desc = nil, nil
	p.escaped = bytes.IndexByte(core, '\\') >= 0
	p.known.restart()
	var x pair
	for b := core; len(b) > 0; b = trimSpace(b) {
		b, _ = x.cut(b) // unbalanced quotes are seen in the wild
		p.take(&x)
	}
	if reason := p.exchange(d); reason != "" {
		return reason
	}
	if d.Status < 0 && len(p.code) == 0 {
		return record.RejectTruncated // the router always says what it answered
	}
	if !p.when(line[:len(line)-len(core)], d) {
		return record.RejectTime
	}
	p.platform(d)
	setDirection(p.bindings, d, false)
	return ""
}

func (p *herokuLines) take(x *pair) {
	switch string(x.key) {
	case "code":
		p.code = x.value
	case "desc":
		p.desc = x.value
	default:
		c, known := p.known.meaning(x.key)
		if !known {
			*c = herokuNames[string(x.key)]
		}
		if c.field != cellNone {
			p.row.put(c, p.unescape(x.value))
		}
	}
}

// when reads the first time among the words in front. It is false where there
// is one that cannot be read.
func (p *herokuLines) when(head []byte, d *record.Draft) bool {
	for w, rest := word(head); len(w) > 0; w, rest = word(rest) {
		if startsISO(w) {
			var ok bool
			d.TimeNS, d.TimeDigits, ok = p.clock.iso(w)
			return ok
		}
	}
	return true
}

// platform says which failure of the platform or of our own dyno it was:
// "Request timeout (H12)".
func (p *herokuLines) platform(d *record.Draft) {
	if len(p.code) == 0 {
		return
	}
	a := &p.arena
	start := len(a.buf)
	a.buf = append(a.buf, p.desc...)
	if len(p.desc) > 0 {
		a.buf = append(a.buf, ' ')
	}
	a.buf = append(append(append(a.buf, '('), p.code...), ')')
	d.Failure = a.buf[start:len(a.buf):len(a.buf)]
	if d.Status < 0 {
		d.Status = 0
	}
}
