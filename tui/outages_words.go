package tui

import (
	"strings"

	"github.com/errscope/errscope/queries"
)

const (
	// failedTooMin, failedTooShare and failedTooTimes say when others count as
	// failing at that time too: so many calls, such a share, so many times the usual.
	failedTooMin   = 5
	failedTooShare = 0.1
	failedTooTimes = 3
	// upShare is the share below which a route counts as up.
	upShare = 0.05
	// namedMax is how many routes, vendors or codes a line names.
	namedMax = 4
)

// paneWords are at most height lines about an outage: the reason, and then what
// is seen beside it.
func (o *outages) paneWords(a *app, w *outage, width, height int) []string {
	var lines []string
	for _, f := range o.facts(a, w) {
		if f.value != "" && len(lines) < height {
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, f.name, 10).put(f.kind, f.value).String())
		}
	}
	return lines
}

// facts are what is known of an outage, what decides first. They are put into
// words once, not for each frame.
func (o *outages) facts(a *app, w *outage) []property {
	if o.told == nil || o.toldOf != w.id {
		o.told, o.toldOf = o.tell(a, w), w.id
	}
	return o.told
}

func (o *outages) tell(a *app, w *outage) []property {
	dot := " " + a.signs.dot + " "
	why := clean(w.Why)
	if w.Score > 0 {
		why += dot + "log odds " + count(int64(w.Score))
	}
	note := clean(w.Note)
	if w.Planned {
		note = strings.TrimSuffix("planned maintenance: "+note, ": ")
	}
	others, otherKind := o.othersWords(a, w, dot)
	affected, up := o.routeWords(w, dot)
	list := []property{{"why", why, ""}, {"note", note, a.theme.info}, {"others", others, otherKind}}
	if w.local != nil {
		return append(list, property{"vendors", clean(strings.Join(texts(w.local.Vendors), dot)), a.theme.mine})
	}
	return append(list, property{"failing", affected, ""}, property{"up", up, a.theme.good}, property{"codes", o.codeWords(w, dot), ""},
		property{"before", o.phaseWords(a, w, "before", dot), ""}, property{"during", o.phaseWords(a, w, "during", dot), ""},
		property{"after", o.phaseWords(a, w, "after", dot), ""}, property{"ids", idWords(w), a.theme.info})
}

// failedToo says whether others failed at that time beyond what is usual.
func failedToo(t *queries.OutageTraffic) bool {
	during, before := share(t.Failed, t.Calls), share(t.FailedBefore, t.CallsBefore)
	return t.Failed >= failedTooMin && during >= failedTooShare && during >= failedTooTimes*before
}

func share(n, of int64) float64 {
	if of <= 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// othersWords say how the other vendors did: whether it may be our own network.
func (o *outages) othersWords(a *app, w *outage, dot string) (string, paint) {
	if !o.evidence.answered {
		return "", ""
	}
	var sum queries.OutageTraffic
	vendors := map[string]int{}
	var rows []*queries.OutageTraffic
	for i := range o.around.Traffic {
		t := &o.around.Traffic[i]
		if t.Own || t.Calls == 0 {
			continue
		}
		name := vendorWords(t.Vendor, t.Host)
		if _, ok := vendors[name]; !ok {
			vendors[name] = len(rows)
			rows = append(rows, t)
		}
		sum.Calls, sum.Failed = sum.Calls+t.Calls, sum.Failed+t.Failed
		sum.CallsBefore, sum.FailedBefore = sum.CallsBefore+t.CallsBefore, sum.FailedBefore+t.FailedBefore
	}
	var too []string
	for _, t := range rows {
		if failedToo(t) {
			too = append(too, vendorWords(t.Vendor, t.Host)+" "+ratioWords(share(t.Failed, t.Calls)))
		}
	}
	switch {
	case len(rows) == 0:
		return "no other vendor was called then: our own network may be the cause", a.theme.warn
	case w.local != nil && len(too) == 0:
		return "", ""
	case w.local != nil:
		return strings.Join(too[:min(len(too), namedMax)], dot) + " failed", a.theme.mine
	case len(too) == 0:
		return plural(int64(len(rows)), "other vendor") + " as usual, " + ratioWords(share(sum.Failed, sum.Calls)) + " failed (" +
			ratioWords(share(sum.FailedBefore, sum.CallsBefore)) + " in the day before): not our network", a.theme.good
	}
	text := strings.Join(too[:min(len(too), namedMax)], dot) + " failed too"
	if len(too)*2 >= len(rows) {
		return text + ": look at our own network first", a.theme.mine
	}
	return text + ", " + count(int64(len(rows)-len(too))) + " others as usual", a.theme.warn
}

// routeWords name the routes that failed, and those that were up.
func (o *outages) routeWords(w *outage, dot string) (failing, up string) {
	var bad, good []string
	for i := range o.around.Traffic {
		t := &o.around.Traffic[i]
		if !t.Own || t.Calls == 0 {
			continue
		}
		name, ratio := clean(t.Route), share(t.Failed, t.Calls)
		if name == "" {
			name = "(no route)"
		}
		if ratio < upShare {
			good = append(good, name+" "+ratioWords(ratio))
		} else {
			bad = append(bad, name+" "+ratioWords(ratio)+" of "+count(t.Calls))
		}
	}
	if len(bad) == 0 && !o.evidence.answered {
		for _, r := range texts(w.Routes) {
			bad = append(bad, clean(r))
		}
	}
	return named(bad, dot), named(good, dot)
}

// named joins the first of a list and counts the others.
func named(list []string, dot string) string {
	if len(list) > namedMax {
		return strings.Join(list[:namedMax], dot) + dot + "and " + count(int64(len(list)-namedMax)) + " more"
	}
	return strings.Join(list, dot)
}

func (o *outages) codeWords(w *outage, dot string) string {
	var list []string
	for _, c := range w.codes() {
		name := clean(c.Code)
		if name == "" {
			name = "no code"
		}
		list = append(list, name+" "+count(c.Rows))
	}
	text := named(list, dot)
	if w.Unreached > 0 {
		text += dot + count(w.Unreached) + " without any response"
	}
	for _, p := range o.around.Answers {
		if p.Phase == "during" && p.Waits > 0 {
			text += dot + "waits named: " + seconds(p.WaitSP50) + " in " + count(p.Waits)
		}
	}
	return text
}

// phaseWords say how it answered before, during or after.
func (o *outages) phaseWords(a *app, w *outage, phase, dot string) string {
	if !o.evidence.answered {
		return ""
	}
	at := -1
	for i := range o.around.Answers {
		if o.around.Answers[i].Phase == phase {
			at = i
		}
	}
	switch {
	case at < 0 && phase == "after" && w.EndedAt.IsZero():
		return "still failing when the data ends"
	case at < 0 && phase != "during":
		return "no calls in the hour " + phase
	case at < 0:
		return ""
	}
	p := &o.around.Answers[at]
	text := ratioWords(share(p.Failed, p.Calls)) + " of " + plural(p.Calls, "call") + " failed"
	if p.Calls > p.Failed {
		text += dot + "p95 " + millis(p.DurationMSP95) + ", p50 " + millis(p.DurationMSP50)
	}
	switch {
	case phase == "after" && !p.FirstWell.IsZero():
		text += dot + "first success " + p.FirstWell.UTC().Format("15:04:05")
	case phase != "after" && !p.LastWell.IsZero():
		text += dot + "last success " + p.LastWell.UTC().Format("15:04:05")
	}
	return text
}

func idWords(w *outage) string {
	list := texts(w.RequestIDs)
	for i := range list {
		list[i] = clean(list[i])
	}
	switch len(list) {
	case 0:
		return ""
	case 1, 2, 3:
		return strings.Join(list, "  ")
	}
	return strings.Join(list[:3], "  ") + "  and " + count(int64(len(list)-3)) + " more (Y copies all)"
}

// summary says an outage in a few lines, to be pasted into a ticket.
func (o *outages) summary(a *app, w *outage) string {
	var b strings.Builder
	b.WriteString(w.cells[outageVendor].Text + " " + w.cells[outageRoute].Text + ": " + count(w.Failures) + " of " + plural(w.Requests, "call") + " failed\n")
	end := "still open"
	if !w.EndedAt.IsZero() {
		end = stamp(w.EndedAt)
	}
	b.WriteString("from " + stamp(w.StartedAt) + " to " + end + " (" + w.lastedWords() + ")\n")
	if !w.PeakAt.IsZero() {
		b.WriteString("at worst " + ratioWords(w.PeakRatio) + " at " + stamp(w.PeakAt) + ", usually " + ratioWords(w.BaselineRatio) + "\n")
	}
	for _, f := range o.facts(a, w) {
		if f.value != "" && f.name != "ids" {
			b.WriteString(f.name + ": " + plainWord(f.value) + "\n")
		}
	}
	if ids := texts(w.RequestIDs); len(ids) > 0 {
		b.WriteString("request_ids: " + strings.ReplaceAll(plainLines(ids), "\n", " ") + "\n")
	}
	return b.String()
}
