// Command simulate scores errscope on simulated traffic of which the truth is
// known: outage windows, quotas and fused exchanges, over many seeds. Seeds 1–20
// are for tuning, 21–60 for reporting.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/errscope/errscope/cmd/errscope/demo"
	"github.com/errscope/errscope/cmd/errscope/demo/scoring"
)

type options struct {
	seeds, binary, out, keep string
	foresee, verbose         bool
	demo.SimulateOptions
}

func main() {
	var o options
	flag.StringVar(&o.seeds, "seeds", "21-40", "score the seeds `FROM-TO`")
	flag.IntVar(&o.Days, "days", demo.SimulateDaysDefault, "days of traffic")
	flag.IntVar(&o.Percent, "calls", 100, "so many per cent of the usual calls")
	flag.BoolVar(&o.OneSided, "one-sided", false, "write each exchange in one file only")
	flag.BoolVar(&o.foresee, "foresee", false, "judge projections too: reads the logs in pieces")
	flag.BoolVar(&o.verbose, "v", false, "name what came out wrong")
	flag.StringVar(&o.binary, "binary", "", "errscope itself; empty builds it")
	flag.StringVar(&o.out, "o", "", "write the scores as JSON to `FILE`")
	flag.StringVar(&o.keep, "keep", "", "keep the simulations in `DIR`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := score(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate: error:", err)
		os.Exit(3)
	}
}

func score(ctx context.Context, o options) (err error) {
	first, last, err := span(o.seeds)
	if err != nil {
		return err
	}
	work := o.keep
	if work == "" {
		if work, err = os.MkdirTemp("", "errscope-simulate-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	}
	if work, err = filepath.Abs(work); err != nil {
		return err
	}
	binary, err := errscope(ctx, o.binary, work)
	if err != nil {
		return err
	}
	run := runner(binary, work)
	var all []scoring.Seed
	fmt.Println(scoring.Head)
	for seed := first; seed <= last; seed++ {
		one, err := scoreSeed(ctx, run, work, seed, o)
		if err != nil {
			return err
		}
		fmt.Println(one.Line())
		if o.verbose {
			fmt.Print(one.Wrong())
		}
		all = append(all, one)
	}
	fmt.Print("\n", scoring.Sum(all).Table())
	if o.out == "" {
		return nil
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, append(text, '\n'), 0o644)
}

func scoreSeed(ctx context.Context, run scoring.Run, work string, seed uint64, o options) (scoring.Seed, error) {
	dir := filepath.Join(work, "seed-"+strconv.FormatUint(seed, 10))
	o.Seed = seed
	one, err := scoring.Score(ctx, run, dir, o.SimulateOptions)
	if err == nil && o.foresee {
		one.Foreseen, err = scoring.Foresee(ctx, run, dir, dir+"-foresee", o.SimulateOptions, one)
	}
	if o.keep == "" {
		err = errors.Join(err, os.RemoveAll(dir), os.RemoveAll(dir+"-foresee"))
	}
	return one, err
}

// span reads FROM-TO, or one number.
func span(text string) (first, last uint64, err error) {
	from, to, two := strings.Cut(text, "-")
	if !two {
		to = from
	}
	first, err = strconv.ParseUint(from, 10, 64)
	if err == nil {
		last, err = strconv.ParseUint(to, 10, 64)
	}
	if err != nil || last < first {
		return 0, 0, fmt.Errorf("seeds %q are not FROM-TO", text)
	}
	return first, last, nil
}

// errscope is the program to be scored: the one named, or one built from here.
func errscope(ctx context.Context, named, work string) (string, error) {
	if named != "" {
		return filepath.Abs(named)
	}
	// Not in the home folder itself, where the configuration is looked for below errscope/.
	binary := filepath.Join(work, "bin", "errscope")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/errscope/errscope/cmd/errscope")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("building errscope: %w", err)
	}
	return binary, nil
}

func runner(binary, home string) scoring.Run {
	return func(ctx context.Context, dir string, args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, binary, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("errscope %s: %w: %s", args[0], err, bytes.TrimSpace(errs.Bytes()))
		}
		return out.Bytes(), nil
	}
}
