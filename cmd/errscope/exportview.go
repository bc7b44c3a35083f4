package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/errscope/errscope/report"
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

// exportView writes what a screen shows to a file, as errscope report -o and
// errscope sql -o would.
func (a *app) exportView(ctx context.Context, src source, view tui.Export) error {
	if _, err := os.Lstat(view.Path); err == nil && !view.Replace {
		return fmt.Errorf("writing %s: %w", view.Path, fs.ErrExist)
	}
	format := formatOfEnding(view.Path)
	if view.Report == "" {
		return a.answer(ctx, src.DB, view.SQL, sqlFlags{format: format, out: view.Path})
	}
	return a.toOutput(view.Path, func(w io.Writer) error {
		return report.Write(ctx, w, src, view.Report, format, a.reportOptions(view.Scope, ""))
	})
}
