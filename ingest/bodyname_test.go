package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func TestBodyNames(t *testing.T) {
	f := func(name string, rule ingest.BodyName, file, content, want string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			if err := rule.Check(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "in", file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			writeFile(t, path, []byte(content))
			if err := os.Chtimes(path, time.Time{}, time.Unix(1772612102, 0)); err != nil {
				t.Fatal(err)
			}
			src, err := ingest.Open(context.Background(), ingest.Config{Bindings: vendors(), BodyNames: []ingest.BodyName{rule}}, ingest.Input{Path: path}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			rows, ends := ingesttest.Drain(t, src, 2, 0)
			checkRows(t, rows, want)
			if ends[0].Lines != 1 || ends[0].Offset != int64(len(content)) {
				t.Errorf("%+v", ends[0])
			}
		})
	}
	rule := func(name string) ingest.BodyName { return ingest.BodyName{Files: "in/*", Name: name} }
	f("host, status, id", rule("{host}_{status}_{request_id}.json"), "API.example.com_429_req_1.json", "{\"error\":1}\n",
		`1@0 body host=api.example.com status=429 request_id=req_1 body="{\"error\":1}" outbound`)
	f("a path with blanks for slashes", rule("{method}-{host}-{path}-{status}-{time:epoch}"), "get-api.example.com-v2%2Fa%3Fb=c-000-1772612102118", "x",
		`1@0 body time=2026-03-04T08:15:02.118Z method=GET host=api.example.com path=/v2/a query=b=c status=0 body=x outbound`)
	f("vendor and trace", rule("{vendor}.{trace_id}.{*}.{status}"), "acme.0af7651916cd43dd8448eb211c80319c.x.y.500", "x",
		`1@0 body status=500 trace=0af7651916cd43dd8448eb211c80319c vendor=acme body=x outbound`)
	for _, at := range []string{"2026-03-04T08-15-02.118Z", "20260304T081502118", "2026-03-04_08-15-02_118", "2026-03-04T09:15:02.118+01:00", "2026-03-04T09-15-02-118Z"} {
		want := "2026-03-04T08:15:02.118Z"
		if strings.HasPrefix(at[11:], "09-") {
			want = "2026-03-04T09:15:02.118Z"
		}
		f("time "+at, rule("{time}.{status}"), at+".404", "x", `1@0 body time=`+want+` status=404 body=x outbound`)
	}
	f("the file's own time, an address, a whole response", ingest.BodyName{Files: "*.http", Name: "{request_id}.http", URL: "https://{request_id}.example.com/a", Method: "put", ModTime: true},
		"r1.http", "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\nslow\r\n",
		`1@0 body time=2026-03-04T08:15:02.000000000Z method=PUT scheme=https host=r1.example.com path=/a target=https://r1.example.com/a version=1.1 status=503 request_id=r1 < Retry-After=9 body=slow outbound`)
	f("no text", ingest.BodyName{Files: "*", Name: "{status}", Host: "H.example:1"}, "502", "\x89PNG\x00", `1@0 body host=h.example status=502 outbound`)
	f("another name", rule("{host}_{status}.json"), "readme.json", "{}", `1@0 body reject=document raw="the name readme.json is not {host}_{status}.json"`)
	f("no status", rule("{status}.json"), "99.json", "{}", `1@0 body reject=document raw="the name 99.json is not {status}.json"`)
	f("a name that takes long", rule(strings.Repeat("{*}a", 14)), strings.Repeat("a", 120)+"b", "{}", `1@0 body reject=document raw="the name `+strings.Repeat("a", 120)+`b is not `+strings.Repeat("{*}a", 14)+`"`)
}

func TestBodyNameCheck(t *testing.T) {
	for rule, wrong := range map[ingest.BodyName]string{
		{Name: "x"}:                                    "needs files and name",
		{Files: "[", Name: "x"}:                        "syntax error",
		{Files: "*", Name: "{what}"}:                   "no placeholder {what}",
		{Files: "*", Name: "{host"}:                    "no placeholder {host",
		{Files: "*", Name: "{host}", URL: "{status}"}:  "the name has not",
		{Files: "*", Name: strings.Repeat("{*}a", 20)}: "more than",
	} {
		if err := rule.Check(); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%+v: %v, want %s", rule, err, wrong)
		}
	}
}

// TestBodyIdentity proves that two calls with the same body are two sources.
func TestBodyIdentity(t *testing.T) {
	dir := t.TempDir()
	var hashes [][32]byte
	for _, name := range []string{"500_a", "500_b"} {
		path := filepath.Join(dir, name)
		writeFile(t, path, []byte("down"))
		cfg := ingest.Config{BodyNames: []ingest.BodyName{{Files: "*", Name: "{status}_{request_id}"}}}
		src, err := ingest.Open(context.Background(), cfg, ingest.Input{Path: path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, ends := ingesttest.Drain(t, src, 1, 0)
		hashes = append(hashes, ends[0].SHA256)
		known := []ingest.Known{{Bytes: 4, SHA256: hashes[0]}}
		src.Close()
		again, err := ingest.Open(context.Background(), cfg, ingest.Input{Path: path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		found, err := again.Match(context.Background(), known)
		if want := len(hashes) == 1; err != nil || found == 0 != want {
			t.Errorf("%s: %d %v", name, found, err)
		}
		again.Close()
	}
	if hashes[0] == hashes[1] {
		t.Error("two names have one identity")
	}
}
