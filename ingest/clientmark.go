package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// Words by which cores without a URL are known.
var (
	unreachableMark  = []byte("Cannot connect to host ")
	sdkErrorMark     = []byte("Error code: ")
	retryingMark     = []byte("Retrying (Retry(")
	connectingMark   = []byte("Starting new HTTP")
	answerMark       = []byte("receive_response_headers.complete return_value=(")
	faradayMark      = []byte("response: Status ")
	axiosMark        = []byte("Request failed with status code ")
	springMark       = []byte("Response ")
	restClientMark   = []byte("# => ")
	wgetMark         = []byte("awaiting response... ")
	arrowMark        = []byte("<-- HTTP FAILED: ")
	feignAnswerMark  = []byte("<--- HTTP/")
	feignFailureMark = []byte("<--- ERROR ")
	feignRequestMark = []byte("---> END HTTP")
	springErrorMark  = []byte("ErrorException")
	fetchCauseMark   = []byte("[cause]: ")
	serilogMark      = []byte(" responded ")
)

// findMark looks for a core that is known by words of its own.
func (p *clientLines) findMark(line []byte, d *record.Draft) (finding, bool) {
	if f, ok := p.findHTTP(line, d); ok {
		return f, true
	}
	if at := bytes.Index(line, sdkErrorMark); at >= 0 {
		return p.sdkError(line, at, d)
	}
	if at := bytes.Index(line, retryingMark); at >= 0 {
		return p.retrying(line, at, d)
	}
	if at := bytes.Index(line, unreachableMark); at >= 0 {
		return p.unreachable(line, at, d)
	}
	if at := bytes.Index(line, axiosMark); at >= 0 {
		return p.axiosError(line, at, d)
	}
	if at := bytes.Index(line, springErrorMark); at >= 0 {
		return p.springStatus(line, at, d)
	}
	if at := bytes.Index(line, fetchCauseMark); at >= 0 {
		return p.fetchCause(line, at, d)
	}
	if at := bytes.Index(line, springMark); at >= 0 {
		return p.spring(line, at, d)
	}
	if at := bytes.Index(line, restClientMark); at >= 0 {
		return p.restClientAnswer(line, at, d)
	}
	// The words of a mark are looked for from their rarest letter on.
	if at := bytes.Index(line, faradayMark[faradayLead:]); at >= faradayLead && bytes.HasSuffix(line[:at], faradayMark[:faradayLead]) {
		return p.faraday(line, at-faradayLead, d)
	}
	return finding{}, false
}

const faradayLead = len("response: ")

// findHTTP looks for the cores that have "HTTP" in capitals.
func (p *clientLines) findHTTP(line []byte, d *record.Draft) (finding, bool) {
	if !bytes.Contains(line, httpName) && !bytes.Contains(line, []byte("<--- ")) {
		return finding{}, false
	}
	if mark := bytes.Index(line, poolMark); mark >= 0 && !bytes.Contains(line, retryingMark) {
		return p.pool(line, mark, d)
	}
	if f, ok := p.dotnet(line, d); ok {
		return f, true
	}
	if at := bytes.Index(line, serilogMark); at >= 0 {
		return p.serilogRequest(line, at, d)
	}
	if at := bytes.Index(line, answerMark); at >= 0 {
		p.answer.keep(line[at+len(answerMark):], p.passed)
		return finding{library: libHTTPX, reason: record.IgnoreContinued}, true
	}
	if at := bytes.Index(line, wgetMark); at >= 0 {
		return p.wgetAnswer(line, at, d)
	}
	if at := bytes.Index(line, arrowMark); at >= 0 {
		return p.okHTTPFailure(line, at, d)
	}
	if bytes.Contains(line, feignRequestMark) {
		p.feignEnded.at = p.passed
		return finding{library: libFeign, reason: record.IgnoreContinued}, true
	}
	if at := bytes.Index(line, feignAnswerMark); at >= 0 {
		return p.feignAnswer(line, at, d)
	}
	if at := bytes.Index(line, feignFailureMark); at >= 0 {
		return p.feignFailure(line, at, d)
	}
	if at := bytes.Index(line, connectingMark); at >= 0 {
		if _, host, ok := bytes.Cut(line[at:], []byte("): ")); ok {
			host, _ = word(host)
			p.connected.keep(host, p.passed)
		}
	}
	return finding{}, false
}
