package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// fieldPrompt stands before the filter while it is typed.
const fieldPrompt = " / "

// fieldRunesMax bounds what can be typed into a field of one line.
const fieldRunesMax = 400

// finder is the filter of a list: a text field that owns every letter while it
// has the focus, and the filter that its text means.
type finder struct {
	field   textinput.Model
	before  string   // the filter before the field was opened
	preset  string   // the filter that the screen was opened with
	columns []string // the names that may stand before a colon
}

func newFinder(preset string, columns ...string) finder {
	f := finder{field: newField(preset), preset: preset, columns: columns}
	return f
}

// newField is a text field of one line that draws no cursor and asks no
// clipboard of its own: the terminal's cursor blinks by itself, and the
// terminal pastes by itself.
func newField(value string) textinput.Model {
	t := textinput.New()
	t.Prompt = ""
	t.CharLimit = fieldRunesMax
	t.SetVirtualCursor(false)
	t.KeyMap.Paste.SetEnabled(false)
	t.SetValue(value)
	t.CursorEnd()
	return t
}

func (f *finder) focused() bool { return f.field.Focused() }
func (f *finder) text() string  { return f.field.Value() }

func (f *finder) filter() filter {
	return parseFilter(f.field.Value(), func(s string) bool { return slices.Contains(f.columns, s) })
}

// set gives the field another text.
func (f *finder) set(s string) {
	f.field.SetValue(s)
	f.field.CursorEnd()
}

// open gives the field the focus.
func (f *finder) open() tea.Cmd {
	f.before = f.field.Value()
	f.field.CursorEnd()
	return f.field.Focus()
}

// press takes a key while the field has the focus. moved says that the key is
// for the list: it is no text.
func (f *finder) press(m keymap, k tea.KeyPressMsg) (cmd tea.Cmd, moved bool) {
	switch {
	case key.Matches(k, m.Keep):
		f.field.Blur()
		return nil, false
	case k.Text == "" && (key.Matches(k, m.Up) || key.Matches(k, m.Down) || k.String() == "pgup" || k.String() == "pgdown"):
		return nil, true
	}
	f.field, cmd = f.field.Update(k)
	return cmd, false
}

func (f *finder) paste(text string) (cmd tea.Cmd) {
	f.field, cmd = f.field.Update(tea.PasteMsg{Content: text})
	return cmd
}

// back leaves the field with the filter as it was, then clears a filter that
// was typed; the one that the screen was opened with is what it is about.
func (f *finder) back() bool {
	switch {
	case f.field.Focused():
		f.field.Blur()
		f.set(f.before)
	case f.field.Value() != f.preset:
		f.set(f.preset)
	default:
		return false
	}
	return true
}

// status is the filter at the left and what it lets through at the right.
func (f *finder) status(a *app, width int, counts string) string {
	l := a.line(width)
	if f.field.Focused() {
		shown, _ := f.shown(width)
		return l.put(a.theme.key, fieldPrompt).put("", shown).end(a.theme.dim, counts).String()
	}
	if f.field.Value() == "" {
		return l.put(a.theme.dim, "filter: none").end("", counts).String()
	}
	room := width - len([]rune(counts)) - 2
	shown := clip(clean(f.field.Value()), room-len("filter: "), a.signs.more)
	return l.put("", "filter: ").put(a.theme.warn, shown).end("", counts).String()
}

func (f *finder) shown(width int) (string, int) {
	return fieldText(f.field.Value(), f.field.Position(), max(8, width-len(fieldPrompt)-34))
}

// cursor is as of a screen: in the status line.
func (f *finder) cursor(a *app) (x, y int, shown bool) {
	_, x = f.shown(a.width)
	return x + len(fieldPrompt), 0, f.field.Focused()
}

// keys are those of the field while it has the focus.
func (f *finder) keys(m keymap) []key.Binding {
	return []key.Binding{m.Keep, m.Undo, bind("up down", "rows", "up", "down")}
}
