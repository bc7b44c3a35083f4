package secondlook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// planted are credentials of shapes that no name gives away. They are put
// together here, so that no scanner of this repository takes them for real.
func planted() map[string]string {
	return map[string]string{
		"stripe-access-token": "sk_" + "live_" + "51HbZ3kQ9vXtR7mNcY2pLwDq8",
		"github-pat":          "ghp" + "_" + "a8Kd02mXq7LzPv5RtYw31NbGhJcFsE4Uo9Ti",
		"aws-access-token":    "AK" + "IA" + "Q3EGRZ7KMWTB5XYN",
		"slack-bot-token":     "xox" + "b-" + "263594206564-2343594206574-" + "FGqddMF8t08v8N7Oq4i57vs1",
		"jwt":                 "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9" + "." + "eyJpc3MiOiJkZW1vIiwic3ViIjoiZGVtby1mbGVldCJ9" + "." + "dGhpc0lzQVNpZ25hdHVyZTEyMw",
		"private-key":         "-----BEGIN RSA PRIVATE " + "KEY-----\n" + strings.Repeat("MIIEpAIBAAKCAQEA4f8Zq1xTn0cVb7YkLmRwSd3GhJuPoXiEvNzCtQaWs5Mf\n", 24) + "-----END RSA PRIVATE KEY-----",
	}
}

func TestLookNamesThePlaceOnly(t *testing.T) {
	for rule, secret := range planted() {
		for _, c := range []struct {
			before       string
			line, column int
		}{
			{"", 1, 1}, {"the key is ", 1, 12}, {"one\ntwo\nkey: ", 3, 6}, {"\n", 2, 1},
			{strings.Repeat("a line of a report\n", 5000) + "  x ", 5001, 5},
		} {
			found, err := Look(t.Context(), "summary.md", []byte(c.before+secret+"\nthe end\n"))
			if err != nil {
				t.Fatal(err)
			}
			// A rule may begin its match with the blank before it.
			at := slices.IndexFunc(found, func(f Finding) bool {
				return f.Rule == rule && f.Line == c.line && c.column-f.Column >= 0 && c.column-f.Column <= 1
			})
			if at < 0 {
				t.Errorf("%s after %d bytes: %v, want line %d column %d", rule, len(c.before), found, c.line, c.column)
			}
			text := (&FoundError{Findings: found}).Error()
			if !strings.Contains(text, "summary.md line ") || strings.Contains(text, secret[4:12]) {
				t.Errorf("wrong words: %s", text)
			}
		}
	}
}

// TestLookAnywhere moves a credential over the ends of the windows, in writes of
// any size: it is found once.
func TestLookAnywhere(t *testing.T) {
	secrets := planted()
	long := "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9" + "." + "eyJ" + strings.Repeat("pc3MiOiJkZW1vIiwic3ViIjoiZGVtby1mbGVldCJ9", 70) + "." + strings.Repeat("dGhpc0lzQVNp", 40)
	random := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		rule, secret string
		sizeBytes    int
	}{{"github-pat", secrets["github-pat"], 3 * nearBytes}, {"jwt", long, 2 * wideBytes}, {"private-key", secrets["private-key"], 2 * wideBytes}} {
		for range 60 {
			before := random.IntN(c.sizeBytes)
			for _, filler := range []string{"word ", "0123456789abcdef", "a line\n"} {
				text := strings.Repeat(filler, before/len(filler)+1) + " " + c.secret + " " + strings.Repeat(filler, 1000)
				w, err := NewWriter(t.Context(), io.Discard, "x")
				if err != nil {
					t.Fatal(err)
				}
				for rest := []byte(text); len(rest) > 0; {
					n := min(len(rest), 1+random.IntN(9000))
					if _, err := w.Write(rest[:n]); err != nil {
						t.Fatal(err)
					}
					rest = rest[n:]
				}
				var found *FoundError
				if err := w.Finish(); !errors.As(err, &found) || len(found.Findings) != 1 || found.Findings[0].Rule != c.rule {
					t.Fatalf("%s after %d bytes of %q: %v", c.rule, before, filler, err)
				}
			}
		}
	}
}

// TestLookLeavesIDs holds what looks random and is none of a credential's
// business: a good bundle must not be refused for it.
func TestLookLeavesIDs(t *testing.T) {
	for _, text := range []string{
		`{"request_id":"req_8fK2mQ1xZr7TbN","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","account":"account-1"}`,
		"X-Amzn-RequestId: 7f1d3f3a-1c7e-4b9d-8f0e-2d6a5c4b3a21\nCF-Ray: 8a1b2c3d4e5f6789-FRA\n",
		`x-amz-id-2: eftixk72aD6Ap51TnqcoF8eFidJG9Z/2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran`,
		"token 5f1c9e0b7a3d4c2e8f6a1b0d9c7e5a3f has expired\nunknown api key id 9d8c7b6a5f4e3d2c1b0a\n",
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  access.log\n",
		"GET /v2/keys?key=[redacted]&token=[redacted] HTTP/1.1\nAuthorization: [redacted]\n",
		"idempotency_key=5c1f0d7e-0a77-4a58-9d15-3a4b2c6f7e90 access_id=A1B2C3D4E5F6",
	} {
		if found, err := Look(t.Context(), "x", []byte(text)); err != nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", text, found, err)
		}
	}
}

func TestLookIsNotSwitchedOff(t *testing.T) {
	text := planted()["github-pat"] + " // gitleaks:allow\n"
	if found, err := Look(t.Context(), "x", []byte(text)); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestLookIsBounded(t *testing.T) {
	var text bytes.Buffer
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for range findingsMax + 50 {
		text.WriteString("ghp" + "_")
		for range 36 {
			text.WriteByte(letters[random.IntN(len(letters))])
		}
		text.WriteByte('\n')
	}
	w, err := NewWriter(t.Context(), io.Discard, "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text.Bytes()); err != nil {
		t.Fatal(err)
	}
	var found *FoundError
	if err := w.Finish(); !errors.As(err, &found) || len(found.Findings) != findingsMax || found.More < 50 {
		t.Fatalf("%v", err)
	}
	if text := found.Error(); len(text) > 400 || !strings.Contains(text, "more places") {
		t.Errorf("%s", text)
	}
}

func TestLookCanBeBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Look(ctx, "x", []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestEveryRuleIsAsked holds the lists of names against the pinned rules.
func TestEveryRuleIsAsked(t *testing.T) {
	sets, err := compiledRules()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(sets.wide.detector.Config.Rules); n != len(wideRules()) {
		t.Errorf("%d of %d rules with wide windows exist", n, len(wideRules()))
	}
	near := sets.near.detector.Config.Rules
	if len(near) < 200 {
		t.Errorf("only %d rules", len(near))
	}
	for _, id := range leftOutRules() {
		if _, ok := near[id]; ok {
			t.Errorf("%s is asked", id)
		}
	}
}

func FuzzLook(f *testing.F) {
	for _, s := range planted() {
		f.Add([]byte(s))
	}
	f.Add([]byte("\xff\xfe\n\n\n-----BEGIN PRIVATE KEY-----"))
	f.Add([]byte(fmt.Sprintf("%5000s\n\u0130\u0130 sk_live_", "x")))
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := Look(t.Context(), "x", b)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			if x.Line < 1 || x.Column < 1 || x.Line > bytes.Count(b, []byte{'\n'})+1 {
				t.Errorf("%+v is no place in %d bytes", x, len(b))
			}
		}
	})
}

func BenchmarkLook(b *testing.B) {
	line := []byte(`{"ts":"2026-11-13T09:12:41Z","vendor":"carsxe","method":"GET","route":"/specs","status":429,"message":"Your api limit has been exceeded","request_id":"8fK2mQ1xZr7TbN"}` + "\n")
	text := bytes.Repeat(line, 1<<20/len(line))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Look(b.Context(), "x", text); err != nil {
			b.Fatal(err)
		}
	}
}
