package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// scopesMax is how many former ranges can be gone back to.
const scopesMax = 50

// setRange narrows every screen to a span of time. Screens out of sight ask
// when they are shown.
func (a *app) setRange(r timeRange) tea.Cmd {
	if r.from.Equal(a.scope.Since) && r.to.Equal(a.scope.Until) {
		return nil
	}
	a.scopes = append(a.scopes, timeRange{a.scope.Since, a.scope.Until})
	if len(a.scopes) > scopesMax {
		a.scopes = a.scopes[1:]
	}
	return a.moveTo(r)
}

func (a *app) moveTo(r timeRange) tea.Cmd {
	a.scope.Since, a.scope.Until = r.from, r.to
	a.outdated()
	return tea.Batch(a.top().refresh(a), a.keep())
}

// rangeBack goes to the range before this one.
func (a *app) rangeBack() tea.Cmd {
	n := len(a.scopes)
	if n == 0 {
		return a.note(a.theme.info, "this is the first range (t chooses another)")
	}
	r := a.scopes[n-1]
	a.scopes = a.scopes[:n-1]
	return a.moveTo(r)
}

// shiftRange moves the range by half of its length, into the past or out of it.
func (a *app) shiftRange(by int) tea.Cmd {
	from, to := a.rangeTimes()
	if from.IsZero() || !to.After(from) {
		return a.note(a.theme.info, "there is no range to shift (t chooses one)")
	}
	half := to.Sub(from) / 2 * time.Duration(by)
	return a.setRange(timeRange{from.Add(half), to.Add(half)})
}

// zoomIn narrows the range to what is selected.
func (a *app) zoomIn() tea.Cmd {
	s := a.top().about(a)
	if s.zoom.zero() {
		return a.note(a.theme.info, "nothing here has a time range of its own (t chooses one)")
	}
	return tea.Batch(a.setRange(s.zoom), a.note(a.theme.info, "range of "+s.zoomed+" (Z: as before)"))
}

// outdated has every screen ask anew when it is shown next.
func (a *app) outdated() {
	for _, stack := range a.stacks {
		for _, s := range stack {
			s.outdated()
		}
	}
}

// saw widens the span of the data that is known.
func (a *app) saw(first, last time.Time) {
	if !first.IsZero() && (a.first.IsZero() || first.Before(a.first)) {
		a.first = first
	}
	if last.After(a.last) {
		a.last = last
	}
}

// end is where ranges such as "the last hour" end: now, or with the data where
// that is older.
func (a *app) end() time.Time {
	now := a.o.Now().UTC()
	if !a.last.IsZero() && a.last.Before(now) {
		return a.last.UTC().Add(time.Microsecond) // a range is half-open
	}
	return now
}

// preset is a range that a number chooses.
type preset struct {
	key, name string
	span      time.Duration // 0 is everything
}

func presets() []preset {
	return []preset{
		{"1", "15 minutes", 15 * time.Minute}, {"2", "1 hour", time.Hour}, {"3", "6 hours", 6 * time.Hour},
		{"4", "24 hours", 24 * time.Hour}, {"5", "7 days", 7 * 24 * time.Hour}, {"6", "30 days", 30 * 24 * time.Hour}, {"0", "everything", 0},
	}
}

func (p preset) words() string {
	if p.span == 0 {
		return p.name
	}
	return "last " + p.name
}

// ranging chooses the time range: a preset by its number, or a text.
type ranging struct{ prompted }

func (a *app) openRange() tea.Cmd {
	r := &ranging{prompted{field: newField(""), heading: "Time range (UTC)", label: "range"}}
	return tea.Batch(a.open(r), r.field.Focus())
}

func (r *ranging) title() string { return "Time range" }

func (r *ranging) keys(a *app) []key.Binding {
	return []key.Binding{bind("up down", "choose", "up", "down"), doing(a.keymap.Open, "take it"), a.keymap.Back}
}

func (r *ranging) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "up" || k.String() == "down" {
		r.step(k.String() == "down")
		return nil
	}
	return r.pressed(a, k, r.take)
}

func (r *ranging) choose(a *app, span time.Duration) tea.Cmd {
	a.close()
	if span == 0 {
		return a.setRange(timeRange{})
	}
	end := a.end()
	return a.setRange(timeRange{end.Add(-span), end})
}

// step goes to the next preset by writing its number.
func (r *ranging) step(down bool) {
	list := presets()
	at := slices.IndexFunc(list, func(p preset) bool { return p.key == r.field.Value() })
	switch {
	case down:
		at = min(at+1, len(list)-1)
	default:
		at = max(at-1, 0)
	}
	r.field.SetValue(list[at].key)
	r.field.CursorEnd()
	r.err = nil
}

func (r *ranging) take(a *app) tea.Cmd {
	for _, p := range presets() {
		if strings.TrimSpace(r.field.Value()) == p.key {
			return r.choose(a, p.span)
		}
	}
	chosen, err := parseRange(r.field.Value(), a.end())
	if err != nil {
		r.err = err
		return nil
	}
	a.close()
	return a.setRange(chosen)
}

func (r *ranging) body(a *app, width, _ int) []string {
	said := ""
	if r.err != nil {
		said = clean(r.err.Error())
	}
	lines := r.head(a, width, a.theme.bad, said)
	for _, p := range presets() {
		end := a.end()
		when, mark := "", "  "
		if p.key == strings.TrimSpace(r.field.Value()) {
			mark = "> "
		}
		if p.span > 0 {
			when = end.Add(-p.span).Format("2006-01-02 15:04") + " to " + end.Format("2006-01-02 15:04")
		}
		lines = append(lines, a.line(width).put("", mark).field(a.theme.key, p.key, promptCells-2).field("", p.words(), 20).put(a.theme.dim, when).String())
	}
	now := "everything"
	if !a.scope.Since.IsZero() || !a.scope.Until.IsZero() {
		now = a.rangeWords()
	}
	return append(lines, "",
		r.told(a, width, "now", "", now),
		r.told(a, width, "write", a.theme.dim, "2h · 14:00..15:30 · 2026-11-20 · 2026-11-20 14:00..2026-11-21 09:00 · 14:00.. · all"))
}

// parseRange reads a typed range. end is where the last so-and-so-many hours
// end, and its day is meant where only a time of day is given.
func parseRange(text string, end time.Time) (timeRange, error) {
	text = strings.TrimSpace(strings.ToLower(text))
	switch text {
	case "":
		return timeRange{}, errors.New("type a range, or press a number")
	case "all", "everything":
		return timeRange{}, nil
	case "today":
		day := end.Truncate(24 * time.Hour)
		return timeRange{day, day.Add(24 * time.Hour)}, nil
	case "yesterday":
		day := end.Truncate(24 * time.Hour)
		return timeRange{day.Add(-24 * time.Hour), day}, nil
	}
	if d, ok := parseSpan(text); ok {
		return timeRange{end.Add(-d), end}, nil
	}
	left, right, both := strings.Cut(text, "..")
	if !both {
		left, right, both = strings.Cut(text, " to ")
	}
	if !both {
		from, step, err := parseInstant(text, end)
		if err != nil {
			return timeRange{}, err
		}
		return timeRange{from, from.Add(step)}, nil
	}
	var r timeRange
	var err error
	if left = strings.TrimSpace(left); left != "" {
		if r.from, _, err = parseInstant(left, end); err != nil {
			return timeRange{}, err
		}
	}
	if right = strings.TrimSpace(right); right != "" {
		base := end
		if !r.from.IsZero() {
			base = r.from
		}
		if r.to, _, err = parseInstant(right, base); err != nil {
			return timeRange{}, err
		}
	}
	if r.zero() || !r.from.IsZero() && !r.to.IsZero() && !r.from.Before(r.to) {
		return timeRange{}, errors.New("the range ends before it begins")
	}
	return r, nil
}

// parseSpan reads 90s, 15m, 2h, 3d or 1w.
func parseSpan(text string) (time.Duration, bool) {
	unit := time.Duration(0)
	for suffix, of := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if strings.HasSuffix(text, suffix) {
			unit, text = of, strings.TrimSuffix(text, suffix)+"h"
		}
	}
	d, err := time.ParseDuration(strings.TrimPrefix(text, "last "))
	if err != nil || d <= 0 {
		return 0, false
	}
	if unit > 0 {
		d = time.Duration(d.Hours() * float64(unit))
	}
	return d, true
}

// parseInstant reads a point in time, UTC, and how fine it is given: a time of
// day alone is that of the day of base.
func parseInstant(text string, base time.Time) (t time.Time, step time.Duration, err error) {
	for _, f := range [...]struct {
		layout string
		step   time.Duration
	}{
		{"2006-01-02t15:04:05z", time.Second}, {"2006-01-02 15:04:05", time.Second}, {"2006-01-02t15:04", time.Minute},
		{"2006-01-02 15:04", time.Minute}, {"2006-01-02", 24 * time.Hour}, {"01-02 15:04", time.Minute}, {"15:04:05", time.Second}, {"15:04", time.Minute},
	} {
		at, err := time.Parse(f.layout, text)
		if err != nil {
			continue
		}
		y, m, d := base.UTC().Date()
		switch f.layout {
		case "15:04", "15:04:05":
			at = time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		case "01-02 15:04":
			at = time.Date(y, at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
		}
		return at, f.step, nil
	}
	return time.Time{}, 0, fmt.Errorf("%q is no time: write 14:00, 2026-11-20 or 2026-11-20 14:00", text)
}
