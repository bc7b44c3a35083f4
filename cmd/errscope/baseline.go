package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/store"
)

func (a *app) baselineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep what failed how often, to compare with later",
		Long: `A baseline keeps how often each code failed in a span of time, such as a good week
or the days before a release. "errscope report nightly --baseline NAME" then says
what is new, more, less or gone against it, instead of against the span before. It
stays when its rows are pruned.`,
		Example: `  errscope db baseline save october --since 2026-10-01 --until 2026-11-01
  errscope report nightly --baseline october
  errscope db baseline list`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	save := &cobra.Command{Use: "save NAME", Short: "Keep a span under a name; one of that name is replaced", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.saveBaseline(cmd.Context(), args[0]) }}
	a.settings.bindRange(save.Flags())
	cmd.AddCommand(save,
		&cobra.Command{Use: "list", Short: "List the baselines", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.listBaselines(cmd.Context()) }},
		&cobra.Command{Use: "drop NAME", Short: "Forget a baseline", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.withDatabase(cmd.Context(), func(db *store.DB) error { return db.DropBaseline(cmd.Context(), args[0]) })
			}})
	return cmd
}

func (a *app) saveBaseline(ctx context.Context, name string) error {
	if name == "" {
		return usageError(errors.New("the baseline has no name"), "errscope db baseline save october")
	}
	now := time.Now()
	since, until, err := a.settings.timeRange(now)
	if err != nil {
		return err
	}
	return a.withDatabase(ctx, func(db *store.DB) error {
		if err := db.SaveBaseline(ctx, name, since, until, now); errors.Is(err, store.ErrEmptyBaseline) {
			return failedError(fmt.Errorf("saving baseline %q: %w", name, err), "name another span with --since and --until")
		} else if err != nil {
			return err
		}
		b, err := db.Baseline(ctx, name)
		if err == nil {
			fmt.Fprintf(a.out, "%q: %d codes, %d failures of %d requests\n", b.Name, b.Codes, b.Failures, b.Requests)
		}
		return err
	})
}

// withDatabase opens --db, which must exist, to change it.
func (a *app) withDatabase(ctx context.Context, do func(*store.DB) error) error {
	if _, err := os.Stat(a.settings.db); errors.Is(err, os.ErrNotExist) {
		return failedError(fmt.Errorf("opening database %s: %w", a.settings.db, store.ErrMissing), "")
	}
	db, err := store.Open(ctx, a.settings.db, store.Options{Wait: a.settings.wait})
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

func (a *app) listBaselines(ctx context.Context) error {
	db, err := a.openForReading(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := db.Baselines(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\tsince\tuntil\tcodes\tfailures\trequests")
	for _, b := range list {
		fmt.Fprintf(w, "%q\t%s\t%s\t%d\t%d\t%d\n", b.Name, openEnd(b.Since), openEnd(b.Until), b.Codes, b.Failures, b.Requests)
	}
	return w.Flush()
}

func openEnd(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}
