package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	xterm "github.com/charmbracelet/x/term"
	"github.com/creack/pty"

	"github.com/errscope/errscope/queries"
)

// panicOf in the environment makes the child of TestPanicGivesTheTerminalBack fall
// over: in a question, or in the event loop.
const panicOf = "ERRSCOPE_TEST_PANIC"

// panicExit is how the child says that Run gave the panic as an error.
const panicExit = 7

// TestPanicChild is the child's part.
func TestPanicChild(t *testing.T) {
	o := Options{Now: fakeNow, Environ: testEnv, Input: os.Stdin, Output: os.Stdout, Theme: "dark"}
	var src Source = newFake()
	switch os.Getenv(panicOf) {
	case "question":
		src = falling{newFake()}
	case "loop":
		o.Now = func() time.Time { panic("no time") }
	default:
		t.Skip("it falls over only as the child of another test")
	}
	if err := Run(t.Context(), src, o); err != nil && strings.Contains(err.Error(), "panic") {
		os.Exit(panicExit)
	}
}

// TestPanicGivesTheTerminalBack: a fault of ours, in a question or in the event
// loop, is an error of Run, and the terminal is as it was. It falls over in a
// process of its own, for Bubble Tea leaves its readers behind.
func TestPanicGivesTheTerminalBack(t *testing.T) {
	for _, where := range []string{"question", "loop"} {
		t.Run(where, func(t *testing.T) {
			master, tty, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := pty.Setsize(master, &pty.Winsize{Cols: 120, Rows: 36}); err != nil {
				t.Fatal(err)
			}
			before, err := xterm.GetState(tty.Fd())
			if err != nil {
				t.Fatal(err)
			}
			var wrote strings.Builder
			var reading sync.WaitGroup
			reading.Go(func() { _, _ = io.Copy(&wrote, master) }) // its end is an error on Linux
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicChild$")
			child.Env = append(os.Environ(), panicOf+"="+where)
			child.Stdin, child.Stdout = tty, tty
			var exit *exec.ExitError
			if err := child.Run(); !errors.As(err, &exit) || exit.ExitCode() != panicExit {
				t.Errorf("the child ended with %v", err)
			}
			after, err := xterm.GetState(tty.Fd())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(before, after) {
				t.Error("the line discipline is not as it was")
			}
			tty.Close()
			reading.Wait()
			master.Close()
			raw := wrote.String()
			for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?1002h": "\x1b[?1002l", "\x1b[?2004h": "\x1b[?2004l"} {
				if strings.LastIndex(raw, on) > strings.LastIndex(raw, off) {
					t.Errorf("%q was not taken back by %q", on, off)
				}
			}
		})
	}
}

// falling is a Source with a fault.
type falling struct{ *fake }

func (falling) Overview(context.Context, queries.Scope) (queries.Overview, error) {
	panic("a fault of ours")
}
