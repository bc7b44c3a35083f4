package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

// BlameOver splits failures by vendor and by span of time, each of them like
// [Blame], so that every one adds up to 100 %.
func BlameOver(rows []queries.BlameSlot) queries.BlameSplits {
	type party struct{ vendor, host string }
	all := split(rows)
	byVendor, bySlot := map[party][]queries.BlameSlot{}, map[int64][]queries.BlameSlot{}
	for _, r := range rows {
		byVendor[party{r.Vendor, r.Host}] = append(byVendor[party{r.Vendor, r.Host}], r)
		if r.Slot >= 0 {
			bySlot[r.Slot] = append(bySlot[r.Slot], r)
		}
	}
	out := queries.BlameSplits{Total: all}
	for p, list := range byVendor {
		s := split(list)
		s.Vendor, s.Host = p.vendor, p.host
		out.Vendors = append(out.Vendors, s)
	}
	for _, list := range bySlot {
		s := split(list)
		s.Start = list[0].Start
		out.Spans = append(out.Spans, s)
	}
	slices.SortFunc(out.Vendors, func(a, b queries.BlameSplit) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host))
	})
	slices.SortFunc(out.Spans, func(a, b queries.BlameSplit) int { return a.Start.Compare(b.Start) })
	return out
}

func split(rows []queries.BlameSlot) queries.BlameSplit {
	var s queries.BlameSplit
	faults := make([]queries.FaultRow, len(rows))
	for i, r := range rows {
		faults[i] = queries.FaultRow{Fault: r.Fault, Failures: r.Failures}
		s.Failures += r.Failures
	}
	s.Parties = Blame(faults)
	return s
}
