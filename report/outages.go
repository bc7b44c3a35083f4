package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/errscope/errscope/queries"
)

// span is the time that drawings cover: the scope's, else the data's, and no
// less than the outages themselves.
func (f *findings) span() (first, last time.Time) {
	t, s := f.overview.Totals, f.options.Scope
	first, last = t.First, t.Last
	if !s.Since.IsZero() {
		first = s.Since
	}
	if !s.Until.IsZero() {
		last = s.Until
	}
	down := slices.Clone(f.windows)
	for _, u := range f.unreached {
		down = append(down, queries.WindowRow{StartedAt: u.StartedAt, EndedAt: u.EndedAt})
	}
	for _, w := range down {
		if first.IsZero() || w.StartedAt.Before(first) && s.Since.IsZero() {
			first = w.StartedAt
		}
		if end := latest(w.StartedAt, w.EndedAt); last.IsZero() || end.After(last) && s.Until.IsZero() {
			last = end
		}
	}
	return first, last
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (f *findings) outageLead() []prose {
	open := int64(0)
	for _, w := range f.windows {
		if w.EndedAt.IsZero() {
			open++
		}
	}
	head := ours("No outage: no vendor's calls failed beyond what is usual for it.")
	if n := int64(len(f.windows)); n > 0 {
		head = ours("%s, %s still open.", counted(n, "outage"), thousands(open))
	}
	return slices.Concat([]prose{head}, f.unreachedLead(), []prose{f.callLine()}, f.scopeLines())
}

func (f *findings) outagePage() []section {
	return compact(f.openOutages("Still open"), f.unreachedSection(), f.outageStrips(), f.outageTable(), f.unreadSection())
}

// openOutages names who is down now.
func (f *findings) openOutages(heading string) section {
	s := section{heading: heading}
	for _, w := range f.windows {
		if w.EndedAt.IsZero() {
			s.items = append(s.items, item{loud: !w.Planned, head: f.outageLine(w)})
		}
	}
	return s
}

// outageLine says one outage in one sentence.
func (f *findings) outageLine(w queries.WindowRow) prose {
	p := party(w.Vendor, w.Host)
	if w.Route != "" {
		p = p.and(" ").quote(w.Route)
	}
	if w.EndedAt.IsZero() {
		p = p.and(": down since %s %s", f.minute(w.StartedAt), f.zone())
	} else {
		p = p.and(": down from %s to %s %s (%s)", f.minute(w.StartedAt), f.minute(w.EndedAt), f.zone(), lasted(w))
	}
	p = p.and(", %s of %s failed", thousands(w.Failures), counted(w.Requests, "request"))
	if w.TopCode != "" {
		p = p.and(", mostly ").quote(w.TopCode)
	}
	p = p.and(".")
	if w.Planned {
		p = p.and(" Planned maintenance.")
	}
	if w.Note != "" {
		p = p.and(" Note: ").quote(w.Note)
	}
	return p
}

// lasted writes how long an outage was.
func lasted(w queries.WindowRow) string {
	if w.EndedAt.IsZero() {
		return "open"
	}
	d := w.EndedAt.Sub(w.StartedAt)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int64(d/time.Second))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int64(d.Round(time.Minute)/time.Minute))
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %d min", int64(d/time.Hour), int64(d%time.Hour/time.Minute))
}

// stripsMax bounds the strips of one page.
const stripsMax = 24

// outageStrips draws one strip for each vendor or route that was down.
func (f *findings) outageStrips() section {
	first, last := f.span()
	l := &timeline{first: f.minute(first), end: f.minute(last)}
	at := map[string]int{}
	add := func(name cell, spoken prose, from, to time.Time) {
		part, ok := stretchOf(from, to, first, last)
		if !ok {
			return
		}
		i, known := at[name.text]
		if !known {
			if len(l.strips) == stripsMax {
				return
			}
			i, at[name.text] = len(l.strips), len(l.strips)
			l.strips = append(l.strips, strip{label: name})
		}
		l.strips[i].parts = append(l.strips[i].parts, part)
		l.strips[i].spoken += spoken.String() + " "
	}
	for _, u := range f.unreached {
		add(own(ownNetwork), f.unreachedLine(u), u.StartedAt, u.EndedAt)
	}
	for _, w := range f.windows {
		name := vendorName(w.Vendor, w.Host)
		if w.Route != "" {
			name += " " + w.Route
		}
		add(foreign(name), f.outageLine(w), w.StartedAt, w.EndedAt)
	}
	if len(l.strips) == 0 {
		return section{}
	}
	return section{heading: "When", timeline: l}
}

// outageTable: left out at need are accounts, top code, usual, peak, requests, lasted.
func (f *findings) outageTable() section {
	if len(f.windows) == 0 {
		return section{}
	}
	t := &table{columns: []column{
		{title: "id", right: true, drop: 4}, {title: "vendor", min: 16}, {title: "what", min: 10}, {title: "from"}, {title: "to"},
		{title: "lasted", right: true, drop: 1}, {title: "requests", right: true, drop: 2}, {title: "failed", right: true},
		{title: "at worst", right: true, drop: 3}, {title: "usual", right: true, drop: 5}, {title: "top code", min: 10, drop: 6},
		{title: "accounts", right: true, drop: 7}}}
	for _, w := range f.windows {
		what := own("all of it")
		if w.Route != "" {
			what = foreign(w.Route)
		}
		to := "open"
		if !w.EndedAt.IsZero() {
			to = f.minute(w.EndedAt)
		}
		t.rows = append(t.rows, []cell{own(strconv.FormatInt(w.WindowID, 10)), foreign(vendorName(w.Vendor, w.Host)), what, own(f.minute(w.StartedAt)), own(to), own(lasted(w)),
			count(w.Requests), count(w.Failures), own(ratioPercent(w.PeakRatio)), own(ratioPercent(w.BaselineRatio)), foreign(dash(w.TopCode)), count(w.Accounts)})
	}
	return section{heading: "Outages", table: t, notes: []prose{
		ours("At worst and usual are shares of calls that failed.")}}
}

// ratioPercent writes a ratio; NaN is a dash.
func ratioPercent(r float64) string {
	if math.IsNaN(r) || r < 0 {
		return "-"
	}
	return percent(int64(math.Round(r*1e6)), 1e6)
}

func (f *findings) tidyWindows() {
	f.windows = slices.Clone(f.windows)
	for i := range f.windows {
		w := &f.windows[i]
		w.Route, w.TopCode = maskPersonal(w.Route), maskPersonal(w.TopCode)
	}
	slices.SortStableFunc(f.windows, func(a, b queries.WindowRow) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host),
			cmp.Compare(a.Route, b.Route), cmp.Compare(a.WindowID, b.WindowID))
	})
}

func outageColumns() []string {
	return []string{"section", "window_id", "vendor", "host", "route", "started_at", "ended_at", "requests", "failures", "baseline_ratio",
		"peak_ratio", "peak_at", "top_code", "accounts", "planned", "note", "vendors"}
}

func (f *findings) outageRows() []csvRow {
	var rows []csvRow
	for _, w := range f.windows {
		rows = append(rows, csvRow{"section": "outage", "window_id": digits(w.WindowID), "vendor": csvText(w.Vendor), "host": csvText(w.Host),
			"route": csvText(w.Route), "started_at": csvTime(w.StartedAt), "ended_at": csvTime(w.EndedAt), "requests": digits(w.Requests),
			"failures": digits(w.Failures), "baseline_ratio": csvFloat(w.BaselineRatio), "peak_ratio": csvFloat(w.PeakRatio),
			"peak_at": csvTime(w.PeakAt), "top_code": csvText(w.TopCode), "accounts": digits(w.Accounts),
			"planned": strconv.FormatBool(w.Planned), "note": csvText(w.Note)})
	}
	return append(rows, f.unreachedRows()...)
}

type jsonOutage struct {
	WindowID      int64    `json:"window_id"`
	Vendor        string   `json:"vendor"`
	Host          string   `json:"host,omitempty"`
	Route         string   `json:"route,omitempty"`
	StartedAt     string   `json:"started_at"`
	EndedAt       string   `json:"ended_at,omitempty"`
	Open          bool     `json:"open"`
	Requests      int64    `json:"requests"`
	Failures      int64    `json:"failures"`
	BaselineRatio *float64 `json:"baseline_ratio,omitempty"`
	PeakRatio     *float64 `json:"peak_ratio,omitempty"`
	PeakAt        string   `json:"peak_at,omitempty"`
	TopCode       string   `json:"top_code,omitempty"`
	Accounts      int64    `json:"accounts"`
	Planned       bool     `json:"planned"`
	Note          string   `json:"note,omitempty"`
}

func (f *findings) jsonOutagePage(r *jsonReport) {
	r.Outages = []jsonOutage{}
	for _, w := range f.windows {
		r.Outages = append(r.Outages, jsonOutage{w.WindowID, w.Vendor, w.Host, w.Route, csvTime(w.StartedAt), csvTime(w.EndedAt), w.EndedAt.IsZero(),
			w.Requests, w.Failures, number(w.BaselineRatio), number(w.PeakRatio), csvTime(w.PeakAt), w.TopCode, w.Accounts, w.Planned, w.Note})
	}
	r.LocalOutages = f.jsonUnreached()
}
