package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"sync"
	"time"

	"github.com/errscope/errscope/record"
)

// errUndrained is a caller's fault: the next segment was asked for while the
// readers of the last one were not at their end.
var errUndrained = errors.New("the segment before was not read to its end")

// Segment is a piece of a source, whole lines, that is loaded or not loaded as
// one. A document is one segment.
//
// A last line without its line break is a segment of its own, so that a store
// can undo it: see [Source.Match].
type Segment struct {
	source *Source
	blocks chan *block
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{} // closed when the pump has ended

	mu      sync.Mutex
	tally   tally
	marked  []gathered // by the readers that are at their end
	readers int        // readers that are not at their end
	claimed bool

	// Written by the pump before done is closed.
	end     Position
	err     error
	aborted error
	last    bool
	partial bool
}

// End is what a segment turned out to be.
type End struct {
	// Position is where the source stands behind the segment; its hash is the
	// identity of all content before it.
	Position
	// Lines shadows [Position].Lines: the lines of this segment alone. Records,
	// Rejected and the sums of Ignored add up to it.
	Lines, Records, Rejected int64
	Ignored                  map[record.Reason]int64
	// FirstNS and LastNS are the earliest and latest time of its exchanges,
	// both 0 where none had a time.
	FirstNS, LastNS int64
	// Err says that the content ended unsoundly behind this segment, such as
	// [ErrTruncated]; what came before is sound.
	Err error
	// Last says that nothing is left to read.
	Last bool
	// Partial says that the segment is one line that lacked its line break, or
	// the parts of one text (see [Detection.Wrapper]) that lacked the last.
	Partial bool
	// Prints are what [NewPrints] takes: a few bits of every line, nil for a
	// document.
	Prints []byte
}

// tally counts what a reader saw.
type tally struct {
	records, rejected int64
	ignored           map[record.Reason]int64
	firstNS, lastNS   int64
	timed             bool
}

func (t *tally) span(ns int64) {
	if !t.timed || ns < t.firstNS {
		t.firstNS = ns
	}
	if !t.timed || ns > t.lastNS {
		t.lastNS = ns
	}
	t.timed = true
}

func (t *tally) add(o *tally) {
	t.records += o.records
	t.rejected += o.rejected
	for reason, n := range o.ignored {
		if t.ignored == nil {
			t.ignored = map[record.Reason]int64{}
		}
		t.ignored[reason] += n
	}
	if o.timed {
		t.span(o.firstNS)
		t.span(o.lastNS)
	}
}

func (t *tally) ignore(reason record.Reason) {
	if t.ignored == nil {
		t.ignored = map[record.Reason]int64{}
	}
	t.ignored[reason]++
}

// NextSegment starts reading the next segment, which ends at the first block
// behind bytesMax decompressed bytes; 0 means no bound. It returns io.EOF when
// all is read, and the error that the content ended with where no segment
// could tell it. A segment of a pipe also ends when it has gathered lines for a
// second, so that they can be seen. A followed source never waits: where it has
// no whole line yet the error is [ErrNothingYet]. Cancelling ctx ends the segment's readers with ctx's error.
// The segment before must have been read to its end.
func (s *Source) NextSegment(ctx context.Context, bytesMax int64) (*Segment, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.segment != nil {
		if err := s.segment.finished(); err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.path, err)
		}
	}
	if err := s.beginReading(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.path, err)
	}
	first := s.held
	s.held = nil
	if first == nil {
		first, _ = s.nextBlock()
	}
	if first == nil && s.paused {
		s.rest()
		return nil, ErrNothingYet
	}
	if first == nil {
		if err := s.failure(); err != nil && !s.reported {
			s.reported = true
			return nil, fmt.Errorf("reading %s: %w", s.path, err)
		}
		return nil, io.EOF
	}
	g := &Segment{source: s, blocks: make(chan *block, blocksAhead), done: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(ctx)
	s.segment = g
	if s.ahead != nil {
		s.deadline = time.Now().Add(s.limits.liveInterval)
	}
	go g.pump(first, bytesMax)
	return g, nil
}

// ReadersMax is how many readers have something to do, as far as the size of
// the input tells.
func (g *Segment) ReadersMax() int {
	s := g.source
	if _, size := s.Progress(); size > 0 && size <= blockBytes && s.detection.Compression == "" {
		return 1
	}
	return math.MaxInt
}

// pump reads blocks and hands them to the readers.
func (g *Segment) pump(b *block, bytesMax int64) {
	s := g.source
	defer close(g.done)
	defer close(g.blocks)
	start := b.offset
	for b != nil {
		g.partial = b.partial
		select {
		case g.blocks <- b:
		case <-g.ctx.Done():
			g.aborted = context.Cause(g.ctx)
			return
		}
		g.end = s.Position()
		if b.partial || !s.format.document() && (bytesMax > 0 && s.offset-start >= bytesMax || s.overdue()) {
			break
		}
		var before Position
		if b, before = s.nextBlock(); b != nil && b.partial {
			s.held, g.end = b, before
			break
		}
	}
	if g.last = s.drained(); g.last && s.failure() != nil {
		s.reported = true
		g.err = fmt.Errorf("reading %s: %w", s.path, s.failure())
	}
}

// stop ends the pump and waits for it.
func (g *Segment) stop() {
	g.cancel()
	<-g.done
}

// finished waits for the pump of a segment whose readers are at their end.
func (g *Segment) finished() error {
	g.mu.Lock()
	open := g.readers
	g.mu.Unlock()
	if open > 0 {
		return errUndrained
	}
	select {
	case <-g.done:
	case <-g.ctx.Done():
		<-g.done
	default:
		return errUndrained
	}
	g.cancel()
	if g.aborted != nil {
		return g.aborted
	}
	if len(g.blocks) > 0 {
		return errUndrained
	}
	return nil
}

// End says what the segment was. It may be called once every reader has seen
// io.EOF.
func (g *Segment) End() End {
	<-g.done
	g.mu.Lock()
	defer g.mu.Unlock()
	t := &g.tally
	e := End{Position: g.end, Records: t.records, Rejected: t.rejected, Ignored: maps.Clone(t.ignored),
		FirstNS: t.firstNS, LastNS: t.lastNS, Err: g.err, Last: g.last, Partial: g.partial, Prints: encodePrints(g.marked, g.partial)}
	e.Lines = t.records + t.rejected
	for _, n := range t.ignored {
		e.Lines += n
	}
	return e
}
