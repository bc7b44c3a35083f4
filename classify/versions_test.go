package classify

import (
	"os"
	"path/filepath"
	"testing"
)

// TestVersions holds the quick look at the packs against loading them.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"acme.yaml":  "# a pack: not this\npack: acme # ours\ntitle: Acme\nversion: '3'\nhosts: [{host: api.acme.example}]\nrules:\n  - id: x\n    match: {code: X1}\n    label: {category: server}\n",
		"carsxe.yml": "extends: carsxe\npack: carsxe\nrules:\n  - id: y\n    match: {code: Y1}\n    label: {category: server}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := Load(t.Context(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	list, err := Versions(t.Context(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(set.Packs()) || len(list) < 3 {
		t.Errorf("%d packs, loaded %d", len(list), len(set.Packs()))
	}
	for _, v := range list {
		p := set.Pack(v.Pack)
		if p == nil || p.Version() != v.Version {
			t.Errorf("%+v is not what was loaded", v)
		}
	}
	if _, err := Versions(t.Context(), []string{filepath.Join(dir, "none")}); err == nil {
		t.Error("a folder that is not there was read")
	}
}
