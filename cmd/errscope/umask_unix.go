//go:build unix

package main

import (
	"io/fs"
	"syscall"
)

// keepPrivate has all files that are made from now on readable by their owner
// only, and gives the umask of before. The database, its log and its temporary
// files hold what was in the logs, and DuckDB makes them by the umask alone.
func keepPrivate() fs.FileMode { return fs.FileMode(syscall.Umask(0o077)) }
