package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// logfmtFormat is key=value pairs, as Go's loggers write them. It knows the
// names that JSON lines have.
var logfmtFormat = format{
	info: FormatInfo{
		Name:  "logfmt",
		About: "logfmt of an HTTP client or server (logrus, go-kit, slog, Grafana), with the names of JSON lines",
		Sample: `time=2026-03-04T09:15:02.118Z level=warn msg="call failed" method=GET url=https://api.example.com/v2/vehicles/9 status=429` +
			` duration=212.5ms request_id=req-0001`,
	},
	score: func(sample []byte) (float64, string) {
		if !anyLine(sample, isLogfmt) {
			return 0, ""
		}
		score, why := scoreLines(sample, newLogfmtLines(sampleConfig()), func(r record.Reason) bool { return r == "" || r == record.IgnoreNoHTTP })
		if score < logfmtShareMin { // pairs stand in prose too; single lines are found as strays
			return 0, ""
		}
		return score, why
	},
	lines:  newLogfmtLines,
	bodies: true,
	stray:  isLogfmt,
}

// logfmtShareMin is the least share of lines that makes a file logfmt.
const logfmtShareMin = 0.5

func isLogfmt(line []byte) bool {
	return len(line) > 0 && line[0] != '{' && startsWithPairs(line[rubyPrefix(line):])
}

// rubyPrefix is the length of what Ruby's logger and tagged logging write in
// front of a message, as lograge's lines mostly have it:
//
//	I, [2026-03-04T09:15:02.118123 #42]  INFO -- : [req-0001] method=GET …
func rubyPrefix(line []byte) int {
	n := 0
	if len(line) > 4 && line[1] == ',' && line[2] == ' ' && line[3] == '[' {
		i := bytes.Index(line[:min(len(line), stampBytesMax)], []byte(" -- "))
		if i < 0 {
			return 0
		}
		colon := bytes.Index(line[i:min(len(line), stampBytesMax)], []byte(": "))
		if colon < 0 {
			return 0
		}
		n = i + colon + 2
	}
	for range tagsMax {
		if n == len(line) || line[n] != '[' {
			break
		}
		end := bytes.Index(line[n:min(len(line), n+stampBytesMax)], []byte("] "))
		if end < 0 {
			break
		}
		n += end + 2
	}
	return n
}

// logfmtLines parses one line after the other; it belongs to one goroutine. It
// borrows what is known of the members of JSON lines.
type logfmtLines struct{ *jsonLines }

func newLogfmtLines(cfg *Config) lineParser { return &logfmtLines{newJSONLines(cfg)} }

// logfmtPairsMax bounds the pairs of one line that are looked at.
const logfmtPairsMax = 256

// logfmtTime is Grafana's short name of the time.
var (
	logfmtTime = []byte("t")
	longTime   = []byte("ts")
)

// parse reads the pairs and leaves it to the JSON lines what they say.
func (p *logfmtLines) parse(line []byte, d *record.Draft) record.Reason {
	if len(line) == 0 || line[0] == '{' || bytes.IndexByte(line, '\n') >= 0 && !startsWithPairs(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.startObject(d)
	root := p.voc.root
	root.next = 0
	var x, first pair
	n := 0
	prefix := rubyPrefix(line)
	for b := trimSpace(line[prefix:]); len(b) > 0 && n < logfmtPairsMax; n++ {
		rest, whole := x.cut(b)
		b = trimSpace(rest)
		if n < pairsMin && !x.starts(n, whole) {
			return record.RejectSyntax
		}
		if !whole && len(rest) == 0 {
			return record.RejectTruncated
		}
		switch {
		case n == 0:
			first = x // prose may begin with a pair too: it says nothing yet
			continue
		case n == pairsMin-1:
			p.pair(root, &first)
		}
		if len(x.key) > 0 && !x.bare {
			p.pair(root, &x)
		}
	}
	if n < pairsMin {
		return record.RejectSyntax
	}
	reason := p.exchange(d)
	if reason == "" && d.TimeDigits < 0 {
		if ns, digits, ok := p.clock.stamp(line[:prefix]); ok {
			d.TimeNS, d.TimeDigits = ns, digits
		}
	}
	d.Format = logfmtFormat.info.Name
	return reason
}

// pair offers a value to the field that its key names.
func (p *logfmtLines) pair(root *jsonObject, x *pair) {
	key := x.key
	if bytes.Equal(key, logfmtTime) {
		key = longTime
	}
	m := p.member(root, key)
	if m.use == useNone || len(x.value) == 0 || len(x.value) == 1 && x.value[0] == '-' {
		return
	}
	value := x.value
	if x.quoted {
		value = p.arena.unquoted(value)
	}
	switch m.use {
	case useValue, useDuration, useBody:
		p.offer(m, value, jsonscan.Number) // a number is its own text
	case useHeader:
		p.putHeader(m.name.field, m.header, value)
	}
}

// unquoted undoes the escapes of Go's and JSON's quoted strings.
func (a *arena) unquoted(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	start := len(a.buf)
	for i := 0; i < len(b); {
		if b[i] == '\\' && i+1 < len(b) {
			if c, n := escaped(b[i:]); n > 0 && c != 0 && c < 0x80 {
				a.buf = append(a.buf, c)
				i += n
				continue
			}
		}
		a.buf = append(a.buf, b[i])
		i++
	}
	return a.buf[start:len(a.buf):len(a.buf)]
}
