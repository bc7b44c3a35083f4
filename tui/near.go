package tui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// nearby are the calls around an exchange.
type nearby struct {
	of   queries.Place
	rows []queries.Neighbour // in order of time
}

// nearShown is how many neighbours before, and after, are shown until the pane
// has the focus.
const nearShown = 3

// refreshNear asks for the neighbours of what is shown, or of what is about to
// be: then the two questions run side by side.
func (d *detail) refreshNear(a *app) tea.Cmd {
	switch x, ok := d.sample(); {
	case d.group == nil:
		at := d.places[d.at]
		d.askAround("exchange "+placeID(at), func(ctx context.Context, src Source, _ queries.Scope) ([]queries.Exchange, error) {
			return src.Exchange(ctx, at)
		})
	case ok:
		this := *x
		d.askAround("exchange "+placeID(placeOf(x)), func(context.Context, Source, queries.Scope) ([]queries.Exchange, error) {
			return []queries.Exchange{this}, nil
		})
	default:
		g := *d.group
		d.askAround("newest "+groupID(g), func(ctx context.Context, src Source, s queries.Scope) ([]queries.Exchange, error) {
			return src.Samples(ctx, s, g, 1)
		})
	}
	return d.nq.refresh(a)
}

// askAround sets the question: what is found first, and then what is around it.
func (d *detail) askAround(name string, find func(context.Context, Source, queries.Scope) ([]queries.Exchange, error)) {
	d.nq.name = "near " + name
	d.nq.load = func(ctx context.Context, src Source, s queries.Scope) (nearby, error) {
		found, err := find(ctx, src, s)
		if err != nil || len(found) == 0 {
			return nearby{}, err
		}
		rows, err := src.Neighbours(ctx, found[0])
		return nearby{of: placeOf(&found[0]), rows: rows}, err
	}
}

func (d *detail) takeNear(n nearby) {
	d.near, d.text = n, nil
	d.picked = max(0, n.here())
}

// here is the index of the exchange itself, -1 where it is not among them.
func (n *nearby) here() int {
	for i := range n.rows {
		if n.rows[i].Place == n.of {
			return i
		}
	}
	return -1
}

// others says whether there is anything but the exchange itself.
func (d *detail) others(x *queries.Exchange) bool {
	return d.near.of == placeOf(x) && len(d.near.rows) > 1
}

const (
	// attemptGap is how soon after a failure the same request counts as another
	// attempt, and tracedGap under one trace, as in the report of retries.
	attemptGap = 2 * time.Minute
	tracedGap  = time.Hour
	// attemptPace is how often the same request may come before attempts cannot
	// be told from calls.
	attemptPace = time.Minute
)

// chain is the run of attempts to which the exchange belongs, half-open
// indices of the neighbours; told is false where attempts cannot be told from
// new calls.
func (n *nearby) chain() (first, end int, told bool) {
	var same []int
	for i := range n.rows {
		if n.rows[i].SameRequest {
			same = append(same, i)
		}
	}
	at := -1
	for i, k := range same {
		if n.rows[k].Place == n.of {
			at = i
		}
	}
	if at < 0 {
		return 0, 0, false
	}
	again := func(i int) bool { // same[i+1] is another attempt at same[i]
		x, y := &n.rows[same[i]], &n.rows[same[i+1]]
		limit := attemptGap
		if x.SameTrace && y.SameTrace {
			limit = tracedGap
		}
		return x.Failed() && y.TS.Sub(x.TS) <= limit
	}
	lo, hi := at, at
	for lo > 0 && again(lo-1) {
		lo--
	}
	for hi+1 < len(same) && again(hi) {
		hi++
	}
	this := &n.rows[same[at]]
	if count := len(same); count > queries.NeighboursEachSide && !this.SameTrace &&
		n.rows[same[count-1]].TS.Sub(n.rows[same[0]].TS) < time.Duration(count)*attemptPace {
		return 0, 0, false
	}
	return same[lo], same[hi] + 1, true
}

// otherSide reports whether the row is one that another source has already told
// since first: one call that two programs logged is one attempt.
func (n *nearby) otherSide(first, i int) bool {
	y := &n.rows[i]
	for k := first; k < i; k++ {
		x := &n.rows[k]
		if x.SourceID != y.SourceID && x.Status == y.Status && (x.RequestID != "" && x.RequestID == y.RequestID || x.TS.Equal(y.TS)) {
			return true
		}
	}
	return false
}

// attempts says which attempt the exchange was and how the run of them ended,
// "" where there is only one.
func (d *detail) attempts(x *queries.Exchange) string {
	if !d.others(x) {
		return ""
	}
	first, end, told := d.near.chain()
	if !told {
		return ""
	}
	at, of := 0, 0
	for i := first; i < end; i++ {
		if !d.near.rows[i].SameRequest {
			continue
		}
		if !d.near.otherSide(first, i) {
			of++
		}
		if d.near.rows[i].Place == d.near.of {
			at = of
		}
	}
	if of < 2 {
		return ""
	}
	words := count(int64(at)) + " of " + count(int64(of))
	last := &d.near.rows[end-1]
	after := fineSpan(last.TS.Sub(d.near.rows[first].TS))
	if last.Failed() {
		return words + ", still failing after " + after
	}
	return words + ", recovered after " + after
}

// fineSpan is a span to the second where it is short: 93 s is not 2 min.
func fineSpan(d time.Duration) string {
	if d >= time.Second && d < 10*time.Minute {
		return count(int64(d.Round(time.Second)/time.Second)) + " s"
	}
	return span(d)
}

// shownNear are the neighbours that are drawn, half-open.
func (d *detail) shownNear() (from, to int) {
	n := len(d.near.rows)
	if d.inNear {
		return 0, n
	}
	here := max(0, d.near.here())
	return max(0, here-nearShown), min(n, here+nearShown+1)
}

func (d *detail) nearText(a *app, x *queries.Exchange, width int) []string {
	title := "The same request, before and after"
	if !d.others(x) {
		switch {
		case d.near.of != placeOf(x) && d.nq.err == nil:
			return []string{a.section(title, width), a.line(width).put(a.theme.dim, "  asking"+a.signs.more).String()}
		case x.TS.IsZero():
			return []string{a.section(title, width), a.line(width).put(a.theme.dim, "  not known: this exchange has no time").String()}
		}
		return []string{a.section(title, width),
			a.line(width).put(a.theme.dim, "  none within "+span(queries.NeighboursAround)+", and nothing else under its trace or id").String()}
	}
	from, to := d.shownNear()
	if !d.inNear {
		title += " (tab goes there)"
	}
	lines := []string{a.section(title, width)}
	for i := from; i < to; i++ {
		lines = append(lines, d.nearLine(a, i, width))
	}
	if hidden := len(d.near.rows) - (to - from); hidden > 0 {
		lines = append(lines, a.line(width).put(a.theme.dim, "  "+count(int64(hidden))+" more").String())
	}
	return lines
}

func (d *detail) nearLine(a *app, i, width int) string {
	n := &d.near.rows[i]
	here := n.Place == d.near.of
	mark := "  "
	if here && !d.inNear || d.inNear && i == d.picked {
		mark = "> "
	}
	code := clean(n.Code)
	switch {
	case n.Category == "":
		code = "success"
	case code == "" && n.Type != "":
		code = clean(n.Type)
	case code == "":
		code = plain(string(n.Category))
	}
	kind, dim, selected := a.theme.bad, a.theme.dim, d.inNear && i == d.picked
	if !n.Failed() {
		kind = a.theme.good
	}
	if selected {
		kind, dim = "", ""
	}
	var tail []string
	if !n.SameRequest {
		tail = append(tail, clean(n.Host)+" "+clean(n.Route), "same trace")
	}
	if d.inNear && here {
		tail = append(tail, "this one")
	}
	if first, end, told := d.near.chain(); told && i == end-1 && end-first > 1 && !n.Failed() && n.SameRequest {
		tail = append(tail, "recovered after "+fineSpan(n.TS.Sub(d.near.rows[first].TS)))
	}
	l := a.line(width).put("", mark).field("", d.nearTime(n), 15)
	ids := 0
	for i := range d.near.rows {
		ids = max(ids, painted(clean(d.near.rows[i].RequestID)))
	}
	l.field(kind, statusShort(n.Status), 5).field(kind, code, min(28, max(8, width/4))).put("", " ")
	l.field("", clean(n.RequestID), min(ids, 30, max(10, width/4))).put("", " ").field(dim, millis(n.DurationMS), 9)
	l.put(dim, strings.Join(tail, " "+a.signs.dot+" "))
	if selected {
		return a.theme.selected.on(l.String() + spaces(l.left))
	}
	return l.String()
}

// nearTime is the time of day, or the day and time of another day.
func (d *detail) nearTime(n *queries.Neighbour) string {
	if x, ok := d.sample(); ok && x.TS.UTC().Format(time.DateOnly) != n.TS.UTC().Format(time.DateOnly) {
		return n.TS.UTC().Format("01-02 15:04:05")
	}
	return n.TS.UTC().Format("15:04:05.000")
}

// turn gives the focus to the neighbours, or takes it back.
func (d *detail) turn() {
	x, ok := d.sample()
	if !ok || !d.others(x) {
		return
	}
	d.inNear, d.text = !d.inNear, nil
	d.picked, d.hunt = max(0, d.near.here()), true
}

// reveal has the selected neighbour be in sight.
func (d *detail) reveal() {
	if !d.hunt || !d.inNear {
		return
	}
	d.hunt = false
	line := d.nearAt + 1 + d.picked
	d.top = max(min(d.top, line-1), line-d.height+2)
}

// pressNear is for the keys of the neighbours.
func (d *detail) pressNear(a *app, k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	m := a.keymap
	to := d.picked
	switch {
	case key.Matches(k, m.Down):
		to++
	case key.Matches(k, m.Up):
		to--
	case key.Matches(k, m.Home):
		to = 0
	case key.Matches(k, m.End):
		to = len(d.near.rows) - 1
	case key.Matches(k, m.Open):
		return d.openNear(a), true
	case key.Matches(k, m.CopyID):
		if d.picked < len(d.near.rows) {
			return a.copied("request_id", plainWord(d.near.rows[d.picked].RequestID)), true
		}
		return nil, true
	default:
		return nil, false
	}
	d.picked, d.text, d.hunt = max(0, min(to, len(d.near.rows)-1)), nil, true
	return nil, true
}

func (d *detail) openNear(a *app) tea.Cmd {
	if d.picked >= len(d.near.rows) {
		return nil
	}
	if d.near.rows[d.picked].Place == d.near.of {
		return a.note(a.theme.info, "this is the one that is shown")
	}
	places := make([]queries.Place, 0, len(d.near.rows))
	for i := range d.near.rows {
		places = append(places, d.near.rows[i].Place)
	}
	return a.push(newDetailAt(a, places, d.picked, "the same request, oldest first"))
}

// back leaves the neighbours first.
func (d *detail) back(*app) bool {
	if !d.inNear {
		return false
	}
	d.inNear, d.text = false, nil
	return true
}

// click selects a neighbour; a second click opens it.
func (d *detail) click(a *app, _, y int, _ box) tea.Cmd {
	x, ok := d.sample()
	if !ok || !d.others(x) {
		return nil
	}
	from, to := d.shownNear()
	row := from + d.top + y - d.nearAt - 1
	if row < from || row >= to {
		return nil
	}
	if d.inNear && row == d.picked {
		return d.openNear(a)
	}
	d.inNear, d.picked, d.text = true, row, nil
	return nil
}
