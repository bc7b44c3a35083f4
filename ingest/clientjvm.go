package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// spring reads "Response 429 TOO_MANY_REQUESTS" of RestTemplate and WebClient,
// which answers "HTTP GET URL" of the same thread or log id.
func (p *clientLines) spring(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libSpring, at: at}
	rest := line[at+len(springMark):]
	status, ok := statusOf(rest)
	if !ok || len(rest) > 3 && !isReason(rest[3:]) || at > 0 && isWordByte(line[at-1]) {
		return f, false
	}
	// Words as common as these are believed only where a call waits for them.
	if p.closes(callSpring, line, at, d) == nil {
		return f, false
	}
	d.Status = status
	return f, true
}

// isReason reports whether b is nothing but a status's name, in capitals.
func isReason(b []byte) bool {
	for _, c := range bytes.TrimSpace(b) {
		if (c < 'A' || c > 'Z') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// springFrom reads "429 Too Many Requests from POST URL" of WebClient.
func (p *clientLines) springFrom(line, before, url []byte, d *record.Draft) (finding, bool) {
	at, status := statusBehindColon(before)
	if at < 0 {
		return finding{}, false
	}
	f := finding{library: libSpring, weight: weightError, at: at}
	return p.answered(f, bytes.TrimRight(url, ",]"), status, d), true
}

// statusBehindColon finds "Exception: 429 " or a status at the beginning, as
// the messages of Spring's exceptions have it.
func statusBehindColon(b []byte) (at int, status []byte) {
	for i := len(b) - 3; i >= 0; i-- {
		if !isStatus(b[i:i+3]) || i+3 < len(b) && b[i+3] != ' ' {
			continue
		}
		if i == 0 || i > 1 && b[i-1] == ' ' && b[i-2] == ':' {
			return i, b[i : i+3]
		}
	}
	return -1, nil
}

// springError reads `429 Too Many Requests on GET request for "URL": "body"`,
// and `I/O error on GET request for "URL": why`. The body is cut off where it
// is long, and older versions leave out the call.
func (p *clientLines) springError(before, url, rest []byte, d *record.Draft) (finding, bool) {
	f := finding{library: libSpring, weight: weightError}
	method, lead := lastUpper(bytes.TrimSuffix(before, []byte(" request for ")))
	lead, ok := bytes.CutSuffix(lead, []byte(" on "))
	if !ok || len(method) == 0 {
		return f, false
	}
	d.Method = method
	words := bytes.TrimPrefix(rest, []byte(`": `))
	if lead, ok := bytes.CutSuffix(lead, []byte("I/O error")); ok {
		f.at = len(lead)
		p.noAnswer(url, words, d)
		return f, true
	}
	at, status := statusBehindColon(lead)
	if at < 0 {
		return f, false
	}
	f.at = at
	f = p.answered(f, url, status, d)
	if body := bytes.TrimSpace(words); len(words) < len(rest) && len(body) > 2 && body[0] == '"' && !bytes.HasPrefix(body, []byte(`"[no body]`)) {
		body = body[1:]
		if whole, ok := bytes.CutSuffix(body, []byte{'"'}); ok {
			d.Body = whole
		} else {
			d.Body, d.BodyTruncated = body, true
		}
		if i := bytes.LastIndex(d.Body, []byte("... (")); i >= 0 {
			d.Body, d.BodyTruncated = d.Body[:i], true
		}
	}
	return f, true
}

// feignAnswer reads "[Client#method] <--- HTTP/1.1 429 Too Many Requests (212ms)".
func (p *clientLines) feignAnswer(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libFeign, at: at}
	version, rest := word(line[at+len("<--- "):])
	status, ok := statusOf(rest)
	if !ok {
		f.reason = record.RejectTruncated
		return f, true
	}
	p.feignElapsed(rest, d)
	p.closes(callOkHTTP, line, at, d)
	d.HTTPVersion, d.Status = httpVersion(version), status
	return f, true
}

// feignFailure reads "[Client#method] <--- ERROR SocketTimeoutException: why (212ms)".
func (p *clientLines) feignFailure(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libFeign, at: at}
	words := line[at+len(feignFailureMark):]
	p.feignElapsed(words, d)
	if d.DurationNS < 0 {
		return f, false
	}
	p.closes(callOkHTTP, line, at, d)
	p.noAnswer(nil, words[:bytes.LastIndexByte(words, '(')], d)
	return f, true
}

func (p *clientLines) feignElapsed(words []byte, d *record.Draft) {
	open := bytes.LastIndexByte(words, '(')
	if open < 0 {
		return
	}
	took, _ := word(bytes.TrimRight(words[open+1:], ")"))
	d.DurationNS = dotnetElapsed(took)
}
