// Package tui is the terminal interface of errscope, seven screens: what fails
// right now (Overview), each vendor, the failures down to one exchange and the
// advice for it, quotas, outages, the evidence for a vendor's support, and SQL.
//
// Start with [Run]. The promise: the screen never waits for the database. Every
// question is a command with a context, a newer question cancels the older one,
// and when Run returns no command is left that could still use the [Source].
// All foreign text is made harmless before it is drawn.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/errscope/errscope/queries"
)

// Source answers the questions of the screens. Its methods are called from
// other goroutines than the caller of [Run], several at a time, and must return
// soon after their context ends. What they return belongs
// to the caller.
type Source interface {
	OverviewSource
	VendorSource
	ExchangeSource
	ExplainSource
	// Overview sums up a scope.
	Overview(ctx context.Context, s queries.Scope) (queries.Overview, error)
	// Failures gives the groups of failures in a scope, at most
	// [queries.GroupsMax].
	Failures(ctx context.Context, s queries.Scope) ([]queries.FailureGroup, error)
	// Samples gives at most limit exchanges of one group, newest first.
	Samples(ctx context.Context, s queries.Scope, g queries.GroupKey, limit int) ([]queries.Exchange, error)
	// Version is another number when the data has changed; 0 says that it cannot.
	Version(ctx context.Context) (int64, error)
	QuotaSource
	OutageSource
	EvidenceSource
	SQLSource
}

// Options says what to show and on what.
type Options struct {
	// Title is what is looked at: "access.log", or the database's file.
	Title string
	// Scope narrows every question. The zero Scope is everything.
	Scope queries.Scope
	// Now is the clock, [time.Now] where nil.
	Now func() time.Time
	// After sends a message when the wait has passed; nil waits in earnest. A test
	// without a clock gives its own, which may drop the message.
	After func(wait time.Duration, msg tea.Msg) tea.Cmd
	// Theme is "dark", "light", or "auto" (also ""): the terminal is asked.
	Theme string
	// Glyphs is "braille", "blocks", "ascii", or "auto" (also ""): by TERM and
	// locale.
	Glyphs string
	// Database is the file that commands name after --db, "" where there is none
	// that another process could open.
	Database string
	// State is what was kept by Keep in an earlier run.
	State State
	// Keep writes the state; it is called from another goroutine, one call at a
	// time. nil keeps nothing.
	Keep func(State) error
	// Export writes a view to a file; nil writes nothing. An error that wraps
	// [io/fs.ErrExist] says that the file is there.
	Export func(context.Context, Export) error
	// Evidence makes a bundle of evidence, or a preview of it; nil makes none. An
	// error that wraps [io/fs.ErrExist] says that the file is there.
	Evidence func(context.Context, EvidenceAsk) (EvidencePreview, error)
	// Reports are SQL of the user's own, beside what was saved on the SQL screen.
	Reports []SavedQuery
	// LeaveAsking says that the process ends when Run has returned: Run then waits
	// for no question that only reads, and src must be there until the end. A
	// database may take half a second to notice that nobody wants its answer.
	LeaveAsking bool
	// NoMouse leaves the mouse to the terminal.
	NoMouse bool
	// Feed brings progress of an ingest and word of new data. It may be nil;
	// whoever fills it closes it when the ingest ends. It is read until then or
	// until Run returns, so a sender must select on the context as well.
	Feed <-chan Event
	// Environ is the environment as [os.Environ] gives it, which is used where
	// nil.
	Environ []string
	// Input and Output stand for the terminal in tests; nil is the terminal.
	Input  io.Reader
	Output io.Writer
}

// Event is news from an ingest. Numbers are totals so far, and those that an
// event leaves at zero stand as they were.
type Event struct {
	// Opened is the database, once it is there: the first frame needs none.
	Opened Source
	// DoneBytes of TotalBytes are read; TotalBytes is 0 where nobody knows.
	DoneBytes, TotalBytes int64
	Records               int64
	Rejected              int64
	// Note is what is being done: "reading access.log.2.gz".
	Note string
	// Err is what went wrong; the screens stay.
	Err error
	// Following says that all there was is read, and that what comes is taken up
	// as it comes. The note that comes with it, also an empty one, replaces the
	// last: "waiting for access.log".
	Following bool
	// Done says that the ingest has ended.
	Done bool
	// DataVersion grows with each change of the database.
	DataVersion int64
}

// framesPerSecond is how often what has changed may be drawn. A key waits half the
// time between two frames on the average. At Bubble Tea's own 60 a still screen
// takes 0.2 % less of a processor, and a key waits 3 ms longer.
const framesPerSecond = 100

// Run shows the screens until the user leaves or ctx ends, then gives the
// terminal back. Signals are the caller's: whoever wants SIGTERM to end the
// screens makes ctx with [os/signal.NotifyContext]. src may be nil until
// [Event.Opened] brings one.
//
// When Run returns all questions have ended, so src may be closed, unless
// [Options.LeaveAsking] is set. The error is
// nil when the user left, the context's cause when ctx ended, and otherwise
// says why the terminal could not be used.
func Run(ctx context.Context, src Source, o Options) error {
	a := newApp(ctx, src, o)
	defer a.desk.close()
	opts := []tea.ProgramOption{tea.WithEnvironment(a.o.Environ), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond)}
	if o.Input != nil {
		opts = append(opts, tea.WithInput(o.Input))
	}
	if o.Output != nil {
		opts = append(opts, tea.WithOutput(o.Output))
	}
	// colorprofile takes 1, t and true only; no-color.org says any value.
	if environ(a.o.Environ).get("NO_COLOR") != "" {
		opts = append(opts, tea.WithColorProfile(colorprofile.ASCII))
	}
	p := tea.NewProgram(Model{a}, opts...)
	stop := context.AfterFunc(ctx, p.Quit)
	defer stop()
	if _, err := p.Run(); err != nil && !errors.Is(err, tea.ErrInterrupted) {
		return fmt.Errorf("running the terminal screens: %w", err)
	}
	a.desk.close()
	a.keepLast()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// New builds the model that [Run] shows, for tests. A Model is a handle: its
// copies share one state.
func New(src Source, o Options) Model {
	return Model{newApp(context.Background(), src, o)}
}

// Model is the whole interface as Bubble Tea sees it.
type Model struct{ app *app }

// Init asks the first question.
func (m Model) Init() tea.Cmd { return m.app.init() }

// Update takes one message. It never waits.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) { return m, m.app.update(msg) }

// View draws the screen as it is.
func (m Model) View() tea.View { return m.app.view() }

func (o *Options) fill() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
}
