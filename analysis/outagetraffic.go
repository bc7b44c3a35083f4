package analysis

import (
	"math"
	"slices"

	"github.com/errscope/errscope/queries"
)

// traffic is that of one vendor, as steps in time.
type traffic struct {
	vendor, host string
	routes       []string // in order
	steps        []step
	byRoute      [][]step // filled as they are asked for
	until        int64    // the last minute of which anything is known
	usual        usualShares
}

// step is a minute, or a run of minutes in which nothing failed.
type step struct {
	first, last int64
	calls       []routeCalls // in order of the routes
}

// routeCalls are the calls of one route in a step.
type routeCalls struct {
	route                    int
	calls, failed, unreached int64
	usual                    float64 // the share that fails otherwise
	atMost                   float64 // what that share may well be
}

// score is by how much the calls are likelier where a share of them fails in
// addition to those that fail otherwise.
func (c *routeCalls) score(share float64) float64 {
	score := float64(c.calls-c.failed) * math.Log1p(-share)
	if c.failed > 0 {
		score += float64(c.failed) * math.Log((c.atMost+(1-c.atMost)*share)/c.atMost)
	}
	return score
}

func (s *step) score(share float64) float64 {
	sum := 0.0
	for i := range s.calls {
		sum += s.calls[i].score(share)
	}
	return sum
}

func (s *step) failed() bool {
	return slices.ContainsFunc(s.calls, func(c routeCalls) bool { return c.failed > 0 })
}

func newTraffic(runs []queries.TrafficRun, usual usualShares, until int64) *traffic {
	t := &traffic{vendor: runs[0].Vendor, host: runs[0].Host, until: until, usual: usual}
	number := map[string]int{}
	for _, r := range runs {
		if _, ok := number[r.Route]; !ok {
			number[r.Route] = 0
			t.routes = append(t.routes, r.Route)
		}
	}
	slices.Sort(t.routes)
	for i, r := range t.routes {
		number[r] = i
	}
	for _, r := range runs {
		if n := len(t.steps); n == 0 || t.steps[n-1].first != r.FirstMinute {
			t.steps = append(t.steps, step{first: r.FirstMinute, last: r.LastMinute})
		}
		u := usual.of(r.Vendor, r.Host, r.Route, r.FirstMinute/minutesPerDay)
		s := &t.steps[len(t.steps)-1]
		s.calls = append(s.calls, routeCalls{route: number[r.Route], calls: r.Calls, failed: r.Failed, unreached: r.Unreached, usual: u.share, atMost: u.atMost})
	}
	t.byRoute = make([][]step, len(t.routes))
	return t
}

// routeSteps are the steps in which a route was called.
func (t *traffic) routeSteps(route int) []step {
	if t.byRoute[route] != nil {
		return t.byRoute[route]
	}
	list := []step{}
	for _, s := range t.steps {
		for i, c := range s.calls {
			if c.route == route {
				list = append(list, step{s.first, s.last, s.calls[i : i+1]})
			}
		}
	}
	t.byRoute[route] = list
	return list
}

// wilsonLow is the lower bound of a share, of which n were seen, in which k
// failed, with 95 % certainty on that side (Wilson's score interval).
func wilsonLow(k, n int64) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.645
	p, m := float64(k)/float64(n), float64(n)
	return (p + z*z/(2*m) - z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))) / (1 + z*z/m)
}
