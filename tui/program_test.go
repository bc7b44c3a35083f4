package tui

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/teatest/v2"

	"github.com/errscope/errscope/queries"
)

// TestFeed opens the database from the feed and follows the ingest.
func TestFeed(t *testing.T) {
	feed := make(chan Event, 8)
	now := fakeNow()
	d := drive(t, nil, Options{Theme: "dark", Feed: feed, Now: func() time.Time { return now }})
	d.size(120, 36)
	d.hold = true
	d.run(d.m.Init())
	d.sees("Opening the data", "opening…")
	step := func() {
		t.Helper()
		cmd := d.m.app.listen()
		d.hold = false
		was := d.m.app.o.Feed
		msg := cmd()
		d.m.app.o.Feed = nil // one step at a time
		cmd = d.m.app.update(msg)
		d.m.app.o.Feed = was
		d.run(cmd)
		for _, m := range d.timers {
			d.send(m)
		}
		d.timers = nil
	}
	src := newFake()
	feed <- Event{Opened: src, TotalBytes: 1000e6, Note: "reading access.log"}
	step()
	d.sees("1 204 551 requests")
	asked := src.asked.Load()
	now = now.Add(2 * time.Second)
	src.overview.Totals.Requests = 2000000
	feed <- Event{DoneBytes: 250e6, Records: 1000, DataVersion: 1}
	step()
	d.sees("25.0 % of 1.0 GB, 6 s left", "2 000 000 requests")
	if src.asked.Load() == asked {
		t.Error("newer data were not asked for")
	}
	feed <- Event{Following: true, Note: "waiting for b.log"}
	step()
	d.sees("waiting for b.log", "live")
	feed <- Event{Following: true, Records: 1001, Rejected: 1}
	step()
	d.sees("following · 1 001 records").seesNot("waiting")
	feed <- Event{Err: errors.New("reading b.gz: unexpected EOF")}
	step()
	d.sees("error: reading b.gz: unexpected EOF")
	d.m.app.feed.Err = nil
	feed <- Event{Records: 4600000, Rejected: 12, Done: true}
	step()
	d.sees("12 lines not read")
}

// TestRefreshIsCoalesced asks once for many changes of the data.
func TestRefreshIsCoalesced(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36)
	d.timers = nil
	asked := src.asked.Load()
	for v := range int64(50) {
		d.send(feedMsg{Event: Event{DataVersion: v + 1}})
	}
	if len(d.timers) != 1 {
		t.Fatalf("%d refreshes are planned", len(d.timers))
	}
	d.send(d.timers[0])
	if got := src.asked.Load() - asked; got != 1 {
		t.Errorf("asked %d times", got)
	}
}

// TestRefreshWaitsForAnswer does not cancel a question for newer data, or a
// slow one would never be answered while data comes in.
func TestRefreshWaitsForAnswer(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36)
	d.hold = true
	d.keys("r")
	running := d.held[0]
	d.held = nil
	d.send(refreshMsg{})
	d.send(refreshMsg{})
	if len(d.held) != 0 {
		t.Fatal("a running question was asked anew")
	}
	asked := src.asked.Load()
	d.hold = false
	d.run(running)
	if got := src.asked.Load() - asked; got != 2 {
		t.Errorf("asked %d times, want the running question and one more", got)
	}
}

// TestProgram runs the true program: start, copy through OSC 52, quit.
func TestProgram(t *testing.T) {
	src := newFake()
	m := New(src, Options{Title: "access.log", Now: fakeNow, Environ: testEnv, Theme: "dark"})
	tm := teatest.NewTestModel(t, m, teatest.WithInitialTermSize(120, 36), teatest.WithProgramOptions(tea.WithEnvironment(testEnv)))
	wait := func(s string) {
		t.Helper()
		teatest.WaitFor(t, tm.Output(), func(b []byte) bool { return strings.Contains(string(b), s) }, teatest.WithDuration(20*time.Second), teatest.WithCheckInterval(5*time.Millisecond))
	}
	wait("By vendor")
	tm.Send(keyPress("3"))
	wait("api_limit_exceeded")
	tm.Send(keyPress("y"))
	wait("\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(src.groups[0].RequestID)))
	tm.Send(keyPress("q"))
	tm.WaitFinished(t, teatest.WithFinalTimeout(20*time.Second))
	m.app.desk.close()
}

// TestRunEndsWithContext cancels the context, as SIGTERM does, while a question
// is being answered: Run gives the cause and leaves no question behind.
func TestRunEndsWithContext(t *testing.T) {
	cause := errors.New("terminated")
	ctx, cancel := context.WithCancelCause(t.Context())
	src := &leaving{fake: newFake(), in: make(chan struct{}), out: make(chan struct{})}
	go func() {
		<-src.in
		cancel(cause)
	}()
	in, w := io.Pipe()
	defer w.Close()
	var out strings.Builder
	err := Run(ctx, src, Options{Now: fakeNow, Environ: testEnv, Input: in, Output: &out, Theme: "dark", Feed: make(chan Event)})
	if !errors.Is(err, cause) {
		t.Errorf("Run gave %v", err)
	}
	select {
	case <-src.out:
	default:
		t.Error("a question was still running when Run returned")
	}
	if !strings.Contains(out.String(), "\x1b[?1049l") {
		t.Errorf("the terminal was not given back: %q", out.String())
	}
}

// TestRunLeavesQuestions leaves while a question is asked that does not notice that
// its context has ended: where the process is about to end, nobody waits for it.
func TestRunLeavesQuestions(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	src := &stuck{fake: newFake(), in: make(chan struct{}), let: make(chan struct{})}
	defer close(src.let)
	go func() {
		<-src.in
		cancel()
	}()
	in, w := io.Pipe()
	defer w.Close()
	err := Run(ctx, src, Options{Now: fakeNow, Environ: testEnv, Input: in, Output: io.Discard, Theme: "dark", Feed: make(chan Event), LeaveAsking: true})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
}

// stuck is a Source whose overview says when it is asked and answers when it is let.
type stuck struct {
	*fake
	in, let chan struct{}
}

func (s *stuck) Overview(context.Context, queries.Scope) (queries.Overview, error) {
	close(s.in)
	<-s.let
	return s.overview, nil
}

// leaving is a Source whose overview says when it is asked and when it left.
type leaving struct {
	*fake
	in, out chan struct{}
}

func (l *leaving) Overview(ctx context.Context, _ queries.Scope) (queries.Overview, error) {
	close(l.in)
	<-ctx.Done()
	close(l.out)
	return queries.Overview{}, ctx.Err()
}
