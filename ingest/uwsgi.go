package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// uwsgiFormat is the request log that uWSGI writes by default.
var uwsgiFormat = format{
	info: FormatInfo{
		Name:  "uwsgi",
		About: "uWSGI's request log",
		Sample: `[pid: 71|app: 0|req: 5/9] 203.0.113.7 () {38 vars in 696 bytes} [Wed Mar  4 09:15:02 2026] GET /v2/vehicles/9 => ` +
			`generated 187 bytes in 212 msecs (HTTP/1.1 429) 9 headers in 378 bytes (1 switches on core 3)`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newUWSGI(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newUWSGI(cfg) },
	stray: func(line []byte) bool { return bytes.HasPrefix(behindMemory(line), uwsgiMark) },
	loose: true,
}

var uwsgiMark = []byte("[pid: ")

// behindMemory cuts off what --memory-report puts in front: "{address space
// usage: …} {rss usage: …} ".
func behindMemory(line []byte) []byte {
	if len(line) == 0 || line[0] != '{' {
		return line
	}
	if i := bytes.Index(line[:min(len(line), 160)], []byte("} [pid: ")); i >= 0 {
		return line[i+2:]
	}
	return line
}

// uwsgi parses one line after the other; it belongs to one goroutine.
type uwsgi struct{ combined }

func newUWSGI(cfg *Config) *uwsgi { return &uwsgi{*newCombined(cfg)} }

// parse reads
//
//	[pid: …] client (user) {…} [ctime] METHOD uri => generated N bytes in N msecs (HTTP/1.1 200) …
//
// The time is that of the start.
func (p *uwsgi) parse(line []byte, d *record.Draft) record.Reason {
	line = behindMemory(line)
	if !bytes.HasPrefix(line, uwsgiMark) {
		return record.RejectSyntax
	}
	p.begin(line)
	_, rest, ok1 := bytes.Cut(line, []byte("] "))
	head, rest, ok2 := bytes.Cut(rest, []byte("} ["))
	stamp, rest, ok3 := bytes.Cut(rest, []byte("] "))
	if !ok1 || !ok2 || !ok3 {
		return record.RejectTruncated
	}
	// The client chooses the URI, so the last mark is the true one.
	mark := []byte(" => generated ")
	i := bytes.LastIndex(rest, mark)
	if i < 0 {
		return record.RejectTruncated
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.cTime(stamp); !ok {
		return record.RejectTime
	}
	if client, _ := word(head); isIP(client) {
		d.Client = client
	}
	p.request(rest[:i], d)
	if reason := p.uwsgiAnswer(rest[i+len(mark):], d); reason != "" {
		return reason
	}
	if d.DurationNS >= 0 {
		d.LoggedNS = d.TimeNS
		d.TimeNS += d.DurationNS
	}
	setDirection(p.bindings, d, false)
	return ""
}

// uwsgiAnswer reads "N bytes in N msecs via sendfile() (HTTP/1.1 200) …"; short
// durations are in micros.
func (p *uwsgi) uwsgiAnswer(b []byte, d *record.Draft) record.Reason {
	size, b := word(b)
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	b = bytes.TrimPrefix(b, []byte("bytes in "))
	took, b := word(b)
	unit, b := word(b)
	switch n, ok := number(took); {
	case ok && string(unit) == "msecs" && n < maxMilliseconds:
		d.DurationNS = n * 1e6
	case ok && string(unit) == "micros" && n < maxMilliseconds:
		d.DurationNS = n * 1e3
	}
	_, b, found := bytes.Cut(b, []byte("(HTTP/"))
	if !found {
		return record.RejectTruncated
	}
	answer, _, found := bytes.Cut(b, []byte{')'})
	if !found {
		return record.RejectTruncated
	}
	version, status := word(answer)
	n, ok := number(status)
	if !ok || n > 999 || n > 0 && n < 100 {
		return record.RejectStatus
	}
	d.HTTPVersion, d.Status = version, int(n)
	return ""
}
