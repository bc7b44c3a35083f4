package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Input is one thing to read, found by [Expand].
type Input struct {
	Path string // "-" is stdin
	Size int64  // bytes as they lie there, 0 where not known
}

// Problem is a path that cannot be read.
type Problem struct {
	Path string
	Err  error
}

func (p Problem) Error() string { return p.Err.Error() }

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Err }

// Expand turns paths into inputs: "-" is stdin, a folder is walked, and a name
// that does not exist but has the signs of a pattern is expanded. Order is that
// of the paths, sorted by name inside a folder or pattern; nothing comes twice,
// also not through symbolic links. Hidden files and our own databases are left
// out unless they are named. A missing file, an unreadable one and a folder or
// pattern without files are each a problem; the others are still returned.
func Expand(ctx context.Context, paths []string) ([]Input, []Problem) {
	e := expander{seen: map[string]bool{}}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			e.problem(p, err)
			break
		}
		e.path(ctx, p)
	}
	return e.inputs, e.problems
}

type expander struct {
	inputs   []Input
	problems []Problem
	seen     map[string]bool // real paths of files and folders
	met      int             // files and problems met, those seen before included
}

func (e *expander) problem(path string, err error) {
	e.met++
	e.problems = append(e.problems, Problem{path, err})
}

func (e *expander) path(ctx context.Context, path string) {
	if path == "-" {
		if !e.seen["-"] {
			e.seen["-"] = true
			e.inputs = append(e.inputs, Input{Path: "-"})
		}
		return
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		before := e.met
		e.folder(ctx, path)
		if e.met == before {
			e.problem(path, fmt.Errorf("reading folder %s: %w", path, ErrNoFiles))
		}
	case err == nil:
		e.file(path, info)
	case memberExists(path):
		if !e.seen[path] {
			e.seen[path] = true
			e.inputs = append(e.inputs, Input{Path: path})
		}
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?["):
		e.pattern(ctx, path)
	default:
		e.problem(path, err)
	}
}

func (e *expander) pattern(ctx context.Context, pattern string) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		e.problem(pattern, fmt.Errorf("expanding %s: %w", pattern, err))
		return
	}
	if len(names) == 0 {
		e.problem(pattern, fmt.Errorf("expanding %s: %w", pattern, ErrNoFiles))
	}
	slices.Sort(names)
	for _, name := range names {
		if !leftOut(filepath.Base(name)) {
			e.path(ctx, name)
		}
	}
}

// folder walks a folder, links to folders included; a real path is entered once.
func (e *expander) folder(ctx context.Context, dir string) {
	if err := ctx.Err(); err != nil {
		e.problem(dir, err)
		return
	}
	if !e.first(dir) {
		e.met++
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		e.problem(dir, err)
		return
	}
	for _, entry := range entries { // sorted by name
		if leftOut(entry.Name()) {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		info, err := os.Stat(path)
		switch {
		case err != nil:
			e.problem(path, err)
		case info.IsDir():
			e.folder(ctx, path)
		case info.Mode().IsRegular():
			e.file(path, info)
		}
	}
}

func (e *expander) file(path string, info fs.FileInfo) {
	e.met++
	if e.first(path) {
		e.inputs = append(e.inputs, Input{Path: path, Size: info.Size()})
	}
}

// first reports whether this file or folder has not come by before.
func (e *expander) first(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = path
	}
	if abs, err := filepath.Abs(real); err == nil {
		real = abs
	}
	if e.seen[real] {
		return false
	}
	e.seen[real] = true
	return true
}

// leftOut says which names a walk passes by: hidden ones and what this program
// itself writes beside the logs.
func leftOut(name string) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	for _, suffix := range []string{".duckdb", ".duckdb.wal", ".duckdb.salt"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// memberExists reports whether a path leads into an archive that is there.
func memberExists(path string) bool {
	_, _, ok := splitMember(path)
	return ok
}
