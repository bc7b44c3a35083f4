package ingest

import (
	"bytes"
	"encoding/base64"
	"time"

	"github.com/errscope/errscope/record/jsonscan"
)

// scoreJSONCassette looks into the root for a list of interactions.
func scoreJSONCassette(text []byte) (float64, string) {
	why := "a list of interactions, each with a request and a response"
	if text[0] == '[' {
		first := bytes.TrimLeft(text[1:], " \t\r\n")
		if len(first) > 0 && first[0] == '{' && isInteraction(first, true) {
			return 1.1, why
		}
		return 0, ""
	}
	head := text[:min(len(text), headBytes)]
	if !bytes.Contains(head, []byte(`nteractions"`)) {
		return 0, ""
	}
	found := false
	_, _ = jsonscan.Object(text, func(key, value []byte, kind jsonscan.Kind) bool {
		if kind != jsonscan.ArrayKind || !isOneOf(string(key), interactionKeys) {
			return true
		}
		first := bytes.TrimLeft(value[1:], " \t\r\n")
		found = len(first) == 0 || first[0] == ']' || first[0] == '{' && isInteraction(first, false)
		return false
	})
	if found {
		return 1.1, why
	}
	return 0, ""
}

// isInteraction reports whether an object, of which the end may be missing, has
// a request, and a response where both are asked for.
func isInteraction(object []byte, both bool) bool {
	request, response := false, false
	_, _ = jsonscan.Object(object, func(key, _ []byte, kind jsonscan.Kind) bool {
		request = request || kind == jsonscan.ObjectKind && bytes.EqualFold(key, []byte("request"))
		response = response || kind == jsonscan.ObjectKind && bytes.EqualFold(key, []byte("response"))
		return true
	})
	return request && (response || !both)
}

// upper returns b in upper case: b itself where it is already.
func (a *arena) upper(b []byte) []byte {
	for _, c := range b {
		if c >= 'a' && c <= 'z' {
			start := len(a.buf)
			for _, c := range b {
				if c >= 'a' && c <= 'z' {
					c -= 'a' - 'A'
				}
				a.buf = append(a.buf, c)
			}
			return a.buf[start:len(a.buf):len(a.buf)]
		}
	}
	return b
}

// unbase64 decodes a text that may be broken into lines; one that is not base64
// after all stays as it stands.
func (a *arena) unbase64(text []byte) []byte {
	compact := make([]byte, 0, len(text))
	for _, c := range text {
		if c != '\n' && c != '\r' && c != ' ' && c != '\t' {
			compact = append(compact, c)
		}
	}
	start := len(a.buf)
	decoded, err := base64.StdEncoding.AppendDecode(a.buf, compact)
	if err != nil {
		return text
	}
	a.buf = decoded
	return decoded[start:len(decoded):len(decoded)]
}

// goDuration reads a duration as Go writes it ("1.2s"), or its nanoseconds as
// JSON has them. Nothing and zero are what recorders write for not known.
func goDuration(b []byte) (int64, bool) {
	if n, ok := number(b); ok {
		return n, n > 0
	}
	if len(b) == 0 || len(b) > 32 {
		return 0, false
	}
	t, err := time.ParseDuration(string(b))
	return int64(t), err == nil && t > 0
}
