package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/cmd/errscope/demo"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// fuseBenchBytes is how long the access log of [BenchmarkFuse] is. One in a
// hundred of its calls was captured as well. ERRSCOPE_FUSE_BYTES sets another
// length, such as 1150000000 for five million lines.
const fuseBenchBytes = 64 << 20

// BenchmarkFuse says what it costs to join a log with captured answers of some of
// its calls, the load not counted; and what an ingest costs that adds one in a
// hundred lines to both, all of it.
func BenchmarkFuse(b *testing.B) {
	size := int64(fuseBenchBytes)
	if text := os.Getenv("ERRSCOPE_FUSE_BYTES"); text != "" {
		var err error
		if size, err = strconv.ParseInt(text, 10, 64); err != nil {
			b.Fatal(err)
		}
	}
	logs := newFuseBench(b, size)
	logs.grow(b, 99)
	base := filepath.Join(logs.dir, "base.duckdb")
	benchHere(b, "ingest", "--db", base, logs.path("access.log"), logs.path("captured.jsonl"))
	b.Run("whole", func(b *testing.B) {
		db, err := store.Open(b.Context(), base, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for range b.N {
			b.StopTimer()
			same := store.Relabelling{Judge: func(s *store.Stored, out *record.Label) { *out = s.Label }, Versions: func(before string) string { return before }}
			if _, err := db.Relabel(b.Context(), same); err != nil { // it parts what was fused
				b.Fatal(err)
			}
			b.StartTimer()
			if err := db.Fuse(b.Context(), store.Fusing{Origin: analysis.FuseOrigin, Find: analysis.Fuse, Judge: same.Judge}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(logs.lines)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	})
	logs.grow(b, 100)
	b.Run("later", func(b *testing.B) {
		for i := range b.N {
			b.StopTimer()
			db := filepath.Join(logs.dir, fmt.Sprint("later", i, ".duckdb"))
			for _, name := range []string{"", ".salt"} {
				copied, err := os.ReadFile(base + name)
				if err == nil {
					err = os.WriteFile(db+name, copied, 0o600)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
			benchHere(b, "ingest", "--db", db, logs.path("access.log"), logs.path("captured.jsonl"))
		}
	})
}

// fuseBench is an access log and the captured answers of some of its calls.
type fuseBench struct {
	dir            string
	log, captured  []byte
	lines, answers int
}

func newFuseBench(b *testing.B, size int64) *fuseBench {
	b.Helper()
	f := &fuseBench{dir: b.TempDir()}
	var log bytes.Buffer
	if err := demo.WriteCombined(b.Context(), &log, size, 1); err != nil {
		b.Fatal(err)
	}
	f.log = log.Bytes()
	var captured strings.Builder
	lines := bufio.NewScanner(bytes.NewReader(f.log))
	for ; lines.Scan(); f.lines++ {
		if f.lines%100 != 0 {
			continue
		}
		part := strings.Split(lines.Text(), `"`) // client and time, request, status and bytes, …
		at, err := time.Parse("02/Jan/2006:15:04:05 -0700", strings.Trim(part[0][strings.IndexByte(part[0], '['):], "[] "))
		if err != nil {
			b.Fatal(err)
		}
		request, tail := strings.Fields(part[1]), strings.Fields(part[len(part)-1])
		status, err := strconv.Atoi(strings.Fields(part[2])[0])
		if err != nil {
			b.Fatal(err)
		}
		captured.WriteString(jsonLine(map[string]any{"time": at.Add(345 * time.Millisecond).Format(time.RFC3339Nano), "method": request[0],
			"url": "https://" + part[7] + request[1], "status": status, "body": fmt.Sprintf(`{"success":%v,"error":"%d"}`, status < 400, status),
			"headers": map[string]string{"X-Request-Id": tail[len(tail)-1]}}))
		f.answers++
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	f.captured = []byte(captured.String())
	return f
}

func (f *fuseBench) path(name string) string { return filepath.Join(f.dir, name) }

// grow writes so many hundredths of both.
func (f *fuseBench) grow(b *testing.B, percent int) {
	b.Helper()
	for name, text := range map[string][]byte{"access.log": f.log, "captured.jsonl": f.captured} {
		part := text[:len(text)/100*percent]
		if percent == 100 {
			part = text
		}
		if err := os.WriteFile(f.path(name), part, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

func benchHere(b *testing.B, args ...string) {
	b.Helper()
	var out, errs bytes.Buffer
	if code := run(b.Context(), args, terminal{out: &out, err: &errs, environ: []string{"HOME=" + b.TempDir()}}); code != 0 {
		b.Fatalf("errscope %s: exit code %d\n%s", strings.Join(args, " "), code, errs.String())
	}
}
