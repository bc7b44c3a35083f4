package ingest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func known(content string) ingest.Known {
	return ingest.Known{Bytes: int64(len(content)), SHA256: sha256.Sum256([]byte(content))}
}

func TestMatch(t *testing.T) {
	whole := lines(0, 100)
	half, quarter := lines(0, 50), lines(0, 25)
	other := ingest.Known{Bytes: 500, SHA256: [32]byte{1}}
	for _, c := range []struct {
		name    string
		content []byte
		known   []ingest.Known
		index   int
		offset  int
		rows    int
	}{
		{"nothing known", []byte(whole), nil, -1, 0, 100},
		{"another content", []byte(whole), []ingest.Known{other}, -1, 0, 100},
		{"a longer content", []byte(half), []ingest.Known{known(whole)}, -1, 0, 50},
		{"the same again", []byte(whole), []ingest.Known{other, known(whole)}, 1, len(whole), 0},
		{"grown", []byte(whole), []ingest.Known{known(half)}, 0, len(half), 50},
		{"the longest beginning", []byte(whole), []ingest.Known{known(quarter), known(half), other, {Bytes: int64(len(whole)) - 1}}, 1, len(half), 50},
		{"rotated and compressed", gzipped(t, whole), []ingest.Known{known(whole)}, 0, len(whole), 0},
		{"compressed after it grew", gzipped(t, whole), []ingest.Known{known(half)}, 0, len(half), 50},
		{"the line break came later", []byte(whole), []ingest.Known{known(strings.TrimSuffix(half, "\n"))}, 0, len(half) - len(line(49)) - 1, 51},
		{"unterminated as before", []byte(strings.TrimSuffix(whole, "\n")), []ingest.Known{known(strings.TrimSuffix(whole, "\n"))}, 0, len(whole) - 1, 0},
		{"went on inside a line", []byte(whole), []ingest.Known{known(whole[:len(half)+20])}, 0, len(half), 50},
		{"went on inside the first line", []byte(whole), []ingest.Known{known(whole[:20])}, 0, 0, 100},
	} {
		for _, from := range []string{"pipe", "file"} {
			t.Run(c.name+" from a "+from, func(t *testing.T) {
				in := ingest.Input{Path: "-"}
				if from == "file" {
					in.Path = filepath.Join(t.TempDir(), "log")
					writeFile(t, in.Path, c.content)
				}
				src, err := ingest.OpenSized(context.Background(), ingest.Config{}, in, bytes.NewReader(c.content), small)
				if err != nil {
					t.Fatal(err)
				}
				defer src.Close()
				index, err := src.Match(context.Background(), c.known)
				if err != nil || index != c.index {
					t.Fatalf("match %d, %v; want %d", index, err, c.index)
				}
				if p := src.Position(); p.Offset != int64(c.offset) || p.SHA256 != sha256.Sum256([]byte(whole)[:c.offset]) {
					t.Fatalf("stands at %+v, want offset %d", p, c.offset)
				}
				before := src.Position().Lines
				rows, ends := ingesttest.Drain(t, src, 1, 0)
				if len(rows) != c.rows {
					t.Fatalf("%d rows, want %d", len(rows), c.rows)
				}
				if len(rows) > 0 && !strings.HasPrefix(rows[0], fmt.Sprintf("%d@%d ", before+1, c.offset)) {
					t.Errorf("line %d follows, first row %s", before, rows[0])
				}
				if want := int64(strings.Count(string(whole[:c.offset]), "\n")); c.rows > 0 && before != want {
					t.Errorf("%d lines before, want %d", before, want)
				}
				if n := len(ends); n > 0 && ends[n-1].Position != src.Position() {
					t.Errorf("the last segment ends at %+v, the source at %+v", ends[n-1].Position, src.Position())
				}
			})
		}
	}
}

// TestGrowth cuts a log at every byte of a stretch, loads the part, then the
// whole, undoing what Match says, and wants the rows of the whole.
func TestGrowth(t *testing.T) {
	whole := lines(0, 12) + "nonsense\n" + lines(12, 20)
	rowsOf := func(src *ingest.Source) []string {
		rows, _ := ingesttest.Drain(t, src, 1, 100)
		return rows
	}
	want := rowsOf(openSmall(t, ingest.Config{}, []byte(whole)))
	for cut := 700; cut < 1100; cut++ {
		part := openSmall(t, ingest.Config{}, []byte(whole[:cut]))
		rows, ends := ingesttest.Drain(t, part, 1, 100)
		last := ends[len(ends)-1]
		full := openSmall(t, ingest.Config{}, []byte(whole))
		if i, err := full.Match(context.Background(), []ingest.Known{{Bytes: last.Offset, SHA256: last.SHA256}}); i != 0 || err != nil {
			t.Fatalf("cut at %d: match %d, %v", cut, i, err)
		}
		if from := full.Position().Offset; from < last.Offset {
			if !last.Partial {
				t.Fatalf("cut at %d: stepped back before a whole line", cut)
			}
			rows = slices.DeleteFunc(rows, func(row string) bool {
				_, place, _ := strings.Cut(row, "@")
				var offset int64
				fmt.Sscan(place, &offset)
				return offset >= from
			})
		}
		if rows = append(rows, rowsOf(full)...); !slices.Equal(rows, want) {
			t.Fatalf("cut at %d:\n%s", cut, strings.Join(rows, "\n"))
		}
	}
}

func TestMatchDocument(t *testing.T) {
	archive := harFile(20)
	for name, c := range map[string]struct {
		known string
		index int
		rows  int
	}{"whole": {archive, 0, 0}, "a beginning": {archive[:1000], -1, 20}} {
		src := openSmall(t, ingest.Config{}, []byte(archive))
		index, err := src.Match(context.Background(), []ingest.Known{known(c.known)})
		if err != nil || index != c.index {
			t.Errorf("%s: match %d, %v", name, index, err)
		}
		if rows, _ := ingesttest.Drain(t, src, 2, 1); len(rows) != c.rows {
			t.Errorf("%s: %d rows", name, len(rows))
		}
	}
}

func TestMatchBrokenPipe(t *testing.T) {
	content := lines(0, 2000)
	src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"},
		io.MultiReader(strings.NewReader(content), failingReader{}), small)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if i, err := src.Match(context.Background(), []ingest.Known{known(content + "x")}); i != -1 || err != nil {
		t.Fatalf("match %d, %v", i, err)
	}
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	if len(rows) != 2000 || ends[len(ends)-1].Err == nil {
		t.Errorf("%d rows, end %+v", len(rows), ends[len(ends)-1])
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
