package ingest_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// entry is a member of an archive that a test makes.
type entry struct {
	name, content string
	kind          byte // of tar; 0 is a file
	flags         uint16
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.content)), Typeflag: e.kind}
		if e.kind != 0 {
			h.Linkname = "/etc/passwd"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flags}
		h.SetMode(0o600)
		if e.kind == tar.TypeSymlink {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		m, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(m, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xzOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstdOf(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

// unpacked reads a bundle: "path rows" for a source, the error for a problem.
func unpacked(t testing.TB, in ingest.Input, content []byte, z ingest.Sizes) (got []string) {
	t.Helper()
	b, err := ingest.UnpackSized(context.Background(), ingest.Config{}, in, bytes.NewReader(content), z)
	if err != nil {
		return []string{err.Error()}
	}
	defer b.Close()
	for {
		src, err := b.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			var p ingest.Problem
			if !errors.As(err, &p) {
				t.Errorf("%v is no problem of a member", err)
			}
			got = append(got, err.Error())
			continue
		}
		rows, ends := ingesttest.Drain(t, src, 2, 0)
		line := src.Path() + " " + strings.Repeat("#", len(rows))
		if n := len(ends); n > 0 && ends[n-1].Err != nil {
			line += " " + ends[n-1].Err.Error()
		}
		got = append(got, line)
		if err := src.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestArchives(t *testing.T) {
	three := lines(0, 3)
	members := []entry{{name: "logs/"}, {name: "logs/a.log", content: three}, {name: "./b.log.gz", content: string(gzipped(t, three))},
		{name: "/abs.xz", content: string(xzOf(t, []byte(three)))}, {name: "empty.log"}, {name: ".hidden", content: three}, {name: "__MACOSX/._a", content: three}}
	want := []string{"/logs/a.log ###", "/b.log.gz ###", "/abs.xz ###", "/empty.log "}
	members[0].kind = tar.TypeDir
	tarred := tarOf(t, members...)
	for name, content := range map[string][]byte{
		"t.tar": tarred, "t.tar.gz": gzipped(t, string(tarred)), "t.tar.xz": xzOf(t, tarred), "t.tar.zst": zstdOf(t, tarred),
		"z.zip": zipOf(t, members...), "z.zip.gz": gzipped(t, string(zipOf(t, members...))),
	} {
		path := filepath.Join(t.TempDir(), name)
		writeFile(t, path, content)
		for _, in := range []ingest.Input{{Path: path}, {Path: "-"}} {
			var full []string
			for _, w := range want {
				full = append(full, in.Path+"!"+w)
			}
			if got := unpacked(t, in, content, small); !slices.Equal(got, full) {
				t.Errorf("%s from %s:\n%s\nwant\n%s", name, in.Path, strings.Join(got, "\n"), strings.Join(full, "\n"))
			}
		}
		one := ingest.Input{Path: path + "!/b.log.gz"}
		if got := unpacked(t, one, nil, small); !slices.Equal(got, []string{one.Path + " ###"}) {
			t.Errorf("one member: %q", got)
		}
		if inputs, problems := ingest.Expand(context.Background(), []string{one.Path, one.Path}); len(inputs) != 1 || len(problems) != 0 {
			t.Errorf("expanding a member: %v, %v", inputs, problems)
		}
		if got := unpacked(t, ingest.Input{Path: path + "!/none"}, nil, small); len(got) != 1 || !strings.Contains(got[0], "no such member") {
			t.Errorf("a member that is not there: %q", got)
		}
	}
}

// TestArchiveProblems wants each bad member named, and the good one read.
func TestArchiveProblems(t *testing.T) {
	three := lines(0, 3)
	good := entry{name: "good.log", content: three}
	inner := string(zipOf(t, good))
	for name, c := range map[string]struct {
		content []byte
		want    []string
	}{
		"traversal in tar":  {tarOf(t, entry{name: "../../x", content: three}, good), []string{"leads out", "good.log ###"}},
		"traversal in zip":  {zipOf(t, entry{name: `..\x`, content: three}, good), []string{"leads out", "good.log ###"}},
		"link in tar":       {tarOf(t, entry{name: "l", kind: tar.TypeSymlink}, good), []string{"(link)", "good.log ###"}},
		"hard link in tar":  {tarOf(t, entry{name: "l", kind: tar.TypeLink}, good), []string{"(link)", "good.log ###"}},
		"device in tar":     {tarOf(t, entry{name: "d", kind: tar.TypeChar}, good), []string{"(device)", "good.log ###"}},
		"link in zip":       {zipOf(t, entry{name: "l", content: "/etc/passwd", kind: tar.TypeSymlink}, good), []string{"(link)", "good.log ###"}},
		"encrypted":         {zipOf(t, entry{name: "e", content: three, flags: 1}, good), []string{"encrypted", "good.log ###"}},
		"zip in zip":        {zipOf(t, entry{name: "i.zip", content: inner}, good), []string{"archive in an archive", "good.log ###"}},
		"tar.gz in tar":     {tarOf(t, entry{name: "i.tgz", content: string(gzipped(t, string(tarOf(t, good))))}, good), []string{"archive in an archive", "good.log ###"}},
		"binary in zip":     {zipOf(t, entry{name: "b", content: "\x7fELF\x00\x00"}, good), []string{"binary", "good.log ###"}},
		"cut gzip in zip":   {zipOf(t, entry{name: "c.gz", content: string(gzipped(t, lines(0, 5000))[:5000])}, good), []string{"cut off", "good.log ###"}},
		"no member":         {zipOf(t), []string{"no files"}},
		"cut tar":           {tarOf(t, good, entry{name: "late", content: lines(0, 20)})[:2100], []string{"good.log ###", "cut off", "cut off"}},
		"bomb":              {zipOf(t, entry{name: "bomb", content: strings.Repeat("\n", 1<<20)}, good), []string{"expands", "good.log ###"}},
		"too many members":  {zipOf(t, good, good, good, good), []string{"###", "###", "###", "too many members"}},
		"compressed nested": {xzOf(t, gzipped(t, three)), []string{"binary"}},
	} {
		z := small
		z.Bomb, z.Members = 1<<19, 3
		got := unpacked(t, ingest.Input{Path: "-"}, c.content, z)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", name, got[i], c.want[i])
			}
		}
	}
}

func TestBombOutsideOfArchive(t *testing.T) {
	z := small
	z.Bomb = 1 << 19
	for name, content := range map[string][]byte{"gzip": gzipped(t, strings.Repeat("\n", 1<<20)), "xz": xzOf(t, bytes.Repeat([]byte{'\n'}, 1<<20))} {
		src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, bytes.NewReader(content), z)
		if err != nil {
			t.Fatal(err)
		}
		_, ends := ingesttest.Drain(t, src, 1, 0)
		if err, lines := ends[len(ends)-1].Err, sumOf(ends).Lines; !errors.Is(err, ingest.ErrBomb) || lines < 1<<18 {
			t.Errorf("%s: %d lines, then %v", name, lines, err)
		}
		src.Close()
	}
}

func TestXZ(t *testing.T) {
	content := lines(0, 2000)
	packed := xzOf(t, []byte(content))
	long := xzOf(t, []byte(lines(0, 200_000)))
	for name, c := range map[string]struct {
		packed []byte
		rows   int
		cut    bool
	}{"whole": {packed, 2000, false}, "two streams": {append(slices.Clone(packed), packed...), 4000, false}, "cut": {long[:len(long)/2], -1, true}} {
		src := openSmall(t, ingest.Config{}, c.packed)
		rows, ends := ingesttest.Drain(t, src, 2, 0)
		last := ends[len(ends)-1]
		if c.rows >= 0 && len(rows) != c.rows || errors.Is(last.Err, ingest.ErrTruncated) != c.cut {
			t.Errorf("%s: %d rows, %+v", name, len(rows), last)
		}
		if src.Detection().Compression != "xz" {
			t.Errorf("%s: taken for %q", name, src.Detection().Compression)
		}
	}
	greedy := slices.Clone(packed)
	greedy[16] = 40 // a dictionary of 4 GiB
	if _, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, bytes.NewReader(greedy)); err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("a greedy stream: %v", err)
	}
}

// FuzzUnpack wants no crash, and members only with a path inside the archive.
func FuzzUnpack(f *testing.F) {
	three := lines(0, 3)
	f.Add(zipOf(f, entry{name: "a", content: three}, entry{name: "../b", content: three}))
	f.Add(tarOf(f, entry{name: "a", content: three}, entry{name: "l", kind: tar.TypeSymlink}))
	f.Add(gzipped(f, string(tarOf(f, entry{name: "a.gz", content: string(gzipped(f, three))}))))
	f.Add(xzOf(f, []byte(three)))
	z := small
	z.Bomb, z.Members = 1<<20, 20
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := ingest.UnpackSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, bytes.NewReader(content), z)
		if err != nil {
			return
		}
		defer b.Close()
		for range 2 * z.Members {
			src, err := b.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				continue
			}
			if p := src.Path(); p != "-" && (!strings.HasPrefix(p, "-!/") || strings.Contains(p, "/../")) {
				t.Fatalf("a member at %q", p)
			}
			for {
				seg, err := src.NextSegment(context.Background(), 0)
				if err != nil {
					break
				}
				discard(seg)
			}
			src.Close()
		}
		t.Fatal("more members than are read")
	})
}

// discard reads a segment to its end.
func discard(seg *ingest.Segment) {
	r := seg.NewReader()
	var d record.Draft
	for r.Next(&d) == nil {
	}
}
