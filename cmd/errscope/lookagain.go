package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/errscope/errscope/cmd/errscope/secondlook"
)

// lookedAt lets what goes to a file be looked through for credentials on its way.
// Where one seems to be left the file does not appear, and the exit code is that
// of a gate. Standard output is not looked at: what a person or a pipe asked for
// cannot be taken back.
func lookedAt(ctx context.Context, name string, write func(io.Writer) error) func(io.Writer) error {
	if name == "" || name == "-" {
		return write
	}
	return func(out io.Writer) error {
		w, err := secondlook.NewWriter(ctx, out, filepath.Base(name))
		if err != nil {
			return err
		}
		if err := write(w); err != nil {
			return err
		}
		return w.Finish()
	}
}

// leftBehind makes a gate's refusal of what was found.
func leftBehind(err error) error {
	var found *secondlook.FoundError
	if !errors.As(err, &found) {
		return err
	}
	return gateError(fmt.Errorf("output refused: %w", found),
		"nothing was written; leave these rows out, or look at them on standard output (without -o), which is not refused")
}
