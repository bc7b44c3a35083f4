package report

import (
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// document lays the findings out for people.
func (f *findings) document() document {
	if f.answer != nil {
		return *f.answer
	}
	d := document{title: f.title()}
	if f.nothing() {
		d.lead = f.emptyLead()
		d.sections = compact(f.unreadSection())
		return d
	}
	if p, ok := pageOf(f.report); ok {
		d.lead, d.sections = p.lead(f), p.sections(f)
		return d
	}
	if f.report == "drift" {
		d.lead = f.driftLead()
		d.sections = compact(f.driftSection(), f.driftDetails(), f.unreadSection())
		return d
	}
	d.lead = f.lead()
	if f.report == "failures" {
		d.sections = compact(f.groupsSection("Groups"), f.detailSection(), f.unreadSection())
		return d
	}
	d.sections = compact(f.todoSection(), f.timeSection(), f.vendorsSection(), f.groupsSection("Largest groups of failures"),
		f.adviceSection(), f.unreadSection())
	return d
}

// compact leaves sections out that have nothing to say.
func compact(sections ...section) []section {
	var kept []section
	for _, s := range sections {
		if s.chart != nil || s.timeline != nil || s.bars != nil || len(s.burns) > 0 || len(s.items) > 0 || s.table != nil || len(s.notes) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

func (f *findings) title() string {
	if f.options.Title != "" {
		return visible(f.options.Title)
	}
	return "errscope " + f.report
}

// emptyLead says what is missing and how to go on.
func (f *findings) emptyLead() []prose {
	if f.overview.Data.Records > 0 || f.narrowed() {
		return append([]prose{ours("No requests in this part of the data.")}, f.scopeLines()...)
	}
	return []prose{
		ours("No requests in this database yet."),
		ours("Load logs or captures first: ").quote("errscope ingest PATH"),
	}
}

func (f *findings) narrowed() bool { return f.options.Scope != queries.Scope{} }

// scopeLines names what was asked for and when it was written.
func (f *findings) scopeLines() []prose {
	var lines []prose
	s := f.options.Scope
	if f.narrowed() {
		p := ours("Only:")
		if !s.Since.IsZero() {
			p = p.and(" since %s %s;", f.second(s.Since), f.zone())
		}
		if !s.Until.IsZero() {
			p = p.and(" until %s %s;", f.second(s.Until), f.zone())
		}
		if s.Vendor != "" {
			p = p.and(" vendor ").quote(s.Vendor).and(";")
		}
		if s.Account != "" {
			p = p.and(" account ").quote(s.Account).and(";")
		}
		lines = append(lines, p.and(" the rest of the data is left out."))
	}
	if !f.options.Now.IsZero() {
		lines = append(lines, ours("Written at %s %s.", f.second(f.options.Now), f.zone()))
	}
	return lines
}

// lead is the one sentence, then what it leaves out.
func (f *findings) lead() []prose {
	t := f.overview.Totals
	head := ours("%s, %s (%s) of %s", counted(t.Requests, "request"), counted(t.Failures, "failure"),
		percent(t.Failures, t.Requests), f.parties())
	if !t.First.IsZero() {
		head = head.and(" between %s and %s %s", f.minute(t.First), f.minute(t.Last), f.zone())
	}
	lead := append([]prose{head.and(".")}, f.scopeLines()...)
	if len(f.overview.Blame) > 0 {
		lead = append(lead, f.blame())
	}
	lead = append(lead, f.unreachedLead()...)
	if t.Benign > 0 {
		lead = append(lead, ours("%s that %s like a failure but %s the expected answer count%s in no failure rate.",
			counted(t.Benign, "answer"), verb(t.Benign, "look"), be(t.Benign), third(t.Benign)))
	}
	if t.Inbound > 0 {
		lead = append(lead, ours("%s to your own server %s counted apart: somebody called you, no vendor is to blame.",
			counted(t.Inbound, "request"), be(t.Inbound)))
	}
	return lead
}

// blame says whose the failures are, in shares of all of them.
func (f *findings) blame() prose {
	p := ours("Whose fault: ")
	for i, b := range f.overview.Blame {
		if i > 0 {
			p = p.and(", ")
		}
		p = p.and("%s %s", say(faultWords, b.Fault), percent(b.SharePermille, 1000))
	}
	return p.and(".")
}

func be(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func verb(n int64, v string) string { return v + third(n) }

// third is the ending of a verb's third person.
func third(n int64) string {
	if n == 1 {
		return "s"
	}
	return ""
}

// parties counts vendors and the hosts that no pack knows. A host has two rows
// where some of its answers showed a known envelope and others did not.
func (f *findings) parties() string {
	knownNames, unknownHosts := map[string]bool{}, map[string]bool{}
	for _, v := range f.overview.Vendors {
		if knownVendor(v.Vendor) {
			knownNames[v.Vendor] = true
		} else {
			unknownHosts[v.Host] = true
		}
	}
	vendors, hosts := int64(len(knownNames)), int64(len(unknownHosts))
	switch {
	case hosts == 0:
		return counted(vendors, "vendor")
	case vendors == 0:
		return counted(hosts, "host") + " that no pack knows"
	}
	return counted(vendors, "vendor") + " and " + counted(hosts, "host") + " that no pack knows"
}

func knownVendor(v string) bool {
	return v != "" && v != record.VendorGeneric && v != record.VendorUnknown
}

// party names who was called: the vendor, or the host and what is known of it.
func party(vendor, host string) prose {
	if knownVendor(vendor) || host == "" {
		return prose{}.quote(dash(vendor))
	}
	return prose{}.quote(host).and(" (vendor ").quote(dash(vendor)).and(")")
}

// todoGroupsMax is how many groups stand below one point of the list.
const todoGroupsMax = 3

// todoSection lists what to do, most urgent first. The numbers are of all
// failures, the groups below only the largest.
func (f *findings) todoSection() section {
	var failures [urgencies]int64
	for _, row := range f.overview.Faults {
		failures[urgencyOf(row.Category, row.Retry, row.Fault)] += row.Failures
	}
	s := section{heading: "What to do, most urgent first"}
	for u := range urgencies {
		if failures[u] == 0 {
			continue
		}
		words := urgencyWords[u]
		it := item{loud: u == urgentOutage, head: ours("%s: %s. %s", words.head, counted(failures[u], "failure"), words.advice)}
		for _, g := range f.groups {
			if len(it.lines) < todoGroupsMax && urgencyOf(g.Category, g.Retry, g.Fault) == u {
				it.lines = append(it.lines, f.groupLine(g))
			}
		}
		s.items = append(s.items, it)
	}
	if len(s.items) == 0 {
		s.notes = []prose{ours("Nothing: no call failed.")}
	}
	return s
}

// groupLine names a group in one line.
func (f *findings) groupLine(g queries.FailureGroup) prose {
	p := party(g.Vendor, g.Host).and(" ").quote(groupName(g)).and(": %s, last %s", thousands(g.Failures), f.minute(g.Last))
	if !g.RetryAt.IsZero() {
		p = p.and(", try again %s", f.minute(g.RetryAt))
	}
	return p
}

// groupName is the code, or what stands for it.
func groupName(g queries.FailureGroup) string {
	switch {
	case g.Code != "" && g.Type != "":
		return g.Type + ":" + g.Code
	case g.Code != "":
		return g.Code
	case g.Type != "":
		return g.Type
	case g.Status > 0:
		return "status " + status(g.Status)
	case g.Status == 0:
		return "no response"
	}
	return "no status"
}

// timeSection draws failures over time.
func (f *findings) timeSection() section {
	b := f.overview.Buckets
	if f.overview.Totals.Failures == 0 || len(b) == 0 {
		return section{}
	}
	c := &chart{buckets: b, first: f.minute(b[0].Start), end: f.minute(f.overview.Totals.Last)}
	top := b[0]
	for _, x := range b[1:] {
		if x.Failures > top.Failures {
			top = x
		}
	}
	c.peak = ours("Most failures: %s of %s from %s on", thousands(top.Failures), counted(top.Requests, "request"), f.minute(top.Start))
	if len(b) > 1 {
		c.peak = c.peak.and(", within %s", b[1].Start.Sub(b[0].Start).Round(1e9))
	}
	c.peak = c.peak.and(".")
	f.shade(c)
	return section{heading: "Failures over time", chart: c}
}

// shade marks the outages behind the chart.
func (f *findings) shade(c *chart) {
	first, last := f.overview.Totals.First, f.overview.Totals.Last
	for _, w := range f.windows {
		if part, ok := stretchOf(w.StartedAt, w.EndedAt, first, last); ok {
			c.shades = append(c.shades, part)
		}
	}
	if n := int64(len(c.shades)); n > 0 {
		c.shaded = ours("%s marked: ", countedAs(n, "outage is", "outages are")).quote("errscope report outages")
	}
}

// vendorsSection: left out at need, in this order, are host where every vendor
// is known, p50, p95, last, outage, category, top code, share, requests.
func (f *findings) vendorsSection() section {
	if len(f.overview.Vendors) == 0 {
		return section{}
	}
	t := &table{columns: []column{
		{title: "vendor", min: 4}, {title: "host", min: 16}, {title: "requests", right: true, drop: 1},
		{title: "failures", right: true}, {title: "share", right: true, drop: 2}, {title: "outage", right: true, drop: 5},
		{title: "top code", min: 18, drop: 3}, {title: "category", drop: 4},
		{title: "p50 ms", right: true, drop: 8}, {title: "p95 ms", right: true, drop: 7}, {title: "last", drop: 6}}}
	allKnown := true
	for _, v := range f.overview.Vendors {
		allKnown = allKnown && knownVendor(v.Vendor)
		t.rows = append(t.rows, []cell{foreign(dash(v.Vendor)), foreign(dash(v.Host)), count(v.Requests), count(v.Failures),
			own(percent(v.Failures, v.Requests)), count(v.Outage), foreign(dash(v.TopCode)),
			own(dash(say(categoryWords, record.Category(v.TopCategory)))),
			own(milliseconds(v.DurationMSP50)), own(milliseconds(v.DurationMSP95)), own(f.minute(v.Last))})
	}
	if allKnown {
		t.columns[1].drop = 9
	}
	return section{heading: "Vendors", table: t, notes: []prose{
		ours("The share is of requests. p50 and p95 are times to answer; a dash is not logged.")}}
}

// adviceSection gives the advice for each of the largest groups.
func (f *findings) adviceSection() section {
	s := section{heading: "Advice"}
	for i, g := range f.groups {
		if g.Action == "" {
			continue
		}
		s.items = append(s.items, item{number: i + 1, head: prose{}.quote(groupName(g)).and(": %s", visible(g.Action))})
	}
	if len(s.items) > 0 {
		s.notes = []prose{ours("All groups, with request ids for support: ").quote("errscope report failures")}
	}
	return s
}

// rejectsCommand shows the lines that could not be read.
const rejectsCommand = `errscope sql "SELECT * FROM rejects"`

// unreadSection says what was read and what could not be.
func (f *findings) unreadSection() section {
	d := f.overview.Data
	if d.Lines == 0 && d.Rejected == 0 && d.Sources == 0 {
		return section{}
	}
	s := section{heading: "What was read"}
	s.notes = append(s.notes, ours("%s from %s: %s, %s rejected, %s ignored (blank, comment or no exchange), %s loaded before.",
		counted(d.Lines, "line"), counted(d.Sources, "source"), counted(d.Records, "record"),
		thousands(d.Rejected), thousands(d.Ignored), thousands(d.Duplicates)))
	if d.Rejected > 0 {
		s.notes = append(s.notes, ours("%s could not be read. See them: ", counted(d.Rejected, "line")).
			quote(rejectsCommand))
	}
	return s
}
