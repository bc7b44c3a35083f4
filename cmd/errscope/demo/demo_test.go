package demo_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

var update = flag.Bool("update", false, "write the committed copy anew")

// committed is the small set in the tree.
const (
	committedLogs  = "../../../testdata/demo"
	committedTruth = "../../../testdata/demo.truth.json"
	committedMax   = 600 << 10 // bytes
)

// generate writes a set and reads it back: path below the folder to bytes.
func generate(t testing.TB, o demo.Options) (demo.Truth, map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	truth, err := demo.Write(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return truth, readAll(t, dir)
}

func readAll(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// plain undoes gzip.
func plain(t testing.TB, name string, text []byte) []byte {
	t.Helper()
	if !strings.HasSuffix(name, ".gz") {
		return text
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("%s: the gzip header has a time or a name", name)
	}
	text, err = io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCommittedCopy(t *testing.T) {
	_, want := generate(t, demo.Options{})
	if *update {
		if err := errors.Join(os.RemoveAll(committedLogs), os.WriteFile(committedTruth, want["truth.json"], 0o644)); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if below, ok := strings.CutPrefix(name, "logs/"); ok {
				path := filepath.Join(committedLogs, filepath.FromSlash(below))
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	truth, err := os.ReadFile(committedTruth)
	if err != nil {
		t.Fatal(err)
	}
	got, size := map[string][]byte{"truth.json": truth}, len(truth)
	for name, text := range readAll(t, committedLogs) {
		got["logs/"+name] = text
		size += len(text)
	}
	if names := slices.Sorted(maps.Keys(want)); !slices.Equal(names, slices.Sorted(maps.Keys(got))) {
		t.Errorf("the committed copy has other files than %v", names)
	}
	for name := range want {
		if !bytes.Equal(want[name], got[name]) {
			t.Errorf("%s is not current: go test ./cmd/errscope/demo -run CommittedCopy -update", name)
		}
	}
	if size > committedMax {
		t.Errorf("the committed copy has %d bytes, more than %d", size, committedMax)
	}
}

func TestSameOptionsSameBytes(t *testing.T) {
	o := demo.Options{Seed: 7, Days: 2, Scale: 0.4, Start: time.Date(2027, 1, 31, 13, 0, 0, 0, time.FixedZone("", 7200))}
	_, first := generate(t, o)
	_, second := generate(t, o)
	if !maps.EqualFunc(first, second, bytes.Equal) {
		t.Error("two runs differ")
	}
	o.Seed++
	if _, other := generate(t, o); bytes.Equal(other["logs/egress/access.log"], first["logs/egress/access.log"]) {
		t.Error("the seed has no effect")
	}
}

// TestTruthAddsUp counts the files again, without the generator's help.
func TestTruthAddsUp(t *testing.T) {
	for _, o := range []demo.Options{{}, {Seed: 3, Days: 1}, {Seed: 9, Days: 35, Scale: 0.5}} {
		truth, files := generate(t, o)
		var records, failures, benign int64
		for _, f := range truth.Files {
			text := plain(t, f.Path, files["logs/"+f.Path])
			lines := int64(bytes.Count(text, []byte("\n")))
			if f.Format == "har" {
				lines -= 2 // the frame: one entry a line
			}
			if lines != f.Lines || f.Lines != f.Records+f.Rejected+f.Ignored {
				t.Errorf("%s has %d lines, the truth says %+v", f.Path, lines, f)
			}
			records, failures, benign = records+f.Records, failures+f.Failures, benign+f.Benign
		}
		if len(truth.Files) != len(files)-1 {
			t.Errorf("%d files are written, %d are in the truth", len(files)-1, len(truth.Files))
		}
		var requests, failed, expected int64
		for _, v := range truth.Vendors {
			requests, failed, expected = requests+v.Requests, failed+v.Failures, expected+v.Benign
			for name, counts := range map[string]map[string]int64{"status": v.ByStatus, "category": v.ByCategory, "retry": v.ByRetry, "fault": v.ByFault} {
				if sum(counts) != v.Failures {
					t.Errorf("%s by %s: %d of %d failures", v.Vendor, name, sum(counts), v.Failures)
				}
			}
		}
		if requests+truth.Inbound != records || failed != failures || expected != benign {
			t.Errorf("vendors have %d requests, %d failures, %d benign and %d inbound; files %d, %d, %d",
				requests, failed, expected, truth.Inbound, records, failures, benign)
		}
	}
}

func sum(counts map[string]int64) int64 {
	var n int64
	for _, c := range counts {
		n += c
	}
	return n
}

// TestSecretsAreInTheFiles: a secret that is not there proves nothing when it
// is not found in a database.
func TestSecretsAreInTheFiles(t *testing.T) {
	truth, files := generate(t, demo.Options{})
	var all []byte
	for name, text := range files {
		if name != "truth.json" {
			all = append(all, plain(t, name, text)...)
		}
	}
	if len(truth.Secrets) < 20 {
		t.Errorf("only %d secrets are planted", len(truth.Secrets))
	}
	for _, s := range truth.Secrets {
		if !bytes.Contains(all, []byte(s)) {
			t.Errorf("%s is planted nowhere", s)
		}
	}
	// And the other way round: nothing that looks like one is left out.
	for _, prefix := range []string{"demo-carsxe-key-", "cg_live_demo", "aion_demo", "demo-session-", "demo-connect-code-", "demo-state-"} {
		for rest := all; ; {
			i := bytes.Index(rest, []byte(prefix))
			if i < 0 {
				break
			}
			rest = rest[i:]
			if !slices.ContainsFunc(truth.Secrets, func(s string) bool { return bytes.HasPrefix(rest, []byte(s)) }) {
				t.Fatalf("%.60q is planted and not in the truth", rest)
			}
			rest = rest[len(prefix):]
		}
	}
}

func TestWriteCombined(t *testing.T) {
	const size = 3 << 20
	var first, second bytes.Buffer
	if err := demo.WriteCombined(context.Background(), &first, size, 5); err != nil {
		t.Fatal(err)
	}
	if err := demo.WriteCombined(context.Background(), &second, size, 5); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
	if first.Len() < size || first.Len() > size+(2<<10) || !bytes.HasSuffix(first.Bytes(), []byte("\n")) {
		t.Errorf("%d bytes for %d", first.Len(), size)
	}
	lines, failures := 0, 0
	scanner := bufio.NewScanner(&first)
	for scanner.Scan() {
		_, rest, ok := strings.Cut(scanner.Text(), `HTTP/1.1" `)
		if !ok || len(rest) < 3 {
			t.Fatalf("no access log: %s", scanner.Text())
		}
		lines++
		if rest[0] != '2' {
			failures++
		}
	}
	if failures*100 < lines*6 || failures*100 > lines*10 {
		t.Errorf("%d of %d lines are failures", failures, lines)
	}
}

func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := demo.Write(ctx, t.TempDir(), demo.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v", err)
	}
	if err := demo.WriteCombined(ctx, io.Discard, 1<<30, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteCombined: %v", err)
	}
	for _, o := range []demo.Options{{Days: -1}, {Days: 5000}, {Scale: -1}, {Scale: 1e9}} {
		if _, err := demo.Write(context.Background(), t.TempDir(), o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Write(context.Background(), blocked, demo.Options{}); err == nil {
		t.Error("a file is no folder")
	}
}

func BenchmarkWriteCombined(b *testing.B) {
	const size = 64 << 20
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if err := demo.WriteCombined(context.Background(), io.Discard, size, 1); err != nil {
			b.Fatal(err)
		}
	}
}
