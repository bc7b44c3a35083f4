package report

import (
	"context"
	"fmt"

	"github.com/errscope/errscope/queries"
)

// page is what one report is made of. Pages ask for what they show and no
// more: the whole overview costs more than most of them.
type page struct {
	ask      func(ctx context.Context, src Source, f *findings) error
	lead     func(f *findings) []prose
	sections func(f *findings) []section
	columns  []string // of its CSV
	rows     func(f *findings) []csvRow
	json     func(f *findings, r *jsonReport)
}

// pageOf finds the page of a report; overview, failures and drift have none.
func pageOf(name string) (page, bool) {
	switch name {
	case "vendors":
		return page{askVendors, (*findings).lead, (*findings).vendorPage, vendorColumns(), (*findings).vendorRows, (*findings).jsonVendorPage}, true
	case "quota":
		return page{askQuotas, (*findings).quotaLead, (*findings).quotaPage, quotaColumns(), (*findings).quotaRows, (*findings).jsonQuotaPage}, true
	case "outages":
		return page{askWindows, (*findings).outageLead, (*findings).outagePage, outageColumns(), (*findings).outageRows, (*findings).jsonOutagePage}, true
	case "support":
		return page{askSupport, (*findings).supportLead, (*findings).supportPage, supportColumns(), (*findings).supportRows, (*findings).jsonSupportPage}, true
	case "accounting":
		return page{askAccounting, (*findings).accountingLead, (*findings).accountingPage, accountingColumns(), (*findings).accountingRows, (*findings).jsonAccountingPage}, true
	case "blame":
		return page{askBlame, (*findings).blameLead, (*findings).blamePage, blameColumns(), (*findings).blameRows, (*findings).jsonBlamePage}, true
	case "retries":
		return page{askRetries, (*findings).retryLead, (*findings).retryPage, retryColumns(), (*findings).retryRows, (*findings).jsonRetryPage}, true
	case "latency":
		return page{askLatency, (*findings).latencyLead, (*findings).latencyPage, latencyColumns(), (*findings).latencyRows, (*findings).jsonLatencyPage}, true
	case "nightly":
		return page{askNightly, (*findings).nightlyLead, (*findings).nightlyPage, nightlyColumns(), (*findings).nightlyRows, (*findings).jsonNightlyPage}, true
	}
	return page{}, false
}

// glance asks for the totals, which every page names.
func (f *findings) glance(ctx context.Context, src Source) (err error) {
	if f.overview, err = src.Glance(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the totals: %w", err)
	}
	return nil
}

func askVendors(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.overview.Vendors, err = src.Vendors(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the vendors: %w", err)
	}
	if f.vendorFaults, err = src.VendorFaults(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the vendors' failures: %w", err)
	}
	return nil
}

func askQuotas(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	if err := f.askQuotas(ctx, src); err != nil {
		return err
	}
	courses, err := src.QuotaCourses(ctx, f.options.Scope)
	if err != nil {
		return fmt.Errorf("asking how the quotas were used up: %w", err)
	}
	f.courses = courses
	return nil
}

func (f *findings) askQuotas(ctx context.Context, src Source) (err error) {
	if f.quotas, err = src.Quotas(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the quotas: %w", err)
	}
	return nil
}

func askWindows(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	if err := f.askWindows(ctx, src); err != nil {
		return err
	}
	return f.askUnreached(ctx, src)
}

func (f *findings) askWindows(ctx context.Context, src Source) (err error) {
	if f.windows, err = src.Windows(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the outages: %w", err)
	}
	return nil
}

func askSupport(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	return f.askSupport(ctx, src)
}

func (f *findings) askSupport(ctx context.Context, src Source) (err error) {
	if f.support, err = src.Support(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking what support wants: %w", err)
	}
	return nil
}

// askNightly asks about the last day of the data where the scope has no
// beginning: by the data, not by the clock, so that the same database gives the
// same report.
func askNightly(ctx context.Context, src Source, f *findings) error {
	s := &f.options.Scope
	if s.Since.IsZero() {
		all, err := src.Glance(ctx, *s)
		if err != nil {
			return fmt.Errorf("asking for the totals: %w", err)
		}
		if !all.Totals.Last.IsZero() {
			s.Since = all.Totals.Last.Add(-nightlySpan)
			f.lastDay = true
		}
	}
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.groups, err = src.Failures(ctx, *s); err != nil {
		return fmt.Errorf("asking for the failures: %w", err)
	}
	if !s.Since.IsZero() {
		if f.changes, err = src.Changes(ctx, *s); err != nil {
			return fmt.Errorf("asking for the changes: %w", err)
		}
	}
	for _, ask := range []func(context.Context, Source) error{f.askQuotas, f.askWindows, f.askUnreached, f.askSupport} {
		if err := ask(ctx, src); err != nil {
			return err
		}
	}
	return nil
}

// nothing reports that there is neither a request nor anything else to show.
func (f *findings) nothing() bool {
	t := f.overview.Totals
	return t.Requests == 0 && t.Inbound == 0 && len(f.quotas) == 0 && len(f.windows) == 0 && len(f.unreached) == 0
}

// callLine says in one sentence what the report is about.
func (f *findings) callLine() prose {
	t := f.overview.Totals
	p := ours("%s, %s (%s)", counted(t.Requests, "request"), counted(t.Failures, "failure"), percent(t.Failures, t.Requests))
	if !t.First.IsZero() {
		p = p.and(" between %s and %s %s", f.minute(t.First), f.minute(t.Last), f.zone())
	}
	return p.and(".")
}

// vendorName is the vendor, or the host where no pack knows the vendor.
func vendorName(vendor, host string) string {
	if knownVendor(vendor) || host == "" {
		return dash(vendor)
	}
	return host
}

// codeName is the code, or what stands for it.
func codeName(code, typ string, status int) string {
	return groupName(queries.FailureGroup{GroupKey: queries.GroupKey{Code: code, Type: typ, Status: status}})
}
