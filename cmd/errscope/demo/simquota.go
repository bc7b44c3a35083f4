package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/errscope/errscope/record"
)

// simQuota is an allowance as its vendor counts it.
type simQuota struct {
	vendor   *simVendor
	account  string // whose it is, in words of our own; "" for the only one
	name     string // the vendor's, "" where it has none
	said     string // how the vendor speaks of it: body, poll, header, message
	daily    bool
	programs []int // whose calls count, nil for all

	grows  time.Duration // after a refusal, 0 for never
	limits func(expected int64) int64
	spans  []*SimQuota
	expect func(from, to time.Time) int64
}

// SimQuota is the truth of one quota in one period.
type SimQuota struct {
	Vendor  string `json:"vendor"`
	Host    string `json:"host"`
	Account string `json:"account"` // as the simulation calls it; the database has a fingerprint
	Name    string `json:"name"`    // "" where the vendor has no name for it
	Said    string `json:"said"`    // how the vendor speaks of it: body, poll, header, message
	Start   string `json:"period_start"`
	End     string `json:"period_end"`
	// Limit is the last one; Grown the time since when, where it was raised.
	Limit      int64  `json:"limit"`
	FirstLimit int64  `json:"first_limit"`
	Grown      string `json:"grown_at,omitempty"`
	// Used is the vendor's own count at the end of the period, or of the logs.
	// Before of them were made before the logs begin, Lost while logs were lost.
	Used   int64 `json:"used"`
	Before int64 `json:"used_before_logs"`
	Lost   int64 `json:"used_unlogged"`
	// Unsaid of the lost calls came after the last number of the vendor's in the
	// logs: nobody can know of them.
	Unsaid int64 `json:"used_unlogged_unsaid"`
	// Stated is the last number that was polled, in the logs: most calls of that
	// vendor do not tell their account, so who counts may stop there.
	Stated int64 `json:"stated,omitempty"`
	// Unsure calls failed at the vendor: it did not count them, but no reference says so.
	Unsure int64 `json:"unsure"`
	// Exhausted is the last counted call before the first refusal.
	Exhausted string `json:"exhausted_at,omitempty"`
	Refused   string `json:"first_refusal_at,omitempty"`
	Refusals  int64  `json:"refusals"`

	// Wanted are the calls that would count, refused ones too, added up at the
	// end of each hour since the period began: what use would have been.
	Wanted []int64 `json:"-"`
	// Expected is what the rhythm lets expect of Wanted, in thousandths of a call,
	// without chance and episodes, until the period ends: nobody can know more
	// beforehand.
	Expected []int64 `json:"-"`

	start, end, lastCounted, firstRefusal, grownAt time.Time
}

// want adds a call to the hour.
func (p *SimQuota) want(at time.Time) {
	hour := int(at.Sub(p.start) / time.Hour)
	for len(p.Wanted) <= hour {
		last := int64(0)
		if n := len(p.Wanted); n > 0 {
			last = p.Wanted[n-1]
		}
		p.Wanted = append(p.Wanted, last)
	}
	p.Wanted[hour]++
}

// periodOf is the period that holds a time.
func (q *simQuota) periodOf(at time.Time) (start, end time.Time) {
	if q.daily {
		start = at.Truncate(24 * time.Hour)
		return start, start.AddDate(0, 0, 1)
	}
	start = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	return start, start.AddDate(0, 1, 0)
}

// now is the period of a time, made where it is new.
func (q *simQuota) now(s *sim, at time.Time) *SimQuota {
	if n := len(q.spans); n > 0 && at.Before(q.spans[n-1].end) {
		return q.spans[n-1]
	}
	start, end := q.periodOf(at)
	p := &SimQuota{Vendor: q.vendor.name, Host: q.vendor.hosts[0], Account: q.account, Name: q.name, Said: q.said,
		Start: stamp(start), End: stamp(end), start: start, end: end}
	from, to := start, end
	if from.Before(s.start) {
		from = s.start
	}
	if to.After(s.end) {
		to = s.end
	}
	if n := len(q.spans); n > 0 { // an allowance stays what it was
		p.Limit, p.FirstLimit = q.spans[n-1].Limit, q.spans[n-1].Limit
		q.spans = append(q.spans, p)
		return p
	}
	p.Limit = max(5, q.limits(q.expect(from, to)))
	if start.Before(s.start) && (q.said == "body" || q.said == "poll") {
		p.Before = p.Limit / 7
		p.Used = p.Before
		p.Limit += p.Before
	}
	p.FirstLimit = p.Limit
	q.spans = append(q.spans, p)
	return p
}

// planQuotas gives vendors their allowances; some are less than what the
// traffic wants.
func (s *sim) planQuotas(r *rand.Rand) {
	tight := func() func(int64) int64 {
		permille := []int64{500, 700, 880, 1150, 1500}[r.IntN(5)]
		return func(expected int64) int64 { return expected * permille / 1000 }
	}
	grows := func() time.Duration { return []time.Duration{0, 0, 9 * time.Hour}[r.IntN(3)] }
	cars, caravan, aion, shop := s.vendor(carsxe), s.vendor(caravanguide), s.vendor(aionvision), s.vendor(acme)
	s.quotas = []*simQuota{
		{vendor: cars, account: "fleet", name: "market_value", said: "body", programs: []int{programValuation}, limits: tight(), grows: grows()},
		{vendor: cars, account: "web", name: "market_value", said: "message", programs: []int{programWeb, programSync}, limits: tight(), grows: grows()},
		{vendor: caravan, said: "message", limits: tight()},
		{vendor: aion, name: "requests", said: "poll", limits: tight(), grows: grows()},
		{vendor: shop, name: "daily", said: "header", daily: true, limits: func(expected int64) int64 { return expected*4 + 200 }},
	}
	for _, q := range s.quotas {
		q.expect = func(from, to time.Time) int64 { return s.expectCounted(q, from, to) }
	}
}

// expectCounted is how many calls of a span are to be expected that count.
func (s *sim) expectCounted(q *simQuota, from, to time.Time) int64 {
	weight, share := q.shares()
	return int64(s.expect(q.vendor, "", from, to)) * weight / int64(q.vendor.share) * share / 100
}

// expectHours fills in what is to be expected of each hour of the period.
func (s *sim) expectHours(q *simQuota, p *SimQuota) {
	weight, share := q.shares()
	sum := uint64(0)
	for hour := p.start; hour.Before(p.end); hour = hour.Add(time.Hour) {
		for m := range 60 {
			if at := hour.Add(time.Duration(m) * time.Minute); !at.Before(s.start) {
				sum += q.vendor.rateMilli(at)
			}
		}
		p.Expected = append(p.Expected, int64(sum)*weight/int64(q.vendor.share)*share/100)
	}
}

// shares are the weight of the vendor's routes that count, and the programs'
// percent of its calls.
func (q *simQuota) shares() (weight, share int64) {
	for _, r := range q.vendor.routes {
		if r.counted {
			weight += int64(r.weight)
		}
	}
	for program, n := range programShares {
		if q.programs == nil || slices.Contains(q.programs, program) {
			share += int64(n)
		}
	}
	return weight, share
}

// quotaOf is the allowance that a call draws on, nil for none.
func (s *sim) quotaOf(c *simCall) *simQuota {
	for _, q := range s.quotas {
		if q.vendor == c.v && (c.r.counted || c.r.path == usagePath) && (q.programs == nil || slices.Contains(q.programs, c.program)) {
			return q
		}
	}
	return nil
}

// refuse turns a call away whose quota is used up.
func (s *sim) refuse(c *simCall) bool {
	q := s.quotaOf(c)
	if q == nil || !c.r.counted {
		return false
	}
	p := q.now(s, c.at)
	if !p.firstRefusal.IsZero() && q.grows > 0 && p.grownAt.IsZero() && c.at.Sub(p.firstRefusal) >= q.grows {
		p.grownAt, p.Grown = c.at, stamp(c.at)
		p.Limit += p.Limit
	}
	if p.Used < p.Limit {
		return false
	}
	c.refused, c.answer = true, quotaAnswers[q.vendor.name]
	if c.answer == nil {
		c.refused = false
		return false
	}
	p.Refusals++
	p.want(c.at)
	if p.firstRefusal.IsZero() {
		p.firstRefusal, p.Refused = c.at, stamp(c.at)
		if !p.lastCounted.IsZero() {
			p.Exhausted = stamp(p.lastCounted)
		}
	}
	return true
}

// settle counts a call that was answered, and notes what the vendor may say.
func (s *sim) settle(c *simCall) {
	c.quota = s.quotaOf(c)
	if c.quota == nil {
		return
	}
	p := c.quota.now(s, c.at)
	switch {
	case c.refused || !c.r.counted:
	case c.answer == nil || c.answer.benign || c.answer.category == record.NotFound:
		p.Used++
		p.want(c.at)
		if s.hole(c.at) {
			p.Lost, p.Unsaid = p.Lost+1, p.Unsaid+1
		} else {
			p.lastCounted = c.at
		}
	case c.answer.category != record.Validation && c.answer.category != record.Authentication && !s.hole(c.at):
		p.Unsure++
	}
	c.usage = usage{Current: p.Used, Limit: p.Limit, Remaining: max(0, p.Limit-p.Used)}
	c.resets = p.end
}

// said notes that the logs hold the vendor's number as of a call.
func (c *simCall) said() {
	p := c.quota.spans[len(c.quota.spans)-1]
	p.Unsaid = 0
	if c.r.path == usagePath {
		p.Stated = c.usage.Current
	}
}

// quotaAnswers are the refusals of those vendors that refuse.
var quotaAnswers = map[string]*answer{
	"carsxe":       {status: 429, code: "api_limit_exceeded", category: record.QuotaExhausted, retry: record.RetryNextPeriod, fault: record.FaultAccount},
	"caravanguide": {status: 429, code: "api_usage_allowance_exceeded", message: "Your monthly request allowance has been exhausted. Contact your account manager to discuss overage options.", category: record.QuotaExhausted, retry: record.RetryNextPeriod, fault: record.FaultAccount},
	"aionvision":   {status: 429, code: "USAGE_LIMIT_EXCEEDED", message: "Monthly API call limit reached", category: record.QuotaExhausted, retry: record.RetryNextPeriod, fault: record.FaultAccount},
}

// words is a refusal with the numbers of the time.
func (q *simQuota) words(a *answer, at time.Time) answer {
	said := *a
	if q.vendor.vendor == carsxe {
		p := q.spans[len(q.spans)-1]
		said.usage = &usage{Current: p.Used, Limit: p.Limit}
		said.message = fmt.Sprintf("API limit exceeded for market_value (%d/%d). Subscription tier: starter. Current usage: %d, Limit: %d.",
			at.Month(), at.Year(), p.Used, p.Limit)
	}
	return said
}
