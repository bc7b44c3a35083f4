package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/errscope/errscope/cmd/errscope/demo"
	"github.com/errscope/errscope/record"
)

func demoTruth(t *testing.T) demo.Truth {
	t.Helper()
	text, err := os.ReadFile("../../testdata/demo.truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth demo.Truth
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	return truth
}

// answers runs a query and gives its rows as objects.
func answers(t *testing.T, dir, db, query string) []map[string]any {
	t.Helper()
	out, _ := runs(t, dir, 0, "sql", "--db", db, "--format", "json", query)
	var rows []map[string]any
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return rows
}

// TestDemoTruth loads the demonstration and compares the database with what
// its maker says is in it, file by file and label by label. The vendor without a
// pack is known by its hosts.
func TestDemoTruth(t *testing.T) {
	dir, truth := t.TempDir(), demoTruth(t)
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	for _, f := range truth.Files {
		rows := answers(t, dir, "t.duckdb", "SELECT lines, records, rejected, ignored, duplicates FROM sources WHERE path LIKE '%/"+f.Path+"'")
		want := fmt.Sprint([]map[string]any{{"lines": float64(f.Lines), "records": float64(f.Records),
			"rejected": float64(f.Rejected), "ignored": float64(f.Ignored), "duplicates": float64(0)}})
		if got := fmt.Sprint(rows); got != want {
			t.Errorf("%s: the ledger says %s, the truth %s", f.Path, got, want)
		}
	}
	compared := 0
	for _, v := range truth.Vendors {
		compared++
		compareVendor(t, dir, &v)
	}
	if compared != 5 {
		t.Errorf("%d vendors compared, want 5", compared)
	}
	rows := answers(t, dir, "t.duckdb", "SELECT code, count(*) AS n FROM failures WHERE direction = 'callback' GROUP BY code")
	got := map[string]int64{}
	for _, row := range rows {
		got[row["code"].(string)] = int64(row["n"].(float64))
	}
	if fmt.Sprint(got) != fmt.Sprint(truth.Callbacks.ByError) {
		t.Errorf("failed callbacks:\n got %v\nwant %v", got, truth.Callbacks.ByError)
	}
}

// compareVendor compares what the database says of one vendor with the truth.
func compareVendor(t *testing.T, dir string, v *demo.VendorTruth) {
	t.Helper()
	whose := "vendor = '" + v.Vendor + "'"
	if v.Vendor == record.VendorGeneric {
		whose = "host IN ('" + strings.Join(v.Hosts, "', '") + "')"
	}
	for column, want := range map[string]map[string]int64{"category": v.ByCategory, "retry": v.ByRetry, "fault": v.ByFault, "code": v.ByCode} {
		got := map[string]int64{}
		for _, row := range answers(t, dir, "t.duckdb", "SELECT "+column+" AS k, count(*) AS n FROM failures WHERE "+whose+" AND k IS NOT NULL GROUP BY k") {
			got[row["k"].(string)] = int64(row["n"].(float64))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s by %s:\n got %v\nwant %v", v.Vendor, column, got, want)
		}
	}
	rows := answers(t, dir, "t.duckdb", "SELECT count(*) AS requests, count(*) FILTER (benign) AS benign FROM requests WHERE "+whose)
	if rows[0]["requests"] != float64(v.Requests) || rows[0]["benign"] != float64(v.Benign) {
		t.Errorf("%s: %v, want %d requests and %d benign", v.Vendor, rows[0], v.Requests, v.Benign)
	}
}

// TestNoSecretLeaves plants the demonstration's secrets and looks for them
// wherever errscope puts something: the tables as text, the files as bytes,
// reports, parse, and stderr.
func TestNoSecretLeaves(t *testing.T) {
	dir, truth := t.TempDir(), demoTruth(t)
	if len(truth.Secrets) < 10 {
		t.Fatalf("only %d secrets are planted", len(truth.Secrets))
	}
	logs := demoLogs(t)
	found := func(where string, text []byte) {
		for _, s := range truth.Secrets {
			if bytes.Contains(text, []byte(s)) {
				t.Errorf("%s holds the secret %q", where, s)
			}
		}
	}
	run := func(args ...string) {
		out, errs := runs(t, dir, 0, args...)
		found("stdout of "+strings.Join(args, " "), []byte(out))
		found("stderr of "+strings.Join(args, " "), []byte(errs))
	}
	run("ingest", "--db", "t.duckdb", "--keep", "full", logs)
	for _, table := range []string{"requests", "failures", "rejects", "sources"} {
		run("sql", "--db", "t.duckdb", "--format", "jsonl", "SELECT * FROM "+table)
	}
	run("parse", logs)
	for _, format := range []string{"text", "md", "json", "csv", "html"} {
		run("report", "overview", "--db", "t.duckdb", "--format", format)
		run("report", "failures", "--db", "t.duckdb", "--format", format)
	}
	run(logs)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found(path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// The test must be able to fail: with --no-redact every secret is there.
	out, _ := runs(t, dir, 0, "parse", "--no-redact", logs)
	for _, s := range truth.Secrets {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, s) && !strings.Contains(out, string(quoted[1:len(quoted)-1])) {
			t.Errorf("secret %q is not in the input as it is read", s)
		}
	}
}
