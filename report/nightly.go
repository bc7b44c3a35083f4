package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// nightlySpan is what the nightly report covers where the scope has no
// beginning: up to the newest row.
const nightlySpan = 24 * time.Hour

// nightlyItemsMax bounds each list of the nightly report: it is read in bed.
const nightlyItemsMax = 5

var changeWords = map[queries.ChangeKind]string{
	queries.ChangeNew:  "new",
	queries.ChangeMore: "more",
	queries.ChangeLess: "less",
	queries.ChangeGone: "gone",
}

func (f *findings) nightlyLead() []prose {
	lead := []prose{f.callLine()}
	if f.lastDay {
		lead = append(lead, ours("This is the last day of the data; --since names another beginning."))
	}
	lines := f.scopeLines()
	return append(lead, lines...)
}

func (f *findings) nightlyPage() []section {
	return compact(f.nightlyChanges(), f.nightlyOurs(), f.nightlyQuotas(), f.nightlyOutages(), f.outageStrips(), f.nightlySupport(), f.unreadSection())
}

// shortList keeps the first few items and says how many more there are and
// which report has them.
func shortList(s section, report, noun string) section {
	if more := len(s.items) - nightlyItemsMax; more > 0 {
		s.items = s.items[:nightlyItemsMax]
		s.notes = append(s.notes, ours("%s: ", counted(int64(more), "more "+noun)).quote("errscope report "+report))
	}
	return s
}

func (f *findings) nightlyChanges() section {
	s := section{heading: "What changed"}
	if f.changes.NothingBefore {
		s.notes = []prose{ours("Nothing to compare with: the data has no calls before.")}
		return s
	}
	for _, c := range f.changes.List {
		p := party(c.Vendor, c.Host).and(" ").quote(codeName(c.Code, c.Type, c.Status)).and(": %s, ", say(changeWords, c.Kind))
		switch c.Kind {
		case queries.ChangeNew:
			p = p.and("%s, never seen before %s", thousands(c.Failures), f.minute(c.First))
		case queries.ChangeGone:
			p = p.and("none, %s in %s", thousands(c.FailuresBefore), f.spanBefore())
		default:
			p = p.and("%s (%s of calls) against %s (%s) in %s", thousands(c.Failures), percent(c.Failures, c.Requests),
				thousands(c.FailuresBefore), percent(c.FailuresBefore, c.RequestsBefore), f.spanBefore())
		}
		s.items = append(s.items, item{head: p.and("."), loud: c.Kind == queries.ChangeNew})
	}
	if len(s.items) == 0 {
		s.notes = []prose{ours("Nothing: no code is new, and none came more or less often beyond chance.")}
	}
	s = shortList(s, "failures", "code")
	if n := f.changes.Acknowledged; n > 0 {
		s.notes = append(s.notes, ours("%s acknowledged and neither grew nor changed: left out.", countedAs(n, "code is", "codes are")))
	}
	return s
}

// spanBefore names what changes are told against.
func (f *findings) spanBefore() string {
	if f.options.Baseline != "" {
		return "baseline " + visible(f.options.Baseline)
	}
	return "the span before"
}

// nightlyOurs lists the failures that the readers themselves can remove.
func (f *findings) nightlyOurs() section {
	s := section{heading: "What is yours to fix"}
	known := int64(0)
	for _, g := range f.groups {
		if !ourOwn(g) {
			continue
		}
		if g.Acknowledged != nil {
			known++
			continue
		}
		it := item{head: f.groupLine(g).and(".")}
		if g.Action != "" {
			it.lines = []prose{ours("Do: %s", visible(g.Action))}
		}
		s.items = append(s.items, it)
	}
	if len(s.items) == 0 && known == 0 {
		s.notes = []prose{ours("Nothing: no failure was caused by your requests or your account.")}
	}
	s = shortList(s, "failures", "group")
	if known > 0 {
		s.notes = append(s.notes, ours("%s acknowledged and neither grew nor changed: left out.", countedAs(known, "group is", "groups are")))
	}
	return s
}

// ourOwn reports what the readers can remove by changing calls or account. A
// quota that is used up stands under what runs out.
func ourOwn(g queries.FailureGroup) bool {
	switch urgencyOf(g.Category, g.Retry, g.Fault) {
	case urgentOurs, urgentAccount:
		return true
	case urgentLimit:
		return g.Category == record.RateLimit && (g.Fault == record.FaultCaller || g.Fault == record.FaultAccount)
	}
	return false
}

func (f *findings) nightlyQuotas() section {
	s := f.quotaAlarms("What runs out")
	if len(s.items) == 0 {
		s.notes = []prose{ours("Nothing that is known of: %s followed.", countedAs(int64(len(f.quotas)), "quota is", "quotas are"))}
	}
	return shortList(s, "quota", "quota")
}

func (f *findings) nightlyOutages() section {
	s := section{heading: "What was down", items: f.unreachedItems()}
	for _, w := range f.windows {
		s.items = append(s.items, item{head: f.outageLine(w), loud: w.EndedAt.IsZero() && !w.Planned})
	}
	if len(s.items) == 0 {
		s.notes = []prose{ours("Nothing: no vendor's calls failed beyond what is usual for it.")}
	}
	return shortList(s, "outages", "outage")
}

func (f *findings) nightlySupport() section {
	s := section{heading: "What to send to whom"}
	for _, g := range f.support {
		it := item{head: ours("To ").quote(vendorName(g.Vendor, g.Host)).and(": ").quote(codeName(g.Code, g.Type, g.Status)).
			and(", %s, last %s %s", counted(g.Failures, "failure"), f.minute(g.Last), f.zone())}
		if ids := requestIDs(g); len(ids) > 0 {
			it.head = it.head.and(", request id ").quote(ids[0])
		}
		if g.SupportURL != "" {
			it.head = it.head.and(", at ").quote(g.SupportURL)
		}
		s.items = append(s.items, it)
	}
	if len(s.items) == 0 {
		s.notes = []prose{ours("Nothing: no failure asks for a vendor's support.")}
	}
	return shortList(s, "support", "code")
}

func (f *findings) tidyChanges() {
	f.changes.List = slices.Clone(f.changes.List)
	for i := range f.changes.List {
		c := &f.changes.List[i]
		c.Code, c.Type = maskPersonal(c.Code), maskPersonal(c.Type)
	}
	rank := func(k queries.ChangeKind) int {
		return slices.Index([]queries.ChangeKind{queries.ChangeNew, queries.ChangeMore, queries.ChangeGone, queries.ChangeLess}, k)
	}
	slices.SortStableFunc(f.changes.List, func(a, b queries.Change) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(b.Failures, a.Failures), cmp.Compare(b.FailuresBefore, a.FailuresBefore),
			cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.Status, b.Status), cmp.Compare(a.Category, b.Category))
	})
}

// nightlyColumns is the header of the nightly report as CSV: what its sections
// share stands in one column.
func nightlyColumns() []string {
	all := []string{"section", "kind", "vendor", "host", "code", "type", "status", "category", "retry", "fault", "failures", "failures_before",
		"requests", "requests_before", "first_ts", "last_ts", "action", "acknowledged"}
	for _, list := range [][]string{quotaColumns(), outageColumns(), supportColumns()} {
		for _, c := range list {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	for _, c := range []string{"sources", "lines", "records", "rejected", "ignored", "duplicates", "benign", "inbound", "outage"} {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

func (f *findings) nightlyRows() []csvRow {
	rows := csvTotals(f.overview)
	for _, c := range f.changes.List {
		row := csvRow{"section": "change", "kind": string(c.Kind), "vendor": csvText(c.Vendor), "host": csvText(c.Host), "code": csvText(c.Code),
			"type": csvText(c.Type), "category": csvText(string(c.Category)), "failures": digits(c.Failures), "failures_before": digits(c.FailuresBefore),
			"requests": digits(c.Requests), "requests_before": digits(c.RequestsBefore), "first_ts": csvTime(c.First), "last_ts": csvTime(c.Last)}
		if c.Status >= 0 {
			row["status"] = strconv.Itoa(c.Status)
		}
		rows = append(rows, row)
	}
	for _, g := range f.groups {
		if ourOwn(g) {
			row := csvGroup(g)
			row["section"] = "ours"
			rows = append(rows, row)
		}
	}
	return append(append(append(rows, f.quotaRows()...), f.outageRows()...), f.supportRows()...)
}

type jsonChange struct {
	Kind           string `json:"kind"`
	Vendor         string `json:"vendor"`
	Host           string `json:"host,omitempty"`
	Code           string `json:"code,omitempty"`
	Type           string `json:"type,omitempty"`
	Status         *int   `json:"status,omitempty"`
	Category       string `json:"category,omitempty"`
	Failures       int64  `json:"failures"`
	FailuresBefore int64  `json:"failures_before"`
	Requests       int64  `json:"requests"`
	RequestsBefore int64  `json:"requests_before"`
	FirstTS        string `json:"first_ts,omitempty"`
	LastTS         string `json:"last_ts,omitempty"`
}

func (f *findings) jsonNightlyPage(r *jsonReport) {
	r.Changes = []jsonChange{}
	for _, c := range f.changes.List {
		j := jsonChange{Kind: string(c.Kind), Vendor: c.Vendor, Host: c.Host, Code: c.Code, Type: c.Type, Category: string(c.Category),
			Failures: c.Failures, FailuresBefore: c.FailuresBefore, Requests: c.Requests, RequestsBefore: c.RequestsBefore,
			FirstTS: csvTime(c.First), LastTS: csvTime(c.Last)}
		if c.Status >= 0 {
			j.Status = &c.Status
		}
		r.Changes = append(r.Changes, j)
	}
	f.jsonQuotaPage(r)
	f.jsonOutagePage(r)
	f.jsonSupportPage(r)
}
