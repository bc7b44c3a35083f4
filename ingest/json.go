package ingest

import (
	"bytes"
	"errors"
	"slices"

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
			return r == "" || r == record.IgnoreNoHTTP
		})
	},
	lines: func(cfg *Config) lineParser { return newJSONLines(cfg) },
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
	path     []byte // normalised, of the object that is being read
	depth    int
	values   [fieldCount]jsonValue
	headers  [2]bool // the response's, the request's: seen
	d        *record.Draft
	seen     [fieldCount]bool
}

// jsonValue is the best value of a field so far.
type jsonValue struct {
	raw  []byte
	kind jsonscan.Kind
	name jsonName
}

func newJSONLines(cfg *Config) *jsonLines {
	return &jsonLines{bindings: cfg.Bindings, clock: newClock(cfg), path: make([]byte, 0, jsonPathMax)}
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
	p.path, p.depth, p.d = p.path[:0], 0, d
	p.headers = [2]bool{}
	p.values = [fieldCount]jsonValue{}
	rest, err := jsonscan.Object(line, p.member)
	switch {
	case errors.Is(err, jsonscan.ErrTruncated):
		return record.RejectTruncated
	case err != nil || len(bytes.TrimSpace(rest)) > 0:
		return record.RejectJSON
	}
	return p.exchange(d)
}

// member reads one member of the object at p.path.
func (p *jsonLines) member(key, value []byte, kind jsonscan.Kind) bool {
	before := len(p.path)
	p.push(key)
	name, known := jsonNames[string(p.path)]
	switch {
	case known && name.field.headers():
		p.readHeaders(name.field, value, kind)
	case known && name.field.body() && kind == jsonscan.ObjectKind && isBodyEnvelope(p.path, value):
		p.descend(key, value)
	case known && (kind != jsonscan.ObjectKind && kind != jsonscan.ArrayKind || name.field.body()):
		p.offer(name, value, kind)
	case kind == jsonscan.ObjectKind && p.depth < jsonDepthMax:
		p.descend(key, value)
	case !known:
		p.other(key, value, kind)
	}
	p.path = p.path[:before]
	return true
}

// isBodyEnvelope tells the object that the Elastic Common Schema and
// OpenTelemetry put around a body and its size from one that is the body. Under
// their own path "content", or a number in "bytes", is enough; under other paths
// the content must be text and nothing else may stand beside it, since a
// vendor's answer can have members of these names.
func isBodyEnvelope(path, value []byte) bool {
	ecs := bytes.HasPrefix(path, []byte("http."))
	inside, beside := false, false
	_, _ = jsonscan.Object(value, func(key, _ []byte, kind jsonscan.Kind) bool {
		switch string(key) {
		case "content":
			ok := kind == jsonscan.String || ecs
			inside, beside = inside || ok, beside || !ok
		case "bytes", "size":
			ok := kind == jsonscan.Number
			inside, beside = inside || ok, beside || !ok
		default:
			beside = true
		}
		return true
	})
	return inside && (ecs || !beside)
}

// push appends a key to the path: lower case, without "_" and "-", a leading
// "@" of "@timestamp" kept.
func (p *jsonLines) push(key []byte) {
	if len(p.path) > 0 {
		p.path = append(p.path, '.')
	}
	for _, c := range key {
		if len(p.path) >= jsonPathMax {
			return
		}
		switch {
		case c == '_' || c == '-':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		p.path = append(p.path, c)
	}
}

// descend looks into an object whose members may matter. Wrappers such as
// "attributes" are seen through: their members count as those of the object
// around them.
func (p *jsonLines) descend(key, value []byte) {
	path := p.path
	if jsonWrappers[string(lastSegment(path))] {
		p.path = p.path[:0]
	} else if !jsonPrefixes[string(path)] {
		return
	}
	saved := string(path) // the backing array is reused by the members
	p.depth++
	// The value was skipped as a whole before, so a fault shows only here; what
	// was read until then counts.
	_, _ = jsonscan.Object(value, p.member)
	p.depth--
	p.path = append(p.path[:0], saved...)
}

func lastSegment(path []byte) []byte {
	return path[bytes.LastIndexByte(path, '.')+1:]
}

// other reads what has no fixed name: single headers of ECS and OpenTelemetry,
// and durations with their unit in the name.
func (p *jsonLines) other(key, value []byte, kind jsonscan.Kind) {
	if field, name, ok := headerName(p.path, key); ok {
		p.addHeader(field, name, value, kind)
		return
	}
	if kind != jsonscan.Number && kind != jsonscan.String {
		return
	}
	for _, u := range units {
		base, found := bytes.CutSuffix(lastSegment(p.path), u.suffix)
		if !found {
			continue
		}
		if name, ok := jsonNames[string(base)]; ok && name.field == fieldDuration {
			name.unitNS = u.ns
			p.offer(name, value, kind)
			return
		}
	}
}

// offer keeps a value unless a better name has one already.
func (p *jsonLines) offer(name jsonName, value []byte, kind jsonscan.Kind) {
	if kind == jsonscan.Null || kind == jsonscan.String && (len(value) <= 2 || string(value) == `"-"`) {
		return
	}
	if name.field == fieldStatus && !p.statusLike(name, value, kind) {
		return
	}
	v := &p.values[name.field]
	if v.raw == nil || name.rank < v.name.rank {
		*v = jsonValue{value, kind, name}
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

// get is the text of a field, nothing where it was not stated.
func (p *jsonLines) get(f jsonField) []byte {
	v := &p.values[f]
	if v.raw == nil {
		return nil
	}
	return p.text(v.raw, v.kind)
}
