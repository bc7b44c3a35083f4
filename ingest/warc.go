package ingest

import (
	"bytes"
	"fmt"
	"io"

	"github.com/errscope/errscope/record"
)

// warcFormat is the archive of crawlers and recording proxies (ISO 28500).
var warcFormat = format{
	info: FormatInfo{
		Name:  "warc",
		About: "WARC 1.0 and 1.1 archives, requests joined to their responses",
		Sample: "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://api.example.com/v2/vehicles/9\r\nWARC-Date: 2026-03-04T09:15:02Z\r\n" +
			"Content-Type: application/http; msgtype=response\r\nContent-Length: 51\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n\r\n\r\n\r\n",
	},
	score: func(sample []byte) (float64, string) {
		if line, _ := cutLine(bytes.TrimLeft(sample, "\r\n")); isWARCVersion(line) {
			return 1.1, "it begins with " + string(line)
		}
		return 0, ""
	},
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		return &warcReader{s: textStream{r: r, max: lim.entryBytes}, captured: newCapturedHTTP(cfg), blockMax: min(lim.entryBytes/4, warcBlockMax)}
	},
}

// Limits of a WARC file.
const (
	warcHeadMax     = 64 << 10                    // bytes of a record's own head
	warcBlockMax    = bodyBytesMax + headBytesMax // of a record's content that are read
	warcRequestMax  = 256 << 10                   // of a request that waits for its response
	warcGapLines    = 8                           // between two records
	warcLengthMax   = 1 << 60                     // that a record may claim to have
	warcRequestsMax = 16                          // requests that wait
)

func isWARCVersion(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("WARC/"))
	return ok && isVersion(rest)
}

// warcReader hands out the responses of one archive.
type warcReader struct {
	s        textStream
	captured capturedHTTP
	blockMax int
	fields   []record.Header
	waiting  []warcRequest // requests that came before their responses
	behind   int64         // bytes of the last record that are still to be passed
}

// warcRequest is a request record that came before its response.
type warcRequest struct {
	id, to  string // WARC-Record-ID, WARC-Concurrent-To
	message []byte
}

// warcRecord is a record in the window.
type warcRecord struct {
	block    int   // index at which its content begins
	length   int64 // of the content
	id, to   []byte
	uri      []byte
	date     []byte
	kind     []byte
	http     bool
	response bool
	cut      bool // the archive says that it holds less than all
}

func (w *warcReader) next(d *record.Draft) (record.Reason, error) {
	w.passBehind()
	for {
		line := w.s.line(0)
		if len(line) == 0 || len(chomp(line)) > 0 {
			break
		}
		w.s.pass(len(line))
	}
	d.Line, d.Offset = w.s.lines+1, w.s.offset
	line := w.s.line(0)
	switch {
	case w.s.failed:
		return "", fmt.Errorf("reading a document: %w", w.s.err)
	case len(line) == 0:
		return "", io.EOF
	case !isWARCVersion(chomp(line)):
		d.Raw = bytes.Clone(sampleOf(line))
		w.resync()
		return record.RejectDocument, nil
	}
	r, ok := w.head(0)
	if !ok {
		head, reason := w.s.view(), record.RejectDocument
		if r.block > 0 {
			head = head[:r.block]
		} else if w.s.err != nil {
			reason = record.RejectTruncated
		}
		d.Raw = bytes.Clone(sampleOf(head))
		w.s.pass(len(line))
		w.resync()
		return reason, nil
	}
	return w.record(&r, d)
}

// passBehind passes what is left of the last record.
func (w *warcReader) passBehind() {
	for w.behind > 0 {
		if len(w.s.view()) == 0 && !w.s.more() {
			w.behind = 0
			return
		}
		n := min(int64(len(w.s.view())), w.behind)
		w.s.pass(int(n))
		w.behind -= n
	}
}

// resync passes lines up to the next record: a length that is wrong, or a
// record that was written badly, costs no more than itself.
func (w *warcReader) resync() {
	for {
		line := w.s.line(0)
		if len(line) == 0 || isWARCVersion(chomp(line)) {
			return
		}
		w.s.pass(len(line))
	}
}

// head reads the head of the record that begins at index at. The values are
// views that live until the window moves.
func (w *warcReader) head(at int) (warcRecord, bool) {
	r := warcRecord{length: -1}
	end := at
	for {
		line := w.s.line(end)
		if len(line) == 0 || line[len(line)-1] != '\n' || end-at > warcHeadMax {
			return r, false
		}
		if end += len(line); len(chomp(line)) == 0 {
			break
		}
	}
	r.block = end
	_, rest := cutLine(w.s.view()[at:end])
	w.fields, _, _ = appendHead(w.fields[:0], rest)
	for _, f := range w.fields {
		switch {
		case sameName(f.Name, "content-length"):
			if n, ok := number(f.Value); ok && n < warcLengthMax {
				r.length = n
			}
		case sameName(f.Name, "content-type"):
			r.http = bytes.HasPrefix(bytes.ToLower(f.Value), []byte("application/http"))
		case sameName(f.Name, "warc-type"):
			r.kind = f.Value
		case sameName(f.Name, "warc-record-id"):
			r.id = f.Value
		case sameName(f.Name, "warc-concurrent-to"):
			r.to = f.Value
		case sameName(f.Name, "warc-target-uri"):
			r.uri = bytes.Trim(f.Value, "<>") // some writers put it into brackets
		case sameName(f.Name, "warc-date"):
			r.date = f.Value
		case sameName(f.Name, "warc-truncated"):
			r.cut = true
		}
	}
	r.response = string(r.kind) == "response" || string(r.kind) == "revisit"
	return r, r.length >= 0
}

// record reads the record whose head is known.
func (w *warcReader) record(r *warcRecord, d *record.Draft) (record.Reason, error) {
	stored := int(min(r.length, int64(w.blockMax)))
	total := int64(r.block) + r.length
	isRequest := string(r.kind) == "request" && r.http
	if string(r.kind) == "revisit" && r.length == 0 || !r.response && !isRequest || !r.http && r.response && string(r.kind) != "revisit" {
		w.behind = total
		return record.IgnoreNoHTTP, nil
	}
	whole := w.s.need(r.block + stored)
	if w.s.failed {
		return "", fmt.Errorf("reading a document: %w", w.s.err)
	}
	if !whole {
		stored = max(len(w.s.view())-r.block, 0)
	}
	if isRequest {
		again, _ := w.head(0) // the window may have moved
		w.wait(&again, w.s.view()[r.block:r.block+stored])
		w.behind = total
		return record.IgnoreContinued, nil
	}
	from, to := w.following(int64(r.block) + r.length)
	again, _ := w.head(0)
	w.captured.arena.reset()
	w.request(&again, from, to, d)
	if len(d.Target) == 0 || len(again.uri) > 0 {
		method := d.Method
		w.captured.arena.setTarget(d, again.uri) // the whole URL, where the request has a path
		d.Method = method
	}
	message := w.s.view()[again.block : again.block+stored]
	partial := !whole || int64(stored) < r.length || again.cut
	w.behind = total
	if !w.captured.response(message, partial, d) {
		resetFields(d)
		d.Raw = sampleOf(message)
		if len(d.Raw) == 0 {
			d.Raw = []byte("a response without content")
		}
		if !whole {
			return record.RejectTruncated, nil
		}
		return record.RejectDocument, nil
	}
	if len(again.date) > 0 {
		ns, digits, ok := w.captured.clock.any(again.date)
		if !ok {
			raw := sampleOf(w.s.view()[:again.block])
			resetFields(d)
			d.Raw = raw
			return record.RejectTime, nil
		}
		d.TimeNS, d.TimeDigits = ns, digits
	}
	w.captured.finish(d)
	return "", nil
}

// wait keeps a request for the response to come.
func (w *warcReader) wait(r *warcRecord, message []byte) {
	if len(message) > warcRequestMax {
		return
	}
	if len(w.waiting) == warcRequestsMax {
		w.waiting = append(w.waiting[:0], w.waiting[1:]...)
	}
	w.waiting = append(w.waiting, warcRequest{id: string(r.id), to: string(r.to), message: bytes.Clone(message)})
}

// following looks whether the record behind the response is its request: from
// and to are where its message stands, 0 where it is not.
func (w *warcReader) following(end int64) (from, to int) {
	if end > int64(w.s.max/2) || !w.s.need(int(end)) {
		return 0, 0
	}
	at := int(end)
	for range warcGapLines { // two by the standard; a length that is wrong leaves more
		line := w.s.line(at)
		if len(line) == 0 || isWARCVersion(chomp(line)) {
			break
		}
		at += len(line)
	}
	if !isWARCVersion(chomp(w.s.line(at))) {
		return 0, 0
	}
	next, ok := w.head(at)
	if !ok || string(next.kind) != "request" || !next.http || next.length > warcRequestMax || !w.s.need(next.block+int(next.length)) {
		return 0, 0
	}
	next, _ = w.head(at)
	to = next.block + int(next.length)
	self, _ := w.head(0)
	next, _ = w.head(at) // the fields of one head at a time
	concurrent := string(next.to)
	if concurrent == string(self.id) || concurrent == "" && bytes.Equal(next.uri, self.uri) || string(self.to) == string(next.id) && len(next.id) > 0 {
		return next.block, to
	}
	return 0, 0
}

// request puts the request that belongs to the response into d.
func (w *warcReader) request(r *warcRecord, from, to int, d *record.Draft) {
	if to > 0 {
		w.captured.request(w.s.view()[from:to], d)
		return
	}
	for i := range w.waiting {
		q := &w.waiting[i]
		if q.id != "" && q.id == string(r.to) || q.to != "" && q.to == string(r.id) {
			w.captured.request(q.message, d)
			return
		}
	}
}
