package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// analysisStep is one step of what is computed after an ingest. It looks at what
// is new since it ran last, stores its results and notes how far it came in one
// transaction, so that a run that dies leaves the older results whole.
type analysisStep struct {
	name string
	run  func(ctx context.Context, db *store.DB, rules *rules) error
}

// analysisSteps are the steps in their order: a later one reads what an earlier
// one has stored.
func (a *app) analysisSteps() []analysisStep {
	return []analysisStep{
		{"views of one exchange", a.fuse},
		{"calls", func(ctx context.Context, db *store.DB, _ *rules) error { return db.Tally(ctx) }},
		{"outages", a.findOutages},
		{"quotas", a.countQuotas},
	}
}

// analyse brings what is computed up to date with the rows, and says on a
// terminal what it is at.
func (a *app) analyse(ctx context.Context, db *store.DB, rules *rules) error {
	if !isTerminal(a.err) {
		return a.compute(ctx, db, rules, func(string) {})
	}
	err := a.compute(ctx, db, rules, func(step string) { fmt.Fprintf(a.err, "%sanalysing %s", wipeLine, step) })
	fmt.Fprint(a.err, wipeLine)
	return err
}

// compute runs the steps and tells which one begins. What a load or a step leaves
// behind in the heap is given back before DuckDB takes memory for the next one, and
// for the checkpoint at the end.
func (a *app) compute(ctx context.Context, db *store.DB, rules *rules, tell func(step string)) error {
	defer debug.FreeOSMemory()
	for _, step := range a.analysisSteps() {
		debug.FreeOSMemory()
		tell(step.name)
		if err := step.run(ctx, db, rules); err != nil {
			if ctx.Err() != nil {
				return failedError(errors.New("interrupted"), "run it again: it goes on where it stopped")
			}
			return failedError(fmt.Errorf("analysing %s: %w", step.name, err), "")
		}
	}
	return nil
}

// fuse makes one row of the lines that tell of one exchange. It comes first, so
// that the other steps count exchanges and not lines.
func (a *app) fuse(ctx context.Context, db *store.DB, rules *rules) error {
	judged := sync.OnceValue(func() *judge { return newJudge(rules) }) // rarely needed
	return db.Fuse(ctx, store.Fusing{Origin: analysis.FuseOrigin, Find: analysis.Fuse,
		Judge: func(s *store.Stored, out *record.Label) { judged().label(s, out) }})
}

// findOutages brings outage_windows up to date.
func (a *app) findOutages(ctx context.Context, db *store.DB, _ *rules) error {
	return db.FindOutages(ctx, outageWindows, a.config.outageNotes())
}

// outageWindows is a [store.OutageFinder].
func outageWindows(runs []queries.TrafficRun, blocks []queries.TrafficBlock, until int64) (outages, local []store.Window) {
	theirs, ours := analysis.FindOutages(runs, blocks, until)
	minute := func(m int64) time.Time { return time.Unix(60*m, 0).UTC() }
	for _, o := range theirs {
		outages = append(outages, store.Window{Vendor: o.Vendor, Host: o.Host, Route: o.Route, AllRoutes: o.AllRoutes,
			First: minute(o.FirstMinute), Last: minute(o.LastMinute), Open: o.Open, Usual: o.Usual,
			PeakRatio: o.PeakRatio, PeakAt: minute(o.PeakMinute), Score: o.Score})
	}
	for _, o := range ours {
		local = append(local, store.Window{First: minute(o.FirstMinute), Last: minute(o.LastMinute), Open: o.Open,
			Vendors: o.Vendors, Calls: o.Calls, Failed: o.Failed})
	}
	return outages, local
}
