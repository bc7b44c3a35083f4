package record

import "testing"

func TestSetURL(t *testing.T) {
	for _, c := range []struct{ method, url, scheme, host, path, query string }{
		{"GET", "https://api.example.com/v1/x?a=b&c=d", "https", "api.example.com", "/v1/x", "a=b&c=d"},
		{"GET", "https://API.Example.com:8443/v1", "https", "api.example.com", "/v1", ""},
		{"GET", "https://user:pw@api.example.com", "https", "api.example.com", "", ""},
		{"GET", "http://[2001:DB8::1]:80/?", "http", "2001:db8::1", "/", ""},
		{"GET", "https://h/p#frag?no", "https", "h", "/p", ""},
		{"GET", "https://h?q=1", "https", "h", "", "q=1"},
		{"GET", "/a?b=http://x/y", "", "", "/a", "b=http://x/y"},
		{"CONNECT", "api.example.com:443", "", "api.example.com", "", ""},
		{"OPTIONS", "*", "", "", "*", ""},
		{"GET", "", "", "", "", ""},
		{"GET", "::://", "", "", "::://", ""},
	} {
		x := Exchange{Method: []byte(c.method)}
		x.SetURL([]byte(c.url))
		if string(x.Scheme) != c.scheme || string(x.Host) != c.host || string(x.Path) != c.path || string(x.Query) != c.query || string(x.Target) != c.url {
			t.Errorf("SetURL(%q): scheme %q host %q path %q query %q", c.url, x.Scheme, x.Host, x.Path, x.Query)
		}
	}
}

func TestHostOnly(t *testing.T) {
	for in, want := range map[string]string{
		"h": "h", "h:80": "h", "H.Example": "h.example", "[::1]:443": "::1", "[::1]": "::1", "::1": "::1", "u:p@h:1": "h", "": "", "[": "[",
	} {
		if got := string(HostOnly([]byte(in))); got != want {
			t.Errorf("HostOnly(%q) = %q, want %q", in, got, want)
		}
	}
}
