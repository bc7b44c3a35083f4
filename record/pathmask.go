package record

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// PathRule says where in the paths of a host a credential stands.
type PathRule struct {
	// Host is as in [HostBinding].
	Host string
	// Path has "{secret}" in the place of the credential, inside a segment or as
	// one, and "*" for a segment of any text: "/services/*/*/{secret}",
	// "/bot{secret}". Whatever follows in a path may be anything.
	Path string
}

const secretPlace = "{secret}"

// Check says what is wrong with the rule's path, nil where nothing is.
func (r PathRule) Check() error {
	switch {
	case !strings.HasPrefix(r.Path, "/"):
		return fmt.Errorf("%q does not begin with /", r.Path)
	case !strings.Contains(r.Path, secretPlace):
		return fmt.Errorf("%q has no %s", r.Path, secretPlace)
	}
	for _, seg := range strings.Split(r.Path[1:], "/") {
		rest := strings.Replace(seg, secretPlace, "", 1)
		if seg == "" || strings.Contains(rest, "{") || seg != "*" && strings.Contains(rest, "*") {
			return fmt.Errorf("%q has a segment %q that is neither text, * nor has one %s", r.Path, seg, secretPlace)
		}
	}
	return nil
}

// pathRules finds the patterns of a host.
type pathRules struct {
	exact, suffixes map[string]*pathPatterns
	all             *pathPatterns // nil where there is none
}

// pathPatterns are those of a host; the first that fits decides.
type pathPatterns struct{ list []pathPattern }

// pathPattern is the segments of a path.
type pathPattern []segmentPattern

// segmentPattern is text alone, or what stands before and behind any text,
// which is the credential where isSecret.
type segmentPattern struct {
	before, behind  string
	isAny, isSecret bool
}

// readPathRules compiles the rules; a faulty one, see [PathRule.Check], is of
// no effect.
func readPathRules(rules []PathRule) pathRules {
	out := pathRules{exact: map[string]*pathPatterns{}, suffixes: map[string]*pathPatterns{}}
	for _, r := range rules {
		if r.Check() != nil {
			continue
		}
		var pattern pathPattern
		for _, seg := range strings.Split(r.Path[1:], "/") {
			before, behind, isSecret := strings.Cut(seg, secretPlace)
			if seg == "*" {
				before = ""
			}
			pattern = append(pattern, segmentPattern{before: before, behind: behind, isAny: isSecret || seg == "*", isSecret: isSecret})
		}
		of := out.exact
		host, isSuffix := strings.CutPrefix(r.Host, "*.")
		if isSuffix {
			of = out.suffixes
		}
		if of[host] == nil {
			of[host] = &pathPatterns{}
		}
		of[host].list = append(of[host].list, pattern)
		if out.all == nil {
			out.all = &pathPatterns{}
		}
		out.all.list = append(out.all.list, pattern)
	}
	return out
}

// of gives the patterns of a host in lower case and without port. Of two
// suffixes the longer counts.
func (r *pathRules) of(host []byte) *pathPatterns {
	if r.all == nil || len(host) == 0 {
		return nil
	}
	if list, ok := r.exact[string(host)]; ok {
		return list
	}
	for tail := host; ; {
		if list, ok := r.suffixes[string(tail)]; ok {
			return list
		}
		i := bytes.IndexByte(tail, '.')
		if i < 0 {
			return nil
		}
		tail = tail[i+1:]
	}
}

// urlPath masks by the patterns of its host the path of a URL whose host begins
// at lo, and gives lo: the path is read as text, too.
func (s *scanner) urlPath(b []byte, lo, hi int) int {
	if s.p.paths.all == nil {
		return lo
	}
	end := lo
	for end < hi && (textKinds[b[end]]&wordByte != 0 || b[end] == '.') {
		end++
	}
	var buf [hostBytesMax]byte
	host := b[lo:end]
	if len(host) == 0 || len(host) > len(buf) {
		return lo
	}
	for i, c := range host {
		if isUpper(c) {
			c |= 0x20
		}
		buf[i] = c
	}
	patterns := s.p.paths.of(buf[:len(host)])
	if patterns == nil {
		return lo
	}
	if end < hi && b[end] == ':' {
		for end++; end < hi && isDigit(b[end]); end++ {
		}
	}
	if end >= hi || b[end] != '/' {
		return lo
	}
	return max(lo, s.paths(b, end, hi, patterns, false))
}

// hostBytesMax is the length of the longest name of a host (RFC 1035).
const hostBytesMax = 253

// paths masks by the first pattern that fits the path at lo, and gives the
// index behind what was masked, 0 where nothing was. If wary, a value must look
// random: nothing says whose path it is.
func (s *scanner) paths(b []byte, lo, hi int, patterns *pathPatterns, wary bool) int {
	for _, p := range patterns.list {
		mark := len(s.spans)
		if end := s.fit(b, lo, hi, p, wary); end > 0 {
			return end
		}
		s.spans = s.spans[:mark]
	}
	return 0
}

func (s *scanner) fit(b []byte, lo, hi int, p pathPattern, wary bool) (masked int) {
	for _, want := range p {
		if lo >= hi || b[lo] != '/' {
			return 0
		}
		lo++
		end := lo
		for end < hi && b[end] != '/' && b[end] != '?' && b[end] != '#' && b[end] != '\\' && textEnds[b[end]]&endsURL == 0 {
			end++
		}
		seg := b[lo:end]
		if !want.fits(seg) {
			return 0
		}
		if want.isSecret {
			from, to := lo+len(want.before), end-len(want.behind)
			if v := b[from:to]; string(v) == Redacted || wary && !isOpaque(v) {
				return 0
			}
			s.addAs(from, to, ByPath)
			masked = to
		}
		lo = end
	}
	return masked
}

func (p *segmentPattern) fits(seg []byte) bool {
	if !p.isAny {
		return equalFold(seg, p.before)
	}
	return len(seg) > len(p.before)+len(p.behind) && equalFold(seg[:len(p.before)], p.before) && equalFold(seg[len(seg)-len(p.behind):], p.behind)
}

// loosePaths masks the paths in a text of unknown form that stand without a
// host.
func (s *scanner) loosePaths(b []byte) {
	if s.p.paths.all == nil {
		return
	}
	mark := len(s.spans)
	for i := 0; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '/')
		if n < 0 {
			break
		}
		if i += n; i > 0 && (textKinds[b[i-1]]&wordByte != 0 || b[i-1] == '/' || b[i-1] == '.') {
			continue
		}
		if end := s.paths(b, i, len(b), s.p.paths.all, true); end > 0 {
			i = end - 1
		}
	}
	if len(s.spans) > mark {
		s.sortSpans()
	}
}

// sortSpans brings what two passes found into one order.
func (s *scanner) sortSpans() {
	slices.SortFunc(s.spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(b.hi, a.hi)) })
}

// pathOf masks the path of an exchange.
func (s *Sealer) pathOf(e *Exchange, patterns *pathPatterns) {
	isText := needsText(e.Path)
	if !isText && patterns == nil {
		return
	}
	s.spans = s.spans[:0]
	if isText {
		if bytes.HasPrefix(e.Path, []byte("//")) {
			s.userinfo(e.Path, 2, len(e.Path))
		}
		s.text(e.Path, 0, len(e.Path))
		s.mergeSpans(0)
		s.unmask(e.Path, 0)
	}
	if patterns != nil && len(e.Path) > shapeBytesMin && s.paths(e.Path, 0, len(e.Path), patterns, len(e.Host) == 0) > 0 {
		s.sortSpans()
	}
	e.Path = s.apply(e.Path)
}
