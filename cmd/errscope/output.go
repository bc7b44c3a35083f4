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

// toOutput runs write on stdout, or on the file of -o.
func (a *app) toOutput(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		w := bufio.NewWriterSize(a.out, 1<<16)
		if err := write(w); err != nil {
			return errors.Join(err, w.Flush())
		}
		return w.Flush()
	}
	return toFile(name, outputMode&^a.umask, write)
}

// toFile writes a file whole or not at all; see [inPlace].
func toFile(name string, mode fs.FileMode, write func(io.Writer) error) error {
	return inPlace(name, mode, func(temp string) error {
		f, err := os.OpenFile(temp, os.O_WRONLY, 0)
		if err != nil {
			return withoutPath(err)
		}
		w := bufio.NewWriterSize(f, 1<<16)
		if err = write(w); err == nil {
			err = w.Flush()
		}
		return errors.Join(err, f.Close())
	})
}

// inPlace has fill write a file beside its place, readable by its owner only, and
// moves it there: it appears whole or not at all. A link at the place is replaced,
// and what it leads to is left alone. A file that is replaced leaves its mode; else
// the new one gets mode. What is no file, such as /dev/null or a named pipe, is
// written to as it is.
func inPlace(name string, mode fs.FileMode, fill func(temp string) error) error {
	wrong := func(err error) error {
		return failedError(fmt.Errorf("writing %s: %w", name, withoutPath(err)), "")
	}
	if st, err := os.Stat(name); err == nil && st.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0 {
		if err := fill(name); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		return nil
	}
	if st, err := os.Lstat(name); err == nil && st.Mode().IsRegular() {
		mode = st.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".errscope-*") // mode 0600
	if err != nil {
		return wrong(err)
	}
	defer os.Remove(f.Name()) // gone already where it was moved into place
	if err := f.Close(); err != nil {
		return wrong(err)
	}
	if err := fill(f.Name()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.Chmod(f.Name(), mode); err != nil {
		return wrong(err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return wrong(err)
	}
	return nil
}

// notDatabase refuses to write an answer over the database it is made of.
func (a *app) notDatabase(name string) error {
	if name == "" || name == "-" {
		return nil
	}
	out, err := os.Stat(name)
	if err != nil {
		return nil // there is nothing to write over, or writing will tell
	}
	for _, own := range []string{a.settings.db, a.settings.db + ".salt", a.settings.db + ".wal"} {
		if db, err := os.Stat(own); err == nil && os.SameFile(out, db) {
			return usageError(fmt.Errorf("-o %s is the database itself", name), "name another file")
		}
	}
	return nil
}

// What new files may be read by. Reports mask what is personal and hold no
// secret, so the user's umask decides; rows as they are stay with their owner, as
// the database does.
const (
	outputMode = fs.FileMode(0o666)
	rowsMode   = fs.FileMode(0o600)
)

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
