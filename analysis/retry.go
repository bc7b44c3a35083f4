package analysis

import (
	"cmp"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// What makes a storm of minutes with many retries.
const (
	// stormRatio is how many retries there must be to a call that fails for the
	// first time: a client that tries three times stays below.
	stormRatio = 3
	// stormRetriesMin is how many retries a storm has at least.
	stormRetriesMin = 30
	// stormPause is how far two minutes of one storm lie apart at most.
	stormPause = 3 * time.Minute
)

// Retries sorts the rows of the question by what they are about, and makes
// storms of the minutes with many retries. The order of the rows does not matter.
func Retries(rows []queries.RetryRow) queries.Retries {
	var out queries.Retries
	var minutes []queries.RetryRow
	for _, r := range rows {
		switch r.Section {
		case queries.RetryTotal:
			out.Total = r
		case queries.RetryVendor:
			out.Vendors = append(out.Vendors, r)
		case queries.RetryGroup:
			out.Groups = append(out.Groups, r)
		case queries.RetryChain:
			out.Chains = append(out.Chains, r)
		case queries.RetryMinute:
			minutes = append(minutes, r)
		}
	}
	slices.SortFunc(out.Vendors, compareRetries)
	slices.SortFunc(out.Groups, compareRetries)
	slices.SortFunc(out.Chains, func(a, b queries.RetryRow) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), a.First.Compare(b.First), cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.SourceOffset, b.SourceOffset))
	})
	out.Storms = storms(minutes)
	return out
}

// RetryTrouble counts the retries of a row that need not have been. One that was
// both useless and early counts once, as far as the counts can tell.
func RetryTrouble(r queries.RetryRow) int64 { return max(r.Useless-r.Helped, r.Early) }

func compareRetries(a, b queries.RetryRow) int {
	return cmp.Or(
		cmp.Compare(RetryTrouble(b), RetryTrouble(a)),
		cmp.Compare(b.Retries, a.Retries),
		cmp.Compare(b.Calls, a.Calls),
		cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Status, b.Status),
		cmp.Compare(a.Category, b.Category), cmp.Compare(a.Retry, b.Retry),
		cmp.Compare(a.Method, b.Method), cmp.Compare(a.Route, b.Route))
}

// storms joins the minutes of one vendor that follow each other, and keeps what
// is mostly retries.
func storms(minutes []queries.RetryRow) []queries.RetryStorm {
	minutes = slices.Clone(minutes)
	slices.SortFunc(minutes, func(a, b queries.RetryRow) int {
		return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host), a.First.Compare(b.First), a.Last.Compare(b.Last))
	})
	var all []queries.RetryStorm
	for _, m := range minutes {
		last := len(all) - 1
		if last < 0 || all[last].Vendor != m.Vendor || all[last].Host != m.Host || m.First.Sub(all[last].Last) > stormPause {
			all = append(all, queries.RetryStorm{Vendor: m.Vendor, Host: m.Host, First: m.First})
			last++
		}
		s := &all[last]
		s.Last = m.Last
		s.Calls += m.Calls
		s.Retries += m.Retries
		s.PeakPerMinute = max(s.PeakPerMinute, m.Retries)
	}
	all = slices.DeleteFunc(all, func(s queries.RetryStorm) bool {
		return s.Retries < stormRetriesMin || s.Retries < stormRatio*s.Calls
	})
	slices.SortFunc(all, func(a, b queries.RetryStorm) int {
		return cmp.Or(cmp.Compare(b.Retries, a.Retries), a.First.Compare(b.First), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host))
	})
	return all
}
