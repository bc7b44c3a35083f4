package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// loader brings sources into one database: what the ledger has already is
// passed over, the rest is loaded segment by segment. Without a database it
// reads and counts only.
type loader struct {
	app      *app
	db       *store.DB // nil on a dry run
	policy   *record.Policy
	engine   *classify.Engine
	cfg      ingest.Config
	keepFull bool
	jobs     int
	versions string // of the packs
	reading  reading
	progress *progress
	// loaded is told after each segment that new rows can be asked for.
	loaded func()
	// firstBytes is how long the first segment of a source is where somebody
	// watches; the next ones grow. 0 makes all as long as can be.
	firstBytes int64
	turn       sync.Mutex // of who writes: a segment, or the analysis
	masked     maskedSum  // by this run, in what it read
}

// newLoader wires the rooms together; db is nil on a dry run.
func (a *app) newLoader(ctx context.Context, rules *rules, db *store.DB, p *progress) (*loader, error) {
	cfg, err := a.ingestConfig(rules)
	if err != nil {
		return nil, err
	}
	keep := a.settings.keep
	if keep != "full" && keep != "failures" {
		return nil, usageError(fmt.Errorf("--keep %s is neither failures nor full", keep), "")
	}
	l := &loader{
		app: a, db: db, engine: classify.NewEngine(rules.set, rules.bindings, false), cfg: cfg, keepFull: keep == "full",
		jobs: a.settings.jobs, versions: packVersions(rules.set), reading: newReading(cfg, keep == "full"), progress: p, loaded: func() {},
	}
	if l.jobs <= 0 {
		l.jobs = runtime.GOMAXPROCS(0)
	}
	var salt []byte
	if db != nil {
		if salt, err = store.LoadOrCreateSalt(db.Path()); err != nil {
			return nil, err
		}
		if err := writePacks(ctx, db, rules.set); err != nil {
			return nil, err
		}
	}
	l.policy = record.NewPolicy(rules.secrets, salt)
	return l, nil
}

func packVersions(set *classify.Set) string {
	var parts []string
	for _, p := range set.Packs() {
		parts = append(parts, p.Name()+"@"+p.Version())
	}
	return strings.Join(parts, " ")
}

func writePacks(ctx context.Context, db *store.DB, set *classify.Set) error {
	vendors, advice := packAdvice(set)
	return db.WritePacks(ctx, vendors, advice)
}

// packAdvice is what the database keeps of the packs.
func packAdvice(set *classify.Set) (vendors []store.VendorInfo, advice []store.RuleInfo) {
	for _, p := range set.Packs() {
		if p.Name() != classify.GlobalPack { // the standards are nobody's
			vendors = append(vendors, store.VendorInfo{Vendor: p.Name(), SupportFields: strings.Join(p.SupportFields(), ", "), SupportURL: p.SupportURL()})
		}
		rows := map[string]bool{}
		for _, r := range p.StatusRows() {
			rows[r.Rule] = true
		}
		for _, r := range p.Rules() {
			advice = append(advice, store.RuleInfo{Rule: r.Rule, Pack: p.Name(), PackVersion: p.Version(), Action: r.Action, DocsURL: r.DocsURL,
				StatusRow: rows[r.Rule]})
		}
	}
	return vendors, advice
}

// outcome is what one run did with one source.
type outcome struct {
	path, format string
	known        bool          // the ledger had it, whole or in part
	source       *store.Source // its ledger row
	from         int64         // the offset from which it was loaded
	counts
}

// counts add up as the contract says: lines = records + rejected + ignored +
// duplicates.
type counts struct {
	lines, records, rejected, ignored, duplicates int64
}

func (c *counts) add(o counts) {
	c.lines += o.lines
	c.records += o.records
	c.rejected += o.rejected
	c.ignored += o.ignored
	c.duplicates += o.duplicates
}

// all loads every input in turn. An unsound input is told to fault and never
// stops the others; the error is one that stops everything.
func (l *loader) all(ctx context.Context, inputs []ingest.Input, problems []ingest.Problem, fault func(path string, err error)) ([]outcome, error) {
	for _, p := range problems {
		fault(p.Path, p.Err)
	}
	// A thread of DuckDB that parses holds one of Go's processors. What reads and
	// hashes the source needs another: else it comes too late, and all wait.
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(max(before, l.jobs+1))
	defer runtime.GOMAXPROCS(before)
	var done []outcome
	for _, in := range inputs {
		more, err := l.input(ctx, in, fault)
		done = append(done, more...)
		if err != nil {
			return done, err
		}
	}
	return done, stopsAll(ctx, l.compare(ctx, done))
}

// input loads what one input holds: itself, or the members of an archive. The
// error is one that stops everything.
func (l *loader) input(ctx context.Context, in ingest.Input, fault func(path string, err error)) (done []outcome, err error) {
	bundle, err := ingest.Unpack(ctx, l.cfg, in, l.app.in)
	if stop := stopsAll(ctx, err); stop != nil {
		return nil, stop
	}
	if err != nil {
		fault(in.Path, err)
		return nil, nil
	}
	defer bundle.Close()
	for {
		out, err := l.next(ctx, bundle)
		if errors.Is(err, io.EOF) {
			return done, nil
		}
		if stop := stopsAll(ctx, err); stop != nil {
			return done, stop
		}
		if err != nil {
			var member ingest.Problem
			if errors.As(err, &member) {
				out.path = member.Path
			}
			fault(out.path, err)
		}
		if out.format != "" {
			done = append(done, out)
		}
	}
}

// next loads the next source of a bundle; io.EOF says that there is none.
func (l *loader) next(ctx context.Context, bundle *ingest.Bundle) (outcome, error) {
	src, err := bundle.Next()
	if err != nil {
		return outcome{}, err
	}
	defer src.Close()
	defer l.progress.watch(src)()
	return l.one(ctx, src)
}

// stopsAll gives the error where it is the database's or the user's, so that
// going on with the next source makes no sense.
func stopsAll(ctx context.Context, err error) error {
	var stored *storeError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return failedError(errors.New("interrupted"), "run it again: it goes on where it stopped")
	case errors.As(err, &stored):
		return failedError(err, "")
	}
	return nil
}

// storeError is an error of the database, as against one of a source.
type storeError struct{ err error }

// Error implements error.
func (e *storeError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *storeError) Unwrap() error { return e.err }

// one loads one source. The outcome is sound for what was loaded even where the
// error is not nil.
func (l *loader) one(ctx context.Context, src *ingest.Source) (out outcome, err error) {
	out.path, out.format = src.Path(), src.Detection().Format
	g, err := l.take(ctx, src)
	if err != nil {
		return out, err
	}
	out.known, out.source, out.from = g.entry.ID != 0, g.entry, g.start
	var unsound error
	for {
		end, err := l.advance(ctx, g)
		if errors.Is(err, io.EOF) {
			if g.entry.ID == 0 && l.db != nil {
				unsound = l.noteEmpty(ctx, g.entry, src)
			}
			return out, unsound
		}
		if err != nil {
			return out, errors.Join(unsound, err)
		}
		out.add(tallied(end))
		unsound = errors.Join(unsound, end.Err)
	}
}

// growing is a source on its way into the database.
type growing struct {
	src   *ingest.Source
	entry *store.Source // its row of the ledger
	start int64         // offset from which this run loads it
	from  int64         // offset from which the next segment's rows are to come
	text  int64         // bytes of text that a segment may hold
	bytes int64         // of the next segment
	most  int64         // bytes that a segment may have
	full  bool          // long text of all rows is kept
}

// take asks the ledger for a source and stands it behind what is loaded.
func (l *loader) take(ctx context.Context, src *ingest.Source) (*growing, error) {
	entry, from, err := l.find(ctx, src)
	if err != nil {
		return nil, err
	}
	g := &growing{src: src, entry: entry, start: from, from: from, full: l.keepFull, most: segmentBytes}
	if how := parseReading(entry.Notes); how != l.reading {
		// Read anew, by a reading that loses nothing of what was there.
		cfg := l.cfg
		cfg.SinceNS, cfg.UntilNS, g.full = how.sinceNS, how.untilNS, how.full
		if err := src.Reread(cfg); err != nil {
			return nil, err
		}
	}
	g.text = src.TextBytes(segmentTextBytes)
	if g.full {
		g.text = max(g.text, segmentTextBytes)
	}
	if g.text > 0 {
		g.most = segmentTextBytes
	}
	g.bytes = g.most
	if l.firstBytes > 0 {
		g.bytes = min(l.firstBytes, g.most)
	}
	return g, nil
}

// advance loads the next segment; io.EOF says that there is none.
func (l *loader) advance(ctx context.Context, g *growing) (end ingest.End, err error) {
	seg, err := g.src.NextSegment(ctx, g.bytes)
	if err != nil {
		return end, err
	}
	return l.load(ctx, g, seg, nil)
}

// load loads a segment; sound may refuse what was read before it is stored.
func (l *loader) load(ctx context.Context, g *growing, seg *ingest.Segment, sound func() error) (end ingest.End, err error) {
	err = l.inTurn(func() error {
		end, err = l.segment(ctx, g.entry, seg, store.Segment{From: g.from, TextBytes: g.text}, g.full, sound)
		return err
	})
	if err == nil {
		g.from = end.Offset
		g.bytes = min(segmentGrowth*g.bytes, g.most)
		l.loaded()
	}
	return end, err
}

// inTurn calls write when nobody else writes.
func (l *loader) inTurn(write func() error) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	return write()
}

// noteEmpty enters a source without a line into the ledger: it was read, and
// there was nothing.
func (l *loader) noteEmpty(ctx context.Context, entry *store.Source, src *ingest.Source) error {
	end := store.SegmentEnd{SHA256: src.Position().SHA256, Complete: true}
	finish := func() (store.SegmentEnd, error) { return end, nil }
	if err := l.db.LoadSegment(ctx, entry, store.Segment{Finish: finish}, l.keepFull); err != nil {
		return &storeError{err}
	}
	return nil
}

func tallied(end ingest.End) counts {
	c := counts{lines: end.Lines, records: end.Records, rejected: end.Rejected}
	for _, n := range end.Ignored {
		c.ignored += n
	}
	return c
}

// find asks the ledger for this content and stands the source behind what is
// loaded. from is the offset from which rows are to come: less than what was
// loaded where a line has grown since, 0 where the source is to be read anew.
func (l *loader) find(ctx context.Context, src *ingest.Source) (entry *store.Source, from int64, err error) {
	fresh := &store.Source{Path: src.Path(), Format: src.Detection().Format, PackVersions: l.versions, Notes: l.reading.String()}
	fresh.SetHead(src.Head())
	if l.db == nil {
		return fresh, 0, nil
	}
	candidates, err := l.db.Candidates(ctx, src.Head())
	if err != nil {
		return nil, 0, &storeError{err}
	}
	known := make([]ingest.Known, len(candidates))
	for i, c := range candidates {
		known[i] = ingest.Known{Bytes: c.Bytes, SHA256: c.SHA256}
	}
	index, err := src.Match(ctx, known)
	if err != nil {
		return nil, 0, err
	}
	if index < 0 {
		return fresh, 0, nil
	}
	entry = &candidates[index]
	old := parseReading(entry.Notes)
	if entry.Format == fresh.Format && old.covers(l.reading) {
		// What comes now is read as this run says, so the ledger says so, too.
		entry.Notes = fresh.Notes
		return entry, src.Position().Offset, nil
	}
	// This run would read more of it, or otherwise: its rows make way.
	fresh.ID, fresh.Path, fresh.Bytes = entry.ID, entry.Path, entry.Bytes
	if src.Path() != "-" { // standard input cannot be opened again
		fresh.Notes = l.reading.widen(old).String()
	}
	_, err = src.Match(ctx, nil)
	return fresh, 0, err
}

// segment loads one segment, or only reads it on a dry run.
func (l *loader) segment(ctx context.Context, entry *store.Source, seg *ingest.Segment, to store.Segment, full bool, sound func() error) (ingest.End, error) {
	p := &pipeline{policy: l.policy, engine: l.engine, records: &l.progress.records, rejected: &l.progress.rejected, masked: &l.masked}
	readers := make([]store.RowReader, max(1, min(l.jobs, seg.ReadersMax())))
	for i := range readers {
		readers[i] = p.newReader(seg)
	}
	if l.db == nil {
		if err := drain(readers); err != nil {
			return ingest.End{}, err
		}
		return seg.End(), nil
	}
	var end ingest.End
	finish := func() (store.SegmentEnd, error) {
		end = seg.End()
		if sound != nil {
			if err := sound(); err != nil {
				return store.SegmentEnd{}, err
			}
		}
		return segmentEnd(end, p.rejects), nil
	}
	to.Readers, to.Finish = readers, finish
	err := l.db.LoadSegment(ctx, entry, to, full)
	if err != nil {
		return end, &storeError{err}
	}
	return end, nil
}

// drain reads every reader to its end, each on a goroutine of its own.
func drain(readers []store.RowReader) error {
	errs := make([]error, len(readers))
	var all sync.WaitGroup
	for i, r := range readers {
		all.Go(func() {
			for errs[i] == nil {
				_, _, errs[i] = r.Next()
			}
		})
	}
	all.Wait()
	for i, err := range errs {
		if errors.Is(err, io.EOF) {
			errs[i] = nil
		}
	}
	return errors.Join(errs...)
}

func segmentEnd(end ingest.End, rejects []store.Reject) store.SegmentEnd {
	c := tallied(end)
	out := store.SegmentEnd{
		Bytes: end.Offset, SHA256: end.SHA256, Lines: c.lines, Records: c.records, Rejected: c.rejected, Ignored: c.ignored,
		Complete: end.Last && end.Err == nil, Rejects: rejects, Prints: end.Prints,
	}
	if end.FirstNS != 0 || end.LastNS != 0 {
		out.FirstTS, out.LastTS = time.Unix(0, end.FirstNS).UTC(), time.Unix(0, end.LastNS).UTC()
	}
	if end.Err != nil {
		out.Err = end.Err.Error()
	}
	return out
}
