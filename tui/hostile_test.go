package tui

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// hostile are texts that a log may hold and a screen must survive.
var hostile = []string{
	"\x1b[2J\x1b[H\x1b]0;owned\x07 \x1b]52;c;b3duZWQ=\x07", "line\r\nfeed\ttab\x00nul\x7fdel\x08\x08", "\u009b31mC1 csi \u0085",
	"admin\u202egnp.exe\u202c \u2066iso\u2069 \u200f", "👩\u200d👩\u200d👧\u200d👦 👍🏽 ❤\ufe0f 🇩🇪🇫🇷 1\ufe0f\u20e3", "世界日本語한국어漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
	"नमस्ते दुनिया กำลัง é\u0301\u0301\u0301\u0301\u0301\u0301", "Z̸̧͎a̷l̶g̸o̵" + strings.Repeat("\u0300", 300), "bad \xff\xfe utf8 \xc3\x28 \xe2\x82", strings.Repeat("x", 10000),
	strings.Repeat("漢", 5000), "\ufeff\u00ad\u2060\u3164\uffa0 \U000e0041", "", "   ", "\u2028\u2029", "ﷺ ⸻ 𒐫", "\u1160\u1161\u11a8 가", "`$(reboot)'\";&|<>", "api.c\u0430rsxe.com \U0001d5ba\U0001d5c9\U0001d5c2 \u0441\u0430\u0441\u0435.com",
}

func hostileSource(pick func(int) string) *fake {
	f := newFake()
	n := 0
	text := func() string { n++; return pick(n) }
	for i := range f.groups {
		g := &f.groups[i]
		g.Vendor, g.Code, g.Message, g.Action = text(), text(), text(), text()
		g.RequestID, g.Route, g.Rule = text(), text(), text()
		if i%3 == 0 {
			g.Vendor, g.Host = "unknown", text()
		}
	}
	for i := range f.overview.Vendors {
		v := &f.overview.Vendors[i]
		v.Vendor, v.Host, v.TopCode = text(), text(), text()
	}
	f.overview.Groups = f.groups
	f.quota.hostile(text)
	f.outages.hostile(text)
	for range 3 {
		x := fakeExchange(f.groups, f.groups[0].GroupKey, 0)
		x.Body, x.Headers, x.RequestHeaders, x.Path, x.Method = text(), text(), `{"`+strings.ToValidUTF8(strings.ReplaceAll(text(), `"`, ""), "")+`":"v"}`, text(), text()
		x.RequestID, x.Client, x.UserAgent, x.SourcePath, x.Candidates, x.QuotaName = text(), text(), text(), text(), text(), text()
		f.samples = append(f.samples, x)
	}
	return f
}

var ours = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// harmless fails on any control character but line feeds and our own colours,
// on invisible and turning characters, and on text that two terminals may count
// differently.
func harmless(t testing.TB, m Model) {
	t.Helper()
	content := m.View().Content
	if !utf8.ValidString(content) {
		t.Fatalf("the frame is not UTF-8: %q", content)
	}
	for l := range strings.SplitSeq(ours.ReplaceAllString(content, ""), "\n") {
		for _, r := range l {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || bidi(r) || joiner(r) || r == 0x2028 || r == 0x2029 {
				t.Fatalf("the frame holds %U:\n%q", r, l)
			}
		}
		if g, w := ansi.StringWidth(l), ansi.StringWidthWc(l); g != w {
			t.Fatalf("a line is %d or %d cells wide:\n%q", g, w, l)
		}
	}
	fits(t, m, "hostile")
}

// TestHostileRows puts hostile text everywhere and looks at every screen.
func TestHostileRows(t *testing.T) {
	for shift := range hostile {
		src := hostileSource(func(n int) string { return hostile[(n*7+shift)%len(hostile)] })
		d := drive(t, src, Options{Theme: "dark", Title: hostile[shift]})
		for _, w := range []int{60 + shift, 121 + shift} {
			d.size(w, 30)
			d.run(d.m.Init())
			for _, k := range []string{"4", "Y", "enter", "tab", "esc", "tab", "y", "5", "y", "j", "Y", "j", "j"} {
				d.keys(k)
				harmless(t, d.m)
			}
			for _, k := range []string{"1", "tab", "j", "3", "j", "enter", "j", "y", "p", "Y", "n", "esc", "/", "esc", "esc"} {
				d.keys(k)
				harmless(t, d.m)
			}
			d.keys("/")
			d.send(tea.PasteMsg{Content: hostile[shift]})
			harmless(t, d.m)
			d.keys("left", "left")
			harmless(t, d.m)
			d.keys("esc")
		}
		if strings.ContainsFunc(d.copied, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }) {
			t.Errorf("control characters went into the clipboard: %q", d.copied)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"}, {"a\tb", "a  b"}, {"a\r\nb", "a  b"}, {"\x1b[31mred", "^[[31mred"}, {"\x00\x7f", "^@^?"},
		{"\u009b31m", "<U+9B>31m"}, {"a\u202eb", "a<U+202E>b"}, {"👩\u200d👧", "👩👧"}, {"❤\ufe0f", "❤"}, {"👍🏽", "👍"}, {"🇩🇪", "DE"},
		{"世界", "世界"}, {"a\xffb", "a\ufffdb"}, {"e\u0301\u0301\u0301\u0301", "e\u0301\u0301"}, {"\u00a0\u3000", "  "},
		{"api.c\u0430rsxe.com", "api.c<U+430>rsxe.com"}, {"Сервис API упал", "Сервис API упал"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := len(clean(strings.Repeat("漢", 5000))); got > cleanBytesMax || got < cleanBytesMax-3 {
		t.Errorf("a long text is cut to %d bytes", got)
	}
}

func TestShellQuote(t *testing.T) {
	if got, want := shellQuote("a'b\x1b\n$(c)"), `'a'\''b$(c)'`; got != want {
		t.Errorf("shellQuote gave %s, want %s", got, want)
	}
}
