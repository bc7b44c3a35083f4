package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// explainer writes how each line was read, for a person: the format and why,
// every field, and what was masked.
type explainer struct {
	out    io.Writer
	policy *record.Policy
	redact bool
	masked *maskedSum
}

func (x *explainer) print(ctx context.Context, src *ingest.Source) error {
	d := src.Detection()
	if _, err := fmt.Fprintf(x.out, "%s: %s: %s\n", visible(src.Path()), formatWords(d), visible(d.Why)); err != nil {
		return fmt.Errorf("writing records: %w", err)
	}
	sealer := x.policy.NewSealer()
	defer func() { x.masked.add(sealer.Counts()) }()
	var all counts
	ignored := map[record.Reason]int64{}
	var unsound error
	for {
		seg, err := src.NextSegment(ctx, segmentBytes)
		if errors.Is(err, io.EOF) {
			return errors.Join(x.sum(all, ignored), unsound)
		}
		if err != nil {
			return err
		}
		if err := x.segment(seg, sealer); err != nil {
			return err
		}
		end := seg.End()
		all.add(tallied(end))
		for reason, n := range end.Ignored {
			ignored[reason] += n
		}
		unsound = errors.Join(unsound, end.Err)
	}
}

func (x *explainer) segment(seg *ingest.Segment, sealer *record.Sealer) error {
	r := seg.NewReader()
	var d record.Draft
	for {
		switch err := r.Next(&d); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		var text string
		if d.Reject != "" {
			text = x.rejected(&d)
		} else {
			text = x.exchange(sealer, &d)
		}
		if _, err := io.WriteString(x.out, text); err != nil {
			return fmt.Errorf("writing records: %w", err)
		}
	}
}

// formatWords names a format with what it was wrapped in.
func formatWords(d ingest.Detection) string {
	how := d.Format
	if d.Wrapper != "" {
		how += " in " + d.Wrapper
	}
	if d.Compression != "" {
		how += " (" + d.Compression + ")"
	}
	return how
}

func (x *explainer) rejected(d *record.Draft) string {
	raw := d.Raw
	if x.redact {
		raw = x.policy.Text(nil, raw)
	}
	return fmt.Sprintf("\nline %d, offset %d: rejected (%s) as %s\n  %-18s%s\n", d.Line, d.Offset, d.Reject, d.Format, "the line", visible(string(raw)))
}

func (x *explainer) exchange(sealer *record.Sealer, d *record.Draft) string {
	before := d.Exchange
	before.Headers, before.RequestHeaders = slices.Clone(d.Headers), slices.Clone(d.RequestHeaders)
	if x.redact {
		sealer.Seal(d)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nline %d, offset %d: a record, read as %s\n", d.Line, d.Offset, d.Format)
	x.fields(&b, &d.Exchange)
	switch masked := maskedPlaces(&before, &d.Exchange); {
	case !x.redact:
	case len(masked) == 0:
		fmt.Fprintf(&b, "  %-18s%s\n", "masked", "nothing")
	default:
		fmt.Fprintf(&b, "  %-18s%s\n", "masked", visible(strings.Join(masked, ", ")))
	}
	return b.String()
}

// placeFields are the fields of parse that the heading has already.
const placeFields = 4

// fields writes what parse would write, a line each.
func (x *explainer) fields(b *strings.Builder, e *record.Exchange) {
	v := reflect.ValueOf(newParsedJSON("", e))
	for i := placeFields; i < v.NumField(); i++ {
		f := v.Field(i)
		if f.IsZero() {
			continue
		}
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		switch value := reflect.Indirect(f).Interface().(type) {
		case map[string]any:
			for _, header := range slices.Sorted(maps.Keys(value)) {
				fmt.Fprintf(b, "  %-18s%s: %s\n", name, visible(header), visible(headerText(value[header])))
			}
		default:
			fmt.Fprintf(b, "  %-18s%s\n", name, indented(visible(fmt.Sprint(value))))
		}
	}
	if e.Status == 0 {
		fmt.Fprintf(b, "  %-18s%s\n", "", "status 0: there was no response")
	}
}

func headerText(value any) string {
	if list, ok := value.([]string); ok {
		return strings.Join(list, " | ")
	}
	return fmt.Sprint(value)
}

// indented keeps the lines of a long text under its first.
func indented(s string) string {
	return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", 20))
}

// maskedPlaces names what differs between an exchange as it was read and as it
// was sealed.
func maskedPlaces(before, after *record.Exchange) []string {
	var places []string
	add := func(name string, was, is []byte) {
		if !bytes.Equal(was, is) {
			places = append(places, name)
		}
	}
	places = append(places, maskedParams(before.Query, after.Query)...)
	add("path", before.Path, after.Path)
	add("host", before.Host, after.Host)
	add("user_agent", before.UserAgent, after.UserAgent)
	add("referer", before.Referer, after.Referer)
	add("request_id", before.RequestID, after.RequestID)
	add("client_request_id", before.ClientRequestID, after.ClientRequestID)
	add("trace_id", before.TraceID, after.TraceID)
	add("failure", before.Failure, after.Failure)
	for i, h := range before.Headers {
		add("header "+string(h.Name), h.Value, after.Headers[i].Value)
	}
	for i, h := range before.RequestHeaders {
		add("request header "+string(h.Name), h.Value, after.RequestHeaders[i].Value)
	}
	add("body", before.Body, after.Body)
	add("request_body", before.RequestBody, after.RequestBody)
	if len(before.Query) == 0 && len(places) == 0 {
		add("target", before.Target, after.Target)
	}
	return places
}

// maskedParams names the parameters of a query whose values differ.
func maskedParams(before, after []byte) []string {
	if bytes.Equal(before, after) {
		return nil
	}
	was, is := bytes.Split(before, []byte{'&'}), bytes.Split(after, []byte{'&'})
	if len(was) != len(is) {
		return []string{"query"}
	}
	var names []string
	for i := range was {
		if !bytes.Equal(was[i], is[i]) {
			name, _, _ := bytes.Cut(was[i], []byte{'='})
			names = append(names, "query parameter "+string(name))
		}
	}
	return names
}

// sum says that nothing was left out.
func (x *explainer) sum(all counts, ignored map[record.Reason]int64) error {
	var why []string
	for _, reason := range slices.Sorted(maps.Keys(ignored)) {
		why = append(why, fmt.Sprintf("%s %d", reason, ignored[reason]))
	}
	of := ""
	if len(why) > 0 {
		of = " (" + strings.Join(why, ", ") + ")"
	}
	if _, err := fmt.Fprintf(x.out, "\n%d lines: %d records, %d rejected, %d ignored%s\n", all.lines, all.records, all.rejected, all.ignored, of); err != nil {
		return fmt.Errorf("writing records: %w", err)
	}
	return nil
}

// linePrinter writes the records and rejects of a source in its own way.
type linePrinter interface {
	print(context.Context, *ingest.Source) error
}

func newLinePrinter(w io.Writer, policy *record.Policy, redact, explain bool, masked *maskedSum) linePrinter {
	if explain {
		return &explainer{out: w, policy: policy, redact: redact, masked: masked}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &printer{policy: policy, enc: enc, redact: redact, masked: masked}
}
