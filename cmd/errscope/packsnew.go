package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// packsDirDefault is where packs new writes where nothing else is said.
const packsDirDefault = "packs"

func (a *app) packsNewCommand() *cobra.Command {
	req := classify.StartRequest{}
	cmd := &cobra.Command{
		Use:   "new NAME [FILE|-]",
		Short: "Begin a pack, or add to one, from one answer of the API",
		Long: `Takes one exchange (the text of curl -i, one JSON object as for classify, or a
section of a samples.txtar) and writes DIR/NAME/pack.yaml and samples.txtar: host,
envelope, request id, limits, and one rule with the label that errscope gives
without a pack, marked for you to look at. Where a pack has that name, the new one
is laid over it ("extends:"); with --rule and a pack of your own, the rule and its
sample are added there and the rest is left as it is. Credentials are masked.`,
		Example: `  curl -si https://api.acme.example/v1/orders | errscope packs new acme --host api.acme.example
  errscope packs new acme answer.txt --rule card-declined`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			req.Name = args[0]
			if req.Dir == "" {
				req.Dir = a.packsDir()
			}
			return a.newPack(cmd, req, args[1:])
		},
	}
	cmd.Flags().StringVar(&req.Host, "host", "", "`HOST` of the API, where the exchange does not name it")
	cmd.Flags().StringVar(&req.Rule, "rule", "", "`ID` of the rule; adds to a pack of your own where there is one")
	cmd.Flags().StringVarP(&req.Dir, "output", "o", "", "folder of packs to write to (`DIR`; default: the first of --packs, else packs)")
	return cmd
}

// packsDir is the folder of the user's packs.
func (a *app) packsDir() string {
	for _, dir := range a.settings.packs {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir
		}
	}
	return packsDirDefault
}

func (a *app) newPack(cmd *cobra.Command, req classify.StartRequest, files []string) error {
	in, err := a.openInput(files)
	if err != nil {
		return err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, responseBytesMax))
	if err != nil {
		return failedError(fmt.Errorf("reading the exchange: %w", err), "")
	}
	rules, err := a.loadRules(cmd.Context())
	if err != nil {
		return err
	}
	c := newClassifier(rules)
	if err := c.readAny(text); err != nil {
		return usageError(err, "give the text of curl -i, a JSON object as for errscope classify, or METHOD URL and a raw response")
	}
	req.Version = time.Now().UTC().Format(time.DateOnly)
	started, err := classify.Start(cmd.Context(), a.settings.packs, c.sealer.Seal(&c.draft), req)
	if err != nil {
		return startFailure(a.err, err)
	}
	if err := writeStarted(started.Files); err != nil {
		return err
	}
	return a.sayStarted(started)
}

// readAny fills the draft from one exchange in any of the forms.
func (c *classifier) readAny(text []byte) error {
	text = bytes.TrimLeft(text, "\ufeff \t\r\n")
	if len(text) > 0 && text[0] == '{' {
		_, err := c.read(text)
		c.draft.Vendor = nil
		return err
	}
	c.draft.Reset()
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	method, url, isRequest := strings.Cut(strings.TrimSpace(string(first)), " ")
	isRequest = isRequest && strings.Contains(url, "://") && !strings.Contains(url, " ") && strings.ToUpper(method) == method
	if isRequest {
		text = rest
	}
	if !ingest.ReadResponse(text, &c.draft) {
		return fmt.Errorf("%.60q begins no exchange", first)
	}
	if isRequest {
		c.draft.Method = []byte(method)
		c.draft.SetURL([]byte(url))
	}
	c.draft.Direction = record.Outbound
	return nil
}

// startFailure tells what is wrong with the request from what is wrong with the draft.
func startFailure(w io.Writer, err error) error {
	var refused *classify.StartError
	if errors.As(err, &refused) {
		return usageError(refused, refused.Hint)
	}
	var bad *classify.LoadError
	if errors.As(err, &bad) {
		return errors.Join(failedError(errors.New("the draft does not hold, nothing was written"), ""), printFindings(w, bad.Findings))
	}
	return failedError(err, "")
}

// writeStarted writes the files of a draft. A new one is never written over
// what is there; one that was added to is replaced whole or not at all.
func writeStarted(files []classify.StartedFile) error {
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
			return failedError(fmt.Errorf("writing %s: %w", f.Path, withoutPath(err)), "")
		}
		write := replaceFile
		if f.New {
			write = createFile
		}
		if err := write(f.Path, f.Data); err != nil {
			return failedError(fmt.Errorf("writing %s: %w", f.Path, withoutPath(err)), "")
		}
	}
	return nil
}

// packMode is what a new pack may be read by, less the umask.
const packMode = 0o644

func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, packMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func replaceFile(name string, data []byte) error {
	mode := fs.FileMode(packMode)
	if st, err := os.Stat(name); err == nil {
		mode = st.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".errscope-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already where it was moved into place
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// sayStarted prints where the draft is and what comes next.
func (a *app) sayStarted(s *classify.Started) error {
	var b strings.Builder
	for _, f := range s.Files {
		fmt.Fprintln(&b, f.Path)
	}
	dir := filepath.Dir(s.Files[0].Path)
	switch {
	case s.Rule == "":
		b.WriteString("next: add a failure with errscope packs new … --rule ID\n")
	default:
		fmt.Fprintf(&b, "next: set the label of %s at the line marked LOOK, then errscope packs check %s\n", s.Rule, dir)
	}
	fmt.Fprintf(&b, "use it: errscope --packs %s …\n", filepath.Dir(dir))
	if _, err := io.WriteString(a.out, visible(b.String())); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return printFindings(a.err, s.Findings)
}
