package classify

import (
	"slices"
	"strings"
)

// checker is the checker of a pack, or nil.
func (h *house) checker(p *Pack) *checker {
	i := slices.IndexFunc(h.checkers, func(c *checker) bool { return c.pack == p })
	if i < 0 {
		return nil
	}
	return h.checkers[i]
}

// related reports whether one pack is laid over the other, or both over a third:
// then they share what they claim.
func related(a, b written) bool {
	return slices.ContainsFunc(a.sources, func(s packSource) bool {
		return slices.ContainsFunc(b.sources, func(o packSource) bool { return o.shown == s.shown })
	})
}

// claimed is something that only one pack may say of itself.
type claimed struct {
	text string
	at   place
	by   *checker
}

// collisions finds what two packs claim. A finding stands in the pack that is
// checked, in the later of two.
func (h *house) collisions() {
	var hosts, headers, docs []claimed
	for _, c := range h.checkers {
		f := c.written.file
		for _, t := range f.Hosts {
			hosts = append(hosts, claimed{strings.ToLower(t.Host.s) + t.Path.s, t.Host.at, c})
		}
		for _, t := range f.Headers {
			headers = append(headers, claimed{strings.ToLower(t.s), t.at, c})
		}
		for i, t := range f.DocsURLs {
			if i < len(c.pack.docsURLs) {
				u := c.pack.docsURLs[i]
				docs = append(docs, claimed{u.host + u.path, t.at, c})
			}
		}
	}
	collide(hosts, "host", func(a, b string) bool { return a == b })
	collide(headers, "header prefix", func(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) })
	collide(docs, "docs URL", func(a, b string) bool { return quotes(a, b) || quotes(b, a) })
}

// quotes reports whether an address under long also speaks for short: the same
// host or one below it, and a path below.
func quotes(long, short string) bool {
	longHost, longPath, _ := strings.Cut(long, "/")
	host, path, _ := strings.Cut(short, "/")
	return (longHost == host || strings.HasSuffix(longHost, "."+host)) && strings.HasPrefix(longPath, path)
}

// collide reports pairs of claims of two packs that both hold for one answer.
func collide(list []claimed, what string, same func(a, b string) bool) {
	type pair struct {
		mine  place
		other *checker
	}
	told := map[pair]bool{}
	for i, late := range list {
		for _, early := range list[:i] {
			if early.by == late.by || !early.by.checked && !late.by.checked || related(early.by.written, late.by.written) || !same(early.text, late.text) {
				continue
			}
			mine, other := late, early
			if !late.by.checked {
				mine, other = early, late
			}
			if told[pair{mine.at, other.by}] {
				continue
			}
			told[pair{mine.at, other.by}] = true
			mine.by.bad.add(mine.at, "", "%s %q is claimed by pack %s, too, as %q", what, mine.text, other.by.pack.name, other.text)
		}
	}
}
