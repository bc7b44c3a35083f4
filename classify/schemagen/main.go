// Command schemagen writes the JSON Schema of pack.yaml from the structs of
// packfile.go: their fields are the keys, their comments the descriptions. What
// the structs cannot say, closed sets and keys that must be there, stands in
// rules.go; a test of package classify holds the result against the loader.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "schemagen: %v\n", err)
		os.Exit(1)
	}
}

// run reads the structs of the first argument and writes the schema to the others.
func run(args []string, log io.Writer) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: schemagen PACKFILE.go OUT…")
	}
	structs, err := readStructs(args[0])
	if err != nil {
		return err
	}
	schema, err := document(structs)
	if err != nil {
		return err
	}
	for _, out := range args[1:] {
		if err := os.WriteFile(out, schema, 0o644); err != nil {
			return fmt.Errorf("writing the schema: %w", err)
		}
		fmt.Fprintf(log, "schemagen: %s\n", out)
	}
	return nil
}

// object is a part of the schema. Its keys come out in the order of the alphabet.
type object = map[string]any

// structFile is one struct of the Go file.
type structFile struct {
	doc    string
	fields []*ast.Field
}

// readStructs finds the structs of a Go file by name.
func readStructs(name string) (map[string]structFile, error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("reading the structs: %w", err)
	}
	out := map[string]structFile{}
	for _, d := range f.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.TYPE {
			continue
		}
		for _, s := range decl.Specs {
			spec := s.(*ast.TypeSpec)
			if st, ok := spec.Type.(*ast.StructType); ok {
				out[spec.Name.Name] = structFile{doc: describe(decl.Doc.Text()), fields: st.Fields.List}
			}
		}
	}
	return out, nil
}

// rootStruct is the struct of the whole file.
const rootStruct = "packFile"

// document is the schema as text.
func document(structs map[string]structFile) ([]byte, error) {
	if _, ok := structs[rootStruct]; !ok {
		return nil, fmt.Errorf("there is no struct %s", rootStruct)
	}
	defs := object{"value": anyValue(), "values": anyValues()}
	for name := range structs {
		def, err := definition(name, structs)
		if err != nil {
			return nil, err
		}
		if name != rootStruct {
			defs[keyName(name)] = def
		}
	}
	root, err := definition(rootStruct, structs)
	if err != nil {
		return nil, err
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = schemaID
	root["title"] = "errscope pack"
	root["anyOf"] = rootRequires
	root["$defs"] = defs
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("writing the schema: %w", err)
	}
	return b.Bytes(), nil
}

// definition is the schema of one struct.
func definition(name string, structs map[string]structFile) (object, error) {
	st := structs[name]
	props := object{}
	for _, f := range st.fields {
		key := yamlKey(f)
		if key == "" {
			continue
		}
		p, err := property(name, key, f.Type, structs)
		if err != nil {
			return nil, err
		}
		if c := oneLine(f.Comment.Text()); c != "" {
			p["description"] = c
		}
		props[key] = p
	}
	def := object{"type": "object", "additionalProperties": false, "properties": props, "description": st.doc}
	if keys := required[name]; len(keys) > 0 {
		def["required"] = keys
	}
	return def, nil
}

// yamlKey is the key that fills a field, or "" for one that the loader keeps
// to itself.
func yamlKey(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	return reflect.StructTag(tag).Get("yaml")
}

// property is the schema of one key.
func property(owner, key string, t ast.Expr, structs map[string]structFile) (object, error) {
	switch t := t.(type) {
	case *ast.StarExpr:
		return property(owner, key, t.X, structs)
	case *ast.ArrayType:
		item, err := property(owner, key, t.Elt, structs)
		if err != nil {
			return nil, err
		}
		list := object{"type": "array", "items": item}
		if isText(t.Elt) {
			return oneOrMore(item, list), nil
		}
		return list, nil
	case *ast.Ident:
		if isText(t) {
			return scalar(owner, key), nil
		}
		if _, ok := structs[t.Name]; ok {
			return object{"$ref": "#/$defs/" + keyName(t.Name)}, nil
		}
	}
	return nil, fmt.Errorf("key %s of %s has a type without a schema", key, owner)
}

func isText(t ast.Expr) bool {
	id, ok := t.(*ast.Ident)
	return ok && id.Name == "text"
}

// scalar is the schema of a single value: what rules.go says of it, else anything.
func scalar(owner, key string) object {
	if r, ok := values[owner+"."+key]; ok {
		return r()
	}
	return object{"$ref": "#/$defs/value"}
}

// oneOrMore lets a single value stand for a list of one, as the loader does.
func oneOrMore(item, list object) object {
	if item["$ref"] == "#/$defs/value" {
		return object{"$ref": "#/$defs/values"}
	}
	return object{"anyOf": []any{item, list}}
}

// anyValue and anyValues are the definitions that most keys share.
func anyValue() object { return object{"type": []string{"string", "number", "boolean"}} }

func anyValues() object {
	return object{"anyOf": []any{
		object{"$ref": "#/$defs/value"},
		object{"type": "array", "items": object{"$ref": "#/$defs/value"}},
	}}
}

// keyName is a struct's name without what only Go needs: "rule" for ruleFile.
func keyName(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "File"), "Field")
}

var (
	docLink  = regexp.MustCompile(`\[(\w+)(?:File|Field)\]`)
	docStart = regexp.MustCompile(`^\w+(?:File|Field) (?:is|says|lists|names|binds|states) `)
)

// describe makes a description of a struct's comment, without its Go name.
func describe(comment string) string {
	s := docLink.ReplaceAllString(oneLine(comment), "$1")
	s = docStart.ReplaceAllString(s, "")
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
