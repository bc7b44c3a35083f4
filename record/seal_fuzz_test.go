package record

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// plants are the ways in which a secret can travel; %s is its place.
func plants(name, secret string) map[string]func(*Draft) {
	inner, _ := json.Marshal(map[string]any{"a": "x\n", name: secret})
	twice, _ := json.Marshal(map[string]any{"payload": string(inner)})
	thrice, _ := json.Marshal(map[string]any{"payload": string(twice), "b": []int{1}})
	deep, _ := json.Marshal(map[string]any{"a": []any{map[string]any{"b": map[string]any{name: secret}}}})
	return map[string]func(*Draft){
		"query":           func(d *Draft) { d.Query = []byte("a=b&" + name + "=" + secret) },
		"target":          func(d *Draft) { d.Target = []byte("/x?" + name + "=" + secret + "&c=d") },
		"referer":         func(d *Draft) { d.Referer = []byte("https://a.example/x?c=d&" + name + "=" + secret) },
		"failure":         func(d *Draft) { d.Failure = []byte("Get \"https://a.example/x?" + name + "=" + secret + "\": EOF") },
		"header":          func(d *Draft) { d.RequestHeaders = []Header{{[]byte("Location"), []byte("/x?" + name + "=" + secret)}} },
		"form":            func(d *Draft) { d.RequestBody = []byte("a=b&" + name + "=" + secret + "&c=d") },
		"body":            func(d *Draft) { d.Body = inner },
		"deep body":       func(d *Draft) { d.Body = deep },
		"body in a body":  func(d *Draft) { d.Body = twice },
		"third level":     func(d *Draft) { d.RequestBody = thrice },
		"truncated body":  func(d *Draft) { d.Body = deep[:bytes.Index(deep, []byte(secret))+len(secret)] },
		"truncated inner": func(d *Draft) { d.Body = twice[:bytes.Index(twice, []byte(secret))+len(secret)] },
		"broken body":     func(d *Draft) { d.Body = append([]byte("{oops "), inner...) },
		"raw":             func(d *Draft) { d.Raw = []byte("GET /x?" + name + "=" + secret + " HTTP/1.1") },
	}
}

// leaks says in which field of the record the secret still stands.
func leaks(r *Record, secret string) string {
	e := r.Exchange
	fields := map[string][]byte{"method": e.Method, "host": e.Host, "path": e.Path, "query": e.Query, "target": e.Target, "client": e.Client,
		"user agent": e.UserAgent, "referer": e.Referer, "request id": e.RequestID, "client request id": e.ClientRequestID,
		"failure": e.Failure, "body": e.Body, "request body": e.RequestBody, "raw": e.Raw}
	for i, h := range append(append([]Header{}, e.Headers...), e.RequestHeaders...) {
		fields[fmt.Sprint("header ", i)] = h.Value
	}
	for name, v := range fields {
		if bytes.Contains(v, []byte(secret)) {
			return name + ": " + string(v)
		}
	}
	return ""
}

const secretAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+/="

func randomSecret(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = secretAlphabet[r.IntN(len(secretAlphabet))]
	}
	// A part of itself, so that no other text holds it by chance.
	return "q7" + string(b) + "Z"
}

// sureNames are the default names that need no look at the value.
func sureNames(t *testing.T, list []string) []string {
	t.Helper()
	var out []string
	for _, n := range list {
		if !strings.HasSuffix(n, "?") && !strings.HasPrefix(n, "!") {
			out = append(out, strings.Replace(n, "*", "acme_", 1))
		}
	}
	if len(out) < 10 {
		t.Fatalf("only %d names", len(out))
	}
	return out
}

// checkPlant seals a draft with a planted secret and looks for it.
func checkPlant(t *testing.T, s *Sealer, where string, plant func(*Draft), secret string) {
	t.Helper()
	var d Draft
	d.Reset()
	plant(&d)
	body, request := string(d.Body), string(d.RequestBody)
	r := s.Seal(&d)
	if l := leaks(r, secret); l != "" {
		t.Errorf("%s: %s leaks in %s", where, secret, l)
	}
	if json.Valid([]byte(body)) && !json.Valid(r.Body) {
		t.Errorf("%s: %s is no longer JSON: %s", where, body, r.Body)
	}
	if json.Valid([]byte(request)) && !json.Valid(r.RequestBody) {
		t.Errorf("%s: %s is no longer JSON: %s", where, request, r.RequestBody)
	}
	if r.Masked == 0 {
		t.Errorf("%s: nothing counted", where)
	}
}

func TestSealPlanted(t *testing.T) {
	rules := DefaultRules()
	random := rand.New(rand.NewPCG(1, 2))
	s := testPolicy().NewSealer()
	for _, name := range sureNames(t, rules.Params) {
		secret := randomSecret(random, 4+random.IntN(40))
		for where, plant := range plants(name, secret) {
			if strings.Contains(where, "body") || strings.Contains(where, "inner") || strings.Contains(where, "level") {
				continue // names of bodies are below
			}
			checkPlant(t, s, where+" "+name, plant, secret)
		}
	}
	for _, name := range sureNames(t, rules.Fields) {
		secret := randomSecret(random, 4+random.IntN(40))
		for where, plant := range plants(name, secret) {
			checkPlant(t, s, where+" "+name, plant, secret)
		}
	}
	for _, name := range sureNames(t, rules.Headers) {
		secret := randomSecret(random, 4+random.IntN(40))
		checkPlant(t, s, "header "+name, func(d *Draft) { d.Headers = []Header{{[]byte(name), []byte("Bearer " + secret)}} }, secret)
		checkPlant(t, s, "line "+name, func(d *Draft) { d.Raw = []byte(`x "` + name + `": "` + secret + `" y`) }, secret)
	}
}

func FuzzSeal(f *testing.F) {
	rules := DefaultRules()
	names := append(append([]string{}, rules.Params...), rules.Fields...)
	f.Add([]byte("GET /x?a=b HTTP/1.1"), uint16(0), uint64(1))
	f.Add([]byte(`{"a":"{\"b\":1}","c":[1,2,{"d":null}]}`), uint16(7), uint64(2))
	f.Add([]byte(`{"a":"\ud83d\u00`), uint16(19), uint64(3))
	f.Add([]byte("\xff%3D%3a%25=:?><\\\\\"'"), uint16(33), uint64(4))
	f.Add([]byte("4111 1111 1111 1111-----BEGIN PRIVATE KEY eyJ.eyJ"), uint16(50), uint64(5))
	p := testPolicy()
	f.Fuzz(func(t *testing.T, noise []byte, pick uint16, seed uint64) {
		s := p.NewSealer()
		var d Draft
		d.Reset()
		own := func() []byte { return bytes.Clone(noise) }
		d.Method, d.Host, d.Path, d.Query, d.Target = own(), own(), own(), own(), own()
		d.Referer, d.UserAgent, d.Failure, d.RequestID, d.Raw, d.Body, d.RequestBody = own(), own(), own(), own(), own(), own(), own()
		d.Headers = []Header{{own(), own()}}
		d.RequestHeaders = []Header{{[]byte("Authorization"), own()}}
		r := s.Seal(&d)
		if json.Valid(noise) && !json.Valid(r.Body) {
			t.Errorf("%q is no longer JSON: %q", noise, r.Body)
		}
		name := strings.Replace(strings.TrimSuffix(names[int(pick)%len(names)], "?"), "*", "my_", 1)
		if picked := names[int(pick)%len(names)]; strings.HasSuffix(picked, "?") || picked[0] == '!' {
			return
		}
		secret := randomSecret(rand.New(rand.NewPCG(seed, 1)), 8+int(seed%24))
		doc, err := json.Marshal(map[string]any{"noise": string(noise), "z": map[string]any{"list": []any{string(noise), 1, nil}}})
		if err != nil {
			t.Fatal(err)
		}
		// The secret's member goes behind the noise.
		doc = append(doc[:len(doc)-1], `,"`+name+`":"`+secret+`"}`...)
		p.Scan(noise)
		if int(pick)%len(names) < len(rules.Params) {
			checkPlant(t, s, "query", func(d *Draft) { d.Query = []byte(name + "=" + secret) }, secret)
			return
		}
		checkEncoded(t, s, noise, name, secret, pick)
		checkPlant(t, s, "body", func(d *Draft) { d.Body = bytes.Clone(doc) }, secret)
		checkPlant(t, s, "truncated", func(d *Draft) { d.RequestBody = doc[:len(doc)-2] }, secret)
	})
}

// checkEncoded plants a secret in one of the encodings, with noise before it.
func checkEncoded(t *testing.T, s *Sealer, noise []byte, name, secret string, pick uint16) {
	t.Helper()
	inner, err := json.Marshal(map[string]string{name: secret})
	if err != nil {
		t.Fatal(err)
	}
	std := base64.StdEncoding.EncodeToString
	var body string
	switch pick % 6 {
	case 0:
		body = `{"a":"` + std(inner) + `"}`
	case 1:
		body = "a=b&c=" + url.QueryEscape(string(inner))
	case 2:
		body = `{"a":"` + packed(t, string(inner)) + `"}`
	case 3:
		body = "<a>" + strings.ReplaceAll(string(inner), `"`, "&quot;") + "</a>"
	case 4:
		body = `{"a":"` + hex.EncodeToString(inner) + `"}`
	case 5:
		body = `{"a":"` + std([]byte(`{"b":"`+std(inner)+`"}`)) + `"}`
	}
	var d Draft
	d.Reset()
	d.Body = []byte(body)
	d.Failure = append(bytes.Clone(noise), "\n "+body...)
	r := s.Seal(&d)
	for _, form := range recordtest.Forms(secret) {
		if bytes.Contains(r.Body, []byte(form)) {
			t.Errorf("%s leaks from %s as %s", secret, body, r.Body)
		}
	}
}

// TestSealHostile is about inputs made to cost more than their length: with
// time that is quadratic in it, this test would run for hours.
func TestSealHostile(t *testing.T) {
	const n = 1 << 18
	rules := DefaultRules()
	rules.Paths = []PathRule{{"a.example", "/services/*/*/{secret}"}, {"a.example", "/bot{secret}"}}
	p := NewPolicy(rules, []byte("salt"))
	s := p.NewSealer()
	for _, unit := range []string{"key:", "key=", "key: a ", "://", "://:", "-----BEGIN ", "-----BEGIN PRIVATE KEY ", "eyJ", "eyJaaaaa.", "4111 ", "4111", "%", "%25", "%3D", "%253D", "Bearer ",
		"?", "&", "code=", "&code=a", "a_", "\\", "\\\"", "\"", "\\u0026", "[", "{", "{\"a\":", "[\"", "{\"name\":\"key\",", "<password>", ">", ";", "\xff", "\x00", "'password':'", "authorization: basic ", "sid=;", "state=abc;", "code=a;", "basic+", "bearer%20", "key:\"", "key:'", "key=is a b ", "eyJaaaaaaaa.", "SG_", "e_", "<key>", "\"key\":\\", "sid=\\", "cookie: \n", "sk_live_", ".",
		"&quot;", "&#34;", "&amp;", "%20", "%2520", "%25252525", "a%20b ", "\\u0061", "\\x22", "\\u0022\n", "eyJhIjoi", "eyJhIjoi/", "H4sIAAAA", "H4sI ", "7b2261223a22", "ICAgICAg", "ICAgICAg ",
		"<a b=\"c\">", "<key ", "<a key=\"password\">", "<![CDATA[", "<password><![CDATA[", "name=\"key\"", "form-data; name=\"key\"\n\n", "value=\"", "<a key=\"password\" value=", "name: key\nvalue: ", "value: \n",
		"password:\n", "password: |\n", "password: |\n  a\n", "  ", "SG.", "dp.pt.aaaaaaaaaaaaaaaa.", "hvs.", "-----END PRIVATE KEY", "AAAA-----END PRIVATE KEY-----", "AKIAFAKEFAKEFAKE2345", "1234567890:", "https://", "https://a.example/services/", "/services/a/b/", "card_4111_"} {
		text := bytes.Repeat([]byte(unit), n/len(unit))
		var d Draft
		d.Reset()
		d.Query, d.Failure, d.Body = text, text, text
		d.RequestBody = append([]byte(`{"a":"`), text...)
		s.Seal(&d)
		p.Scan(text)
	}
	// JSON in JSON in JSON, as deep as it is short enough.
	doc := []byte(`{"password":"hunter2"}`)
	for range 12 {
		doc, _ = json.Marshal(map[string]string{"a": string(doc)})
	}
	r := s.Seal(&Draft{Exchange{Body: doc}})
	if !json.Valid(r.Body) || bytes.Contains(r.Body, []byte("hunter2")) {
		t.Errorf("12 levels, valid JSON: %v, still has the secret: %v", json.Valid(r.Body), bytes.Contains(r.Body, []byte("hunter2")))
	}
}

// TestPolicyConcurrent shares one policy, as the loader's workers do; it
// matters under the race detector.
func TestPolicyConcurrent(t *testing.T) {
	p := testPolicy()
	done := make(chan string)
	for range 4 {
		go func() {
			s, got := p.NewSealer(), ""
			for range 100 {
				r := s.Seal(&Draft{Exchange{Query: []byte("a=b&key=hunter2"), Body: []byte(`{"a":"{\"token\":\"x\"}"}`)}})
				got = r.Account + string(r.Query) + string(r.Body) + string(p.Text(nil, []byte("key=hunter2")))
			}
			done <- got
		}()
	}
	first := <-done
	for range 3 {
		if got := <-done; got != first {
			t.Errorf("%q beside %q", got, first)
		}
	}
}
