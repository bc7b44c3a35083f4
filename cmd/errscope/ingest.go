package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/store"
)

func (a *app) ingestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ingest PATH…|-",
		Short: "Read logs and captured responses into the database",
		Long: `Reads files, folders, globs or standard input, labels every exchange, and stores
it in --db. What was loaded before is known by its content, whatever its name and
compression, and is passed over; a file that has grown goes on where it stopped.`,
		Example: `  errscope ingest /var/log/egress/
  errscope ingest --follow /var/log/egress/access.log
  errscope ingest --since yesterday --bind api.acme.example=carsxe 'access.log*'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.ingest(cmd.Context(), args) },
	}
	f := cmd.Flags()
	a.settings.bindIngest(f)
	f.BoolVar(&a.settings.strict, "strict", false, "exit with 1 where a line was rejected")
	f.BoolVar(&a.settings.resume, "resume", false, "go on with the sources that the ledger calls unfinished")
	f.BoolVar(&a.settings.follow, "follow", false, "go on with what the PATHs get, through rotations, until stopped (Ctrl-C)")
	f.BoolVar(&a.settings.dryRun, "dry-run", false, "read and count, store nothing")
	return cmd
}

func (a *app) ingest(ctx context.Context, paths []string) error {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return err
	}
	// A wrong flag must be told before a database is made.
	if _, err := a.ingestConfig(rules); err != nil {
		return err
	}
	if len(paths) == 0 && !a.settings.resume {
		if !a.stdinHasData() {
			return usageError(errors.New("no PATH given and nothing is piped in"), "name files or folders, or - for standard input")
		}
		paths = []string{"-"}
	}
	if a.settings.follow && (a.settings.dryRun || len(paths) == 0) {
		return usageError(errors.New("--follow stores what PATHs get: it goes with PATHs, and not with --dry-run"), "")
	}
	if a.settings.dryRun {
		return a.load(ctx, rules, nil, paths)
	}
	inputs, problems := ingest.Expand(ctx, paths)
	if len(inputs) == 0 && len(problems) == 1 && !a.settings.follow {
		return failedError(readingError(problems[0].Path, problems[0].Err), "")
	}
	wait := a.settings.wait
	if a.settings.follow { // who runs for weeks is patient
		wait = max(wait, lockedWarning)
	}
	db, err := store.Open(ctx, a.settings.db, store.Options{Wait: wait, Jobs: a.settings.jobs})
	if err != nil {
		return err
	}
	if a.settings.follow {
		return a.follow(ctx, rules, db, paths)
	}
	err = a.load(ctx, rules, db, paths)
	if fault := db.Close(); err == nil {
		err = fault
	}
	return err
}

// load brings the paths in and says what came of them.
func (a *app) load(ctx context.Context, rules *rules, db *store.DB, paths []string) error {
	if a.settings.resume && db != nil {
		more, err := unfinished(ctx, db)
		if err != nil {
			return err
		}
		paths = append(paths, more...)
	}
	inputs, problems := ingest.Expand(ctx, paths)
	progress := newProgress(inputs)
	l, err := a.newLoader(ctx, rules, db, progress)
	if err != nil {
		return err
	}
	meter := startMeter(ctx, a.err, progress)
	faults := faultList{only: len(inputs)+len(problems) == 1}
	done, err := l.all(ctx, inputs, problems, func(path string, err error) {
		meter.pause(func() { faults.add(a, path, err) })
	})
	meter.stop()
	if err == nil && db != nil {
		err = a.analyse(ctx, db, rules)
	}
	if err != nil {
		return err
	}
	if err := a.summary(done); err != nil {
		return err
	}
	a.tellMasked(&l.masked)
	if db != nil {
		a.hintStale(ctx, db)
	}
	if err := faults.result(); err != nil {
		return err
	}
	return a.strictGate(done)
}

// unfinished names the files that a run before this one did not read to their
// end.
func unfinished(ctx context.Context, db *store.DB) ([]string, error) {
	all, err := db.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, s := range all {
		if !s.Complete && s.Path != "-" {
			paths = append(paths, s.Path)
		}
	}
	return paths, nil
}

func (a *app) strictGate(done []outcome) error {
	var total counts
	for _, o := range done {
		total.add(o.counts)
	}
	if !a.settings.strict || total.rejected == 0 {
		return nil
	}
	return gateError(fmt.Errorf("%d of %d lines were rejected", total.rejected, total.lines),
		`errscope sql "SELECT * FROM rejects" shows where and why`)
}

// summaryRowsMax is how many sources are listed one by one.
const summaryRowsMax = 40

// summary is the answer of ingest: what was read of each source, and in all.
func (a *app) summary(done []outcome) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "lines\trecords\trejected\tignored\tduplicates\t  source")
	var total counts
	row := func(c counts, name string) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t  %s\n", c.lines, c.records, c.rejected, c.ignored, c.duplicates, name)
	}
	for i, o := range done {
		total.add(o.counts)
		switch {
		case i == summaryRowsMax:
			fmt.Fprintf(w, "\t\t\t\t\t  … and %d more\n", len(done)-i)
		case i > summaryRowsMax:
		case o.known && o.lines == 0:
			row(o.counts, visible(o.path)+" (known, nothing new)")
		default:
			row(o.counts, visible(o.path)+" ("+o.format+")")
		}
	}
	if len(done) != 1 {
		row(total, "in all")
	}
	return w.Flush()
}
