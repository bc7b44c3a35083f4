package ingest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// printsOf reads a content and gives its prints and how many bytes they take.
func printsOf(t testing.TB, content string, readers int, segmentBytes int64) (*ingest.Prints, int) {
	t.Helper()
	_, ends := ingesttest.Drain(t, openSmall(t, ingest.Config{}, []byte(content)), readers, segmentBytes)
	var list [][]byte
	size := 0
	for _, e := range ends {
		list = append(list, e.Prints)
		size += len(e.Prints)
	}
	p, err := ingest.NewPrints(int64(len(content)), list)
	if err != nil {
		t.Fatal(err)
	}
	return p, size
}

// TestFindOverlap holds parts of one log against each other.
func TestFindOverlap(t *testing.T) {
	all := lines(0, 3000)
	at := func(line int) int { return len(lines(0, line)) }
	part := func(from, to int) string { return all[at(from):at(to)] }
	same := strings.Repeat(line(1)+"\n", 500)
	other := strings.Replace(part(100, 200), "/a/150 ", "/a/x50 ", 1)
	for name, c := range map[string]struct {
		a, b  string
		ahead int // of b's first byte in a
		want  string
	}{
		"older copy":         {all, part(0, 1000), 0, "A 0-1000 B 0-1000"},
		"grown":              {part(0, 10), all, 0, "A 0-10 B 0-10"},
		"middle":             {all, part(1500, 1520), at(1500), "A 1501-1520 B 1-20 cut B 0-1"},
		"one line":           {all, part(1500, 1501), at(1500), "A 1501-1501 B 1-1 cut B 0-1"},
		"tail and head":      {part(0, 2000), part(1000, 3000), at(1000), "A 1001-2000 B 1-1000 cut B 0-1"},
		"the other way":      {part(1000, 3000), part(0, 2000), -at(1000), "A 1-1000 B 1001-2000 cut A 0-1"},
		"six of ten":         {part(0, 10), part(4, 14), at(4), "A 5-10 B 1-6 cut B 0-1"},
		"three of ten":       {part(0, 10), part(7, 17), at(7), "none"},
		"wrong place":        {all, part(1300, 1600), at(1301), "none"},
		"no line break":      {all, strings.TrimSuffix(part(500, 600), "\n"), at(500), "A 501-599 B 1-99 cut B 0-1 cut B 99-100"},
		"torn end":           {all, all[at(500) : at(600)-30], at(500), "A 501-599 B 1-99 cut B 0-1 cut B 99-100"},
		"torn beginning":     {all, all[at(500)+30 : at(600)], at(500) + 30, "A 501-600 B 1-100 cut B 0-1"},
		"another line":       {all, other, at(100), "none"},
		"same middle":        {part(0, 50) + part(100, 200) + part(300, 310), part(60, 90) + part(100, 200) + part(400, 450), at(50) - len(part(60, 90)), "none"},
		"alike lines":        {part(0, 10) + same, same + part(20, 30), at(10), "none"},
		"all of alike lines": {part(0, 10) + same, same, at(10), "A 11-510 B 1-500 cut B 0-1"},
	} {
		a, _ := printsOf(t, c.a, 3, 2000)
		b, _ := printsOf(t, c.b, 1, 0)
		got := "none"
		o, ok := ingest.FindOverlap(a, b, int64(c.ahead), true)
		if ok {
			got = fmt.Sprintf("A %d-%d B %d-%d", o.A.FromLine, o.A.ToLine, o.B.FromLine, o.B.ToLine)
			for _, p := range o.CutA {
				got += fmt.Sprintf(" cut A %d-%d", p.FromLine, p.ToLine)
			}
			for _, p := range o.CutB {
				got += fmt.Sprintf(" cut B %d-%d", p.FromLine, p.ToLine)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if ok && !shared(c.a, c.b, o) {
			t.Errorf("%s: the bytes of %+v differ", name, o)
		}
	}
}

// shared says that the bytes of the run are the same in both.
func shared(a, b string, o ingest.Overlap) bool {
	return a[o.A.FromOffset:min(int(o.A.ToOffset), len(a))] == b[o.B.FromOffset:min(int(o.B.ToOffset), len(b))]
}

// TestUntimed asks for more where no time tells lines apart.
func TestUntimed(t *testing.T) {
	all := lines(0, 100)
	a, _ := printsOf(t, all, 1, 0)
	for n, want := range map[int]bool{20: false, 60: true} {
		b, _ := printsOf(t, lines(0, n), 1, 0)
		if _, got := ingest.FindOverlap(a, b, 0, false); got != want {
			t.Errorf("%d lines without a time: %v", n, got)
		}
	}
}

// TestPrints: what became of lines is counted per stretch, however the content
// was read, and little is kept of a line.
func TestPrints(t *testing.T) {
	content := mixed()
	one, _ := printsOf(t, content, 1, 0)
	all := record.Stretch{ToLine: 1 << 40}
	rejected, ignored := one.Count(all)
	if rejected == 0 || ignored == 0 {
		t.Fatalf("%d rejected, %d ignored", rejected, ignored)
	}
	for _, segment := range []int64{1, 300, 2000} {
		p, _ := printsOf(t, content, 3, segment)
		if o, ok := ingest.FindOverlap(one, p, 0, true); !ok || o.A != o.B || len(o.CutA)+len(o.CutB) > 0 {
			t.Errorf("read in segments of %d bytes it is not the same: %+v", segment, o)
		}
		if r, i := p.Count(all); r != rejected || i != ignored {
			t.Errorf("%d rejected, %d ignored, want %d, %d", r, i, rejected, ignored)
		}
	}
	const n = 20_000
	_, size := printsOf(t, lines(0, n), 2, 0)
	if size > n*6/10 {
		t.Errorf("the prints of %d lines take %d bytes", n, size)
	}
	if r, i := one.Count(record.Stretch{FromLine: 1 << 40, ToLine: 1 << 41}); r+i != 0 {
		t.Errorf("behind the end there are %d, %d", r, i)
	}
}

// FuzzPrints reads any bytes as the prints of a segment.
func FuzzPrints(f *testing.F) {
	_, ends := ingesttest.Drain(f, openSmall(f, ingest.Config{}, []byte(lines(0, 300))), 1, 0)
	f.Add(ends[0].Prints, int64(5))
	f.Add([]byte{0, 0, 3, 0, 12, 0, 0x21, 0x03}, int64(0))
	f.Add(bytes.Repeat([]byte{0xff}, 40), int64(-1))
	f.Fuzz(func(t *testing.T, text []byte, ahead int64) {
		p, err := ingest.NewPrints(100, [][]byte{text})
		if err != nil {
			return
		}
		if r, i := p.Count(record.Stretch{ToLine: 1 << 40}); r < 0 || i < 0 || r+i > 2*int64(len(text)) {
			t.Fatalf("%d rejected, %d ignored", r, i)
		}
		ingest.FindOverlap(p, p, ahead, true)
	})
}
