package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// headBytesMax bounds the head of a captured message.
const headBytesMax = 256 << 10

// httpMethods are those that a captured request may begin with. A wider rule
// would take lines of bodies for requests.
var httpMethods = map[string]bool{"GET": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "HEAD": true, "OPTIONS": true,
	"CONNECT": true, "TRACE": true, "QUERY": true, "PROPFIND": true, "REPORT": true, "PURGE": true, "LINK": true, "UNLINK": true}

// statusLine reads "HTTP/1.1 429 Too Many Requests"; HTTP/2 gives no words.
func statusLine(line []byte) (version []byte, status int, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/"))
	if !ok {
		return nil, 0, false
	}
	version, rest, ok = bytes.Cut(rest, []byte{' '})
	if !ok || !isVersion(version) {
		return nil, 0, false
	}
	code, _, _ := bytes.Cut(bytes.TrimLeft(chomp(rest), " "), []byte{' '})
	n, ok := number(code)
	if !ok || len(code) != 3 || n < 100 {
		return nil, 0, false
	}
	return version, int(n), true
}

func isVersion(b []byte) bool {
	switch len(b) {
	case 1:
		return b[0] >= '1' && b[0] <= '9'
	case 3:
		return b[0] >= '0' && b[0] <= '9' && b[1] == '.' && b[2] >= '0' && b[2] <= '9'
	}
	return false
}

// requestLine reads "GET /path HTTP/1.1".
func requestLine(line []byte) (method, target, version []byte, ok bool) {
	if len(line) == 0 || line[0]-'A' > 'Z'-'A' {
		return nil, nil, nil, false
	}
	end := near(line[:min(len(line), 10)], ' ') // no method is as long
	if end > 8 || end == len(line) || !httpMethods[string(line[:end])] {
		return nil, nil, nil, false
	}
	line = bytes.TrimRight(chomp(line), " ")
	if end >= len(line) {
		return nil, nil, nil, false
	}
	method, rest := line[:end], line[end+1:]
	i := lastText(rest, []byte(" HTTP/"))
	if i <= 0 || !isVersion(rest[i+6:]) {
		return nil, nil, nil, false
	}
	return method, bytes.TrimSpace(rest[:i]), rest[i+6:], true
}

// isMessage reports whether a captured message begins with this line.
func isMessage(line []byte) bool {
	if len(line) < 10 {
		return false
	}
	if line[0] == 'H' {
		if _, _, ok := statusLine(line); ok {
			return true
		}
	}
	_, _, _, ok := requestLine(line)
	return ok
}

// capturedHTTP makes exchanges of messages as they went over the wire.
type capturedHTTP struct {
	bindings *record.Bindings
	clock    clock
	arena    arena
}

func newCapturedHTTP(cfg *Config) capturedHTTP {
	return capturedHTTP{bindings: cfg.Bindings, clock: newClock(cfg)}
}

// request puts a request message, head and body, into d.
func (c *capturedHTTP) request(message []byte, d *record.Draft) bool {
	line, rest := cutLine(message)
	method, target, version, ok := requestLine(line)
	if !ok {
		return false
	}
	d.Method, d.HTTPVersion = method, version
	c.arena.setTarget(d, target)
	d.RequestHeaders, rest, _ = appendHead(d.RequestHeaders, rest)
	if host := headerValue(d.RequestHeaders, "host"); len(host) > 0 && string(d.Method) != "CONNECT" {
		// What the caller put there is whom it meant, also behind a proxy.
		d.Host = c.arena.host(host)
	}
	d.RequestBody, _ = messageBody(d.RequestHeaders, rest)
	return true
}

// response puts a response message, head and body, into d; partial says that
// the capture holds less than all of it. The request comes before it.
func (c *capturedHTTP) response(message []byte, partial bool, d *record.Draft) bool {
	line, rest := cutLine(message)
	version, status, ok := statusLine(line)
	if !ok {
		return false
	}
	d.HTTPVersion, d.Status = version, status
	whole := false
	d.Headers, rest, whole = appendHead(d.Headers, rest)
	d.Bytes = statedBytes(d)
	d.Body, d.BodyTruncated = messageBody(d.Headers, rest)
	d.BodyTruncated = d.BodyTruncated || partial || !whole
	return true
}

// finish fills what is worked out of both messages.
func (c *capturedHTTP) finish(d *record.Draft) {
	if d.TimeDigits < 0 {
		c.clock.capturedTime(d)
	}
	for _, headers := range [...][]record.Header{d.Headers, d.RequestHeaders} {
		for i := range headers {
			headers[i].Name, headers[i].Value = storable(headers[i].Name), storable(headers[i].Value)
		}
	}
	for _, p := range []*[]byte{&d.Host, &d.Path, &d.Query, &d.Target, &d.Scheme} {
		*p = storable(*p)
	}
	setHeaderIDs(d, &c.arena)
	setDirection(c.bindings, d, true)
}

func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, lineBreak)
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// appendHead reads header fields up to the blank line. A line that begins with
// a blank goes on with the value before it; false where there is no blank line.
func appendHead(headers []record.Header, b []byte) ([]record.Header, []byte, bool) {
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if len(line) == 0 {
			return headers, b, true
		}
		if (line[0] == ' ' || line[0] == '\t') && len(headers) > 0 {
			last := &headers[len(headers)-1]
			last.Value = bytes.Join([][]byte{last.Value, bytes.TrimSpace(line)}, []byte{' '})
			continue
		}
		if line[0] == ':' { // a pseudo header of HTTP/2 says what the first line said
			continue
		}
		if name, value, ok := bytes.Cut(line, []byte{':'}); ok {
			headers = append(headers, record.Header{Name: bytes.TrimSpace(name), Value: bytes.TrimSpace(value)})
		}
	}
	return headers, nil, false
}

// messageBody undoes what the wire did to a body. Programs that print messages
// have mostly put chunks together and unpacked the body already, and leave the
// header fields as they were: what a field says counts only where the body
// shows it too.
func messageBody(headers []record.Header, body []byte) (text []byte, cut bool) {
	if bytes.Contains(bytes.ToLower(headerValue(headers, "transfer-encoding")), []byte("chunked")) {
		if joined, whole, ok := dechunked(body); ok {
			text, cut = capturedBody(headers, joined)
			return text, cut || !whole
		}
	}
	text, cut = capturedBody(headers, body)
	if n, ok := number(headerValue(headers, "content-length")); ok && len(headerValue(headers, "content-encoding")) == 0 && len(text) > 0 {
		if int64(len(body)) > n && len(bytes.TrimSpace(body[n:])) == 0 && int64(len(text)) > n {
			return text[:n], cut // blank lines between messages
		}
		if int64(len(body)) == n {
			return text, cut
		}
		cut = cut || int64(len(body)) < n
	}
	return bytes.TrimRight(text, "\r\n"), cut
}

// dechunked joins the chunks of a body; ok is false where there are none, whole
// where the last one is there.
func dechunked(b []byte) (joined []byte, whole, ok bool) {
	for {
		line, rest, found := bytes.Cut(b, lineBreak)
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte{';'})
		n, valid := hexNumber(bytes.TrimSpace(size))
		if !found && n > 0 || !valid {
			return joined, false, ok
		}
		if n == 0 {
			return joined, true, true
		}
		if n >= len(rest) {
			return append(joined, rest...), false, ok || n > len(rest)
		}
		joined, b, ok = append(joined, rest[:n]...), rest[n:], true
		b = bytes.TrimPrefix(bytes.TrimPrefix(b, []byte{'\r'}), lineBreak)
	}
}

// hexNumber reads the size of a chunk, which no capture has larger than 2 GiB.
func hexNumber(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 7 {
		return 0, false
	}
	for _, c := range b {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		n = n<<4 | int(digit)
	}
	return n, true
}
