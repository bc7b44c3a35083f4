package classify

import (
	"testing"

	"github.com/errscope/errscope/record"
)

// orderPack has a rule at every level, so that the order shows.
const orderPack = `pack: shop
version: "1"
title: Shop
hosts: [{host: "*.shop.example"}, {host: shared.example, path: /shop/}]
headers: [x-shop-]
callback: {code: error, message: error_description, paths: [/back/from/shop]}
request_id: ["body:id", "header:x-shop-id"]
envelopes:
  - {name: fault, requires: [fault], type: [fault.type], code: [fault.code], message: [fault.text], status: [fault.status], hint: [fault.hint.type, fault.hint]}
rules:
  - {id: type-code, match: {type: STOCK, code: LIMIT}, label: {category: state, retry: after_state_change, fault: resource}}
  - {id: code, match: {code: LIMIT}, label: {category: rate_limit, retry: backoff, fault: caller}}
  - {id: code-status, match: {code: LIMIT, status: 403}, label: {category: billing, retry: fix_account, fault: account}}
  - {id: code-message, match: {code: LIMIT, message: "Storage is full"}, label: {category: quota, retry: fix_account, fault: account}}
  - {id: short, match: {message: "No {thing}"}, label: {category: not_found, retry: never, fault: none}}
  - {id: long, match: {message: "No {thing} in {place}"}, label: {category: not_found, retry: fix_request, fault: caller}}
  - {id: pattern, match: {pattern: '^(?i)ticket (?P<code>T-\d+) (?:failed|broke)$'}, label: {category: server, retry: backoff, fault: vendor}}
  - {id: hint-later, match: {hint: RETRY_LATER}, label: {retry: backoff}}
  - {id: hint-later-500, match: {hint: RETRY_LATER, status: 500}, label: {retry: backoff_once}}
  - {id: type, match: {type: STOCK}, label: {category: conflict, retry: never, fault: caller}}
status:
  - {status: 400, label: {category: validation, retry: fix_request, fault: caller, action: row}}
  - {status: 409, candidates: [short, long], label: {category: unknown}}
  - {status: 5xx, label: {category: upstream}}
`

func TestOrder(t *testing.T) {
	set := load(t, writePack(t, "pack.yaml", orderPack))
	l := NewEngine(set, nil, true).NewLabeler()
	for _, c := range []struct {
		name   string
		status int
		body   string
		rule   string
		want   []string
	}{
		{"type and code", 400, `{"fault":{"type":"STOCK","code":"LIMIT","text":"No pears","hint":"RETRY_LATER"}}`, "shop/type-code", []string{"confidence exact"}},
		{"code in any case, shown as it came", 400, `{"fault":{"type":"Stock","code":"Limit","text":"x"}}`, "shop/type-code", []string{"code Limit", "type Stock"}},
		{"code of another type", 400, `{"fault":{"type":"OTHER","code":"LIMIT","text":"No pears"}}`, "shop/code", []string{"confidence exact"}},
		{"code with its status", 403, `{"fault":{"code":"LIMIT"}}`, "shop/code-status", nil},
		{"code with its message", 400, `{"fault":{"code":"LIMIT","text":"storage is FULL."}}`, "shop/code-message", []string{"category quota"}},
		{"message", 400, `{"fault":{"code":"NEWS","text":"No pears"}}`, "shop/short", []string{"confidence message", "code NEWS"}},
		{"longest message", 400, `{"fault":{"text":"No pears in the basket"}}`, "shop/long", nil},
		{"message before hint", 500, `{"fault":{"text":"No pears","hint":"RETRY_LATER"}}`, "shop/short", nil},
		{"pattern with a code", 500, `{"fault":{"text":"TICKET T-17 broke"}}`, "shop/pattern", []string{"code T-17", "confidence message"}},
		{"hint as a text", 400, `{"fault":{"code":"NEWS","hint":"RETRY_LATER"}}`, "shop/hint-later", []string{"confidence hint", "category validation", "retry backoff", "fault caller"}},
		{"hint as an object, with its status", 500, `{"fault":{"code":"NEWS","hint":{"type":"RETRY_LATER"}}}`, "shop/hint-later-500", []string{"retry backoff_once", "category upstream", "fault vendor"}},
		{"hint before type", 400, `{"fault":{"type":"STOCK","hint":"RETRY_LATER"}}`, "shop/hint-later", nil},
		{"type alone", 400, `{"fault":{"type":"STOCK","code":null}}`, "shop/type", []string{"category conflict", "code "}},
		{"unknown code keeps its text", 400, `{"fault":{"code":"NEWS","text":"what"}}`, "shop/status-400", []string{"code NEWS", "message what", "confidence status"}},
		{"status row", 400, ``, "shop/status-400", []string{"confidence status"}},
		{"ambiguous row", 409, ``, "shop/status-409", []string{"confidence ambiguous", "category unknown", "retry never"}},
		{"class row, filled from the status table", 503, ``, "shop/status-5xx", []string{"category upstream", "retry backoff", "fault vendor", "confidence status"}},
		{"status table", 404, ``, "global/status-404", []string{"confidence generic", "category not_found"}},
		{"the body's status decides the class", 200, `{"fault":{"code":"NEWS","status":"400"}}`, "", []string{"failure false"}},
		{"the body's status against the wire's", 500, `{"fault":{"code":"NEWS","status":"400"}}`, "shop/status-400", []string{"body_status 400", "category validation", "outage false"}},
		{"an envelope that the pack does not know", 400, `{"message":"hm"}`, "shop/status-400", []string{"message hm", "vendor shop"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out record.Label
			l.Label(call(t, "GET", "https://api.shop.example/v1/pears", c.status, nil, c.body), &out)
			if out.Rule != c.rule {
				t.Errorf("rule %q, want %q (%q)", out.Rule, c.rule, out.Evidence)
			}
			expect(t, out, append(c.want, "vendor shop")...)
		})
	}
}

// TestVendorByHeaderAndPath has a host that several vendors share.
func TestVendorByHeaderAndPath(t *testing.T) {
	set := load(t, writePack(t, "pack.yaml", orderPack))
	l := NewEngine(set, nil, true).NewLabeler()
	var out record.Label
	l.Label(call(t, "GET", "https://shared.example/shop/v1", 400, nil, ""), &out)
	expect(t, out, "vendor shop")
	l.Label(call(t, "GET", "https://shared.example/other/v1", 400, nil, ""), &out)
	expect(t, out, "vendor unknown")
	l.Label(call(t, "GET", "https://shared.example/other/v1", 400, headers("X-Shop-Trace", "1"), ""), &out)
	expect(t, out, "vendor shop", "category validation")
	l.Label(call(t, "GET", "https://shared.example/other/v1", 200, headers("X-Shop-Id", "i-1"), ""), &out)
	expect(t, out, "vendor shop", "request_id i-1", "failure false")
	// A header of one vendor and an address of another: nobody leads by enough.
	l.Label(call(t, "GET", "https://shared.example/x", 400, headers("X-Shop-Trace", "1"), `{"message":"see https://carsxe.com/docs"}`), &out)
	expect(t, out, "vendor generic")
	l.Label(call(t, "GET", "https://a.shop.example/x", 400, headers("x-shop-id", "h"), `{"fault":{"code":"A"},"id":"b"}`), &out)
	expect(t, out, "request_id b")
}

// TestCallback reads errors that a vendor sends through the user's browser.
func TestCallback(t *testing.T) {
	set := load(t, writePack(t, "pack.yaml", orderPack))
	l := NewEngine(set, nil, true).NewLabeler()
	for _, c := range []struct {
		target string
		status int
		want   []string
	}{
		{"https://app.example/connect/shop/callback?error=LIMIT&error_description=Storage%20is+full&state=x", 302,
			[]string{"vendor shop", "failure true", "code LIMIT", "message Storage is full", "category quota"}},
		{"https://app.example/back/from/shop?error=news", 200, []string{"vendor shop", "failure true", "code news", "category unknown"}},
		{"https://app.example/connect/shop/callback?code=redacted&state=x", 302, []string{"vendor shop", "failure false"}},
		{"https://app.example/connect/shop/callback?error=", 302, []string{"failure false"}},
		{"https://app.example/connect/other/callback?error=LIMIT", 302, []string{"vendor unknown", "failure false"}},
	} {
		r := call(t, "GET", c.target, c.status, nil, "")
		r.Direction = record.Callback
		var out record.Label
		l.Label(r, &out)
		expect(t, out, c.want...)
	}
}

func TestTemplates(t *testing.T) {
	for _, c := range []struct {
		template, message string
		holes             string // "name=value " in order, or "no"
	}{
		{"Missing key", "Missing key", ""},
		{"Missing key", "missing KEY. ", ""},
		{"Missing key.", "Missing key", ""},
		{"Missing key", "Missing key now", "no"},
		{"Missing key", "A Missing key", "no"},
		{"Missing key", "", "no"},
		{"See {url} for more", "See https://a.example/b?c=d for more", "url=https://a.example/b?c=d "},
		{"See {url} for more", "See here and there for more", "no"},
		{"See {url}", "See ", "no"},
		{"Try again{*}", "Try again", ""},
		{"Try again{*}", "Try again in a minute", ""},
		{"{what} is gone", "The red one is gone", "what=The red one "},
		{"{what} is gone", " is gone", "no"},
		{"{a} of {b:int} of {c}", "x of 3 of y of z", "a=x b=3 c=y of z "},
		{"Used {used:int}, limit {limit:int}.", "Used 1,000, limit 2000.", "used=1,000 limit=2000 "},
		{"Used {used:int}", "Used many", "no"},
		{"(code {code:word}) end", "(code CV-001) end", "code=CV-001 "},
		{"(code {code:word}) end", "(code CV 001) end", "no"},
		{"{{braces}} {x}", "{braces} y", "x=y "},
		{"Gr\u00f6\u00dfe {x} fehlt", "Gr\u00f6\u00dfe XL fehlt", "x=XL "},
		{"abc{x}cba", "abcxcbacba", "x=xcba "},
		{"abc{x}cba", "abcba", "no"},
	} {
		tpl, _, err := parseTemplate(c.template)
		if err != nil {
			t.Errorf("%q: %v", c.template, err)
			continue
		}
		message := trimEnd([]byte(c.message))
		holes, ok := tpl.match(message, appendLower(nil, message), nil)
		got := "no"
		if ok {
			got = ""
			for _, h := range holes {
				got += h.name + "=" + string(h.value) + " "
			}
		}
		if got != c.holes {
			t.Errorf("%q on %q: got %q, want %q", c.template, c.message, got, c.holes)
		}
	}
}
