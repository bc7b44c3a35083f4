// Package errscope_test holds the floor plan of the house.
package errscope_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/errscope/errscope/"

// plan says what each room may import besides the standard library: first the
// rooms, then the modules. Change the plan first, then the code.
var plan = map[string]struct{ rooms, modules []string }{
	"record": {},
	"ingest": {rooms: []string{"record"}, modules: []string{
		"github.com/klauspost/compress", "github.com/ulikunitz/xz", "github.com/fsnotify/fsnotify",
		"go.opentelemetry.io/proto/otlp", "google.golang.org/protobuf"}},
	"classify": {rooms: []string{"record"}, modules: []string{"github.com/goccy/go-yaml"}},
	"queries":  {rooms: []string{"record"}},
	"analysis": {rooms: []string{"record", "queries"}},
	"store":    {rooms: []string{"record", "queries"}, modules: []string{"github.com/duckdb/duckdb-go/v2"}},
	"report":   {rooms: []string{"record", "queries"}},
	"tui": {rooms: []string{"record", "queries"}, modules: []string{
		"charm.land/bubbletea/v2", "charm.land/bubbles/v2", "charm.land/lipgloss/v2",
		"github.com/charmbracelet/colorprofile", "github.com/charmbracelet/x/ansi", "github.com/sahilm/fuzzy"}},
	// The one door to gitleaks, whose dependencies are many.
	"cmd/errscope/secondlook": {modules: []string{"github.com/zricethezav/gitleaks/v8", "github.com/spf13/viper"}},
	"bench":                   {rooms: []string{"cmd/errscope", "record", "queries", "analysis"}},
	// Only tests and measurements use it; no program holds it.
	"cmd/errscope/ptytest": {modules: []string{"github.com/creack/pty", "github.com/charmbracelet/x/vt", "github.com/charmbracelet/x/term"}},
	"cmd/errscope": {
		rooms: []string{"record", "ingest", "classify", "queries", "store", "analysis", "report", "tui"},
		modules: []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/muesli/mango-cobra", "github.com/muesli/roff",
			"github.com/goccy/go-yaml", "github.com/charmbracelet/x/term", "github.com/charmbracelet/x/ansi"}},
}

// testModules are what tests may use besides what their room may.
var testModules = []string{
	"github.com/rogpeppe/go-internal", "github.com/creack/pty", "github.com/santhosh-tekuri/jsonschema/v6",
	"charm.land/bubbletea/v2", "github.com/charmbracelet/ultraviolet", "github.com/charmbracelet/x/vt", "github.com/charmbracelet/x/exp",
	"github.com/charmbracelet/colorprofile", "github.com/charmbracelet/x/ansi", "github.com/charmbracelet/x/term",
}

// folders are the top-level names that may stand beside the rooms.
var folders = []string{"cmd", "testdata", "bench", "docs", ".ci", ".git", ".github"}

// roomOf names the room that holds dir: dir itself or the nearest folder above.
func roomOf(dir string) (string, bool) {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, ok := plan[dir]; ok {
			return dir, true
		}
	}
	return "", false
}

func within(imp, root string) bool { return imp == root || strings.HasPrefix(imp, root+"/") }

// wrongDoor says why a file of room may not import imp, or nothing. Tests keep
// to the same doors, with a few tools of their own.
func wrongDoor(room, imp string, test bool) string {
	if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
		return ""
	}
	if inside, ours := strings.CutPrefix(imp, module); ours {
		if within(inside, room) || slices.ContainsFunc(plan[room].rooms, func(r string) bool { return within(inside, r) }) {
			return ""
		}
		return "no door from " + room + " to " + inside
	}
	if test && slices.ContainsFunc(testModules, func(m string) bool { return within(imp, m) }) {
		return ""
	}
	if slices.ContainsFunc(plan[room].modules, func(m string) bool { return within(imp, m) }) {
		return ""
	}
	return room + " has no use for " + imp
}

func TestRooms(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git"):
			return fs.SkipDir
		case d.IsDir(), !strings.HasSuffix(file, ".go"), file == "rooms_test.go", file == "network_test.go", file == "licences_test.go":
			return nil
		}
		file = filepath.ToSlash(file)
		room, ok := roomOf(path.Dir(file))
		if !ok {
			t.Errorf("%s belongs to no room", file)
			return nil
		}
		test := strings.HasSuffix(file, "_test.go")
		seen[room] = seen[room] || !test
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := wrongDoor(room, imp, test); why != "" {
				t.Errorf("%s: %s", file, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range plan {
		if !seen[room] {
			t.Errorf("room %s stands empty", room)
		}
	}
}

// TestTopLevel keeps the root readable as the list of what the product is.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		_, room := plan[e.Name()]
		if e.IsDir() && !room && !slices.Contains(folders, e.Name()) {
			t.Errorf("top-level folder %s is in no plan", e.Name())
		}
	}
}

// TestPlanRefuses proves that the plan can fail: each of these doors is walled.
func TestPlanRefuses(t *testing.T) {
	for _, c := range []struct{ room, imp string }{
		{"record", module + "ingest"},
		{"ingest", module + "classify"},
		{"classify", module + "store"},
		{"queries", "github.com/duckdb/duckdb-go/v2"},
		{"analysis", "github.com/duckdb/duckdb-go/v2"},
		{"report", module + "tui"},
		{"report", module + "store"},
		{"tui", module + "report"},
		{"tui", module + "store"},
		{"tui", "github.com/duckdb/duckdb-go/v2"},
		{"cmd/errscope", "github.com/duckdb/duckdb-go/v2"},
		{"store", module + "classify"},
	} {
		for _, test := range []bool{false, true} {
			if wrongDoor(c.room, c.imp, test) == "" {
				t.Errorf("%s may import %s", c.room, c.imp)
			}
		}
	}
}
