package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/store"
)

// Times and limits of ingest --follow.
const (
	// followEvery is how often files are looked at and lines are committed.
	followEvery = time.Second
	// settleTime is how long a file that is read as a whole, such as compressed
	// data, must have been left alone.
	settleTime = 2 * time.Second
	// copyWaitMax bounds the wait for what may be a copy in the making.
	copyWaitMax = 30 * time.Second
	// goneTime is how long a file that was rotated away, and of which nothing
	// more came, is kept open: who writes may not have noticed yet.
	goneTime = 10 * time.Second
	// beginTime is the same at the beginning, when it has come about already.
	beginTime = 3 * time.Second
	// siblingTime is how long the rotated copy of a truncated file is looked for.
	siblingTime = time.Minute
	// siblingSlack is how much later than a file's last line the ledger's time may be.
	siblingSlack = 10 * time.Second
	// tailsMax bounds the files that are held open; others are opened anew when
	// they change.
	tailsMax = 512
	// analyseEvery is how often what is computed is brought up to date meanwhile.
	analyseEvery = 30 * time.Second
	// holdMax bounds how long the database is kept from others at once.
	holdMax = 5 * time.Second
	// holdPause is how long others then have to get in.
	holdPause = 100 * time.Millisecond
	// lockedWarning is after what time somebody else's hold is mentioned.
	lockedWarning = 10 * time.Second
)

// follower keeps a database up with files that grow. It holds the database only
// while it has something to write, so that questions get in between.
type follower struct {
	app      *app
	own      bool // the database is nobody else's: it stays open, and what is in it goes when we go
	complain func(path string, err error)
	rounded  func()   // after each look at all files
	absent   []string // paths that lead nowhere by now
	loader   *loader
	paths    []string
	ctx      context.Context // ends when the run is to end
	stdin    chan opened     // the source of standard input, once it has spoken
	tails    []*tail
	settled  map[string]fs.FileInfo // files that are not held open, as they were
	beside   map[string]fs.FileInfo // the same of rotated files that nobody named
	waiting  map[string]waiting     // files that may still be written
	seekers  map[string]seeker
	warned   map[string]string
	done     []*outcome
	byID     map[int64]*outcome
	heldFrom time.Time
	lastScan time.Time
	rules    *rules
	analysed time.Time
}

type opened struct {
	src *ingest.Source
	err error
}

// waiting is a file that is left alone until it rests.
type waiting struct {
	info  fs.FileInfo
	since time.Time
}

// seeker looks for what a file's former content has become.
type seeker struct {
	since time.Time // unknown content that is newer is taken, too; zero is none
	until time.Time
}

// follow loads what the paths have and what they get until ctx ends.
func (a *app) follow(ctx context.Context, rules *rules, db *store.DB, paths []string) error {
	progress := newProgress(nil)
	l, err := a.newLoader(ctx, rules, db, progress)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	f := newFollower(ctx, l, rules, paths)
	meter := startMeter(ctx, a.err, progress)
	f.warnings(meter)
	err = f.run()
	f.closeTails()
	done := make([]outcome, len(f.done))
	for i, o := range f.done {
		done[i] = *o
	}
	if err == nil {
		err = f.compare(done)
	}
	err = errors.Join(err, f.release())
	meter.stop()
	if err != nil {
		return err
	}
	if err := a.summary(done); err != nil {
		return err
	}
	return a.strictGate(done)
}

func newFollower(ctx context.Context, l *loader, rules *rules, paths []string) *follower {
	now := time.Now()
	return &follower{app: l.app, loader: l, paths: paths, ctx: ctx, settled: map[string]fs.FileInfo{}, beside: map[string]fs.FileInfo{},
		waiting: map[string]waiting{}, seekers: map[string]seeker{}, warned: map[string]string{}, byID: map[int64]*outcome{},
		heldFrom: now, rules: rules, analysed: now, rounded: func() {},
		complain: func(path string, err error) { l.app.warn("%s", readingError(path, err)) }}
}

// compare takes out what sources that overlap have both, once that no source is
// growing any more.
func (f *follower) compare(done []outcome) error {
	work := context.WithoutCancel(f.ctx)
	if err := f.hold(work); err != nil {
		return failedError(err, "")
	}
	if err := f.loader.compare(work, done); err != nil {
		return stopsAll(work, err)
	}
	return f.app.compute(work, f.loader.db, f.rules, func(string) {})
}

// run goes round until ctx ends, or until the only input, a pipe, has ended.
func (f *follower) run() error {
	watcher := ingest.NewWatcher()
	defer watcher.Close()
	work := f.ctx
	if !f.own { // what is being stored is finished, whatever ctx says
		work = context.WithoutCancel(f.ctx)
	}
	onlyStdin := len(f.paths) == 1 && f.paths[0] == "-"
	if slices.Contains(f.paths, "-") {
		f.openStdin()
	}
	if err := f.begin(work); err != nil {
		return err
	}
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		for _, p := range f.paths {
			watcher.Watch(p)
		}
		if err := f.round(work, watcher); err != nil {
			return err
		}
		f.rounded()
		if onlyStdin && f.stdin == nil && len(f.tails) == 0 {
			return nil
		}
		select {
		case <-f.ctx.Done():
			return f.finishPipes(work)
		case <-tick.C:
		case <-watcher.Wake():
		case in := <-f.stdin:
			f.stdin = nil
			if err := f.stdinOpened(work, in); err != nil {
				return err
			}
		}
	}
}

// openStdin opens standard input beside everything else: it may stay silent.
func (f *follower) openStdin() {
	f.stdin = make(chan opened, 1)
	answer := f.stdin
	cfg, in := f.loader.cfg, f.app.in
	go func() {
		src, err := ingest.Open(f.ctx, cfg, ingest.Input{Path: "-"}, in)
		answer <- opened{src, err}
	}()
}

func (f *follower) stdinOpened(work context.Context, in opened) error {
	if in.err != nil && len(f.paths) == 1 {
		return failedError(in.err, "")
	}
	if in.err != nil {
		f.fault("-", in.err)
		return nil
	}
	in.src.Follow()
	return f.adopt(work, in.src, nil)
}

// round looks at all files once and lets go of the database.
func (f *follower) round(work context.Context, watcher *ingest.Watcher) error {
	if err := f.scan(work, watcher); err != nil {
		return err
	}
	for _, t := range slices.Clone(f.tails) {
		if f.ctx.Err() != nil {
			break
		}
		if err := f.readTail(work, t); err != nil {
			return err
		}
	}
	f.trim()
	if f.own {
		return nil // who watches has it analysed beside this
	}
	if f.loader.db != nil && time.Since(f.analysed) >= analyseEvery { // else nothing has come
		f.analysed = time.Now()
		if err := f.app.compute(work, f.loader.db, f.rules, func(string) {}); err != nil {
			return failedError(err, "")
		}
	}
	return f.release()
}

// hold opens the database where it is not open.
func (f *follower) hold(ctx context.Context) error {
	if f.own {
		return nil
	}
	if f.loader.db != nil && time.Since(f.heldFrom) > holdMax {
		if err := f.release(); err != nil {
			return err
		}
		select {
		case <-time.After(holdPause):
		case <-ctx.Done():
		}
	}
	if f.loader.db != nil {
		return nil
	}
	began, told := time.Now(), false
	for {
		db, err := store.Open(ctx, f.app.settings.db, store.Options{Wait: followEvery, Jobs: f.app.settings.jobs})
		if err == nil {
			f.loader.db, f.heldFrom = db, time.Now()
			return nil
		}
		var locked *store.LockedError
		if !errors.As(err, &locked) || f.ctx.Err() != nil {
			return &storeError{err}
		}
		if !told && time.Since(began) > lockedWarning {
			told = true
			f.fault(f.app.settings.db, err)
		}
	}
}

// release lets others have the database.
func (f *follower) release() error {
	db := f.loader.db
	if db == nil {
		return nil
	}
	f.loader.db = nil
	return db.Close()
}

// fault warns of what is wrong with a path, once.
func (f *follower) fault(path string, err error) {
	text := readingError(path, err).Error()
	if f.warned[path] == text {
		return
	}
	f.warned[path] = text
	f.complain(path, err)
}

// warnings lets warnings and the progress line share the terminal.
func (f *follower) warnings(m *meter) { f.app.err = pausing{m, f.app.err} }

// scan finds the files that the paths lead to by now.
func (f *follower) scan(work context.Context, watcher *ingest.Watcher) error {
	now := time.Now()
	inputs, problems := ingest.Expand(work, f.paths)
	f.absent = nil
	for _, p := range problems {
		if errors.Is(p.Err, fs.ErrNotExist) {
			f.absent = append(f.absent, p.Path)
			if !f.lastScan.IsZero() {
				continue // between two rotations a name may be nobody's
			}
		}
		f.fault(p.Path, p.Err)
	}
	seen := map[*tail]bool{}
	for _, in := range inputs {
		if f.ctx.Err() != nil {
			return nil
		}
		if in.Path == "-" {
			continue
		}
		info, err := os.Stat(in.Path)
		if err != nil {
			continue // gone again
		}
		delete(f.warned, in.Path)
		watcher.Watch(in.Path)
		if t := f.tailOf(info); t != nil {
			seen[t] = true
			continue
		}
		for _, t := range f.tails {
			if t.path == in.Path && t.gone.IsZero() { // another file has taken its name
				f.seek(in.Path, f.lastScan.Add(-followEvery), siblingTime)
			}
		}
		if err := f.file(work, in, info); err != nil {
			return err
		}
		if t := f.tailOf(info); t != nil {
			seen[t] = true
		}
	}
	for _, t := range f.tails {
		switch {
		case seen[t] || t.pipe:
			t.gone = time.Time{}
		case t.gone.IsZero():
			t.gone = now
		}
	}
	if err := f.lookBeside(work); err != nil {
		return err
	}
	f.lastScan = now
	return nil
}

func (f *follower) tailOf(info fs.FileInfo) *tail {
	for _, t := range f.tails {
		if t.source.src.Is(info) {
			return t
		}
	}
	return nil
}

// trim closes the files that changed longest ago where too many are open.
func (f *follower) trim() {
	if len(f.tails) <= tailsMax {
		return
	}
	slices.SortStableFunc(f.tails, func(a, b *tail) int { return b.changed.Compare(a.changed) })
	for _, t := range f.tails[tailsMax:] {
		if t.info != nil {
			f.settled[t.path] = t.info
		}
		t.source.src.Close()
	}
	f.tails = f.tails[:tailsMax]
}

func (f *follower) closeTails() {
	for _, t := range f.tails {
		t.source.src.Close()
	}
	f.tails = nil
}

// note adds what was loaded to what is told at the end.
func (f *follower) note(g *growing, end ingest.End) {
	o := f.byID[g.entry.ID]
	if o == nil {
		o = &outcome{path: g.src.Path(), format: g.src.Detection().Format, source: g.entry, from: g.start}
		f.byID[g.entry.ID] = o
		f.done = append(f.done, o)
	}
	o.add(tallied(end))
	if end.Err != nil {
		f.fault(g.src.Path(), end.Err)
	}
}

// pausing writes between two drawings of the progress line.
type pausing struct {
	meter *meter
	w     interface{ Write([]byte) (int, error) }
}

// Write implements io.Writer.
func (p pausing) Write(b []byte) (n int, err error) {
	p.meter.pause(func() { n, err = p.w.Write(b) })
	return n, err
}
