package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2"
)

// rowsFunction is the table function that queries.LoadRows calls. It stays
// with the instance for good, so it is registered once; the segment to read
// comes with the context of the INSERT.
const rowsFunction = "errscope_rows"

// segmentKey finds the segment in a context.
type segmentKey struct{}

// segment is the table source of one INSERT.
type segment struct {
	ctx      context.Context
	sourceID int64
	readers  []RowReader
	keepFull bool
	columns  []duckdb.ColumnInfo

	taken atomic.Int64 // readers handed to a thread
	given atomic.Int64 // rows handed to DuckDB

	// using is held for reading while a thread is inside a reader, and for
	// writing to end that for good.
	using sync.RWMutex
	over  bool

	mu    sync.Mutex
	first error
}

// stop returns when no thread is inside a reader, and none will be again.
func (g *segment) stop() {
	g.using.Lock()
	g.over = true
	g.using.Unlock()
}

// register makes the table function known to DuckDB.
func (db *DB) register(ctx context.Context) error {
	columns, err := columnInfos()
	if err != nil {
		return fmt.Errorf("describing the rows: %w", err)
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return translate(db.path, "opening", err)
	}
	defer conn.Close()
	var taken bool
	if err := conn.QueryRowContext(ctx, "SELECT count(*) > 0 FROM duckdb_functions() WHERE function_name = '"+rowsFunction+"'").Scan(&taken); err != nil {
		return translate(db.path, "opening", err)
	}
	if taken { // DuckDB shares one instance per file and process
		return &LockedError{Path: db.path, PID: os.Getpid(), Program: os.Args[0]}
	}
	function := duckdb.ParallelChunkTableFunction{
		// No arguments: the driver ends the process on a NULL.
		BindArgumentsContext: func(ctx context.Context, _ map[string]any, _ ...any) (duckdb.ParallelChunkTableSource, error) {
			g, ok := ctx.Value(segmentKey{}).(*segment)
			if !ok {
				return nil, errors.New(rowsFunction + " is for loading only")
			}
			g.columns = columns
			return g, nil
		},
	}
	if err := duckdb.RegisterTableUDF(conn, rowsFunction, function); err != nil {
		return translate(db.path, "preparing", err)
	}
	return nil
}

// ColumnInfos is part of duckdb's table source.
func (g *segment) ColumnInfos() []duckdb.ColumnInfo { return g.columns }

// Cardinality is part of duckdb's table source; nobody knows it beforehand.
func (g *segment) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init is part of duckdb's table source.
func (g *segment) Init() duckdb.ParallelTableSourceInfo {
	return duckdb.ParallelTableSourceInfo{MaxThreads: len(g.readers)}
}

// worker is what one thread of DuckDB works with.
type worker struct {
	reader RowReader // nil before the first and after the last
	row    rowWriter
}

// NewLocalState is part of duckdb's table source: called once per thread.
func (g *segment) NewLocalState() any {
	return &worker{row: rowWriter{sourceID: g.sourceID, keepFull: g.keepFull}}
}

// FillChunk is part of duckdb's table source. It runs on a thread of DuckDB,
// where a panic would end the process.
func (g *segment) FillChunk(local any, chunk duckdb.DataChunk) (err error) {
	g.using.RLock()
	defer g.using.RUnlock()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading rows: panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			g.fail(err)
		}
	}()
	if g.over {
		return errors.New("reading rows: the segment is over")
	}
	if err := g.ctx.Err(); err != nil {
		return err
	}
	w := local.(*worker)
	n, err := g.fill(w, &chunk)
	if err != nil {
		return err
	}
	g.given.Add(int64(n))
	return chunk.SetSize(n)
}

// fill writes one chunk and says how many rows it has; none is the end.
func (g *segment) fill(w *worker, chunk *duckdb.DataChunk) (int, error) {
	if err := w.row.begin(rawChunk(chunk)); err != nil {
		return 0, err
	}
	for !w.row.full() {
		if w.reader == nil {
			i := g.taken.Add(1) - 1
			if i >= int64(len(g.readers)) {
				break
			}
			w.reader = g.readers[i]
		}
		rec, label, err := w.reader.Next()
		if errors.Is(err, io.EOF) {
			w.reader = nil
			continue
		}
		if err != nil {
			return 0, err
		}
		if !rec.Sealed() {
			return 0, fmt.Errorf("storing the record at offset %d: it is not sealed", rec.Offset)
		}
		w.row.write(rec, label)
	}
	return w.row.end()
}

// fail keeps the first error: DuckDB only passes its text on.
func (g *segment) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first == nil {
		g.first = err
	}
}

func (g *segment) cause() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.first
}
