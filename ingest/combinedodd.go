package ingest

import "github.com/errscope/errscope/record"

// betweenTimeAndRequest reads what some put there: the host, the scheme, a
// duration. Where another word stands the line is none of these.
func (p *combined) betweenTimeAndRequest(b []byte, d *record.Draft) []byte {
	for len(b) > 0 && b[0] != '"' {
		w, rest := word(b)
		switch {
		case string(w) == "-" || string(w) == catchAll:
		case string(w) == "https" || string(w) == "http":
			d.Scheme = w
			p.seen |= columnScheme
		case isSeconds(w) && d.DurationNS < 0:
			d.DurationNS, _ = decimalNS(w, secondNS)
			p.seen |= columnRequestTime
		case !isIP(w) && isHostName(w) && len(d.Host) == 0:
			d.Host = p.arena.host(w)
			p.seen |= columnHost
		default:
			return nil
		}
		b = rest
	}
	return b
}

// statusKey stands before the status where every column has its name.
var statusKey = []byte("status=")

// cutRequest is why a line whose request has no end is rejected: it was cut off
// if the request begins as one.
func cutRequest(b []byte) record.Reason {
	method, rest := word(b[1:])
	if len(method) >= 3 && isMethod(method) && spelledAsMethod(method) && len(rest) > 0 && rest[0] == '/' {
		return record.RejectTruncated
	}
	return record.RejectSyntax
}
