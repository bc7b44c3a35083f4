package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// uvicornFormat is what uvicorn prints: access lines among those of the
// application. gunicorn's access lines are combined; those of its own are
// passed by here.
var uvicornFormat = format{
	info: FormatInfo{
		Name:   "uvicorn",
		About:  "uvicorn's access lines among the lines of an application (gunicorn's own are combined)",
		Sample: `INFO:     203.0.113.7:52782 - "POST /v2/vehicles HTTP/1.1" 429 Too Many Requests`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newUvicorn(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newUvicorn(cfg) },
	stray: func(line []byte) bool { return bytes.Contains(line, uvicornMark) || gunicornOwn(line) },
	loose: true,
}

// uvicornMark stands between the caller and the request.
var uvicornMark = []byte(` - "`)

// uvicorn parses one line after the other; it belongs to one goroutine.
type uvicorn struct{ combined }

func newUvicorn(cfg *Config) *uvicorn { return &uvicorn{*newCombined(cfg)} }

// parse finds
//
//	client:port - "METHOD target HTTP/version" status phrase
//
// behind whatever prefix the application's logging puts there.
func (p *uvicorn) parse(line []byte, d *record.Draft) record.Reason {
	i := bytes.Index(line, uvicornMark)
	if i < 0 {
		if gunicornOwn(line) {
			return record.IgnoreNoHTTP
		}
		return record.RejectSyntax
	}
	prefix, client := lastWord(line[:i])
	request := line[i+len(uvicornMark):]
	end := lastText(request, []byte(`" `))
	if end < 0 || !isCaller(client) && !bytes.HasPrefix(line, []byte("INFO:")) {
		return record.RejectSyntax
	}
	status, _ := word(request[end+2:])
	request = request[:end]
	if string(status) == "[accepted]" { // a WebSocket
		return record.IgnoreNoHTTP
	}
	method := bytes.IndexByte(request, ' ')
	if method <= 0 || !isMethod(request[:method]) {
		return record.RejectSyntax
	}
	n, ok := number(status)
	if !ok || len(status) != 3 || n < 100 {
		return record.RejectStatus
	}
	p.begin(line)
	d.Status = int(n)
	// A caller that a proxy names has port 0; one behind a socket has no name.
	if isCaller(client) {
		d.Client = callerAddress(client)
	}
	d.TimeNS, d.TimeDigits = p.prefixTime(prefix)
	p.request(request, d)
	setDirection(p.bindings, d, false)
	return ""
}

// isCaller tells "203.0.113.7:52782" and "2001:db8::7:52782".
func isCaller(b []byte) bool {
	i := bytes.LastIndexByte(b, ':')
	if i <= 0 || !isIP(b[:i]) && string(b[:i]) != "localhost" {
		return false
	}
	_, ok := number(b[i+1:])
	return ok
}

// callerAddress is the address of a caller, which stands before the last colon
// also where it is an IPv6 address without brackets.
func callerAddress(b []byte) []byte { return bytes.Trim(b[:bytes.LastIndexByte(b, ':')], "[]") }

// prefixTime reads the time that a line begins with, if it does.
func (p *combined) prefixTime(prefix []byte) (ns int64, digits int8) {
	prefix = bytes.TrimLeft(prefix, " [")
	if len(prefix) < 19 || prefix[4] != '-' {
		return 0, record.Absent
	}
	end := 19
	for end < len(prefix) && (prefix[end]-'0' <= 9 || prefix[end] == '.' || prefix[end] == ',') {
		end++
	}
	zone, _ := word(prefix[end:])
	zone = bytes.TrimRight(zone, "]:")
	if n := bytes.Index(prefix[end:], zone) + len(zone); len(zone) > 0 {
		if _, ok := zoneOffset(zone); ok {
			end += n
		}
	}
	ns, digits, ok := p.clock.iso(bytes.TrimRight(prefix[:end], ",."))
	if !ok {
		return 0, record.Absent
	}
	return ns, digits
}

// gunicornOwn tells "[2026-03-04 09:15:02 +0000] [7] [INFO] text", where
// gunicorn speaks of itself.
func gunicornOwn(b []byte) bool {
	if len(b) < 36 || b[0] != '[' || b[5] != '-' || b[26] != ']' || b[28] != '[' {
		return false
	}
	i := bytes.Index(b[28:], []byte("] ["))
	if i < 0 || i > 12 {
		return false
	}
	_, ok := number(b[29 : 28+i])
	return ok
}
