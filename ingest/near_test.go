package ingest

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// TestNear holds what looks at eight bytes at a time against the plain way.
func TestNear(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	signs := []byte("aZ@[` \t=!\x01\x1f\x00\x80\xff\xa0\x89<>.:/?#-_9Az")
	for range 200_000 {
		b := make([]byte, rnd.IntN(90))
		for i := range b {
			if b[i] = 'q'; rnd.IntN(4) == 0 {
				b[i] = signs[rnd.IntN(len(signs))]
			}
		}
		upper := false
		for _, c := range b {
			upper = upper || c >= 'A' && c <= 'Z'
		}
		if got := hasUpper(b); upper && !got || got && !upper && bytes.IndexFunc(b, func(r rune) bool { return r >= 0x80 }) < 0 {
			t.Fatalf("hasUpper(%q) is %v", b, got)
		}
		text := []byte("= ")[:1+rnd.IntN(2)]
		if got, want := nearText(b, text), bytes.Index(b, text); got != want {
			t.Fatalf("nearText(%q, %q) is %d, want %d", b, text, got, want)
		}
		if got, want := lastText(b, text), bytes.LastIndex(b, text); got != want {
			t.Fatalf("lastText(%q, %q) is %d, want %d", b, text, got, want)
		}
		for name, c := range map[string]struct {
			got  int
			ends string
		}{"near": {near(b, ' '), " "}, "nearBlank": {nearBlank(b), " \t"}, "nearKeyEnd": {nearKeyEnd(b), "= \t"}} {
			want := bytes.IndexAny(b, c.ends)
			if want < 0 {
				want = len(b)
			}
			if c.got != want {
				t.Fatalf("%s(%q) is %d, want %d", name, b, c.got, want)
			}
		}
	}
}

// TestHostsPlain holds the short way to a host against the long one.
func TestHostsPlain(t *testing.T) {
	var a arena
	for _, host := range []string{"api.example.com", "api.example.com:443", "API.example.com:443", "a_b.example", "a.example.", "a.example.:1", ":80", "[::1]:80",
		"::1", "u:p@a.example", "u@a.example:1", "a.example:x_y", "a.example:X", "a:b:c", "-", "", "é.example", "203.0.113.7:1", "a.example:", "a.example:."} {
		authority := []byte(host)
		if at := bytes.LastIndexByte(authority, '@'); at >= 0 {
			authority = authority[at+1:]
		}
		want := bytes.TrimSuffix(bytes.ToLower(withoutPort(authority)), []byte{'.'})
		if got := a.host([]byte(host)); !bytes.Equal(got, want) {
			t.Errorf("%q is %q, want %q", host, got, want)
		}
	}
}

// TestHTTPDate holds the short way against the library's.
func TestHTTPDate(t *testing.T) {
	for _, date := range []string{"Wed, 04 Mar 2026 09:15:02 GMT", "Sun, 29 Feb 2032 23:59:59 GMT", "Mon, 28 Feb 2000 00:00:00 GMT", "Fri, 31 Apr 2026 00:00:00 GMT",
		"Wed, 04 Mar 2026 09:15:60 GMT", "Wed, 04 Mar 2026 24:15:00 GMT", "Wed, 00 Mar 2026 09:15:02 GMT", "Xyz, 04 Mar 2026 09:15:02 GMT", "wed, 04 mar 2026 09:15:02 GMT",
		"Wed, 04 Mar 1970 09:15:02 GMT", "Wed, 04 Mar 1715 09:15:02 GMT", "Wed, 04 Mar 2026 09:15:02 UTC", "Wed, 04-Mar-2026 09:15:02 GMT", "Wed, 04 Mar 2026 09:15:02 GMTx", ""} {
		want, err := time.Parse(time.RFC1123, date)
		ns, ok := httpDate([]byte(date))
		if ok && (err != nil || ns != want.UnixNano()) {
			t.Errorf("%s is %d, want %v, %v", date, ns, want, err)
		}
		c := newClock(&Config{})
		if ns, _, ok = c.any([]byte(date)); ok != (err == nil) || ok && ns != want.UnixNano() {
			t.Errorf("%s is %d, %v, want %v, %v", date, ns, ok, want, err)
		}
	}
}
