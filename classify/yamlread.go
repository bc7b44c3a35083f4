package classify

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of a pack's files.
const (
	PackBytesMax    = 256 << 10 // pack.yaml
	SamplesBytesMax = 4 << 20   // samples.txtar
	packDepthMax    = 64        // nesting of the YAML
)

// text is a scalar of a pack with its place. The zero text was not written.
type text struct {
	s  string
	at place
}

var (
	textType  = reflect.TypeFor[text]()
	placeType = reflect.TypeFor[place]()
)

// readPackFile reads YAML into a packFile. Every unknown key, doubled key and
// wrong kind is a finding; what was understood is returned all the same.
func readPackFile(doc *document, data []byte, bad *faults) *packFile {
	pf := &packFile{}
	root := parseYAML(doc, data, bad)
	if root == nil {
		return pf
	}
	r := packReader{doc: doc, bad: bad}
	r.value(root, reflect.ValueOf(pf).Elem(), 0)
	return pf
}

// parseYAML gives the one document of data, or nil and a finding. The parser is
// foreign code that meets hostile files, so its panics are findings too.
func parseYAML(doc *document, data []byte, bad *faults) (root ast.Node) {
	top := place{doc: doc, line: 1, col: 1}
	if len(data) > PackBytesMax {
		bad.add(top, "", "pack is longer than %d bytes", PackBytesMax)
		return nil
	}
	if at, deep := NestedTooDeep(data); deep {
		bad.add(place{doc: doc, line: at, col: 1}, "", "nested deeper than %d", packDepthMax)
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			root = nil
			bad.add(top, "", "YAML cannot be read: %v", p)
		}
	}()
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		// err.Error() would print the whole source around the fault.
		var located yaml.Error
		if !errors.As(err, &located) || located.GetToken() == nil {
			bad.add(top, "", "YAML: %v", err)
			return nil
		}
		pos := located.GetToken().Position
		bad.add(place{doc: doc, line: pos.Line, col: pos.Column}, "", "YAML: %s", located.GetMessage())
		return nil
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		bad.add(top, "", "want one YAML document, got %d", len(f.Docs))
		return nil
	}
	return f.Docs[0].Body
}

// NestedTooDeep guards the stack of a YAML parser: it counts what can open a level on
// one line, which no sane pack does more often than packDepthMax.
func NestedTooDeep(data []byte) (line int, deep bool) {
	line, open, onLine := 1, 0, 0
	for i, c := range data {
		switch c {
		case '\n':
			line, onLine = line+1, 0
		case '{', '[':
			open++
		case '}', ']':
			open = max(open-1, 0)
		case '-', '?', ':':
			if i+1 == len(data) || data[i+1] == ' ' || data[i+1] == '\n' || data[i+1] == '\t' || data[i+1] == c {
				onLine++
			}
		case '&', '*', '!':
			onLine++
		}
		if open > packDepthMax || onLine > packDepthMax {
			return line, true
		}
	}
	return 0, false
}

// packReader fills the structs of packFile from YAML nodes.
type packReader struct {
	doc *document
	bad *faults
}

func (r *packReader) at(n ast.Node) place {
	p := place{doc: r.doc, line: 1, col: 1}
	if m, ok := n.(ast.MapNode); ok {
		// A mapping's own token is its first colon; it begins at its first key.
		if it := m.MapRange(); it.Next() {
			n = it.Key()
		}
	}
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		p.line, p.col = tk.Position.Line, tk.Position.Column
	}
	return p
}

// value stores n in v, which is a text, a struct, a pointer to one, or a slice.
func (r *packReader) value(n ast.Node, v reflect.Value, depth int) {
	if depth > packDepthMax {
		r.bad.add(r.at(n), "", "nested deeper than %d", packDepthMax)
		return
	}
	switch {
	case v.Type() == textType:
		r.scalar(n, v)
	case v.Kind() == reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		r.value(n, p.Elem(), depth+1)
		v.Set(p)
	case v.Kind() == reflect.Slice:
		r.list(n, v, depth)
	default:
		r.object(n, v, depth)
	}
}

func (r *packReader) scalar(n ast.Node, v reflect.Value) {
	t := text{at: r.at(n)}
	switch n := n.(type) {
	case *ast.StringNode:
		t.s = n.Value
	case *ast.LiteralNode:
		t.s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		t.s = n.GetToken().Value
	default:
		r.bad.add(t.at, "", "want a single value, got %s", kindName(n))
		return
	}
	v.Set(reflect.ValueOf(t))
}

// list takes a sequence; a single value stands for a list of one.
func (r *packReader) list(n ast.Node, v reflect.Value, depth int) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		if v.Type().Elem() != textType {
			r.bad.add(r.at(n), "", "want a list, got %s", kindName(n))
			return
		}
		one := reflect.New(textType).Elem()
		r.scalar(n, one)
		v.Set(reflect.Append(v, one))
		return
	}
	for _, item := range seq.Values {
		e := reflect.New(v.Type().Elem()).Elem()
		r.value(item, e, depth+1)
		v.Set(reflect.Append(v, e))
	}
}

func (r *packReader) object(n ast.Node, v reflect.Value, depth int) {
	m, ok := n.(ast.MapNode)
	if !ok {
		r.bad.add(r.at(n), "", "want keys and values, got %s", kindName(n))
		return
	}
	fields := map[string]reflect.Value{}
	var names []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Type == placeType {
			// The place is unexported, so only this package can fill it.
			setPlace(v, r.at(n))
			continue
		}
		name := f.Tag.Get("yaml")
		fields[name] = v.Field(i)
		names = append(names, name)
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		f, known := fields[key]
		switch {
		case !known:
			r.bad.add(r.at(it.Key()), unknownKeyHelp(key, names), "unknown key %q", key)
		case seen[key]:
			r.bad.add(r.at(it.Key()), "", "key %q stands here twice", key)
		default:
			seen[key] = true
			r.value(it.Value(), f, depth+1)
		}
	}
}

// setPlace stores where a struct begins, for the types that keep it.
func setPlace(v reflect.Value, at place) {
	switch p := v.Addr().Interface().(type) {
	case *packFile:
		p.at = at
	case *ruleFile:
		p.at = at
	case *statusFile:
		p.at = at
	}
}

func kindName(n ast.Node) string {
	switch n.(type) {
	case *ast.NullNode:
		return "nothing"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return "a YAML anchor, alias or tag, which a pack may not have"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	}
	return "a value of another kind"
}

func unknownKeyHelp(key string, names []string) string {
	if near := nearest(key, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the keys here are: " + strings.Join(names, ", ")
}

// nearest is the name within two edits of word, or "".
func nearest(word string, names []string) string {
	best, at := "", 3
	for _, n := range names {
		if d := editDistance(word, n); d < at {
			best, at = n, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
