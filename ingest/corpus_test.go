package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// corpus is the folder of real logs that ERRSCOPE_CORPUS names.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ERRSCOPE_CORPUS")
	if dir == "" {
		t.Skip("ERRSCOPE_CORPUS names no folder of real logs")
	}
	return dir
}

// TestCorpusAccounting reads every file of the corpus, whatever its format, and
// wants every line counted once.
func TestCorpusAccounting(t *testing.T) {
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: path}, nil)
		if errors.Is(err, ingest.ErrBinary) {
			return nil
		}
		if err != nil {
			return err
		}
		defer src.Close()
		_, ends := ingesttest.Drain(t, src, 2, 64<<10)
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want := int64(bytes.Count(content, []byte{'\n'}))
		if len(content) > 0 && content[len(content)-1] != '\n' {
			want++
		}
		if got := sumOf(ends).Lines; src.Detection().Compression == "" && !ingest.IsDocument(src.Detection().Format) && got != want {
			t.Errorf("%s: %d lines accounted for, there are %d", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// expectation is one record of the corpus' expected.jsonl.
type expectation struct {
	File   string `json:"file"`
	Format string `json:"format"`
	LineNo int64  `json:"line_no"`
	Record int    `json:"record_no"`
	Expect struct {
		Time       string   `json:"time_utc_rfc3339nano"`
		Method     *string  `json:"method"`
		Path       string   `json:"path"`
		Status     *int     `json:"status"`
		Client     *string  `json:"client"`
		UserAgent  *string  `json:"user_agent"`
		Referer    *string  `json:"referer"`
		RequestID  *string  `json:"request_id"`
		DurationS  *float64 `json:"duration_s"`
		ParseError bool     `json:"parse_error"`
	} `json:"expect"`
}

// TestCorpusExpectations holds the formats that there are against what other
// people's tests expect; the number is how many lines may stay unparsed: error
// log lines and other foreign formats in these files, and lines of dashes.
func TestCorpusExpectations(t *testing.T) {
	dir := corpus(t)
	unparsed := map[string]int{"nginx_access": 0, "apache_access": 3, "nginx_ingress": 0, "nginx_json": 0, "har": 0,
		"akamai_datastream2": 0, "caddy_json": 0, "cloudflare_logpush": 0, "f5_xc_access": 0, "fastly": 0, "fauna_query": 0, "ngrok_event": 0,
		"traefik_json": 0, "vercel_drain": 0, "zscaler_web_json": 0,
		"go_vcr_yaml": 0, "vcr_ruby_json": 0, "vcr_ruby_yaml": 0}
	data, err := os.ReadFile(filepath.Join(dir, "expected.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]expectation{}
	for _, l := range bytes.Split(bytes.TrimSpace(data), []byte{'\n'}) {
		var e expectation
		if err := json.Unmarshal(l, &e); err != nil {
			t.Fatal(err)
		}
		if _, ours := unparsed[e.Format]; ours {
			files[e.File] = append(files[e.File], e)
		}
	}
	for file, list := range files {
		drafts := draftsOf(t, filepath.Join(dir, file))
		for _, e := range list {
			if d := e.find(drafts); d == nil || d.Reject != "" {
				if !e.Expect.ParseError {
					unparsed[e.Format]--
				}
			} else if wrong := e.wrong(d); wrong != "" {
				t.Errorf("%s line %d record %d: %s, read as %s", file, e.LineNo, e.Record, wrong, ingesttest.Row(d))
			}
		}
	}
	for format, left := range unparsed {
		if left < 0 {
			t.Errorf("%s: %d lines more than allowed are unparsed", format, -left)
		}
	}
}

func (e *expectation) find(drafts []record.Draft) *record.Draft {
	if e.Record > 0 && e.Record <= len(drafts) {
		return &drafts[e.Record-1]
	}
	for i := range drafts {
		if e.LineNo > 0 && drafts[i].Line == e.LineNo {
			return &drafts[i]
		}
	}
	return nil
}

// wrong names the first value that differs.
func (e *expectation) wrong(d *record.Draft) string {
	x := &e.Expect
	text := func(name string, want *string, got []byte) string {
		if want == nil || *want == string(got) || *want == "-" && len(got) == 0 {
			return ""
		}
		return name + ": want " + *want
	}
	at := d.TimeNS
	if d.LoggedNS != 0 {
		at = d.LoggedNS
	}
	switch {
	case x.ParseError && !strings.Contains(d.Format, "error"): // what another format says of an error is right, too
		return "should be refused"
	case x.Time != "" && !strings.HasPrefix(time.Unix(0, at).UTC().Format("2006-01-02T15:04:05.000000000"), strings.TrimSuffix(x.Time, "Z")):
		return "time: want " + x.Time
	case x.Status != nil && *x.Status != d.Status:
		return "status"
	case x.DurationS != nil && *x.DurationS >= 0 && time.Duration(*x.DurationS*1e9)-time.Duration(max(d.DurationNS, 0)).Abs() > time.Microsecond:
		return "duration"
	}
	pairs := []string{text("method", x.Method, d.Method), text("request_id", x.RequestID, d.RequestID)}
	if e.Format != "har" {
		pairs = append(pairs, text("client", x.Client, d.Client), text("user_agent", x.UserAgent, d.UserAgent), text("referer", x.Referer, d.Referer))
	}
	if x.Path != "" {
		pairs = append(pairs, text("path", &x.Path, d.Path))
	}
	return strings.TrimSpace(strings.Join(pairs, " "))
}

// draftsOf reads a file into copies of its drafts.
func draftsOf(t *testing.T, path string) []record.Draft {
	t.Helper()
	src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var drafts []record.Draft
	for {
		seg, err := src.NextSegment(context.Background(), 0)
		if errors.Is(err, io.EOF) {
			return drafts
		}
		if err != nil {
			t.Fatal(err)
		}
		r := seg.NewReader()
		var d record.Draft
		for r.Next(&d) == nil {
			e := d.Exchange
			for _, p := range []*[]byte{&e.Method, &e.Path, &e.Client, &e.UserAgent, &e.Referer, &e.RequestID} {
				*p = bytes.Clone(*p)
			}
			drafts = append(drafts, record.Draft{Exchange: e})
		}
	}
}
