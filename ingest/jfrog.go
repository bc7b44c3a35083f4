package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// jfrogFormat is the request log of Artifactory and the other services of the
// JFrog platform, and the log of the requests that they send themselves.
var jfrogFormat = format{
	info: FormatInfo{
		Name:   "jfrog",
		About:  "request logs of JFrog's services (in and out, and those of Artifactory 6)",
		Sample: `2026-03-04T09:15:02.118Z|4f2a91c07be3d658|203.0.113.7|ci|GET|/api/v2/builds/9|429|-1|187|212|fleet/2.1`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newJFrog(sampleConfig()), func(r record.Reason) bool { return r == "" })
	},
	lines: func(cfg *Config) lineParser { return newJFrog(cfg) },
	stray: jfrogLike,
}

// Columns of a line.
const (
	jfrogColumns    = 11 // time trace client user method url status reqlen resplen ms agent
	jfrogColumnsOut = 10 // time trace repository user method url status length length ms
	jfrogColumnsOld = 10 // time ms REQUEST client user method path protocol status length
)

// jfrog parses one line after the other; it belongs to one goroutine.
type jfrog struct {
	combined
	column [jfrogColumns][]byte
}

func newJFrog(cfg *Config) *jfrog { return &jfrog{combined: *newCombined(cfg)} }

func jfrogLike(b []byte) bool {
	i := bytes.IndexByte(b, '|')
	return (i == 14 || i >= 20 && i <= 35 && b[4] == '-' && b[10] == 'T') && b[0]-'0' <= 9
}

func (p *jfrog) parse(line []byte, d *record.Draft) record.Reason {
	if !jfrogLike(line) {
		return record.RejectSyntax
	}
	p.begin(nil)
	n := 0
	// What is left is the user agent, which may hold the separator.
	for rest, more := line, true; more && n < jfrogColumns; n++ {
		if n == jfrogColumns-1 {
			p.column[n] = rest
			continue
		}
		p.column[n], rest, more = bytes.Cut(rest, []byte{'|'})
	}
	c := &p.column
	if bytes.IndexByte(line, '|') == 14 {
		return p.old(n, d)
	}
	if n < 6 || !isMethod(c[4]) || len(c[4]) == 0 {
		return record.RejectSyntax
	}
	if n < jfrogColumnsOut {
		return record.RejectTruncated
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.iso(c[0]); !ok {
		return record.RejectTime
	}
	d.TraceID, d.Method = c[1], c[4]
	status, ok := number(c[6])
	if !ok || status > 999 || status > 0 && status < 100 {
		return record.RejectStatus
	}
	d.Status = int(status)
	d.DurationNS, ok = decimalNS(c[9], int64(time.Millisecond))
	if !ok {
		d.DurationNS = record.Absent
	}
	p.jfrogTarget(c[5], d)
	if len(d.Scheme) > 0 && !isIP(c[2]) {
		// A request of its own. The documented order of the two lengths and the
		// numbers that stand there disagree, so neither is taken.
		setDirection(p.bindings, d, true)
		return ""
	}
	if size, ok := number(c[8]); ok {
		d.Bytes = size
	}
	if n == jfrogColumns {
		d.UserAgent = statedPlain(c[10])
	}
	p.jfrogClient(c[2], d)
	setDirection(p.bindings, d, false)
	return ""
}

// old reads the columns of Artifactory 6 and before.
func (p *jfrog) old(n int, d *record.Draft) record.Reason {
	c := &p.column
	switch {
	case n < 3 || string(c[2]) != "REQUEST":
		return record.RejectSyntax
	case n < jfrogColumnsOld:
		return record.RejectTruncated
	}
	var ok bool
	if d.TimeNS, d.TimeDigits, ok = p.clock.compact(c[0]); !ok {
		return record.RejectTime
	}
	status, ok := number(c[8])
	if !ok || status > 999 || status > 0 && status < 100 {
		return record.RejectStatus
	}
	d.Status, d.Method, d.HTTPVersion = int(status), c[5], httpVersion(c[7])
	if ms, ok := number(c[1]); ok && ms < maxMilliseconds {
		d.DurationNS = ms * 1e6
	}
	if size, ok := number(c[9]); ok {
		d.Bytes = size
	}
	p.jfrogTarget(c[6], d)
	p.jfrogClient(c[3], d)
	setDirection(p.bindings, d, false)
	return ""
}

// jfrogTarget takes the URL, which some services write without its slash.
func (p *jfrog) jfrogTarget(url []byte, d *record.Draft) {
	if len(url) > 0 && string(url) != "-" {
		p.arena.setTarget(d, url)
	}
}

// jfrogClient takes the caller: the first of those that proxies named.
func (p *jfrog) jfrogClient(b []byte, d *record.Draft) {
	first, _, _ := bytes.Cut(b, []byte{','})
	if isIP(first) {
		d.Client = withoutPort(first)
	}
}

// statedPlain is a value that has no escapes, nothing for "-".
func statedPlain(b []byte) []byte {
	if len(b) == 1 && b[0] == '-' {
		return nil
	}
	return b
}
