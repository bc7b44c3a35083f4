package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// childKey makes the test binary play a second process: its value is
// "role database".
const childKey = "ERRSCOPE_STORE_CHILD"

func TestMain(m *testing.M) {
	if role, path, ok := strings.Cut(os.Getenv(childKey), " "); ok {
		if err := child(role, path); err != nil {
			fmt.Println("child:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child holds a database until stdin ends, or loads into it until it is killed.
func child(role, path string) error {
	ctx := context.Background()
	db, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	if role == "hold" {
		fmt.Println("ready")
		_, _ = io.Copy(io.Discard, os.Stdin) // ends when the parent says so
		return db.Close()
	}
	if role == "torn" {
		return tornLoad(ctx, db)
	}
	if role == "relabel" {
		return tornRelabel(ctx, db)
	}
	return crashLoad(ctx, db, func(row int64) { fmt.Println(row) })
}

// second starts the test binary in a role and gives its output line by line.
func second(t *testing.T, role, path string) (cmd *exec.Cmd, lines *bufio.Scanner, stdin io.Closer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childKey+"="+role+" "+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may be gone already
	return cmd, bufio.NewScanner(out), in
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	cmd, lines, stdin := second(t, "hold", path)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the second process says %q", lines.Text())
	}
	for _, readOnly := range []bool{false, true} {
		_, err := Open(context.Background(), path, Options{ReadOnly: readOnly, Wait: -1})
		var locked *LockedError
		if !errors.As(err, &locked) || locked.PID != cmd.Process.Pid || filepath.Base(locked.Program) != filepath.Base(os.Args[0]) {
			t.Errorf("read only %v: error %v (%+v), holder is PID %d", readOnly, err, locked, cmd.Process.Pid)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, path, Options{Wait: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait gives %v", err)
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	// It waits for the other to go.
	openDB(t, path, Options{Wait: time.Minute})
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestOneWriterManyReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.duckdb")
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		_, err := Open(context.Background(), path, Options{ReadOnly: readOnly, Wait: -1})
		var locked *LockedError
		if !errors.As(err, &locked) || locked.PID != os.Getpid() {
			t.Errorf("read only %v: opened twice by this process: error %v", readOnly, err)
		}
	}
	if err := db.LoadSegment(context.Background(), &Source{Path: "a"}, genSegment(0, 10, 1), false); err != nil {
		t.Errorf("the first is not as it was: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	openDB(t, path, Options{ReadOnly: true})
	openDB(t, path, Options{ReadOnly: true})
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	made := func(name, statement string) string {
		path := filepath.Join(dir, name)
		db, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.sql.Exec(statement); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := made("foreign.duckdb", "DROP TABLE schema_version")
	newer := made("newer.duckdb", "INSERT INTO schema_version VALUES (99, 'x', now()::TIMESTAMP)")
	var newerError *NewerError
	var notDatabase *NotDatabaseError
	for _, c := range []struct {
		name, path string
		readOnly   bool
		as         any
		is         error
	}{
		{"missing", filepath.Join(dir, "none.duckdb"), true, nil, ErrMissing},
		{"missing folder", filepath.Join(dir, "none", "x.duckdb"), false, nil, nil},
		{"folder", dir, false, &notDatabase, nil},
		{"text", file("log.txt", strings.Repeat("GET / HTTP/1.1\n", 1000)), false, &notDatabase, nil},
		{"short text", file("short.txt", "hello"), true, &notDatabase, nil},
		{"empty file", file("empty.duckdb", ""), false, &notDatabase, nil},
		{"other tables", foreign, false, &notDatabase, nil},
		{"newer schema", newer, false, &newerError, nil},
		{"newer schema to read", newer, true, &newerError, nil},
		{"odd name", filepath.Join(dir, "50%.duckdb"), false, nil, nil},
	} {
		db, err := Open(ctx, c.path, Options{ReadOnly: c.readOnly})
		if err == nil {
			t.Errorf("%s: opened", c.name)
			_ = db.Close()
			continue
		}
		if c.as != nil && !errors.As(err, c.as) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %v does not name the file", c.name, err)
		}
	}
	if newerError.Have != 99 || newerError.Known == 0 {
		t.Errorf("versions are not told: %v", newerError)
	}
	// A file of a newer DuckDB cannot be made here; these are its words.
	err := translate("x.duckdb", "opening", errors.New("IO Error: Trying to read a database file with version number 250, but we can only read versions between 64 and 67."))
	if !errors.As(err, &newerError) || *newerError != (NewerError{"x.duckdb", 250, 67, true}) {
		t.Errorf("a newer storage version gives %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.duckdb")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("reading made a file")
	}
}

func TestTemp(t *testing.T) {
	db, err := Open(context.Background(), "", Options{Temp: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateSalt(db.Path()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(db.Path())); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
}

// TestCloseEndsQueries closes the database under a long query, an unread
// answer and a load.
func TestCloseEndsQueries(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "t.duckdb"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	unread, err := db.Query(ctx, "SELECT range FROM range(1000000)")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	loading := make(chan struct{})
	seg := genSegment(0, 1<<40, 1) // without end, as far as this test goes
	seg.Readers[0].(*generated).after = func(row int64) error {
		if row == 1 {
			close(loading)
		}
		return nil
	}
	wait.Go(func() {
		if err := db.LoadSegment(ctx, &Source{Path: "endless"}, seg, false); !errors.Is(err, context.Canceled) {
			t.Errorf("the load ended with %v", err)
		}
	})
	wait.Go(func() {
		rows, err := db.Query(ctx, "SELECT sum(sqrt(a.range * b.range)) FROM range(10000000) a, range(10000000) b")
		if err == nil {
			_, err = rows.Next()
		}
		if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed) {
			t.Errorf("the query ended with %v", err)
		}
	})
	<-loading
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	wait.Wait()
	if _, err := unread.Next(); err == nil {
		t.Error("an answer is still read after Close")
	}
	if _, err := db.Sources(ctx); !errors.Is(err, ErrClosed) {
		t.Errorf("a question after Close gives %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("a second Close gives %v", err)
	}
}

func TestSalt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.duckdb")
	if _, err := Salt(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no salt gives %v", err)
	}
	salts := make([][]byte, 16)
	var wait sync.WaitGroup
	for i := range salts {
		wait.Go(func() {
			var err error
			if salts[i], err = LoadOrCreateSalt(path); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, s := range salts {
		if len(s) != saltBytes || !bytes.Equal(s, salts[0]) {
			t.Fatalf("salts %x and %x", s, salts[0])
		}
	}
	info, err := os.Stat(path + ".salt")
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".errscope-salt-*")); err != nil || len(left) > 0 {
		t.Errorf("left %v, error %v", left, err)
	}
	if err := os.WriteFile(path+".salt", []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateSalt(path); err == nil {
		t.Error("a broken salt was taken")
	}
}
