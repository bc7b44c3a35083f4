package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// What a difference of latencies must be to be worth a word.
const (
	latencyTimedMin = 20  // fewer durations say little of a median
	failsLateFactor = 2.0 // failures take so many times as long as answers
	slowedFactor    = 1.5 // answers took so many times as long as in the hour before
)

// Latency pairs the answers and the failures of each vendor and route, says
// where callers wait long for a failure, and before which outages answers came
// slower. Those with most requests come first.
func Latency(rows []queries.LatencyRow, windows []queries.LatencyWindow) queries.Latency {
	type key struct {
		whole                       bool
		vendor, host, method, route string
	}
	at := map[key]int{}
	var pairs []queries.LatencyPair
	for _, r := range rows {
		k := key{r.Whole, r.Vendor, r.Host, r.Method, r.Route}
		i, known := at[k]
		if !known {
			i, at[k] = len(pairs), len(pairs)
			none := queries.LatencyRow{Vendor: r.Vendor, Host: r.Host, Method: r.Method, Route: r.Route, Whole: r.Whole}
			pairs = append(pairs, queries.LatencyPair{Answers: none, Failures: none})
		}
		if r.Failed {
			pairs[i].Failures = r
		} else {
			pairs[i].Answers = r
		}
	}
	slices.SortFunc(pairs, compareLatencies)
	var out queries.Latency
	for _, p := range pairs {
		a, f := p.Answers, p.Failures
		p.FailsLate = a.Timed >= latencyTimedMin && f.Timed >= latencyTimedMin && f.MSP50 > failsLateFactor*a.MSP50 && f.MSP50 > a.MSP90
		if a.Whole {
			out.Vendors = append(out.Vendors, p)
		} else {
			out.Routes = append(out.Routes, p)
		}
	}
	out.Windows = slices.Clone(windows)
	for i := range out.Windows {
		w := &out.Windows[i]
		w.Slowed = w.Usual >= latencyTimedMin && w.Before >= latencyTimedMin &&
			w.BeforeMSP50 > slowedFactor*w.UsualMSP50 && w.BeforeMSP95 > w.UsualMSP95
	}
	slices.SortFunc(out.Windows, func(a, b queries.LatencyWindow) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.WindowID, b.WindowID))
	})
	return out
}

func compareLatencies(a, b queries.LatencyPair) int {
	return cmp.Or(
		cmp.Compare(b.Answers.Requests+b.Failures.Requests, a.Answers.Requests+a.Failures.Requests),
		cmp.Compare(a.Answers.Vendor, b.Answers.Vendor), cmp.Compare(a.Answers.Host, b.Answers.Host),
		cmp.Compare(a.Answers.Method, b.Answers.Method), cmp.Compare(a.Answers.Route, b.Answers.Route))
}
