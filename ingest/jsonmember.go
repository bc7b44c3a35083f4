package ingest

import (
	"bytes"
	"strings"

	"github.com/errscope/errscope/record/jsonscan"
)

// Limits of what is remembered about the members of a log's objects.
const (
	jsonMembersMax = 1024 // members in all
	jsonKeyMax     = 128  // bytes of a key
)

// jsonUse is what a member is good for.
type jsonUse uint8

const (
	useNone     jsonUse = iota // nothing
	useValue                   // the value of a field
	useBody                    // a field that may be an object or list
	useHeaders                 // all header fields
	useHeader                  // one header field
	useDuration                // a field, its unit in the name
)

// jsonMember is what is known about a member by its name and place.
type jsonMember struct {
	key    string
	at     int // its place among the members of its object
	use    jsonUse
	name   jsonName    // of all uses but useHeader, which has a field only
	header []byte      // of useHeader: the name
	inside *jsonObject // where the value, if it is an object, is looked into
	list   bool        // it is looked into also where it is a list of objects
	text   bool        // a text in it may be an object, encoded once more
	marks  []keyMark   // of dialects
	dotted string      // the keys down to it, as they are spelled
}

// jsonObject is an object that is looked into. The lines of a log have the same
// members in the same order, so the next one is mostly the one that followed
// before, and its normalised name need not be worked out again.
type jsonObject struct {
	path    string // normalised, see normalPath; wrappers are no part of it
	whole   string // the same, with wrappers
	dotted  string // the same, as it is spelled, "" or with a point at its end
	top     bool   // its members may be marks of a dialect
	depth   int
	members []*jsonMember // in the order in which they were first seen
	byKey   map[string]*jsonMember
	next    int // of members: the one that should come
}

// member finds what is known about a key, or finds it out.
func (p *jsonLines) member(o *jsonObject, key []byte) *jsonMember {
	if o.next < len(o.members) {
		if m := o.members[o.next]; m.key == string(key) {
			o.next++
			return m
		}
	}
	if m := o.byKey[string(key)]; m != nil {
		o.next = m.at + 1 // members that some lines leave out do not end the sequence
		return m
	}
	m := p.meaning(o, key)
	if p.members < jsonMembersMax && len(key) <= jsonKeyMax {
		p.members++
		if o.byKey == nil {
			o.byKey = map[string]*jsonMember{}
		}
		o.byKey[m.key], m.at = m, len(o.members)
		o.members = append(o.members, m)
		o.next = len(o.members)
	}
	return m
}

// meaning works out what a member is good for.
func (p *jsonLines) meaning(o *jsonObject, key []byte) *jsonMember {
	v := p.voc
	m := &jsonMember{key: string(key), dotted: o.dotted + string(key)}
	path, whole := normalPath(o.path, key), normalPath(o.whole, key)
	name, known := v.given[whole]
	if !known {
		name, known = v.names[path]
	}
	m.name = name
	switch {
	case known && name.field == fieldIgnored:
	case known && name.field.headers():
		m.use = useHeaders
	case known && name.field.body():
		m.use = useBody
	case known:
		m.use = useValue
	default:
		m.other(v, path)
	}
	if o.top {
		m.marks = jsonMarks[path]
	}
	// Wrappers such as "attributes" are seen through: their members count as
	// those of the object around them.
	last := lastSegment(path)
	wrapper := v.wrap[last] && !(known && name.field == fieldIgnored)
	m.text = o.depth == 0 && (wrapper || jsonTexts[path])
	m.list = jsonLists[path]
	if o.depth < jsonDepthMax && (wrapper || v.prefixes[path] || v.within[whole]) {
		m.inside = &jsonObject{path: path, whole: whole, dotted: m.dotted + ".", depth: o.depth + 1}
		if wrapper {
			m.inside.path, m.inside.top = "", o.top && jsonWrappers[last]
		}
	}
	return m
}

// other is what a member without a fixed name may be: a single header of ECS
// and OpenTelemetry, or a duration with its unit in the name.
func (m *jsonMember) other(v *vocabulary, path string) {
	for _, h := range v.headers {
		if rest, ok := strings.CutPrefix(m.key, h.prefix); ok && len(rest) > 0 {
			m.use, m.name.field, m.header = useHeader, h.field, []byte(rest)
			return
		}
	}
	if field, ok := headerPath(path); ok {
		// The name's own spelling: what follows the last point of the key.
		m.use, m.name.field = useHeader, field
		m.header = []byte(m.key)
		m.header = m.header[bytes.LastIndexByte(m.header, '.')+1:]
		return
	}
	last := []byte(lastSegment(path))
	for _, u := range units {
		base, found := bytes.CutSuffix(last, u.suffix)
		if !found {
			continue
		}
		if name, ok := v.names[string(bytes.TrimSuffix(base, []byte("in")))]; ok && name.field == fieldDuration {
			m.use, m.name = useDuration, name
			m.name.unitNS = u.ns
			return
		}
	}
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// normalPath appends a key to a path: lower case, without "_", "-" and blanks.
func normalPath(path string, key []byte) string {
	out := make([]byte, 0, len(path)+1+len(key))
	out = append(out, path...)
	if len(path) > 0 {
		out = append(out, '.')
	}
	for _, c := range key {
		if len(out) >= jsonPathMax {
			break
		}
		switch {
		case c == '_' || c == '-' || c == ' ':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}

// read reads the members of the object that the cursor has entered.
func (p *jsonLines) read(c *jsonscan.Cursor, o *jsonObject) {
	o.next = 0
	for {
		key, kind, ok := c.Next()
		if !ok {
			return
		}
		m := p.member(o, key)
		if m.marks != nil {
			p.note(m.marks, c, kind)
		}
		if m.use == useNone && m.inside == nil && !m.text {
			continue
		}
		object := kind == jsonscan.ObjectKind
		if p.keys != nil && (m.use == useHeaders || m.use == useHeader) {
			p.keys.add(m)
		}
		switch {
		case m.use == useHeaders && object:
			c.Enter()
			p.readHeaderObject(c, m.name.field)
		case m.use == useHeaders:
			p.readHeaders(m.name.field, c.Value(), kind)
		case m.use == useBody:
			p.readBody(m, c.Value(), kind)
		case m.inside != nil && object:
			c.Enter()
			p.read(c, m.inside)
		case object:
		case m.use == useHeader:
			p.addHeader(m.name.field, m.header, c.Value(), kind)
		case m.text && kind == jsonscan.String:
			p.readText(m, c.Value())
		case kind == jsonscan.ArrayKind:
			p.readList(m, c.Value())
		case m.use == useValue:
			p.offer(m, c.Value(), kind)
		case m.use == useDuration && (kind == jsonscan.Number || kind == jsonscan.String):
			p.offer(m, c.Value(), kind)
		}
	}
}

// readText takes a text that may be an object, encoded once more: the longest
// of several is the likeliest.
func (p *jsonLines) readText(m *jsonMember, value []byte) {
	if len(value) > 4 && value[1] == '{' && len(value) > len(p.embedded.raw) {
		p.embedded = jsonValue{raw: value, kind: jsonscan.String, from: m}
	}
	if m.use == useValue || m.use == useBody {
		p.offer(m, value, jsonscan.String)
	}
}

// readList takes the first text or number of a list, or looks into the objects
// of those lists that are known to hold something.
func (p *jsonLines) readList(m *jsonMember, value []byte) {
	if m.use != useValue && !m.list {
		return
	}
	_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
		switch {
		case m.list && m.inside != nil && k == jsonscan.ObjectKind:
			c := jsonscan.NewCursor(v)
			p.read(&c, m.inside)
			return true
		case m.use == useValue && (k == jsonscan.String || k == jsonscan.Number):
			p.offer(m, v, k)
		}
		return m.list
	})
}

// readHeaderObject reads the object of strings or lists that was entered.
func (p *jsonLines) readHeaderObject(c *jsonscan.Cursor, field jsonField) {
	for {
		key, kind, ok := c.Next()
		if !ok {
			return
		}
		p.addHeader(field, key, c.Value(), kind)
	}
}

// readBody takes a body, unless it is the object that has it inside.
func (p *jsonLines) readBody(m *jsonMember, value []byte, kind jsonscan.Kind) {
	if kind == jsonscan.ObjectKind && m.inside != nil && isBodyEnvelope(m.inside.path, value) {
		inner := jsonscan.NewCursor(value)
		p.read(&inner, m.inside)
		return
	}
	if m.text && kind == jsonscan.String {
		p.readText(m, value)
		return
	}
	p.offer(m, value, kind)
}

// isBodyEnvelope tells the object that the Elastic Common Schema and
// OpenTelemetry put around a body and its size from one that is the body. Under
// their own path "content", or a number in "bytes", is enough; under other paths
// the content must be text and nothing else may stand beside it, since a
// vendor's answer can have members of these names.
func isBodyEnvelope(path string, value []byte) bool {
	ecs := len(path) > 5 && path[:5] == "http."
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
