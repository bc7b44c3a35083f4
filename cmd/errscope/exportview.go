package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/store"
	"github.com/errscope/errscope/tui"
)

// formatOfEnding is the format that the ending of a file names.
func formatOfEnding(path string) string {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	if ending == "txt" {
		return "text"
	}
	return ending
}

// parquetAside names a file in a folder that nobody can guess, and that is there
// only while Parquet is written. The database writes Parquet itself and must know
// the file when it is opened, when nobody has said yet where it is to go.
func parquetAside() string {
	return filepath.Join(os.TempDir(), "errscope-"+rand.Text(), "answer.parquet")
}

// writeParquet writes the answer of a query to path, by way of the file that the
// database was opened with.
func (a *app) writeParquet(ctx context.Context, db *store.DB, query, aside, path string) (err error) {
	folder := filepath.Dir(aside)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := a.exportParquet(ctx, db, query, aside); err != nil {
		return sqlFailure(err)
	}
	done, err := os.Open(aside)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer done.Close()
	return toFile(path, rowsMode, func(w io.Writer) error {
		_, err := io.Copy(w, done)
		return err
	})
}

// exportView writes what a screen shows to a file, as errscope report -o and
// errscope sql -o would. parquet is the file that the database was opened with.
func (a *app) exportView(ctx context.Context, src source, view tui.Export, parquet string) error {
	if _, err := os.Lstat(view.Path); err == nil && !view.Replace {
		return fmt.Errorf("writing %s: %w", view.Path, fs.ErrExist)
	}
	format := formatOfEnding(view.Path)
	if view.Report == "" && format == "parquet" {
		return a.writeParquet(ctx, src.DB, view.SQL, parquet, view.Path)
	}
	if view.Report == "" {
		return a.answer(ctx, src.DB, view.SQL, sqlFlags{format: format, out: view.Path})
	}
	return leftBehind(a.toOutput(view.Path, lookedAt(ctx, view.Path, a.lastLook(ctx, view.Path, func(w io.Writer) error {
		return report.Write(ctx, w, src, view.Report, format, a.reportOptions(view.Scope, ""))
	}))))
}
