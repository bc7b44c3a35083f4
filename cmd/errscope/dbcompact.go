package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/store"
)

func (a *app) compactCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Write the database anew, without the room of rows that went",
		Long: `Writes the database into a fresh file beside it and puts that in its place: mode,
owner and salt stay. It needs room for both; when the disk is full, or the run is
killed, the old file is whole. Nobody else can read or write meanwhile.`,
		Example: `  errscope db prune --before 90d && errscope db compact`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.compact(cmd.Context()) },
	}
}

func (a *app) compact(ctx context.Context) error {
	done, err := store.Compact(ctx, a.settings.db, store.Options{Wait: a.settings.wait})
	if err != nil {
		if ctx.Err() != nil {
			return failedError(errors.New("interrupted"), "the database is as it was")
		}
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s → %s\n", sizeText(done.BeforeBytes), sizeText(done.AfterBytes))
	return err
}

func (a *app) migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database up to the schema of this program",
		Long: `Brings an older database up to date, in one transaction: a run that is killed
leaves the old schema or the new one. Every other verb but info and verify does
the same when it meets an older database that it may write; a database of a newer
program is refused.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.migrate(cmd.Context()) },
	}
}

func (a *app) migrate(ctx context.Context) error {
	if err := a.databaseThere(); err != nil {
		return err
	}
	from, to, err := store.Migrate(ctx, a.settings.db, store.Options{Wait: a.settings.wait})
	if err != nil {
		return err
	}
	if from == to {
		_, err = fmt.Fprintf(a.out, "nothing to do: the schema is version %d\n", to)
		return err
	}
	_, err = fmt.Fprintf(a.out, "schema version %d → %d\n", from, to)
	return err
}

// databaseThere complains where writing would make a database.
func (a *app) databaseThere() error {
	if _, err := os.Stat(a.settings.db); errors.Is(err, fs.ErrNotExist) {
		return failedError(fmt.Errorf("opening database %s: %w", a.settings.db, store.ErrMissing), "")
	}
	return nil
}

func (a *app) pruneCommand() *cobra.Command {
	var before string
	var keepFailures bool
	cmd := &cobra.Command{
		Use:   "prune --before TIME",
		Short: "Take away the rows of calls before a time",
		Long: `Takes the rows of calls before a time away, and the rejects of sources that ended
before it. The ledger goes on to know the sources, and how many of their records
were pruned: the same files ingested again are passed over. Outage windows and
quota periods found so far stay, as history. A row without a time stays.

A source that is read anew, by ingest --keep full, a wider --since or another
--tz, comes back with all its rows. The file keeps its size until db compact.`,
		Example: `  errscope db prune --before 90d --dry-run
  errscope db prune --before 2026-08-01 --keep-failures
  errscope db compact`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if before == "" {
				return usageError(errors.New("--before is not given"), "errscope db prune --before 90d")
			}
			loc, err := a.settings.location()
			if err != nil {
				return err
			}
			when, err := parseWhen(before, time.Now(), loc)
			if err != nil {
				return usageError(fmt.Errorf("reading --before: %w", err), whenHint)
			}
			return a.prune(cmd.Context(), store.Pruning{Before: when, KeepFailures: keepFailures, DryRun: a.settings.dryRun})
		},
	}
	f := cmd.Flags()
	f.StringVar(&before, "before", "", "rows before this `TIME` go: RFC 3339, a date, or relative (90d)")
	f.BoolVar(&keepFailures, "keep-failures", false, "keep the rows of failures")
	f.BoolVar(&a.settings.dryRun, "dry-run", false, "say what would go, change nothing")
	f.StringVar(&a.settings.tz, "tz", "UTC", "`ZONE` of a time that names none")
	return cmd
}

func (a *app) prune(ctx context.Context, p store.Pruning) error {
	if err := a.databaseThere(); err != nil {
		return err
	}
	db, err := store.Open(ctx, a.settings.db, store.Options{Wait: a.settings.wait})
	if err != nil {
		return err
	}
	done, err := db.Prune(ctx, p)
	if err = errors.Join(err, db.Close()); err != nil {
		if ctx.Err() != nil {
			return failedError(errors.New("interrupted"), "the rows are as they were")
		}
		return err
	}
	went := "went"
	if p.DryRun {
		went = "would go"
	}
	_, err = fmt.Fprintf(a.out, "%s of %s and %s from before %s %s\n", counted(done.Rows, "row"), counted(done.Sources, "source"),
		counted(done.Rejects, "reject"), p.Before.UTC().Format(time.RFC3339), went)
	if done.Timeless > 0 {
		fmt.Fprintf(a.err, "errscope: hint: %s without a time, whose age nobody knows: they stay\n", counted(done.Timeless, "row"))
	}
	if done.Rows > 0 && !p.DryRun {
		fmt.Fprintln(a.err, "errscope: hint: the file keeps its size; errscope db compact gives the room back")
	}
	return err
}
