package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
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
	l := &lease{path: a.settings.db, wait: a.settings.wait, like: a.screenSource(rules)}
	// A database that cannot be read is told before the screens open.
	if err := l.use(ctx, func(source) error { return nil }); err != nil {
		return err
	}
	return tui.Run(ctx, l, a.screenOptions(a.settings.db, a.settings.db, func(o *tui.Options) {
		o.Scope, o.Reports = scope, savedReports(own)
		o.Export = func(ctx context.Context, view tui.Export) error {
			return l.use(ctx, func(src source) error { return a.exportView(ctx, src, view) })
		}
		o.Evidence = a.evidenceOf(l.Evidence)
	}))
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
		Environ: a.environ, State: kept.load(), Keep: kept.keep}
	more(&o)
	return o
}

// temporary is an ingest whose database goes when we go.
type temporary struct {
	app      *app
	rules    *rules
	inputs   []ingest.Input
	problems []ingest.Problem
	progress *progress
	opened   atomic.Pointer[store.DB] // once it is there
}

// export writes a view of what has been read so far.
func (t *temporary) export(ctx context.Context, view tui.Export) error {
	db := t.opened.Load()
	if db == nil {
		return errors.New("nothing has been read yet")
	}
	return t.app.exportView(ctx, source{DB: db}, view)
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
	err = a.toOutput("", a.lastLook(ctx, func(w io.Writer) error {
		return report.Write(ctx, w, source{DB: db}, "overview", "text", a.reportOptions(scope, ""))
	}))
	if err != nil {
		return err
	}
	return faults.result()
}

func (t *temporary) open(ctx context.Context) (*store.DB, *loader, error) {
	db, err := store.Open(ctx, "", store.Options{Temp: true, Jobs: t.app.settings.jobs})
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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	feed := make(chan tui.Event, 16)
	var db *store.DB
	var loading sync.WaitGroup
	loading.Add(1)
	go func() {
		defer loading.Done()
		defer close(feed)
		db = t.feed(ctx, feed)
	}()
	err = tui.Run(ctx, nil, t.app.screenOptions(title, "", func(o *tui.Options) {
		o.Feed, o.Reports = feed, savedReports(own)
		o.Export = t.export
		o.Evidence = t.app.evidenceOf(t.evidence)
	}))
	cancel()
	// The loader may be about to report: nobody listens any more.
	for range feed {
	}
	loading.Wait()
	if db != nil {
		err = errors.Join(err, db.Close())
	}
	return err
}

// feedInterval is how often the screens are told of progress.
const feedInterval = 250 * time.Millisecond

// feed loads everything and tells the screens how it goes. The database is the
// caller's to close.
func (t *temporary) feed(ctx context.Context, feed chan<- tui.Event) *store.DB {
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
		return nil
	}
	t.opened.Store(db)
	src := t.app.screenSource(t.rules)
	src.DB = db
	tell(tui.Event{Opened: src})
	var version int64
	l.loaded = func() {
		version++
		tell(tui.Event{DataVersion: version})
	}
	stop := t.pulse(ctx, tell)
	var last error
	_, err = l.all(ctx, t.inputs, t.problems, func(path string, err error) {
		last = readingError(path, err)
		tell(tui.Event{Note: last.Error()})
	})
	stop()
	if err == nil {
		err = t.app.compute(ctx, db, t.rules, func(string) {})
	}
	if err == nil {
		err = last
	}
	if ctx.Err() == nil {
		tell(tui.Event{Err: err, Done: true, DataVersion: version + 1})
	}
	return db
}

// pulse tells of progress between segments until it is stopped.
func (t *temporary) pulse(ctx context.Context, tell func(tui.Event)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		tick := time.NewTicker(feedInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				tell(tui.Event{})
			}
		}
	}()
	return func() { cancel(); done.Wait() }
}
