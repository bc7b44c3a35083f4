package record

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"math/bits"
	"strings"

	"github.com/errscope/errscope/record/jsonscan"
)

const (
	accountHexDigits = 16
	// accountCacheMax bounds the values whose fingerprints a Sealer keeps.
	accountCacheMax = 4096
	// credentialBytesMax bounds the values that are kept for their fingerprint.
	credentialBytesMax = 4096
)

// place is one entry of [AccountRule.From], read.
type place struct {
	kind   string // "query", "header", "field", "claim", "basic"
	name   string
	folded []byte
}

// accountRule is an [AccountRule], read.
type accountRule struct {
	host   string
	places []place
	// inQuery marks the bytes with which the name of a parameter can begin
	// that is one of the places, as it comes.
	inQuery [256]bool
}

func readAccountRules(rules []AccountRule) accountRules {
	var buf [nameBytesMax]byte
	out := make([]accountRule, 0, len(rules))
	for _, r := range rules {
		a := accountRule{host: strings.ToLower(r.Host)}
		for _, from := range r.From {
			kind, name, _ := strings.Cut(from, ":")
			p := place{kind, name, bytes.Clone(fold(&buf, []byte(name)))}
			a.places = append(a.places, p)
			if kind == "query" && len(p.folded) > 0 {
				for c, folded := range foldTable {
					a.inQuery[c] = a.inQuery[c] || folded <= foldSpecial || folded == p.folded[0]
				}
			}
		}
		out = append(out, a)
	}
	return indexAccounts(out)
}

// accountRules finds the rule of a host without asking each.
type accountRules struct {
	rules    []accountRule
	exact    map[string]int // the first rule of a host
	suffixes map[string]int // the first rule of "*.x", by x
	any      int            // the first rule of "*", or len(rules)
}

func indexAccounts(rules []accountRule) accountRules {
	out := accountRules{rules: rules, exact: map[string]int{}, suffixes: map[string]int{}, any: len(rules)}
	for i := len(rules) - 1; i >= 0; i-- {
		switch host := rules[i].host; {
		case host == "*":
			out.any = i
		case strings.HasPrefix(host, "*.") && len(host) > 2:
			out.suffixes[host[2:]] = i
		default:
			out.exact[host] = i
		}
	}
	return out
}

// of is the first rule that fits as [HostBinding] does: exactly, or "*.x" for
// x and what is below it; nil where there is none.
func (a *accountRules) of(host []byte) *accountRule {
	best := a.any
	if i, ok := a.exact[string(host)]; ok && i < best {
		best = i
	}
	for tail := host; len(a.suffixes) > 0; {
		if i, ok := a.suffixes[string(tail)]; ok && i < best {
			best = i
		}
		dot := bytes.IndexByte(tail, '.')
		if dot < 0 {
			break
		}
		tail = tail[dot+1:]
	}
	if best == len(a.rules) {
		return nil
	}
	return &a.rules[best]
}

// fingerprints makes the two salted values of a record. It belongs to one
// Sealer.
type fingerprints struct {
	mac     hash.Hash
	cache   map[string]string
	params  memo[string] // by the value as it came
	seeds   [2]uint64
	scratch []byte
}

func newFingerprints(salt []byte) *fingerprints {
	f := &fingerprints{mac: hmac.New(sha256.New, salt), cache: map[string]string{}}
	// Derived under a text of its own, so that no account's fingerprint tells
	// anything about the key of the request hash.
	f.mac.Write([]byte("errscope request key"))
	sum := f.mac.Sum(nil)
	f.seeds = [2]uint64{load64(sum), load64(sum[8:])}
	return f
}

func (f *fingerprints) account(value []byte) string {
	if a, ok := f.cache[string(value)]; ok {
		return a
	}
	f.mac.Reset()
	f.mac.Write(value)
	account := hex.EncodeToString(f.mac.Sum(nil))[:accountHexDigits]
	if len(value) > credentialBytesMax {
		return account
	}
	if len(f.cache) >= accountCacheMax {
		clear(f.cache)
	}
	f.cache[string(value)] = account
	return account
}

// requestKey hashes the parts with their lengths, so that no two ways of
// cutting the same bytes meet.
func (f *fingerprints) requestKey(parts ...[]byte) uint64 {
	h := f.seeds[0]
	for _, p := range parts {
		h = mixBytes(h, f.seeds[1], p)
	}
	if h == 0 {
		return 1 // 0 means that there is no key
	}
	return h
}

// mixBytes folds b into h, 8 bytes at a time, in the manner of wyhash: the two
// halves of a 128-bit product, xored. It reads little-endian on any machine.
func mixBytes(h, seed uint64, b []byte) uint64 {
	n := uint64(len(b))
	var tail uint64
	if len(b) < 8 {
		tail = loadTail(b)
	} else {
		tail = load64(b[len(b)-8:]) // overlaps what the loop reads
		for ; len(b) > 8; b = b[8:] {
			h = mix(h^0xa0761d6478bd642f, seed^load64(b))
		}
	}
	return mix(h^tail^0xe7037ed1a0b428db, seed^n^0x8ebc6af09c88c6e3)
}

// loadTail reads fewer than 8 bytes, little-endian. What it reads twice falls
// on the same place twice.
func loadTail(b []byte) uint64 {
	n := len(b)
	switch {
	case n >= 4:
		return load32(b) | load32(b[n-4:])<<(8*(n-4))
	case n > 0:
		return uint64(b[0]) | uint64(b[n/2])<<(8*(n/2)) | uint64(b[n-1])<<(8*(n-1))
	}
	return 0
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// accountOf reads the lasting credential, before anything is masked, and gives
// its fingerprint.
func (s *Sealer) accountOf(e *Exchange, rule *accountRule) string {
	if rule == nil {
		return ""
	}
	inQuery := rule.mayBeIn(e.Query)
	inRequest := len(e.RequestHeaders) > 0 || len(e.RequestBody) > 0
	if !inQuery && !inRequest {
		return ""
	}
	for i := range rule.places {
		from := &rule.places[i]
		if from.kind == "query" {
			if account := s.prints.ofParam(rawParam(e.Query, from.folded)); account != "" {
				return account
			}
			continue
		}
		if v := s.credential(e, from); len(v) > 0 && !isMasked(v) {
			return s.prints.account(v)
		}
	}
	return ""
}

// mayBeIn is false where no parameter begins as one of the places does.
func (a *accountRule) mayBeIn(query []byte) bool {
	for len(query) > 0 {
		if a.inQuery[query[0]] {
			return true
		}
		_, query = cutByte(query, '&')
	}
	return false
}

// ofParam is the account of a parameter's value as it came, "" where there is
// none or somebody masked it before us.
func (f *fingerprints) ofParam(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	if account, ok := f.params.get(raw); ok {
		return account
	}
	var account string
	if v := f.percentDecoded(raw); !isMasked(v) {
		account = f.account(v)
	}
	f.params.put(raw, account)
	return account
}

// credential gives the value at a place of the request's headers or body,
// decoded, as a view or in scratch.
func (s *Sealer) credential(e *Exchange, from *place) []byte {
	switch from.kind {
	case "header":
		v := headerValue(e.RequestHeaders, from.name)
		if _, credentials, ok := cutScheme(v); ok {
			return credentials
		}
		return v
	case "basic":
		scheme, v, ok := cutScheme(headerValue(e.RequestHeaders, "authorization"))
		if ok && strings.EqualFold(string(scheme), "basic") {
			return v
		}
	case "field":
		if jsonscan.KindOf(e.RequestBody) == jsonscan.ObjectKind {
			return s.prints.member(e.RequestBody, from.name)
		}
		return s.prints.param(e.RequestBody, from.folded)
	case "claim":
		return s.prints.claim(headerValue(e.RequestHeaders, "authorization"), from.name)
	}
	return nil
}

// headerValue is the first value of a header field.
func headerValue(headers []Header, name string) []byte {
	for i := range headers {
		if equalFold(headers[i].Name, name) {
			return trimSpace(headers[i].Value)
		}
	}
	return nil
}

// param gives the first value of a query or form parameter, percent-decoded so
// that one key is one account however it was encoded.
func (f *fingerprints) param(query, folded []byte) []byte {
	return f.percentDecoded(rawParam(query, folded))
}

// rawParam gives the value as it came.
func rawParam(query, folded []byte) []byte {
	if len(folded) == 0 {
		return nil
	}
	var buf [nameBytesMax]byte
	for len(query) > 0 {
		if c := foldTable[query[0]]; c > foldSpecial && c != folded[0] {
			// The name begins otherwise, and with nothing encoded.
			_, query = cutByte(query, '&')
			continue
		}
		var pair []byte
		pair, query = cutByte(query, '&')
		key, value := cutByte(pair, '=')
		if len(key) < len(folded) || len(value) == 0 {
			continue
		}
		if string(key) == string(folded) || string(fold(&buf, key)) == string(folded) {
			return value
		}
	}
	return nil
}

func (f *fingerprints) percentDecoded(v []byte) []byte {
	f.scratch = f.scratch[:0]
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(v) && unhex[v[i+1]] < 16 && unhex[v[i+2]] < 16:
			c = unhex[v[i+1]]<<4 | unhex[v[i+2]]
			i += 2
		}
		f.scratch = append(f.scratch, c)
	}
	return f.scratch
}

// member gives a scalar member of a JSON object's top level.
func (f *fingerprints) member(body []byte, name string) []byte {
	var out []byte
	// The error says that the rest is cut off or broken: what was found counts.
	_, _ = jsonscan.Object(body, func(key, value []byte, kind jsonscan.Kind) bool {
		if equalFold(key, name) && (kind == jsonscan.String || kind == jsonscan.Number) {
			out = jsonscan.Unquote(nil, value)
		}
		return out == nil
	})
	return out
}

// claim reads one claim of the bearer JWT (RFC 7519). The signature is not
// looked at: the claim only groups, it opens nothing.
func (f *fingerprints) claim(authorization []byte, name string) []byte {
	_, token, ok := cutScheme(authorization)
	if !ok {
		return nil
	}
	_, rest := cutByte(token, '.')
	payload, _ := cutByte(rest, '.')
	for len(payload) > 0 && payload[len(payload)-1] == '=' {
		payload = payload[:len(payload)-1]
	}
	claims, err := base64.RawURLEncoding.AppendDecode(f.scratch[:0], payload)
	f.scratch = claims
	if err != nil {
		return nil
	}
	return f.member(claims, name)
}
