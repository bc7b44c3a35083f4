package ingest

import "bytes"

// methodWords are the methods that a line about an exchange most often names.
var methodWords = [][]byte{[]byte("GET"), []byte("POST"), []byte("PUT"), []byte("PATCH"), []byte("DELETE"), []byte("HEAD"), []byte("OPTIONS"), []byte("CONNECT")}

var versionWord = []byte("HTTP/")

// speaksOfHTTP reports whether a line may be about an exchange: it has a method
// as a word of its own, a version, or a URL. Such a line is never passed over
// because no format knows it.
func speaksOfHTTP(line []byte) bool {
	if bytes.Contains(line, versionWord) || bytes.Contains(line, schemeEnd) {
		return true
	}
	for _, word := range methodWords {
		for rest, at := line, 0; ; rest = rest[at+len(word):] {
			if at = bytes.Index(rest, word); at < 0 {
				break
			}
			end := at + len(word)
			if (at == 0 || !isWordByte(rest[at-1])) && (end == len(rest) || !isWordByte(rest[end])) {
				return true
			}
		}
	}
	return false
}

// isLogged reports whether a line is a sound one of an application's log that
// speaks of no exchange: a logger's time stands in front of it.
func (r *Reader) isLogged(line []byte) bool {
	if _, _, ok := r.clock.stamp(line); !ok {
		return false
	}
	return !speaksOfHTTP(line)
}
