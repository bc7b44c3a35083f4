// Package recordtest makes what tests of masking plant and look for: credentials
// of many kinds, values that only resemble them, and every form in which a
// credential could still be read.
//
// Start with [Secrets] and [Find]. All is made at run time from a seed, so that
// no credential stands in the repository and each run plants the same ones.
package recordtest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// Alphabets of credentials.
const (
	LowerHex = "0123456789abcdef"
	Base62   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	Base32   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// Random gives n characters of the alphabet.
func Random(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// JWT makes a signed token with the claims.
func JWT(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("not a signature, only bytes for a test"))
}

// Secrets make the credentials that are known by their shape. They are made
// when the test runs, so that none stands in the repository.
func Secrets(r *rand.Rand) map[string]string {
	of := func(alphabet string, n int) string { return Random(r, alphabet, n) }
	return map[string]string{
		"jwt":              JWT(`{"sub":"` + of(Base62, 8) + `"}`),
		"aws key id":       "AKIA" + of(Base32, 16),
		"aws temporary id": "ASIA" + of(Base32, 16),
		"github":           "ghp_" + of(Base62, 36),
		"github server":    "ghs_" + of(Base62, 36),
		"github fine":      "github_pat_" + of(Base62, 22) + "_" + of(Base62, 59),
		"gitlab":           "glpat-" + of(Base62, 20),
		"gitlab runner":    "glrt-" + of(Base62, 20),
		"stripe":           "sk_live_" + of(Base62, 24),
		"stripe restrict":  "rk_test_" + of(Base62, 24),
		"stripe webhook":   "whsec_" + of(Base62, 32),
		"slack bot":        "xoxb-" + of("0123456789", 12) + "-" + of("0123456789", 12) + "-" + of(Base62, 24),
		"slack user":       "xoxp-" + of("0123456789", 12) + "-" + of(Base62, 32),
		"slack app":        "xapp-1-A" + of(Base32, 10) + "-" + of("0123456789", 13) + "-" + of(LowerHex, 64),
		"google":           "AIza" + of(Base62, 35),
		"google oauth":     "ya29." + of(Base62, 60),
		"google secret":    "GOCSPX-" + of(Base62, 28),
		"twilio":           "SK" + of(LowerHex, 32),
		"sendgrid":         "SG." + of(Base62, 22) + "." + of(Base62, 43),
		"mailgun":          "key-" + of(LowerHex, 32),
		"npm":              "npm_" + of(Base62, 36),
		"pypi":             "pypi-AgEIcHlwaS5vcmc" + of(Base62, 60),
		"openai":           "sk-proj-" + of(Base62, 48),
		"openai old":       "sk-" + of(Base62, 48),
		"anthropic":        "sk-ant-api03-" + of(Base62, 80),
		"telegram":         of("123456789", 10) + ":AA" + of(Base62, 33),
		"discord":          "MT" + of(Base62, 24) + "." + of(Base62, 6) + "." + of(Base62, 38),
		"shopify":          "shpat_" + of(LowerHex, 32),
		"square":           "sq0atp-" + of(Base62, 22),
		"square token":     "EAAA" + of(Base62, 60),
		"digitalocean":     "dop_v1_" + of(LowerHex, 64),
		"doppler":          "dp.pt." + of(Base62, 43),
		"vault":            "hvs." + of(Base62, 24),
		"vault batch":      "hvb." + of(Base62, 90),
		"hubspot":          "pat-na1-" + of(LowerHex, 8) + "-" + of(LowerHex, 4) + "-" + of(LowerHex, 4) + "-" + of(LowerHex, 12),
		"airtable":         "pat" + of(Base62, 14) + "." + of(LowerHex, 64),
		"postman":          "PMAK-" + of(LowerHex, 24) + "-" + of(LowerHex, 34),
		"linear":           "lin_api_" + of(Base62, 40),
		"notion":           "ntn_" + of(Base62, 46),
		"databricks":       "dapi" + of(LowerHex, 32),
		"hugging face":     "hf_" + of(Base62, 34),
		"groq":             "gsk_" + of(Base62, 52),
		"docker":           "dckr_pat_" + of(Base62, 27),
		"atlassian":        "ATATT3xFfGF0" + of(Base62, 100),
		"grafana":          "glsa_" + of(Base62, 32) + "_" + of(LowerHex, 8),
		"tailscale":        "tskey-auth-" + of(Base62, 12) + "-" + of(Base62, 32),
		"planetscale":      "pscale_tkn_" + of(Base62, 43),
		"sentry":           "sntryu_" + of(LowerHex, 64),
		"new relic":        "NRAK-" + of(Base32, 27),
		"brevo":            "xkeysib-" + of(LowerHex, 64) + "-" + of(Base62, 16),
		"card":             card(r, "4", 16),
		"card mastercard":  card(r, "55", 16),
		"card amex":        card(r, "37", 15),
		"private key":      "-----BEGIN PRIVATE KEY-----\n" + of(Base62, 64) + "\n" + of(Base62, 64) + "\n-----END PRIVATE KEY-----",
	}
}

// card makes a number that passes Luhn's check.
func card(r *rand.Rand, prefix string, digits int) string {
	for {
		b := prefix + Random(r, "0123456789", digits-len(prefix))
		sum := 0
		for i := range len(b) {
			v := int(b[len(b)-1-i] - '0')
			if i%2 == 1 {
				if v *= 2; v > 9 {
					v -= 9
				}
			}
			sum += v
		}
		if sum%10 == 0 {
			return b
		}
	}
}

// EveryByte percent-encodes all of a text.
func EveryByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// Unicoded writes all of a text as JSON escapes.
func Unicoded(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\u%04x`, s[i])
	}
	return b.String()
}

// Numbered writes all of a text as references of HTML.
func Numbered(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "&#%d;", s[i])
	}
	return b.String()
}

// Forms are the ways in which a secret could still be read; half of one
// counts.
func Forms(secret string) []string {
	half := secret[len(secret)/2:]
	return []string{half, secret[:len(secret)/2+1], strings.ReplaceAll(half, "\n", `\n`), url.QueryEscape(half), EveryByte(half), Unicoded(half), Numbered(half),
		hex.EncodeToString([]byte(half)), base64.RawStdEncoding.EncodeToString([]byte(half))[2:8]}
}

// Find says which of the secrets can still be read in data, in any of their
// forms, by what they are called; kinds maps names to secrets.
func Find(data []byte, secrets map[string]string) []string {
	var found []string
	text := string(data)
	for name, secret := range secrets {
		for _, form := range Forms(secret) {
			if at := strings.Index(text, form); at >= 0 {
				found = append(found, fmt.Sprintf("%s at byte %d, before it %q", name, at, text[max(0, at-80):at]))
				break
			}
		}
	}
	return found
}
