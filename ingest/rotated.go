package ingest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// compressedEndings are what rotation appends when it compresses.
var compressedEndings = []string{".gz", ".zst", ".xz", ".bz2", ".Z"}

// Rotated lists the files beside path that bear the name of a rotation of it:
// access.log.1, access.log-20261121.gz, access-20261121.log, access.log.old.
// Whether they were, only their content can tell.
func Rotated(path string) []Input {
	dir, base := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return nil // there is nothing beside it that could be read
	}
	var found []Input
	for _, e := range entries {
		if e.Name() == base || !isRotation(base, e.Name()) {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && info.Mode().Type()&fs.ModeSymlink == 0 {
			found = append(found, Input{Path: name, Size: info.Size()})
		}
	}
	return found
}

// isRotation reports whether name is base with a number or a date in it.
func isRotation(base, name string) bool {
	for _, ending := range compressedEndings {
		if short, ok := strings.CutSuffix(name, ending); ok {
			name = short
			break
		}
	}
	if rest, ok := strings.CutPrefix(name, base); ok {
		return rest == "" || rest == ".old" || isRotationMark(rest)
	}
	// The number may stand before the extension.
	ext := filepath.Ext(base)
	stem, named := strings.TrimSuffix(base, ext), strings.TrimSuffix(name, ext)
	rest, ok := strings.CutPrefix(named, stem)
	return ok && ext != "" && strings.HasSuffix(name, ext) && isRotationMark(rest)
}

func isRotationMark(text string) bool {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case !strings.ContainsRune(".-_:TZ", c):
			return false
		}
	}
	return digits > 0 && strings.ContainsAny(text[:1], ".-_")
}
