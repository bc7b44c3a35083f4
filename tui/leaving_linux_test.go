package tui

import (
	"context"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	xterm "github.com/charmbracelet/x/term"
	"github.com/creack/pty"

	"github.com/errscope/errscope/queries"
)

// TestPanicGivesTheTerminalBack: a fault of ours, in a question or in the event
// loop, is an error of Run, and the terminal is as it was.
func TestPanicGivesTheTerminalBack(t *testing.T) {
	for name, o := range map[string]struct {
		src Source
		now func() time.Time
	}{
		"in a question":     {src: falling{newFake()}},
		"in the event loop": {src: newFake(), now: func() time.Time { panic("no time") }},
	} {
		t.Run(name, func(t *testing.T) {
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
			options := Options{Now: fakeNow, Environ: testEnv, Input: tty, Output: tty, Theme: "dark"}
			if o.now != nil {
				options.Now = o.now
			}
			err = runQuietly(t, o.src, options)
			if err == nil || !strings.Contains(err.Error(), "panic") {
				t.Errorf("Run gave %v", err)
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

// runQuietly runs with the stack of the panic, which goes to standard error,
// out of the way.
func runQuietly(t *testing.T, src Source, o Options) error {
	t.Helper()
	void, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer void.Close()
	// The descriptor, and not os.Stderr: a command that Bubble Tea leaves behind may
	// still look at that.
	kept, err := syscall.Dup(int(os.Stderr.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(kept)
	if err := syscall.Dup3(int(void.Fd()), int(os.Stderr.Fd()), 0); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Dup3(kept, int(os.Stderr.Fd()), 0); err != nil {
			t.Error(err)
		}
	}()
	return Run(t.Context(), src, o)
}

// falling is a Source with a fault.
type falling struct{ *fake }

func (falling) Overview(context.Context, queries.Scope) (queries.Overview, error) {
	panic("a fault of ours")
}
