package ingest

import "bytes"

// isOwnAddress reports whether b, an address with or without scheme, port and
// brackets, is one of a private network, of this machine, or a local socket:
// nobody else's server answers there.
func isOwnAddress(b []byte) bool {
	if i := bytes.Index(b, []byte("://")); i >= 0 {
		if string(b[:i]) == "envoy" { // a listener inside the proxy
			return true
		}
		b = b[i+3:]
	}
	if len(b) == 0 {
		return false
	}
	if b[0] == '/' || b[0] == '@' {
		return true
	}
	b = withoutPort(b)
	if bytes.IndexByte(b, ':') >= 0 {
		return isOwnIPv6(b)
	}
	first, rest, ok := bytes.Cut(b, []byte{'.'})
	if !ok {
		return false
	}
	second, _, ok := bytes.Cut(rest, []byte{'.'})
	n, isNumber := number(second)
	if !ok || !isNumber {
		return false
	}
	switch string(first) {
	case "10", "127":
		return true
	case "172":
		return n >= 16 && n < 32
	case "192":
		return n == 168
	case "169":
		return n == 254
	case "100": // carrier-grade NAT, which container networks use too (RFC 6598)
		return n >= 64 && n < 128
	}
	return false
}

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
