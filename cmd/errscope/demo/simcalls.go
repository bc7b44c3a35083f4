package demo

import (
	"container/heap"
	"net/http"
	"time"

	"github.com/errscope/errscope/record"
)

// The programs that call. What the web front and the sync job send goes through
// a proxy with a log of its own; the sync job's failures are captured as well,
// so that both sides of one exchange stand in files. The valuation service has
// its own log, with bodies.
const (
	programWeb = iota
	programValuation
	programSync
)

var programShares = []int{45, 30, 25}

// simCall is one exchange on its way.
type simCall struct {
	exchange
	order   int64 // among calls of the same time
	v       *simVendor
	r       *simRoute
	program int
	key     string // CarsXE's
	ours    string // our own request id, of this attempt
	attempt int
	refused bool // for a quota
	quota   *simQuota
	usage   usage // of the quota after the call
	resets  time.Time
}

// newCall draws what is asked; its fate is decided when its time comes.
func (s *sim) newCall(v *simVendor, at time.Time, order int64) *simCall {
	c := &simCall{v: v, order: order, r: v.pickRoute(s.random), program: pick(s.random, programShares)}
	for _, e := range s.active(v, at.Truncate(time.Minute)) {
		// What an episode adds to the traffic goes to its route.
		if r := v.find(e.route); r != nil && e.boostPercent > 100 && e.ratioPermille(at) > 0 && uint64(s.random.IntN(int(e.boostPercent))) >= 100 {
			c.r = r
			if e.bodiesOnly {
				c.program = programValuation
			}
		}
	}
	if c.v.vendor == carsxe {
		c.key = simKeyWeb
		if c.program == programValuation {
			c.key = simKeyFleet
		}
	}
	c.at, c.vendor, c.route, c.host = at, v.vendor, &c.r.route, v.hosts[c.r.host]
	c.path, c.query = fill(s.random, c.r.path, ""), fill(s.random, c.r.query, c.key)
	c.trace = word(s.random, hexDigits, 32)
	return c
}

const (
	simKeyWeb   = "demo-carsxe-web-7f3a91c2d0e84b56"
	simKeyFleet = "demo-carsxe-fleet-2b6d08e5a97c4f13"
)

// decide says how the call ends: what happens to the vendor comes first, then
// the quota, then chance.
func (s *sim) decide(c *simCall) {
	c.answer, c.refused = nil, false
	for _, e := range s.active(c.v, c.at.Truncate(time.Minute)) {
		if !e.concerns(c.v, c.r.path) || e.bodiesOnly && !s.bodied(c) {
			continue
		}
		if ratio := e.ratioPermille(c.at); ratio > 0 && s.random.IntN(1000) < ratio {
			if a := pickAnswer(s.random, e.answers, c.r.path); a != nil {
				c.answer = a
				break
			}
		}
	}
	if c.answer == nil && s.refuse(c) {
		return
	}
	if c.answer != nil {
		return
	}
	flaky := c.r.flakyPermille * s.uneasyTimes(c)
	switch chance := s.random.IntN(1000); {
	case chance < flaky:
		c.answer = pickAnswer(s.random, c.v.down, c.r.path)
	case chance < flaky+c.r.usualPermille:
		c.answer = pickAnswer(s.random, c.v.usual, c.r.path)
	}
}

// uneasyTimes is how much more often than usual a call fails by chance: troubles
// come in swarms, and an hour in which 1 % fails instead of 0.3 % is no outage.
func (s *sim) uneasyTimes(c *simCall) int {
	if c.r.path == sleepyPath {
		return 1
	}
	x := s.options.Seed*0x9e3779b97f4a7c15 ^ uint64(c.at.Unix()/3600)*0xbf58476d1ce4e5b9 ^ uint64(len(c.v.name))*0x94d049bb133111eb
	x = (x ^ x>>31) * 0xd6e8feb86659fd93
	switch n := (x >> 32) % 100; {
	case n < 4:
		return 3
	case n < 15:
		return 2
	}
	return 1
}

// bodied reports whether the body of a failing call is captured. On odd seeds
// only the other side of it has the body: then fusion must find it.
func (s *sim) bodied(c *simCall) bool {
	return c.program == programValuation || c.program == programSync && s.options.Seed%2 == 1 && s.paired(c)
}

// describe fills in what the answer looks like on the wire.
func (s *sim) describe(c *simCall) {
	c.status, c.span, c.id, c.ours = c.r.status, word(s.random, hexDigits, 16), "", word(s.random, hexDigits, 32)
	median := c.r.medianMS
	if c.v.idHeader != "" || c.v.vendor == aionvision {
		c.id = uuid(s.random)
	}
	for _, e := range s.active(c.v, c.at.Truncate(time.Minute)) {
		if e.slowTimes > 0 && e.ratioTime(c.at) {
			median *= e.slowTimes
		}
	}
	a := c.answer
	if a == nil {
		c.took, c.bytes = took(s.random, median), 300+s.random.IntN(2600)
		s.settle(c)
		return
	}
	if a.tookMS > 0 {
		median = a.tookMS
	}
	c.took, c.status = took(s.random, median), a.status
	s.settle(c)
	if a.status == 0 {
		c.id = ""
		if c.program == programValuation {
			c.body, c.bytes = "", 0
			return
		}
		// Who calls through a proxy gets the proxy's page.
		c.status = http.StatusBadGateway
		if a.category == record.Timeout {
			c.status = http.StatusGatewayTimeout
		}
		c.body = "<html><head><title>" + http.StatusText(c.status) + "</title></head><body><center><h1>" + http.StatusText(c.status) + "</h1></center><hr><center>nginx</center></body></html>"
		c.bytes = len(c.body)
		return
	}
	said := *a
	if c.refused && c.quota != nil {
		said = c.quota.words(a, c.at)
	}
	c.body = c.vendor.body(&said, c.route, c.id)
	c.bytes = len(c.body)
}

func (e *episode) ratioTime(at time.Time) bool { return !at.Before(e.from) && at.Before(e.to) }

// retry lets the client try again what may pass: the same trace, one attempt
// more, after a longer wait each time.
func (s *sim) retry(c *simCall) {
	a := c.answer
	if a == nil || c.refused || c.attempt >= 2 || !(c.status == 0 || c.status == 429 || c.status >= 500 && c.status != 501) {
		return
	}
	if s.random.IntN(1000) >= 550 {
		return
	}
	again := *c
	again.attempt++
	again.answer, again.body = nil, ""
	wait := 5000<<c.attempt + s.random.IntN(3000)
	again.at = c.at.Add(time.Duration(wait)*time.Millisecond + c.took%time.Second)
	s.order++
	again.order = s.order
	if again.at.Before(s.end) {
		s.retries.add(&again)
	}
}

// retryQueue holds calls to come, by time.
type retryQueue struct{ calls callHeap }

func (q *retryQueue) add(c *simCall) { heap.Push(&q.calls, c) }

// before takes the next call out that is due before a time, nil for none.
func (q *retryQueue) before(t time.Time) *simCall {
	if len(q.calls) == 0 || !q.calls[0].at.Before(t) {
		return nil
	}
	return heap.Pop(&q.calls).(*simCall)
}

type callHeap []*simCall

func (h callHeap) Len() int { return len(h) }
func (h callHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].order < h[j].order
}
func (h callHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *callHeap) Push(x any)   { *h = append(*h, x.(*simCall)) }
func (h *callHeap) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return c
}
