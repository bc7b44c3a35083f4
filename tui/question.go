package tui

import (
	"context"
	"errors"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

const (
	// questionTimeout bounds how long one answer may take.
	questionTimeout = 30 * time.Second
	// slowAfter is when a question that runs is shown as running.
	slowAfter = 150 * time.Millisecond
	// slowStep is how often the seconds of a slow question count on.
	slowStep = time.Second
)

// desk runs everything that takes time beside the event loop. Bubble Tea waits
// for none of its commands, so the desk counts them: after close none runs, and
// what they used may be closed as well.
type desk struct {
	ctx    context.Context
	cancel context.CancelFunc
	leave  bool // close does not wait for questions

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup
}

func newDesk(ctx context.Context) *desk {
	d := &desk{}
	d.ctx, d.cancel = context.WithCancel(ctx)
	return d
}

// enter reports whether work may begin; who got in calls busy.Done.
func (d *desk) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.busy.Add(1)
	return true
}

// run makes a command of f, which is not called once the desk is closed.
func (d *desk) run(f func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !d.enter() {
			return nil
		}
		defer d.busy.Done()
		return f()
	}
}

// ask is run for a question, which only reads: where the process is about to end
// nobody need wait for it.
func (d *desk) ask(f func() tea.Msg) tea.Cmd {
	if !d.leave {
		return d.run(f)
	}
	return func() tea.Msg {
		if d.ctx.Err() != nil {
			return nil
		}
		return f()
	}
}

// after sends msg when wait has passed, or nothing when the desk closes first.
func (d *desk) after(wait time.Duration, msg tea.Msg) tea.Cmd {
	return d.run(func() tea.Msg {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-t.C:
			return msg
		case <-d.ctx.Done():
			return nil
		}
	})
}

// close cancels what runs and waits for its end, but for questions where they may
// be left.
func (d *desk) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.busy.Wait()
}

// question is one question that a screen asks again and again. A newer asking
// cancels the older one, whose answer is dropped should it still come.
type question[T any] struct {
	load func(context.Context, Source, queries.Scope) (T, error)
	got  func(T)
	// then asks what follows from an answer; nil is nothing.
	then func(a *app) tea.Cmd
	// name tells the question from others, with what it asks for beside the
	// scope; "" keeps its answers out of the memory.
	name string

	generation int
	cancel     context.CancelFunc
	begun      time.Time
	asking     bool
	slow       bool // asking for longer than slowAfter
	again      bool // ask once more when the answer is there
	stale      bool // there is newer data than the last asking saw
	answered   bool
	stopped    bool // by hand, before it was answered
	err        error
}

// reply is the answer to a question of any type.
type reply interface{ take(a *app) tea.Cmd }

type answer[T any] struct {
	of         *question[T]
	generation int
	asked      memoryKey
	value      T
	err        error
}

// slowMsg says that a question may be running for long.
type slowMsg struct {
	of interface {
		grown(a *app, generation int) tea.Cmd
	}
	generation int
}

// ask sends the question off; without a database it only remembers to.
func (q *question[T]) ask(a *app) tea.Cmd {
	if a.src == nil {
		q.stale = true
		return nil
	}
	q.stop()
	q.generation++
	q.stale, q.again, q.stopped = false, false, false
	asked := memoryKey{q.name, a.scope, a.epoch}
	if value, ok := a.memory.get(asked); ok && q.name != "" {
		q.err, q.answered, q.slow = nil, true, false
		q.got(value.(T))
		return q.next(a)
	}
	q.asking = true
	q.begun = a.o.Now()
	ctx, cancel := context.WithTimeout(a.desk.ctx, questionTimeout)
	q.cancel = cancel
	generation, src, load, scope := q.generation, a.src, q.load, a.scope
	return tea.Batch(
		a.desk.ask(func() tea.Msg {
			defer cancel()
			value, err := load(ctx, src, scope)
			return answer[T]{of: q, generation: generation, asked: asked, value: value, err: err}
		}),
		a.after(slowAfter, slowMsg{of: q, generation: generation}),
	)
}

// refresh asks when newer data is known, without cancelling a question that
// runs: an answer that takes longer than the time between two refreshes would
// never come.
func (q *question[T]) refresh(a *app) tea.Cmd {
	switch {
	case !q.stale:
		return nil
	case q.asking:
		q.again = true
		return nil
	}
	return q.ask(a)
}

// stop cancels a running question and reports whether there was one.
func (q *question[T]) stop() bool {
	if !q.asking {
		return false
	}
	q.cancel()
	q.asking, q.slow, q.again = false, false, false
	q.generation++
	return true
}

// interrupt is stop by the user, who saw the question running.
func (q *question[T]) interrupt() bool {
	if !q.slow || !q.stop() {
		return false
	}
	q.stopped = true
	return true
}

func (m answer[T]) take(a *app) tea.Cmd {
	q := m.of
	if m.generation != q.generation {
		return nil
	}
	q.asking, q.slow = false, false
	q.err = nil
	switch {
	case errors.Is(m.err, context.DeadlineExceeded):
		q.err = errors.New("no answer within " + span(questionTimeout))
	case errors.Is(m.err, context.Canceled):
		q.stopped = true
	case m.err != nil:
		q.err = m.err
	default:
		q.answered = true
		a.memory.put(m.asked, m.value)
		q.got(m.value)
	}
	if q.again {
		return q.ask(a)
	}
	return q.next(a)
}

// next asks what follows from the answer that is there.
func (q *question[T]) next(a *app) tea.Cmd {
	if q.then == nil || !q.answered {
		return nil
	}
	return q.then(a)
}

func (q *question[T]) grown(a *app, generation int) tea.Cmd {
	if !q.asking || generation != q.generation {
		return nil
	}
	q.slow = true
	return a.after(slowStep, slowMsg{of: q, generation: generation})
}

// status says in words what the question is doing, "" where there is nothing
// to say.
func (q *question[T]) status(a *app) (string, paint) {
	switch {
	case q.err != nil:
		return "error: " + clean(q.err.Error()) + "  (r asks again)", a.theme.bad
	case q.slow:
		return "querying" + a.signs.more + " " + span(a.o.Now().Sub(q.begun).Round(time.Second/10)) + " (esc cancels)", a.theme.warn
	case q.stopped:
		return "cancelled (r asks again)", a.theme.warn
	}
	return "", ""
}
