package classify

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/errscope/errscope/record"
)

// TestVendor holds who is named, and that an envelope alone names nobody.
func TestVendor(t *testing.T) {
	success := `{"success":false,"message":"Missing API key"}`
	for _, c := range []struct {
		name string
		r    *record.Record
		want []string
	}{
		{"bound host", carsxe(t, "/specs?key=k", 400, success), []string{"vendor carsxe", "confidence message"}},
		{"bound host, success", carsxe(t, "/specs?key=k", 200, ""), []string{"vendor carsxe", "failure false"}},
		{"another host with CarsXE's envelope and words", acme(t, 400, nil, success), []string{"vendor generic", "confidence generic", "code ", "message Missing API key"}},
		{"another host with a code that only CarsXE has", acme(t, 400, nil, `{"success":false,"code":"BULK_RECALL_BATCH_MISSING_VINS","message":"m"}`),
			[]string{"vendor carsxe", "confidence exact"}},
		{"the same code, spelled in lower case", acme(t, 400, nil, `{"success":false,"code":"bulk_recall_batch_missing_vins","message":"m"}`), []string{"vendor generic"}},
		{"the code in an envelope of others", acme(t, 400, nil, `{"errors":[{"code":"BULK_RECALL_BATCH_MISSING_VINS"}]}`), []string{"vendor generic"}},
		{"an address of CarsXE's documentation", acme(t, 500, nil, `{"success":false,"message":"Please supply a make and model. Visit https://www.carsxe.com/docs for more information"}`),
			[]string{"vendor carsxe", "category validation"}},
		{"an address that only begins alike", acme(t, 500, nil, `{"success":false,"message":"See https://carsxe.com.evil.example/docs and https://notcarsxe.com/docs"}`), []string{"vendor generic"}},
		{"no body", acme(t, 503, nil, ""), []string{"vendor unknown", "confidence generic"}},
		{"success of an unknown host", acme(t, 200, nil, `{"message":"hello"}`), []string{"vendor unknown", "failure false"}},
		{"a page", acme(t, 502, nil, "<html><head><title>502 Bad Gateway</title>"), []string{"vendor unknown", "message 502 Bad Gateway"}},
		{"a text", acme(t, 500, nil, " upstream gone \n"), []string{"vendor unknown", "message upstream gone"}},
	} {
		t.Run(c.name, func(t *testing.T) { expect(t, label(t, c.r), c.want...) })
	}
}

func TestVendorNamedByTheInput(t *testing.T) {
	r := acme(t, 401, nil, failure("Missing API key"))
	r.Vendor = []byte("carsxe")
	expect(t, label(t, r), "vendor carsxe", "code missing_api_key")
	r.Vendor = []byte("nobody")
	expect(t, label(t, r), "vendor generic")
	r.Vendor = []byte("global")
	expect(t, label(t, r), "vendor generic")
}

// TestVendorBehindOurProxy takes the vendor from the upstream that answered.
func TestVendorBehindOurProxy(t *testing.T) {
	r := call(t, "GET", "https://shop.example/cars", 503, nil, "")
	r.UpstreamHost = []byte("10.0.0.7:443, API.carsxe.com:443")
	expect(t, label(t, r), "vendor carsxe", "category upstream")
}

func TestUserBindingOverrules(t *testing.T) {
	set := load(t)
	b := record.NewBindings(append(set.HostBindings(), record.HostBinding{Host: "cars.gateway.example", Pack: "carsxe"}), nil)
	var out record.Label
	NewEngine(set, b, false).NewLabeler().Label(call(t, "GET", "https://cars.gateway.example/carsxe/images?make=x", 404, nil, ""), &out)
	if out.Vendor != "carsxe" || !slices.Contains(out.Candidates, "carsxe/no-images-found") {
		t.Errorf("vendor %s, candidates %v", out.Vendor, out.Candidates)
	}
}

func TestInboundIsNobodysFailure(t *testing.T) {
	r := call(t, "GET", "https://api.carsxe.com/specs", 500, nil, failure("Internal server error"))
	r.Direction = record.Inbound
	out := label(t, r)
	if out.Failure || out.Vendor != "" || out.Category != "" || out.Rule != "" {
		t.Errorf("an inbound record was labelled: %+v", out)
	}
}

// TestGlobalTable holds what a status says by itself.
func TestGlobalTable(t *testing.T) {
	for _, c := range []struct {
		status                 int
		category, retry, fault string
	}{
		{400, "validation", "fix_request", "caller"},
		{401, "authentication", "fix_account", "account"},
		{402, "billing", "fix_account", "account"},
		{403, "permission", "fix_account", "account"},
		{404, "not_found", "never", "caller"},
		{405, "validation", "fix_request", "caller"},
		{406, "validation", "fix_request", "caller"},
		{408, "timeout", "backoff", "unknown"},
		{409, "conflict", "never", "caller"},
		{411, "validation", "fix_request", "caller"},
		{412, "conflict", "fix_request", "caller"},
		{413, "validation", "fix_request", "caller"},
		{414, "validation", "fix_request", "caller"},
		{415, "validation", "fix_request", "caller"},
		{418, "unknown", "unknown", "caller"},
		{422, "validation", "fix_request", "caller"},
		{429, "rate_limit", "backoff", "caller"},
		{430, "unknown", "unknown", "unknown"},
		{431, "validation", "fix_request", "caller"},
		{451, "permission", "never", "none"},
		{499, "timeout", "unknown", "caller"},
		{500, "server", "backoff", "vendor"},
		{501, "unsupported", "never", "vendor"},
		{502, "server", "backoff", "vendor"},
		{503, "unavailable", "backoff", "vendor"},
		{504, "timeout", "backoff", "vendor"},
		{520, "edge", "backoff", "vendor"},
		{527, "edge", "backoff", "vendor"},
		{529, "unavailable", "backoff", "vendor"},
		{530, "edge", "backoff", "vendor"},
		{555, "server", "backoff", "vendor"},
		{507, "quota", "fix_account", "account"},
		{511, "edge", "never", "caller"},
		{598, "timeout", "backoff", "unknown"},
		{999, "unknown", "unknown", "unknown"},
		{0, "timeout", "backoff", "unknown"},
	} {
		out := label(t, acme(t, c.status, nil, ""))
		if !out.Failure || string(out.Category) != c.category || string(out.Retry) != c.retry || string(out.Fault) != c.fault {
			t.Errorf("%d: got failure %v %s %s %s", c.status, out.Failure, out.Category, out.Retry, out.Fault)
		}
		if out.Outage != record.IsOutage(out.Category, out.Retry) {
			t.Errorf("%d: outage %v against the rule", c.status, out.Outage)
		}
		if !strings.HasPrefix(out.Rule, "global/") || out.Action == "" || out.Confidence != record.ConfidenceGeneric {
			t.Errorf("%d: rule %q, action %q, confidence %s", c.status, out.Rule, out.Action, out.Confidence)
		}
	}
	for _, status := range []int{100, 101, 200, 201, 204, 206, 301, 304, 399} {
		if out := label(t, acme(t, status, nil, "")); out.Failure || out.Category != "" || out.Rule != "" {
			t.Errorf("%d is a success, got %+v", status, out)
		}
	}
}

// TestNoResponse tells the causes of a missing response apart.
func TestNoResponse(t *testing.T) {
	for _, c := range []struct{ words, rule, category, retry, fault, outage string }{
		{"", "global/status-0", "timeout", "backoff", "unknown", "true"},
		{"read timeout", "global/status-0", "timeout", "backoff", "unknown", "true"},
		{"dial tcp 1.2.3.4:443: connect: connection refused", "global/status-0-refused", "unavailable", "backoff", "vendor", "true"},
		{"[Errno 104] Connection reset by peer", "global/status-0-refused", "unavailable", "backoff", "vendor", "true"},
		{"lookup api.x.example: no such host", "global/status-0-unreachable", "unavailable", "backoff", "unknown", "true"},
		{"getaddrinfo ENOTFOUND api.x.example", "global/status-0-unreachable", "unavailable", "backoff", "unknown", "true"},
		{"connect: no route to host", "global/status-0-unreachable", "unavailable", "backoff", "unknown", "true"},
		{"delayed connect error: 111 (UF,URX)", "global/status-0-refused", "unavailable", "backoff", "vendor", "true"},
		{"no healthy upstream host (UH)", "global/status-0-refused", "unavailable", "backoff", "vendor", "true"},
		{"blocked by the mesh: BlackHoleCluster", "global/status-0-blocked", "edge", "never", "caller", "false"},
		{"no route configured (NR)", "global/status-0-blocked", "edge", "never", "caller", "false"},
		{"('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))", "global/status-0-refused", "unavailable", "backoff", "vendor", "true"},
		{"ECONNABORTED: aborted", "global/status-0-canceled", "timeout", "unknown", "caller", "false"},
		{"Post: context canceled", "global/status-0-canceled", "timeout", "unknown", "caller", "false"},
	} {
		r := carsxe(t, "/specs?key=k", 0, "")
		r.Failure = []byte(c.words)
		out := label(t, r)
		if out.Rule != c.rule {
			t.Errorf("%q: rule %s, want %s", c.words, out.Rule, c.rule)
		}
		expect(t, out, "vendor carsxe", "category "+c.category, "retry "+c.retry, "fault "+c.fault, "outage "+c.outage, "confidence generic")
	}
}

// TestEnvelopes holds the shapes that many APIs share.
func TestEnvelopes(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"problem+json", `{"type":"https://errors.example/out-of-stock","title":"Out of stock","status":409,"detail":"Item 7 is gone","instance":"/o/1"}`,
			[]string{"message Item 7 is gone", "type https://errors.example/out-of-stock", "body_status 409", "category conflict"}},
		{"problem+json without type", `{"title":"Out of stock","status":400}`, []string{"message Out of stock", "type "}},
		{"error object", `{"error":{"code":"NO_SEAT","message":"No seat is left","type":"booking"}}`, []string{"code NO_SEAT", "type booking", "message No seat is left"}},
		{"error object with a number", `{"error":{"code":404,"message":"No seat","status":"NOT_FOUND"}}`, []string{"code NOT_FOUND"}},
		{"oauth", `{"error":"invalid_grant","error_description":"The code is used up"}`, []string{"code invalid_grant", "message The code is used up"}},
		{"message", `{"message":"Nothing here"}`, []string{"message Nothing here", "code "}},
		{"detail", `{"detail":"Rule not found"}`, []string{"message Rule not found"}},
		{"detail object", `{"detail":{"code":"BAD_LIMIT","message":"Limit is too high"}}`, []string{"code BAD_LIMIT", "message Limit is too high"}},
		{"detail list", `{"detail":[{"loc":["query"],"msg":"too high","type":"value_error"}]}`, []string{"message too high", "type value_error"}},
		{"success false with an object", `{"success":false,"error":{"code":"gone_away","message":"It went"},"meta":{"request_id":"r-9"}}`,
			[]string{"code gone_away", "message It went", "request_id r-9"}},
		{"success false with a text", `{"success":false,"error":"It went away"}`, []string{"code ", "message It went away"}},
		{"success false with a list", `{"success":false,"errors":[{"code":1003,"message":"Bad zone"}]}`, []string{"code 1003", "message Bad zone"}},
		{"errors of JSON:API", `{"errors":[{"status":"422","code":"blank","title":"Blank","detail":"Name is blank"}]}`,
			[]string{"code blank", "message Name is blank", "body_status 422", "category validation"}},
		{"errors as texts", `{"errors":["first","second"]}`, []string{"message first"}},
		{"code and message", `{"code":"E7","message":"Wrong colour","request_id":"q1"}`, []string{"code E7", "message Wrong colour", "request_id q1"}},
		{"error text", `{"error":"not_allowed"}`, []string{"code not_allowed"}},
		{"error sentence", `{"error":"This is not allowed"}`, []string{"code ", "message This is not allowed"}},
		{"cut off", `{"error":{"code":"NO_SEAT","message":"No sea`, []string{"code NO_SEAT", "message No sea"}},
		{"escapes", `{"error":{"code":"A","message":"caf\u00e9 \"x\"\n"}}`, []string{"message café \"x\"\n"}},
		{"byte order mark", "\xef\xbb\xbf {\"code\":\"A\",\"message\":\"m\"}", []string{"code A"}},
		{"doubled members, the first counts", `{"code":"A","message":"m","code":"B"}`, []string{"code A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, label(t, acme(t, 400, nil, c.body)), append(c.want, "vendor generic", "failure true", "confidence generic")...)
		})
	}
}

// TestOwnNames holds what is read from bodies whose members nobody else names so.
func TestOwnNames(t *testing.T) {
	long := strings.Repeat(`{"text":"a word or two"},`, 400)
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   []string
	}{
		{"code and sentence", 400, `{"fault":{"kind":"RATE_LIMITED","text":"There were too many of them"}}`, []string{"category rate_limit", "code RATE_LIMITED", "message There were too many of them"}},
		{"in a list", 403, `{"problems":[{"ident":"quota_exceeded","explanation":"You have used all of it"}]}`, []string{"category quota", "code quota_exceeded"}},
		{"only a sentence", 400, `{"info":{"text":"An order of this name already exists here"}}`, []string{"category conflict", "code "}},
		{"an id is no code", 404, `{"sought":"7f3c9a12-0b44-4c1d-9f55-2f0d0c7b9e11","at":"order-4711-2209"}`, []string{"category not_found", "code ", "message "}},
		{"plain words are no code", 500, `{"service":"billing","region":"frankfurt"}`, []string{"category server", "code "}},
		{"a long document is no error's", 404, `{"pages":[` + long[:len(long)-1] + `]}`, []string{"message "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, label(t, acme(t, c.status, nil, c.body)), append(c.want, "vendor unknown")...)
		})
	}
	expect(t, label(t, acme(t, 200, nil, `{"fault":{"kind":"RATE_LIMITED","text":"There were too many of them"}}`)), "failure false")
}

// TestFailureUnderSuccess holds which bodies overrule a 200 of an unknown host.
func TestFailureUnderSuccess(t *testing.T) {
	for _, c := range []struct {
		body    string
		failure bool
	}{
		{`{"success":false,"message":"no"}`, true},
		{`{"success":false,"errors":[{"code":7}]}`, true},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":-32099,"message":"no luck"}}`, true},
		{`{"data":null,"errors":[{"message":"no field"}]}`, true},
		{`{"success":true,"message":"yes"}`, false},
		{`{"jsonrpc":"2.0","id":1,"result":{}}`, false},
		{`{"message":"hello"}`, false},
		{`{"error":null,"message":"fine"}`, false},
		{`{"errors":[]}`, false},
		{`{"code":"A1","message":"a product"}`, false},
		{`<title>ok</title>`, false},
	} {
		out := label(t, acme(t, 200, nil, c.body))
		if out.Failure != c.failure {
			t.Errorf("%s: failure %v", c.body, out.Failure)
		}
		if c.failure && (out.Category != record.UnknownCategory || out.Status != 200 || out.Vendor != record.VendorGeneric) {
			t.Errorf("%s: %s under %d of %s", c.body, out.Category, out.Status, out.Vendor)
		}
	}
}

// TestStatusNotStated labels a captured body without a log line.
func TestStatusNotStated(t *testing.T) {
	expect(t, label(t, acme(t, record.Absent, nil, `{"error":{"code":"NO_SEAT","message":"none left"}}`)), "failure true", "code NO_SEAT", "category unknown")
	expect(t, label(t, acme(t, record.Absent, nil, `{"title":"Gone","status":410,"detail":"d"}`)), "failure true", "category not_found", "body_status 410")
	expect(t, label(t, acme(t, record.Absent, nil, `{"message":"hello"}`)), "failure false")
	expect(t, label(t, carsxe(t, "/specs", record.Absent, failure("No images found"))), "failure true", "code no_images_found", "category not_found")
	expect(t, label(t, carsxe(t, "/specs", record.Absent, failure("What is this"))), "failure true", "category unknown", "vendor carsxe", "message What is this")
}

// TestEvidence shows that a label says why.
func TestEvidence(t *testing.T) {
	out := label(t, carsxe(t, "/specs?key=k", 404, failure("No images found")))
	want := []string{"host api.carsxe.com", "envelope success-message", "message matched No images found"}
	if !slices.Equal(out.Evidence, want) {
		t.Errorf("got %q", out.Evidence)
	}
	if out.Rule != "carsxe/no-images-found" || out.Action == "" {
		t.Errorf("rule %s, action %q", out.Rule, out.Action)
	}
	var plain record.Label
	NewEngine(load(t), nil, false).NewLabeler().Label(carsxe(t, "/specs?key=k", 404, ""), &plain)
	if len(plain.Evidence) != 0 {
		t.Errorf("evidence nobody asked for: %q", plain.Evidence)
	}
}

// TestStringsOutliveTheRecord overwrites the buffers that a label was read from.
func TestStringsOutliveTheRecord(t *testing.T) {
	r := acme(t, 400, headers("x-request-id", "req-abc"), `{"error":{"code":"NO_SEAT","message":"No \"seat\" left","type":"b"}}`)
	l := NewEngine(load(t), nil, false).NewLabeler()
	var out record.Label
	l.Label(r, &out)
	for _, b := range [][]byte{r.Body, r.Headers[0].Value} {
		for i := range b {
			b[i] = 'X'
		}
	}
	var other record.Label
	for range 3000 {
		l.Label(r, &other)
	}
	expect(t, out, "code NO_SEAT", `message No "seat" left`, "type b", "request_id req-abc")
}

// TestLabelerForgets labels a full response and then an empty one.
func TestLabelerForgets(t *testing.T) {
	l := NewEngine(load(t), nil, true).NewLabeler()
	var out record.Label
	l.Label(call(t, "GET", "https://api.carsxe.com/specs", 429, headers("retry-after", "9", "x-request-id", "r"), limitBody), &out)
	l.Label(acme(t, 500, headers("content-type", "text/plain"), "x"), &out)
	expect(t, out, "vendor unknown", "code ", "request_id ", "retry_after_s -1", "quota.limit -1", "quota.name ", "message x")
}

// TestHotPathAllocatesNothing guards what runs for every line of a log.
func TestHotPathAllocatesNothing(t *testing.T) {
	set := load(t)
	for _, c := range []struct {
		name string
		r    *record.Record
	}{
		{"success", carsxe(t, "/specs?key=k", 200, "")},
		{"success of an unknown host", acme(t, 200, nil, "")},
		{"success with a body", carsxe(t, "/specs?key=k", 200, `{"success":true,"attributes":{"year":2012}}`)},
		{"status row", carsxe(t, "/specs?key=k", 503, "")},
		{"ambiguous status row", carsxe(t, "/specs?key=k", 404, "")},
		{"status table", acme(t, 503, nil, "")},
		{"message with numbers", carsxe(t, "/specs?key=k", 429, limitBody)},
		{"limit headers", acme(t, 429, headers("date", "Thu, 18 Jun 2026 09:30:00 GMT", "retry-after", "3", "x-ratelimit-limit", "60"), `{"error":{"code":"A","message":"m"}}`)},
	} {
		l := NewEngine(set, nil, false).NewLabeler()
		var out record.Label
		if n := testing.AllocsPerRun(100, func() { l.Label(c.r, &out) }); n > 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

// TestEngineIsShared runs labelers side by side; the race detector judges.
func TestEngineIsShared(t *testing.T) {
	e := NewEngine(load(t), nil, true)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			l := e.NewLabeler()
			for range 50 {
				var out record.Label
				l.Label(carsxe(t, "/specs?key=k", 429, limitBody), &out)
				if out.Rule != "carsxe/api-limit-exceeded" {
					t.Errorf("rule %s", out.Rule)
				}
			}
		})
	}
	wg.Wait()
}
