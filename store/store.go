// Package store is the only room that knows DuckDB: it opens and migrates the
// database file, loads segments of sources with their ledger row, and runs the
// questions of package queries.
//
// Start with [Open], then [DB.LoadSegment] and [DB.Overview]. The promise: a
// segment is stored whole together with its ledger row or not at all, whatever
// happens to the process, so that the counts in sources always tell the truth
// about the rows in requests.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/errscope/errscope/queries"
)

const (
	// waitDefault is how long Open bides for a lock that a dying process may
	// still hold.
	waitDefault = 200 * time.Millisecond
	// waitStep is the pause between two attempts.
	waitStep = 20 * time.Millisecond
	// storageVersion is the oldest DuckDB that can read the file. Its text
	// compression takes a quarter off the time of a load and a tenth off the
	// file, against what older ones can read.
	storageVersion = "v1.3.0"
	// readMemoryMB and loadMemoryMB (for each thread) bound what DuckDB takes,
	// in MB, before it moves to its temporary folder. A load gains nothing from
	// more (measured); a question over much data does.
	readMemoryMB = 1024
	loadMemoryMB = 80
	// flushMB is how much DuckDB may keep of what it freed. By default a load
	// holds on to 50 MB and more of it.
	flushMB = 1
)

// Options says how to open a database. The zero value opens for reading and
// writing.
type Options struct {
	// ReadOnly opens without writing anything; many processes may do so at the
	// same time. SQL can then neither write nor reach any file.
	ReadOnly bool
	// AsIs, with ReadOnly, opens the file as it is: what a process that died left
	// behind stays, and so does an older schema, which most questions cannot be
	// asked of; see [DB.Schema].
	AsIs bool
	// Files lets SQL read and write files even where ReadOnly is set
	// (`errscope sql --unsafe`).
	Files bool
	// Output is the one file that SQL may write although Files is not set; see
	// [DB.ExportParquet].
	Output string
	// Temp makes a new database in a folder of its own, which Close removes.
	// The path given to Open is not used.
	Temp bool
	// Wait is how long to bide while another process holds the file. Zero
	// means 200 ms, negative not at all.
	Wait time.Duration
	// Jobs is the number of threads, zero for one per CPU.
	Jobs int
}

// locked says that SQL may neither change the database nor reach a file.
func (o Options) locked() bool { return o.ReadOnly && !o.Files }

// DB is an open database. It is safe for concurrent use; loads run one after
// another, questions run beside them.
type DB struct {
	path     string
	temp     string // folder to remove, empty unless Temp
	readOnly bool
	jobs     int
	memoryMB int // what DuckDB may take by now; guarded by loading
	sql      *sql.DB
	asIs     bool
	guarded  bool // free SQL is kept from what the lock leaves open; see keepsOut
	replaced bool // another file has taken the place of this one; see [Compact]

	schema, schemaKnown int // versions: of the file when it was opened, of this program

	ctx    context.Context // ends when Close begins
	cancel context.CancelFunc

	loading sync.Mutex // one segment at a time; guards known and spool
	known   known
	spool   spool

	mu      sync.Mutex // guards the next three
	closed  bool
	running sync.WaitGroup
	rows    map[*Rows]struct{}
}

// Open opens the database file, creating it unless ReadOnly, and brings it up to
// date. The errors to tell apart are [ErrMissing], [LockedError], [NewerError],
// [OlderError], [NotDatabaseError] and [FullError].
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	db, err := openOnce(ctx, path, o)
	var older *OlderError
	if !errors.As(err, &older) {
		return db, err
	}
	if err := writeFirst(ctx, path, o); err != nil {
		return nil, err
	}
	return openOnce(ctx, path, o)
}

func openOnce(ctx context.Context, path string, o Options) (*DB, error) {
	db := &DB{path: path, readOnly: o.ReadOnly, asIs: o.ReadOnly && o.AsIs, guarded: o.locked() || o.Temp && !o.Files, jobs: o.Jobs, memoryMB: memoryLimitMB(o), rows: map[*Rows]struct{}{}}
	db.ctx, db.cancel = context.WithCancel(context.Background())
	if o.Temp {
		dir, err := os.MkdirTemp("", "errscope-*")
		if err != nil {
			return nil, fmt.Errorf("making a temporary database: %w", err)
		}
		db.temp, db.path = dir, filepath.Join(dir, "errscope.duckdb")
	}
	if err := db.open(ctx, o); err != nil {
		if db.sql != nil {
			err = errors.Join(err, db.sql.Close())
		}
		db.cancel()
		return nil, errors.Join(err, db.removeTemp())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, o Options) error {
	if err := checkPath(db.path, o.ReadOnly); err != nil {
		return err
	}
	crashed := leftover(db.path)
	if crashed && o.ReadOnly && !db.asIs {
		if err := writeFirst(ctx, db.path, o); err != nil {
			return err
		}
	}
	connector, err := connect(ctx, db.path, o)
	if err != nil {
		return err
	}
	db.sql = sql.OpenDB(connector)
	if err := configure(ctx, db.sql, o); err != nil {
		return translate(db.path, "setting up", err)
	}
	if err := migrate(ctx, db); err != nil {
		return err
	}
	if o.ReadOnly {
		return nil
	}
	if crashed {
		if err := db.recover(ctx); err != nil {
			return err
		}
	}
	return db.register(ctx)
}

// checkPath refuses what DuckDB would misread, with a better sentence.
func checkPath(path string, readOnly bool) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("opening database %s: %w", path, err)
	}
	if strings.ContainsAny(absolute, "?#%") {
		return fmt.Errorf("opening database %s: its path may not hold ? # or %%", path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && readOnly:
		return fmt.Errorf("opening database %s: %w", path, ErrMissing)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("opening database: %w", err)
	case info.IsDir():
		return &NotDatabaseError{Path: path, Reason: "it is a folder"}
	case info.Size() == 0:
		return &NotDatabaseError{Path: path, Reason: "it is empty"}
	}
	return nil
}

// connect opens the file and retries while another process holds it.
func connect(ctx context.Context, path string, o Options) (driver.Connector, error) {
	wait := o.Wait
	if wait == 0 {
		wait = waitDefault
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening database %s: %w", path, err)
	}
	settings := url.Values{"storage_compatibility_version": {storageVersion}}
	if o.ReadOnly {
		settings.Set("access_mode", "read_only")
	}
	deadline := time.Now().Add(wait)
	for {
		connector, err := duckdb.NewConnector(absolute+"?"+settings.Encode(), nil)
		if err == nil {
			return connector, nil
		}
		err = translate(path, "opening", err)
		var locked *LockedError
		if !errors.As(err, &locked) || time.Now().After(deadline) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(waitStep):
		}
	}
}

// configure sets what holds for the whole instance.
func configure(ctx context.Context, db *sql.DB, o Options) error {
	var locked bool
	if err := db.QueryRowContext(ctx, "SELECT current_setting('lock_configuration')").Scan(&locked); err != nil {
		return err
	}
	if locked { // this process has the file open for reading already
		return nil
	}
	jobs := threads(o)
	memoryMB := memoryLimitMB(o)
	last, err := lockDown(o)
	if err != nil {
		return err
	}
	for _, set := range append([]string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL preserve_insertion_order = false",
		fmt.Sprintf("SET GLOBAL threads = %d", jobs),
		fmt.Sprintf("SET GLOBAL memory_limit = '%dMB'", memoryMB),
		// One row group at a time: less memory, and no slower.
		"SET GLOBAL write_buffer_row_group_count = 1",
		fmt.Sprintf("SET GLOBAL allocator_flush_threshold = '%dMB'", flushMB),
		fmt.Sprintf("SET GLOBAL allocator_bulk_deallocation_flush_threshold = '%dMB'", flushMB),
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL autoload_known_extensions = false",
	}, last...) {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

// threads is how many threads DuckDB gets.
func threads(o Options) int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.NumCPU()
}

// memoryLimitMB is what DuckDB may take, in MB.
func memoryLimitMB(o Options) int {
	if o.ReadOnly {
		return readMemoryMB
	}
	return max(threads(o), 2) * loadMemoryMB
}

// lockDown lists the settings that take files away from SQL and forbid to
// change that back.
func lockDown(o Options) ([]string, error) {
	if o.Files || !o.ReadOnly && !o.Temp {
		return nil, nil
	}
	var sets []string
	if o.Output != "" {
		absolute, err := filepath.Abs(o.Output)
		if err != nil {
			return nil, fmt.Errorf("allowing output %s: %w", o.Output, err)
		}
		sets = append(sets, "SET GLOBAL allowed_paths = ["+queries.QuoteText(absolute)+"]")
	}
	sets = append(sets, "SET GLOBAL enable_external_access = false")
	if o.Temp {
		// It is written to, and its memory is set anew; the rest of the machine is
		// no business of its screens.
		return sets, nil
	}
	return append(sets, "SET GLOBAL lock_configuration = true"), nil
}

// Path names the file, for the salt beside it and for messages.
func (db *DB) Path() string { return db.path }

// Close cancels what is running, waits for it, writes everything into the one
// file and lets go of it. A second Close does nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	open := make([]*Rows, 0, len(db.rows))
	for r := range db.rows {
		open = append(open, r)
	}
	db.mu.Unlock()

	db.cancel()
	for _, r := range open {
		_ = r.Close() // its error is the cancelling itself
	}
	db.running.Wait()
	var err error
	if !db.readOnly && db.temp == "" && !db.replaced {
		if _, e := db.sql.ExecContext(context.Background(), "CHECKPOINT"); e != nil {
			err = translate(db.path, "closing", e)
		}
	}
	return errors.Join(err, db.sql.Close(), db.removeTemp())
}

// Abandon takes a temporary database away under whatever still uses it: for a
// process that is about to end and need not wait for that. Where the files cannot
// be taken away, as on Windows, and for any other database it is an error, and
// Close is still to be called.
func (db *DB) Abandon() error {
	if db.temp == "" {
		return fmt.Errorf("abandoning database %s: it is not a temporary one", db.path)
	}
	return db.removeTemp()
}

func (db *DB) removeTemp() error {
	if db.temp == "" {
		return nil
	}
	if err := os.RemoveAll(db.temp); err != nil {
		return fmt.Errorf("removing the temporary database: %w", err)
	}
	return nil
}

// begin notes that something runs until end is called. Its context ends with
// the caller's or when the database is closed, whichever is first.
func (db *DB) begin(ctx context.Context) (_ context.Context, end func(), err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil, nil, fmt.Errorf("using database %s: %w", db.path, ErrClosed)
	}
	db.running.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(db.ctx, cancel)
	return ctx, func() {
		stop()
		cancel()
		db.running.Done()
	}, nil
}
