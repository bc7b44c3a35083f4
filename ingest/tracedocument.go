package ingest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// otlpJSONFormat is a batch of spans or log records that was printed over
// several lines, and Tempo's answers.
var otlpJSONFormat = format{
	info: FormatInfo{
		Name:  "otlp_json",
		About: "a JSON document of OpenTelemetry spans or log records, Tempo's included",
		Sample: "{\n" + `"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spanId":"51b2c3d4e5f60718","kind":3,` + "\n" +
			`"startTimeUnixNano":"1772615702118000000","endTimeUnixNano":"1772615702330000000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},` + "\n" +
			`{"key":"url.full","value":{"stringValue":"https://api.example.com/v2/vehicles/9"}},{"key":"http.response.status_code","value":{"intValue":"429"}}]}]}]}]}`,
	},
	score: func(sample []byte) (float64, string) {
		inner, tempo := bytes.CutPrefix(bytes.TrimLeft(sample, " \t\r\n"), []byte(`{"trace":`)) // Tempo's second interface
		if key := otlpKey(inner); key != "" && (tempo || isPrinted(sample)) {
			return 1.1, `the root's member is "` + key + `"`
		}
		return 0, ""
	},
	entries: newTraceDocument,
	bodies:  true,
}

// jaegerFormat is what Jaeger's interface and its screens export.
var jaegerFormat = format{
	info: FormatInfo{
		Name:  "jaeger",
		About: "JSON traces of Jaeger",
		Sample: `{"data":[{"traceID":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spans":[{"traceID":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spanID":"51b2c3d4e5f60718",` +
			`"operationName":"GET","startTime":1772615702118000,"duration":212000,"tags":[{"key":"span.kind","type":"string","value":"client"},` +
			`{"key":"http.url","type":"string","value":"https://api.example.com/v2/vehicles/9"},{"key":"http.method","type":"string","value":"GET"},` +
			`{"key":"http.status_code","type":"int64","value":429}]}],"processes":{}}]}`,
	},
	score: func(sample []byte) (float64, string) {
		b := bytes.TrimLeft(sample, " \t\r\n")
		if len(b) == 0 || b[0] != '{' || !bytes.HasPrefix(bytes.TrimLeft(b[1:], " \t\r\n"), []byte(`"data"`)) {
			return 0, ""
		}
		for _, key := range []string{`"spans"`, `"operationName"`, `"traceID"`} {
			if !bytes.Contains(b, []byte(key)) {
				return 0, ""
			}
		}
		return 1.1, `the root's member "data" holds "spans" with "operationName"`
	},
	entries: newTraceDocument,
	bodies:  true,
}

func newTraceDocument(cfg *Config, lim limits, r io.Reader) documentReader {
	return &traceDocument{scan: documentScanner{r: r, entryMax: lim.entryBytes}, parser: newTraceParser(cfg)}
}

// traceDocument hands out the spans and log records of a document, or of
// several one behind the other. One element of its lists is in memory at once.
type traceDocument struct {
	scan    documentScanner
	parser  *traceParser
	depth   int    // objects that were gone into
	list    string // the key of the list that the scanner is in, "" for none
	upNext  int    // of the parser's items
	element []byte // that they are in
	found   bool   // a list was met
	done    bool
}

func (t *traceDocument) next(d *record.Draft) (record.Reason, error) {
	for !t.done {
		if p := t.parser; t.upNext < len(p.items) {
			item := p.items[t.upNext]
			t.upNext++
			return t.read(item, d), nil
		}
		element, err := t.advance()
		d.Line, d.Offset = t.scan.startLine, t.scan.startOffset
		switch {
		case errors.Is(err, errLargeEntry):
			d.Raw = sampleOf(element)
			return record.RejectTooLong, nil
		case err != nil:
			t.done = true
			if err == io.EOF {
				return "", err
			}
			return t.scan.fault(err, d)
		}
		if !t.take(element) {
			d.Raw = sampleOf(element)
			return record.RejectDocument, nil
		}
	}
	return "", io.EOF
}

// read reads one item of the present element.
func (t *traceDocument) read(item traceItem, d *record.Draft) record.Reason {
	d.Line = t.scan.startLine + int64(bytes.Count(t.element[:item.at], lineBreak))
	d.Offset = t.scan.startOffset + int64(item.at)
	reason := t.parser.read(item, d)
	if reason != "" {
		resetFields(d)
		d.Raw = sampleOf(item.raw)
	}
	return reason
}

// take finds the items of an element.
func (t *traceDocument) take(element []byte) bool {
	if !utf8.Valid(element) {
		element = bytes.ToValidUTF8(element, []byte("\uFFFD"))
	}
	if bytes.IndexByte(element, 0) >= 0 {
		element = bytes.ReplaceAll(element, []byte{0}, []byte("\uFFFD")) // no text of a database holds it
	}
	p := t.parser
	t.element, p.list, p.items, t.upNext = element, element, p.items[:0], 0
	switch {
	case len(element) == 0 || element[0] != '{':
		return false
	case t.list == "spans":
		p.items = append(p.items, traceItem{raw: element, kind: itemJaeger})
		return true
	case t.list == "data":
		_, err := jsonscan.Object(element, func(key, value []byte, kind jsonscan.Kind) bool {
			if string(key) == "spans" && kind == jsonscan.ArrayKind {
				_, _ = p.keep(value, itemJaeger)
			}
			return true
		})
		return err == nil
	}
	c := jsonscan.NewCursor(element)
	p.collect(&c)
	return c.Err() == nil
}

// advance returns the next element of the next list that holds spans.
func (t *traceDocument) advance() ([]byte, error) {
	s := &t.scan
	for {
		if t.list != "" {
			element, err := s.element()
			if err != io.EOF {
				return element, err
			}
			t.list = ""
		}
		c, err := s.peek()
		if err != nil {
			if t.depth == 0 && t.found && errors.Is(err, jsonscan.ErrTruncated) {
				err = io.EOF // nothing, or another document, follows a document
			}
			return nil, err
		}
		switch {
		case t.depth == 0 && c != '{':
			return nil, jsonscan.ErrSyntax
		case t.depth == 0:
			s.pos++
			t.depth = 1
		case c == '}':
			s.pos++
			t.depth--
		case c == ',':
			s.pos++
		default:
			if err := t.member(); err != nil {
				return nil, err
			}
		}
	}
}

// member passes a member of an object, or goes into it.
func (t *traceDocument) member() error {
	s := &t.scan
	name, err := s.capture(headBytes)
	if err != nil {
		return err
	}
	key := string(jsonscan.Unquote(nil, name))
	if err := s.expect(':'); err != nil {
		return err
	}
	c, err := s.peek()
	switch {
	case err != nil:
		return err
	case c == '[' && (slices.Contains(otlpKeys, key) || key == "data" || key == "spans"):
		s.pos++
		s.first, t.list, t.found = true, key, true
		return nil
	case c == '{' && (key == "data" || key == "trace") && t.depth == 1:
		s.pos++
		t.depth++
		return nil
	}
	return s.skip()
}
