package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// packed writes a text as gzip in base64.
func packed(t *testing.T, text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// shapePlaces are texts in which nothing but its shape tells a credential.
func shapePlaces(secret string) map[string]func(*Draft) {
	quoted, _ := json.Marshal(secret)
	inside := string(quoted[1 : len(quoted)-1])
	doc, _ := json.Marshal(map[string]any{"a": []any{map[string]any{"note": "see " + secret + " there"}}})
	twice, _ := json.Marshal(map[string]any{"payload": string(doc)})
	line := strings.ReplaceAll(secret, "\n", `\n`)
	escaped := strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")
	zipped := packed(nil, string(doc))
	return map[string]func(*Draft){
		"path":             func(d *Draft) { d.SetURL([]byte("https://api.example.com/v1/" + escaped + "/items")) },
		"query":            func(d *Draft) { d.SetURL([]byte("https://api.example.com/v1?q=" + escaped + "&p=1")) },
		"double percent":   func(d *Draft) { d.SetURL([]byte("/v1?u=" + url.QueryEscape("https://x.example/?v="+escaped))) },
		"every byte":       func(d *Draft) { d.SetURL([]byte("/v1?q=" + recordtest.EveryByte(secret))) },
		"referer":          func(d *Draft) { d.Referer = []byte("https://app.example.com/" + escaped) },
		"user agent":       func(d *Draft) { d.UserAgent = []byte("app/1.0 (" + line + ")") },
		"header":           func(d *Draft) { d.Headers = headersOf("X-Note", "is "+line) },
		"error text":       func(d *Draft) { d.Failure = []byte("refused '" + line + "': EOF") },
		"json":             func(d *Draft) { d.Body = doc },
		"json in a string": func(d *Draft) { d.Body = twice },
		"json cut":         func(d *Draft) { d.Body = twice[:len(twice)-8] },
		"json unicode":     func(d *Draft) { d.Body = []byte(`{"a":"` + recordtest.Unicoded(secret) + `"}`) },
		"text unicode": func(d *Draft) {
			d.Failure = []byte(`body={\u0022a\u0022:\u0022` + recordtest.Unicoded(secret) + `\u0022}`)
		},
		"nginx escapes": func(d *Draft) { d.Failure = []byte(`body={\x22a\x22:\x22` + inside + `\x22}`) },
		"form":          func(d *Draft) { d.RequestBody = []byte("a=b&c=" + escaped) },
		"multipart": func(d *Draft) {
			d.RequestBody = []byte("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + secret + "\r\n--b--\r\n")
		},
		"xml":           func(d *Draft) { d.Body = []byte("<a><b c=\"d\">" + secret + "</b></a>") },
		"attribute":     func(d *Draft) { d.Body = []byte("<a b=\"" + line + "\"/>") },
		"cdata":         func(d *Draft) { d.Body = []byte("<a><![CDATA[" + secret + "]]></a>") },
		"yaml":          func(d *Draft) { d.Body = []byte("a:\n  b: " + line + "\n  c: 1\n") },
		"base64 json":   func(d *Draft) { d.Body = []byte(`{"state":"` + base64.StdEncoding.EncodeToString(doc) + `"}`) },
		"base64url":     func(d *Draft) { d.SetURL([]byte("/x?s=" + base64.RawURLEncoding.EncodeToString(doc))) },
		"base64 in url": func(d *Draft) { d.SetURL([]byte("/x?s=" + url.QueryEscape(base64.StdEncoding.EncodeToString(doc)))) },
		"base64 twice": func(d *Draft) {
			d.Body = []byte(base64.StdEncoding.EncodeToString([]byte(`{"x":"` + base64.StdEncoding.EncodeToString(doc) + `"}`)))
		},
		"hex":  func(d *Draft) { d.Body = []byte(`{"x":"` + hex.EncodeToString(doc) + `"}`) },
		"gzip": func(d *Draft) { d.Body = []byte(`{"x":"` + zipped + `"}`) },
		"entities": func(d *Draft) {
			d.Body = []byte("<p>{&quot;a&quot;:&quot;" + html.EscapeString(secret) + "&quot;}</p>")
		},
		"recordtest.Numbered": func(d *Draft) { d.Body = []byte("<p>" + recordtest.Numbered(secret) + "</p>") },
		"reject":              func(d *Draft) { d.Raw = []byte(`1.2.3.4 oops "GET /x?q=` + escaped + ` HTTP/1.1" ` + line) },
	}
}

// namePlaces are the syntaxes in which a name tells a credential.
func namePlaces(name, secret string) map[string]func(*Draft) {
	inner, _ := json.Marshal(map[string]any{"a": 1, name: secret})
	quoted := strings.ReplaceAll(string(inner), `"`, "&quot;")
	pair := name + "=" + secret
	return map[string]func(*Draft){
		"element": func(d *Draft) { d.Body = []byte("<a><" + name + ">" + secret + "</" + name + "></a>") },
		"element attributes": func(d *Draft) {
			d.Body = []byte(`<a><n:` + name + ` Type="x" id='1'>` + secret + `</n:` + name + `></a>`)
		},
		"cdata": func(d *Draft) { d.Body = []byte("<a><" + name + ">\n<![CDATA[" + secret + "]]></" + name + "></a>") },
		"soap in soap": func(d *Draft) {
			d.Body = []byte("<a><![CDATA[<r><" + name + ">" + secret + "</" + name + "></r>]]></a>")
		},
		"entities":         func(d *Draft) { d.Body = []byte("<a>&lt;" + name + "&gt;" + secret + "&lt;/" + name + "&gt;</a>") },
		"json in entities": func(d *Draft) { d.Body = []byte(`<input value="` + quoted + `">`) },
		"attribute":        func(d *Draft) { d.Body = []byte(`<a b="c" ` + name + `="` + secret + `"/>`) },
		"named attribute":  func(d *Draft) { d.Body = []byte(`<add key="` + name + `" value="` + secret + `" />`) },
		"named element":    func(d *Draft) { d.Body = []byte(`<property name="` + name + `">` + secret + `</property>`) },
		"yaml":             func(d *Draft) { d.Body = []byte("a:\n  " + name + ": " + secret + "\n  b: c\n") },
		"yaml quoted":      func(d *Draft) { d.Body = []byte("a:\n  " + name + ": '" + secret + "'\n  b: c\n") },
		"yaml next line":   func(d *Draft) { d.Body = []byte("a:\n  " + name + ":\n    " + secret + "\n  b: c\n") },
		"yaml block": func(d *Draft) {
			d.Body = []byte("a:\n  " + name + ": |\n    " + secret[:4] + "\n    " + secret + "\n  b: c\n")
		},
		"yaml folded": func(d *Draft) { d.Body = []byte("- " + name + ": >-\n    " + secret + "\n  b: c\n") },
		"yaml list":   func(d *Draft) { d.Body = []byte("env:\n  - name: " + name + "\n    value: " + secret + "\n") },
		"multipart": func(d *Draft) {
			d.RequestBody = []byte("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\nContent-Type: text/plain\r\n\r\n" + secret + "\r\n--b--\r\n")
		},
		"multipart cut": func(d *Draft) {
			d.RequestBody = []byte("--b\nContent-Disposition: form-data; name=\"" + name + "\"\n\n" + secret)
		},
		"json percent":  func(d *Draft) { d.SetURL([]byte("/x?filter=" + url.QueryEscape(string(inner)))) },
		"percent twice": func(d *Draft) { d.SetURL([]byte("/x?u=" + url.QueryEscape("/y?v="+url.QueryEscape(pair+"&a=b")))) },
		"path percent":  func(d *Draft) { d.SetURL([]byte("/r/" + url.QueryEscape("https://x.example/?"+pair))) },
		"base64 json":   func(d *Draft) { d.SetURL([]byte("/x?s=" + base64.RawURLEncoding.EncodeToString(inner))) },
		"base64 form": func(d *Draft) {
			d.Body = []byte(`{"s":"` + base64.StdEncoding.EncodeToString([]byte("a=b&"+pair)) + `"}`)
		},
		"hex":            func(d *Draft) { d.Body = []byte(`{"s":"` + hex.EncodeToString([]byte(pair)) + `"}`) },
		"nginx escapes":  func(d *Draft) { d.Failure = []byte("b=" + strings.ReplaceAll(string(inner), `"`, `\x22`)) },
		"unicode quotes": func(d *Draft) { d.Failure = []byte("b=" + strings.ReplaceAll(string(inner), `"`, `\u0022`)) },
		"log line":       func(d *Draft) { d.Raw = []byte("level=warn msg=\"no\" " + pair + " n=1") },
		"python":         func(d *Draft) { d.Failure = []byte("failed with {'" + name + "': '" + secret + "'}") },
		"event stream":   func(d *Draft) { d.Body = append([]byte("event: x\ndata: "), inner...) },
	}
}

// planted seals a draft and looks for the secret in any form in which it went in.
func planted(t *testing.T, s *Sealer, what string, plant func(*Draft), secret string) bool {
	t.Helper()
	var d Draft
	d.Reset()
	plant(&d)
	before := bytes.Join([][]byte{d.Target, d.Body, d.RequestBody, d.Failure, d.Raw}, []byte("\n"))
	r := s.Seal(&d)
	after := visibleIn(r)
	for _, form := range recordtest.Forms(secret) {
		if strings.Contains(after, form) {
			t.Errorf("%s leaks: %.300s\nas %.300s", what, before, after)
			return false
		}
	}
	if r.Masked == 0 {
		t.Errorf("%s: nothing was masked in %.300s", what, before)
		return false
	}
	return true
}

// visibleIn is all that is left of a record.
func visibleIn(r *Record) string {
	e := r.Exchange
	all := [][]byte{e.Method, e.Host, e.Path, e.Query, e.Target, e.Client, e.UserAgent, e.Referer, e.RequestID, e.ClientRequestID, e.Failure, e.Body, e.RequestBody, e.Raw}
	for _, h := range append(append([]Header{}, e.Headers...), e.RequestHeaders...) {
		all = append(all, h.Value)
	}
	return string(bytes.Join(all, []byte("\n")))
}

// TestPlantedShapes puts each kind of credential into each place.
func TestPlantedShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	s := testPolicy().NewSealer()
	plants, lost := 0, 0
	for round := range 3 {
		for kind, secret := range recordtest.Secrets(r) {
			for place, plant := range shapePlaces(secret) {
				plants++
				if !planted(t, s, fmt.Sprintf("%s in %s, round %d", kind, place, round), plant, secret) {
					lost++
				}
			}
		}
	}
	t.Logf("%d planted, %d lost", plants, lost)
}

// TestPlantedNames puts a value that looks like nothing behind each name in
// each syntax.
func TestPlantedNames(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	s := testPolicy().NewSealer()
	plants, lost := 0, 0
	for _, name := range []string{"password", "api_key", "apiKey", "client_secret", "access_token", "refreshToken", "secret_key", "private_key", "db_password", "connection_string", "signature", "token"} {
		secret := "Zq7" + recordtest.Random(r, recordtest.Base62, 12) + "9x"
		for place, plant := range namePlaces(name, secret) {
			plants++
			if !planted(t, s, name+" in "+place, plant, secret) {
				lost++
			}
		}
	}
	t.Logf("%d planted, %d lost", plants, lost)
}
