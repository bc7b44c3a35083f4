package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// How much of the retries people are shown; JSON and CSV have all.
const (
	retryGroupsShown = 25
	retryChainsShown = 10
	retryStormsShown = 10
)

func askRetries(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.retries, err = src.Retries(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking for the retries: %w", err)
	}
	return nil
}

// needless counts the retries that need not have been: of what no repetition
// cures, or before the stated time. What may be both counts once.
func needless(r queries.RetryRow) int64 { return max(r.Useless-r.Helped, r.Early) }

func (f *findings) retryLead() []prose {
	t := f.retries.Total
	head := ours("No failed call was tried again.")
	if t.Retries > 0 {
		head = ours("%s failed at least once and took %s, %s of them again.", counted(t.Calls, "call"), counted(t.Attempts, "attempt"), thousands(t.Retries))
		if n := needless(t); n > 0 {
			head = head.and(" %s need not have been: %s.", retriesOf(n), percent(n, t.Retries))
		}
	} else if t.Calls > 0 {
		head = ours("%s failed, and none was tried again.", counted(t.Calls, "call"))
	}
	return append([]prose{head, f.callLine()}, f.scopeLines()...)
}

func (f *findings) retryPage() []section {
	return compact(f.retryAdvice(), f.retryCounts(), f.retryStorms(), f.retryVendors(), f.retryGroups(), f.retryChains(), f.unreadSection())
}

// retryAdvice says what to do, by what it costs.
func (f *findings) retryAdvice() section {
	t := f.retries.Total
	s := section{heading: "What to do"}
	add := func(n int64, loud bool, head prose, lines ...prose) {
		if n > 0 {
			s.items = append(s.items, item{head: head, lines: lines, loud: loud})
		}
	}
	add(t.Useless-t.Helped, false, ours("Do not repeat what no repetition cures: %s.", retriesOf(t.Useless-t.Helped)),
		f.worstGroups(func(r queries.RetryRow) int64 { return r.Useless - r.Helped })...)
	add(t.Early, false, ours("Wait as long as the vendor says: %s came before the stated time.", retriesOf(t.Early)),
		f.worstGroups(func(r queries.RetryRow) int64 { return r.Early })...)
	add(int64(len(f.retries.Storms)), true, ours("Let pauses grow and stop after a few attempts: %s of retries, see below.", counted(int64(len(f.retries.Storms)), "storm")))
	add(t.Abandoned, false, ours("Repeat what a repetition may cure: %s failed once and %s never tried again.", counted(t.Abandoned, "call"), wasWere(t.Abandoned)),
		f.worstGroups(func(r queries.RetryRow) int64 { return r.Abandoned })...)
	add(t.Counted, false, ours("Retries may use up allowances: %s went to vendors that count calls.", retriesOf(t.Counted)))
	add(t.Helped, false, ours("Look at the labels: %s of what should not help did.", retriesOf(t.Helped)),
		f.worstGroups(func(r queries.RetryRow) int64 { return r.Helped })...)
	return s
}

func wasWere(n int64) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// worstGroups names the groups with most of something.
func (f *findings) worstGroups(of func(queries.RetryRow) int64) []prose {
	groups := slices.DeleteFunc(slices.Clone(f.retries.Groups), func(r queries.RetryRow) bool { return of(r) <= 0 })
	slices.SortStableFunc(groups, func(a, b queries.RetryRow) int { return cmp.Compare(of(b), of(a)) })
	var lines []prose
	for _, r := range groups[:min(len(groups), todoGroupsMax)] {
		lines = append(lines, retryName(r).and(": %s, try again %s", thousands(of(r)), say(retryWords, r.Retry)))
	}
	return lines
}

// retryName is vendor, code and route in one line.
func retryName(r queries.RetryRow) prose {
	return party(r.Vendor, r.Host).and(" ").quote(codeName(r.Code, r.Type, r.Status)).and(" ").quote(routeName(r.Method, r.Route))
}

func routeName(method, route string) string {
	switch {
	case method == "":
		return dash(route)
	case route == "":
		return method
	}
	return method + " " + route
}

// retryCounts says what became of the calls.
func (f *findings) retryCounts() section {
	t := f.retries.Total
	if t.Calls == 0 {
		return section{}
	}
	s := section{heading: "What became of them"}
	if t.Recovered > 0 {
		s.notes = append(s.notes, ours("%s came through in the end, half of them within %s, the slowest after %s; the most attempts were %s.",
			counted(t.Recovered, "call"), seconds(t.RecoverySP50), seconds(t.RecoverySMax), thousands(t.AttemptsMax)))
	}
	if t.GivenUp > 0 {
		s.notes = append(s.notes, ours("%s failed after retries, though the last failure may be repeated.", counted(t.GivenUp, "call")))
	}
	if t.Untold > 0 {
		s.notes = append(s.notes, ours("Of %s retries cannot be told: the same request is sent too often, and no trace or id says which belong together.",
			counted(t.Untold, "failure")))
	}
	return s
}

// seconds writes a time span; NaN and less than nothing are "-".
func seconds(s float64) string {
	switch {
	case !(s >= 0) || s > 1e12: // also NaN
		return "-"
	case s < 10:
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	case s < 600:
		return strconv.FormatFloat(s, 'f', 0, 64) + " s"
	}
	return thousands(int64(s/60+0.5)) + " min"
}

func (f *findings) retryStorms() section {
	if len(f.retries.Storms) == 0 {
		return section{}
	}
	s := section{heading: "Storms"}
	for i, x := range f.retries.Storms {
		if i == retryStormsShown {
			s.notes = append(s.notes, ours("And %s.", countedAs(int64(len(f.retries.Storms)-i), "storm more", "storms more")))
			break
		}
		s.items = append(s.items, item{loud: true, head: party(x.Vendor, x.Host).and(": from %s to %s %s, %s for %s that failed; at worst %s a minute.",
			f.second(x.First), f.second(x.Last), f.zone(), retriesOf(x.Retries), counted(x.Calls, "call"), thousands(x.PeakPerMinute))})
	}
	return s
}

// retryColumnsShown heads the tables of vendors and groups: what people compare.
func retryColumnsShown() []column {
	return []column{{title: "calls", right: true, drop: 5}, {title: "attempts", right: true, drop: 7}, {title: "retries", right: true}, {title: "useless", right: true, drop: 1},
		{title: "too early", right: true, drop: 2}, {title: "came through", right: true, drop: 3}, {title: "after", right: true, drop: 8},
		{title: "given up", right: true, drop: 9}, {title: "never again", right: true, drop: 6}}
}

func retryCells(r queries.RetryRow) []cell {
	return []cell{count(r.Calls), count(r.Attempts), count(r.Retries), count(r.Useless), count(r.Early), count(r.Recovered), own(seconds(r.RecoverySP50)),
		count(r.GivenUp), count(r.Abandoned)}
}

func (f *findings) retryVendors() section {
	if len(f.retries.Vendors) == 0 {
		return section{}
	}
	t := &table{columns: append([]column{{title: "vendor", min: 16}}, retryColumnsShown()...)}
	for _, r := range f.retries.Vendors {
		t.rows = append(t.rows, append([]cell{foreign(vendorName(r.Vendor, r.Host))}, retryCells(r)...))
	}
	return section{heading: "Vendors", table: t, notes: []prose{
		ours("Useless: repeated although the failure stays. After: the median until a call came through. Given up and never again: one more attempt might have helped.")}}
}

func (f *findings) retryGroups() section {
	if len(f.retries.Groups) == 0 {
		return section{}
	}
	t := &table{columns: append([]column{{title: "vendor", min: 16}, {title: "code", min: 12}, {title: "route", min: 12, drop: 4}, {title: "try again", drop: 10}},
		retryColumnsShown()...)}
	s := section{heading: "Codes and routes", table: t}
	for i, r := range f.retries.Groups {
		if i == retryGroupsShown {
			s.notes = append(s.notes, ours("And %s: --format csv has all.", counted(int64(len(f.retries.Groups)-i), "more row")))
			break
		}
		t.rows = append(t.rows, append([]cell{foreign(vendorName(r.Vendor, r.Host)), foreign(codeName(r.Code, r.Type, r.Status)),
			foreign(routeName(r.Method, r.Route)), own(say(retryWords, r.Retry))}, retryCells(r)...))
	}
	return s
}

// retryChains shows the calls with most attempts.
func (f *findings) retryChains() section {
	s := section{heading: "Calls with most attempts"}
	for i, r := range f.retries.Chains[:min(len(f.retries.Chains), retryChainsShown)] {
		it := item{number: i + 1, head: retryName(r).and(": %s within %s", counted(r.Attempts, "attempt"), spanOf(r.First, r.Last))}
		end := "failed to the last"
		if r.Recovered > 0 {
			end = "came through in the end"
		}
		it.lines = append(it.lines, ours("First %s, last %s %s; %s. Try again: %s.", f.second(r.First), f.second(r.Last), f.zone(), end, say(retryWords, r.Retry)))
		if n := needless(r); n > 0 {
			it.lines = append(it.lines, ours("%s need not have been.", retriesOf(n)))
		}
		if r.SourceID >= 0 {
			it.lines = append(it.lines, ours("See the first one:"))
			it.command = fmt.Sprintf(`errscope sql %s"FROM es_exchange(%d, %d)"`, f.databaseFlag(), r.SourceID, r.SourceOffset)
		}
		s.items = append(s.items, it)
	}
	return s
}

// databaseFlag is what commands say to name the database.
func (f *findings) databaseFlag() string {
	if f.options.Database == "" {
		return ""
	}
	return "--db " + shellWord(f.options.Database) + " "
}

func spanOf(first, last time.Time) string { return seconds(last.Sub(first).Seconds()) }

func (f *findings) tidyRetries() {
	f.retries.Groups, f.retries.Chains = slices.Clone(f.retries.Groups), slices.Clone(f.retries.Chains)
	f.retries.Vendors, f.retries.Storms = slices.Clone(f.retries.Vendors), slices.Clone(f.retries.Storms)
	for _, list := range [][]queries.RetryRow{f.retries.Groups, f.retries.Chains} {
		for i := range list {
			for _, text := range []*string{&list[i].Code, &list[i].Type, &list[i].Route} {
				*text = maskPersonal(*text)
			}
		}
	}
	compare := func(a, b queries.RetryRow) int {
		return cmp.Or(cmp.Compare(needless(b), needless(a)), cmp.Compare(b.Retries, a.Retries), cmp.Compare(b.Attempts, a.Attempts), a.First.Compare(b.First),
			cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Status, b.Status),
			cmp.Compare(a.Category, b.Category), cmp.Compare(a.Retry, b.Retry), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Route, b.Route),
			cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.SourceOffset, b.SourceOffset))
	}
	slices.SortStableFunc(f.retries.Vendors, compare)
	slices.SortStableFunc(f.retries.Groups, compare)
	slices.SortStableFunc(f.retries.Chains, func(a, b queries.RetryRow) int { return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), compare(a, b)) })
	slices.SortStableFunc(f.retries.Storms, func(a, b queries.RetryStorm) int {
		return cmp.Or(cmp.Compare(b.Retries, a.Retries), a.First.Compare(b.First), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host))
	})
}

func retryColumns() []string {
	return []string{"section", "vendor", "host", "code", "type", "status", "category", "retry", "method", "route", "calls", "attempts", "retries", "useless",
		"helped", "early", "counted", "recovered", "given_up", "abandoned", "untold", "recovery_s_p50", "recovery_s_max", "attempts_max", "peak_per_minute",
		"first_ts", "last_ts", "source_id", "source_offset"}
}

func (f *findings) retryRows() []csvRow {
	r := f.retries
	rows := []csvRow{csvRetry(queries.RetryTotal, r.Total)}
	for _, x := range r.Vendors {
		rows = append(rows, csvRetry(queries.RetryVendor, x))
	}
	for _, x := range r.Groups {
		rows = append(rows, csvRetry(queries.RetryGroup, x))
	}
	for _, x := range r.Storms {
		rows = append(rows, csvRow{"section": "storm", "vendor": csvText(x.Vendor), "host": csvText(x.Host), "calls": digits(x.Calls), "retries": digits(x.Retries),
			"peak_per_minute": digits(x.PeakPerMinute), "first_ts": csvTime(x.First), "last_ts": csvTime(x.Last)})
	}
	for _, x := range r.Chains {
		rows = append(rows, csvRetry(queries.RetryChain, x))
	}
	return rows
}

func csvRetry(section queries.RetrySection, r queries.RetryRow) csvRow {
	row := csvRow{"section": string(section), "vendor": csvText(r.Vendor), "host": csvText(r.Host), "code": csvText(r.Code), "type": csvText(r.Type),
		"category": csvText(string(r.Category)), "retry": csvText(string(r.Retry)), "method": csvText(r.Method), "route": csvText(r.Route),
		"calls": digits(r.Calls), "attempts": digits(r.Attempts), "retries": digits(r.Retries), "useless": digits(r.Useless), "helped": digits(r.Helped),
		"early": digits(r.Early), "counted": digits(r.Counted), "recovered": digits(r.Recovered), "given_up": digits(r.GivenUp), "abandoned": digits(r.Abandoned),
		"untold": digits(r.Untold), "recovery_s_p50": csvFloat(r.RecoverySP50), "recovery_s_max": csvFloat(r.RecoverySMax), "attempts_max": digits(r.AttemptsMax),
		"first_ts": csvTime(r.First), "last_ts": csvTime(r.Last)}
	if ofCode := section == queries.RetryGroup || section == queries.RetryChain; ofCode && r.Status >= 0 {
		row["status"] = strconv.Itoa(r.Status)
	}
	if section == queries.RetryChain && r.SourceID >= 0 {
		row["source_id"], row["source_offset"] = digits(r.SourceID), digits(r.SourceOffset)
	}
	return row
}

type jsonRetry struct {
	Vendor       string   `json:"vendor,omitempty"`
	Host         string   `json:"host,omitempty"`
	Code         string   `json:"code,omitempty"`
	Type         string   `json:"type,omitempty"`
	Status       *int     `json:"status,omitempty"`
	Category     string   `json:"category,omitempty"`
	Retry        string   `json:"retry,omitempty"`
	Method       string   `json:"method,omitempty"`
	Route        string   `json:"route,omitempty"`
	Calls        int64    `json:"calls"`
	Attempts     int64    `json:"attempts"`
	Retries      int64    `json:"retries"`
	Useless      int64    `json:"useless"`
	Helped       int64    `json:"helped"`
	Early        int64    `json:"early"`
	Counted      int64    `json:"counted"`
	Recovered    int64    `json:"recovered"`
	GivenUp      int64    `json:"given_up"`
	Abandoned    int64    `json:"abandoned"`
	Untold       int64    `json:"untold"`
	RecoverySP50 *float64 `json:"recovery_s_p50,omitempty"`
	RecoverySMax *float64 `json:"recovery_s_max,omitempty"`
	AttemptsMax  int64    `json:"attempts_max"`
	FirstTS      string   `json:"first_ts,omitempty"`
	LastTS       string   `json:"last_ts,omitempty"`
	SourceID     *int64   `json:"source_id,omitempty"`
	SourceOffset *int64   `json:"source_offset,omitempty"`
}

type jsonStorm struct {
	Vendor        string `json:"vendor"`
	Host          string `json:"host,omitempty"`
	Calls         int64  `json:"calls"`
	Retries       int64  `json:"retries"`
	PeakPerMinute int64  `json:"peak_per_minute"`
	FirstTS       string `json:"first_ts,omitempty"`
	LastTS        string `json:"last_ts,omitempty"`
}

type jsonRetries struct {
	Total   jsonRetry   `json:"total"`
	Vendors []jsonRetry `json:"vendors"`
	Groups  []jsonRetry `json:"groups"`
	Storms  []jsonStorm `json:"storms"`
	Chains  []jsonRetry `json:"chains"`
}

func (f *findings) jsonRetryPage(r *jsonReport) {
	j := &jsonRetries{Total: jsonRetryOf(f.retries.Total, false), Vendors: []jsonRetry{}, Groups: []jsonRetry{}, Storms: []jsonStorm{}, Chains: []jsonRetry{}}
	for _, x := range f.retries.Vendors {
		j.Vendors = append(j.Vendors, jsonRetryOf(x, false))
	}
	for _, x := range f.retries.Groups {
		j.Groups = append(j.Groups, jsonRetryOf(x, true))
	}
	for _, x := range f.retries.Storms {
		j.Storms = append(j.Storms, jsonStorm{x.Vendor, x.Host, x.Calls, x.Retries, x.PeakPerMinute, csvTime(x.First), csvTime(x.Last)})
	}
	for _, x := range f.retries.Chains {
		c := jsonRetryOf(x, true)
		if x.SourceID >= 0 {
			c.SourceID, c.SourceOffset = &x.SourceID, &x.SourceOffset
		}
		j.Chains = append(j.Chains, c)
	}
	r.Retries = j
}

func jsonRetryOf(r queries.RetryRow, ofCode bool) jsonRetry {
	j := jsonRetry{Vendor: r.Vendor, Host: r.Host, Code: r.Code, Type: r.Type, Category: string(r.Category), Retry: string(r.Retry), Method: r.Method, Route: r.Route,
		Calls: r.Calls, Attempts: r.Attempts, Retries: r.Retries, Useless: r.Useless, Helped: r.Helped, Early: r.Early, Counted: r.Counted,
		Recovered: r.Recovered, GivenUp: r.GivenUp, Abandoned: r.Abandoned, Untold: r.Untold, RecoverySP50: number(r.RecoverySP50),
		RecoverySMax: number(r.RecoverySMax), AttemptsMax: r.AttemptsMax, FirstTS: csvTime(r.First), LastTS: csvTime(r.Last)}
	if ofCode && r.Status != record.Absent {
		j.Status = &r.Status
	}
	return j
}

func retriesOf(n int64) string { return countedAs(n, "retry", "retries") }
