package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// responseBytesMax bounds what explain reads from stdin or a body file.
const responseBytesMax = 16 << 20

// explainFlags is one exchange as given on the command line.
type explainFlags struct {
	status  int
	method  string
	url     string
	headers []string
	body    string
	vendor  string
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say what one response means: what, whose, retry how, why",
		Long: `Takes one exchange from flags, or the text of curl -i from standard input, and
says in words what failed, who can remove the cause, whether to retry and how,
and by what evidence.`,
		Example: `  errscope explain --status 429 --url https://api.carsxe.com/specs
  curl -si https://api.carsxe.com/specs | errscope explain --url https://api.carsxe.com/specs`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := a.loadRules(cmd.Context())
			if err != nil {
				return err
			}
			c := newClassifier(rules)
			if err := a.oneExchange(&c.draft, f); err != nil {
				return err
			}
			c.judge()
			_, err = io.WriteString(a.out, visible(inWords(&c.draft.Exchange, &c.label, c.set.Version(c.label.Rule))))
			return err
		},
	}
	fl := cmd.Flags()
	fl.IntVar(&f.status, "status", record.Absent, "HTTP `STATUS`, 0 for no response")
	fl.StringVar(&f.method, "method", "", "request `METHOD`")
	fl.StringVar(&f.url, "url", "", "`URL` of the request")
	fl.StringArrayVar(&f.headers, "header", nil, "response header, `'Name: value'` (repeatable)")
	fl.StringVar(&f.body, "body", "", "response `BODY`, or @FILE")
	fl.StringVar(&f.vendor, "vendor", "", "`PACK` to read it by")
	return cmd
}

// oneExchange fills the draft from the flags, and from stdin where neither
// --status nor --body says what came back.
func (a *app) oneExchange(d *record.Draft, f explainFlags) error {
	d.Reset()
	d.Direction = record.Outbound
	d.Vendor = []byte(f.vendor)
	if f.status == record.Absent && f.body == "" {
		if !a.stdinHasData() {
			return usageError(errors.New("no response to explain"), "give --status or --body, or pipe in the text of curl -i")
		}
		text, err := io.ReadAll(io.LimitReader(a.in, responseBytesMax))
		if err != nil {
			return failedError(fmt.Errorf("reading standard input: %w", err), "")
		}
		if len(text) == 0 {
			return usageError(errors.New("no response to explain"), "give --status or --body, or pipe in the text of curl -i")
		}
		if !ingest.ReadResponse(text, d) {
			line, _, _ := bytes.Cut(text, []byte("\n"))
			return usageError(fmt.Errorf("%.60q is no status line", line), "the text begins with a status line such as HTTP/1.1 429 Too Many Requests")
		}
		d.Vendor = []byte(f.vendor)
	}
	if f.status != record.Absent {
		if f.status < 0 || f.status > 999 {
			return usageError(fmt.Errorf("--status %d is no HTTP status", f.status), "")
		}
		d.Status = f.status
	}
	if f.method != "" {
		d.Method = []byte(f.method)
	}
	if f.url != "" {
		d.SetURL([]byte(f.url))
	}
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return usageError(fmt.Errorf("--header %q is not 'Name: value'", h), "")
		}
		d.Headers = append(d.Headers, record.Header{Name: []byte(strings.TrimSpace(name)), Value: []byte(strings.TrimSpace(value))})
	}
	if f.body != "" {
		body, err := bodyFlag(f.body)
		if err != nil {
			return err
		}
		d.Body = body
	}
	return nil
}

func bodyFlag(v string) ([]byte, error) {
	name, isFile := strings.CutPrefix(v, "@")
	if !isFile {
		return []byte(v), nil
	}
	body, err := readFileLimited(name, responseBytesMax)
	if err != nil {
		return nil, failedError(fmt.Errorf("reading --body: %w", err), "")
	}
	return body, nil
}

// inWords says one label to a person, with the version of the rule's pack.
func inWords(x *record.Exchange, l *record.Label, packVersion string) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-11s %s\n", name, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	row("vendor", "%s", vendorWords(x, l))
	if !l.Failure {
		row("what", "no failure (%s)", statusWords(l.Status))
	} else {
		row("what", "%s %s", l.Category, whatWords(l))
	}
	if l.Message != "" {
		row("message", "%s", l.Message)
	}
	if l.Category != "" {
		row("whose", "%s", faultWords(l.Fault))
		row("retry", "%s", retryWords(l))
	}
	if l.Benign {
		row("note", "this is an expected answer: it counts in no error rate")
	}
	if l.Action != "" {
		row("do", "%s", l.Action)
	}
	if q := &l.Quota; q.Stated() {
		row("quota", "%s", quotaWords(q))
	}
	if l.RequestID != "" {
		row("request id", "%s", l.RequestID)
	}
	if l.ContactSupport {
		row("support", "the vendor asks to be told if it persists")
	}
	if l.Category != "" {
		row("confidence", "%s, rule %s (pack version %s)", l.Confidence, l.Rule, packVersion)
	}
	if len(l.Candidates) > 0 {
		row("candidates", "%s", strings.Join(l.Candidates, ", "))
	}
	for _, e := range l.Evidence {
		row("why", "%s", e)
	}
	return b.String()
}

func vendorWords(x *record.Exchange, l *record.Label) string {
	switch {
	case l.Vendor != record.VendorUnknown && l.Vendor != record.VendorGeneric:
		return l.Vendor
	case len(x.Host) > 0:
		return fmt.Sprintf("%s (no pack knows %s)", l.Vendor, x.Host)
	}
	return l.Vendor + " (no host was given)"
}

func whatWords(l *record.Label) string {
	parts := []string{}
	for _, p := range []string{l.Type, l.Code} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.TrimSpace(strings.Join(parts, " ") + " (" + statusWords(l.Status) + ")")
}

func statusWords(status int) string {
	switch status {
	case record.Absent:
		return "status not stated"
	case 0:
		return "no response"
	}
	return "status " + strconv.Itoa(status)
}

func faultWords(f record.Fault) string {
	switch f {
	case record.FaultCaller:
		return "ours: a change to our code or request removes the cause"
	case record.FaultAccount:
		return "our account: a person settles it with the vendor"
	case record.FaultEndUser:
		return "the end user's"
	case record.FaultVendor:
		return "the vendor's"
	case record.FaultUpstream:
		return "a provider behind the vendor"
	case record.FaultResource:
		return "nobody's: the thing addressed is in the wrong state"
	case record.FaultNone:
		return "nobody's: the answer is simply so"
	}
	return "cannot be told from what was seen"
}

func retryWords(l *record.Label) string {
	words := string(l.Retry)
	if !l.RetryAt.IsZero() {
		words += ", not before " + l.RetryAt.UTC().Format(time.RFC3339)
	} else if l.RetryAfterS != record.Absent {
		words += ", after " + strconv.FormatFloat(l.RetryAfterS, 'f', -1, 64) + " s"
	}
	if l.RetrySource != "" {
		words += " (" + l.RetrySource + ")"
	}
	return words
}

func quotaWords(q *record.Quota) string {
	words := []string{}
	for _, p := range []string{q.Name, q.Tier, q.Period} {
		if p != "" {
			words = append(words, p)
		}
	}
	for _, n := range []struct {
		name  string
		value int64
	}{{"used", q.Used}, {"limit", q.Limit}, {"remaining", q.Remaining}} {
		if n.value != record.Absent {
			words = append(words, n.name+" "+strconv.FormatInt(n.value, 10))
		}
	}
	if !q.ResetAt.IsZero() {
		words = append(words, "resets "+q.ResetAt.UTC().Format(time.RFC3339))
	}
	return strings.Join(words, ", ")
}
