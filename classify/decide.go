package classify

import (
	"bytes"

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
		l.headerQuota(r, out)
		l.statedWait(r, out)
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
	if l.facts.bodyStatus > 0 {
		status = l.facts.bodyStatus
	}
	d, found := l.byRule(own, r.Status, out)
	byWord := found && d.confidence != record.ConfidenceHint
	if !found {
		d, found = l.byStatus(own, status, r, out)
	} else if !d.complete() {
		rest, _ := l.byStatus(own, status, r, nil)
		d.fill(rest.verdict)
	}
	if !d.complete() {
		rest, _ := l.byStatus(l.e.set.global, status, r, nil)
		if !found {
			d = rest
			d.confidence = record.ConfidenceGeneric
			l.say(out, "status row ", rest.name)
		}
		d.fill(rest.verdict)
	}
	if !known {
		d.confidence = generic(d.confidence)
	}
	if !byWord {
		l.retryHint(own, &d, out)
	}
	d.write(out)
	l.afterVerdict(r, own, out)
}

// afterVerdict adds quota and waits, which depend on the category.
func (l *Labeler) afterVerdict(r *record.Record, own *Pack, out *record.Label) {
	l.holeQuota(out)
	l.bodyQuota(own, out)
	if out.Category != record.QuotaExhausted {
		// The usual limit headers speak of a short window, not of the allowance.
		l.headerQuota(r, out)
	}
	l.statedWait(r, out)
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
	bad := status == 0 || status >= 400
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
	v := l.body[e.when.slot]
	switch {
	case v.kind == jsonscan.Invalid:
		return bad
	case e.when.exists:
		return true
	case bytes.EqualFold(l.scalar(e.when.slot), []byte(e.when.equals)):
		return true
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

// byRule looks for the vendor's rule, from the surest to the weakest: type and
// code, code, message, the vendor's hint, type alone.
func (l *Labeler) byRule(p *Pack, wire int, out *record.Label) (decision, bool) {
	f := &l.facts
	if len(f.code) > 0 {
		if len(f.typ) > 0 {
			l.low = appendLower(append(appendLower(l.low[:0], f.typ), 0), f.code)
			if r := l.pick(p.byTypeCode[string(l.low)], wire); r != nil {
				l.note(out, "type ", f.typ)
				l.note(out, "code ", f.code)
				return r.decision(record.ConfidenceExact), true
			}
		}
		l.low = appendLower(l.low[:0], f.code)
		if r := l.pick(p.byCode[string(l.low)], wire); r != nil {
			l.note(out, "code ", f.code)
			return r.decision(record.ConfidenceExact), true
		}
	}
	if r := l.byMessage(p, wire); r != nil {
		l.say(out, "message matched ", r.source)
		d := r.decision(record.ConfidenceMessage)
		if code := l.hole("code"); d.code == "" && len(code) > 0 {
			d.code = l.verbatim(code)
		}
		return d, true
	}
	if len(f.hint) > 0 {
		l.low = appendLower(l.low[:0], f.hint)
		if r := l.pick(p.byHint[string(l.low)], wire); r != nil {
			l.note(out, "the vendor's hint ", f.hint)
			return r.decision(record.ConfidenceHint), true
		}
	}
	if len(f.typ) > 0 {
		l.low = appendLower(l.low[:0], f.typ)
		if r := l.pick(p.byType[string(l.low)], wire); r != nil {
			l.note(out, "type ", f.typ)
			return r.decision(record.ConfidenceHint), true
		}
	}
	return decision{}, false
}

func (r *rule) decision(c record.Confidence) decision {
	return decision{verdict: r.label, name: r.name, confidence: c}
}

// pick is the first rule of a bucket whose other conditions hold too.
func (l *Labeler) pick(bucket []*rule, wire int) *rule {
	for _, r := range bucket {
		if !r.fitsStatus(wire, l.facts.bodyStatus) {
			continue
		}
		if r.message == nil {
			return r
		}
		message := trimEnd(cut(trimStart(l.facts.message), MessageMatchBytesMax))
		l.low = appendLower(l.low[:0], message)
		if l.matches(r, message, l.low) {
			return r
		}
	}
	return nil
}

func (l *Labeler) matches(r *rule, message, low []byte) bool {
	holes, ok := r.message.match(message, low, l.holes[:0])
	if ok {
		l.holes = holes
	}
	return ok
}

// byMessage compares the message with the templates that share its first word,
// longest first, then with those that begin with a hole.
func (l *Labeler) byMessage(p *Pack, wire int) *rule {
	if len(l.facts.message) == 0 {
		return nil
	}
	message := trimEnd(cut(trimStart(l.facts.message), MessageMatchBytesMax))
	l.low = appendLower(l.low[:0], message)
	word := l.low
	if i := bytes.IndexByte(word, ' '); i >= 0 {
		word = word[:i]
	}
	for _, bucket := range [2][]*rule{p.byFirstWord[string(word)], p.anyMessage} {
		for _, r := range bucket {
			if r.fitsStatus(wire, l.facts.bodyStatus) && (r.typ == "" || bytes.EqualFold(l.facts.typ, []byte(r.typ))) && l.matches(r, message, l.low) {
				return r
			}
		}
	}
	return nil
}

func (l *Labeler) hole(name string) []byte {
	for i := range l.holes {
		if l.holes[i].name == name {
			return l.holes[i].value
		}
	}
	return nil
}

// retryHint applies the server's yes or no, where no rule of a code or message
// knows better.
func (l *Labeler) retryHint(own *Pack, d *decision, out *record.Label) {
	for _, hints := range [2][]int{own.retryHints, l.e.set.global.retryHints} {
		for _, h := range hints {
			v := l.head[h]
			switch {
			case bytes.EqualFold(v, []byte("true")) && !automatic(d.retry):
				d.retry = record.RetryBackoff
			case bytes.EqualFold(v, []byte("false")) && automatic(d.retry):
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
