package tui

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// whatIf tells when an allowance runs out at another rate than the present one.
type whatIf struct {
	field textinput.Model
	of    string  // the allowance
	rate  float64 // calls an hour, 0 where nothing was asked
	err   error
}

// whatIfPrompt stands before the rate.
const whatIfPrompt = " what if "

func (w *whatIf) open() tea.Cmd {
	if w.field.CharLimit == 0 {
		w.field = newField("")
	}
	w.field.SetValue("")
	w.rate, w.err = 0, nil
	return w.field.Focus()
}

// back leaves the field, then forgets the rate.
func (w *whatIf) back() bool {
	if !w.field.Focused() && w.rate == 0 {
		return false
	}
	w.field.Blur()
	w.rate, w.err = 0, nil
	return true
}

func (w *whatIf) press(a *app, k tea.KeyPressMsg, r *allowance) tea.Cmd {
	if key.Matches(k, a.keymap.Keep) {
		if w.err == nil && w.rate > 0 || strings.TrimSpace(w.field.Value()) == "" {
			w.field.Blur()
		}
		return nil
	}
	var cmd tea.Cmd
	w.field, cmd = w.field.Update(k)
	w.read(r)
	return cmd
}

func (w *whatIf) paste(text string, r *allowance) (cmd tea.Cmd) {
	w.field, cmd = w.field.Update(tea.PasteMsg{Content: oneLine(text)})
	w.read(r)
	return cmd
}

func (w *whatIf) read(r *allowance) {
	w.rate, w.err, w.of = 0, nil, ""
	if r == nil || strings.TrimSpace(w.field.Value()) == "" {
		return
	}
	if w.rate, w.err = parseRate(w.field.Value(), r.BurnPerHour); w.err == nil {
		w.of = r.id
	}
}

// rateOf is the rate that was asked for an allowance, 0 where none was.
func (w *whatIf) rateOf(r *allowance) float64 {
	if w.of != r.id {
		return 0
	}
	return w.rate
}

func (w *whatIf) shown(a *app) (string, int) {
	return fieldText(w.field.Value(), w.field.Position(), max(8, a.width-len(whatIfPrompt)-40))
}

func (w *whatIf) cursor(a *app) (x, y int, shown bool) {
	_, x = w.shown(a)
	return x + len(whatIfPrompt), 0, true
}

func (w *whatIf) status(a *app, width int) string {
	shown, _ := w.shown(a)
	l := a.line(width).put(a.theme.key, whatIfPrompt).put("", shown)
	if w.err != nil {
		return l.end(a.theme.bad, w.err.Error()).String()
	}
	return l.end(a.theme.dim, "100/h  2400/d  +20 %  -50 %  x2").String()
}

var errRate = errors.New("write 100/h, 5/min, 2400/d, +20 % or x2")

// parseRate reads a rate in calls an hour, or a change of the present one.
func parseRate(text string, present float64) (float64, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	text = strings.ReplaceAll(text, "×", "x")
	change, factor := 0.0, false
	switch {
	case strings.HasSuffix(text, "%"):
		v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil {
			return 0, errRate
		}
		change, factor = 1+v/100, true
		if !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "-") {
			change = v / 100
		}
	case strings.HasPrefix(text, "x"), strings.HasSuffix(text, "x"):
		v, err := strconv.ParseFloat(strings.Trim(text, "x"), 64)
		if err != nil {
			return 0, errRate
		}
		change, factor = v, true
	}
	rate := present * change
	if !factor {
		number, unit, _ := strings.Cut(text, "/")
		hours, known := map[string]float64{"": 1, "h": 1, "hour": 1, "min": 1.0 / 60, "m": 1.0 / 60, "s": 1.0 / 3600, "d": 24, "day": 24, "week": 168, "w": 168}[unit]
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || !known {
			return 0, errRate
		}
		rate = v / hours
	}
	switch {
	case factor && (math.IsNaN(present) || present <= 0):
		return 0, errors.New("the present rate is not known: write 100/h")
	case math.IsNaN(rate) || math.IsInf(rate, 0) || rate <= 0 || rate > rateMax:
		return 0, errors.New("the rate must be above 0")
	}
	return rate, nil
}

// rateMax is more calls an hour than anybody makes.
const rateMax = 1e12

// runsOutAt is when an allowance runs out at a rate. ok is false where it lasts
// until its end.
func (r *allowance) runsOutAt(rate float64) (at time.Time, ok bool) {
	hours := float64(max(0, r.Limit-r.Used)) / rate
	if hours > float64(math.MaxInt64/int64(time.Hour)) {
		return time.Time{}, false
	}
	at = r.AsOf.Add(time.Duration(hours * float64(time.Hour)))
	return at, r.PeriodEnd.IsZero() || at.Before(r.PeriodEnd)
}

// whatIfWords says what comes of a rate.
func (r *allowance) whatIfWords(rate float64) string {
	at, ok := r.runsOutAt(rate)
	text := short(rate) + "/h: "
	switch {
	case ok && !r.PeriodEnd.IsZero():
		return text + "runs out " + at.UTC().Format("01-02 15:04") + " UTC, " + span(r.PeriodEnd.Sub(at)) + " before the period ends"
	case ok:
		return text + "runs out " + at.UTC().Format("01-02 15:04") + " UTC"
	}
	used := float64(r.Used) + rate*r.PeriodEnd.Sub(r.AsOf).Hours()
	return text + "lasts until the period ends, with " + count(max(0, r.Limit-int64(used))) + " left"
}
