package ingest_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// TestDemo reads the demonstration logs and wants the counts of their truth
// file, and the body of every answer that failed.
func TestDemo(t *testing.T) {
	root := filepath.Join("..", "testdata")
	data, err := os.ReadFile(filepath.Join(root, "demo.truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	type counts struct{ Lines, Records, Rejected, Ignored int64 }
	var truth struct {
		Files []struct {
			Path, Format string
			counts
		}
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	if len(truth.Files) < 6 {
		t.Fatalf("the truth file speaks of %d files", len(truth.Files))
	}
	for _, file := range truth.Files {
		t.Run(file.Path, func(t *testing.T) {
			in := ingest.Input{Path: filepath.Join(root, "demo", filepath.FromSlash(file.Path))}
			src, err := ingest.Open(context.Background(), ingest.Config{Bindings: vendors()}, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			_, ends := ingesttest.Drain(t, src, 2, 64<<10)
			end := sumOf(ends)
			got := counts{Lines: end.Lines, Records: end.Records, Rejected: end.Rejected}
			for _, n := range end.Ignored {
				got.Ignored += n
			}
			if got != file.counts {
				t.Errorf("got %+v, want %+v (ignored: %v)", got, file.counts, end.Ignored)
			}
		})
	}
}
