package demo

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// exchange is one call, made up.
type exchange struct {
	at     time.Time // the response ended, in whole milliseconds
	took   time.Duration
	vendor *vendor
	route  *route
	host   string
	path   string
	query  string
	status int
	bytes  int
	answer *answer // nil for a success
	body   string  // of a failure, where it is captured
	id     string  // the vendor's request id, "" where it gives none
	trace  string
	span   string
}

// target is path and query.
func (x *exchange) target() string {
	if x.query == "" {
		return x.path
	}
	return x.path + "?" + x.query
}

// caller is a program of the fleet that calls vendors.
type caller struct {
	plan     *plan
	random   *rand.Rand
	captured bool // it logs the bodies of failures
	carsxe   string
	shares   []int // of the vendors, in their order
	market   bool  // it asks for market values, which have a quota
}

// How many calls fail on an ordinary day, by whether the program logs bodies:
// the web front asks for less that can fail.
const (
	ordinaryPermille = 22
	capturedPermille = 55
)

// boost raises the traffic in events: clients try again, a job runs at night.
func (c *caller) boost(minute time.Time) uint64 {
	p := c.plan
	switch {
	case p.aionDown.has(minute):
		return 300
	case p.historyDown.has(minute):
		return 330
	case p.badDeploy.has(minute) && c.captured:
		return 220
	case p.tokenExpired.has(minute) && c.captured:
		return 3600
	}
	return 100
}

// call makes one call up.
func (c *caller) call(at time.Time) *exchange {
	v, r, a := c.choose(at)
	x := &exchange{at: at, vendor: v, route: r, host: v.hosts[r.host], status: r.status, answer: a,
		trace: word(c.random, hexDigits, 32), span: word(c.random, hexDigits, 16)}
	key := ""
	if v == carsxe {
		key = c.plan.secrets.use(c.carsxe)
	}
	x.path, x.query = fill(c.random, r.path, ""), fill(c.random, r.query, key)
	if r.path == marketPath && a == nil {
		x.answer = c.plan.quota.ask(at)
		a = x.answer
	}
	if c.captured && (v.idHeader != "" || v == aionvision) {
		x.id = uuid(c.random)
	}
	median := r.medianMS
	if a != nil && a.tookMS > 0 {
		median = a.tookMS
	}
	x.took = took(c.random, median)
	if a == nil {
		x.bytes = 300 + c.random.IntN(2600)
		return x
	}
	x.status = a.status
	x.bytes = 60 + c.random.IntN(90)
	if c.captured {
		x.body = v.body(a, r, x.id)
		x.bytes = len(x.body)
	}
	return x
}

// choose draws vendor, route and fate of a call. Events come first.
func (c *caller) choose(at time.Time) (*vendor, *route, *answer) {
	p := c.plan
	chance := c.random.IntN(1000)
	switch {
	case p.aionDown.has(at) && chance < 700:
		return c.event(aionvision, searchPath, aionDownAnswers, aionDownBare, 930)
	case p.historyDown.has(at) && chance < 750:
		return c.event(carsxe, historyPath, historyAnswers, historyBare, 950)
	case c.captured && p.badDeploy.has(at) && chance < 550:
		r := carsxe.route(imagesPath)
		broken := *r
		broken.query = "key={key}&make=toyota"
		return carsxe, &broken, &imagesAnswer
	case c.captured && p.tokenExpired.has(at) && chance < 900:
		return caravanguide, caravanguide.route("/api/v1/valuations/search"), &expiredAnswer
	}
	v := vendors[pick(c.random, c.shares)]
	r := c.route(v, at)
	ordinary := ordinaryPermille
	if c.captured {
		ordinary = capturedPermille
	}
	fails := c.random.IntN(1000) < ordinary
	if r.path == lienPath && c.captured {
		// Most cars have no lien: the 404 is the good answer.
		fails = c.random.IntN(10) < 7
	}
	if !fails {
		return v, r, nil
	}
	return v, r, c.mishap(v, r)
}

// event fails most calls of a route, in one of the given ways.
func (c *caller) event(v *vendor, path string, captured, bare []answer, permille int) (*vendor, *route, *answer) {
	list := bare
	if c.captured {
		list = captured
	}
	r := v.route(path)
	if c.random.IntN(1000) >= permille {
		return v, r, nil
	}
	return v, r, draw(c.random, list, r.path)
}

// route draws an endpoint. Programs that log no bodies leave the two out whose
// answers cannot be told apart without.
func (c *caller) route(v *vendor, at time.Time) *route {
	shares := make([]int, len(v.routes))
	for i, r := range v.routes {
		switch {
		case r.path == lienPath && !c.captured, r.path == marketPath && !c.market:
		case r.path == marketPath && c.plan.quota.dry(at):
			shares[i] = r.share / 3 // people give up
		default:
			shares[i] = r.share
		}
	}
	return &v.routes[pick(c.random, shares)]
}

// mishap draws an ordinary failure of the route, nil where it never fails.
func (c *caller) mishap(v *vendor, r *route) *answer {
	if c.captured {
		return draw(c.random, v.captured, r.path)
	}
	return draw(c.random, v.bare, r.path)
}

// draw picks one of the answers that the route can give.
func draw(random *rand.Rand, list []answer, path string) *answer {
	shares, total := make([]int, len(list)), 0
	for i, a := range list {
		if a.on == "" && path != lienPath || a.on == path {
			shares[i] = a.share
			total += a.share
		}
	}
	if total == 0 {
		return nil
	}
	return &list[pick(random, shares)]
}

func (v *vendor) route(path string) *route {
	for i := range v.routes {
		if v.routes[i].path == path {
			return &v.routes[i]
		}
	}
	return nil
}

// quota is CarsXE's monthly allowance for market values. The account began
// with the traffic, so every counted call is in the files. A refused call does
// not count.
type quota struct {
	limit   int64
	periods []*period
}

// period is one month.
type period struct {
	Month       string `json:"period"`
	Used        int64  `json:"used"`
	Refused     int64  `json:"refused"`
	ExhaustedAt string `json:"exhausted_at,omitempty"`

	month time.Time
}

// quotaPerDay is the allowance for each day of traffic at scale 1.
const quotaPerDay = 14

func newQuota(limit int64) *quota { return &quota{limit: limit} }

func (q *quota) period(at time.Time) *period {
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	for _, p := range q.periods {
		if p.month.Equal(month) {
			return p
		}
	}
	p := &period{Month: month.Format("2006-01"), month: month}
	q.periods = append(q.periods, p)
	return p
}

func (q *quota) dry(at time.Time) bool { return q.period(at).Used >= q.limit }

// ask counts a call, or refuses it.
func (q *quota) ask(at time.Time) *answer {
	p := q.period(at)
	if p.Used < q.limit {
		if p.Used++; p.Used == q.limit {
			p.ExhaustedAt = stamp(at)
		}
		return nil
	}
	p.Refused++
	return quotaAnswer(p, q.limit)
}

// quotaAnswer is CarsXE's refusal, with the month as it writes it: 6/2026.
func quotaAnswer(p *period, limit int64) *answer {
	a := quotaRefusal
	month := strconv.Itoa(int(p.month.Month())) + "/" + strconv.Itoa(p.month.Year())
	number := strconv.FormatInt(limit, 10)
	a.message = "API limit exceeded for market_value (" + month + "). Subscription tier: starter. Current usage: " + number + ", Limit: " + number + "."
	a.usage = &usage{Current: p.Used, Limit: limit}
	return &a
}
