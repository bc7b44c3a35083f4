package analysis

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	// unreachedShare of the failures of a window may have come to nobody where
	// the network is ours: no response, or what a gateway of our own may say.
	unreachedShare = 0.8
	// strayShare of the calls to a vendor may come to nobody by themselves.
	strayShare = 0.02
	// tooFewToTell is the chance that calls are all well by luck, above which they
	// say nothing about a vendor.
	tooFewToTell = 0.1
	// alsoVendorsShare of the other vendors that were called must be so.
	alsoVendorsShare = 0.75
	// otherVendorsMin is the fewest other vendors that can tell.
	otherVendorsMin = 2
)

// splitLocal tells the outages in which nobody at all was reached from those of
// a vendor.
func splitLocal(found []Outage, vendors []*traffic) ([]Outage, []LocalOutage) {
	var theirs []Outage
	var ours []LocalOutage
	for _, o := range found {
		if !isLocal(o, vendors) {
			theirs = append(theirs, o)
			continue
		}
		ours = append(ours, LocalOutage{o.FirstMinute, o.LastMinute, o.Open, []string{scopeName(o.Vendor, o.Host)}, o.Calls, o.Failed})
	}
	slices.SortFunc(ours, func(a, b LocalOutage) int {
		return cmp.Or(cmp.Compare(a.FirstMinute, b.FirstMinute), cmp.Compare(a.LastMinute, b.LastMinute), slices.Compare(a.Vendors, b.Vendors))
	})
	var joined []LocalOutage
	for _, o := range ours {
		n := len(joined)
		if n == 0 || o.FirstMinute > joined[n-1].LastMinute+holdMinutes {
			joined = append(joined, o)
			continue
		}
		last := &joined[n-1]
		last.LastMinute, last.Open = max(last.LastMinute, o.LastMinute), last.Open || o.Open
		last.Calls += o.Calls
		last.Failed += o.Failed
		last.Vendors = append(last.Vendors, o.Vendors...)
		slices.Sort(last.Vendors)
		last.Vendors = slices.Compact(last.Vendors)
	}
	return theirs, joined
}

// isLocal reports whether the other vendors could not be reached either while a
// vendor was not. Of a proxy among several that is down, or of a lossy line, all
// lose the same share.
func isLocal(o Outage, vendors []*traffic) bool {
	if float64(o.Unreached) < unreachedShare*float64(o.Failed) {
		return false
	}
	lost := float64(o.Unreached) / float64(o.Calls)
	type sums struct{ calls, unreached int64 }
	byParty := map[string]sums{}
	self := partyName(o.Vendor, o.Host)
	for _, t := range vendors {
		if party := partyName(t.vendor, t.host); party != self {
			calls, unreached := t.between(o.FirstMinute, o.LastMinute)
			byParty[party] = sums{byParty[party].calls + calls, byParty[party].unreached + unreached}
		}
	}
	others, also := 0, 0
	for _, p := range byParty {
		if p.calls == 0 || math.Pow(1-lost, float64(p.calls)) > tooFewToTell {
			continue
		}
		others++
		if likelierLost(p.unreached, p.calls, min(lost, 0.95)) {
			also++
		}
	}
	return others >= otherVendorsMin && float64(also) >= alsoVendorsShare*float64(others)
}

// likelierLost reports whether calls look more like those of which a share comes
// to nobody than like others.
func likelierLost(unreached, calls int64, share float64) bool {
	if share <= strayShare {
		return false
	}
	return float64(unreached)*math.Log(share/strayShare)+float64(calls-unreached)*math.Log((1-share)/(1-strayShare)) > 0
}

// between counts the calls of the steps that lie in a span of minutes.
func (t *traffic) between(first, last int64) (calls, unreached int64) {
	from, _ := slices.BinarySearchFunc(t.steps, first, func(s step, m int64) int { return cmp.Compare(s.first, m) })
	for _, s := range t.steps[from:] {
		if s.last > last {
			break
		}
		for _, c := range s.calls {
			calls += c.calls
			unreached += c.unreached
		}
	}
	return calls, unreached
}

// scopeName names a vendor, or the host where no pack knows it.
func scopeName(vendor, host string) string {
	if host != "" {
		return host
	}
	return vendor
}

// partyName names a vendor, or the domain of a host that no pack knows: its
// hosts fail together.
func partyName(vendor, host string) string {
	labels := strings.Split(host, ".")
	n := len(labels)
	if host == "" || labels[n-1] == "" || labels[n-1][0] <= '9' { // an address
		return scopeName(vendor, host)
	}
	keep := 2
	if n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 { // co.uk
		keep = 3
	}
	return strings.Join(labels[max(0, n-keep):], ".")
}
