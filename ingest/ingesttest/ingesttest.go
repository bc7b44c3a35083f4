// Package ingesttest is the sink that tests of formats read into: bytes go in,
// one line of text comes out for every exchange and every reject.
//
// Start with [Read]. The package promises that two drafts give the same text
// exactly when all their fields are the same.
package ingesttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// Read opens content as if it came from a pipe, reads it with one reader and
// returns a line for each exchange and reject.
func Read(t testing.TB, cfg ingest.Config, content string) []string {
	t.Helper()
	src, err := ingest.Open(context.Background(), cfg, ingest.Input{Path: "-"}, strings.NewReader(content))
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	defer src.Close()
	rows, _ := Drain(t, src, 1, 0)
	return rows
}

// Drain reads what is left of a source, each segment with so many readers at
// once, and returns the lines, in any order when there are several readers,
// and the ends of the segments.
func Drain(t testing.TB, src *ingest.Source, readers int, segmentBytes int64) (rows []string, ends []ingest.End) {
	t.Helper()
	for {
		seg, err := src.NextSegment(context.Background(), segmentBytes)
		if errors.Is(err, io.EOF) {
			return rows, ends
		}
		if err != nil {
			t.Fatalf("next segment: %v", err)
		}
		rows = append(rows, drainSegment(t, seg, readers)...)
		ends = append(ends, seg.End())
	}
}

func drainSegment(t testing.TB, seg *ingest.Segment, readers int) []string {
	t.Helper()
	results := make([][]string, readers)
	var group sync.WaitGroup
	for i := range readers {
		r := seg.NewReader()
		group.Go(func() {
			var d record.Draft
			for {
				err := r.Next(&d)
				if err != nil {
					if !errors.Is(err, io.EOF) {
						t.Errorf("next: %v", err)
					}
					return
				}
				results[i] = append(results[i], Row(&d))
			}
		})
	}
	group.Wait()
	var rows []string
	for _, r := range results {
		rows = append(rows, r...)
	}
	return rows
}

// Row is a draft as text: its place, its format, then every stated field.
func Row(d *record.Draft) string {
	return fmt.Sprintf("%d@%d %s %s", d.Line, d.Offset, d.Format, Fields(d))
}

// Fields is a draft as text without its place and format: name=value, values
// with blanks or quotes in them quoted as in Go, in the order of the struct.
func Fields(d *record.Draft) string {
	var b bytes.Buffer
	if d.Reject != "" {
		fmt.Fprintf(&b, "reject=%s raw=%s", d.Reject, quote(d.Raw))
		return b.String()
	}
	if d.TimeDigits >= 0 {
		fmt.Fprintf(&b, "time=%s ", stamp(d.TimeNS, d.TimeDigits))
	}
	if d.LoggedNS != 0 {
		fmt.Fprintf(&b, "logged=%s ", stamp(d.LoggedNS, d.TimeDigits))
	}
	text := func(name string, v []byte) {
		if len(v) > 0 {
			fmt.Fprintf(&b, "%s=%s ", name, quote(v))
		}
	}
	count := func(name string, n int64) {
		if n != record.Absent {
			fmt.Fprintf(&b, "%s=%d ", name, n)
		}
	}
	text("method", d.Method)
	text("scheme", d.Scheme)
	text("host", d.Host)
	text("path", d.Path)
	text("query", d.Query)
	if full := string(d.Path) + "?" + string(d.Query); string(d.Target) != full && string(d.Target) != string(d.Path) {
		text("target", d.Target)
	}
	text("version", d.HTTPVersion)
	count("status", int64(d.Status))
	count("bytes", d.Bytes)
	if d.DurationNS != record.Absent {
		fmt.Fprintf(&b, "duration=%s ", time.Duration(d.DurationNS))
	}
	text("client", d.Client)
	text("agent", d.UserAgent)
	text("referer", d.Referer)
	text("request_id", d.RequestID)
	text("client_request_id", d.ClientRequestID)
	text("trace", d.TraceID)
	text("span", d.SpanID)
	text("upstream_status", d.UpstreamStatus)
	text("upstream_host", d.UpstreamHost)
	text("failure", d.Failure)
	text("vendor", d.Vendor)
	for _, h := range d.RequestHeaders {
		text("> "+string(h.Name), h.Value)
	}
	for _, h := range d.Headers {
		text("< "+string(h.Name), h.Value)
	}
	text("request_body", d.RequestBody)
	text("body", d.Body)
	b.WriteString(string(d.Direction))
	return b.String()
}

func quote(b []byte) string {
	if bytes.ContainsAny(b, " \"\n\t") || !strconv.CanBackquote(string(b)) {
		return strconv.Quote(string(b))
	}
	return string(b)
}

// stamp writes a time with the digits that the input stated.
func stamp(ns int64, digits int8) string {
	layout := "2006-01-02T15:04:05"
	if digits > 0 {
		layout += "." + strings.Repeat("0", int(digits))
	}
	return time.Unix(0, ns).UTC().Format(layout + "Z")
}
