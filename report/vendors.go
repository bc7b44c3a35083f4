package report

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// vendorPage shows how the vendors do, side by side and one by one.
func (f *findings) vendorPage() []section {
	return compact(f.vendorBars(), f.vendorsSection(), f.vendorDetails(), f.unreadSection())
}

// vendorBars compares the shares of failed calls.
func (f *findings) vendorBars() section {
	list := &barList{}
	var most float64
	for _, v := range f.overview.Vendors {
		if v.Requests > 0 {
			most = max(most, float64(v.Failures)/float64(v.Requests))
		}
	}
	if most == 0 {
		return section{}
	}
	for _, v := range f.overview.Vendors {
		b := bar{label: foreign(vendorName(v.Vendor, v.Host)), value: percent(v.Failures, v.Requests)}
		if v.Requests > 0 {
			b.share = float64(v.Failures) / float64(v.Requests) / most
		}
		list.bars = append(list.bars, b)
	}
	return section{heading: "Share of calls that failed", bars: list}
}

// vendorDetails says of each vendor who can remove its failures.
func (f *findings) vendorDetails() section {
	s := section{heading: "Who can remove the failures"}
	for _, v := range f.overview.Vendors {
		if v.Failures == 0 {
			continue
		}
		it := item{head: party(v.Vendor, v.Host).and(": %s of %s", counted(v.Failures, "failure"), counted(v.Requests, "request"))}
		for _, x := range f.vendorFaults {
			if vendorName(x.Vendor, x.Host) == vendorName(v.Vendor, v.Host) {
				it.lines = append(it.lines, ours("%s: %s, %s", say(faultWords, x.Fault), say(categoryWords, x.Category), thousands(x.Failures)))
			}
		}
		s.items = append(s.items, it)
	}
	return s
}

func (f *findings) tidyVendorFaults() {
	f.vendorFaults = slices.Clone(f.vendorFaults)
	slices.SortStableFunc(f.vendorFaults, func(a, b queries.VendorFault) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host),
			cmp.Compare(a.Fault, b.Fault), cmp.Compare(a.Category, b.Category))
	})
}

func vendorColumns() []string {
	return []string{"section", "vendor", "host", "fault", "category", "requests", "failures", "benign", "outage", "top_code", "top_category",
		"duration_ms_p50", "duration_ms_p95", "last_ts"}
}

func (f *findings) vendorRows() []csvRow {
	var rows []csvRow
	for _, v := range f.overview.Vendors {
		rows = append(rows, csvRow{"section": "vendor", "vendor": csvText(v.Vendor), "host": csvText(v.Host), "requests": digits(v.Requests),
			"failures": digits(v.Failures), "benign": digits(v.Benign), "outage": digits(v.Outage), "top_code": csvText(v.TopCode),
			"top_category": csvText(v.TopCategory), "duration_ms_p50": csvFloat(v.DurationMSP50), "duration_ms_p95": csvFloat(v.DurationMSP95),
			"last_ts": csvTime(v.Last)})
	}
	for _, x := range f.vendorFaults {
		rows = append(rows, csvRow{"section": "fault", "vendor": csvText(x.Vendor), "host": csvText(x.Host), "fault": csvText(string(x.Fault)),
			"category": csvText(string(x.Category)), "failures": digits(x.Failures)})
	}
	return rows
}

type jsonVendorFault struct {
	Vendor   string          `json:"vendor"`
	Host     string          `json:"host,omitempty"`
	Fault    record.Fault    `json:"fault"`
	Category record.Category `json:"category"`
	Failures int64           `json:"failures"`
}

func (f *findings) jsonVendorPage(r *jsonReport) {
	r.Vendors = jsonVendors(f.overview.Vendors)
	r.VendorFaults = []jsonVendorFault{}
	for _, x := range f.vendorFaults {
		r.VendorFaults = append(r.VendorFaults, jsonVendorFault(x))
	}
}
