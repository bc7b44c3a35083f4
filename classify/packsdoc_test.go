package classify

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fenced finds the examples of a page: packs and the samples that prove them.
var fenced = regexp.MustCompile("(?ms)^```(yaml|txtar)\n(.*?)^```$")

// TestPacksPage checks every pack on the page about packs as an author would:
// one with samples must have no fault, one without must load. What an example
// leaves out of its head is added.
func TestPacksPage(t *testing.T) {
	page, err := os.ReadFile("../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fenced.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 10 {
		t.Fatalf("only %d examples", len(blocks))
	}
	proved := 0
	for i, b := range blocks {
		if b[1] == "txtar" {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			pack := b[2]
			if !strings.Contains(pack, "pack:") && !strings.Contains(pack, "extends:") {
				pack += "pack: shop\nversion: \"1\"\ntitle: Shop\n"
			}
			if !strings.Contains(pack, "hosts:") {
				pack += "hosts: [{host: api.shop.example}]\n"
			}
			dir := writePack(t, packName, pack)
			if i+1 == len(blocks) || blocks[i+1][1] != "txtar" {
				load(t, dir)
				return
			}
			proved++
			if err := os.WriteFile(filepath.Join(dir, samplesName), []byte(blocks[i+1][2]), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, f := range Check(t.Context(), []string{dir}) {
				if f.Severity == SeverityError || !strings.Contains(f.Text, "no sample") {
					t.Errorf("%s: %s\n%s", f.Severity, f, f.Snippet)
				}
			}
		})
	}
	if proved < 4 {
		t.Errorf("only %d examples have samples", proved)
	}
}
