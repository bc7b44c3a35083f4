package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
)

const (
	// shortBodyMax bounds the body of an exchange in a short summary, and
	// shortExchangesBytesMax all of its exchanges but the first.
	shortBodyMax           = 1500
	shortExchangesBytesMax = 2500
	// shortKindsMax, shortCallsMax and shortWindowsMax bound the lists of a short
	// summary, so that it fits the form of a ticket.
	shortKindsMax   = 12
	shortCallsMax   = 20
	shortWindowsMax = 3
)

// markdown writes the summary of one vendor: short, so that it fits the form of
// a ticket, or with everything.
func (b *Bundle) markdown(p *part, full bool) string {
	m := &summary{full: full}
	m.line("# " + markdownText("Failed calls to "+visible(p.name)+", "+timeSpan(p.first, p.last)))
	m.prose(p.headline())
	if len(p.fields) > 0 {
		m.prose(ours("You ask for: ").quote(strings.Join(p.fields, ", ")))
	}
	if s := p.clock.words(); s != "" {
		m.prose(ours("%s", s))
	}
	m.outages(p)
	m.kinds(p)
	m.calls(p)
	m.samples(p)
	m.masked(p)
	if full {
		m.made(b)
	}
	return m.out.String()
}

// headline says how many failed, and how.
func (p *part) headline() prose {
	s := ours("%s", counted(p.failures, "failed call"))
	if p.inOutage > 0 {
		s = s.and(", %s of them in an outage", thousands(p.inOutage))
	}
	if rest := p.failures - p.forSupport; rest > 0 && p.forSupport > 0 {
		s = s.and("; %s are listed for context and marked so", thousands(rest))
	} else if p.forSupport == 0 {
		s = s.and("; none of them asks for support by itself")
	}
	if len(p.accounts) > 1 {
		s = s.and("; %s of ours", counted(int64(len(p.accounts)), "account"))
	}
	return s.and(".")
}

func timeSpan(first, last time.Time) string {
	switch {
	case first.IsZero():
		return "at unknown times"
	case first.Format(time.DateOnly) == last.Format(time.DateOnly):
		return stamp(first) + " to " + last.UTC().Format("15:04:05") + " UTC"
	}
	return stamp(first) + " to " + stamp(last) + " UTC"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// summary is Markdown in the making.
type summary struct {
	out  strings.Builder
	full bool
}

func (m *summary) line(s string) {
	m.out.WriteString(s + "\n")
}

func (m *summary) prose(p prose) { m.line("\n" + markdownProse(p)) }

func (m *summary) heading(s string) { m.line("\n## " + markdownText(s)) }

// table writes rows whose cells are Markdown already.
func (m *summary) table(head []string, rows [][]string) {
	m.line("\n| " + strings.Join(head, " | ") + " |")
	m.line("|" + strings.Repeat(" --- |", len(head)))
	for _, r := range rows {
		m.line("| " + strings.Join(r, " | ") + " |")
	}
}

// theirs is a foreign text in a cell.
func theirs(s string) string {
	if s == "" {
		return "-"
	}
	return strings.ReplaceAll(markdownCode(cutMasked(visible(s), cellColumnsMax)), "|", `\|`)
}

// cutMasked is cut, but for a stand-in, of which nothing is left rather than a
// piece: a piece looks like the credential that it stands for.
func cutMasked(s string, columns int) string {
	short := cut(s, columns)
	if short == s {
		return s
	}
	head := strings.TrimSuffix(short, "…")
	for n := len(record.Redacted) - 1; n > 0; n-- {
		if strings.HasSuffix(head, record.Redacted[:n]) {
			return head[:len(head)-n] + "…"
		}
	}
	return short
}

func (m *summary) outages(p *part) {
	for i, w := range p.windows {
		switch {
		case i == 0 && len(p.windows) == 1:
			m.heading("Outage")
		case i == 0:
			m.heading("Outages, the latest first")
		}
		if !m.full && i == shortWindowsMax {
			m.prose(ours("%s in evidence.json of the bundle.", countedAs(int64(len(p.windows)-i), "earlier outage is", "earlier outages are")))
			return
		}
		m.prose(w.sentence())
		if chart := w.chart(); chart != "" {
			m.line("\n```text\n" + chart + "```")
		}
	}
}

func (w window) sentence() prose {
	s := prose{}
	if w.Route != "" {
		s = s.quote(w.Route).and(": ")
	} else {
		s = s.and("All endpoints: ")
	}
	if w.EndedAt.IsZero() {
		s = s.and("failing since %s UTC, still open when the logs end", stamp(w.StartedAt))
	} else {
		s = s.and("failing from %s to %s UTC (%s)", stamp(w.StartedAt), stamp(w.EndedAt), lasted(w.WindowRow))
	}
	s = s.and(". %s of %s failed (%s)", thousands(w.Failures), counted(w.Requests, "call"), percent(w.Failures, w.Requests))
	if w.BaselineRatio >= 0 {
		s = s.and(", usually %s", percent(int64(w.BaselineRatio*1e6), 1e6))
	}
	if !w.PeakAt.IsZero() && w.PeakRatio > 0 {
		s = s.and("; worst at %s UTC with %s", w.PeakAt.UTC().Format("15:04"), percent(int64(w.PeakRatio*1e6), 1e6))
	}
	if w.TopCode != "" {
		s = s.and("; mostly ").quote(w.TopCode)
	}
	s = s.and(".")
	if w.Planned {
		s = s.and(" It lies in an announced maintenance.")
	}
	if w.Note != "" {
		s = s.and(" Note: ").quote(w.Note)
	}
	return s
}

// chart draws the share of calls that failed, with calls and failures below.
func (w window) chart() string {
	if w.from.IsZero() {
		return ""
	}
	share := make([]int64, len(w.calls))
	for i, n := range w.calls {
		if n > 0 {
			share[i] = 1 + 1000*w.failed[i]/n
		}
	}
	var shown strings.Builder
	heights := []rune(sparks)
	for _, s := range share {
		if s == 0 {
			shown.WriteByte(' ')
		} else {
			shown.WriteRune(heights[min((s-1)*int64(len(heights))/1000, int64(len(heights)-1))])
		}
	}
	return "share failed " + shown.String() + "\n" +
		"calls        " + spark(w.calls, len(w.calls)) + "\n" +
		"             " + w.from.UTC().Format("15:04") + strings.Repeat(" ", max(1, len(w.calls)-14)) + w.to.UTC().Format("15:04") + " UTC\n"
}

func (m *summary) kinds(p *part) {
	m.heading("What failed")
	var rows [][]string
	for i, k := range p.kinds {
		if !m.full && i == shortKindsMax {
			break
		}
		endpoint := ""
		if len(k.Routes) > 0 {
			endpoint = strings.TrimSpace(k.Routes[0].Method + " " + k.Routes[0].Route)
		}
		more := ""
		if n := len(k.Routes) - 1; n > 0 {
			more = " and " + strconv.Itoa(n) + " more"
		}
		rows = append(rows, []string{theirs(k.Name), status(k.Status), thousands(k.Failures), k.mark(), stamp(k.First), stamp(k.Last), theirs(endpoint) + more})
	}
	m.table([]string{"Failure", "HTTP", "Calls", "Meant for you", "First (UTC)", "Last (UTC)", "Endpoint"}, rows)
	if n := len(p.kinds) - len(rows); n > 0 {
		m.prose(ours("%s left out here.", countedAs(int64(n), "more kind of failure is", "more kinds of failures are")))
	}
	for _, k := range p.kinds[:len(rows)] {
		if k.Message != "" && k.ForSupport > 0 {
			m.line("\n- " + markdownProse(prose{}.quote(k.Name).and(" says: ").quote(cut(visible(k.Message), 2*cellColumnsMax))))
		}
	}
}

// mark says whether the vendor's support should see it, or why it is here.
func (k *kind) mark() string {
	switch {
	case k.ForSupport == k.Failures:
		return "yes"
	case k.ForSupport > 0:
		return thousands(k.ForSupport) + " of them"
	}
	return "no, " + say(categoryWords, k.Category)
}

func (m *summary) calls(p *part) {
	list := p.calls
	if !m.full && p.forSupport > 0 {
		// A ticket is about what its reader can do something about; the rest is
		// listed above, and in the bundle.
		list = slices.DeleteFunc(slices.Clone(list), func(c call) bool { return !c.ForSupport })
	}
	if len(list) == 0 {
		return
	}
	most := shortCallsMax
	if m.full {
		most = callsMax
	}
	withID := int64(0)
	for _, k := range p.kinds {
		withID += k.RequestIDs
	}
	m.heading("Calls to look up")
	if withID == 0 {
		m.prose(ours("Your answers carried no request id that we logged: times, endpoints and parameters stand here instead."))
	}
	var rows [][]string
	for _, c := range list[:min(len(list), most)] {
		id := theirs(c.RequestID)
		if c.RequestID == "" && c.ClientRequestID != "" {
			id = "ours: " + theirs(c.ClientRequestID)
		}
		endpoint := strings.TrimSpace(c.Method + " " + firstOf(c.Path, c.Route))
		if c.Query != "" {
			endpoint += "?" + c.Query
		}
		rows = append(rows, []string{id, millisecondStamp(c.TS), status(c.Status), theirs(c.kind), theirs(endpoint), c.why})
	}
	m.table([]string{"Request id", "Time (UTC)", "HTTP", "Failure", "Endpoint", "Which"}, rows)
	if rest := p.failures - int64(len(rows)); rest > 0 {
		m.prose(ours("%s in requests.csv of the bundle.", countedAs(rest, "more call is", "more calls are")))
	}
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func millisecondStamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}
