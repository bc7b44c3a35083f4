package ingest

import (
	"github.com/errscope/errscope/record"
)

// inside reads what a wrapped line holds. What is shown of it in a reject is
// the line as it stands, or all of a text that came in parts.
func (r *Reader) inside(line, raw []byte, d *record.Draft) (record.Reason, []byte) {
	w := r.wrapped
	p := w.peel(line)
	text := p.text
	if c := &w.chains[p.stream]; p.wrapped && (p.partial || c.open) {
		c.add(text, d.Line, d.Offset)
		last := r.block.partial && len(r.rest) == 0
		large := r.next-w.quiet > int64(r.segment.source.limits.lineBytes)
		if p.partial && !last && !large {
			return record.IgnoreContinued, raw
		}
		c.open = false
		text, raw, d.Line, d.Offset = c.text, c.text, c.line, c.offset
		if large {
			return record.RejectTooLong, raw
		}
	}
	if isBlank(text) {
		return record.IgnoreBlank, raw
	}
	r.moreTime = p.time
	reason := r.parse(text, d)
	r.date(p.time, reason, d)
	if reason == record.RejectSyntax && p.wrapped && !r.block.partial && !speaksOfHTTP(text) {
		return record.IgnoreNoHTTP, raw // a container or host says much that is no access log
	}
	return reason, raw
}

// date gives an exchange whose line states no time that of its wrapper.
func (r *Reader) date(stamp []byte, reason record.Reason, d *record.Draft) {
	if reason != "" || d.TimeDigits >= 0 || len(stamp) == 0 {
		return
	}
	if ns, digits, ok := r.clock.wrapperTime(stamp); ok {
		d.TimeNS, d.TimeDigits = ns, digits
	}
}
