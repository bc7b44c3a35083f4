package ingest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// rowsOf reads one segment.
func rowsOf(t *testing.T, src *ingest.Source) (n int, end ingest.End, err error) {
	t.Helper()
	seg, err := src.NextSegment(context.Background(), 0)
	if err != nil {
		return 0, end, err
	}
	r := seg.NewReader()
	var d record.Draft
	for err = r.Next(&d); err == nil; err = r.Next(&d) {
		n++
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return n, seg.End(), nil
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func followed(t *testing.T, path string, known ...ingest.Known) *ingest.Source {
	t.Helper()
	src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: path}, nil, small)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	if !src.Follow() {
		t.Fatal("not to be followed")
	}
	if _, err := src.Match(context.Background(), known); err != nil {
		t.Fatal(err)
	}
	return src
}

// TestFollow lets a file grow by pieces that end anywhere, and wants each line
// once, when it is whole.
func TestFollow(t *testing.T) {
	for _, step := range []int{1, 7, 100, 333, 1000} {
		path := filepath.Join(t.TempDir(), "log")
		whole := lines(0, 10) + strings.Repeat("x", 3*small.Line) + "\n" + lines(10, 20) + "no end"
		appendTo(t, path, whole[:1])
		src := followed(t, path)
		rows, all := 0, ingest.End{Ignored: map[record.Reason]int64{}}
		pull := func() {
			for {
				n, end, err := rowsOf(t, src)
				if errors.Is(err, ingest.ErrNothingYet) || errors.Is(err, io.EOF) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				rows += n
				all.Lines += end.Lines
				all.Position = end.Position
			}
		}
		for at := 1; at < len(whole); at += step {
			appendTo(t, path, whole[at:min(at+step, len(whole))])
			pull()
			if again, err := src.Rewritten(); again || err != nil {
				t.Fatalf("at %d: rewritten %v, %v", at, again, err)
			}
		}
		if all.Lines != 21 || rows != 21 {
			t.Errorf("step %d: %d lines, %d rows before the end", step, all.Lines, rows)
		}
		src.Finish()
		pull()
		if rows != 22 || all.SHA256 != sha256.Sum256([]byte(whole)) || src.Position().Lines != 22 {
			t.Errorf("step %d: %d rows, %d lines, offset %d of %d", step, rows, src.Position().Lines, all.Offset, len(whole))
		}
	}
}

// TestFollowResumes steps back to the beginning of a line that was loaded
// without its end.
func TestFollowResumes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	appendTo(t, path, lines(0, 3)+line(3)[:20])
	src := followed(t, path, known(lines(0, 3)+line(3)[:20]))
	if p := src.Position(); p.Offset != int64(len(lines(0, 3))) || p.Lines != 3 {
		t.Fatalf("stands at %+v", p)
	}
	if _, _, err := rowsOf(t, src); !errors.Is(err, ingest.ErrNothingYet) {
		t.Fatal(err)
	}
	appendTo(t, path, line(3)[20:]+"\n")
	if n, end, err := rowsOf(t, src); n != 1 || err != nil || end.SHA256 != sha256.Sum256([]byte(lines(0, 4))) {
		t.Errorf("%d rows, %+v, %v", n, end, err)
	}
}

func TestRewritten(t *testing.T) {
	content := lines(0, 30)
	for name, c := range map[string]struct {
		change func(path string)
		want   bool
	}{
		"grown":                 {func(p string) { appendTo(t, p, lines(30, 40)) }, false},
		"renamed":               {func(p string) { check(t, os.Rename(p, p+".1")) }, false},
		"removed":               {func(p string) { check(t, os.Remove(p)) }, false},
		"truncated":             {func(p string) { check(t, os.Truncate(p, 0)) }, true},
		"truncated and grown":   {func(p string) { check(t, os.Truncate(p, 0)); appendTo(t, p, lines(100, 200)) }, true},
		"rewritten, same size":  {func(p string) { writeFile(t, p, bytes.ReplaceAll([]byte(content), []byte("/a/"), []byte("/b/"))) }, true},
		"rewritten, same head":  {func(p string) { writeFile(t, p, append([]byte(content)[:len(content)-9], "other 99\n"...)) }, true},
		"rewritten, same again": {func(p string) { writeFile(t, p, []byte(content)) }, false},
	} {
		path := filepath.Join(t.TempDir(), "log")
		writeFile(t, path, []byte(content+"held back"))
		src := followed(t, path)
		if n, _, err := rowsOf(t, src); n != 30 || err != nil {
			t.Fatalf("%d rows, %v", n, err)
		}
		if name == "rewritten, same again" {
			content := content + "held back"
			writeFile(t, path, []byte(content))
		} else {
			c.change(path)
		}
		if got, err := src.Rewritten(); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		src.Abandon()
		if n, end, err := rowsOf(t, src); n != 1 || !end.Partial || err != nil {
			t.Errorf("%s: what was held back: %d rows, %+v, %v", name, n, end, err)
		}
		if _, _, err := rowsOf(t, src); !errors.Is(err, io.EOF) {
			t.Errorf("%s: after the end: %v", name, err)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLivePipe wants the format, and the first rows, of a pipe that stays open.
func TestLivePipe(t *testing.T) {
	for _, content := range []string{line(0) + "\n", "\n" + line(0) + "\nhalf a li", "{\"a\":1}\n" + line(0) + "\n"} {
		in, out := io.Pipe()
		go func() { _, _ = io.WriteString(out, content) }()
		z := small
		z.Block, z.Interval = 1<<16, 10*time.Millisecond
		src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, in, z)
		if err != nil {
			t.Fatal(err)
		}
		n, end, err := rowsOf(t, src)
		if n != 1 || err != nil || end.Last {
			t.Errorf("%q: %d rows, %+v, %v", content, n, end, err)
		}
		go func() { _, _ = io.WriteString(out, "ne\n"+lines(1, 3)+"end"); out.Close() }()
		rows, ends := ingesttest.Drain(t, src, 2, 0)
		if len(rows) != 4 || !ends[len(ends)-1].Last {
			t.Errorf("%q: then %d rows, %+v", content, len(rows), ends)
		}
		src.Close()
	}
}

// TestLivePipeEnds wants a read that waits for a silent pipe to end with its context.
func TestLivePipeEnds(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	go func() { _, _ = io.WriteString(out, line(0)+"\n") }()
	ctx, cancel := context.WithCancel(context.Background())
	src, err := ingest.Open(ctx, ingest.Config{}, ingest.Input{Path: "-"}, in)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if n, _, err := rowsOf(t, src); n != 1 || err != nil {
		t.Fatalf("%d rows, %v", n, err)
	}
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := src.NextSegment(context.Background(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestFollowPipe(t *testing.T) {
	in, out := io.Pipe()
	go func() { _, _ = io.WriteString(out, lines(0, 5)+"hel") }()
	src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, in)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	src.Follow()
	total := 0
	pull := func(want int) {
		for deadline := time.Now().Add(time.Minute); total < want; {
			n, _, err := rowsOf(t, src)
			if total += n; err != nil && !errors.Is(err, ingest.ErrNothingYet) || time.Now().After(deadline) {
				t.Fatalf("%d rows, %v", total, err)
			}
		}
	}
	pull(5)
	if _, _, err := rowsOf(t, src); !errors.Is(err, ingest.ErrNothingYet) || src.Ended() {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(out, "d\n"+lines(5, 9)); out.Close() }()
	pull(10)
	for !src.Ended() {
		if _, _, err := rowsOf(t, src); err != nil && !errors.Is(err, ingest.ErrNothingYet) && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}
}

func TestNotFollowed(t *testing.T) {
	for name, content := range map[string][]byte{"gzip": gzipped(t, lines(0, 9)), "document": []byte(harFile(2))} {
		if src := openSmall(t, ingest.Config{}, content); src.Follow() {
			t.Errorf("%s is followed", name)
		}
	}
}

func TestRotated(t *testing.T) {
	for base, names := range map[string]struct{ yes, no []string }{
		"access.log": {
			[]string{"access.log.1", "access.log.10.gz", "access.log-20261121", "access.log-20261121-1500.zst", "access-20261121.log", "access.log.old", "access.log.2026-11-21T15:00:00Z", "access.log.gz"},
			[]string{"access.log.bak2", "access.logs", "other.log.1", "error.log", "access.log.err", "access.log.1.txt", "xaccess.log.1"}},
		"log": {[]string{"log.1", "log-2.gz"}, []string{"log1", "logo"}},
	} {
		dir := t.TempDir()
		for _, name := range append(append([]string{base}, names.yes...), names.no...) {
			writeFile(t, filepath.Join(dir, name), nil)
		}
		var got []string
		for _, in := range ingest.Rotated(filepath.Join(dir, base)) {
			got = append(got, filepath.Base(in.Path))
		}
		slices.Sort(got)
		slices.Sort(names.yes)
		if fmt.Sprint(got) != fmt.Sprint(names.yes) {
			t.Errorf("beside %s: %v, want %v", base, got, names.yes)
		}
	}
}
