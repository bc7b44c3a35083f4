package tui

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// fact is one line of "Right now".
type fact struct {
	id           string
	kind         paint
	number, what string // "" where the line above says it
	details      string
	rest         int // how many more there are of its kind
	open         func(a *app) tea.Cmd
}

// factsMax bounds what is kept of one kind.
const factsMax = 20

// rightNow says what matters most, in three kinds: what is down, what runs
// out, what is ours to fix. Each has a line also when it is good news.
func (o *overview) rightNow(a *app) [][]fact {
	return [][]fact{o.outageFacts(a), o.quotaFacts(a), o.fixFacts(a)}
}

// pickFacts are at most n lines, the kinds in turn; who is left out is counted
// in the last line of its kind.
func pickFacts(kinds [][]fact, n int) []fact {
	take := make([]int, len(kinds))
	for given := true; given && n > 0; {
		given = false
		for i, k := range kinds {
			if n > 0 && take[i] < len(k) {
				take[i]++
				n--
				given = true
			}
		}
	}
	var out []fact
	for i, k := range kinds {
		if take[i] == 0 {
			continue
		}
		out = append(out, k[:take[i]]...)
		out[len(out)-1].rest += len(k) - take[i]
	}
	return out
}

// numbered puts the number of facts before the first of them.
func numbered(list []fact, number, what string) []fact {
	if len(list) > 0 {
		list[0].number, list[0].what = number, what
	}
	if len(list) > factsMax {
		list[factsMax-1].rest = len(list) - factsMax
		list = list[:factsMax]
	}
	return list
}

func plainNoun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// lastSeen is the end of what the overview is about.
func (o *overview) lastSeen(a *app) time.Time {
	if t := o.data.Totals.Last; !t.IsZero() {
		return t
	}
	return a.end()
}

func (o *overview) outageFacts(a *app) []fact {
	var open []queries.WindowRow
	var last queries.WindowRow
	for _, w := range o.now.Windows {
		if w.EndedAt.IsZero() {
			open = append(open, w)
		} else if w.EndedAt.After(last.EndedAt) {
			last = w
		}
	}
	slices.SortStableFunc(open, func(x, y queries.WindowRow) int { return cmp.Compare(y.Failures, x.Failures) })
	var list []fact
	for _, w := range open {
		kind := a.theme.bad
		if w.Planned {
			kind = a.theme.warn
		}
		list = append(list, fact{id: "window " + count(w.WindowID), kind: kind, details: windowWords(w, o.lastSeen(a)),
			open: func(a *app) tea.Cmd { return a.toWindow(w) }})
	}
	if len(list) > 0 {
		return numbered(list, count(int64(len(list))), plainNoun(len(list), "outage")+" open")
	}
	good := fact{id: "outage", kind: a.theme.good, number: "ok", what: "no outage open"}
	if !last.EndedAt.IsZero() {
		good.details = "the last until " + when(last.EndedAt, a.o.Now()) + ": " + windowWords(last, last.EndedAt)
		good.open = func(a *app) tea.Cmd { return a.toWindow(last) }
		return []fact{good}
	}
	var signs int64
	for _, v := range o.data.Vendors {
		signs += v.Outage
	}
	if signs > 0 {
		good.details = plural(signs, "failure") + " looked like one"
		good.open = func(a *app) tea.Cmd { return a.push(newFailures(a, "outage:yes")) }
	}
	return []fact{good}
}

// windowWords says an outage in a line.
func windowWords(w queries.WindowRow, end time.Time) string {
	words := vendorWords(w.Vendor, w.Host)
	if w.Route != "" {
		words += " " + clean(w.Route)
	}
	if w.TopCode != "" {
		words += " " + clean(w.TopCode)
	}
	var of []string
	if end.After(w.StartedAt) {
		of = append(of, span(end.Sub(w.StartedAt)))
	}
	if !math.IsNaN(w.PeakRatio) {
		of = append(of, "peak "+count(int64(math.Round(w.PeakRatio*100)))+" %")
	}
	if w.Planned {
		of = append(of, "planned")
	}
	if len(of) > 0 {
		words += " (" + strings.Join(of, ", ") + ")"
	}
	return words
}

// quotaDanger says how bad it is about a quota: 0 is not, and the less the
// worse.
func quotaDanger(q queries.QuotaRow, now time.Time) int {
	switch {
	case !q.PeriodEnd.IsZero() && !q.PeriodEnd.After(now):
		return 0
	case q.Remaining == 0 || q.Limit > 0 && q.Used >= q.Limit || !q.ExhaustedAt.IsZero() && q.Remaining <= 0:
		return 1
	case !q.ProjectedExhaustionAt.IsZero() && (q.PeriodEnd.IsZero() || q.ProjectedExhaustionAt.Before(q.PeriodEnd)):
		return 2
	}
	return 0
}

func (o *overview) quotaFacts(a *app) []fact {
	now := o.lastSeen(a)
	var worst []queries.QuotaRow
	for _, q := range o.now.Quotas {
		if quotaDanger(q, now) > 0 {
			worst = append(worst, q)
		}
	}
	slices.SortStableFunc(worst, func(x, y queries.QuotaRow) int {
		if c := cmp.Compare(quotaDanger(x, now), quotaDanger(y, now)); c != 0 {
			return c
		}
		return x.ProjectedExhaustionAt.Compare(y.ProjectedExhaustionAt)
	})
	var list []fact
	for i, q := range worst {
		list = append(list, fact{id: "quota " + count(int64(i)), kind: a.theme.warn, details: quotaLine(a, q, now), open: func(a *app) tea.Cmd { return a.toQuota(q) }})
	}
	if len(list) > 0 {
		return numbered(list, count(int64(len(list))), plainNoun(len(list), "quota")+" in danger")
	}
	var refused int64
	for _, f := range o.data.Faults {
		if limited(f.Category) {
			refused += f.Failures
		}
	}
	list = o.groupFacts(a, a.theme.warn, func(g *queries.FailureGroup) bool { return limited(g.Category) })
	switch {
	case refused == 0:
		return []fact{{id: "quota", kind: a.theme.good, number: "ok", what: "no quota in danger"}}
	case len(list) == 0:
		list = o.faultFacts(a, a.theme.warn, func(f queries.FaultRow) bool { return limited(f.Category) })
	}
	return numbered(list, count(refused), "refused for a limit")
}

// quotaLine says a quota in danger in a line.
func quotaLine(a *app, q queries.QuotaRow, now time.Time) string {
	words := vendorWords(q.Vendor, q.Host)
	if q.Name != "" {
		words += " " + clean(q.Name)
	}
	if q.Used >= 0 {
		words += "  " + count(q.Used)
		if q.Limit > 0 {
			words += " / " + count(q.Limit)
		}
	}
	switch {
	case quotaDanger(q, now) == 1:
		word := "  used up"
		if q.PeriodEnd.IsZero() { // until somebody makes room
			word = "  full"
		}
		words += word
		if !q.ExhaustedAt.IsZero() {
			words += " since " + when(q.ExhaustedAt, a.o.Now())
		}
		if !q.PeriodEnd.IsZero() {
			words += ", until " + clockWords(q.PeriodEnd, now)
		}
	case q.ProjectedExhaustionAt.After(now):
		words += "  runs out in about " + span(q.ProjectedExhaustionAt.Sub(now)) + ", " + clockWords(q.ProjectedExhaustionAt, now)
	default:
		words += "  runs out about now"
	}
	return words
}

// clockWords is a point in time, with its day where that is not the one of now.
func clockWords(t, now time.Time) string {
	if t, now = t.UTC(), now.UTC(); t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("01-02 15:04")
}

// toQuota shows a quota on its screen.
func (a *app) toQuota(q queries.QuotaRow) tea.Cmd {
	return a.showQuota(queries.QuotaKey{Vendor: q.Vendor, Host: q.Host, Account: q.Account, Name: q.Name, From: q.PeriodStart, To: q.PeriodEnd})
}

func limited(c record.Category) bool { return c == record.QuotaExhausted || c == record.RateLimit }

// oursToFix reports whether the failure is to be removed on our side.
func oursToFix(c record.Category, f record.Fault) bool {
	return !limited(c) && (f == record.FaultCaller || f == record.FaultAccount)
}

func (o *overview) fixFacts(a *app) []fact {
	var mine int64
	for _, f := range o.data.Faults {
		if oursToFix(f.Category, f.Fault) && !record.IsOutage(f.Category, f.Retry) {
			mine += f.Failures
		}
	}
	list := o.groupFacts(a, a.theme.mine, func(g *queries.FailureGroup) bool { return oursToFix(g.Category, g.Fault) && !g.Outage })
	if mine == 0 {
		return []fact{{id: "fix", kind: a.theme.good, number: "ok", what: "nothing of yours to fix"}}
	}
	if len(list) == 0 {
		list = o.faultFacts(a, a.theme.mine, func(f queries.FaultRow) bool {
			return oursToFix(f.Category, f.Fault) && !record.IsOutage(f.Category, f.Retry)
		})
	}
	return numbered(list, count(mine), "yours to fix")
}

// groupFacts are the largest groups that are wanted.
func (o *overview) groupFacts(a *app, kind paint, want func(*queries.FailureGroup) bool) (list []fact) {
	for i := range o.data.Groups {
		g := &o.data.Groups[i]
		if !want(g) {
			continue
		}
		words := vendorWords(g.Vendor, g.Host) + " " + codeWords(g.GroupKey) + " " + a.signs.times + count(g.Failures) + ": " + doShort(g.Retry)
		list = append(list, fact{id: "group " + groupID(g.GroupKey), kind: kind, details: words,
			open: func(a *app) tea.Cmd { return a.push(newFailures(a, groupFilter(g.GroupKey))) }})
	}
	return list
}

// faultFacts stand in for groups that are all too small to be among the largest.
func (o *overview) faultFacts(a *app, kind paint, want func(queries.FaultRow) bool) (list []fact) {
	for _, f := range o.data.Faults {
		if !want(f) {
			continue
		}
		filter := faultFilter(f)
		list = append(list, fact{id: "fault " + filter, kind: kind, details: plain(string(f.Category)) + " " + a.signs.times + count(f.Failures) + ": " + doShort(f.Retry),
			open: func(a *app) tea.Cmd { return a.push(newFailures(a, filter)) }})
	}
	return list
}

// faultFilter is the filter for the failures that a row of faults counts.
func faultFilter(f queries.FaultRow) string {
	return filterTerm("fault", string(f.Fault)) + " " + filterTerm("category", string(f.Category)) + " " + filterTerm("retry", string(f.Retry))
}

func groupID(k queries.GroupKey) string {
	return strings.Join([]string{k.Vendor, k.Host, k.Code, k.Type, string(k.Category), string(k.Retry), statusShort(k.Status), k.Rule}, "\x00")
}
