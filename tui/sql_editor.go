package tui

import (
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

const (
	// editorRunesMax bounds the text of the editor.
	editorRunesMax = 64 << 10
	// undoMax is how many steps can be taken back.
	undoMax = 100
)

// place is a position in the editor: line and rune, both from 0.
type place struct{ row, col int }

// editor is a text of several lines with a cursor. The widget of Bubbles draws
// all of its text at every key and cannot take a step back, so this is our own.
type editor struct {
	lines [][]rune
	at    place
	want  int // column that up and down aim at

	top, left int // first line and cell in sight
	before    []editStep
	typing    bool   // the last change was a typed letter
	begins    []byte // how each line begins: within code, a comment or a text
}

// editStep is the editor as it was.
type editStep struct {
	text string
	at   place
}

func newEditor() editor {
	return editor{lines: [][]rune{nil}, begins: []byte{inCode}}
}

func (e *editor) text() string {
	var b strings.Builder
	for i, l := range e.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(l))
	}
	return b.String()
}

func (e *editor) empty() bool { return len(e.lines) == 1 && len(e.lines[0]) == 0 }

func (e *editor) runes() int {
	n := len(e.lines) - 1
	for _, l := range e.lines {
		n += len(l)
	}
	return n
}

// set gives the editor another text, as one step that can be taken back.
func (e *editor) set(text string) {
	e.keepStep(false)
	e.lines, e.at = [][]rune{nil}, place{}
	e.put(text)
	e.at, e.want = place{}, 0
}

// keepStep remembers the text as it is. Letters typed in a row are one step.
func (e *editor) keepStep(typed bool) {
	if typed && e.typing {
		return
	}
	e.typing = typed
	e.before = append(e.before, editStep{e.text(), e.at})
	if over := len(e.before) - undoMax; over > 0 {
		e.before = slices.Delete(e.before, 0, over)
	}
}

// undo takes the last change back.
func (e *editor) undo() bool {
	if len(e.before) == 0 {
		return false
	}
	last := e.before[len(e.before)-1]
	e.before = e.before[:len(e.before)-1]
	e.lines, e.at, e.typing = [][]rune{nil}, place{}, false
	e.put(last.text)
	e.at = last.at
	e.moved()
	return true
}

// plainRunes makes text fit for the editor: line feeds stay, tabs become
// blanks, other control characters are no SQL.
func plainRunes(text string) []rune {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "  ").Replace(strings.ToValidUTF8(text, ""))
	return slices.DeleteFunc([]rune(text), func(r rune) bool { return r != '\n' && unicode.IsControl(r) })
}

// put inserts text at the cursor and reports whether there was room for all.
func (e *editor) put(text string) bool {
	runes := plainRunes(text)
	room := max(0, editorRunesMax-e.runes())
	whole := len(runes) <= room
	if !whole {
		runes = runes[:room]
	}
	tail := slices.Clone(e.lines[e.at.row][e.at.col:])
	var parts [][]rune
	for {
		i := slices.Index(runes, '\n')
		if i < 0 {
			break
		}
		parts = append(parts, slices.Clone(runes[:i]))
		runes = runes[i+1:]
	}
	parts = append(parts, slices.Clone(runes))
	last := len(parts) - 1
	parts[0] = append(slices.Clone(e.lines[e.at.row][:e.at.col]), parts[0]...)
	col := len(parts[last])
	parts[last] = append(parts[last], tail...)
	e.lines = slices.Replace(e.lines, e.at.row, e.at.row+1, parts...)
	e.at = place{e.at.row + last, col}
	e.moved()
	e.scan()
	return whole
}

// cut takes out what lies between the cursor and another place.
func (e *editor) cut(to place) {
	from := e.at
	if to.row < from.row || to.row == from.row && to.col < from.col {
		from, to = to, from
	}
	joined := append(slices.Clone(e.lines[from.row][:from.col]), e.lines[to.row][to.col:]...)
	e.lines = slices.Replace(e.lines, from.row, to.row+1, joined)
	e.at = from
	e.moved()
	e.scan()
}

// moved brings the cursor back into the text after a change.
func (e *editor) moved() {
	e.at.row = max(0, min(e.at.row, len(e.lines)-1))
	e.at.col = max(0, min(e.at.col, len(e.lines[e.at.row])))
	e.want = e.at.col
}

// beside is where the cursor goes by one character.
func (e *editor) beside(by int) place {
	p := e.at
	switch p.col += by; {
	case p.col < 0 && p.row > 0:
		return place{p.row - 1, len(e.lines[p.row-1])}
	case p.col > len(e.lines[p.row]) && p.row < len(e.lines)-1:
		return place{p.row + 1, 0}
	}
	p.col = max(0, min(p.col, len(e.lines[p.row])))
	return p
}

// word is where the cursor goes by one word.
func (e *editor) word(by int) place {
	was := e.at
	defer func() { e.at = was }()
	seen := false
	for {
		next := e.beside(by)
		if next == e.at {
			return next
		}
		var r rune = '\n'
		if next.row == e.at.row {
			r = e.lines[e.at.row][min(e.at.col, next.col)]
		}
		if isNameRune(r) {
			seen = true
		} else if seen {
			return e.at
		}
		e.at = next
	}
}

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// vertical moves the cursor by lines.
func (e *editor) vertical(by int) {
	want := e.want
	e.at.row = max(0, min(e.at.row+by, len(e.lines)-1))
	e.at.col = min(want, len(e.lines[e.at.row]))
}

// move takes the keys that change nothing.
func (e *editor) move(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		e.at = e.beside(-1)
	case "right", "ctrl+f":
		e.at = e.beside(1)
	case "alt+left", "ctrl+left", "alt+b":
		e.at = e.word(-1)
	case "alt+right", "ctrl+right", "alt+f":
		e.at = e.word(1)
	case "home", "ctrl+a":
		e.at.col = 0
	case "end", "ctrl+e":
		e.at.col = len(e.lines[e.at.row])
	case "ctrl+home", "alt+<":
		e.at = place{}
	case "ctrl+end", "alt+>":
		e.at.row = len(e.lines) - 1
		e.at.col = len(e.lines[e.at.row])
	case "up", "ctrl+p":
		e.vertical(-1)
		return true
	case "down", "ctrl+n":
		e.vertical(1)
		return true
	case "pgup":
		e.vertical(-editorPage)
		return true
	case "pgdown":
		e.vertical(editorPage)
		return true
	default:
		return false
	}
	e.want, e.typing = e.at.col, false
	return true
}

// editorPage is how many lines page up and page down go.
const editorPage = 8

// change takes the keys that edit and reports whether there was room for what
// was typed.
func (e *editor) change(m keymap, k tea.KeyPressMsg) (fits bool) {
	fits = true
	if key.Matches(k, m.SQLUndo) {
		e.undo()
		return fits
	}
	switch k.String() {
	case "backspace", "ctrl+h", "shift+backspace":
		e.keepStep(false)
		e.cut(e.beside(-1))
	case "delete":
		e.keepStep(false)
		e.cut(e.beside(1))
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		e.keepStep(false)
		e.cut(e.word(-1))
	case "alt+d", "ctrl+delete", "alt+delete":
		e.keepStep(false)
		e.cut(e.word(1))
	case "ctrl+k":
		e.keepStep(false)
		end := place{e.at.row, len(e.lines[e.at.row])}
		if end == e.at {
			end = e.beside(1)
		}
		e.cut(end)
	case "ctrl+u":
		e.keepStep(false)
		e.cut(place{e.at.row, 0})
	case "enter", "shift+enter":
		e.keepStep(false)
		fits = e.put("\n" + e.indent())
	default:
		if k.Text == "" {
			return fits
		}
		e.keepStep(true)
		fits = e.put(k.Text)
	}
	return fits
}

// indent is the blanks at the begin of the line, up to the cursor.
func (e *editor) indent() string {
	l := e.lines[e.at.row][:e.at.col]
	n := 0
	for n < len(l) && l[n] == ' ' {
		n++
	}
	return spaces(n)
}

// byteAt is the byte in the text at which the cursor stands.
func (e *editor) byteAt() int {
	n := 0
	for _, l := range e.lines[:e.at.row] {
		n += len(string(l)) + 1
	}
	return n + len(string(e.lines[e.at.row][:e.at.col]))
}
