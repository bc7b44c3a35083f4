package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestMaskPersonal(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"nothing personal in 3 of 12 calls", "nothing personal in 3 of 12 calls"},
		// VINs.
		{"VIN 1HGCM82633A004352.", "VIN [vin]."},
		{"/vehicles/wvwzzz1jzxw000001/odometer", "/vehicles/[vin]/odometer"},
		{"11111111111111111", "11111111111111111"},   // a number
		{"ABCDEFGHJKLMNPRST", "ABCDEFGHJKLMNPRST"},   // a word
		{"1HGCM82633A00435I", "1HGCM82633A00435I"},   // I is in no VIN
		{"1HGCM82633A0043521", "1HGCM82633A0043521"}, // 18
		{"VLM_PROVIDER_ERROR", "VLM_PROVIDER_ERROR"}, // a code
		{"550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"},
		{"eab68ebb19562c92c60d6f74c9c83e89", "eab68ebb19562c92c60d6f74c9c83e89"},
		// E-mail.
		{"to jo.o+x@mail.example, now", "to [email], now"},
		{"/users/jo%40mail.example/cars", "/users/[email]/cars"},
		{"a@b", "a@b"},
		// Addresses.
		{"from 203.0.113.9 and 203.0.113.9:443.", "from [ip] and [ip]."},
		{"client 2001:db8::17, [2001:db8::17]:443", "client [ip], [[ip]]:443"},
		{"at 12:30:45 in std::vector of 1.2.3", "at 12:30:45 in std::vector of 1.2.3"},
		{"v1.2.3.4.5 and 999.1.1.1", "v1.2.3.4.5 and 999.1.1.1"},
		{"mac aa:bb:cc:dd:ee:ff", "mac aa:bb:cc:dd:ee:ff"},
		// Phone numbers.
		{"call +44 20 7946 0000 or +49(30)12345678", "call [phone] or [phone]"},
		{"tel=%2B4930123456789", "tel=[phone]"},
		{"+1 retry, 429+12345", "+1 retry, 429+12345"},
		// Plates, by their name.
		{"plate=7XER187&state=CA", "plate=[plate]&state=CA"},
		{`{"license_plate": "B-AB 123"}`, `{"license_plate": "[plate]"}`},
		{"plates are gone", "plates are gone"},
	} {
		if got := maskPersonal(c.in); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Zürich 日本 é 👍", "Zürich 日本 é 👍"},
		{"a\x1b[31mb\x00", `a\x1b[31mb\x00`},
		{"a\nb\r\tc", `a\nb\r\tc`},
		{"a\u202eb\u2066c\u200d\ufeff", `a\u{202e}b\u{2066}c\u{200d}\u{feff}`},
		{"a\xff\xc3", `a\xff\xc3`},
		{"\ufffd stays", "\ufffd stays"},
		{"\u009b31m\u00ad", `\x9b31m\xad`},
		{"e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u{301}\\u{301}"},
	} {
		if got := visible(c.in); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		counts []int64
		n      int
		want   string
	}{
		{nil, 10, ""},
		{[]int64{0, 0}, 10, ".."},
		{[]int64{0, 1, 8}, 10, ".▁█"},
		{[]int64{1, 1, 0, 0, 8, 8}, 3, "▁.█"},
		{[]int64{7, 7, 7}, 0, ""},
	} {
		if got := spark(c.counts, c.n); got != c.want {
			t.Errorf("spark(%v, %d) = %q, want %q", c.counts, c.n, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{
		{0, 0, "0 %"}, {0, 9, "0 %"}, {9, 9, "100 %"}, {1, 100000, "<0.1 %"}, {99999, 100000, ">99.9 %"}, {1, 3, "33.3 %"}, {1, 4, "25 %"},
	} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

// FuzzForeignText: whatever a vendor sends, it can be seen, it fits, and it
// stays inside of its code span and its cell.
func FuzzForeignText(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b]0;x\x07", "a\u202eb", "\xff\xfe", "`code` | pipe", "=1+1", "日本語 👩‍👩‍👧", "1HGCM82633A004352 x@y.example 10.0.0.1"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		seen := visible(maskPersonal(s))
		if !utf8.ValidString(seen) || visible(seen) != seen {
			t.Fatalf("%q is not visible: %q", s, seen)
		}
		for _, r := range seen {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U of %q is left", r, s)
			}
		}
		if n = n % 300; n > 0 {
			if short := cut(seen, n); width(short) > n {
				t.Fatalf("%q is wider than %d", short, n)
			}
		}
		if code := markdownCode(seen); code != "" && strings.Count(code, "`") != 2 {
			t.Fatalf("%q leaves its span", code)
		}
		if cell := csvText(s); cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Fatalf("%q is a formula", cell)
		}
		if text := markdownText(seen); strings.ContainsAny(text, "<@") || strings.Contains(strings.ReplaceAll(text, `\]`, ""), "](") {
			t.Fatalf("%q acts as markup", text)
		}
	})
}
