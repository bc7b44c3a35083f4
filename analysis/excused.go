package analysis

import (
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// knownSlack is by how much an outage may begin before the time of which
// somebody knows.
const knownSlack = 10 * time.Minute

// KnownTime is a time of which somebody knows what it does to a vendor, a planned
// maintenance or a known incident, and what came in it. The times of one party
// do not overlap.
type KnownTime struct {
	Party    string    // a vendor, or a host that no pack knows; "" is whoever has no times of its own
	From, To time.Time // To is not part of it
	Vendors  []queries.VendorRow
	Groups   []queries.FailureGroup
	Support  []queries.SupportGroup
}

// timesOf are those of a party, else those of everybody.
func (f GateFacts) timesOf(party string) []KnownTime {
	for _, p := range []string{party, ""} {
		var list []KnownTime
		for _, k := range f.Known {
			if k.Party == p {
				list = append(list, k)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// excused counts the calls and failures of a party that a gate does not hold
// against it: all of its known times, and of the others the failures that
// somebody has acknowledged, up to when they grow.
func (f GateFacts) excused(party string) (failures, calls int64) {
	times := f.timesOf(party)
	for _, k := range times {
		for _, v := range k.Vendors {
			if partyOf(v.Vendor, v.Host) == party {
				failures, calls = failures+v.Failures, calls+v.Requests
			}
		}
	}
	if len(times) == 0 { // what the store knows of the configuration of another folder
		for _, w := range f.Windows {
			if w.Planned && partyOf(w.Vendor, w.Host) == party {
				failures, calls = failures+w.Failures, calls+w.Requests
			}
		}
	}
	for k, n := range failuresByCode(f.Groups) {
		if partyOf(k.vendor, k.host) != party {
			continue
		}
		n -= f.knownOf(k)
		if n > 0 && acknowledgement(f.Acknowledged, k, n, f.Span) != nil {
			failures, calls = failures+n, calls+n
		}
	}
	return failures, calls
}

// knownOf counts the failures of a code in the known times.
func (f GateFacts) knownOf(k codeKey) (n int64) {
	for _, t := range f.timesOf(partyOf(k.vendor, k.host)) {
		n += failuresByCode(t.Groups)[k]
	}
	return n
}

// knownNow reports whether an open outage began in a known time that lasts still.
func (f GateFacts) knownNow(w queries.WindowRow) bool {
	return f.knownSince(partyOf(w.Vendor, w.Host), w.StartedAt)
}

// knownSince reports whether what began at a time and goes on did so in a known
// time of a party, "" for one of everybody.
func (f GateFacts) knownSince(party string, start time.Time) bool {
	return slices.ContainsFunc(f.timesOf(party), func(k KnownTime) bool {
		return !start.Before(k.From.Add(-knownSlack)) && f.Last.Before(k.To)
	})
}

// refusalsAcknowledged reports whether somebody has acknowledged that a party
// refuses calls because an allowance is used up, with all codes that say so.
func (f GateFacts) refusalsAcknowledged(party string) bool {
	known := false
	for k, n := range failuresByCode(f.Groups) {
		if k.category != record.QuotaExhausted || partyOf(k.vendor, k.host) != party {
			continue
		}
		if known = acknowledgement(f.Acknowledged, k, n, f.Span) != nil; !known {
			return false
		}
	}
	return known
}

// supportLeft counts the failures of a code that a vendor's support should hear
// of: neither in an outage nor in a known time, and acknowledged by nobody.
func (f GateFacts) supportLeft(g queries.SupportGroup) int64 {
	k := codeKeyOf(g.Vendor, g.Host, g.Code, g.Type, g.Category)
	n := g.Failures - g.InOutage
	for _, t := range f.timesOf(partyOf(g.Vendor, g.Host)) {
		for _, x := range t.Support {
			if codeKeyOf(x.Vendor, x.Host, x.Code, x.Type, x.Category) == k && (g.Code != "" || g.Type != "" || x.Status == g.Status) {
				n -= x.Failures - x.InOutage
			}
		}
	}
	if acknowledgement(f.Acknowledged, k, n, f.Span) != nil {
		return 0
	}
	return max(n, 0)
}
