package classify

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// Engine decides what records mean. It is immutable and safe for concurrent
// use; the work is done by its labelers.
type Engine struct {
	set      *Set
	bindings *record.Bindings
	explain  bool

	once           sync.Once
	headerPrefixes map[string][]claim // by their first headerPrefixBytesMin bytes
	docsHosts      map[string][]claim // by host
	vocabulary     map[string][]*Pack // by code as spelled
}

// claim is a text that speaks for a pack.
type claim struct {
	text string
	pack *Pack
}

// NewEngine makes an engine over the packs. The bindings say which host and
// which callback path belongs to which pack, the packs' own included (see
// [Set.HostBindings]); nil stands for the packs' own. With explain set, labels
// carry their evidence.
func NewEngine(set *Set, b *record.Bindings, explain bool) *Engine {
	if b == nil {
		b = record.NewBindings(set.HostBindings(), set.CallbackBindings())
	}
	return &Engine{set: set, bindings: b, explain: explain}
}

// gather fills what tells vendors whose host is not bound, when it is first
// asked for.
func (e *Engine) gather() {
	e.headerPrefixes, e.docsHosts, e.vocabulary = map[string][]claim{}, map[string][]claim{}, map[string][]*Pack{}
	for _, p := range e.set.packs {
		if p == e.set.global {
			continue
		}
		for _, h := range p.headers {
			key := h[:headerPrefixBytesMin]
			e.headerPrefixes[key] = append(e.headerPrefixes[key], claim{h, p})
		}
		for _, u := range p.docsURLs {
			e.docsHosts[u.host] = append(e.docsHosts[u.host], claim{u.path, p})
		}
		for _, code := range p.vocabulary {
			if !commonWord(e.set.global, code) {
				e.vocabulary[code] = append(e.vocabulary[code], p)
			}
		}
	}
}

// Labeler labels records one after the other. It owns scratch space, so each
// goroutine needs its own.
type Labeler struct {
	e *Engine

	body     []slotValue // by slot
	bodySet  []int
	head     [][]byte // by slot, first value of each header
	headSet  []int
	scores   []score
	hits     []uint64 // by rule of a pack's phrases
	limit    *limit   // the one that the answer's quota speaks of
	holes    []hole
	fits     []candidate
	low      []byte // lower-case scratch
	lowField []byte // the same, of a field that a condition reads
	unquoted []byte // texts whose escapes were resolved
	inflated []byte
	zip      *gzip.Reader
	seen     map[string]string // interned texts
	texts    strings.Builder

	wire  int // status on the wire
	facts facts
	// What behindProxy made of a record.
	behind   record.Record
	exchange record.Exchange
}

// slotValue is one member of the body that a pack cares about.
type slotValue struct {
	raw  []byte
	kind jsonscan.Kind
}

// facts is what was read from one response.
type facts struct {
	env        *envelope
	code       []byte
	typ        []byte
	message    []byte
	hint       []byte
	bodyStatus int
	leading    leadingWord
	path       []byte // of the request
	document   []byte // the body, where it is JSON or XML
	// streamFailed says that an event of a stream tells of a failure.
	streamFailed bool
	// capacity is the name of what is full, where the verdict says so.
	capacity string
}

// leadingWord is the constant that a message begins with, once it was looked for.
type leadingWord struct {
	word  []byte
	known bool
}

// Sizes of a labeler's scratch.
const (
	internEntriesMax = 2048
	internBytesMax   = 256
	textsChunkBytes  = 16 << 10
	unquotedBytes    = 8 << 10
)

// NewLabeler makes a labeler.
func (e *Engine) NewLabeler() *Labeler {
	return &Labeler{
		e:        e,
		body:     make([]slotValue, len(e.set.slots.paths)),
		head:     make([][]byte, e.set.slots.headerCount()),
		unquoted: make([]byte, 0, unquotedBytes),
		seen:     map[string]string{},
	}
}

// Label decides what r means and stores it in out, which is reset first. The
// strings in out outlive r. An inbound record gets only its status: what we
// answered to others is no failure of a vendor.
func (l *Labeler) Label(r *record.Record, out *record.Label) {
	out.Reset()
	out.Status = r.Status
	if r.Direction == record.Inbound {
		return
	}
	p := l.bound(r, out)
	if p != nil && len(p.ledger.routes) > 0 {
		out.Quota.Cost = p.ledger.cost(r)
	}
	if r.Direction == record.Callback {
		l.e.set.global.ready()
		if p != nil {
			p.ready()
		}
		l.begin(r.Status)
		l.labelCallback(r, p, out)
		return
	}
	r = l.behindProxy(r, out)
	success := r.Status >= 100 && r.Status < 400
	if success && len(r.Body) == 0 && len(r.Headers) == 0 {
		out.Vendor = record.VendorUnknown
		if p != nil {
			out.Vendor = p.name
		}
		return // its request id is the record's
	}
	l.e.set.global.ready()
	if p != nil {
		p.ready()
	}
	l.begin(r.Status)
	l.readHeaders(r)
	l.readBody(r, success)
	l.openEnvelope(p)
	if p == nil {
		p = l.guess(r, l.failing(r.Status), out)
		if p != nil {
			l.openEnvelope(p)
		}
	}
	l.decide(r, p, out)
}

// begin forgets the record before.
func (l *Labeler) begin(wire int) {
	l.wire = wire
	for _, s := range l.bodySet {
		l.body[s] = slotValue{}
	}
	for _, s := range l.headSet {
		l.head[s] = nil
	}
	l.bodySet, l.headSet, l.holes = l.bodySet[:0], l.headSet[:0], l.holes[:0]
	l.unquoted = l.unquoted[:0]
	l.facts, l.limit = facts{}, nil
}

// bound names the pack that input or configuration names, or nil.
func (l *Labeler) bound(r *record.Record, out *record.Label) *Pack {
	if len(r.Vendor) > 0 {
		if p := l.e.set.byName[string(r.Vendor)]; p != nil && p != l.e.set.global {
			l.note(out, "vendor named by the input: ", r.Vendor)
			return p
		}
	}
	if r.Direction == record.Callback {
		p := l.e.set.byName[l.e.bindings.CallbackPack(r.Path)]
		if p != nil {
			l.note(out, "callback path ", r.Path)
		}
		return p
	}
	name := l.e.bindings.Pack(r.Host, r.Path)
	host := r.Host
	if name == "" && len(r.UpstreamHost) > 0 {
		host = l.lastUpstream(r.UpstreamHost)
		name = l.e.bindings.Pack(host, r.Path)
	}
	if name == "" {
		return nil
	}
	p := l.e.set.byName[name]
	if p != nil {
		l.note(out, "host ", host)
	}
	return p
}

// lastUpstream is the host that gave the answer: the last of a proxy's list of
// attempts, in lower case and without its port.
func (l *Labeler) lastUpstream(list []byte) []byte {
	last := list[max(bytes.LastIndexByte(list, ','), bytes.LastIndexByte(list, ' '))+1:]
	l.low = appendLower(l.low[:0], last)
	if i := bytes.IndexByte(l.low, ':'); i >= 0 {
		return l.low[:i]
	}
	return l.low
}

// note adds a line of evidence when the engine was asked to explain.
func (l *Labeler) note(out *record.Label, what string, detail []byte) {
	if l.e.explain {
		out.Evidence = append(out.Evidence, what+strings.ToValidUTF8(string(detail), "\uFFFD"))
	}
}

// say is note for texts of our own.
func (l *Labeler) say(out *record.Label, what, detail string) {
	if l.e.explain {
		out.Evidence = append(out.Evidence, what+detail)
	}
}

// intern gives a lasting copy of a text that comes often, such as a code.
func (l *Labeler) intern(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > internBytesMax {
		return l.text(b)
	}
	if s, ok := l.seen[string(b)]; ok {
		return s
	}
	s := l.text(b)
	if len(l.seen) < internEntriesMax {
		l.seen[s] = s
	}
	return s
}

// text gives a lasting copy of a text. Copies share chunks, so that a copy
// costs no allocation of its own.
func (l *Labeler) text(b []byte) string {
	if len(b) > textsChunkBytes/4 {
		return string(b)
	}
	if l.texts.Len()+len(b) > l.texts.Cap() {
		l.texts = strings.Builder{}
		l.texts.Grow(textsChunkBytes)
	}
	start := l.texts.Len()
	l.texts.Write(b)
	return l.texts.String()[start:]
}
