package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asErrscope in the environment makes this test binary errscope itself.
const asErrscope = "ERRSCOPE_TEST_AS_MAIN"

// TestMain lets the scripts call errscope: the built binary where
// ERRSCOPE_BINARY names one, else this test binary as errscope.
func TestMain(m *testing.M) {
	if os.Getenv(asErrscope) != "" {
		main()
		return
	}
	commands := map[string]func(){}
	if os.Getenv("ERRSCOPE_BINARY") == "" {
		commands["errscope"] = main
	}
	testscript.Main(m, commands)
}

func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("TZ", "Asia/Tokyo") // nothing may depend on the machine's zone
			if binary := os.Getenv("ERRSCOPE_BINARY"); binary != "" {
				bin := filepath.Join(e.WorkDir, ".bin")
				if err := os.MkdirAll(bin, 0o755); err != nil {
					return err
				}
				if err := os.Symlink(binary, filepath.Join(bin, "errscope")); err != nil {
					return err
				}
				e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"gzipfile": gzipFile,
			"cutfile":  cutFile,
			"absent":   absent,
			"nowhere":  nowhere,
		},
	})
}

// exits CODE ARGS… runs errscope and wants this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE [ARG…]")
	}
	code := 0
	if err := ts.Exec("errscope", args[1:]...); err != nil {
		code = exitCode(err)
	}
	if want := args[0]; fmt.Sprint(code) != want {
		ts.Fatalf("errscope %s: exit code %d, want %s\n%s%s", strings.Join(args[1:], " "), code, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func exitCode(err error) int {
	if e, ok := err.(interface{ ExitCode() int }); ok {
		return e.ExitCode()
	}
	return -1
}

// gzipfile IN OUT compresses a file.
func gzipFile(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o644))
}

// cutfile FILE N takes N bytes off the end of a file.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	st, err := os.Stat(name)
	ts.Check(err)
	n := int64(0)
	_, err = fmt.Sscan(args[1], &n)
	ts.Check(err)
	ts.Check(os.Truncate(name, st.Size()-n))
}

// absent TEXT… wants each text to be in neither stdout nor stderr.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	for _, stream := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(stream)
		for _, a := range args {
			if strings.Contains(text, a) {
				ts.Fatalf("%q is in %s:\n%s", a, stream, text)
			}
		}
	}
}

// nowhere TEXT wants no file of the work folder whose name is not in "in/" to
// hold the text: secrets must not reach databases, reports or leftovers.
func nowhere(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(".")
	files := 0
	ts.Check(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "in" || d.Name() == ".bin") {
				return filepath.SkipDir
			}
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err == nil && bytes.Contains(text, []byte(args[0])) {
			ts.Fatalf("%s holds %q", path, args[0])
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("no file to look into")
	}
}
