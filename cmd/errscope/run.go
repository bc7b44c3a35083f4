package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unicode"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/errscope/errscope/record"
)

// terminal is the outside world of one run: three streams, the environment
// and the umask.
type terminal struct {
	in      *os.File
	out     io.Writer
	err     io.Writer
	environ []string
	umask   fs.FileMode // the user's, for what others may read
}

// env looks up an environment variable of the run.
func (t terminal) env(name string) (string, bool) {
	for i := len(t.environ) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(t.environ[i], name+"="); ok {
			return v, true
		}
	}
	return "", false
}

// isTerminal reports whether a person looks at the stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && f != nil && term.IsTerminal(f.Fd())
}

// stdinHasData reports whether stdin is a pipe or a file, so that somebody
// means it to be read. A terminal and /dev/null are neither.
func (t terminal) stdinHasData() bool {
	if t.in == nil {
		return false
	}
	st, err := t.in.Stat()
	return err == nil && (st.Mode().IsRegular() || st.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0)
}

// run executes one command line and gives the exit code of the contract.
func run(ctx context.Context, args []string, t terminal) int {
	app := &app{terminal: t, out: &pipeWriter{w: t.out}}
	root := app.root()
	root.SetArgs(args)
	root.SetIn(t.in)
	root.SetOut(app.out)
	root.SetErr(t.err)
	err := root.ExecuteContext(ctx)
	if app.out.broken {
		// Whoever read our answer has gone, as `| head` does: nothing to say.
		return exitDone
	}
	if err == nil {
		return exitDone
	}
	return explainFailure(t.err, err)
}

// app carries what every verb needs.
type app struct {
	terminal
	out      *pipeWriter
	settings settings
	config   *config
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "errscope [PATH…]",
		Short: "Say what failed in calls to other companies' HTTP APIs, and what to do",
		Long: `errscope reads HTTP access logs and captured responses and says, for every
failed call: which vendor and which of its codes, whose fault, whether to retry
and how, and which request ids to send to its support.

With PATHs it reads them into a temporary database and opens the terminal
screens; without, it opens the screens on --db. Where stdout is not a terminal
it prints the overview instead.`,
		Example: `  errscope access.log har/          triage these files
  errscope --follow access.log      and what comes, as it comes
  kubectl logs deploy/egress | errscope
  errscope ingest /var/log/egress/  keep them in errscope.duckdb
  errscope report failures --format md`,
		Args:              cobra.ArbitraryArgs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
		RunE:              func(cmd *cobra.Command, args []string) error { return a.triage(cmd.Context(), cmd, args) },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError(err, "errscope help shows the flags") })
	root.CompletionOptions.HiddenDefaultCmd = false
	a.settings.bindGlobal(root.PersistentFlags())
	a.settings.bindIngest(root.Flags())
	root.Flags().BoolVar(&a.settings.follow, "follow", false, "go on with what the PATHs get, through rotations, as long as the screens are open")
	a.settings.bindScreen(root.Flags())
	root.AddCommand(a.tuiCommand(), a.ingestCommand(), a.parseCommand(), a.classifyCommand(), a.explainCommand(),
		a.reportCommand(), a.checkCommand(), a.evidenceCommand(), a.sqlCommand(), a.packsCommand(), a.dbCommand(), a.formatsCommand(), a.demoCommand(), a.versionCommand(), a.manCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		wrapArgs(c)
	}
	return root
}

// wrapArgs makes every complaint about arguments a usage error.
func wrapArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError(err, cmd.UseLine())
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		wrapArgs(sub)
	}
}

// prepare reads the configuration and fills in the flags that the command line
// left open: flag, environment, file, default.
func (a *app) prepare(cmd *cobra.Command) error {
	file, err := findConfig(a.terminal)
	if err != nil {
		return err
	}
	a.config = file
	a.settings.dbGiven = flagGiven(cmd, "db")
	var problem error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || problem != nil || f.Name == "help" {
			return
		}
		problem = a.fill(cmd.Flags(), f)
	})
	return problem
}

func flagGiven(cmd *cobra.Command, name string) bool {
	f := cmd.Flags().Lookup(name)
	return f != nil && f.Changed
}

func (a *app) fill(flags *pflag.FlagSet, f *pflag.Flag) error {
	name := "ERRSCOPE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
	values, from := []string(nil), ""
	if v, ok := a.env(name); ok && v != "" {
		values, from = []string{v}, name
		list := strings.Contains(f.Value.Type(), "Slice") || f.Value.Type() == "stringArray"
		if list && f.Name != "log-format" { // in which commas mean themselves
			values = strings.Split(v, ",")
		}
		if f.Name == "db" {
			a.settings.dbGiven = true
		}
	} else if v, ok := a.config.values(f.Name); ok {
		values, from = v, a.config.path
	}
	for _, v := range values {
		if err := flags.Set(f.Name, v); err != nil {
			return usageError(fmt.Errorf("reading %s from %s: %w", f.Name, from, err), "")
		}
	}
	return nil
}

// pipeWriter notes that the reader of stdout has gone, which is the reader's
// business and no failure of ours.
type pipeWriter struct {
	w      io.Writer
	broken bool
}

// Write implements io.Writer.
func (p *pipeWriter) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		p.broken = true
	}
	return n, err
}

// warn writes one line to stderr, control characters shown harmlessly.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.err, "errscope: warning: %s\n", visible(cleanText(fmt.Sprintf(format, args...))))
}

// visible replaces what could act on a terminal or on the order of a text: file
// names and messages of others end up on stderr.
func visible(s string) string {
	var b strings.Builder
	for _, r := range record.ShowMixed(s, showRune) {
		switch {
		case r == '\n' || r == '\t' || !steers(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			showRune(&b, r)
		}
	}
	return b.String()
}

// showRune writes a rune by its number.
func showRune(out *strings.Builder, r rune) { fmt.Fprintf(out, `\u{%x}`, r) }

// steers reports runes that are no picture but an order: control characters, text
// direction, joiners, line separators.
func steers(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }
