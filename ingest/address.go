package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// arena holds the bytes of one line that are not views into it. What it
// returned lives until the next reset, also when it grows.
type arena struct{ buf []byte }

func (a *arena) reset() { a.buf = a.buf[:0] }

// lower returns b in lower case: b itself where it is already.
func (a *arena) lower(b []byte) []byte {
	if !hasUpper(b) {
		return b
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			start := len(a.buf)
			a.buf = append(a.buf, b...)
			out := a.buf[start:len(a.buf):len(a.buf)]
			for ; i < len(out); i++ {
				if c := out[i]; c >= 'A' && c <= 'Z' {
					out[i] = c + 'a' - 'A'
				}
			}
			return out
		}
	}
	return b
}

// setTarget takes a request target or URL apart (RFC 9112 §3.2): into path and
// query, and for the absolute form into scheme and host too. A fragment, which
// never travels, belongs to none of them.
func (a *arena) setTarget(d *record.Draft, target []byte) {
	d.Target = target
	rest := target
	if len(rest) > 0 && rest[0] != '/' {
		if i := schemeLength(rest); i > 0 {
			d.Scheme = a.lower(rest[:i])
			rest = rest[i+3:]
			end := authorityLength(rest)
			d.Host = a.host(rest[:end])
			rest = rest[end:]
			if f := bytes.IndexByte(rest, '#'); f >= 0 {
				rest = rest[:f]
			}
		} else if string(d.Method) == "CONNECT" {
			d.Host = a.host(rest)
			return
		}
	}
	if q := bytes.IndexByte(rest, '?'); q >= 0 {
		d.Path, d.Query = rest[:q], rest[q+1:]
	} else {
		d.Path = rest
	}
	if len(d.Path) == 0 && len(d.Host) > 0 {
		d.Path = rootPath
	}
}

// schemeLength is the length of the scheme that a URL begins with, 0 where b
// is none.
func schemeLength(b []byte) int {
	switch { // nearly every URL
	case len(b) > 8 && string(b[:8]) == "https://":
		return 5
	case len(b) > 7 && string(b[:7]) == "http://":
		return 4
	}
	if i := bytes.Index(b, []byte("://")); i > 0 && isScheme(b[:i]) {
		return i
	}
	return 0
}

// authorityLength is the length of the authority that b begins with.
func authorityLength(b []byte) int {
	for i, c := range b {
		if c <= '?' && (c == '/' || c == '?' || c == '#') {
			return i
		}
	}
	return len(b)
}

var rootPath = []byte("/")

func isScheme(b []byte) bool {
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return len(b) <= 16
}

// host is an authority without user, port and brackets, in lower case.
func (a *arena) host(authority []byte) []byte {
	if h := plainHost(authority); len(h) > 0 {
		return h
	}
	if at := bytes.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	return bytes.TrimSuffix(a.lower(withoutPort(authority)), []byte{'.'})
}

// withoutPort cuts ":443" and the brackets of an IPv6 address; a bare IPv6
// address stays whole.
func withoutPort(b []byte) []byte {
	if len(b) > 0 && b[0] == '[' {
		if end := bytes.IndexByte(b, ']'); end > 0 {
			return b[1:end]
		}
	}
	if i := bytes.IndexByte(b, ':'); i >= 0 && bytes.IndexByte(b[i+1:], ':') < 0 {
		return b[:i]
	}
	return b
}

// isIP reports whether b looks like an IPv4 or IPv6 address, port and brackets
// allowed.
func isIP(b []byte) bool {
	if len(b) > 0 && b[0] == '[' {
		return bytes.IndexByte(b, ']') > 0
	}
	dots, colons, hex := 0, 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c >= '0' && c <= '9':
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			hex++
		case c == '%' && colons > 1: // a zone id
			return true
		default:
			return false
		}
	}
	return dots == 3 && hex == 0 && colons <= 1 || colons >= 2
}

// isHostName reports whether b is a DNS name with at least one dot, or
// localhost, port allowed.
func isHostName(b []byte) bool {
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		if _, ok := number(b[i+1:]); !ok {
			return false
		}
		b = b[:i]
	}
	dot := -1
	for i, c := range b {
		switch {
		case c == '.':
			if i == 0 || dot == i-1 {
				return false
			}
			dot = i
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	if dot < 0 {
		return string(b) == "localhost"
	}
	tld := b[dot+1:]
	return len(tld) >= 2 && (tld[0]|0x20 >= 'a' && tld[0]|0x20 <= 'z')
}
