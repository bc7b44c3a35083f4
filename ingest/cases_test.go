package ingest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// nearMarch is when the logs of these tests, some of which state no year, are read.
var nearMarch = time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)

// vendors are the bindings that the tests of formats share.
func vendors() *record.Bindings {
	return record.NewBindings(
		[]record.HostBinding{{Host: "api.carsxe.com", Pack: "carsxe"}, {Host: "*.smartcar.com", Pack: "smartcar"}},
		[]record.CallbackBinding{{Pack: "smartcar"}})
}

// fieldsOf strips the places, for tables that are not about them.
func fieldsOf(rows []string, format string) []string {
	var out []string
	for _, r := range rows {
		_, rest, _ := strings.Cut(r, " ")
		out = append(out, strings.TrimPrefix(rest, format+" "))
	}
	return out
}

func checkRows(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("row %d\n got %s\nwant %s", i+1, got[i], want[i])
		}
	}
}

// lineCase reads input as a format and wants these fields.
func lineCase(t *testing.T, format string) func(name, input string, want ...string) {
	return func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			cfg := ingest.Config{Bindings: vendors(), Format: format, Now: nearMarch}
			checkRows(t, fieldsOf(ingesttest.Read(t, cfg, input), format), want...)
		})
	}
}

// checkAccounts holds the counts of a content that is read without a hint.
func checkAccounts(t *testing.T, content, format string, records, rejected, ignored int64) {
	t.Helper()
	src, err := ingest.Open(t.Context(), ingest.Config{Bindings: vendors()}, ingest.Input{Path: "-"}, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if got := src.Detection().Format; got != format {
		t.Errorf("taken for %q", got)
	}
	_, ends := ingesttest.Drain(t, src, 2, 0)
	lines := int64(strings.Count(content, "\n"))
	for _, e := range ends {
		var passed int64
		for _, n := range e.Ignored {
			passed += n
		}
		if e.Records != records || e.Rejected != rejected || passed != ignored || lines != records+rejected+ignored {
			t.Errorf("%d lines: %+v", lines, e)
		}
	}
}

// benchmarkParser reads content over and over with a parser alone.
func benchmarkParser(b *testing.B, parse func([]byte, *record.Draft) record.Reason, log string) {
	content := []byte(log)
	var d record.Draft
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		parseAll(b, parse, content, &d)
	}
}

// parseAll reads every line of content.
func parseAll(t testing.TB, parse func([]byte, *record.Draft) record.Reason, content []byte, d *record.Draft) {
	for rest := content; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		d.Reset()
		if reason := parse(rest[:i], d); reason != "" && reason != record.IgnoreComment {
			t.Fatalf("%s: %s", reason, rest[:i])
		}
		rest = rest[i+1:]
	}
}
