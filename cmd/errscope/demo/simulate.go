package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// SimulateOptions says what traffic to simulate.
type SimulateOptions struct {
	Seed uint64
	// Days is the length of the traffic; 0 is [SimulateDaysDefault].
	Days int
	// Percent multiplies the calls; 0 is 100.
	Percent int
	// OneSided writes each exchange in one file only, for work on analysis that
	// must not depend on fusion.
	OneSided bool
	// Pause is called at each of the Pauses, which are in order, when the files
	// hold what was made until then: so a run in pieces can be tried. Nil for none.
	Pauses []time.Time
	Pause  func(ctx context.Context, at time.Time) error
}

// Limits of the simulation.
const (
	SimulateDaysDefault = 14
	simulateDaysMin     = 3
	simulateDaysMax     = 42
	simulatePercentMax  = 1000
)

// Streams of random numbers of the simulation: each part has its own, so that a
// change of one leaves the others alone.
const (
	simStreamPlan = iota + 101
	simStreamCalls
	simStreamQuota
)

// simMonthTurn is the month's end that every simulation runs over.
var simMonthTurn = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// Simulate writes weeks of traffic with labelled outages and confounders into
// DIR/logs, what is true of it into DIR/truth.json, and what the fleet knows
// beforehand (planned maintenance) into DIR/config/errscope.yaml. The same options give
// the same bytes on any machine: all arithmetic is of whole numbers.
func Simulate(ctx context.Context, dir string, o SimulateOptions) (_ SimTruth, err error) {
	s, err := newSim(o)
	if err != nil {
		return SimTruth{}, err
	}
	if s.out, err = openSimFiles(dir); err != nil {
		return SimTruth{}, fmt.Errorf("writing the simulation: %w", err)
	}
	err = s.run(ctx)
	if fault := s.out.close(); err == nil {
		err = fault
	}
	if err != nil {
		return SimTruth{}, fmt.Errorf("writing the simulation: %w", err)
	}
	truth := s.result()
	text, err := json.MarshalIndent(truth, "", " ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "truth.json"), append(text, '\n'), 0o644)
	}
	if err == nil {
		err = writeSettings(dir, s.settings())
	}
	if err != nil {
		return SimTruth{}, fmt.Errorf("writing the truth: %w", err)
	}
	return truth, nil
}

func writeSettings(dir string, text []byte) error {
	config := filepath.Join(dir, "config")
	if err := os.MkdirAll(config, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config, "errscope.yaml"), text, 0o644)
}

// sim is one simulation while it runs.
type sim struct {
	options    SimulateOptions
	start, end time.Time
	random     *rand.Rand // of the calls
	vendors    []*simVendor
	episodes   []*episode
	quotas     []*simQuota
	out        *simFiles

	retries retryQueue
	order   int64 // of the calls made so far

	exchanges, lost int64
	pairs           map[string]int64 // exchanges written from both sides, by key
}

func newSim(o SimulateOptions) (*sim, error) {
	if o.Days == 0 {
		o.Days = SimulateDaysDefault
	}
	if o.Percent == 0 {
		o.Percent = 100
	}
	if o.Days < simulateDaysMin || o.Days > simulateDaysMax {
		return nil, fmt.Errorf("planning the simulation: %d days are not between %d and %d", o.Days, simulateDaysMin, simulateDaysMax)
	}
	if o.Percent < 1 || o.Percent > simulatePercentMax {
		return nil, errors.New("planning the simulation: calls per cent must be between 1 and 1000")
	}
	planning := rand.New(rand.NewPCG(o.Seed, simStreamPlan))
	// The month turns in the second half, so that most quotas live before it.
	before := o.Days - 1 - planning.IntN(max(1, o.Days/2))
	s := &sim{options: o, random: rand.New(rand.NewPCG(o.Seed, simStreamCalls)), pairs: map[string]int64{}}
	s.start = simMonthTurn.AddDate(0, 0, -before)
	s.end = s.start.AddDate(0, 0, o.Days)
	s.vendors = newSimVendors(planning, o.Percent)
	s.planEpisodes(planning)
	s.planQuotas(rand.New(rand.NewPCG(o.Seed, simStreamQuota)))
	return s, nil
}

// run goes through the minutes, in order, and writes what is called.
func (s *sim) run(ctx context.Context) error {
	var calls []*simCall
	pauses := s.options.Pauses
	for minute := s.start; minute.Before(s.end); minute = minute.Add(time.Minute) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for len(pauses) > 0 && s.options.Pause != nil && !minute.Before(pauses[0]) {
			if err := s.out.flush(); err != nil {
				return err
			}
			if err := s.options.Pause(ctx, minute); err != nil {
				return err
			}
			pauses = pauses[1:]
		}
		calls = calls[:0]
		for _, v := range s.vendors {
			calls = s.arrive(calls, v, minute)
		}
		for _, c := range calls {
			s.retries.add(c)
		}
		next := minute.Add(time.Minute)
		for c := s.retries.before(next); c != nil; c = s.retries.before(next) {
			s.serve(c)
		}
	}
	return nil
}

// arrive draws the calls of a vendor in one minute: each slot of it holds a call
// or none, which is a Poisson draw in whole numbers.
func (s *sim) arrive(calls []*simCall, v *simVendor, minute time.Time) []*simCall {
	milli := v.rateMilli(minute) * s.boostPercent(v, minute) / 100
	slots := uint64(120)
	for milli > slots*250 { // at most one in four is taken
		slots *= 4
	}
	chance := milli << 32 / (slots * 1000)
	widthMS := int64(60_000 / slots)
	for slot := range slots {
		if uint64(s.random.Uint32()) >= chance {
			continue
		}
		at := minute.Add(time.Duration(int64(slot)*widthMS+s.random.Int64N(max(1, widthMS))) * time.Millisecond)
		s.order++
		calls = append(calls, s.newCall(v, at, s.order))
	}
	return calls
}

// serve decides the fate of a call, writes it and counts it.
func (s *sim) serve(c *simCall) {
	s.decide(c)
	s.describe(c)
	s.exchanges++
	logged := !s.hole(c.at)
	if !logged {
		s.lost++
	}
	s.count(c, logged)
	if logged {
		if key := s.write(c); key != "" {
			s.pairs[key]++
		}
	}
	s.retry(c)
}
