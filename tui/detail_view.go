package tui

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func (d *detail) body(a *app, width, height int) []string {
	x, ok := d.sample()
	if !ok {
		text := "Asking for the samples" + a.signs.more
		switch {
		case d.q.answered && d.group == nil:
			text = "This exchange is no longer in the database. Press esc to go back."
		case d.q.answered:
			text = "No sample of this group is in the database. Press esc to go back, r to ask again."
		}
		return []string{"", a.line(width).put("", "  "+text).String()}
	}
	if d.text == nil || d.width != width {
		d.text, d.width = d.build(a, x, width), width
	}
	d.height = height
	d.reveal()
	d.scroll(d.top)
	return d.text[d.top:min(len(d.text), d.top+height)]
}

// twoColumns is the width from which headers and body stand side by side.
const twoColumns = 110

// build lays out one exchange, what is wanted first at the top. It runs when
// the sample or the width changes, not for each frame.
func (d *detail) build(a *app, x *queries.Exchange, width int) []string {
	lines := append(d.facts(a, x, width), d.advice(a, x, width)...)
	d.nearAt = len(lines)
	lines = append(lines, d.nearText(a, x, width)...)
	if width < twoColumns {
		lines = append(lines, d.bodyText(a, x, width)...)
		lines = append(lines, d.headerText(a, "Response headers", x.Headers, width)...)
		lines = append(lines, d.headerText(a, "Request headers", x.RequestHeaders, width)...)
	} else {
		left := (width - 2) / 2
		fields := d.headerText(a, "Response headers", x.Headers, left)
		fields = append(fields, d.headerText(a, "Request headers", x.RequestHeaders, left)...)
		lines = append(lines, beside(a, fields, d.bodyText(a, x, width-left-2), left, 2)...)
	}
	return append(append(lines, a.section("More", width)), d.more(a, x, width)...)
}

// property is one named value.
type property struct {
	name, value string
	kind        paint
}

// facts are the few that decide, in two columns, and the request below them.
func (d *detail) facts(a *app, x *queries.Exchange, width int) []string {
	status := statusWords(x.Status)
	if x.BodyStatus > 0 && x.BodyStatus != x.Status {
		status += " (the body says " + strconv.Itoa(x.BodyStatus) + ")"
	}
	id := clean(x.RequestID)
	if id == "" {
		id = "none"
	}
	left := []property{
		{"vendor", vendorWords(x.Vendor, x.Host), ""},
		{"code", d.codeText(x), a.theme.title},
		{"status", status, ""},
		{"at", stamp(x.TS), ""},
		{"request_id", id, a.theme.info},
	}
	right := []property{
		{"do this", doShort(x.Retry), a.theme.of(x.Category, x.Fault)},
		{"owner", ownerShort(x.Fault), ""},
		{"category", plain(string(x.Category)), ""},
		{"rule", clean(x.Rule) + " (" + string(x.Confidence) + ")", ""},
		{"took", millis(x.DurationMS), ""},
	}
	if x.Category == "" {
		right = []property{{"do this", "nothing", a.theme.good}, {"took", millis(x.DurationMS), ""}}
	}
	half := max(42, width/2)
	var lines []string
	if width < 2*half-8 { // one column, the deciding ones first
		lines = a.properties(append(left[1:3:3], append(right, left[3:]...)...), width)
	} else {
		lines = beside(a, a.properties(left, half-1), a.properties(right, width-half), half-1, 1)
	}
	path := x.Path
	if path == "" {
		path = x.Route
	}
	if x.Query != "" {
		path += "?" + x.Query
	}
	wide := []property{{"request", strings.TrimSpace(clean(x.Method) + " " + clean(x.Host) + clean(path)), ""}}
	if s := d.attempts(x); s != "" {
		wide = append(wide, property{"attempt", s, ""})
	}
	if s := retryTime(x); s != "" {
		wide = append(wide, property{"retry", s, a.theme.warn})
	}
	if s := quotaWords(x); s != "" {
		wide = append(wide, property{"quota", s, a.theme.warn})
	}
	return append(lines, a.properties(wide, width)...)
}

// codeText is the code, or why there is none.
func (d *detail) codeText(x *queries.Exchange) string {
	if x.Category == "" {
		return "none, it succeeded"
	}
	return codeWords(d.key())
}

// more is what is wanted now and then.
func (d *detail) more(a *app, x *queries.Exchange, width int) []string {
	var bytes string
	if x.Bytes >= 0 {
		bytes = size(x.Bytes)
	}
	var list []property
	for _, p := range [...]property{
		{"type", clean(x.Type), ""}, {"candidates", clean(x.Candidates), ""}, {"owner", ownerLong(x), ""}, {"do this", doThis[x.Retry].long, ""},
		{"route", clean(x.Route), ""}, {"host", clean(x.Host), ""}, {"bytes", bytes, ""}, {"our id", clean(x.ClientRequestID), ""},
		{"trace", clean(x.TraceID), ""}, {"account", clean(x.Account), ""}, {"client", clean(x.Client), ""}, {"user agent", clean(x.UserAgent), ""},
		{"source", clean(x.SourcePath) + " at byte " + count(x.SourceOffset), ""},
		{"also seen", clean(x.AlsoAt), ""}, {"differs", otherStatus(x), ""},
	} {
		if p.value != "" {
			list = append(list, p)
		}
	}
	return a.properties(list, width)
}

// otherStatus says that the lines of one exchange disagree.
func otherStatus(x *queries.Exchange) string {
	switch {
	case x.AlsoAt == "" || x.OtherStatus < 0 || x.OtherStatus == x.Status:
		return ""
	case x.OtherStatus == 0:
		return "another line says that there was no response"
	}
	return "another line says status " + strconv.Itoa(x.OtherStatus)
}

func ownerLong(x *queries.Exchange) string {
	if x.Category == "" {
		return ""
	}
	return owners[x.Fault].long
}

func (a *app) properties(list []property, width int) []string {
	lines := make([]string, 0, len(list))
	for _, f := range list {
		lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, f.name, 11).put(f.kind, f.value).String())
	}
	return lines
}

// retryTime says when the vendor wants to hear from us again, and where it
// said so.
func retryTime(x *queries.Exchange) string {
	var s string
	if x.RetryAfterS >= 0 {
		s = "after " + strconv.FormatFloat(x.RetryAfterS, 'f', -1, 64) + " s"
	}
	if !x.RetryAt.IsZero() {
		s = strings.TrimSpace(s + " at " + x.RetryAt.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if s != "" && x.RetrySource != "" {
		s += " (" + clean(x.RetrySource) + ")"
	}
	return s
}

func quotaWords(x *queries.Exchange) string {
	var parts []string
	if x.QuotaName != "" {
		parts = append(parts, clean(x.QuotaName))
	}
	for _, p := range [...]struct {
		name string
		n    int64
	}{{"used", x.QuotaUsed}, {"limit", x.QuotaLimit}, {"remaining", x.QuotaRemaining}} {
		if p.n >= 0 && (x.QuotaLimit > 0 || p.n > 0) {
			parts = append(parts, p.name+" "+count(p.n))
		}
	}
	if !x.QuotaResetAt.IsZero() {
		parts = append(parts, "resets "+x.QuotaResetAt.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(parts, ", ")
}

func (d *detail) advice(a *app, x *queries.Exchange, width int) []string {
	lines := []string{a.section("Advice", width)}
	if x.Category == "" {
		text := "This call succeeded. Of successes only the short row is kept; errscope ingest --keep full keeps all of it."
		for _, s := range wrap(text, width-4) {
			lines = append(lines, a.line(width).put("", "  "+s).String())
		}
		return lines
	}
	text := clean(x.Action)
	if text == "" {
		text = doThis[x.Retry].long
	}
	if x.Benign {
		text = "This is an expected answer, not a failure. " + text
	}
	if x.Outage {
		text += " It looks like an outage."
	}
	if x.ContactSupport {
		text += " The vendor's support can help with the request_id."
	}
	for _, s := range wrap(text, width-4) {
		lines = append(lines, a.line(width).put("", "  "+s).String())
	}
	if x.DocsURL != "" {
		lines = append(lines, a.line(width).put("", "  ").put(a.theme.info, clean(x.DocsURL)).String())
	}
	if x.Message != "" {
		lines = append(lines, a.section("The vendor says", width))
		for _, s := range wrap(clean(x.Message), width-4) {
			lines = append(lines, a.line(width).put("", "  "+s).String())
		}
	}
	return lines
}

func (d *detail) headerText(a *app, title, fields string, width int) []string {
	list := headersOf(fields)
	if len(list) == 0 {
		return []string{a.section(title, width), a.line(width).put(a.theme.dim, "  none were logged").String()}
	}
	name, hidden := 8, 0
	for _, h := range list {
		name = max(name, min(24, painted(clean(h.name))))
		if strings.Contains(h.value, record.Redacted) {
			hidden++
		}
	}
	title += " (" + count(int64(len(list)))
	if hidden > 0 {
		title += ", " + count(int64(hidden)) + " redacted"
	}
	lines := []string{a.section(title+")", width)}
	for _, h := range list {
		kind := paint("")
		if strings.Contains(h.value, record.Redacted) {
			kind = a.theme.dim
		}
		parts := hardwrap(clean(h.value), width-name-5)
		if len(parts) == 0 {
			parts = []string{""}
		}
		for i, part := range parts {
			label := ""
			if i == 0 {
				label = clean(h.name)
			}
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, label, name).put("", "  ").put(kind, part).String())
		}
	}
	return lines
}

func (d *detail) bodyText(a *app, x *queries.Exchange, width int) []string {
	if x.Body == "" {
		return []string{a.section("Body", width), a.line(width).put(a.theme.dim, "  none was captured (access logs have none)").String()}
	}
	text, title := x.Body, "Body "+a.signs.dot+" "+size(int64(len(x.Body)))+" "+a.signs.dot+" "
	var laid bytes.Buffer
	switch {
	case d.raw:
		title += "as sent (p lays it out)"
	case json.Indent(&laid, []byte(text), "", "  ") == nil:
		text = laid.String()
		title += "JSON, laid out (p: as sent)"
	default:
		title += "text"
	}
	rest := 0
	if len(text) > bodyBytesMax {
		rest = len(text) - bodyBytesMax
		text = text[:bodyBytesMax]
	}
	lines := []string{a.section(title, width)}
	for s := range strings.Lines(text) {
		s = cleanAll(strings.TrimRight(s, "\r\n"))
		parts := hardwrap(s, width-2)
		if len(parts) == 0 {
			parts = []string{""}
		}
		for _, part := range parts {
			lines = append(lines, a.line(width).put("", "  "+part).String())
		}
	}
	if rest > 0 {
		lines = append(lines, a.line(width).put(a.theme.warn, "  "+size(int64(rest))+" more are not shown here (errscope sql has them)").String())
	}
	return lines
}
