package record

import "bytes"

// Policy is a set of [Rules], ready for use, with the salt of the
// fingerprints. It is immutable and safe for concurrent use.
type Policy struct {
	params  *names // of queries and forms
	headers *names
	fields  *names // of JSON members
	// named are the names before a colon in free text, anywhere those before
	// an equals sign.
	named, anywhere *names
	accounts        accountRules
	paths           pathRules
	salt            []byte
}

// NewPolicy reads the rules. Without a salt records have neither
// [Record.Account] nor [Record.RequestKey]. The rules and the salt are copied.
func NewPolicy(rules Rules, salt []byte) *Policy {
	return &Policy{
		params:   newNames(rules.Params, rules.Fields),
		headers:  newNames(rules.Headers, headerSuffixes()),
		fields:   newNames(rules.Fields, rules.Headers),
		named:    newNames(rules.Fields, rules.Headers),
		anywhere: newNames(rules.Params, rules.Fields, rules.Headers),
		accounts: readAccountRules(rules.Accounts),
		paths:    readPathRules(rules.Paths),
		salt:     bytes.Clone(salt),
	}
}

// Text appends s to dst without its credentials, found by their shape and by
// the names before them. It is meant for lines of unknown form, such as the
// samples of rejects, and for JSON.
func (p *Policy) Text(dst, s []byte) []byte {
	sc := scanner{p: p}
	sc.anything(s)
	sc.loosePaths(s)
	return appendMasked(dst, s, sc.spans)
}

// NewSealer gives a Sealer of the policy, for one goroutine.
func (p *Policy) NewSealer() *Sealer {
	s := &Sealer{scanner: scanner{p: p, known: new(memo[strength])}}
	if len(p.salt) > 0 {
		s.prints = newFingerprints(p.salt)
	}
	return s
}

// scratchBytesMax bounds the buffers that a Sealer keeps between calls.
const scratchBytesMax = 4 << 20

// Sealer masks drafts, one after the other. It belongs to one goroutine.
type Sealer struct {
	scanner
	prints *fingerprints // nil without a salt
	out    []byte        // holds what was masked, until the next Seal
	clean  memo[struct{}]
	hosts  memo[hostFacts]
	rec    Record
	counts Counts
}

// Seal takes the credentials out of the draft and gives the Record that may be
// kept. The draft is consumed: its fields point to masked bytes afterwards.
// The Record is the Sealer's own and lives until the next call of Seal; the
// bytes under it live as long as the shorter of that and the draft's.
func (s *Sealer) Seal(d *Draft) *Record {
	e := &d.Exchange
	s.out, s.inflatedBytes = s.out[:0], 0
	if cap(s.out) > scratchBytesMax {
		s.out = nil
	}
	s.path = e.Path
	s.rec = Record{Exchange: e, sealed: true}
	host := s.hostFacts(e.Host)
	if s.prints != nil {
		s.rec.Account = s.accountOf(e, host.rule)
	}
	s.target(e, host.paths)
	s.again(&e.UserAgent)
	s.again(&e.Referer)
	if !host.clean {
		e.Host = s.maskedHost(e.Host)
	}
	s.ids(e)
	if len(e.Headers) > 0 || len(e.RequestHeaders) > 0 {
		s.headerFields(e.Headers)
		s.headerFields(e.RequestHeaders)
	}
	if len(e.Body) > 0 || len(e.RequestBody) > 0 {
		e.Body = s.masked(e.Body, kindBody)
		e.RequestBody = s.masked(e.RequestBody, kindBody)
	}
	if len(e.Failure) > 0 || len(e.Raw) > 0 {
		e.Failure = s.masked(e.Failure, kindText)
		e.Raw = s.masked(e.Raw, kindLine)
	}
	if s.prints != nil {
		s.rec.RequestKey = s.prints.requestKey(e.Method, e.Host, e.Path, e.Query)
	}
	return &s.rec
}

// hostFacts is what is known of a host.
type hostFacts struct {
	rule  *accountRule  // the first that fits, or nil
	paths *pathPatterns // its own; all where there is no host; nil where there is none
	clean bool          // without a credential
}

func (s *Sealer) hostFacts(host []byte) hostFacts {
	if facts, ok := s.hosts.get(host); ok {
		return facts
	}
	s.inHost(host)
	facts := hostFacts{rule: s.p.accounts.of(host), paths: s.p.paths.of(host), clean: len(s.spans) == 0}
	if len(host) == 0 {
		facts.paths = s.p.paths.all
	}
	if facts.clean { // what is masked is not kept
		s.hosts.put(host, facts)
	}
	return facts
}

// inHost collects the credentials of a host.
func (s *Sealer) inHost(host []byte) {
	s.spans = s.spans[:0]
	s.text(host, 0, len(host))
	s.unmask(host, 0)
	s.labels(host)
}

func (s *Sealer) maskedHost(host []byte) []byte {
	s.inHost(host)
	return s.apply(host)
}

// target masks path, query and the whole of them.
func (s *Sealer) target(e *Exchange, patterns *pathPatterns) {
	path, query := e.Path, e.Query
	s.pathOf(e, patterns)
	if isJoined(e.Target, path, query) {
		s.joined(e)
		return
	}
	e.Query = s.masked(e.Query, kindParams)
	switch {
	case len(e.Target) == 0:
	case sameBytes(e.Target, path):
		e.Target = e.Path
	case isTail(e.Target, query):
		s.targetTail(e, query)
	default:
		before := s.rec.Masked
		e.Target = s.masked(e.Target, kindText)
		s.rec.Masked = max(before, s.rec.Masked-before) // the same values again
	}
}

// joined masks the query and a target that is path, "?" and query, where the
// path is masked already. What it writes is written once: the query is a view
// into the target.
func (s *Sealer) joined(e *Exchange) {
	s.spans = s.spans[:0]
	s.params(e.Query, 0, len(e.Query), s.path)
	if len(s.spans) == 0 && sameBytes(e.Path, s.path) {
		return
	}
	s.count()
	start := len(s.out)
	s.out = append(append(s.out, e.Path...), '?')
	middle := len(s.out)
	s.out = appendMasked(s.out, e.Query, s.spans)
	end := len(s.out)
	e.Target, e.Query = s.out[start:end:end], s.out[middle:end:end]
}

// targetTail masks a target that ends with the query, which is masked already.
func (s *Sealer) targetTail(e *Exchange, query []byte) {
	head := e.Target[:len(e.Target)-len(query)]
	masked := head
	if needsText(head) {
		masked = s.masked(head, kindText)
	}
	if sameBytes(masked, head) && sameBytes(e.Query, query) {
		return
	}
	start := len(s.out)
	s.out = append(s.out, masked...)
	if len(masked) == 0 || masked[len(masked)-1] != '?' {
		s.out = append(s.out, '?')
	}
	s.out = append(s.out, e.Query...)
	e.Target = s.out[start:len(s.out):len(s.out)]
}

// isTail reports whether target is something, "?" and query.
func isTail(target, query []byte) bool {
	n := len(target) - len(query)
	return len(query) > 0 && n > 0 && target[n-1] == '?' && bytes.Equal(target[n:], query) && bytes.IndexByte(target[:n-1], '?') < 0
}

// isJoined reports whether target is path, "?" and query.
func isJoined(target, path, query []byte) bool {
	n := len(path)
	return len(query) > 0 && len(target) == n+1+len(query) && target[n] == '?' && sameBytes(target[:n], path) &&
		sameBytes(target[n+1:], query) && bytes.IndexByte(path, '?') < 0
}

// sameBytes is bytes.Equal, faster where both are one slice, as they mostly are.
func sameBytes(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || bytes.Equal(a, b))
}

// again masks a field whose values come again line after line.
func (s *Sealer) again(f *[]byte) {
	if len(*f) == 0 {
		return
	}
	if _, ok := s.clean.get(*f); ok {
		return
	}
	s.spans = s.spans[:0]
	s.text(*f, 0, len(*f))
	if s.unmask(*f, 0); len(s.spans) == 0 {
		s.clean.put(*f, struct{}{})
		return
	}
	*f = s.apply(*f)
}

// ids masks the short fields, where a broken line may have put anything.
func (s *Sealer) ids(e *Exchange) {
	s.id(&e.Method)
	s.id(&e.Client)
	s.id(&e.RequestID)
	s.id(&e.ClientRequestID)
	s.id(&e.TraceID)
	s.id(&e.SpanID)
	s.upstream(&e.UpstreamHost)
	s.id(&e.UpstreamStatus)
	s.id(&e.Vendor)
	s.id(&e.HTTPVersion)
	s.id(&e.Scheme)
}

// idBytesMin is the length from which a short field is looked at: methods and
// schemes are shorter.
const idBytesMin = 8

func (s *Sealer) id(f *[]byte) {
	if len(*f) >= idBytesMin {
		s.longID(f)
	}
}

func (s *Sealer) longID(f *[]byte) {
	if !isHexID(*f) && needsText(*f) {
		*f = s.masked(*f, kindText)
	}
}

// upstream is as id, for a field whose values come again.
func (s *Sealer) upstream(f *[]byte) {
	if len(*f) < idBytesMin {
		return
	}
	if _, ok := s.clean.get(*f); !ok && needsText(*f) {
		s.again(f)
	}
}

func (s *Sealer) headerFields(headers []Header) {
	for i := range headers {
		h := &headers[i]
		how := s.p.headers.of(h.Name)
		if how == doubtful && !mustMask(how, h.Value) {
			how = harmless
		}
		if how == harmless {
			if isHostField(h.Name) {
				s.spans = s.spans[:0]
				s.userinfo(h.Value, 0, len(h.Value))
				h.Value = s.apply(h.Value)
			}
			h.Value = s.masked(h.Value, kindText)
			continue
		}
		if !mustMask(how, h.Value) {
			continue
		}
		lo := 0
		if scheme, credentials, ok := cutScheme(h.Value); ok && isAuthorization(h.Name) {
			lo = len(scheme) + 1
			if string(credentials) == Redacted {
				continue
			}
		}
		s.spans = s.spans[:0]
		s.add(lo, len(h.Value))
		h.Value = s.apply(h.Value)
	}
}

// kind says how a field is read.
type kind byte

const (
	kindText kind = iota
	kindParams
	kindBody
	kindLine // a line of unknown form
)

// masked gives b without its credentials: b itself where there are none, else
// a view into the sealer's buffer.
func (s *Sealer) masked(b []byte, how kind) []byte {
	if len(b) == 0 {
		return b
	}
	s.spans = s.spans[:0]
	switch how {
	case kindParams:
		s.params(b, 0, len(b), s.path)
		s.unmask(b, 0)
	case kindBody:
		s.body(b)
		s.unmask(b, 0)
	case kindLine:
		s.anything(b)
		s.loosePaths(b)
	default:
		s.text(b, 0, len(b))
		s.unmask(b, 0)
	}
	return s.apply(b)
}

// apply writes b without the spans that were found.
func (s *Sealer) apply(b []byte) []byte {
	if len(s.spans) == 0 {
		return b
	}
	s.count()
	start := len(s.out)
	s.out = appendMasked(s.out, b, s.spans)
	return s.out[start:len(s.out):len(s.out)]
}

// count notes what was found.
func (s *Sealer) count() {
	s.rec.Masked += len(s.spans)
	for i := range s.spans {
		s.counts[s.spans[i].rule]++
	}
}

// appendMasked appends b with the stand-in for each span.
func appendMasked(dst, b []byte, spans []span) []byte {
	at := 0
	for _, sp := range spans {
		if sp.lo < at {
			sp.lo = at
		}
		if sp.hi <= sp.lo {
			continue
		}
		dst = append(dst, b[at:sp.lo]...)
		dst = appendQuote(dst, sp.quotes)
		dst = append(dst, Redacted...)
		dst = appendQuote(dst, sp.quotes)
		at = sp.hi
	}
	return append(dst, b[at:]...)
}

// appendQuote writes a quote as it stands in JSON that was quoted level-1
// times over: each time doubles the backslashes and adds one.
func appendQuote(dst []byte, level int) []byte {
	if level == 0 {
		return dst
	}
	for range 1<<(level-1) - 1 {
		dst = append(dst, '\\')
	}
	return append(dst, '"')
}

// isHostField knows the fields that hold an authority.
func isHostField(name []byte) bool {
	return equalFold(name, "host") || equalFold(name, ":authority") || equalFold(name, "x-forwarded-host")
}
