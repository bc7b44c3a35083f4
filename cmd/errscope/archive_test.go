package main

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestIngestArchive loads the sound members of an archive, names the bad ones,
// and knows the content again under any name.
func TestIngestArchive(t *testing.T) {
	dir := t.TempDir()
	archive, err := os.Create(filepath.Join(dir, "logs.zip"))
	must(t, err)
	w := zip.NewWriter(archive)
	for _, member := range []struct{ name, text string }{{"a.log", logLines(0, 10)}, {"../b.log", logLines(10, 20)}, {"c/c.log", logLines(20, 30)}} {
		m, err := w.Create(member.name)
		must(t, err)
		_, err = io.WriteString(m, member.text)
		must(t, err)
	}
	must(t, errors.Join(w.Close(), archive.Close()))
	write(t, filepath.Join(dir, "plain.log"), logLines(20, 30))
	out, stderr := runs(t, dir, exitFailed, "ingest", "--db", "t.duckdb", "logs.zip", "plain.log")
	if !strings.Contains(out, "logs.zip!/c/c.log (combined)") || !strings.Contains(out, "plain.log (known, nothing new)") {
		t.Errorf("stdout is\n%s", out)
	}
	if !strings.Contains(stderr, "logs.zip!/../b.log") {
		t.Errorf("stderr is\n%s", stderr)
	}
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "logs.zip!/a.log")
	runs(t, dir, 0, "sql", "--db", "t.duckdb", "--unsafe", "UPDATE sources SET complete = false")
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", "--resume")
	out, _ = runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "csv",
		"SELECT (SELECT count(*) FROM requests), string_agg(path, ' ' ORDER BY path) FROM sources")
	if !strings.HasSuffix(out, "20,logs.zip!/a.log logs.zip!/c/c.log\n") {
		t.Errorf("the database says\n%s", out)
	}
	_, stderr = runs(t, dir, exitFailed, "parse", "logs.zip!/none")
	if !strings.Contains(stderr, "no such") {
		t.Errorf("stderr is\n%s", stderr)
	}
}
