package ingest

import (
	"bytes"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// jsonFormat is one JSON object a line, from whatever application: the names
// of the Elastic Common Schema, of OpenTelemetry (old and new), of the loggers
// that people use, and those that `errscope classify` reads.
var jsonFormat = format{
	info: FormatInfo{
		Name:  "json",
		About: "JSON lines of an HTTP client, proxy or application (ECS, OpenTelemetry and common names)",
		Sample: `{"time":"2026-03-04T09:15:02.118Z","method":"GET","url":"https://api.example.com/v2/vehicles/9","status":429,` +
			`"duration_ms":212,"headers":{"retry-after":"30"},"body":{"error":"rate limit"}}`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newJSONLines(sampleConfig()), func(r record.Reason) bool {
			// A first line that is longer than the sample is cut off by it.
			return r == "" || r == record.IgnoreNoHTTP || r == record.RejectTruncated && len(sample) >= sampleBytes
		})
	},
	lines:  func(cfg *Config) lineParser { return newJSONLines(cfg) },
	bodies: true,
	stray:  func(line []byte) bool { return trimSpace(line)[0] == '{' },
}

// Limits of a JSON line.
const (
	jsonDepthMax = 6   // objects inside objects that are looked into
	jsonPathMax  = 160 // bytes of a normalised path
)

// jsonLines parses one line after the other; it belongs to one goroutine.
type jsonLines struct {
	bindings *record.Bindings
	clock    clock
	arena    arena
	root     *jsonObject
	members  int // that are remembered, in all objects
	values   [fieldCount]jsonValue
	stated   uint32  // the fields that have a value in this line, a bit each
	headers  [2]bool // the response's, the request's: seen
	d        *record.Draft
	seen     [fieldCount]bool
	client   *clientLines // reads the messages of HTTP clients, made when first needed
}

// jsonValue is the best value of a field so far.
type jsonValue struct {
	raw  []byte
	kind jsonscan.Kind
	name jsonName
}

func newJSONLines(cfg *Config) *jsonLines {
	return &jsonLines{bindings: cfg.Bindings, clock: newClock(cfg), root: &jsonObject{}}
}

func (p *jsonLines) columns() []string {
	var names []string
	for f, seen := range p.seen {
		if seen && fieldNames[f] != "" {
			names = append(names, fieldNames[f])
		}
	}
	return names
}

func (p *jsonLines) parse(line []byte, d *record.Draft) record.Reason {
	line = trimSpace(line)
	if len(line) == 0 || line[0] != '{' {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.d, p.headers, p.stated = d, [2]bool{}, 0
	c := jsonscan.NewCursor(line)
	p.read(&c, p.root)
	switch err := c.Err(); {
	case err == jsonscan.ErrTruncated:
		return record.RejectTruncated
	case err != nil || len(bytes.TrimSpace(c.Rest())) > 0:
		return record.RejectJSON
	}
	return p.exchange(d)
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// offer keeps a value unless a better name has one already.
func (p *jsonLines) offer(name jsonName, value []byte, kind jsonscan.Kind) {
	if kind == jsonscan.Null || kind == jsonscan.String && (len(value) <= 2 || string(value) == `"-"`) {
		return
	}
	if name.field == fieldStatus && !p.statusLike(name, value, kind) {
		return
	}
	v := &p.values[name.field]
	if bit := uint32(1) << name.field; p.stated&bit == 0 || name.rank < v.name.rank {
		*v = jsonValue{value, kind, name}
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
	n, ok := number(p.text(value, kind))
	return ok && (n == 0 || n >= 100 && n < 1000)
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
