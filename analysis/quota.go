package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// QuotaInput is what the quota ledger is worked out from.
type QuotaInput struct {
	// Hours are all hours from a month or more before From on, and the very first
	// of each allowance, in the order of vendor, host, account, name and hour.
	Hours   []queries.QuotaHour
	Ledgers []queries.QuotaLedger
	Limits  []queries.QuotaLimit
	// Before are the rows of the periods that began before From: what the vendor
	// said of a limit then holds until it says something else.
	Before []queries.QuotaStatus
	From   time.Time // periods that began before it are left alone
	AsOf   time.Time // of the newest call that was read; calls after it have a wrong date
}

// Quotas tells how each allowance stands in each period that began at From or
// later, and its use by the hour; both in the order of the hours. What the vendor
// said counts, and between its words the calls that were read. A capacity, which no
// period gives back, is one row since it was first spoken of, whatever From is.
func Quotas(in QuotaInput) ([]queries.QuotaStatus, []queries.QuotaPoint) {
	var status []queries.QuotaStatus
	var points []queries.QuotaPoint
	for rest := in.Hours; len(rest) > 0; {
		n := 1
		for n < len(rest) && sameQuota(&rest[n], &rest[0]) {
			n++
		}
		if isCapacity(rest[:n]) {
			s, p := capacityStatus(&in, rest[:n])
			status, points = append(status, s), append(points, p...)
		} else if a := newAllowance(&in, rest[:n]); a.worthTelling() {
			s, p := a.run()
			status, points = append(status, s...), append(points, p...)
		}
		rest = rest[n:]
	}
	return status, points
}

func sameQuota(a, b *queries.QuotaHour) bool {
	return a.Vendor == b.Vendor && a.Host == b.Host && a.Account == b.Account && a.Name == b.Name
}

// allowance is one quota of one account.
type allowance struct {
	in     *QuotaInput
	hours  []queries.QuotaHour
	ledger *queries.QuotaLedger // nil where no pack speaks of it
	limit  *queries.QuotaLimit  // nil where the configuration states none
	period period

	carried     queries.QuotaStatus // the newest row before From that knows a limit
	isCarried   bool
	uses        []float64 // by which the use grew in each hour, in the order of hours
	vendorLimit int64     // the last that the vendor stated, or record.Absent
	limitBasis  string
	limitAt     time.Time
}

func newAllowance(in *QuotaInput, hours []queries.QuotaHour) *allowance {
	a := &allowance{in: in, hours: hours, uses: make([]float64, len(hours)), vendorLimit: record.Absent}
	key := &hours[0]
	for i := range in.Ledgers {
		if l := &in.Ledgers[i]; l.Vendor == key.Vendor && key.Vendor != "" {
			a.ledger = l
		}
	}
	for i := range in.Limits {
		l := &in.Limits[i]
		if fits(l.Vendor, key.Vendor) && fits(l.Host, key.Host) && fits(l.Account, key.Account) && fits(l.Name, key.Name) &&
			(a.limit == nil || precision(l) > precision(a.limit)) {
			a.limit = l
		}
	}
	every, zone := "", ""
	if a.ledger != nil {
		every, zone = a.ledger.Every, a.ledger.Zone
	}
	if a.limit != nil {
		every, zone = cmp.Or(a.limit.Every, every), cmp.Or(a.limit.Zone, zone)
	}
	a.period = periodOf(every, zone, hours)
	for i := range in.Before {
		b := &in.Before[i]
		if b.Vendor == cmp.Or(key.Vendor, record.VendorGeneric) && b.Host == key.Host && b.Account == key.Account && b.Name == key.Name &&
			b.Limit >= 0 && !b.LimitStatedAt.IsZero() && (!a.isCarried || b.PeriodStart.After(a.carried.PeriodStart)) {
			a.carried, a.isCarried = *b, true
		}
	}
	return a
}

// fits compares a key of the configuration, where "" is any.
func fits(want, have string) bool { return want == "" || want == have }

// precision says how much a configured limit names.
func precision(l *queries.QuotaLimit) int {
	n := 0
	for _, s := range [...]string{l.Account, l.Name, l.Host, l.Vendor} {
		if s != "" {
			n++
		}
	}
	return n
}

// worthTelling says that there is an allowance at all: a pack or the
// configuration names it, or the vendor spoke of it.
func (a *allowance) worthTelling() bool {
	return a.limit != nil || a.isCarried || a.ledger != nil && a.hours[0].Name != "" ||
		slices.ContainsFunc(a.hours, func(h queries.QuotaHour) bool { return h.StatedBasis != "" || h.Refusals > 0 })
}

// run goes through the hours, period by period.
func (a *allowance) run() (status []queries.QuotaStatus, points []queries.QuotaPoint) {
	if a.isCarried {
		a.vendorLimit, a.limitBasis, a.limitAt = a.carried.Limit, limitWord(a.carried.Basis), a.carried.LimitStatedAt
	}
	for i := 0; i < len(a.hours); {
		start, end := a.period.bounds(a.place(i))
		n := i + 1
		for n < len(a.hours) && a.place(n).Before(end) {
			n++
		}
		t := tally{a: a, start: start, end: end, exhausted: time.Time{}}
		t.count(i, n)
		if !start.Before(a.in.From) {
			status, points = append(status, t.status(n)), append(points, t.points...)
		}
		i = n
	}
	return status, points
}

// place is the time that tells the period of an hour, or of a part of one. Where a
// period begins within it, the vendor's last word does; and where the vendor named
// the period before or after, by a clock that is not ours, that is it.
func (a *allowance) place(i int) time.Time {
	h := &a.hours[i]
	at := h.Hour
	if h.LastStated.After(h.Hour) {
		at = h.LastStated
	}
	if start, end, ok := a.period.named(h.Period); ok {
		switch {
		case at.Before(start) && start.Sub(at) <= clockSlack:
			return start
		case !at.Before(end) && at.Sub(end) < clockSlack:
			return end.Add(-1)
		}
	}
	return at
}

// tally is the count of one period.
type tally struct {
	a           *allowance
	start, end  time.Time
	used        int64
	stated      string // the basis of the vendor's last word on the use
	statedAt    time.Time
	statedUsed  int64
	after       int64 // what was counted since
	counted     int64
	unexplained int64
	refusals    int64
	limit       int64
	limitBasis  string
	exhausted   time.Time
	lastCall    time.Time // that counts
	refusedAt   time.Time // the last hour that was refused and in which nothing went through afterwards
	points      []queries.QuotaPoint
}

// count goes through the hours from i to n.
func (t *tally) count(i, n int) {
	for ; i < n; i++ {
		h := &t.a.hours[i]
		strange, heard := t.unexplained, t.stated != ""
		t.limits(h)
		t.use(h)
		t.refuse(h)
		t.a.uses[i] = float64(h.Counted)
		if heard { // what was used before the vendor's first word is no burn of its hour
			t.a.uses[i] += float64(t.unexplained - strange)
		}
		t.counted += h.Counted
		key := &t.a.hours[0]
		t.points = append(t.points, queries.QuotaPoint{Vendor: cmp.Or(key.Vendor, record.VendorGeneric), Host: key.Host, Account: key.Account,
			Name: key.Name, PeriodStart: t.start, Hour: h.Hour, Used: t.used, Limit: t.limit, Basis: t.basis()})
	}
}

// limits takes up what is known of the limit: the vendor's word, also an older
// one, before the configuration's.
func (t *tally) limits(h *queries.QuotaHour) {
	a := t.a
	if h.StatedLimit >= 0 && !h.LimitStated.Before(a.limitAt) {
		a.vendorLimit, a.limitBasis, a.limitAt = h.StatedLimit, h.StatedBasis, h.LimitStated
	}
	switch {
	case a.vendorLimit >= 0:
		t.limit, t.limitBasis = a.vendorLimit, a.limitBasis
	case a.limit != nil:
		t.limit, t.limitBasis = a.limit.Limit, "config"
	default:
		t.limit, t.limitBasis = record.Absent, ""
	}
}

// use brings the use forward by one hour.
func (t *tally) use(h *queries.QuotaHour) {
	first, last := h.FirstUsed, h.LastUsed
	if last < 0 && h.LastRemaining >= 0 && t.limit >= 0 {
		last = max(t.limit-h.LastRemaining, 0)
		first = record.Absent
	}
	if last < 0 {
		t.used += h.Counted
		t.after += h.Counted
		return
	}
	if first >= 0 {
		t.unexplained += max(first-t.used-h.CountedFirst, 0)
		t.unexplained += max(last-first-(h.Counted-h.CountedFirst-h.CountedAfter), 0)
	} else {
		t.unexplained += max(last-t.used-(h.Counted-h.CountedAfter), 0)
	}
	// Answers to calls that were made at once may come the wrong way round, also over
	// the end of an hour.
	if less := t.statedUsed - last; less > 0 && less <= max(10, t.statedUsed/2) && h.LastStated.Sub(t.statedAt) <= outOfOrderMax {
		last = t.statedUsed
	}
	t.used, t.after, t.stated = last+h.CountedAfter, h.CountedAfter, h.StatedBasis
	t.statedAt, t.statedUsed = h.LastStated, last
}

// outOfOrderMax is how far apart answers may be that came the wrong way round;
// quota_count.sql has the same within an hour.
const outOfOrderMax = 30 * time.Second

// refuse notes when the allowance ran dry, and that it is.
func (t *tally) refuse(h *queries.QuotaHour) {
	t.refusals += h.Refusals
	if h.Refusals > 0 {
		if t.exhausted.IsZero() {
			t.exhausted = firstTime(h.CallBefore, t.lastCall, h.FirstRefusal)
		}
		t.refusedAt = h.FirstRefusal
		// A limit that was stated elsewhere is reached where the vendor refuses.
		if t.limit >= 0 && h.LastUsed < 0 && h.StatedLimit < 0 && t.used < t.limit && !h.LastCall.After(h.FirstRefusal) {
			t.unexplained += t.limit - t.used
			t.used = t.limit
		}
	}
	if !h.LastCall.IsZero() {
		t.lastCall = h.LastCall
	}
}

func firstTime(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// basis says where limit and use came from.
func (t *tally) basis() string {
	used := "counted"
	switch {
	case t.stated != "" && t.after > 0:
		used = t.stated + " and counted"
	case t.stated != "":
		used = t.stated
	}
	if t.limitBasis == "" {
		return "used: " + used
	}
	return limitPrefix + t.limitBasis + ", used: " + used
}

const limitPrefix = "limit: "

// limitWord is where a stored basis says that the limit came from.
func limitWord(basis string) string {
	for _, word := range [...]string{string(record.QuotaInBody), string(record.QuotaInHeader)} {
		if len(basis) > len(limitPrefix) && len(basis) >= len(limitPrefix)+len(word) && basis[len(limitPrefix):len(limitPrefix)+len(word)] == word {
			return word
		}
	}
	return string(record.QuotaInBody)
}

// status is the row of the period; n is the hour behind its last one.
func (t *tally) status(n int) queries.QuotaStatus {
	a, key := t.a, &t.a.hours[0]
	s := queries.QuotaStatus{Vendor: cmp.Or(key.Vendor, record.VendorGeneric), Host: key.Host, Account: key.Account, Name: key.Name,
		PeriodStart: t.start, PeriodEnd: t.end, Limit: t.limit, Used: t.used, Remaining: record.Absent, ExhaustedAt: t.exhausted,
		Basis: t.basis(), AsOf: a.in.AsOf, Counted: t.counted, Unexplained: t.unexplained, Refusals: t.refusals}
	if t.limitBasis != "config" {
		s.LimitStatedAt = a.limitAt
	}
	dry := !t.refusedAt.IsZero() && !t.lastCall.After(t.refusedAt)
	switch {
	case t.limit >= 0:
		s.Remaining = max(t.limit-t.used, 0)
	case dry:
		s.Remaining = 0
	}
	end := a.in.AsOf
	if t.end.Before(end) {
		end, s.AsOf = t.end, t.end
	}
	if t.start.After(end) { // by a clock that is wrong: nothing follows from it
		s.BurnPerHour, s.BurnPerHour1h, s.BurnPerHour7d, s.Outlook = math.NaN(), math.NaN(), math.NaN(), queries.QuotaUnknown
		return s
	}
	f := a.forecast(n, end)
	s.BurnPerHour, s.BurnPerHour1h, s.BurnPerHour7d = f.burn(day), f.burn(time.Hour), f.burn(week)
	switch {
	case !t.end.After(a.in.AsOf):
		s.Outlook = queries.QuotaPast
	case t.limit >= 0 && t.used > t.limit && !dry:
		s.Outlook = queries.QuotaOver
	case s.Remaining == 0:
		s.Outlook = queries.QuotaExhausted
	case t.limit < 0:
		s.Outlook = queries.QuotaUnknown
	default:
		f.project(&s)
	}
	return s
}
