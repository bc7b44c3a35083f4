package report

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// tidy copies the rows, masks what is personal and puts them into a total
// order, so that neither the source's order nor its memory matters.
func (f *findings) tidy() {
	f.overview.Vendors = slices.Clone(f.overview.Vendors)
	f.overview.Faults = slices.Clone(f.overview.Faults)
	f.overview.Blame = slices.Clone(f.overview.Blame)
	f.overview.Buckets = slices.Clone(f.overview.Buckets)
	f.groups = slices.Clone(f.groups)
	for i := range f.overview.Vendors {
		v := &f.overview.Vendors[i]
		v.TopCode = maskPersonal(v.TopCode)
	}
	for i := range f.groups {
		g := &f.groups[i]
		g.Code = maskPersonal(g.Code)
		g.Type = maskPersonal(g.Type)
		g.Message = maskPersonal(g.Message)
		g.Route = maskPersonal(g.Route)
		g.Action = maskPersonal(g.Action)
	}
	slices.SortStableFunc(f.overview.Vendors, compareVendors)
	slices.SortStableFunc(f.overview.Faults, compareFaults)
	slices.SortStableFunc(f.overview.Blame, compareBlame)
	slices.SortStableFunc(f.overview.Buckets, func(a, b queries.Bucket) int { return a.Start.Compare(b.Start) })
	slices.SortStableFunc(f.groups, compareGroups)
	f.overview.Groups = nil
	f.tidyVendorFaults()
	f.tidyQuotas()
	f.tidyWindows()
	f.tidyUnreached()
	f.tidySupport()
	f.tidyAccounting()
	f.tidyBlame()
	f.tidyRetries()
	f.tidyLatency()
	f.tidyChanges()
}

// compareVendors puts most failures first, then most requests, then names.
func compareVendors(a, b queries.VendorRow) int {
	return cmp.Or(
		cmp.Compare(b.Failures, a.Failures),
		cmp.Compare(b.Requests, a.Requests),
		cmp.Compare(a.Vendor, b.Vendor),
		cmp.Compare(a.Host, b.Host))
}

func compareFaults(a, b queries.FaultRow) int {
	return cmp.Or(
		cmp.Compare(b.Failures, a.Failures),
		cmp.Compare(a.Fault, b.Fault),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Retry, b.Retry))
}

func compareBlame(a, b queries.BlameRow) int {
	return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Fault, b.Fault))
}

// compareGroups puts most failures first, then goes by the whole key.
func compareGroups(a, b queries.FailureGroup) int {
	return cmp.Or(
		cmp.Compare(b.Failures, a.Failures),
		cmp.Compare(a.Vendor, b.Vendor),
		cmp.Compare(a.Host, b.Host),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Status, b.Status),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Retry, b.Retry),
		cmp.Compare(a.Rule, b.Rule))
}
