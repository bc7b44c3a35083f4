package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/errscope/errscope/queries"
)

// How many bars and routes people are shown; JSON and CSV have all.
const (
	latencyBarsShown   = 12
	latencyRoutesShown = 40
)

func askLatency(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.latency, err = src.Latency(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the latency: %w", err)
	}
	return nil
}

func (f *findings) latencyLead() []prose {
	var timed, timeouts int64
	for _, p := range f.latency.Vendors {
		timed += p.Answers.Timed + p.Failures.Timed
		timeouts += p.Failures.Timeouts
	}
	head := ours("No duration was logged.")
	if timed > 0 {
		head = ours("%s with a duration; %s failed for want of an answer in time.", counted(timed, "call"), thousands(timeouts))
	}
	return append([]prose{head, f.callLine()}, f.scopeLines()...)
}

func (f *findings) latencyPage() []section {
	return compact(f.latencyBars(), f.failsLate(), f.slowBefore(), f.latencyTable("Vendors", f.latency.Vendors, len(f.latency.Vendors)),
		f.latencyTable("Routes", f.latency.Routes, latencyRoutesShown), f.unreadSection())
}

// latencyBars draws the time within which 95 of 100 answers come.
func (f *findings) latencyBars() section {
	slowest := 0.0
	for _, p := range f.latency.Vendors {
		for _, r := range []queries.LatencyRow{p.Answers, p.Failures} {
			if r.Timed > 0 {
				slowest = max(slowest, r.MSP95)
			}
		}
	}
	if !(slowest > 0) {
		return section{}
	}
	l := &barList{}
	for _, p := range f.latency.Vendors[:min(len(f.latency.Vendors), latencyBarsShown)] {
		name := vendorName(p.Answers.Vendor, p.Answers.Host)
		for _, x := range []struct {
			word string
			row  queries.LatencyRow
		}{{"answers", p.Answers}, {"failures", p.Failures}} {
			if x.row.Timed > 0 {
				l.bars = append(l.bars, bar{label: foreign(name + " " + x.word), share: x.row.MSP95 / slowest, value: milliseconds(x.row.MSP95) + " ms"})
			}
		}
	}
	return section{heading: "Within this time come 95 of 100", bars: l}
}

// failsLate names routes whose failures take longer than their answers.
func (f *findings) failsLate() section {
	s := section{heading: "Slow to fail"}
	for _, p := range f.latency.Routes {
		if p.FailsLate && len(s.items) < latencyBarsShown {
			s.items = append(s.items, item{head: latencyName(p.Answers).and(": failures take %s ms, answers %s ms (medians); %s. A shorter timeout would spare callers the wait.",
				milliseconds(p.Failures.MSP50), milliseconds(p.Answers.MSP50), counted(p.Failures.Requests, "failure"))})
		}
	}
	return s
}

// slowBefore says before which outages answers came slower.
func (f *findings) slowBefore() section {
	s := section{heading: "Before outages"}
	slowed := int64(0)
	for _, w := range f.latency.Windows {
		if !w.Slowed {
			continue
		}
		slowed++
		p := party(w.Vendor, w.Host)
		if w.Route != "" {
			p = p.and(" ").quote(w.Route)
		}
		s.items = append(s.items, item{head: p.and(": in the ten minutes before %s %s answers took %s ms, in the hour before %s ms (medians); 95 of 100 came within %s and %s ms.",
			f.minute(w.StartedAt), f.zone(), milliseconds(w.BeforeMSP50), milliseconds(w.UsualMSP50), milliseconds(w.BeforeMSP95), milliseconds(w.UsualMSP95))})
	}
	if n := int64(len(f.latency.Windows)); n > 0 {
		s.notes = append(s.notes, ours("%s came slower before %s of %s.", "Answers", thousands(slowed), counted(n, "outage")))
	}
	return s
}

func latencyName(r queries.LatencyRow) prose {
	return party(r.Vendor, r.Host).and(" ").quote(routeName(r.Method, r.Route))
}

// latencyTable: left out at need are max, p90, timeouts, p50 of failures, requests, p99.
func (f *findings) latencyTable(heading string, pairs []queries.LatencyPair, shown int) section {
	if len(pairs) == 0 {
		return section{}
	}
	t := &table{columns: []column{{title: "vendor", min: 16}}}
	if !pairs[0].Answers.Whole {
		t.columns = append(t.columns, column{title: "route", min: 14})
	}
	t.columns = append(t.columns, column{title: "requests", right: true, drop: 3}, column{title: "p50 ms", right: true, drop: 1}, column{title: "p90", right: true, drop: 6},
		column{title: "p95", right: true}, column{title: "p99", right: true, drop: 2}, column{title: "max", right: true, drop: 7},
		column{title: "failures", right: true, drop: 4}, column{title: "fail p50", right: true, drop: 5}, column{title: "fail p95", right: true, drop: 8},
		column{title: "fail max", right: true, drop: 10}, column{title: "timeouts", right: true, drop: 9})
	s := section{heading: heading, table: t, notes: []prose{ours("Times in ms, of answers; fail p50, p95 and max are of failures. A dash is not logged.")}}
	for i, p := range pairs {
		if i == shown {
			s.notes = append(s.notes, ours("And %s: --format csv has them.", counted(int64(len(pairs)-i), "more row")))
			break
		}
		a, b := p.Answers, p.Failures
		cells := []cell{foreign(vendorName(a.Vendor, a.Host))}
		if !a.Whole {
			cells = append(cells, foreign(routeName(a.Method, a.Route)))
		}
		t.rows = append(t.rows, append(cells, count(a.Requests+b.Requests), timeCell(a, a.MSP50), timeCell(a, a.MSP90), timeCell(a, a.MSP95), timeCell(a, a.MSP99),
			timeCell(a, a.MSMax), count(b.Requests), timeCell(b, b.MSP50), timeCell(b, b.MSP95), timeCell(b, b.MSMax), count(b.Timeouts)))
	}
	return s
}

// timeCell is a time, or a dash where none was logged.
func timeCell(r queries.LatencyRow, ms float64) cell {
	if r.Timed == 0 {
		return own("-")
	}
	return own(milliseconds(ms))
}

func (f *findings) tidyLatency() {
	for _, list := range []*[]queries.LatencyPair{&f.latency.Vendors, &f.latency.Routes} {
		*list = slices.Clone(*list)
		for i := range *list {
			p := &(*list)[i]
			p.Answers.Route, p.Failures.Route = maskPersonal(p.Answers.Route), maskPersonal(p.Failures.Route)
		}
		slices.SortStableFunc(*list, func(a, b queries.LatencyPair) int {
			return cmp.Or(cmp.Compare(b.Answers.Requests+b.Failures.Requests, a.Answers.Requests+a.Failures.Requests),
				cmp.Compare(a.Answers.Vendor, b.Answers.Vendor), cmp.Compare(a.Answers.Host, b.Answers.Host),
				cmp.Compare(a.Answers.Method, b.Answers.Method), cmp.Compare(a.Answers.Route, b.Answers.Route))
		})
	}
	f.latency.Windows = slices.Clone(f.latency.Windows)
	slices.SortStableFunc(f.latency.Windows, func(a, b queries.LatencyWindow) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.WindowID, b.WindowID))
	})
}

func latencyColumns() []string {
	return []string{"section", "vendor", "host", "method", "route", "outcome", "requests", "timed", "timeouts", "ms_p50", "ms_p90", "ms_p95", "ms_p99", "ms_max",
		"fails_late", "window_id", "started_at", "usual", "before", "usual_ms_p50", "usual_ms_p95", "before_ms_p50", "before_ms_p95", "slowed"}
}

func (f *findings) latencyRows() []csvRow {
	var rows []csvRow
	for _, list := range []struct {
		section string
		pairs   []queries.LatencyPair
	}{{"vendor", f.latency.Vendors}, {"route", f.latency.Routes}} {
		for _, p := range list.pairs {
			for _, x := range []struct {
				outcome string
				row     queries.LatencyRow
			}{{"answer", p.Answers}, {"failure", p.Failures}} {
				if x.row.Requests == 0 {
					continue
				}
				rows = append(rows, csvLatency(list.section, x.outcome, x.row, p.FailsLate))
			}
		}
	}
	for _, w := range f.latency.Windows {
		rows = append(rows, csvRow{"section": "outage", "vendor": csvText(w.Vendor), "host": csvText(w.Host), "route": csvText(w.Route), "window_id": digits(w.WindowID),
			"started_at": csvTime(w.StartedAt), "usual": digits(w.Usual), "before": digits(w.Before), "usual_ms_p50": csvFloat(w.UsualMSP50),
			"usual_ms_p95": csvFloat(w.UsualMSP95), "before_ms_p50": csvFloat(w.BeforeMSP50), "before_ms_p95": csvFloat(w.BeforeMSP95), "slowed": fmt.Sprint(w.Slowed)})
	}
	return rows
}

func csvLatency(section, outcome string, r queries.LatencyRow, late bool) csvRow {
	row := csvRow{"section": section, "vendor": csvText(r.Vendor), "host": csvText(r.Host), "method": csvText(r.Method), "route": csvText(r.Route), "outcome": outcome,
		"requests": digits(r.Requests), "timed": digits(r.Timed), "timeouts": digits(r.Timeouts), "fails_late": fmt.Sprint(late)}
	if r.Timed > 0 {
		row["ms_p50"], row["ms_p90"], row["ms_p95"] = csvFloat(r.MSP50), csvFloat(r.MSP90), csvFloat(r.MSP95)
		row["ms_p99"], row["ms_max"] = csvFloat(r.MSP99), csvFloat(r.MSMax)
	}
	return row
}

type jsonLatency struct {
	Vendors []jsonLatencyPair   `json:"vendors"`
	Routes  []jsonLatencyPair   `json:"routes"`
	Outages []jsonLatencyWindow `json:"outages"`
}

type jsonLatencyPair struct {
	Vendor    string            `json:"vendor"`
	Host      string            `json:"host,omitempty"`
	Method    string            `json:"method,omitempty"`
	Route     string            `json:"route,omitempty"`
	Answers   *jsonLatencyTimes `json:"answers,omitempty"`
	Failures  *jsonLatencyTimes `json:"failures,omitempty"`
	FailsLate bool              `json:"fails_late"`
}

type jsonLatencyTimes struct {
	Requests int64    `json:"requests"`
	Timed    int64    `json:"timed"`
	Timeouts int64    `json:"timeouts"`
	MSP50    *float64 `json:"ms_p50,omitempty"`
	MSP90    *float64 `json:"ms_p90,omitempty"`
	MSP95    *float64 `json:"ms_p95,omitempty"`
	MSP99    *float64 `json:"ms_p99,omitempty"`
	MSMax    *float64 `json:"ms_max,omitempty"`
}

type jsonLatencyWindow struct {
	WindowID    int64    `json:"window_id"`
	Vendor      string   `json:"vendor"`
	Host        string   `json:"host,omitempty"`
	Route       string   `json:"route,omitempty"`
	StartedAt   string   `json:"started_at"`
	Usual       int64    `json:"usual"`
	Before      int64    `json:"before"`
	UsualMSP50  *float64 `json:"usual_ms_p50,omitempty"`
	UsualMSP95  *float64 `json:"usual_ms_p95,omitempty"`
	BeforeMSP50 *float64 `json:"before_ms_p50,omitempty"`
	BeforeMSP95 *float64 `json:"before_ms_p95,omitempty"`
	Slowed      bool     `json:"slowed"`
}

func (f *findings) jsonLatencyPage(r *jsonReport) {
	j := &jsonLatency{Vendors: jsonLatencies(f.latency.Vendors), Routes: jsonLatencies(f.latency.Routes), Outages: []jsonLatencyWindow{}}
	for _, w := range f.latency.Windows {
		j.Outages = append(j.Outages, jsonLatencyWindow{w.WindowID, w.Vendor, w.Host, w.Route, csvTime(w.StartedAt), w.Usual, w.Before,
			number(w.UsualMSP50), number(w.UsualMSP95), number(w.BeforeMSP50), number(w.BeforeMSP95), w.Slowed})
	}
	r.Latency = j
}

func jsonLatencies(pairs []queries.LatencyPair) []jsonLatencyPair {
	list := []jsonLatencyPair{}
	for _, p := range pairs {
		a := p.Answers
		list = append(list, jsonLatencyPair{a.Vendor, a.Host, a.Method, a.Route, jsonTimes(a), jsonTimes(p.Failures), p.FailsLate})
	}
	return list
}

func jsonTimes(r queries.LatencyRow) *jsonLatencyTimes {
	if r.Requests == 0 {
		return nil
	}
	t := &jsonLatencyTimes{Requests: r.Requests, Timed: r.Timed, Timeouts: r.Timeouts}
	if r.Timed > 0 {
		t.MSP50, t.MSP90, t.MSP95, t.MSP99, t.MSMax = number(r.MSP50), number(r.MSP90), number(r.MSP95), number(r.MSP99), number(r.MSMax)
	}
	return t
}
