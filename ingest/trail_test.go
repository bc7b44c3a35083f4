package ingest

import (
	"strings"
	"testing"
)

// TestTrailDirectives cuts the content at every place: the directives in force
// are the same.
func TestTrailDirectives(t *testing.T) {
	content := "#Version: 1.0\n#Fields: a b\n1 2\n#Date: x\n#Fields: a c\n3 4\n# half"
	want := "#Version: 1.0\n#Date: x\n#Fields: a c\n"
	for size := 1; size <= len(content); size++ {
		tr := trail{kind: lookDirectives}
		for rest := content; rest != ""; {
			n := min(size, len(rest))
			tr.pass([]byte(rest[:n]))
			rest = rest[n:]
		}
		if got := string(tr.lines(nil)); got != want {
			t.Fatalf("in pieces of %d bytes: %q, want %q", size, got, want)
		}
	}
}

// TestTrailLines keeps whole lines only, and of a long content its end.
func TestTrailLines(t *testing.T) {
	for _, size := range []int{1, 7, 1000, trailBytes, 3 * trailBytes} {
		tr := trail{kind: lookLines}
		line := strings.Repeat("x", 99) + "\n"
		content := strings.Repeat(line, 2*trailBytes/len(line))
		for rest := content; rest != ""; {
			n := min(size, len(rest))
			tr.pass([]byte(rest[:n]))
			rest = rest[n:]
		}
		got := string(tr.lines(nil))
		if len(got) < trailBytes-2*len(line) || len(got) > trailBytes || !strings.HasPrefix(got, line) || len(got)%len(line) != 0 {
			t.Errorf("in pieces of %d bytes: %d bytes that begin with %q", size, len(got), got[:min(len(got), 20)])
		}
	}
}
