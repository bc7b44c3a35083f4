package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUpToDate fails where packfile.go changed and nobody ran go generate.
func TestUpToDate(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "schema.json")
	if err := run([]string{"../packfile.go", fresh}, io.Discard); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"../pack.schema.json", "../../docs/pack.schema.json"} {
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what packfile.go says: run go generate ./classify", file)
		}
	}
}

// TestEveryRuleIsUsed keeps rules.go from naming keys that are gone, and every
// key of the format described.
func TestEveryRuleIsUsed(t *testing.T) {
	structs, err := readStructs("../packfile.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for name, s := range structs {
		for _, f := range s.fields {
			key := yamlKey(f)
			if key == "" {
				continue
			}
			keys[name+"."+key] = true
			if f.Comment.Text() == "" {
				t.Errorf("%s.%s has no comment, so editors describe it with nothing", name, key)
			}
		}
	}
	for k := range values {
		if !keys[k] {
			t.Errorf("rules.go speaks of %s, which is no key", k)
		}
	}
	for name, list := range required {
		for _, k := range list {
			if !keys[name+"."+k] {
				t.Errorf("rules.go requires %s of %s, which is no key", k, name)
			}
		}
	}
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	out := filepath.Join(dir, "out.json")
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "usage"},
		{[]string{filepath.Join(dir, "missing.go"), out}, "reading the structs"},
		{[]string{write("syntax.go", "package"), out}, "reading the structs"},
		{[]string{write("empty.go", "package p\n"), out}, "no struct packFile"},
		{[]string{write("type.go", "package p\ntype packFile struct {\n\tA map[string]int `yaml:\"a\"`\n}\n"), out}, "without a schema"},
		{[]string{"../packfile.go", filepath.Join(dir, "no", "folder.json")}, "writing the schema"},
	} {
		if err := run(c.args, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}
