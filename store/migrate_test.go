package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// TestMigrate opens a database of the first schema: what it holds stays, and is
// there under the schema of now, for reading as for writing.
func TestMigrate(t *testing.T) {
	for _, readOnly := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "t.duckdb")
		first(t, path)
		db := openDB(t, path, Options{ReadOnly: readOnly})
		got := table(t, db, "SELECT vendor, status, category, upstream_status, named_vendor FROM requests ORDER BY status")
		if len(got) != 2 || got[0] != "carsxe|200|<nil>|<nil>|<nil>" || got[1] != "carsxe|503|server|<nil>|<nil>" {
			t.Errorf("read only %v: the rows are %q", readOnly, got)
		}
		if got := table(t, db, "SELECT count(*) FROM failures"); got[0] != "1" {
			t.Errorf("read only %v: %s failures", readOnly, got[0])
		}
		if readOnly {
			continue
		}
		done := relabel(t, db, Relabelling{Judge: anew})
		if done.Changed != 2 {
			t.Errorf("labelled anew: %+v", done)
		}
	}
}

// TestMigrateForbidden: who may not write an old database is told its age.
func TestMigrateForbidden(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everything")
	}
	path := filepath.Join(t.TempDir(), "t.duckdb")
	first(t, path)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, Options{ReadOnly: true})
	var older *OlderError
	if !errors.As(err, &older) || older.Have != 1 {
		t.Errorf("opening it gives %v", err)
	}
}

// first makes a database of the first schema with two rows.
func first(t *testing.T, path string) {
	t.Helper()
	steps, err := queries.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("duckdb", path+"?storage_compatibility_version="+storageVersion)
	if err != nil {
		t.Fatal(err)
	}
	old := &DB{path: path, sql: pool}
	// Without the functions of now, which know the columns of now.
	err = inTx(t.Context(), old, "making", func(tx transaction) error {
		if _, err := tx.exec(t.Context(), queries.SchemaBegin, nil); err != nil {
			return err
		}
		if _, err := tx.ExecContext(t.Context(), steps[0].SQL); err != nil {
			return err
		}
		_, err := tx.exec(t.Context(), queries.SchemaApplied, args{"version": 1, "name": steps[0].Name, "applied_at": time.Now().UTC()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"INSERT INTO endpoints VALUES (1, 'carsxe', 'api.carsxe.com', 'GET', '/specs', 'outbound', NULL)",
		"INSERT INTO requests_brief (endpoint_id, status, source_id, source_offset) VALUES (1, 200, 1, 0)",
		"INSERT INTO requests_full (vendor, host, path, route, status, category, retry, fault, confidence, benign, direction, source_id, source_offset) " +
			"VALUES ('carsxe', 'api.carsxe.com', '/specs', '/specs', 503, 'server', 'backoff', 'vendor', 'status', false, 'outbound', 1, 1)",
		"INSERT INTO sources (source_id, path, sha256, head, head_bytes, bytes, lines, records, rejected, ignored, duplicates, ingested_at, complete, compared) " +
			"VALUES (1, 'a', repeat('0', 64), repeat('0', 64), 0, 2, 2, 2, 0, 0, 0, now(), true, 0)",
	} {
		if _, err := pool.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
}
