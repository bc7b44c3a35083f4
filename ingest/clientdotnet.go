package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// .NET's HttpClient writes four messages a call. The outer two speak of the
// call with all its retries, the inner two of one attempt; the URL is in the
// first of each two, the status in the second:
//
//	Start processing HTTP request GET URL
//	Sending HTTP request GET URL
//	Received HTTP response headers after 123.4ms - 429
//	End processing HTTP request after 130ms - 429
//
// An attempt is an exchange. A log in which the inner two are switched off has
// one exchange for each call.
const (
	dotnetReceived = "Received HTTP response "
	dotnetEnded    = "End processing HTTP request after "
	dotnetFailed   = "HTTP request failed after "
)

// dotnet reads a message that has a status or says that none came.
func (p *clientLines) dotnet(line []byte, d *record.Draft) (finding, bool) {
	f := finding{library: libDotnet}
	if at := bytes.Index(line, []byte(dotnetReceived)); at >= 0 {
		f.at = at
		rest := bytes.TrimPrefix(line[at+len(dotnetReceived):], []byte("headers "))
		rest, ok := bytes.CutPrefix(rest, []byte("after "))
		if !ok {
			return f, false
		}
		if f.reason = dotnetResult(rest, d); f.reason == "" {
			p.closes(callDotnet, line, at, d)
			p.settleOuter(line, at, d)
		}
		return f, true
	}
	if at := bytes.Index(line, []byte(dotnetEnded)); at >= 0 {
		f.at = at
		if f.reason = dotnetResult(line[at+len(dotnetEnded):], d); f.reason == "" {
			if c := p.closes(callDotnetOuter, line, at, d); c == nil || c.answered {
				f.reason = record.IgnoreContinued
			}
		}
		return f, true
	}
	if at := bytes.Index(line, []byte(dotnetFailed)); at >= 0 {
		f.at = at
		elapsed, _ := word(line[at+len(dotnetFailed):])
		if d.DurationNS = dotnetElapsed(elapsed); d.DurationNS < 0 {
			return f, false
		}
		c, sure := p.answers(callDotnet, line, at, d)
		if c == nil { // the outer message of the same failure
			f.reason = record.IgnoreContinued
			return f, true
		}
		p.tell(c, sure, d)
		c.live = false
		d.Status, d.Failure = 0, line[at:at+len(dotnetFailed)-len(" after ")]
		p.settleOuter(line, at, d)
		return f, true
	}
	return f, false
}

// withoutMaskedQuery drops the "?*" that newer versions write for any query.
func withoutMaskedQuery(url []byte) []byte { return bytes.TrimSuffix(url, []byte("?*")) }

// settleOuter marks the call around an attempt that was counted.
func (p *clientLines) settleOuter(line []byte, at int, d *record.Draft) {
	tags := p.tags(line[:at])
	var best *call
	most := -1
	for i := max(0, p.calls.count-callsMax); i < p.calls.count; i++ {
		c := &p.calls.list[i%callsMax]
		if c.kind != callDotnetOuter || !c.live || p.passed-c.at > clientWindowBytes {
			continue
		}
		n := tags.common(&c.tags)
		if len(d.Target) > 0 && bytes.Equal(c.url, d.Target) {
			n += tagsMax
		}
		if n > most || n == most && best.answered && !c.answered {
			best, most = c, n
		}
	}
	if best != nil {
		best.answered = true
	}
}

// dotnetResult reads "123.4ms - 429"; older versions write the status's name.
func dotnetResult(b []byte, d *record.Draft) record.Reason {
	elapsed, rest := word(b)
	if d.DurationNS = dotnetElapsed(elapsed); d.DurationNS < 0 {
		return record.RejectTruncated
	}
	rest, ok := bytes.CutPrefix(rest, []byte("- "))
	if !ok {
		return record.RejectTruncated
	}
	status, ok := statusOf(rest)
	if !ok {
		if status = statusNamed(rest); status == 0 {
			return record.RejectStatus
		}
	}
	d.Status = status
	return ""
}

// dotnetElapsed reads "123.4ms", or "123,4ms" as some locales have it; -1 where
// it is none.
func dotnetElapsed(b []byte) int64 {
	b, ok := bytes.CutSuffix(b, []byte("ms"))
	if !ok || len(b) > 24 {
		return record.Absent
	}
	var buf [24]byte
	text := buf[:copy(buf[:], b)]
	if i := bytes.IndexByte(text, ','); i >= 0 {
		text[i] = '.'
	}
	if ns, ok := decimalNS(text, 1e6); ok {
		return ns
	}
	return record.Absent
}

// statusNamed is the status of a name as .NET writes it, 0 where it is none.
func statusNamed(b []byte) int {
	name := b
	for i, c := range b {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			name = b[:i]
			break
		}
	}
	return statusNames[string(name)]
}

var statusNames = map[string]int{
	"OK": 200, "Created": 201, "Accepted": 202, "NonAuthoritativeInformation": 203, "NoContent": 204, "ResetContent": 205, "PartialContent": 206,
	"MultiStatus": 207, "MultipleChoices": 300, "Ambiguous": 300, "MovedPermanently": 301, "Moved": 301, "Found": 302, "Redirect": 302, "SeeOther": 303,
	"RedirectMethod": 303, "NotModified": 304, "UseProxy": 305, "TemporaryRedirect": 307, "RedirectKeepVerb": 307, "PermanentRedirect": 308,
	"BadRequest": 400, "Unauthorized": 401, "PaymentRequired": 402, "Forbidden": 403, "NotFound": 404, "MethodNotAllowed": 405, "NotAcceptable": 406,
	"ProxyAuthenticationRequired": 407, "RequestTimeout": 408, "Conflict": 409, "Gone": 410, "LengthRequired": 411, "PreconditionFailed": 412,
	"RequestEntityTooLarge": 413, "RequestUriTooLong": 414, "UnsupportedMediaType": 415, "RequestedRangeNotSatisfiable": 416, "ExpectationFailed": 417,
	"MisdirectedRequest": 421, "UnprocessableEntity": 422, "Locked": 423, "FailedDependency": 424, "UpgradeRequired": 426, "PreconditionRequired": 428,
	"TooManyRequests": 429, "RequestHeaderFieldsTooLarge": 431, "UnavailableForLegalReasons": 451, "InternalServerError": 500, "NotImplemented": 501,
	"BadGateway": 502, "ServiceUnavailable": 503, "GatewayTimeout": 504, "HttpVersionNotSupported": 505, "InsufficientStorage": 507,
	"LoopDetected": 508, "NetworkAuthenticationRequired": 511,
}

// aspFinishedMark begins what ASP.NET Core writes of a call to us.
var aspFinishedMark = []byte("Request finished HTTP/")

// aspFinished reads "Request finished HTTP/1.1 GET URL - 500 - text/html 12.5ms";
// b begins with the URL. Newer versions state the length behind the status.
func (p *clientLines) aspFinished(f finding, b []byte, d *record.Draft) (finding, bool) {
	url, rest := word(b)
	rest, ok := bytes.CutPrefix(rest, []byte("- "))
	status, rest := word(rest)
	if !ok || len(status) != 3 {
		return f, false
	}
	size, _ := word(rest)
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	rest = trimSpace(rest)
	d.DurationNS = dotnetElapsed(rest[bytes.LastIndexByte(rest, ' ')+1:])
	return p.answered(f, url, status, d), true
}

// serilogRequest reads "HTTP GET /path responded 500 in 12.5000 ms", which
// Serilog writes of a call to us. at is where its words " responded " stand.
func (p *clientLines) serilogRequest(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libASPNet, inbound: true}
	f.at = bytes.LastIndex(line[:at], []byte("HTTP "))
	if f.at < 0 {
		return f, false
	}
	method, target := word(line[f.at+len("HTTP ") : at])
	rest := line[at+len(serilogMark):]
	status, ok := statusOf(rest)
	if !ok || !isUpper(method) || len(target) == 0 || target[0] != '/' {
		return f, false
	}
	took, ok := bytes.CutPrefix(rest[3:], []byte(" in "))
	took, unit := word(took)
	if !ok || !bytes.HasPrefix(unit, []byte("ms")) {
		return f, false
	}
	d.Method, d.Status = method, status
	p.arena.setTarget(d, target)
	if ns, ok := decimalNS(took, 1e6); ok {
		d.DurationNS = ns
	}
	return f, true
}
