package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// urlsMax bounds how many URLs of a line are looked at.
const urlsMax = 6

// findURL looks for a core that is told by what stands around a URL.
func (p *clientLines) findURL(line []byte, d *record.Draft) (finding, bool) {
	for from, n := 0, 0; n < urlsMax; n++ {
		i := bytes.Index(line[from:], schemeEnd)
		if i < 0 {
			break
		}
		i += from
		from = i + len(schemeEnd)
		start := schemeStart(line, i)
		if start < 0 {
			continue
		}
		if f, ok := p.around(line, start, d); ok {
			return f, true
		}
		if touched(d) {
			clearFields(d)
		}
	}
	return finding{}, false
}

// schemeStart is where the http or https before "://" begins, or -1.
func schemeStart(line []byte, end int) int {
	for _, n := range [...]int{4, 5} {
		if start := end - n; start >= 0 && string(line[start:end]) == "https"[:n] && (start == 0 || !isWordByte(line[start-1]) || line[start-1] == ':') {
			return start
		}
	}
	return -1
}

// around tells the core by what stands before the URL at start.
func (p *clientLines) around(line []byte, start int, d *record.Draft) (finding, bool) {
	if f, ok := p.urllib3(line, start, d); ok {
		return f, true
	}
	if start == 0 {
		return finding{}, false
	}
	before := line[:start]
	switch before[start-1] {
	case ' ':
		if f, ok := p.okHTTPAnswer(line, start, d); ok {
			return f, true
		}
		if method, lead := lastUpper(before[:start-1]); len(method) > 0 {
			return p.afterMethod(line, method, lead, start, d)
		}
		if f, ok := p.goError(line, start, start-1, d); ok {
			return f, true
		}
		return p.behindWords(line, start, d)
	case '"', '\'', '(':
		return p.quotedURL(line, start, d)
	case '[':
		return p.feignError(line, start, d)
	}
	return finding{}, false
}

// lastUpper cuts the method off the end of b: a run of capital letters.
func lastUpper(b []byte) (method, lead []byte) {
	i := len(b)
	for i > 0 && b[i-1] >= 'A' && b[i-1] <= 'Z' {
		i--
	}
	if n := len(b) - i; n < 3 || n > 16 || i > 0 && isWordByte(b[i-1]) && b[i-1] != ':' {
		return nil, b
	}
	return b[i:], b[:i]
}

// afterMethod reads the cores that hold "METHOD URL".
func (p *clientLines) afterMethod(line, method, lead []byte, start int, d *record.Draft) (finding, bool) {
	url, rest := word(line[start:])
	end := start + len(url)
	f := finding{at: len(lead)}
	d.Method = method
	words := bytes.TrimRight(lead, " ")
	cut := func(tail string) bool {
		f.at = len(words) - len(tail)
		return bytes.HasSuffix(words, []byte(tail))
	}
	switch {
	case cut("HTTP Request:"):
		return p.httpx(f, url, rest, d), true
	case cut("HTTP Response:"):
		f.library, f.weight = libPythonSDK, weightError
		return p.sdkAnswer(f, url, rest, d), true
	case cut("Start processing HTTP request"):
		return p.opens(f, callDotnetOuter, libDotnet, line, withoutMaskedQuery(url), d), true
	case cut("Sending HTTP request"):
		return p.opens(f, callDotnet, libDotnet, line, withoutMaskedQuery(url), d), true
	case cut("-->"):
		return p.opens(f, callOkHTTP, libOkHTTP, line, url, d), true
	case cut("request:"):
		return p.opens(f, callFaraday, libFaraday, line, url, d), true
	case cut("HTTP") && (f.at == 0 || !isWordByte(words[f.at-1])):
		return p.opens(f, callSpring, libSpring, line, url, d), true
	case cut(" from"):
		return p.springFrom(line, words[:f.at], url, d)
	case cut("error: `"):
		return p.guzzle(f, line, start, d)
	case cut(" executing"):
		return p.feignNoAnswer(words[:f.at], url, d)
	case cut("received response to"):
		return p.undici(f, url, rest, d)
	}
	if f, ok := p.httparty(words, url, rest, d); ok {
		return f, true
	}
	if at := bytes.LastIndex(words, axiosMark); at >= 0 { // ky
		if _, ok := statusOf(words[at+len(axiosMark):]); ok {
			return p.answered(finding{library: libAxios, weight: weightError, at: at}, url, words[at+len(axiosMark):][:3], d), true
		}
	}
	if at := bytes.LastIndex(words, aspFinishedMark); at >= 0 {
		return p.aspFinished(finding{library: libASPNet, at: at, inbound: true}, line[start:], d)
	}
	if f, ok := p.axiosLogger(line, words, url, rest, d); ok {
		return f, true
	}
	f.at = len(lead)
	return p.behindURL(f, line, end, url, d)
}

// behindURL reads the cores that are told by what follows "METHOD URL".
func (p *clientLines) behindURL(f finding, line []byte, end int, url []byte, d *record.Draft) (finding, bool) {
	after := line[end:]
	switch {
	case bytes.HasPrefix(after, []byte(" (status: ")):
		status, rest := after[10:], []byte(nil)
		if i := bytes.IndexByte(status, ')'); i >= 0 {
			status, rest = status[:i], status[i:]
		}
		if !bytes.HasPrefix(rest, []byte("): retrying")) && !bytes.HasPrefix(rest, []byte(")\"")) && !bytes.HasPrefix(rest, []byte(")\\\"")) {
			return f, false
		}
		f.library = libRetryable
		return p.answered(f, url, status, d), true
	case bytes.HasPrefix(after, []byte(" request failed: ")):
		f.library = libRetryable
		p.noAnswer(url, afterGoError(after[17:]), d)
		return f, true
	case bytes.HasPrefix(after, []byte(" -> ")):
		status, rest := word(after[4:])
		if len(rest) < 5 || rest[0] != '(' {
			return f, false
		}
		took, unit, _ := bytes.Cut(rest[1:], []byte{' '})
		if ns, ok := decimalNS(took, 1e6); ok && bytes.HasPrefix(unit, []byte("ms)")) {
			d.DurationNS = ns
			f.library = libTesla
			return p.answered(f, url, status, d), true
		}
	}
	return f, false
}

// answered sets the URL and the status.
func (p *clientLines) answered(f finding, url, status []byte, d *record.Draft) finding {
	p.arena.setTarget(d, url)
	n, ok := number(status)
	if !ok || len(status) != 3 || n < 100 {
		f.reason = record.RejectStatus
		return f
	}
	d.Status = int(n)
	return f
}

// noAnswer sets the URL and the words of a call that got no response.
func (p *clientLines) noAnswer(url, words []byte, d *record.Draft) {
	if len(url) > 0 {
		p.arena.setTarget(d, url)
	}
	d.Status = 0
	d.Failure = cutText(bytes.TrimSpace(words), clientTextBytes)
}

// cutText is the beginning of a text, never half a character.
func cutText(b []byte, max int) []byte {
	if len(b) <= max {
		return b
	}
	for max > 0 && !utf8.RuneStart(b[max]) {
		max--
	}
	return b[:max]
}

// behindWords reads the cores in which words stand before the URL, with a blank
// between.
func (p *clientLines) behindWords(line []byte, start int, d *record.Draft) (finding, bool) {
	before := line[:start-1]
	url, rest := word(line[start:])
	switch {
	case bytes.HasPrefix(line, []byte("--2")) && bytes.HasSuffix(before, []byte("-- ")):
		return p.opens(finding{at: start}, callWget, libWget, line, url, d), true
	case bytes.HasSuffix(before, []byte(" for url:")):
		return p.requestsError(line, before, url, d)
	case bytes.HasSuffix(before, []byte("request to")): // node-fetch
		if reason, ok := bytes.CutPrefix(rest, []byte("failed, reason: ")); ok {
			p.noAnswer(url, reason, d)
			return finding{library: libNode, weight: weightError, at: len(before) - 10}, true
		}
	case bytes.HasSuffix(before, []byte(" for")):
		if at := bytes.Index(before, []byte("cURL error ")); at >= 0 {
			words := before[at : len(before)-4]
			if help := bytes.LastIndex(words, []byte(" (see")); help > 0 {
				words = words[:help]
			}
			p.noAnswer(url, words, d)
			return finding{library: libCurl, weight: weightError, at: at}, true
		}
	default:
		n := len(before) - 3
		if n < 0 || !isStatus(before[n:]) {
			break
		}
		if lead, ok := bytes.CutSuffix(before[:n], []byte(`Response: "`)); ok { // Symfony
			return p.answered(finding{library: libSymfony, at: len(lead)}, cutQuote(url), before[n:], d), true
		}
	}
	return finding{}, false
}

// cutQuote cuts a text at its closing quote.
func cutQuote(b []byte) []byte {
	if i := bytes.IndexByte(b, '"'); i >= 0 {
		b = b[:i]
	}
	return bytes.TrimSuffix(b, []byte{'\\'})
}

// quotedURL reads the cores in which the URL stands in quotes or brackets.
func (p *clientLines) quotedURL(line []byte, start int, d *record.Draft) (finding, bool) {
	before := line[:start-1]
	shut := line[start-1]
	if shut == '(' {
		shut = ')'
	}
	length := quotedLength(line[start:], shut)
	url, rest := line[start:start+length], line[start+length:]
	switch shut {
	case '"':
		if f, ok := p.goError(line, start, start-1, d); ok {
			return f, true
		}
		url = cutQuote(url)
		switch {
		case bytes.HasSuffix(before, []byte("endpoint URL: ")):
			return p.botocore(before, url, d)
		case bytes.HasSuffix(before, []byte(" request for ")):
			return p.springError(before, url, rest, d)
		}
		return p.restClient(line, before, url, d)
	case '\'':
		switch {
		case bytes.HasSuffix(before, []byte("' for url ")):
			return p.httpxError(before, url, d)
		case bytes.HasSuffix(before, []byte(", url=")), bytes.HasSuffix(before, []byte(", url=URL(")):
			return p.aiohttpError(before, url, d)
		}
	case ')':
		if bytes.HasSuffix(before, []byte("for url ")) {
			return p.reqwest(before, url, rest, d)
		}
	}
	return finding{}, false
}

// quotedLength is the length of a URL in quotes. An apostrophe may be part of
// one, so the quote that ends it is the first that something else follows.
func quotedLength(b []byte, shut byte) int {
	if n := len(b) - 1; shut == '\'' && n > 0 && b[n] == shut && bytes.IndexByte(b, ' ') < 0 {
		return n // it ends the line
	}
	for i, c := range b {
		if c == ' ' {
			return i
		}
		if c != shut {
			continue
		}
		if shut == '"' || i+1 == len(b) || bytes.IndexByte([]byte(" ,)\"':;]}\\"), b[i+1]) >= 0 {
			return i
		}
	}
	return len(b)
}

// reqwest reads "HTTP status client error (429 Too Many Requests) for url (URL)"
// and "error sending request for url (URL): why".
func (p *clientLines) reqwest(before, url, rest []byte, d *record.Draft) (finding, bool) {
	f := finding{library: libReqwest, weight: weightError}
	if at := bytes.LastIndex(before, []byte("HTTP status ")); at >= 0 {
		f.at = at
		if _, status, ok := bytes.Cut(before[at:], []byte(" error (")); ok {
			status, _ = word(status)
			return p.answered(f, url, bytes.TrimSuffix(status, []byte{')'}), d), true
		}
	}
	if at := bytes.LastIndex(before, []byte("error sending request ")); at >= 0 {
		f.at = at
		words := bytes.TrimPrefix(rest, []byte("): "))
		if len(words) == len(rest) {
			words = before[at : len(before)-len(" for url ")]
		}
		p.noAnswer(url, words, d)
		return f, true
	}
	return f, false
}
