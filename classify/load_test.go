package classify

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestBadPacks holds, fault by fault, what Load and Check say of a bad pack.
func TestBadPacks(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("testdata", "badpacks", "*"))
	if err != nil || len(dirs) < 30 {
		t.Fatalf("%d bad packs, %v", len(dirs), err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := "load:\n"
			if _, err := Load(t.Context(), []string{dir}); err != nil {
				got += err.Error() + "\n"
			}
			got += "\ncheck:\n"
			findings := Check(t.Context(), []string{dir})
			for _, f := range findings {
				got += string(f.Severity) + ": " + f.String() + "\n"
				for line := range strings.SplitSeq(f.Snippet, "\n") {
					got += strings.TrimRight("    "+line, " ") + "\n"
				}
				if f.Help != "" {
					got += "  help: " + f.Help + "\n"
				}
			}
			if len(findings) == 0 {
				t.Error("Check finds nothing wrong")
			}
			golden(t, filepath.Join(dir, "want.txt"), filepath.ToSlash(got))
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s (run with -update to accept)\n--- want\n%s--- got\n%s", file, want, got)
	}
}

// writePack puts a pack into a folder of its own and gives the folder.
func writePack(t testing.TB, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLoadErrorHasEveryFinding(t *testing.T) {
	dir := writePack(t, "pack.yaml", "pack: a\nversion: \"1\"\ntitle: A\nfoo: 1\nbar: 2\n")
	_, err := Load(t.Context(), []string{dir})
	var le *LoadError
	if !errors.As(err, &le) || len(le.Findings) != 2 {
		t.Fatalf("got %v", err)
	}
	if f := le.Findings[1]; f.Line != 5 || f.Col != 1 || f.File != filepath.Join(dir, "pack.yaml") {
		t.Errorf("second finding at %s:%d:%d", f.File, f.Line, f.Col)
	}
}

func TestLoadFolders(t *testing.T) {
	one := "pack: one\nversion: \"1\"\ntitle: One\nhosts: [{host: one.example}]\n"
	dir := t.TempDir()
	for name, text := range map[string]string{"one/pack.yaml": one, "two.yaml": strings.ReplaceAll(one, "one", "two"), "README.md": "no pack"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set := load(t, dir)
	var names []string
	for _, p := range set.Packs() {
		names = append(names, p.Name())
	}
	for _, want := range []string{"carsxe", "one", "two"} {
		if !slices.Contains(names, want) {
			t.Errorf("packs %v, want %s among them", names, want)
		}
	}
	if !slices.IsSorted(names[:len(names)-1]) || names[len(names)-1] != "global" {
		t.Errorf("packs %v, want them by name and global last", names)
	}
	if got := set.Pack("two").Source(); got != filepath.Join(dir, "two.yaml") {
		t.Errorf("source %s", got)
	}
	for _, bad := range []string{filepath.Join(dir, "missing"), t.TempDir()} {
		if _, err := Load(t.Context(), []string{bad}); err == nil {
			t.Errorf("%s loaded", bad)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled load gave %v", err)
	}
}

// TestReplaceAndExtend holds what a user's pack does to an embedded one.
func TestReplaceAndExtend(t *testing.T) {
	replaced := load(t, writePack(t, "pack.yaml", "pack: carsxe\nversion: \"9\"\ntitle: Mine\nhosts: [{host: cars.example}]\n"))
	if p := replaced.Pack("carsxe"); p.Version() != "9" || len(p.Rules()) != 0 || len(p.Hosts()) != 1 {
		t.Errorf("not replaced: %s, %d rules", p.Version(), len(p.Rules()))
	}
	extended := load(t, writePack(t, "pack.yaml", `extends: carsxe
version: "10"
hosts: [{host: cars.example}]
rules:
  - id: no-images-found
    match: {message: "No images found"}
    label: {category: not_found, retry: never, fault: none, benign: true, code: no_images_found}
status:
  - {status: 503, label: {category: unavailable, retry: backoff, fault: vendor}}
`))
	p := extended.Pack("carsxe")
	if before := len(load(t).Pack("carsxe").Rules()); p.Version() != "10" || len(p.Rules()) != before || len(p.Hosts()) != 2 || p.Title() == "" {
		t.Errorf("version %s, %d rules (before %d), %d hosts", p.Version(), len(p.Rules()), before, len(p.Hosts()))
	}
	l := NewEngine(extended, nil, false).NewLabeler()
	var out record.Label
	l.Label(call(t, "GET", "https://cars.example/images", 404, nil, failure("No images found")), &out)
	expect(t, out, "vendor carsxe", "benign true", "retry never")
	l.Label(call(t, "GET", "https://cars.example/images", 503, nil, ""), &out)
	expect(t, out, "category unavailable")
	sibling := load(t, writePack(t, "pack.yaml", "pack: carsxe-eu\nextends: carsxe\nhosts: [{host: eu.cars.example}]\n"))
	l = NewEngine(sibling, nil, false).NewLabeler()
	l.Label(call(t, "GET", "https://eu.cars.example/images", 404, nil, failure("No images found")), &out)
	expect(t, out, "vendor carsxe-eu", "code no_images_found")
	l.Label(call(t, "GET", "https://api.carsxe.com/images", 404, nil, failure("No images found")), &out)
	expect(t, out, "vendor carsxe")
}

// TestPackIsReadable holds what packs list and show print.
func TestPackIsReadable(t *testing.T) {
	set := load(t)
	p := set.Pack("carsxe")
	if p.Name() != "carsxe" || p.Version() == "" || p.Title() == "" || p.Docs() == "" || !strings.HasPrefix(p.Source(), "embedded:") || len(p.SupportFields()) == 0 {
		t.Errorf("%s %s %s %s %s %v", p.Name(), p.Version(), p.Title(), p.Docs(), p.Source(), p.SupportFields())
	}
	if got, want := set.HostBindings(), (record.HostBinding{Host: "api.carsxe.com", Pack: "carsxe"}); !slices.Contains(got, want) {
		t.Errorf("hosts %v", got)
	}
	m := set.MaskRules()
	account := slices.IndexFunc(m.Accounts, func(a record.AccountRule) bool { return a.Host == "api.carsxe.com" })
	if !slices.Contains(m.Params, "key") || account < 0 || m.Accounts[account].From[0] != "query:key" {
		t.Errorf("mask rules %+v", m)
	}
	for _, b := range set.CallbackBindings() {
		if b.Pack == "carsxe" {
			t.Errorf("callback %v", b)
		}
	}
	codes := map[string]bool{}
	for _, r := range p.Rules() {
		codes[r.Code] = true
		if !strings.HasPrefix(r.Rule, "carsxe/") || r.Action == "" || r.DocsURL == "" {
			t.Errorf("rule %+v lacks advice", r)
		}
	}
	for _, want := range []string{"missing_vin", "api_limit_exceeded", "BULK_RECALL_BATCH_NOT_COMPLETE"} {
		if !codes[want] {
			t.Errorf("no rule shows the code %s", want)
		}
	}
	rows := p.StatusRows()
	i := slices.IndexFunc(rows, func(r RuleInfo) bool { return r.Rule == "carsxe/status-401" })
	if i < 0 || !slices.Equal(rows[i].Candidates, []string{"carsxe/api-key-not-found", "carsxe/account-not-active", "carsxe/missing-api-key"}) {
		t.Errorf("status rows %+v", rows)
	}
}

// TestEveryRuleIsComplete: a rule of a shipped pack leaves nothing open, but for
// hints: they say how to retry, what failed is told by the status.
func TestEveryRuleIsComplete(t *testing.T) {
	for _, p := range load(t).Packs() {
		for _, r := range p.rules {
			if !r.label.complete() && (r.hint == "" || r.label.retry == "") {
				t.Errorf("%s leaves category, retry or fault open", r.name)
			}
		}
	}
}
