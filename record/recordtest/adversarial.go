package recordtest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
)

// Place says in which part of an exchange a [Planted] text stands.
type Place string

// The places. A header's text is "Name: value".
const (
	InBody   Place = "body"
	InURL    Place = "url"
	InHeader Place = "header"
	InText   Place = "text"
)

// Planted is a text with one credential in it, as somebody may write it who never
// thought of a rule: in another script, broken over lines, as a key, encoded.
type Planted struct {
	Name   string
	Place  Place
	Text   string
	Secret string
}

// Adversarial makes the planted texts of [hidden] from a seed.
func Adversarial(r *rand.Rand) []Planted {
	var out []Planted
	for _, place := range []Place{InBody, InURL, InHeader, InText} {
		for n, c := range hidden[place] {
			text, secret := fill(r, c.text)
			if c.as != nil {
				text = c.as(text)
			}
			out = append(out, Planted{Name: fmt.Sprintf("%s %d %s", place, n, c.text), Place: place, Text: text, Secret: secret})
		}
	}
	return out
}

// Readable says whether the secret can still be read in what is left of a text,
// also by somebody who takes away what cannot be seen, joins lines and undoes
// encodings.
func (p Planted) Readable(left string) bool {
	forms := []string{p.Secret, EveryByte(p.Secret), hex.EncodeToString([]byte(p.Secret)), p.Secret[len(p.Secret)/2:], p.Secret[:len(p.Secret)/2+1]}
	for shift := range 3 {
		// Of the letters of base64 these hold nothing but bytes of the secret.
		b := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + p.Secret))
		forms = append(forms, b[(shift*8+5)/6:len(b)-1])
	}
	for _, text := range []string{left, plain(left), plain(unescaped(left))} {
		for _, form := range forms {
			if len(form) >= 6 && (strings.Contains(text, form) || strings.Contains(text, plain(form))) {
				return true
			}
		}
	}
	return false
}

// fill puts a new value in the place of each {kind}, the same one for the same
// kind, and gives the value of the first.
func fill(r *rand.Rand, text string) (filled, secret string) {
	of := func(alphabet string, n int) string { return Random(r, alphabet, n) }
	kinds := map[string]string{
		"word": "Zq" + of(Base62, 7) + "!x", "name": "Zq" + of(Base62, 10), "hex32": of(LowerHex, 32), "hex40": of(LowerHex, 40), "hex64": of(LowerHex, 64),
		"t24": of(Base62, 24), "t40": of(Base62, 40), "t68": of(Base62, 68), "b64": of(Base62, 20) + "+/" + of(Base62, 18), "pin": of("123456789", 6),
		"jwt": JWT(`{"sub":"` + of(Base62, 12) + `"}`), "aws": "AKIA" + of(Base32, 16), "gh": "ghp_" + of(Base62, 36), "stripe": "sk_live_" + of(Base62, 24),
		"card": card(r, "4", 16), "pem": of(Base62, 64), "AIza": "AIza" + of(Base62, 35), "caps": of(Base32, 32),
	}
	first := len(text)
	for kind, value := range kinds {
		if at := strings.Index(text, "{"+kind+"}"); at >= 0 && at < first {
			first, secret = at, value
		}
	}
	for kind, value := range kinds {
		text = strings.ReplaceAll(text, "{"+kind+"}", value)
	}
	return text, secret
}

// plain takes away what cannot be seen and what only breaks a value, and makes
// full-width letters narrow.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 0xff01 && c <= 0xff5e:
			return c - 0xff01 + '!'
		case c <= ' ', c == 0xa0, c == '.', c == '-', c == 0x2009, c == 0x2013, c == 0xad, c >= 0x200b && c <= 0x200f, c >= 0x202a && c <= 0x202e, c >= 0x2060 && c <= 0x206f, c == 0xfeff, c == 0xfe0f, c == 0x180e, c == 0x34f:
			return -1
		}
		return c
	}, s)
}

// unescaped undoes escapes of JSON, URLs, HTML and quoted-printable, as far as
// they go, and forgets escaped line breaks.
func unescaped(s string) string {
	for range 3 {
		s = strings.NewReplacer(`\r`, "", `\n`, "", `\t`, "", `\/`, "/", `\\`, `\`, "=\n", "", "=\r\n", "").Replace(s)
		if u, err := url.PathUnescape(s); err == nil {
			s = u
		}
		s = html.UnescapeString(s)
		if u, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(s, `\"`, `"`), `"`, `\"`) + `"`); err == nil {
			s = u
		}
	}
	return s
}

// Ways to write a whole text.
func lines(n int, end string) func(string) string {
	return func(s string) string {
		b := base64.StdEncoding.EncodeToString([]byte(s))
		var out strings.Builder
		for len(b) > n {
			out.WriteString(b[:n] + end)
			b = b[n:]
		}
		return out.String() + b
	}
}

func inJSON(as func(string) string) func(string) string {
	return func(s string) string { return `{"error":{"code":17,"data":` + strconv.Quote(as(s)) + `}}` }
}

func broken(n int, by string) func(string) string {
	return func(s string) string {
		var out strings.Builder
		for len(s) > n {
			out.WriteString(s[:n] + by)
			s = s[n:]
		}
		return out.String() + s
	}
}

func wide(s string) string {
	return strings.Map(func(c rune) rune {
		if c > ' ' && c < 0x7f {
			return c - '!' + 0xff01
		}
		return c
	}, s)
}

func hexed(s string) string    { return hex.EncodeToString([]byte(s)) }
func escaped(s string) string  { return url.QueryEscape(s) }
func escaped2(s string) string { return escaped(escaped(s)) }
func escaped3(s string) string { return escaped(escaped2(s)) }
func urlB64(s string) string   { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
func utf16(s string) string {
	b := []byte{0xff, 0xfe}
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return string(b)
}
