package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestScreensFollow opens the screens on a file that is not there yet. It comes,
// grows, is rotated twice, once by renaming and once by copying, and what it gets
// shows up by itself; q leaves at once and nothing stays behind.
func TestScreensFollow(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	log := filepath.Join(dir, "access.log")
	term := inTerminal(t, dir, []string{"TMPDIR=" + temp}, "access.log", "--follow")
	shows(t, term, "access.log › Overview", "waiting for access.log", "No requests yet", "live")
	failed := func(n int) string {
		return fmt.Sprintf(`10.0.0.7 - - [13/Nov/2026:09:12:%02d +0000] "GET https://api.carsxe.com/specs?n=%d HTTP/1.1" 502 212 "-" "svc/2.4"`+"\n", n, n)
	}
	write(t, log, failed(0))
	shows(t, term, "1 request ", "following · 1 record", "carsxe")
	write(t, log, failed(1)+failed(2)[:40]) // half a line is none
	shows(t, term, "2 requests")
	write(t, log, failed(2)[40:]+"no line of a log\n")
	shows(t, term, "3 requests", "1 line not read")

	must(t, os.Rename(log, log+".1"))
	write(t, log+".1", failed(3)) // by who has not noticed yet
	write(t, log, failed(4))
	shows(t, term, "5 requests")
	content, err := os.ReadFile(log)
	must(t, err)
	must(t, os.WriteFile(log+".2", content, 0o644))
	must(t, os.Truncate(log, 0))
	write(t, log, failed(5)+failed(6))
	shows(t, term, "7 requests")

	types(t, term, "3")
	shows(t, term, "[3 Failures]", "502")
	types(t, term, "L")
	shows(t, term, "paused")
	write(t, log, failed(7))
	shows(t, term, "paused +1")
	types(t, term, "L")
	shows(t, term, "live again")
	types(t, term, "1")
	shows(t, term, "8 requests")
	types(t, term, "q")
	leavesClean(t, term, 0)
	left, err := os.ReadDir(temp)
	must(t, err)
	for _, e := range left {
		t.Errorf("%s is left behind", e.Name())
	}
}
