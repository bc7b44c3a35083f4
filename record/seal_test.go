package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func testPolicy() *Policy { return NewPolicy(DefaultRules(), []byte("test salt")) }

// sealed seals a draft that set has filled.
func sealed(t *testing.T, set func(*Draft)) *Record {
	t.Helper()
	var d Draft
	d.Reset()
	set(&d)
	r := testPolicy().NewSealer().Seal(&d)
	if !r.Sealed() {
		t.Fatal("the record says that it is not sealed")
	}
	return r
}

// fakeJWT is made here, so that no token stands in the source.
func fakeJWT(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("not a signature, only bytes for a test"))
}

var (
	jwt     = fakeJWT(`{"sub":"vehicle-fleet-7","iat":1700000000}`)
	pem     = "-----BEGIN RSA PRIVATE KEY-----\nMIIfakefakefake\nfakefake==\n-----END RSA PRIVATE KEY-----"
	awsKey  = "AKIA" + "FAKEFAKEFAKE2345"
	liveKey = "sk_live_" + "fakeFAKE1234fake5678"
)

func TestSealQuery(t *testing.T) {
	for _, c := range []struct{ path, in, want string }{
		{"/specs", "key=hunter2&vin=1HGBH41JXMN109186", "key=[redacted]&vin=1HGBH41JXMN109186"},
		{"/specs", "vin=1HGBH41JXMN109186&KEY=hunter2", "vin=1HGBH41JXMN109186&KEY=[redacted]"},
		{"/specs", "%6bey=hunter2&a=b", "%6bey=[redacted]&a=b"},
		{"/specs", "%256bey=hunter2", "%256bey=[redacted]"},
		{"/specs", "a=b;api-key=hun;ter2&c=d", "a=b;api-key=[redacted]&c=d"},
		{"/specs", "a=b&amp;key=hunter2", "a=b&amp;key=[redacted]"},
		{"/s3", "X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=abc&X-Amz-Date=20260618T000000Z", "X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]&X-Amz-Date=20260618T000000Z"},
		{"/x", "user[password]=hunter2&user[name]=jo", "user[password]=[redacted]&user[name]=jo"},
		{"/x", "token[]=hunter2", "token[]=[redacted]"},
		{"/x", "url=https%3A%2F%2Fa.example%2F%3Fkey%3Dhunter2%26b%3Dc&d=e", "url=https%3A%2F%2Fa.example%2F%3Fkey%3D[redacted]%26b%3Dc&d=e"},
		{"/x", "url=https://a.example/?key=hunter2&d=e", "url=https://a.example/?key=[redacted]&d=e"},
		{"/x", "url=https%3A%2F%2Fjo%3Ahunter2%40a.example%2F", "url=https%3A%2F%2F[redacted]%40a.example%2F"},
		{"/x", "q=" + jwt + "&p=1", "q=[redacted]&p=1"},
		{"/x", "q=" + liveKey, "q=[redacted]"},
		{"/x", "h=Bearer%20abc123def456", "h=Bearer%20[redacted]"},
		{"/connect/smartcar/callback", "code=short&state=CA", "code=[redacted]&state=[redacted]"},
		{"/cb", "code=short&state=x", "code=[redacted]&state=[redacted]"},
		{"/cb", "state=af0ifjsldkj93kd9fk2", "state=[redacted]"},
		{"/token", "grant_type=authorization_code&code=abc", "grant_type=authorization_code&code=[redacted]"},
		{"/callback", "state=CA&a=b", "state=CA&a=b"},
		{"/callback", "error=access_denied&state=short", "error=access_denied&state=[redacted]"},
		{"/v1/plates", "state=CA&plate=7ABC123", "state=CA&plate=7ABC123"},
		{"/v1/errors", "code=404&page=2", "code=404&page=2"},
		{"/x", "key=", "key="},
		{"/x", "key", "key"},
		{"/x", "key=[redacted]&a=1", "key=[redacted]&a=1"},
		{"/x", "max_tokens=5&monkey=1&keyword=honda&author=jo&pageToken=3", "max_tokens=5&monkey=1&keyword=honda&author=jo&pageToken=3"},
		{"/x", "a=%&b=%z&c=%4", "a=%&b=%z&c=%4"},
	} {
		r := sealed(t, func(d *Draft) { d.Path, d.Query, d.Target = []byte(c.path), []byte(c.in), []byte(c.path+"?"+c.in) })
		if string(r.Query) != c.want {
			t.Errorf("query %s\n  is %s\nwant %s", c.in, r.Query, c.want)
		}
		if want := c.path + "?" + c.want; string(r.Target) != want {
			t.Errorf("target of %s\n  is %s\nwant %s", c.in, r.Target, want)
		}
		if (r.Masked > 0) != (c.in != c.want) {
			t.Errorf("query %s: %d masked", c.in, r.Masked)
		}
	}
}

// TestSealTarget is about targets that are more than path and query, and about
// the fields that repeat them.
func TestSealTarget(t *testing.T) {
	for _, c := range []struct{ url, target, path, query string }{
		{"https://jo:hunter2@a.example/x?a=b&key=hunter2", "https://[redacted]@a.example/x?a=b&key=[redacted]", "/x", "a=b&key=[redacted]"},
		{"https://a.example/x?key=hunter2#access_token=hunter2", "https://a.example/x?key=[redacted]", "/x", "key=[redacted]"},
		{"https://jo:hunter2@a.example/x", "https://[redacted]@a.example/x", "/x", ""},
		{"https://jo:1234567@a.example/x?a=b", "https://[redacted]@a.example/x?a=b", "/x", "a=b"}, // as long as its stand-in
		{"/" + liveKey + "/x?a=b", "/[redacted]/x?a=b", "/[redacted]/x", "a=b"},
		{"/x;jsessionid=hunter2?key=hunter2", "/x;jsessionid=[redacted]?key=[redacted]", "/x;jsessionid=[redacted]", "key=[redacted]"},
		{"/x?a=?&key=hunter2", "/x?a=?&key=[redacted]", "/x", "a=?&key=[redacted]"},
		{"/x?", "/x?", "/x", ""},
		{"a.example:443", "a.example:443", "a.example:443", ""},
	} {
		r := sealed(t, func(d *Draft) { d.SetURL([]byte(c.url)) })
		if string(r.Target) != c.target || string(r.Path) != c.path || string(r.Query) != c.query {
			t.Errorf("%s\n  is %s, path %s, query %s\nwant %s, path %s, query %s", c.url, r.Target, r.Path, r.Query, c.target, c.path, c.query)
		}
	}
	// A broken line may have put anything anywhere.
	r := sealed(t, func(d *Draft) {
		d.Method, d.Host, d.Client, d.RequestID, d.TraceID, d.UpstreamHost = []byte("key=hunter2"), []byte("jo@x?key=hunter2"), []byte(liveKey), []byte(jwt), []byte("password=hunter2"), []byte("https://jo:hunter2@b.example")
	})
	for _, v := range [][]byte{r.Method, r.Host, r.Client, r.RequestID, r.TraceID, r.UpstreamHost} {
		if bytes.Contains(v, []byte("hunter2")) || bytes.Contains(v, []byte(liveKey)) || bytes.Contains(v, []byte(jwt)) {
			t.Errorf("%s", v)
		}
	}
	if r.Masked != 6 {
		t.Errorf("%d values are counted, want 6", r.Masked)
	}
}

// TestSealText is about everything that is read as free text: referer, user
// agent, failure, values of harmless headers, messages.
func TestSealText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://a.example/x?key=hunter2#top", "https://a.example/x?key=[redacted]"},
		{"https://jo:hunter2@a.example/x", "https://[redacted]@a.example/x"},
		{"https://hunter2@a.example/x", "https://[redacted]@a.example/x"},
		{"</v1?api_key=hunter2>; rel=\"next\"", "</v1?api_key=[redacted]>; rel=\"next\""},
		{"/app;jsessionid=ABC123/next;v=1", "/app;jsessionid=[redacted]/next;v=1"},
		{"/files/" + liveKey + "/raw", "/files/[redacted]/raw"},
		{"seen " + jwt + ".", "seen [redacted]."},
		{"id " + awsKey + ", region us-east-1", "id [redacted], region us-east-1"},
		{"ghp_" + strings.Repeat("a1B2", 9), "[redacted]"},
		{"xoxb-" + "123456789012-fakefakefake", "[redacted]"},
		{"my-" + liveKey, "my-[redacted]"},
		{"before\n" + pem + "\nafter", "before\n[redacted]\nafter"},
		{"cut " + pem[:60], "cut [redacted]"},
		{"card 4111 1111 1111 1111 was declined", "card [redacted] was declined"},
		{"card 4111-1111-1111-1111.", "card [redacted]."},
		{"4242424242424242", "[redacted]"},
		{"amex 378282246310005,", "amex [redacted],"},
		{"amex 3782 822463 10005", "amex [redacted]"},
		{"Authorization: Bearer abc", "Authorization: Bearer [redacted]"},
		{"Authorization: Basic am86aHVudGVyMg== and more", "Authorization: Basic [redacted] and more"},
		{"authorization=Bearer abc status=500", "authorization=Bearer [redacted] status=500"},
		{"Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=cc\nHost: x", "Authorization: AWS4-HMAC-SHA256 [redacted]\nHost: x"},
		{"Cookie: a=b; c=d\nHost: x", "Cookie: [redacted]\nHost: x"},
		{"X-API-Key: hunter2\nHost: x", "X-API-Key: [redacted]\nHost: x"},
		{"sent Bearer abc123def456 there", "sent Bearer [redacted] there"},
		{`GET "https://a.example/?a=b&key=hunter2": dial tcp: i/o timeout`, `GET "https://a.example/?a=b&key=[redacted]": dial tcp: i/o timeout`},
		{"password=hunter2 user=jo", "password=[redacted] user=jo"},
		{`password="hunter 2" user=jo`, `password="[redacted]" user=jo`},
		{`{'api_key': 'hunter2', 'a': 1}`, `{'api_key': '[redacted]', 'a': 1}`},
		{`\"password\":\"hunter2\",\"a\":1`, `\"password\":\"[redacted]\",\"a\":1`},
		{"<Password>hunter2</Password><a>b</a>", "<Password>[redacted]</Password><a>b</a>"},
		{"key=hunter2\\nnext", "key=[redacted]\\nnext"},
	} {
		r := sealed(t, func(d *Draft) { d.Failure = []byte(c.in); d.Referer = []byte(c.in) })
		if string(r.Failure) != c.want {
			t.Errorf("text %q\n  is %q\nwant %q", c.in, r.Failure, c.want)
		}
		if string(r.Referer) != c.want {
			t.Errorf("referer %q\n  is %q\nwant %q", c.in, r.Referer, c.want)
		}
	}
}

func TestSealHeaders(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Authorization", "Bearer hunter2", "Bearer [redacted]"},
		{"authorization", "hunter2 with blanks", "[redacted]"},
		{"Proxy-Authorization", "Basic am86aHVudGVyMg==", "Basic [redacted]"},
		{"COOKIE", "a=b; c=d", "[redacted]"},
		{"Set-Cookie", "sid=abc; Path=/; HttpOnly", "[redacted]"},
		{"x_api_key", "hunter2", "[redacted]"},
		{"Ocp-Apim-Subscription-Key", "hunter2", "[redacted]"},
		{"PAYMENT-SIGNATURE", "hunter2", "[redacted]"},
		{"Acme-Api-Key", "hunter2", "[redacted]"},
		{"Location", "https://a.example/cb?access_token=hunter2&x=1", "https://a.example/cb?access_token=[redacted]&x=1"},
		{"Location", "https://a.example/cb?code=ab&state=cd", "https://a.example/cb?code=[redacted]&state=[redacted]"},
		{"Link", `<https://a.example/?page=2&key=hunter2>; rel="next"`, `<https://a.example/?page=2&key=[redacted]>; rel="next"`},
		{"X-Anything", jwt, "[redacted]"},
		{"WWW-Authenticate", `Bearer realm="api", error="invalid_token"`, `Bearer realm="api", error="invalid_token"`},
		{"X-RateLimit-Remaining-Tokens", "1499", "1499"},
		{"Idempotency-Key", "order-1001-attempt-2", "order-1001-attempt-2"},
		{"Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8"},
		{"ETag", `W/"5d8c72a5edda8d6a5c4b2f1e9a0b3c4d"`, `W/"5d8c72a5edda8d6a5c4b2f1e9a0b3c4d"`},
	} {
		for _, side := range []string{"response", "request"} {
			r := sealed(t, func(d *Draft) {
				h := []Header{{Name: []byte(c.name), Value: []byte(c.in)}}
				if d.Headers = h; side == "request" {
					d.Headers, d.RequestHeaders = nil, h
				}
			})
			got := append(r.Headers, r.RequestHeaders...)[0].Value
			if string(got) != c.want {
				t.Errorf("%s header %s: %s\n  is %s\nwant %s", side, c.name, c.in, got, c.want)
			}
		}
	}
}

func TestSealBody(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"api_key":"hunter2","a":1}`, `{"api_key":"[redacted]","a":1}`},
		{` { "a" : { "Client-Secret" : "hunter2" , "b" : [ 1, 2 ] } } `, ` { "a" : { "Client-Secret" : "[redacted]" , "b" : [ 1, 2 ] } } `},
		{`{"accessToken":"hunter2","expires_in":3600,"token_type":"bearer"}`, `{"accessToken":"[redacted]","expires_in":3600,"token_type":"bearer"}`},
		{`{"cvv":123,"number":4111111111111111}`, `{"cvv":"[redacted]","number":"[redacted]"}`},
		{`{"headers":{"authorization":["Bearer a","Bearer b"]},"x":1}`, `{"headers":{"authorization":["[redacted]","[redacted]"]},"x":1}`},
		{`{"headers":[{"name":"X-Api-Key","value":"hunter2"},{"name":"a","value":"b"}]}`, `{"headers":[{"name":"X-Api-Key","value":"[redacted]"},{"name":"a","value":"b"}]}`},
		{`{"body":"{\"password\":\"hunter2\",\"a\":\"\\u00fc\"}"}`, `{"body":"{\"password\":\"[redacted]\",\"a\":\"\\u00fc\"}"}`},
		{`{"body":"{\"cvv\":123}"}`, `{"body":"{\"cvv\":\"[redacted]\"}"}`},
		{`{"a":"{\"b\":\"{\\\"cvv\\\":123,\\\"c\\\":1}\"}"}`, `{"a":"{\"b\":\"{\\\"cvv\\\":\\\"[redacted]\\\",\\\"c\\\":1}\"}"}`},
		{`{"url":"https:\/\/a.example\/?key=hunter2\u0026b=c"}`, `{"url":"https:\/\/a.example\/?key=[redacted]\u0026b=c"}`},
		{`{"message":"call to https://a.example/?key=hunter2 failed"}`, `{"message":"call to https://a.example/?key=[redacted] failed"}`},
		{`{"p\u0061ssword":"hunter2"}`, `{"p\u0061ssword":"[redacted]"}`},
		{`{"a":1,"password":"hunt`, `{"a":1,"password":"[redacted]`},
		{`{"a":1,"password":"hunter2\`, `{"a":1,"password":"[redacted]`},
		{`{"a":"{\"password\":\"hunt`, `{"a":"{\"password\":\"[redacted]`},
		{`[{"token":"a"},{"token":"b"}]`, `[{"token":"[redacted]"},{"token":"[redacted]"}]`},
		{"{\"token\":\"a\"}\n{\"token\":\"b\"}\n", "{\"token\":\"[redacted]\"}\n{\"token\":\"[redacted]\"}\n"},
		{`{"credentials":{"user":"jo","deep":[{"x":"y"}],"on":true}}`, `{"credentials":{"user":"[redacted]","deep":[{"x":"[redacted]"}],"on":true}}`},
		{`{"key":"0a1b2c3d4e5f60718293"}`, `{"key":"[redacted]"}`},
		{`{"password":"the cat sat on it"}`, `{"password":"[redacted]"}`},
		{`{password: hunter2, "a": 1}`, `{password: [redacted] "a": 1}`},
		{`{"private_key":"-----BEGIN PRIVATE KEY-----\nMIIfake\n-----END PRIVATE KEY-----\n"}`, `{"private_key":"[redacted]"}`},
		{`{"pem":"-----BEGIN PRIVATE KEY-----\nMIIfake\n-----END PRIVATE KEY-----\n"}`, `{"pem":"[redacted]\n"}`},
		{"\xef\xbb\xbf{\"token\":\"a\"}", "\xef\xbb\xbf{\"token\":\"[redacted]\"}"},
		{"grant_type=authorization_code&code=abc&client_secret=hunter2&redirect_uri=x", "grant_type=authorization_code&code=[redacted]&client_secret=[redacted]&redirect_uri=x"},
		{"user=jo&pass%77ord=hunter2", "user=jo&pass%77ord=[redacted]"},
		{"data: {\"token\":\"hunter2\"}\n\n", "data: {\"token\":\"[redacted]\"}\n\n"},
		{`"` + jwt + `"`, `"[redacted]"`},
	} {
		r := sealed(t, func(d *Draft) { d.Body = []byte(c.in); d.RequestBody = []byte(c.in) })
		if string(r.Body) != c.want {
			t.Errorf("body %s\n  is %s\nwant %s", c.in, r.Body, c.want)
		}
		if string(r.RequestBody) != c.want {
			t.Errorf("request body %s\n  is %s\nwant %s", c.in, r.RequestBody, c.want)
		}
		if json.Valid([]byte(c.in)) && !json.Valid(r.Body) {
			t.Errorf("body %s is no longer JSON: %s", c.in, r.Body)
		}
	}
}

// TestSealKeeps holds what must stay byte for byte.
func TestSealKeeps(t *testing.T) {
	for _, text := range []string{
		"1HGBH41JXMN109186", "WBA3A5C57CF256651", "36ab27d0-fd9d-4455-823a-ce30af709ffc", "req_7f2a91", "7ABC123",
		"2026-06-18T12:30:45.123Z", "18/Jun/2026:12:30:45 +0000", "1718713845123", "1718713845123456", "1718713845123456789",
		"jo@example.com", "192.0.2.17", "2001:db8::17", "https://docs.example.com/errors#api-key", "mailto:jo@example.com",
		"https://medium.com/@jo/post-1", "4000-0000-0000-0001", "4111111111111112", "9999999999999995", "0.4111111111111111",
		"order 1234567890123456", "5d8c72a5edda8d6a5c4b2f1e9a0b3c4d5e6f7081", "v2.0", "Basic plan limit reached", "Basic authentication required",
		"Bearer token is missing", "Invalid token: unexpected end", "token: must not be empty", "password: must be at least 8 characters long",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 Firefox/115.0", "python-httpx/0.27.0", "curl/8.5.0",
		"API limit exceeded for market_value (6/2026). Upgrade at https://api.carsxe.com/pricing", "dial tcp 192.0.2.1:443: i/o timeout",
		"/v2.0/vehicles/36ab27d0-fd9d-4455-823a-ce30af709ffc/odometer", "/callback", "why? because", "a==b", "x::y", "%", "%3D", "=", ":", "?", "\\",
		"eyJpZCI6MTIzfQ", "AKIAshort", "sk_live", "-----BEGIN CERTIFICATE-----", "sort=price_asc", "task-1-of-3", "state: CA",
	} {
		r := sealed(t, func(d *Draft) {
			d.Failure, d.Referer, d.UserAgent, d.Path, d.RequestID = []byte(text), []byte(text), []byte(text), []byte(text), []byte(text)
			d.Headers = []Header{{Name: []byte("X-Note"), Value: []byte(text)}}
			d.Body, _ = json.Marshal(map[string]any{"message": text, "n": 1})
			d.Query = []byte("state=CA")
		})
		for field, got := range map[string][]byte{"failure": r.Failure, "referer": r.Referer, "user agent": r.UserAgent, "path": r.Path, "request id": r.RequestID, "header": r.Headers[0].Value} {
			if string(got) != text {
				t.Errorf("%s %q became %q", field, text, got)
			}
		}
		if want, _ := json.Marshal(map[string]any{"message": text, "n": 1}); !bytes.Equal(r.Body, want) {
			t.Errorf("body %s became %s", want, r.Body)
		}
		if r.Masked != 0 {
			t.Errorf("%q: %d masked", text, r.Masked)
		}
	}
	for _, body := range []string{
		`{"success":false,"code":"missing_api_key","message":"Missing API key"}`,
		`{"error":{"type":"VEHICLE_STATE","code":"ASLEEP","state":"CA","key":"vin_not_found","session":"expired","auth":"required"}}`,
		`{"message":"API limit exceeded for market_value (6/2026). Please upgrade your plan","usage":{"limit":5000,"used":5000}}`,
		`{"errors":{"api_key":["The api key field is required."]},"tokens":512,"max_tokens":4096}`,
		`{"statusCode":409,"requestId":"36ab27d0-fd9d-4455-823a-ce30af709ffc","docURL":"https://smartcar.com/docs/errors/v2.0/vehicle-state#asleep"}`,
		`{"vin":"1HGBH41JXMN109186","etag":"5d8c72a5edda8d6a5c4b2f1e9a0b3c4d","order":9999999999999995,"ms":1718713845123,"us":1718713845123456}`,
		`{"token":null,"secret":false,"password":true,"key":""}`,
		`{"a":"\ud83d\ude97 \u00fc \" \\ \/","b":"{\"c\":\"\\u00fc\"}"}`,
	} {
		r := sealed(t, func(d *Draft) { d.Body = []byte(body) })
		if string(r.Body) != body || r.Masked != 0 {
			t.Errorf("body %s\nbecame %s (%d masked)", body, r.Body, r.Masked)
		}
	}
}

func TestPolicyText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`203.0.113.9 - - [18/Jun/2026:12:00:00 +0000] "GET /x?key=SECRET HTTP/1.1" 200`, `203.0.113.9 - - [18/Jun/2026:12:00:00 +0000] "GET /x?key=[redacted] HTTP/1.1" 200`},
		{`GET /x?key=SECRET`, `GET /x?key=[redacted]`},
		{`broken "authorization":"Bearer SECRET","a"`, `broken "authorization":"Bearer [redacted]","a"`},
		{`{"headers":{"authorization":"Bearer SECRET`, `{"headers":{"authorization":"[redacted]`},
		{`{"a":1} trailing cookie="a=SECRET; b=c" x`, `{"a":1} trailing cookie="[redacted]" x`},
		{`\x16\x03\x01 Cookie: a=SECRET; b=SECRET`, `\x16\x03\x01 Cookie: [redacted]`},
		{"\xff\xfe?key=\xffSECRET\xff x", "\xff\xfe?key=[redacted] x"},
		{"nothing here", "nothing here"},
		{"", ""},
	} {
		got := testPolicy().Text([]byte("> "), []byte(c.in))
		if string(got) != "> "+c.want {
			t.Errorf("%q\n  is %q\nwant %q", c.in, got, "> "+c.want)
		}
	}
}

func TestRulesJoin(t *testing.T) {
	base := Rules{Params: []string{"key?"}, Accounts: []AccountRule{{Host: "*", From: []string{"query:key"}}}}
	joined := base.Join(Rules{Params: []string{"KEY", "vin-token"}, Headers: []string{"X-Mine"}, Fields: []string{"mine"}, Accounts: []AccountRule{{Host: "a.example", From: []string{"query:id"}}}})
	if len(base.Params) != 1 {
		t.Errorf("joining changed its operand: %v", base.Params)
	}
	s := NewPolicy(joined, []byte("salt")).NewSealer()
	r := s.Seal(&Draft{Exchange{Host: []byte("a.example"), Query: []byte("key=a&vin_token=b&id=c"), Headers: headersOf("x-mine", "d"), Body: []byte(`{"Mine":"e","token":"f"}`)}})
	// Of two strengths the surer wins, and what is in no list stays.
	if got := fmt.Sprintf("%s %s %s", r.Query, r.Headers[0].Value, r.Body); got != `key=[redacted]&vin_token=[redacted]&id=c [redacted] {"Mine":"[redacted]","token":"f"}` {
		t.Error(got)
	}
	if want := NewPolicy(base, []byte("salt")).NewSealer().Seal(&Draft{Exchange{Query: []byte("key=c")}}).Account; r.Account != want {
		t.Errorf("the added account rule does not come first: %q, want %q", r.Account, want)
	}
}

// TestSealAllocs holds the hot path free of allocations.
func TestSealAllocs(t *testing.T) {
	s := testPolicy().NewSealer()
	body := benchExchange
	body.Body = []byte(`{"a":"x \"y\"","api_key":"fake","b":[1,2]}`)
	for name, e := range map[string]Exchange{"plain": benchExchange, "query": withQuery(benchExchange, "a=b&key=fake_key_123"), "body": body} {
		var d Draft
		if n := testing.AllocsPerRun(100, func() { d.Exchange = e; s.Seal(&d) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	lines := egressLines(200)
	for i := range lines { // what comes again is seen once before it is free
		s.Seal(&Draft{lines[i]})
	}
	var d Draft
	at := 0
	if n := testing.AllocsPerRun(199, func() { d.Exchange = lines[at%len(lines)]; s.Seal(&d); at++ }); n > 0 {
		t.Errorf("egress: %v allocations", n)
	}
}
