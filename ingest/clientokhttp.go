package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// OkHttp's interceptor writes, by its level, two lines a call or all of it:
//
//	--> POST https://api.example.com/v2/orders
//	<-- 429 Too Many Requests https://api.example.com/v2/orders (212ms, 40-byte body)
//
// and on the levels HEADERS and BODY no length there, but
//
//	<-- 429 Too Many Requests https://api.example.com/v2/orders (212ms)
//	retry-after: 30
//	{"error":"slow down"}
//	<-- END HTTP (21-byte body)
const (
	okHTTPEnd       = "<-- END HTTP"
	feignEnd        = "<--- END HTTP"
	heldBodyBytes   = 16 << 10
	heldHeadersMax  = 64
	heldPrefixBytes = 24 // of a logger's prefix that its lines have in common
)

// heldResponse is an answer whose header fields and body are still to come.
type heldResponse struct {
	open    bool
	at      int64
	tail    []byte // the end of what the logger writes in front of a message
	tags    callTags
	status  int
	timing  [3]int64 // time, its digits, duration
	method  []byte
	version []byte
	url     []byte
	text    []byte // the header fields and the body
	headers [heldHeadersMax][3]int
	fields  int
	body    int // where the body begins in text, -1 before it does
	cut     bool
}

// okHTTPAnswer reads the line of an answer, which has the URL at start.
func (p *clientLines) okHTTPAnswer(line []byte, start int, d *record.Draft) (finding, bool) {
	at := bytes.LastIndexByte(line[:start], '<')
	if at < 0 || !bytes.HasPrefix(line[at:], []byte("<-- ")) {
		return finding{}, false
	}
	f := finding{library: libOkHTTP, at: at}
	if at+len(arrowMark) <= start && string(line[at:at+len(arrowMark)]) == string(arrowMark) {
		return p.okHTTPFailure(line, at, d)
	}
	status, ok := statusOf(line[at+4:])
	if !ok {
		return f, false
	}
	tail := bytes.LastIndex(line[start:], []byte(" ("))
	if tail < 0 {
		f.reason = record.RejectTruncated
		return f, true
	}
	url, rest := line[start:start+tail], line[start+tail+2:]
	took, after := word(rest)
	d.DurationNS = dotnetElapsed(bytes.TrimRight(took, ",)"))
	if d.DurationNS < 0 {
		f.reason = record.RejectTruncated
		return f, true
	}
	p.closes(callOkHTTP, line, at, d)
	p.arena.setTarget(d, url)
	d.Status = status
	if size, ok := bytes.CutSuffix(after, []byte("-byte body)")); ok {
		if n, ok := number(size); ok {
			d.Bytes = n
		}
	}
	if len(after) == 0 && p.begun > 0 { // no length: the rest of the answer follows
		p.keepAnswer(line, at, d)
		f.reason = record.IgnoreContinued
	}
	return f, true
}

// okHTTPFailure reads "<-- HTTP FAILED: why", behind which newer versions write
// the URL and the duration.
func (p *clientLines) okHTTPFailure(line []byte, at int, d *record.Draft) (finding, bool) {
	words := line[at+len(arrowMark):]
	if open := bytes.LastIndex(words, []byte(" (")); open >= 0 {
		if d.DurationNS = dotnetElapsed(bytes.TrimSuffix(words[open+2:], []byte{')'})); d.DurationNS >= 0 {
			words = words[:open]
		}
	}
	p.closes(callOkHTTP, line, at, d)
	if i := bytes.LastIndexByte(words, ' '); i > 0 && d.DurationNS >= 0 && bytes.Contains(words[i:], schemeEnd) {
		p.arena.setTarget(d, words[i+1:])
		words = bytes.TrimSuffix(words[:i], []byte{'.'})
	}
	p.noAnswer(nil, words, d)
	return finding{library: libOkHTTP, at: at}, true
}

// keepAnswer keeps an answer until its end comes.
func (p *clientLines) keepAnswer(line []byte, at int, d *record.Draft) {
	h := &p.held
	if d.TimeDigits < 0 {
		p.when(line[:at], d)
	}
	h.open, h.at, h.status, h.body, h.cut, h.fields = true, p.passed, d.Status, -1, false, 0
	h.timing = [3]int64{d.TimeNS, int64(d.TimeDigits), d.DurationNS}
	h.version = append(h.version[:0], d.HTTPVersion...)
	h.method, h.url, h.text = append(h.method[:0], d.Method...), append(h.url[:0], d.Target...), h.text[:0]
	h.tags = callTags{}
	h.tags.read(p.said.seed, line[:at])
	prefix := line[:at]
	prefix = prefix[max(0, len(prefix)-heldPrefixBytes):]
	for len(prefix) > 0 && (prefix[0]-'0' <= 9 || prefix[0]&0xc0 == 0x80) {
		prefix = prefix[1:] // not a piece of a time or of a character
	}
	if i := bytes.LastIndexAny(bytes.TrimRight(prefix, " "), " ]"); i >= 0 && len(prefix)-i > 4 {
		prefix = prefix[i:]
	}
	h.tail = append(h.tail[:0], prefix...)
}

// hear reads a line that may belong to the answer that is held. mine is false
// where it does not.
func (p *clientLines) hear(line []byte, d *record.Draft) (reason record.Reason, mine bool) {
	h := &p.held
	if p.passed-h.at > clientWindowBytes {
		h.open = false
		return "", false
	}
	message, prefixed := line, len(h.tail) == 0
	if i := bytes.Index(line[:min(len(line), stampBytesMax)], h.tail); i >= 0 && !prefixed {
		message, prefixed = line[i+len(h.tail):], true
		var tags callTags
		tags.read(p.said.seed, line[:i+len(h.tail)])
		if h.tags.n != tags.n || h.tags.common(&tags) < h.tags.n {
			return "", false // of another thread
		}
	}
	switch {
	case bytes.HasPrefix(message, []byte(okHTTPEnd)):
		p.release(message[len(okHTTPEnd):], d)
		return "", true
	case bytes.HasPrefix(message, []byte(feignEnd)):
		p.release(message[len(feignEnd):], d)
		return "", true
	case bytes.HasPrefix(message, []byte("<-- ")), bytes.HasPrefix(message, []byte("<--- ")):
		h.open = false // the end was never written
		return "", false
	case bytes.HasPrefix(message, []byte("--> ")), bytes.HasPrefix(message, []byte("---> ")):
		return "", false
	case !prefixed && h.body < 0:
		return "", false // of another logger
	}
	h.add(message)
	return record.IgnoreContinued, true
}

// add keeps a header field or a line of the body. Header fields come first.
func (h *heldResponse) add(message []byte) {
	if h.body < 0 {
		if isBlank(message) {
			h.body = len(h.text)
			return
		}
		name, value, ok := bytes.Cut(message, []byte(": "))
		if !ok && bytes.HasSuffix(message, []byte{':'}) {
			name, ok = message[:len(message)-1], true
		}
		if ok && isHeaderName(name) && h.fields < heldHeadersMax && len(h.text)+len(message) <= heldBodyBytes {
			at := len(h.text)
			h.text = append(append(h.text, name...), value...)
			h.headers[h.fields] = [3]int{at, at + len(name), len(h.text)}
			h.fields++
			return
		}
		h.body = len(h.text)
	} else if len(h.text) > h.body {
		h.text = append(h.text, '\n')
	}
	if room := max(0, heldBodyBytes-len(h.text)); len(message) > room {
		message, h.cut = cutText(message, room), true
	}
	h.text = append(h.text, message...)
}

// isHeaderName reports whether b is a token (RFC 9110 §5.6.2), without the marks
// that no field has in its name.
func isHeaderName(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 && (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= 64
}

// release fills d with the answer that was held; end is what its last line says
// behind the words that end it.
func (p *clientLines) release(end []byte, d *record.Draft) {
	h := &p.held
	h.open = false
	d.Status, d.TimeNS, d.TimeDigits, d.DurationNS = h.status, h.timing[0], int8(h.timing[1]), h.timing[2]
	d.Method = p.arena.hold(h.method)
	p.arena.setTarget(d, p.arena.hold(h.url))
	text := p.arena.hold(h.text)
	for _, f := range h.headers[:h.fields] {
		d.Headers = append(d.Headers, record.Header{Name: text[f[0]:f[1]], Value: text[f[1]:f[2]]})
	}
	if h.body >= 0 && len(text) > h.body {
		d.Body, d.BodyTruncated = text[h.body:], h.cut
	}
	setHeaderIDs(d, &p.arena)
	if size, ok := bytes.CutPrefix(end, []byte(" (")); ok {
		if n, rest, ok := leadingNumber(size, 18); ok && bytes.HasPrefix(rest, []byte("-byte")) {
			d.Bytes = n
		}
	}
	d.HTTPVersion = p.arena.hold(h.version)
	p.said.again(p, finding{library: libOkHTTP}, d)
	setDirection(p.bindings, d, true)
}
