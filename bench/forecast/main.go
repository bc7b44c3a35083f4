// Command forecast measures how well the end of an allowance is foretold, on the
// demand of simulated quotas, beside what could be known at best: an oracle that
// has the true rhythm and not the chance. It calls package analysis alone, so
// that thousands of projections take seconds. Seeds 1–20 are for tuning, 41–60
// for reporting.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// series is the demand on one quota, by the hour.
type series struct {
	Seed     uint64    `json:"seed"`
	Quota    string    `json:"quota"`
	Start    time.Time `json:"start"`    // of the first hour
	Wanted   []int64   `json:"wanted"`   // calls that count, or would have
	Expected []float64 `json:"expected"` // of the rhythm alone; reaches further
}

func main() {
	var first, last uint64
	var seeds, cache string
	var days int
	flag.StringVar(&seeds, "seeds", "41-60", "score the seeds `FROM-TO`")
	flag.IntVar(&days, "days", demo.SimulateDaysDefault, "days of traffic")
	flag.StringVar(&cache, "series", "", "keep the simulated demand in `FILE`, and take it from there")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	_, err := fmt.Sscanf(seeds, "%d-%d", &first, &last)
	if err == nil {
		err = run(ctx, first, last, days, cache)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "forecast: error:", err)
		os.Exit(3)
	}
}

func run(ctx context.Context, first, last uint64, days int, cache string) error {
	all, err := cached(cache)
	if err != nil {
		return err
	}
	if all == nil {
		for seed := first; seed <= last; seed++ {
			more, err := simulate(ctx, demo.SimulateOptions{Seed: seed, Days: days, OneSided: true})
			if err != nil {
				return err
			}
			all = append(all, more...)
		}
	}
	if cache != "" {
		text, err := json.Marshal(all)
		if err != nil {
			return err
		}
		if err := os.WriteFile(cache, text, 0o644); err != nil {
			return err
		}
	}
	var told []guess
	for i := range all {
		told = append(told, all[i].guesses()...)
	}
	fmt.Print(table(told))
	return nil
}

func cached(file string) ([]series, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []series
	return all, json.Unmarshal(text, &all)
}

// simulate gives the demand of the quotas of one seed. What it writes is thrown away.
func simulate(ctx context.Context, o demo.SimulateOptions) ([]series, error) {
	dir, err := os.MkdirTemp("", "errscope-forecast-")
	if err != nil {
		return nil, err
	}
	truth, err := demo.Simulate(ctx, filepath.Join(dir, "sim"), o)
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		return nil, err
	}
	begin, err := time.Parse(time.RFC3339, truth.Start)
	if err != nil {
		return nil, fmt.Errorf("reading the start of seed %d: %w", o.Seed, err)
	}
	end := begin.AddDate(0, 0, truth.Days)
	of := map[string]*series{}
	var names []string
	for i := range truth.Quotas {
		q := &truth.Quotas[i]
		if q.Said == "header" { // a day's, with other ends than these
			continue
		}
		name := strings.Join([]string{q.Vendor, q.Account}, " ")
		if of[name] == nil {
			of[name] = &series{Seed: o.Seed, Quota: name, Start: begin}
			names = append(names, name)
		}
		if err := of[name].add(q, end); err != nil {
			return nil, err
		}
	}
	var all []series
	for _, name := range names {
		all = append(all, *of[name])
	}
	return all, nil
}

// add takes over a period, as far as the logs reach.
func (s *series) add(q *demo.SimQuota, end time.Time) error {
	start, err := time.Parse(time.RFC3339, q.Start)
	if err != nil {
		return fmt.Errorf("reading a period of %s: %w", s.Quota, err)
	}
	for n := range q.Expected {
		at := start.Add(time.Duration(n) * time.Hour)
		if at.Before(s.Start) {
			continue
		}
		s.Expected = append(s.Expected, float64(stepOf(q.Expected, n))/1000)
		if at.Before(end) {
			s.Wanted = append(s.Wanted, stepOf(q.Wanted, n))
		}
	}
	return nil
}

// stepOf is by how much a sum grew in an hour.
func stepOf(sums []int64, hour int) int64 {
	switch {
	case hour >= len(sums):
		return 0
	case hour == 0:
		return sums[0]
	}
	return sums[hour] - sums[hour-1]
}
