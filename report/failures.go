package report

import (
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// trendColumns is the length of the spark line in a table.
const trendColumns = 12

// groupsSection: left out at need, in this order, are message, route, trend,
// try again, last, status, whose fault, category, #, vendor.
func (f *findings) groupsSection(heading string) section {
	if len(f.groups) == 0 {
		return section{heading: heading, notes: []prose{ours("No failures.")}}
	}
	t := &table{columns: []column{
		{title: "#", right: true, drop: 2}, {title: "vendor", min: 12, drop: 1}, {title: "code", min: 20},
		{title: "failures", right: true}, {title: "status", right: true, drop: 5}, {title: "category", drop: 3},
		{title: "whose fault", drop: 4}, {title: "try again", drop: 7}, {title: "last", drop: 6},
		{title: "trend", drop: 8}, {title: "route", min: 10, drop: 9}, {title: "message", min: 12, drop: 10}}}
	for i, g := range f.groups {
		t.rows = append(t.rows, []cell{count(int64(i + 1)), foreign(who(g)), foreign(groupName(g)), count(g.Failures),
			own(status(g.Status)), own(say(categoryWords, g.Category)), own(say(faultWords, g.Fault)),
			own(say(retryWords, g.Retry)), own(f.minute(g.Last)), own(spark(g.Trend, trendColumns)),
			foreign(dash(g.Route)), foreign(dash(g.Message))})
	}
	s := section{heading: heading, table: t}
	if known := f.acknowledgedNumbers(); len(known) > 0 {
		s.notes = []prose{ours("Acknowledged until they grow or change: %s.", strings.Join(known, ", "))}
	}
	return s
}

// acknowledgedNumbers are the numbers of the groups that somebody knows of.
func (f *findings) acknowledgedNumbers() (list []string) {
	for i, g := range f.groups {
		if g.Acknowledged != nil {
			list = append(list, thousands(int64(i+1)))
		}
	}
	return list
}

// acknowledgedLine says until when a group is no news.
func acknowledgedLine(a queries.Acknowledgement) prose {
	p := ours("Acknowledged until it grows or changes")
	if !a.Until.IsZero() {
		p = p.and(", at most until %s", a.Until.Format(time.DateOnly))
	}
	if a.Note != "" {
		return p.and(": ").quote(a.Note)
	}
	return p.and(".")
}

// who is the vendor, or the host where no pack knows the vendor.
func who(g queries.FailureGroup) string {
	if knownVendor(g.Vendor) || g.Host == "" {
		return dash(g.Vendor)
	}
	return g.Host
}

// detailSection says of each group what to do and what support asks for.
func (f *findings) detailSection() section {
	s := section{heading: "One by one"}
	for i, g := range f.groups {
		s.items = append(s.items, f.detail(i+1, g))
	}
	return s
}

func (f *findings) detail(number int, g queries.FailureGroup) item {
	it := item{number: number, loud: g.Outage}
	it.head = party(g.Vendor, g.Host).and(" ").quote(groupName(g)).
		and(": %s, %s, status %s", counted(g.Failures, "failure"), say(categoryWords, g.Category), status(g.Status))
	if g.Outage {
		it.head = it.head.and(", the vendor looks down")
	}
	line := func(p prose) { it.lines = append(it.lines, p) }
	if g.Acknowledged != nil {
		line(acknowledgedLine(*g.Acknowledged))
	}
	if g.Action != "" {
		line(ours("Do: %s", visible(g.Action)))
	}
	again := ours("Try again: %s. Whose fault: %s. Known by: %s", say(retryWords, g.Retry), say(faultWords, g.Fault), dash(visible(string(g.Confidence))))
	if g.Rule != "" {
		again = again.and(", rule ").quote(g.Rule)
	}
	line(again.and("."))
	if !g.RetryAt.IsZero() {
		line(ours("The vendor said: not before %s %s.", f.second(g.RetryAt), f.zone()))
	}
	if g.Message != "" {
		line(ours("Message: ").quote(g.Message))
	}
	if g.Route != "" {
		p := ours("Route: ").quote(g.Route)
		if g.Routes > 1 {
			p = p.and(" and %s", counted(g.Routes-1, "more route"))
		}
		line(p)
	}
	line(ours("First %s, last %s %s.", f.second(g.First), f.second(g.Last), f.zone()))
	if g.RequestID != "" {
		p := ours("Request id: ").quote(g.RequestID)
		if g.RequestIDs > 1 {
			p = p.and(" (the newest of %s)", thousands(g.RequestIDs))
		}
		if g.ContactSupport {
			p = p.and("; give it to the vendor's support")
		}
		line(p)
	} else if g.ContactSupport {
		line(ours("The vendor's support is the way on; no request id was logged, so give times and route."))
	}
	if g.DocsURL != "" {
		line(ours("Documentation: ").quote(g.DocsURL))
	}
	return it
}
