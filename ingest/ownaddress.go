package ingest

import "bytes"

// isOwnAddress reports whether b, an address with or without scheme, port and
// brackets, is one of a private network, of this machine, or a local socket:
// nobody else's server answers there.
func isOwnAddress(b []byte) bool {
	if len(b) > 0 && b[0]-'0' > 9 {
		if i := bytes.Index(b, []byte("://")); i >= 0 {
			if string(b[:i]) == "envoy" { // a listener inside the proxy
				return true
			}
			b = b[i+3:]
		}
	}
	if len(b) == 0 {
		return false
	}
	if b[0] == '/' || b[0] == '@' {
		return true
	}
	first, rest := octet(b)
	if len(rest) == 0 || rest[0] != '.' {
		return isOwnIPv6(withoutPort(b))
	}
	second, rest := octet(rest[1:])
	if len(rest) == 0 || rest[0] != '.' {
		return false
	}
	switch first {
	case 10, 127:
		return true
	case 172:
		return second >= 16 && second < 32
	case 192:
		return second == 168
	case 169:
		return second == 254
	case 100: // carrier-grade NAT, which container networks use too (RFC 6598)
		return second >= 64 && second < 128
	}
	return false
}

// octet reads the number that b begins with, -1 where there is none.
func octet(b []byte) (n int, rest []byte) {
	i := 0
	for i < len(b) && i < 3 && b[i]-'0' <= 9 {
		n = n*10 + int(b[i]-'0')
		i++
	}
	if i == 0 {
		return -1, b
	}
	return n, b[i:]
}

// plainHost is b without its port where it is a name in lower case or an IPv4
// address, as nearly every authority is, else nothing.
func plainHost(b []byte) []byte {
	end := 0
	for end < len(b) && plainHostBytes[b[end]] {
		end++
	}
	if end == 0 || b[end-1] == '.' {
		return nil
	}
	if end < len(b) {
		if b[end] != ':' {
			return nil
		}
		for _, c := range b[end+1:] {
			if !plainHostBytes[c] {
				return nil
			}
		}
	}
	return b[:end]
}

// plainHostBytes are the bytes of a host name in lower case.
var plainHostBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_'
	}
	return t
}()

// isOwnIPv6 knows unique local and link-local addresses, and the loopback.
func isOwnIPv6(b []byte) bool {
	if string(b) == "::1" {
		return true
	}
	if len(b) < 4 || b[0]|0x20 != 'f' {
		return false
	}
	switch b[1] | 0x20 {
	case 'c', 'd':
		return true
	case 'e':
		return b[2] == '8' || b[2] == '9' || b[2]|0x20 == 'a' || b[2]|0x20 == 'b'
	}
	return false
}

// firstAddress is the first address of a list such as X-Forwarded-For, without
// port, nothing where it is none.
func firstAddress(list []byte) []byte {
	if isPlainIPv4(list) {
		return list
	}
	if i := bytes.IndexByte(list, ','); i >= 0 {
		list = list[:i]
	}
	list = bytes.TrimSpace(list)
	if !isIP(list) {
		return nil
	}
	return withoutPort(list)
}

// withoutLastPort cuts what follows the last colon: AWS writes IPv6 addresses
// without brackets and always with a port.
func withoutLastPort(b []byte) []byte {
	if len(b) == 1 && b[0] == '-' {
		return nil
	}
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == ':' {
			return withoutPort(b[:i])
		}
		if b[i] < '0' || b[i] > '9' {
			break
		}
	}
	return withoutPort(b)
}

// isPlainIPv4 reports whether b is digits and points only, of the right length.
func isPlainIPv4(b []byte) bool {
	if len(b) < 7 || len(b) > 15 {
		return false
	}
	dots := 0
	for _, c := range b {
		if c == '.' {
			dots++
		} else if c-'0' > 9 {
			return false
		}
	}
	return dots == 3
}
