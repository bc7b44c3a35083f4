package demo

import (
	"math/rand/v2"
	"time"
)

// episode is something that happens for a while: an outage, or a confounder
// that looks like one.
type episode struct {
	kind         string
	outage       bool
	vendor       *simVendor // nil for all of them
	route        string     // "" for all of them
	from, to     time.Time
	open         bool // it outlasts the traffic
	peakPermille int
	answers      []answer
	boostPercent uint64 // of the calls
	bodiesOnly   bool   // it hits only calls whose bodies are captured
	slowTimes    int    // of the usual duration

	span episodeCount
}

// outageKind says how an outage of a kind is made.
type outageKind struct {
	name                 string
	minMinutes, maxMin   int
	minPermille, maxPerm int
	minCalls, maxCalls   int // expected in its span and scope
	route                bool
	night                bool
	answers              []answer
}

var outageKinds = []outageKind{
	{name: "full", minMinutes: 20, maxMin: 90, minPermille: 930, maxPerm: 1000, minCalls: 12},
	{name: "partial", minMinutes: 60, maxMin: 180, minPermille: 200, maxPerm: 600, minCalls: 60},
	{name: "brownout", minMinutes: 90, maxMin: 240, minPermille: 100, maxPerm: 300, minCalls: 200},
	{name: "ramp", minMinutes: 70, maxMin: 150, minPermille: 800, maxPerm: 950, minCalls: 60},
	{name: "route", minMinutes: 30, maxMin: 120, minPermille: 850, maxPerm: 1000, minCalls: 12, route: true},
	{name: "short", minMinutes: 4, maxMin: 4, minPermille: 930, maxPerm: 1000, minCalls: 8},
	{name: "long", minMinutes: 360, maxMin: 360, minPermille: 700, maxPerm: 950, minCalls: 60},
	{name: "flapping", minMinutes: 85, maxMin: 125, minPermille: 900, maxPerm: 1000, minCalls: 100},
	{name: "timeouts", minMinutes: 20, maxMin: 80, minPermille: 700, maxPerm: 950, minCalls: 15, answers: []answer{timedOut}},
	{name: "refused", minMinutes: 12, maxMin: 60, minPermille: 950, maxPerm: 1000, minCalls: 12, answers: []answer{noConnection}},
	{name: "night", minMinutes: 40, maxMin: 120, minPermille: 930, maxPerm: 1000, minCalls: 10, maxCalls: 60, night: true},
	{name: "faint", minMinutes: 30, maxMin: 90, minPermille: 350, maxPerm: 600, minCalls: 16, maxCalls: 50},
	{name: "overlap", minMinutes: 30, maxMin: 60, minPermille: 800, maxPerm: 1000, minCalls: 15},
}

const (
	openKind      = "open"
	slopeMinutes  = 20 // of a ramp, up and down
	flapMinutes   = 5
	quietHours    = 4 // between two episodes of one vendor
	learningHours = 24
	placeTries    = 600
)

// ratioPermille is the share of calls that fail at a time.
func (e *episode) ratioPermille(at time.Time) int {
	if at.Before(e.from) || !at.Before(e.to) {
		return 0
	}
	into, left := at.Sub(e.from), e.to.Sub(at)
	switch e.kind {
	case "ramp":
		slope := int64(slopeMinutes * time.Minute)
		return e.peakPermille * int(min(int64(into), int64(left), slope)/1e6) / int(slope/1e6)
	case "flapping":
		if int(into/(flapMinutes*time.Minute))%2 == 1 {
			return 0
		}
	}
	return e.peakPermille
}

func (e *episode) concerns(v *simVendor, path string) bool {
	return (e.vendor == nil || e.vendor == v) && (e.route == "" || e.route == path)
}

// active gives the episodes of a vendor that touch the minute.
func (s *sim) active(v *simVendor, minute time.Time) []*episode {
	if v.activeFor.Equal(minute) {
		return v.activeNow
	}
	v.activeFor, v.activeNow = minute, v.activeNow[:0]
	for _, e := range s.episodes {
		if (e.vendor == nil || e.vendor == v) && e.from.Before(minute.Add(time.Minute)) && e.to.After(minute) {
			v.activeNow = append(v.activeNow, e)
		}
	}
	return v.activeNow
}

func (s *sim) boostPercent(v *simVendor, minute time.Time) uint64 {
	boost := uint64(100)
	for _, e := range s.active(v, minute) {
		boost = max(boost, e.boostPercent)
	}
	return boost
}

// hole reports whether the logs of the time are lost.
func (s *sim) hole(at time.Time) bool {
	for _, e := range s.episodes {
		if e.kind == "log_hole" && !at.Before(e.from) && at.Before(e.to) {
			return true
		}
	}
	return false
}

// planEpisodes lays outages and confounders into the weeks. What finds no place
// is left out, and so is not in the truth.
func (s *sim) planEpisodes(r *rand.Rand) {
	rounds := max(1, s.options.Days/SimulateDaysDefault)
	s.episodes = append(s.episodes, s.stillOpen(r))
	for range rounds {
		kinds := r.Perm(len(outageKinds))
		if s.options.Days < SimulateDaysDefault {
			kinds = kinds[:max(2, len(kinds)*s.options.Days/SimulateDaysDefault)]
		}
		for i, k := range kinds {
			s.planOutage(r, &outageKinds[k])
			if i*2 < len(confounderKinds) {
				s.planConfounder(r, &confounderKinds[i*2])
				s.planConfounder(r, &confounderKinds[(i*2+1)%len(confounderKinds)])
			}
		}
	}
	sleepy := &episode{kind: "sleepy_route", vendor: s.vendor(acme), route: sleepyPath, from: s.start, to: s.end}
	s.episodes = append(s.episodes, sleepy)
	for _, e := range s.episodes {
		e.span.from, e.span.to = e.from, e.to
	}
}

// stillOpen is the outage that lasts when the logs end.
func (s *sim) stillOpen(r *rand.Rand) *episode {
	from := s.end.Add(-time.Duration(60+r.IntN(120)) * time.Minute)
	for {
		v := s.vendors[r.IntN(len(s.vendors))]
		if s.expect(v, "", from, s.end) >= 12 {
			return &episode{kind: openKind, outage: true, vendor: v, from: from, to: s.end, open: true, peakPermille: 900 + r.IntN(100), answers: v.down}
		}
	}
}

func (s *sim) vendor(v *vendor) *simVendor {
	for _, one := range s.vendors {
		if one.vendor == v {
			return one
		}
	}
	return nil
}

// expect is how many calls are to be expected in a span.
func (s *sim) expect(v *simVendor, path string, from, to time.Time) int {
	milli := uint64(0)
	for m := from; m.Before(to); m = m.Add(time.Minute) {
		milli += v.rateMilli(m)
	}
	if r := v.find(path); r != nil {
		milli = milli * uint64(r.weight) / uint64(v.share)
	}
	return int(milli / 1000)
}

// free reports whether a span is far from all that happens to the vendor.
func (s *sim) free(v *simVendor, from, to time.Time) bool {
	gap := quietHours * time.Hour
	for _, e := range s.episodes {
		if (v == nil || e.vendor == nil || e.vendor == v) && e.from.Add(-gap).Before(to) && from.Before(e.to.Add(gap)) {
			return false
		}
	}
	return true
}

func (s *sim) planOutage(r *rand.Rand, k *outageKind) {
	e := s.place(r, k)
	if e == nil {
		return
	}
	s.episodes = append(s.episodes, e)
	if k.name != "overlap" {
		return
	}
	// The second one begins while the first goes on.
	for range placeTries {
		v := s.vendors[r.IntN(len(s.vendors))]
		from := e.from.Add(time.Duration(6+r.IntN(18)) * time.Minute)
		to := from.Add(time.Duration(30+r.IntN(30)) * time.Minute)
		if v != e.vendor && s.free(v, from, to) && s.expect(v, "", from, to) >= k.minCalls {
			s.episodes = append(s.episodes, &episode{kind: k.name, outage: true, vendor: v, from: from, to: to, peakPermille: e.peakPermille, answers: v.down})
			return
		}
	}
}

// place looks for a vendor and a time that suit.
func (s *sim) place(r *rand.Rand, k *outageKind) *episode {
	span := int(s.end.Sub(s.start)/time.Minute) - (learningHours+6)*60
	for range placeTries {
		v := s.vendors[r.IntN(len(s.vendors))]
		from := s.start.Add(learningHours*time.Hour + time.Duration(r.IntN(span))*time.Minute + time.Duration(r.IntN(60_000))*time.Millisecond)
		to := from.Add(time.Duration(k.minMinutes+r.IntN(k.maxMin-k.minMinutes+1)) * time.Minute)
		e := &episode{kind: k.name, outage: true, vendor: v, from: from, to: to, answers: v.down,
			peakPermille: k.minPermille + r.IntN(k.maxPerm-k.minPermille+1)}
		if k.route {
			e.route = v.routes[r.IntN(len(v.routes))].path
		}
		if k.answers != nil {
			e.answers = k.answers
		}
		calls := s.expect(v, e.route, from, to)
		switch {
		case k.night && (from.Hour() < 1 || from.Hour() > 3),
			calls < k.minCalls, k.maxCalls > 0 && calls > k.maxCalls,
			e.route == sleepyPath, e.route == usagePath,
			// Its 504 asks for a smaller request: no sign of an outage.
			k.name == "timeouts" && v.vendor == aionvision,
			!s.free(v, from, to):
			continue
		}
		return e
	}
	return nil
}
