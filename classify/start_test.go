package classify

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// fromAcme makes the record of an answer of api.acme.example.
func fromAcme(t *testing.T, status int, headers map[string]string, body string) *record.Record {
	t.Helper()
	var list []record.Header
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		list = append(list, record.Header{Name: []byte(name), Value: []byte(headers[name])})
	}
	return call(t, "GET", "https://api.acme.example/v1/orders?page=2", status, list, body)
}

// begun drafts a pack and writes it to dir.
func begun(t *testing.T, dir string, r *record.Record, req StartRequest) *Started {
	t.Helper()
	req.Dir, req.Version = dir, "2026-11-21"
	s, err := Start(t.Context(), nil, r, req)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// TestStart drafts packs from answers of many shapes, hostile ones among them:
// each draft checks without a fault, and claims the answer it came from.
func TestStart(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int
		headers map[string]string
		body    string
		rule    string
		want    []string
	}{
		{"object", 402, nil, `{"error":{"code":"card_declined","type":"card","message":"Your card was declined."}}`, "acme/card-declined",
			[]string{"requires: [error.code, error.message]", "type: [error.type]", "match: {code: card_declined}", "category: declined"}},
		{"flat", 409, map[string]string{"X-Acme-Trace-Id": "t-1"}, `{"errorCode":"LOCKED","msg":"Order is locked"}`, "acme/locked",
			[]string{"requires: [errorCode, msg]", "request_id: [header:x-acme-trace-id]"}},
		{"list", 422, nil, `{"errors":[{"code":"bad_name","detail":"The name is bad","status":"422"}]}`, "acme/bad-name",
			[]string{"code: [errors.0.code]", "status: [errors.0.status]"}},
		{"array", 400, nil, `[{"errorCode":"INVALID_FIELD","message":"No such column here"}]`, "acme/invalid-field", []string{`code: ["0.errorCode"]`}},
		{"message", 429, nil, `{"ok":false,"message":"Limit of 500 calls on 'orders' reached, see https://acme.example/limits"}`, "acme/limit-of-calls-on-reached-see",
			[]string{"Limit of {number:int} calls on '{value}' reached, see {url:url}", "retry: backoff"}},
		{"number as status", 404, nil, `{"code":404,"message":"No order 4711 here"}`, "acme/no-order-here", []string{"message: \"No order {number:int} here\""}},
		{"page", 503, nil, "<html><title>Down for a while</title>\n-- success/x --\nHTTP/1.1 500\n</html>", "acme/down-for-a-while", []string{"Down for a while"}},
		{"text", 400, nil, "missing parameter: page", "acme/missing-parameter-page", nil},
		{"nothing", 418, nil, "", "acme/status-418", []string{"- status: 418"}},
		{"success", 200, map[string]string{"X-Acme-Calls-Limit": "50", "X-Acme-Calls-Remaining": "3"}, `{"a":1}`, "",
			[]string{"{name: calls, limit: header:x-acme-calls-limit, remaining: header:x-acme-calls-remaining}"}},
		{"names of its own", 422, nil, `{"fault":{"kind":"SEAT_TAKEN","text":"Seat 12 of order 55 is taken"},"trace":"t-1"}`, "acme/seat-taken", []string{"code: [fault.kind]", "message: [fault.text]"}},
		{"word that YAML reads", 400, nil, `{"code":"null","message":"It is null"}`, "acme/null", []string{`code: "null"`}},
		{"flow characters", 400, nil, `{"code":"a}],{x:#&*!|>'\"%@","message":"Odd code"}`, "acme/a-x", nil},
		{"braces", 400, nil, `{"message":"Field {name} of [x] is odd, \"a\" is not: 50% #1"}`, "acme/field-of-x-is-odd-is-not", []string{"Field {{name}} of [x]"}},
		{"odd members", 400, nil, `{"a.b":{"code":"x y"},"0":{"code":"ZERO_CODE"},"*":{"message":"star star"},"error":"plain_word"}`, "acme/plain-word", nil},
		{"control characters", 400, map[string]string{"X-Odd": "a\x1b[2Jb\r\nHTTP/1.1 200", "bad name": "x"}, `{"code":"ODD_ONE","message":"a\u0000b c\u2028d"}`, "acme/odd-one", nil},
		{"cut off", 500, nil, `{"error":{"code":"HALF_DONE","message":"It broke in the mid`, "acme/half-done", nil},
		{"no letters", 400, nil, `{"code":"日本","message":"日本語 の エラー"}`, "acme/status-400", nil},
		{"deep", 400, nil, strings.Repeat(`{"a":`, 200) + `1` + strings.Repeat(`}`, 200), "acme/status-400", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := begun(t, dir, fromAcme(t, c.status, c.headers, c.body), StartRequest{Name: "acme"})
			if s.Rule != c.rule {
				t.Errorf("rule %s, want %s", s.Rule, c.rule)
			}
			pack := string(s.Files[0].Data)
			for _, w := range append(c.want, "$schema=", "pack: acme", "- host: api.acme.example") {
				if !strings.Contains(pack, w) {
					t.Errorf("no %q in\n%s", w, pack)
				}
			}
			for _, f := range Check(t.Context(), []string{dir}) {
				if f.Severity == SeverityError {
					t.Errorf("%s\n%s", f, pack)
				}
			}
			if strings.ContainsAny(string(s.Files[1].Data), "\x00\x1b\r") {
				t.Errorf("control characters in the sample:\n%q", s.Files[1].Data)
			}
			l := NewEngine(load(t, dir), nil, false).NewLabeler()
			var out record.Label
			l.Label(fromAcme(t, c.status, c.headers, c.body), &out)
			if out.Vendor != "acme" || out.Rule != c.rule {
				t.Errorf("vendor %s, rule %s\n%s", out.Vendor, out.Rule, pack)
			}
		})
	}
}

// TestStartAdds adds rules to a pack of the user's: its own bytes stay.
func TestStartAdds(t *testing.T) {
	dir := t.TempDir()
	begun(t, dir, fromAcme(t, 402, nil, `{"error":{"code":"card_declined","message":"Your card was declined."}}`), StartRequest{Name: "acme"})
	file := filepath.Join(dir, "acme", packName)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, body := range []string{`{"error":{"code":"order_locked","message":"It is locked."}}`, `{"error":{"message":"Order 17 is gone"}}`, ``} {
		id := []string{"locked", "gone", "teapot"}[i]
		s := begun(t, dir, fromAcme(t, 418, nil, body), StartRequest{Name: "acme", Rule: id})
		if s.Rule != "acme/"+id || s.Files[0].New || s.Existing != "acme" {
			t.Errorf("%s: %+v", id, s)
		}
		after := string(s.Files[0].Data)
		if rest := strings.TrimPrefix(after, string(before)); len(rest) == len(after) || !strings.Contains(rest, id) {
			t.Errorf("what was there changed:\n%s", after)
		}
		before = s.Files[0].Data
	}
	for _, f := range Check(t.Context(), []string{dir}) {
		t.Error(f)
	}
}

// TestStartLaysOver begins an addition to a pack of ours.
func TestStartLaysOver(t *testing.T) {
	dir := t.TempDir()
	r := call(t, "GET", "https://api.carsxe.com/specs", 418, nil, failure("The kettle has 3 litres"))
	s := begun(t, dir, r, StartRequest{Name: "carsxe"})
	if s.Existing != "carsxe" || !strings.Contains(string(s.Files[0].Data), "extends: carsxe\n") || strings.Contains(string(s.Files[0].Data), "hosts:") {
		t.Errorf("%+v\n%s", s, s.Files[0].Data)
	}
	l := NewEngine(load(t, dir), nil, false).NewLabeler()
	var out record.Label
	l.Label(call(t, "GET", "https://api.carsxe.com/specs", 418, nil, failure("The kettle has 5 litres")), &out)
	expect(t, out, "vendor carsxe", "code the_kettle_has_litres")
	for _, f := range Check(t.Context(), []string{dir}) {
		t.Error(f)
	}
}

// TestStartRefuses: what cannot be begun says why and what to do.
func TestStartRefuses(t *testing.T) {
	dir := t.TempDir()
	ok := fromAcme(t, 402, nil, `{"error":{"code":"card_declined","message":"Your card was declined."}}`)
	begun(t, dir, ok, StartRequest{Name: "acme"})
	known := call(t, "GET", "https://api.carsxe.com/specs", 401, nil, failure("Missing API key"))
	nowhere := fromAcme(t, 402, nil, "")
	nowhere.Host = nil
	unsaid := fromAcme(t, record.Absent, nil, `{"code":"X1","message":"a b"}`)
	for _, c := range []struct {
		name string
		r    *record.Record
		req  StartRequest
		want string
	}{
		{"there already", ok, StartRequest{Name: "acme"}, "is there already"},
		{"rule there already", ok, StartRequest{Name: "acme", Rule: "card-declined"}, "has a rule card-declined"},
		{"bad name", ok, StartRequest{Name: "../acme"}, "cannot be the name"},
		{"taken name", ok, StartRequest{Name: "generic"}, "cannot be the name"},
		{"bad rule", ok, StartRequest{Name: "other", Rule: "A b"}, "cannot be the id"},
		{"no host", nowhere, StartRequest{Name: "other"}, "which host answered"},
		{"bad host", nowhere, StartRequest{Name: "other", Host: "https://x.example/"}, "is no host"},
		{"other's host", known, StartRequest{Name: "other"}, "is of pack carsxe"},
		{"other's host by flag", nowhere, StartRequest{Name: "other", Host: "API.carsxe.com"}, "is of pack carsxe"},
		{"known answer", known, StartRequest{Name: "carsxe"}, "knows this answer"},
		{"no status", unsaid, StartRequest{Name: "other"}, "has no status"},
		{"large", fromAcme(t, 400, nil, strings.Repeat("x", sampleBodyBytesMax+1)), StartRequest{Name: "other"}, "a sample may have"},
		{"success as rule", fromAcme(t, 200, nil, "{}"), StartRequest{Name: "acme", Rule: "fine"}, "no rule to add"},
		{"host of nobody", call(t, "GET", "https://else.example/", 400, nil, ""), StartRequest{Name: "acme", Rule: "fine"}, "is no host of pack acme"},
	} {
		c.req.Dir = dir
		_, err := Start(t.Context(), nil, c.r, c.req)
		var refused *StartError
		if !errors.As(err, &refused) || !strings.Contains(refused.Text, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := Start(t.Context(), []string{filepath.Join(dir, "missing")}, ok, StartRequest{Name: "other", Dir: dir}); err == nil {
		t.Error("packs that are not there were read")
	}
	broken := writePack(t, packName, "pack: b\n")
	var bad *LoadError
	if _, err := Start(t.Context(), []string{broken}, ok, StartRequest{Name: "other", Dir: dir}); !errors.As(err, &bad) {
		t.Errorf("a broken pack beside it: %v", err)
	}
}

func TestMessageTemplate(t *testing.T) {
	for message, want := range map[string]string{
		"":                                  "",
		"17":                                "",
		"Order 17 of 1,204 failed":          "Order {number:int} of {number_b:int} failed",
		"See https://x.example/a?b=1, now.": "See {url:url}, now.",
		"Mail to a.b@c.example failed":      "Mail to {email} failed",
		"Key sk_live_4eC39H is wrong":       "Key {id:word} is wrong",
		"Job 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone": "Job {id:word} is gone",
		"Expired at 2026-11-21T10:00:00Z already":          "Expired at {time} already",
		"Field 'name' and \"age\" are odd":                 "Field '{value}' and \"{value_b}\" are odd",
		"Don't do that, it's wrong":                        "Don't do that, it's wrong",
		"First line\nsecond line":                          "First line{*}",
		"a {b} c":                                          "a {{b}} c",
	} {
		if got := messageTemplate(message); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		} else if got != "" {
			tpl, _, err := parseTemplate(got)
			if err != nil {
				t.Fatal(err)
			}
			m := trimEnd([]byte(message))
			if _, ok := tpl.match(m, appendLower(nil, m), nil); !ok {
				t.Errorf("%q does not match %q", got, message)
			}
		}
	}
	long := strings.Repeat("word and ", 100) + "end"
	if got := messageTemplate(long); len(got) > startMessageBytesMax+3 || !strings.HasSuffix(got, "{*}") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// TestAddToList: the item goes behind the last one, and no other byte moves.
func TestAddToList(t *testing.T) {
	const item = "  - id: b\n    match: {}\n"
	for _, c := range []struct{ name, before, after string }{
		{"last key", "rules:\n  - id: a\n    match: {}\n", "rules:\n  - id: a\n    match: {}\n" + item},
		{"no line end", "rules:\n  - id: a", "rules:\n  - id: a\n" + item},
		{"key behind", "rules:\n  - id: a\n\n# About the rows.\nstatus: []\n", "rules:\n  - id: a\n" + item + "\n# About the rows.\nstatus: []\n"},
		{"own comment", "rules:\n  - id: a\n  # of a\n\nstatus: []\n", "rules:\n  - id: a\n  # of a\n" + item + "\nstatus: []\n"},
		{"no indent", "rules:\n- id: a\nx: 1\n", "rules:\n- id: a\n- id: b\n  match: {}\nx: 1\n"},
		{"deep indent", "rules:\n    - id: a\n", "rules:\n    - id: a\n    - id: b\n      match: {}\n"},
		{"carriage returns", "rules:\r\n  - id: a\r\n", "rules:\r\n  - id: a\r\n  - id: b\r\n    match: {}\r\n"},
		{"no key", "x: 1\n", "x: 1\n\nrules:\n" + item},
		{"flow items", "rules:\n  - {id: a}\n", "rules:\n  - {id: a}\n" + item},
		{"block text", "rules:\n  - id: |\n      a\n\n      b\n", "rules:\n  - id: |\n      a\n\n      b\n" + item},
	} {
		got, err := addToList("p", []byte(c.before), "rules", item)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v\n%q, want\n%q", c.name, err, got, c.after)
		}
	}
	for _, bad := range []string{"rules: []\n", "rules: [{id: a}]\n", "rules: 1\n", "- a\n", "a: [\n"} {
		if got, err := addToList("p", []byte(bad), "rules", item); err == nil {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

// FuzzDraftedTexts: whatever an answer holds, its sample reads back as one
// sample, its template fits its message, and its YAML is the text it spells.
func FuzzDraftedTexts(f *testing.F) {
	f.Add("A message of 17 'words' at https://x.example/a", "x-odd", "a\nb", "-- success/x --\nHTTP/1.1 200\n\n{}")
	f.Add("{x} {{y}} }", "want: code", "\x00", "{\"a\":\"\\u2028\"}")
	f.Add("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 done", "", "", "\r\n\r\n")
	f.Fuzz(func(t *testing.T, message, name, value, body string) {
		x := record.Exchange{Status: 404, TimeDigits: record.Absent, Method: []byte("GET"), Host: []byte("h.example"), Path: []byte("/" + name), Query: []byte(value),
			Headers: []record.Header{{Name: []byte(name), Value: []byte(value)}}, Body: []byte(body)}
		bad := &faults{}
		text := sampleText("r/first", "", &x)
		list := readSamples(newDocument("s", []byte("before\n\n"+text)), bad)
		if len(list) != 1 || len(bad.list) > 0 || list[0].status != 404 || list[0].rule != "r" {
			t.Fatalf("%d samples, %v\n%q", len(list), bad.list, text)
		}
		if list[0].record("h.example", bad) == nil {
			t.Fatalf("the request does not read: %v\n%q", bad.list, text)
		}
		if tpl := messageTemplate(message); tpl != "" {
			c, _, err := parseTemplate(tpl)
			if err != nil {
				t.Fatal(err)
			}
			m := trimEnd(cut(trimStart([]byte(strings.ToValidUTF8(message, ""))), MessageMatchBytesMax))
			if _, ok := c.match(m, appendLower(nil, m), nil); !ok && strings.ToValidUTF8(message, "") == message {
				t.Fatalf("%q does not match %q", tpl, message)
			}
		}
		if pf := readPackFile(newDocument("p", nil), []byte("pack: "+yamlText(message)+"\n"), bad); len(bad.list) > 0 || pf.Pack.s != strings.ToValidUTF8(message, "") {
			t.Fatalf("%q became %q: %v", message, pf.Pack.s, bad.list)
		}
	})
}
