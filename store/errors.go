package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// ErrMissing says that a database to be read does not exist.
var ErrMissing = errors.New("there is no such file")

// ErrClosed says that the database was closed before.
var ErrClosed = errors.New("it is closed")

// LockedError says that another process holds the file.
type LockedError struct {
	Path    string
	PID     int    // 0 where DuckDB did not say
	Program string // its name or path, "" where DuckDB did not say
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("database %s is in use by another process", e.Path)
	}
	return fmt.Sprintf("database %s is in use by %s (PID %d)", e.Path, filepath.Base(e.Program), e.PID)
}

// NewerError says that the file was made by a newer program. Have and Known
// are schema versions, or DuckDB's storage versions where Storage is set.
type NewerError struct {
	Path        string
	Have, Known int
	Storage     bool
}

func (e *NewerError) Error() string {
	what := "schema"
	if e.Storage {
		what = "DuckDB storage"
	}
	return fmt.Sprintf("database %s was made by a newer version (%s version %d, this program knows up to %d)", e.Path, what, e.Have, e.Known)
}

// OlderError says that the file was made by an older program and may not be
// written, so that it cannot be brought up to date.
type OlderError struct {
	Path        string
	Have, Known int // schema versions
}

func (e *OlderError) Error() string {
	return fmt.Sprintf("database %s was made by an older version (schema version %d, this program needs %d)", e.Path, e.Have, e.Known)
}

// NotDatabaseError says that the file is no database of errscope.
type NotDatabaseError struct {
	Path, Reason string
}

func (e *NotDatabaseError) Error() string {
	return fmt.Sprintf("%s is not an errscope database: %s", e.Path, e.Reason)
}

// ForbiddenError says that this user may not read or write the file.
type ForbiddenError struct {
	Path, Reason string
}

func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("database %s may not be opened so: %s", e.Path, e.Reason)
}

// DamagedError says that the file is a database but cannot be read to its end.
type DamagedError struct {
	Path, Reason string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("database %s is damaged: %s", e.Path, e.Reason)
}

// FullError says that the disk is full. It is [syscall.ENOSPC] to errors.Is.
// What was loaded before stays as it was.
type FullError struct {
	Path string
	Err  error
}

func (e *FullError) Error() string {
	return fmt.Sprintf("no space left for database %s: %v", e.Path, e.Err)
}

// Unwrap gives what DuckDB said and the error of the system call.
func (e *FullError) Unwrap() []error { return []error{e.Err, syscall.ENOSPC} }

// DuckDB gives these as text only.
var (
	lockText      = regexp.MustCompile(`Conflicting lock is held in (.+?) \(PID (\d+)\)`)
	damageText    = regexp.MustCompile(`(?i)corrupt database file|could not read (?:enough|all) bytes|could not seek|checksum .* does not match|failed to deserialize|database has been invalidated`)
	forbiddenText = regexp.MustCompile(`Read-only file system|Permission denied`)
	storageText   = regexp.MustCompile(`database file with version number (\d+), but we can only read versions between \d+ and (\d+)`)
)

// translate turns DuckDB's words into the errors of this package. doing is a
// gerund such as "opening".
func translate(path, doing string, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if i := strings.Index(text, "\n\nPossible solutions"); i > 0 {
		// Settings of DuckDB that our users cannot reach.
		return fmt.Errorf("%s database %s: not enough memory: %s", doing, path, text[:i])
	}
	switch {
	case strings.Contains(text, "No space left on device"):
		return &FullError{Path: path, Err: err}
	case strings.Contains(text, "Could not set lock on file"):
		e := &LockedError{Path: path}
		if m := lockText.FindStringSubmatch(text); m != nil {
			e.Program = m[1]
			e.PID, _ = strconv.Atoi(m[2]) // digits by the pattern; 0 is "not said"
		}
		return e
	case strings.Contains(text, "with a different configuration than existing connections"):
		return &LockedError{Path: path, PID: os.Getpid(), Program: os.Args[0]}
	case strings.Contains(text, "not a valid DuckDB database file"):
		return &NotDatabaseError{Path: path, Reason: "it holds something else"}
	case storageText.MatchString(text):
		m := storageText.FindStringSubmatch(text)
		have, _ := strconv.Atoi(m[1])
		known, _ := strconv.Atoi(m[2])
		return &NewerError{Path: path, Have: have, Known: known, Storage: true}
	case damageText.MatchString(text):
		_, reason, found := strings.Cut(text, "could not connect to database: ")
		if !found {
			reason = text
		}
		return &DamagedError{Path: path, Reason: firstLine(reason)}
	case forbiddenText.MatchString(text):
		return &ForbiddenError{Path: path, Reason: forbiddenText.FindString(text)}
	case strings.Contains(text, "INTERRUPT Error") && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s database %s: %w", doing, path, errors.Join(context.Canceled, err))
	}
	return fmt.Errorf("%s database %s: %w", doing, path, err)
}
