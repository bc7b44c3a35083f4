package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// goMethods are the methods as Go's net/http spells them in an error.
var goMethods = [...]struct{ word, method []byte }{
	{[]byte("Get"), []byte("GET")}, {[]byte("Post"), []byte("POST")}, {[]byte("Put"), []byte("PUT")}, {[]byte("Patch"), []byte("PATCH")},
	{[]byte("Delete"), []byte("DELETE")}, {[]byte("Head"), []byte("HEAD")}, {[]byte("Options"), []byte("OPTIONS")},
}

// goError reads `Get "URL": why`, the text of a url.Error; older versions of Go
// write no quotes, and a logger may have escaped them. quote is where the byte
// before the URL stands.
func (p *clientLines) goError(line []byte, start, quote int, d *record.Draft) (finding, bool) {
	f := finding{library: libGo, weight: weightError}
	before := line[:quote]
	var url, rest []byte
	if line[quote] == '"' {
		ended := []byte(`": `)
		if bytes.HasSuffix(before, []byte{'\\'}) {
			before, ended = before[:len(before)-1], []byte(`\": `)
		}
		before = bytes.TrimSuffix(before, []byte{' '})
		i := bytes.Index(line[start:], ended)
		if i < 0 {
			return f, false
		}
		url, rest = line[start:start+i], line[start+i+len(ended):]
	} else {
		i := bytes.Index(line[start:], []byte(": "))
		if i < 0 || bytes.IndexByte(line[start:start+i], ' ') >= 0 {
			return f, false
		}
		url, rest = line[start:start+i], line[start+i+2:]
		if !isGoReason(rest) {
			return f, false
		}
	}
	for i := range goMethods {
		m := &goMethods[i]
		if !bytes.HasSuffix(before, m.word) {
			continue
		}
		f.at = len(before) - len(m.word)
		if f.at > 0 && isWordByte(before[f.at-1]) && before[f.at-1] != ':' {
			return f, false
		}
		d.Method = m.method
		p.noAnswer(url, goWords(line[:f.at], rest), d)
		return f, len(d.Failure) > 0
	}
	return f, false
}

// goReasons are how the reasons of net/http begin. Without quotes around the URL
// they alone tell an error from a sentence.
var goReasons = [...]string{"dial ", "EOF", "context ", "net/http: ", "x509: ", "tls: ", "read ", "write ", "unexpected EOF", "proxyconnect ", "http: ",
	"http2: ", "lookup ", "stopped after ", "unsupported protocol "}

func isGoReason(words []byte) bool {
	for _, r := range goReasons {
		if bytes.HasPrefix(words, []byte(r)) {
			return true
		}
	}
	return false
}

// goWords cuts the reason off what follows it where the error is the quoted
// value of a key, as structured loggers write it.
func goWords(before, words []byte) []byte {
	if !bytes.HasSuffix(before, []byte{'"'}) && !bytes.Contains(before, []byte(`="`)) {
		return words
	}
	for i, c := range words {
		if c == '"' && (i == 0 || words[i-1] != '\\') {
			return words[:i]
		}
	}
	return words
}

// afterGoError is the reason alone where the words repeat the call.
func afterGoError(words []byte) []byte {
	for i := range goMethods {
		rest, ok := bytes.CutPrefix(words, goMethods[i].word)
		if !ok {
			continue
		}
		if i := bytes.Index(rest, []byte(`": `)); i >= 0 {
			return rest[i+3:]
		}
		if i := bytes.Index(rest, []byte(": ")); i >= 0 && bytes.HasPrefix(rest, []byte(" http")) {
			return rest[i+2:]
		}
	}
	return words
}
