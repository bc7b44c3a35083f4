//go:build !unix

package store

import "io/fs"

// chownLike does nothing: files have no owner here that could differ.
func chownLike(string, fs.FileInfo) error { return nil }
