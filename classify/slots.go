package classify

import (
	"fmt"
	"strings"
)

// slots numbers the places in a response that any pack cares about, so that a
// body or a header block is read once, whatever the number of packs. It is
// filled while packs compile and read-only afterwards.
type slots struct {
	root    *member
	paths   map[string]int
	headers map[string]int
}

// member is a node of the union of all dotted paths.
type member struct {
	children map[string]*member
	first    *member // element 0 of an array
	slot     int
}

// Slots of the headers that standards define; a pack's own come after them.
const (
	headDate = iota
	headRetryAfter
	headRetryAfterMS
	headRateLimit
	headRateLimitPolicy
	headLimit
	headRemaining
	headUsed
	headReset
	headFixed // the number of the above
)

// standardHeaders are the spellings of the slots above, in lower case.
var standardHeaders = []struct {
	name string
	slot int
}{
	{"date", headDate},
	{"retry-after", headRetryAfter},
	{"retry-after-ms", headRetryAfterMS}, {"x-ms-retry-after-ms", headRetryAfterMS},
	{"ratelimit", headRateLimit},
	{"ratelimit-policy", headRateLimitPolicy}, {"x-ratelimit-policy", headRateLimitPolicy},
	{"x-ratelimit-limit", headLimit}, {"x-rate-limit-limit", headLimit}, {"ratelimit-limit", headLimit},
	{"x-ratelimit-remaining", headRemaining}, {"x-rate-limit-remaining", headRemaining}, {"ratelimit-remaining", headRemaining},
	{"x-ratelimit-used", headUsed}, {"x-rate-limit-used", headUsed}, {"ratelimit-used", headUsed},
	{"x-ratelimit-reset", headReset}, {"x-rate-limit-reset", headReset}, {"ratelimit-reset", headReset},
}

// pathDepthMax bounds the descent into a body.
const pathDepthMax = 6

func newSlots() *slots {
	s := &slots{root: newMember(), paths: map[string]int{}, headers: map[string]int{}}
	for _, h := range standardHeaders {
		s.headers[h.name] = h.slot
	}
	return s
}

func newMember() *member { return &member{slot: noSlot} }

// path gives the slot of a dotted path such as "errors.0.code". The only
// element of an array that can be named is the first.
func (s *slots) path(p string) (int, error) {
	if n, ok := s.paths[p]; ok {
		return n, nil
	}
	names := strings.Split(p, ".")
	if len(names) > pathDepthMax {
		return noSlot, fmt.Errorf("path %q is deeper than %d", p, pathDepthMax)
	}
	at := s.root
	for _, n := range names {
		switch {
		case n == "":
			return noSlot, fmt.Errorf("path %q has an empty name", p)
		case n == "0":
			if at.first == nil {
				at.first = newMember()
			}
			at = at.first
		case strings.Trim(n, "0123456789") == "":
			return noSlot, fmt.Errorf("path %q names an element other than 0", p)
		default:
			if at.children == nil {
				at.children = map[string]*member{}
			}
			if at.children[n] == nil {
				at.children[n] = newMember()
			}
			at = at.children[n]
		}
	}
	at.slot = len(s.paths)
	s.paths[p] = at.slot
	return at.slot, nil
}

// header gives the slot of a header field.
func (s *slots) header(name string) int {
	name = strings.ToLower(name)
	if n, ok := s.headers[name]; ok {
		return n
	}
	// Several standard names share a slot, so the map's length would skip some:
	// numbers only need to be distinct.
	n := headFixed + len(s.headers)
	s.headers[name] = n
	return n
}

func (s *slots) headerCount() int { return headFixed + len(s.headers) + 1 }
