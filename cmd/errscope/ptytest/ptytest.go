//go:build unix

// Package ptytest runs a program in a pseudo terminal and reads its screen, as a
// person would. Tests and measurements use it; errscope itself does not.
package ptytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// readBytesMax is how much of what the program writes is read at once.
const readBytesMax = 64 << 10

// Terminal is a program in a terminal of its own. Its methods may be called
// from several goroutines.
type Terminal struct {
	cmd         *exec.Cmd
	master, tty *os.File
	before      *term.State
	started     time.Time
	ended       chan error // what waiting for the program gave
	readers     sync.WaitGroup

	mu       sync.Mutex
	screen   *vt.Emulator
	raw      bytes.Buffer
	wroteAt  time.Time // when the program last wrote
	wrote    int64     // how often it did
	wroteOne chan struct{}
	finished bool
}

// Start runs cmd in a new terminal of width and height cells, which is its
// standard input too unless cmd has another one.
func Start(cmd *exec.Cmd, width, height int) (*Terminal, error) {
	master, tty, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a pseudo terminal: %w", err)
	}
	// Closing a file that is read from closes it at once only where reading polls:
	// a hang-up must not wait for the program to write something.
	polled, err := polledFile(master)
	if err != nil {
		return nil, errors.Join(err, master.Close(), tty.Close())
	}
	master = polled
	t := &Terminal{cmd: cmd, master: master, tty: tty, screen: vt.NewEmulator(width, height), wroteOne: make(chan struct{}), ended: make(chan error, 1)}
	if err := t.start(width, height); err != nil {
		return nil, errors.Join(err, master.Close(), tty.Close())
	}
	t.readers.Add(2)
	go t.read()
	go t.answer()
	go func() { t.ended <- cmd.Wait() }()
	return t, nil
}

// polledFile is the same open file, read by polling; f is closed.
func polledFile(f *os.File) (*os.File, error) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, fmt.Errorf("taking over the terminal: %w", err)
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(fmt.Errorf("taking over the terminal: %w", err), syscall.Close(fd))
	}
	return os.NewFile(uintptr(fd), f.Name()), f.Close()
}

func (t *Terminal) start(width, height int) (err error) {
	if err := t.setSize(width, height); err != nil {
		return err
	}
	if t.before, err = term.GetState(t.tty.Fd()); err != nil {
		return fmt.Errorf("asking the terminal for its modes: %w", err)
	}
	fd := 1
	if t.cmd.Stdin == nil {
		t.cmd.Stdin, fd = t.tty, 0
	}
	t.cmd.Stdout, t.cmd.Stderr = t.tty, t.tty
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: fd}
	t.started = time.Now()
	if err := t.cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", t.cmd.Path, err)
	}
	return nil
}

func (t *Terminal) setSize(width, height int) error {
	if err := pty.Setsize(t.master, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		return fmt.Errorf("sizing the terminal: %w", err)
	}
	return nil
}

// read shows what the program writes.
func (t *Terminal) read() {
	defer t.readers.Done()
	buf := make([]byte, readBytesMax)
	for {
		n, err := t.master.Read(buf)
		now := time.Now()
		t.mu.Lock()
		if n > 0 {
			t.wroteAt = now
			t.wrote++
			t.raw.Write(buf[:n])
			_, _ = t.screen.Write(buf[:n]) // it never fails
		}
		t.finished = err != nil
		close(t.wroteOne)
		t.wroteOne = make(chan struct{})
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// answer gives the program what it asks the terminal for, such as its ground.
func (t *Terminal) answer() {
	defer t.readers.Done()
	buf := make([]byte, 1<<10)
	for {
		n, err := t.screen.Read(buf)
		if err != nil {
			return
		}
		if _, err := t.master.Write(buf[:n]); err != nil {
			return
		}
	}
}

// Type gives the program these bytes as keys.
func (t *Terminal) Type(keys string) error {
	_, err := t.master.WriteString(keys)
	return err
}

// Resize makes the terminal another size and tells the program so.
func (t *Terminal) Resize(width, height int) error {
	t.mu.Lock()
	t.screen.Resize(width, height)
	t.mu.Unlock()
	return t.setSize(width, height)
}

// Text is what the screen shows.
func (t *Terminal) Text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

// Raw is all that the program wrote.
func (t *Terminal) Raw() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.raw.String()
}

// Wrote says how often the program has written, and when it did last.
func (t *Terminal) Wrote() (times int64, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrote, t.wroteAt
}

// Started is when the program was started.
func (t *Terminal) Started() time.Time { return t.started }

// PID is the number of the program's process.
func (t *Terminal) PID() int { return t.cmd.Process.Pid }

// Until waits until ready says yes, which is asked after each writing of the
// program, and gives the time of that writing.
func (t *Terminal) Until(ctx context.Context, what string, ready func(screen string) bool) (time.Time, error) {
	for {
		t.mu.Lock()
		text, at, next, finished := t.screen.String(), t.wroteAt, t.wroteOne, t.finished
		t.mu.Unlock()
		if ready(text) {
			return at, nil
		}
		if finished {
			return at, fmt.Errorf("%s did not come about before the end; the screen shows\n%s", what, text)
		}
		select {
		case <-next:
		case <-ctx.Done():
			return at, fmt.Errorf("%s did not come about: %w; the screen shows\n%s", what, context.Cause(ctx), text)
		}
	}
}

// Shows waits until all the texts are on the screen.
func (t *Terminal) Shows(ctx context.Context, texts ...string) (time.Time, error) {
	return t.Until(ctx, fmt.Sprintf("%q on the screen", texts), func(screen string) bool {
		for _, want := range texts {
			if !strings.Contains(screen, want) {
				return false
			}
		}
		return true
	})
}

// Writes waits until the program has written more than times, and gives the
// time of its last writing.
func (t *Terminal) Writes(ctx context.Context, times int64) (time.Time, error) {
	return t.Until(ctx, "something written", func(string) bool {
		now, _ := t.Wrote()
		return now > times
	})
}

// HangUp closes the terminal under the program.
func (t *Terminal) HangUp() error { return t.master.Close() }

// Exited waits for the program's end and gives its exit code, -1 after a
// signal that it did not catch.
func (t *Terminal) Exited(ctx context.Context) (int, error) {
	select {
	case err := <-t.ended:
		t.ended <- err
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return -1, err
		}
		return t.cmd.ProcessState.ExitCode(), t.drain(ctx)
	case <-ctx.Done():
		return -1, fmt.Errorf("the program did not end: %w; the screen shows\n%s", context.Cause(ctx), t.Text())
	}
}

// endMark comes behind all that the program wrote: no program writes it.
const endMark = "\x1b_ended\x1b\\"

// drain waits until all that the program wrote before its end is read.
func (t *Terminal) drain(ctx context.Context) error {
	if _, err := t.tty.WriteString(endMark); err != nil {
		return nil // hung up: nobody reads any more
	}
	_, err := t.Until(ctx, "the last bytes", func(string) bool { return strings.Contains(t.Raw(), endMark) })
	return err
}

// Close ends the program where it still runs, and gives the terminal up.
func (t *Terminal) Close() error {
	var err error
	select {
	case <-t.ended:
	default:
		err = t.cmd.Process.Kill()
		<-t.ended
	}
	// Closing our side of the terminal last lets the reader see the rest first.
	err = errors.Join(err, t.tty.Close())
	_ = t.master.Close() // HangUp may have done it
	// The end of its input ends the reader of the screen; closing the screen while
	// somebody reads from it would be a race.
	if input, ok := t.screen.InputPipe().(io.Closer); ok {
		_ = input.Close()
	}
	t.readers.Wait()
	return err
}
