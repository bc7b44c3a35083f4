package ingest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// FormatInfo describes a format for people.
type FormatInfo struct {
	Name   string // "combined"
	About  string // one sentence
	Sample string // an invented line
}

// lineParser reads the lines of one format. It belongs to one goroutine.
type lineParser interface {
	// parse fills d and returns "" for an exchange, a reason of an ignored line,
	// or a reason of a reject; what it put into d then does not count.
	// RejectSyntax means that the line is not of this format at all. The slices
	// that it sets are views into line or into memory that lives until its next
	// call.
	parse(line []byte, d *record.Draft) record.Reason
	// columns names the optional columns that were seen so far.
	columns() []string
}

// manyParser is a lineParser whose lines may hold several exchanges.
type manyParser interface {
	lineParser
	// more fills d with the next exchange of the line that was parsed last, and
	// returns as parse does; ok is false when there is none. What parse returned
	// was the first. d.Line and d.Offset are those of the line; more may add to
	// the offset.
	more(d *record.Draft) (reason record.Reason, ok bool)
}

// forgetter is a lineParser that remembers lines. forget is called before it
// is shown what stood before its next block.
type forgetter interface{ forget() }

// documentReader reads the entries of one document.
type documentReader interface {
	// next fills d, its line and offset included, with the next entry, returns
	// the reason of a reject, or an error: io.EOF at the end.
	next(d *record.Draft) (record.Reason, error)
}

// format is a row of the table: either lines or entries is set.
type format struct {
	info FormatInfo
	// score says how much of a sample is of this format, 0 to 1, and why.
	score   func(sample []byte) (float64, string)
	lines   func(*Config) lineParser
	entries func(*Config, limits, io.Reader) documentReader
	// bodies says that lines may carry bodies or header fields.
	bodies bool
	// lookback is what a parser has to know of the lines before a block.
	lookback lookback
	// stray says, at little cost, whether a line that a source's own format does
	// not know may be of this one. Where it is nil such lines are never tried.
	stray func(line []byte) bool
	// loose says that a line that no format knows is ignored and no reject: in
	// the log of an application most lines speak of something else.
	loose bool
	// mixed says the same of lines that begin as those of a logger do.
	mixed bool
}

func (f *format) document() bool { return f.entries != nil }

// formats is the only place where formats meet. A more special one stands
// before a more general one: the first of two equal scores wins.
var formats = slices.Concat(
	captureFormats,
	traceFormats,
	tableFormats,
	balancerFormats,
	serverFormats,
	cloudFormats,
	clientFormats,
	[]format{combinedFormat, jsonDocumentFormat, jsonFormat, bodyFormat, textFormat, emptyFormat},
)

// captureFormats are documents of captured exchanges.
var captureFormats = []format{
	harFormat, cassetteFormat, httpFormat, warcFormat, newmanFormat,
}

// traceFormats are documents and lines of spans.
var traceFormats = []format{
	otlpLinesFormat, otlpJSONFormat, otlpProtoFormat, jaegerFormat,
}

// tableFormats are columns and pairs that name themselves.
var tableFormats = []format{
	w3cFormat, iisEventFormat, zeekFormat, ltsvFormat, herokuFormat, logfmtFormat,
}

// balancerFormats are those of load balancers and proxies.
var balancerFormats = []format{
	envoyFormat, albFormat, nlbFormat, elbFormat, s3Format,
}

// serverFormats are those of web and application servers.
var serverFormats = []format{
	templateFormat, nginxErrorFormat, apacheErrorFormat, proxyManagerFormat, jfrogFormat, traefikFormat, squidFormat,
	haproxyFormat, uwsgiFormat, uvicornFormat,
}

// cloudFormats are JSON lines of one known origin.
var cloudFormats = dialectFormats()

// clientFormats are the text logs of applications.
var clientFormats = []format{
	railsFormat, railsStartedFormat, clientFormat,
}

// Formats describes what can be read.
func Formats() []FormatInfo {
	var infos []FormatInfo
	for i := range formats {
		if formats[i].info.Sample != "" {
			infos = append(infos, formats[i].info)
		}
	}
	return infos
}

func formatNamed(name string) *format {
	for i := range formats {
		if formats[i].info.Name == name {
			return &formats[i]
		}
	}
	return nil
}

func formatNames() string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// textFormat takes what no format knows: every line is a reject, unless it is
// of another line format after all.
var textFormat = format{
	info:  FormatInfo{Name: "text", About: "text of no known format"},
	mixed: true,
	score: func([]byte) (float64, string) { return 0, "" },
}

// emptyFormat is an input without a byte.
var emptyFormat = format{
	info:  FormatInfo{Name: "empty", About: "nothing"},
	score: func([]byte) (float64, string) { return 0, "" },
}

// scoreLines is the share of a sample's lines that a parser takes for its own.
func scoreLines(sample []byte, p lineParser, mine func(record.Reason) bool) (float64, string) {
	var d record.Draft
	own, all := 0, 0
	for _, line := range sampleLines(sample) {
		if isBlank(line) {
			continue
		}
		all++
		d.Reset()
		if mine(p.parse(line, &d)) {
			own++
		}
	}
	if own == 0 {
		return 0, ""
	}
	why := fmt.Sprintf("%d of the first %d lines read as it", own, all)
	if columns := p.columns(); len(columns) > 0 {
		why += ", with " + strings.Join(columns, ", ")
	}
	return float64(own) / float64(all), why
}
