package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/store"
	"github.com/errscope/errscope/tui"
)

func (a *app) tuiCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tui",
		Short: "Open the screens on --db",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.showDatabase(cmd.Context()) },
	}
	a.settings.bindScreen(cmd.Flags())
	a.settings.bindRange(cmd.Flags())
	return cmd
}

// triage is errscope without a verb: PATHs into a temporary database and the
// screens on it, or the screens on --db; the overview where nobody looks.
func (a *app) triage(ctx context.Context, cmd *cobra.Command, paths []string) error {
	if len(paths) == 0 && !a.settings.dbGiven && a.stdinHasData() {
		paths = []string{"-"}
	}
	if a.settings.follow && (len(paths) == 0 || !isTerminal(a.terminal.out)) {
		return usageError(errors.New("--follow shows on a terminal what PATHs get: it goes with PATHs, and with the screens"), "errscope ingest --follow PATH keeps a database up to date, which errscope tui and errscope report look at")
	}
	if len(paths) == 0 {
		return a.showDatabase(ctx)
	}
	if err := notAVerb(cmd.Root(), paths[0]); err != nil {
		return err
	}
	return a.look(ctx, paths, title(paths))
}

// look reads the paths into a temporary database and shows what is in them.
func (a *app) look(ctx context.Context, paths []string, title string) error {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return err
	}
	if a.settings.follow {
		t := &temporary{app: a, rules: rules, followed: paths, progress: newProgress(nil)}
		return t.onScreen(ctx, title)
	}
	inputs, problems := ingest.Expand(ctx, paths)
	if len(inputs) == 0 {
		faults := faultList{only: len(problems) == 1}
		for _, p := range problems {
			faults.add(a, p.Path, p.Err)
		}
		return faults.result()
	}
	t := &temporary{app: a, rules: rules, inputs: inputs, problems: problems, progress: newProgress(inputs)}
	if isTerminal(a.terminal.out) {
		return t.onScreen(ctx, title)
	}
	return t.asReport(ctx)
}

// verbEditsMax is how many letters may be wrong in what was meant as a verb.
const verbEditsMax = 3

// notAVerb refuses a first word that is neither a verb nor a path, and names
// the nearest verb.
func notAVerb(root *cobra.Command, word string) error {
	if strings.ContainsAny(word, "./\\*?[") || word == "-" {
		return nil
	}
	if _, err := os.Stat(word); err == nil {
		return nil
	}
	hint := "errscope help lists the verbs"
	for edits := range verbEditsMax + 1 { // the nearest ones first
		root.SuggestionsMinimumDistance = edits
		if near := root.SuggestionsFor(word); len(near) > 0 {
			hint = "errscope " + near[0]
			break
		}
	}
	return usageError(fmt.Errorf("%q is neither a verb nor a path", word), hint)
}

func title(paths []string) string {
	if len(paths) == 1 && paths[0] == "-" {
		return "standard input"
	}
	if len(paths) == 1 {
		return paths[0]
	}
	return fmt.Sprintf("%s and %d more", paths[0], len(paths)-1)
}

// showDatabase opens the screens on --db, or prints its overview.
func (a *app) showDatabase(ctx context.Context) error {
	if !isTerminal(a.terminal.out) {
		return a.writeReport(ctx, "overview", "text", "")
	}
	scope, err := a.scope()
	if err != nil {
		return err
	}
	rules, err := a.loadRules(ctx)
	if err != nil {
		return err
	}
	own, err := a.userReports()
	if err != nil {
		return err
	}
	l := &lease{path: a.settings.db, wait: a.settings.wait, like: a.screenSource(rules), parquet: parquetAside()}
	if _, err := os.Stat(l.path); err != nil {
		// Nothing to show: told before the screens open.
		if err := l.use(ctx, func(source) error { return nil }); err != nil {
			return err
		}
	}
	// The first frame does not wait for the database; where it turns out that it
	// cannot be read, the screens give the terminal back and that is told.
	ctx, end := context.WithCancelCause(ctx)
	var opening sync.WaitGroup
	opening.Go(func() {
		if err := l.use(ctx, func(source) error { return nil }); err != nil {
			end(err)
		}
	})
	err = tui.Run(ctx, l, a.screenOptions(a.settings.db, a.settings.db, func(o *tui.Options) {
		o.Scope, o.Reports = scope, savedReports(own)
		o.Export = func(ctx context.Context, view tui.Export) error {
			return l.use(ctx, func(src source) error { return a.exportView(ctx, src, view, l.parquet) })
		}
		o.Evidence = a.evidenceOf(l.Evidence)
	}))
	end(nil)
	opening.Wait()
	l.leave()
	return err
}

// screenSource is what the screens ask, but for the database.
func (a *app) screenSource(rules *rules) source {
	return source{explain: a.explainStored, allowances: a.quotaRules(rules), acknowledged: a.config.known(), known: a.config.outageNotes()}
}

// screenOptions are what every way to the screens shares. database is "" where
// it goes with us.
func (a *app) screenOptions(title, database string, more func(*tui.Options)) tui.Options {
	kept := a.screenStateOf(database)
	o := tui.Options{Title: title, Database: database, Now: time.Now, Theme: a.settings.theme, Glyphs: a.settings.glyphs, NoMouse: a.settings.noMouse,
		Environ: a.environ, State: kept.load(), Keep: kept.keep, LeaveAsking: true}
	more(&o)
	return o
}

// temporary is an ingest whose database goes when we go.
type temporary struct {
	app      *app
	rules    *rules
	inputs   []ingest.Input
	problems []ingest.Problem
	followed []string    // paths whose growth is followed, instead of inputs
	caughtUp atomic.Bool // with what the followed paths had
	parquet  string      // the one file that SQL may write; see [parquetAside]
	progress *progress
	opened   atomic.Pointer[store.DB] // once it is there
}

// export writes a view of what has been read so far.
func (t *temporary) export(ctx context.Context, view tui.Export) error {
	db := t.opened.Load()
	if db == nil {
		return errors.New("nothing has been read yet")
	}
	return t.app.exportView(ctx, source{DB: db}, view, t.parquet)
}

// asReport loads everything, then prints the overview.
func (t *temporary) asReport(ctx context.Context) error {
	a := t.app
	db, l, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	meter := startMeter(ctx, a.err, t.progress)
	faults := faultList{only: len(t.inputs)+len(t.problems) == 1}
	_, err = l.all(ctx, t.inputs, t.problems, func(path string, err error) { faults.add(a, path, err) })
	meter.stop()
	if err == nil {
		err = a.analyse(ctx, db, t.rules)
	}
	if err != nil {
		return err
	}
	scope, err := a.scope()
	if err != nil {
		return err
	}
	err = leftBehind(a.toOutput("", a.lastLook(ctx, "", func(w io.Writer) error {
		return report.Write(ctx, w, source{DB: db}, "overview", "text", a.reportOptions(scope, ""))
	})))
	if err != nil {
		return err
	}
	return faults.result()
}

func (t *temporary) open(ctx context.Context) (*store.DB, *loader, error) {
	ctx = context.WithoutCancel(ctx) // it takes less time than the driver to stop
	db, err := store.Open(ctx, "", store.Options{Temp: true, Jobs: t.app.settings.jobs, Output: t.parquet})
	if err != nil {
		return nil, nil, err
	}
	l, err := t.app.newLoader(ctx, t.rules, db, t.progress)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, l, nil
}

// onScreen opens the screens at once and loads behind them.
func (t *temporary) onScreen(ctx context.Context, title string) error {
	own, err := t.app.userReports()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t.parquet = parquetAside()
	feed := make(chan tui.Event, 16)
	var loading sync.WaitGroup
	loading.Go(func() {
		defer close(feed)
		defer endOnPanic(cancel)
		t.feed(ctx, feed, cancel)
	})
	err = tui.Run(ctx, nil, t.app.screenOptions(title, "", func(o *tui.Options) {
		o.Feed, o.Reports = feed, savedReports(own)
		o.Export = t.export
		o.Evidence = t.app.evidenceOf(t.evidence)
	}))
	cancel(nil)
	if t.abandoned() {
		return err
	}
	// The loader may be about to report: nobody listens any more.
	for range feed {
	}
	loading.Wait()
	if db := t.opened.Load(); db != nil && !t.abandoned() {
		err = errors.Join(err, db.Close())
	}
	return err
}

// abandoned takes the database away where it is there and can be, since the process
// is about to end.
func (t *temporary) abandoned() bool {
	db := t.opened.Load()
	return db != nil && db.Abandon() == nil
}

// endOnPanic makes a fault of ours beside the screens their end: they give the
// terminal back before it is told.
func endOnPanic(end context.CancelCauseFunc) {
	if p := recover(); p != nil {
		end(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	}
}

const (
	// feedInterval is how often the screens are told of progress.
	feedInterval = 250 * time.Millisecond
	// watchedSegmentBytes is how much is read before the first rows show up.
	watchedSegmentBytes = 16 << 20
	// analyseFirst is when outages are first looked for in a pipe.
	analyseFirst = 2 * time.Second
	// analyseShare bounds the time for that to one part in so many.
	analyseShare = 20
)

// feed loads everything and tells the screens how it goes. The database in
// t.opened is the caller's to close.
func (t *temporary) feed(ctx context.Context, feed chan<- tui.Event, end context.CancelCauseFunc) {
	tell := func(e tui.Event) {
		e.DoneBytes, e.TotalBytes = t.progress.doneBytes(), t.progress.totalBytes
		e.Records, e.Rejected = t.progress.records.Load(), t.progress.rejected.Load()
		select {
		case feed <- e:
		case <-ctx.Done():
		}
	}
	db, l, err := t.open(ctx)
	if err != nil {
		tell(tui.Event{Err: err, Done: true})
		return
	}
	t.opened.Store(db)
	src := t.app.screenSource(t.rules)
	src.DB = db
	tell(tui.Event{Opened: src})
	var version atomic.Int64
	l.firstBytes = watchedSegmentBytes
	l.loaded = func() { tell(tui.Event{DataVersion: version.Add(1)}) }
	stop := repeat(end, func() {
		if !t.caughtUp.Load() {
			tell(tui.Event{})
		}
	}, t.meanwhile(ctx, l, &version))
	var last error
	if t.followed != nil {
		err = t.follow(ctx, l, tell)
	} else {
		_, err = l.all(ctx, t.inputs, t.problems, func(path string, err error) {
			last = readingError(path, err)
			tell(tui.Event{Note: last.Error()})
		})
	}
	stop()
	if err == nil {
		err = t.app.compute(ctx, db, t.rules, func(string) {})
	}
	if err == nil {
		err = last
	}
	if ctx.Err() == nil {
		tell(tui.Event{Err: err, Done: true, DataVersion: version.Add(1)})
	}
}

// repeat calls each of the functions every feedInterval until it is stopped;
// one that takes longer holds up none of the others. A panic goes to end.
func repeat(end context.CancelCauseFunc, each ...func()) (stop func()) {
	ended := make(chan struct{})
	var done sync.WaitGroup
	for _, do := range each {
		done.Go(func() {
			defer endOnPanic(end)
			tick := time.NewTicker(feedInterval)
			defer tick.Stop()
			for {
				select {
				case <-ended:
					return
				case <-tick.C:
					do()
				}
			}
		})
	}
	return func() { close(ended); done.Wait() }
}

// follow loads what the followed paths have and what they get, until ctx ends or
// the only one, a pipe, has ended. What cannot be read is told, and stops nothing.
func (t *temporary) follow(ctx context.Context, l *loader, tell func(tui.Event)) error {
	f := newFollower(ctx, l, t.rules, t.followed)
	defer f.closeTails()
	f.own = true
	var told, wrong string
	f.complain = func(path string, err error) {
		if !errors.Is(err, fs.ErrNotExist) {
			wrong = readingError(path, err).Error()
		}
	}
	f.rounded = func() {
		note := wrong
		if len(f.absent) > 0 {
			note = "waiting for " + f.absent[0]
		}
		if note != told || !t.caughtUp.Swap(true) {
			told = note
			tell(tui.Event{Following: true, Note: note})
		}
	}
	return f.run()
}

// meanwhile gives what finds outages and quotas in the rows that are there so
// far: a pipe may never end. It does so soon where a pipe is all that is read,
// then ever more seldom.
func (t *temporary) meanwhile(ctx context.Context, l *loader, version *atomic.Int64) func() {
	every := analyseEvery
	if t.followed != nil || len(t.inputs) == 1 && t.inputs[0].Path == "-" {
		every = analyseFirst
	}
	last, seen := time.Now(), int64(0)
	return func() {
		now := version.Load()
		if now == seen || time.Since(last) < every {
			return
		}
		began := time.Now()
		err := l.inTurn(func() error { return t.app.compute(ctx, l.db, t.rules, func(string) {}) })
		if err != nil {
			return // the last one, at the end, says what is wrong
		}
		seen, last = now+1, time.Now() // of which one is ours, below
		every = max(min(2*every, analyseEvery), analyseShare*last.Sub(began))
		l.loaded()
	}
}
