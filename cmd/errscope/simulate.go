package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// bindSimulation adds the flags of those who work on the analysis. They are not
// shown; docs/simulation.md describes them.
func bindSimulation(f *pflag.FlagSet, simulate *bool, o *demo.SimulateOptions) {
	f.BoolVar(simulate, "simulate", false, "write weeks of traffic with labelled outages instead")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "choose other traffic")
	f.IntVar(&o.Days, "days", demo.SimulateDaysDefault, "so many days of it")
	f.IntVar(&o.Percent, "calls", 100, "so many per cent of the usual calls")
	f.BoolVar(&o.OneSided, "one-sided", false, "write each exchange in one file only")
	for _, name := range []string{"simulate", "seed", "days", "calls", "one-sided"} {
		if flag := f.Lookup(name); flag != nil {
			flag.Hidden = true
		}
	}
}

// simulate writes a simulation into dir.
func (a *app) simulate(ctx context.Context, dir string, o demo.SimulateOptions) error {
	if dir == "" {
		return usageError(errors.New("--simulate writes much and keeps it: it needs --out DIR"), "")
	}
	truth, err := demo.Simulate(ctx, dir, o)
	if err != nil {
		return failedError(err, "")
	}
	fmt.Fprintf(a.err, "errscope: wrote %s: %d exchanges, %d outages; the truth is in %s\n", visible(filepath.Join(dir, "logs")),
		truth.Exchanges, len(truth.Windows), visible(filepath.Join(dir, "truth.json")))
	return nil
}
