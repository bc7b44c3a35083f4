package tui

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// outage is one row: a vendor's, or, where local is set, our own network's.
type outage struct {
	queries.OutageRow
	local *queries.LocalOutage
	until time.Time // the end of the data, which is that of an open outage
	drawn
}

// The columns of the outages, as indices of outageColumns.
const (
	outageVendor = iota
	outageRoute
	outageStart
	outageEnd
	outageLasted
	outagePeak
	outageFailed
	outageCause
	outageStrip
)

// outageColumns go in order of rank when it gets narrow: whose, since when, how
// long, how many, why, and then the rest.
var outageColumns = [...]grid.Column{
	outageVendor: {Title: "VENDOR", Min: 10, Want: 14, Max: 24, Rank: 1},
	outageRoute:  {Title: "ROUTE", Min: 12, Want: 14, Max: 36, Rank: 7},
	outageStart:  {Title: "START UTC", Min: 11, Max: 11, Rank: 2},
	outageEnd:    {Title: "END", Min: 11, Max: 11, Rank: 5},
	outageLasted: {Title: "LASTED", Min: 7, Max: 8, Right: true, Rank: 3},
	outagePeak:   {Title: "PEAK", Min: 5, Max: 6, Right: true, Rank: 9},
	outageFailed: {Title: "FAILED", Min: 7, Max: 11, Right: true, Rank: 4},
	outageCause:  {Title: "CAUSE", Min: 10, Want: 14, Max: 30, Rank: 6},
	outageStrip:  {Title: "WHEN", Min: 20, Max: 60, Rank: 8, Extra: true},
}

// outageSorts is the order in which "s" goes through the columns.
var outageSorts = [...]int{outageStart, outageLasted, outageFailed, outagePeak, outageVendor, outageCause}

// outageFilterColumns are the names that may stand before a colon.
func outageFilterColumns() []string {
	return []string{"vendor", "host", "route", "cause", "state", "note", "id"}
}

// take makes rows of an answer.
func (o *outages) take(a *app, answer queries.OutageList) {
	o.cut = len(answer.Windows) >= queries.StandingMax || len(answer.Local) >= queries.StandingMax
	o.last, o.told = answer.Last, nil
	until := a.last
	if until.Before(answer.Last) { // which is a minute, and this its end
		until = answer.Last.Add(time.Minute - time.Microsecond)
	}
	all := make([]*outage, 0, len(answer.Windows)+len(answer.Local))
	for i := range answer.Windows {
		all = append(all, newOutage(a, answer.Windows[i], until))
	}
	for i := range answer.Local {
		all = append(all, newLocalOutage(a, answer.Local[i], until))
	}
	o.from, o.to = a.rangeTimes()
	for _, w := range all {
		span := w.span()
		if o.from.IsZero() || span.from.Before(o.from) && a.scope.Since.IsZero() {
			o.from = span.from
		}
		if last := latest(span.from, span.to); last.After(o.to) && a.scope.Until.IsZero() {
			o.to = last
		}
	}
	o.fill(all)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func newOutage(a *app, r queries.OutageRow, until time.Time) *outage {
	w := &outage{OutageRow: r, until: until, drawn: drawn{id: windowName(r.WindowID)}}
	w.draw(a, vendorWords(r.Vendor, r.Host), cmp.Or(clean(r.Route), "*"))
	return w
}

// ourNetwork is the name of who is to blame for a local outage.
const ourNetwork = "our network"

// newLocalOutage makes a row of its own kind.
func newLocalOutage(a *app, l queries.LocalOutage, until time.Time) *outage {
	w := &outage{local: &l, until: until, drawn: drawn{id: "local " + strconv.FormatInt(l.WindowID, 10)}}
	w.WindowID, w.StartedAt, w.EndedAt, w.Requests, w.Failures, w.Why = l.WindowID, l.StartedAt, l.EndedAt, l.Requests, l.Failures, l.Why
	w.BaselineRatio, w.PeakRatio = math.NaN(), math.NaN()
	if l.Requests > 0 {
		w.PeakRatio = float64(l.Failures) / float64(l.Requests)
	}
	w.draw(a, ourNetwork, plural(int64(len(texts(l.Vendors))), "vendor"))
	return w
}

// state says in a word how it stands.
func (w *outage) state() string {
	switch {
	case w.local != nil:
		return "local"
	case w.Planned:
		return "planned"
	case w.EndedAt.IsZero():
		return "open"
	}
	return "over"
}

func (w *outage) draw(a *app, vendor, route string) {
	kind := paint("")
	switch {
	case w.local != nil:
		kind = a.theme.mine
	case w.Planned:
		kind = a.theme.dim
	case w.EndedAt.IsZero():
		kind = a.theme.bad
	}
	w.cells = []grid.Cell{
		outageVendor: {Text: vendor, On: string(kind)},
		outageRoute:  {Text: route},
		outageStart:  {Text: w.StartedAt.UTC().Format("01-02 15:04")},
		outageEnd:    {Text: w.endWords(), On: string(kind)},
		outageLasted: {Text: w.lastedWords()},
		outagePeak:   {Text: ratioWords(w.PeakRatio)},
		outageFailed: {Text: count(w.Failures)},
		outageCause:  {Text: w.causeWords()},
		outageStrip:  {On: string(kind)},
	}
	if kind == "" {
		w.cells[outageStrip].On = string(a.theme.area)
	}
	columns := map[string]string{"vendor": vendor, "host": w.Host, "route": route, "cause": w.causeWords() + " " + w.Codes, "state": w.state(), "note": w.Note,
		"id": w.RequestIDs + " " + strconv.FormatInt(w.WindowID, 10)}
	w.find = searched(columns, outageFilterColumns(), w.cells[outageStart].Text)
}

func (w *outage) endWords() string {
	switch {
	case w.EndedAt.IsZero():
		return "open"
	case w.EndedAt.UTC().Format(time.DateOnly) == w.StartedAt.UTC().Format(time.DateOnly):
		return w.EndedAt.UTC().Format("15:04")
	}
	return w.EndedAt.UTC().Format("01-02 15:04")
}

// lastedWords say how long it was; of an open one, until the data ends.
func (w *outage) lastedWords() string {
	end := w.EndedAt
	if end.IsZero() {
		end = w.until
	}
	if !end.After(w.StartedAt) {
		return "-"
	}
	return span(end.Sub(w.StartedAt))
}

// causeWords is the code that came most, or why there is none.
func (w *outage) causeWords() string {
	switch {
	case w.local != nil:
		return "nobody reached"
	case w.Planned:
		return "planned " + clean(w.TopCode)
	case w.TopCode != "":
		return clean(w.TopCode)
	case w.Unreached > 0:
		return "no response"
	}
	return "-"
}

// ratioWords writes a ratio as a percentage.
func ratioWords(r float64) string {
	if math.IsNaN(r) {
		return "-"
	}
	if r < 0.0995 {
		return strconv.FormatFloat(100*r, 'f', 1, 64) + "%"
	}
	return strconv.FormatFloat(100*r, 'f', 0, 64) + "%"
}

// title names the outage in a sentence.
func (w *outage) title() string {
	name := w.cells[outageVendor].Text
	if w.local == nil && w.Route != "" {
		name += " " + clean(w.Route)
	}
	return name + " " + w.StartedAt.UTC().Format("01-02 15:04")
}

// span is the time of the outage, half-open; an open one ends with the data.
func (w *outage) span() timeRange {
	r := timeRange{w.StartedAt, w.EndedAt}
	if r.to.IsZero() {
		r.to = latest(w.StartedAt, w.until)
	}
	r.to = r.to.Add(time.Microsecond)
	return r
}

// key names what was down.
func (w *outage) key() queries.OutageKey {
	r := w.span()
	return queries.OutageKey{Vendor: w.Vendor, Host: w.Host, Route: w.Route, AllRoutes: w.Route == "", From: r.from, To: r.to}
}

const (
	// courseSpansMax is how many spans the course of an outage is cut into.
	courseSpansMax = 240
	// marginMin and marginMax are how much time is shown before and after it.
	marginMin = 20 * time.Minute
	marginMax = 6 * time.Hour
)

// shown is what the chart shows: the outage and as much again around it, in spans
// of so many minutes.
func (w *outage) shown() (k queries.OutageKey, stepMinutes int) {
	k = w.key()
	margin := max(marginMin, min(marginMax, k.To.Sub(k.From)/2))
	k.From = k.From.Add(-margin).UTC().Truncate(time.Minute)
	k.To = k.To.Add(margin).UTC().Truncate(time.Minute)
	if w.EndedAt.IsZero() && !w.until.IsZero() {
		k.To = latest(w.until, w.StartedAt).UTC().Truncate(time.Minute).Add(time.Minute)
	}
	minutes := int(k.To.Sub(k.From) / time.Minute)
	return k, max(1, (minutes+courseSpansMax-1)/courseSpansMax)
}

// pick is the outage as it goes into the basket, nil where it is our own.
func (w *outage) pick() *Pick {
	if w.local != nil {
		return nil
	}
	return &Pick{Kind: PickWindow, Vendor: w.Vendor, Host: w.Host, Label: w.title(), WindowID: w.WindowID, Since: w.StartedAt, Until: w.EndedAt, Failures: w.Failures}
}

// texts reads a JSON list of texts; what is none gives nothing.
func texts(list string) []string {
	var out []string
	if json.Unmarshal([]byte(list), &out) != nil {
		return nil
	}
	return out
}

// plainLines joins texts for the clipboard, one a line.
func plainLines(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = plainWord(s)
	}
	return strings.Join(out, "\n")
}

// codeCount is how often a code came.
type codeCount struct {
	Code string `json:"code"`
	Rows int64  `json:"rows"`
}

func (w *outage) codes() []codeCount {
	var out []codeCount
	if json.Unmarshal([]byte(w.Codes), &out) != nil {
		return nil
	}
	return out
}

// compare orders by the column of choice: the newest or largest first, and what
// is open before what is over.
func (o *outages) compare(x, y *outage) int {
	lasted := func(w *outage) time.Duration { r := w.span(); return r.to.Sub(r.from) }
	open := func(w *outage) int {
		if w.EndedAt.IsZero() {
			return 0
		}
		return 1
	}
	newer := y.StartedAt.Compare(x.StartedAt)
	switch o.sort {
	case outageLasted:
		return cmp.Or(cmp.Compare(lasted(y), lasted(x)), newer)
	case outageFailed:
		return cmp.Or(cmp.Compare(y.Failures, x.Failures), newer)
	case outagePeak:
		return cmp.Or(cmp.Compare(y.PeakRatio, x.PeakRatio), newer)
	case outageVendor, outageCause:
		return cmp.Or(strings.Compare(strings.ToLower(x.cells[o.sort].Text), strings.ToLower(y.cells[o.sort].Text)), newer)
	}
	return cmp.Or(cmp.Compare(open(x), open(y)), newer)
}

// strip draws when an outage was, along the axis that all rows share.
func (o *outages) strip(a *app, w *outage, width int) string {
	whole := float64(o.to.Sub(o.from))
	if whole <= 0 {
		return chart.Strip(nil, width, a.glyphs)
	}
	r := w.span()
	height := w.PeakRatio
	if math.IsNaN(height) {
		height = 1
	}
	return chart.Strip([]chart.Stretch{{From: float64(r.from.Sub(o.from)) / whole, To: float64(r.to.Sub(o.from)) / whole, Height: height}}, width, a.glyphs)
}
