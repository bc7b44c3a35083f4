// Package report is words for people: what the database says about failing
// calls, as text for a terminal, Markdown for a ticket, JSON and CSV for
// programs, and one HTML file for a browser or a printer.
//
// Start with [Write], for evidence with [NewBundle]. The promise of the package
// is that what it writes can be handed on: VINs, plates, e-mail addresses, phone
// numbers and IP addresses in messages and routes are masked, foreign text can
// neither steer a terminal nor become markup, a mention, a link or a formula, and
// the same rows give the same bytes.
package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// Source answers the questions that reports are made of. Rows may come in any
// order; reports sort them themselves.
type Source interface {
	Overview(ctx context.Context, scope queries.Scope) (queries.Overview, error)
	Failures(ctx context.Context, scope queries.Scope) ([]queries.FailureGroup, error)
	// Drift gives what no rule knows and was first seen in the scope.
	Drift(ctx context.Context, scope queries.Scope) (queries.Drifts, error)
	// Glance is the totals of the overview and what was read, and nothing else.
	Glance(ctx context.Context, scope queries.Scope) (queries.Overview, error)
	Vendors(ctx context.Context, scope queries.Scope) ([]queries.VendorRow, error)
	VendorFaults(ctx context.Context, scope queries.Scope) ([]queries.VendorFault, error)
	Quotas(ctx context.Context, scope queries.Scope) ([]queries.QuotaRow, error)
	// QuotaCourses gives how the quotas of which a period runs were used up, in order.
	QuotaCourses(ctx context.Context, scope queries.Scope) ([]queries.QuotaCourse, error)
	Windows(ctx context.Context, scope queries.Scope) ([]queries.WindowRow, error)
	// LocalOutages gives the times when nobody at all was reached.
	LocalOutages(ctx context.Context, scope queries.Scope) ([]queries.LocalOutageRow, error)
	Support(ctx context.Context, scope queries.Scope) ([]queries.SupportGroup, error)
	Accounting(ctx context.Context) (queries.Accounting, error)
	BlameSplits(ctx context.Context, scope queries.Scope) (queries.BlameSplits, error)
	Retries(ctx context.Context, scope queries.Scope) (queries.Retries, error)
	Latency(ctx context.Context, scope queries.Scope) (queries.Latency, error)
	// Changes compares the scope, which has a beginning, with the span before.
	Changes(ctx context.Context, scope queries.Scope) (queries.Changes, error)
}

// Options says what to report on and how it should look. The zero Options is
// everything, 100 columns wide, without colour, in UTC.
type Options struct {
	// Scope is handed to the source and named in the report.
	Scope queries.Scope
	// Width is the number of columns of the terminal, for text only. 0 is
	// [WidthDefault]; less than [WidthMin] is taken as that.
	Width int
	// Colour allows SGR sequences, for text only.
	Colour bool
	// Now is the time of writing, named in the report where set.
	Now time.Time
	// Title stands above the report in place of its own.
	Title string
	// Baseline names what changes are told against; "" is the span before.
	Baseline string
	// Database is what commands in the report say after --db; "" is nothing.
	Database string
	// Location is the zone of times for people; nil is UTC. JSON and CSV are
	// always UTC.
	Location *time.Location
}

// Widths of text, in terminal columns.
const (
	WidthDefault = 100
	WidthMin     = 20
)

// Info describes one report.
type Info struct {
	Name     string
	Question string // what it answers, one line
}

// The causes of a [NameError].
var (
	ErrUnknownReport = errors.New("unknown report")
	ErrUnknownFormat = errors.New("unknown format")
)

// NameError says that a name is none of the valid ones. It wraps
// [ErrUnknownReport] or [ErrUnknownFormat].
type NameError struct {
	Kind  error
	Name  string
	Valid []string
}

// Error names the wrong name and the right ones.
func (e *NameError) Error() string {
	return fmt.Sprintf("%v %q: valid are %s", e.Kind, e.Name, strings.Join(e.Valid, ", "))
}

// Unwrap gives the cause.
func (e *NameError) Unwrap() error { return e.Kind }

// Names lists the reports.
func Names() []Info {
	return []Info{
		{Name: "overview", Question: "What is failing, whose is it, what should be done first, and what could not be read?"},
		{Name: "failures", Question: "Which failures are there, one group per vendor and error code, with advice for each?"},
		{Name: "drift", Question: "Which codes, types, messages and shapes of failures does no rule know, and since when?"},
		{Name: "nightly", Question: "What changed, what is ours to fix, what runs out, what was down, and what goes to whose support?"},
		{Name: "vendors", Question: "How does each vendor do, and who can remove its failures?"},
		{Name: "quota", Question: "How does each account stand with each quota, and when does it run out?"},
		{Name: "outages", Question: "Which vendors were down, from when to when?"},
		{Name: "blame", Question: "Who can remove the failures, by vendor and over time?"},
		{Name: "retries", Question: "Which failed calls were tried again, how, and did it help?"},
		{Name: "latency", Question: "How long do vendors and routes take to answer, and to fail?"},
		{Name: "support", Question: "What should be sent to which vendor's support?"},
		{Name: "accounting", Question: "What became of every line that was read?"},
	}
}

// Formats lists the formats of [Write].
func Formats() []string { return []string{"text", "md", "json", "csv", "html"} }

// findings is what a report is written from: rows masked, sorted and without
// anything that the other rooms may still hold.
type findings struct {
	report   string
	options  Options
	overview queries.Overview
	groups   []queries.FailureGroup
	drifts   queries.Drifts
	// What the pages of pageOf ask for.
	vendorFaults []queries.VendorFault
	quotas       []queries.QuotaRow
	courses      []queries.QuotaCourse // of those that run
	windows      []queries.WindowRow
	unreached    []unreachedTime
	support      []queries.SupportGroup
	accounting   queries.Accounting
	changes      queries.Changes
	answer       *document // of the users' own SQL, in place of all others
	lastDay      bool      // the scope's beginning was chosen by the report
	retries      queries.Retries
	splits       queries.BlameSplits
	latency      queries.Latency
}

// Write asks src and writes the named report to w. It gives a [NameError] for
// an unknown name or format, before it asks. An empty database is a report,
// too. Nothing is written to w when src fails.
func Write(ctx context.Context, w io.Writer, src Source, name, format string, o Options) error {
	write, err := writerOf(name, format)
	if err != nil {
		return err
	}
	f, err := collect(ctx, src, name, o)
	if err != nil {
		return err
	}
	if err := write(w, f); err != nil {
		return fmt.Errorf("writing report %s: %w", name, err)
	}
	return nil
}

func writerOf(name, format string) (func(io.Writer, findings) error, error) {
	var names []string
	for _, info := range Names() {
		names = append(names, info.Name)
	}
	if !slices.Contains(names, name) {
		return nil, &NameError{Kind: ErrUnknownReport, Name: name, Valid: names}
	}
	switch format {
	case "text":
		return writeText, nil
	case "md":
		return writeMarkdown, nil
	case "json":
		return writeJSON, nil
	case "csv":
		return writeCSV, nil
	case "html":
		return writeHTML, nil
	}
	return nil, &NameError{Kind: ErrUnknownFormat, Name: format, Valid: Formats()}
}

func (o Options) withDefaults() Options {
	if o.Width == 0 {
		o.Width = WidthDefault
	}
	o.Width = max(o.Width, WidthMin)
	if o.Location == nil {
		o.Location = time.UTC
	}
	return o
}

func collect(ctx context.Context, src Source, name string, o Options) (findings, error) {
	f := findings{report: name, options: o.withDefaults()}
	if p, ok := pageOf(name); ok {
		err := p.ask(ctx, src, &f)
		f.tidy()
		return f, err
	}
	var err error
	ask := src.Overview
	if name == "drift" { // which shows the totals and nothing else of it
		ask = src.Glance
	}
	if f.overview, err = ask(ctx, o.Scope); err != nil {
		return f, fmt.Errorf("asking for the overview: %w", err)
	}
	f.groups = f.overview.Groups
	if name == "failures" {
		if f.groups, err = src.Failures(ctx, o.Scope); err != nil {
			return f, fmt.Errorf("asking for the failures: %w", err)
		}
	}
	if name == "overview" {
		if err = f.askWindows(ctx, src); err != nil {
			return f, err
		}
		if err = f.askUnreached(ctx, src); err != nil {
			return f, err
		}
	}
	if name == "drift" {
		if f.drifts, err = src.Drift(ctx, o.Scope); err != nil {
			return f, fmt.Errorf("asking for the drift: %w", err)
		}
		f.groups = nil
		f.tidyDrifts()
	}
	f.tidy()
	return f, nil
}

// Check gives a [NameError] where there is no such report or format, before
// anything is opened or asked.
func Check(name, format string) error {
	_, err := writerOf(name, format)
	return err
}
