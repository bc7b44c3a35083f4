package ingest

import (
	"bytes"
	"io"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// cassetteFormat is what HTTP recorders of test suites write: VCR and Betamax,
// vcrpy, go-vcr and php-vcr, as YAML or JSON. It is read interaction by
// interaction.
var cassetteFormat = format{
	info: FormatInfo{
		Name:  "cassette",
		About: "recorded exchanges of VCR, vcrpy, Betamax, go-vcr or php-vcr, YAML or JSON",
		Sample: `{"http_interactions":[{"request":{"method":"get","uri":"https://api.example.com/v2/vehicles/9"},` +
			`"response":{"status":{"code":429,"message":"Too Many Requests"},"body":{"string":"{\"error\":\"slow down\"}"}}}]}`,
	},
	score:   scoreCassette,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader { return &cassettes{cfg: cfg, lim: lim, r: r} },
}

// interactionKeys are the keys of the list of interactions.
const interactionKeys = "http_interactions|interactions"

// cassettes finds out at the first byte whether a cassette is JSON or YAML.
type cassettes struct {
	cfg  *Config
	lim  limits
	r    io.Reader
	list documentReader
}

func (c *cassettes) next(d *record.Draft) (record.Reason, error) {
	if c.list == nil {
		s := &textStream{r: c.r, max: c.lim.entryBytes}
		s.skipMark()
		head := bytes.TrimLeft(s.line(0), " \t\r\n")
		fields := newCassetteFields(c.cfg)
		if len(head) == 0 || head[0] != '{' && head[0] != '[' {
			c.list = newYAMLCassette(s, fields)
		} else {
			list := newJSONEntries(c.lim, &streamRest{s}, fields.readJSON, interactionKeys)
			if head[0] == '[' {
				list.keys = nil
			}
			list.scan.offset = s.offset
			c.list = list
		}
	}
	return c.list.next(d)
}

// streamRest reads on from where a stream stands.
type streamRest struct{ s *textStream }

func (r *streamRest) Read(p []byte) (int, error) {
	if v := r.s.view(); len(v) > 0 {
		n := copy(p, v)
		r.s.start += n
		return n, nil
	}
	if r.s.err != nil {
		return 0, r.s.err
	}
	return r.s.r.Read(p)
}

// cassetteFields reads one interaction, told key by key, whatever its syntax.
type cassetteFields struct {
	*jsonLines
	path           [][]byte // to the present JSON value
	url, host      []byte
	recorded       []byte
	duration       []byte
	code, status   []byte
	bodies         [2]capturedText // the response's, the request's
	requestVersion []byte
}

// capturedText is a body as a document holds it.
type capturedText struct {
	text   []byte
	base64 bool
}

func newCassetteFields(cfg *Config) *cassetteFields {
	return &cassetteFields{jsonLines: newJSONLines(cfg)}
}

func (f *cassetteFields) begin(d *record.Draft) {
	*f = cassetteFields{jsonLines: f.jsonLines, path: f.path[:0]}
	f.arena.reset()
	f.d = d
}

// readJSON reads an interaction of a JSON cassette.
func (f *cassetteFields) readJSON(entry []byte, d *record.Draft) record.Reason {
	f.begin(d)
	if jsonscan.KindOf(entry) != jsonscan.ObjectKind || !jsonscan.Valid(entry) {
		return record.RejectDocument
	}
	f.walk(entry, jsonscan.ObjectKind, 0)
	return f.finish()
}

// walk tells every scalar of a JSON value with the keys that lead to it.
func (f *cassetteFields) walk(value []byte, kind jsonscan.Kind, depth int) {
	if depth > jsonDepthMax {
		return
	}
	switch kind {
	case jsonscan.ObjectKind:
		if f.isBody() && !isBodyMember(value) {
			f.leaf(f.path, value, false) // the body itself, pretty as the recorder left it
			return
		}
		_, _ = jsonscan.Object(value, func(key, v []byte, k jsonscan.Kind) bool {
			f.path = append(f.path, key)
			f.walk(v, k, depth+1)
			f.path = f.path[:len(f.path)-1]
			return true
		})
	case jsonscan.ArrayKind:
		if f.isBody() {
			f.leaf(f.path, value, false)
			return
		}
		_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
			f.walk(v, k, depth+1)
			return true
		})
	case jsonscan.String, jsonscan.Number, jsonscan.Bool:
		f.leaf(f.path, f.text(value, kind), false)
	}
}

// isBody reports whether the path leads to a body.
func (f *cassetteFields) isBody() bool {
	return len(f.path) == 2 && bytes.EqualFold(f.path[1], []byte("body"))
}

// isBodyMember tells the object that a recorder puts around a body from a body
// that is an object itself.
func isBodyMember(value []byte) bool {
	found := false
	_, _ = jsonscan.Object(value, func(key, _ []byte, _ jsonscan.Kind) bool {
		switch string(key) {
		case "string", "base64_string", "encoding":
			found = true
		}
		return !found
	})
	return found
}

// leaf takes one scalar.
func (f *cassetteFields) leaf(path [][]byte, text []byte, binary bool) {
	var store [24]byte
	switch {
	case len(path) == 1 && bytes.EqualFold(path[0], []byte("recorded_at")):
		f.recorded = text
	case len(path) < 2:
	default:
		switch string(f.arena.lowerInto(store[:0], path[0])) {
		case "request":
			f.request(path[1:], text, binary)
		case "response":
			f.response(path[1:], text, binary)
		}
	}
}

func (f *cassetteFields) request(path [][]byte, text []byte, binary bool) {
	var store [24]byte
	switch string(f.arena.lowerInto(store[:0], path[0])) {
	case "method":
		f.d.Method = f.arena.upper(bytes.TrimPrefix(text, []byte{':'})) // Ruby's symbols
	case "uri", "url":
		if len(path) == 1 {
			f.url = text
		}
	case "host":
		f.host = text
	case "proto", "http_version":
		f.requestVersion = text
	case "headers":
		f.header(fieldRequestHeaders, path, text)
	case "body", "content":
		f.body(1, path, text, binary)
	}
}

func (f *cassetteFields) response(path [][]byte, text []byte, binary bool) {
	var store [24]byte
	switch string(f.arena.lowerInto(store[:0], path[0])) {
	case "status":
		switch {
		case len(path) == 1:
			f.status = text
		case bytes.EqualFold(path[1], []byte("code")):
			f.code = text
		case bytes.EqualFold(path[1], []byte("http_version")):
			f.d.HTTPVersion = httpVersion(text)
		}
	case "code", "status_code":
		f.code = text
	case "proto", "http_version":
		f.d.HTTPVersion = httpVersion(text)
	case "headers":
		f.header(fieldResponseHeaders, path, text)
	case "body", "content":
		f.body(0, path, text, binary)
	case "duration":
		f.duration = text
	}
}

// header takes a field of "name: [value, …]", or one that is a whole line.
func (f *cassetteFields) header(field jsonField, path [][]byte, text []byte) {
	if len(path) > 1 {
		f.putHeader(field, path[1], text)
		return
	}
	if name, value, ok := bytes.Cut(text, []byte{':'}); ok {
		f.putHeader(field, bytes.TrimSpace(name), bytes.TrimSpace(value))
	}
}

func (f *cassetteFields) body(side int, path [][]byte, text []byte, binary bool) {
	switch {
	case len(path) == 1:
		f.bodies[side] = capturedText{text, binary}
	case string(path[1]) == "string":
		f.bodies[side] = capturedText{text, binary}
	case string(path[1]) == "base64_string":
		f.bodies[side] = capturedText{text, true}
	}
}

// finish makes an exchange of what was told.
func (f *cassetteFields) finish() record.Reason {
	d := f.d
	status := f.code
	if len(status) == 0 {
		status, _, _ = bytes.Cut(f.status, []byte{' '}) // "404 Not Found"
	}
	n, ok := number(status)
	switch {
	case len(status) == 0:
		return record.RejectDocument
	case !ok || n > 999 || n > 0 && n < 100:
		return record.RejectStatus
	}
	d.Status = int(n)
	f.arena.setTarget(d, f.url)
	if len(d.Host) == 0 && len(f.host) > 0 {
		d.Host = f.arena.host(f.host)
	}
	if len(d.HTTPVersion) == 0 {
		d.HTTPVersion = httpVersion(f.requestVersion)
	}
	f.storableHeaders()
	d.Body, d.BodyTruncated = capturedBody(d.Headers, f.decoded(f.bodies[0]))
	d.RequestBody, _ = capturedBody(d.RequestHeaders, f.decoded(f.bodies[1]))
	d.Bytes = statedBytes(d)
	if ns, ok := goDuration(f.duration); ok {
		d.DurationNS = ns
	}
	if !f.recordedAt(d) {
		return record.RejectTime
	}
	setHeaderIDs(d, &f.arena)
	setDirection(f.bindings, d, true)
	return ""
}

// storableHeaders takes zero bytes, which an escape can bring, out of what came
// from the document.
func (f *cassetteFields) storableHeaders() {
	d := f.d
	for _, headers := range [...][]record.Header{d.Headers, d.RequestHeaders} {
		for i := range headers {
			headers[i].Name, headers[i].Value = storable(headers[i].Name), storable(headers[i].Value)
		}
	}
	for _, p := range []*[]byte{&d.Method, &d.Scheme, &d.Host, &d.Path, &d.Query, &d.Target, &d.HTTPVersion} {
		*p = storable(*p)
	}
}

// recordedAt sets the time: when it was recorded, else what the response says.
func (f *cassetteFields) recordedAt(d *record.Draft) bool {
	if len(f.recorded) > 0 {
		if ns, digits, ok := f.clock.any(f.recorded); ok {
			d.TimeNS, d.TimeDigits = ns, digits
			return true
		}
	}
	f.clock.capturedTime(d)
	return len(f.recorded) == 0 || d.TimeDigits >= 0
}

// decoded undoes base64, which recorders wrap into lines.
func (f *cassetteFields) decoded(body capturedText) []byte {
	if !body.base64 {
		return body.text
	}
	return f.arena.unbase64(body.text)
}
