package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// checkDrafts reads any bytes as one format and holds every draft against what
// the rooms behind rely on.
func checkDrafts(t *testing.T, format string, content []byte) {
	cfg := ingest.Config{Format: format, Bindings: vendors(), Now: time.Unix(1e9, 0)}
	src, err := ingest.OpenSized(context.Background(), cfg, ingest.Input{Path: "-"}, bytes.NewReader(content),
		ingest.Sizes{Line: 4096, Entry: 4096, Block: 4096, Spool: 4096})
	if err != nil {
		return
	}
	defer src.Close()
	checkSource(t, src)
}

// checkSource holds every draft of a source against the same.
func checkSource(t *testing.T, src *ingest.Source) {
	seg, err := src.NextSegment(context.Background(), 0)
	if err != nil {
		return
	}
	r := seg.NewReader()
	var d record.Draft
	for err = r.Next(&d); err == nil; err = r.Next(&d) {
		checkDraft(t, &d)
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	seg.End()
}

func checkDraft(t *testing.T, d *record.Draft) {
	t.Helper()
	if d.Reject != "" {
		if len(d.Raw) == 0 || len(d.Raw) > record.RawBytesMax || !utf8.Valid(d.Raw) {
			t.Fatalf("reject %s with raw %q", d.Reject, d.Raw)
		}
		return
	}
	texts := [][]byte{d.Method, d.Scheme, d.Host, d.Path, d.Query, d.Target, d.HTTPVersion, d.Client, d.UserAgent, d.Referer, d.RequestID,
		d.ClientRequestID, d.TraceID, d.SpanID, d.UpstreamStatus, d.UpstreamHost, d.Failure, d.Body, d.RequestBody, d.Vendor}
	for _, h := range append(d.Headers, d.RequestHeaders...) {
		texts = append(texts, h.Name, h.Value)
	}
	for _, v := range texts {
		if !utf8.Valid(v) || bytes.IndexByte(v, 0) >= 0 {
			t.Fatalf("%q cannot be stored", v)
		}
	}
	if !bytes.Equal(d.Host, bytes.ToLower(d.Host)) && !bytes.ContainsFunc(d.Host, func(r rune) bool { return r > 127 }) {
		t.Fatalf("host %q", d.Host)
	}
	if d.Status < -1 || d.Status > 999 || d.Bytes < -1 || d.DurationNS < -1 || d.TimeDigits < -1 || d.TimeDigits > 9 || d.Direction == "" || d.Line < 1 {
		t.Fatalf("%+v", d.Exchange)
	}
}

func FuzzCombined(f *testing.F) {
	f.Add([]byte(combinedLog(3, true)))
	f.Add([]byte(`h 1.2.3.4 - - [10/Feb/2026:21:23:32 +0100] "GET http://A/\xff#x HTTP/1.1" 200 - "-" "\x41" k=[ us="1, 2" [a] [b] - 1 2 3 4`))
	f.Add([]byte(`[10/Feb/2026:21:23:32 +0100] a.b 1.2.3.4 0.100 "GET / HTTP/1.1" 200 1 2 - x` + "\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "combined", content) })
}

func FuzzJSON(f *testing.F) {
	for _, info := range ingest.Formats() {
		f.Add([]byte(info.Sample))
	}
	f.Add([]byte(`{"attributes":{"http":{"response":{"header":{"a":["b"]}}}},"headers":[{"name":"x","value":1},["a","b"]],"status":200,"time":1e9,"url":"A://B@C:1/\u0000?#","took":"1h"}`))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "json", content) })
}

func FuzzHAR(f *testing.F) {
	f.Add([]byte(harFile(2)))
	f.Add([]byte(`{"log":{"entries":[{"request":{"url":"x"},"response":{"content":{"text":"H4sIAA==","encoding":"base64"}}},[],1`))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "har", content) })
}
