// Package scoring compares what errscope says of a simulation with what is true
// of it. It only counts: running errscope and asking its database is the
// caller's.
package scoring

import (
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// Window is a row of outage_windows.
type Window struct {
	ID     string `json:"id"`
	Vendor string `json:"vendor"`
	Host   string `json:"host"`
	Route  string `json:"route"` // "" for the whole vendor
	// End is zero while the window is open.
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Local bool      `json:"local"` // said to be a trouble of our own network
	Note  string    `json:"note"`
}

// Windows is the score of the outage windows of one simulation.
type Windows struct {
	Judged int // outages that the calls can prove
	Found  int // of them
	// Unproved outages are left out: too few calls could tell.
	Unproved int
	// Extra are windows for which there is no outage, by what they fell for: a
	// confounder, an outage in the wrong scope or in pieces, or noise.
	Extra  map[string]int
	Kinds  map[string]Tally // by kind of outage
	Starts []float64        // seconds of error of the outages found
	Ends   []float64
	Open   Tally // outages still open at the end, and how many are said to be
	Misses []demo.SimWindow
	Wrong  []Window // those of Extra
	// Announced are windows of planned maintenance.
	Announced Tally
}

// Tally counts how many of a kind came out right.
type Tally struct{ Of, Right int }

// What an outage must show before it is judged: failures, and how much likelier
// they are than on other days (natural logarithm). 4 calls at night do not.
const (
	provedFailures   = 6
	provedLikelihood = 14.0
)

// ScoreWindows compares the windows found with the true ones.
func ScoreWindows(t demo.SimTruth, found []Window) Windows {
	end := moment(t.End)
	s := Windows{Extra: map[string]int{}, Kinds: map[string]Tally{}}
	taken := make([]bool, len(found))
	for _, w := range t.Windows {
		if w.First == "" {
			s.Unproved++
			continue
		}
		parts := s.parts(w, found, taken, end)
		ok := covered(w, parts, end)
		if !proved(w) {
			s.Unproved++
			continue
		}
		s.Judged++
		kind := s.Kinds[w.Kind]
		kind.Of++
		if !ok {
			s.Kinds[w.Kind] = kind
			s.Misses = append(s.Misses, w)
			s.blame("pieces of "+w.Kind, parts)
			continue
		}
		kind.Right++
		s.Kinds[w.Kind] = kind
		s.Found++
		s.measure(w, parts, end)
	}
	for i, f := range found {
		if !taken[i] {
			s.judge(t, f, end)
		}
	}
	return s
}

// parts takes the windows of the outage's scope that lie in it, by time.
func (s *Windows) parts(w demo.SimWindow, found []Window, taken []bool, end time.Time) []Window {
	var parts []Window
	from, to := moment(w.StartFrom), moment(w.EndTo)
	for i, f := range found {
		if taken[i] || f.Local || !sameScope(w, f) {
			continue
		}
		stop := until(f, end)
		if in := common(from, to, f.Start, stop); in > 0 && 2*in >= stop.Sub(f.Start) {
			taken[i] = true
			parts = append(parts, f)
		}
	}
	slices.SortFunc(parts, func(a, b Window) int { return a.Start.Compare(b.Start) })
	return parts
}

// covered reports whether the windows hold at least half of the outage.
func covered(w demo.SimWindow, parts []Window, end time.Time) bool {
	first, last := moment(w.First), moment(w.Last)
	sum := time.Duration(0)
	for _, p := range parts {
		sum += common(first, last, p.Start, until(p, end))
	}
	return len(parts) > 0 && 2*sum >= last.Sub(first)
}

// measure notes the errors of an outage that was found. An outage that comes and
// goes may be told in pieces, no other.
func (s *Windows) measure(w demo.SimWindow, parts []Window, end time.Time) {
	s.Starts = append(s.Starts, beyond(parts[0].Start, moment(w.StartFrom), moment(w.StartTo)))
	last := parts[len(parts)-1]
	if w.To == nil {
		s.Open.Of++
		if last.End.IsZero() {
			s.Open.Right++
		}
	} else {
		s.Ends = append(s.Ends, beyond(until(last, end), moment(w.EndFrom), moment(w.EndTo)))
	}
	if w.Kind != "flapping" {
		s.blame("pieces of "+w.Kind, parts[1:])
	}
}

func (s *Windows) blame(why string, windows []Window) {
	if len(windows) > 0 {
		s.Extra[why] += len(windows)
		s.Wrong = append(s.Wrong, windows...)
	}
}

// judge says what a window fell for that belongs to no outage.
func (s *Windows) judge(t demo.SimTruth, f Window, end time.Time) {
	stop := until(f, end)
	for _, w := range t.Confounders {
		if common(moment(w.From), endOf(w, end), f.Start, stop) <= 0 {
			continue
		}
		switch {
		case w.Kind == "planned_maintenance" && sameVendor(w, f):
			s.Announced.Of++
			if f.Note != "" {
				s.Announced.Right++
			}
			return
		case w.Kind == "own_network" && f.Local:
			return
		}
	}
	if why := fellFor(t.Windows, f, end); why != "" {
		s.blame("scope of "+why, []Window{f})
		return
	}
	if why := fellFor(t.Confounders, f, end); why != "" {
		s.blame(why, []Window{f})
		return
	}
	s.blame("noise", []Window{f})
}

// fellFor names the shortest thing of the same vendor that goes on in the window.
func fellFor(all []demo.SimWindow, f Window, end time.Time) string {
	kind, shortest := "", time.Duration(math.MaxInt64)
	for _, w := range all {
		from, to := moment(w.From), endOf(w, end)
		if (w.Vendor == "" || sameVendor(w, f)) && (w.Kind != "sleepy_route" || f.Route != "" && sameScope(w, f)) &&
			common(from, to, f.Start, until(f, end)) > 0 && to.Sub(from) < shortest {
			kind, shortest = w.Kind, to.Sub(from)
		}
	}
	return kind
}

// proved reports whether the calls can tell the outage from other days.
func proved(w demo.SimWindow) bool {
	if w.Failures < provedFailures {
		return false
	}
	n, usual := float64(w.Calls), (float64(w.UsualPermille)+0.5)/1000
	ratio := min(float64(w.Failures)/n, 0.9999)
	return ratio > usual && n*(ratio*math.Log(ratio/usual)+(1-ratio)*math.Log((1-ratio)/(1-usual))) >= provedLikelihood
}

func sameVendor(w demo.SimWindow, f Window) bool {
	if w.Vendor == "unknown" {
		return f.Host == w.Host
	}
	return f.Vendor == w.Vendor
}

func sameScope(w demo.SimWindow, f Window) bool {
	route := ""
	if w.Route != nil {
		route = *w.Route
	}
	return sameVendor(w, f) && route == f.Route
}

func until(f Window, end time.Time) time.Time {
	if f.End.IsZero() {
		return end
	}
	return f.End
}

func endOf(w demo.SimWindow, end time.Time) time.Time {
	if w.To == nil {
		return end
	}
	return moment(*w.To)
}

// common is how long two spans overlap, negative where they do not. Spans of no
// length are as long as a second.
func common(a1, a2, b1, b2 time.Time) time.Duration {
	from, to := a1, a2
	if b1.After(from) {
		from = b1
	}
	if b2.Before(to) {
		to = b2
	}
	if to.Equal(from) {
		return 1
	}
	return to.Sub(from)
}

// beyond is how many seconds a time lies outside a span.
func beyond(at, from, to time.Time) float64 {
	switch {
	case at.Before(from):
		return from.Sub(at).Seconds()
	case at.After(to):
		return at.Sub(to).Seconds()
	}
	return 0
}

// moment reads a time of the truth; an empty one is the zero time.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
