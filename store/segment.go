package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/errscope/errscope/record"
)

// turnRows is after how many rows a pass looks which kind was the most.
const turnRows = 1 << 14

// segment is what is being loaded. Its rows go into two tables, by passes that
// take turns: a brief pass fills requests_brief and spools the full rows it
// meets, a full pass empties the spool into requests_full. Where most rows are
// full ones, the full pass reads on and takes every row.
type segment struct {
	ctx       context.Context
	sourceID  int64
	keepFull  bool
	endpoints *endpoints
	workers   int
	spool     *spool

	// using is held for reading while a thread is inside a reader, and for
	// writing to end that for good.
	using sync.RWMutex
	over  bool

	mu      sync.Mutex
	readers []RowReader // not at their end and in no worker's hands
	first   error
}

// pass is the table source of one INSERT.
type pass struct {
	*segment
	columns []duckdb.ColumnInfo
	full    bool // fills requests_full
	reads   bool // reads on, not only from the spool

	shares []share // of the spool, that no thread has taken yet; the segment's mu guards them

	given atomic.Int64 // rows handed to DuckDB
	turn  atomic.Bool  // the pass is to end early

	// Of the last rows, at most turnRows: how many there were, how many would
	// be better off in a pass of the other kind, and whether these ended it.
	// The segment's mu guards them.
	rows, others int
	outnumbered  bool
}

// stop returns when no thread is inside a reader, and none will be again.
func (g *segment) stop() {
	g.using.Lock()
	g.over = true
	g.using.Unlock()
	g.spool.empty()
}

// ColumnInfos is part of duckdb's table source.
func (p *pass) ColumnInfos() []duckdb.ColumnInfo { return p.columns }

// Cardinality is part of duckdb's table source; nobody knows it beforehand.
func (p *pass) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init is part of duckdb's table source.
func (p *pass) Init() duckdb.ParallelTableSourceInfo {
	p.mu.Lock()
	defer p.mu.Unlock()
	threads := len(p.readers)
	if p.full && !p.reads {
		threads = min(len(p.shares), p.workers)
	}
	return duckdb.ParallelTableSourceInfo{MaxThreads: max(threads, 1)}
}

// worker is what one thread of DuckDB works with.
type worker struct {
	reader RowReader // nil before the first and after the last
	brief  briefWriter
	row    rowWriter
	aside  int    // rows that row has packed, in a brief pass
	share  share  // of the spool, in a full pass
	page   []byte // of the share
	unread []byte // of page
	chunk  vectors
}

// NewLocalState is part of duckdb's table source: called once per thread.
func (p *pass) NewLocalState() any {
	w := &worker{row: rowWriter{sourceID: p.sourceID, keepFull: p.keepFull}}
	if !p.full {
		w.brief = briefWriter{sourceID: p.sourceID, endpoints: p.endpoints, known: map[string]int32{}}
	}
	return w
}

// FillChunk is part of duckdb's table source. It runs on a thread of DuckDB,
// where a panic would end the process. No rows are the end for the thread.
func (p *pass) FillChunk(local any, chunk duckdb.DataChunk) (err error) {
	p.using.RLock()
	defer p.using.RUnlock()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("reading rows: panic: %v\n%s", v, debug.Stack())
		}
		if err != nil {
			p.fail(err)
		}
	}()
	if p.over {
		return errors.New("reading rows: the segment is over")
	}
	if err := p.ctx.Err(); err != nil {
		return err
	}
	fill := p.fillBrief
	if p.full {
		fill = p.fillFull
	}
	n, err := fill(local.(*worker), rawChunk(&chunk))
	if err != nil {
		return err
	}
	p.given.Add(int64(n))
	return chunk.SetSize(n)
}

// fillBrief writes one chunk of brief rows and spools the full ones between.
func (p *pass) fillBrief(w *worker, chunk mapping.DataChunk) (int, error) {
	if err := w.brief.begin(chunk); err != nil {
		return 0, err
	}
	for !w.brief.full() && !p.turn.Load() {
		rec, label, err := p.next(w)
		if err != nil {
			return 0, err
		}
		if rec == nil {
			break
		}
		if isBrief(rec, label) && w.brief.write(rec, label) {
			continue
		}
		p.setAside(w, rec, label)
	}
	if w.brief.n > 0 {
		p.count(w.brief.n, 0)
		return w.brief.n, nil
	}
	p.release(w)
	p.spoolPage(w)
	return 0, nil
}

// setAside packs a full row into the worker's page of the spool.
func (p *pass) setAside(w *worker, rec *record.Record, label *record.Label) {
	if w.aside == 0 {
		w.row.packed = p.spool.memory()
	}
	w.row.write(rec, label)
	w.aside++
	if len(w.row.packed) < pageBytes {
		return
	}
	p.count(w.aside, w.aside)
	p.spoolPage(w)
	if p.spool.full(p.workers) {
		p.turn.Store(true)
	}
}

// count ends the pass where most of the last rows were of the other kind.
func (p *pass) count(rows, others int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows += rows
	p.others += others
	if p.rows < turnRows {
		return
	}
	if 2*p.others > p.rows {
		p.outnumbered = true
		p.turn.Store(true)
	}
	p.rows, p.others = 0, 0
}

// spoolPage hands the worker's page over to the spool.
func (p *pass) spoolPage(w *worker) {
	if w.aside > 0 {
		p.spool.add(page{w.row.packed, w.aside})
		w.row.packed, w.aside = nil, 0
	}
}

// fillFull writes a chunk from the spool, or from the reader.
func (p *pass) fillFull(w *worker, chunk mapping.DataChunk) (int, error) {
	v := &w.chunk
	if err := v.attach(chunk, fullColumns); err != nil {
		return 0, err
	}
	if n := p.unspool(w); n > 0 {
		return n, v.place()
	}
	if !p.reads {
		return 0, nil
	}
	n, brief := 0, 0
	for !v.full(n) && !p.turn.Load() {
		rec, label, err := p.next(w)
		if err != nil {
			return 0, err
		}
		if rec == nil {
			break
		}
		if isBrief(rec, label) {
			brief++
		}
		w.row.packed = w.row.packed[:0]
		w.row.write(rec, label)
		v.unpack(n, w.row.packed)
		n++
	}
	if n == 0 {
		p.release(w)
		return 0, nil
	}
	if !p.keepFull {
		p.count(n, brief)
	}
	return n, v.place()
}

// unspool fills the worker's chunk with rows from the spool and says how many.
func (p *pass) unspool(w *worker) (rows int) {
	for !w.chunk.full(rows) {
		if len(w.unread) == 0 {
			if w.page != nil {
				p.spool.giveBack(w.page)
			}
			w.page = p.nextPage(w)
			w.unread = w.page
			if w.page == nil {
				break
			}
		}
		w.unread = w.chunk.unpack(rows, w.unread)
		rows++
	}
	return rows
}

// nextPage gives the next page of the worker's share, or of another one; nil
// where none is left.
func (p *pass) nextPage(w *worker) []byte {
	if len(w.share) == 0 {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.shares) == 0 {
			return nil
		}
		w.share, p.shares = p.shares[0], p.shares[1:]
	}
	next := w.share[0]
	w.share = w.share[1:]
	return next.packed
}

// next gives the worker's next row, nil after the last.
func (p *pass) next(w *worker) (*record.Record, *record.Label, error) {
	for {
		if w.reader == nil {
			if w.reader = p.take(); w.reader == nil {
				return nil, nil, nil
			}
		}
		rec, label, err := w.reader.Next()
		if errors.Is(err, io.EOF) {
			w.reader = nil
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if !rec.Sealed() {
			return nil, nil, fmt.Errorf("storing the record at offset %d: it is not sealed", rec.Offset)
		}
		return rec, label, nil
	}
}

// take hands a reader to a worker, nil where none is left.
func (g *segment) take() RowReader {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.readers) == 0 {
		return nil
	}
	r := g.readers[0]
	g.readers = g.readers[1:]
	return r
}

// release takes a worker's reader back, for the next pass.
func (g *segment) release(w *worker) {
	if w.reader == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readers = append(g.readers, w.reader)
	w.reader = nil
}

// left says how many readers are not at their end. No pass may be running.
func (g *segment) left() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.readers)
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
