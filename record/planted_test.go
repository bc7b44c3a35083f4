package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

const (
	lowerHex = "0123456789abcdef"
	base62   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	upper32  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// random gives n characters of the alphabet, the first three of which are a
// letter, a digit and a letter.
func random(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// secretKinds make the credentials that are known by their shape. They are made
// when the test runs, so that none stands in the repository.
func secretKinds(r *rand.Rand) map[string]string {
	of := func(alphabet string, n int) string { return random(r, alphabet, n) }
	return map[string]string{
		"jwt":              fakeJWT(`{"sub":"` + of(base62, 8) + `"}`),
		"aws key id":       "AKIA" + of(upper32, 16),
		"aws temporary id": "ASIA" + of(upper32, 16),
		"github":           "ghp_" + of(base62, 36),
		"github server":    "ghs_" + of(base62, 36),
		"github fine":      "github_pat_" + of(base62, 22) + "_" + of(base62, 59),
		"gitlab":           "glpat-" + of(base62, 20),
		"gitlab runner":    "glrt-" + of(base62, 20),
		"stripe":           "sk_live_" + of(base62, 24),
		"stripe restrict":  "rk_test_" + of(base62, 24),
		"stripe webhook":   "whsec_" + of(base62, 32),
		"slack bot":        "xoxb-" + of("0123456789", 12) + "-" + of("0123456789", 12) + "-" + of(base62, 24),
		"slack user":       "xoxp-" + of("0123456789", 12) + "-" + of(base62, 32),
		"slack app":        "xapp-1-A" + of(upper32, 10) + "-" + of("0123456789", 13) + "-" + of(lowerHex, 64),
		"google":           "AIza" + of(base62, 35),
		"google oauth":     "ya29." + of(base62, 60),
		"google secret":    "GOCSPX-" + of(base62, 28),
		"twilio":           "SK" + of(lowerHex, 32),
		"sendgrid":         "SG." + of(base62, 22) + "." + of(base62, 43),
		"mailgun":          "key-" + of(lowerHex, 32),
		"npm":              "npm_" + of(base62, 36),
		"pypi":             "pypi-AgEIcHlwaS5vcmc" + of(base62, 60),
		"openai":           "sk-proj-" + of(base62, 48),
		"openai old":       "sk-" + of(base62, 48),
		"anthropic":        "sk-ant-api03-" + of(base62, 80),
		"telegram":         of("123456789", 10) + ":AA" + of(base62, 33),
		"discord":          "MT" + of(base62, 24) + "." + of(base62, 6) + "." + of(base62, 38),
		"shopify":          "shpat_" + of(lowerHex, 32),
		"square":           "sq0atp-" + of(base62, 22),
		"square token":     "EAAA" + of(base62, 60),
		"digitalocean":     "dop_v1_" + of(lowerHex, 64),
		"doppler":          "dp.pt." + of(base62, 43),
		"vault":            "hvs." + of(base62, 24),
		"vault batch":      "hvb." + of(base62, 90),
		"hubspot":          "pat-na1-" + of(lowerHex, 8) + "-" + of(lowerHex, 4) + "-" + of(lowerHex, 4) + "-" + of(lowerHex, 12),
		"airtable":         "pat" + of(base62, 14) + "." + of(lowerHex, 64),
		"postman":          "PMAK-" + of(lowerHex, 24) + "-" + of(lowerHex, 34),
		"linear":           "lin_api_" + of(base62, 40),
		"notion":           "ntn_" + of(base62, 46),
		"databricks":       "dapi" + of(lowerHex, 32),
		"hugging face":     "hf_" + of(base62, 34),
		"groq":             "gsk_" + of(base62, 52),
		"docker":           "dckr_pat_" + of(base62, 27),
		"atlassian":        "ATATT3xFfGF0" + of(base62, 100),
		"grafana":          "glsa_" + of(base62, 32) + "_" + of(lowerHex, 8),
		"tailscale":        "tskey-auth-" + of(base62, 12) + "-" + of(base62, 32),
		"planetscale":      "pscale_tkn_" + of(base62, 43),
		"sentry":           "sntryu_" + of(lowerHex, 64),
		"new relic":        "NRAK-" + of(upper32, 27),
		"brevo":            "xkeysib-" + of(lowerHex, 64) + "-" + of(base62, 16),
		"card":             card(r, "4", 16),
		"card mastercard":  card(r, "55", 16),
		"card amex":        card(r, "37", 15),
		"private key":      "-----BEGIN PRIVATE KEY-----\n" + of(base62, 64) + "\n" + of(base62, 64) + "\n-----END PRIVATE KEY-----",
	}
}

// card makes a number that passes Luhn's check.
func card(r *rand.Rand, prefix string, digits int) string {
	for {
		b := []byte(prefix + random(r, "0123456789", digits-len(prefix)))
		if isCard(b) {
			return string(b)
		}
	}
}

// shapePlaces are texts in which nothing but its shape tells a credential.
func shapePlaces(secret string) map[string]func(*Draft) {
	quoted, _ := json.Marshal(secret)
	inside := string(quoted[1 : len(quoted)-1])
	doc, _ := json.Marshal(map[string]any{"a": []any{map[string]any{"note": "see " + secret + " there"}}})
	twice, _ := json.Marshal(map[string]any{"payload": string(doc)})
	line := strings.ReplaceAll(secret, "\n", `\n`)
	escaped := strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(doc)
	_ = z.Close()
	return map[string]func(*Draft){
		"path":             func(d *Draft) { d.SetURL([]byte("https://api.example.com/v1/" + escaped + "/items")) },
		"query":            func(d *Draft) { d.SetURL([]byte("https://api.example.com/v1?q=" + escaped + "&p=1")) },
		"double percent":   func(d *Draft) { d.SetURL([]byte("/v1?u=" + url.QueryEscape("https://x.example/?v="+escaped))) },
		"every byte":       func(d *Draft) { d.SetURL([]byte("/v1?q=" + everyByte(secret))) },
		"referer":          func(d *Draft) { d.Referer = []byte("https://app.example.com/" + escaped) },
		"user agent":       func(d *Draft) { d.UserAgent = []byte("app/1.0 (" + line + ")") },
		"header":           func(d *Draft) { d.Headers = headersOf("X-Note", "is "+line) },
		"error text":       func(d *Draft) { d.Failure = []byte("refused '" + line + "': EOF") },
		"json":             func(d *Draft) { d.Body = doc },
		"json in a string": func(d *Draft) { d.Body = twice },
		"json cut":         func(d *Draft) { d.Body = twice[:len(twice)-8] },
		"json unicode":     func(d *Draft) { d.Body = []byte(`{"a":"` + unicoded(secret) + `"}`) },
		"text unicode":     func(d *Draft) { d.Failure = []byte(`body={\u0022a\u0022:\u0022` + unicoded(secret) + `\u0022}`) },
		"nginx escapes":    func(d *Draft) { d.Failure = []byte(`body={\x22a\x22:\x22` + inside + `\x22}`) },
		"form":             func(d *Draft) { d.RequestBody = []byte("a=b&c=" + escaped) },
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
		"gzip": func(d *Draft) { d.Body = []byte(`{"x":"` + base64.StdEncoding.EncodeToString(packed.Bytes()) + `"}`) },
		"entities": func(d *Draft) {
			d.Body = []byte("<p>{&quot;a&quot;:&quot;" + html.EscapeString(secret) + "&quot;}</p>")
		},
		"numbered": func(d *Draft) { d.Body = []byte("<p>" + numbered(secret) + "</p>") },
		"reject":   func(d *Draft) { d.Raw = []byte(`1.2.3.4 oops "GET /x?q=` + escaped + ` HTTP/1.1" ` + line) },
	}
}

// everyByte percent-encodes all of a text.
func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func unicoded(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\u%04x`, s[i])
	}
	return b.String()
}

func numbered(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "&#%d;", s[i])
	}
	return b.String()
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
	for _, form := range formsOf(secret) {
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

// formsOf are the ways in which a secret could still be read; half of one
// counts.
func formsOf(secret string) []string {
	half := secret[len(secret)/2:]
	return []string{half, secret[:len(secret)/2+1], strings.ReplaceAll(half, "\n", `\n`), url.QueryEscape(half), everyByte(half), unicoded(half), numbered(half),
		hex.EncodeToString([]byte(half)), base64.RawStdEncoding.EncodeToString([]byte(half))[2:8]}
}

// TestPlantedShapes puts each kind of credential into each place.
func TestPlantedShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	s := testPolicy().NewSealer()
	plants, lost := 0, 0
	for round := range 3 {
		for kind, secret := range secretKinds(r) {
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
		secret := "Zq7" + random(r, base62, 12) + "9x"
		for place, plant := range namePlaces(name, secret) {
			plants++
			if !planted(t, s, name+" in "+place, plant, secret) {
				lost++
			}
		}
	}
	t.Logf("%d planted, %d lost", plants, lost)
}
