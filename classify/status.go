package classify

import (
	"bytes"
	"strings"

	"github.com/errscope/errscope/record"
)

// candidate is a rule that can stand behind a status, and how well the request
// speaks for it.
type candidate struct {
	rule *rule
	fit  fit
}

// fit says whether a request can have met a rule.
type fit byte

const (
	fitNo fit = iota
	fitPossible
	fitPlain  // the rule asks nothing of the request
	fitProven // the request shows what the rule asks for
)

// byStatus gives what the pack's row for the status says, then its class row.
// With out nil nothing is noted.
func (l *Labeler) byStatus(p *Pack, status int, r *record.Record, out *record.Label) (decision, bool) {
	row := l.row(p, status, r)
	if row == nil {
		return decision{}, false
	}
	return l.rowVerdict(row, r, out), true
}

// exactRow reports whether the row speaks of one status, not of a class.
func (l *Labeler) exactRow(p *Pack, row *statusRow) bool {
	return row.between || row != p.other && !strings.HasSuffix(row.status, "xx")
}

// rowVerdict is what a row says. With out nil nothing is noted.
func (l *Labeler) rowVerdict(row *statusRow, r *record.Record, out *record.Label) decision {
	d := decision{verdict: row.label, name: row.name, confidence: record.ConfidenceStatus}
	if row.between {
		d.confidence = record.ConfidenceGeneric // a standard's word, not the vendor's
	}
	if len(row.candidates) > 0 {
		l.weigh(row, r, &d, out)
	}
	if out != nil {
		l.say(out, "status row ", row.name)
	}
	return d
}

// row finds the row: exact status (with the transport's words for 0), class,
// any. A status that the vendor itself never gives is no part of its classes.
func (l *Labeler) row(p *Pack, status int, r *record.Record) *statusRow {
	var plain *statusRow
	for _, row := range p.byStatus[status] {
		if len(row.where) > 0 {
			if l.fulfilsAll(row.where) {
				return row
			}
			continue
		}
		if len(row.transport) == 0 {
			plain = row
			continue
		}
		if len(r.Failure) > 0 && l.speaksOf(r.Failure, row.transport) {
			return row
		}
	}
	if own := l.transportRow(p, status, r); own != nil {
		return own
	}
	if plain != nil {
		return plain
	}
	if global := l.e.set.global; p != global {
		for _, row := range global.byStatus[status] {
			if row.between {
				return l.row(global, status, r)
			}
		}
	}
	if class := status / 100; class >= 1 && class <= 9 {
		for _, row := range p.byClass[class] {
			if l.fulfilsAll(row.where) {
				return row
			}
		}
	}
	return p.other
}

// transportRow is the standard's row for what happened on the way, if the
// transport says that: then the vendor had no part in it, and what the status
// means with it does not count.
func (l *Labeler) transportRow(p *Pack, status int, r *record.Record) *statusRow {
	if len(r.Failure) == 0 || p == l.e.set.global {
		return nil
	}
	for _, row := range l.e.set.global.byStatus[status] {
		if len(row.transport) > 0 && l.speaksOf(r.Failure, row.transport) {
			return row
		}
	}
	return nil
}

// speaksOf reports whether the transport's text has one of the words.
func (l *Labeler) speaksOf(failure []byte, words []string) bool {
	l.low = appendLower(l.low[:0], cut(failure, MessageMatchBytesMax))
	for _, w := range words {
		if bytes.Contains(l.low, []byte(w)) {
			return true
		}
	}
	return false
}

// weigh fills d from the rules that share the row's status. What they agree on
// is said; where they disagree the row's own label counts, else the likeliest
// candidate. Benign and support are said only when all agree.
func (l *Labeler) weigh(row *statusRow, r *record.Record, d *decision, out *record.Label) {
	l.fits = l.fits[:0]
	for _, c := range row.candidates {
		if f := c.fit(r); f != fitNo {
			l.fits = append(l.fits, candidate{c, f})
		}
	}
	if len(l.fits) == 0 {
		for _, c := range row.candidates {
			l.fits = append(l.fits, candidate{c, fitPossible})
		}
	}
	likely, agree, benign, support := l.fits[0], true, true, true
	full := l.fits[0].rule.label.capacity
	for _, c := range l.fits {
		if c.fit > likely.fit {
			likely = c
		}
		first, v := &l.fits[0].rule.label, &c.rule.label
		agree = agree && v.category == first.category && v.retry == first.retry && v.fault == first.fault
		benign = benign && v.benign
		support = support && v.contactSupport
		if v.capacity != full {
			full = ""
		}
	}
	d.fill(likely.rule.label)
	d.benign, d.contactSupport, d.capacity = benign, support, full
	if agree {
		return
	}
	d.confidence = record.ConfidenceAmbiguous
	if out == nil {
		return
	}
	for _, c := range l.fits {
		out.Candidates = append(out.Candidates, c.rule.name)
	}
}

// fit compares the request with what the rule asks of it.
func (r *rule) fit(rec *record.Record) fit {
	if r.route == "" && len(r.lacks) == 0 {
		return fitPlain
	}
	best := fitProven
	if r.route != "" {
		switch {
		case len(rec.Path) == 0:
			best = fitPossible
		case !hasRoute(rec.Path, r.route):
			return fitNo
		}
	}
	if len(r.lacks) > 0 {
		switch {
		case len(rec.Query) == 0:
			// Many logs drop the query, so nothing is known of it.
			best = fitPossible
		case hasAll(rec.Query, r.lacks):
			return fitNo
		}
	}
	return best
}

// hasRoute reports whether the path has the route's segments in a row,
// whatever version or gateway prefix stands before.
func hasRoute(path []byte, route string) bool {
	for {
		i := bytes.IndexByte(path, '/')
		if i < 0 {
			return false
		}
		path = path[i+1:]
		if len(path) < len(route) || len(path) > len(route) && path[len(route)] != '/' {
			continue
		}
		if bytes.EqualFold(path[:len(route)], []byte(route)) {
			return true
		}
	}
}

// hasAll reports whether the query names every parameter.
func hasAll(query []byte, params []string) bool {
	for _, p := range params {
		if _, ok := queryParam(query, p); !ok {
			return false
		}
	}
	return true
}

// queryParam finds a parameter's value as it stands, and whether it is there.
func queryParam(query []byte, name string) ([]byte, bool) {
	for len(query) > 0 {
		pair := query
		if i := bytes.IndexByte(query, '&'); i >= 0 {
			pair, query = query[:i], query[i+1:]
		} else {
			query = nil
		}
		if len(pair) >= len(name) && strings.EqualFold(string(pair[:len(name)]), name) {
			if len(pair) == len(name) {
				return nil, true
			}
			if pair[len(name)] == '=' {
				return pair[len(name)+1:], true
			}
		}
	}
	return nil, false
}

// SentBack reports whether an exchange is a browser that a vendor sent back to
// our own host: on a callback path, or, where the input names the vendor, with
// the vendor's error in the query.
func (e *Engine) SentBack(x *record.Exchange) bool {
	bound := e.bindings.Pack(x.Host, x.Path)
	if bound == "" && e.bindings.CallbackPack(x.Path) != "" {
		return true
	}
	p := e.set.byName[string(x.Vendor)]
	if p == nil || p.callback == nil || bound == p.name {
		return false
	}
	_, there := queryParam(x.Query, p.callback.code)
	return there
}

// labelCallback reads a redirect to our own host. It is a failure only when
// the vendor put an error into the query.
func (l *Labeler) labelCallback(r *record.Record, p *Pack, out *record.Label) {
	out.Vendor = record.VendorUnknown
	if p == nil {
		return
	}
	out.Vendor = p.name
	if p.callback == nil {
		return
	}
	code, there := queryParam(r.Query, p.callback.code)
	if !there || len(code) == 0 {
		return
	}
	l.facts.code = cut(l.unescape(code, true), codeBytesMax)
	if message, ok := queryParam(r.Query, p.callback.message); ok && p.callback.message != "" {
		l.facts.message = cut(l.unescape(message, true), MessageBytesMax)
	}
	out.Failure = true
	out.Code, out.Message = l.verbatim(l.facts.code), l.verbatim(l.facts.message)
	l.conclude(r, p, true, out)
}

// unescape resolves %XX, and with plus set the + of a query value, into scratch
// that lives until the next record.
func (l *Labeler) unescape(b []byte, plus bool) []byte {
	start := len(l.unquoted)
	for i := 0; i < len(b); i++ {
		switch {
		case plus && b[i] == '+':
			l.unquoted = append(l.unquoted, ' ')
		case b[i] == '%' && i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0:
			l.unquoted = append(l.unquoted, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 2
		default:
			l.unquoted = append(l.unquoted, b[i])
		}
	}
	return l.unquoted[start:]
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
