package record

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

func TestPathRules(t *testing.T) {
	rules := DefaultRules()
	rules.Paths = []PathRule{
		{"hooks.vendor.example", "/services/*/*/{secret}"}, {"*.chat.example", "/bot{secret}"}, {"*.chat.example", "/file/bot{secret}.json"},
		{"bad.example", "/no"}, {"bad.example", "nothing/{secret}"},
	}
	s := NewPolicy(rules, []byte("salt")).NewSealer()
	p := NewPolicy(rules, nil)
	secret := recordtest.Random(rand.New(rand.NewPCG(1, 1)), recordtest.Base62, 24)
	for _, c := range []struct{ url, want string }{
		{"https://hooks.vendor.example/services/T0/B0/SECRET", "https://hooks.vendor.example/services/T0/B0/[redacted]"},
		{"https://HOOKS.vendor.example:443/Services/T0/B0/SECRET/more?x=1", "https://HOOKS.vendor.example:443/Services/T0/B0/[redacted]/more?x=1"},
		{"https://api.chat.example/botSECRET/sendMessage", "https://api.chat.example/bot[redacted]/sendMessage"},
		{"https://chat.example/botSECRET", "https://chat.example/bot[redacted]"},
		{"https://chat.example/file/botSECRET.json", "https://chat.example/file/bot[redacted].json"},
		{"https://hooks.vendor.example/services/T0/B0", "https://hooks.vendor.example/services/T0/B0"},
		{"https://other.example/services/T0/B0/SECRET", "https://other.example/services/T0/B0/SECRET"},
		{"https://bad.example/no/SECRET", "https://bad.example/no/SECRET"},
		{"/services/T0/B0/SECRET", "/services/T0/B0/[redacted]"},
		{"/services/list/all/the-things-we-have", "/services/list/all/the-things-we-have"},
	} {
		in, want := strings.ReplaceAll(c.url, "SECRET", secret), strings.ReplaceAll(c.want, "SECRET", secret)
		var d Draft
		d.Reset()
		d.SetURL([]byte(in))
		if got := string(s.Seal(&d).Target); got != want {
			t.Errorf("target %s\n is %s\nwant %s", in, got, want)
		}
		if strings.Contains(want, Redacted) && strings.Contains(string(d.Path), secret) {
			t.Errorf("path of %s is %s", in, d.Path)
		}
		for _, text := range []string{"Post \"%\": EOF", `{"url":"%"}`, "see % there", "u=" + "%"} {
			before := strings.ReplaceAll(text, "%", in)
			got := string(p.Text(nil, []byte(before)))
			if strings.Contains(want, Redacted) != strings.Contains(got, Redacted) || strings.Contains(want, Redacted) && strings.Contains(got, secret) {
				t.Errorf("text %s\nis %s", before, got)
			}
		}
	}
	for _, r := range []PathRule{{"h", "/x"}, {"h", "x/{secret}"}, {"h", "//{secret}"}, {"h", "/a*/{secret}"}, {"h", "/{id}/{secret}"}} {
		if r.Check() == nil {
			t.Errorf("%+v is taken", r)
		}
	}
}

func TestScan(t *testing.T) {
	p := NewPolicy(DefaultRules(), nil)
	r := rand.New(rand.NewPCG(3, 3))
	secret := recordtest.Random(r, recordtest.Base62, 20)
	for _, c := range []struct {
		text string
		want []Rule
	}{
		{"nothing here, [redacted] there", nil},
		{"key=[redacted]&token=[redacted],", nil},
		{"password=" + secret + " and ghp_" + recordtest.Random(r, recordtest.Base62, 36), []Rule{ByName, ByShape}},
		{"q=%7B%22password%22%3A%22" + secret + "%22%7D", []Rule{ByEncoding}},
	} {
		found := p.Scan([]byte(c.text))
		if len(found) != len(c.want) {
			t.Fatalf("%q: %v, want %v", c.text, found, c.want)
		}
		for i, f := range found {
			if f.Rule != c.want[i] || f.Lo < 0 || f.Lo >= f.Hi || f.Hi > len(c.text) {
				t.Errorf("%q: %v, want %v", c.text, found, c.want)
			}
		}
	}
}

func TestSealerCounts(t *testing.T) {
	s := testPolicy().NewSealer()
	for range 2 {
		s.Seal(&Draft{Exchange{Query: []byte("a=b&key=hunter2&u=%7B%22password%22%3A%22hunter2%22%7D"), Failure: []byte("x " + liveKey)}})
	}
	c := s.Counts()
	if c.Of(ByName) != 2 || c.Of(ByShape) != 2 || c.Of(ByEncoding) != 2 || c.Total() != 6 {
		t.Errorf("%v", c)
	}
	sum := c
	sum.Add(c)
	if sum.Total() != 12 {
		t.Errorf("%v", sum)
	}
}
