package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
)

func (f *findings) supportLead() []prose {
	var failures int64
	vendors := map[string]bool{}
	for _, g := range f.support {
		failures += g.Failures
		vendors[vendorName(g.Vendor, g.Host)] = true
	}
	head := ours("Nothing to send: no failure asks for a vendor's support, and none lies in an outage.")
	if len(f.support) > 0 {
		head = ours("%s of %s should be told to support.", counted(failures, "failure"), counted(int64(len(vendors)), "vendor"))
	}
	return append([]prose{head, f.callLine()}, f.scopeLines()...)
}

// supportPage has one section for each vendor, so that it can be sent alone.
func (f *findings) supportPage() []section {
	var list []section
	for i, g := range f.support {
		if i == 0 || vendorName(g.Vendor, g.Host) != vendorName(f.support[i-1].Vendor, f.support[i-1].Host) {
			list = append(list, section{heading: "To " + visible(vendorName(g.Vendor, g.Host)), notes: f.supportNotes(g)})
		}
		s := &list[len(list)-1]
		s.items = append(s.items, f.supportItem(g))
	}
	return compact(append(list, f.unreadSection())...)
}

func (f *findings) supportNotes(g queries.SupportGroup) []prose {
	var notes []prose
	if g.SupportURL != "" {
		notes = append(notes, ours("Send it to ").quote(g.SupportURL))
	}
	if g.SupportFields != "" {
		notes = append(notes, ours("They ask for: ").quote(strings.Join(strings.Split(g.SupportFields, ","), ", ")))
	}
	return notes
}

func (f *findings) supportItem(g queries.SupportGroup) item {
	it := item{head: prose{}.quote(codeName(g.Code, g.Type, g.Status)).and(": %s, status %s, %s", counted(g.Failures, "failure"), status(g.Status),
		say(categoryWords, g.Category))}
	line := func(p prose) { it.lines = append(it.lines, p) }
	line(ours("First %s, last %s %s.", f.second(g.First), f.second(g.Last), f.zone()))
	if g.InOutage > 0 {
		line(ours("%s of them in an outage.", thousands(g.InOutage)))
	}
	if g.Route != "" {
		p := ours("Route: ").quote(g.Route)
		if g.Routes > 1 {
			p = p.and(" and %s", counted(g.Routes-1, "more route"))
		}
		line(p)
	}
	if g.Message != "" {
		line(ours("Message: ").quote(g.Message))
	}
	line(supportIDs(g))
	return it
}

// supportIDs names the newest three request ids and the oldest one.
func supportIDs(g queries.SupportGroup) prose {
	p := ours("Request ids, newest first: ")
	ids := requestIDs(g)
	if len(ids) == 0 {
		return ours("No request id was logged: give times and route.")
	}
	for i, id := range ids {
		if i > 0 {
			p = p.and(", ")
		}
		p = p.quote(id)
	}
	if g.RequestIDOld != "" {
		p = p.and("; the oldest: ").quote(g.RequestIDOld)
	}
	return p
}

func requestIDs(g queries.SupportGroup) []string {
	var ids []string
	for _, id := range []string{g.RequestID1, g.RequestID2, g.RequestID3} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f *findings) tidySupport() {
	f.support = slices.Clone(f.support)
	for i := range f.support {
		g := &f.support[i]
		for _, text := range []*string{&g.Code, &g.Type, &g.Message, &g.Route} {
			*text = maskPersonal(*text)
		}
	}
	slices.SortStableFunc(f.support, func(a, b queries.SupportGroup) int {
		return cmp.Or(
			cmp.Compare(vendorName(a.Vendor, a.Host), vendorName(b.Vendor, b.Host)),
			cmp.Compare(b.Failures, a.Failures),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Vendor, b.Vendor))
	})
}

func supportColumns() []string {
	return []string{"section", "vendor", "host", "code", "type", "status", "category", "failures", "in_outage", "routes", "route", "message",
		"request_ids", "request_id_1", "request_id_2", "request_id_3", "request_id_oldest", "first_ts", "last_ts", "support_fields", "support_url"}
}

func (f *findings) supportRows() []csvRow {
	var rows []csvRow
	for _, g := range f.support {
		row := csvRow{"section": "support", "vendor": csvText(g.Vendor), "host": csvText(g.Host), "code": csvText(g.Code), "type": csvText(g.Type),
			"category": csvText(string(g.Category)), "failures": digits(g.Failures), "in_outage": digits(g.InOutage), "routes": digits(g.Routes),
			"route": csvText(g.Route), "message": csvText(g.Message), "request_ids": digits(g.RequestIDs), "request_id_1": csvText(g.RequestID1),
			"request_id_2": csvText(g.RequestID2), "request_id_3": csvText(g.RequestID3), "request_id_oldest": csvText(g.RequestIDOld),
			"first_ts": csvTime(g.First), "last_ts": csvTime(g.Last), "support_fields": csvText(g.SupportFields), "support_url": csvText(g.SupportURL)}
		if g.Status >= 0 {
			row["status"] = strconv.Itoa(g.Status)
		}
		rows = append(rows, row)
	}
	return rows
}

type jsonSupport struct {
	Vendor          string   `json:"vendor"`
	Host            string   `json:"host,omitempty"`
	Code            string   `json:"code,omitempty"`
	Type            string   `json:"type,omitempty"`
	Status          *int     `json:"status,omitempty"`
	Category        string   `json:"category,omitempty"`
	Failures        int64    `json:"failures"`
	InOutage        int64    `json:"in_outage"`
	Routes          int64    `json:"routes"`
	Route           string   `json:"route,omitempty"`
	Message         string   `json:"message,omitempty"`
	RequestIDs      int64    `json:"request_ids"`
	NewestIDs       []string `json:"newest_request_ids"`
	OldestRequestID string   `json:"oldest_request_id,omitempty"`
	FirstTS         string   `json:"first_ts,omitempty"`
	LastTS          string   `json:"last_ts,omitempty"`
	SupportFields   string   `json:"support_fields,omitempty"`
	SupportURL      string   `json:"support_url,omitempty"`
}

func (f *findings) jsonSupportPage(r *jsonReport) {
	r.Support = []jsonSupport{}
	for _, g := range f.support {
		j := jsonSupport{Vendor: g.Vendor, Host: g.Host, Code: g.Code, Type: g.Type, Category: string(g.Category), Failures: g.Failures,
			InOutage: g.InOutage, Routes: g.Routes, Route: g.Route, Message: g.Message, RequestIDs: g.RequestIDs,
			NewestIDs: append([]string{}, requestIDs(g)...), OldestRequestID: g.RequestIDOld, FirstTS: csvTime(g.First), LastTS: csvTime(g.Last),
			SupportFields: g.SupportFields, SupportURL: g.SupportURL}
		if g.Status >= 0 {
			j.Status = &g.Status
		}
		r.Support = append(r.Support, j)
	}
}
