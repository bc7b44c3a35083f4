package main

import (
	"context"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/ptytest"
)

// clipboards are what a program asked the terminal to put into the clipboard.
var clipboards = regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]*)[\x07\x1b]`)

// copied waits for the n-th text in the clipboard: the note that says so may
// stand there a moment before.
func copied(t *testing.T, term *ptytest.Terminal, n int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var all [][]string
	_, err := term.Until(ctx, "a text in the clipboard", func(string) bool {
		all = clipboards.FindAllStringSubmatch(term.Raw(), -1)
		return len(all) >= n
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(all[len(all)-1][1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// walker counts the keys that it takes.
type walker struct {
	t    *testing.T
	term *ptytest.Terminal
	keys int
}

func (w *walker) press(keys string, then ...string) {
	w.t.Helper()
	w.keys += len(keys)
	types(w.t, w.term, keys)
	shows(w.t, w.term, then...)
}

// TestIncidentWalk is the way of somebody who is called at night, on the
// incident of the demonstration: what was down, since when, and what is told
// to the vendor's support. It counts the keys.
func TestIncidentWalk(t *testing.T) {
	w := &walker{t: t, term: inTerminal(t, t.TempDir(), nil, demoLogs(t))}
	shows(t, w.term, "Right now", "aionvision /api/v2/agentic-search", "peak 100", "6 sources")

	w.press("5", "[5 Outages]", "> aionvision", "11-16 10:08", "10:42", "34 min")
	if w.keys != 1 {
		t.Errorf("what was down and since when took %d keys", w.keys)
	}
	w.press("y", "copied summary")
	if w.keys != 2 {
		t.Errorf("what to tell support took %d keys", w.keys)
	}
	summary := copied(t, w.term, 1)
	for _, want := range []string{"aionvision", "/api/v2/agentic-search", "2026-11-16 10:08", "10:42", "31 of 47", "ebaa2fa6-7243-49b3-842f-019de0eb09ff"} {
		if !strings.Contains(summary, want) {
			t.Errorf("the summary for support does not say %q:\n%s", want, summary)
		}
	}

	// One call of it, with the advice and the id, and back to where we were.
	w.press("\r", "Outages › Failures", "outage:=yes", "20")
	w.press("\r", "sample 1 of 20", "request_id", "It looks like an outage", "still failing after")
	w.press("y", "copied request_id d1a822403ae50af1ed175ff06aa491b0")
	if got := copied(t, w.term, 2); got != "d1a822403ae50af1ed175ff06aa491b0" {
		t.Errorf("copied %q", got)
	}
	w.press("\x1b", "Outages › Failures", "2 of 8 groups")
	w.press("\x1b", "2 outages")

	// The bundle for support, on the screen and then as a file.
	before := w.keys
	w.press(" ", "in the basket")
	w.press("6", "[6 Evidence]", "Failed calls to aionvision", "31 of 47 calls failed", "no credential is left")
	if took := w.keys - before; took != 2 {
		t.Errorf("what goes to support took %d keys", took)
	}
	types(t, w.term, "q")
	leavesClean(t, w.term, 0)
	t.Logf("what was down, since when: 1 key; told to support: 2 keys; one call with its id: 3 keys more; the bundle: 2")
}
