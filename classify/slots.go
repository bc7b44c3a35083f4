package classify

import (
	"bytes"
	"errors"
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
	fields  map[int][]headField // by header slot
	event   int                 // the slot of $event
}

// member is a node of the union of all dotted paths.
type member struct {
	children map[string]*member
	star     *member // the first member, whatever its name
	first    *member // element 0 of an array
	picks    []*pick // elements of an array that fulfil a condition
	slot     int
}

// deep reports whether paths lead further than to the member itself.
func (m *member) deep() bool { return m.children != nil || m.star != nil }

// pick is the first element of an array whose member name fulfils the rest.
type pick struct {
	source  string
	name    string
	equals  []byte
	atLeast float64
	op      pickOp
	at      *member
}

type pickOp byte

const (
	pickExists pickOp = iota
	pickEquals
	pickAtLeast
)

// headField is a path that a header fills: its value, or one parameter of it.
type headField struct {
	slot    int
	param   string
	percent bool // percent-encoded
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
	headContentType
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
	{"content-type", headContentType},
}

// Bounds of paths.
const (
	pathDepthMax = 8
	// pathHeader begins a path that names a header.
	pathHeader = "header:"
	// pathEvent is the path of a stream event's name.
	pathEvent = "$event"
	// headerPercentEncoded is the header whose value gRPC percent-encodes
	// (gRPC over HTTP/2, Responses).
	headerPercentEncoded = "grpc-message"
)

func newSlots() *slots {
	s := &slots{root: newMember(), paths: map[string]int{}, headers: map[string]int{}, fields: map[int][]headField{}, event: noSlot}
	for _, h := range standardHeaders {
		s.headers[h.name] = h.slot
	}
	return s
}

func newMember() *member { return &member{slot: noSlot} }

// path gives the slot of a path, see [envelopeFile].
func (s *slots) path(p string) (int, error) {
	if n, ok := s.paths[p]; ok {
		return n, nil
	}
	if name, ok := strings.CutPrefix(p, pathHeader); ok {
		return s.headerPath(p, name)
	}
	steps, err := pathSteps(p)
	if err != nil {
		return noSlot, err
	}
	at := s.root
	for _, step := range steps {
		if at, err = at.step(step); err != nil {
			return noSlot, fmt.Errorf("path %q: %w", p, err)
		}
	}
	at.slot = len(s.paths)
	s.paths[p] = at.slot
	if p == pathEvent {
		s.event = at.slot
	}
	return at.slot, nil
}

func (s *slots) headerPath(p, name string) (int, error) {
	name, param, _ := strings.Cut(strings.ToLower(name), ".")
	if name == "" {
		return noSlot, fmt.Errorf("path %q names no header", p)
	}
	n := len(s.paths)
	s.paths[p] = n
	slot := s.header(name)
	s.fields[slot] = append(s.fields[slot], headField{slot: n, param: param, percent: name == headerPercentEncoded})
	return n, nil
}

// pathSteps cuts a path at its dots; those in brackets belong to a condition,
// and \. is a dot of a name.
func pathSteps(p string) ([]string, error) {
	var steps []string
	start, open := 0, false
	for i := 0; i <= len(p); i++ {
		switch {
		case i < len(p) && p[i] == '\\' && !open:
			i++
		case i == len(p) || p[i] == '.' && !open:
			step := strings.ReplaceAll(p[start:i], `\.`, ".")
			if i < len(p) || len(step) > 0 || start == 0 {
				steps = append(steps, step)
			}
			start = i + 1
		case p[i] == '[' && !open:
			if i > start {
				steps = append(steps, p[start:i])
			}
			start, open = i, true
		case p[i] == ']' && open:
			open = false
			steps = append(steps, p[start:i+1])
			start = i + 1
			if start < len(p) {
				if p[start] != '.' {
					return nil, fmt.Errorf("path %q wants a dot after ]", p)
				}
				i, start = start, start+1
			}
		}
	}
	if open {
		return nil, fmt.Errorf("path %q does not close its [", p)
	}
	if len(steps) > pathDepthMax {
		return nil, fmt.Errorf("path %q is deeper than %d", p, pathDepthMax)
	}
	return steps, nil
}

// step descends one step, making the node where it is new.
func (m *member) step(name string) (*member, error) {
	switch {
	case name == "":
		return nil, errors.New("there is an empty name")
	case name == "0":
		if m.first == nil {
			m.first = newMember()
		}
		return m.first, nil
	case name == "*":
		if m.star == nil {
			m.star = newMember()
		}
		return m.star, nil
	case name[0] == '[':
		return m.pick(name)
	case strings.Trim(name, "0123456789") == "":
		return nil, errors.New("of an array only element 0 can be named")
	}
	if m.children == nil {
		m.children = map[string]*member{}
	}
	if m.children[name] == nil {
		m.children[name] = newMember()
	}
	return m.children[name], nil
}

func (m *member) pick(source string) (*member, error) {
	for _, p := range m.picks {
		if p.source == source {
			return p.at, nil
		}
	}
	p := &pick{source: source, at: newMember()}
	inner := source[1 : len(source)-1]
	if name, value, ok := strings.Cut(inner, ">="); ok {
		n, found := parseNumber([]byte(value))
		if !found {
			return nil, fmt.Errorf("%q is no number", value)
		}
		p.name, p.atLeast, p.op = name, n, pickAtLeast
	} else if name, value, ok := strings.Cut(inner, "="); ok {
		p.name, p.equals, p.op = name, []byte(value), pickEquals
	} else {
		p.name = inner
	}
	if p.name == "" {
		return nil, errors.New("the condition in [] names no member")
	}
	m.picks = append(m.picks, p)
	return p.at, nil
}

// holds reports whether the member's value fulfils the pick's condition.
func (p *pick) holds(v []byte) bool {
	switch p.op {
	case pickAtLeast:
		n, ok := parseNumber(v)
		return ok && n >= p.atLeast
	case pickEquals:
		if !bytes.HasSuffix(v, p.equals) {
			return false
		}
		k := len(v) - len(p.equals)
		return k == 0 || v[k-1] == '/' || v[k-1] == '.'
	}
	return true
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
