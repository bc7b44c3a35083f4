package tui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

const (
	// widthMin and heightMin are the smallest screen that is drawn.
	widthMin, heightMin = 60, 12
	// chromeTop lines stand above the body: path, tabs, status.
	chromeTop = 3
	// chromeBottom is the footer.
	chromeBottom = 1
)

func (a *app) tooSmall() bool { return a.width < widthMin || a.height < heightMin }

func (a *app) bodyHeight() int { return a.height - chromeTop - chromeBottom }

func (a *app) view() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: "errscope " + clean(a.o.Title)}
	if a.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	switch {
	case a.width <= 0 || a.height <= 0:
		return v
	case a.tooSmall():
		v.Content = a.smallView()
		return v
	}
	h := a.bodyHeight()
	lines := make([]string, 0, a.height)
	lines = append(lines, a.header(), a.tabLine())
	var body []string
	at := a.top().cursor
	if a.over != nil {
		lines = append(lines, a.over.status(a, a.width))
		body = a.over.body(a, a.width, h)
		at = a.over.cursor
	} else {
		lines = append(lines, a.top().status(a, a.width))
		body = a.top().body(a, a.width, h)
	}
	if x, y, shown := at(a); shown && x < a.width && y <= h {
		v.Cursor = tea.NewCursor(x, chromeTop-1+y)
	}
	lines = append(lines, body[:min(h, len(body))]...)
	for len(lines) < chromeTop+h {
		lines = append(lines, "")
	}
	lines = append(lines, a.footer())
	v.Content = strings.Join(lines, "\n")
	return v
}

// smallView is one sentence, as much of it as there is room for.
func (a *app) smallView() string {
	text := "errscope needs a terminal of " + sizeWords(widthMin, heightMin) + "; this one is " + sizeWords(a.width, a.height) + ". q quits."
	lines := wrap(text, a.width)
	return strings.Join(lines[:min(len(lines), a.height)], "\n")
}

func sizeWords(w, h int) string { return count(int64(w)) + "x" + count(int64(h)) }

// header is the path at the left and the time range at the right, which always
// stays; of the path the beginning goes first.
func (a *app) header() string {
	l := a.line(a.width)
	when := a.rangeWords()
	if a.width < 110 {
		when = a.rangeWordsShort()
	}
	live, liveKind := a.liveWords()
	basket := ""
	if n := len(a.basket); n > 0 {
		basket = "basket " + count(int64(n))
	}
	room := a.width - len([]rune(when)) - 2
	for _, s := range [...]string{live, basket} {
		if s != "" {
			room -= len([]rune(s)) + 2
		}
	}
	steps := []string{"errscope", clean(a.o.Title)}
	if steps[1] == "" {
		steps = steps[:1]
	}
	for _, s := range a.stacks[a.tab] {
		steps = append(steps, s.crumb())
	}
	sep := " " + a.signs.crumb + " "
	last := steps[len(steps)-1]
	before := steps[:len(steps)-1]
	for len(before) > 0 && !a.line(room).fits(strings.Join(before, sep)+sep+last) {
		before = before[1:]
	}
	path := a.line(room)
	for _, s := range before {
		path.put(a.theme.dim, s+sep)
	}
	path.put(a.theme.title, last)
	l.b.WriteString(path.String())
	l.left -= room - path.left
	l.put("", spaces(path.left+2)).put(a.theme.info, when)
	if live != "" {
		l.put("", "  ").put(liveKind, live)
	}
	if basket != "" {
		l.put("", "  ").put(a.theme.good, basket)
	}
	return l.String()
}

// rangeTimes are the ends of what is looked at, zero where nobody knows.
func (a *app) rangeTimes() (from, to time.Time) {
	from, to = a.scope.Since, a.scope.Until
	if from.IsZero() {
		from = a.first
	}
	if to.IsZero() {
		to = a.last
	}
	return from.UTC(), to.UTC()
}

func (a *app) rangeWords() string {
	return a.rangeText("2006-01-02 15:04")
}

func (a *app) rangeWordsShort() string {
	return a.rangeText("01-02 15:04")
}

func (a *app) rangeText(layout string) string {
	from, to := a.rangeTimes()
	if from.IsZero() || to.IsZero() {
		return "all time, UTC"
	}
	end := to.Format(layout)
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		end = to.Format("15:04")
	}
	return from.Format(layout) + " to " + end + " UTC"
}

// tabSpans are the cells of each tab in the second line, half-open.
func (a *app) tabSpans() [tabCount][2]int {
	var spans [tabCount][2]int
	x := 0
	for i, t := range a.tabs {
		w := len(t.number) + len(a.tabName(t)) + 3
		spans[i] = [2]int{x, x + w}
		x += w + 1
	}
	return spans
}

// tabNamesFrom is the width from which the tabs have their whole names.
const tabNamesFrom = 100

func (a *app) tabName(t tab) string {
	if a.width < tabNamesFrom {
		return t.short
	}
	return t.name
}

func (a *app) tabLine() string {
	l := a.line(a.width)
	for i, t := range a.tabs {
		switch {
		case i == a.tab:
			l.put(a.theme.title, "["+t.number+" "+a.tabName(t)+"]")
		default:
			l.put(a.theme.dim, " "+t.number+" "+a.tabName(t)+" ")
		}
		l.put("", " ")
	}
	for _, p := range a.feed.words(a) {
		if l.fits("  " + p.text) {
			return l.end(p.kind, p.text).String()
		}
	}
	return l.String()
}

// footer names the keys that work here, as many as there is room for, and the
// way to the others; a note stands in their place for a while.
func (a *app) footer() string {
	l := a.line(a.width)
	if a.toast != "" {
		return l.put(a.toastKind, " "+a.toast).String()
	}
	m := a.keymap
	bindings, last := a.top().keys(a), []key.Binding{m.Palette, m.Help, m.Quit}
	switch {
	case a.over != nil:
		bindings, last = a.over.keys(a), nil
	case a.top().capturing():
		last = nil
	case len(a.stacks[a.tab]) > 1:
		bindings, last = append([]key.Binding{m.Back}, bindings...), []key.Binding{m.Palette, m.Help}
	}
	tail := 0
	for _, b := range last {
		tail += keyWidth(b)
	}
	l.left -= tail
	for _, b := range bindings {
		if keyWidth(b) > l.left {
			break
		}
		a.putKey(l, b)
	}
	l.left += tail
	for _, b := range last {
		a.putKey(l, b)
	}
	return l.String()
}

func keyWidth(b key.Binding) int {
	return len([]rune(b.Help().Key)) + len([]rune(b.Help().Desc)) + 3
}

func (a *app) putKey(l *line, b key.Binding) {
	l.put("", " ").put(a.theme.key, a.keyName(b)).put(a.theme.dim, " "+b.Help().Desc).put("", " ")
}
