package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// How much of a source is loaded in one transaction: less where it carries
// bodies, which have to be in memory until the commit. Larger segments make a
// load faster: of few rows DuckDB makes two copies more, see store.mergeRows.
const (
	segmentBytes     = 1088 << 20 // so that a GiB is one
	segmentTextBytes = 128 << 20
	// segmentGrowth is how many times longer each segment is than the one
	// before, where the first one is short.
	segmentGrowth = 4
)

func (a *app) parseCommand() *cobra.Command {
	noRedact, explain := false, false
	cmd := &cobra.Command{
		Use:   "parse FILE|-",
		Short: "Show how lines are read: one JSON object a record or rejected line",
		Example: `  errscope parse access.log | head
  errscope parse --explain access.log
  zcat old.log.gz | errscope parse -`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, err := a.loadRules(cmd.Context())
			if err != nil {
				return err
			}
			w := bufio.NewWriterSize(a.out, 1<<16)
			var masked maskedSum
			p := newLinePrinter(w, record.NewPolicy(rules.secrets, nil), !noRedact, explain, &masked)
			err = a.eachInput(cmd.Context(), rules, args, p.print)
			if flush := w.Flush(); err == nil {
				err = flush
			}
			if !noRedact {
				a.tellMasked(&masked)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&a.settings.format, "format", "", "read as `FORMAT` instead of looking at the content")
	cmd.Flags().BoolVar(&explain, "explain", false, "say in words how each line was read: format and why, every field, what was masked")
	a.settings.bindLogFormats(cmd.Flags())
	cmd.Flags().BoolVar(&noRedact, "no-redact", false, "show secrets as they stand")
	cmd.Flags().StringVar(&a.settings.tz, "tz", "UTC", "`ZONE` of times that name none")
	return cmd
}

// eachInput opens what args name (stdin for a pipe) one after the other. An
// unsound source never stops the others; what was wrong is told at the end.
func (a *app) eachInput(ctx context.Context, rules *rules, args []string, visit func(context.Context, *ingest.Source) error) error {
	if len(args) == 0 {
		if !a.stdinHasData() {
			return usageError(errors.New("no PATH given and nothing is piped in"), "name files or folders, or - for standard input")
		}
		args = []string{"-"}
	}
	cfg, err := a.ingestConfig(rules)
	if err != nil {
		return err
	}
	inputs, problems := ingest.Expand(ctx, args)
	faults := faultList{only: len(inputs)+len(problems) == 1}
	for _, p := range problems {
		faults.add(a, p.Path, p.Err)
	}
	for _, in := range inputs {
		err := a.oneInput(ctx, cfg, in, visit, func(path string, err error) { faults.add(a, path, err) })
		if err != nil {
			return err
		}
	}
	return faults.result()
}

func (a *app) oneInput(ctx context.Context, cfg ingest.Config, in ingest.Input, visit func(context.Context, *ingest.Source) error, fault func(path string, err error)) error {
	bundle, err := ingest.Unpack(ctx, cfg, in, a.in)
	if stop := stopsAll(ctx, err); stop != nil {
		return stop
	}
	if err != nil {
		fault(in.Path, err)
		return nil
	}
	defer bundle.Close()
	for {
		src, err := bundle.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		path := in.Path
		var member ingest.Problem
		if errors.As(err, &member) {
			path = member.Path
		}
		if err == nil {
			path = src.Path()
			err = errors.Join(visit(ctx, src), src.Close())
		}
		if stop := stopsAll(ctx, err); stop != nil {
			return stop
		}
		if err != nil {
			fault(path, err)
		}
	}
}

func (a *app) ingestConfig(rules *rules) (ingest.Config, error) {
	loc, err := a.settings.location()
	if err != nil {
		return ingest.Config{}, err
	}
	now := time.Now()
	since, until, err := a.settings.timeRange(now)
	if err != nil {
		return ingest.Config{}, err
	}
	cfg := ingest.Config{Bindings: rules.bindings, Format: a.settings.format, Location: loc, Now: now, BodyNames: a.config.bodyNames()}
	cfg.LogFormats = a.settings.logFormats
	for _, text := range cfg.LogFormats {
		if err := ingest.CheckLogFormat(text); err != nil {
			return cfg, usageError(fmt.Errorf("reading --log-format: %w", err), logFormatHint)
		}
	}
	if a.config != nil {
		cfg.JSONFields = a.config.jsonFields
	}
	if !since.IsZero() {
		cfg.SinceNS = since.UnixNano()
	}
	if !until.IsZero() {
		cfg.UntilNS = until.UnixNano()
	}
	if f := a.settings.format; f != "" && !knownFormat(f) {
		return cfg, usageError(fmt.Errorf("no format is named %q", f), "errscope formats list")
	}
	return cfg, nil
}

const logFormatHint = `as it stands in the server's configuration, such as '$remote_addr [$time_local] "$request" $status' or '%h %t "%r" %>s'`

func knownFormat(name string) bool {
	for _, f := range ingest.Formats() {
		if f.Name == name {
			return true
		}
	}
	return false
}

// faultList gathers what went wrong source by source.
type faultList struct {
	only  bool // there is one source in all, so its fault is the error itself
	last  error
	count int
}

func (f *faultList) add(a *app, path string, err error) {
	f.count++
	if f.only && f.count > 1 { // one input, but several members of it
		f.only = false
		a.warn("%s", f.last)
	}
	f.last = readingError(path, err)
	if !f.only {
		a.warn("%s", f.last)
	}
}

// readingError names the path once, whoever named it before.
func readingError(path string, err error) error {
	if strings.HasPrefix(err.Error(), "reading ") && strings.Contains(err.Error(), path) {
		return err
	}
	return fmt.Errorf("reading %s: %w", path, withoutPath(err))
}

// result is the error of exit code 3, or nil where all was sound.
func (f *faultList) result() error {
	switch {
	case f.count == 0:
		return nil
	case f.only:
		return failedError(f.last, "")
	case f.count == 1:
		return failedError(errors.New("1 source could not be read whole"), "the others were loaded; see the warning above")
	}
	return failedError(fmt.Errorf("%d sources could not be read whole", f.count), "the others were loaded; see the warnings above")
}

// printer writes drafts as parse's JSON lines.
type printer struct {
	policy *record.Policy
	enc    *json.Encoder
	redact bool
	masked *maskedSum
}

func (p *printer) print(ctx context.Context, src *ingest.Source) error {
	sealer := p.policy.NewSealer()
	defer func() { p.masked.add(sealer.Counts()) }()
	var unsound error
	for {
		seg, err := src.NextSegment(ctx, segmentBytes)
		if errors.Is(err, io.EOF) {
			return unsound
		}
		if err != nil {
			return err
		}
		r := seg.NewReader()
		var d record.Draft
		for {
			err := r.Next(&d)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			if err := p.one(src.Path(), sealer, &d); err != nil {
				return fmt.Errorf("writing records: %w", err)
			}
		}
		unsound = errors.Join(unsound, seg.End().Err)
	}
}

func (p *printer) one(file string, sealer *record.Sealer, d *record.Draft) error {
	if d.Reject != "" {
		raw := d.Raw
		if p.redact {
			raw = p.policy.Text(nil, raw)
		}
		return p.enc.Encode(parsedJSON{File: file, Line: d.Line, Offset: d.Offset, Format: d.Format, ParseError: string(d.Reject), Raw: string(raw)})
	}
	if p.redact {
		sealer.Seal(d)
	}
	return p.enc.Encode(newParsedJSON(file, &d.Exchange))
}

// parsedJSON is a record of parse, in the order of the contract (§4).
type parsedJSON struct {
	File            string         `json:"file"`
	Line            int64          `json:"line"`
	Offset          int64          `json:"offset"`
	Format          string         `json:"format"`
	Time            string         `json:"time,omitempty"`
	Method          string         `json:"method,omitempty"`
	Host            string         `json:"host,omitempty"`
	Path            string         `json:"path,omitempty"`
	Query           string         `json:"query,omitempty"`
	Target          string         `json:"target,omitempty"`
	Status          *int           `json:"status,omitempty"`
	Bytes           *int64         `json:"bytes,omitempty"`
	DurationMS      *float64       `json:"duration_ms,omitempty"`
	Client          string         `json:"client,omitempty"`
	UserAgent       string         `json:"user_agent,omitempty"`
	Referer         string         `json:"referer,omitempty"`
	HTTPVersion     string         `json:"http_version,omitempty"`
	RequestID       string         `json:"request_id,omitempty"`
	ClientRequestID string         `json:"client_request_id,omitempty"`
	TraceID         string         `json:"trace_id,omitempty"`
	SpanID          string         `json:"span_id,omitempty"`
	UpstreamStatus  string         `json:"upstream_status,omitempty"`
	UpstreamHost    string         `json:"upstream_host,omitempty"`
	Failure         string         `json:"failure,omitempty"`
	Direction       string         `json:"direction,omitempty"`
	Headers         map[string]any `json:"headers,omitempty"`
	RequestHeaders  map[string]any `json:"request_headers,omitempty"`
	Body            string         `json:"body,omitempty"`
	RequestBody     string         `json:"request_body,omitempty"`
	ParseError      string         `json:"parse_error,omitempty"`
	Raw             string         `json:"raw,omitempty"`
}

func newParsedJSON(file string, x *record.Exchange) parsedJSON {
	out := parsedJSON{
		File: file, Line: x.Line, Offset: x.Offset, Format: x.Format, Time: timeText(x), Method: string(x.Method), Host: string(x.Host),
		Path: string(x.Path), Query: string(x.Query), Target: string(x.Target), Client: string(x.Client), UserAgent: string(x.UserAgent),
		Referer: string(x.Referer), HTTPVersion: string(x.HTTPVersion), RequestID: string(x.RequestID), ClientRequestID: string(x.ClientRequestID),
		TraceID: string(x.TraceID), SpanID: string(x.SpanID), UpstreamStatus: string(x.UpstreamStatus), UpstreamHost: string(x.UpstreamHost),
		Failure: string(x.Failure), Direction: string(x.Direction), Headers: headerJSON(x.Headers), RequestHeaders: headerJSON(x.RequestHeaders),
		Body: string(x.Body), RequestBody: string(x.RequestBody),
	}
	if x.Status != record.Absent {
		out.Status = &x.Status
	}
	if x.Bytes != record.Absent {
		out.Bytes = &x.Bytes
	}
	if x.DurationNS != record.Absent {
		ms := float64(x.DurationNS) / 1e6
		out.DurationMS = &ms
	}
	return out
}

// timeText writes the time that the input states, with as many digits of a second as the input had.
func timeText(x *record.Exchange) string {
	if x.TimeDigits == record.Absent {
		return ""
	}
	layout := "2006-01-02T15:04:05Z"
	if x.TimeDigits > 0 {
		layout = "2006-01-02T15:04:05." + strings.Repeat("0", int(x.TimeDigits)) + "Z"
	}
	ns := x.TimeNS
	if x.LoggedNS != 0 {
		ns = x.LoggedNS
	}
	return time.Unix(0, ns).UTC().Format(layout)
}

// headerJSON gives a repeated header as a list, else a string.
func headerJSON(headers []record.Header) map[string]any {
	if len(headers) == 0 {
		return nil
	}
	out := make(map[string]any, len(headers))
	for _, h := range headers {
		name, value := strings.ToLower(string(h.Name)), string(h.Value)
		switch before := out[name].(type) {
		case nil:
			out[name] = value
		case string:
			out[name] = []string{before, value}
		case []string:
			out[name] = append(before, value)
		}
	}
	return out
}
