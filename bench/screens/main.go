//go:build unix

// Command screens measures what a person at the terminal feels: the true
// program in a pseudo terminal, from the key to the frame. It prints a Markdown
// table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/cmd/errscope/ptytest"
)

const (
	width, height = 120, 36 // cells
	// answerMax is how long anything may take at most.
	answerMax = 2 * time.Minute
	// keysCount is how many keys the time to the acknowledging frame is of.
	keysCount = 200
	// keyPause lies between two keys at least, as of somebody who types fast. To it
	// come up to keyJitter more, else every key would come at the same time between
	// two frames.
	keyPause  = 40 * time.Millisecond
	keyJitter = 20 * time.Millisecond
)

type options struct {
	binary, db, log string
	rounds          int
	idle            time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.binary, "errscope", "errscope", "the `PROGRAM`")
	flag.StringVar(&o.db, "db", "errscope.duckdb", "the `DATABASE` that is looked at")
	flag.StringVar(&o.log, "log", "", "also open this `LOG` as errscope LOG does")
	flag.IntVar(&o.rounds, "rounds", 11, "starts of the program for each figure")
	flag.DurationVar(&o.idle, "idle", 30*time.Second, "how long the processor's time of a still screen is counted")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "screens: error:", err)
		os.Exit(3)
	}
}

func measure(ctx context.Context, o options) (err error) {
	home, err := os.MkdirTemp("", "errscope-screens-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	m := meter{o: o, home: home}
	fmt.Println("| what | median ms | p99 or worst ms | of |\n|---|---:|---:|---:|")
	if o.log != "" {
		if err := m.starts(ctx, "first frame, errscope LOG", []string{o.log}); err != nil {
			return err
		}
	}
	if err := m.starts(ctx, "first frame, errscope tui", []string{"tui", "--db", o.db}); err != nil {
		return err
	}
	for _, d := range []struct{ what, key, ready string }{
		{"start to the data of the overview", "", "requests ·"},
		{"key 2 to the vendors", "2", "by fail"},
		{"key 3 to the failures", "3", "by count"},
		{"key 4 to the quotas", "4", "allowance"},
		{"key 5 to the outages", "5", "outage"},
	} {
		if err := m.answers(ctx, d.what, d.key, d.ready); err != nil {
			return err
		}
	}
	if err := m.echo(ctx); err != nil {
		return err
	}
	if err := m.keys(ctx); err != nil {
		return err
	}
	return m.idle(ctx)
}

type meter struct {
	o    options
	home string
}

// open starts the program with a memory of its own.
func (m meter) open(args ...string) (*ptytest.Terminal, error) {
	state, err := os.MkdirTemp(m.home, "state")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(m.o.binary, args...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "XDG_STATE_HOME="+state)
	return ptytest.Start(cmd, width, height)
}

// leave quits and waits for the end.
func leave(ctx context.Context, t *ptytest.Terminal, err error) error {
	if err == nil {
		err = t.Type("\x03")
	}
	if err == nil {
		_, err = t.Exited(ctx)
	}
	return errors.Join(err, t.Close())
}

// starts takes the time from the start of the process to the first frame.
func (m meter) starts(ctx context.Context, what string, args []string) error {
	var took []time.Duration
	for range m.o.rounds {
		one, cancel := context.WithTimeout(ctx, answerMax)
		t, err := m.open(args...)
		if err != nil {
			cancel()
			return err
		}
		at, err := t.Shows(one, "[1 Overview]")
		took = append(took, at.Sub(t.Started()))
		err = leave(one, t, err)
		cancel()
		if err != nil {
			return err
		}
	}
	print(what, took)
	return nil
}

// answers takes the time from a key to the data that it asks for, each in a
// process that has asked nothing but the overview before.
func (m meter) answers(ctx context.Context, what, key, ready string) error {
	var took []time.Duration
	for range m.o.rounds {
		one, cancel := context.WithTimeout(ctx, answerMax)
		t, err := m.open("tui", "--db", m.o.db)
		if err != nil {
			cancel()
			return err
		}
		from := t.Started()
		at, err := t.Shows(one, "requests ·")
		if err == nil && key != "" {
			from = time.Now()
			if err = t.Type(key); err == nil {
				at, err = t.Shows(one, "["+key+" ", ready)
			}
		}
		took = append(took, at.Sub(from))
		err = leave(one, t, err)
		cancel()
		if err != nil {
			return err
		}
	}
	print(what, took)
	return nil
}

// echo takes the time from a key to its echo by cat: what of the next figure is
// the machine's, and not the screens'.
func (m meter) echo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerMax)
	defer cancel()
	t, err := ptytest.Start(exec.Command("sh", "-c", "stty raw -echo; echo ready; exec cat"), width, height)
	if err != nil {
		return err
	}
	if _, err = t.Shows(ctx, "ready"); err != nil {
		return errors.Join(err, t.Close())
	}
	took, err := pressed(ctx, t)
	print("a key to its echo by cat, on the same machine", took)
	return errors.Join(err, t.Close())
}

// keys takes the time from a key that moves the cursor to the first byte of the
// frame that shows it.
func (m meter) keys(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerMax)
	defer cancel()
	t, err := m.open("tui", "--db", m.o.db)
	if err != nil {
		return err
	}
	if _, err = t.Shows(ctx, "requests ·"); err == nil {
		err = t.Type("3")
	}
	if err == nil {
		_, err = t.Shows(ctx, "by count")
	}
	var took []time.Duration
	if err == nil {
		took, err = pressed(ctx, t)
	}
	print("key j or k to the frame that shows it", took)
	return leave(ctx, t, err)
}

// pressed types j and k, and takes the time from each to what is written next.
func pressed(ctx context.Context, t *ptytest.Terminal) (took []time.Duration, err error) {
	for i := range keysCount {
		select {
		case <-time.After(keyPause + time.Duration(i)*7*time.Millisecond%keyJitter):
		case <-ctx.Done():
			return took, context.Cause(ctx)
		}
		before, _ := t.Wrote()
		from := time.Now()
		if err := t.Type(string("jk"[i%2])); err != nil {
			return took, err
		}
		at, err := t.Writes(ctx, before)
		if err != nil {
			return took, err
		}
		took = append(took, at.Sub(from))
	}
	return took, nil
}

// idle counts the processor's time of a screen that nobody touches.
func (m meter) idle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerMax+m.o.idle)
	defer cancel()
	t, err := m.open("tui", "--db", m.o.db)
	if err != nil {
		return err
	}
	if _, err := t.Shows(ctx, "requests ·"); err != nil {
		return leave(ctx, t, err)
	}
	time.Sleep(2 * time.Second) // what the start left to do
	before, err := processorTime(t.PID())
	if err != nil {
		fmt.Fprintln(os.Stderr, "screens: warning: idle time is not measured here:", err)
		return leave(ctx, t, nil)
	}
	time.Sleep(m.o.idle)
	after, err := processorTime(t.PID())
	if err == nil {
		fmt.Printf("| processor of a still screen over %s | %.2f %% | | 1 |\n", m.o.idle, 100*float64(after-before)/float64(m.o.idle))
	}
	return leave(ctx, t, err)
}

// ticksPerSecond is the unit of /proc/PID/stat on all Linux machines of today.
const ticksPerSecond = 100

// processorTime is what a process has used so far.
func processorTime(pid int) (time.Duration, error) {
	path := filepath.Join("/proc", strconv.Itoa(pid), "stat")
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	// The name, in brackets, may hold anything; user and system time are the
	// 12th and 13th field behind it.
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("reading %s: too few fields", path)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, fault := strconv.ParseInt(fields[12], 10, 64)
	if err := errors.Join(err, fault); err != nil {
		return 0, fmt.Errorf("reading %s: %w", path, err)
	}
	return time.Duration(user+system) * time.Second / ticksPerSecond, nil
}

func print(what string, took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	fmt.Printf("| %s | %.1f | %.1f | %d |\n", what, ms(took[len(took)/2]), ms(took[len(took)*99/100]), len(took))
}
