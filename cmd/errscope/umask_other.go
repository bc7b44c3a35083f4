//go:build !unix

package main

import "io/fs"

// keepPrivate does nothing: files go by the rights of their folder here.
func keepPrivate() fs.FileMode { return 0 }
