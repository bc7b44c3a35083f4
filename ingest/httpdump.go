package ingest

import (
	"bytes"
	"fmt"
	"io"

	"github.com/errscope/errscope/record"
)

// httpFormat is HTTP as text: what curl -i and curl -v print, and messages as
// they went over the wire, any number of them one after another.
var httpFormat = format{
	info: FormatInfo{
		Name:   "http",
		About:  "messages as text: curl -i, curl -v, HTTPie and raw dumps",
		Sample: "GET /v2/vehicles/9 HTTP/1.1\r\nHost: api.example.com\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n\r\n{\"error\":\"slow down\"}",
	},
	score: scoreHTTP,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		return newHTTPDump(cfg, &textStream{r: r, max: lim.entryBytes})
	},
}

// scoreHTTP looks at the first line that is not blank, and at the next one.
func scoreHTTP(sample []byte) (float64, string) {
	text := bytes.TrimLeft(sample, " \t\r\n")
	line, rest := cutLine(text)
	next, _ := cutLine(rest)
	header := len(next) == 0 || isHeaderLine(next)
	switch {
	case len(line) < 3:
		return 0, ""
	case isMessage(line) && header:
		return 1.1, "it begins with the head of an HTTP message"
	case isVerbose(line):
		for i := 0; i < sampleLinesMax && len(text) > 0; i++ {
			line, text = cutLine(text)
			if isVerboseHead(line) || isCurlError(line) {
				return 1.1, "lines of curl -v"
			}
		}
	case isCurlError(line):
		return 1.1, "an error message of curl"
	}
	for _, line := range sampleLines(sample) { // behind what a script printed
		if header && isMessage(line) {
			return 0.3, "an HTTP message among other lines"
		}
		header = len(line) == 0 || line[0] != '{'
	}
	return 0, ""
}

// isHeaderLine reports whether a line is "Name: value".
func isHeaderLine(line []byte) bool {
	name, _, ok := bytes.Cut(line, []byte{':'})
	if !ok || len(name) == 0 || len(name) > 128 {
		return false
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '{' || c == '[' {
			return false
		}
	}
	return true
}

// httpDump hands out the exchanges of one text.
type httpDump struct {
	s        *textStream
	captured capturedHTTP
	verbose  verboseLines
	command  curlCommand
	unclosed bool // a multipart body without its end has come: that rule is off
	rest     bool // the last exchange was larger than the window, its end is ahead
}

func newHTTPDump(cfg *Config, s *textStream) *httpDump {
	return &httpDump{s: s, captured: newCapturedHTTP(cfg)}
}

// messageSpan is where a message stands in the window.
type messageSpan struct {
	start, end int
	response   bool
	interim    bool // 1xx, or the answer of a proxy to CONNECT
	full       bool // it was ended by the size of the window
}

func (h *httpDump) next(d *record.Draft) (record.Reason, error) {
	h.s.skipMark()
	if h.rest {
		h.rest = false
		h.passRest()
	}
	h.passBlank()
	d.Line, d.Offset = h.s.lines+1, h.s.offset
	line := h.s.line(0)
	switch {
	case h.s.failed:
		return "", fmt.Errorf("reading a document: %w", h.s.err)
	case len(line) == 0:
		return "", io.EOF
	case isMessage(line):
		return h.exchange(d), nil
	case isVerbose(line) || isCurlError(line):
		return h.verboseExchange(d), nil
	}
	for len(line) > 0 && !isMessage(line) && !isVerboseHead(line) && !isCurlError(line) {
		h.command.read(line)
		h.s.pass(len(line))
		line = h.s.line(0)
	}
	return record.IgnoreNoHTTP, nil // what a script printed before it called
}

func (h *httpDump) passBlank() {
	for {
		line := h.s.line(0)
		if len(line) == 0 || !isBlank(chomp(line)) {
			return
		}
		h.s.pass(len(line))
	}
}

// exchange reads a request and its response, or either of them alone.
func (h *httpDump) exchange(d *record.Draft) record.Reason {
	var request, response messageSpan
	end := 0
	for {
		m := h.message(end)
		if !m.response {
			request = m
		} else if end = m.end; !m.interim || m.full {
			response = m
			break
		}
		end = m.end
		next := h.skipBlankLines(end)
		if _, _, ok := statusLine(h.s.line(next)); !ok {
			if m.response {
				response = m // nothing came behind the interim one
			}
			break
		}
		end = next
	}
	failure, failureEnd := h.curlError(end)
	view := h.s.view()
	h.captured.arena.reset()
	if request.end > 0 {
		h.captured.request(view[request.start:request.end], d)
	} else if len(h.command.url) > 0 {
		d.Method = h.command.method
		h.captured.arena.setTarget(d, h.command.url)
	}
	h.command = curlCommand{}
	if response.end > 0 {
		partial := response.full || isCutError(failure)
		h.captured.response(view[response.start:response.end], partial, d)
	} else if len(failure) > 0 {
		d.Status, d.Failure = 0, failure
	}
	h.rest = response.full || request.full
	h.s.pass(failureEnd)
	h.captured.finish(d)
	d.Failure = storable(d.Failure)
	return ""
}

// curlError reads curl's own message behind an exchange that went wrong.
func (h *httpDump) curlError(at int) (text []byte, end int) {
	next := h.skipBlankLines(at)
	line := h.s.line(next)
	if !isCurlError(line) {
		return nil, at
	}
	return bytes.TrimSpace(line), next + len(line)
}

func (h *httpDump) skipBlankLines(at int) int {
	for {
		line := h.s.line(at)
		if len(line) == 0 || !isBlank(chomp(line)) {
			return at
		}
		at += len(line)
	}
}

// passRest passes what is left of a message that is larger than the window: up
// to the next line that a message begins with.
func (h *httpDump) passRest() {
	for {
		line := h.s.line(0)
		if len(line) == 0 || isMessage(line) {
			return
		}
		h.s.pass(len(line))
	}
}

// message finds the end of the message that begins at index at.
func (h *httpDump) message(at int) messageSpan {
	line := h.s.line(at)
	m := messageSpan{start: at}
	_, status, response := statusLine(line)
	m.response = response
	m.interim = response && (status < 200 && status != 101 || status == 200 && bytes.Contains(bytes.ToLower(line), []byte(" connection established")))
	body, length, multipart := at+len(line), int64(-1), false
	for {
		line = h.s.line(body)
		if len(line) == 0 || body-at > headBytesMax {
			break
		}
		text := chomp(line)
		if len(text) > 0 && isMessage(line) {
			break // a head whose blank line is missing
		}
		body += len(line)
		if len(text) == 0 {
			break
		}
		name, value, _ := bytes.Cut(text, []byte{':'})
		value = bytes.TrimSpace(value)
		switch {
		case sameName(name, "content-length"):
			if n, ok := number(value); ok {
				length = n
			}
		case sameName(name, "content-type"):
			multipart = bytes.HasPrefix(bytes.ToLower(value), []byte("multipart/"))
		}
	}
	if m.interim {
		length = -1
	}
	m.end, m.full = h.bodyEnd(body, length, multipart)
	return m
}

// bodyEnd finds where the body that begins at index from ends. length is what
// the head says, -1 for nothing. It counts only where a message, or nothing,
// follows that many bytes: programs that print messages change bodies, captures
// are cut, and the answer to a HEAD has no body at all.
func (h *httpDump) bodyEnd(from int, length int64, multipart bool) (end int, full bool) {
	if length >= 0 && h.lengthFits(from, length) {
		return from + int(length), false
	}
	// Inside of parts there are messages that are none of ours.
	open, early := multipart && !h.unclosed, -1
	at := from
	for {
		line := h.s.line(at)
		n := len(line)
		switch {
		case n == 0:
			if open { // no end came: what looked like a message was one
				h.unclosed = true
				if early >= 0 {
					return early, false
				}
			}
			return at, h.s.full() && h.s.err == nil
		case isMessage(line) || isCurlError(line):
			if !open {
				return at, false
			}
			if early < 0 {
				early = at
			}
		case open:
			open = !bytes.HasPrefix(line, []byte("--")) || !bytes.HasSuffix(bytes.TrimSpace(line), []byte("--"))
		default:
			if i := h.glued(at, line); i > 0 {
				return at + i, false
			}
		}
		at += n
	}
}

// lengthFits reports whether a body of that length ends where it can end.
func (h *httpDump) lengthFits(from int, length int64) bool {
	if length > int64(h.s.max) || !h.s.need(from+int(length)) {
		return false
	}
	next := h.skipBlankLines(from + int(length))
	line := h.s.line(next)
	return len(line) == 0 && h.s.err != nil || isMessage(line) || isCurlError(line)
}

// glued finds a status line behind a body that has no line break at its end:
// the next line must then be a header field, as bodies may speak of HTTP too.
func (h *httpDump) glued(at int, line []byte) int {
	i := bytes.LastIndex(line, []byte("HTTP/"))
	if i <= 0 {
		return -1
	}
	if _, _, ok := statusLine(line[i:]); !ok {
		return -1
	}
	n := len(line)
	if !isHeaderLine(chomp(h.s.line(at + n))) {
		return -1
	}
	return i
}

// ReadResponse reads the text of curl -i or curl -v, or a message as it went
// over the wire, into d. Of several exchanges the last one counts: redirects
// and proxies come before it. It is false where the text is none of these.
func ReadResponse(text []byte, d *record.Draft) bool {
	found := false
	s := &textStream{window: text, end: len(text), max: len(text) + 1, err: io.EOF}
	h := newHTTPDump(sampleConfig(), s)
	for {
		var next record.Draft
		next.Reset()
		reason, err := h.next(&next)
		if err != nil {
			return found
		}
		if reason == "" && next.Status != record.Absent {
			*d, found = next, true
			h.captured.arena, h.verbose = arena{}, verboseLines{} // d keeps the bytes of the last one
		}
	}
}
