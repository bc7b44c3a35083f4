package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// reject turns d into a reject of this line.
func (r *Reader) reject(reason record.Reason, raw []byte, d *record.Draft) record.Reason {
	resetFields(d)
	d.Format = r.segment.source.format.info.Name
	d.Raw = sampleOf(raw)
	return reason
}

// sampleOf is the beginning of a rejected line as printable text.
func sampleOf(raw []byte) []byte {
	raw = raw[:min(len(raw), record.RawBytesMax)]
	if bytes.IndexByte(raw, 0) < 0 && utf8.Valid(raw) {
		return raw
	}
	text := bytes.ReplaceAll(bytes.ToValidUTF8(raw, []byte("\uFFFD")), []byte{0}, []byte("\uFFFD"))
	if len(text) > record.RawBytesMax {
		text = bytes.ToValidUTF8(text[:record.RawBytesMax], nil)
	}
	return text
}

// count books what came of a line and reports whether it is handed out.
func (r *Reader) count(reason record.Reason, d *record.Draft) bool {
	switch {
	case ignored(reason):
		r.tally.ignore(reason)
		r.marks.outcome(lineIgnored)
		return false
	case reason != "":
		d.Reject = reason
		r.tally.rejected++
		r.marks.outcome(lineRejected)
		return true
	case d.TimeDigits >= 0:
		cfg := &r.segment.source.cfg
		if cfg.SinceNS != 0 && d.TimeNS < cfg.SinceNS || cfg.UntilNS != 0 && d.TimeNS >= cfg.UntilNS {
			r.tally.ignore(record.IgnoreRange)
			r.marks.outcome(lineIgnored)
			return false
		}
		r.tally.span(d.TimeNS)
	}
	r.tally.records++
	r.marks.outcome(lineRecord)
	return true
}

func ignored(reason record.Reason) bool {
	switch reason {
	case record.IgnoreBlank, record.IgnoreComment, record.IgnoreNoHTTP, record.IgnoreContinued, record.IgnoreRange:
		return true
	}
	return false
}

func isBlank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}
