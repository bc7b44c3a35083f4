package classify

import (
	"bytes"
	"strings"

	"github.com/errscope/errscope/record/jsonscan"
)

// leavesOfXML lists the elements of a document that hold text alone, and the
// attributes, as [leavesOf] does with a document in JSON. Names have no prefixes.
func leavesOfXML(b []byte) []leaf {
	var out []leaf
	var path []string
	add := func(name string, value []byte) {
		if len(value) > 0 && len(out) < startMembersMax && isPathName(name) {
			out = append(out, newLeaf(joinPath(strings.Join(path, "."), name), string(value), jsonscan.String, len(path)))
		}
	}
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 || i+1 >= len(b) {
			return out
		}
		b = b[i:]
		switch b[1] {
		case '?', '!':
			b = pastDeclaration(b)
			continue
		case '/':
			b = pastTag(b)
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
			continue
		}
		tag := b[:len(b)-len(pastTag(b))]
		b = b[len(tag):]
		name := string(elementName(tag))
		for _, of := range [...]string{"code", "exceptionCode", "message"} {
			if v := attribute(tag, of); len(v) > 0 {
				add(of, characters(v))
			}
		}
		if bytes.HasSuffix(tag, []byte("/>")) {
			continue
		}
		add(name, textContent(b))
		if len(path) >= xmlDepthMax {
			return out
		}
		path = append(path, name)
	}
}

// readXMLRPC stores the members of an XML-RPC fault, which stand as pairs of a
// name and a value, under their names.
func (l *Labeler) readXMLRPC(b []byte) {
	const open, end = "<name>", "</name>"
	for {
		i := bytes.Index(b, []byte(open))
		if i < 0 {
			return
		}
		b = b[i+len(open):]
		name, rest, ok := bytes.Cut(b, []byte(end))
		if !ok {
			return
		}
		b = trimStart(rest)
		// The value stands in its own element, mostly in one of its type.
		for range 2 {
			if len(b) > 1 && b[0] == '<' && b[1] != '/' {
				b = trimStart(pastTag(b))
			}
		}
		m := l.e.set.slots.root.children[string(bytes.TrimSpace(name))]
		if m != nil && m.slot >= 0 {
			l.fill(m.slot, textContent(b), kindPlain)
		}
	}
}
