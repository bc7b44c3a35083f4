package ingest

import (
	"bytes"
	"encoding/base64"
	"io"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// harFormat is the HTTP Archive 1.2 that browsers and proxies export. It is
// read entry by entry; the file as a whole is never in memory.
var harFormat = format{
	info: FormatInfo{
		Name:  "har",
		About: "HTTP Archive 1.2 of a browser or proxy, with headers and bodies",
		Sample: `{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-03-04T09:15:02.118Z","time":212,` +
			`"request":{"method":"GET","url":"https://api.example.com/v2/vehicles/9"},"response":{"status":429}}]}}`,
	},
	score: scoreHAR,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		fields := harFields{jsonLines: newJSONLines(cfg)}
		return newJSONEntries(lim, r, fields.read, "log", "entries")
	},
}

// scoreHAR looks for the root's only member, "log", and what a log begins with.
func scoreHAR(sample []byte) (float64, string) {
	root := bytes.TrimLeft(sample, " \t\r\n")
	if len(root) == 0 || root[0] != '{' {
		return 0, ""
	}
	root = bytes.TrimLeft(root[1:], " \t\r\n")
	root, found := bytes.CutPrefix(root, []byte(`"log"`))
	if !found {
		return 0, ""
	}
	root = bytes.TrimLeft(root, ": \t\r\n")
	for _, key := range []string{`"entries"`, `"creator"`, `"version"`, `"pages"`, `"browser"`} {
		if bytes.Contains(root[:min(len(root), headBytes)], []byte(key)) {
			return 1.1, `the root's member "log" holds ` + key
		}
	}
	if len(root) > 0 && root[0] != '{' {
		return 0.5, `the root's member is "log"`
	}
	return 0, ""
}

// harFields reads one entry. It borrows the fields of a JSON line, because
// headers, ids and targets are the same there.
type harFields struct {
	*jsonLines
	cursor                                jsonscan.Cursor
	started, time, status, bodySize, size []byte
	url                                   []byte
	failure, encoding                     []byte
	body                                  []byte // raw, with its quotes
}

func (h *harFields) read(entry []byte, d *record.Draft) record.Reason {
	*h = harFields{jsonLines: h.jsonLines}
	h.arena.reset()
	h.d = d
	h.cursor = jsonscan.NewCursor(entry)
	c := &h.cursor
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		switch string(key) {
		case "startedDateTime":
			if k == jsonscan.String {
				h.started = h.text(c.Value(), k)
			}
		case "time":
			h.time = c.Value()
		case "request":
			h.enter(c, k, d, h.request)
		case "response":
			h.enter(c, k, d, h.response)
		}
	}
	if c.Err() != nil || len(c.Rest()) > 0 {
		return record.RejectDocument
	}
	if isBrowserURL(h.url) {
		return record.IgnoreNoHTTP
	}
	if len(h.url) > 0 { // behind the method, which may come later
		h.arena.setTarget(d, h.url)
	}
	if len(d.Target) == 0 && len(h.status) == 0 {
		return record.RejectDocument
	}
	if string(h.status) == harNoStatus {
		d.Status = 0
	} else if n, ok := number(h.status); ok {
		if n > 999 || n > 0 && n < 100 {
			return record.RejectStatus
		}
		d.Status = int(n)
	}
	if d.Status == 0 {
		d.Failure = h.failure
	}
	return h.finish(d)
}

// harNoStatus is what Playwright and Charles write where no response came.
const harNoStatus = "-1"

// isBrowserURL recognises what a browser got from itself: data and blobs, and
// the files of its extensions. No server had a part in it.
func isBrowserURL(url []byte) bool {
	scheme, rest, ok := bytes.Cut(url[:min(len(url), headBytes)], []byte{':'})
	switch string(scheme) {
	case "data", "blob", "about":
		return ok
	}
	return ok && bytes.HasPrefix(rest, []byte("//")) && (bytes.HasSuffix(scheme, []byte("-extension")) || string(scheme) == "chrome" || string(scheme) == "file")
}

// enter reads a member that is an object: each of its members goes to read.
func (h *harFields) enter(c *jsonscan.Cursor, k jsonscan.Kind, d *record.Draft, read func(*jsonscan.Cursor, []byte, jsonscan.Kind, *record.Draft)) {
	if k != jsonscan.ObjectKind {
		return
	}
	c.Enter()
	for key, k, ok := c.Next(); ok; key, k, ok = c.Next() {
		read(c, key, k, d)
	}
}

func (h *harFields) request(c *jsonscan.Cursor, key []byte, k jsonscan.Kind, d *record.Draft) {
	switch string(key) {
	case "method":
		d.Method = h.text(c.Value(), k)
	case "url":
		h.url = h.text(c.Value(), k)
	case "httpVersion":
		h.version(h.text(c.Value(), k), d)
	case "headers":
		h.readHeaders(fieldRequestHeaders, c.Value(), k)
	case "postData":
		h.enter(c, k, d, h.postData)
	}
}

func (h *harFields) postData(c *jsonscan.Cursor, key []byte, k jsonscan.Kind, d *record.Draft) {
	if string(key) == "text" {
		d.RequestBody = h.text(c.Value(), k)
	}
}

func (h *harFields) version(b []byte, d *record.Draft) {
	if v := httpVersion(b); len(v) > 0 {
		d.HTTPVersion = v
	}
}

func (h *harFields) response(c *jsonscan.Cursor, key []byte, k jsonscan.Kind, d *record.Draft) {
	switch string(key) {
	case "status":
		h.status = c.Value()
	case "httpVersion":
		h.version(h.text(c.Value(), k), d)
	case "headers":
		h.readHeaders(fieldResponseHeaders, c.Value(), k)
	case "bodySize":
		h.bodySize = c.Value()
	case "_error", "_failureText":
		if k == jsonscan.String {
			h.failure = h.text(c.Value(), k)
		}
	case "content":
		h.enter(c, k, d, h.content)
	}
}

func (h *harFields) content(c *jsonscan.Cursor, key []byte, k jsonscan.Kind, _ *record.Draft) {
	switch string(key) {
	case "size":
		h.size = c.Value()
	case "encoding":
		h.encoding = h.text(c.Value(), k)
	case "text":
		if k == jsonscan.String {
			h.body = c.Value()
		}
	}
}

// finish fills time, size, body, ids and direction.
func (h *harFields) finish(d *record.Draft) record.Reason {
	if ns, ok := decimalNS(h.time, 1e6); ok {
		d.DurationNS = ns
	}
	if len(h.started) > 0 {
		ns, digits, ok := h.clock.any(h.started)
		if !ok {
			return record.RejectTime
		}
		d.LoggedNS, d.TimeNS, d.TimeDigits = ns, ns+max(d.DurationNS, 0), digits
	}
	if n, ok := number(h.bodySize); ok {
		d.Bytes = n
	} else if n, ok := number(h.size); ok && d.Status != 0 {
		d.Bytes = n
	}
	if len(h.body) > 0 {
		h.decodeBody(d)
	}
	setHeaderIDs(d, &h.arena)
	setDirection(h.bindings, d, true)
	return ""
}

// decodeBody undoes base64 and what is left of the content coding.
func (h *harFields) decodeBody(d *record.Draft) {
	body := h.text(h.body, jsonscan.String)
	if bytes.EqualFold(h.encoding, []byte("base64")) {
		a := &h.arena
		start := len(a.buf)
		// What is not base64 after all is taken as it stands.
		if decoded, err := base64.StdEncoding.AppendDecode(a.buf, body); err == nil {
			a.buf, body = decoded, decoded[start:]
		}
	}
	d.Body, d.BodyTruncated = capturedBody(d.Headers, body)
}
