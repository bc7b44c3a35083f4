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
	if body := bytes.TrimSpace(words); len(words) < len(rest) && len(body) > 2 && body[0] == '"' {
		springBody(body[1:], d)
	}
	return f, true
}

// springBody takes the body behind its opening quote.
func springBody(body []byte, d *record.Draft) {
	if body = bytes.TrimSpace(body); len(body) < 2 || bytes.HasPrefix(body, []byte("[no body]")) {
		return
	}
	var whole bool
	d.Body, whole = bytes.CutSuffix(body, []byte{'"'})
	d.BodyTruncated = !whole
	if i := bytes.LastIndex(d.Body, []byte("... (")); i >= 0 {
		d.Body, d.BodyTruncated = d.Body[:i], true
	}
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
	if p.feignEnded.at > 0 && p.passed-p.feignEnded.at <= clientWindowBytes {
		p.keepAnswer(line, at, d) // the rest of the answer follows
		f.reason = record.IgnoreContinued
	}
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

// feignError reads the message of a FeignException, which has the body:
//
//	[429 Too Many Requests] during [GET] to [URL] [Client#method(String)]: [{"error":"slow down"}]
func (p *clientLines) feignError(line []byte, start int, d *record.Draft) (finding, bool) {
	f := finding{library: libFeign, weight: weightError}
	before, ok := bytes.CutSuffix(line[:start], []byte("] to ["))
	during := bytes.LastIndex(before, []byte("] during ["))
	if !ok || during < 0 {
		return f, false
	}
	f.at = bytes.LastIndexByte(before[:during], '[')
	if f.at < 0 {
		return f, false
	}
	status, ok := statusOf(before[f.at+1 : during])
	url, rest, whole := bytes.Cut(line[start:], []byte("] ["))
	if !ok || !whole || bytes.IndexByte(url, ' ') >= 0 {
		return f, false
	}
	d.Method, d.Status = before[during+len("] during ["):], status
	p.arena.setTarget(d, url)
	if _, body, ok := bytes.Cut(rest, []byte("]: [")); ok && len(body) > 1 {
		var closed bool
		d.Body, closed = bytes.CutSuffix(body, []byte{']'})
		if i := bytes.LastIndex(d.Body, []byte("... (")); i >= 0 && bytes.HasSuffix(d.Body, []byte(" bytes)")) {
			d.Body, closed = d.Body[:i], false
		}
		d.BodyTruncated = !closed
	}
	return f, true
}

// feignNoAnswer reads "RetryableException: why executing GET URL".
func (p *clientLines) feignNoAnswer(before, url []byte, d *record.Draft) (finding, bool) {
	f := finding{library: libFeign, weight: weightError}
	const mark = "Exception: "
	f.at = bytes.LastIndex(before, []byte(mark))
	if f.at < 0 {
		return f, false
	}
	p.noAnswer(url, before[f.at+len(mark):], d)
	return f, true
}

// springStatus reads the exceptions of Spring that name no call:
//
//	HttpClientErrorException$TooManyRequests: 429 Too Many Requests: "{"error":"slow down"}"
func (p *clientLines) springStatus(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libSpring, weight: weightError}
	if lead := line[:at]; !bytes.HasSuffix(lead, []byte("HttpClient")) && !bytes.HasSuffix(lead, []byte("HttpServer")) {
		return f, false
	}
	f.at = at - len("HttpClient")
	_, message, ok := bytes.Cut(line[at:], []byte(": "))
	status, valid := statusOf(message)
	if !ok || !valid {
		return f, false
	}
	d.Status = status
	if _, body, ok := bytes.Cut(message, []byte(`: "`)); ok {
		springBody(body, d)
	}
	return f, true
}
