package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// TestPlantedOnTheWayOut looks for planted credentials in bundles of evidence, in
// every file of a zip, on the screens, and in what these keep.
func TestPlantedOnTheWayOut(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	secrets := recordtest.Secrets(r)
	logs, dir := t.TempDir(), t.TempDir()
	writePlanted(t, logs, firstFormats, secrets, bare)
	byName := namedSecrets(r)
	writePlanted(t, filepath.Join(logs, "named"), firstFormats, byName, named)
	maps.Copy(secrets, byName)
	look := func(what string, data []byte) {
		t.Helper()
		for _, leak := range recordtest.Find(data, secrets) {
			t.Errorf("%s: %s", what, leak)
		}
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "--keep", "full", logs)
	for _, format := range []string{"md", "json", "zip"} {
		stdout, stderr := runs(t, dir, 0, "evidence", "--db", "t.duckdb", "--full", "--format", format, "--include", "vin,email,phone,plate,ip", "-o", "all."+format)
		look("evidence as "+format, []byte(stdout+stderr))
	}
	bundle, err := os.ReadFile(filepath.Join(dir, "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil || len(files.File) < 4 {
		t.Fatalf("the bundle holds %d files: %v", len(files.File), err)
	}
	for _, f := range files.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		look("all.zip "+f.Name, data)
	}
	lookScreens(t, dir, look)
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		look(path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// lookScreens goes through the screens and looks at each.
func lookScreens(t *testing.T, dir string, look func(what string, data []byte)) {
	t.Helper()
	term := inTerminal(t, dir, nil, "tui", "--db", "t.duckdb")
	shows(t, term, "By vendor")
	step := func(keys string, texts ...string) {
		types(t, term, keys)
		shows(t, term, texts...)
		look("the screen after "+keys, []byte(term.Text()))
	}
	step("R", "oops")
	step("\x1b", "By vendor")
	step("2", "[2 Vendors]", "what it says")
	step("3", "[3 Failures]", "by count")
	step("\r", "sample 1 of")
	for range 8 {
		step("n", "sample ")
	}
	step("pG", "sample ")
	step("\x1b", "by count")
	step("i", "one by one")
	step("\x1b", "by count")
	step(" ", "basket 1")
	step("6", "Summary for")
	step("q")
	leavesClean(t, term, 0)
	if raw := term.Raw(); strings.Contains(raw, "\x1b") {
		look("all that was drawn", []byte(raw))
	}
}
