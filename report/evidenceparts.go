package report

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// part is what one vendor is told.
type part struct {
	name                           string
	fields                         []string // what its support asks for
	url                            string
	failures, forSupport, inOutage int64
	first, last                    time.Time
	kinds                          []*kind
	rows                           []call // all that are listed, by time
	calls                          []call // those that the summary names
	accounts                       []account
	windows                        []window
	clock                          clock
	unlisted                       int64 // failures that rows leaves out
	egress                         *egress
}

// kind is one distinct failure.
type kind struct {
	Name                           string // code, type or status, for people
	Code, Type                     string
	Status                         int
	Category                       record.Category
	Fault                          record.Fault
	Failures, ForSupport, InOutage int64
	RequestIDs                     int64
	First, Last                    time.Time
	Message                        string
	Routes                         []route
	sample                         *sample
}

type route struct {
	Method, Route string
	Failures      int64
}

// call is one failed call that can be looked up by who answered it.
type call struct {
	queries.EvidenceRow
	account int    // from 1, 0 where it is not known
	kind    string // name of its kind
	why     string // in the summary: newest, oldest, at the peak
}

type account struct {
	number      int
	failures    int64
	first, last time.Time
}

// window is an outage with the calls around it.
type window struct {
	queries.WindowRow
	from, to      time.Time
	calls, failed []int64
}

// clock is how far the vendor's clock is ahead of ours, by Date headers.
type clock struct {
	answers int
	ahead   time.Duration // the middle of them
}

// kindKey tells distinct failures apart.
type kindKey struct {
	code, typ string
	category  record.Category
	status    int // where there is no code
}

func keyOf(code, typ string, category record.Category, status int) kindKey {
	if code != "" {
		status = 0
	}
	return kindKey{code, typ, category, status}
}

// newParts sorts what was found by vendor. A host that no pack knows is one
// vendor, whatever its answers looked like.
func newParts(data queries.Evidence, o BundleOptions) []*part {
	byName := map[string]*part{}
	kinds := map[string]map[kindKey]*kind{}
	for _, g := range data.Groups {
		name := vendorName(g.Vendor, g.Host)
		p := byName[name]
		if p == nil {
			p = &part{name: name, egress: newEgress(o)}
			byName[name], kinds[name] = p, map[kindKey]*kind{}
		}
		p.add(g, kinds[name])
	}
	for i := range data.Samples {
		x := &data.Samples[i]
		name := vendorName(x.Vendor, hostUnlessKnown(x.Vendor, x.Host))
		if k := kinds[name][keyOf(x.Code, x.Type, x.Category, x.Status)]; k != nil && k.sample == nil {
			k.sample = newSample(x, byName[name].egress)
			k.Message = k.sample.message
		}
	}
	parts := make([]*part, 0, len(byName))
	for _, p := range byName {
		p.order()
		p.take(data)
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b *part) int {
		return cmp.Or(cmp.Compare(b.forSupport, a.forSupport), cmp.Compare(b.failures, a.failures), cmp.Compare(a.name, b.name))
	})
	return parts
}

// hostUnlessKnown is the host where it is what tells vendors apart.
func hostUnlessKnown(vendor, host string) string {
	if knownVendor(vendor) {
		return ""
	}
	return host
}

func (p *part) add(g queries.EvidenceGroup, kinds map[kindKey]*kind) {
	e := p.egress
	key := keyOf(g.Code, g.Type, g.Category, g.Status)
	k := kinds[key]
	if k == nil {
		k = &kind{Code: e.text(g.Code), Type: e.text(g.Type), Status: g.Status, Category: g.Category, Fault: g.Fault, First: g.First, Last: g.Last}
		k.Name = codeName(k.Code, k.Type, k.Status)
		if k.Code != "" && k.Type != "" {
			k.Name = k.Type + ":" + k.Code
		}
		kinds[key] = k
		p.kinds = append(p.kinds, k)
	}
	k.Failures += g.Failures
	k.ForSupport += g.ForSupport
	k.InOutage += g.InOutage
	k.RequestIDs += g.RequestIDs
	k.First, k.Last = earliest(k.First, g.First), latest(k.Last, g.Last)
	p.failures += g.Failures
	p.forSupport += g.ForSupport
	p.inOutage += g.InOutage
	p.first, p.last = earliest(p.first, g.First), latest(p.last, g.Last)
	r := route{Method: e.text(g.Method), Route: e.text(g.Route), Failures: g.Failures}
	if i := slices.IndexFunc(k.Routes, func(o route) bool { return o.Method == r.Method && o.Route == r.Route }); i >= 0 {
		k.Routes[i].Failures += g.Failures
		return
	}
	k.Routes = append(k.Routes, r)
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// order puts what is for support first, then what came most often.
func (p *part) order() {
	for _, k := range p.kinds {
		slices.SortFunc(k.Routes, func(a, b route) int {
			return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Route, b.Route))
		})
	}
	slices.SortFunc(p.kinds, func(a, b *kind) int {
		return cmp.Or(cmp.Compare(b.ForSupport, a.ForSupport), cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Category, b.Category), cmp.Compare(a.Status, b.Status))
	})
}

// take adds what belongs to the vendor besides the counts.
func (p *part) take(data queries.Evidence) {
	e := p.egress
	numbers := map[string]int{}
	for _, a := range data.Accounts {
		if vendorName(a.Vendor, a.Host) != p.name {
			continue
		}
		if n := numbers[a.Account]; n > 0 { // of a host that is generic here and unknown there
			old := &p.accounts[n-1]
			old.failures, old.first, old.last = old.failures+a.Failures, earliest(old.first, a.First), latest(old.last, a.Last)
			continue
		}
		numbers[a.Account] = len(numbers) + 1
		p.accounts = append(p.accounts, account{len(numbers), a.Failures, a.First, a.Last})
	}
	for _, r := range data.Rows {
		if vendorName(r.Vendor, hostUnlessKnown(r.Vendor, r.Host)) == p.name {
			p.rows = append(p.rows, newCall(r, numbers[r.Account], e))
		}
	}
	p.unlisted = p.failures - int64(len(p.rows))
	for _, v := range data.Vendors {
		if v.Vendor == p.name {
			p.url, p.fields = v.SupportURL, fieldsOf(v.SupportFields)
		}
	}
	for _, w := range data.Windows {
		if vendorName(w.Vendor, w.Host) == p.name {
			p.windows = append(p.windows, newWindow(w, data.Traffic, e))
		}
	}
	slices.Reverse(p.windows) // they come by their beginning
	p.calls = choose(p.kinds, p.rows)
	p.clock = clockOf(data.Samples, p.name)
}

// fieldsOf splits what a support asks for at commas outside of brackets.
func fieldsOf(list string) []string {
	var fields []string
	depth := 0
	for f := range strings.FieldsFuncSeq(list, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return r == ',' && depth == 0
	}) {
		if f = strings.TrimSpace(f); f != "" {
			fields = append(fields, f)
		}
	}
	return fields
}

func newCall(r queries.EvidenceRow, number int, e *egress) call {
	c := call{EvidenceRow: r, account: number}
	c.Account = ""
	c.Method, c.Route, c.Path, c.Query = e.text(r.Method), e.text(r.Route), e.text(r.Path), e.query(r.Query)
	c.Code, c.Type = e.text(r.Code), e.text(r.Type)
	c.ClientRequestID, c.TraceID = e.text(r.ClientRequestID), e.text(r.TraceID)
	c.kind = codeName(c.Code, c.Type, c.Status)
	if c.Code != "" && c.Type != "" {
		c.kind = c.Type + ":" + c.Code
	}
	return c
}

func newWindow(w queries.WindowRow, traffic []queries.EvidenceTraffic, e *egress) window {
	w.Route, w.TopCode, w.Note = e.text(w.Route), e.text(w.TopCode), e.text(w.Note)
	out := window{WindowRow: w, calls: make([]int64, queries.EvidenceSlots), failed: make([]int64, queries.EvidenceSlots)}
	for _, t := range traffic {
		if t.WindowID == w.WindowID && t.Slot >= 0 && t.Slot < queries.EvidenceSlots {
			out.from, out.to = t.From, t.To
			out.calls[t.Slot] += t.Calls
			out.failed[t.Slot] += t.Failed
		}
	}
	return out
}

const (
	// newestCalls, oldestCalls and peakCalls are how many calls of each kind the
	// summary names; of a kind that is not meant for support the newest is enough.
	newestCalls, oldestCalls, peakCalls = 2, 1, 1
	// callsMax bounds the calls that a summary names.
	callsMax = 60
	// peakSpan is the length of the span whose calls are at the peak.
	peakSpan = 5 * time.Minute
)

// choose names the calls to look up: of each kind the newest, the oldest and
// those at its peak, each id once, those with an id before all others.
func choose(kinds []*kind, rows []call) []call {
	byKind := map[kindKey][]call{}
	for _, r := range rows {
		key := keyOf(r.Code, r.Type, r.Category, r.Status)
		byKind[key] = append(byKind[key], r)
	}
	var chosen []call
	seen := map[string]bool{}
	for _, k := range kinds {
		list := byKind[keyOf(k.Code, k.Type, k.Category, k.Status)]
		of := chooser{seen: seen}
		if slices.ContainsFunc(list, func(c call) bool { return !c.TS.IsZero() }) { // what has no time is neither old nor new
			list = slices.DeleteFunc(list, func(c call) bool { return c.TS.IsZero() })
		}
		if slices.ContainsFunc(list, func(c call) bool { return c.RequestID != "" }) {
			list = slices.DeleteFunc(list, func(c call) bool { return c.RequestID == "" })
		}
		backwards := slices.Clone(list)
		slices.Reverse(backwards)
		if k.ForSupport == 0 {
			of.take(backwards, "newest", 1)
			chosen = append(chosen, of.chosen...)
			continue
		}
		of.take(list, "oldest", oldestCalls)
		of.take(backwards, "newest", newestCalls)
		of.take(atPeak(list), "at the peak", peakCalls)
		slices.SortStableFunc(of.chosen, func(a, b call) int { return a.TS.Compare(b.TS) })
		chosen = append(chosen, of.chosen...)
	}
	return chosen[:min(len(chosen), callsMax)]
}

// chooser takes calls whose id was not taken before.
type chooser struct {
	seen   map[string]bool
	chosen []call
}

func (c *chooser) take(list []call, why string, most int) {
	taken := 0
	for i := range list {
		name := list[i].SHA256 + "\x00" + strconv.FormatInt(list[i].SourceOffset, 10) + "\x00" + list[i].TS.String()
		if list[i].RequestID != "" {
			name = list[i].RequestID
		}
		if taken == most || c.seen[name] {
			continue
		}
		c.seen[name] = true
		taken++
		one := list[i]
		one.why = why
		c.chosen = append(c.chosen, one)
	}
}

// atPeak are the calls of the busiest span, the earliest of equals.
func atPeak(list []call) []call {
	var best []call
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].TS.Truncate(peakSpan).Equal(list[from].TS.Truncate(peakSpan)) {
			to++
		}
		if to-from > len(best) {
			best = list[from:to]
		}
		from = to
	}
	return best
}

// clockOf compares the Date headers of the samples with our times. Date has whole
// seconds, and is written before the answer ends.
func clockOf(samples []queries.Exchange, name string) clock {
	var ahead []time.Duration
	for i := range samples {
		x := &samples[i]
		if vendorName(x.Vendor, hostUnlessKnown(x.Vendor, x.Host)) != name || x.TS.IsZero() {
			continue
		}
		for _, h := range newEgressNone().headers(x.Headers) {
			if strings.EqualFold(h.Name, "date") {
				if t, err := http.ParseTime(h.Value); err == nil {
					ahead = append(ahead, t.Sub(x.TS.Truncate(time.Second)))
				}
			}
		}
	}
	if len(ahead) == 0 {
		return clock{}
	}
	slices.Sort(ahead)
	return clock{len(ahead), ahead[len(ahead)/2]}
}

// newEgressNone reads headers of which nothing is shown.
func newEgressNone() *egress {
	return newEgress(BundleOptions{Policy: record.NewPolicy(record.Rules{}, nil)})
}

// words says how the clocks differ, "" where nobody knows.
func (c clock) words() string {
	seconds := int64(math.Round(c.ahead.Seconds()))
	switch {
	case c.answers == 0:
		return ""
	case seconds >= -1 && seconds <= 1:
		return "Our clock agrees with the Date header of the answers to a second."
	case seconds > 0:
		return "Our clock is " + counted(seconds, "second") + " behind the Date header of the answers; times here are ours."
	}
	return "Our clock is " + counted(-seconds, "second") + " ahead of the Date header of the answers; times here are ours."
}
