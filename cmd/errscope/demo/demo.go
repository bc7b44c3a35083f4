// Package demo invents the traffic of a small fleet company that calls five
// vendors over several days, and writes it as the log files that such a company
// would have, with the truth about them beside it.
//
// Start with [Write]. The promise: the same options give the same bytes on any
// machine, each exchange stands in one file only, so that the truth is a plain
// sum, and no value is real. The error codes, messages and statuses are those
// of the vendors; keys, VINs, people and everything else are made up.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Options says how much to invent. The zero Options is the small set that the
// project keeps under testdata.
type Options struct {
	Seed uint64
	// Days is the length of the traffic; 0 is [DaysDefault].
	Days int
	// Start is its beginning, taken to the day in UTC; zero is 2026-11-13.
	Start time.Time
	// Scale multiplies the calls; 0 is 1, which gives less than 600 KB. Memory
	// does not grow with it.
	Scale float64
}

// Limits of the options.
const (
	DaysDefault = 4
	DaysMax     = 366
	ScaleMax    = 1e6
)

// Write writes DIR/logs/… and DIR/truth.json and returns the truth. Files that
// stand there are replaced. Dir is made where it is missing.
func Write(ctx context.Context, dir string, o Options) (Truth, error) {
	p, err := newPlan(o)
	if err != nil {
		return Truth{}, err
	}
	for _, f := range files {
		if err := writeFile(ctx, p, dir, f); err != nil {
			return Truth{}, fmt.Errorf("writing %s: %w", f.path, err)
		}
	}
	truth := p.truth.finish(p)
	text, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		return Truth{}, fmt.Errorf("writing the truth: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "truth.json"), append(text, '\n'), 0o644); err != nil {
		return Truth{}, fmt.Errorf("writing the truth: %w", err)
	}
	return truth, nil
}

// plan is what all files share.
type plan struct {
	seed     uint64
	start    time.Time
	days     int
	permille uint64 // of scale
	secrets  *secrets
	truth    *ledger
	quota    *quota

	aionDown, historyDown, badDeploy, tokenExpired window
}

// newPlan checks the options and sets the dates of the events.
func newPlan(o Options) (*plan, error) {
	if o.Days == 0 {
		o.Days = DaysDefault
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	if o.Start.IsZero() {
		o.Start = time.Date(2026, time.November, 13, 0, 0, 0, 0, time.UTC)
	}
	if o.Days < 0 || o.Days > DaysMax {
		return nil, fmt.Errorf("planning the demo: %d days are not between 1 and %d", o.Days, DaysMax)
	}
	if !(o.Scale > 0 && o.Scale <= ScaleMax) {
		return nil, fmt.Errorf("planning the demo: scale %g is not between 0 and %g", o.Scale, float64(ScaleMax))
	}
	p := &plan{seed: o.Seed, start: o.Start.UTC().Truncate(24 * time.Hour), days: o.Days, permille: max(1, uint64(o.Scale*1000))}
	p.secrets = newSecrets(o.Seed)
	p.truth = newLedger()
	last := p.start.AddDate(0, 0, o.Days-1)
	p.aionDown = during(last, 10, 7, 38*time.Minute)
	p.historyDown = during(p.start, 15, 2, 14*time.Minute)
	p.badDeploy = during(p.start, 11, 30, 40*time.Minute)
	p.tokenExpired = during(last, 3, 0, 25*time.Minute)
	p.truth.watch(aionvision, "", p.aionDown)
	p.truth.watch(carsxe, historyPath, p.historyDown)
	// Somewhat more than half of what the traffic would like to have.
	p.quota = newQuota(max(5, int64(quotaPerDay*uint64(o.Days)*p.permille/1000)))
	return p, nil
}

func (p *plan) end() time.Time { return p.start.AddDate(0, 0, p.days) }

// window is a half-open span of time.
type window struct{ from, to time.Time }

func (w window) has(t time.Time) bool { return !t.Before(w.from) && t.Before(w.to) }

// during is the window of a day that begins at an hour and minute.
func during(day time.Time, hour, minute int, length time.Duration) window {
	from := day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	return window{from, from.Add(length)}
}
