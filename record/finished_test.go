package record

import (
	"strings"
	"testing"
)

func TestScanOfFinished(t *testing.T) {
	p := NewPolicy(DefaultRules(), nil)
	token := "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a" // put together here, so that scanners of this repository see none
	for _, c := range []struct {
		text string
		want int
	}{
		{"# nothing here\n\nrequest id a2d00487-e42e-4173-8d8e-204778e8bbf1", 0},
		{"authorization: Bearer [redacted]\nx-api-key: [redacted]\n", 0},
		{"GET /specs?key=[redacted]&vin=[vin] HTTP/1.1", 0},
		{`{"headers":[{"name":"authorization","value":"Bearer [redacted]"}],"token":"[redacted]"}`, 0},
		{"GET /connect/x/callback?error=no_vehicles&state=…` | newest", 0},
		{"a,/x?vin=1&key=[redacted],503,upstream,CODE,1000.5", 0},
		{"a,/x?vin=1&key=[redacted]," + token + ",503", 1},
		{"a,/x?vin=1&key=[redacted]0a1b2c3d4e5f", 1},
		{strings.Repeat("key=[redacted],", 50), 0},
		{"| `a` | " + token + " |", 1},
		{"x-api-key: 9f8e7d6c5b4a39281706\n", 1},
		{`{"a":{"b":["` + token + `"]}}`, 1},
		{`{"name":"access_token","access_token":"0a1b2c3d4e5f60718293"}`, 1},
	} {
		got := p.Scan([]byte(c.text))
		if len(got) != c.want {
			t.Errorf("%d left in %q: %v, want %d", len(got), c.text, got, c.want)
		}
		for _, at := range got {
			if at.Lo < 0 || at.Hi <= at.Lo || at.Hi > len(c.text) || strings.Contains(c.text, token) && !strings.Contains(c.text[at.Lo:at.Hi], token) {
				t.Errorf("%v lies outside of the text", at)
			}
		}
	}
}
