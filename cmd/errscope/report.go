package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/store"
)

// source answers the questions of reports and screens: what the database says,
// completed by what analysis makes of it.
type source struct {
	*store.DB
	baseline string // what changes are told against; "" is the span before
	// acknowledged are the codes that are no news until they grow or change.
	acknowledged []queries.Acknowledgement
	// known are the times of which somebody knows.
	known   []store.OutageNote
	explain storedExplainer // nil where no rules are at hand
	// allowances are what packs and configuration say of quotas.
	allowances store.QuotaRules
}

// Overview implements report.Source and tui.Source.
func (s source) Overview(ctx context.Context, scope queries.Scope) (queries.Overview, error) {
	o, err := s.DB.Overview(ctx, scope)
	o.Blame = analysis.Blame(o.Faults)
	o.Groups = s.acknowledge(o.Groups, o.Totals, scope)
	return o, err
}

// Failures implements report.Source and tui.Source, and marks what somebody has
// acknowledged. Time is that of the data.
func (s source) Failures(ctx context.Context, scope queries.Scope) ([]queries.FailureGroup, error) {
	groups, err := s.DB.Failures(ctx, scope)
	if err != nil || len(s.acknowledged) == 0 {
		return groups, err
	}
	o, err := s.Glance(ctx, scope)
	if err != nil {
		return nil, err
	}
	return s.acknowledge(groups, o.Totals, scope), nil
}

func (s source) acknowledge(groups []queries.FailureGroup, t queries.Totals, scope queries.Scope) []queries.FailureGroup {
	first, end := countedSpan(t, scope)
	return analysis.AcknowledgeGroups(groups, analysis.ActiveAcknowledgements(s.acknowledged, end), end.Sub(first))
}

// countedSpan is the time that the failures of a scope were counted in: the
// scope's, else that of the data.
func countedSpan(t queries.Totals, scope queries.Scope) (first, end time.Time) {
	first, end = t.First, t.Last
	if !scope.Since.IsZero() {
		first = scope.Since
	}
	if !scope.Until.IsZero() {
		end = scope.Until
	}
	return first, end
}

// Version implements tui.Source: the feed of the ingest tells of changes.
func (s source) Version(context.Context) (int64, error) { return 0, nil }

// Drift implements report.Source.
func (s source) Drift(ctx context.Context, scope queries.Scope) (queries.Drifts, error) {
	rows, err := s.DriftRows(ctx, scope)
	if err != nil {
		return queries.Drifts{}, err
	}
	d := queries.Drifts{List: analysis.Drift(rows, scope.Since)}
	if len(rows) > 0 {
		d.LeftOut = rows[0].Kinds - int64(len(rows))
	}
	if n := len(d.List); n > queries.DriftListMax {
		d.LeftOut += int64(n - queries.DriftListMax)
		d.List = d.List[:queries.DriftListMax]
	}
	places := make([]string, len(d.List))
	for i := range d.List {
		places[i] = d.List[i].Sample.Place
	}
	samples, err := s.DriftSamples(ctx, places)
	if err != nil {
		return queries.Drifts{}, err
	}
	byPlace := make(map[string]queries.DriftSample, len(samples))
	for _, x := range samples {
		byPlace[x.Place] = x
	}
	for i := range d.List {
		d.List[i].Sample = byPlace[places[i]]
	}
	return d, nil
}

func (a *app) reportCommand() *cobra.Command {
	var list, asSQL bool
	var format, out string
	cmd := &cobra.Command{
		Use:   "report [NAME]",
		Short: "Write a report (overview unless NAME says otherwise)",
		Example: `  errscope report
  errscope report failures --since yesterday --format md -o failures.md
  errscope report drift --since 7d --vendor stripe
  errscope report nightly --since yesterday --format html -o night.html
  errscope report mine --reports reports/   (of reports/mine.sql)
  errscope report failures --sql`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "overview"
			if len(args) == 1 {
				name = args[0]
			}
			switch {
			case list:
				return a.listReports()
			case asSQL:
				return a.printReportSQL(name)
			}
			return a.writeReport(cmd.Context(), name, format, out)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the reports")
	f.BoolVar(&asSQL, "sql", false, "print the SQL behind the report instead of running it")
	f.StringVar(&format, "format", "text", "`text|md|html|csv|json`")
	f.StringVar(&a.settings.baseline, "baseline", "", "tell what changed against the baseline `NAME` (errscope db baseline save), not the span before")
	f.StringVarP(&out, "output", "o", "", "write to `FILE`")
	f.StringVar(&a.settings.reports, "reports", "", "also know the reports of your own in `DIR`, NAME.sql each")
	a.settings.bindScope(f)
	return cmd
}

func (a *app) listReports() error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range report.Names() {
		fmt.Fprintf(w, "%s\t%s\n", r.Name, r.Question)
	}
	own, broken := a.userReports()
	for _, r := range own {
		fmt.Fprintf(w, "%s\t%s\n", r.name, visible(r.text.Question))
	}
	return errors.Join(w.Flush(), broken)
}

func (a *app) writeReport(ctx context.Context, name, format, out string) error {
	if err := a.notDatabase(out); err != nil {
		return err
	}
	scope, err := a.scope()
	if err != nil {
		return err
	}
	if own, ok, err := a.userReport(name); err != nil {
		return err
	} else if ok {
		return a.writeUserReport(ctx, own, scope, format, out)
	}
	if err := report.Check(name, format); err != nil {
		return usageError(err, "errscope report --list")
	}
	db, err := a.openForReading(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	err = leftBehind(a.toOutput(out, lookedAt(ctx, out, a.lastLook(ctx, out, func(w io.Writer) error {
		return report.Write(ctx, w, source{DB: db, baseline: a.settings.baseline, acknowledged: a.config.known()}, name, format, a.reportOptions(scope, out))
	}))))
	if err == nil {
		a.hintStale(ctx, db)
	}
	return err
}

// reportOptions fits a text report to the terminal where it goes to one.
func (a *app) reportOptions(scope queries.Scope, out string) report.Options {
	o := report.Options{Scope: scope, Baseline: a.settings.baseline}
	if a.settings.dbGiven {
		o.Database = a.settings.db
	}
	if f, ok := a.terminal.out.(interface{ Fd() uintptr }); ok && out == "" && term.IsTerminal(f.Fd()) {
		if width, _, err := term.GetSize(f.Fd()); err == nil {
			o.Width = width
		}
		noColour, set := a.env("NO_COLOR")
		o.Colour = !set || noColour == ""
	}
	return o
}

// scope is what --since, --until, --vendor and --account say.
func (a *app) scope() (queries.Scope, error) {
	since, until, err := a.settings.timeRange(time.Now())
	return queries.Scope{Since: since, Until: until, Vendor: a.settings.vendor, Account: a.settings.account}, err
}

// openForReading opens --db, which must exist.
func (a *app) openForReading(ctx context.Context, o store.Options) (*store.DB, error) {
	o.ReadOnly, o.Wait = true, a.settings.wait
	return store.Open(ctx, a.settings.db, o)
}

// hintFor names the way out of an error that a room gave.
func hintFor(err error) string {
	var locked *store.LockedError
	var newer *store.NewerError
	var full *store.FullError
	var foreign *store.NotDatabaseError
	var older *store.OlderError
	var damaged *store.DamagedError
	var exists *store.ExistsError
	var forbidden *store.ForbiddenError
	switch {
	case errors.As(err, &locked):
		return "wait for it with --wait 30s, or end that process"
	case errors.As(err, &newer):
		return "use the newer errscope, or another file with --db"
	case errors.As(err, &full):
		return "make room or name another file with --db; what was loaded before stays as it was"
	case errors.As(err, &foreign):
		return "name a database of errscope with --db"
	case errors.Is(err, store.ErrNoBaseline):
		return "errscope db baseline list"
	case errors.As(err, &older):
		return "errscope db migrate brings it up to date, by somebody who may write it; or work on a copy"
	case errors.As(err, &damaged):
		return "ingest the logs again into another file, or take a copy of before; errscope db verify says what is wrong"
	case errors.As(err, &forbidden):
		return "see the mode of the file and of its folder; what only reads needs to read the file, no more"
	case errors.As(err, &exists) && exists.Foreign:
		return "name a folder that is new, empty or an export"
	case errors.As(err, &exists):
		return "name another folder, or replace it with --force"
	case errors.Is(err, store.ErrMissing):
		return "errscope ingest PATH… makes one; errscope demo shows what it looks like"
	}
	return ""
}
