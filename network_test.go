package errscope_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reaching are the packages of the standard library by which a program talks to
// others or starts them.
func reaching() []string {
	return []string{"net", "net/http", "net/rpc", "net/smtp", "net/http/httputil", "net/textproto", "crypto/tls", "log/syslog", "os/exec", "plugin"}
}

// reachAllowed are the packages in the program that import one of them, and why
// that reaches nobody. A new one is looked at before it is added here.
var reachAllowed = map[string]string{
	module + "cmd/errscope/demo":                 "names of statuses (TestOursReachNobody)",
	module + "tui":                               "names of statuses (TestOursReachNobody)",
	module + "report":                            "names of statuses (TestOursReachNobody)",
	"github.com/spf13/pflag":                     "flags that hold addresses",
	"github.com/go-viper/mapstructure/v2":        "turns texts into addresses",
	"github.com/google/uuid":                     "asks for the machine's own interface in version 1, which nobody makes",
	"charm.land/bubbletea/v2":                    "starts an editor or shell where a screen asks for it",
	"github.com/charmbracelet/colorprofile":      "asks tmux, where it runs in one, for its colours",
	"github.com/atotto/clipboard":                "starts the machine's clipboard program where a text field asks for it",
	"github.com/mitchellh/mapstructure":          "of the second look: turns texts into addresses",
	"github.com/magiconair/properties":           "of the second look: could load a file by its URL; only TOML is read, from memory",
	"github.com/spf13/afero":                     "of the second look: a file system for HTTP, never made",
	"github.com/rs/zerolog":                      "of the second look: writes addresses to logs",
	"github.com/rs/zerolog/internal/json":        "of the second look: writes addresses to logs",
	"github.com/Masterminds/sprig/v3":            "of the second look: functions of templates for reports, none is made",
	"github.com/andybalholm/brotli":              "of the second look: compresses answers of servers, there is none",
	"github.com/zricethezav/gitleaks/v8/sources": "of the second look: runs git for its history; bytes are given instead",
}

// TestWhoCouldReachOut holds the list of who could use the network.
func TestWhoCouldReachOut(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f",
		"{{if not .Standard}}{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}\n{{end}}{{end}}", "./cmd/errscope").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		importer, imported, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !slices.Contains(reaching(), imported) {
			continue
		}
		found[importer] = true
		if reachAllowed[importer] == "" {
			t.Errorf("%s imports %s: look at what it reaches, then say why it may", importer, imported)
		}
	}
	if len(found) < 3 {
		t.Errorf("only %v import any: the look does not work", slices.Sorted(maps.Keys(found)))
	}
}

// TestOursReachNobody holds that our own code takes no more of net/http than the
// names of statuses and the form of its dates, and starts no program.
func TestOursReachNobody(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || file == "bench" || file == "cmd/errscope/ptytest"):
			return fs.SkipDir
		case d.IsDir(), !strings.HasSuffix(file, ".go"), strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if imported != "net/http" && slices.Contains(reaching(), imported) || imported == "net/http" && spec.Name != nil {
				t.Errorf("%s imports %s", file, imported)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "http" && x.Obj == nil && !strings.HasPrefix(s.Sel.Name, "Status") && s.Sel.Name != "TimeFormat" && s.Sel.Name != "ParseTime" {
				t.Errorf("%s uses http.%s", file, s.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
