package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// Outage is a time in which a vendor, or one route of it, failed beyond what is
// usual there. Minutes count from 1970, UTC.
type Outage struct {
	Vendor string
	Host   string // "" where a pack knows the vendor
	Route  string // of one route; see AllRoutes
	// AllRoutes says that the whole vendor failed; Route is "" then.
	AllRoutes   bool
	FirstMinute int64 // of the first failed call
	LastMinute  int64 // of the last failed call
	Open        bool  // nothing shows that it is over
	Calls       int64 // each once, however often it was tried
	Failed      int64
	Unreached   int64 // of Failed, those that may have come to nobody
	// Usual is the share of calls that fails otherwise, from 0 to 1.
	Usual      float64
	PeakRatio  float64 // the worst minute's share
	PeakMinute int64
	// Score is the logarithm of how much likelier the calls are in an outage
	// than with the usual share of failures.
	Score float64
}

// LocalOutage is a time in which no vendor was reached, so that the fault is on
// our side of the network.
type LocalOutage struct {
	FirstMinute, LastMinute int64
	Open                    bool
	Vendors                 []string // and hosts that no pack knows, in order
	Calls, Failed           int64
}

// The limits of the search; ARCHITECTURE.md says where they come from.
const (
	// openScore opens a window: the odds against chance are e^20.
	openScore = 20.0
	// candidateScore is worth a second look, by the window's own ratio.
	candidateScore = 8.0
	// closeScore closes a window: the odds that it is over are e^8.
	closeScore = 8.0
	// tailScore is what calls must show to belong to a window that would close:
	// two that fail one after the other, mostly.
	tailScore = 4.5
	// holdMinutes is how long calls must have been well for a window to close:
	// what comes and goes faster is one outage.
	holdMinutes = 10
	// joinMinutes between two windows are no end of the first: what is on and off
	// every ten minutes, as far as calls can tell, is one outage.
	joinMinutes = 15
	// flapsMin windows are one outage that flaps where no pause between them is
	// longer than flapMinutes, nor much longer than what it parts.
	flapsMin, flapMinutes = 3, 30
	// silenceMinutes without any call end a window without a word of recovery.
	silenceMinutes = 6 * 60
	// failedCallsMin is the fewest calls that make an outage.
	failedCallsMin = 5
	// shareMin is the least share of calls that an outage takes, or, where it is
	// timesUsual of what fails usually, faintShareMin.
	shareMin, faintShareMin, timesUsual = 0.06, 0.03, 4.0
	// besidesScore is what a window must show without its worst minute: calls of
	// one moment that failed are no outage, however many.
	besidesScore = 6.0
	// momentShareMin is the share of calls that fails in a window of two minutes:
	// else it is one moment on either side of the full minute.
	momentShareMin = 0.5
	// aroundMinutes is how far around a candidate its bounds are looked for.
	aroundMinutes = 3 * 60
)

// trialShares are the shares of additional failures that are looked for: a
// brown-out, a partial outage, a full one.
func trialShares() []float64 { return []float64{0.08, 0.35, 0.9} }

// FindOutages finds the outages in runs, which are in order of vendor, host,
// first minute and route, with what is usual by blocks. until is the last minute
// of which anything is known of any vendor. The answer is ordered by first
// minute, vendor, host and route.
func FindOutages(runs []queries.TrafficRun, blocks []queries.TrafficBlock, until int64) ([]Outage, []LocalOutage) {
	usual := newUsual(blocks)
	var found []Outage
	var vendors []*traffic
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && runs[n].Vendor == runs[0].Vendor && runs[n].Host == runs[0].Host {
			n++
		}
		t := newTraffic(runs[:n], usual, until)
		runs = runs[n:]
		vendors = append(vendors, t)
		found = append(found, t.outages()...)
	}
	found, local := splitLocal(found, vendors)
	found = besidesLocal(found, local, vendors)
	slices.SortFunc(found, compareOutages)
	return found, local
}

func compareOutages(a, b Outage) int {
	return cmp.Or(cmp.Compare(a.FirstMinute, b.FirstMinute), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Route, b.Route))
}

// outages finds what was down of one vendor.
func (t *traffic) outages() []Outage {
	all := t.windows(t.steps)
	byRoute := make([][]window, len(t.routes))
	for r := range t.routes {
		byRoute[r] = t.windows(t.routeSteps(r))
	}
	var list []Outage
	var wide []window
	for _, w := range all {
		if t.isWide(w) {
			wide = append(wide, t.widen(t.steps, all, w))
		}
	}
	wide = t.join(t.steps, wide)
	for _, w := range wide {
		list = append(list, t.outage(w, t.steps, -1))
	}
	for r, windows := range byRoute {
		steps := t.routeSteps(r)
		for _, w := range windows {
			if w = t.widen(steps, windows, w); !coveredBy(w, steps, wide) {
				list = append(list, t.outage(w, steps, r))
			}
		}
	}
	return list
}

// coveredBy reports whether a route's window is nothing but what it has of the
// vendor's: what lies outside of these is no outage by itself.
func coveredBy(w window, steps []step, wide []window) bool {
	touched, outside := false, 0.0
	for i := range steps[w.from : w.to+1] {
		s := &steps[w.from+i]
		if slices.ContainsFunc(wide, func(v window) bool { return s.first <= v.last+holdMinutes && v.first-holdMinutes <= s.last }) {
			touched = true
			continue
		}
		outside += s.score(w.share)
	}
	return touched && outside < openScore
}

// isWide reports whether it is the vendor that fails and not one route: what is
// left of the calls when the worst route is taken away fails as well, and no
// large part of them is well.
func (t *traffic) isWide(w window) bool {
	called, sick, well := 0, int64(0), int64(0)
	sum, worst := 0.0, 0.0
	for r := range t.routes {
		calls, failed, score := int64(0), int64(0), 0.0
		for _, s := range t.steps[w.from : w.to+1] {
			for _, c := range s.calls {
				if c.route == r {
					calls += c.calls
					failed += c.failed
					score += c.score(w.share)
				}
			}
		}
		if calls == 0 {
			continue
		}
		called++
		sum += score
		worst = max(worst, score)
		switch {
		case score > 1:
			sick += calls
		case score < -1:
			well += calls
		}
	}
	if called == 1 {
		return !t.callsOthers(w.first / minutesPerDay)
	}
	return sum-worst > 0 && 2*well < sick
}

// callsOthers reports whether more than one route belongs to what is usual on a
// day. Where it does, a window in which one was called says nothing of the rest.
func (t *traffic) callsOthers(day int64) bool {
	routes := 0
	for _, k := range t.usual.routes[[2]string{t.vendor, t.host}] {
		if slices.ContainsFunc(t.usual.blocks[k], func(b queries.TrafficBlock) bool {
			return b.Day >= day-usualDays && b.Day <= day && b.Calls > 0
		}) {
			if routes++; routes > 1 {
				return true
			}
		}
	}
	return false
}

// outage says what there is to say about a window; route -1 is all of them.
func (t *traffic) outage(w window, steps []step, route int) Outage {
	o := Outage{Vendor: t.vendor, Host: t.host, AllRoutes: route < 0, FirstMinute: w.first, LastMinute: w.last, Open: w.open, Score: w.score}
	if route >= 0 {
		o.Route = t.routes[route]
	}
	expected, best := 0.0, -1.0
	for _, s := range steps[w.from : w.to+1] {
		calls, failed := int64(0), int64(0)
		for _, c := range s.calls {
			calls += c.calls
			failed += c.failed
			o.Unreached += c.unreached
			expected += float64(c.calls) * c.usual
		}
		o.Calls += calls
		o.Failed += failed
		if low := wilsonLow(failed, calls); low > best {
			best, o.PeakRatio, o.PeakMinute = low, float64(failed)/float64(calls), s.first
		}
	}
	if o.Calls > 0 {
		o.Usual = expected / float64(o.Calls)
	}
	return o
}
