package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// axiosError reads "Request failed with status code 429". The call is not said.
func (p *clientLines) axiosError(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libAxios, weight: weightError, at: at}
	status, ok := statusOf(line[at+len(axiosMark):])
	if !ok {
		return f, false
	}
	d.Status = status
	return f, true
}

// axiosLogger reads the lines of the library of that name, which end in another
// order for errors:
//
//	[Axios][Response] POST URL 429:Too Many Requests
//	[Axios][Error] 429:Too Many Requests POST URL
func (p *clientLines) axiosLogger(line, lead, url, rest []byte, d *record.Draft) (finding, bool) {
	f := finding{library: libAxios}
	f.at = bytes.Index(lead, []byte("[Axios]["))
	if f.at < 0 {
		return f, false
	}
	kind := lead[f.at+len("[Axios]["):]
	if bytes.HasPrefix(kind, []byte("Request]")) {
		f.reason = record.IgnoreNoHTTP
		return f, true
	}
	// The library's own date stands in brackets behind the kind.
	prefix := line[:f.at]
	if i := bytes.IndexByte(kind, ']'); i >= 0 {
		prefix = lead[f.at+len("[Axios][")+i+1:]
	}
	for _, b := range [...][]byte{rest, kind} {
		for len(b) > 3 {
			var w []byte
			w, b = word(b)
			if len(w) > 3 && w[3] == ':' && isStatus(w[:3]) {
				p.when(prefix, d)
				return p.answered(f, url, w[:3], d), true
			}
		}
	}
	return f, false
}

// guzzle reads "Client error: `POST URL` resulted in a `429 Too Many Requests` response".
func (p *clientLines) guzzle(f finding, line []byte, start int, d *record.Draft) (finding, bool) {
	f.library, f.weight = libGuzzle, weightError
	f.at = max(0, f.at-len("Client "))
	url, rest, ok := bytes.Cut(line[start:], []byte("` resulted in a `"))
	if !ok || bytes.IndexByte(url, ' ') >= 0 {
		return f, false
	}
	status, after := word(rest)
	// In a text of several lines, as JSON has it, the body comes with it.
	if _, body, ok := bytes.Cut(after, []byte("response:\n")); ok {
		body = bytes.TrimSpace(body)
		d.Body, d.BodyTruncated = bytes.CutSuffix(body, []byte(" (truncated...)"))
	}
	return p.answered(f, url, bytes.TrimSuffix(status, []byte{'`'}), d), true
}

// faraday reads "response: Status 429", which answers "request: POST URL".
func (p *clientLines) faraday(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libFaraday, at: at}
	status, ok := statusOf(line[at+len(faradayMark):])
	if !ok {
		f.reason = record.RejectTruncated
		return f, true
	}
	p.closes(callFaraday, line, at, d)
	d.Status = status
	return f, true
}

// restClient reads `RestClient.post "URL", …`, a call that "# => 429 …" answers.
func (p *clientLines) restClient(line, before, url []byte, d *record.Draft) (finding, bool) {
	f := finding{at: bytes.LastIndex(before, []byte("RestClient."))}
	if f.at < 0 {
		return f, false
	}
	name, rest := word(before[f.at+len("RestClient."):])
	if len(rest) > 0 {
		return f, false
	}
	d.Method = p.arena.hold(name)
	for i, c := range d.Method {
		if c >= 'a' && c <= 'z' {
			d.Method[i] = c - 'a' + 'A'
		}
	}
	return p.opens(f, callRestClient, libRestClient, line, url, d), true
}

// restClientAnswer reads "# => 429 TooManyRequests | application/json 40 bytes, 0.21s".
func (p *clientLines) restClientAnswer(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libRestClient, at: at}
	rest := line[at+len(restClientMark):]
	status, ok := statusOf(rest)
	_, content, piped := bytes.Cut(rest, []byte(" | "))
	if !ok || !piped {
		return f, false
	}
	if _, took, ok := bytes.Cut(content, []byte(" bytes, ")); ok {
		if ns, ok := decimalNS(bytes.TrimSuffix(took, []byte{'s'}), secondNS); ok {
			d.DurationNS = ns
		}
	}
	if size, _, ok := bytes.Cut(content, []byte(" bytes")); ok {
		if n, ok := number(size[bytes.LastIndexByte(size, ' ')+1:]); ok {
			d.Bytes = n
		}
	}
	p.closes(callRestClient, line, at, d)
	d.Status = status
	return f, true
}

// wgetAnswer reads "HTTP request sent, awaiting response... 429 Too Many Requests",
// which answers "--2026-03-04 09:15:02--  URL".
func (p *clientLines) wgetAnswer(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libWget, at: at}
	status, ok := statusOf(line[at+len(wgetMark):])
	if !ok || p.closes(callWget, line, at, d) == nil {
		return f, false
	}
	d.Status = status
	return f, true
}

// undici reads "received response to GET URL - HTTP 503", which Node writes with
// NODE_DEBUG=undici.
func (p *clientLines) undici(f finding, url, rest []byte, d *record.Draft) (finding, bool) {
	f.library = libNode
	status, ok := bytes.CutPrefix(rest, []byte("- HTTP "))
	if !ok {
		return f, false
	}
	status, _ = word(status)
	return p.answered(f, url, status, d), true
}

// fetchCause reads what stands behind "TypeError: fetch failed":
//
//	[cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: api.example.com:443, timeout: 10000ms)
//	[cause]: Error: getaddrinfo ENOTFOUND api.example.com
//	[cause]: Error: connect ECONNREFUSED 203.0.113.9:443
func (p *clientLines) fetchCause(line []byte, at int, d *record.Draft) (finding, bool) {
	f := finding{library: libNode, weight: weightError, at: at}
	words := line[at+len(fetchCauseMark):]
	if _, reason, ok := bytes.Cut(words, []byte("Error: ")); ok {
		words = reason
	}
	words = bytes.TrimSuffix(words, []byte(" {"))
	for _, mark := range [...]string{"(attempted address: ", "getaddrinfo ENOTFOUND ", "getaddrinfo EAI_AGAIN ", "connect ECONNREFUSED ", "connect ETIMEDOUT "} {
		_, host, ok := bytes.Cut(words, []byte(mark))
		if !ok {
			continue
		}
		host, _ = word(host)
		d.Host = p.arena.host(bytes.TrimRight(host, ",)"))
		break
	}
	if len(d.Host) == 0 {
		return f, false
	}
	p.noAnswer(nil, words, d)
	return f, true
}

// httparty reads `[HTTParty] [TIME] 404 "GET URL" 120`.
func (p *clientLines) httparty(before, url, rest []byte, d *record.Draft) (finding, bool) {
	const mark = "[HTTParty]"
	f := finding{library: libHTTParty}
	lead := bytes.TrimRight(bytes.TrimSuffix(before, []byte{'"'}), " ")
	at := bytes.LastIndex(lead, []byte(mark))
	if f.at = len(lead) - 3; at < 0 || f.at < at+len(mark) || !isStatus(lead[f.at:]) || !bytes.HasSuffix(url, []byte{'"'}) {
		return f, false
	}
	size, _ := word(rest)
	if n, ok := number(size); ok {
		d.Bytes = n
	}
	return p.answered(f, url[:len(url)-1], lead[f.at:], d), true
}
