package errscope_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/dependencies.md anew")

const dependenciesPage = "docs/dependencies.md"

// engineLibraries hold DuckDB itself, compiled, one module for each system, 60 MB
// and more: they are not fetched to read a licence that is the same in all.
const engineLibraries = "github.com/duckdb/duckdb-go-bindings/lib/"

// licenceMarks are words that only one licence has; the first that fits counts.
func licenceMarks() []struct{ name, words string } {
	return []struct{ name, words string }{
		{"AGPL", "GNU AFFERO GENERAL PUBLIC LICENSE"}, {"LGPL", "GNU LESSER GENERAL PUBLIC LICENSE"}, {"GPL", "GNU GENERAL PUBLIC LICENSE"},
		{"MPL-2.0", "Mozilla Public License"},
		{"MIT", "Permission is hereby granted, free of charge"},
		{"ISC", "Permission to use, copy, modify, and/or distribute"}, {"ISC", "Permission to use, copy, modify, and distribute"},
		{"Unlicense", "This is free and unencumbered software"}, {"CC0-1.0", "CC0 1.0 Universal"},
		{"BSD-3-Clause", "Neither the name"}, {"BSD-3-Clause", "may not be used to endorse"}, {"BSD-3-Clause", "names of its contributors"},
		{"BSD-2-Clause", "Redistributions of source code must retain"},
		{"Apache-2.0", "Apache License"}, {"MIT", "MIT License"},
	}
}

// licenceFit are those under which the program may be handed on as it is.
var licenceFit = []string{"MIT", "ISC", "Unlicense", "CC0-1.0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"}

// goOutput is what a go command prints.
func goOutput(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out
}

// licenceOf names the licence of the module in dir.
func licenceOf(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Join(strings.Fields(string(text)), " ")
		for _, m := range licenceMarks() {
			if strings.Contains(words, m.words) {
				return m.name
			}
		}
	}
	return "unknown"
}

// TestDependencies holds docs/dependencies.md against go.mod: each module with its
// licence, and whether it is in the program. go test . -update writes it.
func TestDependencies(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the page is that of Linux")
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal(goOutput(t, "mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}
	fetch := []string{"mod", "download", "-json"}
	for _, r := range mod.Require {
		if !strings.HasPrefix(r.Path, engineLibraries) {
			fetch = append(fetch, r.Path+"@"+r.Version)
		}
	}
	licences := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(goOutput(t, fetch...))); ; {
		var m struct{ Path, Dir string }
		if err := d.Decode(&m); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		licences[m.Path] = licenceOf(t, m.Dir)
	}
	inside := strings.Fields(string(goOutput(t, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/errscope")))
	var page strings.Builder
	page.WriteString("# Dependencies\n\nThe modules of go.mod, written by `go test . -update` and held by a test. Those with *yes* are in the program for Linux;\nthe others are for tests, tools and other systems.\n\n| module | version | licence | in the program |\n|---|---|---|---|\n")
	for _, r := range mod.Require {
		licence, shipped := licences[r.Path], ""
		if strings.HasPrefix(r.Path, engineLibraries) {
			licence = "MIT"
		}
		if slices.Contains(inside, r.Path) {
			shipped = "yes"
		}
		if !slices.Contains(licenceFit, licence) {
			t.Errorf("%s has the licence %q", r.Path, licence)
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", r.Path, r.Version, licence, shipped)
	}
	if *update {
		if err := os.WriteFile(dependenciesPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if had, err := os.ReadFile(dependenciesPage); err != nil || string(had) != page.String() {
		t.Errorf("%s is not what go.mod says (%v): go test . -update", dependenciesPage, err)
	}
}
