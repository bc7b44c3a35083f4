package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// verboseLines is one exchange of curl -v, its marks taken off.
type verboseLines struct {
	request, response []byte
	failure           []byte
	state             verboseState
	interim           bool
	left              bool // curl said that it is done with the connection
}

// verboseState says what has come.
type verboseState uint8

const (
	verboseNothing verboseState = iota
	verboseAsked                // a request line
	verboseHead                 // a status line
	verboseBody                 // the blank line behind it
)

// isVerbose reports whether a line carries one of curl's marks.
func isVerbose(line []byte) bool {
	if len(line) == 0 || line[0] != '*' && line[0] != '>' && line[0] != '<' {
		return false
	}
	return len(line) == 1 || line[1] == ' ' || line[1] == '\r' || line[1] == '\n'
}

// isVerboseHead reports whether a line is a request line or a status line
// behind a mark.
func isVerboseHead(line []byte) bool {
	return len(line) > 10 && (line[0] == '>' || line[0] == '<') && line[1] == ' ' && isMessage(line[2:])
}

// isCurlError reports whether a line is "curl: (28) Operation timed out …".
func isCurlError(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("curl: ("))
	if !ok {
		return false
	}
	code, _, ok := bytes.Cut(rest, []byte{')'})
	_, isNumber := number(code)
	return ok && isNumber
}

// isCutError reports whether curl's message says that the response was not
// received whole. Its 22 only repeats the status.
func isCutError(line []byte) bool {
	return isCurlError(line) && !bytes.HasPrefix(line, []byte("curl: (22)"))
}

// verboseExchange reads lines until the next exchange begins.
func (h *httpDump) verboseExchange(d *record.Draft) record.Reason {
	v := &h.verbose
	*v = verboseLines{request: v.request[:0], response: v.response[:0]}
	at, full := 0, false
	for {
		line := h.s.line(at)
		if len(line) == 0 {
			full = h.s.full() && h.s.err == nil
			break
		}
		if at > 0 && v.endsBefore(line) {
			break
		}
		at += len(line)
		v.add(line)
		if isCurlError(line) {
			break
		}
	}
	h.s.pass(at)
	h.rest = full
	h.captured.arena.reset()
	asked := h.captured.request(v.request, d)
	switch {
	case len(v.response) > 0 && !v.interim:
		h.captured.response(v.response, full || isCutError(v.failure), d)
	case len(v.failure) > 0:
		d.Status, d.Failure = 0, storable(v.failure)
		if len(d.Host) == 0 {
			d.Host = storable(h.captured.arena.host(failedHost(v.failure)))
		}
	case !asked:
		return record.IgnoreNoHTTP
	}
	h.captured.finish(d)
	return ""
}

// endsBefore reports whether a line belongs to the next exchange.
func (v *verboseLines) endsBefore(line []byte) bool {
	if v.left && isVerbose(line) && !isFarewell(line) {
		return true
	}
	if !isVerboseHead(line) {
		return v.state == verboseBody && isMessage(line)
	}
	if line[0] == '>' {
		return v.state != verboseNothing && !v.interim
	}
	return v.state == verboseBody && !v.interim
}

// add takes one line.
func (v *verboseLines) add(line []byte) {
	switch {
	case isCurlError(line):
		v.failure = bytes.TrimSpace(line)
	case v.state == verboseBody && !v.interim:
		v.body(line)
	case !isVerbose(line):
	case line[0] == '*':
		v.notice(line)
	case line[0] == '>':
		if v.interim { // the tunnel stands, now comes the call
			v.request, v.response, v.interim = v.request[:0], v.response[:0], false
		}
		v.request = append(v.request, unmarked(line)...)
		v.state = verboseAsked
	case isVerboseHead(line):
		_, status, _ := statusLine(line[2:])
		v.interim = status < 200 && status != 101 || status == 200 && bytes.Contains(bytes.ToLower(line), []byte(" connection established"))
		v.response = append(v.response[:0], unmarked(line)...)
		v.state = verboseHead
	case v.state == verboseHead:
		text := unmarked(line)
		v.response = append(v.response, text...)
		if len(chomp(text)) == 0 {
			v.state = verboseBody
		}
	}
}

// body takes a line behind the head: of the body, or what curl says about it.
func (v *verboseLines) body(line []byte) {
	switch {
	case isFarewell(line):
		v.left = true
		return
	case bytes.HasPrefix(line, []byte("* ")), bytes.HasPrefix(line, []byte("{ [")), bytes.HasPrefix(line, []byte("} [")),
		bytes.Contains(line, []byte("--:--:--")):
		return
	}
	for _, words := range farewells {
		if i := bytes.Index(line, []byte(words)); i > 0 { // behind a body without a line break
			line, v.left = line[:i], true
		}
	}
	v.response = append(v.response, line...)
}

// farewells are what curl says when it is done with a connection.
var farewells = []string{"* Connection #", "* Closing connection", "* transfer closed", "* closing connection", "* shutting down connection"}

func isFarewell(line []byte) bool {
	for _, words := range farewells {
		if bytes.HasPrefix(line, []byte(words)) {
			return true
		}
	}
	return false
}

// notice keeps the words in which curl says why a connection failed.
func (v *verboseLines) notice(line []byte) {
	for _, words := range []string{"failed:", "Could not resolve", "timed out", "SSL certificate problem", "Empty reply", "Connection refused"} {
		if bytes.Contains(line, []byte(words)) {
			v.failure = append([]byte(nil), bytes.TrimSpace(line[1:])...)
			return
		}
	}
}

// unmarked is a line without its mark.
func unmarked(line []byte) []byte {
	return bytes.TrimPrefix(line[1:], []byte{' '})
}

// failedHost finds the host in what curl says of a connection that failed:
// "Could not resolve host: H", "Failed to connect to H port 443".
func failedHost(failure []byte) []byte {
	for _, before := range []string{"resolve host: ", "connect to "} {
		if _, rest, ok := bytes.Cut(failure, []byte(before)); ok {
			host, _, _ := bytes.Cut(rest, []byte{' '})
			return bytes.TrimRight(host, ".,;)")
		}
	}
	return nil
}

// curlCommand is what the last command line before a response asked for: the
// text of curl -i itself does not name the host.
type curlCommand struct{ method, url []byte }

// read takes a line such as "$ curl -i -X POST https://api.example.com/v2".
func (c *curlCommand) read(line []byte) {
	words := bytes.Fields(line)
	at := 0
	for at < len(words) && string(words[at]) != "curl" {
		at++
	}
	if at > 2 || at == len(words) {
		return
	}
	*c = curlCommand{}
	for i, word := range words[at:] {
		word = bytes.Trim(word, `'"`)
		switch {
		case bytes.HasPrefix(word, []byte("https://")), bytes.HasPrefix(word, []byte("http://")):
			c.url = bytes.Clone(word)
		case i > 0 && (string(words[at+i-1]) == "-X" || string(words[at+i-1]) == "--request") && isMethod(word):
			c.method = bytes.Clone(word)
		}
	}
}
