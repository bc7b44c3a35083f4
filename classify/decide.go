package classify

import (
	"bytes"
	"math/bits"
	"strings"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// decision is a verdict with the rule that gave it.
type decision struct {
	verdict
	name       string
	confidence record.Confidence
}

// decide fills out from what was read. p is nil where the vendor is not known.
func (l *Labeler) decide(r *record.Record, p *Pack, out *record.Label) {
	failing := l.failing(r.Status)
	out.Vendor = l.vendor(p, failing)
	out.BodyStatus = l.facts.bodyStatus
	own := p
	if own == nil {
		own = l.e.set.global
	}
	l.requestID(r, own, out)
	if !failing {
		l.bodyQuota(own, out)
		l.statedQuota(r, own, out)
		l.statedWait(r, own, out)
		return
	}
	out.Failure = true
	out.Code, out.Type = l.verbatim(l.facts.code), l.verbatim(l.facts.typ)
	out.Message = l.verbatim(l.facts.message)
	if l.facts.env != nil {
		l.say(out, "envelope ", l.facts.env.name)
	}
	l.conclude(r, own, p != nil, out)
}

// conclude finds the rule and writes its verdict.
func (l *Labeler) conclude(r *record.Record, own *Pack, known bool, out *record.Label) {
	status := r.Status
	l.facts.path = r.Path
	if l.facts.bodyStatus > 0 {
		status = l.facts.bodyStatus
	}
	d, byWord := l.firstVerdict(own, status, r, out)
	if !d.complete() {
		rest, _ := l.byStatus(own, status, r, nil)
		d.fill(rest.verdict)
	}
	if !d.complete() {
		rest, _ := l.byStatus(l.e.set.global, status, r, nil)
		d.fill(rest.verdict)
	}
	if !known {
		d.confidence = generic(d.confidence)
	}
	if !byWord || strings.HasPrefix(d.name, GlobalPack+"/") {
		l.retryHint(own, &d, byWord, out)
	}
	d.write(out)
	l.facts.capacity = d.capacity
	l.afterVerdict(r, own, out)
}

// firstVerdict is what the first level says that knows the answer: the pack's
// rules, what an edge says of itself, the pack's row for the status, the common
// words, the pack's class row, the status table. byWord says that the answer's
// own words decided, which no hint overrules.
func (l *Labeler) firstVerdict(own *Pack, status int, r *record.Record, out *record.Label) (d decision, byWord bool) {
	global := l.e.set.global
	d, found := l.byRule(own, r.Status, false, out)
	if found {
		return d, d.confidence != record.ConfidenceHint
	}
	if own != global {
		if d, found = l.byRule(global, r.Status, true, out); found {
			d.confidence = record.ConfidenceGeneric
			return d, true
		}
	}
	row := l.row(own, status, r)
	if row != nil && (own == global || l.exactRow(own, row)) {
		return l.rowVerdict(row, r, out), false
	}
	if own != global {
		if d, found = l.byRule(global, r.Status, false, out); found {
			d.confidence = record.ConfidenceGeneric
			return d, true
		}
	}
	if row != nil {
		return l.rowVerdict(row, r, out), false
	}
	d, _ = l.byStatus(global, status, r, nil)
	d.confidence = record.ConfidenceGeneric
	l.say(out, "status row ", d.name)
	return d, false
}

// afterVerdict adds quota and waits, which depend on the category.
func (l *Labeler) afterVerdict(r *record.Record, own *Pack, out *record.Label) {
	l.holeQuota(out)
	l.bodyQuota(own, out)
	l.statedQuota(r, own, out)
	l.capacityQuota(out)
	l.statedWait(r, own, out)
	out.Outage = record.IsOutage(out.Category, out.Retry)
	if out.Benign {
		l.say(out, "the answer is ", "an expected one")
	}
}

// generic lowers a confidence that only an identified vendor can give.
func generic(c record.Confidence) record.Confidence {
	if c == record.ConfidenceAmbiguous {
		return c
	}
	return record.ConfidenceGeneric
}

// write copies the decision to the label; what nobody decided is unknown.
func (d *decision) write(out *record.Label) {
	out.Category, out.Retry, out.Fault = d.category, d.retry, d.fault
	if out.Category == "" {
		out.Category = record.UnknownCategory
	}
	if out.Retry == "" {
		out.Retry = record.RetryUnknown
	}
	if out.Fault == "" {
		out.Fault = record.FaultUnknown
	}
	if out.Code == "" {
		out.Code = d.code
	}
	out.Benign, out.ContactSupport = d.benign, d.contactSupport
	out.Confidence, out.Rule, out.Action = d.confidence, d.name, d.action
}

// failing tells a failure from a success: by the member of the body that the
// vendor says decides, else by the status. Without a status a code is enough.
func (l *Labeler) failing(status int) bool {
	bad := status == 0 || status >= 400 || l.facts.streamFailed
	e := l.facts.env
	if e == nil {
		return bad
	}
	if status < 0 && (len(l.facts.code) > 0 || l.facts.bodyStatus >= 400) {
		bad = true
	}
	if e.when == nil {
		return bad
	}
	switch {
	case l.body[e.when.slot].kind == jsonscan.Invalid, e.when.exists && (isHollow(l.body[e.when.slot]) || isZero(l.body[e.when.slot])):
		return bad
	case l.fulfils(e.when):
		return bad || e.unless == nil || !l.fulfils(e.unless)
	case e.when.decides:
		return false
	}
	return bad
}

// vendor is the pack's name, else how much is known without one.
func (l *Labeler) vendor(p *Pack, failing bool) string {
	switch {
	case p != nil:
		return p.name
	case failing && l.facts.env != nil:
		return record.VendorGeneric
	}
	return record.VendorUnknown
}

// byRule looks for the pack's rule, from the surest to the weakest: type and
// code, code, message, other members, the vendor's hint, type alone. With
// between set only what an edge says of itself counts.
func (l *Labeler) byRule(p *Pack, wire int, between bool, out *record.Label) (decision, bool) {
	f := &l.facts
	if r := l.byCodes(p, wire, between); r != nil {
		if r.typ != "" {
			l.note(out, "type ", f.typ)
		}
		l.note(out, "code ", firstBytes(f.code, f.typ))
		return r.decision(record.ConfidenceExact), true
	}
	if r := l.byMessage(p, wire, between); r != nil {
		l.say(out, "message matched ", firstOf(r.source, strings.Join(r.contains, " or ")))
		d := r.decision(record.ConfidenceMessage)
		if code := l.hole("code"); d.code == "" && len(code) > 0 {
			d.code = l.verbatim(code)
		}
		return d, true
	}
	if r := l.pick(p.byWhere, wire, between); r != nil {
		l.say(out, "the answer's fields fulfil ", r.name)
		return r.decision(record.ConfidenceHint), true
	}
	if len(f.hint) > 0 {
		l.low = appendLower(l.low[:0], f.hint)
		if r := l.pick(p.byHint[string(l.low)], wire, between); r != nil {
			l.note(out, "the vendor's hint ", f.hint)
			return r.decision(record.ConfidenceHint), true
		}
	}
	if len(f.typ) > 0 {
		l.low = appendLower(l.low[:0], f.typ)
		if r := l.pick(p.byType[string(l.low)], wire, between); r != nil {
			l.note(out, "type ", f.typ)
			return r.decision(record.ConfidenceHint), true
		}
	}
	if p.name == GlobalPack {
		r := l.byAffix(p, wire, between)
		if r == nil {
			r = l.byWords(p.byVague, wire, between)
		}
		if r != nil {
			l.note(out, "code ", firstBytes(f.code, f.typ))
			return r.decision(record.ConfidenceHint), true
		}
	}
	return decision{}, false
}

// byCodes finds the rule of type and code, of the code, or, among the common
// words, of the type where it is one.
func (l *Labeler) byCodes(p *Pack, wire int, between bool) *rule {
	f := &l.facts
	if p.name == GlobalPack {
		return l.byWords(p.byCode, wire, between)
	}
	if len(f.code) == 0 {
		return nil
	}
	if len(f.typ) > 0 {
		l.low = appendLower(append(appendLower(l.low[:0], f.typ), 0), f.code)
		if r := l.pick(p.byTypeCode[string(l.low)], wire, between); r != nil {
			return r
		}
	}
	l.low = appendLower(l.low[:0], f.code)
	return l.pick(p.byCode[string(l.low)], wire, between)
}

func firstBytes(list ...[]byte) []byte {
	for _, b := range list {
		if len(b) > 0 {
			return b
		}
	}
	return nil
}

func (r *rule) decision(c record.Confidence) decision {
	return decision{verdict: r.label, name: r.name, confidence: c}
}

// pick is the first rule of a bucket whose other conditions hold too.
func (l *Labeler) pick(bucket []*rule, wire int, between bool) *rule {
	for _, r := range bucket {
		if !l.allows(r, wire, between) {
			continue
		}
		if r.message == nil && len(r.contains) == 0 {
			return r
		}
		message := l.lowMessage()
		if (r.message == nil || l.matches(r, message, l.low)) && (len(r.contains) == 0 || containsAny(l.low, r.contains)) {
			return r
		}
	}
	return nil
}

// allows tests what a rule asks besides code and message.
func (l *Labeler) allows(r *rule, wire int, between bool) bool {
	f := &l.facts
	return (r.between || !between) && r.fitsStatus(wire, f.bodyStatus) && l.fulfilsAll(r.where) &&
		(r.typ == "" || bytes.EqualFold(f.typ, []byte(r.typ))) && (r.hint == "" || bytes.EqualFold(f.hint, []byte(r.hint))) &&
		(r.onRoute == "" || hasRoute(f.path, r.onRoute))
}

// lowMessage is the message as it is compared; in lower case it is in l.low.
func (l *Labeler) lowMessage() []byte {
	message := trimEnd(cut(trimStart(l.facts.message), MessageMatchBytesMax))
	l.low = appendLower(l.low[:0], message)
	return message
}

func containsAny(low []byte, list []string) bool {
	for _, c := range list {
		if bytes.Contains(low, []byte(c)) {
			return true
		}
	}
	return false
}

func (l *Labeler) matches(r *rule, message, low []byte) bool {
	holes, ok := r.message.match(message, low, l.holes[:0])
	if ok {
		l.holes = holes
	}
	return ok
}

// byMessage compares the message with the templates that share its first word,
// longest first, then with those that begin with a hole, the patterns, and the
// phrases.
func (l *Labeler) byMessage(p *Pack, wire int, between bool) *rule {
	if len(l.facts.message) == 0 {
		return nil
	}
	message := l.lowMessage()
	word := l.low
	if i := bytes.IndexByte(word, ' '); i >= 0 {
		word = word[:i]
	}
	for _, r := range p.byFirstWord[string(word)] {
		if l.fitsMessage(r, message, wire, between) {
			return r
		}
	}
	if len(p.phrases.rules) > 0 {
		l.hits = p.phrases.find(l.low, l.hits)
		if r := l.hit(p, message, wire, between, false); r != nil {
			return r
		}
	}
	for _, r := range p.patterns {
		if l.fitsMessage(r, message, wire, between) {
			return r
		}
	}
	if len(p.phrases.rules) > 0 {
		return l.hit(p, message, wire, between, true)
	}
	return nil
}

// hit is the first rule that the pass over the phrases found, of the templates
// or of the phrases proper.
func (l *Labeler) hit(p *Pack, message []byte, wire int, between, phrase bool) *rule {
	for i, word := range l.hits {
		for ; word != 0; word &= word - 1 {
			r := p.phrases.rules[i<<6+bits.TrailingZeros64(word)]
			if phrase == (len(r.contains) > 0) && l.fitsMessage(r, message, wire, between) {
				return r
			}
		}
	}
	return nil
}

// fitsMessage tests a rule that was found by the message, which is in l.low.
func (l *Labeler) fitsMessage(r *rule, message []byte, wire int, between bool) bool {
	return l.allows(r, wire, between) && (r.message == nil || l.matches(r, message, l.low))
}

func (l *Labeler) hole(name string) []byte {
	for i := range l.holes {
		if l.holes[i].name == name {
			return l.holes[i].value
		}
	}
	return nil
}

// retryHint applies the server's yes or no, where no rule of the vendor's code or
// message knows better. A common word that decided yields to a no alone, and only
// where it said to try the same again.
func (l *Labeler) retryHint(own *Pack, d *decision, byWord bool, out *record.Label) {
	again := automatic(d.retry)
	if byWord {
		again = d.retry == record.RetryBackoff || d.retry == record.RetryBackoffOnce
	}
	for _, hints := range [2][]int{own.retryHints, l.e.set.global.retryHints} {
		for _, h := range hints {
			v := l.head[h]
			switch {
			case bytes.EqualFold(v, []byte("true")) && !automatic(d.retry) && !byWord:
				d.retry = record.RetryBackoff
			case bytes.EqualFold(v, []byte("false")) && again:
				d.retry = record.RetryNever
			default:
				continue
			}
			if d.confidence == record.ConfidenceStatus {
				d.confidence = record.ConfidenceHint
			}
			l.note(out, "the server says retry: ", v)
			return
		}
	}
}

// automatic reports whether a retry needs no person.
func automatic(r record.Retry) bool {
	switch r {
	case record.RetryReauthenticate, record.RetryAfterReset, record.RetryBackoffOnce, record.RetryBackoff,
		record.RetryWhenAvailable, record.RetryAfterStateChange:
		return true
	}
	return false
}
