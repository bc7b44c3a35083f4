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
	for len(ours) > 0 {
		n, last := 1, ours[0].LastMinute
		for n < len(ours) && ours[n].FirstMinute <= last+holdMinutes {
			last = max(last, ours[n].LastMinute)
			n++
		}
		joined = append(joined, oneLocal(ours[:n], vendors))
		ours = ours[n:]
	}
	return theirs, joined
}

// oneLocal makes one time of what was seen of it at several vendors. They bear
// each other out: it begins and ends where most say so, and reaches further only
// where all calls together do not speak against it.
func oneLocal(seen []LocalOutage, vendors []*traffic) LocalOutage {
	var o LocalOutage
	var firsts, lasts []int64
	for _, s := range seen {
		firsts, lasts = append(firsts, s.FirstMinute), append(lasts, s.LastMinute)
		o.Open = o.Open || s.Open
		o.Calls += s.Calls
		o.Failed += s.Failed
		o.Vendors = append(o.Vendors, s.Vendors...)
	}
	slices.Sort(o.Vendors)
	o.Vendors = slices.Compact(o.Vendors)
	slices.Sort(firsts)
	slices.Sort(lasts)
	lost := min(float64(o.Failed)/float64(o.Calls), 0.95)
	middle := len(seen) / 2
	o.FirstMinute = firsts[middle]
	for i := middle - 1; i >= 0; i-- {
		if calls, unreached := allBetween(vendors, firsts[i], o.FirstMinute-1); firsts[i] == o.FirstMinute || likelierLost(unreached, calls, lost) {
			o.FirstMinute = firsts[i]
			continue
		}
		break
	}
	middle = (len(seen) - 1) / 2
	o.LastMinute = lasts[middle]
	for _, last := range lasts[middle+1:] {
		if calls, unreached := allBetween(vendors, o.LastMinute+1, last); o.Open || last == o.LastMinute || likelierLost(unreached, calls, lost) {
			o.LastMinute = last
			continue
		}
		break
	}
	return o
}

// besidesLocal looks again at the vendors of which calls were lost on our side,
// without these: what a vendor did before and after is told apart from it.
func besidesLocal(found []Outage, local []LocalOutage, vendors []*traffic) []Outage {
	if len(local) == 0 {
		return found
	}
	for _, t := range vendors {
		rest := t.without(local)
		if rest == nil {
			continue
		}
		found = slices.DeleteFunc(found, func(o Outage) bool { return o.Vendor == t.vendor && o.Host == t.host })
		found = append(found, rest.outages()...)
	}
	return found
}

// without gives the traffic without the calls that came to nobody in times of
// ours, nil where there are none.
func (t *traffic) without(local []LocalOutage) *traffic {
	var steps []step
	for i, s := range t.steps {
		inside := slices.ContainsFunc(local, func(l LocalOutage) bool { return l.FirstMinute <= s.first && s.last <= l.LastMinute })
		if !inside || !slices.ContainsFunc(s.calls, func(c routeCalls) bool { return c.unreached > 0 }) {
			continue
		}
		if steps == nil {
			steps = slices.Clone(t.steps)
		}
		steps[i].calls = slices.Clone(s.calls)
		for j := range steps[i].calls {
			c := &steps[i].calls[j]
			c.calls, c.failed, c.unreached = c.calls-c.unreached, c.failed-c.unreached, 0
		}
		steps[i].calls = slices.DeleteFunc(steps[i].calls, func(c routeCalls) bool { return c.calls == 0 })
	}
	if steps == nil {
		return nil
	}
	rest := *t
	rest.steps = slices.DeleteFunc(steps, func(s step) bool { return len(s.calls) == 0 })
	rest.byRoute = make([][]step, len(t.routes))
	return &rest
}

// allBetween counts the calls to all vendors in a span of minutes; of a run of
// minutes in which nothing failed its share.
func allBetween(vendors []*traffic, first, last int64) (calls, unreached int64) {
	for _, t := range vendors {
		from, _ := slices.BinarySearchFunc(t.steps, first, func(s step, m int64) int { return cmp.Compare(s.last, m) })
		for _, s := range t.steps[from:] {
			if s.first > last {
				break
			}
			share := min(s.last, last) - max(s.first, first) + 1
			for _, c := range s.calls {
				calls += c.calls * share / (s.last - s.first + 1)
				unreached += c.unreached * share / (s.last - s.first + 1)
			}
		}
	}
	return calls, unreached
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
