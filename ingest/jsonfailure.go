package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// failure is why a call got no response: the error that the line states, else
// its message where that is one of a transport. Where nothing else tells what
// was called, the words of the error may.
func (p *jsonLines) failure(d *record.Draft) []byte {
	failure := p.get(fieldFailure)
	if len(failure) == 0 {
		if message := p.get(fieldMessage); p.arena.speaksOfTransport(message) {
			failure = message
		}
	}
	if len(d.Target) == 0 && len(d.Path) == 0 {
		failure = p.callInError(failure, d)
	}
	return failure
}

// transportWords are how HTTP clients say that no response came, in lower case.
var transportWords = [][]byte{
	[]byte("econnrefused"), []byte("econnreset"), []byte("etimedout"), []byte("enotfound"), []byte("eai_again"), []byte("econnaborted"),
	[]byte("ehostunreach"), []byte("enetunreach"), []byte("connection refused"), []byte("connection reset"), []byte("reset by peer"),
	[]byte("socket hang up"), []byte("timed out"), []byte("timeout"), []byte("deadline exceeded"), []byte("no such host"),
	[]byte("no route to host"), []byte("name resolution"), []byte("broken pipe"), []byte("unexpected eof"), []byte("certificate"),
	[]byte("connection closed"), []byte("network is unreachable"), []byte("tls handshake"), []byte("ssl handshake"), []byte("fetch failed"),
}

// failureBytesMax bounds how far a text is searched for the words.
const failureBytesMax = 512

// speaksOfTransport reports whether a text has words of a broken transport.
func (a *arena) speaksOfTransport(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	low := a.lower(text[:min(len(text), failureBytesMax)])
	for _, w := range transportWords {
		if bytes.Contains(low, w) {
			return true
		}
	}
	return false
}

// callInError takes method and URL out of the errors of Go (`Get "URL": reason`)
// and node-fetch (`request to URL failed, reason: …`), and returns the reason.
func (p *jsonLines) callInError(text []byte, d *record.Draft) []byte {
	const fetch = "request to "
	if i := bytes.Index(text, []byte(fetch)); i >= 0 {
		url, reason, found := bytes.Cut(text[i+len(fetch):], []byte(" failed, reason: "))
		if found && bytes.Contains(url, []byte("://")) && bytes.IndexByte(url, ' ') < 0 {
			p.arena.setTarget(d, url)
			return reason
		}
	}
	for _, verb := range goVerbs {
		i := bytes.Index(text, verb.text)
		if i < 0 {
			continue
		}
		url, reason, found := bytes.Cut(text[i+len(verb.text):], []byte(`": `))
		if found && bytes.Contains(url, []byte("://")) && bytes.IndexByte(url, ' ') < 0 {
			d.Method = verb.method
			p.arena.setTarget(d, url)
			return reason
		}
	}
	return text
}

// goVerbs are how net/http begins its errors.
var goVerbs = []struct{ text, method []byte }{
	{[]byte(`Get "`), methodGET}, {[]byte(`Post "`), methodPOST}, {[]byte(`Put "`), methodPUT},
	{[]byte(`Patch "`), methodPATCH}, {[]byte(`Delete "`), methodDELETE}, {[]byte(`Head "`), methodHEAD},
}
