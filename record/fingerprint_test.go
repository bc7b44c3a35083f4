package record

import (
	"fmt"
	"testing"
)

func headersOf(pairs ...string) (h []Header) {
	for i := 0; i < len(pairs); i += 2 {
		h = append(h, Header{[]byte(pairs[i]), []byte(pairs[i+1])})
	}
	return h
}

// TestAccount compares calls: those with the same lasting credential have one
// account, all others none or another.
func TestAccount(t *testing.T) {
	rules := DefaultRules().Join(Rules{Accounts: []AccountRule{
		{Host: "api.smartcar.com", From: []string{"claim:client_id"}},
		{Host: "*.caravan.example", From: []string{"header:authorization", "field:apiKey"}},
		{Host: "none.example"},
	}})
	policy := NewPolicy(rules, []byte("salt"))
	account := func(e Exchange) string { return policy.NewSealer().Seal(&Draft{e}).Account }
	alpha := account(Exchange{Query: []byte("vin=1&key=alpha-key")})
	if len(alpha) != 16 {
		t.Fatalf("account %q has not 16 hex digits", alpha)
	}
	for _, c := range []struct {
		name string
		e    Exchange
		same bool
	}{
		{"another call", Exchange{Query: []byte("key=alpha-key&plate=7ABC"), Path: []byte("/x")}, true},
		{"encoded", Exchange{Query: []byte("%4bEY=alpha%2Dkey")}, true},
		{"other parameter", Exchange{Query: []byte("api_key=alpha-key")}, true},
		{"header", Exchange{RequestHeaders: headersOf("X-Api-Key", "alpha-key")}, true},
		{"basic", Exchange{RequestHeaders: headersOf("authorization", "basic alpha-key")}, true},
		{"a host's own header", Exchange{Host: []byte("api.caravan.example"), RequestHeaders: headersOf("Authorization", "Bearer alpha-key")}, true},
		{"the host itself", Exchange{Host: []byte("caravan.example"), RequestHeaders: headersOf("Authorization", "Bearer alpha-key")}, true},
		{"a field", Exchange{Host: []byte("api.caravan.example"), RequestBody: []byte(`{"a":[],"apiKey":"alpha-key"}`)}, true},
		{"a form field", Exchange{Host: []byte("api.caravan.example"), RequestBody: []byte("a=b&apiKey=alpha-key")}, true},
		{"a claim", Exchange{Host: []byte("api.smartcar.com"), RequestHeaders: headersOf("Authorization", "Bearer "+fakeJWT(`{"iat":1,"client_id":"alpha-key"}`))}, true},
		{"the claim of the next token", Exchange{Host: []byte("api.smartcar.com"), RequestHeaders: headersOf("Authorization", "Bearer "+fakeJWT(`{"iat":2,"client_id":"alpha-key"}`))}, true},
		{"another key", Exchange{Query: []byte("key=beta-key")}, false},
	} {
		if got := account(c.e); (got == alpha) != c.same || len(got) != 16 {
			t.Errorf("%s: account %q beside %q", c.name, got, alpha)
		}
	}
	for name, e := range map[string]Exchange{
		"nothing":          {},
		"a rotating token": {RequestHeaders: headersOf("Authorization", "Bearer "+jwt)},
		"an unknown token": {RequestHeaders: headersOf("Authorization", "Bearer alpha-key")},
		"masked before us": {Query: []byte("key=[redacted]")},
		"stars":            {Query: []byte("key=****")},
		"no claim":         {Host: []byte("api.smartcar.com"), RequestHeaders: headersOf("Authorization", "Bearer "+jwt)},
		"no JWT":           {Host: []byte("api.smartcar.com"), RequestHeaders: headersOf("Authorization", "Bearer a.%.c")},
		"no place":         {Host: []byte("none.example"), Query: []byte("key=alpha-key")},
		"an empty key":     {Query: []byte("key=&a=b")},
	} {
		if got := account(e); got != "" {
			t.Errorf("%s: account %q", name, got)
		}
	}
	if got := NewPolicy(rules, nil).NewSealer().Seal(&Draft{Exchange{Query: []byte("key=alpha-key")}}); got.Account != "" || got.RequestKey != 0 {
		t.Errorf("without a salt: account %q, request key %d", got.Account, got.RequestKey)
	}
	if got := NewPolicy(rules, []byte("other")).NewSealer().Seal(&Draft{Exchange{Query: []byte("key=alpha-key")}}); got.Account == alpha {
		t.Error("another salt gives the same account")
	}
}

func TestAccountCache(t *testing.T) {
	s := testPolicy().NewSealer()
	first := s.Seal(&Draft{Exchange{Query: []byte("key=k0")}}).Account
	for i := range 2 * accountCacheMax {
		s.Seal(&Draft{Exchange{Query: fmt.Appendf(nil, "key=k%d", i)}})
	}
	if len(s.prints.cache) > accountCacheMax {
		t.Errorf("%d values are kept", len(s.prints.cache))
	}
	if again := s.Seal(&Draft{Exchange{Query: []byte("key=k0")}}).Account; again != first {
		t.Errorf("%s has become %s", first, again)
	}
}

func TestRequestKey(t *testing.T) {
	key := func(method, host, path, query string) uint64 {
		d := Draft{Exchange{Method: []byte(method), Host: []byte(host), Path: []byte(path), Query: []byte(query)}}
		return testPolicy().NewSealer().Seal(&d).RequestKey
	}
	base := key("GET", "a.example", "/specs", "vin=1HGBH41JXMN109186&key=old")
	// The stored keys of a database must go on fitting: any change here is one
	// of the contract.
	if want := uint64(15537450533109839724); base != want {
		t.Errorf("request key %d, want %d", base, want)
	}
	if got := key("GET", "a.example", "/specs", "vin=1HGBH41JXMN109186&key=new"); got != base {
		t.Error("a new API key makes another request")
	}
	seen := map[uint64]string{base: "base"}
	for _, c := range [][4]string{
		{"POST", "a.example", "/specs", "vin=1HGBH41JXMN109186&key=old"}, {"GET", "b.example", "/specs", "vin=1HGBH41JXMN109186&key=old"},
		{"GET", "a.example", "/spec", "vin=1HGBH41JXMN109186&key=old"}, {"GET", "a.example", "/specs", "vin=1HGBH41JXMN109187&key=old"},
		{"GET", "a.example", "/specs", ""}, {"GETa", ".example", "/specs", ""}, {"GET", "a.example/", "specs", ""}, {"", "", "", ""}, {"\x00", "", "", ""}, {"", "\x00", "", ""},
	} {
		k := key(c[0], c[1], c[2], c[3])
		if k == 0 || seen[k] != "" {
			t.Errorf("%q has the key %d of %q", c, k, seen[k])
		}
		seen[k] = fmt.Sprint(c)
	}
}

// TestRequestKeySpreads counts keys of many like requests: a hash that loses
// bits would give some of them twice.
func TestRequestKeySpreads(t *testing.T) {
	f := newFingerprints([]byte("salt"))
	seen := map[uint64]bool{}
	const n = 200_000
	for i := range n {
		seen[f.requestKey([]byte("GET"), []byte("a.example"), fmt.Appendf(nil, "/v2.0/vehicles/%d/odometer", i), nil)] = true
	}
	if len(seen) != n {
		t.Errorf("%d keys of %d requests", len(seen), n)
	}
}
