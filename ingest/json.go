package ingest

import (
	"bytes"
	"slices"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// jsonFormat is one JSON object a line, from whatever application: the names
// of the Elastic Common Schema, of OpenTelemetry (old and new), of the loggers
// that people use, and those that `errscope classify` reads. A line in one of
// the dialects is read in that.
var jsonFormat = format{
	info: FormatInfo{
		Name:  "json",
		About: "JSON lines of an HTTP client, proxy or application (ECS, OpenTelemetry and common names)",
		Sample: `{"time":"2026-03-04T09:15:02.118Z","method":"GET","url":"https://api.example.com/v2/vehicles/9","status":429,` +
			`"duration_ms":212,"headers":{"retry-after":"30"},"body":{"error":"rate limit"}}`,
	},
	score: func(sample []byte) (float64, string) {
		if bytes.IndexByte(sample, '{') < 0 {
			return 0, ""
		}
		return scoreLines(sample, newJSONLines(sampleConfig()), func(r record.Reason) bool { return readAsJSON(r, sample) })
	},
	lines:  func(cfg *Config) lineParser { return newJSONLines(cfg) },
	bodies: true,
	mixed:  true,
	stray:  func(line []byte) bool { return beginsAsJSON(trimSpace(line)) || endsAsJSON(line) },
}

// readAsJSON reports whether a line of a sample is JSON, by what came of it.
func readAsJSON(r record.Reason, sample []byte) bool {
	// A first line that is longer than the sample is cut off by it.
	return r == "" || r == record.IgnoreNoHTTP || r == record.IgnoreContinued || r == record.RejectTruncated && len(sample) >= sampleBytes
}

// beginsAsJSON reports whether a line may be an object or a list of objects.
func beginsAsJSON(line []byte) bool {
	if line[0] == '[' {
		inner := bytes.TrimSpace(line[1:])
		return len(inner) > 0 && (inner[0] == '{' || len(inner) == 1 && inner[0] == ']')
	}
	return line[0] == '{'
}

// endsAsJSON reports whether text may stand before an object.
func endsAsJSON(line []byte) bool { return line[len(line)-1] == '}' && textBefore(line) > 0 }

// Limits of a JSON line.
const (
	jsonDepthMax  = 6   // objects inside objects that are looked into
	jsonPathMax   = 160 // bytes of a normalised path
	jsonPrefixMax = 512 // bytes of text before the object of a line
)

// textBefore is where the object behind some text begins, 0 where there is none.
func textBefore(line []byte) int {
	for from := 1; from < min(len(line)-1, jsonPrefixMax); {
		i := bytes.IndexByte(line[from:], '{')
		if i < 0 {
			return 0
		}
		if i += from; line[i-1] == ' ' || line[i-1] == '\t' {
			return i
		}
		from = i + 1
	}
	return 0
}

// jsonLines parses one line after the other; it belongs to one goroutine.
type jsonLines struct {
	bindings     *record.Bindings
	clock        clock
	arena        arena
	given        map[string]jsonName
	vocabularies []*vocabulary
	voc          *vocabulary // of the line
	members      int         // that are remembered, in all objects
	marks        markSet     // that the line has
	values       [fieldCount]jsonValue
	stated       uint64  // the fields that have a value in this line, a bit each
	headers      [2]bool // the response's, the request's: seen
	way          direction
	embedded     jsonValue
	d            *record.Draft
	seen         [fieldCount]bool
	keys         *keyList // of detection
	rest         jsonRest
	client       *clientLines // reads the messages of HTTP clients, made when first needed
	servers      []lineParser // read the access lines of accessFormats, made when first needed
}

// jsonValue is the best value of a field so far.
type jsonValue struct {
	raw  []byte
	kind jsonscan.Kind
	name jsonName
	from *jsonMember
}

// jsonRest is what is left of a line that holds several objects.
type jsonRest struct {
	base   []byte // where offsets count from
	left   []byte
	list   bool // the objects are elements of a list
	broken bool // the line breaks off, which has been said
}

func newJSONLines(cfg *Config) *jsonLines {
	p := &jsonLines{bindings: cfg.Bindings, clock: newClock(cfg), given: givenNames(cfg.JSONFields)}
	p.voc = p.vocabularyOf(&plainDialect)
	return p
}

func (p *jsonLines) columns() []string {
	var names []string
	for f, seen := range p.seen {
		if seen && fieldNames[f] != "" && jsonField(f) != fieldMessage {
			names = append(names, fieldNames[f])
		}
	}
	return names
}

func (p *jsonLines) parse(line []byte, d *record.Draft) record.Reason {
	p.rest = jsonRest{}
	line = trimSpace(line)
	switch {
	case len(line) == 0:
		return record.RejectSyntax
	case line[0] == '{':
		return p.first(line, d)
	case beginsAsJSON(line):
		return p.list(line, line[1:], d)
	case endsAsJSON(line):
		return p.behindText(line, d)
	}
	return record.RejectSyntax
}

// first reads a line that begins with an object.
func (p *jsonLines) first(line []byte, d *record.Draft) record.Reason {
	if list := recordsList(line); list != nil {
		return p.list(line, list, d)
	}
	rest, err := p.object(line, d)
	rest = bytes.TrimSpace(rest)
	switch {
	case err == jsonscan.ErrTruncated:
		return record.RejectTruncated
	case err != nil:
		return record.RejectJSON
	case len(rest) > 0 && rest[0] == '{': // objects without a line break between them
		p.rest = jsonRest{base: line, left: rest}
	case len(rest) > 0:
		return record.RejectJSON
	}
	return p.exchange(d)
}

// behindText reads a line whose object stands behind text of a logger. The line
// is one of these only if the object is an exchange.
func (p *jsonLines) behindText(line []byte, d *record.Draft) record.Reason {
	at := textBefore(line)
	rest, err := p.object(line[at:], d)
	if err != nil || len(bytes.TrimSpace(rest)) > 0 || p.exchange(d) != "" {
		return record.RejectSyntax
	}
	if d.TimeDigits < 0 {
		p.timeBefore(line[:at], d)
	}
	return ""
}

// timeBefore takes the time that stands in the text of a logger.
func (p *jsonLines) timeBefore(text []byte, d *record.Draft) {
	ns, digits, ok := p.clock.stamp(text)
	if first, _, tabs := bytes.Cut(text, []byte{'\t'}); !ok && tabs {
		ns, digits, ok = p.clock.any(p.arena.plainSeconds(first))
	}
	if ok {
		d.TimeNS, d.TimeDigits = ns, digits
	}
}

// plainSeconds writes out "1.772615702118e+09", as zap's console has the time
// where nobody chose another encoder; nothing where b is no such number.
func (a *arena) plainSeconds(b []byte) []byte {
	const places = 9
	mantissa, found := bytes.CutSuffix(b, []byte("e+09"))
	if !found || len(mantissa) < places+2 || mantissa[1] != '.' {
		return nil
	}
	start := len(a.buf)
	a.buf = append(a.buf, mantissa[0])
	a.buf = append(a.buf, mantissa[2:2+places]...)
	if rest := mantissa[2+places:]; len(rest) > 0 {
		a.buf = append(append(a.buf, '.'), rest...)
	}
	return a.buf[start:len(a.buf):len(a.buf)]
}

// object reads the object that b begins with.
func (p *jsonLines) object(b []byte, d *record.Draft) (rest []byte, err error) {
	p.arena.reset()
	p.d = d
	return p.take(b, false)
}

// startObject forgets what the object before stated.
func (p *jsonLines) startObject(d *record.Draft) {
	p.d, p.stated, p.marks, p.headers, p.embedded = d, 0, markSet{}, [2]bool{}, jsonValue{}
	d.Headers, d.RequestHeaders = d.Headers[:0], d.RequestHeaders[:0]
}

// take reads an object in the dialect that its own keys ask for.
func (p *jsonLines) take(b []byte, embedded bool) (rest []byte, err error) {
	for second := false; ; second = true {
		p.startObject(p.d)
		root := p.voc.root
		if embedded {
			root = p.voc.embedded
		}
		c := jsonscan.NewCursor(b)
		p.read(&c, root)
		if err := c.Err(); err != nil {
			return nil, err
		}
		d := dialectOf(&p.marks)
		if d == p.voc.dialect || second {
			return c.Rest(), nil
		}
		p.voc = p.vocabularyOf(d)
	}
}

// outerFields are the fields that count from outside an embedded object too,
// where it does not state them itself.
var outerFields = [...]jsonField{fieldTime, fieldTraceID, fieldSpanID, fieldRequestID}

// takeEmbedded reads the object that stands as text in a member of the line. It
// reports whether there was one.
func (p *jsonLines) takeEmbedded() bool {
	text := p.text(p.embedded.raw, p.embedded.kind)
	if len(text) < 2 || text[0] != '{' {
		return false
	}
	var outer [len(outerFields)]jsonValue
	for i, f := range outerFields {
		if p.has(f) {
			outer[i] = p.values[f]
		}
	}
	resetFields(p.d)
	if rest, err := p.take(text, true); err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return false
	}
	for i, f := range outerFields {
		if !p.has(f) && len(outer[i].raw) > 0 {
			p.values[f] = outer[i]
			p.stated |= 1 << f
		}
	}
	return true
}

// offer keeps a value unless a better name has one already.
func (p *jsonLines) offer(m *jsonMember, value []byte, kind jsonscan.Kind) {
	if kind == jsonscan.Null || kind == jsonscan.String && (len(value) <= 2 || string(value) == `"-"` || p.voc.isEmpty(value)) {
		return
	}
	name := m.name
	if name.field == fieldStatus && !p.statusLike(name, value, kind) {
		return
	}
	v := &p.values[name.field]
	if bit := uint64(1) << name.field; p.stated&bit == 0 || name.rank < v.name.rank {
		*v = jsonValue{value, kind, name, m}
		p.stated |= bit
		p.seen[name.field] = true
	}
}

// statusLike keeps words ("ok", "active") under a generic name from being
// taken for a status.
func (p *jsonLines) statusLike(name jsonName, value []byte, kind jsonscan.Kind) bool {
	if name.rank < rankGeneric {
		return true
	}
	n, ok := leadingStatus(p.text(value, kind))
	return ok && (n == 0 && name.rank < rankLast || n >= 100 && n < 1000)
}

// text is a string without quotes and escapes, or a number as it stands.
func (p *jsonLines) text(raw []byte, kind jsonscan.Kind) []byte {
	if kind != jsonscan.String {
		return raw
	}
	if len(raw) < 2 || raw[len(raw)-1] != '"' {
		return nil // cut off
	}
	body := raw[1 : len(raw)-1]
	if bytes.IndexByte(body, '\\') < 0 {
		return body
	}
	a := &p.arena
	start := len(a.buf)
	a.buf = slices.Grow(a.buf, len(raw)) // a text is never longer than its quoted form
	out := jsonscan.Unquote(a.buf[start:], raw)
	a.buf = a.buf[:start+len(out)]
	for i := bytes.IndexByte(out, 0); i >= 0; i = bytes.IndexByte(out, 0) {
		out[i] = ' ' // \u0000 cannot be stored everywhere
	}
	return out
}

// has reports whether the line stated the field.
func (p *jsonLines) has(f jsonField) bool { return p.stated>>f&1 != 0 }

// get is the text of a field, nothing where it was not stated.
func (p *jsonLines) get(f jsonField) []byte {
	if !p.has(f) {
		return nil
	}
	v := &p.values[f]
	return p.text(v.raw, v.kind)
}
