package scoring

import (
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// truthOf simulates a few days and gives the truth only.
func truthOf(t *testing.T) demo.SimTruth {
	t.Helper()
	truth, err := demo.Simulate(t.Context(), t.TempDir(), demo.SimulateOptions{Seed: 2, Days: 7, Percent: 60})
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// perfect are the windows that a detector without fault would give.
func perfect(truth demo.SimTruth) []Window {
	var all []Window
	for _, w := range truth.Windows {
		f := Window{Vendor: w.Vendor, Host: w.Host, Start: moment(w.First)}
		if w.Route != nil {
			f.Route = *w.Route
		}
		if w.To != nil {
			f.End = moment(w.Last)
		}
		all = append(all, f)
	}
	return all
}

func TestPerfectWindowsScoreFull(t *testing.T) {
	truth := truthOf(t)
	s := ScoreWindows(truth, perfect(truth))
	if s.Judged < 4 || s.Found != s.Judged || len(s.Wrong) != 0 {
		t.Errorf("found %d of %d, %d wrong: %v", s.Found, s.Judged, len(s.Wrong), s.Extra)
	}
	// The first and the last failure are as good as anybody can tell; only a
	// ramp's end in the middle.
	if quantile(s.Starts, 1) != 0 || quantile(s.Ends, 1) != 0 {
		t.Errorf("errors of starts %v, of ends %v", s.Starts, s.Ends)
	}
	if s.Open.Of != 1 || s.Open.Right != 1 {
		t.Errorf("open: %+v", s.Open)
	}
}

// TestWrongWindowsCost spoils the perfect answer in one way at a time.
func TestWrongWindowsCost(t *testing.T) {
	truth := truthOf(t)
	full := ScoreWindows(truth, perfect(truth))
	confounder := demo.SimWindow{}
	for _, w := range truth.Confounders {
		if w.Vendor != "" && w.Route == nil {
			confounder = w
		}
	}
	at := moment(confounder.From).Add(time.Minute)
	for _, c := range []struct {
		name         string
		spoil        func([]Window) []Window
		found, wrong int // by how many the score changes
	}{
		{"one is missing", func(w []Window) []Window { return w[1:] }, -1, 0},
		{"one has the wrong scope", func(w []Window) []Window { w[1].Route = "/nowhere"; return w }, -1, 1},
		{"one has the wrong vendor", func(w []Window) []Window { w[1].Vendor, w[1].Host = "other", "other"; return w }, -1, 1},
		{"one falls for a confounder", func(w []Window) []Window {
			return append(w, Window{Vendor: confounder.Vendor, Host: confounder.Host, Start: at, End: at.Add(time.Minute)})
		}, 0, 1},
		{"one is of our own network", func(w []Window) []Window {
			for _, c := range truth.Confounders {
				if c.Kind == "own_network" {
					w = append(w, Window{Vendor: "carsxe", Start: moment(c.From), End: moment(*c.To), Local: true})
				}
			}
			return w
		}, 0, 0},
		{"one is told twice as long", func(w []Window) []Window {
			w[1].Start = w[1].Start.Add(-3 * w[1].End.Sub(w[1].Start))
			return w
		}, -1, 1},
	} {
		s := ScoreWindows(truth, c.spoil(perfect(truth)))
		if s.Found-full.Found != c.found || len(s.Wrong)-len(full.Wrong) != c.wrong {
			t.Errorf("%s: found %d and wrong %d, before %d and %d (%v)", c.name, s.Found, len(s.Wrong), full.Found, len(full.Wrong), s.Extra)
		}
	}
}

// TestFewCallsProveNothing keeps 2 of 3 at night out of the score.
func TestFewCallsProveNothing(t *testing.T) {
	for _, c := range []struct {
		failures, calls int64
		usual           int
		want            bool
	}{{2, 3, 5, false}, {5, 5, 5, false}, {12, 12, 5, true}, {33, 35, 5, true}, {30, 100, 300, false}, {60, 400, 5, true}} {
		if got := proved(demo.SimWindow{Failures: c.failures, Calls: c.calls, UsualPermille: c.usual}); got != c.want {
			t.Errorf("%d of %d calls, usual %d: proved %t", c.failures, c.calls, c.usual, got)
		}
	}
}

func perfectQuotas(truth demo.SimTruth) []Quota {
	var all []Quota
	for _, q := range truth.Quotas {
		all = append(all, Quota{Vendor: q.Vendor, Host: q.Host, Account: "fingerprint of " + q.Account, Name: q.Name, PeriodStart: moment(q.Start),
			Limit: q.Limit, Used: q.Used, Exhausted: moment(q.Exhausted)})
	}
	return all
}

func TestQuotas(t *testing.T) {
	truth := truthOf(t)
	s := ScoreQuotas(truth, perfectQuotas(truth))
	if s.Missing+s.FalselyDry+len(s.Misses) != 0 || s.Exact != s.Judged || s.Exhausted.Right != s.Exhausted.Of || s.Limits.Right != s.Limits.Of {
		t.Errorf("a perfect ledger scores %+v", s)
	}
	rows := perfectQuotas(truth)
	rows[0].Used += rows[0].Used + 1000
	rows[1].Exhausted = moment(truth.End)
	rows = rows[:len(rows)-1]
	s = ScoreQuotas(truth, rows)
	if s.Missing != 1 || s.Exact >= s.Judged-1 {
		t.Errorf("a spoilt ledger scores %+v", s)
	}
}

func TestProjection(t *testing.T) {
	end := time.Date(2026, time.October, 20, 12, 0, 0, 0, time.UTC)
	q := demo.SimQuota{Vendor: "carsxe", Exhausted: end.Format(time.RFC3339)}
	got := ScoreProjection(q, end.Add(-20*time.Hour), &Quota{Projected: end.Add(time.Hour), ProjectedFrom: end.Add(-time.Hour), ProjectedTo: end.Add(2 * time.Hour)})
	if !got.Said || got.Share != 0.05 || !got.Interval {
		t.Errorf("%+v", got)
	}
	if none := ScoreProjection(q, end.Add(-20*time.Hour), nil); none.Said {
		t.Errorf("%+v", none)
	}
}
