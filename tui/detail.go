package tui

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// samplesMax is how many exchanges of a group can be leafed through.
const samplesMax = 100

// bodyBytesMax bounds how much of a body is laid out on the screen; what is
// beyond is counted there.
const bodyBytesMax = 256 << 10

// detail is one exchange, whole: the facts, the advice, the same request before
// and after, headers and body. It goes through the newest samples of a group,
// or through given places, of which it asks one at a time.
type detail struct {
	quiet
	q     question[[]queries.Exchange]
	nq    question[nearby]
	group *queries.GroupKey // nil where places are gone through
	total int64             // failures of the group
	name  string            // of the group

	samples []queries.Exchange // of the group, or the one at places[at]
	places  []queries.Place
	order   string // of the places, in words
	at      int
	raw     bool // the body as it was sent

	near   nearby
	inNear bool
	picked int  // the selected neighbour
	hunt   bool // bring it into sight

	top    int      // first line in sight
	height int      // lines that the last drawing had room for
	text   []string // what is drawn, nil when it has to be built
	width  int      // that text was built for
	nearAt int      // the line of text where the neighbours begin
}

func newDetail(_ *app, g *group) *detail {
	d := &detail{group: &g.GroupKey, total: g.Failures, name: g.cells[colVendor].Text + " " + g.cells[colCode].Text}
	d.q.name = "samples\x00" + g.id
	d.q.load = func(ctx context.Context, src Source, s queries.Scope) ([]queries.Exchange, error) {
		return src.Samples(ctx, s, g.GroupKey, samplesMax)
	}
	d.q.got = d.take
	d.nq.got = d.takeNear
	d.outdated()
	return d
}

// newDetailAt shows the exchange at one of several places.
func newDetailAt(_ *app, places []queries.Place, at int, order string) *detail {
	d := &detail{places: places, at: at, order: order}
	d.q.got = d.take
	d.nq.got = d.takeNear
	d.aim()
	return d
}

// aim makes the questions ask for the place that is to be shown.
func (d *detail) aim() {
	if d.group == nil {
		at := d.places[d.at]
		d.q.name = "exchange\x00" + placeID(at)
		d.q.load = func(ctx context.Context, src Source, _ queries.Scope) ([]queries.Exchange, error) {
			return src.Exchange(ctx, at)
		}
	}
	d.outdated()
}

// take keeps the sample that is being looked at, wherever it now stands.
func (d *detail) take(samples []queries.Exchange) {
	at := d.at
	if d.group != nil {
		at = 0
		if x, ok := d.sample(); ok {
			for i := range samples {
				if placeOf(&samples[i]) == placeOf(x) {
					at = i
				}
			}
		}
	}
	d.samples, d.at, d.text = samples, at, nil
}

func placeOf(x *queries.Exchange) queries.Place {
	return queries.Place{SourceID: x.SourceID, SourceOffset: x.SourceOffset}
}

func (d *detail) sample() (*queries.Exchange, bool) {
	at := d.at
	if d.group == nil {
		at = 0
	}
	if at >= len(d.samples) {
		return nil, false
	}
	return &d.samples[at], true
}

// count is how many exchanges can be gone through.
func (d *detail) count() int {
	if d.group == nil {
		return len(d.places)
	}
	return len(d.samples)
}

// keyOf names the group of a failure.
func keyOf(x *queries.Exchange) queries.GroupKey {
	k := queries.GroupKey{Vendor: x.Vendor, Code: x.Code, Type: x.Type, Category: x.Category, Retry: x.Retry, Status: x.Status, Rule: x.Rule}
	if k.Vendor == "" {
		k.Vendor = record.VendorUnknown
	}
	if !known(k.Vendor) {
		k.Host = x.Host
	}
	return k
}

// key is the group of the exchange that is shown.
func (d *detail) key() queries.GroupKey {
	if d.group != nil {
		return *d.group
	}
	if x, ok := d.sample(); ok {
		return keyOf(x)
	}
	return queries.GroupKey{}
}

func failed(x *queries.Exchange) bool { return x.Category != "" && !x.Benign }

func (d *detail) crumb() string {
	x, ok := d.sample()
	switch {
	case d.group != nil:
		return d.name
	case !ok:
		return "One exchange"
	case x.RequestID != "":
		return clean(x.RequestID)
	}
	return moment(x.TS)
}

// refresh asks for the neighbours first: their question has another name once
// the samples are known.
func (d *detail) refresh(a *app) tea.Cmd { return tea.Batch(d.refreshNear(a), d.q.refresh(a)) }

func (d *detail) outdated() { d.q.stale, d.nq.stale = true, true }
func (d *detail) interrupt() bool {
	one, two := d.q.interrupt(), d.nq.interrupt()
	return one || two
}

func (d *detail) stop() {
	d.q.stop()
	d.nq.stop()
}

func (d *detail) restyle(*app) { d.text = nil }

func (d *detail) wheel(_ *app, lines, _ int, _ box) { d.scroll(d.top + lines) }

func (d *detail) keys(a *app) []key.Binding {
	m := a.keymap
	scroll := bind("J K", "scroll", "J", "K")
	if d.inNear {
		return []key.Binding{doing(m.Open, "open this one"), doing(m.Pane, "back to the text"), scroll, doing(m.CopyID, "copy id")}
	}
	return []key.Binding{doing(m.Next, "next"), doing(m.Previous, "previous"), doing(m.Basket, "basket"), doing(m.CopyID, "copy id"), doing(m.CopyWhole, "copy as curl"),
		doing(m.Pretty, "raw body"), doing(m.Pane, "before and after"), doing(m.Origin, "log line"), doing(m.Why, "why"), scroll}
}

func (d *detail) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Scroll):
		d.scroll(d.top + 1)
		return nil
	case key.Matches(k, m.ScrollUp):
		d.scroll(d.top - 1)
		return nil
	case key.Matches(k, m.Pane):
		d.turn()
		return nil
	case d.inNear:
		if cmd, done := d.pressNear(a, k); done {
			return cmd
		}
	}
	switch {
	case key.Matches(k, m.Next):
		return d.step(a, 1)
	case key.Matches(k, m.Previous):
		return d.step(a, -1)
	case key.Matches(k, m.Pretty):
		d.raw, d.text = !d.raw, nil
	case key.Matches(k, m.Origin):
		if x, ok := d.sample(); ok {
			return a.open(newOrigin(x.SourcePath, x.SourceOffset, placeOf(x)))
		}
	case key.Matches(k, m.Why):
		if x, ok := d.sample(); ok {
			at := placeOf(x)
			return a.openWhy(d.key(), &at)
		}
	case key.Matches(k, m.CopyID):
		if x, ok := d.sample(); ok {
			return a.copied("request_id", plainWord(x.RequestID))
		}
	case key.Matches(k, m.CopyWhole):
		if x, ok := d.sample(); ok {
			return a.copied(strings.TrimSpace("curl command of "+clean(x.Method)+" "+clean(x.Route)), curl(x))
		}
	case key.Matches(k, m.Down):
		d.scroll(d.top + 1)
	case key.Matches(k, m.Up):
		d.scroll(d.top - 1)
	case key.Matches(k, m.PageDn):
		d.scroll(d.top + max(1, d.height-1))
	case key.Matches(k, m.PageUp):
		d.scroll(d.top - max(1, d.height-1))
	case key.Matches(k, m.Home):
		d.scroll(0)
	case key.Matches(k, m.End):
		d.scroll(len(d.text))
	}
	return nil
}

func (d *detail) about(*app) about {
	s := about{report: "failures"}
	if d.group != nil {
		s.behind, s.values = []queries.Name{queries.Samples}, groupValues(*d.group, samplesMax)
	}
	x, ok := d.sample()
	if !ok {
		return s
	}
	if d.group == nil {
		s.behind, s.values = []queries.Name{queries.ExchangeAt}, map[string]any{"source": x.SourceID, "offset": x.SourceOffset}
	}
	if !x.TS.IsZero() {
		s.zoom, s.zoomed = timeRange{x.TS.Add(-aroundSample), x.TS.Add(aroundSample)}, span(2*aroundSample)+" around this exchange"
		s.behind = append(s.behind, queries.NeighboursOf)
		for name, v := range x.NeighbourValues() {
			s.values[name] = v
		}
	}
	if failed(x) {
		s.pick = exchangePick(d.key(), placeOf(x), x.RequestID, x.Method+" "+x.Route, x.TS)
	}
	return s
}

// aroundSample is how much time before and after an exchange is looked at.
const aroundSample = 5 * time.Minute

func (d *detail) scroll(to int) { d.top = max(0, min(to, len(d.text)-d.height)) }

// step goes to a later or earlier exchange.
func (d *detail) step(a *app, by int) tea.Cmd {
	to, n := d.at+by, d.count()
	first, last := "this is the newest sample", "this is the oldest sample"
	if d.group == nil {
		first, last = "this is the first one of them", "this is the last one of them"
	}
	switch {
	case to < 0:
		return a.note(a.theme.info, first)
	case to >= n && d.group != nil && int64(n) < d.total:
		return a.note(a.theme.info, "the newest "+plural(int64(n), "sample")+" can be looked at here; esc, then i lists them all")
	case to >= n:
		return a.note(a.theme.info, last)
	}
	d.at, d.top, d.text, d.inNear = to, 0, nil, false
	if d.group == nil {
		d.aim()
		return d.refresh(a)
	}
	d.nq.stale = true
	return d.refreshNear(a)
}

func (d *detail) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := d.q.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if text, kind := d.nq.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if len(d.samples) == 0 {
		return ""
	}
	dot := " " + a.signs.dot + " "
	l.put("", "sample "+count(int64(d.at+1))+" of "+count(int64(d.count())))
	if d.group != nil {
		l.put(a.theme.dim, dot+"newest first"+dot+count(d.total)+" in this group")
	} else {
		l.put(a.theme.dim, dot+d.order)
	}
	if n := len(d.text); n > d.height && d.height > 0 {
		l.end(a.theme.dim, "lines "+count(int64(d.top+1))+" to "+count(int64(min(n, d.top+d.height)))+" of "+count(int64(n)))
	}
	return l.String()
}

// curl writes the request as a command line. What was masked when it was read
// is masked here too, so the command shows the call and does not repeat it.
func curl(x *queries.Exchange) string {
	var b strings.Builder
	b.WriteString("curl")
	if x.Method != "" && x.Method != "GET" {
		b.WriteString(" -X " + shellQuote(x.Method))
	}
	path := x.Path
	if path == "" {
		path = x.Route
	}
	url := path
	if x.Host != "" {
		url = "https://" + x.Host + path
	}
	if x.Query != "" {
		url += "?" + x.Query
	}
	b.WriteString(" " + shellQuote(url))
	for _, h := range headersOf(x.RequestHeaders) {
		b.WriteString(" -H " + shellQuote(h.name+": "+h.value))
	}
	return b.String()
}

// shellQuote holds a text together for a POSIX shell, whatever is in it.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(plainWord(s), "'", `'\''`) + "'"
}

// header is one field to show; a field with several values gives several.
type header struct{ name, value string }

// headersOf reads a JSON object of header fields, in its order. Text that is
// no such object comes back as one field without a name.
func headersOf(s string) []header {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	var out []header
	dec := json.NewDecoder(strings.NewReader(s))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return []header{{value: s}}
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return []header{{value: s}}
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return []header{{value: s}}
		}
		field, _ := name.(string)
		switch v := value.(type) {
		case string:
			out = append(out, header{field, v})
		case []any:
			for _, one := range v {
				out = append(out, header{field, jsonText(one)})
			}
		default:
			out = append(out, header{field, jsonText(v)})
		}
	}
	return out
}

func jsonText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
