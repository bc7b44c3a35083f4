package analysis

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// Thresholds are what a gate holds the data against. A nil map, false or a
// negative number leaves a check out. Keys of maps are vendors, or hosts that
// no pack knows; "" is everybody else.
type Thresholds struct {
	FailureRatio   map[string]float64 // the largest share of calls that may fail, 0 to 1
	CallsMin       int64              // a vendor with fewer calls has no ratio
	QuotaLeft      map[string]float64 // the smallest share of a limit that must be left, 0 to 1
	OpenOutage     bool               // no outage of a vendor may be open
	LocalOutage    bool               // nor a time when nobody at all is reached
	NewCodes       int64              // how many codes may be new
	Rejects        float64            // the largest share of lines that may be unreadable, 0 to 1
	ContactSupport bool               // no failure may ask for a vendor's support
	Fresh          time.Duration      // the newest call may be so old, 0 is any age
}

// GateFacts are the answers that a gate looks at; what no threshold asks for
// may be empty.
type GateFacts struct {
	Last    time.Time // of the newest call
	Read    queries.GateRead
	Now     time.Time // by the clock, for Fresh
	Vendors []queries.VendorRow
	Quotas  []queries.QuotaRow
	Windows []queries.WindowRow
	Local   []queries.LocalOutageRow
	Changes queries.Changes
	Support []queries.SupportGroup
	// What is excused. Groups are all failures by code where something is
	// acknowledged; Acknowledged are those that have not run out.
	Known        []KnownTime
	Groups       []queries.FailureGroup
	Acknowledged []queries.Acknowledgement
	Span         time.Duration // that the failures were counted in
}

// GateCheck names a check, in the words of the configuration.
type GateCheck string

// The checks of a gate.
const (
	GateFailureRatio   GateCheck = "failure_ratio"
	GateQuotaLeft      GateCheck = "quota_left"
	GateOpenOutage     GateCheck = "open_outage"
	GateLocalOutage    GateCheck = "local_outage"
	GateNewCodes       GateCheck = "new_codes"
	GateRejects        GateCheck = "rejects"
	GateContactSupport GateCheck = "contact_support"
	GateFresh          GateCheck = "fresh"
)

// GateReason is one reason why a gate does not hold.
type GateReason struct {
	Check  GateCheck
	Vendor string // or the host that no pack knows; "" where it concerns all
	// Account is whose quota it is, "" where that is not known or of no concern.
	Account string
	What    string    // quota, route or code, where there is one
	Value   float64   // what was found: a ratio or a count
	Limit   float64   // what was allowed
	Part    int64     // the numbers behind a ratio
	Whole   int64     // likewise
	Since   time.Time // of an outage, or of the first failure
}

// Gate holds the facts against the thresholds. What happened in a planned
// maintenance or a known incident counts for nothing, and no more does what was
// acknowledged, until it grows or changes. The reasons are in the order of the checks
// above, then by vendor and what.
func Gate(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, check := range []func(Thresholds, GateFacts) []GateReason{gateRatios, gateQuotas, gateOutages, gateLocal, gateCodes, gateRejects, gateSupport, gateFresh} {
		found := check(t, f)
		slices.SortStableFunc(found, func(a, b GateReason) int {
			return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.What, b.What), cmp.Compare(a.Account, b.Account), a.Since.Compare(b.Since), cmp.Compare(a.Value, b.Value))
		})
		list = append(list, found...)
	}
	return list
}

// limitFor is the threshold of a party, else that of everybody.
func limitFor(limits map[string]float64, party string) (float64, bool) {
	if l, ok := limits[party]; ok {
		return l, true
	}
	l, ok := limits[""]
	return l, ok
}

// partyOf is the vendor, or the host where no pack knows the vendor.
func partyOf(vendor, host string) string {
	if host != "" && (vendor == "" || vendor == record.VendorUnknown || vendor == record.VendorGeneric) {
		return host
	}
	return vendor
}

func gateRatios(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, v := range f.Vendors {
		party := partyOf(v.Vendor, v.Host)
		limit, ok := limitFor(t.FailureRatio, party)
		failures, calls := f.excused(party)
		failures, calls = max(v.Failures-failures, 0), max(v.Requests-calls, 0)
		if !ok || calls < max(t.CallsMin, 1) {
			continue
		}
		if ratio := float64(failures) / float64(calls); ratio > limit {
			list = append(list, GateReason{Check: GateFailureRatio, Vendor: party, Value: ratio, Limit: limit, Part: failures, Whole: calls})
		}
	}
	return list
}

func gateQuotas(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, q := range f.Quotas {
		party := partyOf(q.Vendor, q.Host)
		limit, ok := limitFor(t.QuotaLeft, party)
		now := q.AsOf
		if now.IsZero() {
			now = f.Last
		}
		over := !q.PeriodEnd.IsZero() && !now.IsZero() && !q.PeriodEnd.After(now) || q.Remaining == 0 && f.refusalsAcknowledged(party)
		if !ok || over || q.Remaining < 0 || q.Limit <= 0 && q.Remaining > 0 {
			continue
		}
		if q.Limit <= 0 { // used up, of whatever
			list = append(list, GateReason{Check: GateQuotaLeft, Vendor: party, Account: q.Account, What: q.Name, Limit: limit, Since: q.ExhaustedAt})
			continue
		}
		if left := float64(q.Remaining) / float64(q.Limit); left < limit {
			list = append(list, GateReason{Check: GateQuotaLeft, Vendor: party, Account: q.Account, What: q.Name, Value: left, Limit: limit, Part: q.Remaining, Whole: q.Limit})
		}
	}
	return list
}

func gateOutages(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, w := range f.Windows {
		if t.OpenOutage && w.EndedAt.IsZero() && !w.Planned && !f.knownNow(w) {
			list = append(list, GateReason{Check: GateOpenOutage, Vendor: partyOf(w.Vendor, w.Host), What: w.Route, Value: 1,
				Part: w.Failures, Whole: w.Requests, Since: w.StartedAt})
		}
	}
	return list
}

// gateLocal is about our own side of the network, so no vendor is named.
func gateLocal(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, w := range f.Local {
		if t.LocalOutage && w.EndedAt.IsZero() && !f.knownSince("", w.StartedAt) {
			list = append(list, GateReason{Check: GateLocalOutage, Value: 1, Part: w.Failures, Whole: w.Requests, Since: w.StartedAt})
		}
	}
	return list
}

func gateCodes(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	if t.NewCodes < 0 || f.Changes.NothingBefore {
		return nil
	}
	for _, c := range f.Changes.List {
		failures := c.Failures - f.knownOf(codeKeyOf(c.Vendor, c.Host, c.Code, c.Type, c.Category))
		if c.Kind == queries.ChangeNew && failures > 0 {
			list = append(list, GateReason{Check: GateNewCodes, Vendor: partyOf(c.Vendor, c.Host), What: codeWords(c.Code, c.Type, c.Status),
				Value: float64(failures), Limit: float64(t.NewCodes), Part: failures, Whole: c.Requests, Since: c.First})
		}
	}
	if int64(len(list)) <= t.NewCodes {
		return nil
	}
	return list
}

func gateRejects(t Thresholds, f GateFacts) []GateReason {
	if t.Rejects < 0 || f.Read.Lines <= 0 {
		return nil
	}
	ratio := float64(f.Read.Rejected) / float64(f.Read.Lines)
	if ratio <= t.Rejects {
		return nil
	}
	return []GateReason{{Check: GateRejects, Value: ratio, Limit: t.Rejects, Part: f.Read.Rejected, Whole: f.Read.Lines}}
}

func gateSupport(t Thresholds, f GateFacts) []GateReason {
	var list []GateReason
	for _, g := range f.Support {
		if left := f.supportLeft(g); t.ContactSupport && left > 0 {
			list = append(list, GateReason{Check: GateContactSupport, Vendor: partyOf(g.Vendor, g.Host), What: codeWords(g.Code, g.Type, g.Status),
				Value: float64(left), Part: left, Since: g.First})
		}
	}
	return list
}

// codeWords name a code; where there is none the status stands for it.
func codeWords(code, typ string, status int) string {
	switch {
	case code != "" || typ != "":
		return cmp.Or(code, typ)
	case status == 0:
		return "without an answer"
	case status > 0:
		return "status " + strconv.Itoa(status)
	}
	return ""
}

// gateFresh fails where nothing came for too long: a gate that is asked about
// calls that nobody loaded would hold for ever.
func gateFresh(t Thresholds, f GateFacts) []GateReason {
	if t.Fresh <= 0 {
		return nil
	}
	if age := f.Now.Sub(f.Read.Newest); f.Read.Newest.IsZero() || age > t.Fresh {
		return []GateReason{{Check: GateFresh, Value: age.Seconds(), Limit: t.Fresh.Seconds(), Since: f.Read.Newest}}
	}
	return nil
}
