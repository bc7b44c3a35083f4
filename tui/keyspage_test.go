package tui

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
)

const (
	keysPage  = "../docs/screens.md"
	keysBegin = "<!-- keys -->\n"
	keysEnd   = "<!-- /keys -->\n"
)

// TestKeysPage holds the page's table to the keys, or writes it with -update.
func TestKeysPage(t *testing.T) {
	page, err := os.ReadFile(keysPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), keysBegin)
	shown, after, closed := strings.Cut(rest, keysEnd)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", keysPage)
	}
	want := keysTable(t)
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(keysPage, []byte(before+keysBegin+want+keysEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != want {
		t.Errorf("%s differs from the keys (go test ./tui -run TestKeysPage -update)\n--- want\n%s", keysPage, want)
	}
}

// keysTable has a row for each key: everywhere, in lists, and on each screen
// what is of its own.
func keysTable(t *testing.T) string {
	d := opened(t, newFake(), 120, 36)
	a := d.m.app
	var b strings.Builder
	b.WriteString("| where | key | does |\n|---|---|---|\n")
	known := map[string]bool{}
	rows := func(where string, bindings []key.Binding) {
		for _, k := range bindings {
			help := k.Help()
			if row := help.Key + "|" + help.Desc; !known[row] {
				known[row] = true
				fmt.Fprintf(&b, "| %s | `%s` | %s |\n", where, help.Key, help.Desc)
				where = ""
			}
		}
	}
	rows("everywhere", a.keymap.global())
	rows("moving", a.keymap.moves())
	for i, tab := range a.tabs {
		if d.keys(tab.number); len(a.stacks[i]) > 0 { // with rows: nothing is offered that cannot be done
			rows(tab.number+" "+tab.name, a.stacks[i][0].keys(a))
		}
	}
	if a.top().capturing() {
		d.keys("esc")
	}
	d.keys("3", "enter")
	rows("one call", a.top().keys(a))
	return b.String()
}
