package scoring

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Head is the headline over the lines of seeds.
const Head = "seed  exchanges  rows wrong  outages  found  unproved  false  start p50/p95/max s    end p50/p95/max s  quotas exact  dry told   sim+ingest s"

// Line is the score of a seed in one line.
func (s Seed) Line() string {
	return fmt.Sprintf("%4d  %9d  %10d  %7d  %5d  %8d  %5d  %19s  %19s  %6d/%-5d  %3d/%-3d  %5.1f+%.1f",
		s.Seed, s.Exchanges, s.Counted-s.Exchanges, s.Windows.Judged, s.Windows.Found, s.Windows.Unproved, len(s.Windows.Wrong),
		spread(s.Windows.Starts), spread(s.Windows.Ends), s.Quotas.Exact, s.Quotas.Judged, s.Quotas.Exhausted.Right, s.Quotas.Exhausted.Of, s.SimulatedS, s.IngestedS)
}

// Wrong names what came out wrong, line by line.
func (s Seed) Wrong() string {
	var out strings.Builder
	for _, w := range s.Windows.Misses {
		fmt.Fprintf(&out, "      missed %s %s %s %s..%s: %d of %d calls\n", w.Kind, w.Vendor, routeOf(w.Route), w.First, w.Last, w.Failures, w.Calls)
	}
	for _, w := range s.Windows.Wrong {
		fmt.Fprintf(&out, "      false  %s %s %s %s..%s\n", w.Vendor, w.Host, w.Route, w.Start.Format("2006-01-02T15:04:05"), w.End.Format("2006-01-02T15:04:05"))
	}
	for _, m := range s.Quotas.Misses {
		fmt.Fprintf(&out, "      quota  %s\n", m)
	}
	for _, p := range s.Foreseen {
		fmt.Fprintf(&out, "      foreseen %s %.0f h ahead: said %t, wrong by %.1f h (%.0f %%), by %.0f %% of %d calls left, in the interval %t\n", p.Quota, p.AheadH, p.Said, p.ErrorH, 100*p.Share, 100*p.Calls, p.Left, p.Interval)
	}
	return out.String()
}

func routeOf(route *string) string {
	if route == nil {
		return "*"
	}
	return *route
}

// Total is the score over several simulations.
type Total struct {
	Seeds, RowsWrong int
	Windows          Windows
	Quotas           Quotas
	Foreseen         []Projection
}

// Sum adds scores up.
func Sum(all []Seed) Total {
	t := Total{Seeds: len(all), Windows: Windows{Extra: map[string]int{}, Kinds: map[string]Tally{}}}
	for _, s := range all {
		if s.Counted != s.Exchanges {
			t.RowsWrong++
		}
		w, q := &t.Windows, &t.Quotas
		w.Judged += s.Windows.Judged
		w.Found += s.Windows.Found
		w.Unproved += s.Windows.Unproved
		w.Starts = append(w.Starts, s.Windows.Starts...)
		w.Ends = append(w.Ends, s.Windows.Ends...)
		w.Wrong = append(w.Wrong, s.Windows.Wrong...)
		w.Open.add(s.Windows.Open)
		w.Announced.add(s.Windows.Announced)
		for why, n := range s.Windows.Extra {
			w.Extra[why] += n
		}
		for kind, n := range s.Windows.Kinds {
			sum := w.Kinds[kind]
			sum.add(n)
			w.Kinds[kind] = sum
		}
		q.Judged += s.Quotas.Judged
		q.Missing += s.Quotas.Missing
		q.Exact += s.Quotas.Exact
		q.Used = append(q.Used, s.Quotas.Used...)
		q.Limits.add(s.Quotas.Limits)
		q.Exhausted.add(s.Quotas.Exhausted)
		q.FalselyDry += s.Quotas.FalselyDry
		q.ExhaustedAt = append(q.ExhaustedAt, s.Quotas.ExhaustedAt...)
		t.Foreseen = append(t.Foreseen, s.Foreseen...)
	}
	return t
}

func (t *Tally) add(more Tally) { t.Of, t.Right = t.Of+more.Of, t.Right+more.Right }

// Recall is the share of the outages that were found.
func (t Total) Recall() float64 { return ratio(t.Windows.Found, t.Windows.Judged) }

// Precision is the share of the windows that are outages.
func (t Total) Precision() float64 {
	return ratio(t.Windows.Found, t.Windows.Found+len(t.Windows.Wrong))
}

// StartP95 is the error in seconds that 95 of 100 starts keep to.
func (t Total) StartP95() float64 { return quantile(t.Windows.Starts, 0.95) }

// UsedWorst is the largest error of a number used, as a share of it.
func (t Total) UsedWorst() float64 { return quantile(t.Quotas.Used, 1) }

// DryWorstS is the largest error in seconds of a quota's exhaustion.
func (t Total) DryWorstS() float64 { return quantile(t.Quotas.ExhaustedAt, 1) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Table is the total for people.
func (t Total) Table() string {
	var out strings.Builder
	w, q := t.Windows, t.Quotas
	fmt.Fprintf(&out, "outages    precision %.3f, recall %.3f (%d of %d, %d more had too few calls), %d false\n", t.Precision(), t.Recall(), w.Found, w.Judged, w.Unproved, len(w.Wrong))
	fmt.Fprintf(&out, "start      error p50/p95/max %s s, within a minute %.3f\n", spread(w.Starts), within(w.Starts, 60))
	fmt.Fprintf(&out, "end        error p50/p95/max %s s, within a minute %.3f; open %d of %d\n", spread(w.Ends), within(w.Ends, 60), w.Open.Right, w.Open.Of)
	fmt.Fprintf(&out, "announced  %d of %d windows of planned maintenance carry a note\n", w.Announced.Right, w.Announced.Of)
	for _, kind := range slices.Sorted(maps.Keys(w.Kinds)) {
		fmt.Fprintf(&out, "  found %-22s %d of %d\n", kind, w.Kinds[kind].Right, w.Kinds[kind].Of)
	}
	for _, why := range slices.Sorted(maps.Keys(w.Extra)) {
		fmt.Fprintf(&out, "  false %-22s %d\n", why, w.Extra[why])
	}
	fmt.Fprintf(&out, "quotas     used exact %d of %d (%d without a row), error p50/p95/max %s %%\n", q.Exact, q.Judged, q.Missing, percents(q.Used))
	fmt.Fprintf(&out, "           limit right %d of %d; dry told %d of %d, error p50/p95/max %s s; falsely dry %d\n", q.Limits.Right, q.Limits.Of, q.Exhausted.Right, q.Exhausted.Of, spread(q.ExhaustedAt), q.FalselyDry)
	for _, h := range slices.Backward(aheadH) {
		t.foreseen(&out, h)
	}
	fmt.Fprintf(&out, "exchanges  %d of %d seeds have another number of rows than exchanges\n", t.RowsWrong, t.Seeds)
	return out.String()
}

// foreseen is the line of the projections made so many hours ahead.
func (t Total) foreseen(out *strings.Builder, hours int) {
	var shares, calls, chances []float64
	asked, inside := 0, 0
	for _, p := range t.Foreseen {
		if int(p.AheadH+0.5) != hours {
			continue
		}
		asked++
		if p.Said {
			shares = append(shares, p.Share)
			calls = append(calls, p.Calls)
			chances = append(chances, 1/math.Sqrt(float64(max(1, p.Left))))
		}
		if p.Interval {
			inside++
		}
	}
	if asked > 0 {
		fmt.Fprintf(out, "foreseen   %3d h ahead: said %d of %d, error p50/p95/max %s %% of the time left, %s %% of the calls left (chance alone: %s), in the interval %d\n",
			hours, len(shares), asked, percents(shares), percents(calls), percents(chances), inside)
	}
}

func spread(values []float64) string {
	if len(values) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f/%.0f/%.0f", quantile(values, 0.5), quantile(values, 0.95), quantile(values, 1))
}

func percents(values []float64) string {
	if len(values) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f/%.2f/%.2f", 100*quantile(values, 0.5), 100*quantile(values, 0.95), 100*quantile(values, 1))
}

func within(values []float64, limit float64) float64 {
	n := 0
	for _, v := range values {
		if v <= limit {
			n++
		}
	}
	return ratio(n, len(values))
}

// quantile is the smallest value that a share q of them does not exceed.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	i := int(q*float64(len(sorted))+0.999999) - 1
	return sorted[max(0, min(i, len(sorted)-1))]
}
