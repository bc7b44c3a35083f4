//go:build unix

package ptytest

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/charmbracelet/x/term"
)

// modes are what a program may switch on in a terminal and has to switch off:
// the sequences for both, and what a user would see of it.
var modes = []struct{ on, off, what string }{
	{"\x1b[?1049h", "\x1b[?1049l", "the alternate screen is left on"},
	{"\x1b[?25l", "\x1b[?25h", "the cursor is left hidden"},
	{"\x1b[?1000h", "\x1b[?1000l", "mouse clicks are still reported"},
	{"\x1b[?1002h", "\x1b[?1002l", "mouse motion is still reported"},
	{"\x1b[?1003h", "\x1b[?1003l", "mouse motion is still reported"},
	{"\x1b[?1006h", "\x1b[?1006l", "the mouse still speaks SGR"},
	{"\x1b[?1004h", "\x1b[?1004l", "focus is still reported"},
	{"\x1b[?2004h", "\x1b[?2004l", "pastes are still bracketed"},
}

// Left says what the program has left switched on in the terminal; nothing is
// as it should be. Ask once it has ended.
func (t *Terminal) Left() (faults []string, err error) {
	raw := t.Raw()
	for _, m := range modes {
		if strings.LastIndex(raw, m.on) > strings.LastIndex(raw, m.off) {
			faults = append(faults, m.what)
		}
	}
	after, err := term.GetState(t.tty.Fd())
	if err != nil {
		return nil, fmt.Errorf("asking the terminal for its modes: %w", err)
	}
	if !reflect.DeepEqual(t.before, after) {
		faults = append(faults, "the line discipline is not as it was: keys are not echoed")
	}
	return faults, nil
}

// UsedScreen reports whether the program ever had the alternate screen.
func (t *Terminal) UsedScreen() bool { return strings.Contains(t.Raw(), "\x1b[?1049h") }
