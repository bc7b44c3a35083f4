package main

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/errscope/errscope/cmd/errscope/demo"
	"github.com/errscope/errscope/cmd/errscope/demo/scoring"
)

// The goals that the simulation holds errscope to. One is switched on when its
// part is in; the whole report is `go run ./bench/simulate -seeds 21-60`. Many
// exchanges are in two logs, and must be one row.
const (
	gateFusion  = true
	gateWindows = true
	gateQuotas  = true
)

// Goals of design.md, over the few seeds that a test has time for.
const (
	precisionMin   = 0.95
	recallMin      = 0.95
	startErrorMaxS = 60 // of 95 in 100
	usedErrorMax   = 0.0
	dryErrorMaxS   = 60
)

// TestSimulationGoals scores errscope on three seeds that nobody tunes on.
func TestSimulationGoals(t *testing.T) {
	run := func(_ context.Context, dir string, args ...string) ([]byte, error) {
		cmd := command(t, dir, args...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, errs.Bytes())
		}
		return out, nil
	}
	var all []scoring.Seed
	for seed := range uint64(3) {
		one, err := scoring.Score(t.Context(), run, t.TempDir(), demo.SimulateOptions{Seed: 41 + seed, Days: 7, Percent: 60})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
		if gateFusion && one.Counted != one.Exchanges {
			t.Errorf("seed %d: %d rows of %d exchanges", one.Seed, one.Counted, one.Exchanges)
		}
		t.Log("\n" + scoring.Head + "\n" + one.Line() + "\n" + one.Wrong())
	}
	total := scoring.Sum(all)
	t.Log("\n" + total.Table())
	if gateWindows && (total.Precision() < precisionMin || total.Recall() < recallMin || total.StartP95() > startErrorMaxS) {
		t.Errorf("precision %.3f, recall %.3f, 95 of 100 starts within %.0f s", total.Precision(), total.Recall(), total.StartP95())
	}
	if gateQuotas && (total.UsedWorst() > usedErrorMax || total.DryWorstS() > dryErrorMaxS || total.Quotas.Missing+total.Quotas.FalselyDry > 0) {
		t.Errorf("used is wrong by up to %.4f, exhaustion by %.0f s; %d quotas missing, %d falsely dry", total.UsedWorst(), total.DryWorstS(),
			total.Quotas.Missing, total.Quotas.FalselyDry)
	}
}
