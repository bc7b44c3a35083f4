package record

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// TestSealPlaces is about credentials that are known by what stands beside them,
// and about how much of the text around them goes.
func TestSealPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	id := "AKIA" + recordtest.Random(r, recordtest.Base32, 16)
	secret := recordtest.Random(r, recordtest.Base62, 38) + "/+"
	number := recordtest.Secrets(r)["card"]
	bot := "123456789:AA" + recordtest.Random(r, recordtest.Base62, 33)
	basic := base64.StdEncoding.EncodeToString([]byte("jo:hunter2-and-more"))
	for _, c := range []struct{ in, want string }{
		{"keys " + id + ":" + secret + " of jo", "keys [redacted]:[redacted] of jo"},
		{id + "," + secret, "[redacted],[redacted]"},
		{id + "\n" + secret + "\n", "[redacted]\n[redacted]\n"},
		{"card_" + number + "_visa", "card_[redacted]_visa"},
		{"pan" + number, "pan[redacted]"},
		{"q=" + number[:4] + "+" + number[4:8] + "+" + number[8:12] + "+" + number[12:], "q=[redacted]"},
		{"/bot" + bot + "/getMe", "/bot[redacted]/getMe"},
		{`-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n rest`, `[redacted]\n rest`},
		{`-----BEGIN+RSA+PRIVATE+KEY-----%0AAAAA%0A-----END+RSA+PRIVATE+KEY-----`, `[redacted]`},
		{"AAAABBBBCCCC\nDDDDEEEE==\n-----END RSA PRIVATE KEY-----\nrest", "[redacted] RSA PRIVATE KEY-----\nrest"},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAABBBB", "[redacted]"},
		{`got ` + basic + ` from`, `got [redacted] from`},
		{"DefaultEndpointsProtocol=https;AccountName=jo;AccountKey=abcdefgh12345678==;EndpointSuffix=x", "DefaultEndpointsProtocol=https;AccountName=jo;AccountKey=[redacted];EndpointSuffix=x"},
		{"Endpoint=sb://x/;SharedAccessKeyName=root;SharedAccessKey=abcdefgh12345678=", "Endpoint=sb://x/;SharedAccessKeyName=root;SharedAccessKey=[redacted]"},
		{"//registry.npmjs.example/:_authToken=hunter2", "//registry.npmjs.example/:_authToken=[redacted]"},
		{"postgres://jo:hunter2@db.example:5432/x?sslmode=require", "postgres://[redacted]@db.example:5432/x?sslmode=require"},
		{"redis://:hunter2@cache:6379/0", "redis://[redacted]@cache:6379/0"},
		{"https://x.blob.example/a?sv=2022&sig=abc%2Bdef%3D&se=2026", "https://x.blob.example/a?sv=2022&sig=[redacted]&se=2026"},
		{"device_token=" + recordtest.Random(r, recordtest.Base62, 40) + "&a=1", "device_token=[redacted]&a=1"},
		{`{"verification_token":"` + secret[:24] + `","next_page_token":"` + secret[:24] + `"}`, `{"verification_token":"[redacted]","next_page_token":"` + secret[:24] + `"}`},
		{"nextPageToken=" + secret[:24] + "&continuation_token=" + secret[:24], "nextPageToken=" + secret[:24] + "&continuation_token=" + secret[:24]},
		{"encryption_key=" + secret[:32] + "&idempotency_key=" + secret[:32], "encryption_key=[redacted]&idempotency_key=" + secret[:32]},
		{"upstream: invalid_api_key: i/o timeout", "upstream: invalid_api_key: i/o timeout"},
		{"Bearer%20token%20is%20missing", "Bearer%20token%20is%20missing"},
	} {
		if got := string(testPolicy().Text(nil, []byte(c.in))); got != c.want {
			t.Errorf("%s\n  is %s\nwant %s", c.in, got, c.want)
		}
	}
}

// TestSealInflated is about packed text that is made to cost more than its
// length: what cannot be read to its end goes.
func TestSealInflated(t *testing.T) {
	s := testPolicy().NewSealer()
	bomb := packed(t, strings.Repeat("a ", inflatedBytesMax))
	harmless := packed(t, `{"error":"`+strings.Repeat("nothing here, ", 40)+`"}`)
	for _, c := range []struct {
		body string
		gone bool
	}{
		{`{"a":"` + bomb + `"}`, true},
		{`{"a":"` + harmless + `"}`, false},
		{`{"a":["` + strings.Repeat(bomb+`","`, 40) + `"]}`, true},
		{`{"a":"` + packed(t, `{"password":"hunter2"}`) + `"}`, true},
		{`{"a":"` + packed(t, strings.Repeat(`{"password":"hunter2"}`, 50))[:70] + `"}`, true},
		{`{"a":"H4sIAAAAAAAAAA"}`, false},
	} {
		var d Draft
		d.Reset()
		d.Body = []byte(c.body)
		if got := strings.Contains(string(s.Seal(&d).Body), Redacted); got != c.gone {
			t.Errorf("%.80s: masked %v, want %v", c.body, got, c.gone)
		}
	}
}
