package store

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/errscope/errscope/queries"
)

// lockedFolder has a database, its salt and a file with a secret.
func lockedFolder(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "t.duckdb")
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateSalt(path); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.csv"), []byte("password\nhunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// escapes are ways out of a database that is open for reading: DIR stands for
// its folder, DB for the file.
func escapes() []string {
	return []string{
		// Reading files, by every function that takes a name.
		"FROM read_csv('DIR/secret.csv')", "FROM read_csv_auto('DIR/secret.csv')", "FROM sniff_csv('DIR/secret.csv')",
		"FROM read_text('DIR/secret.csv')", "FROM read_text('/etc/passwd')", "FROM read_blob('/etc/passwd')",
		"FROM read_json('DIR/secret.csv')", "FROM read_json_objects('DIR/secret.csv')", "FROM read_ndjson('DIR/secret.csv')",
		"FROM read_parquet('DIR/secret.csv')", "FROM parquet_metadata('DIR/secret.csv')", "FROM parquet_schema('DIR/secret.csv')",
		"FROM 'DIR/secret.csv'", "FROM '../secret.csv'", "FROM 'file://DIR/secret.csv'", "FROM glob('DIR/*')", "FROM glob('/etc/*')",
		"FROM query('FROM read_text(''/etc/passwd'')')", "FROM query_table('DIR/secret.csv')", "FROM read_duckdb('DB')",
		"FROM read_text('DB.salt')", "FROM read_text('/proc/self/environ')",
		"SELECT getenv('HOME')", "FROM duckdb_secrets()", "FROM which_secret('s3://x', 's3')",
		// Macros, views and prepared statements that do it later.
		"CREATE TEMP MACRO m() AS TABLE FROM read_text('/etc/passwd')",
		"CREATE TEMP MACRO m(x) AS TABLE FROM read_text(x); FROM m('/etc/passwd')",
		"CREATE TEMP VIEW v AS FROM read_csv('DIR/secret.csv'); FROM v",
		"PREPARE p AS FROM read_text('/etc/passwd'); EXECUTE p",
		"CREATE TEMP TABLE x AS FROM read_csv('DIR/secret.csv')",
		// Writing: beside the database, over it, over its log.
		"COPY requests TO 'DIR/out.csv'", "COPY (SELECT 1) TO 'DIR/out.parquet' (FORMAT parquet)", "COPY (SELECT 1) TO '/dev/stdout'",
		"COPY (SELECT 1) TO 'DB' (USE_TMP_FILE false)", "COPY (SELECT 1) TO 'DB.wal'", "COPY (SELECT 1) TO 'DB.wal' (USE_TMP_FILE false)",
		"COPY (SELECT 1) TO 'DB.salt' (USE_TMP_FILE false)", "COPY (SELECT 1) TO 'DB.tmp/x.csv'", "COPY (SELECT 1) TO 'DB.tmp' (FORMAT csv, PER_THREAD_OUTPUT)",
		"EXPLAIN ANALYZE COPY (SELECT 1) TO 'DB.wal' (USE_TMP_FILE false)", "PREPARE p AS COPY (SELECT 1) TO 'DB.wal'; EXECUTE p",
		"EXPORT DATABASE 'DIR/export'", "IMPORT DATABASE 'DIR'", "PRAGMA import_database('DIR')",
		"SELECT 1; COPY (SELECT 1) TO 'DB' (USE_TMP_FILE false)", "/* c */ cOpY (SELECT 1) TO 'DB.wal' (USE_TMP_FILE false)", "COPY/**/(SELECT 'copy') TO 'DB.wal'",
		"SELECT '''; COPY (SELECT 1) TO ''DB.wal'''; COPY (SELECT 1) TO 'DB.wal' (USE_TMP_FILE false)", "CREATE TEMP TABLE x AS SELECT 1; COPY x TO 'DB.wal'",
		"FROM query('COPY (SELECT 1) TO ''DB.wal''')", "COPY FROM DATABASE t TO t", "\ufeffCOPY (SELECT 1) TO 'DB.wal'",
		// Other databases, extensions, the network.
		"ATTACH 'DIR/other.duckdb'", "ATTACH 'DB' AS again (READ_WRITE)", "ATTACH 'DB.wal' AS x", "ATTACH ':memory:' AS m", "ATTACH 'https://example.com/x.duckdb'",
		"INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL httpfs FROM 'https://example.com'", "LOAD 'DIR/x.duckdb_extension'",
		"FROM 'https://example.com/x.csv'", "FROM read_csv('https://example.com/x.csv')", "FROM read_parquet('s3://bucket/x')", "UPDATE EXTENSIONS",
		"CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')", "CREATE PERSISTENT SECRET x (TYPE s3)",
		// Undoing the lock, and settings that name files.
		"SET enable_external_access = true", "SET lock_configuration = false", "RESET lock_configuration", "PRAGMA lock_configuration = false",
		"SET disabled_filesystems = ''", "RESET disabled_filesystems", "SET allowed_paths = ['/etc/passwd']", "SET allowed_directories = ['/etc']",
		"SET autoinstall_known_extensions = true", "SET autoload_known_extensions = true", "SET allow_unsigned_extensions = true",
		"SET custom_extension_repository = 'https://example.com'", "SET extension_directory = 'DIR'", "SET home_directory = 'DIR'",
		"SET temp_directory = 'DIR/x'", "SET secret_directory = 'DIR'", "SET log_query_path = 'DIR/q.log'", "SET profiling_output = 'DIR/p.json'",
		"PRAGMA enable_profiling = 'json'", "PRAGMA profiling_output = 'DIR/p.json'", "SET file_search_path = '/etc'",
		"SET memory_limit = '100GB'", "SET threads = 999", "SET max_temp_directory_size = '9TB'",
		// Changing what is stored.
		"INSERT INTO rejects (line) VALUES (1)", "DROP TABLE requests_full", "DROP VIEW requests", "SELECT 1; DELETE FROM sources",
		"UPDATE sources SET path = 'x'", "CREATE TABLE x (a INTEGER)", "CREATE MACRO m() AS 1", "CREATE VIEW v AS SELECT 1",
		"ALTER TABLE sources ADD COLUMN x INTEGER", "TRUNCATE sources", "COPY sources FROM 'DIR/secret.csv'",
	}
}

// folderBytes are the files of a folder, by name.
func folderBytes(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestReadOnlyIsLocked tries to get out of a database that was opened for
// reading, each way in a session of its own; the file and its neighbours stay as they were, to the byte.
func TestReadOnlyIsLocked(t *testing.T) {
	dir, path := lockedFolder(t)
	before := folderBytes(t, dir)
	try := func(db *DB, statement string) {
		statement = strings.NewReplacer("DIR", dir, "DB", path).Replace(statement)
		for name, ask := range map[string]func() (*Rows, error){
			"free SQL":        func() (*Rows, error) { return db.Query(t.Context(), statement) },
			"a user's report": func() (*Rows, error) { return db.QueryScope(t.Context(), statement, nil, queries.Scope{}) },
		} {
			rows, err := ask()
			if err == nil {
				_, err = rows.Next()
				_ = rows.Close()
			}
			if err == nil || err == io.EOF {
				t.Errorf("%s may: %s", name, statement)
			}
		}
	}
	for _, s := range escapes() {
		db, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			t.Fatalf("before %s: %v", s, err)
		}
		try(db, s)
		if err := db.Close(); err != nil {
			t.Errorf("after %s: %v", s, err)
		}
	}
	after := folderBytes(t, dir)
	for name, was := range before {
		if !bytes.Equal(after[name], was) {
			t.Errorf("%s changed", name)
		}
		delete(after, name)
	}
	for name := range after {
		t.Errorf("%s was made", name)
	}
}

// TestParquetWritesOneFile holds the one right that an export to a file has.
func TestParquetWritesOneFile(t *testing.T) {
	dir, path := lockedFolder(t)
	before := folderBytes(t, dir)
	out := filepath.Join(dir, "out.parquet")
	db := openDB(t, path, Options{ReadOnly: true, Output: out})
	for _, query := range []string{
		"SELECT 1) TO 'DB.wal' (FORMAT csv); COPY (SELECT 1", "SELECT 1) TO 'DB' (FORMAT csv, USE_TMP_FILE false); COPY (SELECT 1",
		"SELECT 1; SELECT 2", "SELECT 1) TO 'DIR/x' --", "FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO 'DB.wal'", "",
	} {
		if _, err := db.ExportParquet(t.Context(), strings.NewReplacer("DIR", dir, "DB", path).Replace(query), out, nil); err == nil {
			t.Errorf("allowed: %s", query)
		}
	}
	if n, err := db.ExportParquet(t.Context(), "SELECT 1 -- one", out, nil); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
	after := folderBytes(t, dir)
	delete(after, "out.parquet")
	for name, b := range after {
		if !bytes.Equal(before[name], b) {
			t.Errorf("%s changed or was made", name)
		}
	}
}

// TestLockedQueriesSpill proves that the lock leaves the engine its temporary
// files: a sort larger than its memory goes through.
func TestLockedQueriesSpill(t *testing.T) {
	_, path := lockedFolder(t)
	connector, err := duckdb.NewConnector(path+"?access_mode=read_only", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	sets, err := lockDown(Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range append([]string{"SET GLOBAL memory_limit = '40MB'", "SET GLOBAL threads = 2"}, sets...) {
		if _, err := db.ExecContext(t.Context(), set); err != nil {
			t.Fatal(err)
		}
	}
	const query = "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY hash(i)) AS n, repeat('x', 40) || i AS s FROM range(1500000) r(i)) WHERE n > 10 AND s <> ''"
	var n int64
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 1499990 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestCopyIsAWord holds that questions which only mention it are answered.
func TestCopyIsAWord(t *testing.T) {
	_, path := lockedFolder(t)
	db := openDB(t, path, Options{ReadOnly: true})
	for _, query := range []string{
		"SELECT 'a copy' AS text", "SELECT 1 AS copy_of /* copy */", "WITH copy AS (SELECT 1) FROM copy -- copy", "SELECT 1; SELECT 'copy'",
		"SELECT message FROM failures WHERE message ILIKE '%copy%' AND ($vendor IS NULL OR vendor = $vendor)",
	} {
		var parameters []string
		if strings.Contains(query, "$vendor") {
			parameters = []string{"vendor"}
		}
		rows, err := db.QueryScope(t.Context(), query, parameters, queries.Scope{})
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestTemporaryKeepsToItself holds what the screens of a triage run on.
func TestTemporaryKeepsToItself(t *testing.T) {
	dir, _ := lockedFolder(t)
	out := filepath.Join(dir, "aside.parquet")
	db := openDB(t, "", Options{Temp: true, Output: out})
	if n, err := db.ExportParquet(t.Context(), "SELECT 1", out, nil); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
	for _, s := range []string{
		"FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO 'DIR/out.csv'", "ATTACH 'DIR/t.duckdb'", "SET enable_external_access = true",
		"COPY (SELECT 1) TO '" + db.Path() + "' (USE_TMP_FILE false)", "INSTALL httpfs", "FROM glob('DIR/*')",
	} {
		rows, err := db.Query(t.Context(), strings.ReplaceAll(s, "DIR", dir))
		if err == nil {
			_, err = rows.Next()
			_ = rows.Close()
		}
		if err == nil || err == io.EOF {
			t.Errorf("allowed: %s", s)
		}
	}
}
