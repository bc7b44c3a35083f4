package record

import "bytes"

// HostBinding says that a host speaks the API of a pack.
type HostBinding struct {
	// Host is exact ("api.carsxe.com") or a suffix ("*.smartcar.com"), lower
	// case and without port.
	Host string
	// PathPrefix narrows the binding to paths that begin with it, where set.
	PathPrefix string
	// Pack is the pack's name.
	Pack string
}

// CallbackBinding says that a path on our own host is where a vendor sends
// browsers back to.
type CallbackBinding struct {
	// Path is the exact path. Where empty, any path that has Pack as one of its
	// segments and a segment such as "callback" is meant.
	Path string
	Pack string
}

// Bindings is what cmd takes from packs, flags and configuration and hands to
// ingest (to tell directions apart) and to classify (to name the vendor).
// It is immutable once built with [NewBindings] and safe for concurrent use.
type Bindings struct {
	exact     hostTable
	suffixes  hostTable // without "*."
	paths     map[string]string
	callbacks []string
}

// NewBindings builds the lookup. Of two bindings for one host the later wins
// (so that a user's --bind overrules a pack), longer path prefixes first.
func NewBindings(hosts []HostBinding, callbacks []CallbackBinding) *Bindings {
	exact, suffixes := map[string][]HostBinding{}, map[string][]HostBinding{}
	for _, h := range hosts {
		if len(h.Host) > 2 && h.Host[:2] == "*." {
			suffixes[h.Host[2:]] = insertBinding(suffixes[h.Host[2:]], h)
			continue
		}
		exact[h.Host] = insertBinding(exact[h.Host], h)
	}
	b := &Bindings{exact: newHostTable(exact), suffixes: newHostTable(suffixes), paths: map[string]string{}}
	for _, c := range callbacks {
		if c.Path != "" {
			b.paths[c.Path] = c.Pack
			continue
		}
		b.callbacks = append(b.callbacks, c.Pack)
	}
	return b
}

// insertBinding keeps the list ordered by specificity: longer host, then
// longer path prefix, then the later binding first.
func insertBinding(list []HostBinding, h HostBinding) []HostBinding {
	at := 0
	for at < len(list) {
		l := list[at]
		if len(h.Host) > len(l.Host) || len(h.Host) == len(l.Host) && len(h.PathPrefix) >= len(l.PathPrefix) {
			break
		}
		at++
	}
	list = append(list, HostBinding{})
	copy(list[at+1:], list[at:])
	list[at] = h
	return list
}

// Pack names the pack whose API host and path speak, or "". Host must be lower
// case and without port.
func (b *Bindings) Pack(host, path []byte) string {
	if len(host) == 0 {
		return ""
	}
	for _, h := range b.exact.of(host) {
		if hasPathPrefix(path, h.PathPrefix) {
			return h.Pack
		}
	}
	// "*.x" also means x itself. The longest suffix comes first.
	for tail := host; len(b.suffixes.slots) > 0; {
		for _, h := range b.suffixes.of(tail) {
			if hasPathPrefix(path, h.PathPrefix) {
				return h.Pack
			}
		}
		i := bytes.IndexByte(tail, '.')
		if i < 0 {
			break
		}
		tail = tail[i+1:]
	}
	return ""
}

// hostTable finds the bindings of a host. Every line of a log asks for its host
// several times; the hash of a memo, which looks at a few bytes, costs a third of
// a map's.
type hostTable struct {
	slots   []hostSlot // a power of two, at most half of them taken; or none
	lengths uint64     // a bit for each length of a host; the last one is of 63 and more
}

type hostSlot struct {
	host string
	list []HostBinding // empty where the slot is free
}

func newHostTable(lists map[string][]HostBinding) hostTable {
	if len(lists) == 0 {
		return hostTable{}
	}
	size := 2
	for size < 2*len(lists) {
		size *= 2
	}
	t := hostTable{slots: make([]hostSlot, size)}
	for host, list := range lists {
		t.lengths |= 1 << min(len(host), 63)
		at := memoHash([]byte(host)) % uint64(size)
		for len(t.slots[at].list) > 0 {
			at = (at + 1) % uint64(size)
		}
		t.slots[at] = hostSlot{host, list}
	}
	return t
}

func (t hostTable) of(host []byte) []HostBinding {
	if t.lengths&(1<<min(len(host), 63)) == 0 {
		return nil
	}
	mask := uint64(len(t.slots) - 1)
	for at := memoHash(host) & mask; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if len(s.list) == 0 || s.host == string(host) {
			return s.list
		}
	}
}

func hasPathPrefix(path []byte, prefix string) bool {
	return len(path) >= len(prefix) && string(path[:len(prefix)]) == prefix
}

// CallbackPack names the pack whose callback path this is, or "".
func (b *Bindings) CallbackPack(path []byte) string {
	if len(b.paths) > 0 {
		if p, ok := b.paths[string(path)]; ok {
			return p
		}
	}
	if len(b.callbacks) == 0 || !looksLikeCallback(path) {
		return ""
	}
	for _, pack := range b.callbacks {
		if hasSegment(path, pack) {
			return pack
		}
	}
	return ""
}

// looksLikeCallback is asked for every line of a log, so it passes over the
// path once and compares only segments of the right length.
func looksLikeCallback(path []byte) bool {
	for len(path) > 0 {
		seg := path
		if i := bytes.IndexByte(path, '/'); i >= 0 {
			seg, path = path[:i], path[i+1:]
		} else {
			path = nil
		}
		switch len(seg) {
		case len("return"):
			if seg[0]|0x20 == 'r' && bytes.EqualFold(seg, []byte("return")) {
				return true
			}
		case len("callback"):
			if c := seg[0] | 0x20; c != 'c' && c != 'r' && c != 'e' {
				break
			}
			if bytes.EqualFold(seg, []byte("callback")) || bytes.EqualFold(seg, []byte("redirect")) || bytes.EqualFold(seg, []byte("exchange")) {
				return true
			}
		}
	}
	return false
}

// hasSegment reports whether one of the path's segments is word, in any case.
func hasSegment(path []byte, word string) bool {
	for len(path) > 0 {
		seg := path
		if i := bytes.IndexByte(path, '/'); i >= 0 {
			seg, path = path[:i], path[i+1:]
		} else {
			path = nil
		}
		if len(seg) == len(word) && bytes.EqualFold(seg, []byte(word)) {
			return true
		}
	}
	return false
}
