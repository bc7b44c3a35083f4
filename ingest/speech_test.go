package ingest_test

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// TestLogWithoutExchanges tells a logger's line that speaks of something else
// from one that may be about an exchange and that nobody could read.
func TestLogWithoutExchanges(t *testing.T) {
	for _, c := range []struct {
		line   string
		reject bool
	}{
		{"2026-03-04 09:15:02,118 INFO worker started with 4 threads", false},
		{"[2026-03-04T09:15:02Z] DEBUG budget: 7 widgets", false},
		{"Mar  4 09:15:02 db1 compaction done", false},
		{"2026-03-04 09:15:02 GETTING ready", false},
		{"2026-03-04 09:15:02 /v2/vehicles GET 500 12ms", true},
		{"2026-03-04 09:15:02 https://api.example.com/v2 took 5 tries", true},
		{"2026-03-04 09:15:02 bad line HTTP/1.1", true},
		{"no time at all", true},
	} {
		rows := ingesttest.Read(t, ingest.Config{}, "prose\nprose\n"+c.line+"\n")
		if got := len(rows) == 3 && strings.Contains(rows[2], "reject=syntax"); got != c.reject {
			t.Errorf("%q: rejected is %v: %q", c.line, got, rows)
		}
	}
}
