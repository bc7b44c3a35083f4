package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// toOutput runs write on stdout, or on the file of -o. The file appears whole
// or not at all: it is written beside its place and moved there.
func (a *app) toOutput(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		w := bufio.NewWriterSize(a.out, 1<<16)
		if err := write(w); err != nil {
			return errors.Join(err, w.Flush())
		}
		return w.Flush()
	}
	return toFile(name, outputMode, write)
}

// toFile writes a file whole or not at all: beside its place, and moved there.
func toFile(name string, mode fs.FileMode, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".errscope-*")
	if err != nil {
		return failedError(fmt.Errorf("writing %s: %w", name, withoutPath(err)), "")
	}
	defer os.Remove(f.Name()) // gone already where it was moved into place
	w := bufio.NewWriterSize(f, 1<<16)
	err = write(w)
	if err == nil {
		err = errors.Join(w.Flush(), f.Chmod(mode))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return failedError(fmt.Errorf("writing %s: %w", name, withoutPath(err)), "")
	}
	return nil
}

// outputMode is what a report may be read by; the user's umask is not known
// without changing it, and reports hold no secret.
const outputMode = 0o644

// withoutPath takes the path off an error that will be told with it.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// readFileLimited reads a whole file of at most limitBytes.
func readFileLimited(name string, limitBytes int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limitBytes+1))
	if err == nil && int64(len(b)) > limitBytes {
		err = fmt.Errorf("%s is larger than %d bytes", name, limitBytes)
	}
	return b, err
}
