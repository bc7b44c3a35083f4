package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// s3Format is the server access log of an S3 bucket.
var s3Format = format{
	info: FormatInfo{
		Name:  "s3",
		About: "AWS S3 server access logs",
		Sample: `0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef fleet-photos [04/Mar/2026:09:15:02 +0000] 203.0.113.7` +
			` arn:aws:iam::123456789012:user/fleet 3E57427F3EXAMPLE REST.GET.OBJECT cars/9.jpg "GET /cars/9.jpg HTTP/1.1" 429 SlowDown 187 - 12 -` +
			` "-" "fleet/2.1" - c2FtcGxlIGhvc3QgaWQ= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader fleet-photos.s3.eu-west-1.amazonaws.com TLSv1.3 - -`,
	},
	score: balancerScore(isS3, newS3Lines),
	lines: newS3Lines,
	// The error code and the host id are kept as the header fields that they are.
	bodies: true,
	stray:  isS3,
}

// s3Lines parses one line after the other; it belongs to one goroutine. It
// borrows clock, arena, bindings and the reading of a request.
type s3Lines struct{ combined }

func newS3Lines(cfg *Config) lineParser {
	return &s3Lines{combined{bindings: cfg.Bindings, clock: newClock(cfg)}}
}

func (p *s3Lines) columns() []string { return nil }

// isS3 looks for an owner's id in hex, a bucket and a time in brackets, with an
// address, not a request, behind.
func isS3(line []byte) bool {
	owner := bytes.IndexByte(line[:min(len(line), 72)], ' ')
	if owner < 4 || !isHex(line[:owner], owner) {
		return false
	}
	bucket := bytes.IndexByte(line[owner+1:min(len(line), owner+80)], ' ')
	if bucket < 3 {
		return false
	}
	rest := line[owner+1+bucket+1:]
	return len(rest) > 28 && rest[0] == '[' && rest[3] == '/' && rest[27] == ']' && rest[28] == ' ' && (len(rest) == 29 || rest[29] != '"')
}

// The header fields under which S3 itself gives what the log has in columns.
// x-amz-error-code is what it answers requests with whose response can have no
// body (HEAD); for others the code stands in the body's <Code>, which a log
// does not hold, so the header is the only true place for it.
var (
	s3ErrorCodeHeader = []byte("x-amz-error-code")
	s3HostIDHeader    = []byte("x-amz-id-2")
)

// parse reads
//
//	owner bucket [time] address requester request-id operation key "request" status error sent size total turn-around
//	"referer" "agent" version [host-id signature cipher authentication host tls access-point acl]
//
// The time is when the request came.
func (p *s3Lines) parse(line []byte, d *record.Draft) record.Reason {
	if !isS3(line) {
		return record.RejectSyntax
	}
	p.arena.reset()
	p.escaped = bytes.IndexByte(line, '\\') >= 0
	open := bytes.IndexByte(line, '[')
	ns, digits, ok := p.clock.commonLog(line[open+1 : open+27])
	if !ok {
		return record.RejectTime
	}
	d.TimeNS, d.TimeDigits = ns, digits
	var head [5][]byte // address, requester, request id, operation, key
	b := line[open+29:]
	for i := range head {
		end := bytes.IndexByte(b, ' ')
		if end < 0 {
			return record.RejectTruncated
		}
		head[i], b = notDash(b[:end]), b[end+1:]
	}
	d.Client, d.RequestID = head[0], head[2]
	b, reason := p.answered(b, d)
	if reason != "" {
		return reason
	}
	p.rest(b, d)
	if len(d.Method) == 0 && d.Status < 0 {
		return record.IgnoreNoHTTP // what S3 did of its own accord, by a lifecycle rule
	}
	// A requester is known where the request was signed: it was made with a
	// credential of ours. The others are the public's.
	setDirection(p.bindings, d, len(head[1]) > 0)
	return ""
}

// answered reads the request, the status and the error code.
func (p *s3Lines) answered(b []byte, d *record.Draft) ([]byte, record.Reason) {
	var request []byte
	switch {
	case len(b) == 0:
		return nil, record.RejectTruncated
	case b[0] == '"':
		end := p.closingQuote(b)
		for end > 0 && !startsStatus(b[end+1:]) {
			next := p.closingQuote(b[end:])
			if next < 0 {
				return nil, record.RejectTruncated
			}
			end += next
		}
		if end < 0 {
			return nil, record.RejectTruncated
		}
		request, b = b[1:end], b[end+1:]
	case b[0] == '-':
		b = b[1:]
	default:
		return nil, record.RejectSyntax
	}
	p.request(request, d)
	status, b := word(b)
	if len(status) == 0 {
		return nil, record.RejectTruncated
	}
	if status = notDash(status); len(status) > 0 {
		n, ok := number(status)
		if !ok || n < 100 || n > 999 {
			return nil, record.RejectStatus
		}
		d.Status = int(n)
	}
	code, b := word(b)
	if code = notDash(code); len(code) > 0 {
		d.Headers = append(d.Headers, record.Header{Name: s3ErrorCodeHeader, Value: code})
	}
	return b, ""
}

// rest reads the columns from the sent bytes on. Old logs end after any of them.
func (p *s3Lines) rest(b []byte, d *record.Draft) {
	var numbers [4][]byte // sent, size, total, turn-around
	for i := range numbers {
		numbers[i], b = word(b)
	}
	if n, ok := number(numbers[0]); ok {
		d.Bytes = n
	}
	if ms, ok := number(numbers[2]); ok && ms < durationMaxMS {
		d.DurationNS = ms * 1e6
		d.LoggedNS = d.TimeNS
		d.TimeNS += d.DurationNS
	}
	for _, to := range [...]*[]byte{&d.Referer, &d.UserAgent} {
		end := p.closingQuote(b)
		if len(b) == 0 || b[0] != '"' || end < 0 {
			break
		}
		*to, b = p.stated(b[1:end]), trimSpace(b[end+1:])
	}
	var tail [6][]byte // version, host id, signature, cipher, authentication, host
	for i := range tail {
		tail[i], b = word(b)
		tail[i] = notDash(tail[i])
	}
	if len(tail[1]) > 0 {
		d.Headers = append(d.Headers, record.Header{Name: s3HostIDHeader, Value: tail[1]})
	}
	if len(tail[5]) > 0 && len(d.Host) == 0 {
		d.Host = p.arena.host(tail[5])
	}
}
