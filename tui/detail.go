package tui

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// samplesMax is how many exchanges of a group can be leafed through.
const samplesMax = 100

// bodyBytesMax bounds how much of a body is laid out on the screen; what is
// beyond is counted there.
const bodyBytesMax = 256 << 10

// detail is one exchange of a group: the facts, the advice, headers and body.
type detail struct {
	quiet
	q       question[[]queries.Exchange]
	group   *group
	samples []queries.Exchange
	at      int
	raw     bool // the body as it was sent

	top    int      // first line in sight
	height int      // lines that the last drawing had room for
	text   []string // what is drawn, nil when it has to be built
	width  int      // that text was built for
}

func newDetail(a *app, g *group) *detail {
	d := &detail{group: g}
	d.q.stale = true
	d.q.name = "samples\x00" + g.id
	d.q.load = func(ctx context.Context, src Source, s queries.Scope) ([]queries.Exchange, error) {
		return src.Samples(ctx, s, g.GroupKey, samplesMax)
	}
	d.q.got = d.take
	return d
}

// take keeps the sample that is being looked at, wherever it now stands.
func (d *detail) take(samples []queries.Exchange) {
	at := 0
	if x, ok := d.sample(); ok {
		for i := range samples {
			if samples[i].SourceID == x.SourceID && samples[i].SourceOffset == x.SourceOffset {
				at = i
			}
		}
	}
	d.samples, d.at, d.text = samples, at, nil
}

func (d *detail) sample() (*queries.Exchange, bool) {
	if d.at >= len(d.samples) {
		return nil, false
	}
	return &d.samples[d.at], true
}

func (d *detail) crumb() string {
	return d.group.cells[colVendor].Text + " " + d.group.cells[colCode].Text
}
func (d *detail) refresh(a *app) tea.Cmd { return d.q.refresh(a) }
func (d *detail) outdated()              { d.q.stale = true }
func (d *detail) restyle(*app)           { d.text = nil }
func (d *detail) interrupt() bool        { return d.q.interrupt() }
func (d *detail) stop()                  { d.q.stop() }

func (d *detail) wheel(_ *app, lines, _ int, _ box) { d.scroll(d.top + lines) }

func (d *detail) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.Next, "next"), doing(m.Previous, "previous"), doing(m.CopyID, "copy id"), doing(m.CopyWhole, "copy as curl"),
		doing(m.Pretty, "raw body"), doing(m.Down, "scroll")}
}

func (d *detail) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case key.Matches(k, m.Next):
		return d.step(a, 1)
	case key.Matches(k, m.Previous):
		return d.step(a, -1)
	case key.Matches(k, m.Pretty):
		d.raw, d.text = !d.raw, nil
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

func (d *detail) about(a *app) about {
	k := d.group.GroupKey
	s := about{report: "failures", behind: []queries.Name{queries.Samples}, values: map[string]any{
		"g_vendor": k.Vendor, "g_host": k.Host, "g_code": k.Code, "g_type": k.Type, "g_category": string(k.Category), "g_retry": string(k.Retry),
		"g_status": k.Status, "g_rule": k.Rule, "limit": samplesMax,
	}}
	if x, ok := d.sample(); ok {
		s.zoom, s.zoomed = timeRange{x.TS.Add(-aroundSample), x.TS.Add(aroundSample)}, span(2*aroundSample)+" around this exchange"
		label := x.RequestID
		if label == "" {
			label = x.Method + " " + x.Route + " at " + stamp(x.TS)
		}
		s.pick = &Pick{Kind: PickRequest, Vendor: k.Vendor, Host: k.Host, Label: clean(label), Group: k, SourceID: x.SourceID, SourceOffset: x.SourceOffset,
			RequestID: x.RequestID, Failures: 1}
	}
	return s
}

// aroundSample is how much time before and after an exchange is looked at.
const aroundSample = 5 * time.Minute

func (d *detail) scroll(to int) { d.top = max(0, min(to, len(d.text)-d.height)) }

// step goes to a later or earlier sample of the group.
func (d *detail) step(a *app, by int) tea.Cmd {
	to := d.at + by
	switch {
	case to < 0:
		return a.note(a.theme.info, "this is the newest sample")
	case to >= len(d.samples) && int64(len(d.samples)) < d.group.Failures:
		return a.note(a.theme.info, "the newest "+plural(int64(len(d.samples)), "sample")+" can be looked at here; errscope sql has them all")
	case to >= len(d.samples):
		return a.note(a.theme.info, "this is the oldest sample")
	}
	d.at, d.top, d.text = to, 0, nil
	return nil
}

func (d *detail) status(a *app, width int) string {
	l := a.line(width)
	if text, kind := d.q.status(a); text != "" {
		return l.put(kind, text).String()
	}
	if len(d.samples) == 0 {
		return ""
	}
	dot := " " + a.signs.dot + " "
	l.put("", "sample "+count(int64(d.at+1))+" of "+count(int64(len(d.samples)))).put(a.theme.dim, dot+"newest first"+dot+count(d.group.Failures)+" in this group")
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
