package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// httpx reads the rest of `HTTP Request: METHOD URL "HTTP/1.1 STATUS reason"`.
// Some versions write no protocol, and some no answer at all.
func (p *clientLines) httpx(f finding, url, rest []byte, d *record.Draft) finding {
	f.library = libHTTPX
	if len(rest) == 0 {
		f.reason = record.IgnoreNoHTTP // what came of the call is not said
		return f
	}
	if rest[0] == '\\' { // in a text that was quoted once more
		rest = rest[1:]
	}
	if rest[0] != '"' {
		f.reason = record.IgnoreNoHTTP
		return f
	}
	answer := rest[1:]
	if version, after := word(answer); bytes.HasPrefix(version, []byte("HTTP/")) {
		d.HTTPVersion, answer = httpVersion(version), after
	}
	status, _ := word(answer)
	closed := bytes.IndexByte(answer, '"') >= 0
	if status = cutQuote(status); len(status) < 3 && !closed {
		f.reason = record.RejectTruncated
		return f
	}
	if f = p.answered(f, url, status, d); f.reason == "" && closed {
		p.answerHeaders(status, d)
	}
	return f
}

// answerHeaders adds the header fields that httpcore logged in the line before.
func (p *clientLines) answerHeaders(status []byte, d *record.Draft) {
	k := &p.answer
	if len(k.text) == 0 || k.at != p.begun {
		return
	}
	// b'HTTP/1.1', 200, b'OK', [(b'name', b'value'), …
	_, rest, _ := bytes.Cut(k.text, []byte(", "))
	same := bytes.HasPrefix(rest, status)
	if i := bytes.Index(rest, []byte("[(")); same && i >= 0 {
		p.reprHeaders(p.arena.hold(rest[i:]), d)
		setHeaderIDs(d, &p.arena)
	}
}

// hold copies b into the arena.
func (a *arena) hold(b []byte) []byte {
	start := len(a.buf)
	a.buf = append(a.buf, b...)
	return a.buf[start:len(a.buf):len(a.buf)]
}

// reprHeadersMax bounds the header fields of one line.
const reprHeadersMax = 128

// reprHeaders reads header fields as Python prints them: pairs of texts or
// bytes, whatever brackets, colons and commas stand around them.
func (p *clientLines) reprHeaders(b []byte, d *record.Draft) {
	for range reprHeadersMax {
		name, rest, ok := reprText(b)
		if !ok {
			return
		}
		value, after, ok := reprText(rest)
		if !ok {
			return
		}
		d.Headers = append(d.Headers, record.Header{Name: name, Value: value})
		b = after
	}
}

// reprText finds the next text in quotes and what follows it. Its escapes stay.
func reprText(b []byte) (text, rest []byte, ok bool) {
	i := bytes.IndexAny(b, `'"`)
	if i < 0 {
		return nil, nil, false
	}
	for j := i + 1; j < len(b); j++ {
		switch b[j] {
		case '\\':
			j++
		case b[i]:
			return b[i+1 : j], b[j+1:], true
		}
	}
	return nil, nil, false
}

// sdkAnswer reads `HTTP Response: METHOD URL "429 Too Many Requests" Headers({…})`,
// which the SDKs of OpenAI and Anthropic write behind httpx.
func (p *clientLines) sdkAnswer(f finding, url, rest []byte, d *record.Draft) finding {
	if len(rest) == 0 || rest[0] != '"' {
		f.reason = record.IgnoreNoHTTP
		return f
	}
	status, _ := word(rest[1:])
	f = p.answered(f, url, cutQuote(status), d)
	if i := bytes.Index(rest, []byte("Headers(")); f.reason == "" && i >= 0 {
		p.reprHeaders(rest[i:], d)
		setHeaderIDs(d, &p.arena)
	}
	return f
}

// urllib3 reads `https://host:443 "METHOD target HTTP/1.1" 429 187`.
func (p *clientLines) urllib3(line []byte, start int, d *record.Draft) (finding, bool) {
	f := finding{library: libURLLib3, at: start}
	origin, rest := word(line[start:])
	if len(rest) == 0 || rest[0] != '"' || bytes.Count(origin, []byte{'/'}) != 2 {
		return f, false
	}
	method, request := word(rest[1:])
	if len(method) < 3 || !isUpper(method) {
		return f, false
	}
	end := bytes.Index(request, []byte(` HTTP/`))
	if end < 0 {
		if bytes.IndexByte(request, '"') < 0 {
			f.reason = record.RejectTruncated
			return f, true
		}
		return f, false
	}
	target, version := request[:end], request[end+6:]
	shut := bytes.IndexByte(version, '"')
	if shut < 0 || shut+2 > len(version) {
		f.reason = record.RejectTruncated
		return f, true
	}
	status, size := word(version[shut+1:])
	if len(status) < 3 && len(size) == 0 {
		f.reason = record.RejectTruncated
		return f, true
	}
	d.Method, d.HTTPVersion = method, version[:shut]
	p.arena.setTarget(d, origin)
	scheme, host := d.Scheme, d.Host
	f = p.answered(f, target, status, d)
	if len(d.Host) == 0 {
		d.Scheme, d.Host = scheme, host
	}
	size, _ = word(size)
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	return f, true
}

func isUpper(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(b) > 0
}

// requestsError reads "429 Client Error: Too Many Requests for url: URL".
func (p *clientLines) requestsError(line, before, url []byte, d *record.Draft) (finding, bool) {
	for _, side := range [...]string{" Client Error: ", " Server Error: "} {
		at := bytes.LastIndex(before, []byte(side)) - 3
		if at >= 0 && isStatus(before[at:at+3]) && (at == 0 || !isWordByte(before[at-1]) || before[at-1] == ':') {
			if at > 0 { // a message in quotes ends with the quote that it began with
				if q := before[at-1]; q == '\'' || q == '"' {
					url = url[:quotedLength(url, q)]
				}
			}
			return p.answered(finding{library: libRequests, weight: weightError, at: at}, url, before[at:at+3], d), true
		}
	}
	return finding{}, false
}

// httpxError reads "Client error '429 Too Many Requests' for url 'URL'".
func (p *clientLines) httpxError(before, url []byte, d *record.Draft) (finding, bool) {
	for _, kind := range [...]string{"Client error '", "Server error '", "Redirect response '", "Informational response '"} {
		if at := bytes.LastIndex(before, []byte(kind)); at >= 0 {
			status, _ := word(before[at+len(kind):])
			return p.answered(finding{library: libHTTPX, weight: weightError, at: at}, url, bytes.TrimSuffix(status, []byte{'\''}), d), true
		}
	}
	return finding{}, false
}

// aiohttpError reads "429, message='Too Many Requests', url='URL'".
func (p *clientLines) aiohttpError(before, url []byte, d *record.Draft) (finding, bool) {
	at := bytes.LastIndex(before, []byte(", message="))
	if at < 3 || !isStatus(before[at-3:at]) || at > 3 && isWordByte(before[at-4]) {
		return finding{}, false
	}
	f := finding{library: libAiohttp, weight: weightError, at: at - 3}
	return p.answered(f, url, before[at-3:at], d), true
}

// botocore reads `Could not connect to the endpoint URL: "URL"` and its kin.
func (p *clientLines) botocore(before, url []byte, d *record.Draft) (finding, bool) {
	for _, words := range [...]string{"Could not connect to the endpoint URL: ", "Connect timeout on endpoint URL: ", "Read timeout on endpoint URL: ",
		"Connection was closed before we received a valid response from endpoint URL: ", "SSL validation failed for endpoint URL: "} {
		if bytes.HasSuffix(before, []byte(words)) {
			at := len(before) - len(words)
			p.noAnswer(url, before[at:len(before)-len(": ")], d)
			return finding{library: libBotocore, weight: weightError, at: at}, true
		}
	}
	return finding{}, false
}

// pool reads what urllib3 says of a pool of connections, mark being where
// "ConnectionPool(host='" begins: "HTTPSConnectionPool(host='h', port=443): Max
// retries exceeded with url: /x (Caused by …)" or "…: Read timed out."
func (p *clientLines) pool(line []byte, mark int, d *record.Draft) (finding, bool) {
	f := finding{library: libURLLib3, weight: weightError, at: mark}
	scheme, at := poolScheme(line, mark)
	if at < 0 {
		return f, false
	}
	f.at = at
	host, rest, ok := bytes.Cut(line[mark+len(poolMark):], []byte{'\''})
	if !ok {
		return f, false
	}
	i := bytes.Index(rest, []byte("): "))
	if i < 0 {
		return f, false
	}
	words := rest[i+3:]
	if url, ok := bytes.CutPrefix(words, []byte("Max retries exceeded with url: ")); ok {
		url, words = word(url)
		p.arena.setTarget(d, url)
		words = bytes.TrimSuffix(bytes.TrimPrefix(words, []byte("(Caused by ")), []byte{')'})
	}
	if len(d.Host) == 0 {
		d.Scheme, d.Host = scheme, p.arena.host(host)
	}
	if _, status, ok := bytes.Cut(words, []byte("too many ")); ok && len(status) > 3 && isStatus(status[:3]) {
		d.Status = int(status[0]-'0')*100 + int(status[1]-'0')*10 + int(status[2]-'0')
		return f, true
	}
	p.noAnswer(nil, words, d)
	return f, len(d.Failure) > 0
}

var (
	poolMark   = []byte("ConnectionPool(host='")
	schemeTLS  = []byte("https")
	schemeHTTP = []byte("http")
)

// poolScheme reads HTTP or HTTPS in front of mark, and where it begins.
func poolScheme(line []byte, mark int) (scheme []byte, at int) {
	switch b := line[:mark]; {
	case bytes.HasSuffix(b, []byte("HTTPS")):
		return schemeTLS, mark - 5
	case bytes.HasSuffix(b, []byte("HTTP")):
		return schemeHTTP, mark - 4
	}
	return nil, -1
}

// retrying reads "Retrying (Retry(total=2, …)) after connection broken by 'why': /x",
// which is an attempt of its own. The host is in the reason, else it is the one
// that urllib3 said it connects to.
func (p *clientLines) retrying(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libURLLib3, weight: weightAttempt, at: at}
	_, words, ok := bytes.Cut(line[at:], []byte("after connection broken by "))
	i := bytes.LastIndex(words, []byte(": "))
	if !ok || i < 1 {
		return f, false
	}
	words, url := bytes.Trim(words[:i], "'\""), words[i+2:]
	if len(url) == 0 || url[0] != '/' && !bytes.HasPrefix(url, schemeHTTP) || bytes.IndexByte(url, ' ') >= 0 {
		return f, false
	}
	if mark := bytes.Index(words, []byte("(host='")); mark >= 0 {
		host, _, _ := bytes.Cut(words[mark+7:], []byte{'\''})
		p.noAnswer(url, words, d)
		if len(d.Host) == 0 {
			d.Host = p.arena.host(host)
			if bytes.Contains(words[:mark], []byte("HTTPS")) {
				d.Scheme = schemeTLS
			}
		}
		return f, true
	}
	p.noAnswer(url, words, d)
	if k := &p.connected; len(d.Host) == 0 && len(k.text) > 0 && p.passed-k.at <= clientWindowBytes {
		d.Host = p.arena.host(k.text)
	}
	return f, true
}

// unreachable reads aiohttp's "Cannot connect to host h:443 ssl:default [why]".
func (p *clientLines) unreachable(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libAiohttp, weight: weightError, at: at}
	host, rest := word(line[at+len(unreachableMark):])
	if _, words, ok := bytes.Cut(rest, []byte{'['}); ok && (isHostName(host) || isIP(host)) {
		d.Host = p.arena.host(host)
		p.noAnswer(nil, bytes.TrimSuffix(bytes.TrimRight(words, "'\""), []byte{']'}), d)
		return f, true
	}
	return f, false
}

// sdkError reads "Error code: 429 - {'error': …}", the text of the errors of
// SDKs, which have the answer's body in them as Python prints it.
func (p *clientLines) sdkError(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libPythonSDK, weight: weightError, at: at}
	status, rest := word(line[at+len(sdkErrorMark):])
	body, ok := bytes.CutPrefix(rest, []byte("- "))
	if !ok || len(status) != 3 || !isStatus(status) || len(body) == 0 || body[0] != '{' && body[0] != '[' {
		return f, false
	}
	f = p.answered(f, nil, status, d)
	d.Body, d.BodyTruncated = p.arena.pythonJSON(body)
	return f, true
}
