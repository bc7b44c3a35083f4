package ingest_test

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// TestFormats proves that each format's own sample is taken for it and read.
func TestFormats(t *testing.T) {
	for _, info := range ingest.Formats() {
		if info.About == "" {
			t.Errorf("%s says nothing about itself", info.Name)
		}
		d := ingest.Detect([]byte(info.Sample + "\n"))
		if d.Format != info.Name || d.Why == "" {
			t.Errorf("the sample of %s is taken for %+v", info.Name, d)
		}
		rows := ingesttest.Read(t, ingest.Config{}, info.Sample+"\n")
		if len(rows) != 1 || strings.Contains(rows[0], "reject") || !strings.Contains(rows[0], "status=429") && !strings.Contains(rows[0], "failure=") {
			t.Errorf("the sample of %s is read as %q", info.Name, rows)
		}
	}
}

func TestDetect(t *testing.T) {
	for name, c := range map[string]struct{ head, format, why string }{
		"mostly JSON":       {"starting\n{\"msg\":\"x\"}\n{\"msg\":\"y\"}\n", "json", "2 of the first 3 lines"},
		"an ECS log object": {`{"log":{"level":"info"},"msg":"x"}` + "\n", "json", "1 of the first 1"},
		"a pretty archive":  {"{\n  \"log\": {\n \"version\": \"1.2\"", "har", `"version"`},
		"a body beyond it":  {`{"status":500,"body":"` + strings.Repeat("x", 64<<10), "json", "1 of the first 1"},
		"prose":             {"dear diary\ntoday\n", "text", "no line"},
		"nothing":           {"", "empty", "no bytes"},
		"a database":        {"12345678DUCK\x00\x00", "", "DuckDB"},
		"control bytes":     {"\x01\x02\x03\x04abc", "", "control"},
	} {
		d := ingest.Detect([]byte(c.head))
		if d.Format != c.format || !strings.Contains(d.Why, c.why) {
			t.Errorf("%s: %+v", name, d)
		}
	}
	d := ingest.Detect([]byte(combinedLog(5, true)))
	if got := strings.Join(d.Columns, " "); got != "host request_time upstream_response_time upstream_addr upstream_status request_id" {
		t.Errorf("columns %q", got)
	}
}
