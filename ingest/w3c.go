package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// w3cFormat is the W3C extended log file format: directives say what the
// columns are, and may change in mid-file.
var w3cFormat = format{
	info: FormatInfo{
		Name:  "w3c",
		About: "W3C extended logs with #Fields (IIS and HTTPERR, CloudFront, Blue Coat, F5, Akamai, any vendor) and CloudFront's without",
		Sample: "2026-03-04\t09:15:02\tFRA56-P2\t187\t203.0.113.7\tGET\td111111abcdef8.example.net\t/v2/vehicles/9\t429\t-\tfleet/2.1\tfields=odometer\t-\tError" +
			"\tc2FtcGxlIHJlcXVlc3QgaWQ=\tapi.example.com\thttps\t62\t0.212\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tError\tHTTP/2.0",
	},
	score:    scoreW3C,
	lines:    func(cfg *Config) lineParser { return newW3CLines(cfg) },
	lookback: lookDirectives,
}

// w3cFieldsDirective names the columns of the rows behind it.
const w3cFieldsDirective = "#Fields:"

// scoreW3C wants columns that are named, or CloudFront's.
func scoreW3C(sample []byte) (float64, string) {
	if !anyLine(sample, func(line []byte) bool { return bytes.HasPrefix(line, []byte(w3cFieldsDirective)) || isCloudFront(line) }) {
		return 0, ""
	}
	return scoreLines(sample, newW3CLines(sampleConfig()), func(r record.Reason) bool {
		return r == "" || r == record.IgnoreComment || r == record.IgnoreNoHTTP
	})
}

// Limits of a table.
const (
	w3cColumnsMax = 256
	w3cExtraMax   = 4 // columns behind the named ones, such as a list of X-Forwarded-For
)

// w3cLines parses one line after the other; it belongs to one goroutine.
type w3cLines struct {
	tableText
	fields   []tableColumn // in force
	unnamed  bool          // fields are CloudFront's, which no directive named
	outbound bool          // only a forward proxy has such columns
	http     bool          // the columns can hold an exchange
	date     [10]byte      // of #Date, for rows that have only a time of day
	dated    bool
	reasons  bool // HTTP.sys' own error log
	edge     bool // CloudFront's columns
	stamp    []byte
}

func newW3CLines(cfg *Config) *w3cLines { return &w3cLines{tableText: newTableText(cfg)} }

func (p *w3cLines) forget() {
	p.fields, p.dated, p.unnamed = p.fields[:0], false, false
}

func (p *w3cLines) columns() []string { return nil }

// parse reads a directive, or a row by the columns in force.
func (p *w3cLines) parse(line []byte, d *record.Draft) record.Reason {
	if len(line) > 0 && line[0] == '#' {
		p.directive(line)
		return record.IgnoreComment
	}
	if len(p.fields) == 0 || p.unnamed {
		if !isCloudFront(line) {
			return record.RejectSyntax
		}
		p.nameCloudFront()
	}
	p.arena.reset()
	p.row.reset()
	if reason := p.cut(line); reason != "" {
		return reason
	}
	if !p.http {
		return record.IgnoreNoHTTP
	}
	p.measure()
	reason := p.exchange(d)
	if reason != "" {
		return reason
	}
	if p.reasons && d.Status < 0 && len(p.row.cells[cellFailure]) > 0 {
		d.Status, d.Failure = 0, p.row.cells[cellFailure]
	}
	if !p.when(d) {
		return record.RejectTime
	}
	// A whole URL is what a forward proxy gets.
	setDirection(p.bindings, d, p.outbound || bytes.Contains(p.row.cells[cellURL], []byte("://")))
	return ""
}

// directive takes note of #Fields and #Date.
func (p *w3cLines) directive(line []byte) {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return
	}
	name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
	switch string(name) {
	case "#Fields":
		p.name(value)
	case "#Date", "#Start-Date":
		p.dated = p.setDate(value)
	}
}

// name takes the columns from a directive.
func (p *w3cLines) name(names []byte) {
	p.fields, p.unnamed, p.outbound, p.reasons, p.http, p.edge = p.fields[:0], false, false, false, false, false
	for _, name := range bytes.FieldsFunc(names, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		if len(p.fields) == w3cColumnsMax {
			break
		}
		c := w3cColumn(name)
		p.outbound = p.outbound || c.proxy
		p.http = p.http || c.field == cellMethod || c.field == cellURL || c.field == cellPath || c.field == cellRequest
		p.reasons = p.reasons || string(name) == "s-reason"
		p.edge = p.edge || bytes.HasPrefix(name, []byte(cloudFrontPrefix))
		p.fields = append(p.fields, c)
	}
}

// measure settles the unit of a time-taken: seconds by the standard and where
// it has a fraction, milliseconds as IIS and most others write it.
func (p *w3cLines) measure() {
	t := &p.row
	if t.unitNS != 0 {
		return
	}
	t.unitNS = millisecondNS
	if p.edge || bytes.IndexByte(t.cells[cellDuration], '.') >= 0 {
		t.unitNS = secondNS
	}
	if p.edge {
		switch string(t.cells[cellFailure]) {
		case "Hit", "RefreshHit", "OriginShieldHit", "Miss", "Redirect":
			t.cells[cellFailure] = nil // how the cache served it is no failure
		}
	}
}

// unblank undoes what stands for a blank in a user agent without quotes.
func (p *w3cLines) unblank(b []byte) []byte {
	if p.edge {
		return p.arena.percentDecoded(b)
	}
	return p.arena.plusBlanks(b)
}

// setDate reads the date of "2026-03-04 09:15:02" or "04/Mar/2026 09:15:02".
func (p *w3cLines) setDate(b []byte) bool {
	switch {
	case len(b) >= 10 && b[4] == '-' && b[7] == '-':
		copy(p.date[:], b)
		return true
	case len(b) >= 11 && b[2] == '/' && b[6] == '/':
		t, err := time.Parse("02/Jan/2006", string(b[:11]))
		if err == nil {
			copy(p.date[:], t.Format(time.DateOnly))
		}
		return err == nil
	}
	return false
}

// cut shares the line's values out to the columns. A row with fewer values
// than columns is none that could be read without guessing.
func (p *w3cLines) cut(line []byte) record.Reason {
	tabs := bytes.IndexByte(line, '\t') >= 0
	mixed := tabs && !p.unnamed && bytes.Count(line, []byte{'\t'})+1 < len(p.fields) // padded with tabs and blanks alike
	separator := byte(' ')
	if tabs = tabs && !mixed; tabs {
		separator = '\t'
	}
	n := 0
	for b := line; ; n++ {
		if !tabs {
			b = trimSpace(b)
		}
		if len(b) == 0 && (!tabs || n >= len(p.fields)) {
			break
		}
		quoted := len(b) > 0 && b[0] == '"'
		value, rest, last := b, []byte(nil), false
		if quoted {
			var whole bool
			if value, rest, whole, last = p.quotedValue(b); !whole {
				return record.RejectTruncated
			}
		} else {
			end := near(b, separator)
			if mixed {
				end = nearBlank(b)
			}
			if last = end == len(b); !last {
				value, rest = b[:end], b[end+1:]
			}
		}
		if n < len(p.fields) {
			c := &p.fields[n]
			if c.field == cellUserAgent && !quoted {
				value = p.unblank(value)
			}
			if c.field != cellNone {
				p.row.put(c, value)
			}
		}
		if b = rest; last {
			n++
			break
		}
	}
	switch {
	case n < len(p.fields) && !p.unnamed:
		return record.RejectTruncated
	case n > len(p.fields)+w3cExtraMax && !p.unnamed:
		return record.RejectSyntax // the directive speaks of other rows
	}
	return ""
}

// quotedValue cuts off the first value of b, which is quoted: it holds blanks,
// and quotes doubled. last says that nothing follows.
func (p *w3cLines) quotedValue(b []byte) (value, rest []byte, whole, last bool) {
	doubled := false
	for end := 1; ; end++ {
		i := bytes.IndexByte(b[end:], '"')
		if i < 0 {
			return nil, nil, false, false
		}
		end += i
		if end+1 < len(b) && b[end+1] == '"' {
			doubled = true
			end++
			continue
		}
		value = b[1:end]
		if doubled {
			value = p.arena.undouble(value)
		}
		if end+1 >= len(b) {
			return value, nil, true, true
		}
		return value, b[end+2:], b[end+1] == ' ' || b[end+1] == '\t', false
	}
}

// undouble makes one quote of two.
func (a *arena) undouble(b []byte) []byte {
	start := len(a.buf)
	for i := 0; i < len(b); i++ {
		a.buf = append(a.buf, b[i])
		if b[i] == '"' {
			i++
		}
	}
	return a.buf[start:len(a.buf):len(a.buf)]
}

// when sets the time; it is false where one is written that cannot be read.
func (p *w3cLines) when(d *record.Draft) bool {
	t := &p.row
	if v := t.cells[cellTime]; len(v) > 0 {
		var ok bool
		d.TimeNS, d.TimeDigits, ok = p.clock.any(v)
		return ok
	}
	hour, date := t.cells[cellClock], t.cells[cellDate]
	if len(hour) == 0 {
		return true
	}
	if len(date) == 0 {
		if !p.dated {
			return true // a time of an unknown day is none
		}
		date = p.date[:]
	}
	if len(date) != 10 || len(hour) < 8 || len(hour) > 24 {
		return false
	}
	p.stamp = append(append(append(p.stamp[:0], date...), 'T'), hour...)
	if !t.local {
		p.stamp = append(p.stamp, 'Z')
	}
	var ok bool
	d.TimeNS, d.TimeDigits, ok = p.clock.iso(p.stamp)
	return ok
}
