package ingest

import (
	"bytes"
	"io"
	"slices"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// newmanFormat is the JSON report of newman, which runs Postman collections.
var newmanFormat = format{
	info: FormatInfo{
		Name:  "newman",
		About: "JSON report of newman, the runner of Postman collections",
		Sample: `{"run":{"executions":[{"request":{"method":"GET","url":"https://api.example.com/v2/vehicles/9"},` +
			`"response":{"code":429,"status":"Too Many Requests","responseTime":212}}]}}`,
	},
	score: scoreNewman,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		fields := newmanFields{jsonLines: newJSONLines(cfg)}
		return newJSONEntries(lim, r, fields.read, "run", "executions")
	},
}

// scoreNewman looks at the root's members: the run, or what stands before it.
func scoreNewman(sample []byte) (float64, string) {
	root := bytes.TrimLeft(sample, " \t\r\n")
	if len(root) == 0 || root[0] != '{' {
		return 0, ""
	}
	head := root[:min(len(root), headBytes)]
	if !bytes.Contains(head, []byte(`"collection"`)) && !bytes.Contains(head, []byte(`"run"`)) {
		return 0, ""
	}
	score, why := 0.0, ""
	_, _ = jsonscan.Object(root, func(key, value []byte, kind jsonscan.Kind) bool {
		switch {
		case kind != jsonscan.ObjectKind:
		case string(key) == "run" && (bytes.Contains(value, []byte(`"executions"`)) || hasMember(value, "stats")):
			score, why = 1.1, `the root's member "run" holds executions`
		case string(key) == "collection" && (hasMember(value, "info") || hasMember(value, "_")) && hasMember(value, "item"):
			score, why = 1.1, "a Postman collection and its run"
		}
		return score == 0
	})
	return score, why
}

func hasMember(object []byte, name string) bool {
	found := false
	_, _ = jsonscan.Object(object, func(key, _ []byte, _ jsonscan.Kind) bool {
		found = string(key) == name
		return !found
	})
	return found
}

// newmanFields reads one execution.
type newmanFields struct {
	*jsonLines
	url        []byte
	code, took []byte
	size       []byte
	failure    []byte
	raw        []byte // the body, decoded
}

func (n *newmanFields) read(entry []byte, d *record.Draft) record.Reason {
	*n = newmanFields{jsonLines: n.jsonLines}
	n.arena.reset()
	n.d = d
	rest, err := jsonscan.Object(entry, func(key, value []byte, kind jsonscan.Kind) bool {
		switch string(key) {
		case "request":
			n.request(value, kind, d)
		case "response":
			n.response(value, kind)
		case "requestError":
			n.requestError(value, kind)
		}
		return true
	})
	if err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return record.RejectDocument
	}
	if len(n.url) > 0 {
		n.arena.setTarget(d, n.url)
	}
	code, ok := number(n.code)
	switch {
	case len(n.code) == 0 && len(n.failure) > 0:
		d.Status, d.Failure = 0, n.failure
	case len(n.code) == 0 && len(d.Target) == 0:
		return record.RejectDocument
	case len(n.code) == 0:
		return record.IgnoreNoHTTP // the run ended before the call
	case !ok || code > 999 || code > 0 && code < 100:
		return record.RejectStatus
	default:
		d.Status = int(code)
	}
	if ns, ok := decimalNS(n.took, 1e6); ok {
		d.DurationNS = ns
	}
	d.Body, d.BodyTruncated = capturedBody(d.Headers, n.raw)
	if d.Bytes = statedBytes(d); d.Bytes == record.Absent {
		if size, ok := number(n.size); ok {
			d.Bytes = size
		}
	}
	n.clock.capturedTime(d) // the report has no time of a single call
	setHeaderIDs(d, &n.arena)
	setDirection(n.bindings, d, true)
	return ""
}

// each calls member for the members of an object, and for nothing else.
func (n *newmanFields) each(value []byte, kind jsonscan.Kind, member func(key string, v []byte, k jsonscan.Kind)) {
	if kind != jsonscan.ObjectKind {
		return
	}
	_, _ = jsonscan.Object(value, func(key, v []byte, k jsonscan.Kind) bool {
		member(string(key), v, k)
		return true
	})
}

func (n *newmanFields) request(value []byte, kind jsonscan.Kind, d *record.Draft) {
	n.each(value, kind, func(key string, v []byte, k jsonscan.Kind) {
		switch key {
		case "method":
			d.Method = n.text(v, k)
		case "url":
			n.url = n.postmanURL(v, k)
		case "header":
			n.readHeaders(fieldRequestHeaders, v, k)
		case "body":
			n.each(v, k, func(key string, v []byte, k jsonscan.Kind) {
				if key == "raw" && k == jsonscan.String {
					d.RequestBody = n.text(v, k)
				}
			})
		}
	})
}

// postmanURL is a text, or an object of parts: lists of host and path, pairs of
// the query.
func (n *newmanFields) postmanURL(value []byte, kind jsonscan.Kind) []byte {
	if kind == jsonscan.String {
		return n.text(value, kind)
	}
	var raw, scheme, host, port, path, query []byte
	n.each(value, kind, func(key string, v []byte, k jsonscan.Kind) {
		switch key {
		case "raw":
			raw = n.text(v, k)
		case "protocol":
			scheme = n.text(v, k)
		case "port":
			port = n.text(v, k)
		case "host":
			host = n.joined(v, k, ".")
		case "path":
			path = n.joined(v, k, "/")
		case "query":
			query = n.query(v, k)
		}
	})
	if len(host) == 0 {
		return raw
	}
	if len(scheme) == 0 {
		scheme = []byte("http") // what Postman sends without one
	}
	url := slices.Concat(scheme, []byte("://"), host)
	if len(port) > 0 {
		url = slices.Concat(url, []byte(":"), port)
	}
	if url = append(url, '/'); len(path) > 0 {
		url = append(url, bytes.TrimPrefix(path, []byte{'/'})...)
	}
	if len(query) > 0 {
		url = slices.Concat(url, []byte("?"), query)
	}
	return url
}

// joined is a text, or the texts of a list with a sign between them.
func (n *newmanFields) joined(value []byte, kind jsonscan.Kind, sign string) []byte {
	if kind != jsonscan.ArrayKind {
		return n.text(value, kind)
	}
	var parts [][]byte
	_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
		if k == jsonscan.String {
			parts = append(parts, n.text(v, k))
		}
		return true
	})
	return bytes.Join(parts, []byte(sign))
}

func (n *newmanFields) query(value []byte, kind jsonscan.Kind) []byte {
	if kind != jsonscan.ArrayKind {
		return n.text(value, kind)
	}
	var out []byte
	_, _ = jsonscan.Array(value, func(_ int, v []byte, k jsonscan.Kind) bool {
		var key, val []byte
		hasValue, disabled := false, false
		n.each(v, k, func(name string, v []byte, k jsonscan.Kind) {
			switch name {
			case "key":
				key = n.text(v, k)
			case "value":
				val, hasValue = n.text(v, k), k == jsonscan.String
			case "disabled":
				disabled = string(v) == "true"
			}
		})
		if disabled || len(key) == 0 {
			return true
		}
		if len(out) > 0 {
			out = append(out, '&')
		}
		if out = append(out, key...); hasValue {
			out = append(append(out, '='), val...)
		}
		return true
	})
	return out
}

func (n *newmanFields) response(value []byte, kind jsonscan.Kind) {
	n.each(value, kind, func(key string, v []byte, k jsonscan.Kind) {
		switch key {
		case "code":
			n.code = v
		case "header":
			n.readHeaders(fieldResponseHeaders, v, k)
		case "responseTime":
			n.took = v
		case "responseSize":
			n.size = v
		case "body":
			if k == jsonscan.String {
				n.raw = n.text(v, k)
			}
		case "stream":
			n.each(v, k, func(key string, v []byte, k jsonscan.Kind) {
				if key == "data" {
					n.raw = n.buffer(v, k)
				}
			})
		}
	})
}

// buffer is what Node.js writes of bytes: a list of numbers.
func (n *newmanFields) buffer(value []byte, kind jsonscan.Kind) []byte {
	if kind != jsonscan.ArrayKind {
		return n.text(value, kind)
	}
	out := make([]byte, 0, len(value)/3)
	b, digits := 0, false
	for _, c := range value[1:] {
		switch {
		case c >= '0' && c <= '9' && b < 1000:
			b, digits = b*10+int(c-'0'), true
		case digits && (c == ',' || c == ']'):
			if b > 255 {
				return nil
			}
			out = append(out, byte(b))
			b, digits = 0, false
		case c != ' ' && c != '\n' && c != '\r' && c != '\t':
			return nil // no list of bytes
		}
	}
	return out
}

func (n *newmanFields) requestError(value []byte, kind jsonscan.Kind) {
	n.each(value, kind, func(key string, v []byte, k jsonscan.Kind) {
		if key == "message" || key == "code" && len(n.failure) == 0 {
			n.failure = n.text(v, k)
		}
	})
}
