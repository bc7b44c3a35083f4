package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// templateFormat is the lines of the log formats that the configuration names.
// Without them no line is one.
var templateFormat = format{
	info:   FormatInfo{Name: "log_format", About: "lines of a log format that was given (nginx log_format, Apache LogFormat)"},
	score:  func([]byte) (float64, string) { return 0, "" },
	lines:  func(cfg *Config) lineParser { return newTemplates(cfg) },
	stray:  func([]byte) bool { return true },
	bodies: true,
}

// template is a compiled log format. It is read only.
type template struct {
	tokens []templateToken
	raw    bool // nothing is escaped in the lines
}

// templateToken is a variable, or the text between two.
type templateToken struct {
	field  templateField
	text   []byte // of templateText
	name   []byte // of a header field
	layout []byte // of templateTimeLayout
	unitNS int64  // of durations and times
	start  bool   // the time is that of the start

	until    []byte // the next text
	last     bool   // until is the end of the format
	adjacent bool   // another variable follows at once
	quoted   bool   // a quote stands before it
}

// length is how much of b the variable takes, -1 where b does not fit.
func (t *templateToken) length(b []byte) int {
	if t.field == templateTimeCLF && len(b) > 20 && b[2] == '/' && !t.quoted && !t.adjacent {
		return t.clfLength(b)
	}
	if t.until == nil {
		return t.stop(b, len(b))
	}
	if t.last && !t.adjacent {
		if !bytes.HasSuffix(b, t.until) {
			return -1
		}
		return len(b) - len(t.until)
	}
	for from := 0; ; {
		i := nearText(b[from:], t.until)
		if i < 0 {
			return -1
		}
		i += from
		if t.inside(b, i) {
			from = i + 1
			continue
		}
		return t.stop(b, i)
	}
}

// inside reports whether the text at i belongs to the value: behind a backslash,
// between two attempts of a list, or before the protocol of a bare request.
func (t *templateToken) inside(b []byte, i int) bool {
	switch {
	case t.quoted && b[i] == '"':
		slashes := 0
		for slashes < i && b[i-1-slashes] == '\\' {
			slashes++
		}
		return slashes%2 == 1
	case t.quoted || b[i] != ' ' || i == 0:
		return false
	case t.field.list():
		return b[i-1] == ',' || bytes.HasPrefix(b[i:], []byte(" : ")) || i > 1 && b[i-1] == ':' && b[i-2] == ' '
	case t.field == templateRequest:
		return !(i == 1 && b[0] == '-') && !bytes.Contains(b[:i], []byte(" HTTP/"))
	}
	return false
}

// stop is where a value ends that another one follows, at end at the latest.
func (t *templateToken) stop(b []byte, end int) int {
	if !t.adjacent {
		return end
	}
	if t.field == templateIsArgs {
		if len(b) > 0 && b[0] == '?' {
			return 1
		}
		return 0
	}
	if i := bytes.IndexAny(b[:end], t.field.stops()); i >= 0 {
		return i
	}
	return end
}

// clfLength is the length of a time with its zone, which a blank stands before.
func (t *templateToken) clfLength(b []byte) int {
	n := 20
	for n < len(b) && (b[n]-'0' <= 9 || b[n] == '.') {
		n++
	}
	if n+6 <= len(b) && b[n] == ' ' && (b[n+1] == '+' || b[n+1] == '-') {
		n += 6
	}
	return n
}

// templates parses one line after the other; it belongs to one goroutine.
type templates struct {
	combined
	list []*template
	got  templateValues
}

// templateValues is what a line has stated, where fields of an exchange depend
// on several variables.
type templateValues struct {
	parts              timeParts
	start              bool
	target             []byte // of the URI, or the path
	path, query        []byte
	proxy, host, named []byte // hosts, the best first
	forwarded          []byte
	allBytes           int64
	upstreamNS         int64
	requestID          []byte
}

func newTemplates(cfg *Config) *templates {
	return &templates{combined: *newCombined(cfg), list: cfg.templates}
}

func (p *templates) columns() []string {
	var names []string
	seen := map[string]bool{}
	for _, t := range p.list {
		for i := range t.tokens {
			if name := templateNames[t.tokens[i].field]; name != "" && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// parse tries one format after the other. A line that fits none, or whose
// values are none, may be of any other format: a few blanks between variables
// fit nearly every line.
func (p *templates) parse(line []byte, d *record.Draft) record.Reason {
	line = bytes.TrimRight(line, " \t")
	for i, t := range p.list {
		if i > 0 {
			resetFields(d)
			d.Format = templateFormat.info.Name
		}
		if p.match(t, line, d) {
			return ""
		}
	}
	return record.RejectSyntax
}

// match reads a line of one format and reports whether it is one.
func (p *templates) match(t *template, line []byte, d *record.Draft) bool {
	p.begin(line)
	p.escaped = p.escaped && !t.raw
	p.got = templateValues{allBytes: record.Absent, upstreamNS: record.Absent}
	rest := line
	for i := range t.tokens {
		token := &t.tokens[i]
		n := 0
		switch token.field {
		case templateText:
			n = len(token.text)
			if !begins(rest, token.text) {
				// Blanks at the end of a line are cut off by many tools.
				if i < len(t.tokens)-1 || !bytes.Equal(rest, bytes.TrimRight(token.text, " \t")) {
					return false
				}
				n = len(rest)
			}
		case templateTimeLayout:
			n = p.got.parts.read(token.layout, rest)
			p.got.start = token.start
		default:
			if n = token.length(rest); n >= 0 && !p.take(token, rest[:n], d) {
				return false
			}
		}
		if n < 0 {
			return false
		}
		rest = rest[n:]
	}
	return len(rest) == 0 && p.finish(d)
}

// absent tells the ways in which servers write that there is no value.
func absent(v []byte) bool { return len(v) == 0 || len(v) == 1 && v[0] == '-' }

// detectGiven says whether a sample is of the given log formats rather than of
// what it was taken for. Half of its lines are enough, and any at all where it
// would else be combined, which may read such lines without their columns.
func detectGiven(cfg *Config, sample []byte, found Detection) Detection {
	if len(cfg.templates) == 0 {
		return found
	}
	if f := formatNamed(found.Format); f == nil || f.document() {
		return found
	}
	p := newTemplates(cfg)
	score, why := scoreLines(bytes.TrimPrefix(sample, byteOrderMark), p, func(r record.Reason) bool { return r == "" })
	general := found.Format == combinedFormat.info.Name || found.Format == textFormat.info.Name
	if score == 0 || score < 0.5 && !general {
		return found
	}
	return Detection{Format: templateFormat.info.Name, Why: why + ", as given", Columns: p.columns()}
}
