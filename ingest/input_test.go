package ingest_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
)

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"logs/b.log", "logs/a.log.gz", "logs/.hidden", "logs/x.duckdb", "logs/x.duckdb.wal", "logs/x.duckdb.salt",
		"logs/deep/c.log", "logs/.git/d.log", "bare/.hidden", "other/e.log"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, []byte("x"))
	}
	if err := os.MkdirAll(filepath.Join(dir, "empty/inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"logs/loop": "..", "logs/twin.log": "b.log", "logs/gone": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	f := func(name string, paths []string, want []string, problems map[string]error) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			for i, p := range paths {
				if p != "-" {
					paths[i] = filepath.Join(dir, p)
				}
			}
			inputs, found := ingest.Expand(context.Background(), paths)
			var got []string
			for _, in := range inputs {
				got = append(got, strings.TrimPrefix(in.Path, dir+"/"))
				if in.Path != "-" && in.Size != 1 {
					t.Errorf("%s has size %d", in.Path, in.Size)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			for _, p := range found {
				name := strings.TrimPrefix(p.Path, dir+"/")
				if problems[name] == nil || !errors.Is(p, problems[name]) {
					t.Errorf("problem %s: %v", name, p.Err)
				}
				delete(problems, name)
			}
			for name := range problems {
				t.Errorf("no problem with %s", name)
			}
		})
	}
	f("a file", []string{"logs/b.log"}, []string{"logs/b.log"}, nil)
	f("what is named is taken", []string{"logs/.hidden", "logs/x.duckdb"}, []string{"logs/.hidden", "logs/x.duckdb"}, nil)
	f("stdin, once", []string{"-", "-"}, []string{"-"}, nil)
	f("order and no doubles", []string{"other", "logs/b.log", "other/e.log", "logs/b.log"}, []string{"other/e.log", "logs/b.log"}, nil)
	f("a folder with a loop", []string{"logs"}, []string{"logs/a.log.gz", "logs/b.log", "logs/deep/c.log", "logs/loop/other/e.log"},
		map[string]error{"logs/gone": fs.ErrNotExist})
	f("a pattern", []string{"logs/*.log*"}, []string{"logs/a.log.gz", "logs/b.log"}, nil)
	f("a pattern of nothing", []string{"*.none", "other/e.log"}, []string{"other/e.log"}, map[string]error{"*.none": ingest.ErrNoFiles})
	f("missing", []string{"nowhere", "other"}, []string{"other/e.log"}, map[string]error{"nowhere": fs.ErrNotExist})
	f("folders without files", []string{"empty", "bare"}, nil, map[string]error{"empty": ingest.ErrNoFiles, "bare": ingest.ErrNoFiles})
}
