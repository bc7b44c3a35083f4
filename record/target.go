package record

import "bytes"

// SetURL takes a URL or a request target apart: "https://host/path?query",
// "/path?query", "host:443" of a CONNECT, "*". Target keeps it as it came; the
// other fields are views into it, but for a host with capitals, which is
// copied. Userinfo, port and fragment have no field of their own: the first
// stays in Target alone, where sealing masks it.
func (x *Exchange) SetURL(url []byte) {
	x.Target = url
	rest := url
	if i := bytes.Index(rest, []byte("://")); i > 0 && i < 12 && isScheme(rest[:i]) {
		x.Scheme, rest = rest[:i], rest[i+3:]
		end := bytes.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		x.Host, rest = HostOnly(rest[:end]), rest[end:]
	} else if len(rest) > 0 && rest[0] != '/' && rest[0] != '*' && rest[0] != '?' && bytes.Equal(x.Method, []byte("CONNECT")) {
		x.Host, rest = HostOnly(rest), nil
	}
	if i := bytes.IndexByte(rest, '#'); i >= 0 {
		rest = rest[:i]
	}
	x.Query = nil
	if i := bytes.IndexByte(rest, '?'); i >= 0 {
		rest, x.Query = rest[:i], rest[i+1:]
	}
	x.Path = rest
}

func isScheme(b []byte) bool {
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return len(b) > 0
}

// HostOnly gives the host of an authority or host:port text: without userinfo,
// port and brackets, in lower case. It is a view unless it has capitals.
func HostOnly(authority []byte) []byte {
	if i := bytes.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	if len(authority) > 0 && authority[0] == '[' {
		if i := bytes.IndexByte(authority, ']'); i > 0 {
			return bytes.ToLower(authority[1:i])
		}
	}
	if i := bytes.IndexByte(authority, ':'); i >= 0 && i == bytes.LastIndexByte(authority, ':') {
		authority = authority[:i]
	}
	for _, c := range authority {
		if c >= 'A' && c <= 'Z' {
			return bytes.ToLower(authority)
		}
	}
	return authority
}
