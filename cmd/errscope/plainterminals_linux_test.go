package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/ptytest"
)

var (
	colourSequence = regexp.MustCompile(`\x1b\[(?:[0-9;:]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m`)
	deepColour     = regexp.MustCompile(`\x1b\[(?:[0-9;:]*;)?[34]8[;:]2[;:]`)
	mouseOn        = regexp.MustCompile(`\x1b\[\?100[0236]h`)
)

// TestKindsOfTerminals opens the screens in terminals that can less, or that
// somebody wants to do less.
func TestKindsOfTerminals(t *testing.T) {
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	plainText := func(t *testing.T, term *ptytest.Terminal) {
		for _, r := range term.Text() {
			if r >= 0x80 {
				t.Errorf("%q is on the screen", r)
				return
			}
		}
	}
	noColour := func(t *testing.T, term *ptytest.Terminal) {
		if found := colourSequence.FindString(term.Raw()); found != "" {
			t.Errorf("%q is a colour", found)
		}
	}
	for name, c := range map[string]struct {
		env, args []string
		see       []func(*testing.T, *ptytest.Terminal)
	}{
		"NO_COLOR=1":        {env: []string{"NO_COLOR=1"}, see: []func(*testing.T, *ptytest.Terminal){noColour}},
		"NO_COLOR=anything": {env: []string{"NO_COLOR=anything", "COLORTERM=truecolor"}, see: []func(*testing.T, *ptytest.Terminal){noColour}},
		"dumb":              {env: []string{"TERM=dumb"}, see: []func(*testing.T, *ptytest.Terminal){plainText, noColour}},
		"vt100":             {env: []string{"TERM=vt100"}, see: []func(*testing.T, *ptytest.Terminal){plainText}},
		"linux console": {env: []string{"TERM=linux"}, see: []func(*testing.T, *ptytest.Terminal){plainText, func(t *testing.T, term *ptytest.Terminal) {
			if found := deepColour.FindString(term.Raw()); found != "" {
				t.Errorf("%q on a console of 16 colours", found)
			}
		}}},
		"LANG=C":           {env: []string{"LANG=C", "LC_ALL=C"}, see: []func(*testing.T, *ptytest.Terminal){plainText}},
		"no TERM":          {env: []string{"TERM="}},
		"over SSH":         {env: []string{"SSH_TTY=/dev/pts/9"}},
		"inside tmux":      {env: []string{"TERM=tmux-256color", "TMUX=/nowhere,1,0"}},
		"--glyphs ascii":   {args: []string{"--glyphs", "ascii"}, see: []func(*testing.T, *ptytest.Terminal){plainText}},
		"--glyphs braille": {env: []string{"TERM=linux"}, args: []string{"--glyphs", "braille"}, see: []func(*testing.T, *ptytest.Terminal){braille}},
		"--no-mouse": {args: []string{"--no-mouse"}, see: []func(*testing.T, *ptytest.Terminal){func(t *testing.T, term *ptytest.Terminal) {
			if found := mouseOn.FindString(term.Raw()); found != "" {
				t.Errorf("%q asks for the mouse", found)
			}
		}}},
		"--theme light": {args: []string{"--theme", "light"}, see: []func(*testing.T, *ptytest.Terminal){func(t *testing.T, term *ptytest.Terminal) {
			if strings.Contains(term.Raw(), "\x1b]11;?") {
				t.Error("the terminal is asked for its ground although the theme is given")
			}
		}}},
		"defaults": {see: []func(*testing.T, *ptytest.Terminal){func(t *testing.T, term *ptytest.Terminal) {
			raw := term.Raw()
			if !mouseOn.MatchString(raw) || !colourSequence.MatchString(raw) || !strings.Contains(raw, "\x1b]11;?") {
				t.Error("mouse, colours or the question for the ground are missing; the other cases prove nothing")
			}
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			term := inTerminal(t, dir, append([]string{"XDG_STATE_HOME=" + t.TempDir()}, c.env...), append([]string{"tui", "--db", "t.duckdb"}, c.args...)...)
			shows(t, term, "1 Overview", "carsxe")
			types(t, term, "3")
			shows(t, term, "[3 Failures]", "groups")
			for _, see := range c.see {
				see(t, term)
			}
			types(t, term, "q")
			leavesClean(t, term, 0)
		})
	}
}

// braille waits for a chart drawn with it.
func braille(t *testing.T, term *ptytest.Terminal) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := term.Until(ctx, "a chart in Braille", func(screen string) bool {
		return strings.ContainsFunc(screen, func(r rune) bool { return r > 0x2800 && r <= 0x28ff })
	})
	if err != nil {
		t.Error(err)
	}
}
