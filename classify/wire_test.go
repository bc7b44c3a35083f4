package classify

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// wirePack reads codes from everywhere a response can keep them.
const wirePack = `pack: wired
version: "1"
title: Wired
hosts: [{host: api.wired.example}]
envelopes:
  - {name: query-xml, requires: [ErrorResponse.Error.Code], code: [ErrorResponse.Error.Code], message: [ErrorResponse.Error.Message], type: [ErrorResponse.@kind]}
  - {name: typed, requires: [__type], code: [__type], message: [message], code_after: "#", code_before: ":"}
  - {name: details, requires: [error.details], code: ["error.details[@type=rpc.ErrorInfo].reason", error.status], message: [error.message]}
  - {name: batch, requires: [results], code: ["results[status>=400].code"], status: ["results[status>=400].status"], failure_when: {field: "results[status>=400].status", at_least: 400}}
  - {name: fields, requires: [errors.*.0], message: [errors.*.0]}
  - {name: stream, requires: [$event, text], message: [text], type: [$event]}
  - {name: form, requires: [oops], code: [oops], message: [oops_description], failure_when: {field: oops, exists: true}}
  - {name: challenge, requires: ["header:www-authenticate.error"], code: ["header:www-authenticate.error"], message: ["header:www-authenticate.error_description"]}
limits:
  - {name: requests, limit: header:wired-limit, remaining: header:wired-left, reset: header:wired-reset, reset_unit: duration}
  - {name: daily, kind: quota, pair: header:wired-day, reset: header:wired-day-ends, reset_unit: epoch_s, period: day}
wait:
  - {from: error.retry_in_ms, unit: ms}
  - {from: "error.details[@type=rpc.RetryInfo].retryDelay", unit: duration}
rules:
  - {id: listed, match: {code: [ONE, TWO]}, label: {category: conflict, retry: never, fault: caller}}
  - {id: one-at-503, match: {code: ONE, status: 503}, label: {category: unavailable, retry: backoff, fault: vendor}}
  - {id: busy, match: {code: BUSY}, label: {category: rate_limit, retry: backoff, fault: caller}}
  - {id: spent, match: {code: SPENT}, label: {category: quota, retry: next_period, fault: account}}
  - {id: drained, match: {status: 403, where: [{field: header:wired-left, equals: "0"}]}, label: {category: rate_limit, retry: backoff, fault: caller}}
  - {id: slow-down, match: {message: ["Slow down, come back in {wait}.", "{who:word} must wait {wait_s:int} seconds."]}, label: {category: rate_limit, retry: backoff, fault: caller}}
  - {id: phrase, match: {contains: [rate cap, Too Hasty]}, label: {category: rate_limit, retry: backoff, fault: caller}}
status:
  - {status: 403, label: {category: permission, retry: fix_account, fault: account}}
  - {status: 418, id: tea, where: [{field: header:wired-tea, not_equals: coffee}], label: {category: unsupported, retry: never, fault: vendor}}
`

// TestWire holds where in a response a pack can read.
func TestWire(t *testing.T) {
	set := load(t, writePack(t, "wired.yaml", wirePack))
	l := NewEngine(set, nil, true).NewLabeler()
	for _, c := range []struct {
		name    string
		status  int
		headers []record.Header
		body    string
		want    []string
	}{
		{"XML with prefix, attribute, CDATA and references", 400, nil,
			`<?xml version="1.0"?><!-- <Code>NO</Code> --><w:ErrorResponse xmlns:w="urn:w" w:kind="a&amp;b"><w:Error><w:Code>TWO</w:Code><Message><![CDATA[a < b]]></Message></w:Error></w:ErrorResponse>`,
			[]string{"code TWO", "type a&b", "message a < b", "rule wired/listed", "confidence exact"}},
		{"XML that is cut off", 400, nil, `<ErrorResponse><Error><Code>ONE</Code><Message>half a mess`, []string{"code ONE", "message half a mess"}},
		{"code between # and :", 400, nil, `{"__type":"com.wired#TWO:http://wired.example/","message":"m"}`, []string{"code TWO", "rule wired/listed"}},
		{"more conditions win", 503, nil, `{"__type":"ONE"}`, []string{"rule wired/one-at-503"}},
		{"element of a list by its type", 429, nil, `{"error":{"status":"BAD","details":[{"@type":"type.googleapis.com/rpc.Help","reason":"no"},{"@type":"type.googleapis.com/rpc.ErrorInfo","reason":"BUSY"},{"@type":"type.googleapis.com/rpc.RetryInfo","retryDelay":"3.5s"}]}}`,
			[]string{"code BUSY", "retry after_reset", "retry_after_s 3.5", "retry_source body:error.details[@type=rpc.RetryInfo].retryDelay"}},
		{"without that element the next place counts", 400, nil, `{"error":{"status":"TWO","details":[{"@type":"rpc.Help"}]}}`, []string{"code TWO"}},
		{"success with a failed item", 207, nil, `{"results":[{"status":200},{"status":409,"code":"TWO"}]}`, []string{"failure true", "code TWO", "body_status 409"}},
		{"success without a failed item", 207, nil, `{"results":[{"status":200},{"status":201}]}`, []string{"failure false"}},
		{"first member of any name", 422, nil, `{"errors":{"name":["is too short","no"],"age":["x"]}}`, []string{"message is too short"}},
		{"stream under success", 200, nil, "event: start\ndata: {\"text\":\"hello\"}\n\n: ping\n\nevent: error\ndata: {\"text\":\"Too hasty\"}\n\n",
			[]string{"failure true", "type error", "message Too hasty", "rule wired/phrase"}},
		{"stream without failure", 200, nil, "data: {\"text\":\"an error is discussed\"}\n\ndata: [DONE]\n\n", []string{"failure false"}},
		{"form under success", 200, nil, "oops=ONE&oops_description=it+is+%22so%22&scope=", []string{"failure true", "code ONE", `message it is "so"`}},
		{"challenge", 401, headers("www-authenticate", `Bearer realm="a, b", error="TWO", error_description="gone"`), "", []string{"code TWO", "message gone", "rule wired/listed"}},
		{"condition on a header", 403, headers("wired-left", "0", "wired-reset", "1m30s", "wired-limit", "50"), "",
			[]string{"category rate_limit", "retry after_reset", "retry_after_s 90", "retry_source header:wired-reset", "quota.name requests", "quota.limit 50", "quota.remaining 0", "confidence hint"}},
		{"condition that does not hold", 403, headers("wired-left", "1"), "", []string{"category permission", "confidence status", "retry_after_s -1"}},
		{"condition on a row", 418, headers("wired-tea", "green"), "", []string{"rule wired/tea"}},
		{"condition on a row that is not there", 418, nil, "", []string{"category unknown"}},
		{"wait in words", 429, nil, `{"__type":"X","message":"Slow down, come back in 1 hour and 5 minutes"}`, []string{"rule wired/slow-down", "retry_after_s 3900", "retry_source message"}},
		{"template that begins with a hole", 429, nil, `{"__type":"X","message":"You must wait 12 seconds"}`, []string{"rule wired/slow-down", "retry_after_s 12"}},
		{"phrase at the beginning of a word", 429, nil, `{"__type":"X","message":"your rate caps"}`, []string{"rule wired/phrase"}},
		{"phrase inside a word", 400, nil, `{"__type":"X","message":"a pirate cap"}`, []string{"category validation"}},
		{"wait in a member", 429, nil, `{"error":{"retry_in_ms":1500,"status":"BUSY","details":[]}}`, []string{"retry_after_s 1.5", "retry_source body:error.retry_in_ms"}},
		{"allowance on a success", 200, headers("wired-day", "39/40", "wired-left", "7", "wired-day-ends", "1781827200"), "",
			[]string{"failure false", "quota.name daily", "quota.used 39", "quota.limit 40", "quota.remaining 1", "quota.period 2026-06-18"}},
		{"a spent allowance says when it is back", 429, headers("wired-day", "40/40", "wired-left", "0", "wired-reset", "3s", "wired-day-ends", "1781827200"), `{"__type":"SPENT"}`,
			[]string{"category quota", "retry next_period", "quota.name daily", "quota.remaining 0", "retry_at 2026-06-19T00:00:00Z"}},
		{"text in UTF-16", 400, nil, "\xff\xfe{\x00\"\x00_\x00_\x00t\x00y\x00p\x00e\x00\"\x00:\x00\"\x00T\x00W\x00O\x00\"\x00}\x00", []string{"code TWO"}},
		{"JSON behind a guard", 400, nil, ")]}',\n{\"__type\":\"TWO\"}", []string{"code TWO"}},
		{"JSON that is only a string", 400, nil, `"it said \"no\""`, []string{`message it said "no"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := call(t, "POST", "https://api.wired.example/v1/things", c.status, c.headers, c.body)
			var out record.Label
			l.Label(r, &out)
			for i, w := range c.want {
				if rule, ok := strings.CutPrefix(w, "rule "); ok {
					if out.Rule != rule {
						t.Errorf("rule: want %q, got %q", rule, out.Rule)
					}
					c.want[i] = "vendor wired"
				}
			}
			expect(t, out, c.want...)
		})
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]float64{"6m0s": 360, "20 seconds": 20, "1 hour and 5 minutes": 3900, "PT1M30S": 90, "12": 12, "250ms": 0.25, "1d 2h": 93600, "1 min, 2 sec": 62, "0.5s": 0.5} {
		if got, ok := parseDuration([]byte(in)); !ok || got != want {
			t.Errorf("%q: got %g %t, want %g", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "soon", "5 parsecs", "5", "s", "-3s", "1h x"} {
		if got, ok := parseDuration([]byte(in)); ok && in != "5" {
			t.Errorf("%q: got %g, want none", in, got)
		}
	}
}
