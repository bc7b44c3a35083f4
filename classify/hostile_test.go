package classify

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

func gzipped(t testing.TB, b []byte) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHostileBodies feeds what an attacker or a broken capture may hold; each
// label stays within its bounds and says what can be said.
func TestHostileBodies(t *testing.T) {
	deep := strings.Repeat(`{"error":`, 1_000_000)
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"a million open objects", deep, []string{"category server"}},
		{"a million open arrays", strings.Repeat("[", 1_000_000), []string{"category server"}},
		{"deep and closed", deep + "1" + strings.Repeat("}", 1_000_000), []string{"category server"}},
		{"not a number", `{"error":{"code":NaN,"message":"m"}}`, []string{"category server"}},
		{"invalid UTF-8", "{\"error\":{\"code\":\"A\xff\",\"message\":\"b\xfe\xfd\"}}", []string{"category server"}},
		{"a plain text of no UTF-8", "\xff\xfe\xfa broken", []string{"category server"}},
		{"NUL bytes", "\x00\x00\x00", []string{"category server"}},
		{"lone surrogate", `{"message":"\ud800"}`, []string{"message \uFFFD"}},
		{"a code that is a book", `{"code":"` + strings.Repeat("A", 1<<20) + `","message":"m"}`, []string{"code ", "category server"}},
		{"a message that is a book", `{"message":"` + strings.Repeat("\u00e4", 1<<18) + `"}`, []string{"vendor generic"}},
		{"a number that is a book", `{"title":"t","status":` + strings.Repeat("9", 1<<16) + `}`, []string{"body_status 0"}},
		{"a status that is none", `{"title":"t","status":99999}`, []string{"body_status 0"}},
		{"negative usage", `{"success":false,"message":"x","usage":{"limit":-5,"current":"none"}}`, []string{"quota.limit -1", "quota.used -1"}},
		{"many members", "{" + strings.Repeat(`"message":"m",`, 1<<16) + `"x":1}`, []string{"message m"}},
		{"gzip", gzipped(t, []byte(`{"error":{"code":"A","message":"m"}}`)), []string{"code A"}},
		{"gzip bomb", gzipped(t, bytes.Repeat([]byte(" "), 200<<20)), []string{"category server"}},
		{"gzip that is cut off", gzipped(t, []byte(`{"error":{"code":"A","message":"m"}}`))[:30], []string{"category server"}},
		{"gzip that is none", "\x1f\x8b\x08 no", []string{"category server"}},
		{"terminal escapes stay text", `{"message":"\u001b[31mred"}`, []string{"message \x1b[31mred"}},
		{"an endless page", "<title" + strings.Repeat(" a", 1<<19), []string{"message "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := label(t, acme(t, 500, nil, c.body))
			expect(t, out, append(c.want, "failure true")...)
			wellFormed(t, &out)
		})
	}
}

// wellFormed checks what every label promises, whatever came in.
func wellFormed(t testing.TB, out *record.Label) {
	t.Helper()
	texts := []string{out.Code, out.Type, out.Message, out.RequestID, out.Quota.Name, out.Quota.Tier, out.Quota.Period, out.RetrySource}
	for _, s := range append(texts, out.Evidence...) {
		if !utf8.ValidString(s) {
			t.Errorf("not UTF-8: %q", s)
		}
	}
	if len(out.Message) > 3*MessageBytesMax || len(out.Code) > 3*codeBytesMax || len(out.Type) > 3*codeBytesMax {
		t.Errorf("unbounded: message %d, code %d, type %d bytes", len(out.Message), len(out.Code), len(out.Type))
	}
	if out.Outage != record.IsOutage(out.Category, out.Retry) {
		t.Errorf("outage %v with %s and %s", out.Outage, out.Category, out.Retry)
	}
	if out.Failure && (out.Category == "" || out.Retry == "" || out.Fault == "" || out.Confidence == "" || out.Rule == "" || out.Vendor == "") {
		t.Errorf("a failure with gaps: %+v", out)
	}
	if !out.Failure && (out.Category != "" || out.Rule != "" || out.Outage || out.Benign) {
		t.Errorf("a success with a failure's fields: %+v", out)
	}
}

// TestInternTableIsBounded labels more distinct texts than the table holds.
func TestInternTableIsBounded(t *testing.T) {
	l := NewEngine(load(t), nil, false).NewLabeler()
	var out record.Label
	for i := range 3 * internEntriesMax {
		code := fmt.Sprintf("CODE_%d", i)
		l.Label(acme(t, 400, nil, `{"code":"`+code+`","message":"m"}`), &out)
		if out.Code != code {
			t.Fatalf("code %q, want %q", out.Code, code)
		}
	}
	if len(l.seen) > internEntriesMax {
		t.Errorf("%d interned texts", len(l.seen))
	}
}

// TestSuccessBodyIsReadToItsLimit hides a failure behind the limit.
func TestSuccessBodyIsReadToItsLimit(t *testing.T) {
	body := `{"rows":"` + strings.Repeat("x", SuccessBodyBytesMax) + `","success":false,"message":"Missing API key"}`
	expect(t, label(t, carsxe(t, "/specs", 200, body)), "failure false")
	expect(t, label(t, carsxe(t, "/specs", 400, body)), "failure true", "code missing_api_key")
}

func FuzzLabel(f *testing.F) {
	const js = "application/json"
	f.Add(429, "retry-after", "30", js, []byte(limitBody))
	f.Add(200, "x-ratelimit-reset", "1, 1419704", js, []byte(`{"errors":[{"code":"A","status":"409"}]}`))
	f.Add(500, "ratelimit", `"a";r=0;t=1`, "text/html", []byte("<html><title>x"))
	f.Add(0, "date", "Thu, 18 Jun 2026 09:30:00 GMT", "", []byte("\x1f\x8b\x08"))
	f.Add(503, "x-amzn-errortype", "SlowDown:http://x.example/", "text/xml", []byte(`<?xml version="1.0"?><a:Error xmlns:a="u" Code="&lt;"><Code>SlowDown</Code><Message><![CDATA[<x>]]></Message>`))
	f.Add(500, "www-authenticate", `Basic realm="a, b", Bearer error="invalid_token"`, "application/soap+xml", []byte("<e:Envelope><e:Body><e:Fault><faultcode>e:Client</faultcode></e:Fault></e:Body></e:Envelope>"))
	f.Add(400, "grpc-message", "a%20b%", "application/x-www-form-urlencoded", []byte("error=invalid_grant&error_description=it+is+%22so%22&x=%"))
	f.Add(200, "grpc-status", "7", "text/event-stream", []byte("event: error\r\ndata: {\"code\":\"A\",\r\ndata: \"message\":\"m\"}\r\n\r\nid: 1\n\n"))
	f.Add(400, "x-should-retry", "false", js+"; charset=utf-16", []byte(utf16Text(`{"code":"A","message":"m"}`)))
	f.Add(404, "x-github-request-id", "r", js, []byte(gzipped(f, []byte(`{"message":"Not Found","documentation_url":"https://docs.github.com/rest"}`))))
	f.Add(429, "x-ratelimit-reset", "6m0s", js, []byte(zipped(f, []byte(`[{"error":{"code":429,"details":[{"@type":"google.rpc.RetryInfo","retryDelay":"3.5s"}]}}]`))))
	f.Add(200, "retry-after-ms", "1e9", js, []byte(`{"responses":[{"status":429,"body":{}}],"errors":{"a":["b"]},"status":"fail","data":{"x":[]}}`))
	set, err := shipped()
	if err != nil {
		f.Fatal(err)
	}
	hosts := []string{"api.carsxe.com", "api.acme.example", "api.github.com", "sqs.eu-west-1.amazonaws.com"}
	l, fresh := NewEngine(set, nil, true).NewLabeler(), NewEngine(set, nil, true)
	f.Fuzz(func(t *testing.T, status int, name, value, contentType string, body []byte) {
		for _, host := range hosts {
			r := call(t, "GET", "https://"+host+"/images?key=k", status, headers("content-type", contentType, name, value, name, value+", x"), string(body))
			var out, again record.Label
			l.Label(r, &out)
			wellFormed(t, &out)
			// What came before may change nothing.
			fresh.NewLabeler().Label(r, &again)
			if again.Failure != out.Failure || again.Rule != out.Rule || again.Code != out.Code || again.Message != out.Message || again.Vendor != out.Vendor || !again.RetryAt.Equal(out.RetryAt) {
				t.Errorf("a fresh look differs: %+v, %+v", out, again)
			}
		}
	})
}

// smallGlobal is a global pack with one row and one word.
const smallGlobal = `pack: global
version: "1"
title: Small
envelopes: [{name: e, requires: [code], code: [code], message: [message]}]
rules: [{id: word, match: {code: [not_found]}, label: {category: not_found, retry: never, fault: caller}}]
status: [{status: other, id: unknown, label: {category: unknown, retry: unknown, fault: unknown}}]
`

// FuzzPack reads, compiles and uses whatever a pack may hold: a pack without a
// fault labels, and its labels keep their promises.
func FuzzPack(f *testing.F) {
	f.Add([]byte(orderPack), []byte("-- code/a --\nHTTP/1.1 400\n\n{}"))
	f.Add([]byte(wirePack), []byte("-- listed/a --\nHTTP/1.1 400\nwired-left: 0\n\n{\"__type\":\"ONE\"}"))
	f.Add([]byte("pack: a\nversion: &x 1\ntitle: *x\n"), []byte(""))
	f.Add([]byte("[[[[{{{{? ? ? - - -"), []byte("-- a --\nwant: x\n"))
	f.Add([]byte("pack: p\nversion: \"1\"\ntitle: P\nhosts: [{host: h.example}]\nenvelopes:\n  - {name: e, requires: [\"a[b>=1].*.0\"], code: [\"[c=d].e\", \"header:x.y\"], failure_when: {field: \"$event\", at_least: 1e308}}\n"), []byte(""))
	// The shipped global pack takes too long to compile for each input.
	global := fstest.MapFS{"pack.yaml": {Data: []byte(smallGlobal)}}
	bodies := []string{"", `{"error":{"code":"A","message":"m"},"a":[{"b":2,"c":["x"]}]}`, `[{"c":"d","e":"F"}]`, "<Error><Code>A</Code></Error>", "event: error\ndata: {\"a\":1}\n\n"}
	f.Fuzz(func(t *testing.T, pack, samples []byte) {
		bad := &faults{}
		for _, s := range readSamples(newDocument("fuzz/samples.txtar", samples), bad) {
			s.record("host.example", bad)
		}
		if len(pack) > 64<<10 {
			return // a big pack takes its time, and shows nothing that a small one does not
		}
		set, _, bad, err := build(t.Context(), []packSource{
			{fsys: global, pack: "pack.yaml", shown: "global/pack.yaml"},
			{fsys: fstest.MapFS{"pack.yaml": &fstest.MapFile{Data: pack}}, pack: "pack.yaml", shown: "fuzz/pack.yaml"},
		})
		if err != nil || len(bad.list) > 0 {
			return
		}
		l := NewEngine(set, nil, true).NewLabeler()
		for _, p := range set.Packs() {
			for _, body := range bodies {
				for _, status := range []int{200, 207, 400, 503} {
					r := call(t, "GET", "https://h.example/v1", status, headers("x", `y="z"`, "retry-after", "3"), body)
					r.Vendor = []byte(p.Name())
					var out record.Label
					l.Label(r, &out)
					wellFormed(t, &out)
				}
			}
		}
	})
}
