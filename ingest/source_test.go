package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

func mustTime(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// small are limits that make blocks, lines and pipes end early.
var small = ingest.Sizes{Line: 400, Entry: 4000, Block: 256, Spool: 512}

func openSmall(t testing.TB, cfg ingest.Config, content []byte) *ingest.Source {
	t.Helper()
	src, err := ingest.OpenSized(context.Background(), cfg, ingest.Input{Path: "-"}, bytes.NewReader(content), small)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return src
}

func gzipped(t testing.TB, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// line is a sound line of about 90 bytes.
func line(i int) string {
	return fmt.Sprintf(`203.0.113.9 - - [10/Feb/2026:21:%02d:%02d +0000] "GET /a/%d HTTP/1.1" 200 12`, i/60%60, i%60, i)
}

func lines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

// mixed has everything that a log can have: good lines, bad ones, blank ones,
// foreign ones, other line breaks, bytes that are no text, and long ones.
func mixed() string {
	var b strings.Builder
	b.WriteString("\xef\xbb\xbf" + line(0) + "\r\n\n")
	for i := range 60 {
		b.WriteString(line(i) + "\n")
		switch i % 9 {
		case 1:
			b.WriteString("nonsense\r\n")
		case 2:
			b.WriteString("  \t\n")
		case 3:
			b.WriteString(`{"status_code":500,"url":"https://v.example/","msg":"x"}` + "\n")
		case 4:
			b.WriteString(`{"msg":"no exchange"}` + "\n")
		case 5:
			b.WriteString(strings.Repeat("z", 395+i%12) + "\n")
		case 6:
			b.WriteString("\x00\x00\x00" + line(i) + "\n")
		case 7:
			b.WriteString(strings.Replace(line(i), "/a/", "/\xff\xfe/", 1) + "\n")
		}
	}
	b.WriteString(line(61))
	return b.String()
}

// TestAccounting proves that readers, blocks and segments change nothing and
// that every line is counted once.
func TestAccounting(t *testing.T) {
	content := mixed()
	whole, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(content),
		ingest.Sizes{Line: small.Line, Entry: small.Entry, Block: 1 << 20, Spool: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	want, wantEnds := ingesttest.Drain(t, whole, 1, 0)
	slices.Sort(want)
	if got, wanted := sumOf(wantEnds).Lines, int64(strings.Count(content, "\n"))+1; got != wanted {
		t.Fatalf("%d lines counted, there are %d", got, wanted)
	}
	if n := len(want); n == 0 || int64(n) != sumOf(wantEnds).Records+sumOf(wantEnds).Rejected {
		t.Fatalf("%d rows, ends %+v", n, wantEnds)
	}
	for _, segment := range []int64{0, 1, 700} {
		for _, readers := range []int{1, 3} {
			src := openSmall(t, ingest.Config{}, []byte(content))
			got, ends := ingesttest.Drain(t, src, readers, segment)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("segments of %d, %d readers: other rows", segment, readers)
			}
			if a, b := sumOf(ends), sumOf(wantEnds); a.Lines != b.Lines || a.Records != b.Records || a.Rejected != b.Rejected || fmt.Sprint(a.Ignored) != fmt.Sprint(b.Ignored) {
				t.Errorf("segments of %d, %d readers: %+v, want %+v", segment, readers, a, b)
			}
			last := ends[len(ends)-1]
			if last.Offset != int64(len(content)) || last.SHA256 != sha256.Sum256([]byte(content)) || !last.Last || !last.Partial {
				t.Errorf("segments of %d: the last ends with %+v", segment, last)
			}
		}
	}
}

func sumOf(ends []ingest.End) ingest.End {
	sum := ingest.End{Ignored: map[record.Reason]int64{}}
	for _, e := range ends {
		sum.Lines += e.Lines
		sum.Records += e.Records
		sum.Rejected += e.Rejected
		for r, n := range e.Ignored {
			sum.Ignored[r] += n
		}
	}
	return sum
}

func TestLineKinds(t *testing.T) {
	f := func(name, content string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			src := openSmall(t, ingest.Config{}, []byte(content))
			rows, _ := ingesttest.Drain(t, src, 1, 0)
			checkRows(t, rows, want...)
		})
	}
	const good = `combined time=2026-02-10T21:00:00Z method=GET path=/a/0 version=1.1 status=200 bytes=12 client=203.0.113.9 inbound`
	one := line(0)
	n := len(one)
	f("no line break at the end", one, `1@0 `+good)
	f("CRLF", one+"\r\n"+one+"\r\n", `1@0 `+good, fmt.Sprintf(`2@%d `, n+2)+good)
	f("byte order mark", "\xef\xbb\xbf"+one+"\n", `1@0 `+good)
	f("NUL bytes", one+"\n\x00\x00"+one+"\n", `1@0 `+good, fmt.Sprintf(`2@%d combined reject=binary raw=%q`, n+1, "\uFFFD\uFFFD"+one))
	f("invalid UTF-8", strings.Replace(one, "/a/0", "/\xff\xfeb", 1)+"\n",
		"1@0 combined time=2026-02-10T21:00:00Z method=GET path=/\uFFFDb version=1.1 status=200 bytes=12 client=203.0.113.9 inbound")
	f("longest line", strings.Repeat("x", small.Line)+"\n"+one+"\n",
		"1@0 combined reject=syntax raw="+strings.Repeat("x", small.Line), fmt.Sprintf("2@%d ", small.Line+1)+good)
	f("a byte too long", one+"\n"+strings.Repeat("x", small.Line+1)+"\n"+one+"\n",
		`1@0 `+good, fmt.Sprintf("2@%d combined reject=line_too_long raw=%s", n+1, strings.Repeat("x", small.Line)), fmt.Sprintf("3@%d ", n+small.Line+3)+good)
	f("text of no format", "hello\n\nworld", `1@0 text reject=syntax raw=hello`, `3@7 text reject=syntax raw=world`)
	f("a JSON line in a log", one+"\n"+`{"status_code":500,"url":"/j"}`+"\n", `1@0 `+good, fmt.Sprintf(`2@%d json path=/j status=500 inbound`, n+1))
}

func TestHugeLineIsBounded(t *testing.T) {
	src := openSmall(t, ingest.Config{Format: "combined"}, []byte(strings.Repeat("y", 1<<20)+"\n"+line(0)+"\n"))
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	if len(rows) != 2 || len(rows[0]) > record.RawBytesMax+100 || !strings.HasPrefix(rows[1], "2@1048577 combined time=") {
		t.Fatalf("%d rows, the first of %d bytes", len(rows), len(rows[0]))
	}
	if ends[0].Lines != 2 || ends[0].Rejected != 1 {
		t.Errorf("end %+v", ends[0])
	}
}

func TestRange(t *testing.T) {
	cfg := ingest.Config{SinceNS: mustTime(t, "2026-02-10T21:00:10Z").UnixNano(), UntilNS: mustTime(t, "2026-02-10T21:00:20Z").UnixNano()}
	src := openSmall(t, cfg, []byte(lines(0, 60)+`{"status_code":500,"url":"/timeless"}`+"\n"))
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	if len(rows) != 11 || ends[0].Ignored[record.IgnoreRange] != 50 || ends[0].Lines != 61 {
		t.Errorf("%d rows, %+v", len(rows), ends[0])
	}
	if ends[0].FirstNS != cfg.SinceNS || ends[0].LastNS != cfg.UntilNS-int64(time.Second) {
		t.Errorf("first %d, last %d", ends[0].FirstNS, ends[0].LastNS)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	open := func(cfg ingest.Config, path string, content string) error {
		src, err := ingest.Open(context.Background(), cfg, ingest.Input{Path: path}, strings.NewReader(content))
		if err == nil {
			src.Close()
		}
		return err
	}
	var pathErr *fs.PathError
	if err := open(ingest.Config{}, filepath.Join(dir, "none"), ""); !errors.As(err, &pathErr) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if err := open(ingest.Config{}, dir, ""); !errors.As(err, &pathErr) {
		t.Errorf("a folder: %v", err)
	}
	if err := open(ingest.Config{Format: "nosuch"}, "-", ""); !errors.Is(err, ingest.ErrUnknownFormat) || !strings.Contains(err.Error(), "combined") {
		t.Errorf("unknown format: %v", err)
	}
	for _, content := range []string{"\x7fELF\x02\x01\x00\x00\x00", "\x04\x22\x4d\x18rest", "\x00\x01\x02\x03"} {
		if err := open(ingest.Config{}, "-", content); !errors.Is(err, ingest.ErrBinary) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if err := open(ingest.Config{}, "-", "PK\x03\x04rest"); err == nil || !strings.Contains(err.Error(), "zip") {
		t.Errorf("a broken archive: %v", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, content := range [][]byte{nil, gzipped(t, "")} {
		src := openSmall(t, ingest.Config{}, content)
		if f := src.Detection().Format; f != "empty" {
			t.Errorf("format %q", f)
		}
		if _, err := src.NextSegment(context.Background(), 0); !errors.Is(err, io.EOF) {
			t.Errorf("next segment: %v", err)
		}
		if p := src.Position(); p.Offset != 0 || p.Lines != 0 || p.SHA256 != sha256.Sum256(nil) {
			t.Errorf("position %+v", p)
		}
	}
}

func TestCompressed(t *testing.T) {
	content := lines(0, 2000)
	var z bytes.Buffer
	zw, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(zw, content); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	var wide []byte
	for _, c := range "\ufeff" + content {
		wide = append(wide, byte(c), byte(c>>8))
	}
	half := len(content) / 2
	for name, packed := range map[string][]byte{
		"gzip": gzipped(t, content), "gzip of two members": append(gzipped(t, content[:half]), gzipped(t, content[half:])...),
		"zstd": z.Bytes(), "utf-16": wide,
	} {
		src := openSmall(t, ingest.Config{}, packed)
		rows, ends := ingesttest.Drain(t, src, 2, 10_000)
		last := ends[len(ends)-1]
		if len(rows) != 2000 || last.SHA256 != sha256.Sum256([]byte(content)) || last.Err != nil {
			t.Errorf("%s: %d rows, %+v", name, len(rows), last)
		}
		if c := src.Detection().Compression; !strings.HasPrefix(name, c) || c == "" {
			t.Errorf("%s taken for %q", name, c)
		}
	}
}

func TestTruncatedGzip(t *testing.T) {
	packed := gzipped(t, lines(0, 50_000))
	src := openSmall(t, ingest.Config{}, packed[:len(packed)/2])
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	last := ends[len(ends)-1]
	if !errors.Is(last.Err, ingest.ErrTruncated) || !last.Last {
		t.Errorf("end %+v", last)
	}
	if len(rows) < 1000 || sumOf(ends).Rejected > 1 {
		t.Errorf("%d rows, %d rejected", len(rows), sumOf(ends).Rejected)
	}
	if tail := rows[len(rows)-1]; sumOf(ends).Rejected == 1 && !strings.Contains(tail, "reject=truncated") {
		t.Errorf("the cut line is %s", tail)
	}
	// A head that is cut off is empty, and says why.
	src = openSmall(t, ingest.Config{}, packed[:5])
	if _, err := src.NextSegment(context.Background(), 0); !errors.Is(err, ingest.ErrTruncated) {
		t.Errorf("cut head: %v", err)
	}
	if _, err := src.NextSegment(context.Background(), 0); !errors.Is(err, io.EOF) {
		t.Errorf("cut head, again: %v", err)
	}
}

func TestCancel(t *testing.T) {
	src := openSmall(t, ingest.Config{}, []byte(lines(0, 2000)))
	ctx, cancel := context.WithCancel(context.Background())
	seg, err := src.NextSegment(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := seg.NewReader()
	var d record.Draft
	if err := r.Next(&d); err != nil {
		t.Fatal(err)
	}
	cancel()
	for err = r.Next(&d); err == nil; err = r.Next(&d) {
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("reader: %v", err)
	}
	if _, err := src.NextSegment(context.Background(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("the next segment after a broken one: %v", err)
	}
}

func TestUndrainedSegment(t *testing.T) {
	src := openSmall(t, ingest.Config{}, []byte(lines(0, 2000)))
	if _, err := src.NextSegment(context.Background(), 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := src.NextSegment(context.Background(), 1000); err == nil {
		t.Error("a second segment while the first is unread")
	}
}

// FuzzSource holds the result of several readers, small blocks and segments
// against that of one reader.
func FuzzSource(f *testing.F) {
	f.Add([]byte(mixed()), uint16(64), uint8(3), uint16(500))
	f.Add([]byte("\n\n\r\n"+line(1)), uint16(1), uint8(2), uint16(1))
	f.Add([]byte(harFile(3)), uint16(50), uint8(2), uint16(9))
	f.Fuzz(func(t *testing.T, content []byte, block uint16, readers uint8, segment uint16) {
		open := func(z ingest.Sizes) *ingest.Source {
			src, err := ingest.OpenSized(context.Background(), ingest.Config{Now: time.Unix(1e9, 0)}, ingest.Input{Path: "-"}, bytes.NewReader(content), z)
			if err != nil {
				t.Skip(err)
			}
			return src
		}
		z := ingest.Sizes{Line: 300, Entry: 1000, Block: 1 << 20, Spool: 100}
		one := open(z)
		defer one.Close()
		want, wantEnds := ingesttest.Drain(t, one, 1, 0)
		z.Block = int(block)%1000 + 1
		many := open(z)
		defer many.Close()
		got, ends := ingesttest.Drain(t, many, int(readers)%4+1, int64(segment))
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("rows differ:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		a, b := sumOf(ends), sumOf(wantEnds)
		if a.Lines != b.Lines || a.Records != b.Records || a.Rejected != b.Rejected || fmt.Sprint(a.Ignored) != fmt.Sprint(b.Ignored) {
			t.Fatalf("%+v, want %+v", a, b)
		}
		if one.Position() != many.Position() {
			t.Fatalf("%+v, want %+v", many.Position(), one.Position())
		}
		// A line of JSON may hold several exchanges, each of which counts.
		if read := one.Position().Lines; !ingest.IsDocument(one.Detection().Format) && (a.Lines < read || a.Lines > read && !bytes.ContainsAny(content, "[{")) {
			t.Fatalf("%d lines accounted for, %d read", a.Lines, one.Position().Lines)
		}
	})
}

func writeFile(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
