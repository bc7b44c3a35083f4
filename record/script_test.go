package record

import (
	"fmt"
	"strings"
	"testing"
)

// TestShowMixed is about what a reader could take for something else, and about
// honest text of every script.
func TestShowMixed(t *testing.T) {
	show := func(out *strings.Builder, r rune) { fmt.Fprintf(out, `\u{%x}`, r) }
	for in, want := range map[string]string{
		"api.c\u0430rsxe.com":                        `api.c\u{430}rsxe.com`,
		"\u0441\u0430\u0441\u0435.com":               `\u{441}\u{430}\u{441}\u{435}.com`,
		"see api.c\u0430rsxe.com, or":                `see api.c\u{430}rsxe.com, or`,
		"quota_exc\u0435eded":                        `quota_exc\u{435}eded`,
		"R\u0391TE_LIMIT":                            `R\u{391}TE_LIMIT`,
		"req_\u0445yz17":                             `req_\u{445}yz17`,
		"сервеp упал":                                `серве\u{70} упал`,
		"\U0001d5ba\U0001d5c9\U0001d5c2.example.com": `\u{1d5ba}\u{1d5c9}\u{1d5c2}.example.com`,
		"\U0001d400":                                 `\u{1d400}`,
		"\u212aEY":                                   `\u{212a}EY`,
		"\u13a0PI":                                   `\u{13a0}PI`,
		`a\x1fб, c\u{430}с, e\nд`:                    `a\x1fб, c\u{430}с, e\nд`, // an escape is no letter
		"c\\x61\u0440sxe":                            `c\x61\u{440}sxe`,
		"payp\u0251l and \u051bwery and fi\ua4f3e":   `payp\u{251}l and \u{51b}wery and fi\u{a4f3}e`,
	} {
		if got := ShowMixed(in, show); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	for _, honest := range []string{
		"", "api.carsxe.com", "Сервис временно недоступен", "Ошибка API: неверный VIN-номер, код 503", "JSON-объект не найден",
		"Το αίτημα απέτυχε (HTTP 503)", "APIキーが無効です", "VINを入力してください", "请求API过于频繁", "API요청 한도", "Größe überschritten", "naïve café", "İstanbul ılık",
		"10μs, 5kΩ, 20µs", "Հայերեն", "العربية API", "हिन्दी API", "1.2.3-rc1", "ключ: api.carsxe.com", "пример.рф", "ａｐｉ", "fi\u0301ancé", "a…b", "\xff\xfeabc", "тел.: +7",
	} {
		if got := ShowMixed(honest, show); got != honest {
			t.Errorf("%q is shown as %q", honest, got)
		}
	}
}

func BenchmarkShowMixed(b *testing.B) {
	show := func(out *strings.Builder, r rune) { out.WriteByte('?') }
	for name, text := range map[string]string{"ascii": strings.Repeat("GET /v1/specs 429 quota exceeded ", 8), "russian": strings.Repeat("Сервис API временно недоступен ", 8)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				ShowMixed(text, show)
			}
		})
	}
}
